"""The public log as static files: what the application itself answers, with links that work without it."""

import html
import os
import posixpath
import re
import tempfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import click
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from corrections.db import db
from corrections.models import Article, Correction

LISTING: Final = ".corrections-log"  # names the files of ours in a folder
# Endpoint, and its file; pages of a list that follow the first have the cursor in their name.
FILES: Final = {
    "log.index": "index.html",
    "log.policy": "policy.html",
    "log.correction": "corrections/{number}.html",
    "log.article": "articles/{slug}.html",
    "feeds.atom": "feed.atom",
    "feeds.json_feed": "feed.json",
    "feeds.article_atom": "articles/{slug}/feed.atom",
    "feeds.article_json": "articles/{slug}/feed.json",
    "feeds.csv_file": "corrections.csv",
    "feeds.json_lines": "corrections.jsonl",
    "feeds.sitemap_index": "sitemap.xml",
    "feeds.sitemap": "sitemap-{block}.xml",
    "feeds.robots": "robots.txt",
}
FOLLOWING: Final = {"log.index": "before/{before}.html", "log.article": "articles/{slug}/before/{before}.html"}
SEEDS: Final = ("/", "/policy", "/feed.atom", "/feed.json", "/corrections.csv", "/corrections.jsonl", "/sitemap.xml")
# Our pages write their attributes so, and a quotation mark in a text is always escaped.
_LINK: Final = re.compile(r'\b(href|src|action)="([^"]*)"')
_XML_PLACE: Final = re.compile(r"<loc>([^<]*)</loc>")


@dataclass(slots=True)
class StaticLog:
    """One export of the log into a folder."""

    app: Flask
    folder: Path
    _files: dict[str, str] = field(default_factory=dict)
    _queue: deque[str] = field(default_factory=deque)

    def write(self) -> Iterator[str]:
        """Write all files, giving the name of each. Raises ClickException."""
        before = self._files_of_last_time()
        names = []
        for name in self._write_all():
            names.append(name)
            yield name
        self._put(LISTING, "\n".join(sorted(names)).encode())
        for name in before - set(names):
            (self.folder / name).unlink(missing_ok=True)

    def _write_all(self) -> Iterator[str]:
        yield from self._write_statics()
        for address in self._first_addresses():
            self._find(address)
        while self._queue:
            yield self._write_page(self._queue.popleft())

    def _files_of_last_time(self) -> set[str]:
        self.folder.mkdir(parents=True, exist_ok=True)
        listing = self.folder / LISTING
        if listing.is_file():
            return {name for name in listing.read_text("utf-8").splitlines() if not name.startswith(("/", ".."))}
        if any(self.folder.iterdir()):
            raise click.ClickException(
                f"{self.folder} holds other files. Choose an empty folder, or one written before."
            )
        return set()

    def _first_addresses(self) -> Iterator[str]:
        yield from SEEDS
        yield "/robots.txt"
        with self.app.app_context():
            corrected = select(Article.slug).where(Article.id.in_(select(Correction.article_id))).order_by(Article.id)
            for number in db.session.scalars(select(Correction.number).order_by(Correction.number)).all():
                yield f"/corrections/{number}"
            for slug in db.session.scalars(corrected).all():
                yield f"/articles/{slug}"

    def _find(self, address: str) -> str | None:
        """The file of an address, which is queued when it is new; None for what only the program can answer."""
        if address in self._files:
            return self._files[address]
        name = self._file_of(address)
        if name is not None:
            self._files[address] = name
            self._queue.append(address)
        return name

    def _file_of(self, address: str) -> str | None:
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        try:
            endpoint, values = self.app.url_map.bind("localhost").match(parts.path, method="GET")
        except HTTPException:
            return None
        if query.keys() == {"before"} and query["before"].isdecimal() and endpoint in FOLLOWING:
            return FOLLOWING[endpoint].format(**values, **query)
        return FILES[endpoint].format(**values) if not query and endpoint in FILES else None

    def _write_page(self, address: str) -> str:
        answer = self.app.test_client().get(address, base_url=self.app.config["BASE_URL"])
        if answer.status_code != HTTPStatus.OK:
            raise click.ClickException(f"{address} could not be written: the program answered {answer.status_code}.")
        body, name = answer.get_data(), self._files[address]
        if answer.mimetype == "text/html":
            body = self._relinked(body.decode(), address, name).encode()
        elif name == "sitemap.xml":
            for place in _XML_PLACE.findall(body.decode()):
                self._find(urlsplit(html.unescape(place)).path)
        self._put(name, body)
        return name

    def _relinked(self, page: str, address: str, name: str) -> str:
        def relink(found: re.Match[str]) -> str:
            attribute, target = found[1], html.unescape(found[2])
            link = self._live(target) if attribute == "action" else self._link(target, address, name)
            return f'{attribute}="{html.escape(link)}"'

        return _LINK.sub(relink, page)

    def _live(self, target: str) -> str:
        """The address at the installation."""
        return f"{self.app.config['BASE_URL']}{target}" if target.startswith("/") else target

    def _link(self, target: str, address: str, name: str) -> str:
        """Relative to a file of ours, else at the installation."""
        if target.startswith("?"):
            target = f"{urlsplit(address).path}{target}"
        if not target.startswith("/") or target.startswith("//"):
            return target
        bare, mark, fragment = target.partition("#")
        here = posixpath.dirname(name)
        if bare.startswith("/static/"):
            return posixpath.relpath(bare.lstrip("/"), here)
        found = self._find(bare)
        return f"{posixpath.relpath(found, here)}{mark}{fragment}" if found is not None else self._live(target)

    def _write_statics(self) -> Iterator[str]:
        source = Path(self.app.static_folder or "")
        for path in sorted(source.rglob("*")):
            if path.is_file():
                name = f"static/{path.relative_to(source).as_posix()}"
                self._put(name, path.read_bytes())
                yield name

    def _put(self, name: str, body: bytes) -> None:
        """Replace a file at once, so that nobody is served half a page."""
        path = self.folder / name
        if path.is_file() and path.read_bytes() == body:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            file.write(body)
        Path(file.name).chmod(0o644)
        os.replace(file.name, path)  # noqa: PTH105 - Path.replace would do the same
