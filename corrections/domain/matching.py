"""Which article a loose title, an address or a quote means: scored candidates with reasons, never a silent guess."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from corrections.domain import clock, limits
from corrections.domain.occurrences import stands_in
from corrections.domain.sayings import Saying
from corrections.domain.titles import title_key, title_keys, title_likeness

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
_HIGH = 0.88  # likeness that makes it certain together with any quote found in it, if no other title comes near
_SOME = 0.6  # likeness that makes it certain together with a telling quote found in this article only
_TELLING_WORDS, _TELLING_LENGTH = 3, 15  # a quote of so many words and characters stands in no second article by chance
_LONG_QUOTE = 30  # characters of a quote that may speak for an article alone, where no title was given
_SHORTEST = 4  # characters of a quote that say anything at all


class Reason(StrEnum):
    """Why an article came into question."""

    ADDRESS = "address"
    ALIAS = "alias"
    TITLE = "title"
    EARLIER_TITLE = "earlier_title"
    TITLE_LIKE = "title_like"
    QUOTE_FOUND = "quote_found"
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
    """An article to be weighed: ``names`` are all its titles, ``exact`` says by which key it was found, if by one."""

    article_id: int
    title: str
    url: str | None
    names: tuple[str, ...] = ()
    exact: Reason | None = None
    text: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    option: Option
    likeness: float
    quote_found: bool
    corrected_found: bool
    recent: bool
    earlier_title: bool

    @property
    def score(self) -> float:
        evidence = 1.0 if self.quote_found else 0.5 if self.corrected_found else 0.0
        found = 1.0 if self.option.exact else min(0.99, 0.72 * self.likeness + 0.26 * evidence + 0.01 * self.recent)
        return round(found, 4)

    @property
    def rank(self) -> tuple[bool, bool, bool, float, float, int]:
        """The best is the greatest: among articles found by name what stands in them decides, else the score."""
        named, published = self.option.exact is not None, self.option.published_at
        when = published.timestamp() if published else 0.0
        return (
            named,
            named and self.quote_found,
            named and self.corrected_found,
            self.score,
            when,
            -self.option.article_id,
        )

    def candidate(self) -> Candidate:
        reasons: list[Reason] = []
        if self.option.exact is Reason.TITLE and self.earlier_title:
            reasons.append(Reason.EARLIER_TITLE)
        elif self.option.exact is not None:
            reasons.append(self.option.exact)
        elif self.likeness >= _ALIKE:
            reasons.append(Reason.TITLE_LIKE)
        told = {
            Reason.QUOTE_FOUND: self.quote_found,
            Reason.CORRECTED_FOUND: self.corrected_found,
            Reason.RECENT: self.recent,
        }
        reasons += [reason for reason, holds in told.items() if holds]
        option = self.option
        return Candidate(
            article_id=option.article_id, title=option.title, url=option.url, score=self.score, reasons=tuple(reasons)
        )


def decide(saying: Saying, options: Sequence[Option]) -> Match:
    """Weigh the options that the catalogue has for what was said.

    Certain: the only one found by its address or title, the only one of these with the quote in it, or one with the
    quote in it and a title much like what was given. Likely: a title like it, and no other near. Else unknown.
    """
    if not options:
        return Match(certainty=Certainty.UNKNOWN, article_id=None, candidates=())
    given = saying.articles[0] if saying.articles else ""
    quote, corrected = saying.first.original, saying.first.corrected
    weighed = sorted(
        (_weigh(given, quote, corrected, option) for option in options), key=lambda w: w.rank, reverse=True
    )
    named = [one for one in weighed if one.option.exact is not None]
    certainty = _among_named(named, quote) if named else _among_alike(weighed, given, quote)
    return Match(
        certainty=certainty,
        article_id=None if certainty is Certainty.UNKNOWN else weighed[0].option.article_id,
        candidates=tuple(one.candidate() for one in weighed[: limits.CANDIDATES] if one.score > 0),
    )


def _weigh(given: str, quote: str, corrected: str, option: Option) -> _Weighed:
    names = dict.fromkeys((option.title, *option.names))
    by_name = {name: title_likeness(given, name) for name in names}
    best = max(by_name.values())
    published = option.published_at
    found = bool(option.text and quote) and stands_in(quote, option.text or "")
    # The corrected text says something only where it is long enough not to stand in many articles anyhow.
    asked = bool(option.text) and not found and _is_telling(corrected)
    return _Weighed(
        option=option,
        likeness=best,
        quote_found=found,
        corrected_found=asked and stands_in(corrected, option.text or ""),
        recent=published is not None and timedelta(0) <= clock.now() - published <= _RECENT,
        earlier_title=by_name[option.title] < best,
    )


def _is_telling(words: str) -> bool:
    return len(words.split()) >= _TELLING_WORDS and len(words) >= _TELLING_LENGTH


def _among_named(named: Sequence[_Weighed], quote: str) -> Certainty:
    """Articles found by an address or a title: one is certain, among several the quote decides."""
    if len(named) == 1:
        return Certainty.CERTAIN
    holding = [one for one in named if one.quote_found]
    if len(holding) == 1:
        all_read = all(one.option.text for one in named)
        return Certainty.CERTAIN if all_read and len(quote.strip()) >= _TELLING_WORDS else Certainty.LIKELY
    fixed = [one for one in named if one.corrected_found]
    if not holding and len(fixed) == 1 and fixed[0] is named[0]:
        return Certainty.LIKELY
    return Certainty.UNKNOWN


def _among_alike(weighed: Sequence[_Weighed], given: str, quote: str) -> Certainty:
    """Articles whose titles are like what was given, the best score first."""
    best, others = weighed[0], weighed[1:]
    clear = best.likeness - max((one.likeness for one in others), default=0.0) >= _NEAR
    only_here = best.quote_found and not any(one.quote_found for one in others)
    telling = _is_telling(quote)
    if only_here and telling and best.likeness >= _SOME:
        return Certainty.CERTAIN
    if clear and best.likeness >= _HIGH and best.quote_found and len(quote.strip()) >= _SHORTEST:
        return Certainty.CERTAIN
    if clear and best.likeness >= _GOOD:
        return Certainty.LIKELY
    long = len(quote) >= _LONG_QUOTE and not given.strip()
    return Certainty.LIKELY if only_here and telling and (long or best.likeness >= _ALIKE) else Certainty.UNKNOWN
