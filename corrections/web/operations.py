"""For machines that watch: /healthz, /readyz, /metrics; and the line that each request leaves in the log."""

import hmac
import ipaddress
import logging
import os
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

import prometheus_client
from flask import Blueprint, Response, abort, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, Histogram, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from corrections import logs, migrating
from corrections.db import db
from corrections.domain import clock
from corrections.migrating import Schema
from corrections.models import ErratumCount, OutboxMessage, Report

bp = Blueprint("operations", __name__)
log = logging.getLogger("corrections.request")

STALLED: Final = timedelta(minutes=15)  # mail that is due for so long was not even tried: no worker runs
QUIET: Final = frozenset({"operations.healthz", "operations.readyz", "operations.metrics", "static"})
SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"  # set by `serve`: all its processes count into this folder

seconds = Histogram(
    "corrections_http_request_seconds",
    "Requests by endpoint, method and status, and how long each took.",
    ["endpoint", "method", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


@bp.before_app_request
def begin() -> None:
    """Note when it came."""
    g.began = time.perf_counter()


@bp.after_app_request
def end(response: Response) -> Response:
    """Count it, and say in the log what it was: the rule it met, never the address, which may be a secret."""
    took = time.perf_counter() - g.get("began", time.perf_counter())
    endpoint = request.endpoint or "none"
    seconds.labels(endpoint, _method(), response.status_code).observe(took)
    if endpoint not in QUIET:
        told = {"method": _method(), "route": logs.route(), "status": response.status_code, "ms": round(took * 1000, 1)}
        log.info("request", extra=told)
    return response


def _method() -> str:
    """The method; any word can be sent as one, so only those that exist are told apart."""
    return request.method if request.method in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"} else "other"


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process lives and answers."""
    return _never_kept(jsonify(status="ok"))


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Whether requests should be sent here: 503 and what is wrong when not."""
    problems = _problems()
    answer = jsonify(status="problem" if problems else "ok", problems=problems)
    answer.status_code = 503 if problems else 200
    return _never_kept(answer)


def _problems() -> dict[str, str]:
    try:
        with db.engine.connect() as connection:
            state = migrating.state(connection)
        if state is not Schema.CURRENT:
            return {"migrations": f"The database is {state.value}. Run: corrections db upgrade"}
        oldest = _oldest_due()
    except SQLAlchemyError:
        log.exception("database unavailable")
        return {"database": "The database cannot be reached."}
    if current_app.config["MAIL_SERVER"] and oldest > STALLED:
        minutes = int(oldest.total_seconds() // 60)
        return {"outbox": f"Mail has been due for {minutes} minutes. Is a worker running?"}
    return {}


def _oldest_due() -> timedelta:
    """For how long the oldest message has been due; trying it moves that on, so a refusal does not count."""
    waiting = OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None)
    due_at = db.session.scalar(select(OutboxMessage.due_at).where(*waiting).order_by(OutboxMessage.due_at).limit(1))
    return max(clock.now() - due_at, timedelta()) if due_at is not None else timedelta()


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """All figures in Prometheus' text form, for this machine and for who has the token."""
    if not _may_watch():
        abort(404)
    registry = CollectorRegistry()
    if SHARED in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library's own gap
    else:
        registry.register(_Alone())
    registry.register(Stored())
    answer = Response(prometheus_client.generate_latest(registry), content_type=prometheus_client.CONTENT_TYPE_LATEST)
    return _never_kept(answer)


def _may_watch() -> bool:
    """The token opens it everywhere; without one, this machine, if no proxy speaks for others from it."""
    token = current_app.config["METRICS_TOKEN"]
    given = request.authorization
    if token and given is not None and given.type == "bearer" and given.token is not None:
        return hmac.compare_digest(given.token.encode(), token.encode())
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    return not current_app.config["PROXIES"] and not forwarded and _is_loopback(request.remote_addr or "")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class _Alone(Collector):
    """The figures of a single process."""

    def collect(self) -> Iterable[Metric]:
        """All of them."""
        return prometheus_client.REGISTRY.collect()


class Stored(Collector):
    """Figures that are in the database, read when somebody asks."""

    def collect(self) -> Iterable[Metric]:
        """Reports, errata by status, the outbox."""
        session = db.session()
        reports = session.scalar(select(func.count()).select_from(Report)) or 0
        yield CounterMetricFamily("corrections_reports", "Reports received.", value=reports)
        errata = GaugeMetricFamily("corrections_errata", "Errata by status.", labels=["status"])
        for status, count in session.execute(select(ErratumCount.status, ErratumCount.n)):
            errata.add_metric([status.value], count)
        yield errata
        yield from self._outbox()

    @staticmethod
    def _outbox() -> Iterable[Metric]:
        unsent = OutboxMessage.sent_at.is_(None)
        trays: dict[str, Any] = {
            "waiting": OutboxMessage.failed_at.is_(None),
            "failed": OutboxMessage.failed_at.is_not(None),
        }
        outbox = GaugeMetricFamily("corrections_outbox_messages", "Messages not sent yet.", labels=["tray"])
        for tray, condition in trays.items():
            count = db.session.scalar(select(func.count()).select_from(OutboxMessage).where(unsent, condition)) or 0
            outbox.add_metric([tray], count)
        yield outbox
        oldest = _oldest_due().total_seconds()
        yield GaugeMetricFamily(
            "corrections_outbox_oldest_due_seconds", "For how long mail has been due.", value=oldest
        )


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
