"""Files of all kinds: told by what is in them, read one article at a time."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from corrections.domain import limits
from corrections.domain.articles import ArticleFacts
from corrections.sources import files, kinds, markdown, records
from corrections.sources.kinds import Kind, kind_of
from corrections.sources.refusal import Refusal, Refused


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"<!DOCTYPE html><html>", "", Kind.HTML),
        (b"\xef\xbb\xbf\n <!-- saved --><HTML>", "a.txt", Kind.HTML),
        (b"<p>piece</p>", "", Kind.HTML),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="z">', "a.xml", Kind.HTML),
        (b'<?xml version="1.0"?><?xml-stylesheet href="x"?><rss>', "", Kind.FEED),
        (b"<!-- c --><feed xmlns='x'>", "a.html", Kind.FEED),
        (b"<rdf:RDF xmlns:rdf='x'>", "", Kind.FEED),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", "", Kind.FEED),
        (b"<unknown>", "a.xml", Kind.FEED),
        ("<rss>".encode("utf-16"), "", Kind.FEED),
        ("<rss>".encode("utf-32-le"), "", Kind.FEED),
        (b"<urlset>", "", Kind.SITEMAP),
        (b"<s:sitemapindex xmlns:s='x'>", "", Kind.SITEMAP),
        (b"https://veld.example/a\nhttps://veld.example/b\n", "", Kind.SITEMAP),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "", Kind.FEED),
        (b'{\n"version": "https://jsonfeed.org/version/1.1"', "", Kind.FEED),
        (b'{"title": "a"}\n{"title": "b"}', "", Kind.JSON_LINES),
        (b'{"title": "a"}', "", Kind.JSON_LINES),
        (b"anything", "a.jsonl", Kind.TEXT),
        (b"{broken", "a.jsonl", Kind.JSON_LINES),
        (b'{\n"title": "a"}', "", Kind.JSON),
        (b'[{"title": "a"}]', "", Kind.JSON),
        (b"[]", "", Kind.JSON),
        (b"[News] Ships\n\ntext", "", Kind.TEXT),
        (b"title,url\na,b", "", Kind.CSV),
        (b"title;text\na;b", "", Kind.CSV),
        (b"a,b\n", "a.csv", Kind.CSV),
        (b"# Ships\n\ntext", "", Kind.MARKDOWN),
        (b"Ships\n=====\n\ntext", "", Kind.MARKDOWN),
        (b"---\ntitle: a\n---\n", "", Kind.MARKDOWN),
        (b"plain", "a.md", Kind.MARKDOWN),
        (b"# Ships\n", "a.txt", Kind.TEXT),
        (b"Ships\n\nThe harbour, the text and the title.", "", Kind.TEXT),
        (b"", "", Kind.TEXT),
    ],
)
def test_the_kind_is_told_by_the_content(content: bytes, name: str, kind: Kind) -> None:
    assert kind_of(content, name) is kind


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, bytes(100)]
)
def test_what_is_not_text_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        kind_of(content + b"\x00\x01\x02" * 9, "a.txt")


def lines(content: bytes) -> list[ArticleFacts | Refusal]:
    return list(records.from_json_lines(io.BytesIO(content), "file"))


def test_json_lines_with_the_names_of_the_manual() -> None:
    row = {
        "url": "https://veld.example/a",
        "title": "Ships",
        "byline": "By Ann",
        "section": "Harbours",
        "published": "2026-05-04 10:00:00+02:00",
        "lang": "en",
        "text": "One.\n\nTwo.  With two blanks,\nand a line.",
        "licence": "not for us",
        "id": 5,
        "other": {"deep": [1]},
    }
    (found,) = lines(json.dumps(row).encode())
    assert found == ArticleFacts(
        title="Ships",
        url="https://veld.example/a",
        byline="Ann",
        section="Harbours",
        published_at=datetime(2026, 5, 4, 8, tzinfo=UTC),
        language="en",
        text=row["text"],
        origin="file, line 1",
    )


def test_a_bad_line_is_refused_by_its_number_and_the_rest_is_read() -> None:
    good = b'{"title": "Gr\\u00f6\\ud83d\\udea2\\ud800", "published": "whenever"}'
    found = lines(
        b"\xef\xbb\xbf" + good + b"\r\n\r\n{bad\n[1]\n{}\n" + b"[" * 100_000 + b'\n{"title": "T", "url": "x"}\n' + good
    )
    assert [item.origin for item in found if isinstance(item, Refusal)] == [f"file, line {n}" for n in (3, 4, 5, 6, 7)]
    assert [item.title for item in found if isinstance(item, ArticleFacts)] == ["Grö🚢"] * 2
    assert all(item.title.encode() for item in found if isinstance(item, ArticleFacts))


def test_a_text_beyond_the_limit_is_refused_and_the_next_is_read() -> None:
    long = json.dumps({"title": "Long", "text": "x" * (limits.ARTICLE_TEXT + 1)}).encode()
    refused, read = lines(long + b'\n{"title": "Short"}')
    assert isinstance(refused, Refusal)
    assert isinstance(read, ArticleFacts)


def test_lines_are_read_as_they_come() -> None:
    class Counting(io.BytesIO):
        asked = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.asked += 1
            return super().readline(size)

    stream = Counting(b'{"title": "a"}\n' * 1000)
    articles: Iterator[object] = records.from_json_lines(stream, "file")
    next(articles)
    assert stream.asked == 1


@pytest.mark.parametrize(
    "content",
    [
        'title,text,url,published\r\n"Ships, ""ports""","One.\r\n\r\nTwo — ö",https://veld.example/a,2026-05-04\r\n',
        'url;TITLE ;Text;published\nhttps://veld.example/a;"Ships, ""ports""";"One.\n\nTwo — ö";2026-05-04\n\n',
        'x\ttitle\ttext\turl\tpublished\n1\t"Ships, ""ports"""\t"One.\n\nTwo — ö"\thttps://veld.example/a\t2026-05-04\tmore\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_of_any_make(content: str, encoding: str) -> None:
    (found,) = records.from_csv(io.BytesIO(content.encode(encoding)), "file")
    assert isinstance(found, ArticleFacts)
    assert (found.title, found.url) == ('Ships, "ports"', "https://veld.example/a")
    assert (found.text or "").replace("\r", "") == "One.\n\nTwo — ö"
    assert (found.published_at, found.origin) == (datetime(2026, 5, 4, tzinfo=UTC), "file, row 2")


