"""What tells a person's report from a robot's without a cookie: a signed moment and nonce in the form, and a trap."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from corrections import links
from corrections.domain import clock, limits
from corrections.domain.errors import Gone
from corrections.domain.screening import Sign

PURPOSE: Final = "report-form"
# A form that lay open for weeks is old, but pressing its button twice is still one act of sending.
EVER: Final = timedelta(days=36_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a form's token says: which copy of the form it is ('' when it is none of ours), and what is odd about it."""

    nonce: str = ""
    signs: tuple[Sign, ...] = ()


def token() -> str:
    """The token of a form that is handed out now."""
    return links.sign(PURPOSE, [clock.now().timestamp(), secrets.token_urlsafe(12)])


def opened(sealed: str, trap: str) -> Seal:
    """What the token of a form that came back says; ``trap`` is what stood in the field that people do not see."""
    caught = (Sign.HIDDEN_FIELD,) if trap else ()
    try:
        issued, nonce = links.opened(PURPOSE, sealed, EVER)
    except Gone:
        return Seal(signs=(Sign.NO_FORM, *caught))
    age = clock.now() - datetime.fromtimestamp(issued, UTC)
    return Seal(nonce=nonce, signs=(*_signs_of_age(age), *caught))


def _signs_of_age(age: timedelta) -> tuple[Sign, ...]:
    if age < limits.FORM_MIN_AGE:
        return (Sign.TOO_QUICK,)
    return (Sign.OLD_FORM,) if age > limits.FORM_AGE else ()


def submission_key(seal: Seal, typed: Sequence[str], sender: str) -> str:
    """The same for one act of sending, however often it arrives; another one as soon as a word was changed.

    Without a form of ours, the same words from the same sender on the same day are one act.
    """
    act = ["form", seal.nonce] if seal.nonce else ["none", sender, clock.now().date().isoformat()]
    return hashlib.sha256(json.dumps([*act, *typed]).encode()).hexdigest()
