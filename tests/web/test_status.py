"""A report's own page: what it tells its reporter in every state, and what it keeps to the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections import links
from corrections.db import Base, transaction
from corrections.domain.actors import Role
from corrections.domain.anchors import Anchor
from corrections.domain.policy import Kind
from corrections.domain.screening import Sign
from corrections.domain.states import Move, Resolution
from corrections.models import Erratum, Report
from corrections.services import publishing, reports, triage
from corrections.services.triage import Said

ANN = "ann@example.org"


@pytest.fixture(autouse=True)
def _article(session: Session, publication: Any) -> None:  # noqa: ARG001 - the article's
    with transaction():
        factories.make_article(session)


def told(session: Session, **changes: Any) -> str:
    """The address of a new report's page."""
    with transaction():
        return f"/reports/{factories.make_report(session, **changes).reference}"


def report_at(session: Session, page: str) -> Report:
    session.expire_all()
    return reports.by_reference(session, page.rsplit("/", 1)[1])


def erratum_at(session: Session, page: str) -> Erratum:
    erratum = report_at(session, page).erratum
    assert erratum is not None
    return erratum


def moved(session: Session, page: str, move: Move, **said: Any) -> None:
    with transaction():
        triage.move(session, erratum_at(session, page), move, factories.act(Role.EDITOR), Said(**said))


def words(client: FlaskClient, page: str) -> str:
    """The text of the page's main part, with single blanks."""
    answer = client.get(page)
    assert answer.status_code == 200
    return " ".join(html.fromstring(answer.data).get_element_by_id("main").text_content().split())


def steps(client: FlaskClient, page: str) -> list[str]:
    """The sentences of what has happened so far."""
    return [item.text for item in html.fromstring(client.get(page).data).xpath("//ol[@class='timeline']/li/p[1]")]


# The place -----------------------------------------------------------------------------------------------------------


def test_the_error_stands_in_its_sentence_with_the_change_marked(client: FlaskClient, session: Session) -> None:
    page = html.fromstring(client.get(told(session)).data)
    [sentence] = page.xpath("//p[contains(@class, 'sentence')]")
    assert [part.text_content().strip() for part in sentence.xpath(".//del|.//ins")] == ["was: ie", "now: ei"]
    assert [part.text_content() for part in sentence.xpath(".//*[@class='context']")] == [
        "The ferry leaves Abbot's Quay at dusk and ",
        " its last passengers at nine.",
    ]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (
            {"quote": "the", "corrected_text": "teh"},
            "These words stand there 6 times; an editor will pick the right place.",
        ),
        ({"quote": "submarine", "corrected_text": "boat"}, "We did not find these words in the article as we have it"),
        (
            {"quote": "Marta Lunt, has held", "corrected_text": "Marta Lund, has held"},
            "already reads as you say it should",
        ),
        ({"article": "A title that nobody knows"}, "We are not sure which article this is"),
    ],
)
def test_what_was_not_found_is_said(client: FlaskClient, session: Session, said: dict[str, str], place: str) -> None:
    assert place in words(client, told(session, **said))


def test_words_that_stand_elsewhere_than_was_said(client: FlaskClient, session: Session) -> None:
    anchor = Anchor(exact="boat", prefix="a sentence about something else, then a ", suffix=" that is not there at all")
    assert "These words stand in the article, but perhaps elsewhere" in words(client, told(session, anchor=anchor))


def test_notes_are_shown_as_they_were_written(client: FlaskClient, session: Session) -> None:
    page = told(session, quote="", corrected_text="", notes="First line.\n<b>Second</b> line.")
    answer = client.get(page)
    assert "First line.\n&lt;b&gt;Second&lt;/b&gt; line." in answer.text
    assert "sentence-large" not in answer.text


def test_a_fixed_error_reads_as_it_was_decided(client: FlaskClient, session: Session) -> None:
    page = told(session, quote="eleven minutes", corrected_text="ten minutes")
    moved(session, page, Move.FIX, corrected_text="twelve")
    found = html.fromstring(client.get(page).data)
    assert [part.text_content().strip() for part in found.xpath("//ins")] == ["now: twelve"]


# The others ----------------------------------------------------------------------------------------------------------


def test_who_else_saw_it(client: FlaskClient, session: Session, clock: Clock) -> None:
    pages = [told(session)]
    assert "You are the first reader to tell us of this." in words(client, pages[0])
    for _ in range(4):
        clock.advance(days=1)
        pages.append(told(session))
    assert "You were the first reader to tell us of this. Since then 4 others have." in words(client, pages[0])
    assert "You are the second reader to see this; the first told us on Monday." in words(client, pages[1])
    assert "You are the third reader to see this; the first told us on Monday." in words(client, pages[2])
    assert "3 readers saw this before you; the first told us on Monday." in words(client, pages[3])
    clock.advance(days=30)
    assert "the first told us on May 4, 2026." in words(client, pages[1])


