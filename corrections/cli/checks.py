"""What ``doctor`` looks at: each check tells what it found, what that means, and what to do."""

import ipaddress
import os
import shutil
import smtplib
import socket
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from corrections import migrating
from corrections.cli import installation
from corrections.cli.refusals import first_line, sentence_of
from corrections.config import BadSetting
from corrections.db import db
from corrections.domain import clock
from corrections.domain.letters import LetterState
from corrections.mail import addresses, delivery, outgoing
from corrections.mail.connection import Connection
from corrections.migrating import Schema
from corrections.models import Editor, Event, InboxMessage, OutboxMessage, Way
from corrections.services import editors

LITTLE_SPACE: Final = 1_000_000_000  # bytes
TOO_LITTLE_SPACE: Final = 100_000_000
LATE: Final = timedelta(minutes=15)
OTHERS_MAY: Final = stat.S_IRWXO
CLOCK_STARTS: Final = datetime(2025, 1, 1, tzinfo=UTC)  # no installation is older than the program
CLOCK_SLACK: Final = timedelta(minutes=5)
MAIL_SECONDS: Final = 15


class Level(IntEnum):
    """How bad it is."""

    OK = 0
    WARNING = 1
    PROBLEM = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    subject: str
    level: Level
    found: str
    remedy: str = ""


def findings(folder: Path) -> Iterator[Finding]:
    """All that was found, in the order in which one would mend it."""
    if not folder.is_dir():
        yield Finding("folder", Level.PROBLEM, f"There is no {folder}.", "Make the installation: corrections init")
        return
    try:
        app = installation.loaded(folder)
    except (BadSetting, OSError, SQLAlchemyError, ModuleNotFoundError) as error:
        yield Finding("settings", Level.PROBLEM, sentence_of(error) or str(error))
        return
    yield Finding("settings", Level.OK, f"All can be read ({folder}).")
    yield from _permissions(folder)
    yield from _disk(app, folder)
    with app.app_context():
        yield from _address(app)
        usable = True
        for finding in _database():
            usable = usable and finding.level is not Level.PROBLEM
            yield finding
        for check in (_clock, _people, _outbox, _inbox) if usable else ():
            yield from check()
        yield from _mail(app, usable=usable)
        yield from _mail_in(app)


def _permissions(folder: Path) -> Iterator[Finding]:
    for path in (folder, folder / "secret_key", folder / "config.toml", folder / "corrections.sqlite"):
        if not path.exists():
            continue
        if not os.access(path, os.R_OK | os.W_OK):
            who = f"user {os.geteuid()}"
            yield Finding(
                "permissions", Level.PROBLEM, f"{path} cannot be read and written by {who}.", f"chown it to {who}."
            )
        elif path.stat().st_mode & OTHERS_MAY and path.name != folder.name:
            yield Finding(
                "permissions", Level.WARNING, f"Anybody on this machine may read {path}.", f"chmod 600 {path}"
            )
        else:
            yield Finding(
                "permissions", Level.OK, f"{path} is ours alone." if path != folder else f"{path} can be used."
            )


def _disk(app: Flask, folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    level = Level.PROBLEM if free < TOO_LITTLE_SPACE else Level.WARNING if free < LITTLE_SPACE else Level.OK
    remedy = "Make room: a full disk stops reports from being stored." if level else ""
    yield Finding("disk", level, f"{free / 1e9:,.1f} GB free in {folder}.", remedy)
    if app.config["SQLITE_SYNCHRONOUS"] == "NORMAL":
        remedy = "Set SQLITE_SYNCHRONOUS to FULL unless that risk is meant."
        yield Finding("disk", Level.WARNING, "A power failure may lose the last reports (NORMAL).", remedy)


def _address(app: Flask) -> Iterator[Finding]:
    base, proxies = app.config["BASE_URL"], app.config["PROXIES"]
    parts = urlsplit(base)
    if _is_private(parts.hostname or ""):
        remedy = "Set BASE_URL to the public address before readers come: mail and feeds link to it."
        yield Finding("address", Level.WARNING, f"{base} reaches this machine or network only.", remedy)
    elif parts.scheme != "https":
        remedy = "Set BASE_URL to the https address; log-in cookies are then sent over https only."
        yield Finding("address", Level.WARNING, f"{base} is not encrypted.", remedy)
    else:
        yield Finding("address", Level.OK, f"Readers come to {base}.")
    if parts.scheme == "https" and not proxies:
        remedy = "Set PROXIES to how many proxies there are: without, all readers count as one for the limits."
        yield Finding("proxies", Level.WARNING, "https needs a proxy in front, but PROXIES is 0.", remedy)
    elif proxies and app.config["HOST"] not in {"127.0.0.1", "::1", "localhost"}:
        remedy = "Let the proxy alone reach that address, or anybody may claim to be anybody."
        yield Finding(
            "proxies", Level.WARNING, f"Proxies are believed, and {app.config['HOST']} listens to all.", remedy
        )
    else:
        yield Finding("proxies", Level.OK, f"{proxies} in front.")


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".test", ".localhost", ".internal"))


