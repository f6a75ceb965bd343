"""Files, folders and standard input to articles, whatever they hold."""

import gzip
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from corrections.domain import limits
from corrections.domain.articles import ArticleFacts
from corrections.domain.text import clean
from corrections.sources import characters, facts, kinds, packed, records
from corrections.sources.kinds import Kind
from corrections.sources.refusal import Refusal, Refused

# What a folder is searched for; pictures, styles and scripts beside saved pages are passed over.
_READ: Final = re.compile(
    r".+\.(?:html?|xhtml|txt|md|markdown|csv|tsv|jsonl|ndjson|json|xml|rss|atom|rdf)(?:\.gz)?\Z", re.IGNORECASE
)
_BESIDE_A_PAGE: Final = ("_files", "-Dateien", "_fichiers", "_archivos")


def in_folder(folder: Path) -> Iterator[Path]:
    """The files of a folder that can hold articles, and of the folders in it, by name; hidden ones are passed over."""
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and not one.endswith(_BESIDE_A_PAGE))
        for name in sorted(names):
            if _READ.match(name) and not name.startswith("."):
                yield Path(path, name)


@contextmanager
def opened(source: BinaryIO) -> Iterator[BinaryIO]:
    """``source`` as a stream that can be read twice and is not packed; pipes are kept in a temporary file meanwhile."""
    with tempfile.SpooledTemporaryFile(max_size=8_000_000) as kept:
        stream: BinaryIO = source
        if not source.seekable():
            shutil.copyfileobj(source, kept)
            kept.seek(0)
            stream = kept  # type: ignore[assignment]  # all of BinaryIO that is used here
        packed_so = stream.read(2) == packed.GZIP
        stream.seek(0)
        if packed_so:
            with gzip.GzipFile(fileobj=stream, mode="rb") as inner:
                yield inner  # type: ignore[misc]  # all of BinaryIO that is used here
        else:
            yield stream


def head_of(stream: BinaryIO) -> bytes:
    """The beginning of ``stream``, which is back there afterwards."""
    with _unpacking():
        head = stream.read(kinds.HEAD)
        stream.seek(0)
    return head


def whole(stream: BinaryIO) -> bytes:
    """All of ``stream``. Raises Refused when it is longer than one page or feed may be."""
    with _unpacking():
        content = stream.read(limits.FETCH_BYTES + 1)
    if len(content) > limits.FETCH_BYTES:
        raise Refused("It is longer than %(most)s bytes.", most=f"{limits.FETCH_BYTES:,}")
    return content


def articles(stream: BinaryIO, kind: Kind, origin: str) -> Iterator[ArticleFacts | Refusal]:
    """The articles in a stream of any kind that needs nothing fetched. Raises Refused when it cannot be read."""
    with _unpacking():
        if kind is Kind.JSON_LINES:
            yield from records.from_json_lines(stream, origin)
        elif kind is Kind.CSV:
            yield from records.from_csv(stream, origin)
        else:
            yield from _of_whole(whole(stream), kind, origin)


def _of_whole(content: bytes, kind: Kind, origin: str) -> Iterator[ArticleFacts | Refusal]:
    if kind is Kind.JSON:
        yield from records.from_json(content, origin)
    elif kind is Kind.HTML:
        from corrections.sources import extract  # here, since it leads to what takes half a second

        yield extract.article(content, origin=origin)
    elif kind is Kind.MARKDOWN:
        from corrections.sources import markdown  # here, with the patterns it prepares

        yield markdown.article(characters.decode(content), origin)
    else:
        yield from_text(characters.decode(content), origin)


def from_text(text: str, origin: str) -> ArticleFacts:
    """Plain text: the first line is the title, the rest the text. Raises Refused when there is nothing."""
    title, _, rest = clean(text).partition("\n")
    if not title:
        raise Refused("It is empty.")
    return facts.article(title, origin, text=rest)


@contextmanager
def _unpacking() -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused("It is packed with gzip, and damaged.") from error
