"""The file of a backup: a zip of a manifest, the settings, the secret key, and each table as JSON Lines.

It is the same for SQLite and PostgreSQL, so that an installation can move from one to the other.
"""

import base64
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from corrections import __version__, migrating
from corrections.db import Base, begin_writing_on
from corrections.domain import clock

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
CONFIG: Final = "config.toml"
SECRET: Final = "secret_key"  # noqa: S105 - the name of a file
AT_ONCE: Final = 500
# Counted by triggers while errata come in, so its rows are put right after them.
LAST: Final = ("erratum_count",)
SEEDED: Final = ("counter", "erratum_count")
OURS: Final = "{file} is not a whole backup of Corrections: {reason}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds: rows by table, at which revision, made when and by which version."""

    made_at: str
    program: str
    revision: str
    database: str
    format: int = FORMAT
    rows: dict[str, int] = field(default_factory=dict)


def write(engine: Engine, folder: Path, file: Path) -> Manifest:
    """Write the backup, as the database is at one moment. ``file`` is replaced only when all is written."""
    if not file.absolute().parent.is_dir():
        raise click.ClickException(f"There is no folder {file.absolute().parent} to write into. Make it first.")
    handle, unfinished = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in (CONFIG, SECRET):
                if (folder / name).is_file():
                    archive.write(folder / name, name)
            with _one_moment(engine) as connection:
                manifest = _write_tables(connection, archive)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        Path(unfinished).replace(file)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return manifest


def _one_moment(engine: Engine) -> Connection:
    """A connection that sees one state of the data, whatever is written meanwhile."""
    connection = engine.connect()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection


def _write_tables(connection: Connection, archive: zipfile.ZipFile) -> Manifest:
    revision = migrating.revision_of(connection) or ""
    rows = {}
    for table in Base.metadata.sorted_tables:
        with archive.open(_member(table.name), "w", force_zip64=True) as stream:
            rows[table.name] = 0
            for row in connection.execution_options(yield_per=AT_ONCE).execute(sa.select(table)).mappings():
                stream.write(json.dumps({name: _plain(value) for name, value in row.items()}).encode() + b"\n")
                rows[table.name] += 1
    return Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        program=__version__,
        revision=revision,
        database=connection.dialect.name,
        rows=rows,
    )


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _plain(value: Any) -> Any:
    """A value of a column in JSON; ``_typed`` brings it back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def read_manifest(file: Path) -> Manifest:
    """The manifest, checked; raises ClickException for what cannot be restored by this version."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            damaged = archive.testzip()
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise click.ClickException(OURS.format(file=file, reason="it holds no list of what is in it")) from error
    if damaged is not None:
        raise click.ClickException(OURS.format(file=file, reason=f"{damaged} in it is damaged"))
    if manifest.format != FORMAT or not migrating.is_known(manifest.revision):
        raise click.ClickException(
            f"{file} was made by version {manifest.program}, which is newer than this one ({__version__}). "
            "Install that version, then restore."
        )
    return manifest


def has(file: Path, name: str) -> bool:
    """Whether the backup holds a file of this name."""
    with zipfile.ZipFile(file) as archive:
        return name in archive.namelist()


def place(file: Path, name: str, folder: Path) -> bool:
    """Put a file of the backup into the folder, unless there is one already; whether it was put there."""
    if (folder / name).exists():
        return False
    return replace(file, name, folder)


def replace(file: Path, name: str, folder: Path) -> bool:
    """Put a file of the backup into the folder, if the backup has it."""
    with zipfile.ZipFile(file) as archive:
        if name not in archive.namelist():
            return False
        (folder / name).write_bytes(archive.read(name))
    (folder / name).chmod(0o600)
    return True


def any_row(connection: Connection, table: str) -> bool:
    """Whether a table holds anything."""
    return connection.execute(sa.select(sa.literal(1)).select_from(sa.table(table)).limit(1)).first() is not None


def load(engine: Engine, file: Path, manifest: Manifest) -> None:
    """Fill tables of the manifest's revision with the rows of the backup, all or none of them."""
    with zipfile.ZipFile(file) as archive, engine.begin() as connection:
        begin_writing_on(connection)
        metadata = sa.MetaData()
        metadata.reflect(connection, only=lambda name, _: name in manifest.rows)
        for column in (column for table in metadata.tables.values() for column in table.c):
            if isinstance(column.type, sa.JSON):
                column.type.none_as_null = True
        with _references_later(connection, metadata):
            for name in SEEDED:
                connection.execute(sa.delete(metadata.tables[name]))
            tables = sorted(metadata.sorted_tables, key=lambda table: table.name in LAST)
            for table in tables:
                _load_table(connection, archive, table, manifest.rows[table.name])


@contextmanager
def _references_later(connection: Connection, metadata: sa.MetaData) -> Iterator[None]:
    """Check references once all rows are there: a row may refer to a later one of its own table."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield
        return
    quote = connection.dialect.identifier_preparer.quote
    own = [
        f"ALTER TABLE {quote(table.name)} ALTER CONSTRAINT {quote(str(reference.name))}"
        for table in metadata.tables.values()
        for reference in table.foreign_key_constraints
        if reference.referred_table is table
    ]
    for constraint in own:
        connection.exec_driver_sql(f"{constraint} DEFERRABLE INITIALLY DEFERRED")
    yield
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for constraint in own:
        connection.exec_driver_sql(f"{constraint} NOT DEFERRABLE")


def _load_table(connection: Connection, archive: zipfile.ZipFile, table: sa.Table, expected: int) -> None:
    aware = connection.dialect.name != "sqlite"
    loaded = 0
    with archive.open(_member(table.name)) as stream:
        while lines := list(islice(stream, AT_ONCE)):
            rows = [json.loads(line) for line in lines]
            connection.execute(
                sa.insert(table),
                [{name: _typed(table.c[name], value, aware=aware) for name, value in row.items()} for row in rows],
            )
            loaded += len(rows)
    if loaded != expected:
        raise click.ClickException(f"The backup is not whole: {loaded} of {expected} rows of {table.name} are there.")
    if aware and "id" in table.c and loaded:
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        connection.execute(sa.select(sa.func.setval(sequence, sa.select(sa.func.max(table.c.id)).scalar_subquery())))


def _typed(column: sa.Column[Any], value: Any, *, aware: bool) -> Any:
    """A value from JSON as the column takes it; SQLite keeps moments in UTC without saying so."""
    if value is None or isinstance(column.type, sa.JSON):
        return value
    match column.type.python_type.__name__:
        case "datetime":
            moment = datetime.fromisoformat(value)
            return moment if aware else moment.replace(tzinfo=None)
        case "date":
            return date.fromisoformat(value)
        case "bytes":
            return base64.b64decode(value)
    return value
