"""One place that turns refusals and failures into pages."""

import logging
from http import HTTPStatus

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from corrections.domain.errors import CorrectionsError, Rejected, TooMany
from corrections.web.page import without_database

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Answer every refusal of ours, of Flask and of the database with a page that says what to do."""
    app.register_error_handler(CorrectionsError, refuse)
    app.register_error_handler(HTTPException, refuse_http)
    for lost in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(lost, unavailable)
    app.register_error_handler(Exception, fail)


def words_of(error: CorrectionsError) -> str:
    """The sentence of a refusal in the reader's language."""
    return str(gettext(error.message, **error.values))


def refuse(error: CorrectionsError) -> ResponseReturnValue:
    """The page of a refusal."""
    fields = error.fields if isinstance(error, Rejected) else {}
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(int(error.retry_after.total_seconds()))
    details = [gettext(sentence) for sentence in fields.values()]
    return page(error.status, words_of(error), details), error.status, headers


def refuse_http(error: HTTPException) -> ResponseReturnValue:
    """Flask's own refusals, in our words."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    sentence = {
        HTTPStatus.BAD_REQUEST: gettext(
            "Something of it got lost on the way. Go back, load the page again and send it once more."
        ),
        HTTPStatus.FORBIDDEN: gettext("Only some may see this. If you are one of them, log in first."),
        HTTPStatus.NOT_FOUND: gettext("The link may be incomplete or old. Check that it was copied whole."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext("This is more than we can take. Send the part that matters."),
        HTTPStatus.METHOD_NOT_ALLOWED: gettext("This address does not take that kind of request."),
        HTTPStatus.TOO_MANY_REQUESTS: gettext("Please try again a little later."),
        HTTPStatus.SERVICE_UNAVAILABLE: gettext("Please try again in a minute."),
    }.get(HTTPStatus(status), error.description or "")
    headers = [(name, value) for name, value in error.get_headers() if name in {"Allow", "Retry-After"}]
    return page(status, sentence), status, headers


def unavailable(error: SQLAlchemyError) -> ResponseReturnValue:
    """The database cannot be reached, or is busy for too long."""
    log.error("database unavailable", exc_info=error)
    without_database()
    sentence = gettext(
        "We cannot reach our records for the moment. Nothing you sent was stored; please send it again in a minute."
    )
    return page(503, sentence), 503, {"Retry-After": "60"}


def fail(error: Exception) -> ResponseReturnValue:
    """A mistake of ours: logged with the request's id, said without details."""
    log.error("unexpected error on %s", request.endpoint, exc_info=error)
    without_database()
    return page(500, gettext("It has been noted. Please go back and try again.")), 500


def page(status: int, sentence: str, details: list[str] | None = None) -> str:
    """The page of an error; without the publication's name when the database cannot tell it."""
    shown = {"status": status, "sentence": sentence, "details": details or []}
    try:
        return render_template("errors/refused.html", **shown)
    except SQLAlchemyError:
        without_database()
        return render_template("errors/refused.html", **shown)
