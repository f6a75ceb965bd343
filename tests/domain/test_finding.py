import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from corrections.domain.anchors import AnchorState
from corrections.domain.approximate import bound
from corrections.domain.finding import Finding, How, find
from corrections.domain.matching import Certainty
from corrections.domain.sayings import Change, Hint, Region, Saying
from corrections.domain.text import folded

TEXT = (
    "We went school in the the town. The goverment , it says, has 1,945 well known roofs.\n\n"
    "Its roof fell in; the cat lost it’s bell. There teacher wrote to there office alot.\n\n"
    "The road to the harbour closed; the road round the hill did not. Nobody recieved a letter."
)


def found(original: str, corrected: str = "", text: str = TEXT, hint: Hint | None = None) -> Finding:
    change = Change(original=original, corrected=corrected)
    return find(Saying(changes=(change,), hints=(hint,) if hint else ()), text)


def paragraph(number: int) -> Hint:
    return Hint(region=Region.PARAGRAPH, number=number)


@pytest.mark.parametrize(
    ("original", "corrected", "was", "now"),
    [
        ("went school", "went to school", "went school", "went to school"),
        ("went", "went to", "went school", "went to school"),
        ("We went school in", "We went to school in", "went school", "went to school"),
        ("school in the the town", "school in the town", "the the", "the"),
        ("We went school in the the town.", "the", "the the", "the"),
        ("We went school in the the town.", "went to school", "went school", "went to school"),
        ("the goverment , it says", "the government , it says", "goverment", "government"),
        ("The goverment , it says, has", "government", "goverment", "government"),
        ("goverment ,", "goverment,", "goverment ,", "goverment,"),
        ("govermen", "government", "goverment", "government"),
        ("1,945", "1,954", "1,945", "1,954"),
        ("well known", "well-known", "well known", "well-known"),
        ("alot", "a lot", "alot", "a lot"),
        ("fell in; the", "fell in, the", "in;", "in,"),
        ("Its roof fell in", "its roof fell in", "Its", "its"),
        ("the cat lost it's bell", "the cat lost its bell", "it’s", "its"),
        ("it says, has 1,945", "it says has 1,945", "says,", "says"),
        ("Nobody recieved a letter", "", "Nobody recieved a letter", ""),
    ],
)
def test_the_place_is_the_words_that_change(original: str, corrected: str, was: str, now: str) -> None:
    finding = found(original, corrected)
    assert finding.place.state is AnchorState.ANCHORED
    assert (finding.change.original, finding.change.corrected) == (was, now)
    assert TEXT[finding.place.start : finding.place.end] == was


def test_a_paragraph_decides_between_several_places() -> None:
    assert found("the", "teh").place.state is AnchorState.AMBIGUOUS
    finding = found("closed", "shut", hint=paragraph(3))
    assert finding.certainty is Certainty.CERTAIN
    text = "One its one.\n\nTwo.\n\nThree its three.\n\nFour."
    assert found("its", "it's", text, paragraph(3)).place.start == text.index("its three")
    assert found("its", "it's", text, paragraph(3)).how is How.HINT
    assert found("its", "it's", text, paragraph(4)).certainty is Certainty.LIKELY
    assert found("its", "it's", text, paragraph(2)).place.state is AnchorState.AMBIGUOUS
    assert found("its", "it's", text, paragraph(-2)).place.start == text.index("its three")


def test_a_quote_with_a_slip_is_likely() -> None:
    finding = found("the road ronud the hill did not", "rode")
    assert finding.how is How.APPROXIMATE
    assert finding.certainty is Certainty.LIKELY
    assert finding.change == Change(original="road", corrected="rode")


def test_a_quote_with_something_left_out() -> None:
    finding = found("We went school ... in the the town", "the")
    assert finding.how is How.PARTS
    assert finding.change == Change(original="the the", corrected="the")


def test_the_article_decides_which_of_the_two_stands_in_it() -> None:
    saying = Saying(changes=(Change(original="government", corrected="goverment", either_way=True),))
    assert find(saying, TEXT).change == Change(original="goverment", corrected="government")


