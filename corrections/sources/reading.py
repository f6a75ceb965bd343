"""One entry for all sources: an address, a file, a folder or standard input becomes articles and polite refusals."""

import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from corrections.domain import limits
from corrections.domain.articles import ArticleFacts
from corrections.sources import facts, files, kinds, packed, sitemap
from corrections.sources.fetch import Fetcher, Page
from corrections.sources.kinds import Kind
from corrections.sources.refusal import Refusal, Refused
from corrections.sources.sitemap import Entry

Read = Iterator[ArticleFacts | Refusal]

_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_DEEPEST: Final = 3
_MOST_SEEN: Final = 200_000


def is_address(source: str) -> bool:
    """Whether ``source`` is to be fetched rather than opened."""
    return bool(_ADDRESS.match(source))


def read(source: str, fetcher: Fetcher, *, stdin: BinaryIO) -> Read:
    """Articles from an http(s) address (page, feed or sitemap), a file, a folder, or ``-`` for ``stdin``.

    What cannot be taken in is yielded as a Refusal, and reading goes on. Pages that a feed or sitemap lists are fetched
    one after another, from hosts that the fetcher allows.
    """
    try:
        if is_address(source):
            yield from _Reader(fetcher).from_page(fetcher.fetch(source), source)
        elif source == "-":
            yield from _Reader(fetcher).from_stream(stdin, "standard input", "")
        elif source:
            yield from _from_path(Path(source), fetcher)
        else:
            raise Refused("Nothing is named.")  # noqa: TRY301 - an empty path would mean the present folder
    except Refused as refused:
        yield Refusal(source, str(refused))


def _from_path(path: Path, fetcher: Fetcher) -> Read:
    for one in _files_at(path):
        origin = os.fsencode(one).decode("utf-8", "replace")  # a name need not be text
        try:
            with one.open("rb") as stream:
                yield from _Reader(fetcher).from_stream(stream, origin, one.name)
        except Refused as refused:
            yield Refusal(origin, str(refused))
        except OSError as error:
            yield Refusal(origin, f"It cannot be opened: {error.strerror or error}.")


def _files_at(path: Path) -> Iterator[Path]:
    try:
        is_there, is_folder = path.exists(), path.is_dir()
    except OSError as error:
        raise Refused("It cannot be opened: %(reason)s.", reason=error.strerror or error) from error
    if not is_there:
        raise Refused("There is no file or folder of this name.")
    return files.in_folder(path) if is_folder else iter([path])


class _Reader:
    """Reads one source; remembers what it saw of it, so that nothing is fetched twice."""

    def __init__(self, fetcher: Fetcher) -> None:
        self.fetcher = fetcher
        self.seen: set[str] = set()
        self.elsewhere: Counter[str] = Counter()

    def from_stream(self, source: BinaryIO, origin: str, name: str) -> Read:
        """The articles of an opened file."""
        with files.opened(source) as stream:
            kind = kinds.kind_of(files.head_of(stream), name.lower().removesuffix(".gz"))
            if kind in {Kind.FEED, Kind.SITEMAP}:
                yield from self._from_listing(Page("", files.whole(stream)), kind, origin)
            else:
                yield from files.articles(stream, kind, origin)

    def from_page(self, page: Page, origin: str) -> Read:
        """The articles of what was fetched from ``origin``."""
        if page.content.startswith(packed.GZIP):
            page = replace(page, content=packed.unpacked([page.content], limits.FETCH_BYTES))
        kind = kinds.kind_of(page.content[: kinds.HEAD], urlsplit(page.url).path.lower(), page.content_type)
        if kind is Kind.HTML:
            yield self._article(page, origin)
        elif kind in {Kind.FEED, Kind.SITEMAP}:
            self.seen.add(page.url)
            yield from self._from_listing(page, kind, origin)
        else:
            yield from files.articles(io.BytesIO(page.content), kind, origin)

    def _article(self, page: Page, origin: str, listed: ArticleFacts | None = None) -> ArticleFacts:
        from corrections.sources import extract  # here, since it leads to what takes half a second

        found = extract.article(
            page.content, url=page.url, charset=page.charset, origin=origin, hint=listed.title if listed else None
        )
        others = (*found.aliases, *page.redirects, *((listed.url, *listed.aliases) if listed else ()))
        aliases = tuple(dict.fromkeys(other for other in others if other and other != found.url))
        gaps = ("byline", "section", "published_at", "language", "licence") if listed else ()
        told = {name: getattr(found, name) or getattr(listed, name) for name in gaps}
        return replace(found, aliases=aliases, **told)

    def _from_listing(self, page: Page, kind: Kind, origin: str) -> Read:
        yield from self._from_feed(page, origin) if kind is Kind.FEED else self._from_sitemap(page, origin)
        for host, number in self.elsewhere.items():
            pages = "One listed page" if number == 1 else f"{number:,} listed pages"
            yield Refusal(origin, f"{pages} on {host} not fetched. Allow it with --allow-host {host}.")

    def _from_feed(self, page: Page, origin: str) -> Read:
        from corrections.sources import feed  # here, since only feeds need it

        for item in feed.articles(page.content, url=page.url or None, charset=page.charset, origin=origin):
            if isinstance(item, Refusal) or item.text is not None or not item.url or not self.fetcher.allows(item.url):
                yield item
            else:
                yield from self._fetched(item.url, item)

    def _from_sitemap(self, page: Page, origin: str, depth: int = 1) -> Read:
        found = sitemap.read(page.content, url=page.url or None, charset=page.charset)
        for entry in found.pages:
            listed = _announced(entry, origin) if entry.title else None
            if self.fetcher.allows(entry.url):
                yield from self._fetched(entry.url, listed)
            elif listed:
                yield listed
            else:
                self.elsewhere[str(urlsplit(entry.url).hostname)] += 1
        for url in found.sitemaps:
            if not self.fetcher.allows(url):
                self.elsewhere[str(urlsplit(url).hostname)] += 1
            elif url not in self.seen:
                yield from self._from_further_sitemap(url, depth + 1)

    def _from_further_sitemap(self, url: str, depth: int) -> Read:
        self.seen.add(url)
        try:
            if depth > _DEEPEST or len(self.seen) > _MOST_SEEN:
                raise Refused("It is one of too many sitemaps, one listed in another.")  # noqa: TRY301 - one way out
            yield from self._from_sitemap(self.fetcher.fetch(url), url, depth)
        except Refused as refused:
            yield Refusal(url, str(refused))

    def _fetched(self, url: str, listed: ArticleFacts | None) -> Read:
        """The page at ``url``; where it cannot be had, why, and what was ``listed`` of it."""
        if url in self.seen:
            return
        self.seen.add(url)
        try:
            page = self.fetcher.fetch(url)
            if kinds.kind_of(page.content[: kinds.HEAD], content_type=page.content_type) is not Kind.HTML:
                raise Refused("It is not a page of HTML.")  # noqa: TRY301 - one way out
            yield self._article(page, url, listed)
        except Refused as refused:
            yield Refusal(url, str(refused))
            if listed:
                yield listed


def _announced(entry: Entry, origin: str) -> ArticleFacts:
    return facts.article(
        entry.title, origin, url=entry.url, published=entry.published or None, language=entry.language or None
    )
