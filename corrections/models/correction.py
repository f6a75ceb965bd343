"""What was published: was and now, with a number, for good."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections.db import Base, Key, enum_type
from corrections.domain.policy import Kind
from corrections.models.article import Article
from corrections.models.erratum import Erratum


class CorrectionState(StrEnum):
    """Whether a correction stands or was taken back."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


correction_erratum = Table(
    "correction_erratum",
    Base.metadata,
    Column("correction_id", ForeignKey("correction.id"), primary_key=True),
    Column("erratum_id", ForeignKey("erratum.id"), primary_key=True, index=True),
)


class Correction(Base):
    """One entry of the public log. Its wording never changes; ``current`` is False once another one supersedes it."""

    __tablename__ = "correction"
    __table_args__ = (
        UniqueConstraint("article_id", "sequence"),
        Index("ix_correction_log", "current", "published_at", "number"),
        Index("ix_correction_kind", "current", "kind", "published_at", "number"),
        Index("ix_correction_article", "article_id", "current", "published_at", "number"),
        Index("ix_correction_listed", "current", "listed", "published_at", "number"),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(unique=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    sequence: Mapped[int]
    kind: Mapped[Kind] = mapped_column(enum_type(Kind))
    original_text: Mapped[str] = mapped_column(default="")
    corrected_text: Mapped[str] = mapped_column(default="")
    prefix: Mapped[str] = mapped_column(default="")
    suffix: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    listed: Mapped[bool]
    state: Mapped[CorrectionState] = mapped_column(enum_type(CorrectionState), default=CorrectionState.PUBLISHED)
    current: Mapped[bool] = mapped_column(default=True)
    published_at: Mapped[datetime]
    first_published_at: Mapped[datetime]
    first_number: Mapped[int] = mapped_column(index=True)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id"), unique=True)
    editor_name: Mapped[str] = mapped_column(String(200), default="")

    article: Mapped[Article] = relationship()
    supersedes: Mapped["Correction | None"] = relationship(remote_side="Correction.id")
    errata: Mapped[list[Erratum]] = relationship(secondary=correction_erratum, order_by=Erratum.number)
