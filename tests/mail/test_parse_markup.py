"""The text of mail in HTML."""

import pytest

from corrections.mail.parse import parse


def _said(html: str, declared: str = "; charset=utf-8") -> str:
    head = f"From: ann@reader.example\nSubject: Typo\nContent-Type: text/html{declared}\n\n"
    return parse((head + html).encode()).said


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br>Two.<br><br>Three.", "One.\nTwo.\n\nThree."),
        ("<div>One.</div><div><br></div><div>Two.</div>", "One.\n\nTwo."),
        ("<p>One\n   word.</p>", "One word."),
        ("<p>a&nbsp;b &amp; c</p>", "a b & c"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<b>gover</b>ment", "goverment"),
        ("<style>p{}</style><script>x()</script><title>t</title><p>One.</p>", "One."),
        ('<p>One.</p><div style="display:none">hidden</div><p hidden>too</p>', "One."),
        ('<span style="font-size:0">preview</span>One.', "One."),
        ("<!-- no --><p>One.<p>Two", "One.\n\nTwo"),
        ("no markup at all", "no markup at all"),
    ],
)
def test_markup_becomes_text(html: str, text: str) -> None:
    assert _said(html) == text


def test_the_address_of_a_link_stands_after_its_paragraph() -> None:
    html = '<p>In <a href="https://paper.example/a">this article</a> it is wrong.</p><p>See <a href="https://x.example/">https://x.example</a></p>'
    assert _said(html) == "In this article it is wrong.\n<https://paper.example/a>\n\nSee https://x.example"


def test_the_page_may_tell_its_charset_itself() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body>Größe</body></html>'.encode("iso-8859-1")
    assert parse(b"Subject: x\nContent-Type: text/html\n\n" + page).said == "Größe"


def test_markup_nested_without_end_is_read() -> None:
    assert "One." in _said("<div>" * 5_000 + "One." + "</div>" * 10)