def _database() -> Iterator[Finding]:
    try:
        with db.engine.connect() as connection:
            name = connection.dialect.name
            state, revision = migrating.state(connection), migrating.revision_of(connection)
            if name == "sqlite" and (damage := connection.exec_driver_sql("PRAGMA quick_check").scalar()) != "ok":
                yield Finding(
                    "database", Level.PROBLEM, f"The file is damaged: {damage}.", "Restore the newest backup."
                )
                return
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        yield _unusable(error)
        return
    yield Finding("database", Level.OK, f"{name} answers.")
    remedies = {
        Schema.EMPTY: "Make the tables: corrections init",
        Schema.OLDER: "Make a backup, then: corrections db upgrade",
        Schema.NEWER: "Install the version of Corrections that made it, or a newer one.",
    }
    if state is Schema.CURRENT:
        yield Finding("migrations", Level.OK, f"Revision {revision}, as needed.")
    else:
        found = f"The tables are {state.value} ({revision or 'none'}; needed: {migrating.head()})."
        yield Finding("migrations", Level.PROBLEM, found, remedies[state])


def _unusable(error: Exception) -> Finding:
    if isinstance(error, DBAPIError):
        found = f"It cannot be used: {first_line(error)}."
    else:
        found = sentence_of(error) or f"It cannot be used: {type(error).__name__}."
    if db.engine.dialect.name == "sqlite":
        return Finding("database", Level.PROBLEM, found, "Check the folder; if the file is damaged, restore a backup.")
    return Finding("database", Level.PROBLEM, found, "Check SQLALCHEMY_DATABASE_URI, and that the server runs.")


def _clock() -> Iterator[Finding]:
    now = clock.now()
    newest = db.session.scalar(select(Event.at).order_by(Event.id.desc()).limit(1))
    if now < CLOCK_STARTS or (newest is not None and newest > now + CLOCK_SLACK):
        found = f"This machine believes it is {now:%Y-%m-%d %H:%M} UTC" + (
            f"; the newest event is of {newest:%Y-%m-%d %H:%M}." if newest else "."
        )
        yield Finding("clock", Level.PROBLEM, found, "Set the clock (NTP): links run out and mail is due by it.")
        return
    with db.engine.connect() as connection:
        theirs = None if connection.dialect.name == "sqlite" else connection.execute(select(func.now())).scalar_one()
    if theirs is not None and abs(theirs - clock.now()) > CLOCK_SLACK:
        found = f"The database's clock and ours are {abs(theirs - now)} apart."
        yield Finding("clock", Level.WARNING, found, "Set both by NTP.")
    else:
        yield Finding("clock", Level.OK, f"{now:%Y-%m-%d %H:%M:%S} UTC, {time.tzname[0]} here.")


def _people() -> Iterator[Finding]:
    if not editors.any_editor(db.session()):
        remedy = "Use the link that `corrections serve` prints, or: corrections editor add"
        yield Finding("editors", Level.WARNING, "Nobody can log in yet.", remedy)
        return
    count = db.session.scalar(select(func.count()).select_from(Editor).where(Editor.active))
    yield Finding("editors", Level.OK, f"{count} can log in.")


def _outbox() -> Iterator[Finding]:
    waiting = OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None)
    count = db.session.scalar(select(func.count()).select_from(OutboxMessage).where(*waiting)) or 0
    late = db.session.scalar(select(func.min(OutboxMessage.due_at)).where(*waiting))
    failed = db.session.scalar(
        select(func.count()).select_from(OutboxMessage).where(OutboxMessage.failed_at.is_not(None))
    )
    if failed:
        remedy = "The desk's outbox tells why, and can try each again."
        yield Finding("outbox", Level.WARNING, f"Messages given up: {failed}.", remedy)
    if late is not None and clock.now() - late > LATE:
        remedy = "Run a worker: `corrections serve` without --no-worker, or `corrections worker`."
        yield Finding(
            "outbox",
            Level.WARNING,
            f"Messages waiting: {count}, the oldest due since {late:%Y-%m-%d %H:%M} UTC.",
            remedy,
        )
    else:
        yield Finding("outbox", Level.OK, f"Messages waiting: {count}.")


