"""The form: what it takes, what it keeps when something is missing, and that one act of sending is one report."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.states import Screening
from corrections.models import Erratum, Report
from corrections.services import reports
from corrections.services.reports import NewReport

SAID = {"article": factories.TITLE, "original_text": "recieves", "corrected_text": "receives", "notes": ""}


@pytest.fixture(autouse=True)
def _article(session: Session, publication: Any) -> None:  # noqa: ARG001 - the article's
    with transaction():
        factories.make_article(session)


def page_of(answer: Any) -> Any:
    return html.fromstring(answer.data)


def sheet(client: FlaskClient, clock: Clock, address: str = "/report", **typed: str) -> dict[str, str]:
    """The form filled in by a person: all its fields with what is typed, a while after it was opened."""
    form = next(form for form in page_of(client.get(address)).forms if "original_text" in form.fields)
    clock.advance(seconds=20)
    return {**dict(form.form_values()), **SAID, **typed}


def stored(session: Session) -> list[Report]:
    session.expire_all()
    return list(session.scalars(select(Report).order_by(Report.id)))


def field(page: Any, name: str) -> str:
    """What stands in a field, as a browser reads it: a text area's first line feed is not part of its text."""
    [found] = page.xpath(f"//form//*[@name='{name}']")
    return str(found.value or "").removeprefix("\n" if found.tag == "textarea" else "")


# Sending -------------------------------------------------------------------------------------------------------------


def test_a_report_is_stored_placed_and_shown(client: FlaskClient, session: Session, clock: Clock) -> None:
    answer = client.post("/report", data=sheet(client, clock, notes="Second paragraph."))
    assert answer.status_code == 303
    [report] = stored(session)
    assert answer.location == f"/reports/{report.reference}"
    assert (report.original_text, report.corrected_text, report.notes) == ("recieves", "receives", "Second paragraph.")
    assert report.erratum is not None
    assert report.erratum.article is not None
    assert report.screening is Screening.PASSED
    assert client.get(answer.location).status_code == 200


def test_the_form_has_the_fields_that_are_promised(client: FlaskClient) -> None:
    answer = client.get("/report")
    form = next(form for form in page_of(answer).forms if "original_text" in form.fields)
    assert [name for name in form.fields if name not in {"token", "website"}] == [
        "article",
        "original_text",
        "corrected_text",
        "notes",
    ]
    assert form.method == "POST"
    assert form.action == "/report?send"


def test_no_page_sets_a_cookie(client: FlaskClient, clock: Clock) -> None:
    answers = [
        client.get("/report"),
        client.post("/report", data={}),
        client.post("/report", data=sheet(client, clock)),
    ]
    page = answers[-1].location
    answers += [client.get(page), client.post(f"{page}/contact", data={"email": "ann@example.org"})]
    answers += [
        client.post(f"{page}/erase"),
        client.post(f"{page}/withdraw"),
        client.get("/report/suggestions?q=ferry"),
    ]
    assert [answer.status_code for answer in answers] == [200, 422, 303, 200, 303, 303, 303, 200]
    assert not any("Set-Cookie" in answer.headers or "Cookie" in answer.headers.get("Vary", "") for answer in answers)


def test_a_name_and_an_address_may_come_along(client: FlaskClient, session: Session, clock: Clock) -> None:
    client.post("/report", data=sheet(client, clock, name="Ann", email="ann@Example.org"))
    [report] = stored(session)
    assert (report.reporter_name, report.reporter_email, report.email_confirmed_at) == ("Ann", "ann@example.org", None)
    assert [mail.template for mail in factories.mails(session, to="ann@example.org")] == ["confirm_address"]


def test_an_address_asked_too_often_does_not_cost_the_report(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    for number in range(limits.CONFIRMATIONS_PER_ADDRESS + 1):
        typed = sheet(client, clock, notes=f"Number {number}", email="ann@example.org")
        assert client.post("/report", data=typed).status_code == 303
    assert len(stored(session)) == limits.CONFIRMATIONS_PER_ADDRESS + 1
    assert len(factories.mails(session, to="ann@example.org")) == limits.CONFIRMATIONS_PER_ADDRESS


# Prefilling ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "article"),
    [
        ({"title": "A day at sea"}, "A day at sea"),
        ({"url": "https://tide.example.org/a?x=1&y=2"}, "https://tide.example.org/a?x=1&y=2"),
        ({"article": "As typed", "title": "Another", "url": "https://tide.example.org/a"}, "As typed"),
        # An address that we do not know tells us less than the title does.
        ({"title": "A day at sea", "url": "https://elsewhere.example.com/a"}, "A day at sea"),
    ],
)
def test_a_link_fills_the_form_in(client: FlaskClient, query: dict[str, str], article: str) -> None:
    page = page_of(client.get("/report", query_string={**query, "quote": 'He said "<b>no</b>"'}))
    assert field(page, "article") == article
    assert field(page, "original_text") == 'He said "<b>no</b>"'


