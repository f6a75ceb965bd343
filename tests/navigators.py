"""What readers, editors and the public do, in the words of the newsroom, whatever way they use the site."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from post_office import Letter, PostOffice
from visitors import Visitor

PATIENCE = 90.0


@dataclass
class Reader:
    """Somebody who reads an article and sees an error."""

    visitor: Visitor

    def reports(self, quote: str, *, on: str, suggesting: str = "", notes: str = "") -> str:
        """Fill in the form and send it; the reference of the report."""
        self.visitor.open("/report")
        for label, words in (
            ("Article", on),
            ("Original text", quote),
            ("Corrected text", suggesting),
            ("Notes", notes),
        ):
            if words:
                self.visitor.fill(label, words)
        self.visitor.press("Send")
        found = re.fullmatch(r"/reports/([\w-]+)", self.visitor.address)
        assert found, f"{self.visitor.address} after sending: {self.visitor.words}"
        return found[1]

    def leaves_address(self, reference: str, email: str) -> None:
        self.visitor.open(f"/reports/{reference}")
        self.visitor.fill("Your e-mail address", email)
        self.visitor.press("Tell me")

    def confirms(self, letter: Letter) -> None:
        """Follow the link of the mail and press the button there."""
        self.visitor.open(link_in(letter, "/confirm"))
        self.visitor.press("Yes, tell me")

    def withdraws(self, reference: str) -> None:
        self.visitor.open(f"/reports/{reference}")
        self.visitor.press("Take it back")

    def sees(self, reference: str) -> str:
        """What the page of the report says."""
        self.visitor.open(f"/reports/{reference}")
        return self.visitor.words


@dataclass
class Desk:
    """An editor at the desk."""

    visitor: Visitor

    def begins(self, welcome: str, *, name: str, email: str, password: str, publication: str) -> None:
        """The first editor follows the link that ``serve`` printed."""
        self.visitor.open(welcome)
        self.visitor.fill("Your name", name)
        self.visitor.fill("Your e-mail address", email)
        self.visitor.fill("A password", password)
        self.visitor.fill("Name of the publication", publication)
        self.visitor.fill("Its home page", "https://tide.example.org/")
        self.visitor.press("Begin")
        assert self.visitor.address.startswith("/desk"), self.visitor.words

    def logs_in(self, email: str, password: str) -> None:
        self.visitor.open("/login")
        self.visitor.fill("E-mail address", email)
        self.visitor.fill("Password", password)
        self.visitor.press("Log in", within="main")
        assert self.visitor.address.startswith("/desk"), self.visitor.words

    def queue(self) -> str:
        self.visitor.open("/desk/")
        return self.visitor.words

    def opens(self, number: int) -> str:
        """The page of an erratum, read."""
        self.visitor.open(f"/desk/errata/{number}")
        return self.visitor.words

    def verifies(self, number: int) -> Desk:
        self.opens(number)
        self.visitor.press("Verify only")
        return self

    def rejects(self, number: int, *, why: str = "Not an error", telling: str = "") -> Desk:
        self.opens(number)
        self.visitor.choose("", why, within="reject")
        if telling:
            self.visitor.fill("What the readers are told", telling, within="reject")
        self.visitor.press("Close without a change", within="reject")
        return self

    def publishes(self, number: int, *, kind: str = "Typo", note: str = "") -> Desk:
        """Fix what is not fixed yet and publish it."""
        self.opens(number)
        self.visitor.choose("Kind", kind, within="publish")
        if note:
            self.visitor.fill("Public note", note, within="publish")
        button = "Publish correction" if "Publish a correction" in self.visitor.words else "Fix and publish"
        self.visitor.press(button, within="publish")
        return self


@dataclass
class Public:
    """Anybody who looks at the log. ``get`` fetches an address and gives its text."""

    visitor: Visitor
    get: Callable[[str], str]

    def log(self) -> str:
        self.visitor.open("/")
        return self.visitor.words

    def correction(self, number: int) -> str:
        self.visitor.open(f"/corrections/{number}")
        return self.visitor.words

    def feed(self, address: str) -> Any:
        """A feed as other people's programs read it."""
        import feedparser  # slow to import

        found = feedparser.parse(self.get(address).encode())
        assert not found.bozo, found.get("bozo_exception")
        return found


@dataclass
class Mailbox:
    """Where the mail of an address arrives; ``send`` makes what is owed go out, where no worker does."""

    office: PostOffice
    email: str
    send: Callable[[], object] = lambda: time.sleep(0.05)

    def letters(self) -> list[Letter]:
        return [letter for letter in self.office.kept if letter.recipient == self.email]

    def next(self, subject: str, after: int = 0) -> Letter:
        """Wait for a letter with these words in its subject."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self.send()
            for letter in self.letters()[after:]:
                if re.search(subject, str(letter.message["Subject"]), re.IGNORECASE):
                    return letter
            got = [str(letter.message["Subject"]) for letter in self.letters()]
            assert time.monotonic() < deadline, f"no “{subject}” for {self.email}, only {got}"


def link_in(letter: Letter, containing: str) -> str:
    """The first address in the plain text that has these characters."""
    found = re.search(rf"https?://\S*{re.escape(containing)}\S*", letter.part("plain"))
    assert found, letter.part("plain")
    return found[0].rstrip(".)>")
