"""Ways to use a web site: by plain requests, in a browser with a mouse, in a browser with the keyboard alone.

All find fields by their labels and buttons by their words, as people do. ``within`` is the id of a part of the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from lxml import html
from lxml.html import FormElement, HtmlElement


class Visitor(Protocol):
    """What every way can do. A missing field, button or link is an AssertionError that names it."""

    def open(self, address: str) -> None: ...
    def fill(self, label: str, words: str, within: str = "") -> None: ...
    def choose(self, label: str, option: str, within: str = "") -> None: ...
    def press(self, button: str, within: str = "") -> None: ...
    def follow(self, link: str) -> None: ...
    @property
    def address(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def source(self) -> str: ...


def single_blanks(text: str) -> str:
    return " ".join(text.split())


@dataclass
class Plain:
    """Requests and answers, and no script anywhere."""

    client: FlaskClient
    address: str = "/"
    source: str = ""
    page: HtmlElement = field(default_factory=lambda: html.fromstring("<main id=main></main>"))

    def open(self, address: str) -> None:
        parts = urlsplit(address)
        self._take(self.client.get(f"{parts.path}?{parts.query}" if parts.query else parts.path, follow_redirects=True))

    def fill(self, label: str, words: str, within: str = "") -> None:
        self._field(label, within).value = words

    def choose(self, label: str, option: str, within: str = "") -> None:
        """One of a list under ``label``, or a radio button or box of that label (then ``option`` names it)."""
        if not label:
            self._field(option, within).checked = True
            return
        chosen = self._field(label, within)
        chosen.value = next(
            o.get("value") for o in chosen.findall("option") if single_blanks(o.text_content()) == option
        )

    def press(self, button: str, within: str = "") -> None:
        pressed = self._one("button", button, within)
        form = next(pressed.iterancestors("form"))
        self._send(form, pressed)

    def follow(self, link: str) -> None:
        self.open(urljoin(self.address, self._one("a", link, "").get("href")))

    @property
    def words(self) -> str:
        return single_blanks(self.page.get_element_by_id("main").text_content())

    def _take(self, answer: Any) -> None:
        assert answer.status_code < 400, f"{answer.status}: {answer.text}"
        parts = answer.request
        self.address = parts.full_path.rstrip("?") if parts.query_string else parts.path
        self.source = answer.text
        self.page = html.fromstring(answer.text)

    def _part(self, within: str) -> HtmlElement:
        return self.page.get_element_by_id(within) if within else self.page

    def _one(self, tag: str, words: str, within: str) -> HtmlElement:
        found = [
            element
            for element in self._part(within).iter(tag)
            if words in {single_blanks(element.text_content()), element.get("aria-label")}
        ]
        assert found, f"no <{tag}> says “{words}” in {within or self.address}"
        return found[0]

    def _field(self, label: str, within: str) -> HtmlElement:
        for found in self._part(within).iter("label"):
            if single_blanks(found.text_content()).startswith(label):
                return self.page.get_element_by_id(found.get("for"))
        raise AssertionError(f"no label begins with “{label}” in {within or self.address}")

    def _send(self, form: FormElement, pressed: HtmlElement) -> None:
        sent = dict(form.form_values())
        if pressed.get("name"):
            sent[pressed.get("name")] = pressed.get("value", "")
        target = urljoin(self.address, pressed.get("formaction") or form.get("action") or self.address)
        if form.method.upper() == "GET":
            self._take(self.client.get(target.partition("?")[0], query_string=sent, follow_redirects=True))
        else:
            self._take(self.client.post(target, data=sent, follow_redirects=True))


@dataclass
class WithMouse:
    """A page of a browser; works with scripts and without."""

    page: Any

    def open(self, address: str) -> None:
        answer = self.page.goto(address)
        assert answer is None or answer.status < 400, f"{answer.status} for {address}"

    def fill(self, label: str, words: str, within: str = "") -> None:
        found = self._field(label, within)
        self.unfold(found)
        found.fill(words)

    def choose(self, label: str, option: str, within: str = "") -> None:
        found = self._field(label or option, within)
        self.unfold(found)
        if label:
            found.select_option(label=option)
        else:
            found.check()

    def press(self, button: str, within: str = "") -> None:
        found = self._part(within).get_by_role("button", name=button, exact=True, include_hidden=True).first
        self.unfold(found)
        self.go(found)

    def follow(self, link: str) -> None:
        self.go(self.page.get_by_role("link", name=link, exact=True).first)

    def go(self, found: Any) -> None:
        """Use something that leads to another page, and wait until that is there."""
        with self.page.expect_navigation():
            self.click(found)

    def click(self, found: Any) -> None:
        found.click()

    def unfold(self, found: Any) -> None:
        """Open what hides it."""
        hidden = found.locator("xpath=ancestor::details[not(@open)]")
        while hidden.count():
            self.click(hidden.first.locator("summary"))

    @property
    def address(self) -> str:
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def words(self) -> str:
        return single_blanks(self.page.locator("main").inner_text())

    @property
    def source(self) -> str:
        return str(self.page.content())

    def _part(self, within: str) -> Any:
        return self.page.locator(f"#{within}") if within else self.page

    def _field(self, label: str, within: str) -> Any:
        labels = self._part(within).locator("label").filter(has_text=re.compile(rf"^\s*{re.escape(label)}"))
        assert labels.count(), f"no label begins with “{label}” in {within or self.address}"
        return self.page.locator(f"[id='{labels.first.get_attribute('for')}']")


FOCUS_SHOWN = """() => {
    const at = document.activeElement, style = getComputedStyle(at);
    return at === document.body || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1);
}"""
STOPS = 300  # more than any page has


@dataclass
class WithKeyboard(WithMouse):
    """The same by keyboard: Tab to get there, Enter and the arrows to act. Wherever it stops, the focus must show."""

    def fill(self, label: str, words: str, within: str = "") -> None:
        found = self._field(label, within)
        self.unfold(found)
        self.reach(found)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(words)

    def choose(self, label: str, option: str, within: str = "") -> None:
        found = self._field(label or option, within)
        self.unfold(found)
        if label:
            self.reach(found)
            self.page.keyboard.type(option)
            chosen = found.evaluate("list => list.selectedOptions[0].label.trim()")
            assert chosen == option, f"the keyboard chose {chosen}, not {option}"
            return
        self.reach(found, "input[type=radio]")
        for _ in range(STOPS):
            if found.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows never came to “{option}”")

    def click(self, found: Any) -> None:
        self.reach(found)
        self.page.keyboard.press("Enter")

    def reach(self, found: Any, group: str = "") -> None:
        """Tab until it has the focus; of a group of radio buttons, Tab stops at one only."""
        wanted = found.element_handle()
        here = "(e, group) => e === document.activeElement || (group && e.name && "
        here += "document.activeElement.matches(group) && document.activeElement.name === e.name)"
        for _ in range(STOPS):
            if wanted.evaluate(here, group):
                return
            self.page.keyboard.press("Tab")
            at = self.page.evaluate("document.activeElement.outerHTML.slice(0, 100)")
            assert self.page.evaluate(FOCUS_SHOWN), f"the focus does not show on {at}"
        raise AssertionError(f"the keyboard never came to {wanted.evaluate('e => e.outerHTML.slice(0, 100)')}")
