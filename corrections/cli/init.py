"""``corrections init``: a new installation, or what is missing of one."""

import sys
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import select

from corrections import links
from corrections.cli import installation
from corrections.db import db, transaction
from corrections.models import Publication
from corrections.services import editors, publications
from corrections.settings import SETTINGS


@click.command()
@click.option("--publication", metavar="NAME", help="Name of the site or magazine.")
@click.option("--home-url", metavar="URL", help="Address of its home page; its articles are fetched from there.")
@click.pass_obj
def init(folder: Path, publication: str | None, home_url: str | None) -> None:
    """Make an installation: folder, settings, secret key, database, publication.

    What is there already stays. Asks for name and address only on a terminal, and only when they were not given.
    """
    app = installation.made(folder)
    _write_settings(folder / "config.toml")
    with app.app_context():
        _describe(publication, home_url)
        _tell(app, folder)


def _describe(name: str | None, home_url: str | None) -> None:
    here = db.session.scalars(select(Publication).order_by(Publication.id).limit(1)).one()
    known_name, known_url = here.name, here.home_url
    at_first = known_name == publications.NAME_AT_FIRST
    if at_first and sys.stdin.isatty():
        name = name or click.prompt("Name of the publication")
        home_url = home_url or click.prompt("Address of its home page")
    if name is None and home_url is None:
        return
    with transaction() as session:
        publications.describe(
            session, publications.get(session), name=name or known_name, home_url=home_url or known_url
        )


def _write_settings(path: Path) -> None:
    """A file to fill in: every setting with its meaning, all commented out."""
    if path.exists():
        return
    lines = ["# Settings of this installation. The environment (CORRECTIONS_NAME) outranks them.", ""]
    for name, setting in SETTINGS.items():
        if name == "SECRET_KEY":
            continue  # it has a file of its own
        example = setting.read(setting.example)
        lines += [f"# {setting.about}", f"# {name} = {_as_toml(example)}", ""]
    path.write_text("\n".join(lines), "utf-8")
    path.chmod(0o600)  # it may come to hold passwords


def _as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_as_toml, value))}]"
    return str(value) if isinstance(value, int) else f'"{value}"'


def _tell(app: Flask, folder: Path) -> None:
    shown = publications.get(db.session())
    click.echo(f"{shown.name} ({shown.home_url}) is set up in {folder}.")
    if not editors.any_editor(db.session()):
        click.echo(f"The first editor sets name and password here (works once, within a week): {links.welcome()}")
        click.echo(f"That page answers once this runs: corrections --instance {folder} serve")
    if not app.config["MAIL_SERVER"]:
        click.echo("No mail server is set (MAIL_SERVER in config.toml): mail waits, and can be read at the desk.")
