"""Who wrote the article on a page: as stated in its metadata, or else as marked in its body."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from corrections.domain import limits
from corrections.sources import facts, linked, markup, titles
from corrections.sources.stated import Stated

_SEVERAL: Final = ("citation_author", "dc.creator", "dcterms.creator")
_ONE: Final = ("article:author", "cxenseparse:author", "parsely-author", "author", "byl", "sailthru.author")
_MARKED: Final = (
    "//*[contains(@itemprop, 'author')]//*[contains(@itemprop, 'name')]",
    "//*[contains(@itemprop, 'author')]",
    "//a[contains(concat(' ', @rel, ' '), ' author ')]",
    "//*[contains(@class, 'byline')]//a",
    "//*[contains(@class, 'byline') or contains(@class, 'author-name') or contains(@class, 'author__name')]",
)
_LONGEST_NAME: Final = 80
_NOT_NAMES: Final = frozenset(
    {"facebook", "twitter", "instagram", "email", "e mail", "follow", "follow author", "author", "admin", "staff"}
)


def byline_of(page: Stated) -> str | None:
    """The names, divided by commas. A name that is only the site's gives way to any person's."""
    of_site = {titles.key(name) for name in page.site_names()}
    fallback = None
    for source in (_linked(page), _meta(page), _marked(page.root), _guessed(page.root)):
        names = list(dict.fromkeys(_cleaned(source)))
        if names and not all(titles.key(name) in of_site for name in names):
            return ", ".join(names)
        fallback = fallback or ", ".join(names)
    return fallback or None


def _cleaned(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        is_name = "://" not in text.split("(")[0] and not text.startswith("/") and len(text) <= limits.BYLINE
        name = facts.byline_of(text) if is_name else None
        if name and any(map(str.isalpha, name)) and titles.key(name) not in _NOT_NAMES:
            yield name


def _linked(page: Stated) -> Iterator[str]:
    yield from linked.names(page.article, "author", page.nodes) or linked.names(page.article, "creator", page.nodes)


def _meta(page: Stated) -> Iterator[str]:
    for name in (*_SEVERAL, *_ONE):
        if names := list(_cleaned(page.meta.get(name, ()))):
            return iter(names if name in _SEVERAL else names[:1])
    return iter(())


def _marked(root: Any) -> Iterator[str]:
    """Marked in the body; of several, those beside the first, since later ones stand in teasers of other articles."""
    for path in _MARKED:
        found = [
            element
            for element in root.xpath(path)[:8]
            if 0 < len(_said(element)) <= _LONGEST_NAME and not any(map(str.isdigit, _said(element)))
        ]
        if found:
            return (_said(element) for element in found if element.getparent() is found[0].getparent())
    return iter(())


def _said(element: Any) -> str:
    return str(element.get("content") or markup.text_of(element))


def _guessed(root: Any) -> Iterator[str]:
    from trafilatura.metadata import extract_metadata  # here, since it takes half a second that only pages need

    try:
        guess = extract_metadata(root).author or ""
    except Exception:  # noqa: BLE001 - it raises many kinds on damaged pages; a guess that fails is no guess
        return
    names = [name.strip() for name in guess.split(";")]
    yield from (name for name in names if not any(map(str.isdigit, name)) and (" " in name or not name.isascii()))
