"""A browser, and an installation that runs as in life: `corrections serve`, a folder, a mail server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import post_office
from post_office import PostOffice
from running import Installation, Server
from tools import chromium
from visitors import WithKeyboard, WithMouse

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, that of the machine."""
    from playwright.sync_api import sync_playwright  # half a second, and only these tests need it

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def mail_server() -> Iterator[PostOffice]:
    with post_office.running(PostOffice()) as office:
        yield office


@pytest.fixture
def server(database: str, instance: Path, mail_server: PostOffice) -> Iterator[Server]:
    """An installation that nobody has used yet, being served with its worker."""
    settings = {
        "SQLALCHEMY_DATABASE_URI": database,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": mail_server.port,
        "MAIL_DEFAULT_SENDER": "desk@newsroom.test",
    }
    with Installation(instance, settings).serving() as server:
        yield server


WAYS = {"mouse": (WithMouse, True), "no script": (WithMouse, False), "keyboard": (WithKeyboard, True)}


@pytest.fixture
def visiting(browser: Any, server: Server) -> Iterator[Callable[[str], WithMouse]]:
    """``visiting("keyboard")``: somebody with a browser of their own. No page may complain."""
    complaints: list[str] = []
    contexts = []

    def note(said: Any) -> None:
        if said.type == "error":
            complaints.append(f"{said.text} {said.location}")

    def visitor(way: str) -> WithMouse:
        kind, scripts = WAYS[way]
        context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}", java_script_enabled=scripts)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", note)
        return kind(page)

    yield visitor
    for context in contexts:
        context.close()
    assert complaints == []