PIECES = st.lists(
    st.sampled_from(
        [
            "the",
            "The",
            "its",
            "it’s",
            "goverment",
            "government",
            "road",
            "a",
            "12",
            "1,945",
            "ﬁt",
            "e\u0301",
            "한",
            "日本",
        ]
    )
    | st.sampled_from([" ", " ", " ", "\n\n", "\n", "-", "\u00ad", "...", "…", ",", ".", "“", "'", "_"]),
    max_size=30,
).map("".join)


@given(PIECES, PIECES, PIECES, PIECES, PIECES, st.integers(-3, 9), st.booleans())
@settings(max_examples=400)
def test_a_place_is_inside_and_reads_as_the_change_says(
    original: str, corrected: str, text: str, prefix: str, suffix: str, number: int, either: bool
) -> None:
    change = Change(original=original, corrected=corrected, either_way=either)
    hints = (paragraph(number), Hint(region=Region.END), Hint(region=Region.HEADLINE))
    finding = find(Saying(changes=(change,), hints=hints, prefix=prefix, suffix=suffix), text, "en-GB")
    place = finding.place
    if place.state is AnchorState.ANCHORED:
        assert place.start is not None
        assert place.end is not None
        assert 0 <= place.start < place.end <= len(text)
        assert text[place.start : place.end] == finding.change.original
        assert finding.certainty is not Certainty.UNKNOWN
    else:
        assert finding.certainty is not Certainty.CERTAIN
    for start, end in place.spans:
        assert 0 <= start < end <= len(text)


@given(PIECES, PIECES)
@settings(max_examples=300)
def test_without_a_correction_the_place_reads_like_the_quote_within_the_bound(original: str, text: str) -> None:
    finding = found(original, "", text)
    if finding.place.state is AnchorState.ANCHORED and finding.how is How.APPROXIMATE:
        quote, there = folded(original), folded(finding.change.original)
        assert OSA.distance(quote, there) <= bound(quote) or len(there) < len(quote)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_any_words_in_any_text(original: str, corrected: str, text: str) -> None:
    finding = found(original, corrected, text)
    if finding.place.state is AnchorState.ANCHORED:
        assert text[finding.place.start : finding.place.end] == finding.change.original


@pytest.mark.parametrize(
    ("original", "corrected", "was", "now"),
    [
        ("", "received", "recieved", "received"),  # the right word alone
        ("", "We went to school in", "went school", "went to school"),  # pasted as it should read
        ("The goverment it says has 1,945 well known", "government", "goverment", "government"),  # other signs
        ("The road to the habour closed; the road round", "", "The road to the harbour closed; the road round", ""),
        ("a letter nobody recieved", "a letter nobody received", "recieved", "received"),  # other words beside it
    ],
)
def test_what_stands_there_otherwise_is_likely(original: str, corrected: str, was: str, now: str) -> None:
    finding = found(original, corrected)
    assert finding.certainty is Certainty.LIKELY
    assert (finding.change.original, finding.change.corrected) == (was, now)


def test_a_lone_word_may_be_the_right_one() -> None:
    text = "It has appeal to some, and its appwal to others is small. They spell peal and appear."
    changes = (Change(original="appeal"), Change(corrected="appeal"))
    assert find(Saying(changes=changes), text).certainty is Certainty.LIKELY


def test_a_mark_that_ends_inside_a_word_is_read_to_its_end() -> None:
    change = Change(original="recieve", corrected="received")
    finding = find(Saying(changes=(change,), prefix="Nobody ", suffix="d a letter"), TEXT)
    assert finding.change == Change(original="recieved", corrected="received")
    assert finding.certainty is Certainty.CERTAIN


def test_the_reading_that_fits_the_article_is_taken() -> None:
    changes = (
        Change(original="The road", corrected="received"),
        Change(original="Nobody recieved", corrected="received"),
    )
    assert find(Saying(changes=changes), TEXT).change == Change(original="recieved", corrected="received")


def test_what_was_mended_already_is_said_to_be() -> None:
    finding = found("the goverment would not pay", "government", "Then the government would not pay.")
    assert finding.place.state is AnchorState.ALREADY_FIXED


def test_words_that_are_nowhere_are_narrowed_by_their_correction_alone() -> None:
    finding = found("a zeppelin flewn over", "a zeppelin flown over")
    assert finding.place.state is AnchorState.ORPHANED
    assert finding.change == Change(original="flewn", corrected="flown")
    assert finding.certainty is Certainty.UNKNOWN
