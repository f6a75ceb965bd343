"""``corrections log``: the public log as a folder of static files."""

from pathlib import Path

import click

from corrections.cli import installation
from corrections.cli.static_log import StaticLog

TELL_EVERY = 1_000


@click.group()
def log() -> None:
    """Write the public log as a folder of static files."""


@log.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def export(instance: Path, folder: Path) -> None:
    """Write the log into DIR: pages, feeds, tables, sitemaps, as they are served.

    Links between them are relative, so DIR may be put anywhere; what needs the program (the form, search) links to the
    installation. Run it again to bring DIR up to date; only files written by this command are changed or removed.
    """
    app = installation.opened(instance)
    count = 0
    for count, _ in enumerate(StaticLog(app, folder).write(), start=1):
        if count % TELL_EVERY == 0:
            click.echo(f"{count} files ...", err=True)
    click.echo(f"{count} files in {folder}.")
