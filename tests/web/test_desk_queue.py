"""The queue: tabs, search words, orders, pages, and as many queries for a thousand rows as for ten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

import factories
from at_the_desk import Desk, Page
from conftest import Queries
from corrections.db import transaction
from corrections.domain.actors import Channel, Role
from corrections.domain.policy import Kind
from corrections.domain.screening import Sign
from corrections.domain.states import Move
from corrections.models import Article, Editor, Erratum, Report
from corrections.services import triage
from corrections.services.triage import Said

DAWN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _article(session: Session, publication: Any) -> None:  # noqa: ARG001 - the article's
    with transaction():
        factories.make_article(session)


@pytest.fixture
def editor(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.EDITOR))


def numbers(page: Page) -> list[int]:
    """The errata on the page, in its order."""
    return [int(words) for words in page.all("//li[@class='queue-item']//span[@class='number']")]


def fill(session: Session, count: int) -> None:
    """So many errata at once, an hour apart, reported once each."""
    article = session.scalars(select(Article)).first()
    assert article is not None
    start = len(session.scalars(select(Erratum.id)).all())
    rows = [
        {
            "number": 1000 + start + i, "article_id": article.id, "original_text": f"wrod {i}", "prefix": "a ",
            "suffix": " b", "corrected_text": f"word {i}", "report_count": 1 + i % 7, "revision": 1, "claim_key": "",
            "reported_at": DAWN + timedelta(hours=i // 3), "last_reported_at": DAWN + timedelta(hours=i // 2),
        }
        for i in range(start, start + count)
    ]  # fmt: skip
    with transaction():
        session.execute(insert(cast("Table", Erratum.__table__)), rows)


def by_links(desk: Desk, page: Page) -> Iterator[Page]:
    """The page and those that follow it."""
    yield page
    while links := page.main.xpath("//a[@rel='next']/@href"):
        page = desk.open(links[0])
        yield page


# Tabs and pages -------------------------------------------------------------------------------------------------------


def test_an_empty_queue_says_what_will_appear_here(editor: Desk) -> None:
    page = editor.open("/desk/")
    assert page.status == 200
    assert "When a reader reports an error, it appears here." in page.words
    assert "0 errata" in page.words


def test_tabs_carry_the_kept_counts(session: Session, editor: Desk) -> None:
    with transaction():
        factories.make_erratum(session)
        verified = factories.make_erratum(session, quote="the the", corrected_text="the")
        triage.move(session, verified, Move.VERIFY, factories.act(Role.EDITOR))
        factories.reject(session, factories.make_erratum(session, quote="island", corrected_text="isle"))
        factories.make_report(session, signs=(Sign.HIDDEN_FIELD,))
    tabs = editor.open("/desk/").all("//nav[@class='tabs']//a")
    assert tabs == [
        "Open 2", "Reported 1", "Asked the reader 0", "Verified 1", "Held 0", "Fixed 0", "Not changed 1", "All 3",
        "Screening 1",
    ]  # fmt: skip


def test_a_row_shows_the_change_the_article_the_state_and_who_looks_after_it(
    session: Session, editor: Desk, editors: dict[Role, Editor]
) -> None:
    with transaction():
        erratum = factories.make_erratum(session, quote="the", corrected_text="teh", readers=2)
        triage.assign(session, erratum, editors[Role.ADMIN], factories.act(Role.ADMIN, editor=editors[Role.ADMIN]))
    [row] = editor.open("/desk/").all("//li[@class='queue-item']")
    for told in (f"{erratum.number}", "Reported", "In several places", factories.TITLE, "2 reports", "Ed Admin"):
        assert told in row
    [link] = editor.open("/desk/").main.xpath("//a[@class='queue-change']")
    assert [mark.tag for mark in link.iter("del", "ins")] == ["del", "ins"]


def test_a_report_of_notes_alone_shows_its_notes(session: Session, editor: Desk) -> None:
    with transaction():
        factories.make_erratum(session, quote="", corrected_text="", notes="The captain is left-handed.")
    assert editor.open("/desk/").all("//a[@class='queue-change']") == ["The captain is left-handed."]


@pytest.mark.parametrize("sort", ["oldest", "newest", "most_reported"])
def test_pages_follow_each_other_without_gap_or_repetition(session: Session, editor: Desk, sort: str) -> None:
    fill(session, 120)
    pages = list(by_links(editor, editor.open("/desk/", sort=sort)))
    seen = [number for page in pages for number in numbers(page)]
    assert [len(numbers(page)) for page in pages] == [50, 50, 20]
    assert len(set(seen)) == 120
    order: Any = {
        "oldest": (Erratum.reported_at, Erratum.id),
        "newest": (Erratum.last_reported_at.desc(), Erratum.id.desc()),
        "most_reported": (Erratum.report_count.desc(), Erratum.id.desc()),
    }[sort]
    assert seen == list(session.scalars(select(Erratum.number).order_by(*order)))


def test_the_order_runs_through_all_statuses_of_a_tab(session: Session, editor: Desk) -> None:
    fill(session, 12)
    with transaction():
        session.execute(update(Erratum).where(Erratum.id % 3 == 0).values(status="verified"))
    shown = numbers(editor.open("/desk/"))
    assert shown == sorted(shown)
    assert len(shown) == 12


@pytest.mark.parametrize(
    "after", ["x", "1", "1.2.3", "-1.4", f"{2**70}.1", "9" * 30 + ".1", "٣.٤", f"{2**62}.1", "<b>"]
)
def test_a_tampered_place_in_the_list_is_a_message(session: Session, editor: Desk, after: str) -> None:
    fill(session, 3)
    page = editor.open("/desk/", after=after)
    assert page.status == 400
    assert "The list cannot go on from there." in page.words


def test_the_number_of_queries_does_not_grow(
    session: Session, editor: Desk, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    counted = []
    for more in (10, 990):
        fill(session, more)
        with count_queries() as queries:
            assert len(numbers(editor.open("/desk/"))) == (10 if more == 10 else 50)
        counted.append(len(queries))
        with count_queries() as queries:
            editor.open("/desk/", q="wrod kind:typo by:nobody")
        counted.append(len(queries))
    assert counted[:2] == counted[2:]
    assert counted[0] <= 5


# Search words ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def some(session: Session, editors: dict[Role, Editor]) -> dict[str, int]:
    """Four errata that differ in everything that can be searched for; their numbers."""
    with transaction():
        other = factories.make_article(session, title="Kettles of the North", url="https://tide.example.org/kettles/1")
        typo = factories.make_erratum(session)
        fact = factories.make_erratum(session, quote="1987", corrected_text="1978", notes="The tiller was new in 1978.")
        triage.edit(session, fact, factories.act(Role.EDITOR), kind=Kind.CORRECTION)
        triage.move(session, fact, Move.VERIFY, factories.act(Role.EDITOR))
        mail = factories.make_erratum(
            session, by=factories.act(channel=Channel.MAIL), article=other.url, quote="ferry", corrected_text="fairy"
        )
        triage.assign(session, mail, editors[Role.EDITOR], factories.act(Role.EDITOR, editor=editors[Role.EDITOR]))
        lost = factories.make_erratum(
            session, article="that piece about herons", quote="heron", corrected_text="herring"
        )
        triage.assign(session, lost, editors[Role.ADMIN], factories.act(Role.ADMIN, editor=editors[Role.ADMIN]))
        triage.move(session, lost, Move.HOLD, factories.act(Role.EDITOR), Said(reason="later"))
        return {"typo": typo.number, "fact": fact.number, "mail": mail.number, "lost": lost.number}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("is:reported", {"typo", "mail"}),
        ("is:verified", {"fact"}),
        ("IS:Held", {"lost"}),
        ("is:open", {"typo", "fact", "mail", "lost"}),
        ("is:fixed", set()),
        ("is:orphaned", {"lost"}),
        ("is:reported is:verified", set()),
        ("kind:correction", {"fact"}),
        ("kind:typo", {"typo", "mail", "lost"}),
        ("from:mail", {"mail"}),
        ("from:web kind:typo", {"typo", "lost"}),
        ("by:me", {"mail"}),
        ("by:nobody", {"typo", "fact"}),
        ('by:"Ed Admin"', {"lost"}),
        ("by:admin@newsroom", {"lost"}),
        ("on:kettles", {"mail"}),
        ('on:"ferry that crosses"', {"typo", "fact"}),
        ("on:FERRY", {"typo", "fact"}),
        ("on:herons", {"lost"}),
        ("on:tide.example.org/kettles", {"mail"}),
        ("tiller", {"fact"}),
        ("heron", {"lost"}),
        ("moonlight recieves", set()),
        ("moonlight", {"typo", "fact"}),
        ("1987 is:verified", {"fact"}),
        ("nothing like it", set()),
    ],
)
def test_search_words_narrow_the_queue(some: dict[str, int], editor: Desk, typed: str, found: set[str]) -> None:
    page = editor.open("/desk/", q=typed)
    assert page.status == 200
    names = {number: name for name, number in some.items()}
    assert {names[number] for number in numbers(page)} == found


def test_a_number_finds_its_erratum(some: dict[str, int], editor: Desk) -> None:
    assert some["lost"] in numbers(editor.open("/desk/", q=str(some["lost"])))
    assert some["lost"] in numbers(editor.open("/desk/", q=f"#{some['lost']}"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("colour:red", "There is no search word “colour:”. There are: is:, on:, kind:, from:, by:."),
        ("is:lost", "“is:” does not know “lost”. It knows: anchored,"),
        ("kind:blunder", "“kind:” does not know “blunder”. It knows: typo, correction,"),
        ("from:pigeon", "“from:” does not know “pigeon”."),
        ("by:xerxes", "No editor is called “xerxes”."),
        ("is:%(word)s", "“is:” does not know “%(word)s”."),
        ("<script>:x is:<b>", "“is:” does not know “<b>”."),
    ],
)
def test_an_unknown_word_is_a_message_at_the_field(
    some: dict[str, int], editor: Desk, typed: str, sentence: str
) -> None:
    page = editor.open("/desk/", q=typed)
    assert page.status == 400
    assert sentence in page.words
    [field] = page.main.xpath("//input[@name='q']")
    assert field.get("aria-invalid") == "true"
    assert field.get("value") == typed
    assert "q-error" in field.get("aria-describedby")
    assert numbers(page) == []
    assert some


def test_what_is_filtered_is_said_and_can_be_cleared(some: dict[str, int], editor: Desk) -> None:
    page = editor.open("/desk/", q="heron", tab="verified")
    assert "0 errata with “heron”" in page.words
    everywhere = page.main.xpath("//p[@class='tally']//a")
    assert [link.text for link in everywhere] == ["Clear the search", "Search everywhere"]
    assert numbers(editor.open(everywhere[1].get("href"))) == [some["lost"]]
    assert numbers(editor.open(everywhere[0].get("href"))) == [some["fact"]]


def test_more_than_a_thousand_matches_are_not_counted_out(session: Session, editor: Desk) -> None:
    fill(session, 1005)
    assert "More than 1,000 errata with “kind:typo”" in editor.open("/desk/", q="kind:typo").words


# Screening ------------------------------------------------------------------------------------------------------------


def test_held_reports_are_let_through_or_put_away_together(session: Session, editor: Desk) -> None:
    with transaction():
        kept = [factories.make_report(session, signs=(Sign.LINKS,), notes=f"Look here {i}").id for i in range(3)]
    page = editor.open("/desk/screening")
    assert "3 reports held back" in page.words
    assert "has many links" in page.words
    editor.send(page, "/screening", reports=[str(kept[0]), str(kept[1])], do="pass")
    shown = editor.send("/desk/screening", "/screening", reports=[str(kept[2])], do="spam")
    assert "1 report was put away as spam." in shown.words
    session.expire_all()
    states = {report.id: report.screening.value for report in session.scalars(select(Report))}
    assert [states[key] for key in kept] == ["passed", "passed", "spam"]
    assert session.scalars(select(Report.erratum_id).where(Report.id == kept[0])).one() is not None


def test_screening_nothing_says_so(session: Session, editor: Desk) -> None:
    with transaction():
        factories.make_report(session, signs=(Sign.LINKS,))
    refused = editor.send("/desk/screening", "/screening", do="pass")
    assert refused.status == 422
    assert "Choose at least one report." in refused.words


@pytest.mark.parametrize("key", [str(2**40), "-1", "x", "9" * 5000])
def test_screening_what_cannot_be_a_report_says_so(session: Session, editor: Desk, key: str) -> None:
    with transaction():
        factories.make_report(session, signs=(Sign.LINKS,))
    assert editor.send("/desk/screening", "/screening", reports=[key], do="pass").status == 422


def test_what_somebody_else_screened_is_no_error(session: Session, editor: Desk) -> None:
    with transaction():
        key = factories.make_report(session, signs=(Sign.LINKS,)).id
    page = editor.open("/desk/screening")
    editor.send(page, "/screening", reports=[str(key)], do="spam")
    shown = editor.send(page, "/screening", reports=[str(key), "99999"], do="pass")
    assert "1 had been screened by somebody else." in shown.words


def test_pages_of_screening_follow_each_other(session: Session, editor: Desk) -> None:
    with transaction():
        for i in range(53):
            factories.make_report(session, signs=(Sign.LINKS,), notes=str(i))
    pages = list(by_links(editor, editor.open("/desk/screening")))
    assert [len(page.all("//article")) for page in pages] == [50, 3]


# Hostile words --------------------------------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}%(word)s"


def test_hostile_words_are_shown_as_words(session: Session, editor: Desk) -> None:
    facts = {"article": HOSTILE, "notes": HOSTILE, "name": HOSTILE}
    with transaction():
        factories.make_article(session, title=HOSTILE, byline=HOSTILE, section=HOSTILE)
        noted = factories.make_erratum(session, quote="", corrected_text="", **facts)
        quoted = factories.make_erratum(session, quote=HOSTILE, corrected_text=f"{HOSTILE} <b>", **facts)
        factories.make_report(session, quote=HOSTILE, corrected_text="<b>", signs=(Sign.HIDDEN_FIELD,), **facts)
        triage.note(session, quoted, HOSTILE, factories.act(Role.EDITOR))
        addresses = [f"/desk/errata/{noted.number}", f"/desk/errata/{quoted.number}"]
    for address in (*addresses, "/desk/", "/desk/screening", "/desk/articles", f"{addresses[0]}?title=alert"):
        page = editor.open(address)
        assert HOSTILE[:25] in page.main.text_content(), address
        assert page.main.xpath("//script | //img | //*[@onerror] | //b") == [], address
    assert HOSTILE in editor.open("/desk/", q=HOSTILE).main.xpath("//input[@name='q']/@value")
