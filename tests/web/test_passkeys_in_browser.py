"""Passkeys in a browser with an authenticator of its own: made, used instead of a password, removed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

import factories
from corrections.domain.actors import Role
from corrections.models import Editor, Passkey
from tools import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:Passing SelectField choices as tuples"),  # the library's own form
]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PHONE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def site(app: Flask, editors: dict[Role, Editor], publication: Any) -> Iterator[str]:  # noqa: ARG001 - who logs in
    """The address of the running application; by name, for a passkey is never of a bare network address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(site: str) -> Iterator[Any]:
    """A browser with a phone that knows its owner; a script error or a blocked script fails the test."""
    from playwright.sync_api import sync_playwright  # only browser tests need it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = browser.new_context(base_url=site)
        page = context.new_page()
        said: list[str] = []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text) if "Security Policy" in message.text else None)
        phone = context.new_cdp_session(page)
        phone.send("WebAuthn.enable")
        phone.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
        yield page
        assert said == []
        browser.close()


def log_in(page: Any) -> None:
    page.goto("/login")
    page.fill("input[name=email]", "editor@newsroom.test")
    page.fill("input[name=password]", factories.PASSWORD)
    page.click("main button:has-text('Log in')")
    page.wait_for_url("**/desk/")


def test_a_passkey_is_made_used_and_removed(page: Any, session: Session) -> None:
    log_in(page)
    page.goto("/wan-register")
    page.fill("input[name=name]", "my phone")
    page.check("input[name=usage][value=first]")
    page.click("button:has-text('Add a passkey')")
    page.wait_for_url("**/desk/account")
    assert "1 passkey" in page.inner_text("main")
    session.expire_all()
    assert session.scalars(select(Passkey.name)).all() == ["my phone"]

    page.click("button:has-text('Log out')")
    page.goto("/desk/corrections")
    page.click("a:has-text('Log in with a passkey')")
    page.click("button:has-text('Use my passkey')")
    # Only the path: the log-in page's own address ends in the same words.
    page.wait_for_url(lambda url: urlsplit(url).path == "/desk/corrections")

    page.goto("/wan-register")
    page.click("button:has-text('Remove')")
    page.wait_for_load_state()
    session.expire_all()
    assert session.scalars(select(Passkey)).all() == []
