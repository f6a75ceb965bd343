"""Mail (and later webhook calls) that is owed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections.db import Base, Key, enum_type
from corrections.domain import limits
from corrections.models.event import Event


class MessageKind(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class OutboxMessage(Base):
    """A message owed, written in the transaction of the event that caused it.

    ``facts`` is all that its template needs, so that it says what was true then. ``message_id`` is fixed here, so
    that a repeat after a crash is the same mail. ``thread`` is the Message-ID that mail on one erratum refers to.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("event_id", "recipient", "template"),
        Index(
            "ix_outbox_message_due",
            "due_at",
            "id",
            sqlite_where=text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND failed_at IS NULL"),
        ),
        Index("ix_outbox_message_recipient", "recipient", "template", "owed_at"),
    )

    id: Mapped[Key]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    kind: Mapped[MessageKind] = mapped_column(enum_type(MessageKind), default=MessageKind.MAIL)
    recipient: Mapped[str] = mapped_column(String(limits.EMAIL))
    template: Mapped[str] = mapped_column(String(50))
    facts: Mapped[dict[str, Any]]
    message_id: Mapped[str] = mapped_column(String(250), unique=True)
    thread: Mapped[str] = mapped_column(String(250), default="")
    owed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")

    event: Mapped[Event | None] = relationship()
