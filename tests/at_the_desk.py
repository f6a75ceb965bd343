"""Walking the desk as an editor does: open a page, fill in one of its forms, send it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import html
from lxml.html import FormElement, HtmlElement
from werkzeug.test import TestResponse


def text_of(element: HtmlElement) -> str:
    """Its words, with single blanks."""
    return " ".join(element.text_content().split())


@dataclass
class Page:
    """An answer that is a page."""

    answer: TestResponse
    main: HtmlElement = field(init=False)

    def __post_init__(self) -> None:
        self.main = html.fromstring(self.answer.text).get_element_by_id("main")

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def words(self) -> str:
        return text_of(self.main)

    def all(self, path: str) -> list[str]:
        """The words of all elements that an XPath finds below the main part."""
        return [text_of(found) for found in self.main.xpath(path)]

    def form(self, action: str) -> FormElement:
        """The form that is sent to an address ending so."""
        return next(form for form in self.main.forms if (form.action or "").endswith(action))

    @property
    def rows(self) -> FormElement:
        """The form around the rows of a list."""
        return next(form for form in self.main.forms if form.method == "POST" and not form.action)

    def has_form(self, action: str) -> bool:
        return any((form.action or "").endswith(action) for form in self.main.forms)


@dataclass
class Desk:
    """A client that is logged in."""

    client: FlaskClient

    def open(self, address: str, **query: str) -> Page:
        return Page(self.client.get(address, query_string=query or None))

    def send(self, page: Page | str, action: str, **typed: Any) -> Page:
        """Fill in a form of the page and send it; a redirect is followed, and its page given."""
        shown = self.open(page) if isinstance(page, str) else page
        form = shown.form(action)
        fields: dict[str, Any] = dict(form.form_values()) | typed
        return self.post(form.action, **fields)

    def post(self, address: str, **fields: Any) -> Page:
        """Send these very fields."""
        answer = self.client.post(address, data=fields)
        if answer.status_code in {302, 303}:
            target = urlsplit(answer.headers["Location"])
            assert answer.status_code == 303, "after a POST the browser is to GET"
            return self.open(f"{target.path}?{target.query}" if target.query else target.path)
        return Page(answer)
