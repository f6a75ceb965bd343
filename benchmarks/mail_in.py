"""Mail coming in: how many messages a second by pipe, LMTP and mailbox file, and the memory of a large one.

    python -m benchmarks.mail_in [--messages 300] [--large 25]

Each on an installation of its own (SQLite, one article), with invented mails, from the first byte to the report.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import smtplib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
ARTICLE: Final = (
    '{"title": "The ferry", "text": "Each guest recieves a lamp when the ferry leaves at night.", "lang": "en"}'
)
PATIENCE: Final = 300.0


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=300, help="how many of each way (default: 300)")
    options.add_argument("--large", type=int, default=25, help="megabytes of the large message (default: 25)")
    given = options.parse_args()
    lines = [
        f"Taken on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        "| way | ms to store one | read, per second | MiB idle | MiB with a large one |",
        "|--|--:|--:|--:|--:|",
    ]
    for name, way in WAYS.items():
        print(f"measuring: {name}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            lines.append(
                f"| {name} | " + " | ".join(way(Installation(Path(folder)), given.messages, given.large)) + " |"
            )
    print("\n".join(lines))


def letter(number: int) -> bytes:
    """A reader's mail of two lines."""
    return (
        f"From: Reader {number} <reader{number}@readers.test>\r\nTo: typos@newsroom.test\r\nSubject: typo\r\n"
        f"Message-ID: <bench{number}@readers.test>\r\nDate: Mon, 4 May 2026 10:00:00 +0000\r\n\r\n"
        'In "The ferry" you wrote recieves instead of receives.\r\n'
    ).encode()


def large(megabytes: int) -> bytes:
    """The same with an attachment."""
    line = b"QUJD" * 19 + b"\r\n"
    head = letter(0).replace(b"bench0", b"large").partition(b"\r\n\r\n")[0]
    parts = b'\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nrecieves -> receives\r\n--b\r\n'
    kind = b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + parts + kind + line * (megabytes * 1_000_000 // len(line)) + b"--b--\r\n"


class Installation:
    """An installation with one article."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "instance"
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self.env = os.environ | {"PYTHONPATH": str(ROOT), "CORRECTIONS_MAIL_IN_LMTP": f"127.0.0.1:{self.port}"}
        self.env |= {"CORRECTIONS_REPORTS_PER_SENDER": "1000000", "CORRECTIONS_REPORTS_PER_ARTICLE": "1000000"}
        self.run("init", "--publication", "The Tide", "--home-url", "https://tide.test/")
        (folder / "articles.jsonl").write_text(ARTICLE)
        self.run("articles", "import", str(folder / "articles.jsonl"))

    def command(self, *words: str) -> list[str]:
        """The words of a command line of ours."""
        return [sys.executable, "-m", "corrections", "--instance", str(self.folder), *words]

    def run(self, *words: str, said: bytes = b"") -> None:
        """Run a command to its end."""
        subprocess.run(self.command(*words), env=self.env, input=said, check=True, capture_output=True)

    def read(self) -> int:
        """How many mails have been read."""
        with sqlite3.connect(self.folder / "corrections.sqlite") as connection:
            (count,) = connection.execute("SELECT count(*) FROM inbox_message WHERE state = 'read'").fetchone()
        connection.close()
        return int(count)

    def wait_for(self, count: int) -> None:
        """Until so many have been read."""
        until = time.monotonic() + PATIENCE
        while self.read() < count:
            if time.monotonic() > until:
                raise TimeoutError(f"only {self.read()} of {count} were read")
            time.sleep(0.05)

    @contextmanager
    def working(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker that takes mail."""
        process = subprocess.Popen(self.command("worker"), env=self.env, stderr=subprocess.DEVNULL)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def memory(pid: int, what: str = "VmRSS") -> float:
    """Resident memory of a process in MiB; with VmHWM the most that it ever was."""
    status = Path(f"/proc/{pid}/status").read_text().split(f"{what}:")[1]
    return int(status.split()[0]) / 1024


def with_worker(here: Installation, count: int, megabytes: int, send: Callable[[list[bytes]], None]) -> list[str]:
    """Send small ones, then a large one, to a worker."""
    with here.working() as worker:
        send([letter(-1)])
        here.wait_for(1)  # what is needed once is loaded
        began = time.monotonic()
        send([letter(number) for number in range(count)])
        stored = time.monotonic() - began
        here.wait_for(count + 1)
        read = time.monotonic() - began
        idle = memory(worker.pid)
        send([large(megabytes)])
        here.wait_for(count + 2)
        most = memory(worker.pid, "VmHWM")
    return [f"{1000 * stored / count:.1f}", f"{count / read:.0f}", f"{idle:.0f}", f"{most:.0f}"]


def by_pipe(here: Installation, count: int, megabytes: int) -> list[str]:
    """One process of ``mail receive`` a message, handing over to the worker."""

    def send(mails: list[bytes]) -> None:
        for mail in mails:
            here.run("mail", "receive", "--from", "reader@readers.test", "--to", "typos@newsroom.test", said=mail)

    return with_worker(here, count, megabytes, send)


def by_lmtp(here: Installation, count: int, megabytes: int) -> list[str]:
    """One connection, one message after the other."""

    def send(mails: list[bytes]) -> None:
        with smtplib.LMTP("127.0.0.1", here.port) as client:
            for mail in mails:
                client.sendmail("reader@readers.test", ["typos@newsroom.test"], mail)

    return with_worker(here, count, megabytes, send)


def by_mailbox(here: Installation, count: int, megabytes: int) -> list[str]:
    """``mail import`` of a mailbox file; what an import of one message takes is taken off the time."""

    def take(mails: list[bytes]) -> tuple[float, float]:
        path = here.folder / "box"
        postmark = b"From reader@readers.test Mon May  4 10:00:00 2026\n"
        path.write_bytes(b"".join(postmark + mail.replace(b"\r\n", b"\n") + b"\n" for mail in mails))
        began, most = time.monotonic(), 0.0
        process = subprocess.Popen(here.command("mail", "import", str(path)), env=here.env, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            try:
                most = max(most, memory(process.pid, "VmHWM"))
            except (OSError, IndexError):  # it has just ended
                break
            time.sleep(0.005)
        if process.wait():
            raise RuntimeError("the import failed")
        return time.monotonic() - began, most

    take([letter(-1)])
    start, idle = take([letter(-1)])
    seconds, _ = take([letter(number) for number in range(count)])
    _, most = take([large(megabytes)])
    here.wait_for(count + 2)
    return ["", f"{count / max(seconds - start, 0.001):.0f}", f"{idle:.0f}", f"{most:.0f}"]


WAYS: Final = {
    "pipe, handed to the service": by_pipe,
    "LMTP": by_lmtp,
    "mailbox file": by_mailbox,
}

if __name__ == "__main__":
    main()
