"""What a reporter is told of a report: where it stands, what was found, who else saw it, what has happened so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask_babel import LazyString, format_date, gettext, ngettext, to_user_timezone
from flask_babel import lazy_gettext as _

from corrections.domain import clock
from corrections.domain.anchors import AnchorState
from corrections.domain.matching import Certainty
from corrections.domain.states import OPEN, Resolution, Screening, Status
from corrections.domain.text import Piece, as_corrected, folded, word_difference
from corrections.models import EventKind
from corrections.queries.reporter import Case, Line
from corrections.services import trail
from corrections.web.entries import Entry, sentence
from corrections.web.spelling import are_both_right

WEEK: Final = timedelta(days=6)  # so long a weekday tells which day it was
GIVEN: Final = 300  # characters of an article's name, as typed, that are handed on in an address

_NOT_USED: Final = _(
    "One of us read it and found nothing in it that we could look up in an article. "
    "If we were wrong, please tell us again in other words."
)
OUTCOMES: Final[Mapping[Status, LazyString]] = {
    Status.REPORTED: _("An editor will look at it."),
    Status.VERIFIED: _("An editor has looked at it: there is something to correct, and it will be done."),
    Status.NEEDS_INFO: _("An editor has looked at it and has a question."),
    Status.HELD: _("An editor has looked at it. It will be dealt with, but not at once."),
    Status.FIXED: _("The article has been corrected."),
    Status.MERGED: _("An editor will look at it."),
}
REJECTIONS: Final[Mapping[Resolution, LazyString]] = {
    Resolution.NOT_AN_ERROR: _("An editor has looked at it and finds it right as it stands."),
    Resolution.WONT_FIX: _("An editor has looked at it and decided to leave it."),
    Resolution.OUT_OF_SCOPE: _("An editor has looked at it. It is nothing that we can correct."),
    Resolution.WITHDRAWN: _("It has been closed."),
    Resolution.SPAM: _NOT_USED,
}
PLACES: Final[Mapping[AnchorState, LazyString]] = {
    AnchorState.ORPHANED: _("We did not find these words in the article as we have it; an editor will look for them."),
    AnchorState.ALREADY_FIXED: _(
        "The article already reads as you say it should. Perhaps you saw an earlier version; an editor will make sure."
    ),
}
STEPS: Final[Mapping[EventKind, LazyString]] = {
    EventKind.SUBMITTED: _("You told us."),
    EventKind.SCREENED: _("One of us read it."),
    EventKind.CONTACT_ADDED: _("You gave an address to be told at."),
    EventKind.CONTACT_CONFIRMED: _("You confirmed your address."),
    EventKind.WITHDRAWN: _("You took the report back."),
    EventKind.ERASED: _("Your name and address were erased."),
    EventKind.MERGED: _("Others had told us of the same error; the reports were put together."),
    EventKind.VERIFIED: _("An editor looked at it: there is something to correct."),
    EventKind.ASKED: _("An editor asked a question."),
    EventKind.HELD: _("An editor put it off for a while."),
    EventKind.REJECTED: _("An editor decided to leave it as it is."),
    EventKind.FIXED: _("The article was corrected."),
    EventKind.REOPENED: _("It was taken up again."),
    EventKind.PUBLISHED: _("The correction was published."),
    EventKind.AMENDED: _("The published correction was worded anew."),
    EventKind.TAKEN_BACK: _("The published correction was taken back."),
    EventKind.SEEN_LIVE: _("The corrected words were seen in the published article."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened: when, in a sentence, with the words meant for the reader and a correction to look at."""

    at: datetime
    words: str
    note: str
    number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A report's page in words. ``pieces`` are the change, ``before`` and ``after`` the sentence it was found in."""

    headline: str
    outcome: str
    reason: str
    question: bool
    company: str
    place: str
    pieces: Sequence[Piece]
    before: str
    after: str
    steps: Sequence[Step]
    undecided: bool
    article: str
    understood: str
    spelling: str


