"""What an editor does from a mail, by a link: looked at first, done only when the erratum is still what was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.domain.actors import Act, Channel
from corrections.domain.errors import NotAllowed, Stale
from corrections.domain.states import Move, Resolution, target_of
from corrections.models import Editor, Erratum, Event, EventKind
from corrections.queries import errata
from corrections.services import offers, triage
from corrections.services.triage import Said

CHANGED: Final = "This has changed since the mail was written, so nothing was done. Decide anew at the desk."
NOT_HERE: Final = "This link belongs to somebody who does not work here any more."
NOT_OFFERED: Final = "This link does not do that."
# Whatever else happens to an erratum leaves open what an editor decides about it.
DECIDING: Final = frozenset(
    {
        EventKind.PLACED,
        EventKind.EDITED,
        EventKind.VERIFIED,
        EventKind.ASKED,
        EventKind.HELD,
        EventKind.REJECTED,
        EventKind.FIXED,
        EventKind.REOPENED,
        EventKind.MERGED,
        EventKind.UNMERGED,
        EventKind.SPLIT,
        EventKind.WITHDRAWN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a link does: ``number`` is the erratum's, ``editor`` the id of who got it; the rest as in offers."""

    number: int
    editor: int
    move: Move
    revision: int
    seen: int
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an offer is about as it is now. ``since`` is what has happened after the mail; ``stale`` if that matters."""

    erratum: Erratum
    editor: Editor
    move: Move
    since: Sequence[Event]
    stale: bool


def look(session: Session, offer: Offer) -> Standing:
    """How it stands with an offer. Raises NotFound, and NotAllowed when its editor may not do that any more."""
    editor = session.get(Editor, offer.editor)
    if editor is None or not editor.active:
        raise NotAllowed(NOT_HERE)
    if offer.move not in offers.OFFERED:
        raise NotAllowed(NOT_OFFERED)
    erratum = errata.erratum(session, offer.number)
    later = select(Event).where(Event.erratum_id == erratum.id, Event.id > offer.seen).order_by(Event.id)
    since = session.scalars(later).all()
    changed = offers.fingerprint(erratum) != offer.fingerprint or any(event.kind in DECIDING for event in since)
    standing = Standing(
        erratum=erratum,
        editor=editor,
        move=offer.move,
        since=since,
        stale=erratum.revision != offer.revision and changed,
    )
    if not standing.stale:
        _check_move(standing)
    return standing


def _check_move(standing: Standing) -> None:
    """Raise NotAllowed for a role that does not reach so far; from another status it is stale anyway."""
    target_of(standing.move, standing.erratum.status, standing.editor.role)


def accept(session: Session, offer: Offer, at: datetime) -> Standing:
    """Do it, as the editor whom the mail was sent to. Raises what ``look`` and triage raise, and Stale."""
    standing = look(session, offer)
    if standing.stale:
        raise Stale(CHANGED)
    editor = standing.editor
    act = Act(channel=Channel.MAIL, label=editor.name, editor_id=editor.id, role=editor.role, at=at)
    resolution = Resolution.NOT_AN_ERROR if offer.move is Move.REJECT else None
    triage.move(session, standing.erratum, offer.move, act, Said(resolution=resolution))
    return standing
