"""What is different for somebody who sits at a terminal."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ports import free_port
from running import Installation, Server, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.database("sqlite")]


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "instance")


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The person's end and the program's end."""
    person, program = pty.openpty()
    yield person, program
    os.close(person)
    os.close(program)


def test_init_asks_what_it_was_not_told(here: Installation, terminal: tuple[int, int]) -> None:
    person, program = terminal
    os.write(person, b"The Evening Tide\nhttps://tide.test\n")
    done = subprocess.run(
        here.command("init"),
        env=here.environment,
        stdin=program,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "Name of the publication" in done.stdout
    assert "The Evening Tide (https://tide.test/)" in done.stdout


def test_init_asks_nothing_when_told_all(here: Installation, terminal: tuple[int, int]) -> None:
    words = here.command("init", "--publication", "The Tide", "--home-url", "https://tide.test")
    done = subprocess.run(
        words, env=here.environment, stdin=terminal[1], capture_output=True, text=True, check=True, timeout=60
    )
    assert "Name of the publication" not in done.stdout


def test_closing_the_terminal_stops_the_server(here: Installation, terminal: tuple[int, int], tmp_path: Path) -> None:
    server = Server(here, free_port())
    with (tmp_path / "log").open("w") as log:
        server.process = subprocess.Popen(
            here.command("serve", "--port", str(server.port)), env=here.environment, stdin=terminal[1], stdout=log,
            stderr=log, text=True,
        )  # fmt: skip
    wait_until(lambda: server.answers() or server.gone)
    server.tell(signal.SIGHUP)
    assert server.wait() == 0
