"""Who does something, when, and through which door."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from corrections.domain import clock


class Channel(StrEnum):
    """The door a report or an act came through."""

    WEB = "web"
    WIDGET = "widget"
    API = "api"
    MAIL = "mail"
    CLI = "cli"
    IMPORT = "import"
    SYSTEM = "system"


class Role(StrEnum):
    """What an editor may do: a triager less than an editor, an editor less than an admin."""

    TRIAGER = "triager"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """0 for the least; roles compare by it, since as strings they would compare by the alphabet."""
        return list(Role).index(self)

    def reaches(self, needed: "Role") -> bool:
        """Whether this role may do what ``needed`` may."""
        return self.rank >= needed.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of a person or of the system.

    ``editor_id`` and ``role`` are None for readers and the system; ``label`` is the name shown in the history.
    """

    channel: Channel
    label: str
    editor_id: int | None = None
    role: Role | None = None
    at: datetime = field(default_factory=lambda: clock.now())  # noqa: PLW0108 - looked up anew, so a test can set the clock
