"""``corrections mail``: exit codes for mail servers, the quick way to the running service, mail of the past."""

from __future__ import annotations

import json
import mailbox
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

import factories
from corrections import handover
from corrections.domain import limits
from corrections.domain.letters import LetterKind
from corrections.models import OutboxMessage, Publication
from invented_mail import letter
from ports import free_port
from running import PATIENCE, ROOT, Installation, wait_until

Run = Callable[..., Result]

BOUNCE = b"""From: MAILER-DAEMON@mx.test
To: typos@newsroom.test
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@mx.test>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; gone@readers.test
Action: failed
Status: 5.1.1
--b--
"""


def rows(uri: str, columns: str = "way, envelope_from, state, kind") -> list[tuple[Any, ...]]:
    engine = sa.create_engine(uri)
    with engine.connect() as connection:
        found = connection.execute(sa.text(f"SELECT {columns} FROM inbox_message ORDER BY id"))  # noqa: S608 - words of the test
        result = [tuple(row) for row in found]
    engine.dispose()
    return result


# Files of the past ----------------------------------------------------------------------------------------------------


@pytest.fixture
def past(tmp_path: Path) -> Path:
    """A folder with six mails, one of them twice: three reports, a bounce, a newsletter, a picture of a mail."""
    folder = tmp_path / "past"
    folder.mkdir()
    with (folder / "old.mbox").open("wb") as file:
        for mail in (letter(1), letter(2), BOUNCE):
            file.write(b"From ann@readers.test Mon May  4 10:00:00 2026\n" + mail + b"\n")
    maildir = mailbox.Maildir(folder / "Maildir")
    maildir.add(letter(2))
    maildir.add(letter(3, headers="List-Id: <news.list.test>\nPrecedence: bulk\nList-Unsubscribe: <mailto:x@y.test>\n"))
    (folder / "four.eml").write_bytes(letter(4))
    return folder


def test_an_import_counts_what_is_what_and_doing_it_again_adds_nothing(
    run: Run,
    past: Path,
    database: str,
    session: Session,
    publication: Publication,  # noqa: ARG001 - reports are for it
) -> None:
    done = run("mail", "import", str(past), "--json", database=database)
    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout)
    assert (facts["new"], facts["known"], facts["refused"], facts["failed"], facts["waiting"]) == (5, 1, 0, 0, 0)
    assert (facts["report"], facts["bounce"], facts["list"]) == (3, 1, 1)
    assert set(facts) >= {kind.value for kind in LetterKind}
    again = json.loads(run("mail", "import", str(past), "--json", database=database).stdout)
    assert (again["new"], again["known"], again["report"]) == (0, 6, 3)
    said = run("mail", "import", str(past), database=database).stdout
    assert said.startswith("0 new, 6 known already, 0 refused.\nAmong them: 3 report")
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 0, "nobody is written to"
    assert {str(at)[:10] for (at,) in rows(database, "received_at")[:2]} == {"2026-05-04"}, "its own date"


def test_what_holds_no_mail_is_refused_and_the_rest_is_taken(
    run: Run,
    past: Path,
    database: str,
    publication: Publication,  # noqa: ARG001 - reports are for it
) -> None:
    notes = past.parent / "notes.txt"
    notes.write_text("Ring up Ann.")
    done = run("mail", "import", str(notes), str(past / "four.eml"), database=database)
    assert done.exit_code == 1
    assert done.stderr == f"Refused: {notes}: This holds no mail.\n"
    assert done.stdout.startswith("1 new, 0 known already, 1 refused.")


