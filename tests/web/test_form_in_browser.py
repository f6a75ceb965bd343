"""The form in a browser: suggestions by keyboard and to a screen reader, and everything without a script as well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

import factories
from corrections.db import transaction
from corrections.models import Report
from tools import chromium

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FIELD = "#article"


@pytest.fixture
def site(app: Flask, session: Session, publication: Any) -> Iterator[str]:  # noqa: ARG001 - the articles'
    """The address of the running application, with a few articles."""
    with transaction():
        factories.make_article(session)
        factories.make_article(session, title="The ferrymen of the lower river")
        factories.make_article(session, title="Bread and butter")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def browser() -> Iterator[Any]:
    """Chromium."""
    from playwright.sync_api import sync_playwright  # only these tests need it

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Any, site: str) -> Iterator[Any]:
    """The form, open; a script error or a blocked script fails the test."""
    page = browser.new_page(base_url=site)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    page.goto("/report")
    yield page
    assert said == []


def options(page: Any) -> list[str]:
    page.wait_for_selector("[role=listbox] [role=option]")
    return [option.inner_text().partition("\n")[0] for option in page.query_selector_all("[role=option]")]


def test_an_article_is_chosen_by_keyboard(page: Any) -> None:
    page.focus(FIELD)
    page.keyboard.type("ferr")
    offered = options(page)
    assert sorted(offered) == ["The ferry that crosses by moonlight", "The ferrymen of the lower river"]
    assert page.inner_text("[role=status]") == "2 articles fit. Choose with the arrow keys."
    assert page.get_attribute(FIELD, "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = page.get_attribute(FIELD, "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    page.keyboard.press("Enter")
    assert page.input_value(FIELD) == offered[1]
    assert page.get_attribute(FIELD, "aria-expanded") == "false"
    assert page.url.endswith("/report")


def test_the_arrows_lead_back_to_what_was_typed(page: Any) -> None:
    page.focus(FIELD)
    page.keyboard.type("ferr")
    assert len(options(page)) == 2
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.get_attribute(FIELD, "aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    assert page.get_attribute(FIELD, "aria-activedescendant") == "article-option-1"
    page.keyboard.press("Escape")
    assert page.input_value(FIELD) == "ferr"
    assert not page.is_visible("[role=listbox]")
    page.keyboard.press("ArrowDown")
    assert page.is_visible("[role=listbox]")
    page.keyboard.press("Tab")
    assert not page.is_visible("[role=listbox]")


def test_an_article_is_chosen_by_pointer(page: Any) -> None:
    page.fill(FIELD, "bread")
    page.click("text=Bread and butter")
    assert page.input_value(FIELD) == "Bread and butter"
    assert page.evaluate("document.activeElement.id") == "article"


def test_going_back_and_sending_again_is_one_report(page: Any, session: Session) -> None:
    page.fill(FIELD, factories.TITLE)
    page.fill("#original_text", "recieves")
    page.click("text=Send")
    page.wait_for_url("**/reports/*")
    first = page.url
    page.go_back()
    page.wait_for_selector("#original_text")
    assert page.input_value("#original_text") == "recieves"
    page.click("text=Send")
    page.wait_for_url("**/reports/*")
    assert page.url == first
    assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_everything_works_without_a_script(browser: Any, site: str) -> None:
    page = browser.new_context(java_script_enabled=False, base_url=site).new_page()
    page.goto("/report")
    page.locator("text=Send").click()
    assert page.locator(".error-summary").is_visible()
    page.locator(FIELD).fill(factories.TITLE)
    page.locator("text=See what is already known").click()
    assert page.locator("#known").is_visible()
    page.locator("#original_text").fill("recieves")
    page.locator("#corrected_text").fill("receives")
    page.locator("text=Send").click()
    page.wait_for_url("**/reports/*")
    page.locator("#email").fill("ann@example.org")
    page.locator("text=Tell me").click()
    assert page.locator("text=We have written to the address you gave").is_visible()
    page.locator("text=Take the report back").click()
    page.locator("text=Take it back").click()
    assert page.locator("h1").inner_text() == "You took this report back"
