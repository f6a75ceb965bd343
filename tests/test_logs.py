"""Log lines: JSON, one a line, and of an error where it came from but not its words."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from corrections import logs


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Where the logs of this process go, set up as a server does it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logs.configure("INFO")
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_record_is_one_line_of_json(stream: io.StringIO) -> None:
    logging.getLogger("x").info("two\nlines “%s”", "ü", extra={"count": 3, "secret": "not told"})
    logging.getLogger("x").debug("not told")
    (line,) = lines(stream)
    assert line["message"] == "two\nlines “ü”"
    assert (line["level"], line["logger"], line["count"]) == ("info", "x", 3)
    assert line["time"].endswith("+00:00")
    assert "secret" not in line


def test_an_error_tells_its_type_and_its_way_but_not_its_words(stream: io.StringIO) -> None:
    try:
        int("ann@readers.test wrote: a quote")
    except ValueError:
        logging.getLogger("x").exception("it failed")
    (line,) = lines(stream)
    assert line["error"] == "builtins.ValueError"
    assert any("test_logs.py" in frame for frame in line["trace"])
    assert "ann@" not in stream.getvalue()


def test_an_error_of_the_database_does_not_repeat_the_values(stream: io.StringIO, session: Session) -> None:
    try:
        session.execute(text("INSERT INTO counter (name, value) VALUES (:name, 'log')"), {"name": "ann@readers.test"})
        session.execute(text("SELECT * FROM no_such_table WHERE x = :name"), {"name": "ann@readers.test"})
    except DBAPIError:
        logging.getLogger("x").exception("it failed")
    (line,) = lines(stream)
    assert line["cause"]
    assert "ann@" not in stream.getvalue()


def test_an_error_of_the_system_tells_its_reason(stream: io.StringIO) -> None:
    try:
        open("/no/such/file/of/ann")  # noqa: PTH123, SIM115 - it is not opened
    except OSError:
        logging.getLogger("x").exception("it failed")
    (line,) = lines(stream)
    assert line["reason"] == "No such file or directory"
    assert "ann" not in stream.getvalue()
