"""Full-text search on both databases: FTS5 tables kept by triggers on SQLite, expression indexes on PostgreSQL.

Three things are searched by words: titles of articles, what errata say, the public log. The tables and indexes
themselves are made by the migrations.
"""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    String,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
    union,
)
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.text import folded
from corrections.models import Article, Correction, Erratum, Report

_CORRECTION: Final = Correction.__table__
_ERRATUM: Final = Erratum.__table__
_REPORT: Final = Report.__table__
WORD: Final = re.compile(r"\w+", re.UNICODE)
MAX_WORDS: Final = 12

# The very expressions that the migration made indexes on; PostgreSQL uses an index only for the same expression.
PG_CORRECTION: Final = "to_tsvector('simple', original_text || ' ' || corrected_text || ' ' || note)"
PG_REPORT: Final = "to_tsvector('simple', original_text || ' ' || corrected_text || ' ' || notes)"
PG_TITLE: Final = "to_tsvector('simple', title)"


def words_of(typed: str) -> list[str]:
    """The words to search for, folded, at most MAX_WORDS."""
    return WORD.findall(folded(typed[: limits.SEARCH]))[:MAX_WORDS]


def correction_says(dialect: str) -> ColumnElement[bool]:
    """Corrections that say all the words typed (the last may be a beginning), or are of an article so titled.

    For any words, which ``words_for`` gives, so that a statement with it is built once.
    """
    return _CORRECTION.c.id.in_(_found(dialect, "correction")) | _CORRECTION.c.article_id.in_(
        _found(dialect, "article")
    )


def some_corrections(dialect: str) -> CompoundSelect[int]:
    """Ids of the same ones, each once, from the indexes of words; all of them if they are fewer than ``most``.

    ``most`` is a parameter, to be given with those of ``words_for``.
    """
    titled = select(_CORRECTION.c.id).where(_CORRECTION.c.article_id.in_(_found(dialect, "article")))
    most = bindparam("most", type_=Integer())
    return union(*(select(some.limit(most).subquery()) for some in (_found(dialect, "correction"), titled)))


def given_ids(dialect: str) -> FromClause:
    """The ids that ``ids_for`` gives, as the column ``id`` of a table to join with: a statement begins with them.

    In the list of a condition they would not do: then SQLite goes through an index instead.
    """
    if dialect == "sqlite":
        listed = func.json_each(bindparam("ids", type_=String())).table_valued(column("value", Integer))
        return select(listed.c.value.label("id")).distinct().subquery()  # distinct: or it is looked into for each row
    ids: BindParameter[Sequence[int]] = bindparam("ids", type_=ARRAY(Integer))
    return func.unnest(ids).table_valued(column("id", Integer)).render_derived()


def ids_for(dialect: str, ids: Sequence[int]) -> dict[str, Any]:
    """What a statement with ``given_ids`` is run with."""
    return {"ids": json.dumps(list(ids)) if dialect == "sqlite" else list(ids)}


def words_for(dialect: str, typed: str) -> dict[str, str]:
    """What the statements about corrections are run with."""
    query = _query(dialect, typed)
    return {_name("correction"): query, _name("article"): query}


def erratum_matches(session: Session, typed: str) -> ColumnElement[bool]:
    """Errata with a report that says all the words typed, or of an article so titled."""
    reports = select(Report.erratum_id).where(Report.id.in_(_matching_ids(session, "report", typed)))
    return Erratum.id.in_(reports) | Erratum.article_id.in_(_matching_ids(session, "article", typed))


def few_errata(session: Session, typed: str, number: int | None, most: int) -> list[int] | None:
    """Ids of the same ones and of the one of this number, from the indexes of words; None for more than ``most``."""
    dialect = session.get_bind().dialect.name
    query = _query(dialect, typed)
    values = {_name("report"): query, _name("article"): query, "number": number, "most": most + 1}
    found = session.scalars(_some_errata(dialect), values).all()
    return None if len(found) > most else list(found)


@lru_cache
def _some_errata(dialect: str) -> CompoundSelect[int]:
    most = bindparam("most", type_=Integer())
    words = _REPORT.c.id.in_(_found(dialect, "report")) if dialect == "sqlite" else _says("report")
    said = select(_REPORT.c.erratum_id).where(words, _REPORT.c.erratum_id.is_not(None))
    titled = select(_ERRATUM.c.id).where(_ERRATUM.c.article_id.in_(_found(dialect, "article")))
    numbered = select(_ERRATUM.c.id).where(_ERRATUM.c.number == bindparam("number"))
    return union(*(select(some.limit(most).subquery()) for some in (said.distinct(), titled, numbered)))


def article_ids(session: Session, typed: str, limit: int) -> list[int]:
    """Ids of articles whose title has all the words typed; the last may be a beginning."""
    return list(session.scalars(_matching_ids(session, "article", typed).limit(limit))) if words_of(typed) else []


def article_matches(session: Session, typed: str) -> ColumnElement[bool]:
    """Articles whose title has all the words typed."""
    return Article.id.in_(_matching_ids(session, "article", typed))


_PG: Final = {"correction": PG_CORRECTION, "report": PG_REPORT, "article": PG_TITLE}


def _matching_ids(session: Session, what: str, typed: str) -> Select[int]:
    dialect = session.get_bind().dialect.name
    return _found(dialect, what).params({_name(what): _query(dialect, typed)})


def _name(what: str) -> str:
    return f"{what}_words"


def _query(dialect: str, typed: str) -> str:
    """All the words, the last as a beginning, in the language of the database's search; nothing has no words."""
    words = words_of(typed)
    if dialect == "sqlite":
        return " ".join(f'"{word}"' for word in words) + "*" if words else '""'
    return " & ".join(f"'{word}'" for word in words) + ":*" if words else ""


def _found(dialect: str, what: str) -> Select[int]:
    """The ids, for the words of the parameter ``_name(what)``."""
    if dialect == "sqlite":
        found = table(f"{what}_search", column("rowid"))
        matches = text(f"{what}_search MATCH :{_name(what)}").bindparams(bindparam(_name(what), type_=String()))
        return select(found.c.rowid.label("id")).where(matches)
    return select(table(what, column("id")).c.id).where(_says(what))


def _says(what: str) -> ColumnElement[bool]:
    """The same as a condition on the one table of a statement for PostgreSQL."""
    return literal_column(_PG[what]).op("@@")(func.to_tsquery("simple", bindparam(_name(what), type_=String())))
