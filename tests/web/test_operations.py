"""Health, readiness, metrics and the log lines of requests."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.logs import JsonFormatter
from corrections.services import outbox
from corrections.web.operations import STALLED

TOKEN = "a long random word"


@pytest.fixture
def figures(client: FlaskClient) -> Callable[..., dict[tuple[str, tuple[tuple[str, str], ...]], float]]:
    """All figures, by name and labels."""

    def read(**options: Any) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        answer = client.get("/metrics", **options)
        assert answer.status_code == 200
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    return read


def test_a_process_that_lives_says_so_without_a_look_at_the_database(
    client: FlaskClient, count_queries: Callable[[], Any]
) -> None:
    with count_queries() as queries:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert len(queries) == 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_ready_when_all_is_well(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "problems": {}})


def test_not_ready_without_the_newest_tables(client: FlaskClient, session: Session) -> None:
    session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json["problems"]) == ["migrations"]


def test_not_ready_without_a_database(app: Flask, client: FlaskClient, session: Session) -> None:
    session.execute(sa.text("ALTER TABLE outbox_message RENAME TO gone"))
    session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json["problems"]) == ["database"]
    assert app.config["SQLALCHEMY_DATABASE_URI"] not in answer.text


def test_not_ready_when_no_worker_sends_what_is_due(
    app: Flask, client: FlaskClient, session: Session, clock: Clock
) -> None:
    with transaction():
        session.add(outbox.owe(session, None, "ann@readers.test", "report_fixed", {}, at=clock.at))
    clock.advance(STALLED + timedelta(minutes=1))
    assert client.get("/readyz").status_code == 200, "no server is set, so it is meant to wait"
    app.config["MAIL_SERVER"] = "127.0.0.1"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "16 minutes" in answer.json["problems"]["outbox"]


def test_metrics_count_requests_reports_errata_and_mail(
    client: FlaskClient, session: Session, clock: Clock, figures: Callable[..., Any]
) -> None:
    factories.make_publication(session)
    with transaction():
        factories.make_editor(session)
        factories.make_erratum(session, readers=2, quote="one")
        factories.fix(session, factories.make_erratum(session, quote="two"))
    seconds = "corrections_http_request_seconds_count"
    labels = (("endpoint", "log.index"), ("method", "GET"), ("status", "200"))
    before = figures().get((seconds, labels), 0)
    client.get("/")
    client.get("/no/such/page")
    clock.advance(seconds=90)
    found = figures()
    assert found[seconds, labels] == before + 1
    assert found[seconds, (("endpoint", "none"), ("method", "GET"), ("status", "404"))] >= 1
    assert found["corrections_reports_total", ()] == 3
    assert found["corrections_errata", (("status", "reported"),)] == 1
    assert found["corrections_errata", (("status", "fixed"),)] == 1
    assert found["corrections_outbox_messages", (("tray", "waiting"),)] == 2
    assert found["corrections_outbox_messages", (("tray", "failed"),)] == 0
    assert found["corrections_outbox_oldest_due_seconds", ()] == 90


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 404),
        ("", {}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 404),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 404),
        ("192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("192.0.2.7", {"Authorization": "Bearer wrong"}, 404),
        ("192.0.2.7", {"Authorization": "Bearer "}, 404),
        ("192.0.2.7", {"Authorization": "Bearer ünwahr"}, 404),
        ("192.0.2.7", {"Authorization": f"Basic {TOKEN}"}, 404),
    ],
)
def test_metrics_are_for_this_machine_and_for_who_has_the_token(
    app: Flask, client: FlaskClient, address: str, headers: dict[str, str], status: int
) -> None:
    app.config["METRICS_TOKEN"] = TOKEN
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers)
    assert answer.status_code == status


def test_without_a_token_set_no_token_opens_the_metrics(client: FlaskClient) -> None:
    away = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics", environ_base=away, headers={"Authorization": "Bearer "}).status_code == 404


def test_behind_a_proxy_only_the_token_counts(app: Flask, client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 200
    app.config["PROXIES"] = 1
    assert client.get("/metrics").status_code == 404


def test_an_invented_method_makes_no_new_label(client: FlaskClient, figures: Callable[..., Any]) -> None:
    client.open("/", method="BREW")
    methods = {dict(labels).get("method") for _, labels in figures()}
    assert "BREW" not in methods
    assert "other" in methods


def test_the_log_names_the_rule_and_never_the_address(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "corrections")
    answer = client.get("/reports/SECRET-REFERENCE?email=ann@readers.test", headers={"User-Agent": "spy"})
    client.get("/healthz")
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records if record.message == "request"]
    assert len(lines) == 1, "health checks leave no line"
    (line,) = lines
    assert (line["route"], line["method"], line["status"]) == ("/reports/<reference>", "GET", answer.status_code)
    assert isinstance(line["ms"], float)
    assert not {"SECRET", "ann@", "127.0.0.1", "spy"} & set(json.dumps(line).split())
    assert "SECRET" not in json.dumps(line)
    assert "ann@" not in json.dumps(line)


def test_each_request_has_an_id_that_its_log_lines_and_its_answer_share(app: Flask) -> None:
    lines: list[dict[str, Any]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(JsonFormatter().format(record)))

    handler, logger = Keep(), logging.getLogger("corrections.request")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        answers = [app.test_client().get("/policy") for _ in range(2)]
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert [line["request_id"] for line in lines] == ids
    assert len(set(ids)) == 2
