"""``corrections editor``: people with a login."""

import json
import sys
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import func, select

from corrections.cli import installation
from corrections.db import db, transaction
from corrections.domain.actors import Role
from corrections.domain.errors import NotFound, Rejected
from corrections.models import Editor
from corrections.services import editors

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)


@click.group()
def editor() -> None:
    """Add and list editors, set their passwords."""


@editor.command()
@click.argument("email")
@click.option("--name", required=True, help="Shown in the history of what they do.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.EDITOR.value,
    show_default=True,
    help="A triager decides, an editor also fixes and publishes, an admin also adds editors.",
)
@password_option
@click.pass_obj
def add(folder: Path, email: str, name: str, role: str, *, password_stdin: bool) -> None:
    """Add an editor who logs in with EMAIL."""
    app = installation.opened(folder)
    hashed = _hashed(app, _password(stdin=password_stdin))
    with app.app_context():
        with transaction() as session:
            added = editors.add(session, email, name, Role(role), hashed, installation.operator())
        click.echo(f"Added {added.name} <{added.email}>, {added.role.value}.")


@editor.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON line an editor.")
@click.pass_obj
def list_(folder: Path, *, as_json: bool) -> None:
    """List the editors."""
    app = installation.opened(folder)
    with app.app_context():
        columns = Editor.email, Editor.name, Editor.role, Editor.active, Editor.notify
        for row in db.session.execute(select(*columns).order_by(Editor.name, Editor.id)):
            if as_json:
                click.echo(json.dumps(row._asdict(), ensure_ascii=False))
            else:
                gone = "" if row.active else "  (may not log in)"
                click.echo(f"{row.email}  {row.name}  {row.role.value}  told {row.notify.value}{gone}")


@editor.command()
@click.argument("email")
@password_option
@click.option(
    "--forget-second-step",
    is_flag=True,
    help="Remove the authenticator app, recovery codes and passkeys too, for who has lost them.",
)
@click.pass_obj
def password(folder: Path, email: str, *, password_stdin: bool, forget_second_step: bool) -> None:
    """Set the password of EMAIL; whoever is logged in with the old one is logged out."""
    app = installation.opened(folder)
    with app.app_context():
        _find(email)
    hashed = _hashed(app, _password(stdin=password_stdin))
    with app.app_context():
        with transaction() as session:
            act = installation.operator()
            editors.set_password(session, _find(email), hashed, act, forget_second_step=forget_second_step)
        click.echo(f"The password of {email} is set.")


def _find(email: str) -> Editor:
    found = db.session.scalar(select(Editor).where(func.lower(Editor.email) == email.strip().lower()))
    if found is None:
        raise NotFound(f"There is no editor with the address {email}. `corrections editor list` shows all.")
    return found


def _password(*, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("Give the password on standard input, with --password-stdin.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _hashed(app: Flask, password: str) -> str:
    """The hash of a password that the log-in page would take; raises Rejected."""
    from flask_security import hash_password

    with app.test_request_context():
        problems, normal = current_app.extensions["security"].password_util.validate(password, is_register=False)
        if problems or normal is None:
            sentence = f"The password is refused: {' '.join(map(str, problems or ['it is empty']))}"
            raise Rejected(sentence, {"password": sentence})
        return str(hash_password(normal))
