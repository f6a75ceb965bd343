"""The audit trail: record an event and, in the same transaction, the mail that it calls for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from corrections.domain.actors import Act, Channel
from corrections.domain.anchors import AnchorState
from corrections.domain.states import Status
from corrections.domain.text import sentence_around
from corrections.models import Correction, Editor, Erratum, Event, EventKind, Notify, OutboxMessage, Report
from corrections.services import offers, outbox

# Which event is which mail to those who reported. Outcomes are told once, until the erratum is opened again.
TO_REPORTERS: Final[Mapping[EventKind, str]] = {
    EventKind.ASKED: "report_question",
    EventKind.FIXED: "report_fixed",
    EventKind.REJECTED: "report_rejected",
    EventKind.PUBLISHED: "report_published",
}
OUTCOMES: Final = frozenset({EventKind.FIXED, EventKind.REJECTED, EventKind.PUBLISHED})
# Notes on these events are meant for the reader; all others are internal.
PUBLIC_NOTES: Final = frozenset({EventKind.ASKED, EventKind.REJECTED})


def record(  # noqa: PLR0913 - an event has as many parts
    session: Session,
    kind: EventKind,
    act: Act,
    *,
    erratum: Erratum | None = None,
    report: Report | None = None,
    correction: Correction | None = None,
    old_status: Status | None = None,
    note: str = "",
    quiet: bool = False,
) -> Event:
    """Add the event and the messages owed for it; ``quiet`` leaves the messages out, for one act of two events."""
    event = Event(
        at=act.at,
        kind=kind,
        channel=act.channel,
        editor_id=act.editor_id,
        label=act.label,
        erratum=erratum,
        report=report,
        correction=correction,
        old_status=old_status,
        new_status=erratum.status if erratum is not None else None,
        note=note,
    )
    session.add(event)
    if not quiet:
        session.add_all(_messages_for(session, event))
        if (told := _editors_told(session, event)) is not None:
            _tell_editors(session, event, *told)
    return event


def _messages_for(session: Session, event: Event) -> Iterator[OutboxMessage]:
    erratum, report = event.erratum, event.report
    if event.kind is EventKind.CONTACT_ADDED and report is not None and report.reporter_email:
        yield outbox.owe(session, event, report.reporter_email, "confirm_address", facts_of(event, report))
    elif event.kind is EventKind.CONTACT_CONFIRMED and report is not None and report.address:
        yield outbox.owe(session, event, report.address, "report_received", facts_of(event, report))
    elif event.kind in TO_REPORTERS and erratum is not None:
        yield from _to_reporters(session, event, erratum)


def _to_reporters(session: Session, event: Event, erratum: Erratum) -> Iterator[OutboxMessage]:
    told: set[str] = set()
    for report in erratum.reports:
        if report.address is None or report.address in told:
            continue
        if event.kind in OUTCOMES:
            if report.outcome_told_at is not None:
                continue
            report.outcome_told_at = event.at
        told.add(report.address)
        yield outbox.owe(session, event, report.address, TO_REPORTERS[event.kind], facts_of(event, report))


def _editors_told(session: Session, event: Event) -> tuple[str, list[Editor]] | None:
    """Which mail on this event goes to editors, and to whom."""
    erratum, report = event.erratum, event.report
    if erratum is None:
        return None
    if event.kind is EventKind.SUBMITTED and erratum.report_count == 1:
        return "editor_new_erratum", _at_once(session, erratum)
    if event.kind is EventKind.ASSIGNED:
        assignee = erratum.assignee
        told = assignee is not None and assignee.id != event.editor_id and assignee.notify is not Notify.NEVER
        return "editor_assigned", [assignee] if assignee is not None and told else []
    if event.kind is EventKind.NOTED and report is not None and event.editor_id is None:
        return "editor_answer", _of_answer(session, erratum)
    return None


def _at_once(session: Session, erratum: Erratum) -> list[Editor]:
    section = erratum.article.section if erratum.article is not None else None
    return [editor for editor in session.scalars(_TOLD_AT_ONCE) if wants_section(editor, section)]


_TOLD_AT_ONCE: Final = (
    select(Editor)
    .where(Editor.active, Editor.notify == Notify.AT_ONCE)
    .options(load_only(Editor.email, Editor.role, Editor.sections))
    .order_by(Editor.id)
)


def _of_answer(session: Session, erratum: Erratum) -> list[Editor]:
    """Whom a reader's words are of use to: who looks after the erratum, and who is told of everything."""
    told = {editor.id: editor for editor in _at_once(session, erratum)}
    assignee = erratum.assignee
    if assignee is not None and assignee.active and assignee.notify is not Notify.NEVER:
        told[assignee.id] = assignee
    return list(told.values())


