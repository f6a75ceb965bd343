"""Every absolute address and every signed link, for pages, feeds and mail: the one place that builds them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, cast

from flask import Flask, current_app
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from corrections.domain import limits
from corrections.domain.errors import Gone

OLD: Final = "This link has run out. Ask for a new one."
BROKEN: Final = "This link is not complete. Check that it was copied whole."


def init_app(app: Flask) -> None:
    """Let addresses be built outside of a request too, from the setting BASE_URL."""
    scheme, _, rest = app.config["BASE_URL"].partition("://")
    app.extensions["corrections_adapter"] = app.url_map.bind(rest, url_scheme=scheme)


def absolute(endpoint: str, **values: Any) -> str:
    """The address of an endpoint as readers see it, within or without a request."""
    adapter = current_app.extensions["corrections_adapter"]
    return cast("str", adapter.build(endpoint, {k: v for k, v in values.items() if v is not None}, force_external=True))


def sign(purpose: str, value: Any) -> str:
    """A signed, dated token; it opens for the same purpose only."""
    return str(_signer(purpose).dumps(value))


def opened(purpose: str, token: str, age: timedelta) -> Any:
    """What was signed; raises Gone when it is older than ``age`` or was not signed by us."""
    try:
        return _signer(purpose).loads(token, max_age=int(age.total_seconds()))
    except SignatureExpired as error:
        raise Gone(OLD) from error
    except BadData as error:
        raise Gone(BROKEN) from error


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"corrections.{purpose}")


def confirm_address(reference: str, email: str) -> str:
    """The link in the mail that asks a reporter to confirm an address."""
    return absolute("reader.confirm", reference=reference, token=sign("confirm", [reference, email]))


def confirmed_address(reference: str, token: str) -> str:
    """The address that such a link confirms; raises Gone."""
    signed_for, email = opened("confirm", token, limits.CONFIRM_AGE)
    if signed_for != reference:
        raise Gone(BROKEN)
    return cast("str", email)


def welcome() -> str:
    """The link by which the first editor sets name, address and password; it works while there is no editor."""
    return absolute("auth.welcome", token=sign("welcome", "first editor"))


def check_welcome(token: str) -> None:
    """Raises Gone unless ``token`` is of a welcome link."""
    opened("welcome", token, limits.WELCOME_AGE)


def act(offer: Sequence[Any]) -> str:
    """The link in an editor's mail that shows a move and offers to make it; ``offer`` are values JSON can hold."""
    return absolute("acting.show", token=sign("act", list(offer)))


def acted(token: str) -> list[Any]:
    """What such a link offers; raises Gone."""
    return cast("list[Any]", opened("act", token, limits.ACT_LINK_AGE))
