"""Text as it comes in, and text as it is compared: normalised, with a map back to the original offsets.

``word_difference``, ``sentence_around`` and ``slug`` have files of their own and are found here as well.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Final, overload

from corrections.domain.difference import Piece, word_difference
from corrections.domain.fragments import as_corrected
from corrections.domain.sentences import paragraph_around, sentence_around
from corrections.domain.slugs import slug

__all__ = [
    "Normalised",
    "Piece",
    "as_corrected",
    "clean",
    "digest",
    "folded",
    "normalise",
    "one_line",
    "paragraph_around",
    "sentence_around",
    "slug",
    "word_difference",
]

_REMEMBERED_LENGTH: Final = 200_000  # longer texts are normalised anew each time, so that the memory stays small
_LONGEST_CLUSTER: Final = 31  # a letter with 30 marks: the Stream-Safe Text Format of Unicode Standard Annex 15

_DASHES = "\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe31\ufe32\ufe58\ufe63\uff0d"
_SAME_AS = {
    '"': "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff02",
    "'": "\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u00b4\u0060\u02b9\u02bb\u02bc\u02bd\u02c8\u055a\ua78c\uff07",
}
_ONE_TO_ONE: Final = {ord(other): plain for plain, others in _SAME_AS.items() for other in others} | {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code not in {0xFF02, 0xFF07, 0xFF0D}
}
_TRANSLATED = re.compile(f"[{''.join(map(re.escape, map(chr, _ONE_TO_ONE)))}]")

# Not seen on paper: soft hyphen, zero width blanks and joiners, direction marks, variation selectors, controls.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
# All that is not simply copied: white space but a single blank, dashes, back ticks, and runs beyond ASCII.
_ODD = re.compile(
    f"[^\\S ]\\s*| \\s+|[-{_DASHES}]{{2,}}|[{_DASHES}]|`|[^\x00-\x7f\\s{_DASHES}]+(?: [^\x00-\x7f\\s{_DASHES}]+)*"
)
_ODD_ASCII = re.compile(r"[^\S ]\s*| \s+|--+|`")
_MANY_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_LONGEST_CLUSTER},}}")


class _Offsets(Sequence[int]):
    """Offsets kept as stretches: within an even stretch they rise by one, within another they stay."""

    __slots__ = ("_evens", "_firsts", "_length", "_values")

    def __init__(self, firsts: list[int], values: list[int], evens: list[bool], length: int) -> None:
        self._firsts, self._values, self._evens, self._length = firsts, values, evens, length

    def __len__(self) -> int:
        return self._length

    def listed(self) -> list[int]:
        """All of them at once."""
        found: list[int] = []
        for place, first in enumerate(self._firsts):
            length = (self._firsts[place + 1] if place + 1 < len(self._firsts) else self._length) - first
            value = self._values[place]
            found.extend(range(value, value + length) if self._evens[place] else repeat(value, length))
        return found

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._length))]
        if not -self._length <= index < self._length:
            raise IndexError(index)
        index %= self._length
        stretch = bisect_right(self._firsts, index) - 1
        return self._values[stretch] + (index - self._firsts[stretch] if self._evens[stretch] else 0)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as it is compared, with the way back to its source.

    ``starts[i]`` is the offset in the source of the first character that ``text[i]`` was made from, ``ends[i]`` the
    offset after the last one. Both never fall.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of ``text[start:end]``; an empty one is an empty place at the same spot."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        if start < len(self.text):
            return self.starts[start], self.starts[start]
        last = self.ends[-1] if self.text else 0
        return last, last


def normalise(text: str) -> Normalised:
    """The text with case, quotes, dashes, blanks and compatible characters made alike, and the map back.

    Follows NFKC and case folding (Unicode Standard Annex 15) letter by letter. White space becomes one blank, or one
    line feed where it holds an empty line; what is not seen on paper is dropped.
    """
    return _remembered(text) if len(text) <= _REMEMBERED_LENGTH else _normalise(text)


def folded(text: str) -> str:
    """The text of ``normalise(text)``, without the map."""
    seen = _UNSEEN.sub("", text).strip()
    if seen.isascii():
        return _ODD_ASCII.sub(lambda odd: _plain(odd.group()), seen.lower())
    return "".join([out for out, _, _, _ in _pieces(seen)])


@lru_cache(maxsize=32)
def _remembered(text: str) -> Normalised:
    return _normalise(text)


def _normalise(text: str) -> Normalised:
    seen, kept = text, None
    if _UNSEEN.search(text):
        unseen = set(_UNSEEN.findall(text))
        kept = [i for i, character in enumerate(text) if character not in unseen]
        seen = _UNSEEN.sub("", text)
    outs: list[str] = []
    firsts: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    evens: list[bool] = []
    at = 0
    for out, start, end, even in _pieces(seen):
        outs.append(out)
        # An even piece that follows on an even piece lengthens it.
        if not (even and evens and evens[-1] and start - starts[-1] == at - firsts[-1]):
            firsts.append(at)
            starts.append(start)
            ends.append(start + 1 if even else end)
            evens.append(even)
        at += len(out)
    first, after = _Offsets(firsts, starts, evens, at), _Offsets(firsts, ends, evens, at)
    if kept is None:
        return Normalised("".join(outs), first, after)
    return Normalised("".join(outs), [kept[i] for i in first.listed()], [kept[i - 1] + 1 for i in after.listed()])


def _pieces(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """What becomes of the text, in order: (new, start, end, whether character for character)."""
    begin, stop = len(text) - len(text.lstrip()), len(text.rstrip())
    at = begin
    for odd in (_ODD_ASCII if text.isascii() else _ODD).finditer(text, begin, stop):
        run, start, end = odd.group(), odd.start(), odd.end()
        beyond_ascii = not (run.isspace() or run[0] in "-`" or _plain(run) == "-")
        if beyond_ascii and start > at and text[start - 1] != " " and _joins_what_precedes(run[0]):
            start, run = start - 1, text[start - 1] + run
        if at < start:
            yield text[at:start].lower(), at, start, True
        if not beyond_ascii:
            yield _plain(run), start, end, end - start == 1
        elif (quick := _fold_quickly(run)) is not None:
            yield quick, start, end, True
        else:
            yield from _fold_slowly(run, start)
        at = end
    if at < stop:
        yield text[at:stop].lower(), at, stop, True


def _plain(run: str) -> str:
    """White space, dashes and back ticks made alike; anything else comes back as ''."""
    if run.isspace():
        lines = run.replace("\r\n", "\n")
        return "\n" if lines.count("\n") + lines.count("\r") > 1 or "\u2029" in lines else " "
    return "'" if run == "`" else "-" if _ALL_DASHES.match(run) else ""


_ALL_DASHES = re.compile(f"[-{_DASHES}]+\\Z")


def _fold_quickly(run: str) -> str | None:
    """The run folded character for character, or None where that cannot be."""
    if _MANY_MARKS.search(run):
        return None
    if _TRANSLATED.search(run):
        run = run.translate(_ONE_TO_ONE)
    if not unicodedata.is_normalized("NFKC", run):
        return None
    case_folded = run.casefold()
    if len(case_folded) == len(run) and unicodedata.is_normalized("NFKC", case_folded):
        return case_folded
    return None


def _fold_slowly(run: str, offset: int) -> Iterator[tuple[str, int, int, bool]]:
    start = 0
    for end in range(1, len(run) + 1):
        if end == len(run) or run[end - 1] == " " or not _joins_what_precedes(run[end]):
            new = _fold_cluster(run[start:end])
            yield new, offset + start, offset + end, end - start == 1 == len(new)
            start = end


@lru_cache(maxsize=4096)
def _joins_what_precedes(character: str) -> bool:
    """Whether normalising may join the character to the one before: marks, and the later parts of a Hangul syllable."""
    first = unicodedata.normalize("NFKC", character)[:1]
    return unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff" or "\ud7b0" <= first <= "\ud7fb"


@lru_cache(maxsize=4096)
def _fold_cluster(cluster: str) -> str:
    head, rest = cluster[:_LONGEST_CLUSTER], cluster[_LONGEST_CLUSTER:]
    head = unicodedata.normalize("NFKC", head.translate(_ONE_TO_ONE)).translate(_ONE_TO_ONE)
    new = unicodedata.normalize("NFKC", head.casefold()).translate(_ONE_TO_ONE)
    if not new or any(map(str.isspace, new)):  # an accent on its own would become a blank with an accent
        return cluster.casefold()
    return new + rest


def digest(text: str) -> str:
    """The SHA-256 of the text in UTF-8, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028]")
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u180b\u180c\u180d\u180e\u2800\u3164\ufeff\uffa0" + "".join(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10)))
)
_BLANK = _INVISIBLE + "".join(chr(code) for code in (*range(0x3001),) if chr(code).isspace())


