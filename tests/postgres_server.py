"""A throw-away PostgreSQL server for the tests: its own folder, its own port, on loopback, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ports import free_port

USERS_FOR_ROOT: Final = ("postgres", "nobody")  # the server refuses to run as root
SECONDS_TO_START: Final = 120
ROOM: Final = 2_000_000_000
SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
    "max_connections": "200",
    # What is kept here may be lost: the tests ask for speed.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "256MB",
    "shared_buffers": "128MB",
}


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, the newest there is; None where there is no server."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if found:
        return max(found, key=lambda folder: [int(part) for part in folder.parent.name.split(".")])
    here = shutil.which("postgres")
    return Path(here).resolve().parent if here else None


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; ``uri`` is of a superuser's."""

    uri: str
    folder: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End the server at once and remove what it kept."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start(bin_dir: Path) -> Server:
    """Make a cluster and start it; raises RuntimeError with the server's own words when it does not start."""
    folder = Path(tempfile.mkdtemp(prefix="corrections-postgres-", dir=_memory()))
    user = _user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    port = free_port()
    init = [str(bin_dir / "initdb"), "-D", str(data), "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    made = subprocess.run([*_as(user), *init, "--no-sync"], cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"initdb: {made.stderr or made.stdout}")
    options = [f"-c{name}={value}" for name, value in {**SETTINGS, "unix_socket_directories": str(folder)}.items()]
    command = [*_as(user), str(bin_dir / "postgres"), "-D", str(data), "-p", str(port), *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    server = Server(f"postgresql://tests@127.0.0.1:{port}/postgres", folder, process)
    _wait(bin_dir, port, server)
    return server


def _memory() -> Path | None:
    """A file system in memory with room enough: there a database is made in a fortieth of the time."""
    memory = Path("/dev/shm")  # noqa: S108 - a name that nobody else has is made inside of it
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if roomy else None


def _user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in USERS_FOR_ROOT:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL does not run as root, and there is no other user to run it as")


def _as(user: pwd.struct_passwd | None) -> list[str]:
    """Run as that user, and end when the tests end, however they end."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if user is not None:
            raise RuntimeError("no setpriv (util-linux) to leave root with")
        return []
    change = ["--reuid", user.pw_name, "--regid", str(user.pw_gid), "--init-groups"] if user is not None else []
    return [setpriv, *change, "--pdeathsig", "INT"]


def _wait(bin_dir: Path, port: int, server: Server) -> None:
    ready = [str(bin_dir / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    until = time.monotonic() + SECONDS_TO_START
    while subprocess.run(ready, check=False).returncode:
        if server.process.poll() is not None or time.monotonic() > until:
            words = (server.folder / "log").read_text("utf-8", "replace")
            server.stop()
            raise RuntimeError(f"PostgreSQL did not start: {words}")
        time.sleep(0.1)
