"""From one erratum to the next in the list that an editor came from, without going back to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

import factories
from at_the_desk import Desk
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.states import Move
from corrections.services import triage

DAWN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def four(session: Session, publication: Any) -> list[int]:  # noqa: ARG001 - the article's
    """The numbers of four errata, the oldest first; the third is verified."""
    with transaction():
        factories.make_article(session)
        found = [
            factories.make_erratum(session, quote=quote, corrected_text=f"{quote}s")
            for quote in ("ferry", "river", "captain", "island")
        ]
        triage.move(session, found[2], Move.VERIFY, factories.act(Role.EDITOR))
        for at, erratum in enumerate(found):
            erratum.reported_at = erratum.last_reported_at = DAWN + timedelta(hours=at)
    return [erratum.number for erratum in found]


@pytest.fixture
def editor(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.EDITOR))


def after(desk: Desk, number: int) -> str:
    """Where “Next in the queue” leads from an erratum."""
    [link] = desk.open(f"/desk/errata/{number}").main.xpath("//a[.='Next in the queue']/@href")
    answer = desk.client.get(link)
    assert answer.status_code == 303
    return urlsplit(answer.headers["Location"]).path


def page_of(number: int) -> str:
    return f"/desk/errata/{number}"


def test_next_goes_through_the_queue_and_begins_again_at_its_end(four: list[int], editor: Desk) -> None:
    assert [after(editor, number) for number in four] == [page_of(number) for number in (*four[1:], four[0])]


def test_next_keeps_to_the_order_that_was_looked_at(four: list[int], editor: Desk) -> None:
    editor.open("/desk/", sort="newest")
    assert after(editor, four[3]) == page_of(four[2])
    editor.open("/desk/")
    assert after(editor, four[2]) == page_of(four[3])


def test_next_keeps_to_the_tab_and_to_the_search(four: list[int], editor: Desk) -> None:
    editor.open("/desk/", tab="reported")
    assert after(editor, four[1]) == page_of(four[3])
    editor.open("/desk/", q="is:verified")
    assert after(editor, four[0]) == page_of(four[2])


def test_a_search_that_cannot_be_understood_is_not_kept(four: list[int], editor: Desk) -> None:
    assert editor.open("/desk/", q="nonsense:word").status == 400
    assert after(editor, four[0]) == page_of(four[1])


def test_next_passes_over_what_waits_for_a_day_or_a_reader(four: list[int], editor: Desk) -> None:
    shown = editor.send(page_of(four[1]), "/hold", reason="The minister is asked.")
    assert shown.main.xpath("//a[@autofocus]/text()") == ["Next in the queue"]
    assert after(editor, four[0]) == page_of(four[2])
    assert after(editor, four[1]) == page_of(four[2])


def test_a_triager_is_not_led_to_what_only_editors_can_fix(
    four: list[int], desk_client: Callable[[Role], FlaskClient]
) -> None:
    assert after(Desk(desk_client(Role.TRIAGER)), four[1]) == page_of(four[3])


def test_after_a_decision_the_focus_is_on_next_and_after_the_last_comes_the_list(four: list[int], editor: Desk) -> None:
    for number in four:
        shown = editor.send(page_of(number), "/reject", resolution="not_an_error")
        [following] = shown.main.xpath("//a[@autofocus]")
        assert following.text == "Next in the queue"
        assert shown.main.xpath("//*[@id=$id]", id=following.get("aria-describedby"))
    listed = editor.client.get(following.get("href"), follow_redirects=True)
    assert urlsplit(listed.request.url).path == "/desk/"
    assert "That was the last one" in listed.text
