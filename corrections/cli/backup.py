"""``corrections backup`` and ``corrections restore``: everything in one file, and back."""

from pathlib import Path

import click
from sqlalchemy import Engine

from corrections import migrating
from corrections.cli import archive, installation
from corrections.cli.archive import CONFIG, SECRET, Manifest
from corrections.db import db
from corrections.migrating import Schema
from corrections.models import Article, Correction, Editor, Event, Report


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(folder: Path, file: Path) -> None:
    """Write database, settings and secret key into FILE, as they are at one moment, while everything runs.

    FILE holds readers' addresses and the secret key: keep it as safe as the installation itself.
    """
    app = installation.opened(folder)
    with app.app_context(), installation.private_files():
        manifest = archive.write(db.engine, folder, file)
    click.echo(f"{file}: {sum(manifest.rows.values())} rows of {len(manifest.rows)} tables.")
    if not (folder / SECRET).is_file():
        click.echo("The secret key comes from the settings; the backup has it only if config.toml names it.", err=True)


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(folder: Path, file: Path) -> None:
    """Bring the backup FILE back into an installation that holds nothing yet, on SQLite or PostgreSQL.

    A backup of an older version is brought up to date. Nothing that is there is ever overwritten.
    """
    manifest = archive.read_manifest(file)
    with installation.private_files():
        folder.mkdir(parents=True, exist_ok=True)
        placed = [name for name in (CONFIG, SECRET) if archive.place(file, name, folder)]
        try:
            app = installation.loaded(folder)
            with app.app_context():
                _must_be_empty(db.engine, folder)
                _load(db.engine, file, manifest)
        except BaseException:
            for name in placed:
                (folder / name).unlink(missing_ok=True)
            raise
    if SECRET not in placed:
        archive.replace(file, SECRET, folder)
    if CONFIG not in placed and archive.has(file, CONFIG):
        click.echo(f"{CONFIG} was there already and stays; compare it with the one in the backup.", err=True)
    click.echo(
        f"Restored {sum(manifest.rows.values())} rows as of {manifest.made_at}. `corrections doctor` looks it over."
    )


def _must_be_empty(engine: Engine, folder: Path) -> None:
    with engine.connect() as connection:
        if migrating.state(connection) is Schema.EMPTY:
            return
        for model in (Editor, Article, Report, Correction, Event):
            if archive.any_row(connection, model.__tablename__):
                raise click.ClickException(
                    f"The installation in {folder} holds data, and a restore never overwrites. "
                    "Choose an empty folder with --instance, or an empty database."
                )


def _load(engine: Engine, file: Path, manifest: Manifest) -> None:
    with engine.connect() as connection:
        bare = migrating.state(connection) is Schema.EMPTY
    if not bare:
        migrating.downgrade(engine, "base")
    migrating.upgrade(engine, manifest.revision)
    archive.load(engine, file, manifest)
    migrating.upgrade(engine)
