"""What a saying tells about the article, in the forms that are looked up."""

import pytest

from corrections.domain.clues import CLUES, all_but_one, clues_of, halves, literally, pairs, quote_words, quotes_of
from corrections.domain.evidence import Standing, standing, weight
from corrections.domain.sayings import Change, Saying

TEXT = (
    "The harbour asked the ferry company.\n\nIt spent eight years “moving islanders to work” by boat, said Olaf Brandt."
)


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("The Ferry at Night", "the ferry at night"),
        ("the article about the Ferry at Night", "the ferry at night"),
        ("Typo in The Ferry at Night", "the ferry at night"),
        ("RE: Correction: The Ferry at Night", "the ferry at night"),
        ("The Ferry at Night | Some Site", "the ferry at night"),
        ("Jane Doe's piece about ferry night", "ferry night"),
        ("column by Jane Doe on ferries", "ferries"),
        ("Jane Doe’s column", ""),
    ],
)
def test_the_core_of_a_title(written: str, core: str) -> None:
    (clue,) = clues_of((written,))
    assert clue.core == core


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("Jane Doe's piece about ferry night", "jane doe"),
        ("Siobhán O’Neil’s latest column on eels", "siobhán o neil"),
        ("the article by Jane Doe", "jane doe"),
        ("Everything that the ferry's article said about us", ""),
        ("The harbour's ferry", ""),
    ],
)
def test_an_author_named_with_the_title(written: str, author: str) -> None:
    (clue,) = clues_of((written,))
    assert clue.author == author


def test_an_address_among_words_is_a_clue_of_its_own() -> None:
    address, words = clues_of(("see https://example.org/a-ferry-for-us?utm_source=x, please",))
    assert (address.address, address.segment) == ("example.org/a-ferry-for-us", "a-ferry-for-us")
    assert words.address == ""


def test_every_line_of_a_quoted_newsletter_is_a_clue() -> None:
    cores = {clue.core for clue in clues_of(("The Ferry at Night\nIt crosses at nine.",))}
    assert {"the ferry at night", "it crosses at nine"} <= cores


def test_an_author_who_was_told_apart_is_a_clue_and_clues_are_not_many() -> None:
    (clue,) = clues_of((), "By Jane Doe")
    assert (clue.author, clue.core) == ("jane doe", "")
    assert len(clues_of(tuple(f"title {n}\nand line" for n in range(50)), "Jane")) <= 2 * CLUES


def test_the_words_of_a_quote_that_any_index_divides_alike() -> None:
    words = quote_words('"It is the goverment\'s well-known and/or 2nd problem", said e.g. Mr. Łukasz in 1999.')
    assert words == ("problem", "łukasz", "known", "well", "said")
    assert quote_words("the the") == ("the",)
    assert quote_words("2075") == ("2075",)


def test_quotes_are_what_may_stand_in_the_article() -> None:
    changes = (
        Change(original="one", corrected="two"),
        Change(original="three", corrected="four", either_way=True),
        Change(original="?!", corrected=""),
    )
    assert quotes_of(Saying(changes=changes)) == ("one", "three", "four")


def test_ways_to_leave_words_out() -> None:
    assert all_but_one(("a", "b", "c")) == [("b", "c"), ("a", "c"), ("a", "b")]
    assert all_but_one(("a",)) == []
    assert pairs(("a", "b", "c")) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert halves("thirten") == ["thi", "rten"]
    assert halves("abc") == []


def test_the_part_of_a_quote_that_is_written_in_one_way_only() -> None:
    assert literally("years “moving islanders to work” by boat") == "moving islanders to work"
    assert literally("") == ""


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("moving islanders to work", Standing.WHOLE),
        ('eight years "MOVING islanders', Standing.WHOLE),
        ("the ferry company. It spent eight years", Standing.NEARLY),  # across a paragraph
        ("It spent eihgt years", Standing.NEARLY),
        ("It spent ... said Olaf Brandt", Standing.NEARLY),
        ("it spnet eihgt years", Standing.NOWHERE),
        ("nowhere", Standing.NOWHERE),
        ("", Standing.NOWHERE),
    ],
)
def test_how_a_quote_stands_in_a_text(quote: str, stands: Standing) -> None:
    assert standing(quote, TEXT) is stands


@pytest.mark.parametrize("text", ["The fer\u00adry sails.", "The ﬁrst ferry sails.", "Ｔｈｅ ferry sails."])
def test_letters_that_are_written_otherwise_are_seen_through(text: str) -> None:
    quote = "the first ferry" if "ﬁ" in text else "the ferry"
    assert standing(quote, text) is Standing.WHOLE


def test_the_longer_a_quote_the_more_it_says() -> None:
    said = ["the", "we", "goverment", "moving islanders to", "It spent eight years moving islanders to work"]
    weights = [weight(quote, Standing.WHOLE) for quote in said]
    assert weights == sorted(weights)
    assert weight(said[-1], Standing.NEARLY) < weight(said[-1], Standing.WHOLE)
    assert weight(said[-1], Standing.NOWHERE) == 0
