"""Which article a loose title, an address or a quote means: scored candidates with reasons, never a silent guess."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from corrections.domain import clock, limits
from corrections.domain.clues import Clue, clues_of, quotes_of
from corrections.domain.evidence import Standing, is_long, is_telling, standing, weight
from corrections.domain.occurrences import stands_in
from corrections.domain.sayings import Saying
from corrections.domain.text import folded
from corrections.domain.titles import title_key, title_keys, title_likeness, ways_likeness

__all__ = [
    "Candidate",
    "Certainty",
    "Match",
    "Option",
    "Reason",
    "decide",
    "title_key",
    "title_keys",
    "title_likeness",
]

_RECENT: Final = timedelta(days=14)
_ALIKE = 0.5  # likeness that is worth naming as a reason
_GOOD = 0.72  # likeness that makes an article likely, if no other comes near
_NEAR = 0.12  # within this of the best, another title is a rival
_ALL_BUT = 0.95  # likeness of a whole title but for a slip; half of that is near then
_AHEAD = 0.05  # this far before all others in score
_ODD = 0.8  # evidence of a word that is no common one
_HIGH = 0.88  # likeness that makes it certain together with any quote found in it, if no other title comes near
_SOME = 0.6  # likeness that makes it certain together with a telling quote found in this article only
_SHORTEST = 4  # characters of a quote that say anything at all
_ODD_WORD = 6  # characters of a word that may speak for the only article that has it, where nothing else was said
_HALF = 0.35  # likeness with which an article is likely that is the only one with all these words in its title
_OWN_TITLE = 3  # words of a title that is no common word or name
_BY_AUTHOR, _BY_AUTHOR_ON = 0.6, 0.9  # what an author is worth as likeness, alone and with the words of the title
_COPIED = 0.8  # the same for the end of another site's address


class Reason(StrEnum):
    """Why an article came into question."""

    ADDRESS = "address"
    ALIAS = "alias"
    TITLE = "title"
    EARLIER_TITLE = "earlier_title"
    TITLE_LIKE = "title_like"
    TITLE_PART = "title_part"
    COPIED_ADDRESS = "copied_address"
    AUTHOR = "author"
    QUOTE_FOUND = "quote_found"
    QUOTE_NEARLY = "quote_nearly"
    CORRECTED_FOUND = "corrected_found"
    RECENT = "recent"


class Certainty(StrEnum):
    """Certain: placed. Likely: placed, and marked so. Unknown: an editor picks."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An article that may be meant; ``score`` is 0 to 1."""

    article_id: int
    title: str
    url: str | None
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The outcome: ``article_id`` unless unknown, and the candidates, the best first."""

    certainty: Certainty
    article_id: int | None
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An article to be weighed: ``names`` are all its titles, ``exact`` says by which key it was found, if by one.

    ``clue`` is the number of the clue that named it, ``copied`` whether another site's address ends like its own.
    """

    article_id: int
    title: str
    url: str | None
    names: tuple[str, ...] = ()
    exact: Reason | None = None
    clue: int = 0
    copied: bool = False
    text: str | None = None
    byline: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    option: Option
    likeness: float
    part: bool
    author: bool
    quote: str  # the words that were found in it, or were looked for
    stands: Standing
    corrected_found: bool
    recent: bool
    earlier_title: bool
    contested: bool = False  # the quote stands in an article of another name

    @property
    def quote_found(self) -> bool:
        return self.stands is not Standing.NOWHERE

    @property
    def evidence(self) -> float:
        """How much the quote says, 0 to 1."""
        return max(weight(self.quote, self.stands), 0.5 if self.corrected_found else 0.0)

    @property
    def named(self) -> bool:
        """Whether it was found by its very name, and nothing that was quoted speaks for another article."""
        exact = self.option.exact
        doubted = self.contested and exact is not Reason.ADDRESS and bool(self.option.text)
        return exact is not None and (self.quote_found or self.corrected_found or not doubted)

    @property
    def own(self) -> bool:
        """Whether its title is no common word or name."""
        return len(title_key(self.option.title).split()) >= _OWN_TITLE

    @property
    def worth(self) -> float:
        """The likeness, with what author and address add to it; less for a common word that proved to be no name."""
        if self.option.exact and not self.named and not self.own:
            return _SOME
        by_author = (_BY_AUTHOR_ON if self.part else _BY_AUTHOR) if self.author else 0.0
        return max(self.likeness, by_author, _COPIED if self.option.copied else 0.0)

    @property
    def score(self) -> float:
        if self.named:
            return 1.0
        found = 0.7 * self.worth + 0.26 * self.evidence + 0.02 * self.author + 0.01 * self.recent
        if self.quote_found and is_long(self.quote):
            found = max(found, 0.6 + 0.38 * self.worth)
        return round(min(0.99, found), 4)

    @property
    def rank(self) -> tuple[bool, bool, bool, int, float, float, int]:
        """The best is the greatest: among articles found by name what stands in them decides, else the score."""
        published, named = self.option.published_at, self.named
        when = published.timestamp() if published else 0.0
        return (
            named,
            named and self.quote_found,
            named and self.corrected_found,
            -self.option.clue if named else 0,
            self.score,
            when,
            -self.option.article_id,
        )

    def reasons(self) -> tuple[Reason, ...]:
        option = self.option
        told = {
            Reason.EARLIER_TITLE: option.exact is Reason.TITLE and self.earlier_title,
            option.exact or Reason.TITLE: option.exact is not None
            and not (option.exact is Reason.TITLE and self.earlier_title),
            Reason.TITLE_LIKE: option.exact is None and self.likeness >= _ALIKE,
            Reason.TITLE_PART: option.exact is None and self.part and self.likeness < _ALIKE,
            Reason.COPIED_ADDRESS: option.copied,
            Reason.AUTHOR: self.author,
            Reason.QUOTE_FOUND: self.stands is Standing.WHOLE,
            Reason.QUOTE_NEARLY: self.stands is Standing.NEARLY,
            Reason.CORRECTED_FOUND: self.corrected_found,
            Reason.RECENT: self.recent,
        }
        return tuple(reason for reason, holds in told.items() if holds)

    def candidate(self) -> Candidate:
        option = self.option
        return Candidate(
            article_id=option.article_id, title=option.title, url=option.url, score=self.score, reasons=self.reasons()
        )


