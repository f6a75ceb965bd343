"""A page of HTML to an article: what the page states, and the text that trafilatura finds in it."""

from typing import Any, Final

from corrections.domain import limits
from corrections.domain.articles import ArticleFacts
from corrections.sources import bylines, characters, facts, linked, markup, stated, titles
from corrections.sources.moments import moment
from corrections.sources.refusal import Refused
from corrections.sources.stated import Stated

_DATE_META: Final = (
    "article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "citation_publication_date",
    "pubdate",
    "publish-date",
    "date",
)
_SECTION_META: Final = ("article:section", "articlesection", "parsely-section", "cxenseparse:section", "section")
_LANGUAGE_META: Final = ("og:locale", "content-language", "language", "inlanguage")
_LICENCE_META: Final = ("dcterms.license", "license", "dc.rights", "dcterms.rights")
_BLOCKS: Final = frozenset(
    ["body", "p", "head", "list", "item", "quote", "table", "row", "cell", "code", "del"]
)  # trafilatura's names, mostly of TEI


def article(
    content: bytes, *, url: str | None = None, charset: str | None = None, origin: str = "", hint: str | None = None
) -> ArticleFacts:
    """The article on a page: ``url`` is where it was fetched from, ``hint`` the title a feed or sitemap gave it.

    Raises Refused when there is no page, no title or no text in ``content``.
    """
    if len(content) > limits.FETCH_BYTES:
        raise Refused("The page is longer than %(most)s bytes.", most=limits.FETCH_BYTES)
    root = markup.tree_of(characters.decode(content, charset))
    if root is None:
        raise Refused("There is no page in it.")
    page = stated.read(root, url)
    title = titles.title_of(page, hint)
    return facts.article(
        title,
        origin or url or "",
        url=page.url,
        aliases=(url, *_short_links(root, url)) if url else (),
        byline=bylines.byline_of(page),
        section=_section(page),
        published=_published(page),
        language=_language(page),
        licence=_licence(page),
        text=_text(root, page.url, title),
    )


def _text(root: Any, url: str | None, title: str | None) -> str:
    """Paragraphs; the headline, which sometimes stands above them, is not one of them."""
    import trafilatura  # here, since it takes half a second and 55 MB that no other command needs

    try:
        found = trafilatura.bare_extraction(root, url=url, include_comments=False)
    except Exception as error:
        raise Refused("Its text could not be told from the rest of the page.") from error
    body = getattr(found, "body", None)
    text = markup.paragraphs_of(body, _BLOCKS, frozenset()) if body is not None else ""
    first, _, rest = text.partition("\n\n")
    if title and titles.key(first) == titles.key(title):
        text = rest
    if not text:
        raise Refused("There is no text of an article in it.")
    return text


def _published(page: Stated) -> str | None:
    told = [linked.first(page.article, "datePublished"), *(page.told(name) for name in _DATE_META)]
    for text in (*told, linked.first(page.article, "dateCreated")):
        if text and moment(text):
            return text
    for path in (
        "//*[@itemprop='datePublished']",
        "//time[@pubdate]",
        "//article//time[@datetime]",
        "//time[@datetime]",
    ):
        for element in page.root.xpath(path)[:3]:
            text = element.get("datetime") or element.get("content") or markup.text_of(element)
            if moment(text):
                return str(text)
    return _guessed_date(page)


def _guessed_date(page: Stated) -> str | None:
    import htmldate  # here, as trafilatura, which brings it along

    try:
        return htmldate.find_date(page.root, url=page.url, original_date=True)
    except Exception:  # noqa: BLE001 - a guess that fails is no guess
        return None


def _section(page: Stated) -> str | None:
    return linked.first(page.article, "articleSection") or page.told(*_SECTION_META)


def _language(page: Stated) -> str | None:
    root_tag = page.root.get("lang") or page.root.get("xml:lang")
    return next(
        (
            tag
            for text in (root_tag, linked.first(page.article, "inLanguage"), page.told(*_LANGUAGE_META))
            if (tag := facts.language_of(text))
        ),
        None,
    )


def _licence(page: Stated) -> str | None:
    """The address of the licence; "all rights reserved" in words is none."""
    linked_to = page.root.xpath("//*[contains(concat(' ', @rel, ' '), ' license ')]/@href")[:1]
    said = (linked.first(page.article, "license"), *(page.told(name) for name in _LICENCE_META))
    found = (*(facts.address(str(link), page.url) for link in linked_to), *map(facts.address, said))
    return next(filter(None, found), None)


def _short_links(root: Any, url: str) -> list[str]:
    links = root.xpath("//link[@rel='shortlink' or @rel='amphtml']/@href")[:4]
    return [found for link in links if (found := facts.address(str(link), url)) and stated.is_own(found, url)]
