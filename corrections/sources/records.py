"""Articles as records of CSV, JSON Lines and JSON: ``url, title, byline, section, published, lang, text``."""

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from corrections.domain import limits
from corrections.domain.articles import ArticleFacts
from corrections.sources import characters, facts
from corrections.sources.kinds import HEAD, header_of
from corrections.sources.refusal import Refusal, Refused

_LONGEST_LINE: Final = 8 * limits.ARTICLE_TEXT


def from_json_lines(stream: BinaryIO, origin: str) -> Iterator[ArticleFacts | Refusal]:
    """One article a line, read as they come; a line that cannot be taken in is refused by its number."""
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        place = f"{origin}, line {number}"
        if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            yield Refusal(place, f"It is longer than {_LONGEST_LINE:,} bytes.")
            return
        if line.strip(b"\xef\xbb\xbf \t\r\n"):
            yield _taken_in(_loaded, characters.decode(line), place)


def from_json(content: bytes, origin: str) -> Iterator[ArticleFacts | Refusal]:
    """A list of articles, one article, or an object that has one list of them."""
    try:
        found = json.loads(characters.decode(content))
    except (ValueError, RecursionError) as error:
        raise Refused("It is not valid JSON.") from error
    if isinstance(found, dict) and "title" not in found:
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else None
    items = found if isinstance(found, list) else [found]
    if not any(isinstance(item, dict) and "title" in item for item in items):
        raise Refused("It is JSON, and neither a feed nor a list of articles.")
    for number, item in enumerate(items, start=1):
        yield _taken_in(lambda item: item, item, f"{origin}, item {number}" if len(items) > 1 else origin)


def from_csv(stream: BinaryIO, origin: str) -> Iterator[ArticleFacts | Refusal]:
    """One article a row, under a line of column names. Raises Refused when there is no column ``title``."""
    csv.field_size_limit(max(csv.field_size_limit(), 4 * limits.ARTICLE_TEXT))
    lines = io.TextIOWrapper(stream, encoding=_encoding_of(stream), errors="replace", newline="")
    try:
        names, delimiter = header_of(lines.readline().lstrip("\ufeff").strip("\r\n"))
        if "title" not in names:
            raise Refused("It is CSV without a column named title.")
        rows = csv.reader(lines, delimiter=delimiter)
        for number, row in enumerate(rows, start=2):
            if any(row):
                yield _taken_in(lambda row: dict(zip(names, row, strict=False)), row, f"{origin}, row {number}")
    except csv.Error as error:
        raise Refused("Its rows cannot be told apart: %(reason)s.", reason=error) from error
    finally:
        lines.detach()


def _encoding_of(stream: BinaryIO) -> str:
    """The encoding of a whole file, found by reading it once: UTF-16 by its mark, UTF-8, or else windows-1252."""
    start = stream.tell()
    head = stream.read(4)
    stream.seek(start)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(HEAD):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        stream.seek(start)
    return "utf-8"


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refused("It is not valid JSON.") from error


def _taken_in(load: Any, raw: Any, place: str) -> ArticleFacts | Refusal:
    try:
        record = load(raw)
        if not isinstance(record, Mapping):
            raise Refused("It is not an article: an object with title and text was expected.")  # noqa: TRY301 - one way out for all that can be wrong with a record
        return _article(record, place)
    except Refused as refused:
        return Refusal(place, str(refused))


def _article(record: Mapping[str, Any], place: str) -> ArticleFacts:
    def said(key: str) -> str | None:
        value = record.get(key)
        return value if isinstance(value, str) else None

    url = said("url")
    if url and url.strip() and facts.address(url) is None:
        raise Refused("Its url, %(url)s, is not an http or https address.", url=url[:200])
    return facts.article(
        said("title"),
        place,
        url=url,
        byline=said("byline"),
        section=said("section"),
        published=record.get("published"),
        language=said("lang"),
        text=said("text"),
    )