@pytest.mark.parametrize(("later", "day"), [(timedelta(hours=1), "today"), (timedelta(days=1), "yesterday")])
def test_who_told_us_lately(client: FlaskClient, session: Session, clock: Clock, later: timedelta, day: str) -> None:
    told(session)
    clock.advance(later)
    assert f"the first told us {day}." in words(client, told(session))


def test_who_took_the_report_back_is_not_counted(client: FlaskClient, session: Session) -> None:
    first, second = told(session), told(session)
    client.post(f"{first}/withdraw")
    assert "You are the first reader to tell us of this." in words(client, second)
    assert "Others have told us of the same error" in words(client, first)


# The outcome ---------------------------------------------------------------------------------------------------------


def test_a_report_that_waits_for_screening(client: FlaskClient, session: Session) -> None:
    page = told(session, signs=[Sign.HIDDEN_FIELD])
    assert "One of us reads it first" in words(client, page)
    with transaction():
        reports.screen(session, report_at(session, page), factories.act(Role.TRIAGER), passed=True)
    assert "An editor will look at it." in words(client, page)
    assert steps(client, page) == ["You told us.", "One of us read it."]


def test_a_report_that_was_no_report(client: FlaskClient, session: Session) -> None:
    page = told(session, signs=[Sign.HIDDEN_FIELD])
    with transaction():
        reports.screen(session, report_at(session, page), factories.act(Role.TRIAGER), passed=False)
    shown = words(client, page)
    assert "We could not use this report" in shown
    assert "If we were wrong, please tell us again in other words." in shown
    assert "Would you like to be told?" not in shown


def test_every_status_has_its_words(client: FlaskClient, session: Session) -> None:
    page = told(session, confirmed=ANN)
    assert "An editor will look at it." in words(client, page)
    moved(session, page, Move.ASK, reason="Which edition was it?")
    asked = words(client, page)
    assert "An editor has looked at it and has a question. Which edition was it?" in asked
    moved(session, page, Move.VERIFY)
    verified = words(client, page)
    assert "there is something to correct" in verified
    moved(session, page, Move.HOLD, reason="Waiting for the lawyers.")
    assert "It will be dealt with, but not at once." in words(client, page)
    moved(session, page, Move.VERIFY)
    moved(session, page, Move.FIX, corrected_text="receives")
    assert "Corrected, thank you" in words(client, page)
    moved(session, page, Move.REOPEN, reason="It came back.")
    assert "there is something to correct" in words(client, page)
    assert steps(client, page) == [
        "You told us.",
        "You gave an address to be told at.",
        "You confirmed your address.",
        "An editor asked a question.",
        "An editor looked at it: there is something to correct.",
        "An editor put it off for a while.",
        "An editor looked at it: there is something to correct.",
        "The article was corrected.",
        "It was taken up again.",
    ]


@pytest.mark.parametrize(
    ("resolution", "said"),
    [
        (Resolution.NOT_AN_ERROR, "finds it right as it stands. We keep quotations as spoken."),
        (Resolution.WONT_FIX, "decided to leave it. We keep quotations as spoken."),
        (Resolution.OUT_OF_SCOPE, "It is nothing that we can correct. We keep quotations as spoken."),
        (Resolution.SPAM, "We could not use this report"),
    ],
)
def test_a_rejection_gives_its_reason(client: FlaskClient, session: Session, resolution: Resolution, said: str) -> None:
    page = told(session)
    moved(session, page, Move.REJECT, resolution=resolution, reason="We keep quotations as spoken.")
    assert said in words(client, page)


def test_a_published_correction_is_one_click_away(client: FlaskClient, session: Session) -> None:
    page = told(session)
    with transaction():
        erratum = factories.fix(session, erratum_at(session, page))
        correction = factories.publish(session, erratum, kind=Kind.CORRECTION, note="It is spelt receives.")
        first = correction.number
    assert f'href="/corrections/{first}"' in client.get(page).text
    with transaction():
        newer = publishing.withdraw(session, correction, "It was right after all.", factories.act(Role.ADMIN)).number
    text = client.get(page).text
    assert f'href="/corrections/{newer}"' in text
    assert "It was right after all." not in text
    assert steps(client, page)[0] == "You told us."
    links_shown = [link.text for link in html.fromstring(text).xpath("//ol[@class='timeline']//a")]
    assert links_shown == ["The correction was published.", "The published correction was taken back."]


