"""Invented mails to the newsroom, as they come in by the doors for mail."""

from __future__ import annotations

TYPO = 'In "The ferry" you wrote recieves instead of receives.'


def letter(number: int = 1, *, text: str = TYPO, subject: str = "typo", headers: str = "") -> bytes:
    """A reader's mail, with a sender and a Message-ID of its own for each number."""
    return (
        f"From: Ann Reader <ann{number}@readers.test>\nTo: typos@newsroom.test\nSubject: {subject}\n"
        f"Message-ID: <m{number}@readers.test>\nDate: Mon, 4 May 2026 10:00:00 +0000\n{headers}\n{text}\n"
    ).encode()


def large(size: int, number: int = 1) -> bytes:
    """A mail of about so many bytes, most of them an attachment."""
    line = b"QUJD" * 19 + b"\n"
    head = letter(number, headers='MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n', text="")
    text = b"--b\nContent-Type: text/plain\n\nrecieves -> receives\n--b\nContent-Type: application/octet-stream\n"
    return head + text + b"Content-Transfer-Encoding: base64\n\n" + line * (size // len(line)) + b"--b--\n"
