"""The schema of the database: brought up to date, asked for its revision, compared with the models."""

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.sql.schema import SchemaItem

from corrections import PACKAGE
from corrections.db import Base, begin_writing_on

if TYPE_CHECKING:
    from alembic.config import Config

# Made by the migrations by hand, since no model can describe them.
OURS_BY_HAND = ("_search", "_trigram", "_search_", "_trigram_")

_SAID: Final = re.compile(r"""^(revision|down_revision)\s*=\s*(?:["'](\w+)["']|None)""", re.MULTILINE)


def is_ours(item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None) -> bool:  # noqa: ARG001 - Alembic's signature
    """Whether Alembic should compare this object with the models."""
    return not (
        kind in {"table", "index"} and reflected and name is not None and any(part in name for part in OURS_BY_HAND)
    )


def config() -> "Config":
    """Alembic's configuration, from the scripts inside the package."""
    # Alembic takes most of a second to import and is needed by few commands.
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(PACKAGE / "migrations"))
    return found


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to ``revision``, in one transaction."""
    from alembic import command  # as above

    with engine.begin() as connection:
        _ready(connection)
        found = config()
        found.attributes["connection"] = connection
        command.upgrade(found, revision)
    engine.dispose()  # SQLite's connection was told not to check references


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to ``revision`` ('base' for nothing), in one transaction."""
    from alembic import command  # as above

    with engine.begin() as connection:
        _ready(connection)
        found = config()
        found.attributes["connection"] = connection
        command.downgrade(found, revision)
    engine.dispose()  # SQLite's connection was told not to check references


def _ready(connection: Connection) -> None:
    """One process at a time; SQLite's batch changes remove tables that others refer to, so it must not check yet."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        begin_writing_on(connection)
    else:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7103121)")


class Schema(StrEnum):
    """How the database stands to this version of the program."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def state(connection: Connection) -> Schema:
    """Empty, older than this version of the program, just right, or newer."""
    revision = revision_of(connection)
    if revision is None:
        return Schema.EMPTY
    if revision == head():
        return Schema.CURRENT
    return Schema.OLDER if is_known(revision) else Schema.NEWER


def is_known(revision: str) -> bool:
    """Whether this version of the program has the migration that makes the revision."""
    return revision in _chain()


def revision_of(connection: Connection) -> str | None:
    """The revision the database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def head() -> str:
    """The newest revision there is."""
    chain = _chain()
    newest = next((revision for revision in chain if revision not in chain.values()), None)
    if newest is None:
        raise RuntimeError("the package carries no migrations")
    return newest


@cache
def _chain() -> dict[str, str | None]:
    """Every revision in the package and the one before it, read without Alembic: each start asks for it."""
    found: dict[str, str | None] = {}
    for script in sorted((PACKAGE / "migrations" / "versions").glob("*.py")):
        said = {match[1]: match[2] for match in _SAID.finditer(script.read_text("utf-8"))}
        found[said["revision"]] = said["down_revision"]
    return found


def differences(connection: Connection) -> list[Any]:
    """What Alembic would change to make the database equal to the models; empty when they agree."""
    from alembic.autogenerate import compare_metadata  # as above
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
    return list(compare_metadata(context, Base.metadata))
