"""The command line as a whole: quick help, sentences instead of tracebacks, exit codes; init, editor and db."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result

from corrections.cli import COMMANDS, main
from corrections.settings import SETTINGS
from running import ROOT

Run = Callable[..., Result]


def test_help_is_quick_and_imports_next_to_nothing() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = (
        "import sys\nfrom corrections.cli import main\n"
        "try:\n    main(['--help'])\nfinally:\n    print(sorted({'flask', 'sqlalchemy', 'alembic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout.endswith("[]\n")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5
    for name in COMMANDS:
        assert f"\n  {name} " in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_agrees_with_the_list(name: str) -> None:
    with main.make_context("corrections", [name, "--help"], resilient_parsing=True) as context:
        command = main.get_command(context, name)
    assert command is not None
    assert command.name == name
    assert command.help


def test_what_was_typed_wrong_is_a_usage_error(run: Run) -> None:
    for words in (["nonsense"], ["editor", "add"], ["serve", "--port", "x"], ["outbox", "list", "--tray", "x"]):
        assert run(*words).exit_code == 2, words


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("CORRECTIONS_PORT", "x", "CORRECTIONS_PORT"),
        ("CORRECTIONS_NONSENSE", "1", "CORRECTIONS_NONSENSE"),
        ("CORRECTIONS_SQLALCHEMY_DATABASE_URI", "sqlite:////no/such/folder/x.sqlite", "database"),
        ("CORRECTIONS_SQLALCHEMY_DATABASE_URI", "postgresql://u:hidden@127.0.0.1:9/x", "database"),
    ],
)
def test_bad_settings_are_said_in_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    done = run("editor", "list")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert said in done.stderr
    assert "hidden" not in done.stderr
    assert "Traceback" not in done.output


def test_no_installation_no_tables_and_old_tables_say_what_to_do(run: Run, tmp_path: Path, empty_database: str) -> None:
    nowhere = tmp_path / "nowhere"
    assert "corrections init" in run("editor", "list", instance=nowhere).stderr
    assert not nowhere.exists()
    assert "corrections init" in run("editor", "list", database=empty_database).stderr
    assert run("db", "upgrade", "0001", database=empty_database).exit_code == 0
    assert "corrections db upgrade" in run("editor", "list", database=empty_database).stderr


def test_init_makes_what_is_missing_and_can_be_run_again(must: Run, instance: Path, empty_database: str) -> None:
    words = ("init", "--publication", "The Tide", "--home-url", "https://tide.test")
    first = must(*words, database=empty_database)
    assert "The Tide (https://tide.test/)" in first.stdout
    assert "/welcome/" in first.stdout
    secret = (instance / "secret_key").read_text()
    config = (instance / "config.toml").read_text()
    again = must("init", database=empty_database)
    assert "The Tide" in again.stdout
    assert (instance / "secret_key").read_text() == secret
    assert (instance / "config.toml").read_text() == config
    for name in ("secret_key", "config.toml"):
        assert (instance / name).stat().st_mode & 0o077 == 0


def test_the_settings_file_that_init_writes_is_true(must: Run, instance: Path, empty_database: str) -> None:
    must("init", database=empty_database)
    config = (instance / "config.toml").read_text()
    assert tomllib.loads(config) == {}
    uncommented = "\n".join(line[2:] for line in config.splitlines() if line.startswith("# ") and " = " in line)
    told = tomllib.loads(uncommented)
    assert told.keys() == SETTINGS.keys() - {"SECRET_KEY"}
    for name, value in told.items():
        assert SETTINGS[name].accept(value), name


@pytest.mark.database("sqlite")
def test_a_new_database_is_its_owners_alone(must: Run, tmp_path: Path) -> None:
    must("init", instance=tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / "corrections.sqlite").stat().st_mode & 0o077 == 0


def test_init_refuses_what_the_publication_cannot_be(run: Run, empty_database: str) -> None:
    done = run("init", "--publication", "X", "--home-url", "nonsense", database=empty_database)
    assert done.exit_code == 1
    assert "https://example.org/" in done.stderr


def test_editors_are_added_listed_and_given_new_passwords(must: Run, run: Run, database: str) -> None:
    must(
        "editor",
        "add",
        "Ed@Tide.test",
        "--name",
        "Ed",
        "--role",
        "admin",
        "--password-stdin",
        database=database,
        said="a long password\n",
    )
    listed = json.loads(must("editor", "list", "--json", database=database).stdout)
    assert (listed["email"], listed["role"], listed["active"]) == ("ed@tide.test", "admin", True)
    assert "ed@tide.test" in must("editor", "list", database=database).stdout
    before = _row(database)
    must("editor", "password", "ed@tide.test", "--password-stdin", database=database, said="another password\n")
    after = _row(database)
    assert before.password != after.password
    assert before.fs_uniquifier != after.fs_uniquifier, "who is logged in is shown out"
    assert run("editor", "password", "no@tide.test", "--password-stdin", database=database, said="x\n").exit_code == 1


def _row(database: str) -> sa.Row[tuple[str, str]]:
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        row = connection.execute(sa.text("SELECT password, fs_uniquifier FROM editor")).one()
    engine.dispose()
    return row


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("ed@tide.test", "short", "password is refused: At least 8 characters"),
        ("nonsense", "a long password", "e-mail address"),
        ("ed@tide.test", "", "password"),
    ],
)
def test_an_editor_that_cannot_be_is_refused(run: Run, database: str, email: str, password: str, said: str) -> None:
    done = run("editor", "add", email, "--name", "Ed", "--password-stdin", database=database, said=f"{password}\n")
    assert done.exit_code == 1
    assert said in done.stderr


def test_without_a_terminal_the_password_has_to_come_on_standard_input(run: Run, database: str) -> None:
    assert run("editor", "add", "ed@tide.test", "--name", "Ed", database=database).exit_code == 2


def test_the_revision_is_told_and_changed(must: Run, run: Run, empty_database: str) -> None:
    assert run("db", "current", database=empty_database).exit_code == 1
    assert "revision 0001" in must("db", "upgrade", "0001", database=empty_database).stdout
    must("db", "upgrade", database=empty_database)
    must("db", "current", database=empty_database)
    assert "as this version expects" in must("db", "check", database=empty_database).stdout
    must("db", "downgrade", "base", "--yes", database=empty_database)
    assert "database: (no tables)" in run("db", "current", database=empty_database).stdout
