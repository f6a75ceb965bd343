"""The text of a mail in HTML: paragraphs, lists and links as text, quotations marked, nothing that is not seen."""

import re
from typing import Final

from lxml import etree

from corrections.mail.lines import Line, Mark

_LONGEST: Final = 1_000_000  # characters; what comes after is not read
_BLANKS: Final = re.compile("[ \t\n\r\f]+")
_DROPPED: Final = frozenset(
    {"head", "script", "style", "title", "template", "noscript", "object", "select", "svg", "math"}
)
_PARAGRAPHS: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "table", "blockquote"}
)
_BLOCKS: Final = _PARAGRAPHS | {
    "div", "li", "tr", "hr", "center", "section", "article", "header", "footer", "main", "address", "dt", "dd", "body",
    "form", "fieldset", "figure", "figcaption", "tbody", "caption",
}  # fmt: skip
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_BAR: Final = re.compile(r"border-left\s*:\s*[^;]*\bsolid|border-left-style\s*:\s*solid", re.IGNORECASE)
# How mail programs name what they put round the mail that is answered. Webmail puts x_ before the names of others.
_ANSWERED: Final = re.compile(
    r"(?:^|\s)(?:x_)*(?:yahoo_quoted|yqt\w*|protonmail_quote|tutanota_quote|zmail_extra|mailru-blockquote|moz-forward-container"
    r"|moz-cite-prefix|gmail_attr|ymail_quoted|isreplycontent|olk_src_body_section|outlookmessageheader|replied-?to"
    r"|mail-editor-reference-message-container|ms-outlook-mobile-reference-message|spark_quote|history_container"
    r"|reply-intro|appledoublequote|mail_quote|mimestream_quote|hey_quoted|front-blockquote|skiff_quote)(?:\s|$)",
    re.IGNORECASE,
)
# From here on everything is the mail that is answered.
_REST: Final = re.compile(
    r"^(?:x_)*(?:divrplyfwdmsg|stopspelling|appendonsend|mailsplit|replysplit|isforwardcontent)$", re.IGNORECASE
)
_SIGNATURE: Final = re.compile(
    r"(?:^|\s)(?:x_)*(?:gmail_signature|moz-signature|protonmail_signature_block|tutanota_signature|ms-outlook-mobile-signature"
    r"|ymail_android_signature|mobile_signature|zmail_signature|pre-signature)(?:\s|$)",
    re.IGNORECASE,
)
_GMAIL: Final = re.compile(r"(?:^|\s)(?:x_)*gmail_(?:quote|extra)(?:_container)?(?:\s|$)", re.IGNORECASE)
_WEB: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"<(style|script|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


