"""``corrections worker``: the worker alone, for machines that serve no pages."""

from pathlib import Path

import click

from corrections import logs
from corrections import worker as works
from corrections.cli import installation


@click.command()
@click.pass_obj
def worker(folder: Path) -> None:
    """Send mail, write digests, erase what was kept long enough, until TERM or INT.

    Any number of workers may run on one database.
    """
    app = installation.opened(folder)
    logs.configure(app.config["LOG_LEVEL"])
    if not app.config["MAIL_SERVER"]:
        click.echo("No mail server is set (CORRECTIONS_MAIL_SERVER), so mail waits.", err=True)
    works.run_until_told(app)
