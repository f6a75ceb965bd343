"""What changed between two wordings: word by word, and inside a changed word letter by letter."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import Final, Literal

from rapidfuzz.distance import Levenshtein

Kind = Literal["same", "was", "now"]

# A mark, a joiner or a picture belongs to the word it stands in; punctuation of any script does not.
_PUNCTUATION = "\u00a0-\u00bf\u00d7\u00f7\u2000-\u200b\u200e-\u206f\u2e00-\u2e7f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
_LETTER = rf"(?:\w|[^\x00-\x7f\w\s{_PUNCTUATION}])"
# A number is a word with its points and commas: nobody reads half a number.
TOKEN = re.compile(rf"\d+(?:[.,]\d+)+|{_LETTER}+(?:['\u2019]{_LETTER}+)*|\s+|.", re.DOTALL)
WORD = re.compile(rf"\d+(?:[.,]\d+)+|{_LETTER}+(?:['\u2019]{_LETTER}+)*")

_JOINER: Final = "\u200d"
_ALIKE: Final = 1 / 3  # share of letters kept, from which on a word is shown as changed inside and not as another word
_ISLAND: Final = 3  # fewer kept letters than this between two changes only make the difference hard to read


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, that was there, or that is there now."""

    text: str
    kind: Kind


def word_difference(was: str, now: str) -> list[Piece]:
    """The way from one wording to the other: pieces in reading order, what was before what is now.

    Same and was joined give ``was``, same and now joined give ``now``, to the letter.
    """
    sheet = _Sheet()
    old, new = TOKEN.findall(was), TOKEN.findall(now)
    for kept, a, b in _changes(old, new):
        before, after = "".join(old[a]), "".join(new[b])
        if kept:
            sheet.same(before)
        elif (pairs := list(zip(old[a], new[b], strict=False))) and len(old[a]) == len(new[b]):
            for pair in pairs:
                _spell(sheet, *pair)
        else:
            _spell(sheet, before, after)
    return sheet.pieces()


class _Sheet:
    """Gathers changes; what follows on each other becomes one."""

    def __init__(self) -> None:
        self._groups: list[tuple[str, str, str]] = []  # (same, was, now): what stayed, then what changed after it

    def same(self, text: str) -> None:
        if text:
            self._groups.append((text, "", ""))

    def change(self, was: str, now: str) -> None:
        same, old, new = self._groups.pop() if self._groups else ("", "", "")
        if same.isspace() and self._groups and was and now and all(self._groups[-1][1:]):
            # Words changed side by side read better as one change than with a blank between them.
            kept, older, newer = self._groups.pop()
            same, old, new = kept, older + same + old, newer + same + new
        self._groups.append((same, old + was, new + now))

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        for group in self._groups:
            for text, kind in zip(group, _KINDS, strict=True):
                if text and kind == "same" and found and found[-1].kind == "same":
                    found[-1] = Piece(found[-1].text + text, "same")
                elif text:
                    found.append(Piece(text, kind))
        return found


_KINDS: Final[tuple[Kind, Kind, Kind]] = ("same", "was", "now")


def _spell(sheet: _Sheet, was: str, now: str) -> None:
    """One changed word (or a few): letter by letter if enough of it stayed."""
    if not was or not now:
        sheet.change(was, now)
        return
    old, new = letters(was), letters(now)
    steps = list(_without_islands(_changes(old, new)))
    stayed = sum(a.stop - a.start for kept, a, _ in steps if kept)
    if 2 * stayed < _ALIKE * (len(old) + len(new)):
        sheet.change(was, now)
        return
    for kept, a, b in steps:
        if kept:
            sheet.same("".join(old[a]))
        else:
            sheet.change("".join(old[a]), "".join(new[b]))


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, slice, slice]]:
    """(whether it stayed, where in the old, where in the new), with the common start and end taken off first."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    if head:
        yield True, slice(0, head), slice(0, head)
    numbers = dict(zip(dict.fromkeys([*old, *new]), count(), strict=False))
    middle = Levenshtein.opcodes(
        [numbers[item] for item in old[head : len(old) - tail]], [numbers[item] for item in new[head : len(new) - tail]]
    )
    for kept, run in groupby(middle, lambda step: step.tag == "equal"):
        steps = list(run)
        before = slice(steps[0].src_start + head, steps[-1].src_end + head)
        yield kept, before, slice(steps[0].dest_start + head, steps[-1].dest_end + head)
    if tail:
        yield True, slice(len(old) - tail, len(old)), slice(len(new) - tail, len(new))


def _without_islands(steps: Iterator[tuple[bool, slice, slice]]) -> Iterator[tuple[bool, slice, slice]]:
    found = list(steps)
    for place, (kept, a, b) in enumerate(found):
        inside = 0 < place < len(found) - 1
        yield kept and not (inside and a.stop - a.start < _ISLAND), a, b


def letters(word: str) -> list[str]:
    """The letters of a word, each with its marks and joined signs, so that no difference falls inside one.

    A number counts as one letter: it is read, and read out, as a whole.
    """
    found: list[str] = []
    for part in _NUMBERS.split(word):
        found += [part] if part[:1].isdecimal() else _clusters(part)
    return found


_NUMBERS: Final = re.compile(r"(\d+(?:[.,]\d+)*)")


def _clusters(word: str) -> list[str]:
    found: list[str] = []
    for character in word:
        joined = unicodedata.category(character)[0] == "M" or character == _JOINER
        if found and (joined or found[-1].endswith(_JOINER)):
            found[-1] += character
        else:
            found.append(character)
    return found
