"""Numbers that only grow: of errata, of corrections, of the versions of the public log."""

from enum import StrEnum
from typing import Final, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from corrections.models import Counter


class Name(StrEnum):
    """What is numbered."""

    ERRATUM = "erratum"
    CORRECTION = "correction"
    LOG = "log"


def take(session: Session, name: Name) -> int:
    """The next number, which no other transaction gets; the counter's row stays locked until this one ends."""
    return int(session.execute(_STEP, {"which": name.value}).scalar_one())


_counter: Final = cast("Table", Counter.__table__)
_STEP: Final = (
    update(_counter)
    .where(_counter.c.name == bindparam("which"))
    .values(value=_counter.c.value + 1)
    .returning(_counter.c.value)
)


def current(session: Session, name: Name) -> int:
    """The last number taken."""
    return session.scalar(select(Counter.value).where(Counter.name == name.value)) or 0
