"""What a reporter can do on a report's page: be told, take the report back, have name and address erased."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections import links
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.actors import Role
from corrections.domain.states import Move, Resolution, Screening, Status
from corrections.models import Report
from corrections.services import reports, triage
from corrections.services.triage import Said

ANN = "ann@example.org"


@pytest.fixture(autouse=True)
def _article(session: Session, publication: Any) -> None:  # noqa: ARG001 - the article's
    with transaction():
        factories.make_article(session)


def told(session: Session, **changes: Any) -> str:
    with transaction():
        return f"/reports/{factories.make_report(session, **changes).reference}"


def report_at(session: Session, page: str) -> Report:
    session.expire_all()
    return reports.by_reference(session, page.rsplit("/", 1)[1])


def link(page: str, email: str = ANN) -> str:
    return links.confirm_address(page.rsplit("/", 1)[1], email).removeprefix("http://localhost")


def reject(session: Session, page: str) -> None:
    with transaction():
        erratum = report_at(session, page).erratum
        assert erratum is not None
        said = Said(resolution=Resolution.NOT_AN_ERROR)
        triage.move(session, erratum, Move.REJECT, factories.act(Role.EDITOR), said)


# Being told ----------------------------------------------------------------------------------------------------------


def test_an_address_is_noted_and_asked_for_its_confirmation(client: FlaskClient, session: Session) -> None:
    page = told(session)
    assert "Would you like to be told?" in client.get(page).text
    answer = client.post(f"{page}/contact", data={"email": " ann@Example.ORG ", "name": "Ann"})
    assert (answer.status_code, answer.location) == (303, f"{page}#told")
    assert [mail.template for mail in factories.mails(session, to=ANN)] == ["confirm_address"]
    assert "We have written to the address you gave." in client.get(page).text


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a@b", "a b@example.org", "ann@example.org\nBcc: all@example.org", "@"]
)
def test_what_is_no_address_stands_at_its_field(client: FlaskClient, session: Session, typed: str) -> None:
    page = told(session)
    answer = client.post(f"{page}/contact", data={"email": typed, "name": "Ann"})
    shown = html.fromstring(answer.data)
    assert answer.status_code == 422
    assert shown.get_element_by_id("email").get("aria-invalid") == "true"
    assert shown.get_element_by_id("email").value == typed
    assert shown.get_element_by_id("name").value == "Ann"
    assert shown.xpath("//*[@class='error-summary' and @autofocus]")
    assert report_at(session, page).reporter_email is None


def test_an_address_is_asked_a_few_times_a_day_only(client: FlaskClient, session: Session, clock: Clock) -> None:
    pages = [told(session, notes=f"{n}") for n in range(limits.CONFIRMATIONS_PER_ADDRESS + 1)]
    answers = [client.post(f"{page}/contact", data={"email": ANN}) for page in pages]
    assert [answer.status_code for answer in answers] == [303] * limits.CONFIRMATIONS_PER_ADDRESS + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert html.fromstring(answers[-1].data).get_element_by_id("email").value == ANN
    clock.advance(limits.CONFIRMATION_WINDOW)
    assert client.post(f"{pages[-1]}/contact", data={"email": ANN}).status_code == 303


def test_looking_at_the_link_confirms_nothing(client: FlaskClient, session: Session) -> None:
    page = told(session, email=ANN)
    for method in (client.get, client.head, client.get):
        assert method(link(page)).status_code == 200
    assert report_at(session, page).email_confirmed_at is None
    [form] = html.fromstring(client.get(link(page)).data).forms
    assert (form.method, form.action) == ("POST", None)


def test_the_button_confirms_and_may_be_pressed_twice(client: FlaskClient, session: Session) -> None:
    page = told(session, email=ANN)
    for _ in range(2):
        answer = client.post(link(page))
        assert (answer.status_code, answer.location) == (303, f"{page}#told")
    assert report_at(session, page).email_confirmed_at is not None
    assert "Your address is confirmed." in client.get(page).text
    assert client.get(link(page)).location == f"{page}#told"
    assert [mail.template for mail in factories.mails(session, to=ANN)] == ["confirm_address", "report_received"]


def test_who_confirms_after_the_outcome_is_told_at_once(client: FlaskClient, session: Session) -> None:
    page = told(session, email=ANN)
    reject(session, page)
    client.post(link(page))
    assert [mail.template for mail in factories.mails(session, to=ANN)][-1] == "report_rejected"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_leads_nowhere_says_what_to_do(client: FlaskClient, session: Session, method: str) -> None:
    page, other = told(session, email=ANN), told(session, email="bob@example.org")
    for broken in (
        f"{page}/confirm/nonsense",
        link(page)[:-3],
        link(page).replace(page, other),
        link(page, "old@example.org"),
    ):
        answer = getattr(client, method)(broken)
        assert answer.status_code == 410
        assert "On the page of your report you can give your address again" in answer.text
    assert report_at(session, page).email_confirmed_at is None
    assert report_at(session, other).email_confirmed_at is None


# Taking it back ------------------------------------------------------------------------------------------------------


def test_a_report_can_be_taken_back(client: FlaskClient, session: Session) -> None:
    page = told(session, confirmed=ANN)
    assert client.post(f"{page}/withdraw").status_code == 303
    assert client.post(f"{page}/withdraw").status_code == 303
    report = report_at(session, page)
    assert report.erratum is not None
    assert (report.erratum.status, report.erratum.resolution) == (Status.REJECTED, Resolution.WITHDRAWN)
    text = client.get(page).text
    assert "You took this report back" in text
    assert f"{page}/withdraw" not in text


def test_what_an_editor_decided_is_not_taken_back(client: FlaskClient, session: Session) -> None:
    page = told(session)
    reject(session, page)
    assert f"{page}/withdraw" not in client.get(page).text
    assert client.post(f"{page}/withdraw").status_code == 409


def test_a_report_that_waits_for_screening_can_be_taken_back(client: FlaskClient, session: Session) -> None:
    with transaction():
        report = factories.make_report(session)
        report.screening, report.erratum = Screening.HELD, None
        page = f"/reports/{report.reference}"
    assert client.post(f"{page}/withdraw").status_code == 303
    assert "You took this report back" in client.get(page).text


def test_what_one_reader_took_back_is_looked_at_when_another_reports_it(client: FlaskClient, session: Session) -> None:
    first = told(session)
    client.post(f"{first}/withdraw")
    second = told(session)
    assert "An editor will look at it." in client.get(second).text
    for page in (told(session, article="Unknown"), told(session, article="Unknown")):
        client.post(f"{page}/withdraw")
    assert "An editor will look at it." in client.get(told(session, article="Unknown")).text


def test_what_was_decided_of_one_suggestion_does_not_answer_another(client: FlaskClient, session: Session) -> None:
    reject(session, told(session, quote="eleven minutes", corrected_text="ten minutes"))
    same = told(session, quote="eleven minutes", corrected_text="ten minutes")
    assert "finds it right as it stands" in client.get(same).text
    other = told(session, quote="eleven minutes", corrected_text="forty minutes")
    assert "An editor will look at it." in client.get(other).text


# Being forgotten -----------------------------------------------------------------------------------------------------


def test_name_and_address_can_be_erased(client: FlaskClient, session: Session) -> None:
    page = told(session, name="Ann", confirmed=ANN)
    answer = client.post(f"{page}/erase")
    assert (answer.status_code, answer.location) == (303, f"{page}#yours")
    report = report_at(session, page)
    assert (report.reporter_name, report.reporter_email, report.email_confirmed_at) == (None, None, None)
    assert report.original_text == "recieves"
    assert factories.mails(session, to=ANN) == []
    text = client.get(page).text
    assert "Your name and address are erased." in text
    assert f"{page}/erase" not in text
    # The link in the mail confirms nobody any more.
    assert client.post(link(page)).status_code == 410


def test_what_was_never_given_need_not_be_erased(client: FlaskClient, session: Session) -> None:
    assert "We keep neither a name nor an address of yours with it." in client.get(told(session)).text


def test_another_error_in_the_same_article_is_one_click_away(client: FlaskClient, session: Session) -> None:
    page = html.fromstring(client.get(told(session)).data)
    [again] = page.xpath("//a[contains(text(), 'Report another error')]/@href")
    [article] = html.fromstring(client.get(again).data).xpath("//input[@name='article']/@value")
    with transaction():
        report = factories.make_report(session, article=article, quote="the the boat")
        assert report.erratum is not None
        assert report.erratum.article is not None
        assert report.erratum.article.title == factories.TITLE
