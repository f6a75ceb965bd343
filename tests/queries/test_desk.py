"""The queue's statements: read from an index in their order, and the search words that narrow them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import factories
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.errors import NotFound, Rejected
from corrections.domain.states import OPEN, Status
from corrections.models import Erratum
from corrections.queries import desk, errata, words
from corrections.queries.desk import Cursor, Sort, Wanted

pytestmark = pytest.mark.usefixtures("publication")

FIRST = 1000
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OPEN_ONES = tuple(status for status in Status if status in OPEN)
INDEX_OF = {
    Sort.OLDEST: "ix_erratum_queue",
    Sort.NEWEST: "ix_erratum_newest",
    Sort.MOST_REPORTED: "ix_erratum_most_reported",
}


def many(session: Session, amount: int) -> None:
    """So many errata of one article, in all open statuses, written straight into the table."""
    article = factories.make_article(session)
    rows: list[dict[str, Any]] = [
        {
            "number": FIRST + i, "article_id": article.id, "original_text": "", "prefix": "", "suffix": "",
            "corrected_text": "",
            "report_count": 1 + i % 3, "revision": 1, "claim_key": "", "status": OPEN_ONES[i % 4],
            "reported_at": NOON + timedelta(minutes=i // 2), "last_reported_at": NOON + timedelta(minutes=i // 3),
        }
        for i in range(1, amount + 1)
    ]  # fmt: skip
    session.execute(sa.insert(cast("sa.Table", Erratum.__table__)), rows)
    session.flush()


def ids_by_pages(session: Session, sort: Sort, size: int) -> list[int]:
    """All rows, page by page."""
    seen: list[int] = []
    after = ""
    while True:
        wanted = Wanted(statuses=OPEN_ONES, sort=sort, after=Cursor.read(after, sort))
        page = desk.queue(session, wanted, desk.counts(session), size=size)
        seen += [line.number for line in page.lines]
        if not page.after:
            return seen
        after = page.after


@pytest.mark.parametrize(("sort", "size"), list(product(Sort, [1, 4, 10])))
def test_pages_show_every_row_once_whatever_their_size(session: Session, sort: Sort, size: int) -> None:
    many(session, 20)
    assert sorted(ids_by_pages(session, sort, size)) == list(range(FIRST + 1, FIRST + 21))


def test_rows_of_the_same_moment_keep_one_order(session: Session) -> None:
    many(session, 20)
    assert (
        ids_by_pages(session, Sort.OLDEST, 3)
        == ids_by_pages(session, Sort.OLDEST, 20)
        == list(range(FIRST + 1, FIRST + 21))
    )


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("later", [False, True], ids=["the first page", "a later page"])
def test_each_order_is_read_from_its_index(session: Session, sort: Sort, later: bool) -> None:
    many(session, 2000)
    session.execute(sa.text("ANALYZE erratum"))
    after = (Cursor(2, 5) if sort is Sort.MOST_REPORTED else Cursor(NOON, 5)) if later else None
    plan = plan_of(session, Wanted(statuses=OPEN_ONES, sort=sort, after=after))
    of_errata = [step for step in plan if INDEX_OF[sort] in step]
    assert len(of_errata) == len(OPEN_ONES)
    assert [step for step in plan if step.startswith(("SCAN erratum", "Seq Scan on erratum "))] == []


def plan_of(session: Session, wanted: Wanted) -> list[str]:
    """What the database says that it does for a page."""
    statements: list[tuple[str, Any]] = []
    engine = session.get_bind()

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        statements.append((statement, values))

    kept = desk.counts(session)
    sa.event.listen(engine, "before_cursor_execute", note)
    desk.queue(session, wanted, kept)
    sa.event.remove(engine, "before_cursor_execute", note)
    statement, values = statements[-1]
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    rows = session.connection().exec_driver_sql(f"{explain} {statement}", values).all()
    return [str(row[-1]).strip(" ->") for row in rows]


def test_a_cursor_is_read_back_as_it_was_written() -> None:
    for sort, cursor in [
        (Sort.OLDEST, Cursor(NOON + timedelta(microseconds=7), 9)),
        (Sort.MOST_REPORTED, Cursor(12, 3)),
    ]:
        assert Cursor.read(str(cursor), sort) == cursor
    assert Cursor.read("", Sort.OLDEST) is None


@pytest.mark.parametrize("text", ["1", ".", "1.", ".1", "a.b", "1.2.3", "-1.2", f"{2**64}.1", "٣.٣", "1e3.1"])
def test_a_cursor_that_is_none_of_ours_is_refused(text: str) -> None:
    with pytest.raises(Rejected):
        Cursor.read(text, Sort.OLDEST)


def test_kept_counts_follow_the_errata(session: Session) -> None:
    with transaction():
        many(session, 8)
        factories.reject(session, factories.make_erratum(session))
    kept = desk.counts(session)
    assert {status: n for status, n in kept.by_status.items() if n} == {
        **dict.fromkeys(OPEN_ONES, 2),
        Status.REJECTED: 1,
    }
    assert kept.of(OPEN_ONES) == 8


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "statuses"),
    [
        ("", None),
        ("ferry", None),
        ("is:held", (Status.HELD,)),
        ("is:needs-info", (Status.NEEDS_INFO,)),
        ('is:"needs info"', (Status.NEEDS_INFO,)),
        ("is:decided", (Status.FIXED, Status.REJECTED)),
        ("is:open is:held", (Status.HELD,)),
        ("is:open is:fixed", ()),
    ],
)
def test_is_names_statuses(session: Session, typed: str, statuses: tuple[Status, ...] | None) -> None:
    assert words.parse(session, typed, 1).statuses == statuses


@pytest.mark.parametrize(
    ("typed", "conditions"),
    [
        ("two words", 1),
        ('"two words" is:open', 1),
        ("12:30 https://example.org/a", 1),
        ("Note: this", 1),
        ("on:", 1),
        ("kind:typo from:web by:nobody on:x y", 5),
        ("KIND:Typo", 1),
        ("", 0),
    ],
)
def test_what_is_no_search_word_is_searched_for(session: Session, typed: str, conditions: int) -> None:
    asked = words.parse(session, typed, 1)
    assert len(asked.conditions) + (asked.ids is not None) == conditions


@pytest.fixture(params=[1000, 3], ids=["few", "many"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many errata count as few; four are many for the second."""
    monkeypatch.setattr(words, "FEW", request.param)
    return int(request.param)


