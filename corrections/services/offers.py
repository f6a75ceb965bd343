"""What an editor is offered to do from a mail about an erratum, and as what the erratum stood there."""

import hashlib
from typing import Any, Final

from corrections.domain.states import Move, moves_from
from corrections.models import Editor, Erratum, Event

OFFERED: Final = (Move.VERIFY, Move.FIX, Move.REJECT)


def facts(event: Event, erratum: Erratum, editor: Editor) -> dict[str, Any]:
    """For a mail to this editor: ``editor``, ``moves``, and what says later whether the erratum is still the same.

    ``revision`` is the row's, ``seen`` the last event that the mail tells of. All have to be written already.
    """
    return {
        "editor": editor.id,
        "moves": [move.value for move in moves_for(erratum, editor)],
        "revision": erratum.revision,
        "seen": event.id,
        "print": fingerprint(erratum),
    }


def moves_for(erratum: Erratum, editor: Editor) -> list[Move]:
    """The moves that need no further word from this editor."""
    possible = moves_from(erratum.status, editor.role)
    return [move for move in OFFERED if move in possible and (move is not Move.FIX or erratum.corrected_text)]


def fingerprint(erratum: Erratum) -> str:
    """The same for as long as there is the same to decide; 20 hexadecimal digits."""
    said = (
        erratum.status.value,
        erratum.article_id,
        erratum.anchor_state.value,
        erratum.original_text,
        erratum.corrected_text,
    )
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:20]
