"""Commands run in this process, on the database under test."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corrections.cli import main

Run = Callable[..., Result]


@pytest.fixture
def run(instance: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("editor", "list", database=uri)``; ``instance`` another folder, ``said`` what stands on standard input."""

    def run(*words: str, database: str = "", instance: Path = instance, said: str = "") -> Result:
        with monkeypatch.context() as patch:
            if database:
                patch.setenv("CORRECTIONS_SQLALCHEMY_DATABASE_URI", database)
            # In a context of its own: a command knows nothing of the test's application.
            return Context().run(CliRunner().invoke, main, ["--instance", str(instance), *words], input=said)

    return run


@pytest.fixture
def must(run: Run) -> Run:
    """The same for what has to succeed."""

    def must(*words: str, **where: object) -> Result:
        done = run(*words, **where)
        assert done.exit_code == 0, (done.output, done.exception)
        return done

    return must
