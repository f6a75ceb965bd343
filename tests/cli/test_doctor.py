"""``doctor``: says what is wrong, what it means and what to do, and changes nothing."""

from __future__ import annotations

import json
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

import factories
import post_office
from conftest import Clock
from corrections.cli import checks
from corrections.db import transaction
from corrections.domain.letters import LetterState
from corrections.models import InboxMessage, Publication, Way
from corrections.services import inbox, outbox
from invented_mail import letter
from ports import free_port
from post_office import PostOffice

Run = Callable[..., Result]


@pytest.fixture
def find(run: Run, database: str) -> Callable[..., dict[str, list[dict[str, Any]]]]:
    """``find(PORT="1")``: the findings by subject, with these settings in the environment."""

    def find(database: str = database, **settings: str) -> dict[str, list[dict[str, Any]]]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(f"CORRECTIONS_{name}", value)
            done = run("doctor", "--json", database=database)
        found: dict[str, list[dict[str, Any]]] = {}
        for line in map(json.loads, done.stdout.splitlines()):
            found.setdefault(line["subject"], []).append(line)
        problems = [line for lines in found.values() for line in lines if line["level"] == "problem"]
        assert done.exit_code == (1 if problems else 0), done.output
        for lines in found.values():
            assert all(line["remedy"] for line in lines if line["level"] != "ok" and line["subject"] != "settings")
        return found

    return find


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office.running(PostOffice(), auth_require_tls=False) as office:
        yield office


def levels(lines: list[dict[str, Any]]) -> list[str]:
    return [line["level"] for line in lines]


def test_a_sound_installation_has_no_problem(
    find: Callable[..., Any], session: Session, office: PostOffice, instance: Path
) -> None:
    factories.make_publication(session, reply_address="desk@tide.test")
    factories.make_editors(session)
    (instance / "secret_key").write_text("k" * 64)
    (instance / "secret_key").chmod(0o600)
    for name in ("corrections.sqlite",):
        if (instance / name).exists():
            (instance / name).chmod(0o600)
    found = find(
        BASE_URL="https://corrections.tide.de", PROXIES="1", MAIL_SERVER="127.0.0.1", MAIL_PORT=str(office.port)
    )
    assert {level for lines in found.values() for level in levels(lines)} == {"ok"}, found
    assert found.keys() == {
        "settings", "permissions", "disk", "address", "proxies", "database", "migrations", "clock", "editors", "outbox",
        "mail",
    }  # fmt: skip
    assert office.asked == 0, "no mail is sent"


def test_settings_that_cannot_be_read_are_the_only_finding(find: Callable[..., Any]) -> None:
    found = find(PORT="x")
    assert list(found) == ["settings"]
    assert "CORRECTIONS_PORT" in found["settings"][0]["found"]


def test_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    done = run("doctor", instance=tmp_path / "nowhere")
    assert done.exit_code == 1
    assert "PROBLEM folder" in done.stdout
    assert "corrections init" in done.stdout


def test_a_database_that_is_away_empty_old_or_new(find: Callable[..., Any], run: Run, empty_database: str) -> None:
    away = find(database="postgresql://u:hidden@127.0.0.1:9/x")
    assert levels(away["database"]) == ["problem"]
    assert "hidden" not in str(away)
    assert "corrections init" in find(database=empty_database)["migrations"][0]["remedy"]
    run("db", "upgrade", "0001", database=empty_database)
    assert "corrections db upgrade" in find(database=empty_database)["migrations"][0]["remedy"]
    engine = sa.create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert "newer" in find(database=empty_database)["migrations"][0]["remedy"]


