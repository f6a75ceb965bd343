"""Signed addresses for answers: what they stand for, and that nobody else can make them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.mail import addresses
from corrections.mail.addresses import ReplyTo
from corrections.settings import SETTINGS

SECRET = "a key for tests, and for nothing else at all"
REFERENCE = "00ff1234567890abcdef0011"
EVERYTHING = [ReplyTo(report=REFERENCE), ReplyTo(erratum=7, editor=3), ReplyTo(erratum=2**31 - 1, editor=2**31 - 1)]


@pytest.mark.parametrize("about", EVERYTHING)
def test_a_token_stands_for_what_it_was_made_of(about: ReplyTo) -> None:
    made = addresses.token(about, SECRET)
    assert addresses.opened(made, SECRET) == about
    assert made.isalnum()
    assert made == made.lower()
    assert len(made) <= addresses.LONGEST_TOKEN


@pytest.mark.parametrize("about", EVERYTHING)
def test_mail_systems_may_change_its_letters_to_capitals(about: ReplyTo) -> None:
    assert addresses.opened(addresses.token(about, SECRET).upper(), SECRET) == about


@pytest.mark.parametrize("about", EVERYTHING)
def test_no_letter_of_it_can_be_changed(about: ReplyTo) -> None:
    made = addresses.token(about, SECRET)
    for place, letter in enumerate(made):
        other = "2" if letter != "2" else "3"
        assert addresses.opened(made[:place] + other + made[place + 1 :], SECRET) is None
    assert addresses.opened(made[1:], SECRET) is None
    assert addresses.opened(made + "a", SECRET) is None


def test_another_key_signs_otherwise() -> None:
    assert addresses.opened(addresses.token(ReplyTo(erratum=7, editor=3), SECRET), f"{SECRET}!") is None


@pytest.mark.parametrize("about", [ReplyTo(), ReplyTo(erratum=7), ReplyTo(editor=3), ReplyTo(report="abc")])
def test_there_is_none_for_nothing(about: ReplyTo) -> None:
    assert addresses.token(about, SECRET) == ""


@given(st.text(max_size=80))
def test_no_text_is_taken_for_a_token_or_breaks_it(text: str) -> None:
    assert addresses.opened(text, SECRET) is None
    assert addresses.meant([text, f"{text}@example.org"], "c+{token}@example.org", SECRET) is None


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("desk+{token}@tide.test", "desk+%s@tide.test"),
        ("{token}@replies.tide.test", "%s@replies.tide.test"),
        ("answer.{token}.here@tide.test", "ANSWER.%s.here@TIDE.TEST"),
        ("desk-{token}@tide.test", "desk-%s@tide.test"),
        ("", "earlier+%s@tide.test"),
    ],
)
def test_a_mail_is_known_by_the_address_it_was_sent_to(pattern: str, address: str) -> None:
    about = ReplyTo(erratum=7, editor=3)
    sent_to = ["else@tide.test", address % addresses.token(about, SECRET)]
    assert addresses.meant(sent_to, pattern, SECRET) == about
    assert addresses.meant(["desk@tide.test", "desk+x@tide.test"], pattern, SECRET) is None


def test_the_pattern_is_the_operators_or_made_of_the_address_for_replies() -> None:
    assert addresses.pattern_of("{token}@r.test", "desk@tide.test", plus=True) == "{token}@r.test"
    assert addresses.pattern_of("", "desk@tide.test", plus=True) == "desk+{token}@tide.test"
    assert addresses.pattern_of("", "desk@tide.test", plus=False) == ""
    assert addresses.pattern_of("", "", plus=True) == ""
    assert addresses.pattern_of("", f"{'long' * 10}@tide.test", plus=True) == "", "no name is longer than 64 letters"


@pytest.mark.parametrize(
    "wrong",
    [
        "d@t.test",
        "{token}",
        "{token}{token}@t.test",
        "d@{token}.test",
        "a b{token}@t.test",
        "x" * 40 + "{token}@t.test",
    ],
)
def test_a_pattern_that_makes_no_address_is_refused_at_the_start(wrong: str) -> None:
    assert not SETTINGS["MAIL_REPLY_ADDRESS"].accept(wrong)
    assert SETTINGS["MAIL_REPLY_ADDRESS"].accept("{token}@replies.example.org")


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("desk@tide.test", True), ("DESK@Tide.Test", True), ("desk+abc@tide.test", True), ("x@ours.test", True),
        ("desk@other.test", False), ("desks@tide.test", False), ("x@sub.ours.test", False), ("", False),
    ],
)  # fmt: skip
def test_our_own_addresses_are_known_however_they_are_written(address: str, is_own: bool) -> None:
    assert addresses.is_own(address, ["desk@tide.test", "@ours.test"]) is is_own


@pytest.mark.parametrize(
    "name", ["no-reply", "noreply", "No.Reply", "donotreply", "mailer-daemon", "news-bounces", "x-noreply"]
)
def test_nobody_reads_these(name: str) -> None:
    assert addresses.is_unanswered(f"{name}@shop.test")


@pytest.mark.parametrize("name", ["ann", "anno.reply", "bounce.miller", "rootsy", "daemons", "information"])
def test_people_may_have_these(name: str) -> None:
    assert not addresses.is_unanswered(f"{name}@readers.test")
