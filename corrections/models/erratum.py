"""What the desk works on: one error at one place of one article."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections.db import Base, Key, enum_type
from corrections.domain import limits
from corrections.domain.anchors import AnchorState
from corrections.domain.matching import Certainty
from corrections.domain.policy import Kind
from corrections.domain.states import Resolution, Severity, Status
from corrections.models.article import Article, Snapshot
from corrections.models.editor import Editor
from corrections.models.quoting import Quoting

if TYPE_CHECKING:
    from corrections.models.report import Report


class Erratum(Quoting, Base):
    """An editorial finding with one or many reports; it has a status.

    ``start`` and ``end`` are characters of the snapshot's text; None unless anchored. ``original_text`` is the
    words that stand there. Without an article it shows candidates.
    """

    __tablename__ = "erratum"
    __table_args__ = (
        CheckConstraint(
            "(start_offset IS NULL) = (end_offset IS NULL)"
            " AND (anchor_state <> 'anchored' OR start_offset IS NOT NULL)",
            name="place",
        ),
        CheckConstraint("(status = 'rejected') = (resolution IS NOT NULL)", name="resolved"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
        Index("ix_erratum_queue", "status", "reported_at", "id"),
        Index("ix_erratum_most_reported", "status", "report_count", "id"),
        Index("ix_erratum_newest", "status", "last_reported_at", "id"),
        Index("ix_erratum_article", "article_id", "status", "id"),
        Index("ix_erratum_claim", "claim_key", "id"),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(unique=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    article_as_given: Mapped[str] = mapped_column(String(limits.ARTICLE_AS_GIVEN), default="")
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id"))
    certainty: Mapped[Certainty] = mapped_column(enum_type(Certainty), default=Certainty.UNKNOWN)
    anchor_state: Mapped[AnchorState] = mapped_column(enum_type(AnchorState), default=AnchorState.ORPHANED)
    start: Mapped[int | None] = mapped_column("start_offset")
    end: Mapped[int | None] = mapped_column("end_offset")
    corrected_text: Mapped[str] = mapped_column(default="")
    claim_key: Mapped[str] = mapped_column(String(64), default="")
    kind: Mapped[Kind] = mapped_column(enum_type(Kind), default=Kind.TYPO)
    severity: Mapped[Severity] = mapped_column(enum_type(Severity), default=Severity.NORMAL)
    status: Mapped[Status] = mapped_column(enum_type(Status), default=Status.REPORTED)
    resolution: Mapped[Resolution | None] = mapped_column(enum_type(Resolution))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"), index=True)
    held_until: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("erratum.id"), index=True)
    report_count: Mapped[int] = mapped_column(default=0)
    reported_at: Mapped[datetime]
    last_reported_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column()

    article: Mapped[Article | None] = relationship()
    snapshot: Mapped[Snapshot | None] = relationship()
    assignee: Mapped[Editor | None] = relationship()
    merged_into: Mapped["Erratum | None"] = relationship(remote_side="Erratum.id")
    reports: Mapped[list["Report"]] = relationship(
        back_populates="erratum", order_by="Report.id", foreign_keys="Report.erratum_id"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's way to say it
