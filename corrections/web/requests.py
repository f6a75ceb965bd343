"""What a request tells of who sent it: counted proxies, a salted hash instead of an address, an id for the log."""

import hashlib
import hmac
import ipaddress
import secrets

from flask import Flask, Response, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Believe as many proxies as the setting PROXIES counts, and give each request an id."""
    if count := app.config["PROXIES"]:
        # Each proxy adds its own entry to X-Forwarded-For; most set scheme and host anew, so the last one counts.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=1, x_host=1)  # type: ignore[method-assign] # Flask's own way to wrap it
    app.before_request(_name)
    app.after_request(_tell)


def _name() -> None:
    g.request_id = secrets.token_hex(8)


def _tell(response: Response) -> Response:
    if "request_id" in g:
        response.headers.setdefault("X-Request-Id", g.request_id)
    return response


def sender() -> str:
    """A salted hash of the network address, for quotas (an IPv6 network counts as one); '' for this machine itself.

    This machine is either its operator or a proxy that PROXIES does not count: limiting it would limit everybody.
    """
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if address.is_loopback:
        return ""
    network = ipaddress.ip_network(f"{address}/64", strict=False) if address.version == 6 else address  # noqa: PLR2004 - IPv6
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, str(network).encode(), hashlib.sha256).hexdigest()[:32]
