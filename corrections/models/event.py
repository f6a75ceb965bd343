"""The audit trail; append-only, which the database enforces."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections.db import Base, Key, enum_type
from corrections.domain.actors import Channel
from corrections.domain.states import Status
from corrections.models.correction import Correction
from corrections.models.erratum import Erratum
from corrections.models.report import Report


class EventKind(StrEnum):
    """What can happen to a report, an erratum or a correction."""

    SUBMITTED = "submitted"
    PLACED = "placed"
    SCREENED = "screened"
    CONTACT_ADDED = "contact_added"
    CONTACT_CONFIRMED = "contact_confirmed"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    NOTED = "noted"
    ASSIGNED = "assigned"
    EDITED = "edited"
    VERIFIED = "verified"
    ASKED = "asked"
    HELD = "held"
    REJECTED = "rejected"
    FIXED = "fixed"
    REOPENED = "reopened"
    MERGED = "merged"
    UNMERGED = "unmerged"
    SPLIT = "split"
    PUBLISHED = "published"
    AMENDED = "amended"
    TAKEN_BACK = "taken_back"
    TEXT_CHANGED = "text_changed"
    SEEN_LIVE = "seen_live"


class Event(Base):
    """Who did what, when, through which door, from what to what."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("report_id IS NOT NULL OR erratum_id IS NOT NULL OR correction_id IS NOT NULL", name="subject"),
        Index("ix_event_erratum", "erratum_id", "id"),
        Index("ix_event_report", "report_id", "id"),
        Index("ix_event_correction", "correction_id", "id"),
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    kind: Mapped[EventKind] = mapped_column(enum_type(EventKind))
    channel: Mapped[Channel] = mapped_column(enum_type(Channel))
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("editor.id"))
    label: Mapped[str] = mapped_column(String(200))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    erratum_id: Mapped[int | None] = mapped_column(ForeignKey("erratum.id"))
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id"))
    old_status: Mapped[Status | None] = mapped_column(enum_type(Status, "old_status"))
    new_status: Mapped[Status | None] = mapped_column(enum_type(Status, "new_status"))
    note: Mapped[str] = mapped_column(default="")

    report: Mapped[Report | None] = relationship()
    erratum: Mapped[Erratum | None] = relationship()
    correction: Mapped[Correction | None] = relationship()
