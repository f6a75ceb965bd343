from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.drafts import Draft
from corrections.domain.errors import NotFound
from corrections.domain.policy import Kind
from corrections.models import Correction
from corrections.queries import log
from corrections.queries.log import Wanted
from corrections.services import publishing
from factories import act, make_article, make_correction, make_erratum

pytestmark = pytest.mark.usefixtures("publication")

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
AMENDED = Draft(kind=Kind.TYPO, original_text="recieves", corrected_text="receives at last")


def many(session: Session, amount: int, *, at: datetime = NOON, step: timedelta = timedelta(minutes=1)) -> None:
    """So many entries of one article, written straight into the table: the services would take too long."""
    first = session.scalar(sa.select(sa.func.max(Correction.number))) or 0
    article = make_article(session, title=f"Article with {amount} corrections")
    rows = [
        {
            "number": first + i,
            "first_number": first + i,
            "article_id": article.id,
            "sequence": i,
            "kind": Kind.TYPO,
            "original_text": f"wrnog {i}",
            "corrected_text": f"wrong {i}",
            "listed": False,
            "published_at": at + i * step,
            "first_published_at": at + i * step,
        }
        for i in range(1, amount + 1)
    ]
    session.execute(sa.insert(Correction), rows)


def numbers(page: log.Page) -> list[int]:
    return [line.number for line in page.lines]


def test_the_newest_stands_first(session: Session) -> None:
    many(session, 3)
    assert numbers(log.page(session, Wanted())) == [3, 2, 1]


@pytest.mark.parametrize("step", [timedelta(minutes=1), timedelta(0)], ids=["one after another", "all at one moment"])
def test_paging_shows_every_entry_once(session: Session, step: timedelta) -> None:
    many(session, 7, step=step)
    seen: list[int] = []
    before: int | None = None
    while True:
        page = log.page(session, Wanted(before=before), size=3)
        assert page.total == 7
        seen += numbers(page)
        if page.next_before is None:
            break
        before = page.next_before
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_a_full_last_page_has_no_next_one(session: Session) -> None:
    many(session, 3)
    assert log.page(session, Wanted(), size=3).next_before is None


def test_nothing_follows_an_entry_that_does_not_exist(session: Session) -> None:
    many(session, 3)
    assert numbers(log.page(session, Wanted(before=99))) == []


def test_kinds_and_notices_are_told_apart(session: Session) -> None:
    typo = make_correction(session)
    fact = make_correction(session, kind=Kind.CORRECTION, note="The date was wrong.")
    assert numbers(log.page(session, Wanted(kind=Kind.TYPO))) == [typo.number]
    assert numbers(log.page(session, Wanted(notices=True))) == [fact.number]
    assert log.page(session, Wanted(notices=True)).total == 1


