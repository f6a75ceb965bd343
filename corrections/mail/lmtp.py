"""A listener for mail by LMTP (RFC 2033) or SMTP: every mail is stored before the server says 250."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakSet

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from corrections.domain import limits
from corrections.handover import GREETING, NOBODY
from corrections.mail import receiving
from corrections.models import Way

log = logging.getLogger(__name__)

TIMEOUT: Final = 300.0  # seconds of silence, RFC 5321, section 4.5.3.2
HANDS: Final = 4  # mails that are stored at the same time
FAREWELL: Final = 20.0  # seconds that a mail in hand gets to be stored when we stop
END: Final = b"\r\n.\r\n"

STORED: Final = "250 2.0.0 Stored"
NOT_HERE: Final = "550 5.1.1 No such address here"
NOT_NOW: Final = "451 4.3.0 Cannot be stored now, try again later"
TOO_LARGE: Final = "552 5.3.4 Too large"
EMPTY: Final = "554 5.6.0 The message is empty"


class SmtpConversation(SMTP):
    """One client's connection, by SMTP: one answer to a mail."""

    line_length_limit = 65_536  # of what is read at a time; lines of a mail may be longer
    answers_each = False
    data_size_limit: int
    event_handler: "Listener"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be known to the listener, which ends all conversations when it stops."""
        super().connection_made(transport)
        self.event_handler.conversations.add(self)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Take the mail. In place of aiosmtpd's, which answers once for all recipients and refuses long lines."""
        if await self.check_helo_needed("LHLO" if self.answers_each else "HELO"):
            return
        if arg or self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("501 Syntax: DATA" if arg else "503 Error: need RCPT command")
            return
        envelope = self.envelope
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        raw = await self._content()
        answer = TOO_LARGE if raw is None else await self.event_handler.store(self.session, envelope, raw)
        self._set_post_data_state()  # type: ignore[no-untyped-call] # aiosmtpd left this one out
        await self.push("\r\n".join([answer] * (len(envelope.rcpt_tos) if self.answers_each else 1)))

    async def _content(self) -> bytes | None:
        """All before the dot that stands alone, without stuffed ones (RFC 5321, 4.5.2); None when it is too large."""
        content, size = bytearray(b"\r\n"), 0  # for a dot in the first line is like any other
        while not content.endswith(END):
            try:
                piece = await self._reader.readuntil(END[2:])
            except asyncio.LimitOverrunError as more:
                piece = await self._reader.read(more.consumed)
            self._reset_timeout()
            size += len(piece)
            if size > self.data_size_limit + len(END):
                del content[: -len(END)]
            content += piece
        if size > self.data_size_limit + len(END):
            return None
        if b"\r\n.." in content:
            content = content.replace(b"\r\n..", b"\r\n.")
        del content[2 - len(END) :], content[:2]
        return bytes(content)


class Conversation(SmtpConversation, LMTP):
    """The same by LMTP: as many answers to a mail as it has recipients."""

    answers_each = True


@dataclass(slots=True, weakref_slot=True)
class Listener:
    """Takes mail on some sockets, in a thread of its own, from ``start`` to ``stop``.

    ``accepts`` tells which recipients are ours; ``stored`` is called after each mail that was stored.
    """

    app: Flask
    sockets: list[socket.socket]
    stored: Callable[[], None] = lambda: None
    accepts: Callable[[str], bool] = lambda _: True
    smtp: bool = False
    conversations: WeakSet[SmtpConversation] = field(default_factory=WeakSet)
    _in_hand: int = 0
    _hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(HANDS, "mail-in"))
    _thread: threading.Thread | None = None
    _failure: Exception | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _told: asyncio.Event | None = None

    def start(self) -> None:
        """Listen; comes back once that is so. Raises what keeps it from listening."""
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd writes down who wrote to whom
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="mail-in", daemon=True)
        self._thread.start()
        ready.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Stop after the mails in hand are stored and answered. What is half sent, its sender sends again."""
        if self._loop is not None and self._told is not None and self._thread is not None:
            with suppress(RuntimeError):  # it ended by itself
                self._loop.call_soon_threadsafe(self._told.set)
            self._thread.join()
        self._hands.shutdown()

    def _run(self, ready: threading.Event) -> None:
        try:
            asyncio.run(self._listen(ready))
        except Exception as error:  # noqa: BLE001 - for the thread that waits
            self._failure = error
        finally:
            ready.set()

    async def _listen(self, ready: threading.Event) -> None:
        loop = self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()
        servers: list[asyncio.Server] = []
        for one in self.sockets:
            listen = loop.create_unix_server if one.family == socket.AF_UNIX else loop.create_server
            servers.append(await listen(self._conversation, sock=one))
        ready.set()
        await self._told.wait()
        for server in servers:
            server.close()
        until = time.monotonic() + FAREWELL
        while self._in_hand and time.monotonic() < until:  # noqa: ASYNC110 - once, at the very end
            await asyncio.sleep(0.01)
        for conversation in list(self.conversations):
            if isinstance(conversation.transport, asyncio.WriteTransport):
                conversation.transport.abort()
        await asyncio.sleep(0)  # in which they learn of it

    def _conversation(self) -> SmtpConversation:
        kind = SmtpConversation if self.smtp else Conversation
        return kind(
            self,
            data_size_limit=limits.MAIL_BYTES,
            enable_SMTPUTF8=True,
            hostname=_OUR_NAME,
            ident="Corrections",
            timeout=TIMEOUT,
            loop=self._loop,
        )

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Say whether mail to ``address`` is taken. What comes by our own command was judged by who ran it."""
        if session.host_name != GREETING and not self.accepts(address):
            return NOT_HERE
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        """Answer to what should not happen: it may not happen the next time."""
        log.error("a conversation failed", exc_info=error)
        return NOT_NOW

    async def store(self, session: Session | None, envelope: Envelope, raw: bytes) -> str:
        """Store a mail without holding up the others; the answer to its sender."""
        way = Way.PIPE if session is not None and session.host_name == GREETING else Way.LMTP
        sender = {"<>": "", NOBODY: None}.get(envelope.mail_from or "", envelope.mail_from)
        recipients = [address for address in envelope.rcpt_tos if address != NOBODY]
        self._in_hand += 1
        try:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._hands, self._take, raw, way, sender, recipients)
        except receiving.NoMail:
            return EMPTY
        except receiving.TooLarge:
            return TOO_LARGE
        except Exception:
            log.exception("a mail cannot be stored now")
            return NOT_NOW
        finally:
            self._in_hand -= 1
        self.stored()
        return STORED

    def _take(self, raw: bytes, way: Way, sender: str | None, recipients: list[str]) -> None:
        with self.app.app_context():
            receiving.take(raw, way, envelope_from=sender, envelope_to=recipients)


_OUR_NAME: Final = socket.gethostname()
