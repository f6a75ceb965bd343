import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corrections.domain import limits
from corrections.domain.text import clean, digest, folded, normalise, one_line, slug

# Letters that fold to several, joiners, marks, line ends, blanks and signs of many kinds, beside any text at all.
ODD = st.text(
    st.sampled_from(
        "aAßﬁİſé\u0301\u0316\u00ad\u200b\u200d\u2014-“”‘’'\"…½Ⅷ \t\n\r\u00a0\u2028\u2029\x00\x1c.ㄱㅏ가ｶﾞ的한"
    )
)
ANY = st.one_of(st.text(), ODD)


@given(ANY)
def test_the_way_back_never_leaves_the_source_and_never_turns(text: str) -> None:
    normalised = normalise(text)
    starts, ends = list(normalised.starts), list(normalised.ends)
    assert len(starts) == len(ends) == len(normalised.text)
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))


@given(ANY)
@example("`--\u2014")
@example("a\u200d\u0301 \u00a8\u0301")
def test_folded_is_normalised_without_the_map(text: str) -> None:
    assert folded(text) == normalise(text).text


def test_a_mark_after_a_blank_is_folded_as_if_it_stood_alone() -> None:
    assert folded("¡ \u0e33").endswith(folded("\u0e33"))


@given(ANY, st.data())
def test_a_span_holds_what_it_was_made_from(text: str, data: st.DataObject) -> None:
    normalised = normalise(text)
    start = data.draw(st.integers(0, len(normalised.text)))
    end = data.draw(st.integers(start, len(normalised.text)))
    first, last = normalised.span(start, end)
    assert 0 <= first <= last <= len(text)
    assert normalised.text[start:end].strip() in folded(text[first:last])


@given(st.text(st.characters(codec="ascii")))
def test_ascii_folds_to_small_letters_and_single_blanks(text: str) -> None:
    result = folded(text)
    assert result == result.lower()
    assert "  " not in result
    assert "--" not in result
    assert result == result.strip()


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("“It’s”", '"it\'s"'),
        ("«Ça»", '"ça"'),
        ("1914–18", "1914-18"),
        ("so -- it", "so — it"),
        ("wait…", "wait..."),
        ("co\u00adoper\u200bate", "cooperate"),
        ("a\u00a0 \t\nb", "a b"),
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("ﬁre", "fire"),
        ("ＡＢＣ！", "abc!"),
        ("Ο∆ΟΣ".replace("∆", "Δ"), "οδος"),
        ("한글", unicodedata.normalize("NFD", "한글")),
        ("ｶﾞｽ", "ガス"),
    ],
)
def test_what_looks_or_reads_the_same_folds_to_the_same(written: str, same: str) -> None:
    assert folded(written) == folded(same)


@pytest.mark.parametrize(("one", "other"), [("cafe", "café"), ("its", "it's"), ("a-b", "a b"), ("ab", "a b")])
def test_what_a_reader_may_want_changed_stays_different(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_an_empty_line_divides_and_a_line_break_does_not() -> None:
    assert folded("one\ntwo\r\n\r\nthree\n \t\nfour") == "one two\nthree\nfour"


def test_offsets_lead_to_the_words_as_printed() -> None:
    source = "  A co\u00adlour,\u00a0 “Straße”… end\n\n\nNext."
    normalised = normalise(source)
    for words, printed in [
        ("colour", "co\u00adlour"),
        ('"strasse"', "“Straße”"),
        ("...", "…"),
        ("next", "Next"),
        ("ss", "ß"),
    ]:
        start = normalised.text.index(words)
        first, last = normalised.span(start, start + len(words))
        assert source[first:last] == printed


def test_an_empty_span_is_a_place() -> None:
    assert normalise("  ab").span(1, 1) == (3, 3)
    assert normalise("  ab ").span(2, 2) == (4, 4)
    assert normalise(" ").span(0, 0) == (0, 0)


def test_offsets_are_read_like_a_list() -> None:
    starts = normalise("a  b\n\nc").starts
    assert list(starts) == [0, 1, 3, 4, 6]
    assert starts[1:4] == [1, 3, 4]
    assert starts[-1] == 6
    with pytest.raises(IndexError):
        starts[5]


def test_very_long_texts_and_towers_of_marks_are_folded() -> None:
    assert len(normalise("Ab " * 100_000).text) == 299_999
    assert folded("e" + "\u0301\u0316" * 2_000).startswith("é")


@given(ANY)
def test_clean_text_is_safe_and_stays_as_it_is(text: str) -> None:
    result = clean(text)
    assert result == clean(result)
    assert result == result.strip()
    kinds = {unicodedata.category(character) for character in result if character not in "\n\t"}
    assert not kinds & {"Cc", "Cs"}
    assert unicodedata.is_normalized("NFC", result)
    result.encode()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("\ufeff one\r\ntwo\rthree\u2028four ", "one\ntwo\nthree\nfour"),
        ("a\u2029b", "a\n\nb"),
        ("nul\x00 bell\x07 half\ud800 \ufffe", "nul bell half"),
        ("e\u0301", "é"),
        ("می\u200cخواهم \u200fعربي", "می\u200cخواهم \u200fعربي"),
        ("\u200b\u200e \u2060", ""),
        ("\t a\tb\n", "a\tb"),
    ],
)
def test_cleaning_keeps_what_was_written(given: str, expected: str) -> None:
    assert clean(given) == expected


def test_cleaning_cuts_and_leaves_no_blank_at_the_cut() -> None:
    assert clean("one two three", 8) == "one two"
    assert clean("one", 3) == "one"


def test_thousands_of_marks_on_one_letter_are_thinned_out() -> None:
    assert 10 < len(clean("a" + "\u0301\u0316" * 100_000)) < 40


def test_one_line_has_no_line_breaks() -> None:
    assert one_line(" A\r\ntitle \u2029 of\ttwo\u00a0lines ") == "A title of two lines"


@given(ANY)
def test_one_line_of_anything(text: str) -> None:
    assert one_line(text).split() == clean(text).split()
    assert not set(one_line(text)) & set("\n\t\r")


def test_digests_tell_texts_apart_and_take_broken_ones() -> None:
    assert digest("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    assert digest("\ud800") != digest("\ud801")
    assert digest("é") != digest("e\u0301")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("The Bridge, Not the Ferry!", "the-bridge-not-the-ferry"),
        ("Don’t panic", "dont-panic"),
        ("Žluťoučký kůň & Łódź", "zlutoucky-kun-lodz"),
        ("Straße in Ærø", "strasse-in-aero"),
        ("Новый мост", "novyi-most"),
        ("Αθήνα", "athina"),
        ("東京", ""),
        ("?!", ""),
        ("Top 10: № 3", "top-10-no-3"),
    ],
)
def test_slugs(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_long_titles_are_cut_between_words() -> None:
    cut = slug("seventeen " * 20)
    assert len(cut) <= limits.SLUG
    assert set(cut.split("-")) == {"seventeen"}
    assert len(slug("x" * 500)) == limits.SLUG


@given(st.text())
def test_slugs_of_anything_are_plain(title: str) -> None:
    made = slug(title)
    assert len(made) <= limits.SLUG
    assert all(part.isascii() and part.isalnum() and part == part.lower() for part in made.split("-") if made)
