"""The command line. Only click is imported here; each command brings what it needs when it is called."""

import gc
import importlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import click

from corrections import __version__

# Name, where it is, and what `--help` says of it: said here, so that help need not import it.
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "serve": ("corrections.cli.serve:serve", "Run the pages and the worker; make what is missing."),
    "worker": ("corrections.cli.worker:worker", "Run the worker alone: mail, digests, erasing."),
    "init": ("corrections.cli.init:init", "Make an installation: folder, settings, database, publication."),
    "demo": ("corrections.cli.demo:demo", "Fill a new installation with an invented magazine."),
    "editor": ("corrections.cli.editor:editor", "Add and list editors, set their passwords."),
    "reports": ("corrections.cli.reports:reports", "Bring in reports of the past; list where each was placed."),
    "match": ("corrections.cli.reports:match", "Explain what would become of a report, and why."),
    "articles": ("corrections.cli.articles:articles", "Bring articles in from feeds, sitemaps, pages and files."),
    "mail": ("corrections.cli.mail:mail", "Take mail in: from a mail server, a mailbox, files of the past."),
    "outbox": ("corrections.cli.outbox:outbox", "See and send the mail that is owed."),
    "log": ("corrections.cli.log:log", "Write the public log as a folder of static files."),
    "backup": ("corrections.cli.backup:backup", "Write everything into one file, while running."),
    "restore": ("corrections.cli.backup:restore", "Bring a backup back into an empty installation."),
    "doctor": ("corrections.cli.doctor:doctor", "Check the installation and say what to do."),
    "db": ("corrections.cli.db:db", "See and change the revision of the database."),
}


# Whether all that there is after an import stays until the process ends: so in the program, as __main__ says, but not
# in a test that calls it, nor once `serve` may replace its application.
all_stays = False


@contextmanager
def collecting_later() -> Iterator[None]:
    """Do not look for garbage while importing, nor ever after in what is there by then, if all of it stays.

    Nothing imported is garbage, and looking takes a third of the time of a short command, most of it at the end.
    """
    gc.disable()
    try:
        yield
    finally:
        if all_stays:
            gc.freeze()
        gc.enable()


class Commands(click.Group):
    """A group that imports a command only when it is called, and says refusals in one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of the table: the common ones first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        with collecting_later():
            return cast("click.Command", getattr(importlib.import_module(module), name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The table, as it is."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it refuses becomes one sentence and exit code 1."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort, click.ClickException, BrokenPipeError):
            raise
        except Exception as error:
            from corrections.cli.refusals import sentence_of  # knows the database's errors, which are slow to import

            sentence = sentence_of(error)
            if sentence is None:
                raise
            raise click.ClickException(sentence) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--instance",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Which installation: its folder. Also CORRECTIONS_INSTANCE; ./instance when neither is given.",
)
@click.version_option(__version__, prog_name="corrections")
@click.pass_context
def main(ctx: click.Context, folder: Path | None) -> None:
    """Corrections: from a reader noticing an error in an article to the corrected article, everywhere."""
    ctx.obj = (folder or Path(os.environ.get("CORRECTIONS_INSTANCE") or "instance")).absolute()
