"""Settings, people, my account, articles and the outbox at the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from at_the_desk import Desk
from conftest import Clock
from corrections.db import transaction
from corrections.domain import clock as product_clock
from corrections.domain.actors import Role
from corrections.models import Editor, Notify, OutboxMessage, Publication
from corrections.services import outbox


@pytest.fixture(autouse=True)
def _publication(publication: Any) -> None:
    """The pages name it."""


@pytest.fixture
def admin(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.ADMIN))


@pytest.fixture
def editor(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.EDITOR))


def a_token(desk: Desk) -> str:
    return str(dict(desk.open("/desk/account").form("/account").form_values())["csrf_token"])


# The publication ------------------------------------------------------------------------------------------------------


def test_an_admin_describes_the_publication(session: Session, admin: Desk, client: FlaskClient) -> None:
    admin.send(
        "/desk/settings", "/publication", name="The Morning Tide", home_url="https://morning.example.org",
        hosts="www.morning.example.org\ncms.example.org:8080", policy="We correct.\n\nAlways.",
    )  # fmt: skip
    session.expire_all()
    publication = session.scalars(select(Publication)).one()
    assert publication.name == "The Morning Tide"
    assert publication.hosts == ["morning.example.org", "www.morning.example.org", "cms.example.org:8080"]
    assert "The Morning Tide" in client.get("/").text
    assert "Always." in client.get("/policy").text


def test_a_description_that_does_not_do_comes_back(session: Session, admin: Desk) -> None:
    refused = admin.send("/desk/settings", "/publication", name="New name", home_url="nowhere", reply_address="me@")
    assert refused.status == 422
    assert "Give the whole address of the home page" in refused.all("//p[@id='publication-home_url-error']")[0]
    assert refused.all("//p[@id='publication-reply_address-error']")
    assert refused.form("/publication").fields["name"] == "New name"
    session.expire_all()
    assert session.scalars(select(Publication.name)).one() == "The Evening Tide"


@pytest.mark.parametrize("address", ["publication", "editors", "editors/1", "editors/1/invite"])
def test_an_editor_may_look_but_not_change(editor: Desk, address: str) -> None:
    page = editor.open("/desk/settings")
    assert "The Evening Tide" in page.words
    assert page.main.forms == []
    assert editor.post(f"/desk/settings/{address}", csrf_token=a_token(editor)).status == 403


# People ---------------------------------------------------------------------------------------------------------------


def test_a_new_editor_with_a_password_can_log_in(session: Session, admin: Desk, app: Flask) -> None:
    facts = {"name": "Nora New", "email": "Nora@Tide.example.org", "role": "triager", "password": "pass words here"}
    shown = admin.send("/desk/settings", "/editors", **facts)
    assert "Added." in shown.words
    nora = session.scalars(select(Editor).where(Editor.email == "nora@tide.example.org")).one()
    assert nora.role is Role.TRIAGER
    client = app.test_client()
    form = Desk(client).open("/login").form("/login")
    client.post(
        "/login", data=dict(form.form_values()) | {"email": "nora@tide.example.org", "password": "pass words here"}
    )
    assert client.get("/desk/").status_code == 200
    assert factories.mails(session, template="security") == []


def test_a_new_editor_without_a_password_gets_a_link_to_set_one(session: Session, admin: Desk, app: Flask) -> None:
    shown = admin.send("/desk/settings", "/editors", name="Nora New", email="nora@tide.example.org", role="editor")
    assert "A link to set a password is on its way." in shown.words
    [message] = factories.mails(session, template="security")
    assert message.recipient == "nora@tide.example.org"
    assert "http://localhost/reset/" in message.facts["text"]
    link = message.facts["text"].split("http://localhost")[1].split()[0]
    client = app.test_client()
    form = Desk(client).open(link).main.forms[0]
    new = {"password": "pass words here", "password_confirm": "pass words here"}
    assert client.post(form.action, data=dict(form.form_values()) | new).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "editor@newsroom.test", "Somebody with this address is an editor already."),
        ("email", "nora", "This does not look like an e-mail address."),
        ("name", "", "Give a name."),
        ("password", "short", "At least 8 characters, please."),
        ("role", "owner", "Invalid Choice"),
    ],
)
def test_a_new_editor_who_does_not_do_comes_back(
    session: Session, admin: Desk, field: str, typed: str, sentence: str
) -> None:
    facts = {"name": "Nora New", "email": "nora@tide.example.org", "role": "editor", "password": "pass words here"}
    refused = admin.send("/desk/settings", "/editors", **(facts | {field: typed}))
    assert refused.status == 422
    assert sentence in refused.all(f"//p[@id='editor-{field}-error']")[0]
    assert len(session.scalars(select(Editor.id)).all()) == 3
    assert factories.mails(session, template="security") == []


def test_roles_and_access_are_changed(session: Session, admin: Desk, editors: dict[Role, Editor]) -> None:
    key = editors[Role.TRIAGER].id
    admin.send("/desk/settings", f"/editors/{key}", role="editor")
    session.expire_all()
    assert session.get_one(Editor, key).role is Role.EDITOR
    shown = admin.send("/desk/settings", f"/editors/{key}", active=None)
    session.expire_all()
    assert not session.get_one(Editor, key).active
    assert "May not log in" in shown.words


def test_the_last_admin_stays(session: Session, admin: Desk, editors: dict[Role, Editor]) -> None:
    key = editors[Role.ADMIN].id
    refused = admin.send("/desk/settings", f"/editors/{key}", role="editor")
    assert refused.status == 409
    assert "This is the last admin." in refused.words
    session.expire_all()
    assert session.get_one(Editor, key).role is Role.ADMIN


def test_a_link_can_be_mailed_again(session: Session, admin: Desk, editors: dict[Role, Editor]) -> None:
    admin.send("/desk/settings", f"/editors/{editors[Role.TRIAGER].id}/invite")
    assert [m.recipient for m in factories.mails(session, template="security")] == ["triager@newsroom.test"]


# My account -----------------------------------------------------------------------------------------------------------


def test_i_choose_when_and_of_what_i_am_told(session: Session, editor: Desk, editors: dict[Role, Editor]) -> None:
    editor.send("/desk/account", "/account", notify="daily", sections="Sea\n  Shore \n\nSea")
    session.expire_all()
    me = session.get_one(Editor, editors[Role.EDITOR].id)
    assert (me.notify, me.sections) == (Notify.DAILY, ["Sea", "Shore"])
    assert me.digest_due_at is not None
    shown = editor.open("/desk/account").form("/account")
    assert shown.fields["notify"] == "daily"


# Articles -------------------------------------------------------------------------------------------------------------


def test_articles_are_listed_searched_and_opened(session: Session, editor: Desk) -> None:
    assert "No articles yet." in editor.open("/desk/articles").words
    with transaction():
        first = factories.make_article(session, title="Kettles of the North", section="Steam")
        factories.make_article(session)
        factories.make_erratum(session, article=first.url)
        slug, url = first.slug, first.url
    page = editor.open("/desk/articles")
    assert "2 articles" in page.words
    assert page.all("//tbody/tr/td[1]") == [factories.TITLE, "Kettles of the North"]
    assert page.all("//tbody/tr[2]/td")[1:] == ["Steam", "–", "1", "–"]
    assert editor.open("/desk/articles", q="kettles").all("//tbody/tr/td[1]") == ["Kettles of the North"]
    assert editor.open("/desk/articles", q=url or "").all("//tbody/tr/td[1]") == ["Kettles of the North"]
    assert "No article has these words" in editor.open("/desk/articles", q="zeppelin").words
    article = editor.open(f"/desk/articles/{slug}")
    assert str(url) in article.words
    assert len(article.all("//ol[@class='queue']/li")) == 1
    assert editor.open("/desk/articles/nothing").status == 404


def test_pages_of_articles_follow_each_other(session: Session, editor: Desk) -> None:
    with transaction():
        for i in range(51):
            factories.make_article(session, title=f"Article {i}", text=None)
    first = editor.open("/desk/articles")
    [following] = first.main.xpath("//a[@rel='next']/@href")
    seen = first.all("//tbody/tr/td[1]") + editor.open(following).all("//tbody/tr/td[1]")
    assert seen == [f"Article {i}" for i in reversed(range(51))]


# The outbox -----------------------------------------------------------------------------------------------------------


def test_what_waits_can_be_read_as_it_will_be_sent(session: Session, editor: Desk) -> None:
    with transaction():
        factories.make_article(session)
        factories.make_report(session, email="ann@example.org")
    page = editor.open("/desk/outbox")
    assert "No mail server is set" in page.words
    [link] = [
        link for link in page.main.xpath("//tbody//a/@href") if "Please confirm" in page.all(f"//a[@href='{link}']")[0]
    ]
    message = editor.open(link)
    assert "ann@example.org" in message.words
    assert "http://localhost/reports/" in message.all("//pre")[0]
    html = editor.client.get(f"{link}/html")
    assert html.status_code == 200
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "<script" not in html.text


def test_what_failed_is_tried_again(session: Session, editor: Desk, clock: Clock) -> None:
    with transaction():
        factories.make_article(session)
        factories.make_report(session, email="ann@example.org")
        [message] = factories.mails(session, template="confirm_address")
        clock.advance(timedelta(days=4))
        outbox.mark_failed(session, message.id, "550 no such mailbox", product_clock.now())
        key = message.id
    page = editor.open("/desk/outbox", tray="failed")
    assert "550 no such mailbox" in page.words
    shown = editor.send(f"/desk/outbox/{key}", "/again")
    assert "It is tried again within a minute." in shown.words
    session.expire_all()
    again = session.get_one(OutboxMessage, key)
    assert (again.failed_at, again.attempts, again.due_at) == (None, 0, product_clock.now())


def test_mail_that_lets_somebody_in_is_for_admins(
    session: Session, editor: Desk, admin: Desk, editors: dict[Role, Editor]
) -> None:
    admin.send("/desk/settings", f"/editors/{editors[Role.TRIAGER].id}/invite")
    [message] = factories.mails(session, template="security")
    assert "Set your password" in admin.open("/desk/outbox").words
    assert "/reset/" in admin.open(f"/desk/outbox/{message.id}").words
    assert "Nothing waits to be sent." in editor.open("/desk/outbox").words
    assert editor.open(f"/desk/outbox/{message.id}").status == 404
    assert editor.client.get(f"/desk/outbox/{message.id}/html").status_code == 404
    assert editor.post(f"/desk/outbox/{message.id}/again", csrf_token=a_token(editor)).status == 404


def test_a_message_that_cannot_be_made_still_has_a_page(session: Session, editor: Desk) -> None:
    with transaction():
        broken = outbox.owe(session, None, "ann@example.org", "no_such_template", {}, at=product_clock.now())
        session.add(broken)
    page = editor.open(f"/desk/outbox/{broken.id}")
    assert page.status == 200
    assert "Its template does not get what it needs." in page.words