def found_by(session: Session, typed: str, sort: Sort = Sort.OLDEST, size: int = 50) -> list[int]:
    """All rows that a search finds, page by page."""
    seen: list[int] = []
    after = ""
    while True:
        asked = words.parse(session, typed, 1)
        wanted = Wanted(
            statuses=asked.statuses or OPEN_ONES,
            conditions=asked.conditions,
            ids=asked.ids,
            sort=sort,
            after=Cursor.read(after, sort),
        )
        page = desk.queue(session, wanted, desk.counts(session), size=size)
        seen += [line.number for line in page.lines]
        if not page.after:
            assert (page.total, page.more) == (len(seen), False)
            return seen
        after = page.after


@pytest.mark.parametrize(("sort", "size"), list(product(Sort, [2, 50])))
def test_what_is_found_stands_in_the_order_of_the_queue(session: Session, few: int, sort: Sort, size: int) -> None:
    many(session, 8)
    order = ids_by_pages(session, sort, 50)
    assert (words.parse(session, "moonlight", 1).ids is None) == (few == 3)
    assert found_by(session, "moonlight", sort, size) == order
    held = [number for number in order if OPEN_ONES[(number - FIRST) % 4] is Status.HELD]
    assert found_by(session, "moonlight is:held", sort, size) == held
    assert found_by(session, "moonlight by:nobody kind:typo", sort, size) == order
    assert found_by(session, "moonlight is:fixed", sort, size) == []


@pytest.mark.usefixtures("few")
def test_words_of_a_report_and_a_number_find_an_erratum(session: Session) -> None:
    many(session, 8)
    named = factories.make_erratum(session, notes="The harbourmaster says so.")
    session.flush()
    assert found_by(session, "harbourm") == [named.number]
    for typed in (f"{FIRST + 3}", f"#{FIRST + 3}"):
        assert found_by(session, typed) == [FIRST + 3]
    assert found_by(session, "harbourmaster ferryman") == []


def test_few_errata_with_the_words_are_looked_up_one_by_one(session: Session) -> None:
    many(session, 2000)
    factories.make_erratum(session, notes="The harbourmaster says so.")
    session.flush()
    session.execute(sa.text("ANALYZE"))
    asked = words.parse(session, "harbourmaster", 1)
    assert asked.ids is not None
    for after in (None, Cursor(NOON, 5)):
        plan = plan_of(session, Wanted(statuses=OPEN_ONES, ids=asked.ids, after=after))
        assert [step for step in plan if INDEX_OF[Sort.OLDEST] in step] == []
        assert [step for step in plan if step.startswith(("SCAN erratum", "Seq Scan on erratum"))] == []


def test_nothing_is_under_a_number_too_large_for_a_database(session: Session) -> None:
    for number in (0, 1, 2**31, 2**70):
        with pytest.raises(NotFound):
            errata.erratum(session, number)


def test_near_errata_are_the_open_ones_first_then_the_nearest(session: Session) -> None:
    with transaction():
        factories.make_article(session)
        here = factories.make_erratum(session, quote="Marta Lund", corrected_text="Marta Lunt")
        far = factories.make_erratum(session, quote="island waits", corrected_text="island sleeps")
        near = factories.make_erratum(session, quote="since 1987", corrected_text="since 1978")
        done = factories.make_erratum(session, quote="its captain", corrected_text="her captain")
        factories.reject(session, done, by=factories.act(Role.EDITOR))
    assert [line.number for line in errata.near(session, here)] == [near.number, far.number, done.number]
