"""Ways of putting it that are easily misread: negations, words that stand twice, quotations in quotations."""

import pytest

from corrections.domain.prose import read_mail
from corrections.domain.sayings import Change, Hint, Region, Saying


def read(text: str) -> Saying:
    (saying,) = read_mail("typo", text)
    return saying


def first(text: str) -> tuple[str, str]:
    change = read(text).first
    return change.original, change.corrected


@pytest.mark.parametrize(
    ("said", "original", "corrected"),
    [
        ('"the harbour had apealed to": appealed, not apealed', "apealed to", "appealed to"),
        ("“most of there boats”: their, not there", "there boats", "their boats"),
        (">> along the the quay: the, not the the", "along the the quay", "along the quay"),
        (">> they were not beleived, I’m told: believed, not beleived", "not beleived", "not believed"),
    ],
)
def test_a_word_and_not_another_corrects_the_quotation_before_it(said: str, original: str, corrected: str) -> None:
    was, now = first(said)
    assert original in was
    assert corrected in now
    assert " not the" not in now
    assert ", not" not in now


@pytest.mark.parametrize(
    "said",
    [
        "and and should be and",
        "and and => and",
        '"and and" is wrong, please change it to "and"',
        "replace and and with and",
    ],
)
def test_a_word_that_joins_sentences_may_stand_twice(said: str) -> None:
    assert first(said) == ("and and", "and")


def test_a_pronoun_that_stands_twice_is_no_part_of_the_phrase() -> None:
    assert first("that that should be that") == ("that that", "that")
    assert first("replace with with with with") == ("with with", "with")


@pytest.mark.parametrize("word", ["right", "thanks", "please"])
def test_a_courtesy_may_be_the_right_word(word: str) -> None:
    wrong = f"{word[:2]}x{word[2:]}"
    assert first(f'"{wrong}" should be {word}') == (wrong, word)
    assert first(f"“{wrong}” must be {word}.") == (wrong, word)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('"a huge storm,” Mara sayd."', '"a huge storm,” Mara said."'),
        ('"boat," says Tilo, 61,"', '"boat," says Tilo, 63,"'),
        ("“the sea,” the old fihserman said”", "“the sea,” the old fisherman said”"),
    ],
)
def test_quotations_within_quotations_are_read_to_their_ends(wrong: str, right: str) -> None:
    assert first(f"{wrong} is wrong, please change it to {right}") == (wrong[1:-1], right[1:-1])


def test_what_stands_for_the_words_is_not_the_words() -> None:
    saying = read('"In light of 14 and more" is wrong, please change it to "In light of 19 and more"')
    assert all(change.original != "it" for change in saying.changes)


def test_a_phrase_is_not_part_of_the_correction() -> None:
    saying = read("small typo: “hermit crabs (anti-Crustacea”, it must be Crustacean")
    assert [change.corrected for change in saying.changes if change.corrected] == ["Crustacean"]


def test_the_full_stop_of_the_own_sentence_is_not_part_of_the_correction() -> None:
    assert first("I think >> they spoke with with the ought to be >> they spoke with the.") == (
        "they spoke with with the",
        "they spoke with the",
    )
    assert first('"He came" should be "He came."') == ("He came", "He came.")


def test_what_it_should_read_is_no_title() -> None:
    saying = read("where it says 'others, and and I’m', that should read 'others, and I’m'")
    assert (saying.first.original, saying.first.corrected) == ("others, and and I’m", "others, and I’m")
    assert saying.articles == ()


def test_words_in_quotation_marks_within_a_title_are_not_the_error() -> None:
    saying = read("Ferry line says 'no room' for bicycles this summer\n\n>> respobd")
    assert [change.original for change in saying.changes if change.original] == ["respobd"]
    assert saying.articles[0] == "Ferry line says 'no room' for bicycles this summer"


def test_a_title_with_a_quotation_alone_tells_no_error() -> None:
    saying = read("does nobody proofread anymore??\n\n'What is the tide telling us?': Fishers fear the whales")
    assert saying.changes == ()


def test_a_quoted_word_that_is_called_wrong_is_in_no_title() -> None:
    assert first("*beayty* is not a word...") == ("beayty", "")


def test_a_wrong_direction_is_not_called_wrong() -> None:
    words = "The ship sailed in the wrong directsion, said the “harbour pilot” on deck."
    assert first(f"There is a typo in this sentence: >> {words}")[0] == words


def test_a_missing_word_between_two_others_is_kept() -> None:
    assert first("Tilo a should be Tilo and a") == ("Tilo a", "Tilo and a")


def test_words_pointed_at_above_what_is_answered_are_the_persons_own() -> None:
    answered = "On Mon, 8 Jan 2024 at 07:00, The Editors <news@example.org> wrote:\nThe Hidden Harbours"
    (saying,) = read_mail("Re: Hidden Harbours", "Hello,", f"neiither is not a word...\n{answered}")
    assert saying.first.original == "neiither"
    assert "The Hidden Harbours" in saying.articles


@pytest.mark.parametrize(
    ("said", "original", "corrected"),
    [
        ("I believe the date on this page should be the 12th March 1967 not the 11th.", "the 11th", "the 12th"),
        ("The figure should be 1,945, not 1,954", "1,954", "1,945"),
        ("it should be Jane Holm, not Jane Home", "Jane Home", "Jane Holm"),
        ("This saying is attributed to Ada Quill but seems to be from Bert Shaw.", "Ada Quill", "Bert Shaw"),
        ("Quello segnalato a pag. 310 si trova in realtà a pag. 319", "pag. 310", "pag. 319"),
        ('There is an additional "the" in 8.1.2.', "the the", "the"),
    ],
)
def test_people_put_it_in_many_ways(said: str, original: str, corrected: str) -> None:
    told = [(change.original, change.corrected) for change in read(said).changes]
    assert (original, corrected) in told[:3]


@pytest.mark.parametrize("said", ["The second paragraph: goverment", "Paragraph 2: goverment.", "2. Absatz: goverment"])
def test_a_paragraph_and_a_lone_word_without_marks_combine(said: str) -> None:
    [found] = read_mail("typo", said)
    assert Change(original="goverment") in found.changes
    assert found.hints == (Hint(region=Region.PARAGRAPH, number=2),)
