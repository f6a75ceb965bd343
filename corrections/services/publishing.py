"""Corrections: from fixed errata to numbered entries of the public log, which are superseded but never changed."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections.domain.actors import Act
from corrections.domain.anchors import AnchorState
from corrections.domain.drafts import Draft
from corrections.domain.errors import IllegalMove, NotAllowed, Rejected
from corrections.domain.limits import PUBLIC_NOTE, QUOTE, REASON
from corrections.domain.policy import POLICY, Kind
from corrections.domain.states import Status
from corrections.domain.text import clean, sentence_around
from corrections.models import Article, Correction, CorrectionState, Erratum, Event, EventKind
from corrections.services import numbers, trail


def draft(erratum: Erratum) -> Draft:
    """What a correction of this erratum would say, to be looked over; the note is the door's to suggest."""
    return Draft(kind=erratum.kind, original_text=erratum.original_text, corrected_text=erratum.corrected_text)


def publish(session: Session, errata: Sequence[Erratum], draft: Draft, act: Act) -> Correction:
    """Publish a correction of fixed errata of one article; everybody who reported them is told.

    Raises Rejected for wording that does not do, NotAllowed by kind, IllegalMove when an erratum is not fixed.
    """
    wording = _checked(draft, act)
    article = _article_of(session, errata)
    number = numbers.take(session, numbers.Name.CORRECTION)
    numbers.take(session, numbers.Name.LOG)
    correction = Correction(
        number=number,
        first_number=number,
        article=article,
        sequence=_next_sequence(session, article),
        published_at=act.at,
        first_published_at=act.at,
        current=True,
        editor_name=act.label,
        errata=list(errata),
        **_columns(wording, errata),
    )
    session.add(correction)
    article.corrections_made += 1
    for erratum in errata:
        erratum.kind = wording.kind
        trail.record(session, EventKind.PUBLISHED, act, erratum=erratum, correction=correction, note=str(number))
    return correction


def _article_of(session: Session, errata: Sequence[Erratum]) -> Article:
    if not errata:
        raise Rejected("Choose at least one erratum.", {"errata": "Choose at least one erratum."})
    first = errata[0].article
    if first is None:
        raise IllegalMove("It is not known yet which article this is about. Choose the article first.")
    if any(erratum.article_id != first.id for erratum in errata):
        raise Rejected("One correction is about one article.", {"errata": "These errata are in different articles."})
    if any(erratum.status is not Status.FIXED for erratum in errata):
        raise IllegalMove("Only what is fixed can be published.")
    if any(_last_of(session, erratum) is EventKind.PUBLISHED for erratum in errata):
        raise IllegalMove("This has been published already. Amend the correction that there is.")
    return first


def _last_of(session: Session, erratum: Erratum) -> EventKind | None:
    """The last that was done of fixing, publishing and taking back: a button pressed twice publishes once."""
    told = (EventKind.FIXED, EventKind.PUBLISHED, EventKind.TAKEN_BACK)
    last = select(Event.kind).where(Event.erratum_id == erratum.id, Event.kind.in_(told)).order_by(Event.id.desc())
    return session.scalar(last.limit(1))


def _checked(draft: Draft, act: Act) -> Draft:
    policy = POLICY[draft.kind]
    if act.role is not None and not act.role.reaches(policy.role):
        raise NotAllowed("A correction of this kind needs the role “%(role)s”.", role=policy.role.value)
    wording = Draft(
        kind=draft.kind,
        original_text=clean(draft.original_text),
        corrected_text=clean(draft.corrected_text),
        note=clean(draft.note),
    )
    problems: dict[str, str] = {}
    if policy.needs_note and not wording.note:
        problems["note"] = "Say in a sentence or two what was wrong and what is right."
    if policy.needs_change and not wording.corrected_text:
        problems["corrected_text"] = "Write what the article says now."
    if policy.needs_change and wording.corrected_text == wording.original_text:
        problems["corrected_text"] = "This is the same as what the article said before."
    if not (wording.note or wording.original_text or wording.corrected_text):
        problems["note"] = "There is nothing to publish yet."
    for name, text, allowed in (
        ("original_text", wording.original_text, QUOTE),
        ("corrected_text", wording.corrected_text, QUOTE),
        ("note", wording.note, PUBLIC_NOTE),
    ):
        if len(text) > allowed:
            problems[name] = f"This is {len(text):,} characters long; at most {allowed:,} fit."
    if problems:
        raise Rejected("Please look at the marked fields.", problems)
    return wording


