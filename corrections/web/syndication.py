"""A feed of corrections, written as Atom (RFC 4287) and as JSON Feed 1.1; both from the same value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from flask import get_template_attribute, json

from corrections.web.entries import Entry
from corrections.web.page import Shown

ATOM: Final = "http://www.w3.org/2005/Atom"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # an empty feed has to have a date too
register_namespace("", ATOM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Entries, newest first, with what a feed reader shows of where they come from. ``id`` never changes."""

    id: str
    title: str
    page: str
    atom_url: str
    json_url: str
    publication: Shown
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When the newest change was published."""
        return max((entry.updated for entry in self.entries), default=NEVER)


def atom(feed: Feed) -> bytes:
    """The feed in Atom."""
    root = Element(f"{{{ATOM}}}feed", {XML_LANG: feed.publication.locale})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated.isoformat())
    author = _add(root, "author")
    _add(author, "name", feed.publication.name)
    _add(author, "uri", feed.publication.home_url)
    if feed.publication.licence:
        _add(root, "rights", feed.publication.licence)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.atom_url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    for entry in feed.entries:
        _add_entry(root, entry)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entry(root: Element, entry: Entry) -> None:
    element = _add(root, "entry")
    if entry.language:
        element.set(XML_LANG, entry.language)
    _add(element, "id", entry.id)
    _add(element, "title", entry.headline)
    _add(element, "published", entry.published.isoformat())
    _add(element, "updated", entry.updated.isoformat())
    _add(element, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.article_url:
        _add(element, "link", rel="related", href=entry.article_url)
    _add(element, "category", term=entry.kind.value, label=entry.kind_name)
    _add(element, "summary", entry.summary)
    _add(element, "content", html_of(entry), type="html")


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    safe = {key: NOT_XML.sub("\ufffd", value) for key, value in attributes.items()}
    element = SubElement(parent, f"{{{ATOM}}}{name}", safe)
    element.text = NOT_XML.sub("\ufffd", text) or None
    return element


def json_feed(feed: Feed) -> str:
    """The feed in JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.page,
            "feed_url": feed.json_url,
            "language": feed.publication.locale,
            "authors": [{"name": feed.publication.name, "url": feed.publication.home_url}],
            "items": [_item(entry) for entry in feed.entries],
        },
        sort_keys=False,
    )


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.url,
        "external_url": entry.article_url,
        "title": entry.headline,
        "summary": entry.summary,
        "content_html": html_of(entry),
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "tags": [entry.kind.value],
        "language": entry.language,
    }
    return {name: value for name, value in item.items() if value is not None}


def html_of(entry: Entry) -> str:
    """What a feed reader shows of an entry."""
    return str(get_template_attribute("feeds/entry.html", "body")(entry)).strip()
