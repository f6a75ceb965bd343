"""``corrections outbox``: the mail that is owed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import ColumnElement, Row, select

from corrections.cli import installation
from corrections.db import db, transaction
from corrections.domain import clock
from corrections.mail import delivery
from corrections.models import OutboxMessage
from corrections.services import outbox as owed

TRAYS: Final[Mapping[str, list[ColumnElement[bool]]]] = {
    "waiting": [OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None)],
    "failed": [OutboxMessage.failed_at.is_not(None)],
    "sent": [OutboxMessage.sent_at.is_not(None)],
}
SHOWN: Final[tuple[Any, ...]] = (
    OutboxMessage.id,
    OutboxMessage.template,
    OutboxMessage.recipient,
    OutboxMessage.message_id,
    OutboxMessage.owed_at,
    OutboxMessage.due_at,
    OutboxMessage.sent_at,
    OutboxMessage.failed_at,
    OutboxMessage.attempts,
    OutboxMessage.last_error,
)
AT_ONCE: Final = 1_000


@click.group()
def outbox() -> None:
    """See and send the mail that is owed."""


@outbox.command("list")
@click.option("--tray", type=click.Choice([*TRAYS, "all"]), default="all", show_default=True, help="Which messages.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a message.")
@click.pass_obj
def list_(folder: Path, tray: str, *, as_json: bool) -> None:
    """List messages, oldest first: what each is, to whom, and what became of it."""
    app = installation.opened(folder)
    with app.app_context():
        messages = select(*SHOWN).where(*TRAYS.get(tray, [])).order_by(OutboxMessage.id)
        last = 0
        while rows := db.session.execute(messages.where(OutboxMessage.id > last).limit(AT_ONCE)).all():
            for row in rows:
                click.echo(_as_json(row) if as_json else _as_line(row))
            last = rows[-1].id


def _tray_of(row: Row[Any]) -> str:
    return "sent" if row.sent_at else "failed" if row.failed_at else "waiting"


def _as_json(row: Row[Any]) -> str:
    moments = {name: at and at.isoformat() for name, at in row._asdict().items() if name.endswith("_at")}
    return json.dumps(row._asdict() | moments | {"tray": _tray_of(row)}, ensure_ascii=False)


def _as_line(row: Row[Any]) -> str:
    when = {"sent": row.sent_at, "failed": row.failed_at, "waiting": row.due_at}[_tray_of(row)]
    why = f"  ({row.last_error})" if row.last_error else ""
    return f"{row.id}  {_tray_of(row)} {when:%Y-%m-%d %H:%M:%S}  {row.template}  {row.recipient}{why}"


@outbox.command()
@click.option("--all", "everything", is_flag=True, help="Also what waits for its next attempt.")
@click.option("--json", "as_json", is_flag=True, help="The counts as JSON.")
@click.pass_obj
def deliver(folder: Path, *, everything: bool, as_json: bool) -> None:
    """Send now what is due, as the worker would; both may run at once.

    What was refused waits for its next attempt. Exit code 1 when something was refused, failed, or no server is set.
    """
    app = installation.opened(folder)
    if not app.config["MAIL_SERVER"]:
        raise click.ClickException("No mail server is set, so mail waits. Set CORRECTIONS_MAIL_SERVER.")
    with app.app_context():
        if everything:
            with transaction() as session:
                owed.hasten(session, clock.now())
        tally = delivery.deliver_due()
    counts = {"sent": tally.sent, "waiting": tally.waiting, "failed": tally.failed}
    if as_json:
        click.echo(json.dumps(counts | {"unreachable": tally.unreachable}))
    else:
        click.echo("Sent {sent}, to be tried again {waiting}, given up {failed}.".format_map(counts))
    if tally.unreachable:
        click.echo(tally.unreachable, err=True)
    if tally.waiting or tally.failed:
        raise click.exceptions.Exit(1)
