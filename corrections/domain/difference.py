"""What changed between two wordings: word by word, and inside a changed word letter by letter."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import Final, Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

Kind = Literal["same", "was", "now"]

# A mark, a joiner or a picture belongs to the word it stands in; punctuation of any script does not.
_PUNCTUATION = "\u00a0-\u00bf\u00d7\u00f7\u2000-\u200b\u200e-\u206f\u2e00-\u2e7f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
_LETTER = rf"(?:\w|[^\x00-\x7f\w\s{_PUNCTUATION}])"
# A number is a word with its points and commas: nobody reads half a number.
TOKEN = re.compile(rf"\d+(?:[.,]\d+)+|{_LETTER}+(?:['\u2019]{_LETTER}+)*|\s+|.", re.DOTALL)
_WORD = re.compile(rf"{_LETTER}+(?:['\u2019]{_LETTER}+)*")
_ENDS_IN_WORD = re.compile(rf"{_LETTER}\Z")

_JOINER: Final = "\u200d"
_ALIKE: Final = 1 / 3  # share of letters kept, from which on a word is shown as changed inside and not as another word
_ISLAND: Final = 3  # fewer kept letters than this between two changes only make the difference hard to read
_FRAGMENT_ALIKE: Final = 60.0  # per cent of likeness for a lone word to stand for a word of the quote
_CLEARLY: Final = 12.0  # per cent of likeness that it needs before any other word of the quote


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


def as_corrected(original: str, corrected: str) -> str:
    """The whole quote as it should read, where the correction may be only the words that are wrong in it.

    Punctuation at the edges of the quote stays if the correction has none there. Gives ``corrected`` back where it
    stands for the whole quote, and where it is not sure which words it stands for.
    """
    return whole_wording(original, corrected) or corrected


def whole_wording(original: str, corrected: str) -> str | None:
    """What ``as_corrected`` gives, or None where it is not sure which of the words the correction stands for."""
    lone, words = corrected.strip(), list(_WORD.finditer(original))
    if not words or not lone or original[words[0].start() : words[-1].end()] == lone:
        return corrected
    head = original[: words[0].start()] if _WORD.match(lone) else ""
    tail = original[words[-1].end() :] if _ENDS_IN_WORD.search(lone) else ""
    core = original[len(head) : len(original) - len(tail)]
    new = _with_fragment(core, lone)
    return None if new is None else head + new + tail


def _with_fragment(original: str, lone: str) -> str | None:
    """The quote with the correction in the place of the words it is most like; None if that is not sure."""
    old, new = list(_WORD.finditer(original)), _WORD.findall(lone)
    edges = [old[0].group().casefold(), old[-1].group().casefold()]
    if not new or len(old) <= len(new) or (len(new) > 1 and [new[0].casefold(), new[-1].casefold()] == edges):
        return lone
    if (doubled := _doubled(old, [word.casefold() for word in new])) is not None:
        return original[: doubled[0]] + original[doubled[1] :]
    scored = sorted(_alike(original, old, lone, {max(1, len(new) - 1), len(new), len(new) + 1}), reverse=True)
    whole = fuzz.ratio(original.casefold(), lone.casefold())
    if not scored or scored[0][0] <= whole:
        return lone if whole >= _FRAGMENT_ALIKE or len(old) == len(new) + 1 else None
    score, start, end = scored[0]
    rival = max((other for other, first, last in scored if first >= end or last <= start), default=0.0)
    if score - rival < _CLEARLY or original[start:end] == lone or _outgrows(original, (start, end), new):
        return None
    return original[:start] + lone + original[end:]


def _outgrows(original: str, run: tuple[int, int], new: Sequence[str]) -> bool:
    """Whether the correction would add words before the first or behind the last word of a short quote.

    It may then just as well stand for the whole of it: "wrote the cousin", corrected to "Tully wrote".
    """
    old = _WORD.findall(original.casefold())
    if len(_WORD.findall(original[slice(*run)])) >= len(new) or len(old) >= 2 * len(new):
        return False
    before = not _WORD.search(original[: run[0]]) and new[0].casefold() != old[0]
    behind = not _WORD.search(original[run[1] :]) and new[-1].casefold() != old[-1]
    return before or behind


def _alike(
    original: str, words: Sequence[re.Match[str]], lone: str, sizes: set[int]
) -> Iterator[tuple[float, int, int]]:
    """(likeness, start, end) of the runs of words that the correction may stand for."""
    for size in sizes:
        for first, last in zip(words, words[size - 1 :], strict=False):
            run = original[first.start() : last.end()]
            score = fuzz.ratio(run.casefold(), lone.casefold(), score_cutoff=_FRAGMENT_ALIKE)
            if score:
                yield score, first.start(), last.end()


def _doubled(words: Sequence[re.Match[str]], said: Sequence[str]) -> tuple[int, int] | None:
    """Where words that should stand once stand twice in a row: the span to take out."""
    size = len(said)
    for at in range(len(words) - 2 * size + 1):
        found = [word.group().casefold() for word in words[at : at + 2 * size]]
        if found == [*said, *said]:
            return words[at + size - 1].end(), words[at + 2 * size - 1].end()
    return None
