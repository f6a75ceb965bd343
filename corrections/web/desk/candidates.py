"""Articles that an erratum may be about: those that are like what was said, or those that an editor searched for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from corrections.domain import matching
from corrections.domain.limits import CANDIDATES
from corrections.domain.matching import Certainty, Match
from corrections.domain.states import OPEN
from corrections.models import Erratum
from corrections.queries import articles, errata
from corrections.queries.errata import Line
from corrections.services import placing


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """An article that may be meant: what is known of it, how sure (0 to 100; None when only searched for) and why."""

    article: Line
    score: int | None = None
    reasons: Sequence[Any] = ()


def match_of(session: Session, erratum: Erratum) -> Match:
    """Which articles may be meant, as far as that is open; nothing where it is certain or does not matter any more."""
    if erratum.status not in OPEN or erratum.certainty is Certainty.CERTAIN:
        return Match(certainty=Certainty.UNKNOWN, article_id=None, candidates=())
    saying = articles.saying_of(erratum.article_as_given, erratum.original_text, erratum.corrected_text)
    if erratum.reports:
        saying = placing.saying_of(erratum.reports[0])
    return matching.decide(saying, articles.options(session, saying))


def searched(session: Session, title: str) -> Iterator[Suggested]:
    """Those that a title or an address, typed by an editor, may mean."""
    saying = articles.saying_of(title)
    ids = list(dict.fromkeys(option.article_id for option in articles.options(session, saying)))[:CANDIDATES]
    known = errata.articles(session, ids)
    yield from (Suggested(article=known[key]) for key in ids if key in known)


def ranked(session: Session, match: Match) -> Iterator[Suggested]:
    """Those of the match, the best first."""
    found = match.candidates[:CANDIDATES]
    known = errata.articles(session, [candidate.article_id for candidate in found])
    for candidate in found:
        if candidate.article_id in known:
            article = known[candidate.article_id]
            yield Suggested(article=article, score=round(100 * candidate.score), reasons=candidate.reasons)