def test_a_fix_seen_in_the_article_is_said(client: FlaskClient, session: Session) -> None:
    page = told(session)
    moved(session, page, Move.FIX, corrected_text="receives")
    with transaction():
        article = erratum_at(session, page).article
        assert article is not None
        factories.make_article(session, url=article.url, text=factories.TEXT.replace("recieves", "receives"))
    assert "We have seen the corrected words on its page." in words(client, page)


# What stays at the desk ----------------------------------------------------------------------------------------------


def test_nothing_internal_and_nothing_of_other_readers_is_told(client: FlaskClient, session: Session) -> None:
    page = told(session)
    other = told(session, name="Bob Secret", confirmed="bob.secret@example.org", notes="My neighbour told me.")
    editor = factories.act(Role.EDITOR)
    with transaction():
        erratum = erratum_at(session, page)
        triage.note(session, erratum, "Internal: the reporter is a nuisance.", editor)
        triage.edit(session, erratum, editor, corrected_text="gets, perhaps")
        triage.move(session, erratum, Move.HOLD, editor, Said(reason="Internal: legal."))
        triage.move(session, erratum, Move.VERIFY, editor)
        triage.move(
            session, erratum, Move.FIX, editor, Said(corrected_text="receives", reason="Internal: done in a hurry.")
        )
        triage.move(session, erratum, Move.REOPEN, editor, Said(reason="Internal: undone."))
        reports.erase_reporter(session, report_at(session, other), reports.reader())
    text = client.get(page).text
    for secret in ("Internal", "nuisance", "Secret", "secret", "neighbour", "perhaps", other, editor.label + "<"):
        assert secret not in text
    assert len(steps(client, page)) == 5
    assert "Your name and address were erased." not in text


def test_the_page_never_shows_an_address(client: FlaskClient, session: Session) -> None:
    page = told(session, name="Ann Example", confirmed=ANN)
    text = client.get(page).text
    assert ANN not in text
    assert "Ann Example" not in text


def test_the_page_is_for_nobody_else(client: FlaskClient, session: Session) -> None:
    page = told(session, email=ANN)
    token = links.confirm_address(page.rsplit("/", 1)[1], ANN).removeprefix("http://localhost")
    for answer in (
        client.get(page),
        client.get(token),
        client.post(f"{page}/erase"),
        client.get("/reports/aaaaaaaaaaaaaaaa"),
    ):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "reference", ["aaaaaaaaaaaaaaaa", "short", "%00%00%00%00%00%00%00%00", "%FF%FE", "a" * 500, "🦆"]
)
@pytest.mark.parametrize("method", ["get", "withdraw", "erase", "contact", "confirm"])
def test_an_address_that_is_no_reports(client: FlaskClient, reference: str, method: str) -> None:
    page = f"/reports/{reference}"
    if method == "get":
        assert client.get(page).status_code == 404
    elif method == "confirm":
        assert client.get(f"{page}/confirm/token").status_code in {404, 410}
    else:
        assert client.post(f"{page}/{method}", data={"email": ANN}).status_code == 404


def test_it_takes_as_many_queries_for_a_hundred_reports_as_for_two(
    client: FlaskClient, session: Session, count_queries: Callable[[], Any]
) -> None:
    page = told(session, confirmed=ANN)
    told(session)
    client.get(page)
    with count_queries() as few:
        client.get(page)
    with transaction():
        for number in range(100):
            factories.make_report(session, notes=f"Reader {number}", name=f"Reader {number}")
        erratum = erratum_at(session, page)
        for _ in range(20):
            triage.move(session, erratum, Move.FIX, factories.act(Role.EDITOR), Said(corrected_text="receives"))
            triage.move(session, erratum, Move.REOPEN, factories.act(Role.EDITOR), Said(reason="Again."))
    with count_queries() as many:
        assert "Since then 101 others have." in words(client, page)
    assert len(many) == len(few) <= 5


@pytest.mark.database("sqlite")
def test_no_table_is_read_from_end_to_end(
    client: FlaskClient, session: Session, count_queries: Callable[[], Any]
) -> None:
    page = told(session, quote="the", confirmed=ANN)
    with count_queries() as queries:
        client.get(page)
    asked = [statement for statement in queries.statements if "publication" not in statement]
    assert len(asked) == 5
    for statement in asked:
        plan = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", tuple([None] * statement.count("?"))
        )
        scanned = [row.detail.removeprefix("SCAN ") for row in plan if row.detail.startswith("SCAN ")]
        assert [name for name in scanned if name.partition(" ")[0] in Base.metadata.tables] == [], statement
