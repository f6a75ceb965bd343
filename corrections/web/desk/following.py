"""From one erratum to the next, without going back to the list: forty reports are forty decisions."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from corrections.db import db
from corrections.domain.actors import Role
from corrections.domain.states import Status
from corrections.models import Erratum
from corrections.queries import desk, errata
from corrections.queries.desk import Cursor, Sort
from corrections.web.auth import current_editor
from corrections.web.desk import bp, queue

AT: Final = {Sort.OLDEST: "reported_at", Sort.NEWEST: "last_reported_at", Sort.MOST_REPORTED: "report_count"}


@bp.get("/errata/<int:number>/next")
def following(number: int) -> ResponseReturnValue:
    """On to the next one of the list that was looked at last; after its end from its top again."""
    wish = queue.asked(session.get(queue.LAST, {}))
    here = errata.erratum(db.session(), number)
    found = _after(wish, here, Cursor(getattr(here, AT[wish.sort]), here.id)) or _after(wish, here, None)
    if found is None:
        flash(gettext("That was the last one: nothing else in this list waits for you."), "done")
        return redirect(url_for(".queue", **wish.query()), HTTPStatus.SEE_OTHER)
    return redirect(url_for(".erratum", number=found), HTTPStatus.SEE_OTHER)


def _after(wish: queue.Asked, here: Erratum, cursor: Cursor | None) -> int | None:
    """The number of the first other one behind the cursor, or from the top."""
    wanted = queue.wanted(wish, cursor, _waiting())
    page = desk.queue(db.session(), wanted, desk.counts(db.session()), size=2)
    return next((line.number for line in page.lines if line.id != here.id), None)


def _waiting() -> Sequence[Status]:
    """What waits for this editor, and not for a reader, for a day or for somebody who may do more."""
    if current_editor().role.reaches(Role.EDITOR):
        return (Status.REPORTED, Status.VERIFIED)
    return (Status.REPORTED,)
