"""``serve``: starts from nothing, answers, and stops without losing what is in hand."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import post_office
from ports import free_port
from post_office import PostOffice
from running import Installation, Server, alive, children_of, wait_until

FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.slow


@pytest.fixture
def here(tmp_path: Path, empty_database: str) -> Installation:
    return Installation(tmp_path / "instance", {"SQLALCHEMY_DATABASE_URI": empty_database})


@pytest.fixture
def server(here: Installation) -> Iterator[Server]:
    with here.serving() as server:
        yield server


def test_from_nothing_to_a_running_installation_and_a_clean_end(server: Server) -> None:
    folder = server.installation.folder
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert f"http://127.0.0.1:{server.port}/report" in server.said
    welcome = re.search(r"http://127\.0\.0\.1:\d+(/welcome/\S+)", server.said)
    assert welcome is not None
    assert server.get(welcome[1]).status == 200
    assert server.get("/").status == 200
    assert server.get("/report?quote=a+secret+quote").status == 200
    assert server.get("/reports/a-secret-reference").status == 404
    assert server.get("/readyz").status == 200
    web, worker = server.both()
    workers = children_of(web)
    assert len(workers) == 2
    for _ in range(20):
        assert server.get("/policy").status == 200
    counted = 'corrections_http_request_seconds_count{endpoint="log.policy",method="GET",status="200"} 20.0'
    assert counted in server.get("/metrics").body, "what all processes counted"
    server.tell(signal.SIGTERM)
    assert server.wait() == 0
    assert not any(map(alive, [web, worker, *workers]))
    requests = server.lines("corrections.request")
    assert {"/", "/report", "/reports/<reference>"} <= {line["route"] for line in requests}
    assert all({"time", "request_id", "method", "status", "ms"} <= line.keys() for line in requests)
    assert "secret" not in server.log.read_text()
    assert "127.0.0.1" not in server.log.read_text()


def test_a_second_start_keeps_everything_and_gives_no_welcome_when_there_is_an_editor(here: Installation) -> None:
    here.must("init", "--publication", "The Tide", "--home-url", "https://tide.test/")
    here.must("editor", "add", "ed@tide.test", "--name", "Ed", "--password-stdin", said="a long password\n")
    with here.serving() as server:
        assert "/welcome/" not in server.said
        assert "/login" in server.said
        assert "The Tide" in server.get("/").body


def test_a_request_in_hand_is_answered_before_the_end(server: Server) -> None:
    body = b"article=&original_text=" + b"x" * 1000
    head = f"POST /report HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nContent-Type: {FORM}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(head.encode() + body[:100])
        wait_until(lambda: has_read(server.port, line.getsockname()[1]))
        server.tell(signal.SIGTERM)
        time.sleep(1)
        assert not server.gone
        line.sendall(body[100:])
        assert re.match(rb"HTTP/1\.1 4\d\d ", line.recv(4096)), "the form was read, and refused for its age"
    assert server.wait() == 0


def has_read(port: int, client: int) -> bool:
    """Whether the server at ``port`` has taken all that was sent from ``client``; the kernel's table knows."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ends = {(row[1][-4:], row[2][-4:]): row for row in rows}
    row = ends.get((f"{port:04X}", f"{client:04X}"))
    return row is not None and row[4].endswith(":00000000") and row[9] != "0"  # nothing waits, and it is accepted


