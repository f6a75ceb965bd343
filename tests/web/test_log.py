from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.drafts import Draft
from corrections.domain.policy import Kind
from corrections.models import Correction
from corrections.queries import log
from corrections.services import publishing
from corrections.web.public import Pages
from factories import act, fix, make_article, make_correction, make_erratum, make_publication, publish
from selecting import find, words

pytestmark = pytest.mark.usefixtures("publication")

CountQueries = Callable[[], AbstractContextManager[list[str]]]
BETTER = Draft(kind=Kind.CORRECTION, original_text="recieves", corrected_text="receives", note="It receives them.")
ADDRESSES = [
    "/",
    "/corrections/1",
    "/articles/the-ferry-that-crosses-by-moonlight",
    "/policy",
    "/feed.atom",
    "/feed.json",
    "/articles/the-ferry-that-crosses-by-moonlight/feed.atom",
    "/articles/the-ferry-that-crosses-by-moonlight/feed.json",
    "/corrections.csv",
    "/corrections.jsonl",
    "/sitemap.xml",
    "/sitemap-0.xml",
    "/robots.txt",
]


@pytest.fixture
def published(session: Session) -> Correction:
    """The first correction of the log."""
    with transaction():
        return make_correction(session)


def row_of(number: int, article_id: int, sequence: int, moment: datetime) -> dict[str, object]:
    """A typo, written straight into the table: the services would take too long."""
    return {
        "number": number,
        "first_number": number,
        "article_id": article_id,
        "sequence": sequence,
        "kind": Kind.TYPO,
        "original_text": "teh",
        "corrected_text": "the",
        "listed": False,
        "published_at": moment,
        "first_published_at": moment,
    }


def many(session: Session, amount: int) -> None:
    """So many entries of as many articles, one a minute."""
    at = datetime(2026, 5, 4, tzinfo=UTC)
    with transaction():
        for number in range(1, amount + 1):
            article = make_article(session, title=f"Article {number}")
            moment = at + number * timedelta(minutes=1)
            values = {
                "original_text": "teh",
                "corrected_text": "the",
                "published_at": moment,
                "first_published_at": moment,
            }
            row = {"number": number, "first_number": number, "sequence": 1, "kind": Kind.TYPO, "listed": False} | values
            session.execute(sa.insert(Correction), [row | {"article_id": article.id}])