def test_csv_rows_are_refused_one_by_one() -> None:
    found = list(records.from_csv(io.BytesIO(b"title,url\nA,\n,https://veld.example/b\nC\n"), "file"))
    assert [isinstance(item, Refusal) for item in found] == [False, True, False]


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", b"url,text\nx,y\n"])
def test_csv_without_titles_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="column named title"):
        list(records.from_csv(io.BytesIO(content), "file"))


def test_csv_whose_quotes_never_close_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be told apart"):
        list(records.from_csv(io.BytesIO(b'title,text\nA,"' + b"x" * 17_000_000), "file"))


@pytest.mark.parametrize(
    "content", ['[{"title": "A"}, {"title": "B"}]', '{"articles": [{"title": "A"}, {"title": "B"}], "n": 2}']
)
def test_json_lists(content: str) -> None:
    found = list(records.from_json(content.encode(), "file"))
    assert [item.title for item in found if isinstance(item, ArticleFacts)] == ["A", "B"]


def test_one_article_as_json() -> None:
    (found,) = records.from_json(b'{"title": "A", "text": "t"}', "file")
    assert isinstance(found, ArticleFacts)
    assert found.origin == "file"


@pytest.mark.parametrize("content", ["", "{", "5", "[]", "[1]", '{"a": 1}', '{"a": [1], "b": [2]}', "[" * 100_000])
def test_other_json_is_refused(content: str) -> None:
    with pytest.raises(Refused):
        list(records.from_json(content.encode(), "file"))


