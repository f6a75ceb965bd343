"""What a mail's text is made of, before anybody decides whose words they are: lines, each with a mark."""

from enum import IntEnum
from typing import Final, NamedTuple


class Mark(IntEnum):
    """What the form of a mail says about a line."""

    OWN = 0
    QUOTE = 1  # set as a quotation: of the mail that is answered, or of an article
    ANSWERED = 2  # certainly the mail that is answered or forwarded
    SIGNATURE = 3


class Line(NamedTuple):
    """One line, without the signs of quotation before it."""

    text: str
    depth: int = 0
    mark: Mark = Mark.OWN

    def __str__(self) -> str:
        return f"{'>' * self.depth}{' ' if self.depth and self.text else ''}{self.text}"


SIGNATURE: Final = "-- "  # RFC 3676, section 4.3


def of_plain(text: str) -> list[Line]:
    """The lines of plain text; ``>`` before a line quotes it."""
    return [_line(line) for line in text.split("\n")]


def _line(line: str) -> Line:
    rest = line.lstrip("> ")
    marks = line[: len(line) - len(rest)]
    depth = marks.count(">")
    if not depth or marks.startswith("  "):
        return Line(line)
    return Line(line[marks.rindex(">") + 1 :].removeprefix(" "), depth, Mark.QUOTE)


def of_flowed(text: str, delete_space: bool) -> list[Line]:
    """The lines of flowed text (RFC 3676), put together again: a blank at the end says that the line goes on."""
    found: list[Line] = []
    goes_on = False
    for raw in text.split("\n"):
        rest = raw.lstrip(">")
        depth = len(raw) - len(rest)
        words = rest.removeprefix(" ")
        is_signature = words == SIGNATURE
        if goes_on and found[-1].depth == depth and not is_signature:
            found[-1] = found[-1]._replace(text=found[-1].text + words)
        else:
            found.append(Line(words, depth, Mark.QUOTE if depth else Mark.OWN))
        goes_on = words.endswith(" ") and not is_signature
        if goes_on and delete_space:
            found[-1] = found[-1]._replace(text=found[-1].text[:-1])
    return found
