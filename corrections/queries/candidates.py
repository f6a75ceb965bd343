"""Articles that may be meant, looked up by index: names, beginnings and words of titles, authors, words of the texts.

Every statement is built once, reads a bounded number of rows and gives ids (with the key of the title found). What
they mean is weighed in the domain.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, TextClause, bindparam, text
from sqlalchemy.orm import Session

from corrections.domain import limits

Found = list[tuple[int, str]]  # article, key of its title
Words = Sequence[str]

# Rows of one search; more share what was said than can be told apart by it.
MOST: Final = {
    "beginning": 50,
    "words": 400,
    "letters": 400,
    "copies": 20,
    "author": 400,
    "quoting": 200,
    "literally": 25,
    "holding": 25,
}
READ: Final = 600  # texts that are searched letter by letter
READ_OF_TITLE: Final = 150

_EXACT: Final = text(
    "SELECT article_id, kind, key FROM article_name WHERE kind IN ('title', 'url') AND key IN :keys LIMIT 200"
).bindparams(bindparam("keys", expanding=True))
_LAST_LETTER: Final = "\U0010ffff"  # sorts behind all that begins in the same way

_SQLITE: Final = {
    "beginning": (
        "SELECT article_id, key FROM article_name WHERE kind = 'title' AND key >= :low AND key < :high LIMIT :most"
    ),
    "words": (
        "SELECT article_id, key FROM article_name WHERE id IN"
        " (SELECT rowid FROM title_words_search WHERE title_words_search MATCH :groups LIMIT :most)"
    ),
    "letters": (
        "SELECT article_id, key FROM article_name WHERE id IN"
        " (SELECT rowid FROM title_trigram WHERE title_trigram MATCH :groups LIMIT :most)"
    ),
    "copies": (
        "SELECT article_id, key FROM article_name WHERE id IN"
        " (SELECT rowid FROM address_parts_search WHERE address_parts_search MATCH :groups LIMIT :most)"
    ),
    "author": "SELECT rowid FROM author_search WHERE author_search MATCH :groups LIMIT :most",
    "quoting": (
        "SELECT DISTINCT article_id FROM snapshot WHERE id IN"
        " (SELECT rowid FROM snapshot_search WHERE snapshot_search MATCH :groups LIMIT :most)"
    ),
    "literally": (
        "SELECT DISTINCT article_id FROM snapshot WHERE id IN"
        " (SELECT rowid FROM snapshot_search WHERE snapshot_search MATCH :groups LIMIT :read)"
        " AND instr(text, :literal) > 0 LIMIT :most"
    ),
    "holding": (
        "SELECT DISTINCT article_id FROM snapshot WHERE article_id IN :ids AND instr(text, :literal) > 0 LIMIT :most"
    ),
}
_POSTGRESQL: Final = {
    "beginning": (
        "SELECT article_id, key FROM article_name"
        ' WHERE kind = \'title\' AND key COLLATE "C" >= :low AND key COLLATE "C" < :high LIMIT :most'
    ),
    "copies": (
        "SELECT article_id, key FROM article_name"
        " WHERE kind = 'url' AND substring(key from '[^/]*$') = :segment LIMIT :most"
    ),
    "author": (
        "SELECT id FROM article WHERE to_tsvector('simple', byline) @@ to_tsquery('simple', :groups) LIMIT :most"
    ),
    "quoting": (
        "SELECT DISTINCT article_id FROM (SELECT article_id FROM snapshot"
        " WHERE corrections_words(text) @@ to_tsquery('simple', :groups) LIMIT :most) AS found"
    ),
    "literally": (
        "SELECT DISTINCT article_id FROM (SELECT article_id, text FROM snapshot"
        " WHERE corrections_words(text) @@ to_tsquery('simple', :groups) LIMIT :read) AS found"
        " WHERE strpos(text, :literal) > 0 LIMIT :most"
    ),
    "holding": (
        "SELECT DISTINCT article_id FROM snapshot WHERE article_id IN :ids AND strpos(text, :literal) > 0 LIMIT :most"
    ),
}
_TITLES: Final = "SELECT article_id, key FROM article_name WHERE kind = 'title' AND ({}) LIMIT :most"


def named(session: Session, keys: Iterable[str]) -> list[tuple[int, str, str]]:
    """(article id, kind, key) of the names that have one of these keys."""
    wanted = list(dict.fromkeys(key[: limits.KEY] for key in keys if key))
    return [(row[0], row[1], row[2]) for row in session.execute(_EXACT, {"keys": wanted})] if wanted else []


def beginning_with(session: Session, key: str) -> Found:
    """Articles with a title that begins like this."""
    low = key[: limits.KEY]
    return _found(session, "beginning", {"low": low, "high": low + _LAST_LETTER})


def with_words(session: Session, groups: Sequence[Words]) -> Found:
    """Articles whose title has all the words of one of the groups."""
    groups = [group for group in groups if group]
    if not groups:
        return []
    if _on_sqlite(session):
        return _found(session, "words", {"groups": _fts5(groups)})
    clauses = " OR ".join(f"string_to_array(key, ' ') @> CAST(:g{i} AS text[])" for i in range(len(groups)))
    values = {f"g{i}": list(group) for i, group in enumerate(groups)} | {"most": MOST["words"]}
    return _rows(session.execute(_built(_TITLES.format(clauses)), values))


def with_letters(session: Session, pieces: Sequence[str]) -> Found:
    """Articles with a title in which the letters of one of the pieces (three or more) stand."""
    if not pieces:
        return []
    if _on_sqlite(session):
        grams = [[piece[i : i + 3] for i in range(len(piece) - 2)] for piece in pieces]
        return _found(session, "letters", {"groups": _fts5(grams)})
    clauses = " OR ".join(f"key LIKE :p{i}" for i in range(len(pieces)))
    values: dict[str, Any] = {f"p{i}": f"%{_plain(piece)}%" for i, piece in enumerate(pieces)}
    return _rows(session.execute(_built(_TITLES.format(clauses)), values | {"most": MOST["letters"]}))


def with_segment(session: Session, segment: str) -> list[int]:
    """Articles with an address whose path ends like this."""
    values = {"groups": _fts5([[segment]])} if _on_sqlite(session) else {"segment": segment}
    found = _found(session, "copies", values)
    return list(dict.fromkeys(article_id for article_id, key in found if key.endswith("/" + segment)))


def by_author(session: Session, words: Words) -> list[int]:
    """Articles with all these words in the byline."""
    return _ids(session, "author", [words])


def quoting(session: Session, groups: Sequence[Words]) -> list[int]:
    """Articles that had all the words of one of the groups in a text."""
    return _ids(session, "quoting", groups)


def quoting_literally(session: Session, words: Words, literal: str) -> list[int]:
    """Articles that had all the words in a text, and in it ``literal`` as it is written."""
    groups = _fts5([words]) if _on_sqlite(session) else _tsquery([words])
    values = {"groups": groups, "literal": literal, "read": READ, "most": MOST["literally"]}
    return list(session.scalars(_built(_statement(session, "literally")), values)) if words else []


def holding(session: Session, ids: Sequence[int], literal: str) -> list[int]:
    """Those of the articles (the first 150) that had ``literal`` in a text, as it is written."""
    values = {"ids": list(ids[:READ_OF_TITLE]), "literal": literal, "most": MOST["holding"]}
    statement = _built(_statement(session, "holding")).bindparams(_IDS)
    return list(session.scalars(statement, values)) if ids else []


_IDS: Final[BindParameter[int]] = bindparam("ids", expanding=True)


def _ids(session: Session, search: str, groups: Sequence[Words]) -> list[int]:
    groups = [group for group in groups if group]
    if not groups:
        return []
    values = {"groups": _fts5(groups) if _on_sqlite(session) else _tsquery(groups), "most": MOST[search]}
    return list(session.scalars(_built(_statement(session, search)), values))


def _found(session: Session, search: str, values: dict[str, Any]) -> Found:
    return _rows(session.execute(_built(_statement(session, search)), values | {"most": MOST[search]}))


def _rows(rows: Iterable[Any]) -> Found:
    return [(row[0], row[1]) for row in rows]


def _statement(session: Session, search: str) -> str:
    return (_SQLITE if _on_sqlite(session) else _POSTGRESQL)[search]


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


@lru_cache(maxsize=128)
def _built(statement: str) -> TextClause:
    return text(statement)


def _plain(piece: str) -> str:
    return re.sub(r"([%_\\\\])", r"\\\1", piece)


def _fts5(groups: Sequence[Words]) -> str:
    quoted = (['"' + word.replace('"', '""') + '"' for word in group] for group in groups)
    return " OR ".join("(" + " AND ".join(group) + ")" for group in quoted)


def _tsquery(groups: Sequence[Words]) -> str:
    quoted = (["'" + word.replace("\\", "").replace("'", "") + "'" for word in group] for group in groups)
    return " | ".join("(" + " & ".join(group) + ")" for group in quoted)
