"""``serve``: one parent loads the application once, forks web and worker, and keeps both running until told to stop."""

import contextlib
import ctypes
import errno
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from corrections import worker
from corrections.config import BadSetting
from corrections.db import db
from corrections.domain.errors import CorrectionsError
from corrections.worker import Signals

log = logging.getLogger(__name__)

GRACE: Final = 30  # seconds that requests in hand get to finish
PATIENCE: Final = GRACE + 5  # seconds after which a child that was told to stop is ended
PAUSES: Final = (0.0, 1.0, 2.0, 5.0, 10.0)  # seconds before a child that keeps dying is started again
STEADY: Final = 60  # seconds after which a child counts as running well
PORT_WAIT: Final = 3.0  # seconds; a server that was killed a moment ago may still be letting go of its port
STOPPING: Final = frozenset({signal.SIGTERM, signal.SIGINT})
WATCHED: Final = (*STOPPING, signal.SIGHUP, signal.SIGCHLD)
REQUEST_LINE: Final = 8190  # bytes, the most gunicorn allows: a prefilled form has a long address
BACKLOG: Final = 512
_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h


class CannotListen(CorrectionsError):
    """The address cannot be listened on."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; raises CannotListen."""
    deadline = time.monotonic() + PORT_WAIT
    while True:
        try:
            return socket.create_server((host, port), family=_family(host), backlog=BACKLOG)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise CannotListen(_why_not(host, port, error)) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use. Stop what listens there, or choose another one: --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system's administrator. Choose one above 1023: --port 8000"
    return f"{host}:{port} cannot be listened on: {error.strerror or error}. --host and --port set it."


class Log(Logger):  # type: ignore[misc] # gunicorn ships no types
    """gunicorn's log in our form, without the addresses and texts of requests."""

    def setup(self, cfg: Any) -> None:
        """Hand everything on to our handler."""
        self.cfg = cfg
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True
        self._access_log_enabled = False

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Leave out who sent a request that cannot be read, and what stood in it."""
        if msg.startswith("Invalid request"):
            msg, args = "a request that cannot be read was refused", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Leave out the address of the request."""
        if msg.startswith("Error handling request"):
            msg, args = "error while handling a request", ()
        super().exception(msg, *args, **kwargs)


