"""A mail's bytes to what a person said: text, own words, what was quoted, and what is attached."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from corrections.domain import limits
from corrections.mail import charsets, fields, lines, markup, mime, phrases, replies
from corrections.mail.lines import Line
from corrections.mail.mime import Node

_TEXTS: Final = frozenset({"text/plain", "text/html"})
_TO: Final = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_TEXT: Final = 1_000_000  # characters of a mail's text
_LINES: Final = 20_000
_SUFFIX: Final = 20
_NO_NAME: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_STUB: Final = re.compile(
    r"\bhtml\b|(?:if|when) you (?:are|can) (?:seeing|reading|see|read) this"
    r"|(?:mail|e-?mail) (?:client|program|reader|system|software|programm|clients?)\b"
    r"|view (?:it|this) (?:online|in)",
    re.IGNORECASE,
)
_STUB_LENGTH: Final = 600
_CHARSET: Final = re.compile(rb"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_META: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_SIGNED: Final = re.compile(
    r"\A\s*-----BEGIN PGP SIGNED MESSAGE-----\n(?:\w+:.*\n)*\n(.*?)\n"
    r"-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something attached. ``number`` counts all parts in reading order; ``name`` is safe to show and to save."""

    number: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One mail, read. ``text`` is the whole body; ``said`` the sender's own words in it; ``quoted`` what they answer
    or pass on.

    ``signature`` is what was cut off as signature or footer. Identifiers keep their angle brackets; ``date`` is in UTC.
    """

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    from_name: str
    from_address: str
    reply_to: str
    recipients: tuple[str, ...]
    subject: str
    date: datetime | None
    text: str
    said: str
    quoted: str
    signature: str
    attachments: tuple[Part, ...]
    defects: tuple[str, ...]
    root: Node = field(repr=False, compare=False)

    def header(self, name: str) -> str:
        """The first field of this name, decoded, in one line; empty when there is none."""
        return next(iter(self.headers(name)), "")

    def headers(self, name: str) -> list[str]:
        """All fields of this name, decoded, each in one line."""
        return _headers(self.root, name)

    @property
    def is_answer(self) -> bool:
        """Whether it answers another mail; people also begin a new mail with "Re:"."""
        return bool(self.in_reply_to or self.references or (self.quoted and phrases.answers(self.subject)))


def parse(raw: bytes) -> Parsed:
    """Read a mail; any bytes give a result, and what was wrong with them is in ``defects``."""
    root = mime.read(raw)
    found = _Found(root)
    subject = _first(root, "subject")[: limits.MAIL_SUBJECT]
    in_reply_to = next(iter(_identifiers(root, "in-reply-to")), "")
    references = _identifiers(root, "references")
    body = found.lines()
    words = replies.split(body, in_thread=bool(in_reply_to or references), answers=phrases.answers(subject))
    sender = _addresses(root, "from") or _addresses(root, "sender")
    return Parsed(
        message_id=next(iter(_identifiers(root, "message-id")), "")[: limits.MESSAGE_ID],
        in_reply_to=in_reply_to[: limits.MESSAGE_ID],
        references=references,
        from_name=next((one.name for one in sender if one.name), "")[: limits.NAME],
        from_address=next((one.address for one in sender if one.address), "")[: limits.MAIL_ADDRESS],
        reply_to=next((one.address for one in _addresses(root, "reply-to") if one.address), "")[: limits.MAIL_ADDRESS],
        recipients=_recipients(root),
        subject=subject,
        date=fields.moment(_first(root, "date")),
        text="\n".join(map(str, body)).strip("\n")[:_TEXT],
        said=words.said[:_TEXT],
        quoted="\n\n".join(filter(None, (words.quoted, found.forwarded())))[:_TEXT],
        signature=words.signature,
        attachments=found.attachments(),
        defects=found.defects(),
        root=root,
    )


def attachment(raw: bytes, number: int) -> bytes:
    """The decoded content of the part of this number; IndexError when the mail has no such part."""
    if number < 0:
        raise IndexError(number)
    return list(mime.read(raw).walk())[number].content()


class _Found:
    """The parts of a mail, sorted into the text it shows, what is attached, and mails that it passes on."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._nodes = list(root.walk())
        self._texts: list[Node] = []
        self._passed: list[Node] = []
        self._beside: set[int] = set()  # the same words once more, as HTML or otherwise
        self._sort(root)
        if not self._texts and not root.children and root.media_type in _TEXTS:
            self._texts.append(root)

    def _sort(self, root: Node) -> None:
        pending = [root]
        while pending:
            node = pending.pop()
            if node.media_type == "multipart/alternative" and node.children:
                pending += self._chosen(node)
            elif node.media_type.startswith("message/"):
                self._passed.append(node)
            elif node.children:
                pending += reversed(node.children)
            elif self._is_text(node):
                self._texts.append(node)

    def _chosen(self, node: Node) -> list[Node]:
        """Of the same text in several forms the plain one, unless it is empty or only says that there is another."""
        leaves = [leaf for leaf in node.walk() if not leaf.children]
        plain = [leaf for leaf in leaves if leaf.media_type == "text/plain" and not leaf.is_attachment]
        html = [leaf for leaf in leaves if leaf.media_type == "text/html" and not leaf.is_attachment]
        chosen = plain if not html or any(map(_says_something, plain)) else html
        self._beside |= {
            id(leaf)
            for leaf in leaves
            if leaf.media_type in {*_TEXTS, "text/enriched", "text/x-amp-html", "text/watch-html"}
        }
        return chosen[:1] if chosen is html else list(reversed(chosen))

    def _is_text(self, node: Node) -> bool:
        if node.media_type.startswith("multipart/"):
            return not node.children  # its parts cannot be told apart: read it as it stands
        if node.media_type not in _TEXTS or node.is_attachment or node.children:
            return False
        return not node.file_name or not self._texts

    def lines(self) -> list[Line]:
        """All text, in reading order."""
        found: list[Line] = []
        for node in self._texts:
            one = _lines_of(node, _hint(self._root))
            if found and any(line.text.strip() for line in one):
                found.append(Line(""))
            found += one
        return found[:_LINES]

    def forwarded(self) -> str:
        """Subject and text of the mails that are attached."""
        return "\n\n".join(_passed_on(node.children[0]) for node in self._passed if node.children)

    def attachments(self) -> tuple[Part, ...]:
        """What is neither text nor a mere frame of other parts."""
        shown = {id(node) for node in self._texts} | self._beside
        return tuple(
            Part(number, _safe_name(node), node.media_type[: limits.NAME], node.size)
            for number, node in enumerate(self._nodes)
            if id(node) not in shown and not node.media_type.startswith("multipart/")
            if number or node.size
        )

    def defects(self) -> tuple[str, ...]:
        """What was wrong with the form of the mail."""
        return tuple(_defects(self._root, len(self._nodes)))


