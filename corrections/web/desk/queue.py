"""The queue: status tabs with counts, search words, three orders, 50 a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from corrections.db import db
from corrections.domain import limits
from corrections.domain.errors import Rejected
from corrections.domain.states import OPEN, Status
from corrections.domain.text import clean
from corrections.queries import desk, words
from corrections.queries.desk import Counts, Cursor, Page, Sort, Wanted
from corrections.web import wording
from corrections.web.auth import current_editor
from corrections.web.desk import bp, lines

LAST: Final = "queue"  # where an editor's session keeps which list was looked at last
# The tabs: what an address calls them, which errata they hold.
TABS: Final[dict[str, tuple[Status, ...]]] = {
    "open": tuple(status for status in Status if status in OPEN),
    Status.REPORTED.value: (Status.REPORTED,),
    Status.NEEDS_INFO.value: (Status.NEEDS_INFO,),
    Status.VERIFIED.value: (Status.VERIFIED,),
    Status.HELD.value: (Status.HELD,),
    Status.FIXED.value: (Status.FIXED,),
    Status.REJECTED.value: (Status.REJECTED,),
    "all": tuple(Status),
}
OF_SEVERAL: Final = {"open": _("Open"), "all": _("All")}
SORTS: Final = {
    Sort.OLDEST: _("Oldest first"),
    Sort.NEWEST: _("Newest first"),
    Sort.MOST_REPORTED: _("Most reported first"),
}
EMPTY: Final = {
    "open": _("Nothing is open. When a reader reports an error, it appears here."),
    Status.REPORTED.value: _("Nothing new. When a reader reports an error, it appears here."),
    Status.NEEDS_INFO.value: _("No reader has been asked anything that is still open."),
    Status.VERIFIED.value: _("Nothing is verified and waits to be fixed."),
    Status.HELD.value: _("Nothing is on hold."),
    Status.FIXED.value: _("Nothing has been fixed yet."),
    Status.REJECTED.value: _("Nothing has been turned down."),
    "all": _("No reader has reported an error yet."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The queue as an address asks for it."""

    tab: str
    q: str
    sort: Sort
    after: str

    def query(self, **changes: str) -> dict[str, Any]:
        """The query of the address that asks for the same but for ``changes``."""
        said = {"tab": self.tab, "q": self.q, "sort": self.sort.value, "after": self.after} | changes
        usual = {"tab": _first_tab(said["q"]), "sort": Sort.OLDEST.value}
        return {name: value for name, value in said.items() if value and value != usual.get(name)}


def _first_tab(q: str) -> str:
    """A search looks everywhere unless told otherwise."""
    return "all" if q else "open"


def asked(given: Mapping[str, str]) -> Asked:
    """What the query of an address asks for; what it cannot mean is left out."""
    q = clean(given.get("q", ""), limits.SEARCH)
    tab, sort = given.get("tab", ""), given.get("sort", "")
    return Asked(
        tab=tab if tab in TABS else _first_tab(q),
        q=q,
        sort=Sort(sort) if sort in set(Sort) else Sort.OLDEST,
        after=given.get("after", ""),
    )


@bp.get("/")
def queue() -> ResponseReturnValue:
    """What there is to do."""
    wish, counts = asked(request.args), desk.counts(db.session())
    found, problem = _found(wish, counts)
    if not problem:
        _remember(wish.query(after=""))
    page = render_template(
        "desk/queue.html",
        asked=wish,
        found=found,
        rows=lines.Lines().queue(found.lines, mixed=wish.tab in OF_SEVERAL, newest=wish.sort is Sort.NEWEST),
        problem=problem,
        tabs=[_tab(name, wish, counts) for name in TABS],
        screening=counts.screening,
        sorts=SORTS,
        nothing=EMPTY[wish.tab],
        here=url_for(".queue", **wish.query()),
    )
    return page, 400 if problem else 200


def _remember(query: dict[str, Any]) -> None:
    """For going on from erratum to erratum; a cookie is only set when the list is another one."""
    if session.get(LAST) != query:
        session[LAST] = query


def _found(wish: Asked, counts: Counts) -> tuple[Page, str]:
    """The rows, or none and the message that goes to the search field."""
    try:
        found = wanted(wish, Cursor.read(wish.after, wish.sort))
        return desk.queue(db.session(), found, counts), ""
    except Rejected as refusal:
        return Page(lines=[], total=0, more=False, after=""), gettext(refusal.message, **refusal.values)


def wanted(wish: Asked, after: Cursor | None, of_mixed: Sequence[Status] | None = None) -> Wanted:
    """The wish as the queue is asked; ``of_mixed``: only these where neither tab nor search names a status.

    Raises Rejected for unknown search words.
    """
    search = words.parse(db.session(), wish.q, current_editor().id)
    statuses = TABS[wish.tab]
    if search.statuses is not None:
        statuses = tuple(status for status in statuses if status in search.statuses)
    elif of_mixed is not None and wish.tab in OF_SEVERAL:
        statuses = tuple(of_mixed)
    return Wanted(statuses=statuses, conditions=search.conditions, ids=search.ids, sort=wish.sort, after=after)


def tabs_elsewhere() -> dict[str, Any]:
    """The tabs with their counts, for a page beside the queue."""
    counts = desk.counts(db.session())
    nowhere = Asked(tab="", q="", sort=Sort.OLDEST, after="")
    return {"tabs": [_tab(name, nowhere, counts) for name in TABS], "screening": counts.screening}


def _tab(name: str, wish: Asked, counts: Counts) -> dict[str, Any]:
    statuses = TABS[name]
    query = wish.query(tab=name, after="")
    query["tab"] = name
    return {
        "label": OF_SEVERAL.get(name) or wording.STATUSES[statuses[0]],
        "count": counts.of(statuses),
        "url": url_for(".queue", **query),
        "current": name == wish.tab,
    }
