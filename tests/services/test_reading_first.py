"""A report is understood before the database is locked; what changed in the meantime is looked at again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from corrections.db import begin_writing, db, transaction
from corrections.domain.anchors import AnchorState
from corrections.domain.errors import TooMany
from corrections.domain.sayings import Saying
from corrections.models import Article, Erratum, Report, Snapshot
from corrections.services import articles, placing, reports
from corrections.services.placing import Spot
from corrections.services.reports import Quotas

look = placing.look


@pytest.fixture
def article(session: Session, publication: object) -> Article:
    assert publication is not None
    with transaction():
        return factories.make_article(session)


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[Session], object]) -> None:
    """Once the report has been understood, and before it is written, somebody else commits something."""

    def then(session: Session, saying: Saying) -> Spot:
        spot = look(session, saying)
        monkeypatch.setattr(placing, "look", look)
        with Session(db.engine) as other:
            begin_writing(other)
            happens(other)
            other.commit()
        return spot

    monkeypatch.setattr(placing, "look", then)


def submitted(quotas: Quotas | None = None, key: str = "one") -> str:
    with transaction(reading_first=True) as session:
        return reports.submit(session, factories.new_report(submission_key=key), factories.act(), quotas).reference


def test_others_can_write_while_a_report_is_understood(
    session: Session, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda other: factories.make_article(other, title="Another one", url=None))
    submitted()
    erratum = session.scalars(select(Erratum)).one()
    assert erratum.article_id == article.id
    assert session.scalar(select(func.count()).select_from(Article)) == 2


def test_a_text_that_changed_meanwhile_is_read_again(
    session: Session, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(other: Session) -> None:
        text = f"A line before all others.\n\n{factories.TEXT}"
        articles.capture(other, other.get_one(Article, article.id), text, factories.system_act())

    before = article.id
    meanwhile(monkeypatch, change)
    submitted()
    erratum = session.scalars(select(Erratum)).one()
    newest = session.scalars(select(Snapshot).where(Snapshot.article_id == before, Snapshot.number == 2)).one()
    assert erratum.anchor_state is AnchorState.ANCHORED
    assert erratum.snapshot_id == newest.id
    assert erratum.start is not None
    assert newest.text[erratum.start : erratum.end] == erratum.original_text


@pytest.mark.usefixtures("article")
def test_a_reader_who_reports_the_same_meanwhile_is_on_the_same_erratum(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda other: factories.make_report(other, submission_key="other"))
    submitted()
    assert session.scalars(select(Erratum.report_count)).all() == [2]


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("article")
def test_the_same_sheet_sent_meanwhile_is_one_report(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda other: factories.make_report(other, submission_key="one"))
    reference = submitted()
    assert session.scalars(select(Report.reference)).all() == [reference]


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("article")
def test_a_quota_used_up_meanwhile_is_used_up(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda other: factories.make_report(other, submission_key="other"))
    with pytest.raises(TooMany):
        submitted(Quotas(per_article=1))
    assert session.scalars(select(Report.submission_key)).all() == ["other"]


@pytest.mark.usefixtures("article")
def test_where_it_belongs_may_have_been_looked_for_before(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(reading_first=True):
        new = factories.new_report(submission_key="one")
        spot = look(session, reports.saying_of(new))
        monkeypatch.delattr(placing, "look")
        report = reports.submit(session, new, factories.act(), spot=spot)
    assert report.erratum is not None
    assert report.erratum.anchor_state is AnchorState.ANCHORED
