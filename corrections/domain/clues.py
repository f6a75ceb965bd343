"""What a saying tells about the article, brought into the forms that are looked up: keys, words, authors, quotes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from corrections.domain import limits
from corrections.domain.occurrences import longest_word
from corrections.domain.sayings import Saying
from corrections.domain.text import clean, folded
from corrections.domain.titles import SMALL_WORDS, Way, title_key, title_ways
from corrections.domain.urls import last_segment, looks_like_url, url_key

CLUES: Final = 8  # of one saying; the likeliest come first
QUOTES: Final = 4
_WORDS: Final = 8  # that are looked for together
_LONGEST: Final = 300  # characters of a title that are read; the lead of an article may stand in its place
_CUT_OFF: Final = 0.97  # for the beginning of a longer one
_LEAST_LETTERS: Final = 3

_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_KINDS = "article|piece|column|story|post|essay|report|interview|review|blog|op-ed|editorial|commentary"
_OWNED = re.compile(
    rf"^(?:in |re:? )?(?P<who>[^\W\d_][^\"]{{2,80}}?)['’]s?\s+(?:\w+\s+)?(?:{_KINDS})\b"
    r"(?:\s+(?:about|on|titled|called)\s+(?P<topic>.+))?\s*$",
    re.IGNORECASE,
)
_WRITTEN_BY = re.compile(
    rf"^(?:in |re:? )?(?:(?:the|your)\s+)?(?:\w+\s+)?(?:{_KINDS})?\s*\bby\s+(?P<who>[^\W\d_].{{2,80}}?)"
    r"(?:\s+(?:about|on|titled|called)\s+(?P<topic>.+))?\s*$",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[^\s-]+")
_CUT_SHORT = re.compile(r"(?:\.\.|\u2026)\s*\]?[\"'\u201d\u2019]?\s*\Z")
_ROUND = "\"'.,;:!?()[]{}<>*_\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e\u2026|~`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One thing that was said of the article.

    ``ways`` are how to read it as a title, ``core`` is the key of that when all that may not belong to it is off.
    ``address`` and ``segment`` (the end of its path) are '' unless it is an address, ``author`` unless one is named.
    """

    written: str
    ways: tuple[Way, ...] = ()
    address: str = ""
    segment: str = ""
    author: str = ""
    core: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The telling words of the core, the longest first."""
        return telling_words(self.core) if self.core else ()


@lru_cache(maxsize=512)
def clues_of(articles: tuple[str, ...], author: str = "") -> tuple[Clue, ...]:
    """The clues in titles and addresses as written; one for the author alone, when nothing else was said."""
    found = [clue for written in articles[:CLUES] for clue in _read(clean(written, limits.ARTICLE_AS_GIVEN))]
    author = clean(author, limits.BYLINE)
    if author and not any(clue.author for clue in found):
        found.append(Clue(written=author, author=_name(author)))
    return tuple(dict.fromkeys(found))[: 2 * CLUES]


def _read(written: str) -> Iterator[Clue]:
    if looks_like_url(written):
        yield Clue(written=written, address=url_key(written), segment=last_segment(written))
        return
    for address in _ADDRESS.findall(written):
        plain = address.strip("<>.,;:!?)]'\"")
        if looks_like_url(plain):
            yield Clue(written=plain, address=url_key(plain), segment=last_segment(plain))
    rest = _ADDRESS.sub("", written)
    for line in (rest, *rest.splitlines()[:4]) if "\n" in rest.strip() else (rest,):
        if line.strip():
            yield _titled(line.strip())


def _titled(written: str) -> Clue:
    for pattern in (_OWNED, _WRITTEN_BY):
        if (said := pattern.match(written)) and len(said["who"].split()) <= 6:  # noqa: PLR2004 - no name has more words
            topic = title_key(said["topic"]) if said["topic"] else ""
            read = dict.fromkeys(key for key in (title_key(written), topic) if key)
            ways = tuple(Way(key, 1.0) for key in read)
            return Clue(written=written, ways=ways, author=_name(said["who"]), core=topic)
    ways = title_ways(written[:_LONGEST])
    if len(written) > _LONGEST:
        ways = (Way(title_key(written), 1.0, only_whole=True), *(way._replace(weight=_CUT_OFF) for way in ways))
    if _CUT_SHORT.search(written):
        ways = tuple(way._replace(weight=min(way.weight, _CUT_OFF)) for way in ways)
    core = next((way.key for way in reversed(ways) if not way.only_whole), "")
    return Clue(written=written, ways=ways, core=core)


def _name(author: str) -> str:
    return " ".join(re.findall(r"\w+", re.sub(r"^by ", "", folded(author[: limits.BYLINE]))))


@lru_cache(maxsize=1024)
def telling_words(key: str) -> tuple[str, ...]:
    """The words of a title's key that tell it from others, the longest first; all if there are only small ones."""
    words = list(dict.fromkeys(key.split()))
    telling = [word for word in words if word not in SMALL_WORDS] or words
    return tuple(sorted(telling, key=len, reverse=True)[:_WORDS])


def quotes_of(saying: Saying) -> tuple[str, ...]:
    """What may stand in the article, the likeliest first."""
    said: list[str] = []
    for change in saying.changes[:QUOTES]:
        said.append(change.original)
        if change.either_way:
            said.append(change.corrected)
    return tuple(dict.fromkeys(clean(quote, limits.QUOTE) for quote in said if longest_word(quote)))[:QUOTES]


@lru_cache(maxsize=512)
def quote_words(quote: str) -> tuple[str, ...]:
    """The words to look a quote up by, the longest (hence rarest) first: at most 8, such as any index divides alike."""
    pieces = [piece.strip(_ROUND) for piece in _PIECE.findall(folded(quote[: limits.QUOTE]))]
    words = [word for word in dict.fromkeys(pieces) if word.isalpha() and len(word) >= _LEAST_LETTERS]
    telling = [word for word in words if word not in SMALL_WORDS]
    found = telling or words or [piece for piece in dict.fromkeys(pieces) if piece.isdecimal() and len(piece) > 1]
    return tuple(sorted(found, key=len, reverse=True)[:_WORDS])


def all_but_one(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The ways to leave one of the words out: there may be a slip of the pen in it."""
    return [(*words[:i], *words[i + 1 :]) for i in range(len(words))] if len(words) > 1 else []


def pairs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Any two of the words."""
    return [(one, other) for i, one in enumerate(words) for other in words[i + 1 :]]


def halves(word: str) -> list[str]:
    """Both halves of a word, where they have letters enough to look for: a slip of the pen is in one of them."""
    middle = len(word) // 2
    return [half for half in (word[:middle], word[middle:]) if len(half) >= _LEAST_LETTERS]


def literally(quote: str) -> str:
    """The longest part of a quote that is written in one way only: without quotation marks, dashes and line ends."""
    return max(_WRITTEN_OTHERWISE.split(quote), key=len).strip(" .,;:!?")


_WRITTEN_OTHERWISE = re.compile(r"[^\w .,;:!?()%$&/]|\.{2,}|  +")
