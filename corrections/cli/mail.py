"""``corrections mail``: the ways in for mail."""

import sys
from pathlib import Path
from typing import Any, Final

import click

from corrections import handover

GROUP_MAY: Final = 0o660  # who may connect to a socket that was asked for: our group, to which a mail server may belong


@click.group()
def mail() -> None:
    """Take mail in: from a mail server, from a mailbox, from files of the past."""


class WrongCommandLine(click.UsageError):
    """The same with the code that mail servers know."""

    exit_code = handover.EX_USAGE


class Sysexits(click.Command):
    """A command whose caller is a mail server: a wrong command line has the code of sysexits.h."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Understand the command line."""
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            raise WrongCommandLine(error.message, error.ctx) from error


@mail.command(cls=Sysexits)
@click.option("--from", "sender", metavar="ADDR", help="Envelope sender. [default: SENDER of the environment]")
@click.option("--to", "recipients", multiple=True, metavar="ADDR...", help="Recipients. [default: RECIPIENT]")
@click.argument("others", nargs=-1, metavar="")
@click.pass_obj
def receive(folder: Path, sender: str | None, recipients: tuple[str, ...], others: tuple[str, ...]) -> None:
    """Take one mail from standard input, as a mail server's pipe.

    It is handed to the running service; without one it is stored and read here. Exit codes are those of sysexits.h: 0
    when the mail is stored, 75 to try again later, 65 when it is empty or too large, 64 for a wrong command line.
    """
    from corrections.cli import mail_in  # brings the database; `--help` can do without

    code, sentence = mail_in.receive(folder, *handover.envelope(sender, [*recipients, *others]))
    if sentence:
        click.echo(sentence, err=True)
    sys.exit(code)


@mail.command()
@click.option("--listen", "place", metavar="HOST:PORT", help="Address and port. [default: setting MAIL_IN_LMTP]")
@click.option("--socket", "path", type=click.Path(path_type=Path), help="A socket in the file system instead.")
@click.option("--smtp", is_flag=True, help="Speak SMTP instead of LMTP.")
@click.pass_obj
def lmtp(folder: Path, place: str | None, path: Path | None, *, smtp: bool) -> None:
    """Take mail by LMTP until TERM or INT, and read it.

    `serve` and `worker` do the same beside their work when MAIL_IN_LMTP is set. Each mail is stored before it is
    accepted; while the database is away the sender is asked to try again later.
    """
    from corrections.cli import mail_in  # brings the database; `--help` can do without

    if place and path:
        raise click.UsageError("Give --listen or --socket, not both.")
    mail_in.listen(folder, place, path, GROUP_MAY, smtp=smtp)


@mail.command()
@click.option("--once", is_flag=True, help="Fetch what is there and end, for cron.")
@click.pass_obj
def imap(folder: Path, *, once: bool) -> None:
    """Fetch mail from the mailbox of MAIL_IN_IMAP until TERM or INT, and read it.

    `serve` and `worker` do the same beside their work when MAIL_IN_IMAP is set. Each mail is stored, then moved to the
    folder MAIL_IN_IMAP_HANDLED; nothing is deleted.
    """
    from corrections.cli import mail_in  # brings the database; `--help` can do without

    mail_in.fetch(folder, once=once)


@mail.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the counts and refusals as one JSON object.")
@click.pass_obj
def import_(folder: Path, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Take in mail of the past: mailbox files (mbox), Maildir folders, single messages (.eml), folders of these.

    Doing it again takes in only what is new. Nobody is written to. Exit code 1 when something could not be read.
    """
    from corrections.cli import mail_import  # brings the database; `--help` can do without

    tally = mail_import.take_in(folder, paths)
    mail_import.report(tally, as_json=as_json)
    if not tally.is_complete:
        raise click.exceptions.Exit(1)
