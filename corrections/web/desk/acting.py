"""Where the links in editors' mail lead: looking shows what would happen, the button does it.

No log-in is asked for: the link is the authority, for few moves and a short time, and no cookie is looked at.
"""

from http import HTTPStatus

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from corrections import links
from corrections.db import db, transaction
from corrections.domain import clock
from corrections.domain.errors import Gone, Stale
from corrections.domain.states import Move
from corrections.domain.text import Piece, sentence_around, word_difference
from corrections.models import Erratum
from corrections.services import acting
from corrections.services.acting import Offer, Standing
from corrections.web import wording

bp = Blueprint("acting", __name__, url_prefix="/desk/act")


@bp.after_request
def keep_secret(response: Response) -> Response:
    """No cache keeps the page, and no page that is linked from it learns its address."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """What the link would do. Nothing is changed by looking, for mail servers look at every link."""
    standing = acting.look(db.session(), _offer(token))
    return _page(standing), HTTPStatus.CONFLICT if standing.stale else HTTPStatus.OK


@bp.post("/<token>")
def do(token: str) -> ResponseReturnValue:
    """Do it. The token in the address stands for the editor and against forgery."""
    offer = _offer(token)
    try:
        with transaction() as session:
            acting.accept(session, offer, clock.now())
    except Stale:
        db.session.rollback()
        return _page(_looked(db.session(), offer)), HTTPStatus.CONFLICT
    return _page(_looked(db.session(), offer), done=True)


def _looked(session: Session, offer: Offer) -> Standing:
    session.expire_all()
    return acting.look(session, offer)


def _offer(token: str) -> Offer:
    values = links.acted(token)
    try:
        number, editor, move, revision, seen, fingerprint = values
        return Offer(
            number=number, editor=editor, move=Move(move), revision=revision, seen=seen, fingerprint=fingerprint
        )
    except (TypeError, ValueError) as error:  # signed by us, but not for this version
        raise Gone(links.OLD) from error


def _page(standing: Standing, *, done: bool = False) -> str:
    erratum = standing.erratum
    before, pieces, after = _change(erratum)
    return render_template(
        "desk/act.html",
        standing=standing,
        erratum=erratum,
        move=standing.move.value,
        done=done,
        title=_title(standing, done=done),
        before=before,
        pieces=pieces,
        after=after,
        wording=wording,
    )


def _title(standing: Standing, *, done: bool) -> str:
    if done:
        return str(gettext("Done"))
    if standing.stale:
        return str(gettext("This has changed in the meantime"))
    questions = {
        Move.VERIFY: gettext("Verify erratum %(number)s?", number=standing.erratum.number),
        Move.FIX: gettext("Mark erratum %(number)s as fixed?", number=standing.erratum.number),
        Move.REJECT: gettext("Close erratum %(number)s as no error?", number=standing.erratum.number),
    }
    return str(questions[standing.move])


def _change(erratum: Erratum) -> tuple[str, list[Piece], str]:
    """The sentence as it reads and should: what stands before, the change, what stands after."""
    was, now = erratum.original_text, erratum.corrected_text
    pieces = list(word_difference(was, now)) if now else [Piece(was, "same")] if was else []
    if erratum.snapshot is None or erratum.start is None or erratum.end is None:
        return "", pieces, ""
    text = erratum.snapshot.text
    start, end = sentence_around(text, erratum.start, erratum.end)
    return text[start : erratum.start], pieces, text[erratum.end : end]
