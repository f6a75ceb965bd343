"""Numbers that are kept instead of counted."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from corrections.db import Base, enum_type
from corrections.domain.states import Status


class Counter(Base):
    """A number that only grows: the last erratum, the last correction, the version of the public log."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


class ErratumCount(Base):
    """How many errata have a status; kept by triggers of the database."""

    __tablename__ = "erratum_count"

    status: Mapped[Status] = mapped_column(enum_type(Status), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
