"""A mailbox that mail is fetched from by IMAP: stored first, then moved to a folder. Nothing is ever deleted."""

import imaplib
import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from flask import Flask
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from corrections.domain import limits
from corrections.domain.errors import CorrectionsError
from corrections.mail import receiving
from corrections.mail.connection import THIS_MACHINE, trust
from corrections.models import Way

log = logging.getLogger(__name__)

TIMEOUT: Final = 60.0  # seconds to wait for an answer
IDLE_FOR: Final = 9 * 60.0  # seconds; many routers forget a silent connection after ten minutes
POLL: Final = 60.0  # seconds between two looks where the server knows no IDLE
GLANCE: Final = 1.0  # seconds until it is noticed that we are to stop
AT_ONCE: Final = 50  # messages stored between two moves
TROUBLE: Final = (imaplib.IMAP4.error, ImapToolsError, OSError)

_SIZE: Final = re.compile(rb"(?=.*\bUID (\d+))(?=.*\bRFC822\.SIZE (\d+))")


class NoMailbox(CorrectionsError):
    """The mailbox cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a mailbox is, from an address such as ``imaps://user@host:993/INBOX``."""

    host: str
    port: int
    user: str
    folder: str
    encrypted: bool

    @classmethod
    def of(cls, text: str) -> Self:
        """Take the address apart."""
        parts = urlsplit(text)
        encrypted = parts.scheme == "imaps"
        folder = unquote(parts.path.strip("/")) or "INBOX"
        port = parts.port or (993 if encrypted else 143)
        return cls(parts.hostname or "", port, unquote(parts.username or ""), folder, encrypted)

    def box(self) -> BaseMailBox:
        """Connect: with TLS at once (imaps), or STARTTLS (imap); without only within this machine. Raises TROUBLE."""
        if self.encrypted:
            return MailBox(self.host, self.port, TIMEOUT, ssl_context=trust(self.host))
        if self.host in THIS_MACHINE:
            return MailBoxUnencrypted(self.host, self.port, TIMEOUT)
        return MailBoxStartTls(self.host, self.port, TIMEOUT, trust(self.host))


@dataclass(slots=True)
class Mailbox:
    """The mailbox of the settings, over one connection. ``stored`` is called when new mail was stored."""

    app: Flask
    stored: Callable[[], None] = lambda: None
    fetched: int = 0
    _left: set[str] = field(default_factory=set)  # too large, or not to be moved: no use in fetching them again
    _folder: str = ""

    def watch(self, stop: Callable[[], bool]) -> None:
        """Take what is there, then what comes, until ``stop``. Raises NoMailbox and what the database raises."""
        try:
            with self._open() as box:
                idles = "IDLE" in box.client.capabilities
                while not stop():
                    self._take_all(box, stop)
                    _wait(box, stop, idles=idles)
        except TROUBLE as error:
            raise NoMailbox(sentence_of(error)) from error

    def take_once(self) -> int:
        """Take what is there; how many messages. Raises NoMailbox and what the database raises."""
        try:
            with self._open() as box:
                self._take_all(box, lambda: False)
        except TROUBLE as error:
            raise NoMailbox(sentence_of(error)) from error
        return self.fetched

    def count(self) -> int:
        """How many messages wait in the mailbox; takes none. Raises NoMailbox."""
        try:
            with self._open() as box:
                return len(box.uids("UNDELETED"))
        except TROUBLE as error:
            raise NoMailbox(sentence_of(error)) from error

    @contextmanager
    def _open(self) -> Iterator[BaseMailBox]:
        config = self.app.config
        address = Address.of(config["MAIL_IN_IMAP"])
        if address.folder == config["MAIL_IN_IMAP_HANDLED"]:
            raise NoMailbox("MAIL_IN_IMAP_HANDLED is the folder that mail is fetched from. Choose another one.")
        box = address.box()
        try:
            box.login(address.user, config["MAIL_IN_IMAP_PASSWORD"], initial_folder=None)
            _, said = box.client.capability()  # servers tell more after the log-in
            box.client.capabilities = tuple(said[0].decode("ascii", "replace").upper().split())
            self._left.clear()
            self._folder = ""
            _enter(box, address.folder)
            yield box
        finally:
            _leave(box)

    def _take_all(self, box: BaseMailBox, stop: Callable[[], bool]) -> None:
        """Look until nothing came while we looked: IDLE tells only of what comes later."""
        box.client.response("EXISTS")  # forgets what was said so far
        self._take_some(box, stop)
        while not stop() and box.client.response("EXISTS")[1] != [None]:
            self._take_some(box, stop)

    def _take_some(self, box: BaseMailBox, stop: Callable[[], bool]) -> None:
        waiting = [uid for uid in box.uids("UNDELETED") if uid not in self._left]
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            done = [uid for uid in self._of_fair_size(box, some) if not stop() and self._take(box, uid)]
            if done:
                self.stored()
                self.fetched += len(done)
                self._put_away(box, done)

    def _of_fair_size(self, box: BaseMailBox, uids: Sequence[str]) -> list[str]:
        _, answers = box.client.uid("FETCH", ",".join(uids), "(UID RFC822.SIZE)")
        found = [_SIZE.search(one) for one in answers if isinstance(one, bytes)]
        sizes = {one[1].decode(): int(one[2]) for one in found if one is not None}
        for uid in uids:
            if sizes.get(uid, 0) > limits.MAIL_BYTES:
                log.warning("a mail of the mailbox is too large and stays there")
                self._left.add(uid)
        return [uid for uid in uids if uid in sizes and uid not in self._left]

    def _take(self, box: BaseMailBox, uid: str) -> bool:
        """Store one message; whether it is stored. PEEK leaves it as unread as it was."""
        _, answers = box.client.uid("FETCH", uid, "(BODY.PEEK[])")
        raw = next((one[1] for one in answers if isinstance(one, tuple)), b"")
        try:
            with self.app.app_context():
                receiving.take(raw, Way.IMAP)
        except receiving.NoMail:
            self._left.add(uid)  # or somebody else moved it meanwhile
            return False
        return True

    def _put_away(self, box: BaseMailBox, uids: Sequence[str]) -> None:
        """Move what is stored; the server may not know how, and then it is copied and marked."""
        client, joined = box.client, ",".join(uids)
        try:
            self._folder = folder = self._folder or _handled(box, self.app.config["MAIL_IN_IMAP_HANDLED"])
            if "MOVE" in client.capabilities:
                box.move(uids, folder)
                return
            box.copy(uids, folder)
            client.uid("STORE", joined, "+FLAGS.SILENT", "(\\Deleted)")  # imap-tools would expunge all that are marked
            self._left.update(uids)
            if "UIDPLUS" in client.capabilities:
                client.uid("EXPUNGE", joined)  # of these alone: others may have been marked by somebody else
        except ImapToolsError:
            log.exception("stored mail cannot be moved and stays in its folder")
            self._left.update(uids)


