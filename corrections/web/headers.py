"""Security headers of every answer. No page of ours has an inline script; those of the log-in library carry a nonce."""

import secrets
from typing import Final

from flask import Flask, Response, g, request

ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; script-src 'self'%s; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


def init_app(app: Flask) -> None:
    """Add the headers to every answer, errors included."""
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(add)


def nonce() -> str:
    """The word that lets an inline script of this very page run; asking for it puts it into the policy."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def add(response: Response) -> Response:
    """Set what is not set yet; a view may have set its own."""
    headers = response.headers
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html":
        extra = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
        headers.setdefault("Content-Security-Policy", POLICY % extra)
    return response
