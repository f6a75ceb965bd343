"""The whole log as rows: CSV that no spreadsheet can be tricked with, and JSON Lines that are exact."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from corrections import links
from corrections.queries.log import Line

COLUMNS: Final = (
    "number", "state", "kind", "notice", "published", "first_published", "first_number", "supersedes", "superseded_by",
    "article_title", "article_url", "section", "language", "original_text", "corrected_text", "note", "url",
)  # fmt: skip

# A spreadsheet takes a cell that begins so for a formula; blanks, quotes and unseen signs before it change nothing.
_FORMULA: Final = re.compile(r"[\t\r\n]|[\s\"'\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def row_of(line: Line) -> dict[str, Any]:
    """One entry of the log, whatever became of it: ``state`` is published, superseded or withdrawn."""
    state = line.state.value if line.superseded_by is None else "superseded"
    return {
        "number": line.number,
        "state": state,
        "kind": line.kind.value,
        "notice": line.listed,
        "published": line.published_at.isoformat(),
        "first_published": line.first_published_at.isoformat(),
        "first_number": line.first_number,
        "supersedes": line.supersedes,
        "superseded_by": line.superseded_by,
        "article_title": line.title,
        "article_url": line.url,
        "section": line.section,
        "language": line.language,
        "original_text": line.original_text,
        "corrected_text": line.corrected_text,
        "note": line.note,
        "url": links.absolute("log.correction", number=line.number),
    }


def json_lines(lines: Iterable[Line]) -> Iterator[str]:
    """One JSON object a line."""
    for line in lines:
        yield json.dumps(row_of(line), ensure_ascii=False) + "\n"


def comma_separated(lines: Iterable[Line]) -> Iterator[str]:
    """A heading and one row an entry (RFC 4180)."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, COLUMNS, quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    for line in lines:
        writer.writerow({name: cell(value) for name, value in row_of(line).items()})
        yield sheet.getvalue()
        sheet.seek(0)
        sheet.truncate()
    yield sheet.getvalue()


def cell(value: str | int | bool | None) -> str | int:
    """A value as a cell that is never taken for a formula: an apostrophe stands before what could be one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    return f"'{value}" if _FORMULA.match(value) else value
