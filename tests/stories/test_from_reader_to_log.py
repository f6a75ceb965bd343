"""The whole way, by plain requests, on every database: a reader reports, an editor decides, the public reads."""

from __future__ import annotations

import contextvars
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import factories
import post_office
from conftest import Clock
from corrections.db import transaction
from corrections.mail import delivery
from navigators import Desk, Mailbox, Public, Reader, link_in
from post_office import PostOffice
from visitors import Plain

CARELESS = "ferry that crosses by moonlight, the"
ANN, BOB = "ann@readers.test", "bob@readers.test"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office.running(PostOffice()) as office:
        yield office


@pytest.fixture
def settings(settings: dict[str, Any], office: PostOffice) -> dict[str, Any]:
    return settings | {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": office.port, "MAIL_SUPPRESS_SEND": False}


@pytest.fixture
def mailbox(app: Flask, office: PostOffice) -> Callable[[str], Mailbox]:
    def deliver() -> None:
        with app.app_context():
            delivery.deliver_due()

    return lambda email: Mailbox(office, email, lambda: contextvars.Context().run(deliver))


@pytest.fixture
def newsroom(app: Flask, session: Session, publication: Any, clock: Clock) -> Flask:  # noqa: ARG001 - comes first
    """The application with an article and an editor of each role; whoever sends a form took a while to fill it in."""
    with transaction():
        factories.make_article(session, section="Harbour")
    factories.make_editors(session)
    session.close()
    return app


@pytest.fixture
def reader(newsroom: Flask) -> Reader:
    return Reader(Plain(newsroom.test_client()))


@pytest.fixture
def desk(newsroom: Flask) -> Desk:
    desk = Desk(Plain(newsroom.test_client()))
    desk.logs_in("editor@newsroom.test", factories.PASSWORD)
    return desk


@pytest.fixture
def public(newsroom: Flask) -> Public:
    client = newsroom.test_client()
    return Public(Plain(client), lambda address: client.get(address).text)


def test_a_typo_reaches_the_log_and_everybody_hears(
    reader: Reader, desk: Desk, public: Public, mailbox: Callable[[str], Mailbox], clock: Clock
) -> None:
    reference = reader.reports("recieves", on=CARELESS, suggesting="receives", notes="Second line.")
    assert "leaves Abbot's Quay at dusk" in reader.visitor.words, "the error in its sentence"

    told = mailbox("editor@newsroom.test").next("Erratum 1")
    assert factories.TITLE in str(told.message["Subject"])
    assert "dusk and" in told.part("plain")
    assert link_in(told, "/desk/errata/1")

    reader.leaves_address(reference, ANN)
    reader.confirms(mailbox(ANN).next("confirm"))
    assert mailbox(ANN).next("received|thank")

    clock.advance(hours=2)
    assert factories.TITLE in desk.queue()
    desk.verifies(1).publishes(1, kind="Correction", note="The verb was misspelt. It is “receives”.")
    assert "Published" in desk.visitor.words

    assert "The verb was misspelt" in public.log()
    assert "receives" in public.correction(1)
    outcome = mailbox(ANN).next("correction published")
    assert outcome.message["References"] is not None
    assert link_in(outcome, "/corrections/1")
    assert "corrected" in reader.sees(reference).lower()


def test_the_log_says_the_same_in_every_spelling(reader: Reader, desk: Desk, public: Public) -> None:
    reader.reports("recieves", on=factories.TITLE, suggesting="receives")
    desk.publishes(1, kind="Correction", note="The verb was misspelt.")
    for address in ("/feed.atom", "/feed.json"):
        text = public.get(address)
        assert "The verb was misspelt." in text
    [entry] = public.feed("/feed.atom").entries
    assert entry.link == "http://localhost/corrections/1"
    item = json.loads(public.get("/feed.json"))["items"][0]
    assert (item["url"], item["id"]) == (entry.link, entry.id)
    [row] = csv.DictReader(io.StringIO(public.get("/corrections.csv")))
    [line] = [json.loads(line) for line in public.get("/corrections.jsonl").splitlines()]
    assert row["original_text"] == line["original_text"] == "recieves"
    public.correction(1)
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', public.visitor.source, re.DOTALL)
    assert '"CorrectionComment"' in found
    assert "The verb was misspelt." in public.get("/articles/the-ferry-that-crosses-by-moonlight")
    assert len(public.feed("/articles/the-ferry-that-crosses-by-moonlight/feed.atom").entries) == 1


def test_all_who_saw_it_are_one_item_and_all_hear(
    newsroom: Flask, desk: Desk, mailbox: Callable[[str], Mailbox]
) -> None:
    for email, quote in ((ANN, "recieves"), (BOB, "dusk and recieves its")):
        reader = Reader(Plain(newsroom.test_client()))
        reference = reader.reports(quote, on=factories.TITLE, suggesting=quote.replace("recieves", "receives"))
        reader.leaves_address(reference, email)
        reader.confirms(mailbox(email).next("confirm"))
    assert "1 erratum" in desk.queue()
    assert "2 reports" in desk.visitor.words
    desk.publishes(1)
    for email in (ANN, BOB):
        assert mailbox(email).next("correction published")
    erratum = [letter for letter in mailbox("admin@newsroom.test").letters() if "Erratum" in letter.message["Subject"]]
    assert len(erratum) == 1, "one mail to each editor, however many report it"


def test_a_rejection_gives_a_reason_a_person_would_accept(
    reader: Reader, desk: Desk, public: Public, mailbox: Callable[[str], Mailbox]
) -> None:
    reference = reader.reports("the tiller", on=factories.TITLE, suggesting="the helm")
    reader.leaves_address(reference, ANN)
    reader.confirms(mailbox(ANN).next("confirm"))
    desk.rejects(1, telling="A ferry of this kind has a tiller.")
    letter = mailbox(ANN).next("ferry", after=2)
    assert "A ferry of this kind has a tiller." in letter.part("plain")
    assert "A ferry of this kind has a tiller." in reader.sees(reference)
    assert "tiller" not in public.log()


def test_a_reader_takes_it_back(reader: Reader, desk: Desk) -> None:
    reference = reader.reports("the tiller", on=factories.TITLE, suggesting="the helm")
    reader.withdraws(reference)
    assert "tiller" not in desk.queue()


def test_nothing_private_is_public(
    reader: Reader, desk: Desk, public: Public, mailbox: Callable[[str], Mailbox], caplog: pytest.LogCaptureFixture
) -> None:
    reference = reader.reports("recieves", on=factories.TITLE, suggesting="receives", notes="I am the captain's niece.")
    reader.leaves_address(reference, ANN)
    reader.confirms(mailbox(ANN).next("confirm"))
    desk.publishes(1, note="Misspelt.")
    seen = [public.get(address) for address in PUBLIC]
    assert all("Misspelt." in text for text in seen[:5])
    for word in (ANN, "niece", reference):
        assert not [text for text in seen if word in text]
    assert ANN not in caplog.text


TITLE = "The ferry that crosses by moonlight"
PUBLIC = (
    "/",
    "/corrections/1",
    "/feed.atom",
    "/feed.json",
    "/corrections.jsonl",
    "/corrections.csv",
    "/policy",
    "/sitemap.xml",
    "/articles/the-ferry-that-crosses-by-moonlight",
    f"/report?article={TITLE}",
    f"/report/known?article={TITLE}",
    "/healthz",
)


def test_no_public_page_sets_or_needs_a_cookie(newsroom: Flask, reader: Reader, desk: Desk) -> None:
    reader.reports("recieves", on=factories.TITLE, suggesting="receives")
    desk.publishes(1)
    for address in PUBLIC:
        answer = newsroom.test_client().get(address, headers={"Cookie": "corrections_desk=nonsense"})
        assert answer.status_code == 200, address
        assert "Set-Cookie" not in answer.headers, address
        assert "Cookie" not in answer.headers.get("Vary", ""), address


def test_roles_at_the_desk(newsroom: Flask, reader: Reader) -> None:
    reader.reports("recieves", on=factories.TITLE, suggesting="receives")
    triager = Desk(Plain(newsroom.test_client()))
    triager.logs_in("triager@newsroom.test", factories.PASSWORD)
    assert "Fix and publish" not in triager.opens(1)
    assert "Not an error" in triager.visitor.words
