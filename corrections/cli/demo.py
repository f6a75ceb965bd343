"""``corrections demo``: a new installation filled with an invented magazine, to look round in."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from corrections.demo.story import Summary

PASSWORD_BYTES = 12


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object: counts, addresses, log-ins and the password.")
@click.pass_obj
def demo(folder: Path, *, as_json: bool) -> None:
    """Fill a new installation with an invented magazine: articles, reports, corrections, three editors.

    Makes the installation if there is none. Refuses one that has articles or reports already. The publication takes
    the magazine's name, and the password is new each time. No mail is sent to anybody in it.
    """
    # Database and web framework are slow to import, and `--help` needs neither.
    from corrections.cli import installation
    from corrections.db import transaction
    from corrections.demo import story
    from corrections.domain import clock

    with installation.private_files():
        _write_settings(folder / "config.toml")
    app = installation.made(folder)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with app.app_context():
        hashed = _hashed(app, password)
        with transaction() as session:
            _refuse_what_is_used(session, folder)
            summary = story.tell(session, clock.now(), hashed)
        _say(_facts(app, folder, summary, password), as_json=as_json)


def _write_settings(path: Path) -> None:
    """The magazine writes British English, so its dates are to be British too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text('# Every setting is explained in docs/operators.md.\nLOCALE = "en-GB"\n', "utf-8")


def _refuse_what_is_used(session: Session, folder: Path) -> None:
    from sqlalchemy import select  # as above

    from corrections.models import Article, Report

    for table, what in ((Article, "articles"), (Report, "reports")):
        if session.scalar(select(table.id).limit(1)) is not None:
            raise click.ClickException(
                f"There are {what} in {folder} already, and the demo is for a new installation. "
                "Make one in another folder: corrections --instance FOLDER demo"
            )


def _hashed(app: Flask, password: str) -> str:
    from flask_security import hash_password  # as above

    with app.test_request_context():
        return str(hash_password(password))


def _facts(app: Flask, folder: Path, summary: Summary, password: str) -> dict[str, Any]:
    base = app.config["BASE_URL"]
    return {
        "publication": summary.publication,
        "instance": str(folder),
        "articles": summary.articles,
        "reports": summary.reports,
        "errata": summary.errata,
        "corrections": summary.corrections,
        "url": f"{base}/",
        "login_url": f"{base}/login",
        "email": summary.logins[0][1],
        "password": password,
        "editors": [{"name": name, "email": email, "role": role} for name, email, role in summary.logins],
    }


def _say(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(
        f"{facts['publication']} is in {facts['instance']}: {facts['articles']} articles, {facts['reports']} reports, "
        f"{facts['errata']} errata, {facts['corrections']} corrections.\n\n"
        f"Start it:    {_called()} --instance {facts['instance']} serve\n"
        f"The log:     {facts['url']}\n"
        f"The desk:    {facts['login_url']}\n"
        f"Log in as:   {facts['email']}\n"
        f"Password:    {facts['password']}\n"
    )
    for editor in facts["editors"][1:]:
        click.echo(f"The {editor['role']} {editor['name']} has the same password: {editor['email']}")


def _called() -> str:
    """How this command was called: in an environment of its own it is on no path."""
    return sys.argv[0] if Path(sys.argv[0]).name == "corrections" else "corrections"
