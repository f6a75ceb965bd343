import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.domain.grouping import Claim, Relation, ambiguous_key, relation
from corrections.domain.sayings import Change, Hint, Region

TEXT = (
    "The goverment said the the ferry would run in 1973, and it did. The captain were proud, as Symbol of the hill. "
    "We need bring boats.\n\nAnother goverment came; “the goverment” they said."
)


def claim(quote: str, corrected: str = "", *, text: str = TEXT, nth: int = 0) -> Claim:
    start = -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    return Claim(start=start, end=start + len(quote), original=quote, corrected=corrected, anchored=True)


def unplaced(quote: str, corrected: str = "") -> Claim:
    return Claim(start=None, end=None, original=quote, corrected=corrected, anchored=False)


SENTENCE = "The goverment said the the ferry would run in 1973, and it did."
FIRST = claim("goverment", "government")


@pytest.mark.parametrize(
    "other",
    [
        claim("goverment", "government"),
        claim("goverment", "Government"),
        claim("The goverment said", "The government said"),
        claim("The goverment said", "government"),
        claim(SENTENCE, SENTENCE.replace("goverment", "government")),
        claim(SENTENCE, "government"),
        claim("goverment"),
        claim("govermen", "government"),  # marked a letter too short
        claim("The goverment"),
        claim(SENTENCE),
    ],
    ids=str,
)
def test_one_error_however_much_was_quoted(other: Claim) -> None:
    assert relation(FIRST, other, TEXT) is Relation.SAME
    assert relation(other, FIRST, TEXT) is Relation.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (claim("the the", "the"), claim("said the the ferry", "said the ferry")),
        (claim("the the", "the"), claim("said the the ferry", "the")),
        (claim("1973,", "1974"), claim("1973", "1974")),
        (claim("in 1973, and", "1974"), claim("1973", "1974")),
        (claim("need bring", "need to bring"), claim("We need bring boats", "We need to bring boats")),
        (claim("We need bring", "to bring"), claim("need bring boats", "need to bring boats")),
        (claim("captain were proud", "captain was proud"), claim("were", "was")),
    ],
    ids=str,
)
def test_the_same_outcome_is_the_same_change(one: Claim, other: Claim) -> None:
    assert relation(one, other, TEXT) is Relation.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (claim("1973", "1974"), claim("1973", "1975")),
        (claim("in 1973", "in 1974"), claim("run in 1973, and", "run in May, and")),
        (claim("captain were", "captain was"), claim("were", "had been")),
    ],
    ids=str,
)
def test_another_change_at_the_same_place_is_another_suggestion(one: Claim, other: Claim) -> None:
    assert relation(one, other, TEXT) is Relation.SUGGESTS_OTHER
    assert relation(other, one, TEXT) is Relation.SUGGESTS_OTHER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FIRST, claim("the the", "the")),
        (FIRST, claim("1973", "1974")),
        (claim(SENTENCE, SENTENCE.replace("goverment", "government")), claim("1973", "1974")),
        (claim("captain were", "captain was"), claim("Symbol of", "symbol")),
    ],
    ids=str,
)
def test_another_error_of_the_sentence_is_only_near(one: Claim, other: Claim) -> None:
    assert relation(one, other, TEXT) is Relation.NEAR
    assert relation(other, one, TEXT) is Relation.NEAR


def test_the_same_slip_elsewhere_is_another_error() -> None:
    assert relation(FIRST, claim("goverment", "government", nth=1), TEXT) is Relation.DIFFERENT
    assert (
        relation(claim("goverment", "government", nth=1), claim("goverment", "government", nth=2), TEXT)
        is Relation.NEAR
    )


def test_changes_of_case_only_are_compared_letter_by_letter() -> None:
    text = "Ultimate Symbol of Signs here"
    one, other = claim("Symbol", "symbol", text=text), claim("Signs", "signs", text=text)
    assert relation(one, other, text) is Relation.NEAR
    assert relation(one, claim("Ultimate Symbol", "Ultimate symbol", text=text), text) is Relation.SAME


