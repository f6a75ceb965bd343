"""The publication: the site or magazine whose articles are corrected."""

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from corrections.db import Base, Key
from corrections.domain import limits


class Publication(Base):
    """A site or magazine; one install starts with one."""

    __tablename__ = "publication"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(limits.NAME))
    home_url: Mapped[str] = mapped_column(String(limits.URL))
    hosts: Mapped[list[str]] = mapped_column(JSON, default=list)
    licence: Mapped[str] = mapped_column(String(limits.URL), default="")
    reply_address: Mapped[str] = mapped_column(String(limits.EMAIL), default="")
    tag_authority: Mapped[str] = mapped_column(String(limits.URL), default="")
    policy: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's way to say it
