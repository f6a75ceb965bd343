"""``corrections serve``: everything, in one command."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask

from corrections import cli, config, links, logs, server
from corrections.cli import installation
from corrections.db import db
from corrections.services import editors

METRICS = "PROMETHEUS_MULTIPROC_DIR"


@click.command()
@click.option("--host", help="Address to listen on. [default: setting HOST, 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 for any. [default: setting PORT, 8000]")
@click.option("--no-worker", is_flag=True, help="Pages only: mail is sent by `corrections worker` elsewhere.")
@click.pass_obj
def serve(folder: Path, host: str | None, port: int | None, *, no_worker: bool) -> None:
    """Run the pages and the worker; make what is missing.

    TERM and INT (Ctrl+C) stop both, after what is in hand is finished. HUP reads the settings again; sent by a terminal
    that is closed, it stops both too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _share_figures(folder)  # before anything that counts is imported
    given = {name: value for name, value in (("HOST", host), ("PORT", port)) if value is not None}
    app = installation.made(folder, given)
    listener = server.listening(app.config["HOST"], app.config["PORT"])
    if not app.config["PORT"]:
        given["PORT"] = listener.getsockname()[1]
        app = installation.opened(folder, given)
    logs.configure(app.config["LOG_LEVEL"])
    _greet(app, no_worker=no_worker)
    cli.all_stays = False  # HUP makes another application, and this one is garbage then
    server.run(app, lambda: _remade(folder, given), listener, with_worker=not no_worker)


def _share_figures(folder: Path) -> None:
    """All processes count into one folder, which /metrics adds up."""
    figures = folder / "metrics"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(mode=0o700)
    os.environ[METRICS] = str(figures)


def _remade(folder: Path, given: Mapping[str, Any]) -> Flask:
    try:
        return installation.opened(folder, given)
    except click.ClickException as error:
        raise config.BadSetting(error.message) from error


def _greet(app: Flask, *, no_worker: bool) -> None:
    with app.app_context():
        lines = [
            f"Corrections runs at {links.absolute('log.index')}",
            f"Readers report errors at {links.absolute('reader.form')}",
        ]
        if editors.any_editor(db.session()):
            lines.append(f"Editors log in at {links.absolute('security.login')}")
        else:
            lines.append(f"The first editor begins here (works once, within a week): {links.welcome()}")
        db.session.remove()
    if no_worker:
        lines.append("No worker runs here: mail waits for `corrections worker`.")
    elif not app.config["MAIL_SERVER"]:
        lines.append("No mail server is set: mail waits, and can be read at the desk. `corrections doctor` tells more.")
    click.echo("\n".join([*lines, "Ctrl+C stops it."]))
