"""Where a finding is surer, or less sure, than the words alone would say."""

import time

import pytest

from corrections.domain.anchors import AnchorState
from corrections.domain.finding import Finding, How, find
from corrections.domain.matching import Certainty
from corrections.domain.sayings import Change, Hint, Region, Saying

TEXT = (
    "The well-knwon ferry left with there crew, and the president-ellect waved to their families.\n\n"
    "In an interview with the harbour post, Mara said the the tide “was no joke,” sayed Tilo, a sailor. "
    "The tide rose and the tide fell ... while nobody lokoed.\n\n"
    "One report suggests the harbour will close; another suggests that the harbour will stay. KIRA’S boat is kira’s."
)


def found(*changes: tuple[str, str], hints: tuple[Hint, ...] = ()) -> Finding:
    told = tuple(Change(original=original, corrected=corrected) for original, corrected in changes)
    return find(Saying(changes=told, hints=hints), TEXT)


def words(finding: Finding) -> str:
    return TEXT[finding.place.start : finding.place.end]


@pytest.mark.parametrize(
    ("quote", "right", "wrong"),
    [
        ("and the ellect waved to", "elect", "ellect"),
        ("The knwon ferry left", "known", "knwon"),
        ("The tide rose ... while nobody lokoed", "looked", "lokoed"),
        ("crew, and ... the ellect waved to", "elect", "ellect"),
    ],
)
def test_a_quote_without_the_words_before_a_hyphen_is_found(quote: str, right: str, wrong: str) -> None:
    finding = found((quote, right))
    assert finding.place.state is AnchorState.ANCHORED
    assert wrong in words(finding)


def test_a_quote_with_something_left_out_is_no_single_part_of_it() -> None:
    finding = found(("while nobody lokoed", ""), ("The tide rose ... while nobody lokoed", ""))
    assert words(finding) == "The tide rose and the tide fell ... while nobody lokoed"


def test_a_quote_that_ends_at_a_quotation_mark_within_is_not_certain() -> None:
    whole = "was no joke,” sayed Tillo, the sailer"
    assert found((whole, ""), ("was no joke,", "")).certainty is Certainty.LIKELY
    assert found(("was no joke,", "")).certainty is Certainty.CERTAIN


@pytest.mark.parametrize("word", ["their", "suggests that the"])
def test_words_that_may_have_been_named_for_being_right_are_not_certain(word: str) -> None:
    assert found((word, ""), ("", word)).certainty is Certainty.LIKELY


def test_another_reading_is_not_certain_while_the_first_stands_in_several_places() -> None:
    finding = found(("tide", "tides"), ("no joke", ""))
    assert (words(finding), finding.certainty) == ("no joke", Certainty.LIKELY)


def test_of_several_places_those_in_the_paragraph_are_left() -> None:
    finding = found(("the", "teh"), hints=(Hint(region=Region.PARAGRAPH, number=1),))
    assert finding.place.state is AnchorState.AMBIGUOUS
    assert finding.how is How.HINT
    assert {TEXT.count("\n\n", 0, start) for start, _ in finding.place.spans} == {0}


def test_what_stands_there_several_times_is_not_turned_round() -> None:
    change = Change(original="tide", corrected="sailor", either_way=True)
    assert find(Saying(changes=(change,)), TEXT).place.state is AnchorState.AMBIGUOUS


def test_a_genitive_that_the_reader_wrote_belongs_to_the_change() -> None:
    finding = found(("boat is kira’s", "boat is Kira’s"))
    assert (finding.change.original, finding.change.corrected) == ("kira’s", "Kira’s")


def test_a_day_is_found_that_the_article_writes_without_its_ending() -> None:
    saying = Saying(changes=(Change(original="the 11th", corrected="the 12th"),))
    finding = find(saying, "Signed at Brighton, February 11, 1967, by the keeper of the light.")
    assert (finding.change, finding.certainty) == (Change(original="11", corrected="12"), Certainty.LIKELY)


@pytest.mark.parametrize(
    ("quote", "corrected", "text"),
    [
        ("a" * 5_000, "b", "a" * 200_000),
        ("w " * 150 + "d", "x", "w w w w w w-w-w " * 12_000),
        ("", "word " * 5_000, "word and word " * 14_000),
    ],
)
def test_a_hostile_quote_takes_little_time(quote: str, corrected: str, text: str) -> None:
    started = time.process_time()
    find(Saying(changes=(Change(original=quote, corrected=corrected),)), text)
    assert time.process_time() - started < 10
