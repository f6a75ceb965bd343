"""``backup`` and ``restore``: one consistent file while running, and everything back, on either database."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

import factories
from corrections import migrating
from corrections.db import Base, configure, db, transaction
from corrections.domain.actors import Role
from corrections.domain.states import Move
from corrections.models import Article, Attachment, BouncedAddress, Passkey, Way
from corrections.services import inbox, publishing, triage
from corrections.services.triage import Said

Run = Callable[..., Result]


def contents(uri: str) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, as the models read them."""
    engine = sa.create_engine(uri)
    with engine.connect() as connection:
        found = {}
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            found[table.name] = [dict(row) for row in rows.mappings()]
    engine.dispose()
    return found


@pytest.fixture
def filled(session: Session, database: str) -> str:
    """A database with something in every table, and with rows that refer to later ones of their own table."""
    factories.make_publication(session)
    with transaction():
        admin = factories.make_editor(session, Role.ADMIN, name="Ada Ünal")
        session.add(
            Passkey(
                editor=admin, credential_id=b"\x00\xff\x01", public_key=b"key", backup_state=True, device_type="x",
                create_datetime=admin.added_at, lastuse_datetime=admin.added_at, name="n", usage="first",
                transports=["usb"],
            )
        )  # fmt: skip
        factories.make_article(session)
        act = factories.act(editor=admin)
        first = factories.make_erratum(session, readers=3, confirmed="ann@readers.test", name="日本 😀")
        factories.publish(session, factories.fix(session, first, by=act), by=act)
        second = factories.make_erratum(session, quote="the the", corrected_text="the")
        third = factories.make_erratum(session, quote="eleven minutes", corrected_text="twelve minutes")
        triage.merge(session, second, third, act)
        fourth = factories.make_erratum(session, quote="Marta Lund", corrected_text="Martha Lund")
        triage.move(session, fourth, Move.HOLD, act, Said(reason="We ask her."))
        one = factories.make_correction(session, by=act)
        publishing.withdraw(session, one, "It was right after all.", act)
        mail, _ = inbox.store(session, b"Message-ID: <1@readers.test>\n\nA typo\xff.", Way.PIPE, act.at)
        mail.attachments.append(Attachment(part=1, name="screen.png", media_type="image/png", size=70))
        mail.reports.extend(first.reports[:1])
        session.add(BouncedAddress(address="gone@readers.test", first_at=act.at, last_at=act.at, reason="550"))
    return database


