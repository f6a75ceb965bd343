"""Mail kept in files: every message comes out as it went in, one at a time."""

from __future__ import annotations

import gzip
import mailbox
import tracemalloc
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from conftest import NOON
from corrections.domain import limits
from corrections.mail.mailboxes import Kept, date_of, messages
from invented_mail import large, letter

POSTMARK = b"From ann@readers.test Mon May  4 10:00:00 2026\n"


def raws(path: Path) -> list[bytes]:
    return [kept.raw for kept in messages(path)]


def mbox(*mails: bytes, postmark: bytes = POSTMARK) -> bytes:
    return b"".join(postmark + mail + b"\n" for mail in mails)


def test_a_mailbox_file_gives_each_message_and_who_sent_it(tmp_path: Path) -> None:
    path = tmp_path / "Inbox"
    unknown = b"From MAILER-DAEMON Mon May  4 10:00:00 2026\n" + letter(2) + b"\n"
    path.write_bytes(mbox(letter(1)) + unknown + mbox(letter(3), postmark=b"From - Mon May 04 10:00:00 2026\r\n"))
    found = list(messages(path))
    assert [kept.raw for kept in found] == [letter(1), letter(2), letter(3)]
    assert [kept.envelope_from for kept in found] == ["ann@readers.test", None, None]
    assert [kept.origin for kept in found] == [f"{path}:1", f"{path}:2", f"{path}:3"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_quoted_lines_lose_one_mark_and_lines_that_begin_with_from_do_not_part_a_message(
    tmp_path: Path, end: bytes
) -> None:
    body = "From here on\n\nFrom the ferry at 10:30 in 2026 I saw\nFromage\n>Fromage\n"
    written = letter(1, text=body + ">From me\n>>From you")
    read = letter(1, text=body + "From me\n>From you")
    path = tmp_path / "Inbox"
    path.write_bytes(mbox(written, letter(2)).replace(b"\n", end))
    assert raws(path) == [read.replace(b"\n", end), letter(2).replace(b"\n", end)]


def test_what_the_standard_library_writes_comes_out_the_same(tmp_path: Path) -> None:
    """Its mailbox files are mboxo, its Maildirs those of everybody."""
    lines = ["From me to you", ">quoted", "", "text", ">From nobody", "Subject: not a header", "."]
    mails = []
    for number in range(50):
        mail = EmailMessage()
        mail["From"], mail["Subject"], mail["Message-ID"] = "ann@readers.test", f"typo {number}", f"<{number}@x.test>"
        mail.set_content("\n".join(lines[number % 7 :] + lines[: number % 6]) + "\n")
        mails.append(mail.as_bytes())
    box, folder = mailbox.mbox(tmp_path / "box"), mailbox.Maildir(tmp_path / "Maildir")
    for mail_bytes in mails:
        box.add(mail_bytes)
        folder.add(mail_bytes)
    box.close()
    unquoted = [mail.replace(b"\n>From nobody", b"\nFrom nobody") for mail in mails]
    assert [raw.rstrip() for raw in raws(tmp_path / "box")] == [mail.rstrip() for mail in unquoted]
    assert sorted(raws(tmp_path / "Maildir")) == sorted(mails)


def test_a_folder_gives_what_is_mail_in_it_and_below(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    maildir = mailbox.Maildir(tmp_path / "home" / "Maildir")
    maildir.add(letter(1))
    maildir.add_folder("Archive").add(letter(2))
    (tmp_path / "home" / "Maildir" / "tmp" / "half").write_bytes(letter(9))
    (tmp_path / "home" / "Maildir" / "dovecot.index.log").write_bytes(b"Index: of a program")
    (tmp_path / "home" / "mh").mkdir()
    (tmp_path / "home" / "mh" / "1").write_bytes(letter(3))
    (tmp_path / "home" / "mh" / ".mh_sequences").write_bytes(b"cur: 1")
    (tmp_path / "home" / "one.eml").write_bytes(b"\r\n" + letter(4))
    (tmp_path / "home" / "old.mbox.gz").write_bytes(gzip.compress(mbox(letter(5), letter(6))))
    (tmp_path / "home" / "README").write_bytes(b"This is where the mail is.\n")
    (tmp_path / "home" / "picture.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "home" / "empty").touch()
    found = list(messages(tmp_path / "home"))
    assert [kept.refusal for kept in found] == [""] * 6
    assert sorted(kept.raw.strip() for kept in found) == sorted(letter(n).strip() for n in range(1, 7))


def test_a_file_that_was_named_and_holds_no_mail_is_refused_and_so_is_a_damaged_one(tmp_path: Path) -> None:
    notes, damaged = tmp_path / "notes.txt", tmp_path / "old.mbox.gz"
    notes.write_text("Ring up Ann.\n")
    damaged.write_bytes(gzip.compress(mbox(letter(1), letter(2)))[:-20])
    assert list(messages(notes)) == [Kept(str(notes), refusal="This holds no mail.")]
    assert next(messages(tmp_path / "missing")).refusal == "No such file or directory"
    assert list(messages(damaged))[-1].refusal == "It is damaged."


def test_a_large_mailbox_is_read_with_the_memory_of_one_message(tmp_path: Path) -> None:
    path = tmp_path / "Inbox"
    big = large(3_000_000)
    with path.open("wb") as file:
        for _ in range(8):
            file.write(mbox(big))
    tracemalloc.start()
    sizes = [len(kept.raw) for kept in messages(path)]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sizes == [len(big)] * 8
    assert most < 5 * len(big)


def test_a_message_beyond_the_limit_is_refused_and_the_next_ones_are_read(tmp_path: Path) -> None:
    path = tmp_path / "Inbox"
    path.write_bytes(mbox(letter(1), large(limits.MAIL_BYTES + 100_000), letter(2)))
    assert [bool(kept.refusal) for kept in messages(path)] == [False, True, False]
    (tmp_path / "one.eml").write_bytes(large(limits.MAIL_BYTES + 1))
    (one,) = messages(tmp_path / "one.eml")
    assert one.refusal == "It has more than 26,214,400 bytes."


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("Mon, 4 May 2026 10:00:00 +0200", datetime(2026, 5, 4, 8, tzinfo=UTC)),
        ("4 May 2026 10:00:00 -0000", datetime(2026, 5, 4, 10, tzinfo=UTC)),
        ("Mon, 4 May 2026 20:00:00 +0000", NOON),  # a clock that is fast
        ("Mon, 4 May 2028 10:00:00 +0000", None),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("yesterday", None),
        ("Mon, 99 May 2026 99:00:00 +9999999999", None),
    ],
)
def test_a_mail_came_when_it_says_if_that_can_be(said: str, moment: datetime | None) -> None:
    raw = f"Subject: typo\r\ndate:  {said}\r\n\r\nDate: Tue, 5 May 2020 10:00:00 +0000\r\n".encode()
    assert date_of(raw, NOON) == moment


def test_a_mail_without_a_date_says_nothing() -> None:
    assert date_of(b"Subject: typo\n\nDate: Tue, 5 May 2020 10:00:00 +0000\n", NOON) is None
