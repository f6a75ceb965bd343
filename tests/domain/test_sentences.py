import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.domain.sentences import REACH, paragraph_around, sentence_around

TEXT = (
    "The council met in the U.S. capital on 3 May. Dr. Ames said “No.” She left!\n\n"
    "He lives in the U.S. The house (built ca. 1900) is old… and J. R. Lund owns it. Is it damp?\n \n"
    "今日は雨です。明日は晴れます。\n\n"
    "यह पहला है। यह दूसरा है।"
)


def around(words: str, text: str = TEXT) -> str:
    start = text.index(words)
    first, last = sentence_around(text, start, start + len(words))
    return text[first:last]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("council", "The council met in the U.S. capital on 3 May."),
        ("Ames", "Dr. Ames said “No.”"),
        ("left", "She left!"),
        ("lives", "He lives in the U.S."),
        ("Lund", "The house (built ca. 1900) is old… and J. R. Lund owns it."),
        ("damp", "Is it damp?"),
        ("明日", "明日は晴れます。"),
        ("पहला", "यह पहला है।"),
        ("May. Dr", "The council met in the U.S. capital on 3 May. Dr. Ames said “No.”"),
    ],
)
def test_sentences(words: str, sentence: str) -> None:
    assert around(words) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Er kam am 3. Oktober an. Das war z.B. Montag. xx", "Er kam am 3. Oktober an."),
        ("M. Roux est venu. Il part. xx", "M. Roux est venu."),
        ("It closed in 1999. Nobody came. xx", "It closed in 1999."),
        ("So did I. We went. xx", "So did I."),
        ("Foo Inc. rose. It fell. xx", "Foo Inc. rose."),
        ("no full stop at all", "no full stop at all"),
    ],
)
def test_shortened_words_do_not_end_a_sentence(text: str, sentence: str) -> None:
    first, last = sentence_around(text, 0, 1)
    assert text[first:last] == sentence


def test_a_long_sentence_is_cut_between_words_on_both_sides() -> None:
    text = "word " * 300 + "error" + " word" * 300
    start = text.index("error")
    first, last = sentence_around(text, start, start + 5)
    assert REACH - 10 < start - first <= REACH
    assert REACH - 10 < last - start - 5 <= REACH
    assert set(text[first:last].split()) == {"word", "error"}


def test_paragraphs_are_divided_by_empty_lines_only() -> None:
    text = "one\ntwo\n\n  three\nfour\n \t\nfive"
    for words, paragraph in [
        ("two", "one\ntwo"),
        ("three", "three\nfour"),
        ("five", "five"),
        ("two\n\n  three", text[:-7].rstrip()),
    ]:
        start = text.index(words)
        first, last = paragraph_around(text, start, start + len(words))
        assert text[first:last] == paragraph


@given(st.text(st.sampled_from("aB .!?…。\n\t”)3")), st.integers(-3, 40), st.integers(-3, 40))
def test_the_place_is_always_inside(text: str, start: int, end: int) -> None:
    low = min(max(start, 0), len(text))
    high = min(max(end, low), len(text))
    first, last = sentence_around(text, start, end)
    begin, stop = paragraph_around(text, start, end)
    assert 0 <= begin <= first <= low <= high <= last <= stop <= len(text)
    assert low - first <= REACH
    assert last - high <= REACH
