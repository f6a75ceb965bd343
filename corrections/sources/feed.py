"""Feeds to articles: RSS, RDF and Atom through feedparser, JSON Feed by itself."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from corrections.domain import limits
from corrections.domain.articles import ArticleFacts
from corrections.domain.text import one_line
from corrections.sources import facts, markup
from corrections.sources.refusal import Refusal, Refused

_WHOLE: Final = 200
_WHOLE_SUMMARY: Final = 1_500
_CUT_OFF: Final = re.compile(
    r"(?:\.\.\.|…|→|»|>>)\W*\Z|\b(?:read|continue|view|see)\b.{0,40}\b(?:more|reading|full|rest|article|story)\W*\Z",
    re.IGNORECASE,
)
_LICENCE: Final = re.compile(r"https?://\S+")


def articles(
    content: bytes, *, url: str | None = None, charset: str | None = None, origin: str = ""
) -> Iterator[ArticleFacts | Refusal]:
    """The articles of a feed; ``text`` is None where it only announces them. Raises Refused when it is no feed."""
    if len(content) > limits.FETCH_BYTES:
        raise Refused("The feed is longer than %(most)s bytes.", most=f"{limits.FETCH_BYTES:,}")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from _of_json(content, url, origin)
        return
    parsed = _parsed(content, url, charset)
    if not parsed.get("version") and not parsed.get("entries"):
        raise Refused("There is no feed in it.")
    entries, whole = parsed.get("entries", []), parsed.get("feed", {})
    for number, (entry, link) in enumerate(zip(entries, _links(entries, whole, url), strict=True), start=1):
        place = f"{origin or url or 'feed'}, item {number}"
        try:
            yield _article(entry, whole, link, place)
        except Refused as refused:
            yield Refusal(place, str(refused))


def _parsed(content: bytes, url: str | None, charset: str | None) -> Any:
    import feedparser  # here, since only feeds need it

    headers = {"content-type": f"application/xml; charset={charset}"} if charset else {}
    if url:
        headers["content-location"] = url
    try:
        return feedparser.parse(io.BytesIO(content), response_headers=headers)
    except Exception as error:
        raise Refused("It looks like a feed and cannot be read.") from error


def _article(entry: Any, feed: Any, link: str | None, place: str) -> ArticleFacts:
    title, text = _untagged(str(entry.get("title") or "")), _text(entry)
    return facts.article(
        title or (text or _untagged(str(entry.get("summary") or "")))[:120].partition("\n")[0],
        place,
        url=link,
        aliases=(entry.get("feedburner_origlink"),),
        byline=_people(entry) or _people(feed),
        section=next((_untagged(str(tag.get("term") or "")) for tag in entry.get("tags", ()) if tag), "").split(",")[0],
        published=entry.get("published") or entry.get("updated") or entry.get("created"),
        language=entry.get("language") or feed.get("language"),
        licence=_licence(entry) or _licence(feed),
        text=text,
    )


def _links(entries: list[Any], feed: Any, base: str | None) -> list[str | None]:
    """The address of each entry; one that several share, or that is the site's own, is no article's."""
    links = [facts.address(str(entry.get("link") or ""), base) for entry in entries]
    times = Counter(links)
    times[facts.address(str(feed.get("link") or ""), base)] += 1
    return [link if times[link] == 1 else None for link in links]


def _untagged(text: str) -> str:
    return one_line(markup.paragraphs(text) if "<" in text else markup.spoken(text))


def _text(entry: Any) -> str | None:
    """The article's text, if the feed has it and not only its beginning."""
    bodies = [_prose(str(part.get("value") or ""), str(part.get("type") or "")) for part in entry.get("content", ())]
    body = max(bodies, key=len, default="")
    if _is_whole(body, _WHOLE):
        return body
    summary = _prose(str(entry.get("summary") or ""), str(entry.get("summary_detail", {}).get("type") or ""))
    return summary if _is_whole(summary, _WHOLE_SUMMARY) else None


def _prose(value: str, kind: str) -> str:
    return value if kind == "text/plain" and "<" not in value else markup.paragraphs(value)


def _is_whole(text: str, least: int) -> bool:
    return len(text) >= least and not _CUT_OFF.search(text[-80:])


def _people(entry: Any) -> str | None:
    names = [str(person.get("name") or "") for person in entry.get("authors", ()) if person]
    return ", ".join(dict.fromkeys(filter(None, names))) or entry.get("author")


def _licence(entry: Any) -> str | None:
    links = [str(link.get("href") or "") for link in entry.get("links", ()) if link.get("rel") == "license"]
    return next(iter([*links, *_LICENCE.findall(str(entry.get("license") or ""))]), None)


def _of_json(content: bytes, url: str | None, origin: str) -> Iterator[ArticleFacts | Refusal]:
    """A JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    try:
        feed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refused("It looks like a JSON Feed and is not valid JSON.") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org/version" not in str(feed.get("version")):
        raise Refused("It is JSON, and neither a feed nor a list of articles.")
    for number, item in enumerate(items, start=1):
        place = f"{origin or url or 'feed'}, item {number}"
        try:
            if not isinstance(item, dict):
                raise Refused("It is not an item of a feed.")  # noqa: TRY301 - one way out for all that is wrong with an item
            yield _json_article(item, feed, url, place)
        except Refused as refused:
            yield Refusal(place, str(refused))


def _json_article(item: dict[str, Any], feed: dict[str, Any], base: str | None, place: str) -> ArticleFacts:
    html, plain = item.get("content_html"), item.get("content_text")
    text = markup.paragraphs(html) if isinstance(html, str) else plain if isinstance(plain, str) else ""
    keys = ("url", "id", "title", "date_published", "language")
    told = {key: value for key in keys if isinstance(value := item.get(key), str)}
    tags = item.get("tags")
    return facts.article(
        told.get("title") or text[:120].partition("\n")[0],
        place,
        url=facts.address(told.get("url") or told.get("id"), base),
        byline=_json_people(item) or _json_people(feed),
        section=next((tag for tag in tags if isinstance(tag, str)), None) if isinstance(tags, list) else None,
        published=told.get("date_published"),
        language=told.get("language") or (feed["language"] if isinstance(feed.get("language"), str) else None),
        text=text if _is_whole(text, _WHOLE) else None,
    )


def _json_people(item: dict[str, Any]) -> str | None:
    people = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    return (
        ", ".join(str(person["name"]) for person in people or () if isinstance(person, dict) and person.get("name"))
        or None
    )
