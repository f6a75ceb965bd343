"""What the manuals say is so: commands, options, settings, addresses and files that they name are there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from corrections.cli import main
from corrections.settings import SETTINGS

ROOT: Final = Path(__file__).resolve().parent.parent
MANUALS: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES: Final = [path.relative_to(ROOT).as_posix() for path in MANUALS]
NOT_SETTINGS: Final = {"CORRECTIONS_INSTANCE", "CORRECTIONS_TEST_POSTGRES"}


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
        for part in re.split(r"\s[|;&]+\s", line):
            words = re.split(r"\s[<>]", part)[0]
            if found := re.match(r"(?:\$ |sudo .*? |.*/)?corrections\s+(.+)", words):
                yield shlex.split(found[1].replace("...", ""), comments=True)


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


@pytest.mark.parametrize("name", NAMES)
def test_commands_and_options_exist(name: str) -> None:
    problems = [problem_of(words) for words in commands_in((ROOT / name).read_text("utf-8"))]
    assert [problem for problem in problems if problem] == []


@pytest.mark.parametrize("name", NAMES)
def test_settings_exist(name: str) -> None:
    named = set(re.findall(r"\bCORRECTIONS_[A-Z_]+\b", (ROOT / name).read_text("utf-8"))) - NOT_SETTINGS
    assert {one for one in named if one.removeprefix("CORRECTIONS_") not in SETTINGS and not one.endswith("_")} == set()


@pytest.mark.parametrize("name", NAMES)
def test_links_to_files_lead_somewhere(name: str) -> None:
    here = (ROOT / name).parent
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", (ROOT / name).read_text("utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (here / link).exists()] == []


@pytest.mark.parametrize("name", NAMES)
def test_make_targets_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {line.split()[1] for line in code_of((ROOT / name).read_text("utf-8")) if re.match(r"make [a-z-]+", line)}
    assert asked <= targets


def test_every_setting_stands_in_the_manual() -> None:
    manuals = "\n".join(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))
    assert {name for name in SETTINGS if not re.search(rf"\b{name}\b", manuals)} == set()


def test_every_command_stands_in_the_manual() -> None:
    manuals = "\n".join(path.read_text("utf-8") for path in MANUALS)
    assert {name for name in main.list_commands(click.Context(main)) if f"corrections {name}" not in manuals} == set()


def test_every_command_explains_itself() -> None:
    silent = []
    waiting: list[tuple[str, click.Command]] = [("corrections", main)]
    while waiting:
        path, command = waiting.pop()
        if not command.help:
            silent.append(path)
        silent += [
            f"{path} {p.opts[0]}" for p in command.params if isinstance(p, click.Option) and not p.help and not p.hidden
        ]
        if isinstance(command, click.Group):
            context = click.Context(command)
            found = {name: command.get_command(context, name) for name in command.list_commands(context)}
            waiting += [(f"{path} {name}", sub) for name, sub in found.items() if sub is not None]
    assert silent == []


def test_a_wrong_command_in_a_manual_would_be_seen() -> None:
    text = (
        "Run `corrections serv` or\n\n    .venv/bin/corrections --instance X serve --prot 80 > log\n"
        "    corrections init --publication 'A b'\n"
    )
    assert [problem_of(words) for words in commands_in(text)] == [
        "main has no command serv", "serve has no option --prot", ""
    ]  # fmt: skip