def clean(text: str, limit: int | None = None, *, composed: bool = True) -> str:
    """Text from outside made safe to keep: NFC, line feeds, no control characters, no lone surrogates, stripped.

    Line feeds, tabs, joiners and direction marks stay. What shows nothing at all becomes ''. ``limit`` cuts, in
    characters. ``composed`` False leaves letters and their marks as they are, where offsets have to stay true.
    """
    text = _NOT_TEXT.sub("", _LINE_ENDS.sub("\n", text.replace("\u2029", "\n\n"))).lstrip("\ufeff")
    if composed and not text.isascii():
        text = unicodedata.normalize("NFC", _MANY_MARKS.sub(lambda run: _fewer_marks(run.group()), text))
    text = text.strip()
    if limit is not None and len(text) > limit:
        text = text[:limit].rstrip()
    return text if text.strip(_BLANK) else ""


def _fewer_marks(run: str) -> str:
    """At most 30 marks on one letter: sorting thousands of them takes time that grows with the square."""
    kept, marks = [], 0
    for character in run:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks < _LONGEST_CLUSTER:
            kept.append(character)
    return "".join(kept)


def one_line(text: str, limit: int | None = None) -> str:
    """``clean`` with every run of white space made one blank."""
    return clean(" ".join(clean(text).split()), limit)
