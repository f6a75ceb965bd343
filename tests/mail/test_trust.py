"""Authentication-Results: only those of our own mail server count, and only for the domain that the mail is from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.mail import trust
from corrections.mail.trust import Trust

OURS = "mx.tide.test"
ED = "ed@newsroom.test"


@pytest.mark.parametrize(
    "result",
    [
        "dkim=pass header.d=newsroom.test",
        'dkim=pass (2048-bit key; good) header.d=newsroom.test header.s=k header.b="ab;c"',
        "dkim=pass header.i=@newsroom.test",
        "spf=fail smtp.mailfrom=other.test; dkim=pass header.d=newsroom.test",
        "spf=pass smtp.mailfrom=ed@newsroom.test",
        "spf=pass smtp.mailfrom=newsroom.test; dkim=none",
        "dmarc=pass (p=reject) header.from=newsroom.test",
        "DKIM = Pass header.d = NEWSROOM.test",
    ],
)
def test_a_pass_for_the_domain_of_the_sender_is_trusted(result: str) -> None:
    assert trust.of([f"{OURS}; {result}"], OURS, ED) is Trust.PASSED


def test_a_domain_vouches_for_those_below_it() -> None:
    assert trust.of([f"{OURS}; dkim=pass header.d=newsroom.test"], OURS, "ed@mail.newsroom.test") is Trust.PASSED
    assert trust.of([f"{OURS}; dkim=pass header.d=mail.newsroom.test"], OURS, ED) is Trust.UNKNOWN


@pytest.mark.parametrize(
    "result",
    [
        "dkim=pass header.d=attacker.test",
        "dkim=pass header.d=evilnewsroom.test",
        "dkim=pass header.d=test",
        "dkim=pass",
        "spf=pass smtp.mailfrom=attacker.test",
        "spf=pass smtp.helo=newsroom.test",
        "spf=softfail smtp.mailfrom=newsroom.test",
        "dmarc=pass header.from=attacker.test",
        "dkim=none; spf=neutral",
        "none",
        "",
        "x=y (dkim=pass header.d=newsroom.test)",
        'x=y reason="dkim=pass header.d=newsroom.test"',
        'x=y reason="; dkim=pass header.d=newsroom.test"',
        'dkim=pass header.d=attacker.test reason="signed, not header.d=newsroom.test"',
        "dkim=pass header.d=attacker.test header.d=newsroom.test",
    ],
)
def test_a_pass_for_somebody_else_is_none(result: str) -> None:
    assert trust.of([f"{OURS}; {result}"], OURS, ED) is Trust.UNKNOWN


@pytest.mark.parametrize(
    "result", ["dmarc=fail header.from=newsroom.test", "spf=fail smtp.mailfrom=newsroom.test", "dkim=fail; spf=none"]
)
def test_a_failure_is_known_as_one(result: str) -> None:
    assert trust.of([f"{OURS}; {result}"], OURS, ED) is Trust.FAILED


def test_only_the_topmost_of_the_named_server_is_believed() -> None:
    forged = f"{OURS}; dkim=pass header.d=newsroom.test"
    assert trust.of([f"{OURS}; dkim=fail", forged], OURS, ED) is Trust.FAILED
    assert trust.of(["mx.other.test; dkim=fail", forged], OURS, ED) is Trust.PASSED
    assert trust.of(["mx.other.test; dkim=pass header.d=newsroom.test"], OURS, ED) is Trust.UNKNOWN
    assert trust.of([f"x{OURS}; dkim=pass header.d=newsroom.test"], OURS, ED) is Trust.UNKNOWN


def test_without_a_named_server_nothing_is_believed() -> None:
    assert trust.of([f"{OURS}; dkim=pass header.d=newsroom.test"], "", ED) is Trust.UNKNOWN
    assert trust.of(["; dkim=pass header.d=newsroom.test"], "", ED) is Trust.UNKNOWN
    assert trust.of([], OURS, ED) is Trust.UNKNOWN


def test_the_version_and_comments_of_a_server_do_not_hide_its_name() -> None:
    assert trust.of([f"(c) {OURS.upper()} (main) 1; dkim=pass header.d=newsroom.test"], OURS, ED) is Trust.PASSED


@given(st.text(alphabet='abc=;()"\\. /\n', max_size=60))
def test_no_header_breaks_it(text: str) -> None:
    assert trust.of([text, f"{OURS};{text}"], OURS, ED) in set(Trust)
