"""Thousands of blanks in a report: they end up few at one place, and patterns that see them all read them as before."""

import re

import pytest

from corrections.domain.anchors import Anchor
from corrections.domain.approximate import is_cut, parts
from corrections.domain.prose import read_fields, read_mail
from corrections.domain.prose.letter import LONGEST, MOST_WHITE, clean
from corrections.domain.prose.naming import unwrapped

WHITE = {
    "blank": " ",
    "tab": "\t",
    "line feed": "\n",
    "carriage return": "\r",
    "both": "\r\n",
    "next line": "\x85",
    "form feed": "\f",
    "no-break space": "\xa0",
    "ogham": "\u1680",
    "thin": "\u2009",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "medium": "\u205f",
    "ideographic": "\u3000",
    "blank and line feed": " \n",
    "line feed and blanks": "\n  ",
    "tab, zero width, blank": "\t\u200b ",
}
every_white = pytest.mark.parametrize("white", WHITE.values(), ids=WHITE.keys())


def test_the_list_has_every_white_character() -> None:
    everything = {chr(code) for code in range(0x110000) if chr(code).isspace()}
    separators = {"\x0b", "\x1c", "\x1d", "\x1e", "\x1f"}  # taken out like other signs of control
    spaces = set(map(chr, range(0x2000, 0x200B))) | {"\u202f"}  # one stands for all of them
    assert everything - set("".join(WHITE.values())) <= separators | spaces


@every_white
def test_what_the_patterns_see_has_few_blanks_in_a_row(white: str) -> None:
    long = white * LONGEST
    for text in (long, f"goverment{long}government", f"a {long} \n {long} b", f'"a" should be{long}"b"'):
        runs = re.findall(r"\s+", clean(text[: 2 * LONGEST]))
        assert all(len(run) <= MOST_WHITE for run in runs)


@every_white
def test_blanks_do_not_hide_what_is_said(white: str) -> None:
    few, many = (read_mail("typo", f'{run}"goverment"{run}should be "government"{run}') for run in (white, white * 900))
    assert [saying.changes for saying in many] == [saying.changes for saying in few]


def test_every_kind_of_space_counts_as_one() -> None:
    for space in (" ", "\x0b", "\x1f", *map(chr, range(0x2000, 0x200B)), "\u202f"):
        assert not re.search(r"\s{7}", clean(f"a{space * 50}b"))


def test_a_field_full_of_blanks_is_kept_literally() -> None:
    words = f"the goverment{' ' * 3_000}said"
    saying = read_fields("The ferry", "", Anchor(exact=words), "the government said", "")
    assert (saying.first.original, saying.first.corrected) == (words, "the government said")


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("the first  ...   the last", ["the first", "the last"]),
        ("the first ... ... the last", ["the first", "the last"]),
        ("... the last", ["the last"]),
        ("the first (...) the last …", ["the first", "the last"]),
    ],
)
def test_a_quotation_is_cut_at_its_dots(quote: str, found: list[str]) -> None:
    assert parts(quote) == found
    assert is_cut(quote)


@pytest.mark.parametrize("blanks", [" ", "   ", " \n "])
def test_each_part_of_a_cut_quotation_may_be_what_is_wrong(blanks: str) -> None:
    saying = read_fields(
        "The ferry", "", Anchor(exact=f"the goverment{blanks}...{blanks}... at night{blanks}.. so"), "", ""
    )
    originals = {change.original for change in saying.changes}
    assert {"the goverment", "at night", "so"} <= originals


@pytest.mark.parametrize(
    ("given", "title"),
    [
        (" : The ferry – ", "The ferry"),
        ("“The ferry”,", "The ferry"),
        ("The ferry - at night -", "The ferry - at night"),
        ("  ,,::  ", ""),
    ],
)
def test_a_title_is_given_without_what_hangs_on_its_edges(given: str, title: str) -> None:
    assert unwrapped(given) == title
