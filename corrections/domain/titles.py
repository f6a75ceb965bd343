"""Titles as people give them: one key for all spellings, and how much one title is like another, 0 to 1."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from typing import Final, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from corrections.domain import limits
from corrections.domain.text import folded

_ACCENTS = re.compile("[\u0300-\u036f]")
_DOTTED = re.compile(r"(?<!\w)(?:\w\.){2,}")
_DROPPED = re.compile(r"'|(?<=\d),(?=\d{3})")
_DIVIDING = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w\s.+#%$\u20ac\u00a3\u00a5]|_")
# What sites put between title and name; a plain hyphen is as often part of the title.
_BARS = re.compile(r"\s+(?:\||::|\u00bb|\u2022)\s+")
_DASHES = re.compile(r"\s+(?:\||::|\u00bb|\u2022|[-\u2013\u2014])\s+")
_DIVIDERS = re.compile(rf"{_DASHES.pattern}|:\s+")
_ASKING = re.compile(
    r"^.{0,60}?\b(?:article|piece|column|story|post|report|essay|interview|one|text|item)s? "
    r"(?:about|on|titled|called|entitled|headlined|named) "
)
_SUBJECT = re.compile(
    r"^(?:(?:re|fwd?|aw|wg|tr) )*(?:(?:small |minor |possible |spelling |another )*"
    r"(?:typos?|errors?|mistakes?|misprints?|corrections?|misspellings?|erratum|errata)(?: (?:in|on|to|for))? )?"
    r"(?:(?:in |name of )?(?:the |your )?(?:article|title|headline|story|piece|column) )?"
)

_MEANT: Final = 3  # words that a title needs beside the part taken off
_SURE_BEGINNING: Final = 5  # words that hardly two titles begin with
_SHORT_WORD, _LONG_WORD = 4, 8  # letters
_OTHER_WORD, _OTHER_NUMBER = 0.68, 0.55  # likeness of titles that differ in a word that matters, and in a number
_WITHOUT_SITE = 0.97  # for what may have been the name of a site and was left out
_WHOLE = 0.85  # likeness of whole titles below which letters agree by chance
SMALL_WORDS: Final = frozenset(
    word
    for words in (
        "a an the of in on at to for from with by and or but is are was were be as it its this that these how why what",
        "who when not no you your his her their our we will can has have had after over about into out up new says",
        "der die das ein eine und oder von vom im in am an auf zu zum zur mit fur ist sind nicht wie was warum den dem",
        "le la les un une des du de et en au aux pour par sur avec dans est sont pas que qui el los las y del por con",
        "para es son il lo gli di da che e per non sono o os as um uma do dos da das em no na ao het een van voor met",
    )
    for word in words.split()
)


@lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """What the spellings of one title share: letters, digits and few signs, one blank between words.

    Accents, quotation marks, dots of abbreviations and punctuation are off. A title without letters or digits gives its
    folded form, so that only a blank title has the key ''.
    """
    plain = folded(title[: limits.ARTICLE_AS_GIVEN]).replace("\n", " ")
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", plain)))
    words = _DROPPED.sub("", _DOTTED.sub(lambda dotted: dotted.group().replace(".", ""), plain))
    key = " ".join(_DIVIDING.sub(" ", words).split())
    return key if any(map(str.isalnum, key)) else plain or title.strip()


def title_keys(title: str, site_names: Sequence[str] = ()) -> list[str]:
    """The key of a title, then the keys it has without the name of the site, in the order to look them up.

    Names given are taken off at either end. Unknown ones only behind a bar, from a title that keeps three words.
    """
    keys = [title_key(title)]
    sites = {title_key(name) for name in site_names} - {""}
    for divider in _DIVIDERS.finditer(title):
        head, tail = title[: divider.start()], title[divider.end() :]
        if title_key(tail) in sites:
            keys.append(title_key(head))
        if title_key(head) in sites:
            keys.append(title_key(tail))
    bars = list(_BARS.finditer(title))
    if bars:
        longest = max((title[: bars[-1].start()], title[bars[0].end() :]), key=len)
        key = title_key(longest)
        if len(key.split()) >= _MEANT and len(key) > len(keys[0]) / 2:
            keys.append(key)
    return list(dict.fromkeys(key for key in keys if key))


class Way(NamedTuple):
    """One way to read what was given as a title; ``only_whole`` ones count for a title that is exactly this."""

    key: str
    weight: float
    only_whole: bool = False

    @property
    def sure(self) -> bool:
        """Whether nothing was taken off that could have been part of the title."""
        return self.weight == 1.0


@lru_cache(maxsize=1024)
def title_ways(given: str) -> tuple[Way, ...]:
    """How to read ``given`` as a title: as it is, then without what people write before it and sites behind it."""
    said = title_key(given)
    ways = {said: Way(said, 1.0)}
    rest = _ASKING.sub("", said, count=1)
    rest = rest if rest != said else _SUBJECT.sub("", said, count=1)
    ways.setdefault(rest, Way(rest, 1.0))
    for divider in _DIVIDERS.finditer(given):
        for side in map(title_key, (given[: divider.start()], given[divider.end() :])):
            # The name of a site is the shorter side; what is left of a title else is only its topic.
            site = 2 * len(side) > len(said) and ":" not in divider.group().replace("::", "")
            ways.setdefault(side, Way(side, _WITHOUT_SITE, only_whole=not site))
    return tuple(way for way in ways.values() if way.key)


def title_likeness(given: str, title: str) -> float:
    """How likely ``given`` was written for ``title``: 1 for the same key, 0 for nothing in common.

    Misspelling, another order of words and a part of the title cost little; sharing a common word or two counts little;
    another number or another word in its place speaks against it.
    """
    return ways_likeness(title_ways(given), title_key(title))


def ways_likeness(ways: Sequence[Way], real: str) -> float:
    """``title_likeness`` for ways to read a title and the key of another."""
    if not real:
        return 0.0
    return max(
        (
            way.weight * (float(way.key == real) if way.only_whole else _likeness(way.key, real))
            for way in ways
            if way.key
        ),
        default=0.0,
    )


@lru_cache(maxsize=8192)
def _likeness(said: str, real: str) -> float:
    if said == real:
        return 1.0
    words, title = list(dict.fromkeys(said.split())), list(dict.fromkeys(real.split()))
    pairs = [(word, found) for word in words if (found := _found(word, title)) is not None]
    whole = max(fuzz.ratio(said, real), 0.97 * fuzz.token_sort_ratio(said, real)) / 100
    if whole < _WHOLE:
        whole = max(0.0, (whole - 0.5) / (_WHOLE - 0.5)) * 0.6
    mine, theirs = _unmatched(words, [word for word, _ in pairs]), _unmatched(title, [found for _, found in pairs])
    if whole >= _WHOLE and (mine or theirs):
        whole = _OTHER_WORD
    best = max(whole, _beginning(said, real), _common(words, title, pairs))
    # The next of a series is another article.
    return min(_OTHER_NUMBER if any(map(_has_digit, mine)) and any(map(_has_digit, theirs)) else 0.99, best)


def _unmatched(words: Sequence[str], matched: Sequence[str]) -> list[str]:
    """The words that matter and have no counterpart."""
    return [word for word in words if word not in SMALL_WORDS and word not in matched]


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _beginning(said: str, real: str) -> float:
    """A title that was cut short."""
    words = len(said.split())
    if not real.startswith(said) or words < _MEANT:
        return 0.0
    least, more = (0.85, 0.14) if words >= _SURE_BEGINNING else (0.74, 0.1)
    return least + more * len(said) / len(real)


def _common(said: Sequence[str], real: Sequence[str], pairs: Sequence[tuple[str, str]]) -> float:
    """The share of the words given that the title has, and of the title that was given, by weight."""
    telling = {found for _, found in pairs if found not in SMALL_WORDS}
    if not telling:
        return 0.0
    covered = sum(_weight(word) for word, _ in pairs) / sum(map(_weight, said))
    of_title = sum(map(_weight, {found for _, found in pairs})) / sum(map(_weight, real))
    score: float = covered**1.5 * (0.55 + 0.4 * sqrt(of_title))
    return min(score, {1: 0.5, 2: 0.75}.get(len(telling), 1.0)) if of_title < 1 else score


def _found(word: str, words: Sequence[str]) -> str | None:
    """The word of the title that is meant: the same, or with a slip of the pen in it."""
    if word in words:
        return word
    if _has_digit(word):
        return None
    return next((other for other in words if _is_slip(word, other)), None)


@lru_cache(maxsize=8192)
def _is_slip(word: str, other: str) -> bool:
    shorter, longer = sorted((len(word), len(other)))
    distance = OSA.distance(word, other, score_cutoff=2)
    if distance > 1:
        return distance == 2 and shorter >= _LONG_WORD  # noqa: PLR2004 - two slips
    # In a short word another letter makes another word (Iran, Iraq); one left out, doubled or swapped is a slip.
    return shorter > _SHORT_WORD or (shorter == _SHORT_WORD and shorter < longer) or sorted(word) == sorted(other)


def _weight(word: str) -> float:
    if word in SMALL_WORDS:
        return 0.15
    return 0.5 + min(len(word), 8) / 16
