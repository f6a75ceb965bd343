"""Bytes to characters: which encoding a page, feed or file is in."""

import codecs
import re
from typing import Final

# Labels that the web means differently from what they say (WHATWG Encoding Standard, section 4.2).
_MEANT: Final = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OF_TEXT: Final = re.compile(r"utf-(?:8|16|32)|iso8859|iso2022|cp\d|koi8|mac|gb|big5|euc|shift|hz$|johab|ptcp|kz")
_SEVEN_BIT: Final = frozenset({"iso2022_jp", "hz"})
_DECLARED: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN: Final = 4096
_MOST_DAMAGE: Final = 0.02


def decode(content: bytes, declared: str | None = None) -> str:
    """The characters of ``content``: by its byte order mark, as UTF-8, as declared, or as windows-1252.

    ``declared`` is what the protocol says. UTF-8 goes before what is declared, since text in another encoding is hardly
    ever valid UTF-8 by chance, while declarations are often wrong.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    told = [name for name in (_known(declared), _known(_declared_in(content))) if name]
    for encoding in (*(name for name in told if name in _SEVEN_BIT), "utf-8"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    for encoding in (*told, "utf-8"):
        text = content.decode(encoding, "replace")
        if text.count("\ufffd") <= _MOST_DAMAGE * sum(byte > 0x7F for byte in content[:100_000]):  # noqa: PLR2004 - beyond ASCII
            return text
    return content.decode("cp1252", "replace")


def _known(label: str | None) -> str | None:
    """Python's name of an encoding, None when there is no such or no page would be in it."""
    try:
        found = codecs.lookup((label or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(found.name, found.name)
    return name if _OF_TEXT.match(name) else None


def _declared_in(content: bytes) -> str | None:
    match = _DECLARED.search(content[:_DECLARED_WITHIN])
    return match[1].decode("ascii") if match else None
