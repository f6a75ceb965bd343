"""The first line of an editor's answer, as people and mail programs write it."""

from __future__ import annotations

import pytest

from corrections.domain import limits
from corrections.domain.states import Resolution
from corrections.mail import commands
from corrections.mail.commands import Command, Order


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("verify", Order.VERIFY),
        ("Verify.", Order.VERIFY),
        ("\n\n  VERIFY\n\nThanks\nEd", Order.VERIFY),
        ("**verify**", Order.VERIFY),
        ("> verify", Order.VERIFY),
        ("fix", Order.FIX),
        ("Fixed!", Order.FIX),
        ("assign me", Order.ASSIGN),
        ("Assign to me", Order.ASSIGN),
        ("help", Order.HELP),
        ("?", Order.HELP),
        ("reject", Order.REJECT),
    ],
)
def test_a_word_is_enough(said: str, order: Order) -> None:
    assert commands.parse(said) == Command(order=order)


@pytest.mark.parametrize(
    ("said", "order", "words"),
    [
        ("fix: The ferry receives its passengers.", Order.FIX, "The ferry receives its passengers."),
        ("fix: The ferry receives\r\nits passengers.\r\n\r\nEd", Order.FIX, "The ferry receives its passengers."),
        ("ask: Which edition: the printed one?", Order.ASK, "Which edition: the printed one?"),
        ("ask:\n\nWhich edition?\n\nEd", Order.ASK, "Which edition?"),
        ("Note: ask Marta", Order.NOTE, "ask Marta"),
        ("hold: until the photo is back", Order.HOLD, "until the photo is back"),
    ],
)
def test_what_follows_the_colon_goes_on_to_the_next_empty_line(said: str, order: Order, words: str) -> None:
    assert commands.parse(said) == Command(order=order, words=words)


@pytest.mark.parametrize(
    ("said", "resolution", "reason"),
    [
        ("reject not an error", Resolution.NOT_AN_ERROR, ""),
        ("Reject: not an error", Resolution.NOT_AN_ERROR, ""),
        ("reject as not an error: it is a name", Resolution.NOT_AN_ERROR, "it is a name"),
        ("reject: not an error: it is a name", Resolution.NOT_AN_ERROR, "it is a name"),
        ("reject wont fix", Resolution.WONT_FIX, ""),
        ("reject won't fix", Resolution.WONT_FIX, ""),
        ("reject won’t fix: too late", Resolution.WONT_FIX, "too late"),
        ("rejected out of scope", Resolution.OUT_OF_SCOPE, ""),
        ("reject: it is a name", None, "it is a name"),
    ],
)
def test_a_rejection_says_why(said: str, resolution: Resolution | None, reason: str) -> None:
    assert commands.parse(said) == Command(order=Order.REJECT, resolution=resolution, words=reason)


@pytest.mark.parametrize("said", ["duplicate of 12", "duplicate of #12", "Duplicate 12.", "merge into erratum 12"])
def test_a_duplicate_has_a_number(said: str) -> None:
    assert commands.parse(said) == Command(order=Order.DUPLICATE, number=12)


@pytest.mark.parametrize(
    "said",
    [
        "", "\n \n", "I think this is right.", "verify this please", "fix the headline", "Please verify",
        "verified by Ann", "verify: yes", "duplicate: 12", "note", "rejecting", "assign Bob", "ok",
        "fix it", "Hello,\nverify", "duplicate of 99999999999",
    ],
)  # fmt: skip
def test_anything_else_is_no_order(said: str) -> None:
    command = commands.parse(said)
    assert command is None or (command.order is Order.NOTE and not command.words)


def test_words_are_cut_to_what_an_editor_may_write() -> None:
    command = commands.parse("note: " + "word " * 5_000)
    assert command is not None
    assert len(command.words) == limits.REASON
