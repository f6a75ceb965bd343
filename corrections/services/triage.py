"""What editors do with errata: the only place an erratum's status changes by an editor's hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.domain.actors import Act, Role
from corrections.domain.anchors import AnchorState, Place
from corrections.domain.errors import IllegalMove, NotAllowed, NotFound, Rejected, Stale
from corrections.domain.matching import Certainty
from corrections.domain.policy import Kind
from corrections.domain.states import OPEN, Move, Resolution, Severity, Status, require, target_of
from corrections.domain.text import clean
from corrections.models import Article, Editor, Erratum, Event, EventKind, Report
from corrections.queries import articles
from corrections.services import placing, trail

EVENT_OF: Final = {
    Move.VERIFY: EventKind.VERIFIED,
    Move.ASK: EventKind.ASKED,
    Move.HOLD: EventKind.HELD,
    Move.REJECT: EventKind.REJECTED,
    Move.FIX: EventKind.FIXED,
    Move.REOPEN: EventKind.REOPENED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an editor said with a move: each move needs some of it (states.RULES)."""

    reason: str = ""
    resolution: Resolution | None = None
    corrected_text: str = ""
    until: date | None = None


def expect(erratum: Erratum, revision: int | None) -> None:
    """Raise Stale when the erratum is not any more what the editor looked at."""
    if revision is not None and erratum.revision != revision:
        raise Stale("Somebody else changed this in the meantime. Look at it again and decide anew.")


def move(
    session: Session, erratum: Erratum, move: Move, act: Act, said: Said | None = None, *, quiet: bool = False
) -> Event:
    """Move the erratum; raises IllegalMove, NotAllowed, or Rejected for what the move needs and was not given.

    ``quiet``: the reporters are told by the act that follows in the same transaction (publishing).
    """
    said = said or Said()
    target = target_of(move, erratum.status, act.role)
    corrected = clean(said.corrected_text) or erratum.corrected_text
    reason = clean(said.reason)
    _require(move, erratum, said, reason, corrected)
    old, erratum.status = erratum.status, target
    erratum.resolution = said.resolution if target is Status.REJECTED else None
    erratum.held_until = said.until if target is Status.HELD else None
    erratum.closed_at = act.at if target in {Status.FIXED, Status.REJECTED} else None
    if move is Move.FIX:
        erratum.corrected_text = corrected
    if move is Move.REOPEN:
        erratum.live_at = None
        for report in erratum.reports:
            report.outcome_told_at = None
    return trail.record(session, EVENT_OF[move], act, erratum=erratum, old_status=old, note=reason, quiet=quiet)


def _require(move: Move, erratum: Erratum, said: Said, reason: str, corrected: str) -> None:
    given = {
        Move.VERIFY: True,
        Move.ASK: bool(reason),
        Move.HOLD: bool(reason or said.until),
        Move.REJECT: said.resolution is not None,
        Move.FIX: bool(corrected or reason),  # a note may be all there is to publish
        Move.REOPEN: bool(reason),
    }
    require(move, given=given[move])
    if move is Move.ASK and not any(report.address for report in erratum.reports):
        raise Rejected(
            "None of those who reported this left a confirmed address, so there is nobody to ask.",
            {"reason": "There is nobody to ask: no reporter left a confirmed address."},
        )


def assign(session: Session, erratum: Erratum, editor: Editor | None, act: Act) -> Event:
    """Give the erratum to an editor, or to nobody."""
    if editor is not None and not editor.active:
        raise Rejected("This editor does not work here any more.", {"assignee": "Choose somebody who can log in."})
    erratum.assignee = editor
    return trail.record(session, EventKind.ASSIGNED, act, erratum=erratum, note=editor.name if editor else "")


def edit(
    session: Session,
    erratum: Erratum,
    act: Act,
    *,
    corrected_text: str | None = None,
    kind: Kind | None = None,
    severity: Severity | None = None,
) -> Event | None:
    """Change the suggested text, the kind or the severity; None when nothing changed."""
    changes = []
    if corrected_text is not None and (text := clean(corrected_text)) != erratum.corrected_text:
        changes.append(f"corrected text: “{erratum.corrected_text}” → “{text}”")
        erratum.corrected_text = text
    if kind is not None and kind is not erratum.kind:
        changes.append(f"kind: {erratum.kind.value} → {kind.value}")
        erratum.kind = kind
    if severity is not None and severity is not erratum.severity:
        changes.append(f"severity: {erratum.severity.value} → {severity.value}")
        erratum.severity = severity
    if not changes:
        return None
    return trail.record(session, EventKind.EDITED, act, erratum=erratum, note="; ".join(changes))


def note(session: Session, erratum: Erratum, words: str, act: Act) -> Event:
    """An internal note, for the history."""
    text = clean(words)
    if not text:
        raise Rejected("The note is empty.", {"reason": "Write the note."})
    return trail.record(session, EventKind.NOTED, act, erratum=erratum, note=text)


def confirm(session: Session, erratum: Erratum, act: Act) -> Event:
    """The editor says that article and place, which were likely, are the right ones. Raises IllegalMove."""
    _must_triage(act)
    _must_be_open(erratum)
    if erratum.article is None or erratum.certainty is not Certainty.LIKELY:
        raise IllegalMove("There is nothing here to confirm.")
    _be_certain(erratum)
    return trail.record(session, EventKind.PLACED, act, erratum=erratum, note=erratum.article.title)


