"""The examples of the manuals: every line for the shell can be run, every file can be read."""

from __future__ import annotations

import configparser
import json
import tomllib
from typing import Final

import click
import pytest

from corrections.cli import main
from corrections.settings import SETTINGS
from manuals import NAMES, fences_of, simple_commands, text_of

# What a line for the shell may begin with, beside our own command.
PROGRAMS: Final = {
    "python3", "pip", "make", "useradd", "install", "systemctl", "cp", "createuser", "createdb", "curl", "jq", "test",
    "echo",
}  # fmt: skip
LANGUAGES: Final = {
    "sh", "toml", "ini", "json", "yaml", "crontab", "caddyfile", "nginx", "html", "go-html-template", "php",
}  # fmt: skip
ALL_FENCES: Final = [(name, *fence) for name in NAMES for fence in fences_of(text_of(name))]
IN_SHELL: Final = [
    (f"{name}: {line}", line)
    for name, language, body in ALL_FENCES
    if language in {"sh", "crontab"}
    for line in body.splitlines()
]


def test_fences_say_what_is_in_them() -> None:
    assert {language for _, language, _ in ALL_FENCES} <= LANGUAGES


@pytest.mark.parametrize("line", [line for _, line in IN_SHELL], ids=[where for where, _ in IN_SHELL])
def test_every_line_for_the_shell_can_be_run(line: str) -> None:
    for words in simple_commands(line):
        program = words[0].rpartition("/")[2]
        if program == "corrections":
            understood(words[1:])
        else:
            assert program in PROGRAMS


def understood(words: list[str]) -> None:
    """Have click read a command line, without running it; fails as the command itself would."""
    command: click.Command = main
    context = main.make_context("corrections", list(words))
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        command = found
        try:
            context = found.make_context(name, list(rest), parent=context)
        except click.BadParameter as error:
            if "does not exist" not in str(error):  # a file of the reader's
                raise
            return


def test_a_line_that_cannot_be_run_would_be_seen() -> None:
    with pytest.raises(click.UsageError, match="Missing parameter"):
        understood(["backup"])
    with pytest.raises(click.UsageError, match="not one of"):
        understood(["editor", "add", "a@b.org", "--name", "A", "--role", "boss"])


@pytest.mark.parametrize("body", [body for _, language, body in ALL_FENCES if language == "toml"])
def test_settings_files_can_be_read(body: str) -> None:
    for name, value in tomllib.loads(body).items():
        setting = SETTINGS[name]
        assert setting.accept(value)
        assert setting.default is None or type(value) is type(setting.default), name


@pytest.mark.parametrize(("language", "body"), [(language, body) for _, language, body in ALL_FENCES])
def test_examples_in_known_forms_can_be_read(language: str, body: str) -> None:
    if language == "ini":
        parser = configparser.ConfigParser(interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign] # names of units have capitals
        parser.read_string(body)
        assert parser.sections() == ["Unit", "Service", "Install"]
    elif language == "json":
        documents = [body] if body.startswith("{\n") else body.splitlines()
        assert [json.loads(document) for document in documents]
