"""Real SMTP servers on loopback that take, refuse, dawdle or hang up, and remember what they were given."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from ports import free_port

TAKEN = "250 kept"
SECONDS_TO_START = 60.0


@dataclass
class Letter:
    """One message that came in."""

    sender: str
    recipient: str
    raw: bytes
    peer: Any

    @property
    def message(self) -> EmailMessage:
        found = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    def part(self, kind: str) -> str:
        """The ``plain`` or the ``html`` part; '' when there is none."""
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""


@dataclass
class PostOffice:
    """What a server does with each message: ``answer`` gets its number from 1 and what came in."""

    answer: Callable[[int, Letter], str] = lambda _number, _letter: TAKEN
    seconds: float = 0.0
    hang_up: Callable[[int], bool] = lambda _number: False
    asked: int = 0
    kept: list[Letter] = field(default_factory=list)
    peers: set[Any] = field(default_factory=set)
    port: int = 0
    logged_in: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.asked += 1
        self.peers.add(session.peer)
        await asyncio.sleep(self.seconds)
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        letter = Letter(envelope.mail_from or "", envelope.rcpt_tos[0], raw, session.peer)
        if self.hang_up(self.asked):
            server.transport.abort()
            return "421 gone"
        said = self.answer(self.asked, letter)
        if said == TAKEN:
            self.kept.append(letter)
        return said

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        self.logged_in.append(data.login)
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def running(office: PostOffice, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[PostOffice]:
    """The server, on a free port of 127.0.0.1, until the end of the block."""
    office.port = free_port()
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=office.port,
        ready_timeout=SECONDS_TO_START,
        authenticator=office.authenticate,
        tls_context=tls,
        **options,
    )
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def every_third_refused(number: int, _letter: Letter) -> str:
    return TAKEN if number % 3 else "451 4.3.0 not now"
