import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corrections.domain.difference import Piece, letters, word_difference
from corrections.domain.fragments import as_corrected

WORDS = st.lists(
    st.sampled_from(["the", "cat", "cats", "Cat", " ", "  ", "\n\n", ",", ".", "it’s", "its", "é", "e\u0301", "👩‍🚀"])
).map("".join)


def shown(was: str, now: str) -> str:
    marks = {"same": "{}", "was": "[-{}-]", "now": "[+{}+]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in word_difference(was, now))


@given(st.one_of(st.text(), WORDS), st.one_of(st.text(), WORDS))
@example("a b c", "a x b y c")
@example("If the ACK field", "If the bit ACK set, f")
def test_the_pieces_give_back_both_texts(was: str, now: str) -> None:
    pieces = word_difference(was, now)
    assert "".join(piece.text for piece in pieces if piece.kind != "now") == was
    assert "".join(piece.text for piece in pieces if piece.kind != "was") == now
    assert all(piece.text for piece in pieces)


@given(WORDS)
def test_the_same_text_is_one_piece(text: str) -> None:
    assert word_difference(text, text) == ([Piece(text, "same")] if text else [])


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("the goverment said", "the government said", "the gover[+n+]ment said"),
        ("signed in 1973.", "signed in 1974.", "signed in [-1973-][+1974+]."),
        ("it costs £73,000 a year", "it costs £83,000 a year", "it costs £[-73,000-][+83,000+] a year"),
        ("over the the bridge", "over the bridge", "over the [-the -]bridge"),
        ("able swim", "able to swim", "able [+to +]swim"),
        ("a cat sat here", "a dog ran here", "a [-cat sat-][+dog ran+] here"),
        ("its roof", "it's roof", "it[+'+]s roof"),
        ("alot of rain", "a lot of rain", "a[+ +]lot of rain"),
        ("teh gvernment", "the government", "t[-eh-][+he+] g[+o+]vernment"),
        ("Say “yes”", 'Say "yes"', 'Say [-“-][+"+]yes[-”-][+"+]'),
        ("", "new", "[+new+]"),
        ("old", "", "[-old-]"),
    ],
)
def test_only_what_changed_is_marked(was: str, now: str, expected: str) -> None:
    assert shown(was, now) == expected


def test_no_difference_falls_inside_a_letter() -> None:
    assert letters("e\u0301a👩\u200d🚀") == ["e\u0301", "a", "👩\u200d🚀"]
    assert Piece("e\u0301", "now") in word_difference("resume", "resume\u0301")


@given(st.text())
def test_letters_join_back(word: str) -> None:
    assert "".join(letters(word)) == word


@pytest.mark.parametrize(
    ("original", "corrected", "whole"),
    [
        ("The goverment fell on Monday.", "government", "The government fell on Monday."),
        ("a whiel: he", "while", "a while: he"),
        ("whiel,", "while", "while,"),
        ("“yoing man", "young", "“young man"),
        ("what will be be their first", "be", "what will be their first"),
        ("the the", "the", "the"),
        ("since 2010.", "2014", "since 2014."),
        ("very blessed work with", "to work with", "very blessed to work with"),
        ("The goverment fell.", "The government fell", "The government fell."),
    ],
)
def test_a_lone_word_takes_the_place_of_the_one_it_corrects(original: str, corrected: str, whole: str) -> None:
    assert as_corrected(original, corrected) == whole


@pytest.mark.parametrize(
    ("original", "corrected"),
    [
        ("expect that anything", "expect anything"),
        ("hold has a", "hold a"),
        ("the minister left early", "departed"),  # for none of these words
        ("form or from the firm", "farm"),  # for one of three
        ("wrote the cousin", "Tully wrote"),  # more than was quoted: all of it may be meant
        ("word,", "word"),  # the comma is what should go
        ("the word stands here once", "word"),
        ("", "x"),
        ("x", ""),
    ],
)
def test_where_it_is_not_sure_the_correction_stays_as_given(original: str, corrected: str) -> None:
    assert as_corrected(original, corrected) == corrected


@given(st.one_of(st.text(), WORDS), st.one_of(st.text(), WORDS))
def test_anything_may_be_given_as_a_correction(original: str, corrected: str) -> None:
    assert isinstance(as_corrected(original, corrected), str)
