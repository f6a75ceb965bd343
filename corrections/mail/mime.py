"""The parts of a mail, found in its bytes without copying them; whatever is broken is read as far as it can be."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from corrections.domain import limits
from corrections.mail import charsets, fields

_FIELDS: Final = 2_000  # of one part; what comes after is passed over
_DEEPEST: Final = 20
_TEXT: Final = 2_000_000  # bytes of one part that are read as text
_FIELD: Final = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)(?:\n|\Z)")
_EMPTY: Final = re.compile(rb"[ \t\r]*(?:\n|\Z)")
_REST: Final = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")
_HEADER_END: Final = re.compile(rb"\n\r?\n")
_LF: Final = 10
_LINE: Final = re.compile(rb"[^\n]*(?:\n|\Z)")
_BOX_LINE: Final = re.compile(rb">?From [^\n]*\n")
# A line that looks like nothing ends the header, unless one of these comes right after it.
_KNOWN: Final = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z]+|received|reply-to|x-[a-z-]+|in-reply-to"
    rb"|references|return-path|sender|delivered-to)[ \t]*:",
    re.IGNORECASE,
)
_FIRST_MARK: Final = re.compile(
    rb"^--([^\s-][^\r\n]{0,200}|-[^\r\n]{1,200})\r?\n(?=content-)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: its name in small letters, its value as it came."""

    name: str
    value: bytes


@dataclass(eq=False)
class Node:
    """One part: its header, and where its content lies in the bytes of the mail. Nested parts are its children."""

    raw: bytes = field(repr=False)
    fields: tuple[Field, ...]
    start: int
    end: int
    default_type: str = "text/plain"
    children: tuple["Node", ...] = ()

    def header(self, name: str) -> bytes:
        """The first field of this name, empty when there is none."""
        return next((one.value for one in self.fields if one.name == name), b"")

    @cached_property
    def _content_type(self) -> tuple[str, dict[str, str]]:
        value, given = fields.parameters(fields.as_text(self.header("content-type")))
        kind = value.split()[0] if value else ""
        if kind in {"text", "text/"} or kind.count("/") != 1:
            kind = "text/html" if kind in {"html", "html/text"} else self.default_type
        return kind, given

    @property
    def media_type(self) -> str:
        """The media type in small letters, without parameters."""
        return self._content_type[0]

    def parameter(self, name: str) -> str:
        """A parameter of the media type."""
        return self._content_type[1].get(name, "")

    @cached_property
    def _disposition(self) -> tuple[str, dict[str, str]]:
        return fields.parameters(fields.as_text(self.header("content-disposition")))

    @property
    def is_attachment(self) -> bool:
        """Whether the sender attached it, rather than show it in the text."""
        return self._disposition[0].startswith("attachment")

    @property
    def file_name(self) -> str:
        """The name the sender gave, as it came; never to be used as a path."""
        return self._disposition[1].get("filename", "") or self.parameter("name")

    @cached_property
    def encoding(self) -> str:
        """The transfer encoding: base64, quoted-printable, x-uuencode, or empty for everything that means none."""
        word = (
            fields.as_text(self.header("content-transfer-encoding")).lower().strip(" ;\"'").split(";")[0].split(" ")[0]
        )
        for known in ("base64", "quoted-printable", "uue"):
            if known in word:
                return {"uue": "x-uuencode"}.get(known, known)
        return ""

    @property
    def size(self) -> int:
        """How many bytes its content has when decoded; told without decoding where that is possible."""
        if self.encoding != "base64":
            return self.end - self.start if not self.encoding else len(self.content())
        blanks = sum(self.raw.count(mark, self.start, self.end) for mark in (b"\n", b"\r", b" ", b"="))
        return max(0, self.end - self.start - blanks) * 3 // 4

    def content(self, most: int | None = None) -> bytes:
        """The decoded content, or its beginning."""
        end = self.end if most is None else min(self.end, self.start + most)
        data = self.raw[self.start : end]
        if self.encoding == "base64":
            return data if _is_no_base64(data) else fields.base64(data)
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(data)
        return _uudecoded(data) if self.encoding == "x-uuencode" else data

    def text(self) -> str:
        """The content as text."""
        data = self.content(_TEXT)
        return charsets.decode(data, self.parameter("charset"))

    def walk(self, *, into_mail: bool = False) -> Iterator["Node"]:
        """This part and all within it, in reading order; into mails that are attached only if asked."""
        yield self
        if into_mail or not self.media_type.startswith("message/"):
            for child in self.children:
                yield from child.walk(into_mail=into_mail)


