"""``log export``: the public log as files that work wherever they are put."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import Result
from flask import Flask
from lxml import html
from sqlalchemy.orm import Session

import factories
from corrections.cli.static_log import LISTING
from corrections.db import transaction
from corrections.domain import limits

Run = Callable[..., Result]
LIVE = "https://corrections.tide.test"


@pytest.fixture(autouse=True)
def _address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRECTIONS_BASE_URL", LIVE)


@pytest.fixture
def published(session: Session) -> None:
    factories.make_publication(session)
    with transaction():
        for number in range(3):
            factories.make_correction(session, note=f"Note <{number}> & “more”")


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("published")
def test_every_link_leads_to_a_file_or_to_the_installation(must: Run, database: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    must("log", "export", str(site), database=database)
    expected = {"index.html", "policy.html", "corrections/1.html", "corrections/3.html", "feed.atom", "feed.json"}
    expected |= {
        "corrections.csv",
        "corrections.jsonl",
        "sitemap.xml",
        "sitemap-0.xml",
        "robots.txt",
        "static/style.css",
    }
    assert expected <= files(site)
    links = 0
    for page in site.rglob("*.html"):
        for element, _, target, _ in html.fromstring(page.read_bytes()).iterlinks():
            parts = urlsplit(target)
            if parts.scheme or target.startswith("#"):
                assert not target.startswith("http://localhost"), target
                continue
            links += 1
            assert (page.parent / unquote(parts.path)).is_file(), f"{page}: {target}"
            assert element.tag != "form"
    assert links > 20


@pytest.mark.usefixtures("published")
def test_what_needs_the_program_leads_there(must: Run, database: str, tmp_path: Path) -> None:
    must("log", "export", str(tmp_path / "site"), database=database)
    page = html.fromstring((tmp_path / "site" / "index.html").read_bytes())
    assert any(link.startswith(f"{LIVE}/report") for link in page.xpath("//a/@href"))
    assert all(action.startswith(f"{LIVE}/") for action in page.xpath("//form/@action"))


@pytest.mark.usefixtures("published")
def test_the_pages_say_what_the_application_says(must: Run, database: str, tmp_path: Path, app: Flask) -> None:
    must("log", "export", str(tmp_path / "site"), database=database)
    written = html.fromstring((tmp_path / "site" / "corrections" / "2.html").read_bytes())
    answered = html.fromstring(app.test_client().get("/corrections/2").data)
    assert written.xpath("string(//main)") == answered.xpath("string(//main)")


def test_a_long_log_has_all_its_pages(
    must: Run, session: Session, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PAGE", 2)
    factories.make_publication(session)
    with transaction():
        for _ in range(limits.PAGE * 2 + 51):
            factories.make_correction(session)
    site = tmp_path / "site"
    must("log", "export", str(site), database=database)
    page, shown, pages = site / "index.html", set(), 0
    while page is not None:
        pages += 1
        document = html.fromstring(page.read_bytes())
        shown |= set(re.findall(r"corrections/(\d+)\.html", page.read_text()))
        following = document.xpath("//a[@rel='next']/@href")
        page = (page.parent / following[0]).resolve() if following else None
    assert pages > 1
    assert len(shown) == limits.PAGE * 2 + 51


@pytest.mark.usefixtures("published")
def test_run_again_it_changes_what_changed_and_removes_what_is_no_longer_there(
    must: Run, database: str, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    must("log", "export", str(site), database=database)
    before = {name: (site / name).stat().st_mtime_ns for name in files(site)}
    (site / "left-over.html").write_text("x")
    with (site / LISTING).open("a") as listing:
        listing.write("\nleft-over.html\n../outside.html\n/etc/hosts")
    (tmp_path / "outside.html").write_text("x")
    (site / "mine.txt").write_text("not ours")
    must("log", "export", str(site), database=database)
    after = {name: (site / name).stat().st_mtime_ns for name in files(site)}
    assert after.keys() - before.keys() == {"mine.txt"}
    assert (tmp_path / "outside.html").exists()
    assert {name for name in before if before[name] != after[name]} <= {LISTING, "feed.atom", "feed.json"}


@pytest.mark.usefixtures("published")
def test_a_folder_of_somebody_elses_is_left_alone(run: Run, database: str, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "thesis.txt").write_text("x")
    done = run("log", "export", str(tmp_path / "site"), database=database)
    assert done.exit_code == 1
    assert "holds other files" in done.stderr
    assert files(tmp_path / "site") == {"thesis.txt"}


@pytest.mark.usefixtures("published")
def test_a_web_server_may_read_the_files(must: Run, database: str, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        must("log", "export", str(tmp_path / "site"), database=database)
    finally:
        os.umask(before)
    assert (tmp_path / "site" / "corrections" / "1.html").stat().st_mode & 0o444 == 0o444
