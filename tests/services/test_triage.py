"""What editors do with errata: every move, and what it leaves behind."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.anchors import AnchorState
from corrections.domain.errors import IllegalMove, NotAllowed, Rejected, Stale
from corrections.domain.matching import Certainty
from corrections.domain.policy import Kind
from corrections.domain.states import RULES, Move, Resolution, Severity, Status
from corrections.models import Article, Editor, Erratum, Event, EventKind, Publication
from corrections.services import triage
from corrections.services.triage import Said

ANN = "ann@example.org"
SAID = {
    Move.VERIFY: Said(),
    Move.ASK: Said(reason="Which edition do you have?"),
    Move.HOLD: Said(reason="Waiting for the author."),
    Move.REJECT: Said(resolution=Resolution.NOT_AN_ERROR, reason="That is how it is spelt here."),
    Move.FIX: Said(corrected_text="receives"),
    Move.REOPEN: Said(reason="It came back."),
}
WAY_TO = {
    Status.REPORTED: [],
    Status.VERIFIED: [Move.VERIFY],
    Status.NEEDS_INFO: [Move.ASK],
    Status.HELD: [Move.HOLD],
    Status.REJECTED: [Move.REJECT],
    Status.FIXED: [Move.FIX],
}


@pytest.fixture
def article(session: Session, publication: Publication) -> Article:  # noqa: ARG001 - comes first
    with transaction():
        return factories.make_article(session)


@pytest.fixture
def erratum(session: Session, article: Article) -> Erratum:  # noqa: ARG001 - comes first
    """One that Ann reported, who can be asked."""
    with transaction():
        return factories.make_erratum(session, confirmed=ANN)


def bring_to(session: Session, erratum: Erratum, status: Status) -> None:
    for move in WAY_TO[status]:
        triage.move(session, erratum, move, factories.system_act(), SAID[move])
    session.flush()


def events_of(session: Session, erratum: Erratum) -> list[Event]:
    session.flush()
    return list(session.scalars(select(Event).where(Event.erratum_id == erratum.id).order_by(Event.id)))


@pytest.mark.parametrize(("move", "status"), list(product(Move, WAY_TO)))
def test_every_move_from_every_status(session: Session, erratum: Erratum, move: Move, status: Status) -> None:
    bring_to(session, erratum, status)
    before = len(events_of(session, erratum))
    least = RULES[move].role
    for role in Role:
        if not role.reaches(least):
            with pytest.raises(NotAllowed):
                triage.move(session, erratum, move, factories.act(role), SAID[move])
    if status not in RULES[move].sources:
        with pytest.raises(IllegalMove):
            triage.move(session, erratum, move, factories.act(least), SAID[move])
        assert (erratum.status, len(events_of(session, erratum))) == (status, before)
        return
    event = triage.move(session, erratum, move, factories.act(least), SAID[move])
    session.flush()
    assert erratum.status is RULES[move].target
    assert (event.old_status, event.new_status, event.label) == (status, erratum.status, least.value.title())
    assert len(events_of(session, erratum)) == before + 1


def test_merged_ones_do_not_move(session: Session, erratum: Erratum) -> None:
    other = factories.make_erratum(session, quote="the the", corrected_text="the")
    triage.merge(session, erratum, other, factories.act(Role.TRIAGER))
    for move in Move:
        with pytest.raises(IllegalMove):
            triage.move(session, erratum, move, factories.act(Role.ADMIN), SAID[move])


@pytest.mark.parametrize("move", [move for move in Move if move is not Move.VERIFY])
def test_a_move_without_what_it_needs_changes_nothing(session: Session, article: Article, move: Move) -> None:
    erratum = factories.make_erratum(session, corrected_text="", article=article.url, confirmed=ANN)
    if move is Move.REOPEN:
        bring_to(session, erratum, Status.REJECTED)
    before = erratum.status
    with pytest.raises(Rejected) as refusal:
        triage.move(session, erratum, move, factories.act(Role.ADMIN), Said(reason=" \n"))
    assert refusal.value.fields
    assert erratum.status is before


def test_nobody_is_asked_who_left_no_address(session: Session) -> None:
    erratum = factories.make_erratum(session, email=ANN)
    with pytest.raises(Rejected, match="nobody to ask"):
        triage.move(session, erratum, Move.ASK, factories.act(Role.EDITOR), SAID[Move.ASK])


def test_asking_writes_to_those_who_reported(session: Session, erratum: Erratum) -> None:
    triage.move(session, erratum, Move.ASK, factories.act(Role.TRIAGER), SAID[Move.ASK])
    mail = factories.mails(session, to=ANN)[-1]
    assert (mail.template, mail.facts["note"]) == ("report_question", "Which edition do you have?")


def test_a_rejection_tells_why_and_closes(session: Session, erratum: Erratum, clock: Clock) -> None:
    factories.reject(session, erratum)
    assert (erratum.resolution, erratum.closed_at) == (Resolution.NOT_AN_ERROR, clock.at)
    mail = factories.mails(session, to=ANN)[-1]
    assert (mail.template, mail.facts["note"]) == ("report_rejected", "That is how it is spelt here.")
    assert mail.facts["resolution"] == "not_an_error"


def test_a_fix_takes_the_words_of_the_editor(session: Session, erratum: Erratum) -> None:
    triage.move(session, erratum, Move.FIX, factories.act(Role.EDITOR), Said(corrected_text="takes on"))
    assert (erratum.corrected_text, erratum.original_text) == ("takes on", "recieves")
    assert factories.mails(session, to=ANN)[-1].template == "report_fixed"


def test_a_fix_takes_the_readers_words_when_the_editor_gives_none(session: Session, erratum: Erratum) -> None:
    triage.move(session, erratum, Move.FIX, factories.act(Role.EDITOR))
    assert erratum.corrected_text == "receives"


def test_holding_says_until_when(session: Session, erratum: Erratum) -> None:
    until = date(2026, 6, 1)
    triage.move(session, erratum, Move.HOLD, factories.act(Role.EDITOR), Said(until=until))
    assert erratum.held_until == until
    triage.move(session, erratum, Move.VERIFY, factories.act(Role.EDITOR))
    assert erratum.held_until is None


def test_opening_again_forgets_the_outcome_and_the_next_one_is_told_again(session: Session, erratum: Erratum) -> None:
    factories.fix(session, erratum)
    triage.move(session, erratum, Move.REOPEN, factories.act(Role.EDITOR), SAID[Move.REOPEN])
    assert (erratum.status, erratum.closed_at, erratum.resolution) == (Status.VERIFIED, None, None)
    factories.fix(session, erratum)
    assert [m.template for m in factories.mails(session, to=ANN)].count("report_fixed") == 2


def test_each_address_is_told_once_however_many_reports_it_sent(session: Session, article: Article) -> None:
    erratum = factories.make_erratum(session, readers=2, confirmed=ANN, article=article.url)
    factories.fix(session, erratum)
    assert len(factories.mails(session, to=ANN, template="report_fixed")) == 1


def test_all_mail_on_one_erratum_is_one_thread(session: Session, erratum: Erratum) -> None:
    factories.fix(session, erratum)
    outcome = factories.mails(session, to=ANN, template="report_fixed")[0]
    receipt = factories.mails(session, to=ANN, template="report_received")[0]
    assert outcome.thread == receipt.thread != ""
    assert outcome.message_id != receipt.message_id


def test_a_stale_page_is_noticed(session: Session, erratum: Erratum) -> None:
    seen = erratum.revision
    triage.expect(erratum, seen)
    triage.expect(erratum, None)
    triage.move(session, erratum, Move.VERIFY, factories.act(Role.TRIAGER))
    session.flush()
    with pytest.raises(Stale):
        triage.expect(erratum, seen)


# Small things


def test_giving_it_to_somebody_tells_them(session: Session, erratum: Erratum, editors: dict[Role, Editor]) -> None:
    triager, editor = editors[Role.TRIAGER], editors[Role.EDITOR]
    triage.assign(session, erratum, editor, factories.act(editor=triager))
    assert erratum.assignee is editor
    assert len(factories.mails(session, to=editor.email, template="editor_assigned")) == 1
    triage.assign(session, erratum, triager, factories.act(editor=triager))
    assert factories.mails(session, to=triager.email, template="editor_assigned") == [], "who took it knows"
    triage.assign(session, erratum, None, factories.act(editor=triager))
    assert erratum.assignee is None


def test_it_is_not_given_to_who_has_left(session: Session, erratum: Erratum, editors: dict[Role, Editor]) -> None:
    editors[Role.EDITOR].active = False
    with pytest.raises(Rejected):
        triage.assign(session, erratum, editors[Role.EDITOR], factories.act(Role.ADMIN))


def test_what_is_edited_is_recorded_and_what_is_not_is_not(session: Session, erratum: Erratum) -> None:
    by = factories.act(Role.TRIAGER)
    event = triage.edit(session, erratum, by, corrected_text="takes", kind=Kind.CORRECTION, severity=Severity.SERIOUS)
    assert event is not None
    assert event.kind is EventKind.EDITED
    for said in ("“receives” → “takes”", "typo → correction", "normal → serious"):
        assert said in event.note
    assert triage.edit(session, erratum, by, corrected_text=" takes ", kind=Kind.CORRECTION) is None


def test_a_note_is_internal(session: Session, erratum: Erratum) -> None:
    triage.note(session, erratum, "Ask Marta.", factories.act(Role.TRIAGER))
    assert events_of(session, erratum)[-1].note == "Ask Marta."
    assert all("Marta" not in str(mail.facts) for mail in factories.mails(session, to=ANN))
    with pytest.raises(Rejected):
        triage.note(session, erratum, "  ", factories.act(Role.TRIAGER))


# Where it is


def test_an_editor_picks_the_article(session: Session, article: Article) -> None:
    erratum = factories.make_erratum(session, article="something quite different", quote="recieves")
    assert erratum.article is None
    triage.place_in(session, erratum, article, factories.act(Role.TRIAGER))
    assert (erratum.article, erratum.certainty) == (article, Certainty.CERTAIN)
    assert erratum.anchor_state is AnchorState.ANCHORED
    assert article.snapshots[0].text[erratum.start : erratum.end] == "recieves"


def test_an_editor_moves_it_from_a_wrong_article(session: Session, erratum: Erratum) -> None:
    other = factories.make_article(session, title="Bread", text="Nothing of the kind.")
    triage.place_in(session, erratum, other, factories.act(Role.TRIAGER))
    assert (erratum.article, erratum.anchor_state, erratum.start) == (other, AnchorState.ORPHANED, None)
    assert erratum.original_text == "recieves", "as it was reported"


def test_an_editor_picks_one_of_several_places(session: Session, article: Article) -> None:
    erratum = factories.make_erratum(session, quote="the", corrected_text="this")
    assert erratum.anchor_state is AnchorState.AMBIGUOUS
    text = article.snapshots[0].text
    start = text.index("the island")
    triage.place_at(session, erratum, start, start + 3, factories.act(Role.TRIAGER))
    assert (erratum.anchor_state, erratum.original_text) == (AnchorState.ANCHORED, "the")
    assert erratum.anchor.suffix.startswith(" island")


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 3), (0, 10_000)])
def test_a_place_outside_of_the_text_is_refused(session: Session, erratum: Erratum, start: int, end: int) -> None:
    with pytest.raises(Rejected):
        triage.place_at(session, erratum, start, end, factories.act(Role.TRIAGER))


def test_what_is_decided_stays_where_it_is(session: Session, erratum: Erratum, article: Article) -> None:
    factories.reject(session, erratum)
    with pytest.raises(IllegalMove):
        triage.place_in(session, erratum, article, factories.act(Role.ADMIN))
    with pytest.raises(IllegalMove):
        triage.place_at(session, erratum, 0, 3, factories.act(Role.ADMIN))
