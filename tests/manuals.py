"""The manuals, and what of them is commands, addresses and examples."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

import click

from corrections.cli import main

ROOT: Final = Path(__file__).resolve().parent.parent
MANUALS: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES: Final = [path.relative_to(ROOT).as_posix() for path in MANUALS]
SCHEDULE: Final = 5  # fields before the user in a line of /etc/cron.d


def text_of(name: str) -> str:
    """A manual by its name."""
    return (ROOT / name).read_text("utf-8")


def code_of(text: str) -> Iterator[str]:
    """Lines of code blocks, and what stands between backticks in the text."""
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield line.strip()
        else:
            yield from re.findall(r"`([^`]+)`", line)


def commands_in(text: str) -> Iterator[list[str]]:
    """The words after ``corrections`` of each command line shown."""
    for line in code_of(text):
        for words in simple_commands(line):
            if words and words[0].rpartition("/")[2] == "corrections":
                yield words[1:]


def simple_commands(line: str) -> Iterator[list[str]]:
    """The commands of a line without what runs them: assignments, another user, a schedule, redirections."""
    try:
        tokens = list(_tokens(re.sub(r"\$\([^)]*\)", "X", line).removeprefix("$ ").replace("...", "")))
    except ValueError:  # code of another language
        return
    for joins, part in groupby(tokens, key=lambda token: set(token) <= set("|;&")):
        words = list(part)
        while not joins and ">" in words:
            del words[words.index(">") : words.index(">") + 2]
        if len(words) > SCHEDULE and all(re.fullmatch(r"[\d*/,-]+", word) for word in words[:SCHEDULE]):
            words = words[SCHEDULE + 1 :]
        while words and re.match(r"[A-Z_]+=", words[0]):
            words = words[1:]
        if words[:2] in (["runuser", "-u"], ["sudo", "-u"]):
            words = [word for word in words[3:] if word != "--"]
        if words and not joins:
            yield words


def _tokens(line: str) -> shlex.shlex:
    tokens = shlex.shlex(line, posix=True, punctuation_chars="|;&<>")
    tokens.whitespace_split = True
    return tokens


def problem_of(words: list[str]) -> str:
    """What is wrong with a command line of ours, or ''."""
    command: click.Command = main
    context = click.Context(command)
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word.startswith("-"):
            name, _, value = word.partition("=")
            option = next(
                (p for p in command.params if isinstance(p, click.Option) and name in [*p.opts, *p.secondary_opts]),
                None,
            )
            if option is None and name not in {"--help", "-h", "--version"}:
                return f"{command.name} has no option {name}"
            if option is not None and not option.is_flag and not value and waiting:
                waiting.pop(0)
        elif isinstance(command, click.Group):
            choices = word.split("|")
            for choice in choices:
                if choice not in command.list_commands(context):
                    return f"{command.name} has no command {choice}" if not choice.isupper() else ""
            found = command.get_command(context, choices[0])
            if found is None:
                return f"{word} cannot be loaded"
            command, context = found, click.Context(found, parent=context)
    return ""


def fences_of(text: str) -> list[tuple[str, str]]:
    """(language, what is in it) of every fence."""
    return re.findall(r"^ *```(\S*)\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
