"""What a start leaves alone: libraries and parts that take long to import and that few processes need."""

from __future__ import annotations

import gc
import json
import sqlite3
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Final

from corrections.cli import collecting_later
from invented_mail import letter
from running import PATIENCE, ROOT, Installation

# Each with who needs it, and imports it.
NOT_FOR_PAGES: Final = {
    "aiosmtpd": "the worker, which takes mail",
    "alembic": "changes of the database's tables",
    "corrections.demo": "the invented magazine",
    "corrections.domain.prose.fields": "the first report: hundreds of patterns are made",
    "corrections.domain.prose.mails": "the first mail, in the same way",
    "corrections.mail.imap": "the worker, where a mailbox is set",
    "corrections.mail.incoming": "the worker, which reads mail",
    "corrections.mail.parse": "the worker, and who looks at a mail at the desk",
    "corrections.sources": "bringing articles in",
    "feedparser": "articles from feeds",
    "gunicorn": "`serve`, before there are pages",
    "imap_tools": "the worker, where a mailbox is set",
    "lxml": "articles from pages, mail in HTML",
    "psycopg": "installations on PostgreSQL",
    "qrcode": "setting up an authenticator app",
    "redis": "installations that count in Redis",
    "trafilatura": "articles from pages",
}
NOT_FOR_A_MAIL: Final = {
    "aiosmtpd": "the worker, which takes mail by LMTP",
    "alembic": "changes of the database's tables",
    "corrections.cli.mail_import": "mail of the past",
    "corrections.mail.delivery": "the worker, which sends mail",
    "corrections.server": "`serve`",
    "corrections.sources": "bringing articles in",
    "corrections.web": "pages",
    "corrections.worker": "the worker",
    "flask_limiter": "pages: how often one may try to log in",
    "gunicorn": "`serve`",
    "imap_tools": "the worker, where a mailbox is set",
    "prometheus_client": "pages: figures for machines that watch",
    "trafilatura": "articles from pages",
}


def imported(code: str, unwanted: Collection[str], *words: str, said: bytes = b"") -> list[str]:
    """Which of the unwanted a new process has imported when it has done what ``code`` says."""
    told = f"import json, sys\n{code}\nprint(json.dumps(sorted({set(unwanted)} & set(sys.modules))))"
    command = [sys.executable, "-c", told, *words]
    environment = Installation(Path()).environment
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=said, capture_output=True, check=False, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr.decode()
    found: list[str] = json.loads(done.stdout)
    return found


def test_the_pages_start_without_what_few_of_them_need(tmp_path: Path) -> None:
    code = "from corrections import create_app\ncreate_app(instance=sys.argv[1])"
    assert imported(code, NOT_FOR_PAGES, str(tmp_path / "instance")) == []


def test_a_mail_is_stored_and_read_without_the_pages_and_the_worker(tmp_path: Path) -> None:
    here = Installation(tmp_path / "instance")
    here.must("init", "--publication", "The Tide", "--home-url", "https://tide.example.org/")
    code = """
from corrections.__main__ import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
"""
    words = ("--instance", str(here.folder), "mail", "receive", "--from", "ann@readers.test", "--to", "typos@tide.test")
    assert imported(code, NOT_FOR_A_MAIL, *words, said=letter(1)) == []
    database = sqlite3.connect(here.folder / "corrections.sqlite")
    assert database.execute("SELECT state, kind FROM inbox_message").fetchall() == [("read", "report")]
    assert database.execute("SELECT count(*) FROM report").fetchall() == [(1,)]
    database.close()


def test_what_is_imported_needlessly_is_seen(tmp_path: Path) -> None:
    code = "from corrections import create_app\ncreate_app(instance=sys.argv[1])\nimport alembic, corrections.sources"
    assert imported(code, NOT_FOR_PAGES, str(tmp_path / "instance")) == ["alembic", "corrections.sources"]


def test_only_the_program_keeps_for_good_what_there_is_after_an_import() -> None:
    kept = gc.get_freeze_count()
    with collecting_later():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == kept, "what a test leaves behind has to be freed"
