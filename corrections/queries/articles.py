"""Looking articles up: by their names, and by what a title looks like."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.clues import all_but_one, halves, telling_words
from corrections.domain.matching import Reason
from corrections.domain.sayings import Change, Saying
from corrections.domain.text import one_line
from corrections.domain.titles import title_key, title_keys
from corrections.domain.urls import looks_like_url, url_key
from corrections.models import Article, ArticleName, NameKind, Publication, Snapshot
from corrections.queries import candidates, search
from corrections.queries.matching import options

__all__ = [
    "Suggestion",
    "by_url",
    "key_of",
    "latest_id",
    "latest_snapshot",
    "named",
    "options",
    "saying_of",
    "suggest",
    "with_text",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An article offered while somebody types."""

    title: str
    url: str | None
    slug: str


def key_of(kind: NameKind, words: str) -> str:
    """The key that a title or an address is stored and looked up by."""
    return (url_key(words) if kind is NameKind.URL else title_key(words))[: limits.KEY]


# Built once: these run for every report that comes in.
_NAMED: Final = (
    select(ArticleName.article_id)
    .where(ArticleName.kind == bindparam("kind"), ArticleName.key == bindparam("key"))
    .distinct()
    .limit(limits.CANDIDATES)
)
_NEWEST: Final = (
    select(Snapshot).where(Snapshot.article_id == bindparam("article_id")).order_by(Snapshot.number.desc()).limit(1)
)
_NEWEST_ID: Final = (
    select(Snapshot.id).where(Snapshot.article_id == bindparam("article_id")).order_by(Snapshot.number.desc()).limit(1)
)
_WITH_TEXT: Final = (
    select(Article, Snapshot)
    .outerjoin(Snapshot, Snapshot.id == _NEWEST_ID.scalar_subquery())
    .where(Article.id == bindparam("article_id"))
)


def by_url(session: Session, url: str) -> Article | None:
    """The article that goes or went by this address."""
    found = _named(session, NameKind.URL, [url_key(url)])
    return session.get(Article, min(found)) if found else None


def latest_snapshot(session: Session, article_id: int) -> Snapshot | None:
    """The newest text of the article; None when only its title is known."""
    return session.scalars(_NEWEST, {"article_id": article_id}).one_or_none()


def latest_id(session: Session, article_id: int) -> int | None:
    """The id of the newest text of the article, if there is one."""
    return session.scalar(_NEWEST_ID, {"article_id": article_id})


def with_text(session: Session, article_id: int) -> tuple[Article, Snapshot | None]:
    """The article and its newest text, read together."""
    article, snapshot = session.execute(_WITH_TEXT, {"article_id": article_id}).one()
    return article, snapshot


def named(session: Session, given: str) -> tuple[Sequence[int], Reason]:
    """Ids of the articles that go or went by exactly this address or title, and which of the two it was."""
    if looks_like_url(given) and (found := _named(session, NameKind.URL, [url_key(given)])):
        return found, Reason.ADDRESS
    return _by_title(session, given), Reason.TITLE


def saying_of(given: str, original: str = "", corrected: str = "") -> Saying:
    """What an erratum, or a single field, says of an article: its title or address as typed, and one change."""
    changes = (Change(original=original, corrected=corrected),) if original or corrected else ()
    return Saying(articles=(given,) if given.strip() else (), changes=changes)


def _by_title(session: Session, given: str) -> Sequence[int]:
    key = key_of(NameKind.TITLE, given)
    if not key:
        return []
    if found := _named(session, NameKind.TITLE, [key]):
        return found
    names = session.scalars(select(Publication.name)).all()
    return _named(session, NameKind.TITLE, [other for other in title_keys(given, names) if other != key])


def _named(session: Session, kind: NameKind, keys: Iterable[str]) -> Sequence[int]:
    for key in keys:
        if key and (ids := session.scalars(_NAMED, {"kind": kind, "key": key[: limits.KEY]}).all()):
            return ids
    return []


def suggest(session: Session, typed: str) -> list[Suggestion]:
    """Articles whose title holds or resembles what was typed so far, the likeliest first."""
    typed = one_line(typed, limits.SEARCH)
    by_address = _named(session, NameKind.URL, [url_key(typed)]) if looks_like_url(typed) else []
    ids = list(by_address) or _like(session, typed)
    rows = session.execute(_SUGGESTED, {"ids": ids})
    order = {article_id: rank for rank, article_id in enumerate(ids)}
    rows_in_order = sorted(rows, key=lambda row: order[row.id])
    return [Suggestion(title=row.title, url=row.url, slug=row.slug) for row in rows_in_order]


_SUGGESTED: Final = select(Article.id, Article.title, Article.url, Article.slug).where(
    Article.id.in_(bindparam("ids", expanding=True))
)


def _like(session: Session, typed: str) -> list[int]:
    """Titles that begin so, then those with these words, then those with most of the words or letters."""
    key = key_of(NameKind.TITLE, typed)
    if not key:
        return []
    found = [article_id for article_id, _ in candidates.beginning_with(session, key)]
    if len(found) < limits.SUGGESTIONS:
        found += search.article_ids(session, typed, limits.SUGGESTIONS)
    if not found:
        words = telling_words(key)
        alike = candidates.with_words(session, all_but_one(words)) or candidates.with_letters(session, halves(words[0]))
        alike.sort(key=lambda one: (-fuzz.token_set_ratio(key, one[1]), one[0]))
        found = [article_id for article_id, _ in alike]
    return list(dict.fromkeys(found))[: limits.SUGGESTIONS]
