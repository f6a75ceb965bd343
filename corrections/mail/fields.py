"""The header fields of a mail: as bytes in, as text, addresses, parameters, identifiers and dates out."""

import binascii
import re
import string
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

from corrections.mail import charsets

_LONG: Final = 20_000  # characters of one field; nobody writes more, and hostile mail does
_MANY: Final = 200  # addresses or identifiers read from one field
# RFC 2047, section 2; looser, since mailers put blanks into the text and forget the end.
_WORD: Final = re.compile(r"=\?([^?\s=]{1,60})\?([bBqQ])\?(.*?)(?:\?=|$)", re.DOTALL)
_BETWEEN: Final = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_NO_BASE64: Final = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))
_BLANKS: Final = re.compile(r"\s+")
_PARAMETER: Final = re.compile(r";\s*([^\s=;\"]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.DOTALL)
_SECTION: Final = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?$")
_IDENTIFIER: Final = re.compile(r"<[^<>\s]+>")
_TOKEN: Final = re.compile(
    r"\"(?P<quoted>(?:[^\"\\]|\\.)*)\"?|\((?P<comment>(?:[^()\\]|\\.|\([^()]*\))*)\)?|<(?P<angle>[^<>]*)>|<(?P<open>[^<>,;]*)|(?P<end>[,;])"
    r"|(?P<words>[^\"(<,;]+)",
    re.DOTALL,
)
_ADDRESS: Final = re.compile(r"[^\s@:<>\"]+@[^\s@<>\",;]+")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)


class Address(NamedTuple):
    """A name, decoded, and an address; either may be empty."""

    name: str
    address: str


def base64(data: bytes) -> bytes:
    """The bytes of base64 text, whatever stands between its letters and whether or not its end is there."""
    letters = data.translate(None, _NO_BASE64)
    rest = len(letters) % 4
    if rest == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def as_text(value: bytes, charset: str = "") -> str:
    """A field's bytes as one line of text, its encoded words still encoded."""
    return " ".join(charsets.decode(value[:_LONG], charset).split())


def decoded(value: str) -> str:
    """A field's text with its encoded words read (RFC 2047), in one line."""
    if "=?" not in value:
        return " ".join(value.split())
    pieces: list[str] = []
    kept, kept_charset, last = b"", "", 0
    value = _BETWEEN.sub(r"\1", value)
    for word in _WORD.finditer(value):
        charset = word[1].partition("*")[0]
        between = value[last : word.start()]
        if between or charset.lower() != kept_charset.lower():
            pieces += (charsets.decode(kept, kept_charset), between)
            kept = b""
        kept, kept_charset, last = kept + _bytes_of(word[2], word[3]), charset, word.end()
    pieces += (charsets.decode(kept, kept_charset), value[last:])
    return " ".join("".join(pieces).split())


def _bytes_of(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return base64(data) if encoding in "bB" else binascii.a2b_qp(data, header=True)


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """A structured field's first word, in small letters, and its parameters, put together and decoded (RFC 2231)."""
    first, semicolon, rest = value.partition(";")
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, given in _PARAMETER.findall(semicolon + rest):
        part = _SECTION.match(name.lower())
        if part is not None:
            text = _ESCAPE.sub(r"\1", given[1:].removesuffix('"')) if given.startswith('"') else given.strip()
            sections.setdefault(part[1], []).append((int(part[2] or 0), bool(part[3]), text))
    return first.strip().lower(), {name: _together(found) for name, found in sections.items()}


def _together(found: list[tuple[int, bool, str]]) -> str:
    plain = [text for number, is_encoded, text in found if not number and not is_encoded]
    encoded = sorted(found, key=lambda section: section[0])
    if not any(is_encoded for _, is_encoded, _ in found):
        return decoded(
            "".join(text for _, _, text in encoded) if len({number for number, _, _ in found}) > 1 else plain[0]
        )
    charset, data = "", b""
    for number, is_encoded, text in encoded:
        value = text
        if is_encoded and number == 0 and text.count("'") > 1:
            charset, _, value = text.split("'", 2)
        data += unquote_to_bytes(value) if is_encoded else value.encode("utf-8", "replace")
    return charsets.decode(data, charset)


def identifiers(value: str) -> tuple[str, ...]:
    """Message identifiers with their angle brackets, in order, each once."""
    found = _IDENTIFIER.findall(value) or [f"<{word}>" for word in value.split() if "@" in word]
    return tuple(dict.fromkeys(found[-_MANY:]))


def addresses(value: str) -> list[Address]:
    """The addresses of a field, in order; a field that holds no address gives its words as a name."""
    found: list[Address] = []
    words, comments, angle = "", "", None
    for token in _TOKEN.finditer(f"{value[:_LONG]},"):
        kind, text = token.lastgroup, token[token.lastgroup or 0]
        if kind in {"angle", "open"}:
            angle = text
        elif kind == "comment":
            comments += f" {text}"
        elif kind != "end":
            words += f'"{text}"' if kind == "quoted" and "@" not in text else text
        elif (one := _address(words, comments, angle)) is not None:
            found.append(one)
            words, comments, angle = "", "", None
        if len(found) == _MANY:
            break
    return found


def _address(words: str, comments: str, angle: str | None) -> Address | None:
    if angle is not None:
        bare = _BLANKS.sub("", angle).removeprefix("mailto:").rpartition(":")[2]
        name = words if "@" in words or ":" not in words else words.rpartition(":")[2]
        return Address(_named(name) or _named(comments), bare)
    if (at := _ADDRESS.search(words)) is not None:
        rest = f"{words[: at.start()].rpartition(':')[2]} {words[at.end() :]}"
        return Address(_named(rest) or _named(comments), at.group())
    name = _named(words)
    return Address(name, "") if name and not name.endswith(":") else None


def _named(words: str) -> str:
    return decoded(_ESCAPE.sub(r"\1", words.replace('"', ""))).strip(" '")


def moment(value: str) -> datetime | None:
    """When, in UTC; nothing when it cannot be told."""
    try:
        at = parsedate_to_datetime(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
