"""``corrections db``: the revision of the database, seen and changed."""

from pathlib import Path

import click

from corrections import migrating
from corrections.cli import installation
from corrections.db import db as database
from corrections.migrating import Schema


@click.group()
def db() -> None:
    """See and change the revision of the database."""


@db.command()
@click.argument("revision", default="head")
@click.pass_obj
def upgrade(folder: Path, revision: str) -> None:
    """Bring the database up to REVISION (default: the newest). Safe to run again."""
    with installation.private_files():
        folder.mkdir(parents=True, exist_ok=True)
        app = installation.loaded(folder)
        state = installation.state_of(app)
    if state is Schema.OLDER:
        installation.check_sound(app)
    with app.app_context():
        migrating.upgrade(database.engine, revision)
        click.echo(f"The database is at revision {_revision()}.")


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="This can lose data. Did you make a backup, and go on?")
@click.pass_obj
def downgrade(folder: Path, revision: str) -> None:
    """Take the database back to REVISION ('base' for nothing); what newer tables held is lost."""
    app = installation.loaded(folder)
    installation.state_of(app)
    with app.app_context():
        migrating.downgrade(database.engine, revision)
        click.echo(f"The database is at revision {_revision()}.")


@db.command()
@click.pass_obj
def current(folder: Path) -> None:
    """Print the database's revision and the one that this version needs; exit code 1 when they differ."""
    app = installation.loaded(folder)
    with app.app_context():
        revision, newest = _revision(), migrating.head()
    click.echo(f"database: {revision}\nneeded:   {newest}")
    if revision != newest:
        raise click.exceptions.Exit(1)


@db.command()
@click.pass_obj
def check(folder: Path) -> None:
    """Compare the tables with what this version expects; exit code 1 when they differ."""
    app = installation.loaded(folder)
    with app.app_context(), database.engine.connect() as connection:
        found = migrating.differences(connection)
    for difference in found:
        click.echo(str(difference))
    if found:
        raise click.exceptions.Exit(1)
    click.echo("The tables are as this version expects them.")


def _revision() -> str:
    with database.engine.connect() as connection:
        return migrating.revision_of(connection) or "(no tables)"