def _enter(box: BaseMailBox, name: str) -> None:
    try:
        box.folder.set(name)
    except MailboxFolderSelectError as error:
        raise NoMailbox("The mailbox has no such folder, or keeps it closed (MAIL_IN_IMAP).") from error


def _handled(box: BaseMailBox, name: str) -> str:
    """The folder for handled mail, made if need be; below the INBOX where the server wants all folders there."""
    for folder in box.folder.list():
        if folder.name in {name, f"INBOX{folder.delim}{name}"}:
            return folder.name
    try:
        box.folder.create(name)
    except ImapToolsError:
        below = next((f"INBOX{folder.delim}{name}" for folder in box.folder.list() if folder.delim), "")
        if not below:
            raise
        box.folder.create(below)
        return below
    return name


def _wait(box: BaseMailBox, stop: Callable[[], bool], *, idles: bool) -> None:
    """Until there may be something new, or ``stop``."""
    until = time.monotonic() + (IDLE_FOR if idles else POLL)
    if not idles:
        while not stop() and time.monotonic() < until:
            time.sleep(GLANCE)
        box.client.noop()
        return
    box.idle.start()  # type: ignore[no-untyped-call] # imap-tools says types of arguments only
    while not stop() and (now := time.monotonic()) < until:
        said = box.idle.poll(GLANCE)
        is_closed = not said and time.monotonic() - now < GLANCE / 2
        if is_closed or any(b"EXISTS" in line or b"BYE" in line for line in said):
            break
    box.idle.stop()  # type: ignore[no-untyped-call] # the same


def _leave(box: BaseMailBox) -> None:
    try:
        box.logout()
    except TROUBLE:
        box.client.shutdown()


def sentence_of(error: Exception) -> str:
    """What is wrong with the mailbox, without names."""
    if isinstance(error, MailboxLoginError):
        return "The mailbox refuses the name or the password (MAIL_IN_IMAP, MAIL_IN_IMAP_PASSWORD)."
    if isinstance(error, TimeoutError):
        return "The IMAP server took too long to answer."
    if isinstance(error, ImapToolsError | imaplib.IMAP4.error):
        return f"The IMAP server refused what was asked of it ({type(error).__name__})."
    return f"The IMAP server cannot be reached: {getattr(error, 'strerror', None) or error}."
