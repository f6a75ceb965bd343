"""Every list of the desk asks the database as often for a thousand rows as for ten."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

import factories
from at_the_desk import Desk
from conftest import Queries
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.models import Article, Correction, OutboxMessage, Report

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def more_articles(session: Session, numbers: range) -> None:
    publication = factories.make_publication(session)
    titles = [f"Article {i}" for i in numbers]
    rows = [
        {"publication_id": publication.id, "slug": f"a-{i}", "title": title, "corrections_made": 0, "added_at": NOON}
        for i, title in zip(numbers, titles, strict=True)
    ]
    with transaction():
        session.execute(insert(Article), rows)


def more_corrections(session: Session, numbers: range) -> None:
    article = session.scalars(select(Article.id)).first()
    rows = [
        {
            "number": i, "first_number": i, "article_id": article, "sequence": i, "kind": "typo", "listed": False,
            "original_text": f"wrnog {i}", "corrected_text": f"wrong {i}", "published_at": NOON + timedelta(hours=i),
            "first_published_at": NOON + timedelta(hours=i),
        }
        for i in numbers
    ]  # fmt: skip
    with transaction():
        session.execute(insert(Correction), rows)


def more_messages(session: Session, numbers: range) -> None:
    rows = [
        {
            "recipient": "ann@example.org", "template": "confirm_address", "facts": {"reference": str(i)},
            "message_id": f"<{i}@example.org>", "owed_at": NOON, "due_at": NOON,
        }
        for i in numbers
    ]  # fmt: skip
    with transaction():
        session.execute(insert(OutboxMessage), rows)


def more_held_reports(session: Session, numbers: range) -> None:
    rows: list[dict[str, Any]] = [
        {
            "reference": f"reference-{i}", "submission_key": f"key-{i}", "channel": "web", "screening": "held",
            "screening_reason": "links", "original_text": f"wrnog {i}", "prefix": "", "suffix": "",
            "corrected_text": f"wrong {i}", "notes": "", "received_at": NOON,
        }
        for i in numbers
    ]  # fmt: skip
    with transaction():
        session.execute(insert(cast("Table", Report.__table__)), rows)


LISTS: dict[str, tuple[Callable[[Session, range], None], str]] = {
    "/desk/articles": (more_articles, "//tbody/tr"),
    "/desk/corrections": (more_corrections, "//li[@class='queue-item']"),
    "/desk/outbox": (more_messages, "//tbody/tr"),
    "/desk/screening": (more_held_reports, "//article"),
}


@pytest.mark.parametrize("address", LISTS)
def test_the_number_of_queries_does_not_grow(
    session: Session,
    publication: Any,  # noqa: ARG001 - the article's
    desk_client: Callable[[Role], FlaskClient],
    count_queries: Callable[[], AbstractContextManager[Queries]],
    address: str,
) -> None:
    with transaction():
        factories.make_article(session)
    desk = Desk(desk_client(Role.ADMIN))
    more, row = LISTS[address]
    counted, shown = [], []
    for numbers in (range(100, 109), range(1000, 1991)):
        more(session, numbers)
        with count_queries() as queries:
            shown.append(len(desk.open(address).all(row)))
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 6
    assert shown[0] in {9, 10}
    assert shown[1] == 50
