"""What an editor may order by mail: the first line of an answer, read and carried out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.actors import Act
from corrections.domain.errors import NotFound, Rejected, Stale
from corrections.domain.states import Move, Resolution
from corrections.models import Editor, Erratum
from corrections.queries import errata
from corrections.services import triage
from corrections.services.triage import Said

TOO_LONG: Final = "The corrected text has at most %(most)s characters."
CHOOSE: Final = "Say why it is not changed: “reject not an error”, “reject wont fix” or “reject out of scope”."
WHICH: Final = "Give the number of the other one: “duplicate of 12”."
SINCE: Final = "It was edited after the mail that you answer was written. Look at it at the desk and decide anew."


class Order(StrEnum):
    """The words that a first line may begin with."""

    VERIFY = "verify"
    FIX = "fix"
    REJECT = "reject"
    DUPLICATE = "duplicate"
    HOLD = "hold"
    ASK = "ask"
    NOTE = "note"
    ASSIGN = "assign"
    HELP = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One order: ``words`` are what follows the colon, ``resolution`` and ``number`` belong to reject and duplicate."""

    order: Order
    words: str = ""
    resolution: Resolution | None = None
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How the mail that is answered said the article reads, and how it should."""

    original: str
    corrected: str


RESOLUTIONS: Final[Mapping[str, Resolution]] = {
    "not an error": Resolution.NOT_AN_ERROR,
    "not error": Resolution.NOT_AN_ERROR,
    "wont fix": Resolution.WONT_FIX,
    "will not fix": Resolution.WONT_FIX,
    "out of scope": Resolution.OUT_OF_SCOPE,
}
_MARKS: Final = re.compile(r"^[\s>*_`'\"“”]+|[\s*_`'\"“”.!]+$")
_APOSTROPHES: Final = re.compile(r"['’`]")
_FORMS: Final[Mapping[Order, re.Pattern[str]]] = {
    Order.VERIFY: re.compile(r"verify|verified"),
    Order.FIX: re.compile(r"fix|fixed"),
    Order.REJECT: re.compile(rf"reject(?:ed)?(?: as)?(?: (?P<why>{'|'.join(RESOLUTIONS)}))?"),
    Order.DUPLICATE: re.compile(
        r"(?:duplicate|merge)(?: (?:of|into))?(?: (?:no\.? ?|number |erratum )?#?(?P<number>\d{1,9}))?"
    ),
    Order.HOLD: re.compile(r"hold"),
    Order.ASK: re.compile(r"ask"),
    Order.NOTE: re.compile(r"note"),
    Order.ASSIGN: re.compile(r"assign(?: (?:to )?me)?"),
    Order.HELP: re.compile(r"help|commands|\?"),
}
TAKES_WORDS: Final = frozenset({Order.FIX, Order.REJECT, Order.HOLD, Order.ASK, Order.NOTE})


def parse(said: str) -> Command | None:
    """The order in the first line of an answer; None when the line is something else.

    What follows a colon goes on to the next empty line, for mail programs break lines.
    """
    paragraphs = [block.strip() for block in re.split(r"\n[ \t]*\n", said.replace("\r\n", "\n")) if block.strip()]
    if not paragraphs:
        return None
    lines = paragraphs[0].split("\n")
    ordered, colon, first = lines[0].partition(":")
    verb = " ".join(_APOSTROPHES.sub("", _MARKS.sub("", ordered)).casefold().split())
    for order, form in _FORMS.items():
        if (match := form.fullmatch(verb)) is not None and (not colon or order in TAKES_WORDS):
            words = " ".join(line.strip() for line in [first, *lines[1:]]).strip() if colon else ""
            if colon and not words and len(paragraphs) > 1:
                words = " ".join(paragraphs[1].split("\n")).strip()
            return _command(order, match, words)
    return None


def _command(order: Order, match: re.Match[str], words: str) -> Command:
    told = match.groupdict()
    why = told.get("why") or ""
    if order is Order.REJECT and not why:
        why, _, words = _why_first(words)
    return Command(
        order=order,
        words=words if order is Order.FIX else words[: limits.REASON],
        resolution=RESOLUTIONS.get(why),
        number=int(told.get("number") or 0),
    )


def _why_first(words: str) -> tuple[str, str, str]:
    """The reason and what follows it, of "reject: not an error: it is a name"; '' when it is none that we know."""
    why, colon, rest = words.partition(":")
    plain = " ".join(_APOSTROPHES.sub("", _MARKS.sub("", why)).casefold().split())
    return (plain, colon, rest.strip()) if plain in RESOLUTIONS else ("", "", words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An order with whom it is from and what it is about; ``seen`` is None where the mail answered is not known."""

    command: Command
    erratum: Erratum
    editor: Editor
    act: Act
    seen: Seen | None = None


def run(session: Session, task: Task) -> None:
    """Do what was ordered, as at the desk. Raises what the services raise, and Stale for what was not seen so."""
    order = task.command.order
    if order in _MOVES:
        _move(session, task, _MOVES[order])
    elif order is Order.DUPLICATE:
        _merge(session, task)
    elif order is Order.NOTE:
        triage.note(session, task.erratum, task.command.words, task.act)
    elif order is Order.ASSIGN:
        triage.assign(session, task.erratum, task.editor, task.act)


_MOVES: Final[Mapping[Order, Move]] = {
    Order.VERIFY: Move.VERIFY,
    Order.FIX: Move.FIX,
    Order.REJECT: Move.REJECT,
    Order.HOLD: Move.HOLD,
    Order.ASK: Move.ASK,
}


def _move(session: Session, task: Task, move: Move) -> None:
    command = task.command
    if move is Move.REJECT and command.resolution is None:
        raise Rejected(CHOOSE)
    if move is Move.FIX and len(command.words) > limits.QUOTE:
        raise Rejected(TOO_LONG, most=limits.QUOTE)
    if move in {Move.VERIFY, Move.FIX} and not command.words:
        _expect(task.erratum, task.seen)
    said = Said(reason=command.words, resolution=command.resolution)
    triage.move(session, task.erratum, move, task.act, Said(corrected_text=command.words) if move is Move.FIX else said)


def _expect(erratum: Erratum, seen: Seen | None) -> None:
    if seen is not None and (seen.original, seen.corrected) != (erratum.original_text, erratum.corrected_text):
        raise Stale(SINCE)


def _merge(session: Session, task: Task) -> None:
    if not task.command.number:
        raise NotFound(WHICH)
    triage.merge(session, task.erratum, errata.erratum(session, task.command.number), task.act)
