"""From a fixed erratum to a numbered entry of the log, and what can be done about one that is wrong itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.actors import Act, Role
from corrections.domain.drafts import Draft
from corrections.domain.errors import IllegalMove, NotAllowed, Rejected
from corrections.domain.policy import POLICY, Kind
from corrections.domain.states import Move, Status
from corrections.models import Article, Correction, CorrectionState, Erratum, Event, EventKind, Publication
from corrections.services import numbers, publishing, triage
from corrections.services.triage import Said

ANN = "ann@example.org"


@pytest.fixture
def article(session: Session, publication: Publication) -> Article:  # noqa: ARG001 - comes first
    with transaction():
        return factories.make_article(session)


@pytest.fixture
def erratum(session: Session, article: Article) -> Erratum:
    """Fixed, reported by Ann."""
    with transaction():
        return factories.fix(session, factories.make_erratum(session, article=article.url, confirmed=ANN))


@pytest.fixture
def correction(session: Session, erratum: Erratum) -> Correction:
    with transaction():
        return factories.publish(session, erratum)


def an_editor() -> Act:
    return factories.act(Role.EDITOR)


def draft_of(kind: Kind, **changes: str) -> Draft:
    return replace(
        Draft(kind=kind, original_text="recieves", corrected_text="receives", note="It was misspelt."), **changes
    )


def test_a_draft_says_what_the_erratum_says(erratum: Erratum) -> None:
    assert publishing.draft(erratum) == Draft(kind=Kind.TYPO, original_text="recieves", corrected_text="receives")


def test_a_correction_has_number_place_and_date(
    session: Session, erratum: Erratum, article: Article, clock: Clock
) -> None:
    version = numbers.current(session, numbers.Name.LOG)
    clock.advance(hours=3)
    correction = factories.publish(session, erratum, by=factories.act(Role.EDITOR))
    assert (correction.number, correction.first_number, correction.sequence) == (1, 1, 1)
    assert (correction.article, correction.errata) == (article, [erratum])
    assert (correction.original_text, correction.corrected_text) == ("recieves", "receives")
    assert correction.prefix.endswith("dusk and ")
    assert correction.suffix.startswith(" its last")
    assert correction.published_at == correction.first_published_at == clock.at
    assert (correction.state, correction.current) == (CorrectionState.PUBLISHED, True)
    assert correction.editor_name == "Editor"
    assert article.corrections_made == 1
    assert numbers.current(session, numbers.Name.LOG) == version + 1


def test_numbers_run_through_and_sequences_by_article(session: Session, publication: Publication) -> None:  # noqa: ARG001
    made = []
    for article, quote in product(
        (factories.make_article(session), factories.make_article(session)), ("tiller", "Marta")
    ):
        erratum = factories.make_erratum(session, article=article.url, quote=quote, corrected_text="other")
        factories.fix(session, erratum, corrected_text="other")
        made.append(factories.publish(session, erratum))
    assert [c.number for c in made] == [1, 2, 3, 4]
    assert [c.sequence for c in made] == [1, 2, 1, 2]


@pytest.mark.parametrize(("kind", "role"), list(product(Kind, Role)))
def test_each_kind_has_its_role(session: Session, erratum: Erratum, kind: Kind, role: Role) -> None:
    if not role.reaches(POLICY[kind].role):
        with pytest.raises(NotAllowed):
            publishing.publish(session, [erratum], draft_of(kind), factories.act(role))
        return
    correction = publishing.publish(session, [erratum], draft_of(kind), factories.act(role))
    assert correction.listed is POLICY[kind].notice
    assert erratum.kind is kind


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        *((kind, {"note": " \n"}, "note") for kind in Kind if kind is not Kind.TYPO),
        (Kind.TYPO, {"corrected_text": ""}, "corrected_text"),
        (Kind.CORRECTION, {"corrected_text": " "}, "corrected_text"),
        (Kind.TYPO, {"corrected_text": "recieves"}, "corrected_text"),
        (Kind.EDITORS_NOTE, {"original_text": "", "corrected_text": "", "note": ""}, "note"),
        (Kind.TYPO, {"original_text": "x" * (limits.QUOTE + 1)}, "original_text"),
        (Kind.TYPO, {"corrected_text": "x" * (limits.QUOTE + 1)}, "corrected_text"),
        (Kind.TYPO, {"note": "x" * (limits.PUBLIC_NOTE + 1)}, "note"),
    ],
)
def test_bad_wording(session: Session, erratum: Erratum, kind: Kind, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Rejected) as refusal:
        publishing.publish(session, [erratum], draft_of(kind, **changes), factories.act(Role.ADMIN))
    assert field in refusal.value.fields
    assert session.scalars(select(Correction)).all() == []


@pytest.mark.parametrize("kind", [Kind.CLARIFICATION, Kind.EDITORS_NOTE, Kind.RETRACTION])
def test_a_note_can_stand_alone(session: Session, erratum: Erratum, kind: Kind) -> None:
    draft = Draft(kind=kind, note="We should have said which winter.")
    assert publishing.publish(session, [erratum], draft, factories.act(Role.ADMIN)).note == draft.note


@pytest.mark.parametrize("status", [Status.REPORTED, Status.VERIFIED, Status.REJECTED])
def test_only_what_is_fixed_is_published(session: Session, article: Article, status: Status) -> None:
    erratum = factories.make_erratum(session, article=article.url)
    if status is Status.VERIFIED:
        triage.move(session, erratum, Move.VERIFY, an_editor())
    elif status is Status.REJECTED:
        factories.reject(session, erratum)
    with pytest.raises(IllegalMove, match="fixed"):
        factories.publish(session, erratum)


def test_it_must_be_known_in_which_article(session: Session, publication: Publication) -> None:  # noqa: ARG001
    erratum = factories.fix(session, factories.make_erratum(session, article="unknown", quote="zinc"))
    with pytest.raises(IllegalMove, match="which article"):
        factories.publish(session, erratum)


def test_one_correction_is_about_one_article_and_at_least_one_erratum(session: Session, erratum: Erratum) -> None:
    other = factories.make_article(session, title="Bread")
    elsewhere = factories.fix(session, factories.make_erratum(session, article=other.url))
    with pytest.raises(Rejected):
        factories.publish(session, [erratum, elsewhere])
    with pytest.raises(Rejected):
        publishing.publish(session, [], draft_of(Kind.TYPO), an_editor())


def test_several_errata_of_one_article_are_one_correction(session: Session, erratum: Erratum, article: Article) -> None:
    said = {"quote": "the the", "corrected_text": "the", "confirmed": "bob@example.org"}
    other = factories.fix(session, factories.make_erratum(session, article=article.url, **said), corrected_text="the")
    correction = factories.publish(session, [erratum, other])
    assert correction.errata == [erratum, other]
    assert article.corrections_made == 1
    events = session.scalars(select(Event).where(Event.kind == EventKind.PUBLISHED).order_by(Event.id)).all()
    assert [event.erratum for event in events] == [erratum, other]
    assert {event.correction for event in events} == {correction}


def test_who_was_told_of_the_fix_is_not_told_again(session: Session, correction: Correction) -> None:
    assert correction.number
    assert [m.template for m in factories.mails(session, to=ANN)][2:] == ["report_fixed"]


def test_fixing_and_publishing_in_one_go_is_one_mail_that_says_it_all(session: Session, article: Article) -> None:
    erratum = factories.make_erratum(session, article=article.url, confirmed=ANN)
    triage.move(session, erratum, Move.FIX, an_editor(), Said(corrected_text="receives"), quiet=True)
    correction = factories.publish(session, erratum, note="It was misspelt.")
    [mail] = factories.mails(session, to=ANN)[2:]
    assert mail.template == "report_published"
    assert (mail.facts["correction"], mail.facts["correction_note"]) == (correction.number, "It was misspelt.")


def test_what_was_published_is_not_published_twice(session: Session, correction: Correction) -> None:
    [erratum] = correction.errata
    with pytest.raises(IllegalMove, match="already"):
        factories.publish(session, erratum)


def test_what_was_opened_and_fixed_again_can_be(session: Session, correction: Correction) -> None:
    [erratum] = correction.errata
    triage.move(session, erratum, Move.REOPEN, an_editor(), Said(reason="Now it says “reseives”."))
    factories.fix(session, erratum)
    assert factories.publish(session, erratum).number == correction.number + 1


def test_what_was_taken_back_can_be_published_anew(session: Session, correction: Correction) -> None:
    [erratum] = correction.errata
    publishing.withdraw(session, correction, "Published too early.", an_editor())
    assert factories.publish(session, erratum).number == correction.number + 2


# Amending and withdrawing


def test_better_wording_supersedes(session: Session, correction: Correction, clock: Clock) -> None:
    first_day = correction.published_at
    clock.advance(days=2)
    newer = publishing.amend(session, correction, draft_of(Kind.CORRECTION, note="Better said."), an_editor())
    session.flush()
    assert (newer.number, newer.sequence, newer.supersedes) == (2, 2, correction)
    assert (newer.first_number, newer.first_published_at) == (correction.number, first_day)
    assert (newer.published_at, newer.current, newer.listed) == (clock.at, True, True)
    assert (correction.current, correction.note, correction.kind) == (False, "", Kind.TYPO)
    assert newer.errata == correction.errata
    assert newer.article.corrections_made == 1, "it is still one"
    event = session.scalars(select(Event).where(Event.kind == EventKind.AMENDED)).one()
    assert (event.correction, event.note) == (newer, "2")


def test_a_correction_taken_back_says_why_and_stays_readable(session: Session, correction: Correction) -> None:
    newer = publishing.withdraw(session, correction, " The first spelling was right. ", an_editor())
    session.flush()
    assert (newer.state, newer.note, newer.supersedes) == (
        CorrectionState.WITHDRAWN, "The first spelling was right.", correction,
    )  # fmt: skip
    assert (newer.original_text, newer.corrected_text) == (correction.original_text, correction.corrected_text)
    assert (correction.state, correction.current, newer.current) == (CorrectionState.PUBLISHED, False, True)
    assert newer.article.corrections_made == 0


def test_a_chain_has_one_end(session: Session, correction: Correction) -> None:
    second = publishing.amend(session, correction, draft_of(Kind.TYPO, note="one"), an_editor())
    third = publishing.amend(session, second, draft_of(Kind.TYPO, note="two"), an_editor())
    last = publishing.withdraw(session, third, "Never mind.", an_editor())
    session.flush()
    assert session.scalars(select(Correction).where(Correction.current)).all() == [last]
    assert {c.first_number for c in (second, third, last)} == {correction.number}
    for old in (correction, second, third):
        with pytest.raises(IllegalMove, match="newer"):
            publishing.amend(session, old, draft_of(Kind.TYPO, note="late"), an_editor())
        with pytest.raises(IllegalMove, match="newer"):
            publishing.withdraw(session, old, "late", an_editor())
    for again in (lambda: publishing.amend(session, last, draft_of(Kind.TYPO), an_editor()),
                  lambda: publishing.withdraw(session, last, "twice", an_editor())):  # fmt: skip
        with pytest.raises(IllegalMove, match="withdrawn"):
            again()


def test_every_entry_moves_the_version_of_the_log(session: Session, correction: Correction) -> None:
    version = numbers.current(session, numbers.Name.LOG)
    newer = publishing.amend(session, correction, draft_of(Kind.TYPO, note="one"), an_editor())
    publishing.withdraw(session, newer, "Never mind.", an_editor())
    assert numbers.current(session, numbers.Name.LOG) == version + 2


def test_amending_needs_a_change_and_the_role(session: Session, correction: Correction) -> None:
    same = Draft(kind=Kind.TYPO, original_text="recieves", corrected_text=" receives ")
    with pytest.raises(Rejected, match="Nothing"):
        publishing.amend(session, correction, same, an_editor())
    with pytest.raises(NotAllowed):
        publishing.amend(session, correction, draft_of(Kind.RETRACTION), an_editor())
    with pytest.raises(NotAllowed):
        publishing.withdraw(session, correction, "why", factories.act(Role.TRIAGER))
    with pytest.raises(Rejected):
        publishing.withdraw(session, correction, " ", an_editor())


def test_published_wording_cannot_be_changed_by_any_code(session: Session, correction: Correction) -> None:
    with pytest.raises(DatabaseError), transaction():
        correction.note = "other words"
    with pytest.raises(DatabaseError), transaction():
        session.delete(session.get_one(Correction, correction.id))
    session.expire_all()
    assert correction.note == ""
