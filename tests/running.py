"""An installation run by real processes of the command line."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ports import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0  # seconds; a busy machine starts slowly


@dataclass
class Installation:
    """One folder and the settings of its environment."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CORRECTIONS_")}
        set_here = {f"CORRECTIONS_{name}": str(value) for name, value in self.settings.items()}
        return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | set_here

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "corrections", "--instance", str(self.folder), *words]

    def run(self, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever it is."""
        return subprocess.run(
            self.command(*words),
            env=self.environment,
            input=said,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def must(self, *words: str, said: str = "") -> str:
        """Run a command that has to succeed; what it printed."""
        done = self.run(*words, said=said)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def serving(self, *options: str) -> Iterator[Server]:
        """``serve`` on a free port, ready to answer; stopped at the end if it still runs."""
        port = free_port()
        server = Server(self, port, options)
        server.start()
        try:
            yield server
        finally:
            server.end()


@dataclass
class Server:
    """A running ``serve``."""

    installation: Installation
    port: int
    options: tuple[str, ...] = ()
    process: subprocess.Popen[str] | None = None

    @property
    def log(self) -> Path:
        return self.installation.folder.parent / f"serve-{self.port}.log"

    @property
    def said(self) -> str:
        return self.log.with_suffix(".out").read_text()

    def lines(self, logger: str = "") -> list[dict[str, Any]]:
        """What was logged, all of it JSON."""
        found = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in found if line["logger"].startswith(logger)]

    def start(self) -> None:
        words = self.installation.command("serve", "--port", str(self.port), *self.options)
        with self.log.open("a") as log, self.log.with_suffix(".out").open("a") as out:
            self.process = subprocess.Popen(
                words, env=self.installation.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=log, text=True
            )
        wait_until(lambda: self.answers() or self.gone)
        assert not self.gone, self.log.read_text()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def gone(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def answers(self) -> bool:
        try:
            return self.get("/healthz").status == 200
        except OSError:
            return False

    def get(self, path: str, **headers: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read().decode())
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            line.close()

    def tell(self, what: signal.Signals) -> None:
        os.kill(self.pid, what)

    def wait(self) -> int:
        """The exit code, once it has ended."""
        assert self.process is not None
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        if not self.gone:
            self.tell(signal.SIGTERM)
            self.wait()

    def children(self) -> list[int]:
        """Web first, then the worker, in the order in which they were started."""
        return children_of(self.pid)

    def both(self) -> list[int]:
        """The same, once the worker is there too: pages are answered before it is."""
        wait_until(lambda: len(self.children()) == 2)
        return self.children()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: str


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Callable[[], Any], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