def test_mail_in_hand_is_sent_and_noted_before_the_end(here: Installation) -> None:
    with post_office.running(PostOffice(seconds=5)) as office:
        here.settings |= {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": office.port}
        here.must("init", "--publication", "The Tide", "--home-url", "https://tide.test/")
        owe_mail(here, 5)
        with here.serving() as server:
            wait_until(lambda: office.asked)
            server.tell(signal.SIGTERM)
            assert server.wait() == 0
            assert len(office.kept) == 1
    assert sum(sent_at is not None for sent_at in sent_times(here)) == 1


def owe_mail(here: Installation, count: int) -> None:
    engine = sa.create_engine(here.settings["SQLALCHEMY_DATABASE_URI"])
    statement = sa.text(
        "INSERT INTO outbox_message"
        " (kind, recipient, template, facts, message_id, thread, owed_at, due_at, attempts, last_error)"
        " VALUES ('mail', :to, 'report_fixed', '{\"reference\": \"abc\"}', :id, '', '2026-01-01', '2026-01-01', 0, '')"
    )
    with engine.begin() as connection:
        for number in range(count):
            connection.execute(statement, {"to": f"r{number}@readers.test", "id": f"<m{number}@tide.test>"})
    engine.dispose()


def sent_times(here: Installation) -> list[Any]:
    engine = sa.create_engine(here.settings["SQLALCHEMY_DATABASE_URI"])
    with engine.connect() as connection:
        found = list(connection.execute(sa.text("SELECT sent_at FROM outbox_message")).scalars())
    engine.dispose()
    return found


def test_a_child_that_dies_is_started_again(server: Server) -> None:
    web, worker = server.both()
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: len(server.children()) == 2 and worker not in server.children())
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: len(server.children()) == 2 and web not in server.children())
    wait_until(server.answers)
    assert server.get("/readyz").status == 200
    assert [line["code"] for line in server.lines("corrections.server")] == [-9, -9]


def test_when_the_parent_is_killed_its_children_end_and_the_port_is_free(server: Server) -> None:
    web, worker = server.both()
    everybody = [web, worker, *children_of(web)]
    server.tell(signal.SIGKILL)
    server.wait()
    wait_until(lambda: not any(map(alive, everybody)))  # until then, one of them may answer in the new one's place
    server.start()
    assert server.get("/readyz").status == 200


def test_a_port_in_use_is_said_in_a_sentence(here: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = here.run("serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: Port {port} of 127.0.0.1 is in use.")
    assert "Traceback" not in done.stderr


def test_any_port_is_found_and_told(here: Installation, tmp_path: Path) -> None:
    server = Server(here, 0)
    server.port = free_port()
    here.settings["PORT"] = 0
    out = tmp_path / "out"
    with out.open("w") as file:
        process = subprocess.Popen(here.command("serve"), env=here.environment, stdout=file, stderr=subprocess.DEVNULL)
    wait_until(lambda: "/report" in out.read_text())
    found = re.search(r"http://127\.0\.0\.1:(\d+)/report", out.read_text())
    assert found is not None
    server.port = int(found[1])
    wait_until(server.answers)
    process.terminate()
    assert process.wait(60) == 0


def test_hup_reads_the_settings_again_and_keeps_the_old_ones_when_they_are_bad(server: Server) -> None:
    config = server.installation.folder / "config.toml"

    def home() -> str:
        return server.get("/feed.json").body

    assert "https://new.test" not in home()
    config.write_text('BASE_URL = "https://new.test"\n')
    server.tell(signal.SIGHUP)
    wait_until(lambda: "https://new.test" in home())
    config.write_text('BASE_URL = "nonsense"\n')
    server.tell(signal.SIGHUP)
    wait_until(lambda: any("settings not read again" in line["message"] for line in server.lines()))
    assert "https://new.test" in home()
    wait_until(lambda: len(server.children()) == 2)


def test_no_worker_means_pages_alone(here: Installation) -> None:
    with here.serving("--no-worker") as server:
        assert len(server.children()) == 1
        assert "corrections worker" in server.said


def test_an_older_database_is_brought_up_to_date(here: Installation) -> None:
    here.must("db", "upgrade", "0001")
    assert here.run("db", "current").returncode == 1
    with here.serving() as server:
        assert server.get("/readyz").status == 200
    assert here.run("db", "current").returncode == 0


def test_a_newer_database_is_left_alone(here: Installation) -> None:
    here.must("init")
    engine = sa.create_engine(here.settings["SQLALCHEMY_DATABASE_URI"])
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    done = here.run("serve")
    assert done.returncode == 1
    assert "newer version" in done.stderr


def test_ctrl_c_reaches_the_parent_alone_and_stops_cleanly(server: Server) -> None:
    groups = {os.getpgid(pid) for pid in server.both()}
    assert os.getpgid(server.pid) not in groups
    server.tell(signal.SIGINT)
    assert server.wait() == 0
