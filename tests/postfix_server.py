"""A throw-away Postfix for the tests: on loopback, with TLS, for mailboxes of newsroom.test and readers.test only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Final

from ports import free_port

POSTFIX: Final = "/usr/sbin/postfix"
PARTS: Final = "/usr/lib/postfix/sbin"
KEEPER: Final = "mail"  # the user that the mailboxes belong to
SECONDS_TO_START: Final = 60

MAIN: Final = """\
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/lib
command_directory = /usr/sbin
daemon_directory = {parts}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.newsroom.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
virtual_mailbox_domains = newsroom.test, readers.test
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
default_transport = error:5.4.4 this server delivers to itself only
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = may
smtpd_tls_chain_files = {folder}/key.pem, {folder}/cert.pem
smtputf8_enable = yes
maillog_file = {folder}/log/mail
maillog_file_prefixes = {folder}
fast_flush_domains =
"""
# What goes to corrections.test is handed to a program by LMTP, and tried again soon when it is not taken.
HANDED_ON: Final = """\
relay_domains = corrections.test
transport_maps = inline:{{ {{ corrections.test = lmtp:inet:127.0.0.1:{lmtp_port} }} }}
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
transport_retry_time = 1s
"""
# qmgr looks into its tray of new mail whenever it is woken. A mail it meets there while it is locked waits for the next
# time, so that is after a second here, not after the usual 300.
SERVICES: Final = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def missing() -> str:
    """Why it cannot run here, or ''."""
    if not Path(POSTFIX).exists():
        return "no Postfix (Debian: apt-get install postfix)"
    if os.geteuid() != 0:
        return "Postfix starts as root only"
    return "" if shutil.which("openssl") else "no openssl to make a certificate with"


@dataclass(frozen=True, slots=True)
class PostfixServer:
    """A running Postfix."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def inbox(self, address: str, count: int) -> list[EmailMessage]:
        """The mails of a mailbox, oldest first, once so many are there."""
        until = time.monotonic() + SECONDS_TO_START
        while True:
            found = [message for message in self._kept() if message["Delivered-To"] == address]
            if len(found) >= count or time.monotonic() > until:
                return found
            time.sleep(0.1)

    def _kept(self) -> list[EmailMessage]:
        path, read = self.folder / "mail" / "all", BytesParser(policy=default)
        kept = sorted((path / "new").glob("*"), key=lambda one: one.stat().st_mtime_ns)
        return [read.parsebytes(one.read_bytes()) for one in kept]

    @property
    def log(self) -> str:
        """What it wrote down."""
        return (self.folder / "log" / "mail").read_text("utf-8", "replace")

    @property
    def queue(self) -> list[str]:
        """The names of the messages that it still has to deliver."""
        return [
            path.name
            for tray in ("incoming", "active", "deferred")
            for path in (self.folder / "spool" / tray).rglob("*")
            if path.is_file()
        ]

    def stop(self) -> None:
        """End it and what it started, and remove what it kept."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(lmtp_port: int = 0) -> PostfixServer:
    """Start it; mail to corrections.test goes to ``lmtp_port``. Raises RuntimeError with its words if it does not."""
    folder = Path(tempfile.mkdtemp(prefix="corrections-postfix-"))
    folder.chmod(0o755)
    keeper = pwd.getpwnam(KEEPER)
    for name, owner in (
        ("etc", 0),
        ("spool", 0),
        ("log", 0),
        ("lib", pwd.getpwnam("postfix").pw_uid),
        ("mail", keeper.pw_uid),
    ):
        (folder / name).mkdir()
        os.chown(folder / name, owner, -1)
    port = free_port()
    values = {"folder": folder, "port": port, "parts": PARTS, "uid": keeper.pw_uid, "gid": keeper.pw_gid}
    (folder / "etc" / "main.cf").write_text(
        (MAIN + (HANDED_ON if lmtp_port else "")).format(**values, lmtp_port=lmtp_port)
    )
    (folder / "etc" / "master.cf").write_text(SERVICES.format(**values))
    _certify(folder)
    config = ["-c", str(folder / "etc")]
    with (folder / "log" / "out").open("wb") as out:
        # Its first program is a script that hands on no signal: the one after it is what has to be ended.
        subprocess.run([POSTFIX, *config, "check"], check=True, stdout=out, stderr=out)
        master = [f"{PARTS}/master", *config, "-s"]
        process = subprocess.Popen(master, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    server = PostfixServer(port, folder, process)
    _wait(server)
    return server


def _certify(folder: Path) -> None:
    """A certificate of its own making for localhost."""
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
    files = ["-subj", "/CN=localhost", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", *made, *files], check=True, capture_output=True)


def _wait(server: PostfixServer) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", server.port, timeout=5):
                return
        except OSError:
            if server.process.poll() is not None or time.monotonic() > until:
                words = "".join(path.read_text("utf-8", "replace") for path in (server.folder / "log").iterdir())
                server.stop()
                raise RuntimeError(f"Postfix did not start: {words}") from None
            time.sleep(0.1)