def lines(html: str) -> list[Line]:
    """The lines of a page. A link's address stands on a line after its paragraph, unless its words show it."""
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        root = etree.fromstring(html[:_LONGEST].encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    found = [] if root is None else _Reading().read(root)
    if not found and "depth" in str(parser.error_log):  # libxml2 gives up where elements stand too deep in each other
        return [Line(line.strip()) for line in _TAG.sub("", _UNSEEN.sub("", html[:_LONGEST])).split("\n")]
    return found


class _Reading:
    """Walks the tree once; nothing here calls itself, so that no depth of it can hurt."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._words: list[str] = []
        self._links: list[str] = []
        self._marks: list[tuple[int, Mark]] = [(0, Mark.OWN)]
        self._within: list[str] = []  # what was opened and changes how the rest is read
        self._gap = False
        self._skipping: etree._Element | None = None

    def read(self, root: etree._Element) -> list[Line]:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._start(element)
            else:
                self._end(element)
        self._end_line()
        return self._lines

    def _start(self, element: etree._Element) -> None:
        if self._skipping is not None:
            return
        tag = _tag(element)
        if tag in _DROPPED or _is_hidden(element):
            self._skipping = element
            return
        if tag in _BLOCKS:
            self._end_block(tag)
        self._marks.append(self._mark_of(tag, element))
        if tag == "br":
            self._end_line(always=True)
        elif tag == "hr":
            self._rule(element)
        elif tag == "li":
            self._words.append("- ")
        elif tag == "pre":
            self._within.append("pre")
        self._say(element.text)

    def _end(self, element: etree._Element) -> None:
        if self._skipping is not None:
            if self._skipping is element:
                self._skipping = None
                self._say(element.tail)
            return
        tag = _tag(element)
        if tag == "a":
            self._link(element)
        elif tag in {"td", "th"}:
            self._words.append(" ")
        if tag in _BLOCKS:
            self._end_block(tag)
        if tag == "pre":
            self._within.pop()
        self._marks.pop()
        if _REST.match(element.get("id") or ""):
            self._marks = [(max(depth, 1), Mark.ANSWERED) for depth, _ in self._marks]
        self._say(element.tail)

    def _mark_of(self, tag: str, element: etree._Element) -> tuple[int, Mark]:
        depth, mark = self._marks[-1]
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if mark is Mark.ANSWERED:
            return (depth + 1 if tag == "blockquote" else depth), mark
        if _REST.match(element.get("id") or "") or _ANSWERED.search(names):
            return max(depth, 1), Mark.ANSWERED
        if _GMAIL.search(names):
            return _mark_of_gmail(tag, element, depth, mark)
        if tag == "blockquote" or (tag == "div" and _BAR.search(element.get("style") or "")):
            return depth + 1, Mark.QUOTE
        return (depth, Mark.SIGNATURE) if _SIGNATURE.search(names) else (depth, mark)

    def _rule(self, element: etree._Element) -> None:
        self._say("________________")
        self._end_line()
        if _REST.match(element.get("id") or ""):
            self._marks = [(max(depth, 1), Mark.ANSWERED) for depth, _ in self._marks]

    def _link(self, element: etree._Element) -> None:
        address = (element.get("href") or "").strip()
        if _WEB.fullmatch(address) and address not in "".join(self._words) and address not in self._links:
            shown = "".join(element.itertext()).strip().rstrip("/").lower()
            if shown and not address.rstrip("/").lower().endswith(shown):
                self._links.append(address)

    def _say(self, text: str | None) -> None:
        if not text or self._skipping is not None:
            return
        if "pre" in self._within:
            first, *rest = text.split("\n")
            self._words.append(first)
            for line in rest:
                self._end_line(always=True)
                self._words.append(line)
        else:
            self._words.append(_BLANKS.sub(" ", text))

    def _end_block(self, tag: str) -> None:
        self._end_line()
        if tag in _PARAGRAPHS and not (tag in {"ul", "ol"} and self._lines and self._lines[-1].text.startswith("- ")):
            self._gap = True
        depth, mark = self._marks[-1]
        self._lines += [Line(f"<{address}>", depth, mark) for address in self._links]
        self._links.clear()

    def _end_line(self, *, always: bool = False) -> None:
        text = "".join(self._words)
        self._words.clear()
        if "pre" not in self._within:
            text = re.sub(" {2,}", " ", text).strip(" ")
        if not text and not always:
            return
        depth, mark = self._marks[-1]
        if self._gap and self._lines and self._lines[-1].text.strip():
            self._lines.append(Line("", min(depth, self._lines[-1].depth), mark))
        self._gap = False
        self._lines.append(Line(text.replace("\xa0", " ").rstrip(), depth, mark))


def _tag(element: etree._Element) -> str:
    return element.tag if isinstance(element.tag, str) else ""


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _mark_of_gmail(tag: str, element: etree._Element, depth: int, mark: Mark) -> tuple[int, Mark]:
    """Gmail's frame holds the line that introduces the quotation, the quotation, and answers between its lines."""
    has_quotation = tag != "blockquote" and element.find(".//blockquote") is not None
    return (depth, mark) if has_quotation else (max(depth, 1), Mark.ANSWERED)
