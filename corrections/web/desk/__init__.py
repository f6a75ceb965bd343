"""The editors' desk: nothing here without log-in, and what a role may do is decided by the services."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.before_request
def editors_only() -> ResponseReturnValue | None:
    """Everybody else is asked to log in, and comes back to where they wanted to go."""
    if current_user.is_authenticated:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else url_for("desk.queue")
    return redirect(url_for("security.login", next=wanted))


# The views hang themselves on the blueprint.
from corrections.web.desk import articles, errata, following, inbox, outbox, publishing, queue, screening, settings  # noqa: E402 - they need it first

__all__ = ["articles", "bp", "errata", "following", "inbox", "outbox", "publishing", "queue", "screening", "settings"]