def test_all_comes_back_as_it_was(must: Run, filled: str, empty_database: str, instance: Path, tmp_path: Path) -> None:
    (instance / "config.toml").write_text('LOCALE = "en"\n')
    (instance / "secret_key").write_text("k" * 64)
    file, there = tmp_path / "all.backup", tmp_path / "there"
    must("backup", str(file), database=filled)
    assert file.stat().st_mode & 0o777 == 0o600
    must("restore", str(file), instance=there, database=empty_database)
    before, after = contents(filled), contents(empty_database)
    assert all(before.values()), "every table has rows"
    assert before == after
    assert (there / "secret_key").read_text() == "k" * 64
    assert (there / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (there / "config.toml").read_text() == 'LOCALE = "en"\n'
    assert "as this version expects" in must("db", "check", instance=there, database=empty_database).stdout


def test_the_restored_installation_works_on(must: Run, filled: str, empty_database: str, tmp_path: Path) -> None:
    must("backup", str(tmp_path / "b"), database=filled)
    there = tmp_path / "there"
    must("restore", str(tmp_path / "b"), instance=there, database=empty_database)
    app = Flask("restored", instance_path=str(there))
    app.config["SQLALCHEMY_DATABASE_URI"] = empty_database
    db.init_app(app)
    with app.app_context():
        configure(db.engine)
        with transaction() as session:
            article = session.scalars(sa.select(Article).order_by(Article.id)).first()
            assert article is not None
            words = {"quote": "The crossing takes", "corrected_text": "A crossing takes"}
            erratum = factories.make_erratum(session, article=article.url, **words)
            factories.publish(session, factories.fix(session, erratum, corrected_text="A crossing takes"))
        counts = {row.status: row.n for row in db.session.execute(sa.text("SELECT status, n FROM erratum_count"))}
        grouped = db.session.execute(sa.text("SELECT status, count(*) AS n FROM erratum GROUP BY status"))
        assert {status: n for status, n in counts.items() if n} == {row.status: row.n for row in grouped}
        db.session.remove()
        db.engine.dispose()


def test_nothing_that_is_there_is_overwritten(must: Run, run: Run, filled: str, instance: Path, tmp_path: Path) -> None:
    (instance / "secret_key").write_text("s" * 64)
    file = tmp_path / "b"
    must("backup", str(file), database=filled)
    before = contents(filled)
    refused = run("restore", str(file), database=filled)
    assert refused.exit_code == 1
    assert "holds data" in refused.stderr
    assert contents(filled) == before
    fresh = tmp_path / "fresh"
    assert run("restore", str(file), instance=fresh, database=filled).exit_code == 1
    assert list(fresh.iterdir()) == [], "what was put there for a try is taken away again"


def test_an_installation_that_was_only_begun_may_be_filled(
    must: Run, filled: str, empty_database: str, tmp_path: Path
) -> None:
    must("backup", str(tmp_path / "b"), database=filled)
    there = tmp_path / "there"
    must("init", instance=there, database=empty_database)
    told = must("restore", str(tmp_path / "b"), instance=there, database=empty_database)
    assert contents(empty_database) == contents(filled)
    assert "config.toml was there" not in told.stderr


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    must: Run, filled: str, empty_database: str, tmp_path: Path
) -> None:
    must("backup", str(tmp_path / "new"), database=filled)
    edited(tmp_path / "new", tmp_path / "old", revision="0001", emptied=("counter", "erratum_count"), unknown=SINCE)
    must("restore", str(tmp_path / "old"), instance=tmp_path / "there", database=empty_database)
    must("db", "current", instance=tmp_path / "there", database=empty_database)
    assert len(contents(empty_database)["report"]) == len(contents(filled)["report"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"revision": "9999"}, "newer than this one"),
        ({"format": 2}, "newer than this one"),
        ({"rows": "one less"}, "not whole"),
        ({"without": "manifest.json"}, "not a whole backup"),
    ],
)
def test_a_backup_that_cannot_be_used_changes_nothing(
    must: Run, run: Run, filled: str, empty_database: str, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    must("backup", str(tmp_path / "good"), database=filled)
    edited(tmp_path / "good", tmp_path / "bad", **change)
    refused = run("restore", str(tmp_path / "bad"), instance=tmp_path / "there", database=empty_database)
    assert refused.exit_code == 1
    assert said in refused.stderr
    must("restore", str(tmp_path / "good"), instance=tmp_path / "there", database=empty_database)
    assert contents(empty_database) == contents(filled)


# What the first version's tables did not have: whole tables, and columns.
SINCE: Final = {
    "inbox_message": (), "inbox_report": (), "attachment": (), "bounced_address": (),
    "report": ("read_original", "read_corrected"), "outbox_message": ("bounced_at",),
}  # fmt: skip


def edited(source: Path, target: Path, **changes: Any) -> None:
    """A copy of a backup with another manifest, without the tables and columns that are ``unknown``."""
    without, rows, emptied = changes.pop("without", ""), changes.pop("rows", ""), changes.pop("emptied", ())
    unknown = changes.pop("unknown", {})
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(content) | changes
                manifest["rows"] |= dict.fromkeys(emptied, 0)
                for table in (table for table, columns in unknown.items() if not columns):
                    del manifest["rows"][table]
                if rows:
                    manifest["rows"]["report"] += 1
                content = json.dumps(manifest).encode()
            if Path(name).stem in emptied:
                content = b""
            if columns := unknown.get(Path(name).stem):
                lines = [json.loads(line) for line in content.splitlines()]
                kept = [{key: value for key, value in line.items() if key not in columns} for line in lines]
                content = "".join(json.dumps(line) + "\n" for line in kept).encode()
            if name != without:
                new.writestr(name, content)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 half a file"])
def test_what_is_no_backup_is_refused(run: Run, tmp_path: Path, empty_database: str, content: bytes) -> None:
    (tmp_path / "b").write_bytes(content)
    done = run("restore", str(tmp_path / "b"), instance=tmp_path / "there", database=empty_database)
    assert done.exit_code == 1
    assert "not a whole backup" in done.stderr
    assert not (tmp_path / "there").exists()


def test_a_backup_while_others_write_is_of_one_moment(must: Run, filled: str, tmp_path: Path, app: Flask) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with app.app_context(), transaction() as session:
                factories.make_erratum(session, quote=f"word {number}", corrected_text=f"other {number}", article="x")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(3):
            file = tmp_path / f"{turn}.backup"
            must("backup", str(file), database=filled)
            with zipfile.ZipFile(file) as archive:
                tables = {
                    name: [json.loads(line) for line in archive.read(f"tables/{name}.jsonl").splitlines()]
                    for name in ("report", "erratum", "event", "counter", "erratum_count")
                }
            errata = {row["id"] for row in tables["erratum"]}
            assert {row["erratum_id"] for row in tables["report"] if row["erratum_id"]} <= errata
            reports = {row["id"] for row in tables["report"]}
            assert {row["report_id"] for row in tables["event"] if row["report_id"]} == reports
            numbered = {row["name"]: row["value"] for row in tables["counter"]}
            assert numbered["erratum"] == max(row["number"] for row in tables["erratum"])
            assert sum(row["n"] for row in tables["erratum_count"]) == len(errata)
    finally:
        stop.set()
        writer.join()


def test_an_unfinished_backup_leaves_the_old_one(
    must: Run, run: Run, filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "b"
    must("backup", str(file), database=filled)
    before = file.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr(migrating, "revision_of", full)
    done = run("backup", str(file), database=filled)
    assert done.exit_code == 1
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".b")] == []


def test_an_installation_may_move_to_sqlite_and_from_it(
    must: Run, filled: str, empty_database: str, tmp_path: Path
) -> None:
    must("backup", str(tmp_path / "first"), database=filled)
    must("restore", str(tmp_path / "first"), instance=tmp_path / "sqlite")
    must("backup", str(tmp_path / "second"), instance=tmp_path / "sqlite")
    must("restore", str(tmp_path / "second"), instance=tmp_path / "back", database=empty_database)
    assert contents(empty_database) == contents(filled)