def _be_certain(erratum: Erratum) -> None:
    erratum.certainty = Certainty.CERTAIN
    for report in erratum.reports:
        report.certainty = Certainty.CERTAIN


def place_in(session: Session, erratum: Erratum, article: Article, act: Act) -> Event:
    """The editor picked the article; the place is looked for in its newest text."""
    _must_be_open(erratum)
    snapshot = articles.latest_snapshot(session, article.id)
    found = placing.find_again(erratum, article, snapshot)
    _be_certain(erratum)
    placing.put(erratum, article, snapshot, found)
    return trail.record(session, EventKind.PLACED, act, erratum=erratum, note=article.title)


def place_at(session: Session, erratum: Erratum, start: int, end: int, act: Act) -> Event:
    """The editor picked the place: characters of the snapshot's text. Raises Rejected outside of it."""
    _must_be_open(erratum)
    snapshot = erratum.snapshot
    if snapshot is None or not 0 <= start < end <= len(snapshot.text):
        raise Rejected("This place is not in the article's text.", {"start": "Pick one of the places shown."})
    found = Place(state=AnchorState.ANCHORED, start=start, end=end)
    _be_certain(erratum)
    placing.put(erratum, erratum.article, snapshot, found)
    return trail.record(session, EventKind.PLACED, act, erratum=erratum, note=erratum.original_text)


def _must_be_open(erratum: Erratum) -> None:
    if erratum.status not in OPEN:
        raise IllegalMove("This has been decided already. Reopen it first.")


def _must_triage(act: Act) -> None:
    if act.role is not None and not act.role.reaches(Role.TRIAGER):
        raise NotAllowed("Your role does not allow this.")


def merge(session: Session, erratum: Erratum, into: Erratum, act: Act) -> None:
    """Move all reports onto another erratum; one event for each report, so that it can be undone exactly."""
    _must_triage(act)
    _must_be_open(erratum)
    if into.id == erratum.id:
        raise Rejected("An erratum cannot be merged into itself.", {"into": "Give the number of the other one."})
    if into.status is Status.MERGED:
        raise IllegalMove("The other one has been merged itself. Merge into the one it went to.")
    old, erratum.status = erratum.status, Status.MERGED
    erratum.merged_into = into
    for report in list(erratum.reports):
        _hand_over(report, into)
        event = trail.record(
            session, EventKind.MERGED, act, erratum=erratum, report=report, old_status=old, note=str(into.number)
        )
        if (outcome := trail.outcome_again(session, event, report)) is not None:
            session.add(outcome)
    trail.record(session, EventKind.NOTED, act, erratum=into, note=f"merged from {erratum.number}")
    _recount(session, erratum, into)


def unmerge(session: Session, erratum: Erratum, act: Act) -> None:
    """Undo a merge: the reports that it moved, and are still there, come back; the status is the one before."""
    _must_triage(act)
    into = erratum.merged_into
    if erratum.status is not Status.MERGED or into is None:
        raise IllegalMove("This was not merged.")
    undone = select(Event.id).where(Event.erratum_id == erratum.id, Event.kind == EventKind.UNMERGED)
    since = session.scalar(undone.order_by(Event.id.desc()).limit(1)) or 0
    moved = select(Event).where(Event.erratum_id == erratum.id, Event.kind == EventKind.MERGED, Event.id > since)
    events = session.scalars(moved.order_by(Event.id)).all()
    old_status = next((event.old_status for event in events if event.old_status), Status.REPORTED)
    erratum.status, erratum.merged_into = old_status, None
    returning = [event.report for event in events if event.report is not None and event.report.erratum_id == into.id]
    for report in returning:
        _hand_over(report, erratum)
    trail.record(session, EventKind.UNMERGED, act, erratum=erratum, old_status=Status.MERGED, note=str(into.number))
    _recount(session, erratum, into)
    _let_go(into, returning)


def _let_go(into: Erratum, returning: Sequence[Report]) -> None:
    """A suggestion that only the returning reports made goes with them."""
    stayed = [report.read_corrected for report in into.reports]
    theirs = {report.read_corrected for report in returning}
    if into.status in OPEN and into.corrected_text in theirs and into.corrected_text not in stayed:
        into.corrected_text = next(filter(None, stayed), "")


def split(session: Session, erratum: Erratum, reports: Sequence[Report], act: Act) -> Erratum:
    """The given reports leave for a new erratum of their own."""
    _must_triage(act)
    _must_be_open(erratum)
    if not reports or len(reports) >= len(erratum.reports):
        sentence = "Choose some of the reports to leave; at least one stays."
        raise Rejected(sentence, {"reports": sentence})
    first = reports[0]
    if any(report.erratum_id != erratum.id for report in reports):
        raise NotFound("One of these reports is not on this erratum.")
    new = placing.open_erratum(session, first, placing.spot_in(erratum, first), act)
    new.reported_at = first.received_at
    for report in reports:
        _hand_over(report, new)
        trail.record(session, EventKind.SPLIT, act, erratum=new, report=report, note=str(erratum.number))
    trail.record(session, EventKind.NOTED, act, erratum=erratum, note=f"split into {new.number}")
    _recount(session, erratum, new)
    return new


def _hand_over(report: Report, to: Erratum) -> None:
    report.erratum = to
    placing.suggest(to, report)


def _recount(session: Session, *errata: Erratum) -> None:
    session.flush()
    for erratum in errata:
        session.refresh(erratum, ["reports"])
        erratum.report_count = len(erratum.reports)
        if erratum.reports:
            erratum.last_reported_at = max(report.received_at for report in erratum.reports)
