from __future__ import annotations

from datetime import UTC, datetime, timedelta
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


def plan_of(session: Session, wanted: Wanted) -> str:
    """How the database goes about it, in its own words."""
    asked: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", note)
    log.newest(session, wanted)
    sa.event.remove(connection, "before_cursor_execute", note)
    statement, parameters = asked[-1]
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        return "\n".join(str(row[3]) for row in rows)
    connection.exec_driver_sql("ANALYZE")
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return "\n".join(str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters))