# A mail server's pipe -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said", "code", "sentence"),
    [
        ([], " \n\n", handover.EX_DATAERR, "The mail is empty."),
        ([], "x" * (limits.MAIL_BYTES + 1), handover.EX_DATAERR, "The mail has more than 26,214,400 bytes."),
        (["--form", "ann@readers.test"], "", handover.EX_USAGE, "No such option"),
        ([], letter().decode(), handover.OK, ""),
    ],
    ids=["empty", "too large", "wrong option", "fine"],
)
def test_the_exit_code_tells_the_mail_server_what_to_do(
    run: Run, database: str, words: list[str], said: str, code: int, sentence: str
) -> None:
    done = run("mail", "receive", *words, said=said, database=database)
    assert (done.exit_code, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mail_is_stored_with_its_envelope_and_read(
    run: Run,
    database: str,
    publication: Publication,  # noqa: ARG001 - reports are for it
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ["--from", "", "--to", "typos@newsroom.test", "news@newsroom.test"]  # as Postfix writes several recipients
    assert run("mail", "receive", *words, said=letter(1).decode(), database=database).exit_code == 0
    monkeypatch.setenv("SENDER", "ann@readers.test")
    monkeypatch.setenv("RECIPIENT", "typos@newsroom.test")
    pipe = "From ann@readers.test  Mon May  4 10:00:00 2026\n" + letter(2).decode()
    assert run("mail", "receive", said=pipe, database=database).exit_code == 0
    one, two = rows(database, "envelope_from, envelope_to, state, kind, raw")
    assert (one[0], one[2], two[0]) == ("", "read", "ann@readers.test")
    assert two[2:4] == ("read", "report")
    assert two[4] == letter(2), "without the line that the mail server put in front"
    assert [json.loads(to) if isinstance(to, str) else to for to in (one[1], two[1])] == [
        ["typos@newsroom.test", "news@newsroom.test"], ["typos@newsroom.test"]
    ]  # fmt: skip


def test_what_may_pass_is_tried_again_and_bad_settings_are_said(run: Run, tmp_path: Path, instance: Path) -> None:
    nowhere = run("mail", "receive", said=letter().decode(), instance=tmp_path / "nowhere")
    assert (nowhere.exit_code, nowhere.stderr.startswith("There is no installation")) == (handover.EX_TEMPFAIL, True)
    away = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    gone = run("mail", "receive", said=letter().decode(), database=away)
    assert gone.exit_code == handover.EX_TEMPFAIL
    assert "Traceback" not in gone.stderr
    (instance / "config.toml").write_text("PORT = 'eighty'")
    wrong = run("mail", "receive", said=letter().decode())
    assert wrong.exit_code == handover.EX_TEMPFAIL, "a mail server would send anything else back"
    assert wrong.stderr.startswith("PORT in ")


# Real processes -------------------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, database: str) -> Installation:
    folder = tmp_path / "instance"
    folder.mkdir(exist_ok=True)
    return Installation(folder, {"SQLALCHEMY_DATABASE_URI": database})


@pytest.fixture
def working(here: Installation, publication: Publication) -> Iterator[subprocess.Popen[str]]:  # noqa: ARG001 - reports are for it
    """A worker that takes mail from ``receive`` and by LMTP at ``here.settings["MAIL_IN_LMTP"]``."""
    here.settings["MAIL_IN_LMTP"] = f"127.0.0.1:{free_port()}"
    here.settings["MAIL_IN_ADDRESSES"] = "typos@newsroom.test"
    with (here.folder.parent / "worker.log").open("w") as log:
        process = subprocess.Popen(here.command("worker"), env=here.environment, stderr=log, text=True)
    wait_until(lambda: ((here.folder / handover.SOCKET).exists() and answers(here)) or process.poll() is not None)
    yield process
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert "Traceback" not in (here.folder.parent / "worker.log").read_text()


def answers(here: Installation) -> bool:
    host, _, port = here.settings["MAIL_IN_LMTP"].partition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=5):
            return True
    except OSError:
        return False


def receive(here: Installation, raw: bytes, *words: str) -> int:
    command = here.command("mail", "receive", *words)
    return subprocess.run(command, env=here.environment, input=raw, check=False, timeout=PATIENCE).returncode


def imported(here: Installation, raw: bytes) -> set[str]:
    """What the command loads in order to receive a mail."""
    environment = here.environment | {"PYTHONPROFILEIMPORTTIME": "1"}
    words = here.command("mail", "receive")
    done = subprocess.run(words, env=environment, input=raw, check=True, capture_output=True, timeout=PATIENCE)
    return {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}


@pytest.mark.slow
def test_the_running_service_takes_a_mail_without_the_program_being_loaded_and_reads_it(
    here: Installation, working: subprocess.Popen[str], database: str
) -> None:
    assert receive(here, letter(1) + b".a dot\n..two", "--from", "ann@readers.test", "--to", "x@anywhere.test") == 0
    assert receive(here, letter(2), "--from=MAILER-DAEMON") == 0
    assert imported(here, letter(3)) & {"click", "corrections.handover", "flask"} == {"corrections.handover"}
    host, _, port = here.settings["MAIL_IN_LMTP"].partition(":")
    with smtplib.LMTP(host, int(port)) as client:
        refused = client.sendmail("ann@readers.test", ["typos@newsroom.test", "boss@newsroom.test"], letter(4))
    assert list(refused) == ["boss@newsroom.test"]
    wait_until(lambda: [row[0] for row in rows(database, "state")] == ["read"] * 4)
    assert [row[:2] for row in rows(database)] == [
        ("pipe", "ann@readers.test"), ("pipe", ""), ("pipe", None), ("lmtp", "ann@readers.test")
    ]  # fmt: skip
    first, *_ = rows(database, "raw, envelope_to")
    assert bytes(first[0]) == (letter(1) + b".a dot\n..two\n").replace(b"\n", b"\r\n")
    assert working.poll() is None


@pytest.mark.slow
def test_a_second_worker_of_the_machine_waits_for_its_turn(
    here: Installation, working: subprocess.Popen[str], database: str
) -> None:
    log = here.folder.parent / "second.log"
    with log.open("w") as said:
        second = subprocess.Popen(here.command("worker"), env=here.environment, stderr=said, text=True)
    try:
        wait_until(lambda: "worker ready" in log.read_text())
        assert receive(here, letter(1)) == 0
        working.send_signal(signal.SIGKILL)
        working.wait()
        working.returncode = None
        wait_until(lambda: answers(here))
        assert receive(here, letter(2)) == 0
        assert len(rows(database)) == 2
        assert "cannot come in" not in log.read_text()
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(60) == 0


def test_handing_over_imports_next_to_nothing() -> None:
    heavy = "{'click', 'email', 'flask', 'sqlalchemy', 'typing', 'ssl', 'pathlib', 'importlib.metadata'}"
    code = f"import sys; from corrections import __main__; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_service_that_hangs_up_or_speaks_nonsense_is_not_believed(tmp_path: Path) -> None:
    """Then the program stores the mail itself."""
    for said in (b"", b"220 hello\r\n250 no size\r\n", b"220 hello\r\n500-what\r\n500 ever\r\n"):
        with socket.socket(socket.AF_UNIX) as listener:
            handover.with_short_path(str(tmp_path / "mail.sock"), listener.bind)
            listener.listen()
            code = "import sys; from corrections.handover import quickly; print(quickly(sys.argv[1:]))"
            words = [sys.executable, "-c", code, "--instance", str(tmp_path), "mail", "receive"]
            child = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            line, _ = listener.accept()
            with line:
                line.sendall(said)
                line.shutdown(socket.SHUT_WR)
                assert child.communicate(letter())[0] == b"None\n"
        (tmp_path / "mail.sock").unlink()


def test_command_lines_of_others_are_left_to_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENDER", raising=False)
    monkeypatch.delenv("RECIPIENT", raising=False)
    assert handover.understood(["serve"]) is None
    assert handover.understood(["mail", "receive", "--help"]) is None
    assert handover.understood(["--instance=here", "mail", "receive", "--to=a@b.test", "--to", "c@d.test"]) == (
        "here", None, ["a@b.test", "c@d.test"]
    )  # fmt: skip


@pytest.mark.slow
def test_lmtp_listens_where_it_is_told(here: Installation, database: str, publication: Publication) -> None:  # noqa: ARG001 - reports are for it
    port = free_port()
    words = here.command("mail", "lmtp", "--listen", f"127.0.0.1:{port}", "--smtp")
    process = subprocess.Popen(words, env=here.environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == f"Mail is taken by SMTP at 127.0.0.1:{port}. Ctrl+C stops it.\n"
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("ann@readers.test", ["typos@newsroom.test"], letter())
    wait_until(lambda: [row[2] for row in rows(database)] == ["read"])
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    process.stdout.close()


def test_lmtp_says_where_it_cannot_listen(run: Run, database: str, session: Session) -> None:
    factories.make_publication(session)
    assert run("mail", "lmtp", database=database).exit_code == 2
    for place in ("127.0.0.1", "127.0.0.1:99999", "127.0.0.1:smtp"):
        done = run("mail", "lmtp", "--listen", place, database=database)
        assert (done.exit_code, f"{place} is no address and port" in done.stderr) == (2, True)
    done = run("mail", "lmtp", "--listen", "nowhere.invalid:8024", database=database)
    assert done.exit_code == 1
    assert "Unknown error" not in done.stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run("mail", "lmtp", "--listen", place, database=database)
    assert (done.exit_code, done.stderr) == (1, f"Error: {place} cannot be listened on: Address already in use.\n")
