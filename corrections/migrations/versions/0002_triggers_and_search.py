"""What the database itself guards and keeps: the audit trail, published wording, counts by status, search."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATUSES = ("reported", "verified", "needs_info", "held", "fixed", "rejected", "merged")
COUNTERS = ("erratum", "correction", "log")

# Table, what must not happen to it, and what is said.
REFUSED = (
    ("event", "UPDATE", "The history cannot be changed."),
    ("event", "DELETE", "The history cannot be changed."),
    ("snapshot", "UPDATE", "A snapshot is never changed."),
    (
        "report",
        "UPDATE OF original_text, prefix, suffix, corrected_text, notes, article_as_given, received_at",
        "A report stays as it was received.",
    ),
    (
        "correction",
        "UPDATE OF number, article_id, sequence, kind, original_text, corrected_text, note, state, published_at",
        "Published wording never changes.",
    ),
    ("correction", "DELETE", "What was published stays."),
)

# Full-text tables of SQLite: name, table, columns, tokenizer, condition on NEW or OLD.
WORDS = "unicode61 remove_diacritics 2"
SEARCHED = (
    ("article_search", "article", ("title",), WORDS, "1"),
    ("article_name_trigram", "article_name", ("text",), "trigram", "{row}.kind = 'title'"),
    ("report_search", "report", ("original_text", "corrected_text", "notes"), WORDS, "1"),
    ("correction_search", "correction", ("original_text", "corrected_text", "note"), WORDS, "1"),
)


def upgrade() -> None:
    for name in COUNTERS:
        op.execute(f"INSERT INTO counter (name, value) VALUES ('{name}', 0)")
    for status in STATUSES:
        op.execute(
            f"INSERT INTO erratum_count (status, n) SELECT '{status}', count(*) FROM erratum WHERE status = '{status}'"
        )
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _downgrade_sqlite()
    else:
        _downgrade_postgresql()
    op.execute("DELETE FROM erratum_count")
    op.execute("DELETE FROM counter")


def _trigger(table: str, what: str) -> str:
    return f"{table}_{what.split(maxsplit=1)[0].lower()}_refused"


def _upgrade_sqlite() -> None:
    for table, what, sentence in REFUSED:
        op.execute(
            f"CREATE TRIGGER {_trigger(table, what)} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
    more = "UPDATE erratum_count SET n = n + 1 WHERE status = NEW.status;"
    less = "UPDATE erratum_count SET n = n - 1 WHERE status = OLD.status;"
    op.execute(f"CREATE TRIGGER erratum_counted_in AFTER INSERT ON erratum BEGIN {more} END")
    op.execute(f"CREATE TRIGGER erratum_counted_out AFTER DELETE ON erratum BEGIN {less} END")
    op.execute(
        "CREATE TRIGGER erratum_counted_anew AFTER UPDATE OF status ON erratum"
        f" WHEN OLD.status <> NEW.status BEGIN {less} {more} END"
    )
    for name, table, columns, tokenizer, condition in SEARCHED:
        listed = ", ".join(columns)
        op.execute(
            f"CREATE VIRTUAL TABLE {name} USING fts5({listed}, content='{table}', content_rowid='id', tokenize='{tokenizer}')"
        )
        new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
        add = f"INSERT INTO {name} (rowid, {listed}) VALUES (NEW.id, {new});"
        drop = f"INSERT INTO {name} ({name}, rowid, {listed}) VALUES ('delete', OLD.id, {old});"
        when_new, when_old = (condition.format(row=row) for row in ("NEW", "OLD"))
        op.execute(f"CREATE TRIGGER {name}_in AFTER INSERT ON {table} WHEN {when_new} BEGIN {add} END")
        op.execute(f"CREATE TRIGGER {name}_out AFTER DELETE ON {table} WHEN {when_old} BEGIN {drop} END")
        op.execute(
            f"CREATE TRIGGER {name}_anew AFTER UPDATE OF {listed} ON {table} WHEN {when_new} BEGIN {drop} {add} END"
        )
        where = condition.format(row=table)
        op.execute(f"INSERT INTO {name} (rowid, {listed}) SELECT id, {listed} FROM {table} WHERE {where}")


def _downgrade_sqlite() -> None:
    for name, *_ in reversed(SEARCHED):
        for part in ("in", "out", "anew"):
            op.execute(f"DROP TRIGGER {name}_{part}")
        op.execute(f"DROP TABLE {name}")
    for part in ("in", "out", "anew"):
        op.execute(f"DROP TRIGGER erratum_counted_{part}")
    for table, what, _ in REFUSED:
        op.execute(f"DROP TRIGGER {_trigger(table, what)}")


PG_INDEXES = (
    ("ix_article_search", "article", "gin (to_tsvector('simple', title))"),
    (
        "ix_report_search",
        "report",
        "gin (to_tsvector('simple', original_text || ' ' || corrected_text || ' ' || notes))",
    ),
    (
        "ix_correction_search",
        "correction",
        "gin (to_tsvector('simple', original_text || ' ' || corrected_text || ' ' || note))",
    ),
    ("ix_article_name_trigram", "article_name", "gist (text gist_trgm_ops) WHERE kind = 'title'"),
)


def _upgrade_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION corrections_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table, what, sentence in REFUSED:
        op.execute(
            f"CREATE TRIGGER {_trigger(table, what)} BEFORE {what} ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION corrections_refuse('{sentence}')"
        )
    op.execute(
        "CREATE FUNCTION corrections_count_erratum() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'UPDATE' THEN"  # in one order, or two transactions could wait for each other
        " PERFORM 1 FROM erratum_count WHERE status IN (OLD.status, NEW.status) ORDER BY status FOR UPDATE; END IF;"
        " IF TG_OP <> 'INSERT' THEN UPDATE erratum_count SET n = n - 1 WHERE status = OLD.status; END IF;"
        " IF TG_OP <> 'DELETE' THEN UPDATE erratum_count SET n = n + 1 WHERE status = NEW.status; END IF;"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER erratum_counted AFTER INSERT OR DELETE ON erratum FOR EACH ROW"
        " EXECUTE FUNCTION corrections_count_erratum()"
    )
    op.execute(
        "CREATE TRIGGER erratum_counted_anew AFTER UPDATE OF status ON erratum FOR EACH ROW"
        " WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION corrections_count_erratum()"
    )
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for name, table, what in PG_INDEXES:
        op.execute(f"CREATE INDEX {name} ON {table} USING {what}")


def _downgrade_postgresql() -> None:
    for name, *_ in PG_INDEXES:
        op.execute(f"DROP INDEX {name}")
    for trigger in ("erratum_counted", "erratum_counted_anew"):
        op.execute(f"DROP TRIGGER {trigger} ON erratum")
    for table, what, _ in REFUSED:
        op.execute(f"DROP TRIGGER {_trigger(table, what)} ON {table}")
    op.execute("DROP FUNCTION corrections_count_erratum()")
    op.execute("DROP FUNCTION corrections_refuse()")
