"""A correction that is only a few of the words: for which words of the quote it stands."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from corrections.domain.confusables import are_mixed_up
from corrections.domain.difference import WORD

_ALIKE: Final = 55.0  # per cent of likeness for a correction to stand for some words of the quote
_MUCH_ALIKE: Final = 80.0  # and so that words in other capitals are out of the question
_WHOLLY_ALIKE: Final = 60.0  # the same for the whole of the quote
_CLEARLY: Final = 8.0  # per cent of likeness that it needs before any other words of the quote
_HARDLY_ALIKE, _BY_FAR = 45.0, 20.0  # less likeness is enough where no other words come near
_MIXED_UP: Final = 20.0  # per cent added for words that are often taken for each other
_SAME_LETTERS: Final = 12.0  # added for the same letters in another order
_KNOWN: Final = 12.0  # taken off for a word that the article has elsewhere too
_INFLECTED: Final = 12.0  # and taken off for another form of the word, which is right in itself
_FRAGMENT: Final = 40  # words of a correction beyond which it stands for all that was quoted
_PAIR: Final = 2  # words between which one may be missing
_SAME, _ALMOST = 100.0, 99.0
_NUMBERS: Final = (_ALMOST, 80.0, 60.0)  # per cent of likeness of numbers with none, one, two other digits
_GENITIVE: Final = re.compile("['\u2019]s\\Z")
_ENDINGS: Final = frozenset({"s", "es", "'s", "\u2019s", "d", "ed", "n", "en", "r", "er", "ing", "ly"})


Known = Callable[[str], bool]


def _never(_: str) -> bool:
    return False


def as_corrected(original: str, corrected: str) -> str:
    """The whole quote as it should read, where the correction may be only the words that are wrong in it.

    Punctuation at the edges of the quote stays if the correction has none there. Gives ``corrected`` back where it
    stands for the whole quote, and where it is not sure which words it stands for.
    """
    return whole_wording(original, corrected) or corrected


def whole_wording(original: str, corrected: str, known: Known = _never) -> str | None:
    """What ``as_corrected`` gives, or None where it is not sure which of the words the correction stands for.

    ``known`` says of a word whether the article has it elsewhere too: then it is hardly a misspelling.
    """
    lone, words = corrected.strip(), list(WORD.finditer(original))
    if not words or not lone or original[words[0].start() : words[-1].end()] == lone:
        return corrected
    head = original[: words[0].start()] if WORD.match(lone) else ""
    tail = original[words[-1].end() :] if WORD.match(lone[-1]) else ""
    core = original[len(head) : len(original) - len(tail)]
    new = _with_fragment(core, lone, known)
    return None if new is None else head + new + tail


def _with_fragment(original: str, lone: str, known: Known) -> str | None:
    """The quote with the correction in the place of the words it is most like; None if that is not sure."""
    old, new = list(WORD.finditer(original)), WORD.findall(lone)
    said = [word.casefold() for word in new]
    if len(new) > _FRAGMENT:
        return lone if _ratio(original, lone) >= _WHOLLY_ALIKE else None
    if (around := _with_one_missing(old, said)) is not None:
        return _put(original, *around, lone)
    edges = [old[0].group().casefold(), old[-1].group().casefold()]
    if len(old) <= len(new) or not new or (len(new) > 1 and [said[0], said[-1]] == edges):
        return lone
    if (doubled := _doubled(old, said)) is not None:
        return original[: doubled[0]] + original[doubled[1] :]
    return _with_likest(original, old, lone, known)


def _ratio(original: str, lone: str) -> float:
    return fuzz.ratio(original.casefold(), lone.casefold())


def _with_likest(original: str, old: Sequence[re.Match[str]], lone: str, known: Known) -> str | None:
    scored, new = sorted(_alike(original, old, lone, known), reverse=True), WORD.findall(lone)
    whole = _ratio(original, lone)
    if not scored or scored[0][0] <= whole:
        return lone if whole >= _WHOLLY_ALIKE or len(old) == len(new) + 1 else None
    chosen = _chosen(original, scored, lone)
    if chosen is None or _outgrows(original, chosen, new):
        return None
    return _put(original, *chosen, lone)


def _chosen(original: str, scored: Sequence[tuple[float, int, int]], lone: str) -> tuple[int, int] | None:
    """The words most like the correction, if they are clearly more like it than any others."""
    score, start, end = scored[0]
    others = [one for one in scored if one[1] >= end or one[2] <= start]
    # "there" for a "their" is as likely as "there" for a "three".
    mixed_up = any(are_mixed_up(original[a:b], lone) for _, a, b in others)
    if mixed_up and not are_mixed_up(original[start:end], lone):
        return None
    lead = score - max((other for other, _, _ in others), default=0.0)
    return (start, end) if lead >= (_CLEARLY if score >= _ALIKE else _BY_FAR) else None


def _put(original: str, start: int, end: int, lone: str) -> str:
    """The quote with the correction there; signs at its edges that the quote has as well are not doubled."""
    words = list(WORD.finditer(lone))
    before, after = lone[: words[0].start()], lone[words[-1].end() :]
    start -= len(before) if before and original.endswith(before, 0, start) else 0
    end += len(after) if after and original.startswith(after, end) else 0
    return original[:start] + lone + original[end:]


def _outgrows(original: str, run: tuple[int, int], new: Sequence[str]) -> bool:
    """Whether the correction would add words before the first or behind the last word of a short quote.

    It may then just as well stand for the whole of it: "wrote the cousin", corrected to "Tully wrote".
    """
    old = WORD.findall(original.casefold())
    if len(WORD.findall(original[slice(*run)])) >= len(new) or len(old) >= 2 * len(new):
        return False
    before = not WORD.search(original[: run[0]]) and new[0].casefold() != old[0]
    behind = not WORD.search(original[run[1] :]) and new[-1].casefold() != old[-1]
    return before or behind


def _alike(original: str, words: Sequence[re.Match[str]], lone: str, known: Known) -> list[tuple[float, int, int]]:
    """(likeness, start, end) of the runs of words that the correction may stand for."""
    found = [(likeness(original[start:end], lone), start, end) for start, end in _runs(words, lone)]
    found = [one for one in found if one[0] >= _HARDLY_ALIKE]
    if len(found) > 1:
        found = [(score - _KNOWN * _is_known(original[a:b], lone, known), a, b) for score, a, b in found]
    other = [one for one in found if original[one[1] : one[2]].casefold() != lone.casefold()]
    # What reads like the correction already is not what is wrong, unless it is about a capital.
    recased = [one for one in found if one[0] == _SAME and original[one[1] : one[2]] != lone]
    if any(one[0] >= _MUCH_ALIKE and original[one[1]].isupper() == lone[0].isupper() for one in other):
        return other
    return recased if recased and (lone != lone.lower() or not other) else other


def _runs(words: Sequence[re.Match[str]], lone: str) -> Iterator[tuple[int, int]]:
    """As many words as the correction has, one more or one less; a genitive with its ending and without."""
    size = len(WORD.findall(lone))
    for length in {max(1, size - 1), size, size + 1}:
        for first in range(len(words) - length + 1):
            run = words[first : first + length]
            if length > 1 and any(word.group() == lone for word in run):
                continue
            yield run[0].start(), run[-1].end()
            if (stem := _stem_end(run[-1])) < run[-1].end() and not _GENITIVE.search(lone):
                yield run[0].start(), stem


def _is_known(run: str, lone: str, known: Known) -> bool:
    if run.casefold() == lone.casefold() or are_mixed_up(run, lone):
        return False
    return any(known(word) for word in WORD.findall(run))


def _stem_end(word: re.Match[str]) -> int:
    genitive = _GENITIVE.search(word.group())
    return word.end() - len(genitive.group()) if genitive else word.end()


def likeness(run: str, lone: str) -> float:
    """Per cent of likeness of some words with the ones that may correct them."""
    was, now = run.casefold(), lone.casefold()
    if was == now:
        return _SAME
    if any(map(str.isdecimal, now)) and " " not in now:
        return _likeness_of_numbers(was, now)
    if " " in now:
        return fuzz.ratio(was, now)
    score = _SAME * OSA.normalized_similarity(was, now)
    if are_mixed_up(was, now):
        return min(_ALMOST, max(score, _ALIKE) + _MIXED_UP)
    if sorted(was) == sorted(now):
        return min(_ALMOST, score + _SAME_LETTERS)
    longer, shorter = (was, now) if len(was) > len(now) else (now, was)
    return score - _INFLECTED if longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS else score


def _likeness_of_numbers(was: str, now: str) -> float:
    """Numbers are alike if they have the same digits, or all but one."""
    if not was.replace(",", "").replace(".", "").isdecimal():
        return _SAME * OSA.normalized_similarity(was, now) if any(map(str.isdecimal, was)) else 0.0
    digits, others = ("".join(filter(str.isdecimal, number)) for number in (was, now))
    distance = OSA.distance(digits, others)
    score = _NUMBERS[distance] if distance < len(_NUMBERS) else 0.0
    return score - _KNOWN * (len(digits) != len(others))


def _with_one_missing(words: Sequence[re.Match[str]], said: Sequence[str]) -> tuple[int, int] | None:
    """Where all the words stand but one between the first and the last: the one such place."""
    size = len(said) - 1
    if size < _PAIR:
        return None
    ways = [[*said[:at], *said[at + 1 :]] for at in range(1, size)]
    found: list[tuple[int, int]] = []
    for at in range(len(words) - size + 1):
        run = words[at : at + size]
        keys = [word.group().casefold() for word in run]
        if keys in ways:
            found.append((run[0].start(), run[-1].end()))
        elif [*keys[:-1], _GENITIVE.sub("", keys[-1])] in ways:
            found.append((run[0].start(), _stem_end(run[-1])))
    return found[0] if len(found) == 1 else None


def _doubled(words: Sequence[re.Match[str]], said: Sequence[str]) -> tuple[int, int] | None:
    """Where words that should stand once stand twice in a row: the span to take out."""
    size = len(said)
    for at in range(len(words) - 2 * size + 1):
        found = [word.group().casefold() for word in words[at : at + 2 * size]]
        if found == [*said, *said]:
            return words[at + size - 1].end(), words[at + 2 * size - 1].end()
    return None
