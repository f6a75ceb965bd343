"""What a mail that came in can be, and what became of it."""

from enum import StrEnum


class LetterKind(StrEnum):
    """What a mail is; only the first three are a person's."""

    REPORT = "report"
    REPLY = "reply"
    COMMAND = "command"
    AUTOREPLY = "autoreply"
    BOUNCE = "bounce"
    LIST = "list"
    SPAM = "spam"
    OURS = "ours"
    EMPTY = "empty"


class LetterState(StrEnum):
    """Whether a stored mail has been read: waiting until it was, failed when it could not be."""

    WAITING = "waiting"
    READ = "read"
    FAILED = "failed"
