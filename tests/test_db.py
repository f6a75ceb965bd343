"""The database layer: one place that commits, moments in UTC, and SQLite made to behave."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

import factories
import processes
from corrections.db import Base, UtcDateTime, configure, enum_type, transaction, violates
from corrections.domain.errors import Stale
from corrections.models import Counter, Erratum, Publication


def names(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Publication.name)))


@pytest.fixture
def other(database: str, session: Session) -> Iterator[sa.Engine]:  # noqa: ARG001 - ends before its session
    """Another connection to the same database, as another process would have."""
    engine = sa.create_engine(database)
    configure(engine, synchronous="NORMAL")
    yield engine
    engine.dispose()


# The one place that commits


def test_what_a_transaction_did_is_there_for_others(session: Session, other: sa.Engine) -> None:
    factories.make_publication(session)
    with other.connect() as connection:
        assert connection.scalar(sa.select(Publication.name)) == "The Evening Tide"


class Mishap(Exception):
    """Something goes wrong in the middle."""


@pytest.mark.parametrize("mishap", [Mishap, KeyboardInterrupt])
def test_a_transaction_that_fails_leaves_nothing_behind(session: Session, mishap: type[BaseException]) -> None:
    with pytest.raises(mishap), transaction():
        factories.make_report(session, article="unknown")
        session.flush()
        raise mishap
    with transaction():
        assert session.scalar(sa.select(sa.func.count()).select_from(Erratum)) == 0


def test_a_row_that_was_changed_meanwhile_is_stale(session: Session, other: sa.Engine) -> None:
    publication = factories.make_publication(session)
    with pytest.raises(Stale), transaction():
        assert publication.revision
        session.expunge(publication)
        session.execute(sa.update(Publication).values(revision=Publication.revision + 1))
        session.add(publication)
        publication.name = "The Morning Tide"
    with other.connect() as connection:
        assert connection.scalar(sa.select(Publication.name)) == "The Evening Tide"


def test_a_transaction_sees_what_others_did_before_it_began(session: Session, other: sa.Engine) -> None:
    publication = factories.make_publication(session)
    assert publication.name == "The Evening Tide"
    with other.begin() as connection:
        connection.execute(sa.text("UPDATE publication SET name = 'The Morning Tide'"))
    with transaction():
        assert publication.name == "The Morning Tide"


def test_which_constraint_was_violated(session: Session) -> None:
    with transaction():
        factories.make_report(session, article="one", submission_key="a nonce")
        factories.make_report(session, article="another")
    with pytest.raises(IntegrityError) as refusal, transaction():
        session.execute(sa.text("UPDATE report SET submission_key = 'a nonce'"))
    assert violates(refusal.value, "uq_report_submission_key")
    assert not violates(refusal.value, "uq_report_reference")


# Types


def test_moments_come_back_as_they_went_in(session: Session) -> None:
    here = datetime(2026, 5, 4, 14, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    with transaction():
        factories.make_article(session, published_at=here)
    session.expire_all()
    found = session.scalars(sa.text("SELECT published_at FROM article").columns(published_at=UtcDateTime())).one()
    assert found == here
    assert found.tzinfo is UTC


def test_moments_sort_as_moments(session: Session) -> None:
    whole = datetime(2026, 5, 4, 12, 0, 0, 0, tzinfo=UTC)
    later = whole + timedelta(microseconds=1)
    with transaction():
        for title, at in (("later", later), ("whole", whole)):
            factories.make_article(session, title=title, published_at=at)
    ordered = sa.text("SELECT title FROM article ORDER BY published_at")
    assert session.scalars(ordered).all() == ["whole", "later"]


def test_a_moment_without_a_zone_is_a_mistake(session: Session) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        factories.make_article(session, published_at=datetime(2026, 5, 4, 12, 0))  # noqa: DTZ001 - that is the mistake


def test_enumerations_are_stored_by_value_under_a_name_with_underscores() -> None:
    class HowItIs(StrEnum):
        FINE = "fine"

    kind = enum_type(HowItIs)
    assert (kind.name, kind.enums, kind.native_enum) == ("how_it_is", ["fine"], False)


def test_every_foreign_key_that_is_looked_up_has_an_index() -> None:
    missing = []
    for table in Base.metadata.sorted_tables:
        led = {index.columns[0].name for index in table.indexes}
        led |= {next(iter(key.columns)).name for key in table.constraints if isinstance(key, sa.UniqueConstraint)}
        led.add(next(iter(table.primary_key.columns)).name)
        led |= {column.name for column in table.columns if column.unique or column.index}
        missing += [
            f"{table.name}.{column.name}" for column in table.columns if column.foreign_keys and column.name not in led
        ]
    # Nobody asks for these the other way round.
    assert set(missing) == {"erratum.snapshot_id", "event.editor_id"}


# SQLite


@pytest.mark.database("sqlite")
def test_sqlite_is_set_up_on_every_connection(session: Session) -> None:
    def pragma(name: str) -> object:
        return session.execute(sa.text(f"PRAGMA {name}")).scalar_one()

    assert (pragma("foreign_keys"), pragma("journal_mode"), pragma("recursive_triggers")) == (1, "wal", 1)
    assert pragma("synchronous") == 1, "NORMAL, as the tests ask for"
    assert pragma("busy_timeout") == 20_000


@pytest.mark.database("sqlite")
def test_readers_do_not_wait_for_a_writer(session: Session, other: sa.Engine) -> None:
    factories.make_publication(session)
    with transaction():
        session.execute(sa.update(Publication).values(name="The Morning Tide"))
        with other.connect() as connection:
            assert connection.scalar(sa.select(Publication.name)) == "The Evening Tide"
    assert names(session) == ["The Morning Tide"]


@pytest.mark.database("sqlite")
def test_a_reader_sees_what_was_committed_between_two_of_its_questions(session: Session, other: sa.Engine) -> None:
    factories.make_publication(session)
    assert names(session) == ["The Evening Tide"]
    with other.begin() as connection:
        connection.execute(sa.text("UPDATE publication SET name = 'The Morning Tide'"))
    assert names(session) == ["The Morning Tide"]


@pytest.mark.database("sqlite")
def test_writers_wait_for_each_other_and_none_is_refused(session: Session, other: sa.Engine) -> None:
    written: list[str] = []

    def write() -> None:
        with other.begin() as connection:
            connection.execute(sa.text("UPDATE counter SET value = value * 2 WHERE name = 'log'"))
        written.append("second")

    with transaction():
        session.execute(sa.update(Counter).where(Counter.name == "log").values(value=20))
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(timeout=0.3)
        assert thread.is_alive(), "it waits"
        written.append("first")
    thread.join(timeout=60)
    assert written == ["first", "second"]
    assert session.get_one(Counter, "log", populate_existing=True).value == 40


@pytest.mark.database("sqlite")
def test_threads_that_write_take_turns_from_their_first_look_on(app: Flask) -> None:
    done: list[str] = []

    def write() -> None:
        with app.app_context(), transaction():
            done.append("second")

    with app.app_context():
        with transaction(reading_first=True):
            thread = threading.Thread(target=write)
            thread.start()
            thread.join(timeout=0.3)
            assert thread.is_alive(), "it waits, though nothing is written yet"
            done.append("first")
        thread.join(timeout=60)
    assert done == ["first", "second"]


@pytest.mark.database("sqlite")
def test_a_session_that_only_read_holds_no_lock(session: Session, other: sa.Engine) -> None:
    assert names(session) == []
    with other.begin() as connection:
        connection.execute(sa.text("UPDATE counter SET value = 5 WHERE name = 'log'"))


@pytest.mark.database("sqlite")
def test_the_lock_is_let_go_after_a_failure(session: Session, other: sa.Engine) -> None:
    with pytest.raises(IntegrityError), transaction():
        session.execute(sa.text("INSERT INTO counter (name, value) VALUES ('log', 1)"))
    with other.begin() as connection:
        connection.execute(sa.text("UPDATE counter SET value = 5 WHERE name = 'log'"))


ADD = """
import sqlalchemy as sa
for _ in range(50):
    with transaction() as session:
        value = session.execute(sa.text("SELECT value FROM counter WHERE name = 'log'")).scalar_one()
        session.execute(sa.text("UPDATE counter SET value = :value WHERE name = 'log'"), {"value": value + 1})
