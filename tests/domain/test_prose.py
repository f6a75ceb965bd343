"""What readers write by mail and in forms, understood without knowing the article."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.domain.anchors import Anchor
from corrections.domain.prose import read_fields, read_mail
from corrections.domain.sayings import Hint, Region, Saying


def changes(saying: Saying) -> list[tuple[str, str]]:
    return [(change.original, change.corrected) for change in saying.changes]


def test_two_lines_of_mail_tell_article_and_change() -> None:
    (saying,) = read_mail("typo", 'In "A bridge too low" you wrote goverment instead of government.')
    assert saying.articles == ("A bridge too low",)
    assert changes(saying)[0] == ("goverment", "government")


PHRASES = [
    "goverment should be government",
    '"goverment" should read "government".',
    "goverment -> government",
    "goverment => government",
    "goverment --> government",
    "s/goverment/government/",
    "replace goverment with government",
    "Please change “goverment” to “government”.",
    "It's not goverment, it's government",
    "I think *goverment* ought to be *government*.",
    ">> goverment must be >> government",
    'It should be "government" rather than "goverment".',
    'Shouldn\'t "goverment" be "government"?',
    "„goverment“ muss „government“ heißen",
    "„government“ statt „goverment“ wäre richtig: bitte »goverment« durch »government« ersetzen",
    "« goverment » devrait être « government »",
    "Il faut lire « government » au lieu de « goverment ».",
    "Donde dice «goverment» debe decir «government».",
    "Sostituire «goverment» con «government», grazie.",
    '"goverment" moet "government" zijn',
    'Troquem "goverment" por "government", por favor.",',
    "Вместо «goverment» должно быть «government».",
]


@pytest.mark.parametrize("phrase", PHRASES)
def test_the_change_is_read_from_many_phrases(phrase: str) -> None:
    (saying,) = read_mail("", phrase)
    first = [(change.original, change.corrected) for change in saying.changes[:3]]
    turned = [(change.corrected, change.original) for change in saying.changes[:3] if change.either_way]
    assert ("goverment", "government") in first + turned


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2nd paragraph", 2), ("paragraph 3", 3), ("3. paragraph", 3), ("para. 12", 12),
        ("about 12 paragraphs down", 12),
        ("last paragraph", -1), ("second to last paragraph", -2), ("im dritten Absatz", 3),
        ("au dernier paragraphe", -1),
        ("en el segundo párrafo", 2), ("terzo capoverso", 3), ("derde alinea", 3), ("no quarto parágrafo", 4),
        ("во втором абзаце", 2),
    ],
)  # fmt: skip
def test_paragraphs_are_counted_in_every_language(words: str, number: int) -> None:
    (saying,) = read_mail("Typo", f'{words}: "goverment"')
    assert Hint(region=Region.PARAGRAPH, number=number) in saying.hints


def test_headline_and_caption_are_places() -> None:
    assert read_mail("", "typo in the headline")[0].hints == (Hint(region=Region.HEADLINE),)
    assert read_mail("", "Tippfehler in der Bildunterschrift")[0].hints == (Hint(region=Region.CAPTION),)


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Typo in A bridge too low", "A bridge too low"),
        ("Mistake in “A bridge too low”", "A bridge too low"),
        ("RE: A bridge too low", "A bridge too low"),
        ("Fehler im Artikel „Die Brücke“", "Die Brücke"),
        ("Erreur dans « Le pont »", "Le pont"),
    ],
)
def test_a_subject_names_the_article(subject: str, title: str) -> None:
    assert title in read_mail(subject, "teh -> the")[0].articles


@pytest.mark.parametrize("subject", ["Typo", "Error in article", "Small mistake", "FYI", "", "Tippfehler", "опечатка"])
def test_a_subject_that_names_nothing_is_no_title(subject: str) -> None:
    assert read_mail(subject, "teh -> the")[0].articles == ()


@pytest.mark.parametrize(
    "lead",
    ['In "A bridge too low":', "Article: A bridge too low", "in the article A bridge too low", "A bridge too low",
     "I was reading A bridge too low and noticed something.", "Re “A bridge too low”,", "Headline: A bridge too low"],
)  # fmt: skip
def test_a_line_of_its_own_names_the_article(lead: str) -> None:
    (saying,) = read_mail("Typo", f"Dear editors,\n\n{lead}\n\nteh -> the\n\nKind regards,\n\nAnn Example")
    assert saying.articles[0] == "A bridge too low"
    assert changes(saying)[0] == ("teh", "the")


def test_an_address_comes_first() -> None:
    (saying,) = read_mail("Typo in The bridge", "https://example.org/2024/bridge?x=1 says teh instead of the.")
    assert saying.articles[:2] == ("https://example.org/2024/bridge?x=1", "The bridge")


def test_the_author_is_heard() -> None:
    (saying,) = read_mail("Typo", "Jane Doe's piece about bridges\n\nteh -> the")
    assert (saying.author, saying.articles[0]) == ("Jane Doe", "bridges")


def test_the_newsletter_that_was_answered_is_a_weaker_clue() -> None:
    (saying,) = read_mail("Re: Typo", "Article: The bridge\n\nteh -> the", "The tunnel\nhttps://example.org/tunnel")
    assert saying.articles == ("The bridge", "https://example.org/tunnel", "The tunnel")


@pytest.mark.parametrize(
    "noise", ["I love your magazine.", "How do I cancel my subscription?", "Is there a print version?"]
)
def test_a_mail_about_something_else_tells_no_change(noise: str) -> None:
    (saying,) = read_mail("Question", noise)
    assert (saying.changes, saying.notes) == ((), noise)


def test_a_list_tells_as_many_errors() -> None:
    sayings = read_mail(
        "Typos", '1. "teh" should be "the"\n2. "goverment" in the third paragraph\n3. recieve -> receive'
    )
    assert [changes(saying)[0][0] for saying in sayings] == ["teh", "goverment", "recieve"]
    assert Hint(region=Region.PARAGRAPH, number=3) in sayings[1].hints


def test_one_error_told_twice_is_one() -> None:
    assert len(read_mail("", '"He saw teh end" should be "He saw the end", that is teh -> the.')) == 1


@pytest.mark.parametrize(
    "end", [' It should be "the".', " (the)", "\nshould be: the", " - surely that is the?", "\nCorrect: the"]
)
def test_a_quoted_sentence_is_followed_by_the_right_word(end: str) -> None:
    (saying,) = read_mail("", f'There is a typo in this sentence: "He said "no" to teh dogs\' owner."{end}')
    assert changes(saying)[0] == ('He said "no" to teh dogs\' owner.', "the")


def test_a_cut_quotation_keeps_its_parts_and_the_whole() -> None:
    (saying,) = read_mail("", '"Once upon a ... with teh end ..." - the')
    assert changes(saying)[0] == ("with teh end", "the")
    assert ("Once upon a ... with teh end ...", "the") in changes(saying)


def test_a_word_to_check_may_be_the_right_one() -> None:
    assert changes(read_mail("", "Please check the spelling of goverment.")[0]) == [
        ("goverment", ""),
        ("", "goverment"),
    ]


def test_a_labelled_form_is_read() -> None:
    (saying,) = read_mail("Error", "Headline: The bridge\nPhrase in question: teh end\nCorrect: the end")
    assert (saying.articles[0], changes(saying)[0]) == ("The bridge", ("teh end", "the end"))


def test_the_fields_come_first_as_they_are() -> None:
    anchor = Anchor(exact='"goverment" should be "government"', prefix="a ", suffix=" b")
    saying = read_fields("The bridge", "https://example.org/b", anchor, "", "paragraph 2")
    assert changes(saying)[:2] == [(anchor.exact, ""), ("goverment", "government")]
    assert saying.articles == ("https://example.org/b", "The bridge")
    assert (saying.prefix, saying.suffix, saying.hints) == ("a ", " b", (Hint(region=Region.PARAGRAPH, number=2),))


def test_a_place_before_the_words_in_a_field_is_told_apart() -> None:
    saying = read_fields("", "", Anchor(exact="second paragraph: goverment"), "government", "")
    assert ("goverment", "government") in changes(saying)
    assert saying.hints == (Hint(region=Region.PARAGRAPH, number=2),)


PIECES = st.sampled_from(
    [
        '"',
        "“",
        "„",
        "'",
        ">> ",
        " -> ",
        " should be ",
        "s/a/b/",
        " not ",
        "…",
        "\n",
        "1. ",
        "paragraph 3",
        "in ",
        "x",
        " ",
        "http://a.b/c",
    ]
)


@pytest.mark.parametrize(
    "word", ["a ", "(it) ", "in the ", "http://a.b/c ", "not ", '"', "the article on ", "x's ", ">> x "]
)
def test_words_without_end_take_no_time(word: str) -> None:
    started = time.process_time()
    read_mail("", word * 2_000)
    assert time.process_time() - started < 10


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
def test_nothing_that_is_written_raises(text: str) -> None:
    sayings = [*read_mail(text, text, text), read_fields(text, text, Anchor(exact=text), text, text)]
    assert all(len(saying.changes) <= 8 and len(saying.articles) <= 6 for saying in sayings)
