"""``corrections articles``: what is taken in, what is refused and why, and what a second run does."""

from __future__ import annotations

import contextvars
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from corrections.cli import main
from corrections.db import db, transaction
from corrections.models import Article, ArticleName, NameKind, Snapshot
from loopback import Site, serving

SENTENCE = "The harbour of Veld was dredged for the first time in forty years, and the ferries came back. "


def page(title: str, sentence: str = SENTENCE) -> bytes:
    paragraphs = f"<p>{sentence * 3}</p>" * 3
    return f"<html lang=en><title>{title}</title><body><article><h1>{title}</h1>{paragraphs}</article></html>".encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def settings(database: str) -> dict[str, str]:
    """Settings for a process of its own: only those that a file could hold as well."""
    return {"SQLALCHEMY_DATABASE_URI": database, "SQLITE_SYNCHRONOUS": "NORMAL", "FETCH_PRIVATE_HOSTS": "127.0.0.1"}


@pytest.fixture
def corrections(session: Session, settings: dict[str, str], instance: Path, publication: object) -> Any:  # noqa: ARG001 - the publication is there when the command runs
    """``corrections("articles", ...)``: the command in this process, on the test's own database."""

    def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
        session.rollback()
        environment = {f"CORRECTIONS_{name}": value for name, value in settings.items()}
        runner, given = CliRunner(env=environment), ["--instance", str(instance), *arguments]
        result = contextvars.Context().run(runner.invoke, main, given, input=stdin)  # it sees nothing of the test's own
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        session.expire_all()
        return result

    return run


def counts(result: Result) -> tuple[int, int, int, int]:
    told = json.loads(result.stdout)
    return told["new"], told["changed"], told["unchanged"], told["refused"]


def lines(*articles: dict[str, object]) -> str:
    return "\n".join(json.dumps(article) for article in articles)


SHIPS = {"url": "https://tide.example.org/ships", "title": "Ships", "text": "One.\n\nTwo.", "byline": "Ann"}
PORTS = {"url": "https://tide.example.org/ports", "title": "Ports", "text": "Three."}


def test_articles_are_taken_in_and_a_second_run_changes_nothing(corrections: Any, session: Session) -> None:
    first = corrections("articles", "import", "-", "--json", stdin=lines(SHIPS, PORTS))
    assert (first.exit_code, counts(first)) == (0, (2, 0, 0, 0))
    second = corrections("articles", "import", "-", "--json", stdin=lines(SHIPS, PORTS))
    assert (second.exit_code, counts(second)) == (0, (0, 0, 2, 0))
    ships = session.scalars(select(Article).where(Article.title == "Ships")).one()
    assert (ships.url, ships.byline, [one.text for one in ships.snapshots]) == (SHIPS["url"], "Ann", [SHIPS["text"]])


def test_a_changed_text_is_a_new_snapshot_and_a_changed_title_keeps_the_old(corrections: Any, session: Session) -> None:
    corrections("articles", "import", "-", stdin=lines(SHIPS))
    changed = {**SHIPS, "title": "Ships and ferries", "text": "One.\n\nTwo, corrected."}
    assert counts(corrections("articles", "import", "-", "--json", stdin=lines(changed))) == (0, 1, 0, 0)
    assert session.scalars(select(Snapshot.text).order_by(Snapshot.number)).all() == [SHIPS["text"], changed["text"]]
    titles = select(ArticleName.text, ArticleName.current).where(ArticleName.kind == NameKind.TITLE)
    assert {row.text: row.current for row in session.execute(titles)} == {"Ships": False, "Ships and ferries": True}


def test_what_is_refused_is_named_and_the_rest_is_kept(corrections: Any, session: Session, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(SHIPS, {"title": ""}, {"title": "T", "url": "nonsense"}, PORTS))
    result = corrections("articles", "import", str(tmp_path), "nowhere", "--json")
    assert (result.exit_code, counts(result)) == (1, (2, 0, 0, 3))
    told = json.loads(result.stdout)["refusals"]
    assert [one["origin"].rpartition("/")[2] for one in told] == ["a.jsonl, line 2", "a.jsonl, line 3", "nowhere"]
    assert session.query(Article).count() == 2


@pytest.mark.database("sqlite")
def test_one_article_that_the_database_refuses_does_not_lose_the_batch(corrections: Any, session: Session) -> None:
    refusing = "BEFORE INSERT ON article WHEN NEW.title = 'Bad' BEGIN SELECT RAISE(ABORT, 'not this one'); END"
    with transaction():
        session.execute(text(f"CREATE TRIGGER refusing {refusing}"))
    result = corrections("articles", "import", "-", "--json", stdin=lines(SHIPS, {"title": "Bad"}, PORTS))
    assert (result.exit_code, counts(result)) == (1, (2, 0, 0, 1))
    assert json.loads(result.stdout)["refusals"] == [
        {"origin": "standard input, line 2", "reason": "The database does not take it: not this one."}
    ]
    assert session.scalars(select(Article.title).order_by(Article.id)).all() == ["Ships", "Ports"]