def just_that(entries: Sequence[Entry], original: str, corrected: str) -> Entry | None:
    """The published correction of these very words, which may have more around them; ``corrected`` may be ''."""
    return next((entry for entry in entries if _is_about(entry, folded(original), folded(corrected))), None)


def _is_about(entry: Entry, original: str, corrected: str) -> bool:
    was, now = folded(entry.original_text), folded(entry.corrected_text)
    if not was or was not in original:
        return False
    if corrected:
        return original.replace(was, now, 1) == corrected
    return original in folded(entry.before + entry.original_text + entry.after)


def progress_of(case: Case) -> Progress:
    """What the page of this report says."""
    line = case.line
    before, after = sentence(line.before, line.standing, line.after) if line.before is not None else ("", "")
    live = line.withdrawn_at is None and not _is_spam(line)
    return Progress(
        headline=str(_headline(line)),
        outcome=str(_outcome(case)),
        reason=_reason(case),
        question=live and line.status is Status.NEEDS_INFO,
        company=_company(case) if live and line.erratum_id is not None else "",
        place=_place(case),
        pieces=_pieces(line),
        before=before,
        after=after,
        steps=[_step(step, line) for step in _told_once(case.steps)],
        undecided=live and (line.status is None or line.status in OPEN),
        article=(line.url or line.title or line.article_as_given)[:GIVEN],
        understood=_understood(line) if live else "",
        spelling=_spelling(line) if live else "",
    )


def _is_spam(line: Line) -> bool:
    return line.screening is Screening.SPAM or line.resolution is Resolution.SPAM


def _headline(line: Line) -> LazyString:
    if line.withdrawn_at is not None:
        return _("You took this report back")
    if _is_spam(line):
        return _("We could not use this report")
    if _was_fixed_before(line):
        return _("Corrected already, thank you")
    if line.status is Status.FIXED:
        return _("Corrected, thank you")
    if line.status is Status.REJECTED:
        return _("Looked at, and left as it is")
    return _("Thank you")


def _outcome(case: Case) -> LazyString:
    line = case.line
    if line.withdrawn_at is not None:
        if case.earlier + case.later and line.status in OPEN:
            return _("Others have told us of the same error, so it is looked at all the same. You will get no mail.")
        return _("Nothing more happens with it, and you will get no mail about it.")
    if line.screening is Screening.HELD:
        return _("One of us reads it first, because robots use this form too. You need not do anything.")
    if line.screening is Screening.SPAM:
        return _NOT_USED
    return _decided(case)


def _decided(case: Case) -> LazyString:
    line = case.line
    if _was_fixed_before(line):
        return _("This was corrected before you told us of it; you may have seen an earlier copy of the article.")
    if _reads_as_corrected(case):
        return _("This has been corrected already: the article reads as you say it should. An editor will make sure.")
    return REJECTIONS[line.resolution] if line.resolution is not None else OUTCOMES[line.status]


def _was_fixed_before(line: Line) -> bool:
    """Whether the report came after what it tells of was corrected."""
    return line.status is Status.FIXED and line.closed_at is not None and line.closed_at < line.received_at


def _reads_as_corrected(case: Case) -> bool:
    """Whether the correction of this very error is published, though nobody has decided on the report."""
    line = case.line
    return line.anchor_state is AnchorState.ALREADY_FIXED and line.status in OPEN and case.correction is not None


def _understood(line: Line) -> str:
    """What was taken to be meant, where that is likely only and an editor is still to look."""
    if line.title is None or line.certainty is not Certainty.LIKELY or line.status not in OPEN:
        return ""
    if line.before is not None:
        return str(gettext("We think this is the article and the place you mean. An editor will make sure."))
    return str(gettext("We think this is the article you mean. An editor will make sure."))


def _spelling(line: Line) -> str:
    original, corrected = line.found_text or line.original_text, line.decided_text or line.corrected_text
    if line.status not in OPEN or not are_both_right(original, corrected, line.language):
        return ""
    return str(gettext("As far as we know, both spellings are right. An editor will look at it all the same."))


