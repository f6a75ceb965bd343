"""The plain text of a mail, made from its HTML, so that one template says both."""

import re
import textwrap
from html.parser import HTMLParser
from typing import Final

WIDTH: Final = 72
QUOTED: Final = "> "
SIGNATURE: Final = "-- "  # RFC 3676, section 4.3
_BLANKS: Final = re.compile("[ \t\n\r\f]+")  # what HTML takes for one blank
# Where a mark begins and ends while a paragraph is put together: characters that no cleaned text holds.
_BEGIN: Final = "\x02"
_END: Final = "\x03"
_BLOCKS: Final = frozenset({"p", "li", "blockquote", "footer"})
_JOINTS: Final = {QUOTED: f"\n{QUOTED.strip()}\n", "- ": "\n", SIGNATURE: "\n"}


class Reading(HTMLParser):
    """Reads one mail; afterwards ``title`` and ``text`` hold it. Knows the elements that our templates use.

    A link becomes its words and, on a line of its own, its address; what was deleted or inserted stands *so*.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = self.text = ""
        self._within: list[str] = []
        self._open: list[str] = []
        self._last = ""
        self._href = ""
        self._label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, a quotation, a mark or a link."""
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in {"del", "ins"}:
            self._open.append(_BEGIN)
        elif tag == "br":
            self._open.append("\n")
        elif tag == "a":
            self._href, self._label = dict(attrs).get("href") or "", len(self._open)
        elif tag == "footer":
            self._add(SIGNATURE, SIGNATURE)
        elif tag in {"head", "title", "blockquote", "li"}:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in {"del", "ins"}:
            self._open.append(_END)
        elif tag == "a":
            self._open.append(f":\n{self._href}")
        elif tag in self._within:
            self._within.remove(tag)

    def handle_data(self, data: str) -> None:
        """Words."""
        if "title" in self._within:
            self.title += data
        elif "head" not in self._within:
            self._open.append(_BLANKS.sub(" ", data))

    def _end_paragraph(self) -> None:
        lines = [line.strip(" ") for line in _marked("".join(self._open)).split("\n")]
        self._open.clear()
        if not any(lines):
            return
        if "blockquote" in self._within:
            self._add(QUOTED, "\n".join(_wrapped(line, QUOTED, QUOTED) for line in lines))
        elif "li" in self._within:
            rest = [_wrapped(line, "  ", "  ") for line in lines[1:]]
            self._add("- ", "\n".join([_wrapped(lines[0], "- ", "  "), *rest]))
        else:
            self._add("", "\n".join(_wrapped(line, "", "") for line in lines))

    def _add(self, kind: str, paragraph: str) -> None:
        """Paragraphs have an empty line between them; those of one quotation or list stay together."""
        together = self._last == SIGNATURE or (self._last == kind and kind)
        joint = (_JOINTS[self._last] if together else "\n\n") if self.text else ""
        self.text += f"{joint}{paragraph}"
        self._last = kind


def _marked(text: str) -> str:
    """Marks as asterisks round whole words: letters marked within a word are hard to read without colour."""
    text = re.sub(f"{_END}(\\w*){_BEGIN}", r"\1", text)
    text = re.sub(f"{_BEGIN}(\\s+)", rf"\1{_BEGIN}", text)
    text = re.sub(f"(\\s+){_END}", rf"{_END}\1", text)
    text = re.sub(f"(\\w+){_BEGIN}(?=\\w)", rf"{_BEGIN}\1", text)
    text = re.sub(f"(?<=\\w){_END}(\\w+)", rf"\1{_END}", text)
    return text.replace(f"{_BEGIN}{_END}", "").replace(_BEGIN, "*").replace(_END, "*")


def _wrapped(line: str, first: str, later: str) -> str:
    wrapped = textwrap.wrap(
        line, WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(wrapped) or first.strip()


def read(html: str) -> tuple[str, str]:
    """The title and the text of a mail in HTML."""
    reading = Reading()
    reading.feed(html)
    reading.close()
    return " ".join(reading.title.split()), f"{reading.text}\n"