def test_a_correction_that_fits_no_word_of_the_quote_is_not_taken_for_another() -> None:
    vague = claim(SENTENCE, "wharf")
    assert relation(vague, claim("1973", "1974"), TEXT) is Relation.NEAR
    assert relation(vague, vague, TEXT) is Relation.SAME


def test_long_quotes_without_correction_are_only_near() -> None:
    text = "word " * 200 + "teh end"
    whole = Claim(start=0, end=len(text), original=text, corrected="", anchored=True)
    assert relation(whole, claim("teh", "the", text=text), text) is Relation.NEAR


def test_claims_without_a_place_need_the_very_same_words() -> None:
    assert relation(unplaced("its"), unplaced("“Its”".strip("“”")), TEXT) is Relation.SAME
    assert relation(unplaced("its", "it's"), unplaced("Its", "it’s"), None) is Relation.SAME
    assert relation(unplaced("its", "it's"), unplaced("its"), None) is Relation.DIFFERENT
    assert relation(unplaced(""), unplaced(""), None) is Relation.DIFFERENT
    assert relation(unplaced("", "x"), unplaced("", "x"), None) is Relation.DIFFERENT


def test_a_placed_and_an_unplaced_claim_of_the_same_words_are_proposed() -> None:
    assert relation(FIRST, unplaced("goverment", "government"), TEXT) is Relation.NEAR
    assert relation(FIRST, unplaced("goverment"), TEXT) is Relation.DIFFERENT


def test_without_the_text_only_the_same_span_tells() -> None:
    assert relation(FIRST, claim("goverment"), None) is Relation.SAME
    assert relation(FIRST, claim("goverment", "cabinet"), None) is Relation.SUGGESTS_OTHER
    assert relation(FIRST, claim("The goverment"), None) is Relation.NEAR
    assert relation(FIRST, claim("1973"), None) is Relation.DIFFERENT


def test_offsets_of_another_text_are_no_place() -> None:
    beyond = Claim(start=5, end=500, original="x", corrected="y", anchored=True)
    assert relation(beyond, beyond, "short") is Relation.SAME
    assert relation(beyond, FIRST, TEXT[:100]) is Relation.DIFFERENT


WORDS = st.lists(st.sampled_from(["the", "The", "teh", "cat", " ", " ", "\n\n", "—", ".", "e\u0301", "한"])).map(
    "".join
)


@given(
    WORDS,
    st.tuples(st.integers(0, 30), st.integers(0, 12), WORDS),
    st.tuples(st.integers(0, 30), st.integers(0, 12), WORDS),
)
def test_the_order_does_not_matter(text: str, one: tuple[int, int, str], other: tuple[int, int, str]) -> None:
    claims = [
        Claim(start=start, end=start + length, original=text[start : start + length], corrected=new, anchored=True)
        for start, length, new in (one, other)
    ]
    for known in (text, None):
        assert relation(claims[0], claims[1], known) is relation(claims[1], claims[0], known)


@given(st.text(min_size=1), st.integers(0, 20), st.text())
def test_a_claim_is_the_same_as_itself(text: str, start: int, corrected: str) -> None:
    start %= len(text)
    alone = Claim(start=start, end=len(text), original=text[start:], corrected=corrected, anchored=True)
    assert relation(alone, alone, text) is Relation.SAME


def test_several_places_are_one_error_only_with_the_same_correction() -> None:
    told = Change(original="Its", corrected="it’s")
    assert ambiguous_key(told) == ambiguous_key(Change(original="its", corrected="it's")) != ""
    assert ambiguous_key(told) != ambiguous_key(Change(original="its", corrected="his"))
    assert ambiguous_key(told) != ambiguous_key(told, [Hint(region=Region.PARAGRAPH, number=3)])
    assert ambiguous_key(Change(original="its")) == ""
    recased = Change(original="the hill", corrected="the Hill")
    assert ambiguous_key(recased) != ambiguous_key(Change(original="the hill", corrected="The hill"))