"""


@pytest.mark.database("sqlite")
def test_no_update_is_lost_between_processes(session: Session, database: str) -> None:
    processes.at_once(ADD, database, times=2)
    assert session.get_one(Counter, "log").value == 100


DIE = """
import os
import sqlalchemy as sa
with transaction() as session:
    session.execute(sa.text("UPDATE counter SET value = 99 WHERE name = 'log'"))
    os._exit(0)
"""


def test_a_process_that_dies_in_the_middle_leaves_neither_lock_nor_half_a_change(
    session: Session, database: str
) -> None:
    processes.at_once(DIE, database, times=1)
    with transaction():
        session.execute(sa.update(Counter).where(Counter.name == "log").values(value=Counter.value + 1))
    assert session.get_one(Counter, "log", populate_existing=True).value == 1


@pytest.mark.database("sqlite")
def test_part_of_a_transaction_can_be_taken_back(session: Session) -> None:
    with transaction():
        factories.make_article(session)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.text("INSERT INTO counter (name, value) VALUES ('log', 1)"))
        factories.make_article(session)
    assert session.scalar(sa.text("SELECT count(*) FROM article")) == 2


def test_a_database_in_memory_needs_no_lock_file() -> None:
    engine = sa.create_engine("sqlite://")
    configure(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (x)"))
        connection.execute(sa.text("INSERT INTO t VALUES (1)"))
        assert connection.scalar(sa.text("SELECT x FROM t")) == 1
    engine.dispose()
