from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from corrections.db import db, transaction
from corrections.domain.actors import Role
from corrections.domain.drafts import Draft
from corrections.domain.policy import Kind
from corrections.models import Correction, Publication
from corrections.queries import log
from corrections.queries.log import Wanted
from corrections.services import publishing
from corrections.web import syndication
from corrections.web.entries import entries_of, sentence
from corrections.web.exports import cell
from corrections.web.page import publication as shown_publication
from factories import act, make_article, make_correction

pytestmark = pytest.mark.usefixtures("publication")

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BETTER = Draft(kind=Kind.CORRECTION, original_text="recieves", corrected_text="receives", note="It receives them.")


@pytest.fixture
def published(session: Session, publication: Publication) -> Correction:  # noqa: ARG001 - it names the publication first
    """The first correction of the log."""
    with transaction():
        return make_correction(session, kind=Kind.CORRECTION, note="A word was “misspelt” & <wrong>.")


def parsed(client: FlaskClient, address: str) -> feedparser.FeedParserDict:
    answer = client.get(address)
    found = feedparser.parse(answer.data, response_headers={"content-type": answer.headers["Content-Type"]})
    assert found.bozo is False, found.get("bozo_exception")
    return found


# Atom ---------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("address", "page"),
    [("/feed.atom", "/"), ("/articles/the-ferry-that-crosses-by-moonlight/feed.atom", None)],
    ids=["the log", "an article"],
)
def test_atom_says_where_it_is_and_who_speaks(client: FlaskClient, address: str, page: str | None) -> None:
    feed = parsed(client, address).feed
    links = {link.rel: link.href for link in feed.links}
    assert links["self"] == f"http://localhost{address}"
    assert links["alternate"] == f"http://localhost{page or address.removesuffix('/feed.atom')}"
    assert feed.author_detail.name == "The Evening Tide"
    assert feed.id.startswith("tag:tide.example.org,")
    assert feed.language == "en"


@pytest.mark.usefixtures("published")
def test_an_atom_entry_holds_the_change_and_the_note(client: FlaskClient) -> None:
    (entry,) = parsed(client, "/feed.atom").entries
    assert entry.title == "Correction: The ferry that crosses by moonlight"
    assert entry.summary == "A word was “misspelt” & <wrong>."
    assert entry.link == "http://localhost/corrections/1"
    assert entry.tags[0].term == "correction"
    content = entry.content[0].value
    assert "<p>A word was “misspelt” &amp; &lt;wrong&gt;.</p>" in content
    assert "<del>ie</del><ins>ei</ins>" in content or "<del>recieves</del><ins>receives</ins>" in content


def test_an_amendment_moves_the_date_and_keeps_the_name(
    client: FlaskClient, session: Session, published: Correction
) -> None:
    for address in ("/feed.atom", "/articles/the-ferry-that-crosses-by-moonlight/feed.atom"):
        assert len(parsed(client, address).entries) == 1
    (before,) = parsed(client, "/feed.atom").entries
    old = client.get("/feed.json").get_json(force=True)["items"][0]
    with transaction():
        publishing.amend(session, session.merge(published), BETTER, act(Role.ADMIN))
    (after,) = parsed(client, "/feed.atom").entries
    new = client.get("/feed.json").get_json(force=True)["items"][0]
    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated_parsed >= before.updated_parsed
    assert after.updated > before.updated
    assert after.link != before.link
    assert old["id"] == new["id"] == after.id
    assert new["date_modified"] == after.updated


def test_a_withdrawal_reaches_those_who_have_the_entry(
    client: FlaskClient, session: Session, published: Correction
) -> None:
    (before,) = parsed(client, "/feed.atom").entries
    with transaction():
        publishing.withdraw(session, session.merge(published), "It was right.", act(Role.ADMIN))
    (after,) = parsed(client, "/feed.atom").entries
    assert after.id == before.id
    assert after.title.startswith("Withdrawn: ")
    assert after.summary == "It was right."


