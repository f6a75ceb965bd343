"""Dates as sources write them, in many formats."""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final

_EARLIEST: Final = 1450
_LATEST: Final = 2200
_LONGEST: Final = 100
_SECONDS: Final = range(10**8, 10**11)
_MILLISECONDS: Final = range(10**11, 10**14)
# Looking through all two hundred languages takes seconds at first and a thirtieth of one ever after.
_LANGUAGES: Final = (
    "en de fr es it pt nl sv da nb fi pl cs sk ru uk tr el hu ro bg ja zh ko ar he hi id vi".split()  # noqa: SIM905 - as a list it would fill thirty lines
)
_HAS_YEAR: Final = re.compile(r"(?<!\d)(?:1[4-9]|20|21)\d\d(?!\d)")


def moment(value: object) -> datetime | None:
    """The aware moment, in UTC, that ``value`` means; None for what cannot be read. Without a zone it counts as UTC."""
    if isinstance(value, datetime):
        return _sane(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(value)
    if not isinstance(value, str) or not 0 < len(text := value.strip()) <= _LONGEST:
        return None
    if text.isascii() and text.isdigit() and len(text) >= 10:  # noqa: PLR2004 - shorter ones are dates without dashes
        return _epoch(int(text))
    for reader in (_iso, _mail, _words):
        if found := reader(text):
            return _sane(found)
    return None


def _sane(value: datetime) -> datetime | None:
    try:
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return aware if _EARLIEST <= aware.year <= _LATEST else None


def _epoch(value: float) -> datetime | None:
    if not math.isfinite(value):
        return None
    if int(value) in _MILLISECONDS:
        value /= 1000
    return _sane(datetime.fromtimestamp(value, UTC)) if int(value) in _SECONDS else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


@lru_cache(maxsize=512)
def _words(text: str) -> datetime | None:
    if not _HAS_YEAR.search(text):
        return None
    import dateparser  # type: ignore[import-untyped]  # ships no types; imported here, since it takes a third of a second

    try:
        found = dateparser.parse(text, languages=_LANGUAGES, settings={"REQUIRE_PARTS": ["year", "month", "day"]})
    except Exception:  # noqa: BLE001 - dateparser raises many kinds on odd input; an unreadable date is no date
        return None
    return found if isinstance(found, datetime) else None
