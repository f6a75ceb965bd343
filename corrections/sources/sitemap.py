"""Sitemaps (sitemaps.org, with the news extension) to addresses; an index leads to more sitemaps."""

from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from corrections.domain import limits
from corrections.sources import characters, facts, packed
from corrections.sources.refusal import Refused

MOST_ADDRESSES: Final = 50_000
_NEWS: Final = "google.com/schemas/sitemap-news"


@dataclass(slots=True)
class Entry:
    """One line of a sitemap: an address, and the title, date and language a news sitemap gives with it."""

    url: str = ""
    title: str = ""
    published: str = ""
    language: str = ""


@dataclass(slots=True)
class Sitemap:
    """What a sitemap lists: ``pages`` of the site, or ``sitemaps`` when it is an index."""

    pages: list[Entry] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)


def read(content: bytes, *, url: str | None = None, charset: str | None = None) -> Sitemap:
    """A sitemap as XML or as a list of addresses, one a line; gzip is unpacked. Raises Refused when it is none.

    A document type is refused unread: no sitemap needs one, and entities are how a small file becomes a large one.
    """
    if content.startswith(packed.GZIP):
        content = packed.unpacked([content], limits.FETCH_BYTES)
    if len(content) > limits.FETCH_BYTES:
        raise Refused("The sitemap is longer than %(most)s bytes.", most=f"{limits.FETCH_BYTES:,}")
    found = Sitemap()
    for kind, entry in _listed(content, charset):
        entry.url = facts.address(entry.url, url) or ""
        if entry.url and kind == "sitemap":
            found.sitemaps.append(entry.url)
        elif entry.url:
            found.pages.append(entry)
        if len(found.pages) + len(found.sitemaps) > MOST_ADDRESSES:
            raise Refused("The sitemap lists more than %(most)s addresses.", most=f"{MOST_ADDRESSES:,}")
    return found


def _listed(content: bytes, charset: str | None) -> list[tuple[str, Entry]]:
    if content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")[:1] == b"<":
        return _Reader().read(content)
    lines = [line.strip() for line in characters.decode(content, charset).splitlines()]
    return [("url", Entry(line)) for line in lines if line]


class _Reader:
    """Collects the entries of a sitemap while expat reads it."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, Entry]] = []
        self.path: list[str] = []
        self.root = ""
        self.text: list[str] = []

    def read(self, content: bytes) -> list[tuple[str, Entry]]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text.append
        parser.buffer_text = True
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise Refused(
                "It looks like a sitemap, and its XML is damaged in line %(line)s: %(reason)s.",
                line=error.lineno,
                reason=expat.ErrorString(error.code),
            ) from error
        except (ValueError, LookupError) as error:
            raise Refused("It looks like a sitemap, and its encoding cannot be read.") from error
        if self.root not in {"urlset", "sitemapindex"}:
            raise Refused("There is no sitemap in it.")
        return self.entries

    def _doctype(self, *_: Any) -> None:
        raise Refused("It has a document type with it, which no sitemap needs, and is not read.")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self.root = self.root or local
        self.path.append(f"news:{local}" if _NEWS in namespace else local)
        self.text.clear()
        if len(self.path) == 2 and local in {"url", "sitemap"}:  # noqa: PLR2004 - right below the root
            self.entries.append((local, Entry()))

    def _end(self, _: str) -> None:
        name, said = self.path.pop(), "".join(self.text).strip()
        self.text.clear()
        if not self.entries or not said:
            return
        entry = self.entries[-1][1]
        if name == "loc" and len(self.path) == 2:  # noqa: PLR2004 - of the entry itself, not of a picture in it
            entry.url = said
        elif name == "news:title":
            entry.title = said
        elif name == "news:publication_date":
            entry.published = said
        elif name == "news:language":
            entry.language = said
