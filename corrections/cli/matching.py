"""What would become of a report, and why, for the command line."""

from pathlib import Path
from typing import Any

from corrections.cli import installation
from corrections.db import db
from corrections.domain import prose
from corrections.domain.anchors import Anchor, AnchorState
from corrections.domain.matching import Candidate
from corrections.domain.text import one_line, sentence_around
from corrections.services import placing, reports
from corrections.services.placing import Spot


def explain(folder: Path, article: str, original: str, corrected: str, notes: str) -> dict[str, Any]:
    """Article, candidates, place, change and erratum as plain facts; nothing is stored."""
    with installation.opened(folder).app_context():
        session = db.session()
        saying = prose.read_fields(article, "", Anchor(exact=original), corrected, notes)
        spot = placing.look(session, saying)
        known = placing.known(session, spot, reports.article_key(one_line(article)))
        told = _facts(spot) | {"erratum": known.number if known is not None else None}
        session.rollback()
        return told


def _facts(spot: Spot) -> dict[str, Any]:
    place, change = spot.finding.place, spot.finding.change
    anchored = place.state is AnchorState.ANCHORED
    return {
        "certainty": spot.certainty.value,
        "article_url": spot.article.url if spot.article is not None else None,
        "article_title": spot.article.title if spot.article is not None else None,
        "article_certainty": spot.match.certainty.value,
        "candidates": [_candidate(one) for one in spot.match.candidates],
        "anchor_state": place.state.value,
        "how": spot.finding.how.value,
        "start": place.start if anchored else None,
        "end": place.end if anchored else None,
        "places": [list(span) for span in place.spans],
        "original_text": change.original,
        "corrected_text": change.corrected,
        "sentence": _sentence(spot),
    }


def _candidate(one: Candidate) -> dict[str, Any]:
    return {
        "title": one.title,
        "url": one.url,
        "score": one.score,
        "reasons": [reason.value for reason in one.reasons],
    }


def _sentence(spot: Spot) -> str | None:
    """The sentence, the words in question between square brackets."""
    place = spot.finding.place
    if spot.snapshot is None or place.start is None or place.end is None:
        return None
    text = spot.snapshot.text
    start, end = sentence_around(text, place.start, place.end)
    return f"{text[start : place.start]}[{text[place.start : place.end]}]{text[place.end : end]}"


def as_text(told: dict[str, Any]) -> str:
    """The facts for people."""
    lines = [f"Article: {told['article_certainty']}"]
    if told["article_title"]:
        lines[0] += f" - {told['article_title']} ({told['article_url'] or 'no address'})"
    for one in told["candidates"]:
        why = ", ".join(one["reasons"]).replace("_", " ") or "nothing in particular"
        lines.append(f"  {one['score']:.2f}  {one['title']} ({one['url'] or 'no address'}): {why}")
    if not told["candidates"]:
        lines.append("  No article comes into question. Import it: corrections articles import ADDRESS")
    lines.append(f"Place: {told['anchor_state'].replace('_', ' ')} ({told['how'].replace('_', ' ')})")
    if told["start"] is not None:
        lines.append(f"  characters {told['start']} to {told['end']}: {told['sentence']}")
    if told["places"]:
        lines.append(f"  {len(told['places'])} places to choose from")
    if told["original_text"] or told["corrected_text"]:
        lines.append(f"Change: “{told['original_text']}” -> “{told['corrected_text']}”")
    number = told["erratum"]
    lines.append(f"Erratum: one more report of #{number}" if number else "Erratum: a new one")
    lines.append(f"All in all: {told['certainty']}")
    return "\n".join(lines)
