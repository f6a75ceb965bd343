import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corrections.domain.anchors import AROUND, PLACES, Anchor, AnchorState, Place, anchor_at, locate
from corrections.domain.occurrences import bare, stands_in
from corrections.domain.text import folded

TEXT = (
    "The ferry stopped on Monday. Other towns kept theirs, but the goverment would not pay.\n\n"
    "“It’s the end,” said the captain’s wife – and it was. The road to the harbour closed; the road "
    "round the hill did not. Road works went on for a year…\n\n"
    "Nobody recieved a letter. Its roof fell in, and the cat lost it’s bell."
)
WORDS = st.lists(
    st.sampled_from(
        ["the", "The", "other", "cat", "“", "it’s", "its", "ﬁt", " ", " ", "\n\n", "—", ".", "e\u0301", "\u00ad", "한"]
    )
)
ANY = st.one_of(st.text(max_size=40), WORDS.map("".join))


def find(exact: str, corrected: str = "", *, text: str = TEXT, prefix: str = "", suffix: str = "") -> Place:
    return locate(Anchor(exact=exact, prefix=prefix, suffix=suffix), text, corrected)


def words_at(place: Place, text: str = TEXT) -> str:
    assert place.state in {AnchorState.ANCHORED, AnchorState.ALREADY_FIXED}
    assert place.start is not None
    assert place.end is not None
    return text[place.start : place.end]


@pytest.mark.parametrize(
    ("quote", "printed"),
    [
        ("goverment", "goverment"),
        ("GOVERMENT", "goverment"),
        ("  recieved\n", "recieved"),
        ('"It\'s the end," said', "“It’s the end,” said"),
        ("wife -- and it was", "wife – and it was"),
        ("for a year...", "for a year…"),
        ("“nobody recieved a letter”", "Nobody recieved a letter"),
        ("Nobody\nrecieved  a letter.", "Nobody recieved a letter."),
        ("Monday.", "Monday."),
        ("year…\n\nNobody", "year…\n\nNobody"),
    ],
)
def test_a_quote_is_found_as_it_is_printed(quote: str, printed: str) -> None:
    place = find(quote)
    assert place.state is AnchorState.ANCHORED
    assert words_at(place) == printed


def test_a_word_is_not_looked_for_inside_others_while_it_stands_on_its_own() -> None:
    text = "Other towns, the end"
    assert find("the", text=text).start == text.index("the end")
    assert find("The", text=text).start == text.index("the end")


def test_inside_a_longer_word_only_if_nowhere_else() -> None:
    assert find("the", text="No other town").start == 4
    assert find("go", text="No ergonomics").state is AnchorState.ORPHANED
    assert find("form", "from", text="A platform from here").state is AnchorState.ORPHANED


def test_scripts_without_blanks_need_no_ends_of_words() -> None:
    text = "今日は雨です。明日は晴れます。"
    assert find("明日", text=text).start == text.index("明日")
    assert find("は", text=text).state is AnchorState.AMBIGUOUS


def test_a_letter_is_not_parted_from_its_marks() -> None:
    assert find("कत", text="यह कति").state is AnchorState.ORPHANED
    assert find("cafe", text="cafe\u0301s and a cafe").start == 13


@pytest.mark.parametrize("quote", ["", "  ", "“”", ",", "…", "–", "zeppelin", "the ferry sank"])
def test_what_is_not_there_is_orphaned(quote: str) -> None:
    assert find(quote) == Place(state=AnchorState.ORPHANED)


def test_punctuation_is_found_by_its_context() -> None:
    place = find(",", prefix="kept theirs", suffix=" but the")
    assert words_at(place) == ","
    assert find(",", prefix="kept theirs", suffix=" and the").state is AnchorState.ORPHANED


def test_several_places_are_ambiguous_and_all_told() -> None:
    place = find("the road")
    assert place.state is AnchorState.AMBIGUOUS
    assert (place.start, place.end) == (None, None)
    assert [TEXT[start:end] for start, end in place.spans] == ["The road", "the road"]


def test_no_more_places_than_one_can_choose_from() -> None:
    assert len(find("cat", text="cat " * 200).spans) == PLACES


def test_context_decides_between_places() -> None:
    assert words_at(find("road", prefix="closed; the ", suffix=" round the")) == "road"
    assert find("road", prefix="closed; the", suffix="round the").start == TEXT.index("road round")
    assert find("road", prefix="said the captain's wife - and it was. the ").start == TEXT.index("road to")


def test_context_that_changed_a_little_still_decides() -> None:
    place = find("road", prefix="The roads to the harbor closed; the ", suffix=" round the hills did nott. Road")
    assert place.start == TEXT.index("road round")


def test_a_neighbour_with_nearly_the_same_context_is_not_taken() -> None:
    before = "You can seek a word with a show of hands and call "
    text = f"{before}on people that kept quiet, and of others."
    place = find("of", prefix=before[-40:], suffix=" people that kept quiet, and", text=text)
    assert place.state is AnchorState.AMBIGUOUS


def test_a_short_quote_between_other_words_than_given_is_left_to_the_editor() -> None:
    place = find("bell", prefix="a quite unlike and longer ", suffix=" stood here before, with more")
    assert place.state is AnchorState.AMBIGUOUS
    assert [TEXT[start:end] for start, end in place.spans] == ["bell"]


def test_a_word_marked_with_a_letter_too_few() -> None:
    place = find("govermen", "government", prefix="theirs, but the ", suffix="t would not")
    assert words_at(place) == "govermen"


