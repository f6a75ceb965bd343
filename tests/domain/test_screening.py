"""What is held back for an editor to look at, and what goes through."""

from __future__ import annotations

from itertools import combinations

import pytest

from corrections.domain.screening import HOLD_FROM, WEIGHT, Sign, doubtful, signs_in


def test_every_sign_has_a_weight() -> None:
    assert set(WEIGHT) == set(Sign)


@pytest.mark.parametrize("sign", [Sign.HIDDEN_FIELD, Sign.LINKS])
def test_some_signs_are_enough_by_themselves(sign: Sign) -> None:
    assert doubtful([sign])


@pytest.mark.parametrize("sign", [Sign.TOO_QUICK, Sign.NO_FORM, Sign.OLD_FORM, Sign.MARKUP])
def test_others_are_not(sign: Sign) -> None:
    assert not doubtful([sign])
    assert not doubtful([sign, sign, sign]), "the same sign again says nothing new"


@pytest.mark.parametrize("pair", list(combinations([Sign.TOO_QUICK, Sign.NO_FORM, Sign.MARKUP], 2)))
def test_two_small_ones_are(pair: tuple[Sign, Sign]) -> None:
    assert doubtful(pair)


def test_a_page_left_open_for_days_is_a_persons() -> None:
    assert not doubtful([Sign.OLD_FORM, Sign.TOO_QUICK])
    assert WEIGHT[Sign.OLD_FORM] < HOLD_FROM


@pytest.mark.parametrize(
    "words",
    [
        "",
        "The year was 1974, see https://archive.example.org/treaty",
        "Compare https://a.example.org/1 with http://b.example.org/2.",
        "I read <b>thirteen</b> but it should be fourteen",
        "5 < 6 and a > b",
        "the www is a web",
    ],
)
def test_what_people_write_is_no_sign(words: str) -> None:
    assert signs_in(words) == []


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("http://a.example http://b.example https://c.example", Sign.LINKS),
        ("HTTP://A.EXAMPLE www.b.example www.c.example", Sign.LINKS),
        ('cheap <a rel="x" href=http://a.example>watches</a>', Sign.MARKUP),
        ("cheap [url=http://a.example]watches[/url]", Sign.MARKUP),
        ("[URL]http://a.example[/URL]", Sign.MARKUP),
    ],
)
def test_what_robots_write_is(words: str, sign: Sign) -> None:
    assert signs_in(words) == [sign]


def test_links_are_added_up_over_all_fields() -> None:
    assert signs_in("http://a.example http://b.example", "http://c.example") == [Sign.LINKS]
