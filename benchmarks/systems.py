"""The systems that are compared: ours, a bare Flask route, isso; each in a folder of its own, on a free port."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

from benchmarks import fill

HERE = Path(__file__).resolve().parent
WORD = "harbour"
WAIT = 60


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class System:
    """One system under load. ``pages`` maps the work (W1, W2, ...) to a path; ``scripts`` to a script for wrk."""

    name: str
    folder: Path
    stored: int
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    started_in: float = 0.0
    idle_mib: float = 0.0
    pages: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The first of its processes."""
        if self.process is None:
            raise RuntimeError(f"{self.name} does not run")
        return self.process.pid

    def run(self, command: list[str], ready: str) -> None:
        """Start it and wait for the first answer of ``ready``."""
        begun = time.monotonic()
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, env=os.environ | self.env)
        while True:
            try:
                urllib.request.urlopen(self.base + ready, timeout=2).read()  # noqa: S310 - our own loopback address
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() - begun > WAIT:
                    raise SystemExit(f"{self.name} did not start: see {self.folder / 'log'}") from None
                time.sleep(0.02)
        self.started_in = time.monotonic() - begun

    def stop(self) -> None:
        """End it and what it started."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()


def bare(folder: Path, stored: int, stack: ExitStack) -> System:
    """A Flask route that does nothing."""
    system = System("bare Flask", folder, stored)
    stack.callback(system.stop)
    system.pages = dict.fromkeys(("W1", "W2", "W4", "W7"), "/")
    gunicorn = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--preload", "-k", "gthread"]
    system.env = {"PYTHONPATH": str(HERE.parent)}
    system.run([*gunicorn, "-w2", "--threads", "4", "-b", f"127.0.0.1:{system.port}", "benchmarks.bare:app"], "/")
    return system


def isso(folder: Path, stored: int, stack: ExitStack, venv: Path) -> System:
    """Comments for static pages: W1 posts a comment, W2 reads the 50 newest of a thread."""
    system = System("isso", folder, stored)
    stack.callback(system.stop)
    database = folder / "comments.db"
    (folder / "isso.cfg").write_text(
        f"[general]\ndbpath = {database}\nhost = http://127.0.0.1:{system.port}/\n"
        f"[server]\nlisten = http://127.0.0.1:{system.port}/\n[guard]\nenabled = false\n[moderation]\nenabled = false\n"
    )
    system.run([str(venv / "bin" / "isso"), "-c", str(folder / "isso.cfg"), "run"], "/")
    system.stop()
    fill.isso(sqlite3.connect(database), stored)
    system.run([str(venv / "bin" / "isso"), "-c", str(folder / "isso.cfg"), "run"], "/")
    system.pages = {"W1": "/new?uri=%2Fbench%2F", "W2": "/?uri=%2Fthread-1%2F&limit=50&nested_limit=0"}
    system.scripts = {"W1": "post_isso.lua"}
    return system


def ours(folder: Path, stored: int, stack: ExitStack) -> System:
    """Corrections as `corrections serve` runs it, on SQLite with every commit on disk."""
    system = System("Corrections", folder, stored)
    stack.callback(system.stop)
    instance = folder / "instance"
    system.env = {
        "CORRECTIONS_INSTANCE": str(instance),
        "CORRECTIONS_REPORTS_PER_ARTICLE": "1000000",
        "CORRECTIONS_RATELIMIT_ENABLED": "false",
        "CORRECTIONS_LOG_LEVEL": "WARNING",
    }
    command = [str(Path(sys.executable).parent / "corrections")]
    env = os.environ | system.env
    init = [*command, "init", "--publication", "The Bench", "--home-url", "https://bench.example/"]
    subprocess.run(init, check=True, env=env, capture_output=True)
    add = [*command, "editor", "add", "bench@example.net", "--name", "Bench", "--role", "admin", "--password-stdin"]
    subprocess.run(add, check=True, env=env, input=b"correct horse battery", capture_output=True)
    fill.ours(instance, stored)
    system.run([*command, "serve", "--port", str(system.port)], "/healthz")
    system.env |= {"TOKEN": token(system.base), "COOKIE": log_in(system.base)}
    system.pages = {"W1": "/report", "W2": "/", "W4": "/desk/", "W7": f"/?q={WORD}"}
    system.scripts = {"W1": "post_ours.lua", "W4": "cookie.lua", "W7": "search_ours.lua"}
    return system


def token(base: str) -> str:
    """The form's signed token, url-encoded; reports that differ may share it."""
    page = urllib.request.urlopen(base + "/report").read().decode()  # noqa: S310 - our own loopback address
    found = re.search(r'name="token"[^>]*value="([^"]*)"', page) or re.search(r'value="([^"]*)"[^>]*name="token"', page)
    if found is None:
        raise SystemExit("the form carries no token")
    return urllib.parse.quote(found[1], safe="")


def log_in(base: str) -> str:
    """The cookie of an editor."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(base + "/login").read().decode()
    found = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    fields = {
        "email": "bench@example.net",
        "password": "correct horse battery",
        "csrf_token": found[1] if found else "",
    }
    browser.open(base + "/login", urllib.parse.urlencode(fields).encode()).read()
    browser.open(base + "/desk/").read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
