"""The one place where what a source found becomes ArticleFacts: cleaned, and held to the limits."""

import re
from collections.abc import Iterable
from typing import Final, TypedDict, Unpack
from urllib.parse import urljoin

from corrections.domain import limits
from corrections.domain.articles import ArticleFacts
from corrections.domain.text import clean, one_line
from corrections.domain.urls import canonical_url
from corrections.sources.moments import moment
from corrections.sources.refusal import Refused

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_BY: Final = re.compile(
    r"(?:(?:written|posted|story|words)\s+)?by\b[:\s]\s*|(?:著者|作者)[:\uff1a\s]\s*|文[●:\uff1a]\s*", re.IGNORECASE
)
_EDGES: Final = " |,;·•-:\u2013\u2014"
_CONTACT: Final = re.compile(
    r"[(<\[]?(?:mailto:)?[^\s@|<>()]+@[^\s@|<>()]+\.[a-z]{2,}[)>\]]?|\(?https?://[^\s)]+\)?", re.IGNORECASE
)


class Told(TypedDict, total=False):
    """What else a source may say of an article, as it says it."""

    url: str | None
    aliases: Iterable[str | None]
    byline: str | None
    section: str | None
    published: object
    language: str | None
    licence: str | None
    text: str | None


def article(title: str | None, origin: str, **told: Unpack[Told]) -> ArticleFacts:
    """Facts from what was found, as it was found. Raises Refused without a title or with a text beyond the limit."""
    named = one_line(title or "", limits.TITLE)
    if not named:
        raise Refused("It has no title.")
    # Letters and marks stay as published, so that places can be said in characters of what was published.
    body = clean(told.get("text") or "", composed=False)
    if len(body) > limits.ARTICLE_TEXT:
        raise Refused(
            "Its text has %(length)s characters; at most %(most)s are taken.",
            length=f"{len(body):,}",
            most=f"{limits.ARTICLE_TEXT:,}",
        )
    here = address(told.get("url"))
    others = dict.fromkeys(found for alias in told.get("aliases", ()) if (found := address(alias)) and found != here)
    return ArticleFacts(
        title=named,
        url=here,
        aliases=tuple(others),
        byline=byline_of(told.get("byline")),
        section=one_line(told.get("section") or "", limits.SECTION) or None,
        published_at=moment(told.get("published")),
        language=language_of(told.get("language")),
        licence=one_line(told.get("licence") or "", limits.URL) or None,
        text=body or None,
        origin=origin,
    )


def byline_of(text: str | None) -> str | None:
    """A byline without its "by" and without addresses of mail and pages."""
    named = one_line(_CONTACT.sub(" ", text or ""))
    if started := _BY.match(named):
        named = named[started.end() :]
    return one_line(named, limits.BYLINE).strip(_EDGES) or None


def language_of(text: str | None) -> str | None:
    """A language tag (RFC 5646) such as ``en`` or ``pt-BR``, None for anything else."""
    tag = (text or "").strip().split(",")[0].split(";")[0].strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(tag) or len(tag) > limits.LANGUAGE:
        return None
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])  # noqa: PLR2004 - a country has two letters


def address(text: str | None, base: str | None = None) -> str | None:
    """The absolute http(s) address that ``text`` means on a page at ``base``; None for anything else."""
    if not text or not text.strip():
        return None
    try:
        return canonical_url(urljoin(base, text.strip()) if base else text)
    except ValueError:
        return None
