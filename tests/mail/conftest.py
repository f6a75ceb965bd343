"""A mail server, an application that sends to it, and mail that is owed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import post_office
from conftest import Clock
from corrections.db import db, transaction
from corrections.models import Publication
from corrections.services import outbox
from post_office import PostOffice

FACTS = {"reference": "abc", "title": "The ferry", "was": "teh", "now": "the"}


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything, until the test tells it otherwise."""
    with post_office.running(PostOffice()) as office:
        yield office


@pytest.fixture
def settings(settings: dict[str, Any], office: PostOffice) -> dict[str, Any]:
    return settings | {
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": office.port,
        "MAIL_DEFAULT_SENDER": "corrections@newsroom.test",
        "MAIL_SUPPRESS_SEND": False,
    }


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the whole application: mails link to its pages."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def owe(session: Session, publication: Publication, clock: Clock) -> Callable[..., list[int]]:  # noqa: ARG001 - mail names it
    """``owe(3)``: so many mails, committed; their ids."""

    def owed(count: int = 1, template: str = "report_fixed", to: str = "", **facts: Any) -> list[int]:
        with transaction():
            messages = [
                outbox.owe(session, None, to or f"reader{n}@readers.test", template, FACTS | facts, at=clock.at)
                for n in range(count)
            ]
            session.add_all(messages)
            session.flush()
            return [message.id for message in messages]

    return owed
