"""``corrections reports`` and ``corrections match``: a mailbox's past comes in, and all says where it was placed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from corrections.db import transaction
from corrections.domain.actors import Channel
from corrections.models import Article, OutboxMessage, Report

pytestmark = pytest.mark.usefixtures("publication")


@pytest.fixture
def article(session: Session) -> Article:
    with transaction():
        factories.make_editors(session)
        return factories.make_article(session, url="https://tide.example.org/ferry")


@pytest.fixture
def corrections(article: Article, session: Session, must: Any, run: Any, database: str) -> Any:  # noqa: ARG001 - it is there
    """``corrections("match", ...)`` on the test's own database; ``fails`` for what is to end with another code."""

    def command(*words: str, said: str = "", fails: bool = False) -> Any:
        session.rollback()
        done = (run if fails else must)(*words, said=said, database=database)
        session.expire_all()
        return done

    return command


LINES = [
    {
        "id": "old-1",
        "received": "2019-05-06T07:08:09Z",
        "channel": "email",
        "article": factories.TITLE,
        "original_text": "recieves",
        "corrected_text": "receives",
        "email": "ann@example.org",
        "name": "Ann",
    },
    {
        "id": "old-2",
        "channel": "form",
        "url": "https://tide.example.org/ferry?utm_source=x",
        "selector": {"exact": "the the", "prefix": "In winter ", "suffix": " boat"},
        "further": "ignored",
    },
    {"id": "old-3", "notes": "Something is wrong with the picture."},
]


def as_lines(*objects: Any) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)


def exported(corrections: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in corrections("reports", "export", "--json").output.splitlines()]


def test_the_past_comes_in_and_says_where_it_was_placed(corrections: Any) -> None:
    done = corrections("reports", "import", "-", "--json", said=as_lines(*LINES))
    counts = json.loads(done.output)
    assert (counts["new"], counts["certain"], counts["unknown"], counts["refused"]) == (3, 2, 1, 0)
    first, second, third = exported(corrections)
    assert (first["id"], first["channel"], first["certainty"], first["anchor_state"]) == (
        "old-1",
        "mail",
        "certain",
        "anchored",
    )
    assert factories.TEXT[first["start"] : first["end"]] == "recieves"
    assert (first["original_text"], first["corrected_text"], first["status"]) == ("recieves", "receives", "reported")
    assert (second["article_url"], second["channel"]) == ("https://tide.example.org/ferry", "web")
    assert factories.TEXT[second["start"] : second["end"]] == "the the"
    assert (third["certainty"], third["article_url"], third["start"], third["anchor_state"]) == (
        "unknown",
        None,
        None,
        "orphaned",
    )


def test_doing_it_again_makes_none_twice(corrections: Any, session: Session) -> None:
    corrections("reports", "import", "-", said=as_lines(*LINES))
    done = corrections("reports", "import", "-", said=as_lines(*LINES, LINES[0]))
    assert "0 new" in done.output
    assert "4 known already" in done.output
    assert session.scalar(select(func.count()).select_from(Report)) == 3


def test_nobody_is_written_to_about_the_past(corrections: Any, session: Session) -> None:
    corrections("reports", "import", "-", said=as_lines(*LINES))
    assert session.scalars(select(OutboxMessage)).all() == []
    report = session.scalars(select(Report).where(Report.source_id == "old-1")).one()
    assert (report.reporter_email, report.email_confirmed_at, report.channel) == ("ann@example.org", None, Channel.MAIL)
    assert report.received_at.year == 2019


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("not json", "not a line of JSON"),
        ("[1]", "must be a JSON object"),
        ('{"id": "x", "article": "A title"}', "Copy the words with the error here"),
        ('{"notes": 5}', "notes must be a text"),
        ('{"notes": "a", "selector": "b"}', "selector must be an object"),
        ('{"notes": "a", "received": "yesterday"}', "received is no date and time"),
        (json.dumps({"notes": "a" * 10_001}), "10,000 fit"),
    ],
    ids=["no-json", "a-list", "empty", "a-number", "selector", "date", "too-long"],
)
def test_a_line_that_cannot_be_taken_is_named_and_the_others_come_in(corrections: Any, line: str, why: str) -> None:
    done = corrections("reports", "import", "-", said=f"{line}\n{as_lines(LINES[0])}", fails=True)
    assert done.exit_code == 1
    assert "standard input, line 1" in done.output
    assert why in done.output
    assert [one["id"] for one in exported(corrections)] == ["old-1"]


def test_reports_come_from_files_and_are_listed_for_people(corrections: Any, tmp_path: Path) -> None:
    file = tmp_path / "past.jsonl"
    file.write_text(as_lines(*LINES))
    assert (
        "3 new (2 placed for certain, 0 likely, 1 waiting for an editor)"
        in corrections("reports", "import", str(file)).output
    )
    listed = corrections("reports", "export").output
    assert "#1  certain, anchored  The ferry that crosses by moonlight" in listed
    assert "unknown, orphaned  no article" in listed


def test_match_explains_and_stores_nothing(corrections: Any, session: Session) -> None:
    told = json.loads(
        corrections("match", "the FERRY that crosses by moonlight", "recieves", "receives", "--json").output
    )
    assert (told["certainty"], told["article_title"], told["anchor_state"]) == ("certain", factories.TITLE, "anchored")
    assert factories.TEXT[told["start"] : told["end"]] == "recieves"
    assert told["erratum"] is None
    said = corrections("match", factories.TITLE, "recieves").output
    assert "Article: certain - The ferry that crosses by moonlight" in said
    assert "[recieves]" in said
    assert "Erratum: a new one" in said
    assert session.scalars(select(Report)).all() == []


def test_match_names_the_erratum_that_is_there(corrections: Any) -> None:
    corrections("reports", "import", "-", said=as_lines(LINES[0]))
    assert "one more report of #1" in corrections("match", factories.TITLE, "recieves", "receives").output


def test_match_says_so_when_no_article_comes_into_question(corrections: Any) -> None:
    said = corrections("match", "Zwölf Bücher über Quallen", "xyzzy").output
    assert "Article: unknown" in said
    assert "All in all: unknown" in said
