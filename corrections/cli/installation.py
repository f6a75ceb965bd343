"""An installation, opened or made: what every command begins with."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
from flask import Flask
from sqlalchemy import select

from corrections import create_app, migrating
from corrections.cli import collecting_later
from corrections.db import db, transaction
from corrections.domain.actors import Act, Channel
from corrections.migrating import Schema
from corrections.models import Publication
from corrections.services import publications

OLDER: Final = "The database is of an older version. Bring it up to date with: corrections db upgrade"
NEWER: Final = (
    "This database was made by a newer version of Corrections (revision %s; this version knows up to %s). "
    "Install that version again, or restore a backup."
)


def loaded(folder: Path, settings: Mapping[str, Any] | None = None, *, pages: bool = True) -> Flask:
    """The application, whatever its database is like; its connections are closed when the command ends."""
    with collecting_later():
        app = create_app(settings, instance=folder, pages=pages)
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(lambda: let_go(app))
    return app


def let_go(app: Flask) -> None:
    """Close what connections to the database there are."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def opened(folder: Path, settings: Mapping[str, Any] | None = None, *, pages: bool = True) -> Flask:
    """The application of an installation that is there and up to date; otherwise a sentence says what to do."""
    if not folder.is_dir():
        raise click.ClickException(f"There is no installation in {folder}. Make one with: corrections init")
    app = loaded(folder, settings, pages=pages)
    state = state_of(app)
    if state is Schema.EMPTY:
        raise click.ClickException(f"The database of {folder} has no tables yet. Make them with: corrections init")
    if state is Schema.OLDER:
        raise click.ClickException(OLDER)
    return app


def made(folder: Path, settings: Mapping[str, Any] | None = None) -> Flask:
    """The application of an installation that is made, or brought up to date, if need be."""
    with private_files():
        folder.mkdir(parents=True, exist_ok=True)
        app = loaded(folder, settings)
        state = state_of(app)
        if state is not Schema.CURRENT:
            upgrade(app, state)
    with app.app_context():
        if db.session.scalar(select(Publication.id).limit(1)) is None:
            with transaction() as session:
                publications.get(session)
        db.session.remove()
    return app


@contextmanager
def private_files() -> Iterator[None]:
    """What is made here is for its owner alone: it holds readers' names and addresses."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def state_of(app: Flask) -> Schema:
    """How the database stands to this version of the program; refuses a newer one."""
    with app.app_context(), db.engine.connect() as connection:
        state = migrating.state(connection)
        if state is Schema.NEWER:
            raise click.ClickException(NEWER % (migrating.revision_of(connection), migrating.head()))
        return state


def upgrade(app: Flask, state: Schema) -> None:
    """Bring the database up to date, after checking that it is sound."""
    with app.app_context():
        if state is Schema.OLDER:
            check_sound(app)
            click.echo("Bringing the database up to date ...", err=True)
        migrating.upgrade(db.engine)


def check_sound(app: Flask) -> None:
    """Refuse to touch an SQLite file that is damaged."""
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            return
        found = connection.exec_driver_sql("PRAGMA quick_check").scalar()
        if found != "ok":
            raise click.ClickException(f"The database is damaged ({found}), so it is left as it is. Restore a backup.")


def operator() -> Act:
    """Acts of the command line: whoever may run it may do all."""
    return Act(channel=Channel.CLI, label="Command line")
