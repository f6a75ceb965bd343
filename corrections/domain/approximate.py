"""Where words stand that a reader did not quote letter by letter; all texts here are folded ones.

Distances count insertions, deletions, replacements and swapped neighbours (optimal string alignment, Boytsov 2011).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from corrections.domain.occurrences import Span, as_words, bare, cuts_word, has_word

_SHARE: Final = 0.15  # of the letters of a quote may be other ones
_LEAD: Final = 2  # edits that the next best place must be further away
_SEEDS, _SEED, _EACH = 8, 4, 40  # words of a quote by which places are found, their letters, and the places of each
_SHORTEST, _LONGEST = 6, 2_000  # characters of a quote of several words that may differ at all
_WORDS: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BETWEEN: Final = r"[^\w\n]{1,6}"
_HANGING: Final = r"[^\w\n-]{1,6}(?:\w{1,20}-){0,2}"  # no hyphen in the first part: one way to read it, not many
_FEWEST, _MOST = 3, 200  # words of a quote that may stand between other signs
_STEPS: Final = 200_000  # words that are compared in a text in which the first one stands too often
_ODD: Final = 2  # runs of letters that no other word has
_ENDINGS: Final = frozenset({"s", "es", "'s", "d", "ed", "n", "r", "er", "ly", "y"})
_ELLIPSIS: Final = re.compile(r"[\[(]?(?:\.\.\.+|\. \. \.|…)[\])]?")


@dataclass(frozen=True, slots=True, order=True)
class Near:
    """A place that reads nearly like a quote: so many edits away."""

    distance: int
    span: Span


def bound(quote: str) -> int:
    """How many edits a quote may be away from what stands in the text."""
    return max(1, int(len(quote) * _SHARE))


def nearest(quote: str, hay: str) -> list[Near]:
    """The places in one paragraph each that read nearly like the quote, the nearest first, none twice."""
    if not _SHORTEST <= len(quote) <= _LONGEST or " " not in quote:
        return []
    most = bound(quote)
    found: dict[Span, int] = {}
    for at in _starts(quote, hay, most):
        near = _aligned(quote, hay, at, most)
        if near is not None:
            found[near.span] = near.distance
    ranked = sorted(Near(distance, span) for span, distance in found.items())
    kept: list[Near] = []
    for near in ranked:
        if all(near.span[1] <= other.span[0] or other.span[1] <= near.span[0] for other in kept):
            kept.append(near)
    return kept


def clear_best(found: list[Near]) -> Near | None:
    """The nearest place, if no other comes near it."""
    if not found or (len(found) > 1 and found[1].distance - found[0].distance < _LEAD):
        return None
    return found[0]


def _starts(quote: str, hay: str, most: int) -> list[int]:
    """Where the quote may begin, told by its longest words."""
    seeds = sorted(_WORDS.finditer(quote), key=lambda word: (-len(word.group()), word.start()))[:_SEEDS]
    guesses: list[int] = []
    for word in seeds:
        if len(word.group()) < _SEED and guesses:
            break
        found = as_words(word.group(), hay, _EACH + 1)
        if len(found) <= _EACH:
            guesses.extend(start - word.start() for start, _ in found)
    guesses.sort()
    kept: list[int] = []
    for guess in guesses:
        if not kept or guess - kept[-1] > most:
            kept.append(guess)
    return kept


def _aligned(quote: str, hay: str, guess: int, most: int) -> Near | None:
    """The words around a guess that are most like the quote."""
    middle = min(max(guess + len(quote) // 2, 0), len(hay))
    first = max(hay.rfind("\n", 0, middle) + 1, guess - 2 * most - 1, 0)
    end = hay.find("\n", middle)
    last = min(len(hay) if end < 0 else end, guess + len(quote) + 3 * most + 1)
    if last - first < len(quote) - most:
        return None
    window = hay[first:last]
    shape = fuzz.partial_ratio_alignment(quote, window)
    if shape is None:
        return None
    start, stop = first + shape.dest_start, first + shape.dest_end
    begins = _word_edges(hay, start) | _word_edges(hay, guess)
    stops = _word_edges(hay, stop) | _word_edges(hay, guess + len(quote))
    spans = ((a, b) for a in begins for b in stops if first <= a < b <= last)
    best = min(
        (Near(OSA.distance(quote, hay[a:b], score_cutoff=most), (a, b)) for a, b in spans if hay[a:b].strip()),
        default=None,
    )
    if best is None or best.distance > most:
        return None
    start, stop = best.span
    lead = len(hay[start:stop]) - len(hay[start:stop].lstrip())
    return Near(best.distance, (start + lead, start + len(hay[start:stop].rstrip())))


def _word_edges(hay: str, at: int) -> set[int]:
    """The ends of words round an offset, two on each side."""
    found: set[int] = set()
    for step in (-1, 1):
        here = at
        for _ in range(2):
            while 0 < here < len(hay) and cuts_word(hay, here):
                here += step
            found.add(here)
            here += step
            if not 0 <= here <= len(hay):
                break
    return found


def near_words(word: str, hay: str, most: int) -> list[tuple[int, str]]:
    """(distance, word) of the different words of the text that are at most so many edits away, the nearest first."""
    choices = set(_WORDS.findall(hay))
    found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=8)
    return sorted((int(distance), other) for other, distance, _ in found)


def is_odder(word: str, other: str, text: str) -> bool:
    """Whether letters follow on each other in the word as in no other word of the text; not so in the other."""
    known = {run for each in set(_WORDS.findall(text.casefold())) - {word, other} for run in _runs(each)}
    return len(_runs(word) - known) >= _ODD and _runs(other) <= known


def _runs(word: str) -> set[str]:
    """Three letters each, the ends of the word being letters too."""
    edged = f" {word} "
    return {edged[at : at + 3] for at in range(max(1, len(edged) - 2))}


def is_form_of(word: str, other: str) -> bool:
    """Whether one of the two is the other with an ending, and so as right as it."""
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS


def parts(quote: str) -> list[str]:
    """The parts of a quote that was cut with '...'; one part if it was not."""
    found = [part.strip() for part in _ELLIPSIS.split(quote)]
    return [part for part in found if has_word(part)]


def is_cut(quote: str) -> bool:
    """Whether something was left out of the quote."""
    return _ELLIPSIS.search(quote) is not None


def in_words(quote: str, hay: str) -> list[Span]:
    """The places of the same words in the same order, whatever signs stand between them.

    If there are none, those where a word has others before it that hang on it by hyphens.
    """
    words = _WORDS.findall(quote)
    if len(words) < _FEWEST or len(words) > _MOST or hay.count(words[0]) * len(words) > _STEPS:
        return []
    ways = (rf"(?<!\w){between.join(map(re.escape, words))}(?!\w)" for between in (_BETWEEN, _HANGING))
    return next((found for way in ways if (found := [match.span() for match in re.finditer(way, hay)])), [])


def is_same(piece: str, words: str) -> bool:
    """Whether two wordings have the same words."""
    return _WORDS.findall(piece) == _WORDS.findall(words)


def chains(pieces: Iterable[str], hay: str) -> Iterator[list[Span]]:
    """The places where the pieces follow on each other in one paragraph; they may overlap."""
    first, *others = [as_words(bare(piece), hay, _EACH) or in_words(piece, hay) for piece in pieces]
    for span in first:
        end = hay.find("\n", span[0])
        end = len(hay) if end < 0 else end
        chain = [span]
        for places in others:
            following = next((place for place in places if place[0] >= chain[-1][0] and place[1] <= end), None)
            if following is None:
                break
            chain.append(following)
        if len(chain) == len(others) + 1:
            yield chain
