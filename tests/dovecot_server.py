"""A throw-away Dovecot for the tests: IMAP on loopback, with and without TLS; any name has a mailbox."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ports import free_port

DOVECOT: Final = "/usr/sbin/dovecot"
KEEPER: Final = "mail"  # the user that the mailboxes belong to
PASSWORD: Final = "secret-of-the-mailbox"
SECONDS_TO_START: Final = 30

SETTINGS: Final = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
instance_name = {name}
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
first_valid_uid = 1
imap_capability = {capability}
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={keeper} gid={keeper} home={folder}/mail/%Lu allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  client_limit = 100
}}
"""
# As it says by itself, and without what younger servers know: IDLE, MOVE, UIDPLUS.
OF_TODAY: Final = ""
OF_OLD: Final = "IMAP4rev1 LITERAL+"


def missing() -> str:
    """Why it cannot run here, or ''."""
    if not Path(DOVECOT).exists():
        return "no Dovecot (Debian: apt-get install dovecot-core dovecot-imapd)"
    if os.geteuid() != 0:
        return "Dovecot starts as root only"
    version = subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, check=False).stdout
    if not version.startswith("2.3"):
        return f"the settings of the tests are for Dovecot 2.3, and this is {version.strip()}"
    return "" if shutil.which("openssl") else "no openssl to make a certificate with"


@dataclass(frozen=True, slots=True)
class DovecotServer:
    """A running Dovecot."""

    port: int
    tls_port: int
    folder: Path
    process: subprocess.Popen[bytes]

    @contextmanager
    def opened(self, user: str) -> Iterator[imaplib.IMAP4]:
        """The mailbox of ``user``, as a mail program sees it."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=60) as client:
            client.login(user, PASSWORD)
            client.select()
            yield client

    def deliver(self, user: str, *mails: bytes) -> None:
        """Put mails into the INBOX."""
        with self.opened(user) as client:
            for mail in mails:
                client.append("INBOX", "", None, mail)  # type: ignore[arg-type] # None is now, as its own code says

    def count(self, user: str, folder: str = "INBOX", which: str = "ALL") -> int:
        """How many messages a folder holds; -1 when there is no such folder."""
        with self.opened(user) as client:
            if client.select(folder, readonly=True)[0] != "OK":
                client.select()
                return -1
            return len(client.search(None, which)[1][0].split())

    def stop(self) -> None:
        """End it and what it started, and remove what it kept."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(capability: str = OF_TODAY) -> DovecotServer:
    """Start it; raises RuntimeError with its own words when it does not."""
    folder = Path(tempfile.mkdtemp(prefix="corrections-dovecot-"))
    folder.chmod(0o755)
    keeper = pwd.getpwnam(KEEPER)
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    os.chown(folder / "mail", keeper.pw_uid, keeper.pw_gid)
    certify(folder)
    port, tls_port = free_port(), free_port()
    values = {"folder": folder, "name": folder.name, "keeper": KEEPER, "password": PASSWORD, "capability": capability}
    (folder / "dovecot.conf").write_text(SETTINGS.format(port=port, tls_port=tls_port, **values))
    with (folder / "out").open("wb") as out:
        words = [DOVECOT, "-F", "-c", str(folder / "dovecot.conf")]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    server = DovecotServer(port, tls_port, folder, process)
    _wait(server)
    return server


def certify(folder: Path) -> None:
    """A certificate of its own making for localhost."""
    made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
    files = ["-subj", "/CN=localhost", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", *made, *files], check=True, capture_output=True)


def _wait(server: DovecotServer) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            imaplib.IMAP4("127.0.0.1", server.port, timeout=5).logout()
        except (OSError, imaplib.IMAP4.error):
            if server.process.poll() is not None or time.monotonic() > until:
                said = [server.folder / name for name in ("log", "out")]
                words = "".join(path.read_text("utf-8", "replace") for path in said if path.exists())
                server.stop()
                raise RuntimeError(f"Dovecot did not start: {words}") from None
            time.sleep(0.1)
        else:
            return
