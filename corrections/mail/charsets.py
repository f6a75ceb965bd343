"""Bytes of any charset, declared rightly, wrongly or not at all, to text that a database can hold."""

import re
from typing import Final

# Names seen in mail that Python does not know, and names whose larger sister reads more.
_BETTER: Final = {
    "ascii": "",
    "us-ascii": "",
    "ansi_x3.4-1968": "",
    "ansi_x3.110-1983": "",
    "x-unknown": "",
    "unknown-8bit": "",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-8-e": "iso8859_8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "windows-936": "gb18030",
    "big5": "big5hkscs",
    "x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "korean": "cp949",
    "windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf_7",
    "unicode-1-1-utf-8": "utf_8",
    "utf8": "utf_8",
    "utf-8": "utf_8",
    "x-utf-8": "utf_8",
    "utf-8mb4": "utf_8",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "x-windows-874": "cp874",
    "win-1251": "cp1251",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
}
# Codecs that decode text, but no mail's: some of them are slow on purpose-made input, too.
_NEVER: Final = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_ESCAPED: Final = re.compile(rb"\x1b[$(]")  # ISO 2022 switches its character sets so
_MANY_BYTES: Final = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What no database column and no page should get: controls, half characters, marks of byte order.
_UNFIT: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_NAME: Final = re.compile(r"[\w.:+-]+")


def decode(data: bytes, declared: str = "") -> str:
    """The text of bytes: as declared, else as UTF-8, else as windows-1252, which reads anything."""
    return clean(_decoded(data, codec_of(declared)))


def clean(text: str) -> str:
    """The text with one kind of line end, and without characters that mean nothing in a text."""
    return _UNFIT.sub("", _LINE_ENDS.sub("\n", text))


def codec_of(declared: str) -> str:
    """The name of the codec to read a declared charset with; empty when the name says nothing."""
    found = _NAME.match(declared.strip(" \t\"'").lower())
    name = found.group() if found else ""
    name = _BETTER.get(name, name)
    return "" if name.replace("-", "_") in _NEVER else name


def _decoded(data: bytes, codec: str) -> str:
    if data.isascii() and not _ESCAPED.search(data) and codec.replace("-", "_") not in {"utf_7", "hz", "utf_16"}:
        return data.decode("ascii")
    for candidate in _candidates(data, codec):
        try:
            return data.decode(candidate)
        except (UnicodeError, LookupError, ValueError):
            continue
    return _as_far_as_can_be(data, codec)


def _candidates(data: bytes, codec: str) -> list[str]:
    if not codec and _ESCAPED.search(data):
        return ["iso2022_jp_ext", "utf_8"]
    # Text in a charset of single bytes is hardly ever valid UTF-8 as well: then the label is wrong.
    if codec.startswith(("cp125", "iso8859", "iso-8859", "koi8", "mac", "windows-125")) and _MANY_BYTES.search(data):
        return ["utf_8", codec]
    return [codec, "utf_8"] if codec else ["utf_8"]


def _as_far_as_can_be(data: bytes, codec: str) -> str:
    """Some bytes are broken: keep the declared charset when most of what it reads makes sense."""
    for candidate in dict.fromkeys((codec, "utf_8")):
        try:
            text = data.decode(candidate, "replace")
        except (LookupError, ValueError):
            continue
        if text.count("\ufffd") * 4 < sum(character > "\x7f" for character in text):
            return text
    return data.decode("cp1252", "replace") if not _undefined(data) else data.decode("latin-1")


def _undefined(data: bytes) -> bool:
    """Whether there are bytes to which windows-1252 gives no character."""
    return bool(re.search(rb"[\x81\x8d\x8f\x90\x9d]", data))
