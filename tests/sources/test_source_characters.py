"""Bytes to characters, and packed bytes to plain ones."""

from __future__ import annotations

import codecs
import gzip
import zlib
from functools import partial

import pytest

from corrections.sources.characters import decode
from corrections.sources.packed import unpacked
from corrections.sources.refusal import Refused

packed = partial(gzip.compress, mtime=0)  # the same bytes each time, or the names of the tests differ

WORDS = "Der Bär — naïve “Zitate”"


@pytest.mark.parametrize(
    ("content", "declared"),
    [
        (WORDS.encode(), None),
        (codecs.BOM_UTF8 + WORDS.encode(), None),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "utf-8"),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), None),
        (codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"), None),
        (WORDS.encode("cp1252"), None),
        (WORDS.encode("cp1252"), "iso-8859-1"),
        (WORDS.encode("cp1252"), "no-such-charset"),
        (WORDS.encode("cp1252"), "rot13"),
        (WORDS.encode(), "iso-8859-1"),
    ],
)
def test_common_encodings(content: bytes, declared: str | None) -> None:
    assert decode(content, declared) == WORDS


@pytest.mark.parametrize(
    ("words", "charset"),
    [("東京の新聞", "shift_jis"), ("東京の新聞", "iso-2022-jp"), ("Москва", "koi8-r"), ("中文网页", "gb2312")],
)
def test_a_charset_is_taken_from_the_protocol_or_from_inside(words: str, charset: str) -> None:
    assert decode(words.encode(charset), charset) == words
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">{words}'
    assert decode(page.encode(charset)).endswith(words)


def test_one_broken_character_does_not_spoil_the_rest() -> None:
    broken = "é".encode() * 200 + b"\xc3" + b" end"
    assert decode(broken).startswith("éé")
    assert decode(broken).endswith(" end")


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff", bytes(range(256)), b"\xef\xbb", b"charset=undefined \xff"])
def test_any_bytes_give_some_text(content: bytes) -> None:
    assert isinstance(decode(content), str)


@pytest.mark.parametrize(
    "packed",
    [
        packed(b"here"),
        packed(b"he") + packed(b"re"),
        packed(b"here") + bytes(512),
        zlib.compress(b"here"),
        zlib.compress(b"here")[2:-4],
    ],
    ids=["gzip", "members", "padded", "zlib", "raw"],
)
@pytest.mark.parametrize("step", [1, 1000])
def test_all_the_ways_of_packing(packed: bytes, step: int) -> None:
    assert unpacked((packed[i : i + step] for i in range(0, len(packed), step)), 100) == b"here"


def test_unpacking_stops_at_the_limit() -> None:
    assert len(unpacked([packed(bytes(1000))], 1000)) == 1000
    with pytest.raises(Refused, match="longer than 999 bytes"):
        unpacked([packed(bytes(1000))], 999)
    with pytest.raises(Refused, match="longer than 1,500 bytes"):
        unpacked([packed(bytes(1000)) * 2], 1500)


@pytest.mark.parametrize("cut", [1, 5, 12, 20])
def test_what_ends_too_early_is_refused(cut: int) -> None:
    with pytest.raises(Refused, match="packed"):
        unpacked([packed(b"here and there")[:cut]], 1000)


def test_damage_in_the_middle_is_refused() -> None:
    damaged = bytearray(packed(bytes(range(256)) * 400))
    damaged[60:90] = b"\xff" * 30
    with pytest.raises(Refused, match="damaged"):
        unpacked([bytes(damaged)], 1_000_000)
