"""Moments in words, as filters of the templates: ``ago``, ``day``, ``exact``."""

from datetime import datetime, timedelta
from typing import Final

from flask import Flask
from flask_babel import format_date, format_datetime, format_timedelta, gettext

from corrections.domain import clock

RECENT: Final = timedelta(days=7)


def ago(at: datetime) -> str:
    """“2 hours ago” for a week, then the date; the same for what is yet to come."""
    age = clock.now() - at
    if abs(age) >= RECENT:
        return day(at)
    if abs(age) < timedelta(minutes=1):
        return str(gettext("just now"))
    return str(format_timedelta(-age, granularity="minute", add_direction=True))


def day(at: datetime) -> str:
    """The date in the reader's language and the installation's time zone."""
    return str(format_date(at, "long"))


def exact(at: datetime) -> str:
    """Date, time and zone."""
    return str(format_datetime(at, "long"))


def init_app(app: Flask) -> None:
    """Give the filters to the templates."""
    app.jinja_env.filters.update(ago=ago, day=day, exact=exact)
