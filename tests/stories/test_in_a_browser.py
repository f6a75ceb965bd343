"""The whole story in a browser against `corrections serve`: with a mouse, without scripts, with the keyboard alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import factories
from navigators import Desk, Mailbox, Public, Reader, link_in
from post_office import PostOffice
from running import Server
from visitors import WithMouse

pytestmark = pytest.mark.browser

KIM, ANN = "kim@newsroom.test", "ann@readers.test"
PASSWORD = "correct horse battery staple"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """An article as a text file: the first line is the title."""
    path = tmp_path / "ferry.txt"
    path.write_text(f"{factories.TITLE}\n\n{factories.TEXT}\n", "utf-8")
    return path


def tell(
    server: Server, mail_server: PostOffice, visiting: Callable[[str], WithMouse], article: Path, way: str
) -> None:
    """From an empty installation to a published correction that everybody has heard of."""
    desk, reader = Desk(visiting(way)), Reader(visiting(way))
    kim, ann = Mailbox(mail_server, KIM), Mailbox(mail_server, ANN)

    welcome = re.search(r"http://\S+/welcome/\S+", server.said)
    assert welcome
    desk.begins(welcome[0], name="Kim Lee", email=KIM, password=PASSWORD, publication="The Evening Tide")
    assert "1 new" in server.installation.must("articles", "import", str(article))

    reference = reader.reports(
        "recieves", on="the ferry that crosses by moonlight", suggesting="receives", notes="Line 1."
    )
    assert "leaves Abbot's Quay at dusk" in reader.visitor.words
    reader.leaves_address(reference, ANN)
    reader.confirms(ann.next("confirm"))

    told = kim.next("Erratum 1")
    assert factories.TITLE in str(told.message["Subject"])
    desk.visitor.open(link_in(told, "/desk/errata/1"))
    desk.verifies(1).publishes(1, kind="Correction", note="The verb was misspelt. It is “receives”.")

    public = Public(visiting(way), lambda address: server.get(address).body)
    assert "The verb was misspelt" in public.log()
    assert "The verb was misspelt" in public.correction(1)
    [entry] = public.feed("/feed.atom").entries
    assert entry.link.endswith("/corrections/1")
    assert link_in(ann.next("published"), "/corrections/1")
    assert len(json.loads(public.get("/feed.json"))["items"]) == 1
    assert "corrected" in reader.sees(reference).lower()


def test_with_a_mouse(
    server: Server, mail_server: PostOffice, visiting: Callable[[str], WithMouse], article: Path
) -> None:
    tell(server, mail_server, visiting, article, "mouse")


@pytest.mark.database("sqlite")
def test_without_scripts(
    server: Server, mail_server: PostOffice, visiting: Callable[[str], WithMouse], article: Path
) -> None:
    tell(server, mail_server, visiting, article, "no script")


@pytest.mark.database("sqlite")
def test_with_the_keyboard_alone(
    server: Server, mail_server: PostOffice, visiting: Callable[[str], WithMouse], article: Path
) -> None:
    tell(server, mail_server, visiting, article, "keyboard")


@pytest.mark.database("sqlite")
def test_going_back_and_sending_again_is_one_report(server: Server, visiting: Callable[[str], WithMouse]) -> None:
    reader = Reader(visiting("mouse"))
    reference = reader.reports("zinc", on="An unknown article", suggesting="tin")
    reader.visitor.page.go_back()  # type: ignore[attr-defined] # only a browser has a way back
    reader.visitor.press("Send")
    assert reader.visitor.address == f"/reports/{reference}"
    listed = server.installation.must("outbox", "list", "--json")
    assert listed.count("editor_new_erratum") == 0


@pytest.mark.database("sqlite")
def test_from_one_erratum_to_the_next_by_enter(server: Server, visiting: Callable[[str], WithMouse]) -> None:
    """After a decision the focus is on “Next in the queue”: nobody has to go back to the list."""
    visitor = visiting("keyboard")
    desk, reader = Desk(visitor), Reader(visiting("no script"))
    welcome = re.search(r"http://\S+/welcome/\S+", server.said)
    assert welcome
    desk.begins(welcome[0], name="Kim Lee", email=KIM, password=PASSWORD, publication="The Evening Tide")
    for quote in ("zinc", "copper", "iron"):
        reader.reports(quote, on="An unknown article", suggesting="tin")
    desk.rejects(1)
    for number in (2, 3):
        visitor.page.wait_for_selector("a:focus", timeout=60_000)
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        assert visitor.address == f"/desk/errata/{number}"
        desk.rejects(number)


@pytest.mark.database("postgresql")
def test_two_machines_share_a_database(
    server: Server, mail_server: PostOffice, visiting: Callable[[str], WithMouse], article: Path, tmp_path: Path
) -> None:
    """A second `serve`, with its own web processes and worker, on the same database."""
    from running import Installation

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret_key").write_text((server.installation.folder / "secret_key").read_text())
    with Installation(elsewhere, server.installation.settings).serving() as other:
        tell(server, mail_server, visiting, article, "mouse")
        assert "The verb was misspelt" in other.get("/").body
    ids = [letter.message_id for letter in mail_server.kept]
    assert len(ids) == len(set(ids)), "no mail went out twice"