@pytest.mark.parametrize(
    ("quote", "corrected", "state"),
    [
        ("its", "", AnchorState.ANCHORED),  # the other places read it’s
        ("road works", "", AnchorState.ANCHORED),
        ("road", "rode", AnchorState.AMBIGUOUS),
        ("Road", "Rode", AnchorState.AMBIGUOUS),  # a telephone may have made the capital
        ("Road", "road", AnchorState.ANCHORED),  # here the capital is the error
        ("ROAD", "", AnchorState.AMBIGUOUS),
    ],
)
def test_the_case_of_a_typed_quote(quote: str, corrected: str, state: AnchorState) -> None:
    assert find(quote, corrected).state is state


def test_a_capital_inside_shows_that_the_reader_copied() -> None:
    text = "The iPod came. An ipod went, and an IPOD."
    assert find("iPod", text=text).start == text.index("iPod")
    assert find("ipod", text=text).state is AnchorState.AMBIGUOUS


def test_a_correction_that_brings_its_sentence_along_decides() -> None:
    assert find("road", "the rode round the hill").start == TEXT.index("road round")
    assert find("road", "rode").state is AnchorState.AMBIGUOUS


def test_places_that_read_as_corrected_are_no_places_of_the_error() -> None:
    text = "Able to swim, able swim, able to row."
    assert find("able", "able to", text=text).start == text.index("able swim")
    assert find("able", "able to", text="We are able to swim.") == Place(
        state=AnchorState.ALREADY_FIXED, start=7, end=14
    )


@pytest.mark.parametrize(
    ("quote", "corrected", "printed"),
    [
        ("the goverment would", "the government would", "the government would"),
        ("the goverment would", "government", "the government would"),
        ("governmment", "government", "government"),
        ("ferry", "Ferry", "Ferry"),
    ],
)
def test_already_fixed(quote: str, corrected: str, printed: str) -> None:
    text = "The Ferry stopped. Then the government would not pay."
    place = find(quote, corrected, text=text)
    assert place.state is AnchorState.ALREADY_FIXED
    assert words_at(place, text) == printed


@pytest.mark.parametrize(
    ("quote", "corrected", "text"),
    [
        ("teh", "the", "the road and the hill"),  # "the" stands everywhere
        ("goverment", "government", "the government and the govermment"),  # the reader's own slip, perhaps
        ("zeppelin", "ferry", "the ferry stopped"),
        ("goverment", "", "the government fell"),
        ("by the road", "a road", "a road"),
    ],
)
def test_not_surely_fixed_is_orphaned(quote: str, corrected: str, text: str) -> None:
    assert find(quote, corrected, text=text).state is AnchorState.ORPHANED


def test_fixed_where_the_context_says_though_the_word_stands_elsewhere_too() -> None:
    text = TEXT.replace("cat lost it’s bell", "cat lost its bell")
    anchor = anchor_at(TEXT, TEXT.index("it’s bell"), TEXT.index(" bell"))
    place = locate(anchor, text, "its")
    assert place.state is AnchorState.ALREADY_FIXED
    assert place.start == text.index("its bell")


@given(ANY, st.integers(0, 60), st.integers(1, 30))
def test_an_anchor_made_of_a_place_leads_back_there_or_to_a_choice(text: str, start: int, length: int) -> None:
    anchor = anchor_at(text, start, start + length)
    assert len(anchor.prefix) <= AROUND >= len(anchor.suffix)
    place = locate(anchor, text)
    if place.state is AnchorState.ANCHORED:
        assert place.start == start + len(anchor.exact) - len(anchor.exact.lstrip())


@given(ANY, ANY, ANY, st.one_of(st.just(""), ANY))
@example("the", "oTHEr the", "", "")
@example("f", "ﬁne", "", "")
@example("1", "½ or 1", "", "")
def test_what_is_found_is_what_was_quoted(quote: str, text: str, corrected: str, prefix: str) -> None:
    place = locate(Anchor(exact=quote, prefix=prefix), text, corrected)
    if place.state is AnchorState.ALREADY_FIXED:
        assert corrected
        return
    spans = [(place.start, place.end)] if place.start is not None and place.end is not None else place.spans
    assert (place.state is AnchorState.ORPHANED) == (not spans)
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert folded(text[start:end]) in {folded(quote), bare(folded(quote))}


@given(ANY, ANY)
def test_what_stands_in_a_text_is_found_there(quote: str, text: str) -> None:
    if stands_in(quote, text):
        assert locate(Anchor(exact=quote), text).state in {AnchorState.ANCHORED, AnchorState.AMBIGUOUS}


def test_stands_in() -> None:
    assert stands_in("nobody recieved a letter", TEXT)
    assert stands_in("“It's the end”", TEXT)
    assert not stands_in("overment", TEXT)
    assert not stands_in("—", TEXT)


def test_a_quote_of_ten_thousand_letters_text_is_found_at_once() -> None:
    text = "\n\n".join(
        f"Paragraph {n} of a text: nothing here is ever the same, {n * n} times over." for n in range(140)
    )
    started = time.process_time()
    for n in range(100):
        assert find(f"{n * n + 10_000} times", text=text).state is not AnchorState.AMBIGUOUS
    assert (time.process_time() - started) / 100 < 0.05  # a hundredth of this is usual


def test_a_hostile_text_does_not_stall_the_search() -> None:
    started = time.process_time()
    find("a" * 500, text="a" * 100_000)
    find("e\u0301\u0316" * 500, text="e\u0301\u0316" * 20_000)
    assert time.process_time() - started < 20
