"""The work of ``corrections mail receive``, ``lmtp`` and ``imap``."""

import io
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import click
from flask import Flask

from corrections import logs
from corrections.cli import collecting_later, installation
from corrections.cli.refusals import sentence_of
from corrections.config import BadSetting
from corrections.domain import limits
from corrections.handover import EX_DATAERR, EX_TEMPFAIL, OK, read_already, without_envelope_line
from corrections.mail import receiving
from corrections.models import Way
from corrections.settings import SETTINGS


def receive(folder: Path, sender: str | None, recipients: Sequence[str]) -> tuple[int, str]:
    """Store and read the mail on standard input: the exit code of sysexits.h, and a sentence when it was not stored.

    Whatever is wrong may be right again later, but for the mail itself.
    """
    try:
        app = installation.opened(folder, pages=False)
        logs.configure("CRITICAL")  # what is said here ends up in the mail server's log, or in a mail to the sender
        raw = without_envelope_line(_read())
        with app.app_context():
            number, _ = receiving.keep(raw, Way.PIPE, envelope_from=sender, envelope_to=recipients)
            # It is stored: a worker will read it if that fails here. Reading imports much, and the process then ends.
            with suppress(Exception), collecting_later():
                receiving.read(number)
    except BadSetting as error:
        return EX_TEMPFAIL, str(error)
    except (receiving.NoMail, receiving.TooLarge) as error:
        return EX_DATAERR, str(error)
    except click.ClickException as error:
        return EX_TEMPFAIL, error.message
    except Exception as error:  # noqa: BLE001 - the mail server keeps the mail and tries again
        return EX_TEMPFAIL, sentence_of(error) or f"It could not be stored ({type(error).__name__}). Try again later."
    return OK, ""


def _read() -> bytes:
    if read_already:
        return read_already[0]
    file = sys.stdin.buffer if sys.stdin else io.BytesIO()
    return file.read(limits.MAIL_BYTES + 1)


def listen(folder: Path, place: str | None, path: Path | None, mode: int, *, smtp: bool) -> None:
    """Take mail at a place or a path until told to stop, and read it. Raises what says why it cannot be listened."""
    # `mail receive` starts for each mail and can do without these.
    from corrections import worker
    from corrections.mail import intake
    from corrections.mail.lmtp import Listener

    app = _opened(folder)
    place = place or app.config["MAIL_IN_LMTP"]
    if not (place or path):
        raise click.UsageError("Say where: --listen HOST:PORT or --socket PATH, or set MAIL_IN_LMTP.")
    if place and not (path or SETTINGS["MAIL_IN_LMTP"].accept(place)):
        raise click.UsageError(f"{place} is no address and port. Example: {SETTINGS['MAIL_IN_LMTP'].example}")
    try:
        line = intake.socket_in_file(path, mode) if path else intake.socket_at(place)
    except OSError as error:
        why = (error.errno and error.errno > 0 and os.strerror(error.errno)) or error.strerror or str(error)
        raise click.ClickException(f"{path or place} cannot be listened on: {why}.") from error

    def begin(stored: Callable[[], None]) -> Callable[[], None]:
        listener = Listener(app, [line], stored, intake.recipients_of(app), smtp)
        listener.start()
        click.echo(f"Mail is taken by {'SMTP' if smtp else 'LMTP'} at {path or place}. Ctrl+C stops it.")
        return listener.stop

    worker.read_until_told(app, begin)


def fetch(folder: Path, *, once: bool) -> None:
    """Fetch mail from the mailbox of the settings, once or until told to stop, and read it. Raises imap.NoMailbox."""
    # As above.
    from corrections import worker
    from corrections.mail import intake
    from corrections.mail.imap import Mailbox

    app = _opened(folder)
    if not app.config["MAIL_IN_IMAP"]:
        raise click.ClickException("No mailbox is set. Set CORRECTIONS_MAIL_IN_IMAP: imaps://USER@HOST/FOLDER")
    if once:
        count = Mailbox(app).take_once()
        with app.app_context():
            receiving.read_waiting()
        click.echo(f"Messages fetched: {count}.")
        return

    def begin(stored: Callable[[], None]) -> Callable[[], None]:
        told = threading.Event()
        mailbox = Mailbox(app, stored)
        watching = threading.Thread(target=intake.persist, args=(lambda: mailbox.watch(told.is_set), told))
        watching.start()
        click.echo("Mail is fetched as it comes. Ctrl+C stops it.")

        def end() -> None:
            told.set()
            watching.join()

        return end

    worker.read_until_told(app, begin)


def _opened(folder: Path) -> Flask:
    app = installation.opened(folder)
    logs.configure(app.config["LOG_LEVEL"])
    return app