@pytest.mark.database("sqlite")
def test_a_damaged_file(find: Callable[..., Any], instance: Path, session: Session) -> None:
    factories.make_correction(session)
    session.commit()
    session.close()
    path = instance / "corrections.sqlite"
    content = bytearray(path.read_bytes())
    for page in range(3, len(content) // 4096):
        content[page * 4096 : page * 4096 + 100] = os.urandom(100)
    path.write_bytes(content)
    assert "problem" in levels(find()["database"])


def test_files_that_anybody_may_read(find: Callable[..., Any], instance: Path) -> None:
    (instance / "secret_key").write_text("k" * 64)
    (instance / "secret_key").chmod(0o644)
    warned = [line for line in find()["permissions"] if "secret_key" in line["found"]]
    assert levels(warned) == ["warning"]
    assert warned[0]["remedy"] == f"chmod 600 {instance / 'secret_key'}"


def test_a_disk_that_fills_up(find: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for free, level in ((10**10, "ok"), (5 * 10**8, "warning"), (10**6, "problem")):
        monkeypatch.setattr(checks.shutil, "disk_usage", lambda _, free=free: type("Usage", (), {"free": free}))
        assert levels(find()["disk"]) == [level]


@pytest.mark.parametrize(
    ("settings", "subject", "level"),
    [
        ({}, "address", "warning"),
        ({"BASE_URL": "http://corrections.tide.de"}, "address", "warning"),
        ({"BASE_URL": "https://192.168.1.5"}, "address", "warning"),
        ({"BASE_URL": "https://corrections.tide.de"}, "address", "ok"),
        ({"BASE_URL": "https://corrections.tide.de"}, "proxies", "warning"),
        ({"BASE_URL": "https://corrections.tide.de", "PROXIES": "1"}, "proxies", "ok"),
        ({"HOST": "0.0.0.0", "PROXIES": "1"}, "proxies", "warning"),  # noqa: S104 - that is what it warns of
        ({"SQLITE_SYNCHRONOUS": "NORMAL"}, "disk", "warning"),
        ({}, "editors", "warning"),
        ({}, "mail", "warning"),
    ],
)
def test_what_deserves_a_warning(find: Callable[..., Any], settings: dict[str, str], subject: str, level: str) -> None:
    assert find(**settings)[subject][-1]["level"] == level


def test_a_clock_that_went_back(find: Callable[..., Any], session: Session, clock: Clock) -> None:
    factories.make_correction(session)
    session.commit()
    assert levels(find()["clock"]) in (["ok"], ["warning"])  # the test's clock is not PostgreSQL's
    clock.advance(hours=-2)
    assert levels(find()["clock"]) == ["problem"]


def test_mail_that_nobody_sends_and_mail_that_was_given_up(
    find: Callable[..., Any], session: Session, clock: Clock
) -> None:
    with transaction():
        messages = [outbox.owe(session, None, f"r{n}@readers.test", "report_fixed", {}, at=clock.at) for n in range(2)]
        session.add_all(messages)
        session.flush()
        outbox.give_up(session, messages[0].id, "broken", clock.at)
    assert levels(find()["outbox"]) == ["warning", "ok"]
    clock.advance(timedelta(hours=1))
    assert levels(find()["outbox"]) == ["warning", "warning"]


def test_a_mail_server_that_is_away_or_does_not_let_us_in(find: Callable[..., Any], office: PostOffice) -> None:
    there = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(office.port)}
    away = find(**{**there, "MAIL_PORT": str(free_port())})["mail"]
    assert away[-1]["level"] == "problem"
    assert "Connection refused" in away[-1]["found"]
    inside = find(**there, MAIL_USERNAME="x", MAIL_PASSWORD="right")["mail"]
    assert inside[-1]["level"] == "ok"
    outside = find(**there, MAIL_USERNAME="x", MAIL_PASSWORD="wrong")["mail"]
    assert "535" in outside[-1]["found"]
    assert find(**there, MAIL_USE_TLS="true")["mail"][-1]["level"] == "problem", "it offers none"


def test_a_certificate_that_nobody_vouches_for_is_refused_but_on_this_machine(
    find: Callable[..., Any], tmp_path: Path
) -> None:
    with post_office.running(PostOffice(), tls=home_made(tmp_path)) as office:
        settings = {"MAIL_PORT": str(office.port), "MAIL_USE_TLS": "true"}
        assert find(MAIL_SERVER="127.0.0.1", **settings)["mail"][-1]["level"] == "ok"
        refused = find(MAIL_SERVER="127.0.0.1.", **settings)["mail"][-1]
        assert refused["level"] == "problem"


def home_made(folder: Path) -> ssl.SSLContext:
    """A server's certificate that no authority has signed."""
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def test_mail_that_waits_to_be_read_or_cannot_be(
    find: Callable[..., Any],
    session: Session,
    clock: Clock,
    publication: Publication,  # noqa: ARG001 - there is one
) -> None:
    assert "inbox" not in find()
    with transaction():
        for number in (1, 2):
            inbox.store(session, letter(number), Way.LMTP, clock.at)
        session.flush()
        session.get_one(InboxMessage, 1).state = LetterState.FAILED
    clock.advance(hours=1)
    assert [line["found"] for line in find()["inbox"]] == [
        "Messages that cannot be read: 1.", "Messages have been waiting since 2026-05-04 12:00 UTC."
    ]  # fmt: skip


def test_ways_in_that_are_closed(find: Callable[..., Any]) -> None:
    place = f"127.0.0.1:{free_port()}"
    found = find(MAIL_IN_LMTP=place, MAIL_IN_IMAP=f"imaps://typos@{place}/INBOX")
    assert levels(found["mail in"]) == ["warning", "problem"]
    assert found["mail in"][0]["found"] == f"Nobody takes mail at {place}."
    with socket.create_server(("127.0.0.1", 0)) as line:
        found = find(MAIL_IN_LMTP=f"127.0.0.1:{line.getsockname()[1]}")
    assert levels(found["mail in"]) == ["ok"]