def test_an_empty_feed_is_a_feed(client: FlaskClient) -> None:
    assert parsed(client, "/feed.atom").entries == []
    assert client.get("/feed.json").get_json(force=True)["items"] == []


def test_a_feed_can_be_narrowed_like_the_page(client: FlaskClient, session: Session) -> None:
    with transaction():
        make_correction(session)
        make_correction(session, kind=Kind.CORRECTION, note="The year was wrong.")
    whole, narrowed = parsed(client, "/feed.atom"), parsed(client, "/feed.atom?show=notices")
    assert [len(whole.entries), len(narrowed.entries)] == [2, 1]
    assert whole.feed.id != narrowed.feed.id
    assert {link.rel: link.href for link in narrowed.feed.links}["self"] == "http://localhost/feed.atom?show=notices"


@pytest.mark.usefixtures("published")
def test_signs_that_xml_cannot_hold_do_not_break_the_feed(app: Flask) -> None:
    with app.test_request_context():
        (entry,) = entries_of(log.newest(db.session(), Wanted()), "https://tide.example.org/")
        odd = replace(entry, title="a\x00b\x0bc\ud800d\ufffee", note="\x1f", article_url="https://a.example/\x08")
        feed = syndication.Feed(
            id="tag:a,2026-01-01:b",
            title="\x01",
            page="http://a/",
            atom_url="http://a/f",
            json_url="http://a/j",
            publication=shown_publication(),
            entries=[odd],
        )
        found = feedparser.parse(syndication.atom(feed))
    assert found.bozo is False
    assert found.entries[0].title == "Correction: a\ufffdb\ufffdc\ufffdd\ufffde"


@pytest.mark.parametrize("slug", ["none", "%00", "A"])
def test_an_unknown_article_has_no_feed(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/articles/{slug}/feed.atom").status_code == 404
    assert client.get(f"/articles/{slug}/feed.json").status_code == 404


# JSON Feed ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("published")
def test_json_feed_has_what_version_1_1_asks_for(client: FlaskClient) -> None:
    answer = client.get("/feed.json")
    assert answer.mimetype == "application/feed+json"
    feed = json.loads(answer.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://localhost/feed.json"
    assert feed["home_page_url"] == "http://localhost/"
    assert feed["authors"] == [{"name": "The Evening Tide", "url": "https://tide.example.org/"}]
    (item,) = feed["items"]
    assert item["url"] == "http://localhost/corrections/1"
    assert item["external_url"].startswith("https://tide.example.org/articles/")
    assert item["tags"] == ["correction"]
    assert datetime.fromisoformat(item["date_published"]).utcoffset() == UTC.utcoffset(None)


# Rows ---------------------------------------------------------------------------------------------------------------


def test_the_table_holds_every_entry_there_was(client: FlaskClient, session: Session, published: Correction) -> None:
    with transaction():
        publishing.amend(session, session.merge(published), BETTER, act(Role.ADMIN))
    answer = client.get("/corrections.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["number"], row["state"], row["superseded_by"], row["supersedes"]) for row in rows] == [
        ("1", "superseded", "2", ""),
        ("2", "published", "", "1"),
    ]
    assert rows[0]["note"] == "A word was “misspelt” & <wrong>."
    assert rows[0]["first_published"] == rows[1]["first_published"] < rows[1]["published"]
    lines = [json.loads(line) for line in client.get("/corrections.jsonl").text.splitlines()]
    assert [line["state"] for line in lines] == ["superseded", "published"]
    assert {name: cell(value) for name, value in lines[0].items()} == {
        name: int(value) if name in {"number", "first_number", "superseded_by"} else value
        for name, value in rows[0].items()
    }


def test_a_withdrawn_entry_is_marked_in_the_rows(client: FlaskClient, session: Session, published: Correction) -> None:
    with transaction():
        publishing.withdraw(session, session.merge(published), "It was right.", act(Role.ADMIN))
    lines = [json.loads(line) for line in client.get("/corrections.jsonl").text.splitlines()]
    assert [line["state"] for line in lines] == ["superseded", "withdrawn"]


def test_an_empty_table_has_its_heading(client: FlaskClient) -> None:
    assert list(csv.DictReader(io.StringIO(client.get("/corrections.csv").text))) == []
    assert client.get("/corrections.csv").text.startswith('"number","state"')
    assert client.get("/corrections.jsonl").text == ""


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        '"=1',
        "'=1",
        "\u200b=1",
        "\ufeff=1",
        "\u00a0=1",
        "＝1",
    ],
)
def test_no_cell_begins_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "1-2", "It is - as always - fine.", "“=1”", "'quoted' words"])
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n \"'a1\u200b"), max_size=8))
def test_no_cell_of_any_kind_begins_a_formula(text: str) -> None:
    written = cell(text)
    assert isinstance(written, str)
    assert written.removeprefix("'") == text or written == text
    assert written.startswith("'") or not written.lstrip(" \t\r\n\"'\u200b").startswith(tuple("=+-@"))
    assert not written.startswith(("\t", "\r", "\n"))