def test_a_year_begins_where_the_installation_stands(session: Session) -> None:
    many(session, 1, at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    berlin = ZoneInfo("Europe/Berlin")
    assert numbers(log.page(session, Wanted(year=2026))) == [1]
    assert numbers(log.page(session, Wanted(year=2026, zone=berlin))) == []
    assert numbers(log.page(session, Wanted(year=2027, zone=berlin))) == [1]
    assert list(log.years(session, berlin)) == [2027]


def test_the_years_run_from_the_newest_to_the_oldest(session: Session) -> None:
    assert list(log.years(session, UTC)) == []
    many(session, 1, at=datetime(2023, 3, 1, tzinfo=UTC))
    many(session, 1, at=datetime(2026, 3, 1, tzinfo=UTC))
    assert list(log.years(session, UTC)) == [2026, 2025, 2024, 2023]


@pytest.mark.parametrize("words", ["receives", "RECEI", "moonlight ferry", "harbourmaster"])
def test_words_are_found_in_change_note_and_title(session: Session, words: str) -> None:
    found = make_correction(session, note="The harbourmaster told us.")
    many(session, 1)
    session.flush()
    assert numbers(log.page(session, Wanted(q=words))) == [found.number]


@pytest.fixture(params=[1000, 2], ids=["few", "many"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many entries count as few; four entries are many for the second."""
    monkeypatch.setattr(log, "FEW", request.param)
    return int(request.param)


@pytest.mark.parametrize("words", ["wrnog", "wro", "article corrections"], ids=["said", "begun", "titled"])
@pytest.mark.parametrize("step", [timedelta(minutes=1), timedelta(minutes=-1), timedelta(0)], ids=str)
def test_what_is_found_by_words_stands_in_the_order_of_the_log(
    session: Session, few: int, words: str, step: timedelta
) -> None:
    make_correction(session)
    many(session, 4, step=step)
    order = [line.number for line in log.newest(session, Wanted()) if line.number > 1]
    seen: list[int] = []
    before: int | None = None
    while len(seen) < 9:
        page = log.page(session, Wanted(q=words, before=before), size=3)
        assert (page.total, page.more) == ((2, True) if few == 2 else (4, False))
        seen += numbers(page)
        if page.next_before is None:
            break
        before = page.next_before
    assert seen == order


@pytest.mark.usefixtures("few")
def test_words_narrow_further_what_is_narrowed(session: Session) -> None:
    fact = make_correction(session, kind=Kind.CORRECTION, note="Not wrong, but wrnog.")
    many(session, 3)
    many(session, 3, at=datetime(2025, 3, 1, tzinfo=UTC))
    assert numbers(log.page(session, Wanted(q="wrnog", kind=Kind.CORRECTION))) == [fact.number]
    assert numbers(log.page(session, Wanted(q="wrnog", notices=True))) == [fact.number]
    assert numbers(log.page(session, Wanted(q="wrnog", year=2025))) == [7, 6, 5]
    assert numbers(log.page(session, Wanted(q="wrnog", article_id=fact.article_id))) == [fact.number]
    assert numbers(log.page(session, Wanted(q="wrnog", before=5))) == []
    assert numbers(log.page(session, Wanted(q="wrnog", before=99))) == []


@pytest.mark.usefixtures("few")
def test_what_was_superseded_is_not_found(session: Session) -> None:
    old = make_correction(session, note="The harbourmaster told us.")
    publishing.amend(session, old, AMENDED, act(Role.ADMIN))
    session.flush()
    many(session, 3)
    assert log.page(session, Wanted(q="harbourmaster")).total == 0
    assert numbers(log.page(session, Wanted(q="receives at last"))) == [2]


@pytest.mark.parametrize("typed", ["", "…", "'", '"', "*", "a OR", "NEAR(", ":*", "\\", "x" * 600])
def test_nothing_typed_breaks_the_search(session: Session, typed: str) -> None:
    many(session, 2)
    assert log.page(session, Wanted(q=f"{typed} wrnog", before=99)).total in {0, 2}


def test_counting_ends_somewhere(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "COUNT_UP_TO", 4)
    many(session, 4)
    assert (log.page(session, Wanted()).total, log.page(session, Wanted()).more) == (4, False)
    many(session, 1)
    for wanted in (Wanted(), Wanted(before=1), Wanted(kind=Kind.TYPO)):
        page = log.page(session, wanted, size=2)
        assert (page.total, page.more) == (4, True)


def test_an_article_shows_its_own(session: Session) -> None:
    one, other = make_correction(session), make_correction(session)
    assert numbers(log.page(session, Wanted(article_id=one.article_id))) == [one.number]
    assert one.article_id != other.article_id


def test_an_amended_entry_leaves_the_log_but_not_its_number(session: Session) -> None:
    old = make_correction(session)
    new = publishing.amend(session, old, AMENDED, act(Role.ADMIN))
    session.flush()
    assert numbers(log.page(session, Wanted())) == [new.number]
    for number in (old.number, new.number):
        assert [line.number for line in log.history(session, number)] == [old.number, new.number]


@pytest.mark.parametrize("number", [0, 99, log.LARGEST, log.LARGEST + 1, 10**30])
def test_an_unknown_number_is_not_found(session: Session, number: int) -> None:
    with pytest.raises(NotFound):
        log.history(session, number)


@pytest.mark.parametrize("slug", ["nothing-here", "", "nul\x00", "UPPER", "a/b", "é", "x" * 5000])
def test_an_unknown_article_is_not_found(session: Session, slug: str) -> None:
    with pytest.raises(NotFound):
        log.article(session, slug)


def test_everything_holds_what_was_superseded_too(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "EXPORT_CHUNK", 2)
    with transaction():
        old = make_correction(session)
        new = publishing.amend(session, old, AMENDED, act(Role.ADMIN))
        session.flush()
        many(session, 4)
        pair = old.number, new.number
    lines = list(log.everything(session))
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6]
    assert {line.number: line.superseded_by for line in lines}[pair[0]] == pair[1]
    assert {line.number: line.supersedes for line in lines}[pair[1]] == pair[0]


def test_every_article_is_in_one_sitemap(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "SITEMAP_BLOCK", 3)
    many(session, 4)
    many(session, 4)
    assert log.sitemap_blocks(session) == 3
    lines = [line for block in range(3) for line in log.sitemap(session, block)]
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len([line.slug for line in lines if line.sequence == 1]) == 2
    assert log.sitemap(session, 10**30) == []


def test_a_report_alone_changes_nothing_public(session: Session) -> None:
    version = log.version(session)
    make_erratum(session, article=make_article(session).url)
    assert log.version(session) == version
    make_correction(session)
    assert log.version(session) > version


ASKED = {
    "all": Wanted(),
    "paged": Wanted(before=500),
    "kind": Wanted(kind=Kind.TYPO),
    "notices": Wanted(notices=True, before=500),
    "year": Wanted(year=2026),
    "article": Wanted(article_id=1),
}


@pytest.mark.parametrize("wanted", ASKED.values(), ids=ASKED)
def test_an_index_gives_the_order(
    session: Session,
    wanted: Wanted,
) -> None:
    many(session, 1000)
    plan = plan_of(session, wanted)
    assert "ix_correction_" in plan
    assert "SORT" not in plan.upper().replace("INCREMENTAL SORT", "")
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("wanted", ASKED.values(), ids=ASKED)
def test_few_entries_with_the_words_are_looked_up_one_by_one(session: Session, wanted: Wanted) -> None:
    many(session, 1000)
    ids, page = plans_of(session, replace(wanted, q="wrnog 12"))
    assert "correction_search" in ids
    assert "SCAN correction " not in ids + page
    assert "Seq Scan on correction" not in ids + page
    assert "PRIMARY KEY" in page or "pk_correction" in page
    assert re.findall("ix_correction_(?:log|kind|article|listed)", page) == []


def plan_of(session: Session, wanted: Wanted) -> str:
    """How the database goes about the last of it."""
    return plans_of(session, wanted)[-1]


def plans_of(session: Session, wanted: Wanted) -> list[str]:
    """How the database goes about it, in its own words."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    log.newest(session, wanted)
    sa.event.remove(connection, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN"
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN"
    plans = [connection.exec_driver_sql(f"{explain} {statement}", parameters) for statement, parameters in asked]
    return ["\n".join(str(row[-1]) for row in rows) for rows in plans]