def page_of(client: FlaskClient, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


# What every public answer is like -----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.usefixtures("published")
def test_a_public_answer_may_be_kept_and_knows_nobody(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public, max-age=60, stale-while-revalidate=")
    assert answer.headers["ETag"]
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.usefixtures("published")
def test_who_has_it_is_told_so_after_one_query(client: FlaskClient, address: str, count_queries: CountQueries) -> None:
    etag = client.get(address).headers["ETag"]
    with count_queries() as queries:
        answer = client.get(address, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data, len(queries)) == (304, b"", 1)
    assert answer.headers["ETag"] == etag


@pytest.mark.parametrize("address", sorted(set(ADDRESSES) - {"/policy", "/robots.txt"}))
def test_a_publication_makes_every_answer_new(
    client: FlaskClient, session: Session, published: Correction, address: str
) -> None:
    etag = client.get(address).headers["ETag"]
    with transaction():
        publishing.amend(session, session.merge(published), BETTER, act(Role.ADMIN))
    answer = client.get(address, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != etag


@pytest.mark.usefixtures("published")
def test_a_page_is_rendered_once_for_all(client: FlaskClient, count_queries: CountQueries) -> None:
    first = client.get("/")
    with count_queries() as queries:
        second = client.get("/?utm_source=somewhere")
    assert second.data == first.data
    assert len(queries) == 1


def test_a_new_name_of_the_publication_is_seen_at_once(client: FlaskClient, session: Session) -> None:
    client.get("/")
    make_publication(session, name="The Morning Tide")
    assert "The Morning Tide" in client.get("/").text


@pytest.mark.parametrize("address", ["/", "/?q=teh", "/?kind=typo&year=2026", "/feed.atom", "/sitemap-0.xml"])
def test_a_thousand_entries_take_as_many_queries_as_ten(
    app: Flask, session: Session, count_queries: CountQueries, address: str
) -> None:
    counted = []
    for amount in (10, 1000):
        many_more(session, amount)
        with count_queries() as queries:
            assert app.test_client().get(address).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 6


@pytest.mark.usefixtures("published")
def test_the_next_search_asks_for_nothing_but_what_it_finds(client: FlaskClient, count_queries: CountQueries) -> None:
    client.get("/?q=recieves")
    with count_queries() as queries:
        assert client.get("/?q=recei").status_code == 200
    assert len(queries) == 3


def test_more_than_is_counted_is_said_so(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(session, 3)
    monkeypatch.setattr(log, "COUNT_UP_TO", 2)
    monkeypatch.setattr(log, "FEW", 2)
    for address in ("/", "/?q=teh"):
        assert "More than 2 corrections" in find(page_of(client, address), ".tally")[0].text_content()
    assert "1 correction" in find(page_of(client, "/articles/article-1"), ".tally")[0].text_content()


def many_more(session: Session, amount: int) -> None:
    """Fill the log up to so many entries, all of one article, and let the version tell."""
    with transaction():
        first = session.scalar(sa.select(sa.func.max(Correction.number))) or 0
        article = make_article(session, title=f"Teh article with {amount}")
        moment = datetime(2026, 5, 4, tzinfo=UTC)
        rows = [row_of(number, article.id, number, moment) for number in range(first + 1, amount + 1)]
        session.execute(sa.insert(Correction), rows)
        session.execute(sa.text("UPDATE counter SET value = value + 1 WHERE name = 'log'"))


def test_kept_pages_make_room() -> None:
    pages = Pages(looks="", limit=10)
    pages.put(1, "a", b"12345")
    pages.put(1, "b", b"12345")
    assert pages.get(1, "a") == b"12345"
    pages.put(1, "c", b"12345")
    assert [key for key in "abc" if pages.get(1, key)] == ["a", "c"]


def test_kept_pages_are_of_one_version() -> None:
    pages = Pages(looks="")
    pages.put(1, "a", b"old")
    assert pages.get(2, "a") is None
    pages.put(2, "b", b"new")
    assert pages.get(1, "a") is None
    assert pages.get(2, "b") == b"new"


# The log ------------------------------------------------------------------------------------------------------------


def test_an_empty_log_says_what_will_be_here(client: FlaskClient) -> None:
    page = page_of(client, "/")
    assert "No corrections yet." in find(page, ".empty")[0].text_content()
    assert find(page, ".filters") == []


@pytest.mark.usefixtures("published")
def test_an_entry_shows_was_and_now_for_eye_and_ear(client: FlaskClient) -> None:
    sentence = find(page_of(client, "/"), ".sentence")[0]
    assert words(sentence, "del.was .visually-hidden") == ["was:"]
    assert words(sentence, "ins.now .visually-hidden") == ["now:"]
    for hidden in find(sentence, ".visually-hidden"):
        hidden.drop_tree()
    for gone in find(sentence, "del"):
        gone.drop_tree()
    assert sentence.text_content() == "The ferry leaves Abbot's Quay at dusk and receives its last passengers at nine."


@pytest.mark.usefixtures("published")
def test_entries_stand_under_their_day(client: FlaskClient, clock: object) -> None:
    del clock
    day = find(page_of(client, "/"), "section.day")[0]
    label = find(day, "h2 time")[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", label.get("datetime"))
    assert day.get("aria-labelledby") == find(day, "h2")[0].get("id")


def test_what_is_filtered_is_said_and_can_be_cleared(client: FlaskClient, session: Session) -> None:
    with transaction():
        make_correction(session)
        make_correction(session, kind=Kind.CORRECTION, note="The year was wrong.")
    tally = find(page_of(client, "/?q=year&kind=correction&show=notices"), ".tally")[0]
    said = " ".join(tally.text_content().split())
    assert said.startswith("1 correction with “year” of the kind “Correction” without small fixes")
    assert find(tally, "a")[0].get("href") == "/"
    assert find(tally, "a")[1].get("href") == "/feed.atom?q=year&kind=correction&show=notices"


@pytest.mark.usefixtures("published")
def test_the_form_keeps_what_was_asked(client: FlaskClient) -> None:
    year = str(datetime.now(UTC).year)
    page = page_of(client, f"/?q=%22ferry%22+%3Cb%3E&kind=typo&year={year}&show=notices")
    form = find(page, "form.filters")[0]
    assert dict(form.form_values()) == {"q": '"ferry" <b>', "kind": "typo", "year": year, "show": "notices"}


@pytest.mark.usefixtures("published")
def test_a_search_without_a_find_says_so(client: FlaskClient) -> None:
    page = page_of(client, "/?q=zeppelin")
    assert find(page, ".empty")[0].text_content().split()[:2] == ["No", "correction"]
    assert words(page, ".tally strong") == ["0 corrections"]


@pytest.mark.parametrize(
    "query",
    [
        *[
            "year=0",
            "year=99999",
            "year=MMXX",
            "year=²",
            "kind=zebra",
            "before=-1",
            "before=0",
            "before=x",
            "before=1&before=2",
        ],
        *["show=all", "q[]=1", "q=%00%FF", "q=%22%27%2A%28+AND+-", "q=%20"],
        f"before={10**30}",
        "q=" + "a" * 5000,
    ],
)
@pytest.mark.usefixtures("published")
def test_what_cannot_be_understood_breaks_nothing(client: FlaskClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200


def test_paging_goes_through_all(client: FlaskClient, session: Session) -> None:
    many(session, 120)
    seen: list[str] = []
    address = "/"
    for _ in range(3):
        page = page_of(client, address)
        assert words(page, ".tally strong") == ["120 corrections"]
        seen += words(page, ".entry .meta a")
        older = find(page, "nav.pager a[rel=next]")
        address = older[0].get("href") if older else ""
    assert seen == [f"No. {number}" for number in range(120, 0, -1)]
    assert address == ""


# One entry and one article ------------------------------------------------------------------------------------------


def linked_data(page: html.HtmlElement) -> dict[str, object]:
    data: dict[str, object] = json.loads(find(page, "script[type=application/ld+json]")[0].text)
    return data


def test_an_entry_has_its_page_for_good(client: FlaskClient, session: Session, published: Correction) -> None:
    page = page_of(client, "/corrections/1")
    assert find(page, "link[rel=canonical]")[0].get("href") == "http://localhost/corrections/1"
    assert find(page, "meta[property=og:url]")[0].get("content") == "http://localhost/corrections/1"
    with transaction():
        publishing.amend(session, session.merge(published), BETTER, act(Role.ADMIN))
    page = page_of(client, "/corrections/1")
    assert find(page, ".superseded a")[0].get("href") == "/corrections/2"
    assert words(page, ".timeline strong") == ["No. 1"]
    assert [link.get("href") for link in find(page, ".timeline a")] == ["/corrections/2"]
    assert find(page_of(client, "/corrections/2"), ".superseded") == []


def test_a_withdrawn_entry_says_why_and_repeats_no_error(
    client: FlaskClient, session: Session, published: Correction
) -> None:
    with transaction():
        publishing.withdraw(session, session.merge(published), "It was right before.", act(Role.ADMIN))
    for address in ("/", "/corrections/2"):
        page = page_of(client, address)
        assert words(page, ".kicker")[0] == "Withdrawn"
        assert words(page, ".entry-note") == ["It was right before."]
        assert find(page, "del, ins") == []
    assert "withdrawn" in find(page_of(client, "/corrections/1"), ".superseded")[0].text_content()


def test_search_engines_read_the_correction(client: FlaskClient, session: Session) -> None:
    with transaction():
        make_correction(session, kind=Kind.CORRECTION, note="An earlier version misspelt a word.")
    for address in ("/corrections/1", "/articles/the-ferry-that-crosses-by-moonlight"):
        data = linked_data(page_of(client, address))
        assert data["@type"] == "Article"
        assert data["headline"] == "The ferry that crosses by moonlight"
        (comment,) = data["correction"]
        assert comment["@type"] == "CorrectionComment"
        assert comment["text"] == "An earlier version misspelt a word."
        assert comment["url"] == "http://localhost/corrections/1"
        assert datetime.fromisoformat(comment["datePublished"]).tzinfo is not None


def test_an_article_asks_for_what_else_is_wrong(client: FlaskClient, session: Session) -> None:
    with transaction():
        printed = make_article(session, title="Printed & only", url=None)
        online = make_article(session, title="Online", url="https://tide.example.org/a?b=1&c=2")
        slugs = [printed.slug, online.slug]
    buttons = [find(page_of(client, f"/articles/{slug}"), "a.button")[0].get("href") for slug in slugs]
    assert buttons[0] == "/report?title=Printed+%26+only"
    assert buttons[1].startswith("/report?url=https://tide.example.org/a?b%3D1%26c%3D2")


def test_an_article_without_corrections_says_so(client: FlaskClient, session: Session) -> None:
    with transaction():
        slug = make_article(session).slug
    assert "Nothing has been corrected" in find(page_of(client, f"/articles/{slug}"), ".empty")[0].text_content()


@pytest.mark.parametrize("address", ["/corrections/7", f"/corrections/{10**30}", "/articles/none", "/articles/%00"])
def test_nothing_there_is_said_politely(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert find(html.fromstring(answer.text), "form[role=search]")
    assert "public" not in answer.headers.get("Cache-Control", "")


# What must never happen ---------------------------------------------------------------------------------------------


NASTY = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }} &amp; %(x)s"


@pytest.fixture
def nasty(session: Session) -> str:
    """The slug of an article that was corrected, with all that people can write written nastily."""
    make_publication(session, name=NASTY[:150], policy=NASTY)
    with transaction():
        article = make_article(session, title=NASTY, text=f"{NASTY} recieves", byline=NASTY, section=NASTY)
        erratum = fix(session, make_erratum(session, article=article.url))
        publish(session, erratum, kind=Kind.CORRECTION, note=NASTY)
        return article.slug


@pytest.mark.parametrize("address", ["/", "/corrections/1", "/articles/{slug}", "/policy"])
def test_words_stay_words(client: FlaskClient, nasty: str, address: str) -> None:
    answer = client.get(address.format(slug=nasty))
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    page = html.fromstring(answer.text)
    assert page.xpath("//script[not(@type='application/ld+json')] | //img") == []
    assert NASTY in page.text_content()


@pytest.mark.parametrize("address", ["/feed.json", "/articles/{slug}/feed.json"])
def test_words_stay_words_in_feeds(client: FlaskClient, nasty: str, address: str) -> None:
    (item,) = client.get(address.format(slug=nasty)).get_json(force=True)["items"]
    assert NASTY in html.fromstring(item["content_html"]).text_content()
    assert "<script" not in item["content_html"]
    assert "<img" not in item["content_html"]


def test_linked_data_cannot_end_its_element(client: FlaskClient, session: Session) -> None:
    with transaction():
        make_correction(session, kind=Kind.CORRECTION, note=NASTY)
    (comment,) = linked_data(page_of(client, "/corrections/1"))["correction"]
    assert comment["text"] == NASTY


def test_no_report_and_no_reader_is_public(client: FlaskClient, session: Session) -> None:
    with transaction():
        make_erratum(session, notes="SECRET", email="SECRET@example.org", name="SECRET", corrected_text="SECRET")
        make_correction(session)
        make_erratum(
            session, notes="SECRET", confirmed="secret@example.org", article="https://tide.example.org/articles/1"
        )
    for address in ADDRESSES:
        assert "secret" not in client.get(address).text.lower()


def test_the_policy_is_the_publications_own(client: FlaskClient, session: Session) -> None:
    make_publication(session, policy="We correct.\n\nAll of it.")
    assert words(page_of(client, "/policy"), "p.lines") == ["We correct.", "All of it."]
    make_publication(session, policy="")
    assert "Anybody can report an error" in page_of(client, "/policy").text_content()
