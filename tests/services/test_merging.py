"""Merging and splitting errata, and undoing it exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.errors import IllegalMove, NotFound, Rejected
from corrections.domain.states import Move, Status
from corrections.models import Article, Erratum, Event, EventKind, Publication, Report
from corrections.services import triage
from corrections.services.triage import Said

ANN = "ann@example.org"
BY = factories.act(Role.TRIAGER)

Maker = Callable[..., Erratum]


@pytest.fixture
def article(session: Session, publication: Publication) -> Article:  # noqa: ARG001 - comes first
    with transaction():
        return factories.make_article(session)


@pytest.fixture
def make(session: Session, article: Article, clock: Clock) -> Maker:
    """``make("tiller", "helm", readers=2)``: an erratum, each a minute after the one before."""

    def made(quote: str, corrected: str = "", **more: Any) -> Erratum:
        clock.advance(minutes=1)
        with transaction():
            return factories.make_erratum(session, article=article.url, quote=quote, corrected_text=corrected, **more)

    return made


def state_of(erratum: Erratum) -> dict[str, Any]:
    """Every column but the revision, and the reports."""
    columns = {column.key: getattr(erratum, column.key) for column in inspect(Erratum).column_attrs}
    columns.pop("revision")
    return columns | {"reports": [report.id for report in erratum.reports]}


def test_all_reports_go_over(session: Session, make: Maker) -> None:
    one, other = make("tiller", "helm", readers=2), make("Marta", "Greta", readers=3)
    with transaction():
        triage.merge(session, one, other, BY)
    assert (one.status, one.merged_into, one.report_count, one.reports) == (Status.MERGED, other, 0, [])
    assert (other.status, other.report_count, len(other.reports)) == (Status.REPORTED, 5, 5)
    kinds = session.scalars(select(Event.kind).where(Event.erratum_id == one.id).order_by(Event.id)).all()
    assert kinds[-2:] == [EventKind.MERGED, EventKind.MERGED]


def test_undoing_a_merge_leaves_everything_as_it_was(session: Session, make: Maker) -> None:
    one, other = make("tiller", "helm", readers=2), make("Marta", "Greta", readers=3)
    before = state_of(one), state_of(other)
    with transaction():
        triage.merge(session, one, other, BY)
    assert (state_of(one), state_of(other)) != before
    with transaction():
        triage.unmerge(session, one, BY)
    assert (state_of(one), state_of(other)) == before


def test_a_suggestion_that_came_by_the_merge_goes_with_it(session: Session, make: Maker) -> None:
    one, other = make("tiller", "helm"), make("Marta")
    before = state_of(other)
    with transaction():
        triage.merge(session, one, other, BY)
    assert other.corrected_text == "helm", "better than none"
    with transaction():
        triage.unmerge(session, one, BY)
    assert state_of(other) == before


def test_a_suggestion_an_editor_wrote_meanwhile_stays(session: Session, make: Maker) -> None:
    one, other = make("tiller", "helm"), make("Marta")
    with transaction():
        triage.merge(session, one, other, BY)
        triage.edit(session, other, BY, corrected_text="Greta")
    with transaction():
        triage.unmerge(session, one, BY)
    assert other.corrected_text == "Greta"


def test_the_status_before_comes_back(session: Session, make: Maker) -> None:
    one, other = make("tiller", "helm"), make("Marta", "Greta")
    with transaction():
        triage.move(session, one, Move.VERIFY, BY)
    with transaction():
        triage.merge(session, one, other, BY)
    with transaction():
        triage.unmerge(session, one, BY)
    assert one.status is Status.VERIFIED


def test_what_came_to_the_other_meanwhile_stays_there(session: Session, make: Maker, article: Article) -> None:
    one, other = make("tiller", "helm"), make("Marta", "Greta")
    with transaction():
        triage.merge(session, one, other, BY)
        late = factories.make_report(session, article=article.url, quote="Marta", corrected_text="Greta")
    assert late.erratum is other
    with transaction():
        triage.unmerge(session, one, BY)
    assert (one.report_count, other.report_count) == (1, 2)
    assert late.erratum is other


def test_a_report_that_was_moved_on_does_not_come_back(session: Session, make: Maker) -> None:
    one, other = make("tiller", "helm", readers=2), make("Marta", "Greta")
    with transaction():
        triage.merge(session, one, other, BY)
        moved_on = triage.split(session, other, [other.reports[0]], BY)
    assert moved_on.reports[0].corrected_text == "helm"
    with transaction():
        triage.unmerge(session, one, BY)
    assert [erratum.report_count for erratum in (one, other, moved_on)] == [1, 1, 1]


def test_merging_again_after_undoing_moves_only_what_is_there_now(session: Session, make: Maker) -> None:
    one, other, third = make("tiller", "helm"), make("Marta", "Greta"), make("island", "isle")
    for into in (other, third):
        with transaction():
            triage.merge(session, one, into, BY)
        with transaction():
            triage.unmerge(session, one, BY)
    assert [erratum.report_count for erratum in (one, other, third)] == [1, 1, 1]
    assert one.status is Status.REPORTED


def test_nothing_is_lost_when_reports_go_round(session: Session, make: Maker) -> None:
    errata = [make("tiller", "helm", readers=2), make("Marta", "Greta"), make("island", "isle")]
    with transaction():
        triage.merge(session, errata[0], errata[1], BY)
    with transaction():
        triage.merge(session, errata[1], errata[2], BY)
    assert errata[2].report_count == 4
    assert session.scalar(select(func.count()).where(Report.erratum_id == errata[2].id)) == 4


def test_what_cannot_be_merged(session: Session, make: Maker) -> None:
    one, other, third = make("tiller", "helm"), make("Marta", "Greta"), make("island", "isle")
    with pytest.raises(Rejected):
        triage.merge(session, one, one, BY)
    triage.merge(session, one, other, BY)
    with pytest.raises(IllegalMove):
        triage.merge(session, one, third, BY)
    with pytest.raises(IllegalMove):
        triage.merge(session, third, one, BY)
    factories.reject(session, third)
    with pytest.raises(IllegalMove):
        triage.merge(session, third, other, BY)
    with pytest.raises(IllegalMove):
        triage.unmerge(session, other, BY)


def test_reporters_of_a_duplicate_hear_the_outcome_that_is_there(session: Session, make: Maker) -> None:
    duplicate, decided = make("tiller", "helm", confirmed=ANN), make("Marta", "Greta")
    factories.reject(session, decided)
    triage.merge(session, duplicate, decided, BY)
    assert factories.mails(session, to=ANN)[-1].template == "report_rejected"


def test_reporters_of_a_duplicate_hear_the_outcome_that_comes(session: Session, make: Maker) -> None:
    one, other = make("tiller", "helm", confirmed=ANN), make("Marta", "Greta", confirmed="bob@example.org")
    triage.merge(session, one, other, BY)
    triage.move(session, other, Move.FIX, factories.act(Role.EDITOR), Said(corrected_text="Greta"))
    for reader in (ANN, "bob@example.org"):
        assert len(factories.mails(session, to=reader, template="report_fixed")) == 1


# Splitting


def test_some_reports_leave_for_an_erratum_of_their_own(session: Session, make: Maker, article: Article) -> None:
    erratum = make("Marta", "Greta", readers=3)
    leaving = erratum.reports[1:]
    with transaction():
        new = triage.split(session, erratum, leaving, BY)
    assert (erratum.report_count, new.report_count) == (1, 2)
    assert [report.erratum for report in leaving] == [new, new]
    assert (new.status, new.article, new.original_text) == (Status.REPORTED, article, "Marta")
    assert (new.reported_at, new.last_reported_at) == (leaving[0].received_at, leaving[-1].received_at)
    assert new.number != erratum.number
    kinds = set(session.scalars(select(Event.kind).where(Event.erratum_id == new.id)))
    assert kinds == {EventKind.SPLIT}


def test_what_was_split_can_be_merged_back(session: Session, make: Maker) -> None:
    erratum = make("Marta", "Greta", readers=3)
    before = state_of(erratum)
    with transaction():
        new = triage.split(session, erratum, erratum.reports[:1], BY)
    with transaction():
        triage.merge(session, new, erratum, BY)
    assert state_of(erratum) == before


def test_at_least_one_stays_and_one_goes(session: Session, make: Maker) -> None:
    erratum = make("Marta", "Greta", readers=2)
    for leaving in ([], list(erratum.reports)):
        with pytest.raises(Rejected):
            triage.split(session, erratum, leaving, BY)
    with pytest.raises(NotFound):
        triage.split(session, erratum, make("tiller", "helm").reports, BY)
    factories.reject(session, erratum)
    with pytest.raises(IllegalMove):
        triage.split(session, erratum, erratum.reports[:1], BY)
