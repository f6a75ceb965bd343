"""Numbers that only grow: of errata, of corrections, of the versions of the public log."""

from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corrections.models import Counter


class Name(StrEnum):
    """What is numbered."""

    ERRATUM = "erratum"
    CORRECTION = "correction"
    LOG = "log"


def take(session: Session, name: Name) -> int:
    """The next number, which no other transaction gets; the counter's row stays locked until this one ends."""
    step = update(Counter).where(Counter.name == name.value).values(value=Counter.value + 1).returning(Counter.value)
    return session.execute(step).scalar_one()


def current(session: Session, name: Name) -> int:
    """The last number taken."""
    return session.scalar(select(Counter.value).where(Counter.name == name.value)) or 0
