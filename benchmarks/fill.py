"""Rows to measure with: written straight into the tables, since what is measured is what comes after."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 5_000
ARTICLES = 1_000
STATUSES = ("reported", "verified", "needs_info", "held", "fixed", "rejected")


def isso(database: sqlite3.Connection, stored: int) -> None:
    """``stored`` comments on twenty threads."""
    threads = [(number, f"/thread-{number}/", f"Thread {number}") for number in range(1, 21)]
    database.executemany("INSERT INTO threads (id, uri, title) VALUES (?, ?, ?)", threads)
    rows = (
        (
            number % 20 + 1,
            NOW.timestamp() + number,
            1,
            "127.0.0.0",
            f"comment number {number} of the harbour",
            b"\0" * 256,
        )
        for number in range(stored)
    )
    database.executemany(
        "INSERT INTO comments (tid, created, mode, remote_addr, text, voters) VALUES (?, ?, ?, ?, ?, ?)", rows
    )
    database.commit()
    database.close()


def ours(instance: Path, stored: int) -> None:
    """``stored`` errata with a report each, half as many corrections, a thousand articles."""
    # The application is needed here only, not for filling the others.
    from corrections import create_app
    from corrections.db import transaction
    from corrections.models import Correction, Counter, Erratum, Event, Report

    app = create_app(instance=instance)
    with app.app_context():
        _articles(stored)
        for table, rows in (
            (Erratum, _errata(stored)),
            (Report, _reports(stored)),
            (Event, _events(stored)),
            (Correction, _corrections(stored // 2)),
        ):
            for batch in _batches(rows):
                with transaction() as session:
                    session.execute(insert(table), batch)
        with transaction() as session:
            for name, value in (("erratum", stored), ("correction", stored // 2), ("log", 1)):
                session.execute(update(Counter).where(Counter.name == name).values(value=value))


def _articles(stored: int) -> None:
    from corrections.db import transaction  # as above
    from corrections.domain.text import digest
    from corrections.models import Article, ArticleName, NameKind, Snapshot
    from corrections.queries.articles import key_of

    sentence = "This is sentence {} of the harbour story, told at some length."
    text = "\n\n".join(" ".join(sentence.format(p * 8 + s) for s in range(8)) for p in range(8))
    articles, names, snapshots = [], [], []
    for n in range(1, ARTICLES + 1):
        title, url = f"The harbour story number {n}", f"https://bench.example/story/{n}"
        facts = {"id": n, "publication_id": 1, "slug": f"story-{n}", "url": url, "title": title, "section": "News"}
        articles.append(facts | {"added_at": NOW, "corrections_made": stored // 2 // ARTICLES})
        for kind, words in ((NameKind.TITLE, title), (NameKind.URL, url)):
            names.append({"article_id": n, "kind": kind, "text": words, "key": key_of(kind, words), "current": True})
        capture = {"id": n, "article_id": n, "number": 1, "captured_at": NOW}
        snapshots.append(capture | {"text": text, "digest": digest(text)})
    with transaction() as session:
        session.execute(insert(Article), articles)
        session.execute(insert(ArticleName), names)
        session.execute(insert(Snapshot), snapshots)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _errata(stored: int) -> Iterator[dict[str, Any]]:
    for n in range(1, stored + 1):
        status = STATUSES[n % len(STATUSES)]
        at = NOW + timedelta(seconds=n)
        yield {
            "id": n,
            "number": n,
            "article_id": n % ARTICLES + 1,
            "article_as_given": "",
            "snapshot_id": n % ARTICLES + 1,
            "certainty": "certain",
            "anchor_state": "anchored",
            "start": 10_000 + n,
            "end": 10_005 + n,
            "original_text": f"word{n} harbuor",
            "prefix": "",
            "suffix": "",
            "corrected_text": f"word{n} harbour",
            "claim_key": "",
            "kind": "typo",
            "severity": "normal",
            "status": status,
            "resolution": "not_an_error" if status == "rejected" else None,
            "report_count": 1,
            "reported_at": at,
            "last_reported_at": at,
            "revision": 1,
        }


def _reports(stored: int) -> Iterator[dict[str, Any]]:
    for n in range(1, stored + 1):
        yield {
            "id": n,
            "reference": secrets.token_urlsafe(12),
            "submission_key": f"fill-{n}",
            "erratum_id": n,
            "channel": "web",
            "screening": "passed",
            "screening_reason": "",
            "certainty": "certain",
            "article_as_given": f"The harbour story number {n % ARTICLES + 1}",
            "article_key": f"k{n % ARTICLES}",
            "original_text": f"word{n} harbuor",
            "prefix": "",
            "suffix": "",
            "corrected_text": f"word{n} harbour",
            "notes": "A reader noticed this.",
            "sender": f"s{n % 977}",
            "received_at": NOW + timedelta(seconds=n),
        }


def _events(stored: int) -> Iterator[dict[str, Any]]:
    for n in range(1, stored + 1):
        yield {
            "at": NOW + timedelta(seconds=n),
            "kind": "submitted",
            "channel": "web",
            "label": "A reader",
            "report_id": n,
            "erratum_id": n,
            "new_status": "reported",
            "note": "",
        }


def _corrections(stored: int) -> Iterator[dict[str, Any]]:
    for n in range(1, stored + 1):
        at = NOW + timedelta(seconds=60 * n)
        yield {
            "id": n,
            "number": n,
            "first_number": n,
            "article_id": n % ARTICLES + 1,
            "sequence": n,
            "kind": "correction" if n % 3 else "typo",
            "original_text": f"word{n} harbuor in the morning",
            "corrected_text": f"word{n} harbour in the morning",
            "prefix": "He came to the ",
            "suffix": " and left.",
            "note": "An earlier version misspelt the harbour.",
            "listed": bool(n % 3),
            "state": "published",
            "current": True,
            "published_at": at,
            "first_published_at": at,
            "editor_name": "Bench",
        }
