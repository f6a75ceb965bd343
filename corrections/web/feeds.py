"""The log for machines: feeds, the whole of it as rows, and what search engines ask for."""

from collections.abc import Callable, Iterable, Iterator

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from corrections import links
from corrections.queries import log
from corrections.queries.log import Line, Wanted
from corrections.web import exports, public
from corrections.web.entries import EPOCH, entries_of, tag
from corrections.web.filters import query_of, wanted
from corrections.web.page import publication
from corrections.web.syndication import Feed, atom, json_feed

bp = Blueprint("feeds", __name__)

ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"


@bp.get("/feed.atom", endpoint="atom")
def whole_atom() -> ResponseReturnValue:
    """The log as Atom; the same query as the page narrows it."""
    asked = wanted()
    return public.answer(lambda session: atom(_of_log(session, asked)), query_of(asked), ATOM_TYPE)


@bp.get("/feed.json", endpoint="json_feed")
def whole_json() -> ResponseReturnValue:
    """The log as JSON Feed; the same query as the page narrows it."""
    asked = wanted()
    return public.answer(lambda session: json_feed(_of_log(session, asked)), query_of(asked), JSON_TYPE)


@bp.get("/articles/<slug>/feed.atom")
def article_atom(slug: str) -> ResponseReturnValue:
    """One article's corrections as Atom."""
    return public.answer(lambda session: atom(_of_article(session, slug)), mimetype=ATOM_TYPE)


@bp.get("/articles/<slug>/feed.json")
def article_json(slug: str) -> ResponseReturnValue:
    """One article's corrections as JSON Feed."""
    return public.answer(lambda session: json_feed(_of_article(session, slug)), mimetype=JSON_TYPE)


@bp.get("/corrections.csv")
def csv_file() -> ResponseReturnValue:
    """All there ever was in the log, as a table."""
    return public.stream(_rows(exports.comma_separated), "text/csv")


@bp.get("/corrections.jsonl")
def json_lines() -> ResponseReturnValue:
    """All there ever was in the log, as JSON Lines."""
    return public.stream(_rows(exports.json_lines), "application/jsonl")


@bp.get("/sitemap.xml")
def sitemap_index() -> ResponseReturnValue:
    """Where the sitemaps are."""

    def render(session: Session) -> str:
        addresses = [links.absolute("feeds.sitemap", block=block) for block in range(log.sitemap_blocks(session))]
        return render_template("feeds/sitemap_index.xml", addresses=addresses)

    return public.answer(render, mimetype="application/xml")


@bp.get("/sitemap-<int:block>.xml")
def sitemap(block: int) -> ResponseReturnValue:
    """The public pages that a block of the log accounts for."""
    return public.answer(
        lambda session: render_template("feeds/sitemap.xml", pages=_pages(session, block)), mimetype="application/xml"
    )


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """What crawlers need not look at."""
    address = links.absolute("feeds.sitemap_index")
    return public.answer(lambda _: render_template("feeds/robots.txt", sitemap=address), mimetype="text/plain")


def _of_log(session: Session, asked: Wanted) -> Feed:
    query = query_of(asked)
    shown = publication()
    return Feed(
        id=tag(shown.tag_authority, EPOCH, "?".join(["corrections", *(f"{k}={v}" for k, v in query.items())])),
        title=gettext("Corrections of %(publication)s", publication=shown.name),
        page=links.absolute("log.index", **query),
        atom_url=links.absolute("feeds.atom", **query),
        json_url=links.absolute("feeds.json_feed", **query),
        publication=shown,
        entries=entries_of(log.newest(session, asked), shown.tag_authority),
    )


def _of_article(session: Session, slug: str) -> Feed:
    article = log.article(session, slug)
    shown = publication()
    return Feed(
        id=tag(shown.tag_authority, EPOCH, f"articles/{slug}"),
        title=gettext("Corrections to “%(article)s”", article=article.title),
        page=links.absolute("log.article", slug=slug),
        atom_url=links.absolute("feeds.article_atom", slug=slug),
        json_url=links.absolute("feeds.article_json", slug=slug),
        publication=shown,
        entries=entries_of(log.newest(session, Wanted(article_id=article.id)), shown.tag_authority),
    )


def _rows(write: Callable[[Iterable[Line]], Iterator[str]]) -> Callable[[Session], Iterator[str]]:
    return lambda session: write(log.everything(session))


def _pages(session: Session, block: int) -> list[tuple[str, str]]:
    """(address, date of change or '') of the fixed pages, of the articles and of the entries in force."""
    pages = [(links.absolute(endpoint), "") for endpoint in ("log.index", "log.policy")] if block == 0 else []
    for line in log.sitemap(session, block):
        if line.sequence == 1:
            pages.append((links.absolute("log.article", slug=line.slug), ""))
        if line.current:
            pages.append((links.absolute("log.correction", number=line.number), line.published_at.isoformat()))
    return pages
