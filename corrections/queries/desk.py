"""What the desk's queue and screening show: column tuples, kept counts, and as many queries for any number of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.errors import Rejected
from corrections.domain.states import Screening, Status
from corrections.models import Article, Editor, Erratum, ErratumCount, Report
from corrections.queries import search

Line: TypeAlias = Row[*tuple[Any, ...]]

COUNT_UP_TO: Final = 1_000  # what is narrowed is counted so far; beyond, "more than" is enough to know
NOTES_SHOWN: Final = 200
UNKNOWN_PLACE: Final = "The list cannot go on from there. It begins at its top."
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LARGEST: Final = 2**63 - 1


class Sort(StrEnum):
    """The orders of the queue; each has an index that gives it."""

    OLDEST = "oldest"
    NEWEST = "newest"
    MOST_REPORTED = "most_reported"


# The tables and not the classes mapped to them: a row is then what the database gave, without the mapper around it.
_ERRATUM: Final = Erratum.__table__
_ARTICLE: Final = Article.__table__
_EDITOR: Final = Editor.__table__
_REPORT: Final = Report.__table__
_BY: Final[Mapping[Sort, tuple[ColumnElement[Any], bool]]] = {
    Sort.OLDEST: (_ERRATUM.c.reported_at, False),
    Sort.NEWEST: (_ERRATUM.c.last_reported_at, True),
    Sort.MOST_REPORTED: (_ERRATUM.c.report_count, True),
}


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row seen: its value in the order, and its id."""

    value: Any
    id: int

    @classmethod
    def read(cls, text: str, sort: Sort) -> "Cursor | None":
        """From an address; None for ''. Raises Rejected when it is not one of ours."""
        if not text:
            return None
        value, dot, key = text.partition(".")
        if not (dot and all(part.isascii() and part.isdecimal() and int(part) <= _LARGEST for part in (value, key))):
            raise Rejected(UNKNOWN_PLACE, {"after": UNKNOWN_PLACE})
        if sort is Sort.MOST_REPORTED:
            return cls(int(value), int(key))
        try:
            return cls(_EPOCH + int(value) * _MICROSECOND, int(key))
        except OverflowError as error:
            raise Rejected(UNKNOWN_PLACE, {"after": UNKNOWN_PLACE}) from error

    def __str__(self) -> str:
        value = (self.value - _EPOCH) // _MICROSECOND if isinstance(self.value, datetime) else self.value
        return f"{value}.{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the queue is asked for; ``ids``: of these only, which are few."""

    statuses: tuple[Status, ...]
    conditions: tuple[ColumnElement[bool], ...] = ()
    ids: tuple[int, ...] | None = None
    sort: Sort = Sort.OLDEST
    after: Cursor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many errata there are of each status, and how many reports wait for screening."""

    by_status: Mapping[Status, int]
    screening: int

    def of(self, statuses: Sequence[Status]) -> int:
        """How many have one of these statuses."""
        return sum(self.by_status.get(status, 0) for status in statuses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows of a list, how many there are in all (``more``: at least), and where the next page begins."""

    lines: Sequence[Line]
    total: int
    more: bool
    after: str


_KEPT: Final = ErratumCount.__table__.c
_HELD: Final = select(func.count()).where(_REPORT.c.screening == Screening.HELD).scalar_subquery()
_COUNTS: Final = select(_KEPT.status, _KEPT.n, _HELD.label("held"))


def counts(session: Session) -> Counts:
    """The kept counts, and the held reports, which are few."""
    lines = session.execute(_COUNTS).all()
    return Counts(by_status={line.status: line.n for line in lines}, screening=lines[0].held if lines else 0)


_NOTES: Final = (
    select(func.substr(_REPORT.c.notes, 1, NOTES_SHOWN))
    .where(_REPORT.c.erratum_id == _ERRATUM.c.id)
    .order_by(_REPORT.c.id)
    .limit(1)
    .correlate(_ERRATUM)
    .scalar_subquery()
)
ROW: Final[tuple[Any, ...]] = (
    _ERRATUM.c.id,
    _ERRATUM.c.number,
    _ERRATUM.c.status,
    _ERRATUM.c.revision,
    _ERRATUM.c.anchor_state,
    _ERRATUM.c.certainty,
    _ERRATUM.c.kind,
    _ERRATUM.c.severity,
    _ERRATUM.c.report_count,
    _ERRATUM.c.reported_at,
    _ERRATUM.c.last_reported_at,
    _ERRATUM.c.held_until,
    _ERRATUM.c.corrected_text,
    _ERRATUM.c.article_id,
    _ERRATUM.c.article_as_given,
    _ARTICLE.c.title,
    _ARTICLE.c.language,
    _EDITOR.c.name.label("assignee"),
    _ERRATUM.c.original_text,
    _ERRATUM.c.prefix,
    _ERRATUM.c.suffix,
    case((_ERRATUM.c.original_text == "", _NOTES), else_="").label("notes"),
)