def test_plain_text() -> None:
    found = files.from_text("\ufeff\r\n Ships and ports \r\n\r\nOne.\r\n\r\nTwo.\r\n", "file")
    assert (found.title, found.text) == ("Ships and ports", "One.\n\nTwo.")
    assert files.from_text("Only a title", "file").text is None
    with pytest.raises(Refused, match="empty"):
        files.from_text(" \n ", "file")


MARKDOWN = """---
title: "Ships: & ports"
date: 2026-05-04T10:00:00+02:00  # local
authors: [Ann, 'Bob']
url: https://veld.example/a
lang: en
tags:
  - one
---

# Ships: & ports

Some *emphasised*, **strong** and `coded` words with a
[link](https://x.example/a_(b) "title") and ![a picture](p.png) in snake_case_name, 2 * 3 * 4.

> A quotation
> of two lines

- first
- second \\*starred\\*

1. third

## A heading ##

Underlined
----------

```python
x = [a](b) * 2

y = _z_
```

A footnote[^1] and <https://x.example/> and <b>html</b> &amp; more.

***

[^1]: gone
[ref]: https://x.example/
"""


def test_markdown_with_front_matter() -> None:
    found = markdown.article(MARKDOWN, "file")
    assert (found.title, found.byline, found.url, found.language) == (
        "Ships: & ports",
        "Ann, Bob",
        "https://veld.example/a",
        "en",
    )
    assert found.published_at == datetime(2026, 5, 4, 8, tzinfo=UTC)
    assert (found.text or "").split("\n\n") == [
        "Some emphasised, strong and coded words with a link and in snake_case_name, 2 * 3 * 4.",
        "A quotation of two lines",
        "first",
        "second *starred*",
        "third",
        "A heading",
        "Underlined",
        "x = [a](b) * 2",
        "y = _z_",
        "A footnote and https://x.example/ and html & more.",
    ]


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("# Ships #\n\nText", "Ships", "Text"),
        ("Ships\n=====\nText", "Ships", "Text"),
        ("+++\ntitle = 'Ships'\n+++\n\n# Another\n\nText", "Ships", "Another\n\nText"),
        ("---\nauthor: Ann\n---\n## *Ships*\nText", "Ships", "Text"),
        ("Ships\n\nText", "Ships", "Ships\n\nText"),
        ("---\ntitle:\n---\n# Ships\r\n\r\nText", "Ships", "Text"),
        ("# Ships \ue0000\ue000\n\nText\ue0009\ue000", "Ships 0", "Text9"),
    ],
)
def test_titles_of_markdown(text: str, title: str, rest: str) -> None:
    found = markdown.article(text, "file")
    assert (found.title, found.text) == (title, rest)


def test_markdown_without_words_is_refused() -> None:
    with pytest.raises(Refused):
        markdown.article("---\ndate: 2026-05-04\n---\n", "file")


class Pipe(io.RawIOBase):
    """Bytes that come once, as from a pipe."""

    def __init__(self, content: bytes) -> None:
        self.content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # narrower than the library's
        return self.content.readinto(buffer)


@pytest.mark.parametrize("content", [b"Ships\n\nText", gzip.compress(b"Ships\n\nText", mtime=0)])
def test_pipes_and_packed_files_can_be_read_twice(content: bytes) -> None:
    for source in (io.BytesIO(content), io.BufferedReader(Pipe(content))):
        with files.opened(source) as stream:
            assert files.head_of(stream) == b"Ships\n\nText"
            assert files.whole(stream) == b"Ships\n\nText"


def test_a_file_may_be_as_long_as_a_page() -> None:
    with files.opened(io.BytesIO(gzip.compress(b"x" * (limits.FETCH_BYTES + 1)))) as stream:
        assert len(files.head_of(stream)) == kinds.HEAD
        with pytest.raises(Refused, match="longer than 20,000,000 bytes"):
            files.whole(stream)


def test_damaged_packing_is_refused() -> None:
    with (
        files.opened(io.BytesIO(gzip.compress(b"x" * 1_000_000)[:500])) as stream,
        pytest.raises(Refused, match="damaged"),
    ):
        files.whole(stream)
