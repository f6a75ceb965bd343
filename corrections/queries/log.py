"""What the public log shows: column tuples, never entities, and as many queries for a thousand entries as for one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import Enum, auto
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.errors import NotFound
from corrections.domain.policy import Kind
from corrections.models import Article, Correction, Counter
from corrections.queries import search

Line: TypeAlias = Row[*tuple[Any, ...]]

NOWHERE: Final = "There is nothing at this address."
SLUG: Final = re.compile(r"[a-z0-9-]+")
LARGEST: Final = 2**31 - 1  # what both databases hold as an integer
EXPORT_CHUNK: Final = 1_000
SITEMAP_BLOCK: Final = 10_000
# What is counted ends here; beyond, "more than" is enough to know.
COUNT_UP_TO: Final = 10_000
FEW: Final = 1_000  # as many as are quickly read and sorted; of more, the newest are looked for

# The tables and not the classes mapped to them: a row is then what the database gave, without the mapper around it.
_CORRECTION: Final = Correction.__table__
_ARTICLE: Final = Article.__table__
_OF_ENTRY: Final = (
    "number", "first_number", "kind", "state", "current", "listed", "original_text", "corrected_text", "prefix",
    "suffix", "note", "published_at", "first_published_at",
)  # fmt: skip
_OF_ARTICLE: Final[tuple[Any, ...]] = (
    _ARTICLE.c.title,
    _ARTICLE.c.slug,
    _ARTICLE.c.url,
    _ARTICLE.c.section,
    _ARTICLE.c.byline,
    _ARTICLE.c.language,
    _ARTICLE.c.published_at.label("article_published_at"),
)


_NEWEST_FIRST: Final = (_CORRECTION.c.published_at.desc(), _CORRECTION.c.number.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader asks the log for. ``before`` is the number of the last entry seen; ``year`` counts in ``zone``."""

    q: str = ""
    kind: Kind | None = None
    year: int | None = None
    notices: bool = False
    before: int | None = None
    article_id: int | None = None
    zone: tzinfo = UTC

    @property
    def narrowed(self) -> bool:
        """Whether anything but the place in the list was asked for."""
        return bool(self.q or self.kind or self.year or self.notices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the log: its entries, how many there are (``more``: at least), and the cursor of the next page."""

    lines: Sequence[Line]
    total: int
    more: bool
    next_before: int | None


_COUNTER: Final = Counter.__table__.c
_VERSION: Final = select(_COUNTER.value).where(_COUNTER.name == "log")


def version(session: Session) -> int:
    """The number that grows whenever anything public changes."""
    return session.scalar(_VERSION) or 0


class _Found(Enum):
    """How entries are found by words."""

    UNASKED = auto()
    FEW = auto()
    MANY = auto()


def page(session: Session, wanted: Wanted, size: int = limits.PAGE) -> Page:
    """A page of the log in one query; words take one more, to know whether they are in few entries or in many."""
    values, found = _asked(session, wanted)
    lines = _lines(session, values, found, size + 1, with_total=True)
    total = lines[0].total if lines else _total(session, values, found)
    most = _most(found)
    more = len(lines) > size
    return Page(
        lines=lines[:size],
        total=min(total, most),
        more=total > most,
        next_before=lines[size - 1].number if more else None,
    )


def newest(session: Session, wanted: Wanted, size: int = limits.PAGE) -> Sequence[Line]:
    """The newest entries in force that are wanted, before the cursor."""
    return _lines(session, *_asked(session, wanted), size, with_total=False)


def _asked(session: Session, wanted: Wanted) -> tuple[dict[str, Any], _Found]:
    """What the statements are run with, and how they find the words."""
    values: dict[str, Any] = {"article_id": wanted.article_id, "kind": wanted.kind, "before": wanted.before}
    if wanted.notices:
        values["listed"] = True
    if wanted.year is not None:
        values["start"], values["end"] = (
            datetime(year, 1, 1, tzinfo=wanted.zone) for year in (wanted.year, wanted.year + 1)
        )
    values = {name: value for name, value in values.items() if value is not None}
    if not wanted.q:
        return values, _Found.UNASKED
    dialect = session.get_bind().dialect.name
    words = search.words_for(dialect, wanted.q)
    ids = session.scalars(_some(dialect), words | {"most": FEW + 1}).all()
    if len(ids) > FEW:
        return values | words, _Found.MANY
    return values | search.ids_for(dialect, ids), _Found.FEW


def _lines(
    session: Session, values: Mapping[str, Any], found: _Found, size: int, *, with_total: bool
) -> Sequence[Line]:
    statement = _statement(session.get_bind().dialect.name, frozenset(values), found, with_total)
    return session.execute(statement, {**values, "size": size, "most": _most(found) + 1}).all()


def _total(session: Session, values: Mapping[str, Any], found: _Found) -> int:
    """How many there are when the page has none: behind the cursor there may be nothing, but before it."""
    if "before" not in values:
        return 0
    count = _count(session.get_bind().dialect.name, frozenset(values), found)
    return session.scalar(count, {**values, "most": _most(found) + 1}) or 0


def _most(found: _Found) -> int:
    return COUNT_UP_TO if found is _Found.UNASKED else FEW


# The statements are built once for each set of things that are asked for: building takes longer than running.


@lru_cache
def _some(dialect: str) -> CompoundSelect[int]:
    return search.some_corrections(dialect)


@lru_cache(maxsize=256)
def _statement(dialect: str, asked: frozenset[str], found: _Found, with_total: bool) -> Select[Any]:
    source = _source(dialect, found)
    lines = _entries(source).where(*_conditions(source, dialect, asked, found))
    if with_total:
        lines = lines.add_columns(_count(dialect, asked, found).scalar_subquery().label("total"))
    if "before" in asked:
        lines = lines.where(_before(source))
    return lines.order_by(source.c.published_at.desc(), source.c.number.desc()).limit(
        bindparam("size", type_=Integer())
    )


@lru_cache(maxsize=256)
def _count(dialect: str, asked: frozenset[str], found: _Found) -> Select[int]:
    """How many are wanted, before the cursor or behind it, up to the parameter ``most``."""
    source = _source(dialect, found)
    some = select(source.c.id).where(*_conditions(source, dialect, asked, found))
    return select(func.count()).select_from(some.limit(_MOST).subquery())


_MOST: Final[BindParameter[int]] = bindparam("most", type_=Integer())


def _source(dialect: str, found: _Found) -> FromClause:
    """What is gone through in the order of the log: all entries, or few that were looked up one by one."""
    if found is not _Found.FEW:
        return _CORRECTION
    ids = search.given_ids(dialect)
    # The limit keeps SQLite from going through an index on the moment and looking for the ids of each.
    some = select(_CORRECTION).join_from(ids, _CORRECTION, _CORRECTION.c.id == ids.c.id).limit(_MOST)
    return some.subquery()


def _entries(source: FromClause = _CORRECTION) -> Select[Any]:
    columns = [source.c[name] for name in _OF_ENTRY]
    return select(*columns, *_OF_ARTICLE).join_from(source, _ARTICLE, _ARTICLE.c.id == source.c.article_id)


def _conditions(source: FromClause, dialect: str, asked: frozenset[str], found: _Found) -> list[ColumnElement[bool]]:
    """What is in force and wanted, but for the cursor."""
    every = {
        "article_id": source.c.article_id == bindparam("article_id"),
        "kind": source.c.kind == bindparam("kind"),
        "listed": source.c.listed,
        "start": source.c.published_at >= bindparam("start"),
        "end": source.c.published_at < bindparam("end"),
    }
    conditions = [source.c.current, *(condition for name, condition in every.items() if name in asked)]
    return [*conditions, search.correction_says(dialect)] if found is _Found.MANY else conditions


def _before(source: FromClause) -> ColumnElement[bool]:
    """What follows the entry of this number in the log; nothing when there is no such entry."""
    cursor = _CORRECTION.alias()
    number: ColumnElement[int] = bindparam("before", type_=Integer())
    moment = select(cursor.c.published_at).where(cursor.c.number == number).scalar_subquery()
    # The first condition says nothing new, but it is the one an index can use.
    return and_(
        source.c.published_at <= moment,
        or_(source.c.published_at < moment, source.c.number < number),
    )


def years(session: Session, zone: tzinfo) -> range:
    """The years from the newest entry in force back to the oldest."""
    newest_at, oldest_at = (
        session.scalar(select(_CORRECTION.c.published_at).where(_CORRECTION.c.current).order_by(*order).limit(1))
        for order in (_NEWEST_FIRST, (_CORRECTION.c.published_at, _CORRECTION.c.number))
    )
    if newest_at is None or oldest_at is None:
        return range(0)
    return range(newest_at.astimezone(zone).year, oldest_at.astimezone(zone).year - 1, -1)


def history(session: Session, number: int) -> Sequence[Line]:
    """The entry of this number with all that it supersedes or that supersede it, oldest first. Raises NotFound."""
    if number > LARGEST:
        raise NotFound(NOWHERE)
    first = select(_CORRECTION.c.first_number).where(_CORRECTION.c.number == number).scalar_subquery()
    lines = session.execute(_entries().where(_CORRECTION.c.first_number == first).order_by(_CORRECTION.c.number)).all()
    if not lines:
        raise NotFound(NOWHERE)
    return lines


def article(session: Session, slug: str) -> Line:
    """Id, title, slug, address, byline, section, language and date of an article. Raises NotFound."""
    if not SLUG.fullmatch(slug):
        raise NotFound(NOWHERE)
    columns: tuple[Any, ...] = (
        Article.id, Article.title, Article.slug, Article.url, Article.byline, Article.section, Article.language,
        Article.published_at.label("article_published_at"),
    )  # fmt: skip
    line = session.execute(select(*columns).where(Article.slug == slug)).one_or_none()
    if line is None:
        raise NotFound(NOWHERE)
    return line


def everything(session: Session) -> Iterator[Line]:
    """All there ever was in the log, by number, with the numbers of what an entry supersedes and is superseded by.

    Read in chunks, each with a connection of its own, so that a slow reader of the result holds nothing up.
    """
    older, newer = _CORRECTION.alias(), _CORRECTION.alias()
    chunk = (
        _entries()
        .add_columns(older.c.number.label("supersedes"), newer.c.number.label("superseded_by"))
        .outerjoin(older, older.c.id == _CORRECTION.c.supersedes_id)
        .outerjoin(newer, newer.c.supersedes_id == _CORRECTION.c.id)
        .order_by(_CORRECTION.c.number)
        .limit(EXPORT_CHUNK)
    )
    last = 0
    while lines := session.execute(chunk.where(_CORRECTION.c.number > last)).all():
        session.close()
        yield from lines
        last = lines[-1].number


def sitemap_blocks(session: Session) -> int:
    """How many sitemaps of SITEMAP_BLOCK numbers each there are; at least one."""
    last = session.scalar(select(func.max(Correction.number))) or 0
    return last // SITEMAP_BLOCK + 1


def sitemap(session: Session, block: int) -> Sequence[Line]:
    """Number, date, article and whether it is in force and the article's first, of every entry of a block."""
    if block > LARGEST // SITEMAP_BLOCK:
        return []
    start = block * SITEMAP_BLOCK
    columns: tuple[Any, ...] = (
        Correction.number, Correction.current, Correction.sequence, Correction.published_at, Article.slug,
    )  # fmt: skip
    lines = select(*columns).join(Article, Article.id == Correction.article_id)
    wanted = and_(Correction.number >= start, Correction.number < start + SITEMAP_BLOCK)
    return session.execute(lines.where(wanted).order_by(Correction.number)).all()
