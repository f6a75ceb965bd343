"""Links in editors' mail: looking changes nothing; the button acts in the name of who got the mail, for a while."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from at_the_desk import Page
from corrections import links
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.actors import Channel, Role
from corrections.domain.states import Move, Resolution, Status
from corrections.mail import outgoing
from corrections.mail.letterhead import Letter
from corrections.models import Editor, Erratum, Event, OutboxMessage, Publication
from corrections.services import triage

ANN = "ann@readers.test"
pytestmark = pytest.mark.usefixtures("app")  # mails link to its pages
MOVES = ("verify", "fix", "reject")


@pytest.fixture
def editor(session: Session, publication: Publication) -> Editor:  # noqa: ARG001 - the article's
    with transaction():
        factories.make_article(session)
        return factories.make_editor(session, email="ed@newsroom.test", name="Ed")


@pytest.fixture
def erratum(session: Session, editor: Editor) -> Erratum:  # noqa: ARG001 - is told of it
    with transaction():
        return factories.make_erratum(session, confirmed=ANN)


def told(session: Session, template: str = "editor_new_erratum") -> OutboxMessage:
    return factories.mails(session, template=template)[-1]


def paths(session: Session, message: OutboxMessage) -> dict[str, str]:
    """The links of the mail as it goes out, by their moves in the order of the mail."""
    mail = outgoing.message(Letter.of(message, outgoing.sender(session)))
    found = re.findall(r"http://localhost(/desk/act/[\w.-]+)", mail.body or "")
    return dict(zip(message.facts["moves"], dict.fromkeys(found), strict=True))


@pytest.fixture
def link(session: Session, erratum: Erratum) -> dict[str, str]:  # noqa: ARG001 - what the mail is about
    return paths(session, told(session))


def now(session: Session, erratum: Erratum) -> Erratum:
    session.expire_all()
    return session.get_one(Erratum, erratum.id)


def test_the_mail_offers_what_needs_no_further_word(link: dict[str, str]) -> None:
    assert tuple(link) == MOVES


def test_a_triager_is_offered_what_a_triager_may(session: Session, erratum: Erratum) -> None:
    with transaction():
        triager = factories.make_editor(session, Role.TRIAGER, email="tri@newsroom.test")
        triage.assign(session, erratum, triager, factories.act(Role.ADMIN))
    assert tuple(paths(session, told(session, "editor_assigned"))) == ("verify", "reject")


@pytest.mark.parametrize("move", MOVES)
def test_looking_says_what_would_happen_and_changes_nothing(
    session: Session, client: FlaskClient, erratum: Erratum, link: dict[str, str], move: str
) -> None:
    def state() -> tuple[Any, ...]:
        found = now(session, erratum)
        return found.status, found.revision, session.scalar(select(func.count(Event.id))), len(factories.mails(session))

    before = state()
    for ask in (client.get, client.head, client.get):
        assert ask(link[move]).status_code == 200
    shown = Page(client.get(link[move]))
    assert state() == before
    assert f"erratum {erratum.number}" in shown.words
    assert factories.TITLE in shown.words
    assert "You do this as Ed." in shown.words
    assert "its last passengers at nine" in shown.words
    assert shown.all("//button"), "there is a button"


@pytest.mark.parametrize(
    ("move", "status"), [("verify", Status.VERIFIED), ("fix", Status.FIXED), ("reject", Status.REJECTED)]
)
def test_the_button_acts_in_the_name_of_who_got_the_mail(
    session: Session,
    client: FlaskClient,
    editor: Editor,
    erratum: Erratum,
    link: dict[str, str],
    move: str,
    status: Status,
) -> None:
    shown = Page(client.post(link[move]))
    assert shown.status == 200
    assert "Done" in shown.words
    assert "at the desk" in shown.words, "it says how to undo it"
    done = now(session, erratum)
    assert done.status is status
    event = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    assert (event.editor_id, event.label, event.channel) == (editor.id, "Ed", Channel.MAIL)
    assert bool(factories.mails(session, to=ANN, template=f"report_{status}")) is (move != "verify")


def test_a_rejection_by_link_says_that_it_is_no_error(
    session: Session, client: FlaskClient, erratum: Erratum, link: dict[str, str]
) -> None:
    client.post(link["reject"])
    assert now(session, erratum).resolution is Resolution.NOT_AN_ERROR
    [owed] = factories.mails(session, to=ANN, template="report_rejected")
    assert "As far as we can tell it is right as it is." in outgoing.render(owed).text


def test_pressing_twice_does_it_once(
    session: Session, client: FlaskClient, erratum: Erratum, link: dict[str, str]
) -> None:
    client.post(link["fix"])
    again = Page(client.post(link["fix"]))
    assert again.status == 409
    assert len(factories.mails(session, to=ANN, template="report_fixed")) == 1
    assert now(session, erratum).status is Status.FIXED


def test_what_was_decided_meanwhile_is_told_and_not_done_over(
    session: Session, client: FlaskClient, erratum: Erratum, link: dict[str, str]
) -> None:
    with transaction():
        act = factories.act(Role.ADMIN)
        triage.edit(session, now(session, erratum), act, corrected_text="takes in")
    for answer in (client.get(link["fix"]), client.post(link["fix"])):
        shown = Page(answer)
        assert shown.status == 409
        assert "Admin edited it" in shown.words
        assert "takes in" in shown.words
        assert not shown.all("//button")
    assert now(session, erratum).status is Status.REPORTED


def test_a_decision_that_was_taken_back_makes_no_link_good_again(
    session: Session, client: FlaskClient, erratum: Erratum, link: dict[str, str]
) -> None:
    with transaction():
        found, act = now(session, erratum), factories.act(Role.ADMIN)
        for text in ("takes in", "receives"):
            triage.edit(session, found, act, corrected_text=text)
            session.flush()
    assert client.post(link["fix"]).status_code == 409


def test_more_readers_and_notes_leave_the_link_good(
    session: Session, client: FlaskClient, erratum: Erratum, link: dict[str, str]
) -> None:
    with transaction():
        factories.make_report(session)
        triage.note(session, now(session, erratum), "Looked at the print.", factories.act(Role.ADMIN))
    assert now(session, erratum).report_count == 2
    assert client.post(link["fix"]).status_code == 200
    assert now(session, erratum).status is Status.FIXED


def test_a_link_runs_out(client: FlaskClient, link: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ACT_LINK_AGE", timedelta(seconds=-1))
    for answer in (client.get(link["fix"]), client.post(link["fix"])):
        assert answer.status_code == 410
        assert "This link has run out." in answer.text


@pytest.mark.parametrize("broken", ["x", "eyJhIjoxfQ.aaaa.bbbb"])
def test_a_link_that_is_not_ours_is_none(client: FlaskClient, broken: str) -> None:
    assert client.get(f"/desk/act/{broken}").status_code == 410
    assert client.post(f"/desk/act/{broken}").status_code == 410


def test_a_link_for_something_else_does_not_act(app: Flask, client: FlaskClient, link: dict[str, str]) -> None:
    with app.app_context():
        other = links.sign("confirm", [1, 1, "fix", 1, 1, ""])
        unknown = links.sign("act", [1, 1, "explode", 1, 1, ""])
    assert client.post(f"/desk/act/{other}").status_code == 410
    assert client.post(f"/desk/act/{unknown}").status_code == 410
    assert client.post(link["fix"][:-1]).status_code == 410


@pytest.mark.parametrize("move", [Move.REOPEN, Move.ASK, Move.HOLD])
def test_even_a_signed_link_does_only_what_is_offered(
    session: Session, client: FlaskClient, editor: Editor, erratum: Erratum, move: Move
) -> None:
    path = links.act([erratum.number, editor.id, move.value, erratum.revision, 0, ""]).removeprefix("http://localhost")
    assert client.post(path).status_code == 403
    assert now(session, erratum).status is Status.REPORTED


def test_who_left_or_may_not_any_more_acts_no_more(
    session: Session, client: FlaskClient, editor: Editor, erratum: Erratum, link: dict[str, str]
) -> None:
    with transaction():
        session.get_one(Editor, editor.id).role = Role.TRIAGER
    assert client.post(link["fix"]).status_code == 403
    assert client.get(link["verify"]).status_code == 200
    with transaction():
        session.get_one(Editor, editor.id).active = False
    for answer in (client.get(link["verify"]), client.post(link["verify"])):
        assert answer.status_code == 403
    assert now(session, erratum).status is Status.REPORTED


def test_the_page_is_kept_by_no_cache_and_told_to_no_other_page(client: FlaskClient, link: dict[str, str]) -> None:
    for answer in (client.get(link["fix"]), client.post(link["verify"]), client.get("/desk/act/x")):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
    assert "noindex" in client.get(link["reject"]).text


def test_all_else_at_the_desk_stays_closed(client: FlaskClient, link: dict[str, str], erratum: Erratum) -> None:
    client.post(link["verify"])
    answer = client.get(f"/desk/errata/{erratum.number}")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_an_erratum_without_an_article_shows_the_readers_words(
    session: Session, client: FlaskClient, editor: Editor
) -> None:
    with transaction():
        factories.make_report(session, article="", quote="", corrected_text="", notes="I do not <b>understand</b> it.")
    assert editor.active
    offered = paths(session, told(session))
    assert tuple(offered) == ("verify", "reject"), "there is nothing to be fixed as suggested"
    assert "I do not <b>understand</b> it." in Page(client.get(offered["verify"])).words
