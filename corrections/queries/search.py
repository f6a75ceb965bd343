"""Full-text search on both databases: FTS5 tables kept by triggers on SQLite, expression indexes on PostgreSQL.

Three things are searched: titles of articles (by likeness, trigrams), what errata say (by words), the public log (by
words). The tables and indexes themselves are made by the migrations.
"""

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, column, func, literal_column, select, table, text
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.text import folded
from corrections.models import Article, Correction, Erratum, Report

WORD: Final = re.compile(r"\w+", re.UNICODE)
MAX_WORDS: Final = 12
TRIGRAM: Final = 3
MAX_TRIGRAM_WORDS: Final = 16

# The very expressions that the migration made indexes on; PostgreSQL uses an index only for the same expression.
PG_CORRECTION: Final = "to_tsvector('simple', original_text || ' ' || corrected_text || ' ' || note)"
PG_REPORT: Final = "to_tsvector('simple', original_text || ' ' || corrected_text || ' ' || notes)"
PG_TITLE: Final = "to_tsvector('simple', title)"
# The nearest, but none that has nothing in common with what was typed: the distance is 1 then.
PG_LIKE: Final = (
    "SELECT article_id FROM (SELECT article_id, :typed <<-> text AS distance FROM article_name WHERE kind = 'title'"
    " ORDER BY :typed <<-> text LIMIT :limit) AS nearest WHERE distance < 1 ORDER BY distance"
)
SQLITE_LIKE: Final = (
    "SELECT article_id FROM article_name JOIN"
    " (SELECT rowid AS name_id, rank AS worth FROM article_name_trigram WHERE article_name_trigram MATCH :grams"
    " ORDER BY rank LIMIT :limit) ON article_name.id = name_id ORDER BY worth"
)


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


def article_ids_like(session: Session, typed: str, limit: int) -> list[int]:
    """Ids of articles whose title shares most with what was typed (misspelt, in part, in other order); best first."""
    words = [word for word in WORD.findall(folded(typed[: limits.SEARCH])) if len(word) >= TRIGRAM]
    if not words:
        return []
    if session.get_bind().dialect.name == "sqlite":
        return _like_on_sqlite(session, words, limit)
    return _ids_of_names(session, PG_LIKE, {"typed": " ".join(words), "limit": limit})


def _like_on_sqlite(session: Session, words: Sequence[str], limit: int) -> list[int]:
    """BM25 over trigrams: rare ones weigh most, so common words do not drown what is telling."""
    longest = sorted(set(words), key=len, reverse=True)[:MAX_TRIGRAM_WORDS]
    grams = dict.fromkeys(word[i : i + TRIGRAM] for word in longest for i in range(len(word) - TRIGRAM + 1))
    query = " OR ".join(f'"{gram}"' for gram in grams)
    return _ids_of_names(session, SQLITE_LIKE, {"grams": query, "limit": limit})


def _ids_of_names(session: Session, statement: str, values: dict[str, object]) -> list[int]:
    """Article ids in the order of the best of their titles, earlier ones included."""
    return list(dict.fromkeys(session.scalars(text(statement), values)))
