"""The ways in that the worker keeps open: the socket for ``mail receive``, LMTP, a mailbox.

On one machine one process has them. Another one that works for the same instance folder waits for its turn.
"""

import fcntl
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask

from corrections.domain.errors import CorrectionsError
from corrections.handover import SOCKET, with_short_path
from corrections.mail import addresses

log = logging.getLogger(__name__)

LOCK: Final = "mail.lock"  # in the instance folder
TURN: Final = 5.0  # seconds between two looks whether it is our turn
PAUSES: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds before a way that failed is tried again
STEADY: Final = 120.0  # seconds after which it counts as having worked
BACKLOG: Final = 128


class Intake:
    """All the ways in, each in a thread of its own, from ``start`` to ``stop``. ``stored`` is called after new mail."""

    def __init__(self, app: Flask, stored: Callable[[], None]) -> None:
        self._app, self._stored = app, stored
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)

    def start(self) -> None:
        """Begin when it is our turn; comes back at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what is in hand is stored."""
        self._told.set()
        self._thread.join()

    def _run(self) -> None:
        path = Path(self._app.instance_path) / LOCK
        while (handle := _turn(path)) is None:
            if self._told.wait(TURN):
                return
        try:
            config = self._app.config
            ways: list[Callable[[], None]] = [self._listen_to_commands]
            ways += [self._listen] if config["MAIL_IN_LMTP"] else []
            ways += [self._fetch] if config["MAIL_IN_IMAP"] else []
            threads = [threading.Thread(target=persist, args=(way, self._told), daemon=True) for way in ways]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            os.close(handle)

    def _listen_to_commands(self) -> None:
        path = Path(self._app.instance_path) / SOCKET
        self._take_from(socket_in_file(path), lambda _: True)

    def _listen(self) -> None:
        self._take_from(socket_at(self._app.config["MAIL_IN_LMTP"]), recipients_of(self._app))

    def _take_from(self, line: socket.socket, accepts: Callable[[str], bool]) -> None:
        from corrections.mail.lmtp import Listener  # asyncio and what hangs on it; many installations need none

        listener = Listener(self._app, [line], self._stored, accepts)
        listener.start()
        self._told.wait()
        listener.stop()

    def _fetch(self) -> None:
        from corrections.mail.imap import Mailbox  # only where a mailbox is set

        Mailbox(self._app, self._stored).watch(self._told.is_set)


def _turn(path: Path) -> int | None:
    """The lock of this machine's intake, or None while another process has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def persist(way: Callable[[], None], told: threading.Event) -> None:
    """Keep a way open until ``told``: when it fails, try again after a pause that grows."""
    tries = 0
    while not told.is_set():
        began = time.monotonic()
        try:
            way()
        except CorrectionsError as error:
            log.warning("mail cannot come in: %s", error)
        except OSError as error:
            log.warning("mail cannot come in: %s", error.strerror or type(error).__name__)
        except Exception:
            log.exception("mail cannot come in")
        tries = 0 if time.monotonic() - began > STEADY else tries
        told.wait(PAUSES[min(tries, len(PAUSES) - 1)])
        tries += 1


def socket_in_file(path: Path, mode: int = 0o600) -> socket.socket:
    """A socket in the file system, which those may connect to whom ``mode`` lets write. Raises OSError.

    A socket that was left behind there is replaced; anything else is not.
    """
    if path.is_socket():
        path.unlink()
    line = socket.socket(socket.AF_UNIX)
    try:
        with_short_path(str(path), line.bind)
        path.chmod(mode)
        line.listen(BACKLOG)
    except BaseException:
        line.close()
        raise
    return line


def socket_at(place: str) -> socket.socket:
    """A socket at ``host:port``. Raises OSError."""
    parts = urlsplit(f"//{place}")
    host = parts.hostname or ""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, parts.port or 0), family=family, backlog=BACKLOG)


def recipients_of(app: Flask) -> Callable[[str], bool]:
    """Which recipients are ours: those of MAIL_IN_ADDRESSES, also with ``+something``, and signed addresses of ours.

    Any where the setting is empty.
    """
    ours = {address.lower() for address in app.config["MAIL_IN_ADDRESSES"]}
    pattern, secret = app.config["MAIL_REPLY_ADDRESS"], app.config["SECRET_KEY"]

    def accepts(address: str) -> bool:
        local, _, host = address.lower().rpartition("@")
        known = {f"{local}@{host}", f"{local.partition('+')[0]}@{host}", f"@{host}"}
        return not ours or not ours.isdisjoint(known) or addresses.meant([address], pattern, secret) is not None

    return accepts
