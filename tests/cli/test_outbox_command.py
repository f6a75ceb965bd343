"""``corrections outbox``: what is owed, listed and sent from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from click.testing import Result
from sqlalchemy.orm import Session

import factories
import post_office
from corrections.db import transaction
from corrections.domain import clock
from corrections.services import outbox
from ports import free_port
from post_office import PostOffice

Run = Callable[..., Result]


@pytest.fixture
def owed(session: Session) -> list[str]:
    factories.make_publication(session)
    with transaction():
        for number in range(3):
            factories.make_report(session, email=f"reader{number}@readers.test", quote=f"word{number}")
    return [message.message_id for message in factories.mails(session)]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with post_office.running(PostOffice(answer=post_office.every_third_refused)) as office:
        monkeypatch.setenv("CORRECTIONS_MAIL_SERVER", "127.0.0.1")
        monkeypatch.setenv("CORRECTIONS_MAIL_PORT", str(office.port))
        yield office


def test_messages_are_listed_for_people_and_for_programs(must: Run, database: str, owed: list[str]) -> None:
    lines = [json.loads(line) for line in must("outbox", "list", "--json", database=database).stdout.splitlines()]
    assert [line["message_id"] for line in lines] == owed
    assert {line["tray"] for line in lines} == {"waiting"}
    assert lines[0]["recipient"] == "reader0@readers.test"
    assert "waiting" in must("outbox", "list", database=database).stdout
    assert must("outbox", "list", "--tray", "sent", database=database).stdout == ""


def test_what_is_due_is_sent_and_the_rest_told(
    must: Run, run: Run, database: str, owed: list[str], office: PostOffice
) -> None:
    done = run("outbox", "deliver", "--json", database=database)
    assert json.loads(done.stdout) == {"sent": 2, "waiting": 1, "failed": 0, "unreachable": ""}
    assert done.exit_code == 1
    assert [letter.message_id for letter in office.kept] == owed[:2]
    listed = must("outbox", "list", "--tray", "waiting", database=database).stdout
    assert "451 4.3.0 not now" in listed
    assert must("outbox", "deliver", database=database).stdout == "Sent 0, to be tried again 0, given up 0.\n"


@pytest.mark.usefixtures("owed")
def test_without_a_server_it_says_so(run: Run, database: str) -> None:
    done = run("outbox", "deliver", database=database)
    assert done.exit_code == 1
    assert "CORRECTIONS_MAIL_SERVER" in done.stderr


@pytest.mark.usefixtures("owed")
def test_a_server_that_cannot_be_reached_is_named(run: Run, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRECTIONS_MAIL_SERVER", "127.0.0.1")
    monkeypatch.setenv("CORRECTIONS_MAIL_PORT", str(free_port()))
    done = run("outbox", "deliver", database=database)
    assert done.exit_code == 1
    assert "cannot be reached: Connection refused" in done.stderr


@pytest.mark.usefixtures("owed")
def test_what_waits_for_its_next_attempt_is_sent_when_asked_for(
    must: Run, run: Run, database: str, office: PostOffice, session: Session
) -> None:
    assert run("outbox", "deliver", database=database).exit_code == 1
    with transaction():
        (refused,) = [message for message in factories.mails(session) if message.sent_at is None]
        refused.due_at += timedelta(hours=8)
    assert json.loads(must("outbox", "deliver", "--json", database=database).stdout)["sent"] == 0
    assert json.loads(must("outbox", "deliver", "--all", "--json", database=database).stdout)["sent"] == 1
    assert len(office.kept) == 3
    session.expire_all()


def test_what_somebody_may_be_sending_now_is_not_hastened(session: Session, owed: list[str]) -> None:
    now = clock.now()
    with transaction():
        assert outbox.claim(session, now) is not None
    with transaction():
        assert outbox.hasten(session, now) == 0
    assert outbox.claim(session, now) is not None, "another one"
    assert len(owed) == 3