def _columns(wording: Draft, errata: Sequence[Erratum]) -> dict[str, object]:
    prefix, suffix = context(errata[0], wording) if errata else ("", "")
    return {
        "kind": wording.kind,
        "original_text": wording.original_text,
        "corrected_text": wording.corrected_text,
        "prefix": prefix,
        "suffix": suffix,
        "note": wording.note,
        "listed": POLICY[wording.kind].notice,
    }


def context(erratum: Erratum, wording: Draft) -> tuple[str, str]:
    """What stands before and after the words in their sentence, from the article: never what a reader sent."""
    if erratum.snapshot is None or erratum.start is None or erratum.end is None:
        return "", ""
    text = erratum.snapshot.text
    first, last = sentence_around(text, erratum.start, erratum.end)
    words = wording.original_text if erratum.anchor_state is AnchorState.ANCHORED else wording.corrected_text
    start = erratum.start if text.startswith(words, erratum.start) else text.find(words, first, last)
    if not words or start < 0:
        return "", ""
    end = start + len(words)
    first, last = sentence_around(text, start, end)
    return text[first:start], text[end:last]


def _next_sequence(session: Session, article: Article) -> int:
    last = session.scalar(select(func.max(Correction.sequence)).where(Correction.article_id == article.id))
    return (last or 0) + 1


def amend(session: Session, correction: Correction, draft: Draft, act: Act) -> Correction:
    """Publish better wording: a new entry that supersedes the old one, which stays under its number."""
    wording = _checked(draft, act)
    same = (wording.kind, wording.original_text, wording.corrected_text, wording.note)
    if same == (correction.kind, correction.original_text, correction.corrected_text, correction.note):
        raise Rejected("Nothing was changed.", {"note": "This is what the correction says already."})
    newer = _supersede(session, correction, act, CorrectionState.PUBLISHED, wording)
    _record_for_errata(session, EventKind.AMENDED, newer, act, str(newer.number))
    return newer


def withdraw(session: Session, correction: Correction, reason: str, act: Act) -> Correction:
    """Take a correction back: a new entry says so and why; the old one stays under its number."""
    words = clean(reason)[:REASON]
    if not words:
        sentence = "Say in public words why this correction is withdrawn."
        raise Rejected(sentence, {"reason": sentence})
    if act.role is not None and not act.role.reaches(POLICY[Kind.CORRECTION].role):
        raise NotAllowed("Your role does not allow this. Ask an editor or an admin.")
    wording = Draft(
        kind=correction.kind,
        original_text=correction.original_text,
        corrected_text=correction.corrected_text,
        note=words,
    )
    newer = _supersede(session, correction, act, CorrectionState.WITHDRAWN, wording)
    _record_for_errata(session, EventKind.TAKEN_BACK, newer, act, words)
    return newer


def _supersede(session: Session, old: Correction, act: Act, state: CorrectionState, wording: Draft) -> Correction:
    if not old.current:
        raise IllegalMove("A newer entry has taken the place of this one. Change that one.")
    if old.state is CorrectionState.WITHDRAWN:
        raise IllegalMove("This correction has been withdrawn.")
    old.current = False
    session.flush()
    numbers.take(session, numbers.Name.LOG)
    newer = Correction(
        number=numbers.take(session, numbers.Name.CORRECTION),
        first_number=old.first_number,
        article=old.article,
        sequence=_next_sequence(session, old.article),
        state=state,
        published_at=act.at,
        first_published_at=old.first_published_at,
        supersedes=old,
        current=True,
        editor_name=act.label,
        errata=list(old.errata),
        **_columns(wording, old.errata),
    )
    session.add(newer)
    if state is CorrectionState.WITHDRAWN:
        old.article.corrections_made -= 1
    return newer


def _record_for_errata(session: Session, kind: EventKind, correction: Correction, act: Act, note: str) -> None:
    events: list[Event] = [
        trail.record(session, kind, act, erratum=erratum, correction=correction, note=note)
        for erratum in correction.errata
    ]
    if not events:
        trail.record(session, kind, act, correction=correction, note=note)