def _defects(root: Node, parts: int) -> Iterator[str]:
    if not root.fields:
        yield "no header"
    if parts >= limits.MAIL_PARTS:
        yield "too many parts"
    if root.media_type.startswith("multipart/") and not root.children:
        yield "no parts"


def _lines_of(node: Node, charset: str) -> list[Line]:
    data = node.content(_TEXT)
    declared = node.parameter("charset") or charset
    if node.media_type == "text/html" or (node.media_type not in _TEXTS and b"<html" in data[:4000].lower()):
        inside = _META.search(data[:4000])
        return markup.lines(
            charsets.decode(data, node.parameter("charset") or (inside[1].decode("ascii") if inside else charset))
        )
    text = charsets.decode(data, declared)
    if "-----BEGIN PGP SIGNED" in text[:2000]:
        text = re.sub(r"(?m)^- ", "", _SIGNED.sub(r"\1\n", text))
    if node.parameter("format").lower() == "flowed":
        return lines.of_flowed(text, node.parameter("delsp").lower() == "yes")
    return lines.of_plain(text)


def _passed_on(inner: Node) -> str:
    found = _Found(inner)
    return "\n".join([_first(inner, "subject"), "", *(line.text for line in found.lines())]).strip()


def _says_something(node: Node) -> bool:
    text = charsets.decode(node.content(4000), node.parameter("charset")).strip()
    return bool(text) and not (len(text) < _STUB_LENGTH and _STUB.search(text))


def _hint(root: Node) -> str:
    """The charset that the mail names first: words of its header without one are likely in it, too."""
    found = _CHARSET.search(root.header("content-type"))
    return found[1].decode("ascii") if found else ""


def _headers(root: Node, name: str) -> list[str]:
    wanted, hint = name.lower(), _hint(root)
    return [fields.decoded(fields.as_text(one.value, hint)) for one in root.fields if one.name == wanted]


def _first(root: Node, name: str) -> str:
    return next(iter(_headers(root, name)), "")


def _addresses(root: Node, *names: str) -> list[fields.Address]:
    hint = _hint(root)
    return [
        address
        for name in names
        for one in root.fields
        if one.name == name
        for address in fields.addresses(fields.as_text(one.value, hint))
    ]


def _recipients(root: Node) -> tuple[str, ...]:
    found = (one.address[: limits.MAIL_ADDRESS] for one in _addresses(root, *_TO) if one.address)
    return tuple(dict.fromkeys(found))


def _identifiers(root: Node, name: str) -> tuple[str, ...]:
    return fields.identifiers(" ".join(fields.as_text(one.value) for one in root.fields if one.name == name))


def _safe_name(node: Node) -> str:
    """A file name without a path, without what a shell, a page or a file system might misread."""
    given = node.file_name
    if not given and node.media_type == "message/rfc822" and node.children:
        given = f"{_first(node.children[0], 'subject') or 'mail'}.eml"
    bare = _NO_NAME.sub("_", given.replace("\\", "/").rpartition("/")[2])
    bare = " ".join(charsets.clean(bare).split()).strip(". ")
    if len(bare) > limits.FILE_NAME:
        stem, dot, suffix = bare.rpartition(".")
        bare = (
            f"{stem[: limits.FILE_NAME - len(suffix) - 1]}{dot}{suffix}"
            if dot and len(suffix) < _SUFFIX
            else bare[: limits.FILE_NAME]
        )
    return bare
