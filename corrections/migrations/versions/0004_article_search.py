"""Indexes for finding the article that a report means: words of titles and texts, authors, ends of addresses."""

from typing import Final

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Keys are divided at blanks already, or at slashes; nothing else may divide them.
_KEY_WORDS = "unicode61 remove_diacritics 0 categories ''L* N* Co M* S* P* Cf Cn''"
_KEY_PARTS = f"{_KEY_WORDS} separators ''/''"
_TEXT_WORDS = "unicode61 remove_diacritics 2"
# Which words stand where is looked up in the rows found; without it the indexes are half the size.
_LEAN = ", detail=none, columnsize=0"

# Full-text tables of SQLite: name, table, column, tokenizer and options, condition on NEW or OLD.
SEARCHED: Final = (
    ("title_words_search", "article_name", "key", f"tokenize='{_KEY_WORDS}'", "{row}.kind = 'title'"),
    ("address_parts_search", "article_name", "key", f"tokenize='{_KEY_PARTS}'", "{row}.kind = 'url'"),
    ("author_search", "article", "byline", f"tokenize='{_TEXT_WORDS}'{_LEAN}", "{row}.byline IS NOT NULL"),
    ("snapshot_search", "snapshot", "text", f"tokenize='{_TEXT_WORDS}'{_LEAN}", "1"),
    ("title_trigram", "article_name", "key", f"tokenize='trigram'{_LEAN}", "{row}.kind = 'title'"),
)
OLD_TRIGRAM: Final = ("article_name_trigram", "article_name", "text", "tokenize='trigram'", "{row}.kind = 'title'")

# A tsvector holds one megabyte at most, and a text that would need more must be taken in all the same: so much of it
# never does, in whatever script. The cost tells the planner what reading a whole text takes.
PG_WORDS: Final = (
    "CREATE FUNCTION corrections_words(text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE"
    " COST 10000 AS $$ BEGIN RETURN to_tsvector('simple', left($1, 150000)); END $$"
)
PG_INDEXES: Final = (
    ("ix_article_name_search_beginning", "article_name", 'btree (key COLLATE "C")', "WHERE kind = 'title'"),
    (
        "ix_article_name_search_words",
        "article_name",
        "gin (string_to_array(key, ' ')) WITH (fastupdate = off)",
        "WHERE kind = 'title'",
    ),
    ("ix_article_name_search_end", "article_name", "btree (substring(key from '[^/]*$'))", "WHERE kind = 'url'"),
    ("ix_article_search_author", "article", "gin (to_tsvector('simple', byline)) WITH (fastupdate = off)", ""),
    # With a list of what is new: an import takes half the time with it, and reading it with each search a millisecond.
    ("ix_snapshot_search", "snapshot", "gin (corrections_words(text))", ""),
    (
        "ix_article_name_trigram",
        "article_name",
        "gin (key gin_trgm_ops) WITH (fastupdate = off)",
        "WHERE kind = 'title'",
    ),
)
PG_OLD_TRIGRAM: Final = ("ix_article_name_trigram", "article_name", "gist (text gist_trgm_ops)", "WHERE kind = 'title'")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _drop_on_sqlite(OLD_TRIGRAM[0])
        for searched in SEARCHED:
            _make_on_sqlite(*searched)
    else:
        op.execute(f"DROP INDEX {PG_OLD_TRIGRAM[0]}")
        op.execute(PG_WORDS)
        for index in PG_INDEXES:
            _make_on_postgresql(*index)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, *_ in reversed(SEARCHED):
            _drop_on_sqlite(name)
        _make_on_sqlite(*OLD_TRIGRAM)
    else:
        for name, *_ in reversed(PG_INDEXES):
            op.execute(f"DROP INDEX {name}")
        op.execute("DROP FUNCTION corrections_words(text)")
        _make_on_postgresql(*PG_OLD_TRIGRAM)


def _make_on_sqlite(name: str, table: str, column: str, options: str, condition: str) -> None:
    op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5({column}, content='{table}', content_rowid='id', {options})")
    add = f"INSERT INTO {name} (rowid, {column}) VALUES (NEW.id, NEW.{column});"
    drop = f"INSERT INTO {name} ({name}, rowid, {column}) VALUES ('delete', OLD.id, OLD.{column});"
    new, old, there = (condition.format(row=row) for row in ("NEW", "OLD", table))
    op.execute(f"CREATE TRIGGER {name}_in AFTER INSERT ON {table} WHEN {new} BEGIN {add} END")
    op.execute(f"CREATE TRIGGER {name}_out AFTER DELETE ON {table} WHEN {old} BEGIN {drop} END")
    # In two steps, for what is looked up may come or go with the change.
    op.execute(f"CREATE TRIGGER {name}_anew_out BEFORE UPDATE OF {column} ON {table} WHEN {old} BEGIN {drop} END")
    op.execute(f"CREATE TRIGGER {name}_anew AFTER UPDATE OF {column} ON {table} WHEN {new} BEGIN {add} END")
    op.execute(f"INSERT INTO {name} (rowid, {column}) SELECT id, {column} FROM {table} WHERE {there}")


def _drop_on_sqlite(name: str) -> None:
    for part in ("in", "out", "anew_out", "anew"):
        op.execute(f"DROP TRIGGER IF EXISTS {name}_{part}")
    op.execute(f"DROP TABLE {name}")


def _make_on_postgresql(name: str, table: str, what: str, where: str) -> None:
    op.execute(f"CREATE INDEX {name} ON {table} USING {what} {where}")
