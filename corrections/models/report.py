"""What readers said, as received."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections.db import Base, Key, enum_type
from corrections.domain import limits
from corrections.domain.actors import Channel
from corrections.domain.matching import Certainty
from corrections.domain.states import Screening
from corrections.models.erratum import Erratum
from corrections.models.inbox import InboxMessage, inbox_report
from corrections.models.quoting import Quoting


class Report(Quoting, Base):
    """What one reader said; never edited, only the reporter's name and address can be erased.

    ``original_text`` is the words as given. ``read_original`` and ``read_corrected`` are how they were understood when
    the article was looked at. ``erratum`` is empty while the report waits for screening.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_sender", "sender", "received_at"),
        Index("ix_report_article_key", "article_key", "received_at"),
        Index("ix_report_screening", "screening", "id"),
        Index("ix_report_erratum", "erratum_id", "id"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    source_id: Mapped[str | None] = mapped_column(String(1000))
    submission_key: Mapped[str] = mapped_column(String(100), unique=True)
    erratum_id: Mapped[int | None] = mapped_column(ForeignKey("erratum.id"))
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
    screening: Mapped[Screening] = mapped_column(enum_type(Screening))
    screening_reason: Mapped[str] = mapped_column(String(200), default="")
    certainty: Mapped[Certainty] = mapped_column(enum_type(Certainty), default=Certainty.UNKNOWN)
    article_as_given: Mapped[str] = mapped_column(String(limits.ARTICLE_AS_GIVEN), default="")
    article_key: Mapped[str] = mapped_column(String(64), default="")
    corrected_text: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    read_original: Mapped[str] = mapped_column(default="")
    read_corrected: Mapped[str] = mapped_column(default="")
    reporter_name: Mapped[str | None] = mapped_column(String(limits.NAME))
    reporter_email: Mapped[str | None] = mapped_column(String(limits.EMAIL))
    email_confirmed_at: Mapped[datetime | None]
    outcome_told_at: Mapped[datetime | None]
    sender: Mapped[str] = mapped_column(String(64), default="")
    received_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    erratum: Mapped[Erratum | None] = relationship(back_populates="reports", foreign_keys=[erratum_id])
    inbox_message: Mapped[InboxMessage | None] = relationship(secondary=inbox_report, back_populates="reports")

    @property
    def address(self) -> str | None:
        """Where the reporter may be written to: an address that was confirmed and not erased."""
        return self.reporter_email if self.email_confirmed_at and not self.withdrawn_at else None