def decide(saying: Saying, options: Sequence[Option]) -> Match:
    """Weigh the options that the catalogue has for what was said.

    Certain: the only one found by its address or title, the only one of these with the quote in it, or one with the
    quote in it and a title much like what was given. Likely: a title like it, and no other near. Else unknown.
    """
    if not options:
        return Match(certainty=Certainty.UNKNOWN, article_id=None, candidates=())
    clues = clues_of(saying.articles, saying.author)
    weighed = _contested([_weigh(saying, clues, option) for option in options])
    weighed.sort(key=lambda one: one.rank, reverse=True)
    named = [one for one in weighed if one.option.exact] if weighed[0].named else []
    titled = any(clue.address or (clue.core and not _is_quote(clue, saying)) for clue in clues)
    certainty = _among_named(named) if named else _among_alike(weighed, titled=titled)
    return Match(
        certainty=certainty,
        article_id=None if certainty is Certainty.UNKNOWN else weighed[0].option.article_id,
        candidates=tuple(one.candidate() for one in weighed[: limits.CANDIDATES] if one.score > 0),
    )


def _contested(weighed: list[_Weighed]) -> list[_Weighed]:
    others = [one for one in weighed if one.option.exact is None and one.stands is Standing.WHOLE]
    if any(is_telling(one.quote) or (one.evidence >= _ODD and one.likeness >= _GOOD) for one in others):
        return [replace(one, contested=True) for one in weighed]
    return weighed


def is_settled(saying: Saying, match: Match) -> bool:
    """Whether no other article could change the outcome: it is certain, and by more than a title."""
    if match.certainty is not Certainty.CERTAIN:
        return False
    told = match.candidates[0].reasons
    odd = any(weight(quote, Standing.WHOLE) >= _ODD for quote in quotes_of(saying))
    return not odd or not _BEYOND_DOUBT.isdisjoint(told)


_BEYOND_DOUBT: Final = frozenset({Reason.ADDRESS, Reason.QUOTE_FOUND, Reason.QUOTE_NEARLY, Reason.CORRECTED_FOUND})


