"""The schema of the database: brought up to date, asked for its revision, compared with the models."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine
from sqlalchemy.sql.schema import SchemaItem

from corrections.db import Base, begin_writing_on

if TYPE_CHECKING:
    from alembic.config import Config

# Made by the migrations by hand, since no model can describe them.
OURS_BY_HAND = ("_search", "_trigram", "_search_", "_trigram_")


def is_ours(item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None) -> bool:  # noqa: ARG001 - Alembic's signature
    """Whether Alembic should compare this object with the models."""
    return not (
        kind in {"table", "index"} and reflected and name is not None and any(part in name for part in OURS_BY_HAND)
    )


def config() -> "Config":
    """Alembic's configuration, from the scripts inside the package."""
    # Alembic takes most of a second to import and is needed by few commands.
    from alembic.config import Config

    from corrections import PACKAGE

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


def revision_of(connection: Connection) -> str | None:
    """The revision the database is at; None for an empty one."""
    from alembic.runtime.migration import MigrationContext  # as above

    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision there is."""
    from alembic.script import ScriptDirectory  # as above

    newest = ScriptDirectory.from_config(config()).get_current_head()
    if newest is None:
        raise RuntimeError("the package carries no migrations")
    return newest


def differences(connection: Connection) -> list[Any]:
    """What Alembic would change to make the database equal to the models; empty when they agree."""
    from alembic.autogenerate import compare_metadata  # as above
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
    return list(compare_metadata(context, Base.metadata))
