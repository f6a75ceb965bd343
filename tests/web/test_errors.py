"""When the database fails, the page that says so does without it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from corrections.db import db, transaction

ADDRESSES = ["/", "/report", "/login", "/nowhere"]


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_failing_database_is_answered_with_a_page(app: Flask, client: FlaskClient, address: str) -> None:
    with app.app_context(), transaction() as session:
        session.execute(sa.text("ALTER TABLE publication RENAME TO publication_away"))
    answer = client.get(address)
    assert answer.status_code == (404 if address == "/nowhere" else 503)
    assert 'id="main"' in answer.text
    assert "</html>" in answer.text


@pytest.mark.database("postgresql")
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_connection_that_breaks_is_answered_with_a_page(app: Flask, client: FlaskClient, address: str) -> None:
    well = client.get(address).status_code
    with app.app_context():
        others = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
    with others.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    answer = client.get(address)
    assert answer.status_code == (404 if address == "/nowhere" else 503)
    assert 'id="main"' in answer.text
    assert "</html>" in answer.text
    assert client.get(address).status_code == well
