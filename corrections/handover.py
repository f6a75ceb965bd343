"""``corrections mail receive``, the quick way: hand the mail to the service that runs, without loading the program.

A mail server starts a process for each mail, so nothing is imported here but what a socket needs.
"""

from __future__ import annotations

import os
import socket
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OK = 0  # sysexits.h
EX_USAGE = 64
EX_DATAERR = 65
EX_TEMPFAIL = 75

SOCKET = "mail.sock"  # in the instance folder
GREETING = "corrections-receive"  # by which the service knows this program
NOBODY = "nobody@localhost"  # stands in where no recipient is known: LMTP wants one
NULL_SENDERS = {"", "<>", "MAILER-DAEMON"}  # the last is Postfix's word for it
SECONDS = 60.0
PATH_BYTES = 100  # the kernel takes 107

read_already: list[bytes] = []  # the mail, where it was read but nobody took it


def quickly(arguments: Sequence[str]) -> int | None:
    """Hand over the mail on standard input; the exit code.

    None when that is not asked for or nobody takes it: then the whole program has to see to it.
    """
    words = understood(arguments)
    if words is None or sys.stdin is None:
        return None
    folder, sender, recipients = words
    try:
        line = _connected(os.path.join(folder, SOCKET))  # noqa: PTH118 - pathlib takes as long as all the rest
    except OSError:
        return None
    with line:
        try:
            return _told(line, sender, recipients or [NOBODY])
        except (OSError, ValueError, IndexError):
            return None


def understood(arguments: Sequence[str]) -> tuple[str, str | None, list[str]] | None:
    """Folder, sender, recipients of ``[--instance DIR] mail receive [--from ADDR] [--to ADDR...]``, None of others."""
    words = [part for word in arguments for part in (word.split("=", 1) if word.startswith("--") else [word])]
    folder = os.environ.get("CORRECTIONS_INSTANCE") or "instance"
    if words[:1] == ["--instance"] and len(words) > 1:
        folder, words = words[1], words[2:]
    if words[:2] != ["mail", "receive"]:
        return None
    sender, recipients, rest = None, [], words[2:]
    while rest:
        word = rest.pop(0)
        if word == "--from" and rest:
            sender = rest.pop(0)
        elif word == "--to" and rest:
            recipients.append(rest.pop(0))
        elif word.startswith("-"):
            return None
        else:
            recipients.append(word)
    return folder, *envelope(sender, recipients)


def envelope(sender: str | None, recipients: Sequence[str]) -> tuple[str | None, list[str]]:
    """Sender ('' the null sender, None unknown) and recipients, as given or in SENDER and RECIPIENT of the environment.

    Those are set by Postfix, Exim and qmail for a command in an alias.
    """
    if sender is None:
        sender = os.environ.get("SENDER")
    if not recipients and os.environ.get("RECIPIENT"):
        recipients = [os.environ["RECIPIENT"]]
    return ("" if sender in NULL_SENDERS else sender), list(recipients)


def without_envelope_line(raw: bytes) -> bytes:
    """The mail without the line ``From ...`` that some mail servers put in front (as in a mailbox file)."""
    return raw.partition(b"\n")[2] if raw.startswith(b"From ") else raw


def with_short_path(path: str, use: Callable[[str], object]) -> None:
    """Call ``use`` with a name of ``path`` that is short enough for the address of a socket. Raises OSError."""
    if len(os.fsencode(path)) <= PATH_BYTES:
        use(path)
        return
    folder, name = os.path.split(path)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        use(f"/proc/self/fd/{handle}/{name}")
    finally:
        os.close(handle)


def _connected(path: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(SECONDS)
        with_short_path(path, line.connect)
    except BaseException:
        line.close()
        raise
    return line


def _told(line: socket.socket, sender: str | None, recipients: list[str]) -> int | None:
    """The conversation, by LMTP (RFC 2033). An unknown sender is told as an address that nobody has."""
    with line.makefile("rb") as replies:

        def answer() -> bytes:
            lines = [replies.readline()]
            while lines[-1][3:4] == b"-":
                lines.append(replies.readline())
            if not lines[-1]:
                raise OSError("the service hung up")
            return b"".join(lines)

        def agreed(said: str, code: bytes) -> bytes:
            line.sendall(said.encode("utf-8", "surrogateescape") + b"\r\n")
            reply = answer()
            if not reply.startswith(code):
                raise ValueError("the service does not want it")
            return reply

        answer()
        limit = int(agreed(f"LHLO {GREETING}", b"250").partition(b"SIZE ")[2].split()[0])
        raw = sys.stdin.buffer.read(limit + 1)
        read_already[:] = [raw]
        raw = without_envelope_line(raw)
        if not raw.strip() or len(raw) > limit:
            return None
        agreed(f"MAIL FROM:<{NOBODY if sender is None else sender}>", b"250")
        for recipient in recipients:
            agreed(f"RCPT TO:<{recipient}>", b"250")
        agreed("DATA", b"354")
        line.sendall(stuffed(raw) + b".\r\n")
        answers = {answer()[:1] for _ in recipients}
    return OK if answers == {b"2"} else EX_TEMPFAIL if answers == {b"4"} else None


def stuffed(raw: bytes) -> bytes:
    """A mail with the line ends of SMTP, the last one too, and dots doubled where they begin a line."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    raw = raw.replace(b"\r\n.", b"\r\n..")
    return (b"." if raw.startswith(b".") else b"") + raw + (b"" if raw.endswith(b"\r\n") else b"\r\n")
