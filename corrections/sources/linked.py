"""Linked data (JSON-LD with schema.org's words) of a page: the node that is about its article."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from corrections.sources.markup import spoken

Node = Mapping[str, Any]

_WRAPPING: Final = re.compile(
    r"^[\s;]*(?:/\*|//)?\s*(?:<!\[CDATA\[|<!--)?\s*(?:\*/)?|\s*(?:/\*|//)?\s*(?:\]\]>|-->)?\s*(?:\*/)?[\s;]*$"
)
_ABOUT_OTHERS: Final = frozenset(
    {"itemListElement", "hasPart", "mentions", "relatedLink", "isBasedOn", "citation", "comment", "review", "blogPost"}
)
_KINDS: Final = re.compile(r"(?:Article|Posting|Report|Review|Column|Recipe|Chapter)$")
_MOST_NODES: Final = 2_000


def nodes_in(scripts: list[str]) -> list[Node]:
    """All nodes in the texts of a page's ``application/ld+json`` scripts, in order; damaged ones are passed over."""
    nodes: list[Node] = []
    for script in scripts:
        try:
            parsed = json.loads(_WRAPPING.sub("", script), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _walk(parsed):
            nodes.append(node)
            if len(nodes) >= _MOST_NODES:
                return nodes
    return nodes


def _walk(value: Any) -> Iterator[Node]:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            inner = [
                child for key, child in value.items() if key not in _ABOUT_OTHERS and isinstance(child, dict | list)
            ]
            waiting.extend(reversed(inner))


def article_among(nodes: list[Node], url: str | None) -> Node:
    """The node of the page's own article: the one that names its address, or else says most; {} without any."""
    found = [node for node in nodes if _is_article(node) or ("headline" in node and _is_page(node))]

    def rank(node: Node) -> tuple[bool, bool, int]:
        says = sum(
            key in node for key in ("headline", "datePublished", "author", "articleBody", "articleSection", "publisher")
        )
        return bool(url) and url in _addresses(node), _is_article(node), says

    return max(found, key=rank, default={})


def _is_article(node: Node) -> bool:
    return any(_KINDS.search(kind) for kind in strings(node.get("@type")))


def _is_page(node: Node) -> bool:
    kinds = strings(node.get("@type"))
    return not kinds or any(kind.endswith(("Page", "CreativeWork")) for kind in kinds)


def _addresses(node: Node) -> list[str]:
    page = node.get("mainEntityOfPage")
    return [*strings(node.get("url")), *strings(page), *(strings(page.get("@id")) if isinstance(page, dict) else [])]


def strings(value: Any) -> list[str]:
    """The strings in a value that may be a string, a list, or anything else."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def first(node: Node, key: str) -> str | None:
    """The first string under ``key``, as a reader sees it."""
    return next((said for text in strings(node.get(key)) if (said := spoken(text))), None)


def names(node: Node, key: str, nodes: list[Node]) -> list[str]:
    """The names of the people or bodies under ``key``; references (``@id``) are looked up among ``nodes``."""
    value = node.get(key)
    found = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            full = (
                one
                if "name" in one
                else next((n for n in nodes if n.get("@id") == one.get("@id") and "name" in n), one)
            )
            found += strings(full.get("name"))
    return [name for text in found if (name := spoken(text))]
