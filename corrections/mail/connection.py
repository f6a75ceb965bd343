"""The line to the SMTP server: Flask-Mail's, with certificates checked and no wait longer than there is time."""

import smtplib
import ssl
import time
from contextlib import suppress
from typing import Any, Final

import flask_mail
from flask import current_app

FOREVER: Final = float("inf")
THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class PunctualSMTP(smtplib.SMTP):
    """SMTP that gives up at ``deadline`` (of time.monotonic), however slowly the server answers."""

    deadline = FOREVER

    def getreply(self) -> tuple[int, bytes]:
        """Wait for a reply, but not too long; raises TimeoutError."""
        self._hurry()
        return super().getreply()

    def send(self, s: Any) -> None:
        """Send, but not for too long; raises TimeoutError."""
        self._hurry()
        super().send(s)

    def _hurry(self) -> None:
        if self.sock is None:
            return
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server took too long")
        self.sock.settimeout(min(current_app.config["MAIL_TIMEOUT"], left))


class PunctualTLS(PunctualSMTP, smtplib.SMTP_SSL):
    """The same, with TLS from the start."""


class Connection(flask_mail.Connection):
    """A connection that is opened at once; use it in ``with``."""

    host: PunctualSMTP | None

    def __init__(self, deadline: float = FOREVER) -> None:
        super().__init__(current_app.extensions["mail"])
        self._deadline = deadline

    def configure_host(self) -> PunctualSMTP:
        """Connect, greet, encrypt, log in. Raises OSError and smtplib.SMTPException."""
        mail, timeout = self.mail, current_app.config["MAIL_TIMEOUT"]
        timeout = max(0.1, min(timeout, self._deadline - time.monotonic()))
        if mail.use_ssl:
            host: PunctualSMTP = PunctualTLS(mail.server, mail.port, timeout=timeout, context=trust(mail.server))
        else:
            host = PunctualSMTP(mail.server, mail.port, timeout=timeout)
        try:
            host.deadline = self._deadline
            if mail.use_tls:
                host.starttls(context=trust(mail.server))
            if mail.username and mail.password:
                host.login(mail.username, mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def keep_to(self, deadline: float) -> None:
        """The deadline of what is sent next."""
        if self.host is not None:
            self.host.deadline = deadline

    @property
    def open(self) -> bool:
        """Whether the server is still at the other end, as far as we know."""
        return self.host is not None and self.host.sock is not None

    def __exit__(self, *_: object) -> None:
        if self.host is not None:
            self.keep_to(time.monotonic() + 2)  # a good-bye is a courtesy
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            self.host.close()


def trust(server: str) -> ssl.SSLContext:
    """Certificates are checked, but on this machine itself, where nobody listens in and they are often home-made."""
    context = ssl.create_default_context()
    if server in THIS_MACHINE:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
