"""robots.txt, by the examples of RFC 9309 and of life."""

from __future__ import annotations

import time

import pytest

from corrections.sources.robots import parse

RULES = b"""
# comment
User-agent: other
User-agent: Corrections/2
Disallow: /private   # ours
Allow: /private/open
Disallow: /*.pdf$
Disallow: /search?*q=
Disallow: /caf\xc3\xa9/

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "open_"),
    [
        ("/", True),
        ("/private", False),
        ("/private/a", False),
        ("/private/open/a", True),
        ("/a/b.pdf", False),
        ("/a/b.pdf?c", True),
        ("/search?page=1&q=x", False),
        ("/search?page=1", True),
        ("/caf%C3%A9/menu", False),
        ("/café/menu", False),
    ],
)
def test_the_longest_rule_of_our_group_holds(path: str, open_: bool) -> None:
    rules = parse(RULES.decode(), "Corrections")
    assert rules.allow(f"https://magazine.example{path}") is open_


def test_others_get_the_rules_for_all() -> None:
    assert not parse(RULES.decode(), "Unnamed").allow("https://magazine.example/a")


@pytest.mark.parametrize(
    "text", ["", "Disallow: /", "User-agent: *\nDisallow:\n", "<html>not found</html>", "User-agent: x\nDisallow: /"]
)
def test_without_a_rule_for_us_all_is_open(text: str) -> None:
    assert parse(text, "Corrections").allow("https://magazine.example/a")


def test_allow_wins_a_tie() -> None:
    rules = parse("User-agent: *\nDisallow: /page\nAllow: /page\n", "Corrections")
    assert rules.allow("https://magazine.example/page")


def test_groups_of_the_same_name_are_one() -> None:
    rules = parse("User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n", "Corrections")
    assert not rules.allow("https://magazine.example/a")
    assert not rules.allow("https://magazine.example/b")


def test_many_stars_take_no_time() -> None:
    rules = parse("User-agent: *\nDisallow: /" + "*a" * 2000 + "$\n", "Corrections")
    begun = time.process_time()
    assert rules.allow("https://magazine.example/" + "a" * 1999 + "b")
    assert time.process_time() - begun < 10
