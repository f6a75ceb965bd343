"""What a reader asks of the log, in the query of an address: read once, written once."""

from flask import current_app, request

from corrections.domain import limits
from corrections.domain.policy import Kind
from corrections.domain.text import one_line
from corrections.queries.log import LARGEST, Wanted

FIRST_YEAR, LAST_YEAR = 1000, 9998


def wanted(article_id: int | None = None) -> Wanted:
    """What the present request asks for; what cannot be understood is left out, and the page says what it went by."""
    given = request.args
    kind = given.get("kind", "")
    return Wanted(
        q=one_line(given.get("q", ""), limits.SEARCH),
        kind=Kind(kind) if kind in set(Kind) else None,
        year=_number(given.get("year", ""), FIRST_YEAR, LAST_YEAR),
        notices=given.get("show") == "notices",
        before=_number(given.get("before", ""), 1, LARGEST),
        article_id=article_id,
        zone=current_app.config["ZONE"],
    )


def query_of(asked: Wanted, *, before: int | None = None) -> dict[str, str]:
    """The query that asks for the same, from the cursor ``before`` on; the same asked twice gives the same words."""
    query = {
        "q": asked.q,
        "kind": asked.kind.value if asked.kind else "",
        "year": str(asked.year or ""),
        "show": "notices" if asked.notices else "",
        "before": str(before or ""),
    }
    return {name: value for name, value in query.items() if value}


def _number(text: str, least: int, most: int) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))):
        return None
    return int(text) if least <= int(text) <= most else None