def _weigh(saying: Saying, clues: Sequence[Clue], option: Option) -> _Weighed:
    names = list(dict.fromkeys((option.title, *option.names)))
    by_name = [
        max((ways_likeness(clue.ways, title_key(name)) for clue in clues if clue.ways), default=0.0) for name in names
    ]
    published, best = option.published_at, max(by_name)
    quote, stands = _quoted(saying, option.text)
    corrected = saying.first.corrected
    # The corrected text says something only where it is long enough not to stand in many articles anyhow.
    asked = bool(option.text) and stands is not Standing.WHOLE and is_telling(corrected)
    return _Weighed(
        option=option,
        likeness=best,
        part=any(_is_part(clue.words, names) for clue in clues),
        author=bool(option.byline) and any(_wrote(clue.author, option.byline or "") for clue in clues if clue.author),
        quote=quote,
        stands=stands,
        corrected_found=asked and stands_in(corrected, option.text or ""),
        recent=published is not None and timedelta(0) <= clock.now() - published <= _RECENT,
        earlier_title=by_name[0] < best,
    )


def _quoted(saying: Saying, text: str | None) -> tuple[str, Standing]:
    """The quote that stands in the text and says most, and how it stands; the likeliest quote if none does."""
    quotes = quotes_of(saying)
    best = quotes[0] if quotes else "", Standing.NOWHERE
    for quote in quotes if text else ():
        found = quote, standing(quote, text or "")
        if weight(*found) > weight(*best):
            best = found
    return best


def _is_part(words: Sequence[str], names: Sequence[str]) -> bool:
    return bool(words) and any(set(words) <= set(title_key(name).split()) for name in names)


def _is_quote(clue: Clue, saying: Saying) -> bool:
    """Whether what was taken for a title is rather the words to be corrected."""
    said = " ".join(folded(f"{change.original} {change.corrected}") for change in saying.changes)
    shared = set(clue.words) & set(title_key(said).split())
    return len(shared) >= _SOME * len(clue.words)


def _wrote(author: str, byline: str) -> bool:
    return set(author.split()) <= set(re.findall(r"\w+", folded(byline)))


def _among_named(named: Sequence[_Weighed]) -> Certainty:
    """Articles found by an address or a title: one is certain, among several the quote decides."""
    if len(named) == 1:
        return Certainty.CERTAIN
    holding = [one for one in named if one.quote_found]
    if len(holding) == 1:
        all_read = all(one.option.text for one in named)
        return Certainty.CERTAIN if all_read and len(holding[0].quote.strip()) >= _SHORTEST - 1 else Certainty.LIKELY
    fixed = [one for one in named if one.corrected_found]
    if not holding and len(fixed) == 1 and fixed[0] is named[0]:
        return Certainty.LIKELY
    rivals = [one for one in holding or named if one.option.clue == named[0].option.clue]
    return Certainty.LIKELY if len(rivals) == 1 else Certainty.UNKNOWN


def _among_alike(weighed: Sequence[_Weighed], *, titled: bool) -> Certainty:
    """Articles that are like what was said, the best score first."""
    best, others = weighed[0], weighed[1:]
    worth, quoted = best.worth, best.evidence >= _ODD
    gap = worth - max((one.worth for one in others), default=0.0)
    clear = gap >= (_NEAR if worth < _ALL_BUT else _NEAR / 2)
    only_here = best.quote_found and not any(one.evidence >= best.evidence for one in others)
    telling = only_here and is_telling(best.quote)
    certain = (
        telling and worth >= _SOME,
        clear and worth >= _HIGH and best.quote_found and quoted,
        best.option.exact is not None and best.own and not any(o.option.exact or o.quote_found for o in others),
    )
    if any(certain):
        return Certainty.CERTAIN
    ahead = best.score - max((one.score for one in others), default=0.0) >= _AHEAD
    likely = (
        clear and worth >= _GOOD,
        telling and (is_long(best.quote) or worth >= _ALIKE),
        ahead and quoted and (best.part or worth >= _SOME),
        only_here and quoted and best.part,
        only_here and not titled and quoted and (best.author or len(best.quote.strip()) >= _ODD_WORD),
        best.part and best.likeness >= _HALF and not any(one.part for one in others),
    )
    return Certainty.LIKELY if any(likely) else Certainty.UNKNOWN