def test_an_address_that_we_know_says_more_than_a_title(client: FlaskClient, session: Session) -> None:
    with transaction():
        url = factories.make_article(session, title="Known by its address").url
    page = page_of(client.get("/report", query_string={"title": "Something", "url": f"{url}?utm_source=mail"}))
    assert field(page, "article") == f"{url}?utm_source=mail"


# What is missing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"article": ""}, ["article"]),
        ({"article": "\u200b \n"}, ["article"]),
        ({"original_text": "", "corrected_text": "receives"}, ["original_text"]),
        ({"article": "", "original_text": " ", "notes": "\u00a0"}, ["article", "original_text"]),
        ({"corrected_text": "recieves"}, ["corrected_text"]),
        ({"original_text": "x" * (limits.QUOTE + 1)}, ["original_text"]),
        ({"corrected_text": "x" * (limits.QUOTE + 1), "notes": "y " * limits.NOTES}, ["corrected_text", "notes"]),
        ({"article": "t" * (limits.ARTICLE_AS_GIVEN + 1)}, ["article"]),
        ({"email": "nobody"}, ["email"]),
        ({"name": "N" * (limits.NAME + 1)}, ["name"]),
    ],
    ids=str,
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, clock: Clock, typed: dict[str, str], wrong: list[str]
) -> None:
    sent = sheet(client, clock, **{"name": "Ann", "email": "ann@example.org", **typed})
    answer = client.post("/report", data=sent)
    page = page_of(answer)
    assert answer.status_code == 422
    assert [found.get("name") for found in page.xpath("//form//*[@aria-invalid='true']")] == wrong
    [summary] = page.xpath("//*[@class='error-summary' and @role='alert' and @autofocus]")
    assert [link.get("href") for link in summary.xpath(".//a")] == [f"#{name}" for name in wrong]
    for name in wrong:
        [error] = page.xpath(f"//*[@id='{name}-error']")
        assert f"{name}-error" in page.get_element_by_id(name).get("aria-describedby").split()
        assert error.text_content().strip()
    for name in ("article", "original_text", "corrected_text", "notes", "name", "email"):
        assert field(page, name) == sent[name], name
    assert stored(session) == []


def test_notes_alone_are_enough(client: FlaskClient, session: Session, clock: Clock) -> None:
    typed = sheet(client, clock, original_text="", corrected_text="", notes="The picture shows another boat.")
    assert client.post("/report", data=typed).status_code == 303
    assert stored(session)[0].notes == "The picture shows another boat."


