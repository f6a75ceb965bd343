"""The statuses of an erratum and the moves between them: one table, two functions that apply it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from corrections.domain.actors import Role
from corrections.domain.errors import IllegalMove, NotAllowed, Rejected


class Status(StrEnum):
    """Where an erratum stands."""

    REPORTED = "reported"
    VERIFIED = "verified"
    NEEDS_INFO = "needs_info"
    HELD = "held"
    FIXED = "fixed"
    REJECTED = "rejected"
    MERGED = "merged"


OPEN: Final = frozenset({Status.REPORTED, Status.VERIFIED, Status.NEEDS_INFO, Status.HELD})


class Resolution(StrEnum):
    """Why an erratum was rejected."""

    NOT_AN_ERROR = "not_an_error"
    WONT_FIX = "wont_fix"
    OUT_OF_SCOPE = "out_of_scope"
    WITHDRAWN = "withdrawn"
    SPAM = "spam"


class Severity(StrEnum):
    """How much an error matters to a reader."""

    MINOR = "minor"
    NORMAL = "normal"
    SERIOUS = "serious"


class Screening(StrEnum):
    """Whether a report has been let through to the desk."""

    HELD = "held"
    PASSED = "passed"
    SPAM = "spam"


class Move(StrEnum):
    """What an editor can do with an erratum that changes its status."""

    VERIFY = "verify"
    ASK = "ask"
    HOLD = "hold"
    REJECT = "reject"
    FIX = "fix"
    REOPEN = "reopen"


class Need(StrEnum):
    """What a move cannot do without."""

    NOTHING = "nothing"
    QUESTION = "question"
    UNTIL_OR_REASON = "until_or_reason"
    RESOLUTION = "resolution"
    CORRECTED_TEXT = "corrected_text"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Rule:
    """From where a move goes, to where, who may do it and what it needs."""

    sources: frozenset[Status]
    target: Status
    role: Role
    needs: Need = Need.NOTHING


RULES: Final[Mapping[Move, Rule]] = {
    Move.VERIFY: Rule(frozenset({Status.REPORTED, Status.NEEDS_INFO, Status.HELD}), Status.VERIFIED, Role.TRIAGER),
    Move.ASK: Rule(frozenset({Status.REPORTED, Status.VERIFIED}), Status.NEEDS_INFO, Role.TRIAGER, Need.QUESTION),
    Move.HOLD: Rule(frozenset({Status.REPORTED, Status.VERIFIED}), Status.HELD, Role.EDITOR, Need.UNTIL_OR_REASON),
    Move.REJECT: Rule(OPEN, Status.REJECTED, Role.TRIAGER, Need.RESOLUTION),
    Move.FIX: Rule(frozenset({Status.REPORTED, Status.VERIFIED}), Status.FIXED, Role.EDITOR, Need.CORRECTED_TEXT),
    Move.REOPEN: Rule(frozenset({Status.FIXED, Status.REJECTED}), Status.VERIFIED, Role.EDITOR, Need.REASON),
}

MISSING: Final[Mapping[Need, tuple[str, str]]] = {
    Need.QUESTION: ("reason", "Write the question that the reader should answer."),
    Need.UNTIL_OR_REASON: ("reason", "Say until when it waits, or for what."),
    Need.RESOLUTION: ("resolution", "Choose why this is not going to be changed."),
    Need.CORRECTED_TEXT: ("corrected_text", "Write what the article says now."),
    Need.REASON: ("reason", "Say why it is opened again."),
}


def moves_from(status: Status, role: Role) -> list[Move]:
    """The moves that exist from ``status`` for ``role``, in the order of the table."""
    return [move for move, rule in RULES.items() if status in rule.sources and role.reaches(rule.role)]


def target_of(move: Move, status: Status, role: Role | None) -> Status:
    """The status that ``move`` leads to; raises IllegalMove or NotAllowed. ``role`` None is the system itself."""
    rule = RULES[move]
    if role is not None and not role.reaches(rule.role):
        raise NotAllowed("Your role does not allow “%(move)s”. Ask an editor or an admin.", move=move.value)
    if status not in rule.sources:
        raise IllegalMove("“%(move)s” is not possible from “%(status)s”.", move=move.value, status=status.value)
    return rule.target


def require(move: Move, *, given: bool) -> None:
    """Raise Rejected, naming the field, when what the move needs was not given."""
    need = RULES[move].needs
    if need is not Need.NOTHING and not given:
        field, sentence = MISSING[need]
        raise Rejected(sentence, {field: sentence})