def _reason(case: Case) -> str:
    """The public words of the last decision, while it is in force."""
    kind = {Status.NEEDS_INFO: EventKind.ASKED, Status.REJECTED: EventKind.REJECTED}.get(case.line.status)
    if kind is None or case.line.withdrawn_at is not None:
        return ""
    return next((_public_note(step) for step in reversed(case.steps) if step.kind is kind), "")


def _public_note(step: Line) -> str:
    return str(step.note) if step.kind in trail.PUBLIC_NOTES else ""


def _company(case: Case) -> str:
    if case.earlier:
        return _after_others(case.earlier, _day(case.first_at))
    if not case.later:
        return str(gettext("You are the first reader to tell us of this."))
    return str(
        ngettext(
            "You were the first reader to tell us of this. Since then one other has.",
            "You were the first reader to tell us of this. Since then %(num)s others have.",
            case.later,
        )
    )


def _after_others(earlier: int, day: str) -> str:
    match earlier:
        case 1:
            return str(gettext("You are the second reader to see this; the first told us %(day)s.", day=day))
        case 2:
            return str(gettext("You are the third reader to see this; the first told us %(day)s.", day=day))
        case _:
            return str(
                ngettext(
                    "%(num)s reader saw this before you, and told us %(day)s.",
                    "%(num)s readers saw this before you; the first told us %(day)s.",
                    earlier,
                    day=day,
                )
            )


def _day(at: datetime) -> str:
    today, day = to_user_timezone(clock.now()).date(), to_user_timezone(at).date()
    if day == today:
        return str(gettext("today"))
    if day == today - timedelta(days=1):
        return str(gettext("yesterday"))
    return str(gettext("on %(day)s", day=format_date(at, "EEEE" if today - day <= WEEK else "long")))


def _place(case: Case) -> str:
    """What became of the search for the words; '' where they were found, and where it does not matter any more."""
    line = case.line
    if line.erratum_id is None or not line.original_text or line.status not in OPEN:
        return ""
    if line.title is None or line.certainty is Certainty.UNKNOWN:
        return str(gettext("We are not sure which article this is; an editor will find it."))
    if line.anchor_state is AnchorState.AMBIGUOUS:
        return _ambiguous(case.places)
    if _reads_as_corrected(case):
        return ""
    return str(PLACES.get(line.anchor_state, ""))


def _ambiguous(places: int) -> str:
    if places <= 1:  # one place, but not where it was said to be
        return str(gettext("These words stand in the article, but perhaps elsewhere; an editor will look."))
    return str(
        ngettext(
            "These words stand there %(num)s time; an editor will pick the right place.",
            "These words stand there %(num)s times; an editor will pick the right place.",
            places,
        )
    )


def _pieces(line: Line) -> Sequence[Piece]:
    found = line.before is not None
    original = line.found_text if found else line.original_text
    corrected = line.decided_text if line.status is Status.FIXED else _wanted(line, original)
    if found and line.anchor_state is AnchorState.ALREADY_FIXED and line.status in OPEN:
        return [Piece(line.standing, "same")]
    if original and not corrected:
        return [Piece(original, "same")]
    return word_difference(original, corrected)


def _wanted(line: Line, original: str) -> str:
    """How these words should read for this reader, whose own quote may have been longer or shorter."""
    if not line.read_corrected:
        return as_corrected(original, line.corrected_text)
    if folded(line.read_original) == folded(original):
        return str(line.read_corrected)
    return as_corrected(original, line.read_corrected)


def _told_once(steps: Sequence[Line]) -> Sequence[Line]:
    """A report that waited for screening is put before the editors afterwards; its reader told us only once."""
    again = [step for step in steps if step.kind is EventKind.SUBMITTED][1:]
    return [step for step in steps if step not in again]


def _step(step: Line, line: Line) -> Step:
    kind = EventKind.SCREENED if step.kind is EventKind.REJECTED and _is_spam(line) else step.kind
    return Step(at=step.at, words=str(STEPS[kind]), note=_public_note(step), number=step.number)