class Web(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """gunicorn, with our settings, serving an application that is loaded already."""

    def __init__(self, app: Flask, remake: Callable[[], Flask], listener: socket.socket) -> None:
        self._app, self._remake = app, remake
        self._bind = f"fd://{listener.detach()}"
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs; nothing is read from its own files or variables."""
        config = self._app.config
        settings = {
            "bind": self._bind,
            "worker_class": "gthread",
            "workers": config["WEB_PROCESSES"],
            "threads": config["WEB_THREADS"],
            "preload_app": True,
            "graceful_timeout": GRACE,
            "keepalive": 5,
            "backlog": BACKLOG,
            "limit_request_line": REQUEST_LINE,
            "forwarded_allow_ips": "",  # PROXIES says whom to believe, and the application itself counts them
            "control_socket_disable": True,
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108, PTH112 - no file of ours is made by name
            "logger_class": Log,
            "post_fork": lambda _, web_worker: end_with(web_worker.ppid),
            "child_exit": _forget_process,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application."""
        return self._app

    def reload(self) -> None:
        """Read the settings again; bad ones are logged and the old ones stay."""
        try:
            self._app = self.callable = self._remake()
        except BadSetting as error:
            log.error("settings not read again: %s", error)  # noqa: TRY400 - the sentence says it all
        super().reload()


def _forget_process(_: Any, web_worker: Any) -> None:
    from prometheus_client import multiprocess  # only where its folder is set

    multiprocess.mark_process_dead(web_worker.pid)  # type: ignore[no-untyped-call] # prometheus-client has types elsewhere


def end_with(parent: int) -> None:
    """Have the kernel end this process when its parent is gone, so that a restart finds the port free (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)


@dataclass(slots=True)
class Child:
    """A process of ours: what it runs, and how it has fared."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    due: float = 0.0
    deaths: int = 0


class Supervisor:
    """Starts the children, starts them again when they die, and stops them."""

    def __init__(self, children: Iterable[Child], *, reload: Callable[[], None], stop_on_hangup: bool) -> None:
        self.children = list(children)
        self._reload = reload
        self._stopping = STOPPING | {signal.SIGHUP} if stop_on_hangup else STOPPING

    def run(self, listener: socket.socket) -> None:
        """Until TERM or INT, then until all children have finished what is in hand."""
        gc.collect()
        gc.freeze()  # what is loaded now stays shared between the processes
        with Signals(*WATCHED) as signals:
            while True:
                self._start_those_due(signals)
                got = signals.wait(self._until_next())
                if got & self._stopping:
                    listener.close()
                    self._stop(signals)
                    return
                self._reap()
                if signal.SIGHUP in got:
                    self._begin_anew()

    def _start_those_due(self, signals: Signals) -> None:
        for child in self.children:
            if not child.pid and child.due <= time.monotonic():
                child.started = time.monotonic()
                child.pid = _forked(child, signals)

    def _until_next(self) -> float | None:
        waiting = [child.due for child in self.children if not child.pid]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _reap(self) -> None:
        for child in self.children:
            if not child.pid:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                self._note_end(child, os.waitstatus_to_exitcode(status))

    def _note_end(self, child: Child, code: int) -> None:
        lived = time.monotonic() - child.started
        child.deaths = 0 if lived >= STEADY or code == 0 else child.deaths + 1
        pause = PAUSES[min(child.deaths, len(PAUSES)) - 1] if child.deaths else 0.0
        child.pid, child.due = 0, time.monotonic() + pause
        if code:
            log.error("the %s process ended; starting it again", child.name, extra={"code": code})

    def _begin_anew(self) -> None:
        """The web reads its settings again by itself; a worker that has finished is started again with new ones."""
        self._reload()
        for child in self.children:
            if child.pid:
                _tell(child.pid, signal.SIGHUP if child.name == "web" else signal.SIGTERM)

    def _stop(self, signals: Signals) -> None:
        for child in self.children:
            if child.pid:
                _tell(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while any(child.pid for child in self.children):
            hurry = signals.wait(max(0.0, min(1.0, deadline - time.monotonic()))) & {signal.SIGINT}
            self._reap()
            if hurry or time.monotonic() > deadline:
                for child in self.children:
                    if child.pid:
                        _tell(child.pid, signal.SIGKILL)


def _tell(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)


def _forked(child: Child, signals: Signals) -> int:
    """Fork; the child never comes back from here."""
    parent = os.getpid()
    sys.stdout.flush()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)  # or a signal to the child would wake the parent
    pid = os.fork()
    if pid == 0:
        _live(child, signals, parent, before)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def _live(child: Child, signals: Signals, parent: int, mask: Iterable[int]) -> NoReturn:
    code = 1
    try:
        signals.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.setsid()  # Ctrl+C reaches the parent alone, who lets the children finish
        end_with(parent)
        child.run()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0
    except BaseException:
        log.exception("the %s process failed", child.name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(app: Flask, remake: Callable[[], Flask], listener: socket.socket, *, with_worker: bool) -> None:
    """Serve until told to stop; ``remake`` makes the application again from settings read anew."""
    current = [app]

    def reload() -> None:
        with contextlib.suppress(BadSetting):  # the web process logs it
            current[0] = remake()
            _let_go(current[0])

    def web() -> None:
        Web(current[0], remake, listener).run()

    def work() -> None:
        listener.close()
        worker.run_until_told(current[0])

    _load_for_children(with_worker=with_worker)
    _let_go(app)
    children = [Child("web", web), *([Child("worker", work)] if with_worker else [])]
    Supervisor(children, reload=reload, stop_on_hangup=sys.stdin.isatty()).run(listener)


def _load_for_children(*, with_worker: bool) -> None:
    """Import what children would import for themselves: done here, its memory is there once, and no reader waits."""
    names = ["gunicorn.workers.gthread", "corrections.domain.prose.fields", "corrections.domain.prose.mails"]
    for name in [*names, *(["corrections.mail.lmtp"] if with_worker else [])]:
        import_module(name)


def _let_go(app: Flask) -> None:
    """No connection is carried over a fork."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
