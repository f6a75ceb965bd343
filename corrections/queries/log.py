"""What the public log shows: column tuples, never entities, and as many queries for a thousand entries as for one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

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

ENTRY: Final[tuple[Any, ...]] = (
    Correction.number,
    Correction.first_number,
    Correction.kind,
    Correction.state,
    Correction.current,
    Correction.listed,
    Correction.original_text,
    Correction.corrected_text,
    Correction.prefix,
    Correction.suffix,
    Correction.note,
    Correction.published_at,
    Correction.first_published_at,
    Article.title,
    Article.slug,
    Article.url,
    Article.section,
    Article.byline,
    Article.language,
    Article.published_at.label("article_published_at"),
)
NEWEST_FIRST: Final = (Correction.published_at.desc(), Correction.number.desc())


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
    """One page of the log: its entries, how many there are in all, and the cursor of the next page if there is one."""

    lines: Sequence[Line]
    total: int
    next_before: int | None


def version(session: Session) -> int:
    """The number that grows whenever anything public changes."""
    return session.scalar(select(Counter.value).where(Counter.name == "log")) or 0


def page(session: Session, wanted: Wanted, size: int = limits.PAGE) -> Page:
    """A page of the log in two queries."""
    conditions = _conditions(session, wanted)
    total = session.scalar(select(func.count()).select_from(Correction).where(*conditions)) or 0
    lines = newest(session, wanted, size + 1)
    more = len(lines) > size
    return Page(lines=lines[:size], total=total, next_before=lines[size - 1].number if more else None)


def newest(session: Session, wanted: Wanted, size: int = limits.PAGE) -> Sequence[Line]:
    """The newest entries in force that are wanted, before the cursor."""
    conditions = _conditions(session, wanted)
    if wanted.before is not None:
        conditions.append(_before(wanted.before))
    return session.execute(_entries().where(*conditions).order_by(*NEWEST_FIRST).limit(size)).all()


def _entries() -> Select[Any]:
    return select(*ENTRY).join(Article, Article.id == Correction.article_id)


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Correction.current.expression]
    if wanted.article_id is not None:
        conditions.append(Correction.article_id == wanted.article_id)
    if wanted.kind is not None:
        conditions.append(Correction.kind == wanted.kind)
    if wanted.notices:
        conditions.append(Correction.listed.expression)
    if wanted.year is not None:
        start, end = (datetime(year, 1, 1, tzinfo=wanted.zone) for year in (wanted.year, wanted.year + 1))
        conditions += [Correction.published_at >= start, Correction.published_at < end]
    if wanted.q:
        conditions.append(search.correction_matches(session, wanted.q))
    return conditions


def _before(number: int) -> ColumnElement[bool]:
    """What follows the entry of this number in the log; nothing when there is no such entry."""
    cursor = aliased(Correction)
    moment = select(cursor.published_at).where(cursor.number == number).scalar_subquery()
    # The first condition says nothing new, but it is the one an index can use.
    return and_(
        Correction.published_at <= moment,
        or_(Correction.published_at < moment, Correction.number < number),
    )


def years(session: Session, zone: tzinfo) -> range:
    """The years from the newest entry in force back to the oldest."""
    newest_at, oldest_at = (
        session.scalar(select(Correction.published_at).where(Correction.current).order_by(*order).limit(1))
        for order in (NEWEST_FIRST, (Correction.published_at, Correction.number))
    )
    if newest_at is None or oldest_at is None:
        return range(0)
    return range(newest_at.astimezone(zone).year, oldest_at.astimezone(zone).year - 1, -1)


def history(session: Session, number: int) -> Sequence[Line]:
    """The entry of this number with all that it supersedes or that supersede it, oldest first. Raises NotFound."""
    if number > LARGEST:
        raise NotFound(NOWHERE)
    first = select(Correction.first_number).where(Correction.number == number).scalar_subquery()
    lines = session.execute(_entries().where(Correction.first_number == first).order_by(Correction.number)).all()
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
    older, newer = aliased(Correction), aliased(Correction)
    chunk = (
        _entries()
        .add_columns(older.number.label("supersedes"), newer.number.label("superseded_by"))
        .outerjoin(older, older.id == Correction.supersedes_id)
        .outerjoin(newer, newer.supersedes_id == Correction.id)
        .order_by(Correction.number)
        .limit(EXPORT_CHUNK)
    )
    last = 0
    while lines := session.execute(chunk.where(Correction.number > last)).all():
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
