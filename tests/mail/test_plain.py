"""The plain text of a mail, made from its HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from corrections.mail.plain import WIDTH, read


def text_of(body: str) -> str:
    return read(f"<html><head><title>T</title><style>p {{ x: y }}</style></head><body>{body}</body></html>")[1]


def test_the_title_is_the_subject_and_the_head_is_not_said() -> None:
    assert read("<head><title> A\n &amp; B </title><style>x</style></head><p>body</p>") == ("A & B", "body\n")


def test_paragraphs_are_wrapped_and_apart() -> None:
    text = text_of(f"<p>{'word ' * 40}</p><p>two</p>")
    first, second = text.split("\n\n")
    assert max(map(len, first.splitlines())) <= WIDTH
    assert second == "two\n"


def test_a_link_stands_on_a_line_of_its_own_however_long() -> None:
    url = f"https://x.test/{'a' * 200}"
    assert text_of(f'<p><a href="{url}">Read it</a></p>') == f"Read it:\n{url}\n"


def test_a_quotation_is_marked_line_by_line() -> None:
    assert (
        text_of("<blockquote><p>one<br>two</p><p>three</p></blockquote><p>end</p>")
        == "> one\n> two\n>\n> three\n\nend\n"
    )


def test_a_list_stays_together() -> None:
    assert text_of("<ul><li><p>one<br>more</p></li><li><p>two</p></li></ul>") == "- one\n  more\n- two\n"


def test_the_footer_is_a_signature() -> None:
    assert text_of("<p>a</p><footer><p>who</p><p>why</p></footer>") == "a\n\n-- \nwho\n\nwhy\n"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("one b<del>i</del>er", "one *bier*"),
        ("coat which<del> which</del> still", "coat which *which* still"),
        ("<ins>all</ins>", "*all*"),
        ("a<del>b</del>c<del>d</del>e x", "*abcde* x"),
        ("end<ins>,</ins> he", "end*,* he"),
        ("a<del> </del>b", "a b"),
    ],
)
def test_marks_stand_round_whole_words(html: str, text: str) -> None:
    assert text_of(f"<p>{html}</p>") == f"{text}\n"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_no_word_is_lost(words: str) -> None:
    text = text_of(f"<p>{escape(words)}</p><p>end</p>")
    assert "".join(text.split()) == "".join(words.split()) + "end"