def _tell_editors(session: Session, event: Event, template: str, editors: Sequence[Editor]) -> None:
    """With links that act; they are about the erratum as it is once this event is written."""
    if not editors or event.erratum is None:
        return
    session.flush()
    facts = facts_of(event)
    told = [(editor.email, facts | offers.facts(event, event.erratum, editor)) for editor in editors]
    outbox.owe_all(session, event, template, told)


def wants_section(editor: Editor, section: str | None) -> bool:
    """Whether the editor is told of this section: all of them when none was chosen; what has no section goes to all."""
    return not editor.sections or section is None or section in editor.sections


def outcome_again(session: Session, event: Event, report: Report) -> OutboxMessage | None:
    """The outcome mail for one reporter who confirmed an address only after the outcome; None while there is none."""
    erratum = report.erratum
    if erratum is None or report.address is None or report.outcome_told_at is not None:
        return None
    kinds = {Status.FIXED: OUTCOMES - {EventKind.REJECTED}, Status.REJECTED: {EventKind.REJECTED}}.get(erratum.status)
    if kinds is None:
        return None
    outcome = session.scalars(
        select(Event).where(Event.erratum_id == erratum.id, Event.kind.in_(kinds)).order_by(Event.id.desc()).limit(1)
    ).one_or_none()
    if outcome is None:
        return None
    report.outcome_told_at = event.at
    return outbox.owe(session, event, report.address, TO_REPORTERS[outcome.kind], facts_of(outcome, report))


def facts_of(event: Event, report: Report | None = None) -> dict[str, Any]:
    """All that a mail on this event may say, as it is now."""
    erratum, correction = event.erratum, event.correction
    facts: dict[str, Any] = {"note": event.note, "by": event.label, "kind": event.kind.value}
    if erratum is not None:
        facts |= erratum_facts(erratum)
    if report is not None:
        facts |= {
            "reference": report.reference,
            "name": report.reporter_name or "",
            "email": report.reporter_email or "",
            "quote": report.original_text,
            "suggestion": report.corrected_text,
            "article": facts.get("article") or report.article_as_given,
        }
        if report.channel is Channel.MAIL and report.source_id:
            facts["answers"] = report.source_id
    if correction is not None:
        facts |= {"correction": correction.number, "was": correction.original_text, "now": correction.corrected_text}
        facts |= {"correction_note": correction.note, "correction_kind": correction.kind.value}
        facts |= {"before": correction.prefix, "after": correction.suffix}
    return facts


def erratum_facts(erratum: Erratum) -> dict[str, Any]:
    """What a mail about an erratum may say of it, as it is now."""
    facts: dict[str, Any] = {
        "number": erratum.number,
        "status": erratum.status.value,
        "resolution": erratum.resolution.value if erratum.resolution else "",
        "was": erratum.original_text,
        "now": erratum.corrected_text,
        "reports": erratum.report_count,
        "anchor_state": erratum.anchor_state.value,
        "certainty": erratum.certainty.value,
        "title": erratum.article.title if erratum.article is not None else "",
        "article": erratum.article.title if erratum.article is not None else erratum.article_as_given,
        "article_url": (erratum.article.url or "") if erratum.article is not None else "",
        "reader_notes": erratum.reports[0].notes if erratum.reports else "",
        "before": "",
        "after": "",
    }
    is_there = erratum.anchor_state is AnchorState.ANCHORED
    if is_there and erratum.snapshot is not None and erratum.start is not None and erratum.end is not None:
        text = erratum.snapshot.text
        start, end = sentence_around(text, erratum.start, erratum.end)
        facts["before"] = text[start : erratum.start]
        facts["after"] = text[erratum.end : end]
    return facts
