"""What a page or file is, told by its beginning rather than by its name."""

import csv
import json
import re
from enum import Enum, auto
from typing import Final

from corrections.sources import characters
from corrections.sources.refusal import Refused

HEAD: Final = 65_536
COLUMNS: Final = frozenset({"url", "title", "byline", "section", "published", "lang", "text"})

_MARKUP_HEAD: Final = re.compile(
    r"\s*(?:<\?.*?\?>|<!--.*?-->|<!doctype\s[^\[>]*(?:\[.*?\]\s*)?>|\s)*", re.DOTALL | re.IGNORECASE
)
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_FEEDS: Final = frozenset({"rss", "feed", "rdf", "channel"})
_SITEMAPS: Final = frozenset({"urlset", "sitemapindex"})
_ADDRESS_LINES: Final = re.compile(r"(?:https?://\S+\s*)+\Z")
_HEADING: Final = re.compile(r"#{1,6} \S|[^\n]+\n(?:={3,}|-{3,})\s*\n")
_FRONT_MATTER: Final = re.compile(r"(?:---|\+\+\+)[ \t]*\n")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_MOST_CONTROL: Final = 0.1


class Kind(Enum):
    """What can be read."""

    HTML = auto()
    FEED = auto()
    SITEMAP = auto()
    JSON = auto()
    JSON_LINES = auto()
    CSV = auto()
    MARKDOWN = auto()
    TEXT = auto()


def kind_of(head: bytes, name: str = "", content_type: str = "") -> Kind:
    """The kind of what begins with ``head``; ``name`` decides among kinds of plain text. Raises Refused for no text."""
    text = characters.decode(head).replace("\x00", "").lstrip("\ufeff \t\r\n")
    if head.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused("It is a PDF, an office document or an archive; save it as HTML or plain text.")
    if len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        raise Refused("It is not text.")
    if text.startswith("<"):
        return _kind_of_markup(text, name, content_type)
    if text.startswith(("{", "[")) and (found := _kind_of_json(text, name)):
        return found
    return _kind_of_plain(text, name, content_type)


def _kind_of_markup(text: str, name: str, content_type: str) -> Kind:
    begin = _MARKUP_HEAD.match(text)
    root = _ROOT.match(text, begin.end() if begin else 0)
    local = root[1].lower() if root else ""
    if local in _FEEDS:
        return Kind.FEED
    if local in _SITEMAPS:
        return Kind.SITEMAP
    says_xml = name.endswith((".xml", ".rss", ".atom", ".rdf")) or "xml" in content_type.replace("xhtml", "")
    return Kind.FEED if says_xml and local != "html" else Kind.HTML


def _kind_of_json(text: str, name: str) -> Kind | None:
    if name.endswith((".jsonl", ".ndjson")):
        return Kind.JSON_LINES
    first, _, rest = text.partition("\n")
    try:
        is_line = isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        is_line = len(text) > HEAD // 2 and first.startswith('{"') and not rest
    if is_line:
        return Kind.FEED if "jsonfeed.org/version" in first else Kind.JSON_LINES
    if text.startswith("{"):
        return Kind.FEED if "jsonfeed.org/version" in text else Kind.JSON
    return Kind.JSON if name.endswith(".json") or re.match(r"\[\s*[{\]]", text) else None


def _kind_of_plain(text: str, name: str, content_type: str) -> Kind:
    first = text.partition("\n")[0].strip("\r")
    if name.endswith((".csv", ".tsv")) or content_type == "text/csv" or len(COLUMNS & set(header_of(first)[0])) > 1:
        return Kind.CSV
    if name.endswith((".md", ".markdown")) or content_type == "text/markdown":
        return Kind.MARKDOWN
    if text.startswith(("http://", "https://")) and _ADDRESS_LINES.match(text.rpartition("\n")[0] or text):
        return Kind.SITEMAP
    if not name.endswith(".txt") and (_FRONT_MATTER.match(text) or _HEADING.match(text)):
        return Kind.MARKDOWN
    return Kind.TEXT


def header_of(line: str) -> tuple[list[str], str]:
    """The column names of a CSV's first line, in lower case, and what divides them."""
    best: tuple[list[str], str] = ([], ",")
    for delimiter in (",", ";", "\t", "|"):
        try:
            names = [name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            continue
        if len(COLUMNS & set(names)) > len(COLUMNS & set(best[0])):
            best = names, delimiter
    return best
