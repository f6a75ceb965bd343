"""The worker: reads mail that came in, sends what is owed, writes digests, erases what was kept long enough."""

import ctypes
import logging
import os
import select as polling
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Final, Self

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from corrections.db import db, transaction
from corrections.domain import clock
from corrections.mail import delivery, receiving
from corrections.mail.intake import Intake
from corrections.models import Editor
from corrections.services import digests, housekeeping

log = logging.getLogger(__name__)

POLL: Final = 1.0  # seconds between two looks at the outbox
READ_EVERY: Final = 10.0  # seconds between two looks at mail that waits where nothing else comes in
DIGESTS_EVERY: Final = timedelta(seconds=30)
TIDY_EVERY: Final = timedelta(hours=1)
ERASE_AT_ONCE: Final = 100
TROUBLE: Final = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds to wait while the database cannot be reached
SERVER_AWAY: Final = (5.0, 10.0, 20.0, 60.0)  # seconds to wait while the mail server cannot be reached
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class Signals:
    """Signals that wake a loop which waits, instead of interrupting what it does. Only in the main thread."""

    def __init__(self, *wanted: signal.Signals) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        self._before = {one: signal.signal(one, self._let_pass) for one in wanted}
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)

    @staticmethod
    def _let_pass(number: int, frame: FrameType | None) -> None:
        """What matters is that Python writes the number to the pipe."""

    def wait(self, seconds: float | None) -> set[signal.Signals]:
        """The signals that came, at the latest after so many seconds (None: no limit)."""
        ready, _, _ = polling.select([self._read], [], [], seconds)
        return {signal.Signals(number) for number in os.read(self._read, 4096) if number} if ready else set()

    def wake(self) -> None:
        """Have ``wait`` come back at once, with no signal; from any thread."""
        with suppress(BlockingIOError):  # it has been woken often enough
            os.write(self._write, b"\0")

    def close(self) -> None:
        """Back to how it was."""
        signal.set_wakeup_fd(-1)
        for one, handler in self._before.items():
            signal.signal(one, handler)
        os.close(self._read)
        os.close(self._write)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(slots=True)
class Worker:
    """One worker. Any number may run, on one machine or many: each message is claimed by one of them."""

    app: Flask
    digests_at: datetime = LONG_AGO
    tidy_at: datetime = LONG_AGO
    mail_at: float = 0.0
    refusals: int = 0

    def run(self, wait: Callable[[float], bool]) -> None:
        """Work until ``wait(seconds)`` says that it is time to stop; what is in hand is finished first."""
        trouble = 0
        log.info("worker ready")
        while not wait(TROUBLE[min(trouble, len(TROUBLE)) - 1] if trouble else POLL):
            try:
                with self.app.app_context():
                    self.look(lambda: wait(0))
                trouble = 0
            except DBAPIError:
                trouble += 1
                log.exception("the database cannot be reached")
        log.info("worker stopped")

    def look(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Do once what there is to do; one duty that fails holds no other up. Raises DBAPIError."""
        trouble: DBAPIError | None = None
        for duty in (self._read_mail, self._write_digests, self._deliver, self._tidy):
            try:
                duty(clock.now(), stop)
            except DBAPIError as error:
                trouble = error
            except Exception:
                log.exception("a duty of the worker failed")
        if trouble is not None:
            raise trouble

    def _read_mail(self, _: datetime, stop: Callable[[], bool]) -> None:
        if count := receiving.read_waiting(stop):
            log.info("mail read", extra={"count": count})

    def _deliver(self, now: datetime, stop: Callable[[], bool]) -> None:
        """A server that cannot be reached is left alone for a while, or each message would use an attempt up."""
        if not self.app.config["MAIL_SERVER"] or time.monotonic() < self.mail_at or not delivery.anything_due(now):
            return
        tally = delivery.deliver_due(stop)
        self.refusals = self.refusals + 1 if tally.unreachable else 0
        if self.refusals:
            self.mail_at = time.monotonic() + SERVER_AWAY[min(self.refusals, len(SERVER_AWAY)) - 1]

    def _write_digests(self, now: datetime, _: Callable[[], bool]) -> None:
        if now < self.digests_at:
            return
        self.digests_at = now + DIGESTS_EVERY
        due = select(Editor.id).where(Editor.active, Editor.digest_due_at <= now).limit(1)
        if db.session.scalar(due) is None:
            return
        with transaction() as session:
            owed = digests.owe_digests(session, now)
        log.info("digests written", extra={"count": owed})

    def _tidy(self, now: datetime, stop: Callable[[], bool]) -> None:
        if now < self.tidy_at:
            return
        self.tidy_at = now + TIDY_EVERY
        with transaction() as session:
            housekeeping.forget_senders(session, now)
            housekeeping.wake_held(session, now, now.astimezone(self.app.config["ZONE"]).date())
        keep, erased = timedelta(days=self.app.config["KEEP_REPORTER_DAYS"]), ERASE_AT_ONCE
        while erased == ERASE_AT_ONCE and not stop():
            with transaction() as session:
                erased = housekeeping.erase_what_is_old(session, now, keep, ERASE_AT_ONCE)
            if erased:
                log.info("names and addresses erased", extra={"count": erased})
        forget_what_was_read()


def forget_what_was_read() -> None:
    """Free what SQLite keeps of the pages that were read: tidying looks at many, and not again for an hour."""
    if db.engine.dialect.name != "sqlite":
        return
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA shrink_memory")
    with suppress(AttributeError):  # another C library than glibc, which keeps to itself what is freed
        ctypes.CDLL(None).malloc_trim(0)


def until_told(signals: Signals) -> Callable[[float], bool]:
    """``wait(seconds)``: whether, at the latest after so many seconds, one of ``signals`` has said to stop."""
    told = False

    def wait(seconds: float) -> bool:
        nonlocal told
        told = told or bool(signals.wait(seconds))
        return told

    return wait


def run_until_told(app: Flask) -> None:
    """Work until TERM or INT, and let mail come in meanwhile; what is in hand is finished."""
    receiving.give_memory_back()
    with Signals(signal.SIGTERM, signal.SIGINT) as signals:
        intake = Intake(app, stored=signals.wake)
        intake.start()
        try:
            Worker(app).run(until_told(signals))
        finally:
            intake.stop()


def read_until_told(app: Flask, begin: Callable[[Callable[[], None]], Callable[[], None]]) -> None:
    """Read mail that comes in by a way of one's own until TERM or INT: no other duty of a worker.

    ``begin`` opens the way, is given what to call after new mail, and gives what closes it.
    """
    receiving.give_memory_back()
    with Signals(signal.SIGTERM, signal.SIGINT) as signals:
        wait, end = until_told(signals), begin(signals.wake)
        try:
            while not wait(READ_EVERY):
                try:
                    with app.app_context():
                        receiving.read_waiting(lambda: wait(0))
                except DBAPIError:
                    log.exception("the database cannot be reached")
        finally:
            end()