def test_lengths_are_counted_as_people_count(client: FlaskClient, session: Session, clock: Clock) -> None:
    typed = "a\r\n" * (limits.NOTES // 2)
    assert client.post("/report", data=sheet(client, clock, notes=typed)).status_code == 303
    assert len(stored(session)[0].notes) == limits.NOTES - 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_bytes_that_are_no_text_do_no_harm(client: FlaskClient, method: str) -> None:
    body = b"article=%FF%FE%00&original_text=\xff\xfe%ED%A0%80&notes=%00%01&token=%FF&website="
    if method == "get":
        answers = [client.get(f"{path}?{body.decode('latin-1')}") for path in ("/report", "/report/known")]
        answers.append(client.get("/report/suggestions?q=%FF%00%ED%A0%80"))
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        return
    kind = "application/x-www-form-urlencoded"
    assert client.post("/report/known", data=body, content_type=kind).status_code == 200
    assert client.post("/report", data=body, content_type=kind).status_code in {303, 422}
    assert (
        client.post("/report", data=b"--x\r\nbroken", content_type="multipart/form-data; boundary=x").status_code < 500
    )
    assert client.post("/report", data=b"\xff\xfe", content_type="application/json").status_code == 422


# Once ----------------------------------------------------------------------------------------------------------------


def test_pressing_send_twice_is_one_report(client: FlaskClient, session: Session, clock: Clock) -> None:
    typed = sheet(client, clock)
    first = client.post("/report", data=typed)
    clock.advance(timedelta(days=30))
    assert client.post("/report", data=typed).location == first.location
    assert len(stored(session)) == 1


def test_an_edited_text_sent_again_is_another_report(client: FlaskClient, session: Session, clock: Clock) -> None:
    typed = sheet(client, clock)
    client.post("/report", data=typed)
    client.post("/report", data={**typed, "corrected_text": "gets"})
    assert [report.corrected_text for report in stored(session)] == ["receives", "gets"]


def test_the_same_words_on_another_copy_of_the_form_are_another_report(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    for _ in range(2):
        client.post("/report", data=sheet(client, clock))
    assert len(stored(session)) == 2
    assert session.scalar(select(func.count()).select_from(Erratum)) == 1


def test_mending_a_refused_sheet_is_the_same_copy_of_the_form(client: FlaskClient, clock: Clock) -> None:
    typed = sheet(client, clock, article="")
    again = page_of(client.post("/report", data=typed))
    assert field(again, "token") == typed["token"]
    assert field(page_of(client.post("/report", data={**typed, "token": "broken"})), "token") not in {"broken", ""}


def test_without_a_form_of_ours_the_same_words_of_one_day_are_one_report(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    places = [client.post("/report", data=SAID).location for _ in range(2)]
    assert len(set(places)) == 1
    client.post("/report", data=SAID, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    clock.advance(days=1)
    client.post("/report", data=SAID)
    assert len(stored(session)) == 3


def test_two_at_the_same_moment_are_one_report(app: Flask, client: FlaskClient, session: Session, clock: Clock) -> None:
    for attempt in range(5):
        typed = sheet(client, clock, notes=f"Attempt {attempt}")
        start = Barrier(2)

        def press(typed: dict[str, str] = typed, start: Barrier = start) -> Any:
            start.wait(10)
            return app.test_client().post("/report", data=typed)

        with ThreadPoolExecutor(2) as fingers:
            answers = [future.result(30) for future in [fingers.submit(press), fingers.submit(press)]]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0].location == answers[1].location
        assert len(stored(session)) == attempt + 1


def test_the_database_decides_when_both_saw_nothing_stored_yet(
    client: FlaskClient, session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on PostgreSQL, where two transactions can both look before either of them has written."""
    typed = sheet(client, clock)
    first = client.post("/report", data=typed)
    rest_of_submit = reports.submit

    def looked_too_early(session: Session, new: NewReport, act: Any, quotas: Any) -> Report:
        key, blind = new.submission_key, NewReport(submission_key="nobody has this one", notes=new.notes or "-")
        report = rest_of_submit(session, blind, act, quotas)
        report.submission_key = key
        session.flush()
        raise AssertionError("the database let the same key in twice")

    monkeypatch.setattr(reports, "submit", looked_too_early)
    assert client.post("/report", data=typed).location == first.location
    assert len(stored(session)) == 1


# Robots --------------------------------------------------------------------------------------------------------------


def test_who_fills_the_hidden_field_waits_for_screening(client: FlaskClient, session: Session, clock: Clock) -> None:
    answer = client.post("/report", data=sheet(client, clock, website="https://example.org"))
    [report] = stored(session)
    assert (report.screening, report.screening_reason, report.erratum) == (Screening.HELD, "hidden_field", None)
    assert "reads it first" in client.get(answer.location).text


def test_the_hidden_field_is_hidden_from_everybody(client: FlaskClient) -> None:
    [trap] = page_of(client.get("/report")).xpath("//*[@name='website']")
    assert (trap.get("tabindex"), trap.get("autocomplete")) == ("-1", "off")
    assert trap.getparent().get("aria-hidden") == "true"


@pytest.mark.parametrize(
    ("seconds", "token", "held"), [(1, None, True), (20, None, False), (20, "forged", True), (20, "", True)]
)
def test_doubts_add_up(
    client: FlaskClient, session: Session, clock: Clock, seconds: int, token: str | None, held: bool
) -> None:
    typed = sheet(client, clock, notes="<a href=x>look</a>")  # a doubt of its own, not enough to hold
    clock.advance(seconds=seconds - 20)
    client.post("/report", data=typed if token is None else {**typed, "token": token})
    assert (stored(session)[0].screening is Screening.HELD) is held


def test_a_form_that_lay_open_for_weeks_is_still_good(client: FlaskClient, session: Session, clock: Clock) -> None:
    typed = sheet(client, clock)
    clock.advance(days=20)
    assert client.post("/report", data=typed).status_code == 303
    assert stored(session)[0].screening is Screening.PASSED


@pytest.fixture
def strict_client(app: Flask) -> FlaskClient:
    app.config.update(REPORTS_PER_SENDER=2, REPORTS_PER_ARTICLE=3)
    return app.test_client()


def test_too_many_from_one_sender_are_asked_to_come_back(
    strict_client: FlaskClient, session: Session, clock: Clock
) -> None:
    here = {"REMOTE_ADDR": "192.0.2.7"}
    sheets = [sheet(strict_client, clock, notes=f"Number {n}", name="Ann") for n in range(3)]
    answers = [strict_client.post("/report", data=typed, environ_base=here) for typed in sheets]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    page = page_of(answers[-1])
    assert "a little later" in page.xpath("//*[@class='error-summary']")[0].text_content()
    assert {name: field(page, name) for name in ("notes", "name", "original_text")} == {
        "notes": "Number 2",
        "name": "Ann",
        "original_text": "recieves",
    }
    # A retry of what was stored is no new report, and another reader is not held up.
    assert strict_client.post("/report", data=sheets[0], environ_base=here).location == answers[0].location
    there = {"REMOTE_ADDR": "192.0.2.8"}
    assert strict_client.post("/report", data=sheets[2], environ_base=there).status_code == 303
    assert len(stored(session)) == 3


def test_too_many_about_one_article_are_asked_to_come_back(
    strict_client: FlaskClient, session: Session, clock: Clock
) -> None:
    answers = [
        strict_client.post(
            "/report", data=sheet(strict_client, clock, notes=f"{n}"), environ_base={"REMOTE_ADDR": f"192.0.2.{n + 1}"}
        )
        for n in range(4)
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    other = sheet(strict_client, clock, article="Another article")
    assert strict_client.post("/report", data=other).status_code == 303
    assert len(stored(session)) == 4