def test_many_articles_go_in_batches(corrections: Any, session: Session) -> None:
    many = [{"url": f"https://tide.example.org/{n}", "title": f"Article {n}", "text": f"Text {n}"} for n in range(120)]
    assert counts(corrections("articles", "import", "-", "--json", stdin=lines(*many))) == (120, 0, 0, 0)
    assert session.query(Article).count() == 120


def test_the_report_for_people(corrections: Any) -> None:
    result = corrections("articles", "import", "-", stdin=lines(SHIPS, {"title": "Announced"}, {"title": ""}))
    assert "2 new, 0 changed, 0 unchanged, 1 refused." in result.stdout
    assert "1 came with a title only" in result.stdout
    assert "Refused: standard input, line 3: It has no title." in result.stderr


def test_pages_are_fetched_from_hosts_that_are_allowed(corrections: Any, session: Session, site: Site) -> None:
    site.serve("/a", page("Ships"))
    refused = corrections("articles", "import", site.url("/a"), "--json")
    assert (refused.exit_code, counts(refused)) == (1, (0, 0, 0, 1))
    assert "--allow-host 127.0.0.1" in refused.stdout
    assert site.seen == []
    taken = corrections("articles", "import", site.url("/a"), "--allow-host", f"127.0.0.1:{site.port}", "--json")
    assert (taken.exit_code, counts(taken)) == (0, (1, 0, 0, 0))
    assert session.scalars(select(Article.url)).all() == [site.url("/a")]
    agent = dict(site.seen)["/a"]["User-Agent"]
    assert agent.startswith("Corrections/")
    assert agent.endswith("(+https://tide.example.org/)")


def test_private_hosts_need_a_setting(corrections: Any, settings: dict[str, str], site: Site) -> None:
    settings["FETCH_PRIVATE_HOSTS"] = ""
    site.serve("/a", page("Ships"))
    result = corrections("articles", "import", site.url("/a"), "--yes", "--json")
    assert (result.exit_code, site.seen) == (1, [])
    assert "FETCH_PRIVATE_HOSTS" in result.stdout


def test_refreshing_fetches_what_is_known(corrections: Any, session: Session, site: Site) -> None:
    site.serve("/a", page("Ships"))
    site.serve("/b", page("Ports"))
    corrections("articles", "import", site.url("/a"), site.url("/b"), "--yes")
    site.serve("/a", page("Ships", SENTENCE.replace("forty", "fifty")))
    site.replies.pop("/b")
    result = corrections("articles", "refresh", "--allow-host", "127.0.0.1", "--json")
    assert (result.exit_code, counts(result)) == (1, (0, 1, 0, 1))
    assert session.query(Snapshot).count() == 3


def test_what_is_refused_cannot_write_to_the_terminal(corrections: Any) -> None:
    result = corrections("articles", "import", "-", stdin=lines({"title": "T", "url": "\x1b[31mred\nline"}))
    assert "[31mred line" in result.stderr
    assert "\x1b" not in result.stderr


def test_hosts_may_be_given_in_any_spelling(corrections: Any, settings: dict[str, str], site: Site) -> None:
    settings["FETCH_PRIVATE_HOSTS"] = f"127.0.0.1:{site.port}"
    site.serve("/a", page("Ships"))
    for spelling in (f"http://127.0.0.1:{site.port}/", " 127.0.0.1 "):
        assert corrections("articles", "import", site.url("/a"), "--allow-host", spelling).exit_code == 0


def test_the_list(corrections: Any) -> None:
    corrections("articles", "import", "-", stdin=lines({**SHIPS, "published": "2026-05-04"}, PORTS, {"title": "Print"}))
    told = [json.loads(line) for line in corrections("articles", "list", "--json").stdout.splitlines()]
    assert [one["title"] for one in told] == ["Ships", "Print", "Ports"]
    assert told[0]["published"] == "2026-05-04T00:00:00+00:00"
    assert "2026-05-04  Ships  https://tide.example.org/ships" in corrections("articles", "list").stdout


def test_an_installation_must_be_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--instance", str(tmp_path / "none"), "articles", "import", "-"])
    assert result.exit_code == 1
    assert "corrections init" in result.stderr


def test_help_needs_no_database() -> None:
    heavy = "{'sqlalchemy', 'flask', 'lxml'}"
    code = f"import sys; from corrections.cli import articles; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.usefixtures("publication")
@pytest.mark.parametrize(("answer", "taken"), [(b"y\n", 1), (b"n\n", 0)])
def test_on_a_terminal_another_host_is_asked_for(
    settings: dict[str, str],
    instance: Path,
    session: Session,
    site: Site,
    answer: bytes,
    taken: int,
) -> None:
    site.serve("/a", page("Ships"))
    session.rollback()
    command = [sys.executable, "-c", "from corrections.cli import main; main()", "--instance", str(instance)]
    environment = {**os.environ, **{f"CORRECTIONS_{name}": value for name, value in settings.items()}}
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer)
        result = subprocess.run(
            [*command, "articles", "import", site.url("/a"), "--json"],
            stdin=theirs,
            capture_output=True,
            env=environment,
            check=False,
            timeout=60,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert f"Fetch from 127.0.0.1:{site.port}?".encode() in result.stderr
    assert json.loads(result.stdout)["new"] == taken
    assert result.returncode == 1 - taken
    db.session.expire_all()
    assert session.query(Article).count() == taken
