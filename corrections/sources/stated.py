"""What a page states about itself: its metadata, its linked data and its headings."""

import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from corrections.sources import linked
from corrections.sources.facts import address
from corrections.sources.markup import spoken, text_of

_META_NAMES: Final = ("property", "name", "itemprop", "http-equiv")
_META_VALUES: Final = ("content", "value")
_SITE_NAMES: Final = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "al:ios:app_name",
    "publisher",
    "dc.publisher",
    "copyright",
)
_LONGEST: Final = 5_000
_MOST_HEADINGS: Final = 60


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level and words, whether it stands inside the article, whether it is marked as its headline."""

    level: int
    text: str
    inside: bool
    marked: bool


@dataclass(slots=True)
class Stated:
    """What one page states, by where it states it; texts are as a reader sees them."""

    root: Any
    url: str | None
    meta: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[linked.Node] = field(default_factory=list)
    article: linked.Node = field(default_factory=dict)
    page_title: str = ""
    headings: list[Heading] = field(default_factory=list)

    def told(self, *names: str) -> str | None:
        """The first value of the first of the meta ``names`` that the page has."""
        return next((value for name in names for value in self.meta.get(name, ())), None)

    def site_names(self) -> list[str]:
        """What the page calls the site it belongs to."""
        told = [value for name in _SITE_NAMES for value in self.meta.get(name, ())]
        return [*told, *linked.names(self.article, "publisher", self.nodes), *_sites_among(self.nodes)]


def read(root: Any, url: str | None) -> Stated:
    """Collect what the page under ``root``, fetched from ``url`` if from anywhere, states."""
    stated = Stated(root, None, _meta(root))
    stated.url = _own_address(stated, url)
    scripts = [script.text or "" for script in root.iter("script") if "ld+json" in (script.get("type") or "").lower()]
    stated.nodes = linked.nodes_in(scripts)
    stated.article = linked.article_among(stated.nodes, stated.url)
    titles = (text_of(title)[:_LONGEST] for title in root.iter("title") if _in_head(title))
    stated.page_title = next(filter(None, titles), "")
    stated.headings = _headings(root)
    return stated


def _meta(root: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        value = next((spoken(text[:_LONGEST]) for name in _META_VALUES if (text := element.get(name))), "")
        keys = {key.strip().lower() for name in _META_NAMES if (key := element.get(name))}
        for key in keys if value else ():
            found.setdefault(key, []).append(value)
    return found


def _in_head(element: Any) -> bool:
    return not any(above.tag == "svg" for above in element.iterancestors())


def _sites_among(nodes: list[linked.Node]) -> list[str]:
    kinds = {"WebSite", "Organization", "NewsMediaOrganization"}
    return [
        name
        for node in nodes
        if kinds & set(linked.strings(node.get("@type")))
        for name in linked.strings(node.get("name"))
    ]


def _headings(root: Any) -> list[Heading]:
    found: list[Heading] = []
    for element in root.iter("h1", "h2"):
        text = text_of(element).rstrip(" ¶#🔗")
        if text and len(text) <= _LONGEST and all(text != heading.text for heading in found):
            above = {ancestor.tag for ancestor in element.iterancestors()}
            marked = "headline" in _attribute(element, "itemprop") or bool(
                re.search(r"headline|entry-title|post-title|article-title|article__title", _attribute(element, "class"))
            )
            found.append(Heading(int(element.tag[1]), text, bool(above & {"article", "main"}), marked))
        if len(found) >= _MOST_HEADINGS:
            break
    return found


def _attribute(element: Any, name: str) -> str:
    return str(element.get(name) or "").lower()


def _own_address(stated: Stated, url: str | None) -> str | None:
    """The address that the page states as its canonical one, where it can be its own; or else where it came from."""
    links = [link.get("href") for link in stated.root.iter("link") if "canonical" in _attribute(link, "rel").split()]
    for text in (*links, stated.told("og:url")):
        found = address(text, url)
        if found and is_own(found, url):
            return found
    return address(url)


def is_own(found: str, url: str | None) -> bool:
    """Whether ``found`` can be an address of the page from ``url``: on the same site, and not the site's home."""
    parts = urlsplit(found)
    if url is None:
        return bool(parts.path.strip("/") or parts.query)
    if not parts.path.strip("/") and not parts.query:
        return not urlsplit(url).path.strip("/")
    here, there = (urlsplit(one).hostname or "" for one in (url, found))
    return here == there or any(long.endswith("." + _site(short)) for short, long in ((here, there), (there, here)))


def _site(host: str) -> str:
    return host.removeprefix("www.")
