"""The database: typed base for the tables, the one place that commits, and how SQLite is made to behave."""

import fcntl
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.orm import registry as Registry  # noqa: N812 - `registry` is the name of the attribute below
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from corrections.domain.errors import Stale


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite keeps it without a zone and gets it back here."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive moment is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(kind: type[StrEnum], name: str = "") -> sa.Enum:
    """A column of an enumeration, stored by value, with its check in the database.

    ``name`` tells apart the checks of a table that has two columns of one kind.
    """
    return sa.Enum(
        kind,
        name=name or re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower(),
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


Key = Annotated[int, mapped_column(primary_key=True)]

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables: names of constraints, and which column a Python type means."""

    registry: ClassVar[Registry] = Registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime(), str: sa.Text(), dict[str, Any]: sa.JSON()},
    )


db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)


@contextmanager
def transaction(*, reading_first: bool = False) -> Iterator[Session]:
    """A transaction that writes: committed at the end, rolled back on any error. Only doors use it.

    ``reading_first`` is for services that look at much before they write: they call begin_writing themselves, and make
    sure that what they have found still holds. Raises Stale when another transaction changed a row that this one had
    read.
    """
    session = db.session()
    session.rollback()  # what was read before belongs to an older state of the data
    with _turn if session.get_bind().dialect.name == "sqlite" else nullcontext():
        try:
            if not reading_first:
                begin_writing(session)
            yield session
            session.commit()
        except StaleDataError as error:
            session.rollback()
            raise Stale("Somebody else changed this in the meantime. Look at it again and decide anew.") from error
        except BaseException:
            session.rollback()
            raise


# The threads of a process write to SQLite in turn. They could not write together, and one that still prepares what it
# will write takes the interpreter again and again from the one that all others wait for.
_turn: Final = threading.RLock()


def begin_writing(session: Session) -> bool:
    """Take SQLite's write lock at once, so that nothing read from here on can be outdated by another writer.

    Whether it was free for others until now, so that what was read before may be outdated.
    """
    return begin_writing_on(session.connection())


def begin_writing_on(connection: sa.Connection) -> bool:
    """The same, for a bare connection."""
    return connection.dialect.name == "sqlite" and _begin_immediate(connection)


def violates(error: IntegrityError, constraint: str) -> bool:
    """Whether the database refused for this unique constraint (``uq_table_column``), on either database."""
    text = str(error.orig)
    table_column = constraint.removeprefix("uq_")
    return constraint in text or table_column in text.replace(".", "_")


def init_app(app: Flask) -> None:
    """Connect the application with its database."""
    db.init_app(app)
    with app.app_context():
        configure(db.engine, synchronous=app.config["SQLITE_SYNCHRONOUS"])


# SQLite -------------------------------------------------------------------------------------------------------------
#
# The driver's own BEGIN is deferred: a transaction that reads and then writes fails, or loses an update, when another
# one wrote in between. So the driver begins nothing. Reads run one by one, each seeing what is committed, as on
# PostgreSQL's READ COMMITTED. The first statement that writes, or transaction(), begins IMMEDIATE. Before it, writers
# queue at a file lock, which the kernel hands on in order; SQLite alone would let them sleep and starve.

_READS: Final = re.compile(
    r"\s*(?:SELECT|PRAGMA|EXPLAIN|VALUES|BEGIN|ROLLBACK|COMMIT|VACUUM|ATTACH|DETACH)\b", re.IGNORECASE
)
_BUSY_SECONDS: Final = 20


def configure(engine: Engine, *, synchronous: str = "FULL") -> None:
    """Set SQLite up on ``engine``; nothing to do for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:  # noqa: ARG001 - SQLAlchemy's signature
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")  # first: the next line may wait for a lock
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA recursive_triggers=ON")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()

    @event.listens_for(engine, "before_cursor_execute")
    def before(connection: sa.Connection, cursor: Any, statement: str, *_: Any) -> None:  # noqa: ARG001 - SQLAlchemy's signature
        if not _READS.match(statement):
            _begin_immediate(connection)

    @event.listens_for(engine, "checkin")
    def checkin(connection: Any, record: Any) -> None:  # noqa: ARG001 - SQLAlchemy's signature
        _release(record.info)

    @event.listens_for(engine, "close")
    def close(connection: Any, record: Any) -> None:  # noqa: ARG001 - SQLAlchemy's signature
        _release(record.info)
        if (handle := record.info.pop("lock", None)) is not None:
            os.close(handle)


def _begin_immediate(connection: sa.Connection) -> bool:
    fairy = connection.connection
    if fairy.dbapi_connection is None or fairy.dbapi_connection.in_transaction:
        return False
    _acquire(connection.engine, fairy.info)
    fairy.dbapi_connection.execute("BEGIN IMMEDIATE")
    return True


def _acquire(engine: Engine, info: dict[str, Any]) -> None:
    path = engine.url.database
    if not path or path == ":memory:" or engine.url.query.get("mode") == "memory" or info.get("locked"):
        return
    if "lock" not in info:
        info["lock"] = os.open(Path(path + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(info["lock"], fcntl.LOCK_EX)
    info["locked"] = True


def _release(info: dict[str, Any]) -> None:
    if info.pop("locked", False):
        fcntl.flock(info["lock"], fcntl.LOCK_UN)
