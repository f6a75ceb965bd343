"""The tables: made, unmade and remade with rows in them, equal to the models, and guarding what they must."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

import factories
from corrections import migrating
from corrections.db import Base, configure, db, transaction
from corrections.domain.actors import Role
from corrections.domain.drafts import Draft
from corrections.domain.letters import LetterKind, LetterState
from corrections.domain.policy import Kind
from corrections.domain.states import Screening, Status
from corrections.models import Attachment, BouncedAddress, Counter, Erratum, ErratumCount, Event, Report, Way
from corrections.queries import candidates, search
from corrections.services import inbox, outbox, publishing, triage

REVISIONS = [script.revision for script in ScriptDirectory.from_config(migrating.config()).walk_revisions()]


@pytest.fixture
def filled(session: Session) -> Session:
    """A session on a database with rows in nearly all tables; committed."""
    factories.make_publication(session)
    made = factories.make_editors(session)
    with transaction():
        correction = factories.make_correction(session, kind=Kind.CORRECTION, note="It was misspelt.")
        publishing.amend(
            session,
            correction,
            Draft(kind=Kind.CORRECTION, corrected_text="receives", note="Better."),
            factories.act(Role.EDITOR),
        )
        ferry = factories.make_article(session, title="Thirteen")
        for quote in ("Marta Lund", "the the"):
            factories.make_erratum(
                session, article=ferry.url, quote=quote, corrected_text="", confirmed="ann@example.org"
            )
        merged = factories.make_erratum(session, article=ferry.url, quote="island", corrected_text="isle")
        into = factories.make_erratum(session, article=ferry.url, quote="tiller", corrected_text="helm")
        triage.merge(session, merged, into, factories.system_act())
        factories.make_report(session, notes="http://a http://b http://c", quote="x")
        factories.reject(session, factories.make_erratum(session, article="", quote="nowhere", notes="?"))
        triage.assign(session, into, next(iter(made.values())), factories.system_act())
        outbox.mark_failed(session, factories.mails(session)[0].id, "refused", factories.system_act().at)
        _fill_the_inbox(session)
    return session


def _fill_the_inbox(session: Session) -> None:
    at = factories.system_act().at
    message, _ = inbox.store(session, b"Message-ID: <1@example.org>\n\nA typo.", Way.LMTP, at, envelope_from="")
    message.state, message.kind = LetterState.READ, LetterKind.REPORT
    message.attachments.append(Attachment(part=1, name="screen.png", media_type="image/png", size=70))
    message.reports.append(session.scalars(sa.select(Report).limit(1)).one())
    session.add(BouncedAddress(address="gone@example.org", bounces=1, first_at=at, last_at=at, reason="550"))


def rows_of(connection: sa.Connection) -> dict[str, list[Any]]:
    return {
        table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]
        for table in Base.metadata.sorted_tables
    }


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(migrating.config()).get_heads()) == 1
    assert REVISIONS[0] == migrating.head()


def test_the_migrations_make_what_the_models_describe(session: Session) -> None:
    assert migrating.differences(session.connection()) == []


def test_a_difference_between_models_and_tables_would_be_seen(session: Session) -> None:
    with transaction():
        session.execute(sa.text("DROP INDEX ix_erratum_queue"))
    assert [change[0] for change in migrating.differences(session.connection())] == ["add_index"]


def test_from_nothing_to_the_newest_one_step_at_a_time_and_back(empty_database: str) -> None:
    engine = sa.create_engine(empty_database)
    configure(engine)
    for revision in reversed(REVISIONS):
        migrating.upgrade(engine, revision)
        with engine.connect() as connection:
            assert migrating.revision_of(connection) == revision
    for revision in [*REVISIONS[1:], "base"]:
        migrating.downgrade(engine, revision)
    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}
    migrating.upgrade(engine)
    with engine.connect() as connection:
        assert migrating.differences(connection) == []
    engine.dispose()


def test_rows_survive_a_step_back_and_forth(filled: Session) -> None:
    before = rows_of(filled.connection())
    assert {name for name, rows in before.items() if not rows} <= {"passkey"}
    filled.rollback()
    migrating.downgrade(db.engine, REVISIONS[1])
    there = set(sa.inspect(db.engine).get_table_names())  # the last step may have made tables of its own
    migrating.upgrade(db.engine)
    with db.engine.connect() as connection:
        after = rows_of(connection)
        if connection.dialect.name == "sqlite":
            assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []
            assert connection.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
    for name in before.keys() & there:
        assert after[name] == before[name], name


def test_what_was_there_before_the_search_is_found_by_it(filled: Session) -> None:
    filled.rollback()
    migrating.downgrade(db.engine, REVISIONS[1])
    migrating.upgrade(db.engine)
    found = sa.select(Erratum.number).where(search.erratum_matches(filled, "Marta Lund"))
    assert filled.scalars(found).all() == [2]


def test_articles_that_were_there_before_their_search_are_found_by_it(filled: Session) -> None:
    filled.rollback()
    migrating.downgrade(db.engine, "0003")
    migrating.upgrade(db.engine)
    by_words = candidates.with_words(filled, [("crosses", "moonlight")])
    assert [key for _, key in by_words] == ["the ferry that crosses by moonlight"]
    assert [key for _, key in candidates.with_letters(filled, ["irtee"])] == ["thirteen"]
    assert len(candidates.quoting(filled, [("captain", "tiller")])) == 2
    with transaction():
        article_id = factories.make_article(filled, title="Later", byline="Nils Holm", text="Of herons.").id
    assert candidates.quoting(filled, [("herons",)]) == candidates.by_author(filled, ["holm"]) == [article_id]


def test_all_can_be_taken_back_with_rows_in_the_tables(filled: Session) -> None:
    filled.rollback()
    for revision in [*REVISIONS[1:], "base"]:
        migrating.downgrade(db.engine, revision)
    assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET note = 'it never happened'",
        "UPDATE event SET at = at",
        "DELETE FROM event",
        "UPDATE snapshot SET text = 'other words'",
        "UPDATE report SET original_text = 'other words'",
        "UPDATE report SET notes = 'other words'",
        "UPDATE correction SET note = 'other words'",
        "UPDATE correction SET corrected_text = 'other words'",
        "UPDATE correction SET published_at = published_at",
        "DELETE FROM correction",
    ],
)
def test_what_was_said_and_done_cannot_be_changed(filled: Session, statement: str) -> None:
    before = rows_of(filled.connection())
    with pytest.raises(DatabaseError, match=r"changed|changes|stays"), transaction():
        filled.execute(sa.text(statement))
    assert rows_of(filled.connection()) == before


def test_a_reporter_can_be_erased_all_the_same(filled: Session) -> None:
    with transaction():
        filled.execute(sa.update(Report).values(reporter_name=None, reporter_email=None))
    assert set(filled.scalars(sa.select(Report.reporter_email))) == {None}


def _counts(session: Session) -> tuple[dict[Status, int], dict[Status, int]]:
    """As kept, and as counted."""
    kept = {row.status: row.n for row in session.execute(sa.select(ErratumCount.status, ErratumCount.n))}
    counted = session.execute(sa.select(Erratum.status, sa.func.count().label("n")).group_by(Erratum.status))
    return kept, dict.fromkeys(Status, 0) | {row.status: row.n for row in counted}


def test_the_numbers_of_errata_are_kept_right(filled: Session) -> None:
    kept, counted = _counts(filled)
    assert kept == counted
    assert kept[Status.MERGED] == kept[Status.REJECTED] == kept[Status.FIXED] == 1
    with transaction():
        filled.execute(sa.update(Erratum).where(Erratum.status == Status.REPORTED).values(status=Status.HELD))
    kept, counted = _counts(filled)
    assert kept == counted
    assert (kept[Status.REPORTED], kept[Status.HELD]) == (0, 3)


def test_the_numbers_of_errata_go_down_too(session: Session, publication: Any) -> None:  # noqa: ARG001 - is there
    with transaction():
        erratum = factories.make_erratum(session)
        session.execute(sa.insert(Erratum).from_select(*_copy_of(erratum)))
    assert _counts(session)[0][Status.REPORTED] == 2
    with transaction():
        session.execute(sa.delete(Erratum).where(Erratum.number == -1))
    kept, counted = _counts(session)
    assert kept == counted
    assert kept[Status.REPORTED] == 1


def _copy_of(erratum: Erratum) -> tuple[list[str], sa.Select[Any]]:
    table = Erratum.__table__
    columns = [column for column in table.columns if column.name != "id"]
    values = [sa.literal(-1) if column.name == "number" else column for column in columns]
    return [column.name for column in columns], sa.select(*values).where(table.c.id == erratum.id)


ENUMERATED = [
    (table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, sa.Enum)
]


def test_every_enumeration_is_checked_by_the_database(filled: Session) -> None:
    assert ("erratum", "status") in ENUMERATED
    for table, column in ENUMERATED:
        before = filled.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - our own names
        assert before, f"no row of {table} to try it on"
        with pytest.raises(DatabaseError), transaction():
            filled.execute(sa.text(f"UPDATE {table} SET {column} = 'nonsense'"))  # noqa: S608 - our own names
    checks = sa.inspect(db.engine)
    for table, column in ENUMERATED:
        assert any(column in str(check["sqltext"]) for check in checks.get_check_constraints(table)), (table, column)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("erratum", "start_offset = 3, end_offset = NULL"),
        ("erratum", "anchor_state = 'anchored', start_offset = NULL, end_offset = NULL"),
        ("erratum", "status = 'rejected', resolution = NULL"),
        ("erratum", "status = 'verified', resolution = 'spam'"),
        ("erratum", "status = 'merged', merged_into_id = NULL"),
        ("erratum", "article_id = 4711"),
        ("report", "erratum_id = 4711"),
        ("report", "submission_key = 'the same for all'"),
        ("correction", "supersedes_id = 4711"),
        ("article_name", "key = ''"),
        ("article", "slug = 'the same for all'"),
        ("editor", "email = 'the-same@example.org'"),
    ],
)
def test_rows_that_make_no_sense_are_refused(filled: Session, table: str, values: str) -> None:
    with pytest.raises(IntegrityError), transaction():
        filled.execute(sa.text(f"UPDATE {table} SET {values}"))  # noqa: S608 - our own words


def test_an_event_is_about_something(filled: Session) -> None:
    with pytest.raises(IntegrityError), transaction():
        filled.add(Event(at=factories.system_act().at, kind="noted", channel="web", label="nobody", note=""))


def test_counters_and_counts_are_there_from_the_start(session: Session) -> None:
    assert set(session.scalars(sa.select(Counter.name))) == {"erratum", "correction", "log"}
    assert set(session.scalars(sa.select(ErratumCount.status))) == set(Status)
    assert session.scalar(sa.select(sa.func.count()).where(Report.screening == Screening.HELD)) == 0