def test_the_rows_go_on_after_the_first_chunk(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "EXPORT_CHUNK", 2)
    with transaction():
        for _ in range(5):
            make_correction(session)
    answer = client.get("/corrections.jsonl")
    assert [json.loads(line)["number"] for line in answer.text.splitlines()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("address", ["/corrections.csv", "/corrections.jsonl"])
@pytest.mark.usefixtures("published")
def test_what_was_sent_holds_no_connection(app: Flask, address: str) -> None:
    with app.app_context():
        pool = db.engine.pool
    before = pool.status()
    answers = [app.test_client().get(address) for _ in range(3)]
    assert all(answer.data for answer in answers)
    assert pool.status() == before


# Search engines -----------------------------------------------------------------------------------------------------


def locations(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.mimetype == "application/xml"
    return [element.text or "" for element in ET.fromstring(answer.data).iter(f"{SITEMAP}loc")]  # noqa: S314 - our own


def test_the_sitemap_lists_what_is_in_force(client: FlaskClient, session: Session, published: Correction) -> None:
    with transaction():
        publishing.amend(session, session.merge(published), BETTER, act(Role.ADMIN))
        make_article(session, title="Never corrected")
    assert locations(client, "/sitemap.xml") == ["http://localhost/sitemap-0.xml"]
    assert locations(client, "/sitemap-0.xml") == [
        "http://localhost/",
        "http://localhost/policy",
        "http://localhost/articles/the-ferry-that-crosses-by-moonlight",
        "http://localhost/corrections/2",
    ]
    assert locations(client, f"/sitemap-{10**30}.xml") == []


def test_crawlers_are_told_where_to_look_and_where_not(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /desk/" in lines
    assert "Disallow: /reports/" in lines
    assert "Sitemap: http://localhost/sitemap.xml" in lines


# Sentences ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "suffix", "before", "after"),
    [
        ("", "", "", ""),
        ("It was late. The ", " left. Nobody saw.", "The ", " left."),
        ("Above.\n\nThe ", " left\n\nBelow.", "The ", " left"),
        ("x" * 10 + " y" * 27, " z" * 32, "…" + "y " * 26 + "y", " z" * 31 + "…"),
        (" y" * 32, " z" * 31 + "z ", "…" + "y " * 31 + "y", " z" * 31 + "z…"),
    ],
    ids=["nothing around", "its sentence", "its paragraph", "cut in a word", "cut between words"],
)
def test_a_change_is_shown_in_its_sentence(prefix: str, suffix: str, before: str, after: str) -> None:
    assert sentence(prefix, "ferry", suffix) == (before, after)
