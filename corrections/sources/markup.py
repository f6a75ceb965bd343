"""HTML as a tree, and a tree as paragraphs."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

from corrections.domain.text import clean, one_line

_BLOCKS: Final = frozenset(
    """address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table tbody td
    tfoot th thead tr ul""".split()  # noqa: SIM905 - as a list it would fill fifty lines
)
_UNREAD: Final = frozenset(
    """audio button canvas head iframe math noscript object script select style svg template textarea video""".split()  # noqa: SIM905 - the same
)
_LINE_BREAKS: Final = frozenset({"br", "lb"})
_SPACE: Final = re.compile(r"[ \t\n\r\f\v]+")
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE: Final = re.compile(
    r"</?(?:a|abbr|b|br|cite|em|i|mark|q|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_LAYOUT: Final = re.compile("[\u00ad\u200b\ufeff]")  # where a browser may break a word or line; nobody quotes them
_NULL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def tree_of(html: str) -> Any | None:
    """The root of the page as lxml parses it, None when there is nothing in it."""
    from lxml import (
        etree,
    )  # here, since it takes a tenth of a second that most commands can do without
    from lxml import (
        html as lxml_html,
    )

    cleaned = _NULL.sub("", html)
    if not cleaned.strip():
        return None
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(cleaned.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return root


def text_of(element: Any) -> str:
    """The words of one element on one line."""
    said = ""
    for piece in _pieces(element):
        glued = piece is not None and said[-1:].islower() and piece[:1].isupper()  # parts set apart by their look alone
        said += " " if piece is None else f" {piece}" if glued else piece
    return one_line(_LAYOUT.sub("", said))


def paragraphs(html: str) -> str:
    """The text of a piece of HTML, as paragraphs_of() gives it."""
    root = tree_of(html)
    return "" if root is None else paragraphs_of(root)


def paragraphs_of(root: Any, blocks: frozenset[str] = _BLOCKS, unread: frozenset[str] = _UNREAD) -> str:
    """The text under ``root``: blocks divided by an empty line, a line break as a line end, nothing else kept."""
    found: list[str] = []
    here: list[str] = []
    for piece in (*_pieces(root, blocks, unread), None):
        if piece is not None:
            here.append(piece)
        elif here:
            found.append(_block("".join(here)))
            here.clear()
    return "\n\n".join(block for block in found if block)


def _block(text: str) -> str:
    lines = (_SPACE.sub(" ", one).strip() for one in text.split("\v"))
    return re.sub(r"\n{2,}", "\n\n", clean(_LAYOUT.sub("", "\n".join(lines))))


def _pieces(root: Any, blocks: frozenset[str] = _BLOCKS, unread: frozenset[str] = _UNREAD) -> Iterator[str | None]:
    """The text under ``root`` in its order: None between blocks, a vertical tab for ``<br>``; without recursion."""
    from lxml import etree  # here, as in tree_of()

    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in unread:
            skipped += 1 if event == "start" else -1
        elif not skipped and tag in blocks:
            yield None
        elif not skipped and tag in _LINE_BREAKS and event == "start":
            yield "\v"
        text = element.text if event == "start" else element.tail
        if text and not skipped and (event == "start" or element is not root):
            yield text


def spoken(text: str) -> str:
    """A value of metadata as a reader sees it: without the character references and tags that some sites leave in."""
    if "&" in text and _REFERENCE.search(text):
        text = unescape(text)
    return one_line(_LAYOUT.sub("", _INLINE.sub("", text) if "<" in text else text))