def _inbox() -> Iterator[Finding]:
    waiting = select(func.min(InboxMessage.received_at)).where(InboxMessage.state == LetterState.WAITING)
    failed = select(func.count()).select_from(InboxMessage).where(InboxMessage.state == LetterState.FAILED)
    if count := db.session.scalar(failed):
        remedy = "The desk shows them, and can have each read again."
        yield Finding("inbox", Level.WARNING, f"Messages that cannot be read: {count}.", remedy)
    late = db.session.scalar(waiting.where(InboxMessage.way != Way.IMPORT))
    if late is not None and clock.now() - late > LATE:
        remedy = "Run a worker: `corrections serve` without --no-worker, or `corrections worker`."
        yield Finding("inbox", Level.WARNING, f"Messages have been waiting since {late:%Y-%m-%d %H:%M} UTC.", remedy)


def _mail_in(app: Flask) -> Iterator[Finding]:
    """The ways in that are set, tried without taking any mail."""
    if place := app.config["MAIL_IN_LMTP"]:
        yield _listener(place, is_open=not app.config["MAIL_IN_ADDRESSES"])
    if app.config["MAIL_IN_IMAP"]:
        from corrections.mail.imap import Mailbox, NoMailbox  # only where a mailbox is set

        try:
            count = Mailbox(app).count()
        except NoMailbox as error:
            remedy = "Check MAIL_IN_IMAP and MAIL_IN_IMAP_PASSWORD."
            yield Finding("mail in", Level.PROBLEM, str(error), remedy)
        else:
            yield Finding("mail in", Level.OK, f"The mailbox lets us in; messages there: {count}.")


def _listener(place: str, *, is_open: bool) -> Finding:
    parts = urlsplit(f"//{place}")
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), MAIL_SECONDS).close()
    except OSError:
        remedy = "Run `corrections serve` or `corrections worker`; their log says why if they cannot listen there."
        return Finding("mail in", Level.WARNING, f"Nobody takes mail at {place}.", remedy)
    if is_open and not _is_private(parts.hostname or ""):
        remedy = "Name the addresses that are yours in MAIL_IN_ADDRESSES."
        return Finding("mail in", Level.WARNING, f"{place} takes mail to any address.", remedy)
    return Finding("mail in", Level.OK, f"Mail is taken at {place}.")


def _mail(app: Flask, *, usable: bool) -> Iterator[Finding]:
    if not app.config["MAIL_SERVER"]:
        remedy = "Set MAIL_SERVER (and MAIL_PORT, MAIL_USERNAME ...); until then mail can be read at the desk."
        yield Finding("mail", Level.WARNING, "No server is set, so mail waits.", remedy)
        return
    if usable:
        yield _mail_sender(app)
    where = f"{app.config['MAIL_SERVER']}:{app.config['MAIL_PORT']}"
    try:
        with Connection(time.monotonic() + MAIL_SECONDS) as connection:
            yield _mail_safety(app, where, connection)
    except (smtplib.SMTPException, OSError) as error:
        remedy = "Check MAIL_SERVER, MAIL_PORT, MAIL_USE_TLS or MAIL_USE_SSL, MAIL_USERNAME and MAIL_PASSWORD."
        yield Finding("mail", Level.PROBLEM, delivery.said(error), remedy)


def _mail_sender(app: Flask) -> Finding:
    sender = outgoing.sender(db.session())
    if addresses.is_invented(sender.address) or not (app.config["MAIL_DEFAULT_SENDER"] or sender.reply_address):
        remedy = "Set MAIL_DEFAULT_SENDER, or the publication's reply address at the desk."
        return Finding("mail", Level.WARNING, f"Mail comes from {sender.address}, where nobody reads answers.", remedy)
    return Finding("mail", Level.OK, f"Mail comes from {sender.shown_name} <{sender.address}>.")


def _mail_safety(app: Flask, where: str, connection: Connection) -> Finding:
    host = connection.host
    encrypted = app.config["MAIL_USE_TLS"] or app.config["MAIL_USE_SSL"]
    here = _is_private(app.config["MAIL_SERVER"])
    if app.config["MAIL_PASSWORD"] and not encrypted and not here:
        remedy = "Set MAIL_USE_TLS (port 587) or MAIL_USE_SSL (port 465)."
        return Finding("mail", Level.WARNING, f"The password goes to {where} in the clear.", remedy)
    if not encrypted and not here and host is not None and host.has_extn("starttls"):
        return Finding("mail", Level.WARNING, f"{where} offers encryption, which is not used.", "Set MAIL_USE_TLS.")
    how = "encrypted" if encrypted else "not encrypted"
    return Finding(
        "mail", Level.OK, f"{where} takes mail from us ({how}{', logged in' if app.config['MAIL_USERNAME'] else ''})."
    )