def queue(session: Session, wanted: Wanted, kept: Counts, size: int = limits.PAGE) -> Page:
    """A page of the queue in its order, in one query; a second one counts what is narrowed by search words."""
    past = wanted.after is not None
    values = {"past_value": wanted.after.value, "past_id": wanted.after.id} if wanted.after is not None else {}
    if wanted.ids is not None:
        dialect = session.get_bind().dialect.name
        statement, values = _of_few(dialect, wanted, wanted.ids, size), values | search.ids_for(dialect, wanted.ids)
    else:
        build = _unnarrowed if not wanted.conditions else _statement
        statement = build(wanted.statuses, wanted.conditions, wanted.sort, past=past, size=size)
    lines = session.execute(statement, values).all()
    all_here = wanted.after is None and len(lines) <= size
    total, more = (len(lines), False) if all_here else _total(session, wanted, kept)
    after = ""
    if len(lines) > size:
        last = lines[size - 1]
        after = str(Cursor(getattr(last, str(_BY[wanted.sort][0].key)), last.id))
    return Page(lines=lines[:size], total=total, more=more, after=after)


def _statement(
    statuses: Sequence[Status], conditions: Sequence[ColumnElement[bool]], sort: Sort, *, past: bool, size: int
) -> Select[Any]:
    """A page: the first ids of each status in the order asked for, read from its index; then together."""
    column, descending = _BY[sort]
    each = []
    for status in statuses or (None,):
        ordered = (
            select(_ERRATUM.c.id, column.label("key"))
            .where(
                _ERRATUM.c.status == status, *conditions, *(_past(column, _ERRATUM.c.id, descending) if past else ())
            )
            .order_by(*(key.desc() if descending else key for key in (column, _ERRATUM.c.id)))
            .limit(size + 1)
        )
        each.append(select(*ordered.subquery().c))
    return _rows(each[0].subquery() if len(each) == 1 else union_all(*each).subquery(), descending, size)


def _few(dialect: str, wanted: Wanted, ids: Sequence[int]) -> Subquery:
    """Those of the ids that fit; their status and their place in the order are looked at afterwards.

    The limit, which cuts off nothing, keeps SQLite from going through a whole index for the sake of these.
    """
    given = search.given_ids(dialect)
    columns = (_ERRATUM.c.id, _ERRATUM.c.status, _BY[wanted.sort][0].label("key"))
    some = select(*columns).join_from(given, _ERRATUM, _ERRATUM.c.id == given.c.id).where(*wanted.conditions)
    return some.limit(len(ids)).subquery()


def _of_few(dialect: str, wanted: Wanted, ids: Sequence[int], size: int) -> Select[Any]:
    """A page of them."""
    some, descending = _few(dialect, wanted, ids), _BY[wanted.sort][1]
    found = select(some.c.id, some.c.key).where(some.c.status.in_(wanted.statuses))
    if wanted.after is not None:
        found = found.where(*_past(some.c.key, some.c.id, descending))
    ordered = found.order_by(*(key.desc() if descending else key for key in (some.c.key, some.c.id))).limit(size + 1)
    return _rows(ordered.subquery(), descending, size)


def _rows(found: Subquery, descending: bool, size: int) -> Select[Any]:
    """What the queue shows of the errata found, in their order."""
    return (
        select(*ROW)
        .join_from(_ERRATUM, found, found.c.id == _ERRATUM.c.id)
        .outerjoin(_ARTICLE, _ARTICLE.c.id == _ERRATUM.c.article_id)
        .outerjoin(_EDITOR, _EDITOR.c.id == _ERRATUM.c.assignee_id)
        .order_by(*(key.desc() if descending else key for key in (found.c.key, found.c.id)))
        .limit(size + 1)
    )


# Built once for each tab and order: building it takes longer than running it.
_unnarrowed = lru_cache(maxsize=64)(_statement)


def _past(column: Any, key: Any, descending: bool) -> list[ColumnElement[bool]]:
    """What follows the cursor; the first condition says nothing new, but it is the one an index can use."""
    value, last = bindparam("past_value", type_=column.type), bindparam("past_id", type_=Integer())
    if descending:
        return [column <= value, or_(column < value, key < last)]
    return [column >= value, or_(column > value, key > last)]


def _total(session: Session, wanted: Wanted, kept: Counts) -> tuple[int, bool]:
    if wanted.ids is not None:
        dialect = session.get_bind().dialect.name
        some = _few(dialect, wanted, wanted.ids)
        counted = select(func.count()).select_from(some).where(some.c.status.in_(wanted.statuses))
        return session.scalar(counted, search.ids_for(dialect, wanted.ids)) or 0, False
    if not wanted.conditions:
        return kept.of(wanted.statuses), False
    narrowed = select(_ERRATUM.c.id).where(_ERRATUM.c.status.in_(wanted.statuses), *wanted.conditions)
    counted = select(func.count()).select_from(narrowed.limit(COUNT_UP_TO + 1).subquery())
    found = session.scalar(counted) or 0
    return min(found, COUNT_UP_TO), found > COUNT_UP_TO


def held_reports(session: Session, after: int | None, size: int = limits.PAGE) -> Page:
    """Reports that wait for screening, oldest first; ``after`` is the id of the last one seen."""
    held = Report.screening == Screening.HELD
    columns = _REPORT.c
    lines = session.execute(
        select(
            Report.id,
            Report.received_at,
            Report.channel,
            Report.screening_reason,
            Report.article_as_given,
            columns.original_text,
            Report.corrected_text,
            Report.notes,
        )
        .where(and_(held, Report.id > (after or 0)))
        .order_by(Report.id)
        .limit(size + 1)
    ).all()
    total = session.scalar(select(func.count()).where(held)) or 0
    last = lines[size - 1].id if len(lines) > size else ""
    return Page(lines=lines[:size], total=total, more=False, after=str(last))
