"""Log-in, reset by mail, codes from an app, the link of the first editor, and cookies where nobody logs in."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from at_the_desk import Desk, Page
from corrections import links
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.models import Editor, OutboxMessage
from corrections.services import editors as people

ADDRESS = "editor@newsroom.test"


def log_in(client: FlaskClient, email: str = ADDRESS, password: str = factories.PASSWORD, **query: str) -> Any:
    form = Page(client.get("/login", query_string=query or None)).form("/login" if not query else "")
    fields = dict(form.form_values()) | {"email": email, "password": password}
    return client.post(form.action, data=fields)


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk/").status_code == 200


def mailed(session: Session) -> OutboxMessage:
    session.expire_all()
    return session.scalars(
        select(OutboxMessage).where(OutboxMessage.template == "security").order_by(OutboxMessage.id.desc())
    ).first()  # type: ignore[return-value] # the test fails where there is none


def link_in(message: OutboxMessage) -> str:
    found = re.search(r"http://localhost(\S+)", message.facts["text"])
    assert found is not None
    return found[1]


# Log-in ---------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("editors")
def test_the_right_password_opens_the_desk(client: FlaskClient) -> None:
    assert not is_in(client)
    answer = log_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert is_in(client)


@pytest.mark.usefixtures("editors")
def test_an_endless_password_is_refused_before_it_is_hashed(client: FlaskClient) -> None:
    answer = log_in(client, password="long" * 10_000)
    assert answer.status_code == 422
    assert "A password has at most 1000 characters." in answer.text


@pytest.mark.usefixtures("editors")
@pytest.mark.parametrize("address", ["Editor@newsroom.test", "EDITOR@newsroom.test"])
def test_an_address_is_the_same_in_other_letters(client: FlaskClient, address: str) -> None:
    log_in(client, address)
    assert is_in(client)


@pytest.mark.usefixtures("editors")
def test_wrong_passwords_and_unknown_addresses_get_the_same_answer(app: Flask) -> None:
    pages = []
    for address in (ADDRESS, "nobody@tide.example.org"):
        client = app.test_client()
        answer = log_in(client, address, "not the password")
        assert answer.status_code == 200
        assert not is_in(client)
        pages.append(Page(answer).words)
    assert pages[0] == pages[1]
    assert "That did not work. Check the address and the password." in pages[0]


def test_who_may_not_log_in_any_more_is_out_at_once(
    session: Session, editors: dict[Role, Editor], desk_client: Callable[[Role], FlaskClient], app: Flask
) -> None:
    client = desk_client(Role.EDITOR)
    assert is_in(client)
    with transaction():
        people.set_active(session, session.merge(editors[Role.EDITOR]), factories.system_act(), active=False)
    assert not is_in(client)
    again = app.test_client()
    log_in(again)
    assert not is_in(again)


def test_logging_out_takes_a_form_of_ours(desk_client: Callable[[Role], FlaskClient]) -> None:
    client = desk_client(Role.EDITOR)
    assert client.get("/logout").status_code == 405
    assert client.post("/logout").status_code == 400
    assert is_in(client)
    token = dict(Desk(client).open("/desk/account").form("/account").form_values())["csrf_token"]
    assert client.post("/logout", data={"csrf_token": token}).status_code == 302
    assert not is_in(client)


# The desk is closed ---------------------------------------------------------------------------------------------------


def test_nothing_at_the_desk_is_public(app: Flask, client: FlaskClient) -> None:
    seen = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("desk."):
            continue
        address = re.sub(r"<[^>]*any\(([^,)]*)[^>]*>", r"\1", rule.rule)
        address = re.sub(r"<int:[^>]*>", "1", address)
        address = re.sub(r"<[^>]*>", "x", address)
        if "GET" in (rule.methods or ()):
            answer = client.get(address)
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/login?next="), address
        else:
            assert client.post(address).status_code in {302, 400}, address
        seen += 1
    assert seen > 20


@pytest.mark.usefixtures("editors")
def test_logging_in_leads_to_where_one_wanted_to_go(client: FlaskClient) -> None:
    wanted = client.get("/desk/corrections?q=ferry").headers["Location"]
    form = Page(client.get(wanted)).main.forms[0]
    answer = client.post(
        form.action, data=dict(form.form_values()) | {"email": ADDRESS, "password": factories.PASSWORD}
    )
    assert answer.headers["Location"] == "/desk/corrections?q=ferry"


@pytest.mark.usefixtures("editors")
@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "////example.org", "javascript:alert(1)"]
)
def test_logging_in_never_leads_elsewhere(client: FlaskClient, elsewhere: str) -> None:
    form = Page(client.get("/login", query_string={"next": elsewhere})).main.forms[0]
    answer = client.post(
        form.action, data=dict(form.form_values()) | {"email": ADDRESS, "password": factories.PASSWORD}
    )
    assert "Location" not in answer.headers
    assert "This link leads elsewhere." in Page(answer).words


@pytest.mark.usefixtures("publication")
@pytest.mark.parametrize("address", ["/", "/report", "/policy", "/feed.atom", "/nothing-here", "/static/style.css"])
def test_public_pages_neither_set_a_cookie_nor_look_at_one(
    desk_client: Callable[[Role], FlaskClient], address: str
) -> None:
    answer = desk_client(Role.ADMIN).get(address)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("address", ["/login", "/reset", "/wan-signin"])
def test_pages_about_log_in_are_not_kept(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


# Reset by mail --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("editors", "publication")
def test_a_link_by_mail_sets_a_new_password_and_ends_old_sessions(
    session: Session, app: Flask, client: FlaskClient, desk_client: Callable[[Role], FlaskClient]
) -> None:
    elsewhere = desk_client(Role.EDITOR)
    evil = {"base_url": "http://evil.example.net"}
    form = Page(client.get("/reset", **evil)).form("/reset")
    client.post("/reset", data=dict(form.form_values()) | {"email": ADDRESS}, **evil)
    message = mailed(session)
    assert message.recipient == ADDRESS
    assert "evil.example.net" not in str(message.facts)
    page = Page(client.get(link_in(message)))
    new = "another long password"
    client.post(
        page.main.forms[0].action,
        data=dict(page.main.forms[0].form_values()) | {"password": new, "password_confirm": new},
    )
    assert not is_in(elsewhere)
    log_in(client)
    assert not is_in(client), "the old password"
    log_in(client, password=new)
    assert is_in(client)
    assert "was set just now" in mailed(session).facts["text"]
    assert app.test_client().get(link_in(message)).status_code == 302, "the link works once"


@pytest.mark.usefixtures("editors")
def test_asking_for_a_link_does_not_tell_who_is_an_editor(session: Session, app: Flask) -> None:
    told = []
    for address in (ADDRESS, "nobody@tide.example.org"):
        client = app.test_client()
        form = Page(client.get("/reset")).form("/reset")
        answer = client.post("/reset", data=dict(form.form_values()) | {"email": address})
        told.append(Page(answer).words.replace(address, ""))
    assert told[0] == told[1]
    assert [m.recipient for m in session.scalars(select(OutboxMessage))] == [ADDRESS]


def test_a_changed_password_is_told_by_mail(session: Session, desk_client: Callable[[Role], FlaskClient]) -> None:
    client = desk_client(Role.EDITOR)
    form = Page(client.get("/change")).form("/change")
    new = "another long password"
    fields = {"password": factories.PASSWORD, "new_password": new, "new_password_confirm": new}
    answer = client.post("/change", data=dict(form.form_values()) | fields)
    assert answer.headers["Location"] == "/desk/account"
    assert is_in(client)
    assert "was changed just now" in mailed(session).facts["text"]


def test_a_short_password_is_refused_in_words(desk_client: Callable[[Role], FlaskClient]) -> None:
    client = desk_client(Role.EDITOR)
    form = Page(client.get("/change")).form("/change")
    fields = {"password": factories.PASSWORD, "new_password": "short", "new_password_confirm": "short"}
    answer = Page(client.post("/change", data=dict(form.form_values()) | fields))
    assert "At least 8 characters, please." in answer.words


# A second step --------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Passing SelectField choices as tuples")  # the library's own form
def test_codes_from_an_app_and_recovery_codes(
    session: Session, app: Flask, editors: dict[Role, Editor], desk_client: Callable[[Role], FlaskClient]
) -> None:
    client = desk_client(Role.EDITOR)
    page = Page(client.get("/tf-setup"))
    page = Page(client.post("/tf-setup", data=dict(page.form("/tf-setup").form_values())))
    [key] = page.all("//dt[.='Key']/following-sibling::dd[1]")
    assert page.main.xpath("//img[@class='qr']/@src")[0].startswith("data:image/svg")
    form = next(form for form in page.main.forms if "code" in form.fields)
    client.post(form.action, data=dict(form.form_values()) | {"code": code_now(app, key)})
    session.expire_all()
    assert session.get_one(Editor, editors[Role.EDITOR].id).tf_primary_method == "authenticator"

    page = Page(client.get("/mf-recovery-codes"))
    form = next(form for form in page.main.forms if form.method == "POST")
    page = Page(client.post(form.action, data=dict(form.form_values()) | {"generate_new_codes": "1"}))
    codes = page.all("//code")
    assert len(codes) == 8

    for right in (True, False):
        again = app.test_client()
        assert "/tf-validate" in log_in(again).headers["Location"]
        assert not is_in(again)
        form = Page(again.get("/mf-recovery")).form("/mf-recovery")
        again.post(form.action, data=dict(form.form_values()) | {"code": codes[0]})
        assert is_in(again) is right, "a recovery code works once"
    form = Page(again.get("/tf-validate")).form("/tf-validate")
    again.post(form.action, data=dict(form.form_values()) | {"code": code_now(app, key)})
    assert is_in(again)


def code_now(app: Flask, key: str) -> str:
    factory = app.extensions["security"].totp_factory._totp
    return str(factory(key=key.replace("-", "")).generate().token)


@pytest.mark.usefixtures("editors")
def test_the_librarys_cry_for_help_to_a_stranger_is_off(session: Session, client: FlaskClient) -> None:
    assert client.get("/tf-rescue").status_code == 404
    assert session.scalars(select(OutboxMessage)).all() == []


# Limits ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def limited(settings: dict[str, Any]) -> None:
    settings["RATELIMIT_ENABLED"] = True
    settings["PROXIES"] = 1


def guess(client: FlaskClient, email: str, sender: str) -> Any:
    headers = {"X-Forwarded-For": sender}
    form = Page(client.get("/login", headers=headers)).form("/login")
    return client.post("/login", data=dict(form.form_values()) | {"email": email, "password": "guess"}, headers=headers)


@pytest.mark.usefixtures("limited", "editors")
def test_guessing_at_one_account_ends_soon_from_wherever_it_comes(client: FlaskClient) -> None:
    codes = [guess(client, ADDRESS, f"192.0.2.{i}").status_code for i in range(12)]
    assert codes == [200] * 10 + [429] * 2
    answer = guess(client, ADDRESS.upper(), "192.0.2.99")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Please try again a little later." in Page(answer).words
    assert guess(client, "admin@newsroom.test", "192.0.2.99").status_code == 200


@pytest.mark.usefixtures("limited", "editors")
def test_guessing_from_one_address_ends_too(client: FlaskClient) -> None:
    codes = [guess(client, f"a{i}@tide.example.org", "192.0.2.1").status_code for i in range(62)]
    assert codes == [200] * 60 + [429] * 2
    assert guess(client, "a1@tide.example.org", "192.0.2.2").status_code == 200


@pytest.mark.usefixtures("limited", "editors")
def test_logging_in_rightly_is_never_limited(app: Flask) -> None:
    for _ in range(12):
        client = app.test_client()
        log_in(client)
        assert is_in(client)


@pytest.mark.usefixtures("limited", "editors")
def test_asking_for_links_is_limited(session: Session, client: FlaskClient) -> None:
    form = Page(client.get("/reset")).form("/reset")
    codes = [client.post("/reset", data=dict(form.form_values()) | {"email": ADDRESS}).status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2
    assert len(session.scalars(select(OutboxMessage)).all()) == 5


# The first editor -----------------------------------------------------------------------------------------------------

FIRST = {
    "name": "Ada First", "email": "ada@tide.example.org", "password": "a long password for tests",
    "publication_name": "The Evening Tide", "home_url": "https://tide.example.org/",
}  # fmt: skip


def welcome_link(app: Flask) -> str:
    with app.app_context():
        return links.welcome().removeprefix("http://localhost")


def test_the_first_editor_is_made_by_the_welcome_link(session: Session, app: Flask, client: FlaskClient) -> None:
    link = welcome_link(app)
    form = Page(client.get(link)).main.forms[0]
    answer = client.post(link, data=dict(form.form_values()) | FIRST)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
    assert is_in(client)
    session.expire_all()
    [editor] = session.scalars(select(Editor)).all()
    assert (editor.name, editor.email, editor.role) == ("Ada First", "ada@tide.example.org", Role.ADMIN)
    assert "The Evening Tide" in client.get("/").text
    assert client.get(link).status_code == 410
    other = app.test_client()
    log_in(other, "ada@tide.example.org")
    assert is_in(other)


def test_of_many_first_editors_one_is_made(session: Session, app: Flask) -> None:
    link = welcome_link(app)
    together = Barrier(4)

    def begin(number: int) -> int:
        client = app.test_client()
        form = Page(client.get(link)).main.forms[0]
        together.wait()
        facts = FIRST | {"email": f"ada{number}@tide.example.org"}
        return client.post(link, data=dict(form.form_values()) | facts).status_code

    with ThreadPoolExecutor(4) as pool:
        codes = sorted(pool.map(begin, range(4)))
    assert codes == [303, 410, 410, 410]
    assert len(session.scalars(select(Editor.id)).all()) == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", " ", "Give your name."),
        ("email", "ada", "This does not look like an e-mail address."),
        ("password", "short", "Between 8 and 1000 characters, please."),
        ("home_url", "tide", "Give the whole address of the home page"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    session: Session, app: Flask, client: FlaskClient, field: str, typed: str, sentence: str
) -> None:
    link = welcome_link(app)
    form = Page(client.get(link)).main.forms[0]
    refused = Page(client.post(link, data=dict(form.form_values()) | FIRST | {field: typed}))
    assert refused.status == 422
    assert sentence in refused.all(f"//p[@id='welcome-{field}-error']")[0]
    assert refused.main.forms[0].fields["publication_name"] == "The Evening Tide"
    assert session.scalars(select(Editor)).all() == []


def test_a_welcome_link_is_signed(app: Flask, client: FlaskClient) -> None:
    assert client.get("/welcome/guessed").status_code == 410
    assert client.get(welcome_link(app)[:-2]).status_code == 410
