"""The tables, one aggregate a file."""

from corrections.models.article import Article, ArticleName, NameKind, Snapshot
from corrections.models.correction import Correction, CorrectionState, correction_erratum
from corrections.models.counter import Counter, ErratumCount
from corrections.models.editor import Editor, Notify, Passkey
from corrections.models.erratum import Erratum
from corrections.models.event import Event, EventKind
from corrections.models.inbox import Attachment, BouncedAddress, InboxMessage, Way, inbox_report
from corrections.models.outbox import MessageKind, OutboxMessage
from corrections.models.publication import Publication
from corrections.models.report import Report

__all__ = [
    "Article",
    "ArticleName",
    "Attachment",
    "BouncedAddress",
    "Correction",
    "CorrectionState",
    "Counter",
    "Editor",
    "Erratum",
    "ErratumCount",
    "Event",
    "EventKind",
    "InboxMessage",
    "MessageKind",
    "NameKind",
    "Notify",
    "OutboxMessage",
    "Passkey",
    "Publication",
    "Report",
    "Snapshot",
    "Way",
    "correction_erratum",
    "inbox_report",
]
