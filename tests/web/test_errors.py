"""When the database fails, the page that says so does without it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from corrections.db import transaction


@pytest.mark.parametrize("address", ["/", "/report", "/login", "/nowhere"])
def test_a_failing_database_is_answered_with_a_page(app: Flask, client: FlaskClient, address: str) -> None:
    with app.app_context(), transaction() as session:
        session.execute(sa.text("ALTER TABLE publication RENAME TO publication_away"))
    answer = client.get(address)
    assert answer.status_code == (404 if address == "/nowhere" else 503)
    assert 'id="main"' in answer.text
    assert "</html>" in answer.text
