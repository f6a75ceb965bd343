"""Full-text search on both databases: FTS5 tables kept by triggers on SQLite, expression indexes on PostgreSQL.

Three things are searched by words: titles of articles, what errata say, the public log. The tables and indexes
themselves are made by the migrations.
"""

import re
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.text import folded
from corrections.models import Article, Correction, Erratum, Report

WORD: Final = re.compile(r"\w+", re.UNICODE)
MAX_WORDS: Final = 12

# The very expressions that the migration made indexes on; PostgreSQL uses an index only for the same expression.
PG_CORRECTION: Final = "to_tsvector('simple', original_text || ' ' || corrected_text || ' ' || note)"
PG_REPORT: Final = "to_tsvector('simple', original_text || ' ' || corrected_text || ' ' || notes)"
PG_TITLE: Final = "to_tsvector('simple', title)"


def words_of(typed: str) -> list[str]:
    """The words to search for, folded, at most MAX_WORDS."""
    return WORD.findall(folded(typed[: limits.SEARCH]))[:MAX_WORDS]


def correction_matches(session: Session, typed: str) -> ColumnElement[bool]:
    """Corrections that say all the words typed (the last may be a beginning), or are of an article so titled."""
    return Correction.id.in_(_matching_ids(session, "correction", typed)) | Correction.article_id.in_(
        _matching_ids(session, "article", typed)
    )


def erratum_matches(session: Session, typed: str) -> ColumnElement[bool]:
    """Errata with a report that says all the words typed, or of an article so titled."""
    reports = select(Report.erratum_id).where(Report.id.in_(_matching_ids(session, "report", typed)))
    return Erratum.id.in_(reports) | Erratum.article_id.in_(_matching_ids(session, "article", typed))


def article_ids(session: Session, typed: str, limit: int) -> list[int]:
    """Ids of articles whose title has all the words typed; the last may be a beginning."""
    return list(session.scalars(_matching_ids(session, "article", typed).limit(limit))) if words_of(typed) else []


def article_matches(session: Session, typed: str) -> ColumnElement[bool]:
    """Articles whose title has all the words typed."""
    return Article.id.in_(_matching_ids(session, "article", typed))


_PG: Final = {"correction": PG_CORRECTION, "report": PG_REPORT, "article": PG_TITLE}


def _matching_ids(session: Session, what: str, typed: str) -> Select[int]:
    words = words_of(typed)
    if session.get_bind().dialect.name == "sqlite":
        found = table(f"{what}_search", column("rowid"))
        query = " ".join(f'"{word}"' for word in words) + "*" if words else '""'
        return select(found.c.rowid).where(
            text(f"{what}_search MATCH :{what}_words").bindparams(bindparam(f"{what}_words", query))
        )
    searched = table(what, column("id"))
    query = " & ".join(f"'{word}'" for word in words) + ":*" if words else ""
    return select(searched.c.id).where(literal_column(_PG[what]).op("@@")(func.to_tsquery("simple", query)))
