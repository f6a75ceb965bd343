"""How often one may try to log in, ask for a link or enter a code: by network address and by account."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, request, session
from flask_limiter import Limiter

from corrections.web.requests import sender

_REDIS_SECONDS: Final = 1  # a log-in waits no longer than this for a counter that is down


def _address() -> str:
    return f"address:{sender()}"


def _account() -> str:
    """The account that is tried, as typed or as half logged in; hashed, for the counters are not for names."""
    typed = (
        request.form.get("email")
        or request.form.get("identity")
        or str(session.get("tf_user_id") or session.get("_user_id") or "")
    )
    return f"account:{hashlib.sha256(typed.strip().casefold().encode('utf-8', 'replace')).hexdigest()[:32]}"


def _this_machine() -> bool:
    return not sender()


def _failed(response: Response) -> bool:
    """Only failures count: an attempt that succeeds is answered with a redirect."""
    return not HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST


@dataclass(frozen=True, slots=True)
class Rule:
    """What of an endpoint's POSTs is counted, and how many there may be from one address and for one account."""

    per_address: str
    per_account: str
    only_failures: bool = True


GUESSES: Final = Rule("60 per 15 minutes", "10 per 15 minutes")
ASKING: Final = Rule("30 per hour", "5 per hour", only_failures=False)
RULES: Final = {
    "security.login": GUESSES,
    "security.verify": GUESSES,
    "security.change_password": GUESSES,
    "security.two_factor_token_validation": GUESSES,
    "security.mf_recovery": GUESSES,
    "security.wan_signin": GUESSES,
    "security.forgot_password": ASKING,
    "security.reset_password": GUESSES,
    "auth.welcome": GUESSES,
}


def init_app(app: Flask) -> None:
    """Guard the endpoints of RULES, which must be registered by now; the settings RATELIMIT_* say where is counted."""
    if app.config["RATELIMIT_STORAGE_URI"].startswith("redis"):
        app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", {"socket_connect_timeout": _REDIS_SECONDS})
    limiter = Limiter(key_func=_address, in_memory_fallback_enabled=True, headers_enabled=True)
    limiter.init_app(app)
    app.extensions["corrections_limiter"] = limiter  # the guards below hold it by a weak reference only
    for endpoint, rule in RULES.items():
        guard(app, limiter, endpoint, rule)


def guard(app: Flask, limiter: Limiter, endpoint: str, rule: Rule) -> None:
    """Put both limits of a rule in front of an endpoint."""
    deduct: Callable[[Response], bool] | None = _failed if rule.only_failures else None
    view = app.view_functions[endpoint]
    by_account = limiter.limit(rule.per_account, key_func=_account, methods=["POST"], deduct_when=deduct)
    by_address = limiter.limit(
        rule.per_address, key_func=_address, methods=["POST"], exempt_when=_this_machine, deduct_when=deduct
    )
    guarded: Callable[..., Any] = by_address(by_account(view))
    app.view_functions[endpoint] = guarded
