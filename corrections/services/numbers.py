"""Numbers that only grow: of errata, of corrections, of the versions of the public log."""

from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from corrections.models import Counter


class Name(StrEnum):
    """What is numbered."""

    ERRATUM = "erratum"
    CORRECTION = "correction"
    LOG = "log"


def take(session: Session, name: Name) -> int:
    """The next number, which no other transaction gets; the counter's row stays locked until this one ends."""
    return session.execute(_STEP, {"which": name.value}).scalar_one()


_STEP: Final = (
    update(Counter)
    .where(Counter.name == bindparam("which"))
    .values(value=Counter.value + 1)
    .returning(Counter.value)
    .execution_options(synchronize_session=False)
)


def current(session: Session, name: Name) -> int:
    """The last number taken."""
    return session.scalar(select(Counter.value).where(Counter.name == name.value)) or 0
