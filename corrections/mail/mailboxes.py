"""Mail that is kept in files: mailbox files (mbox), Maildir folders, single messages, folders of all these.

Files are read one message at a time and are never changed.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Final, cast

from corrections.domain import limits

GZIP: Final = b"\x1f\x8b"
LINE: Final = 1_000_000  # bytes read at a time where a line does not end
LOOK: Final = 65_536  # bytes in which it shows what a file is, and where the header is
EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_SLACK: Final = timedelta(days=1)  # a sender's clock may be wrong by a time zone

# "From ann@example.org Sat Jan  3 01:05:34 1996", with the variants that are about.
_POSTMARK: Final = re.compile(rb"From .*\d\d?:\d\d(?::\d\d)?.*\b(?:19|20)\d\d\b")
_HEADER: Final = re.compile(rb">?[!-9;-~]+[ \t]*:|>?From ")
_QUOTED: Final = re.compile(rb">+From ")
_DATE: Final = re.compile(rb"^date:[ \t]*([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
_SENDER: Final = re.compile(rb"From ([^\s@]+@[^\s@]+\.[^\s@]+)\s")


@dataclass(frozen=True, slots=True)
class Kept:
    """One message of a file: its bytes, who sent it as the mailbox says (None unknown), and where it was found.

    ``refusal`` says why there are no bytes.
    """

    origin: str
    raw: bytes = b""
    envelope_from: str | None = None
    refusal: str = ""


def messages(path: Path) -> Iterator[Kept]:
    """Every message in a file or below a folder, in the order of names."""
    if path.is_dir():
        for one in sorted(_files_below(path)):
            yield from _of_file(one, named=False)
    else:
        yield from _of_file(path, named=True)


def date_of(raw: bytes, now: datetime) -> datetime | None:
    """When a message was sent by its own word; None when it does not say, or nothing that can be."""
    found = _DATE.search(re.split(rb"\r?\n\r?\n", raw[:LOOK], maxsplit=1)[0])
    if found is None:
        return None
    with suppress(ValueError, OverflowError, IndexError, TypeError):  # as the parser fails on odd dates
        date = parsedate_to_datetime(found[1].decode("ascii", "replace"))
        moment = date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
        if EARLIEST <= moment <= now + CLOCK_SLACK:
            return min(moment, now)
    return None


def _files_below(folder: Path) -> Iterator[Path]:
    """The files that may hold mail: of a Maildir those in ``cur`` and ``new``; hidden ones are a program's own."""
    is_maildir = (folder / "cur").is_dir() and (folder / "new").is_dir()
    for path in folder.iterdir():
        if path.is_dir():
            inner = is_maildir and path.name.startswith(".")  # a folder of the Maildir, as Courier and Dovecot keep it
            if not (is_maildir and path.name == "tmp") and (inner or not path.name.startswith(".")):
                yield from _files_below(path)
        elif not is_maildir and not path.name.startswith("."):
            yield path


def _of_file(path: Path, *, named: bool) -> Iterator[Kept]:
    """The messages of a file. One that holds no mail is refused if it was ``named``, and passed over in a folder."""
    try:
        with _opened(path) as file:
            start = file.peek(LOOK)[:LOOK] if hasattr(file, "peek") else b""
            if start.startswith(b"From "):
                yield from _of_mailbox(file, str(path))
            elif _HEADER.match(start.lstrip(b"\r\n")):
                yield _single(file, str(path))
            elif named:
                yield Kept(str(path), refusal="This holds no mail.")
    except (OSError, EOFError, zlib.error) as error:
        yield Kept(str(path), refusal=getattr(error, "strerror", None) or "It is damaged.")


def _opened(path: Path) -> IO[bytes]:
    file = path.open("rb")
    if file.peek(len(GZIP)).startswith(GZIP):
        file.close()
        return cast("IO[bytes]", gzip.open(path))
    return file


def _single(file: IO[bytes], origin: str) -> Kept:
    raw = file.read(limits.MAIL_BYTES + 1)
    return Kept(origin, raw) if len(raw) <= limits.MAIL_BYTES else Kept(origin, refusal=_TOO_LARGE)


def _of_mailbox(file: IO[bytes], origin: str) -> Iterator[Kept]:
    """The messages of an mbox file. A line is a postmark after an empty line, with a date, before a header.

    Quoted lines lose one ``>`` (mboxrd); where the writer quoted ``From`` only (mboxo), that is right as well.
    """
    number, postmark, message = 1, b"", _Message()
    held: bytes | None = file.readline(LINE)
    dated = bool(_POSTMARK.match(held or b""))
    after_gap = True
    while held:
        line = file.readline(LINE)
        is_postmark = after_gap and held.startswith(b"From ") and (not dated or _POSTMARK.match(held) is not None)
        if is_postmark and (not postmark or _HEADER.match(line)):
            if postmark:
                yield message.finished(f"{origin}:{number}", postmark)
                number, message = number + 1, _Message()
            postmark = held
        else:
            message.add(held[1:] if _QUOTED.match(held) else held)
        after_gap = held in {b"\n", b"\r\n"}
        held = line
    yield message.finished(f"{origin}:{number}", postmark)


class _Message:
    """Lines of one message as they come; beyond the limit they are counted no more, and let go."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, line: bytes) -> None:
        if len(self._bytes) <= limits.MAIL_BYTES:
            self._bytes += line

    def finished(self, origin: str, postmark: bytes) -> Kept:
        if len(self._bytes) > limits.MAIL_BYTES:
            return Kept(origin, refusal=_TOO_LARGE)
        end = 2 if self._bytes.endswith(b"\r\n\r\n") else 1 if self._bytes.endswith(b"\n\n") else 0
        del self._bytes[len(self._bytes) - end :]  # the empty line before the next postmark is the mailbox's
        return Kept(origin, bytes(self._bytes), _sender(postmark))


def _sender(postmark: bytes) -> str | None:
    """The address; None for MAILER-DAEMON too: many programs write that before every mail, whoever sent it."""
    found = _SENDER.match(postmark)
    return found[1].decode("utf-8", "replace") if found is not None else None


_TOO_LARGE: Final = f"It has more than {limits.MAIL_BYTES:,} bytes."
