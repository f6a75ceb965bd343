"""Mail that came in: stored as it was before anything is done with it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections.db import Base, Key, enum_type
from corrections.domain import limits
from corrections.domain.letters import LetterKind, LetterState

if TYPE_CHECKING:
    from corrections.models.report import Report


class Way(StrEnum):
    """How a mail came in."""

    PIPE = "pipe"
    LMTP = "lmtp"
    IMAP = "imap"
    IMPORT = "import"


class InboxMessage(Base):
    """One mail. ``raw`` is its bytes, until they are erased; the columns from ``kind`` on are filled by reading it.

    ``key`` is the same for the same mail, however often it is delivered.
    """

    __tablename__ = "inbox_message"
    __table_args__ = (
        Index(
            "ix_inbox_message_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_inbox_message_live",
            "id",
            sqlite_where=text("way <> 'import'"),
            postgresql_where=text("way <> 'import'"),
        ),
        Index("ix_inbox_message_kind", "kind", "id"),
        Index("ix_inbox_message_received", "received_at"),
        Index("ix_inbox_message_from", "from_address"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    way: Mapped[Way] = mapped_column(enum_type(Way))
    envelope_from: Mapped[str | None] = mapped_column(String(limits.MAIL_ADDRESS))
    envelope_to: Mapped[list[str]] = mapped_column(JSON, default=list)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int]
    received_at: Mapped[datetime]
    state: Mapped[LetterState] = mapped_column(enum_type(LetterState), default=LetterState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]
    kind: Mapped[LetterKind | None] = mapped_column(enum_type(LetterKind))
    reason: Mapped[str] = mapped_column(String(limits.MAIL_REASON), default="")
    message_id: Mapped[str] = mapped_column(String(limits.MESSAGE_ID), default="")
    subject: Mapped[str] = mapped_column(String(limits.MAIL_SUBJECT), default="")
    from_name: Mapped[str] = mapped_column(String(limits.NAME), default="")
    from_address: Mapped[str] = mapped_column(String(limits.MAIL_ADDRESS), default="")
    outcome: Mapped[str] = mapped_column(default="")
    erased_at: Mapped[datetime | None]

    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="message", order_by="Attachment.part", cascade="all, delete-orphan"
    )
    reports: Mapped[list["Report"]] = relationship(
        secondary="inbox_report", back_populates="inbox_message", order_by="Report.id"
    )


inbox_report = Table(
    "inbox_report",
    Base.metadata,
    Column("report_id", ForeignKey("report.id"), primary_key=True),
    Column("inbox_message_id", ForeignKey("inbox_message.id"), nullable=False, index=True),
)


class Attachment(Base):
    """A part of a mail that is not its text; its bytes stay in the mail. ``part`` counts the parts in reading order."""

    __tablename__ = "attachment"

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("inbox_message.id", ondelete="CASCADE"), index=True)
    part: Mapped[int]
    name: Mapped[str] = mapped_column(String(limits.FILE_NAME), default="")
    media_type: Mapped[str] = mapped_column(String(limits.NAME))
    size: Mapped[int]
    is_evidence: Mapped[bool] = mapped_column(default=False)

    message: Mapped[InboxMessage] = relationship(back_populates="attachments")


class BouncedAddress(Base):
    """An address that mail came back from. Nothing is sent there any more once ``stopped_at`` is set."""

    __tablename__ = "bounced_address"

    id: Mapped[Key]
    address: Mapped[str] = mapped_column(String(limits.EMAIL), unique=True)
    bounces: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    stopped_at: Mapped[datetime | None]
