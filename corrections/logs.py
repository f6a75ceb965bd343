"""Logs: one JSON object a line, with the request's id and without personal data."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, TypeAlias

from flask import g, has_request_context, request

# What a record may carry beside its message, put there with `extra=`.
EXTRAS: Final = ("method", "route", "status", "ms", "count", "template", "message_id", "code")

ExceptionInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON.

    Of an exception it tells the type and where it came from, but not its words: a database's error repeats the
    values that it was given, and they may be a reader's.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC, RFC 3339), level, logger, message, request id, extras, exception."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "pid": record.process,
        }
        if has_request_context():
            line["request_id"] = g.get("request_id", "")
            if record.exc_info:
                line |= {"method": request.method, "route": route()}
        line |= {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line |= _told(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _told(info: ExceptionInfo) -> dict[str, Any]:
    kind, error, trace = info
    assert kind is not None  # noqa: S101 - the caller looked; tells mypy
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    told: dict[str, Any] = {"error": f"{kind.__module__}.{kind.__qualname__}", "trace": frames[-20:]}
    cause = getattr(error, "orig", None) or (error.__cause__ if error is not None else None)
    if cause is not None:
        told["cause"] = f"{type(cause).__module__}.{type(cause).__qualname__}"
    if isinstance(error, OSError) and error.strerror:
        told["reason"] = error.strerror
    return told


def route() -> str:
    """The rule that the request met, never its address, which may hold a reference or what was typed."""
    return str(request.url_rule) if request.url_rule is not None else ""


def configure(level: str = "INFO") -> None:
    """Send all logs of this process to standard error, as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # What these say at INFO is of use to their authors only.
    for name in ("alembic", "sqlalchemy", "werkzeug", "trafilatura", "flask_limiter", "flask-limiter"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
