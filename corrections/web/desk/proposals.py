"""What the desk proposes for an erratum and why, from what is stored of it; to decide is the editor's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from corrections.domain import grouping
from corrections.domain.actors import Channel
from corrections.domain.anchors import AnchorState
from corrections.domain.finding import How
from corrections.domain.grouping import Claim, Relation
from corrections.domain.matching import Certainty, Match
from corrections.domain.states import OPEN, Status
from corrections.domain.text import Piece, as_corrected, folded
from corrections.models import Erratum, EventKind, Report
from corrections.queries.errata import Line
from corrections.services import placing
from corrections.web import spelling
from corrections.web.desk import lines

BOTH_RIGHT: Final = _(
    "Both spellings are right, and we keep to the one that stands there. Thank you for reading so closely."
)
HOWS: Final[Mapping[How, LazyString]] = {
    How.EXACT: _("The words stand there, but not just where or how the reader said."),
    How.CONTEXT: _("The words stand there, and what stands around them is much like what was marked."),
    How.NORMALISED: _("The words stand there but for blanks, quotation marks or dashes."),
    How.HINT: _("It was found by where the reader says it stands."),
    How.CAPITALS: _("The words stand there with other capitals."),
    How.CORRECTION: _("It was found by how the reader wants it to read."),
    How.PARTS: _("The reader’s words stand there in parts, with others between them."),
    How.APPROXIMATE: _("Words much like the reader’s stand there."),
    How.INSIDE_WORD: _("The reader’s words are a part of a longer word there."),
    How.SPELLING: _("A word spelt much like the reader’s stands there."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What is not certain of an erratum that is marked likely; ``how`` says by what its place was found, '' if sure.

    Neither: it was not certain when it came in.
    """

    article: bool
    how: str


def doubt(erratum: Erratum, match: Match) -> Doubt | None:
    """What an editor is asked to confirm; None where nothing is likely only."""
    if erratum.status not in OPEN or erratum.article is None or erratum.certainty is not Certainty.LIKELY:
        return None
    same = match.certainty is Certainty.CERTAIN and match.article_id == erratum.article_id
    return Doubt(article=not same, how=_how(erratum))


def _how(erratum: Erratum) -> str:
    """By what the place was found, where that is not certain."""
    if not erratum.reports or erratum.snapshot is None or erratum.anchor_state is not AnchorState.ANCHORED:
        return ""
    finding = placing.spot_in(erratum, erratum.reports[0]).finding
    return str(HOWS.get(finding.how, "")) if finding.certainty is Certainty.LIKELY else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """How some readers want it to read; ``reports`` are their numbers on the page. ``chosen``: the erratum has it."""

    text: str
    pieces: Sequence[Piece]
    reports: Sequence[int]
    chosen: bool


def suggestions(erratum: Erratum) -> list[Suggestion]:
    """The corrections that reports of an open erratum ask for, if there is more than one."""
    found: dict[str, list[int]] = {}
    for number, report in enumerate(erratum.reports, 1):
        if report.read_corrected and report.withdrawn_at is None:
            found.setdefault(_said_of(erratum, report), []).append(number)
    if erratum.status not in OPEN or len(found) <= 1:
        return []
    return [
        Suggestion(
            text=text,
            pieces=lines.pieces_of(erratum.original_text, text),
            reports=numbers,
            chosen=text == erratum.corrected_text,
        )
        for text, numbers in found.items()
    ]


def _said_of(erratum: Erratum, report: Report) -> str:
    """The report's correction, said of the words that the erratum has."""
    if folded(report.read_original) == folded(erratum.original_text):
        return report.read_corrected
    return as_corrected(erratum.original_text, report.read_corrected)


def are_both_right(erratum: Erratum) -> bool:
    """Whether an open erratum is about a word that is spelt either way in the language of its article."""
    language = erratum.article.language if erratum.article is not None else None
    return erratum.status in OPEN and spelling.are_both_right(erratum.original_text, erratum.corrected_text, language)


def reads_as_corrected(erratum: Erratum) -> bool:
    """Whether an open erratum is to be closed, for the article says by now what it should."""
    return erratum.status in OPEN and erratum.anchor_state is AnchorState.ALREADY_FIXED


def perhaps_the_same(erratum: Erratum, others: Iterable[Line]) -> list[int]:
    """The numbers of errata in the same article that may be this one: in the same sentence, or of the same words."""
    if erratum.status not in OPEN:
        return []
    own = placing.claim_of(erratum)
    text = erratum.snapshot.text if erratum.snapshot is not None else None
    return [
        other.number
        for other in others
        if other.status in OPEN | {Status.FIXED}
        and grouping.relation(own, _claim(other, erratum), text) is not Relation.DIFFERENT
    ]


def _claim(other: Line, erratum: Erratum) -> Claim:
    """What the other says; its place counts where it is one of the same text."""
    here = other.anchor_state is AnchorState.ANCHORED and other.snapshot_id == erratum.snapshot_id
    return Claim(
        start=other.start_offset if here else None,
        end=other.end_offset if here else None,
        original=other.original_text,
        corrected=other.corrected_text,
        anchored=here,
    )


def is_answer(event: Any) -> bool:
    """Whether an event is what a reader wrote back by mail, and no note of the desk."""
    by_mail = event.channel is Channel.MAIL and event.editor_id is None
    return event.kind is EventKind.NOTED and by_mail and event.report_id is not None