def read(raw: bytes) -> Node:
    """The tree of a mail's parts. Reads any bytes; at most ``limits.MAIL_PARTS`` parts."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    start = _BOX_LINE.match(raw)
    return _Reader(raw).node(start.end() if start else 0, len(raw), "text/plain", 0)


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._left = limits.MAIL_PARTS

    def node(self, start: int, end: int, default_type: str, depth: int) -> Node:
        found, body = header_of(self._raw, start, end, is_whole=depth == 0)
        node = Node(self._raw, found, body, end, default_type)
        self._left -= 1
        if depth < _DEEPEST:
            if node.media_type.startswith("multipart/"):
                node.children = self._parts(node, depth)
            elif node.media_type in {"message/rfc822", "message/global"} and node.encoding == "":
                node.children = (self.node(body, end, "text/plain", depth + 1),)
        return node

    def _parts(self, node: Node, depth: int) -> tuple[Node, ...]:
        boundary = fields.as_text(node.parameter("boundary").encode("utf-8", "replace"))[:1000].encode(
            "latin-1", "replace"
        )
        regions = list(self._regions(node, boundary)) if boundary else []
        if not regions and (guess := _FIRST_MARK.search(self._raw, node.start, node.end)) is not None:
            regions = list(self._regions(node, guess[1].rstrip()))
        default = "message/rfc822" if node.media_type == "multipart/digest" else "text/plain"
        children = []
        for start, end in regions:
            if self._left <= 0:
                break
            children.append(self.node(start, end, default, depth + 1))
        return tuple(children)

    def _regions(self, node: Node, boundary: bytes) -> Iterator[tuple[int, int]]:
        """From the end of each mark to the line end before the next; the last may lack its mark."""
        start = None
        for before, after, is_last in self._marks(b"--" + boundary, node.start, node.end):
            if start is not None:
                yield start, max(start, before)
            start = None if is_last else after
        if start is not None and start < node.end:
            yield start, node.end

    def _marks(self, mark: bytes, position: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Where the content before a mark ends, where the line after it begins, and whether it is the last mark."""
        while (at := self._raw.find(mark, position, end)) >= 0:
            position = at + len(mark)
            if at and self._raw[at - 1] != _LF:
                continue
            rest = _REST.match(self._raw, position, end)
            if rest is not None:
                before = max(0, at - (2 if self._raw[at - 2 : at] == b"\r\n" else 1))
                position = rest.end()
                yield before, position, bool(rest[1])


def header_of(raw: bytes, start: int, end: int, *, is_whole: bool) -> tuple[tuple[Field, ...], int]:
    """The header fields that begin here, and where the body begins: at the latest where they stop making sense."""
    found: list[Field] = []
    position = start
    while position < end:
        empty = _EMPTY.match(raw, position, end)
        if empty is not None:
            position = empty.end()
            if found or not (is_whole and _starts_header(raw, position, end)):
                return tuple(found), position
            continue
        one = _FIELD.match(raw, position, end)
        if one is not None:
            found.append(Field(one[1].decode("ascii").lower(), one[2]))
            position = one.end()
            if len(found) == _FIELDS:
                rest = _HEADER_END.search(raw, position, end)
                return tuple(found), rest.end() if rest else end
            continue
        line = _LINE.match(raw, position, end)
        after = line.end() if line is not None else end
        if not _KNOWN.match(raw, after, end):
            return tuple(found), position if found else start
        if found:  # a field that went on without a blank before its second line
            found[-1] = Field(found[-1].name, found[-1].value + b"\n " + raw[position:after])
        position = after
    return tuple(found), end


def _starts_header(raw: bytes, position: int, end: int) -> bool:
    """Whether empty lines came before the header: then a field that every mail knows follows."""
    return bool(_KNOWN.match(raw, position, end) or _EMPTY.match(raw, position, min(end, position + 4)))


def _is_no_base64(data: bytes) -> bool:
    """Whether the label is wrong: words with blanks between them are no base64."""
    sample = data[:400].strip()
    return sample.count(b" ") > max(3, len(sample) // 12)


def _uudecoded(data: bytes) -> bytes:
    lines = data.split(b"\n")
    begin = next((number for number, line in enumerate(lines) if line.startswith(b"begin ")), -1)
    found = []
    for line in lines[begin + 1 :]:
        if line.startswith((b"end", b"`")):
            break
        try:
            found.append(binascii.a2b_uu(line.rstrip(b"\r")))
        except binascii.Error:
            continue
    return b"".join(found)
