"""Public answers: the same for everybody, kept for a while, and sent again only when something was published since.

Everything public depends on what was published, and the log's version number grows with it. So that number, the address
and how pages look make the validator; a reader who has the page is answered before anything else is read.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request, stream_with_context
from sqlalchemy.orm import Session

from corrections import __version__
from corrections.db import db
from corrections.queries import log
from corrections.web.page import publication

CACHE_CONTROL: Final = "public, max-age=60, stale-while-revalidate=600"
KEPT_BYTES: Final = 8_000_000
_NAME: Final = "corrections_public"
Fact = TypeVar("Fact")


class Pages:
    """Rendered pages of one version of the log, the last used ones, at most ``limit`` bytes of them.

    ``facts`` are a few things that many pages show and that are the same for one version.
    """

    def __init__(self, looks: str, limit: int = KEPT_BYTES) -> None:
        self.looks = looks
        self._limit, self._held, self._version = limit, 0, -1
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._facts: dict[str, Any] = {}
        self._lock = Lock()

    def get(self, version: int, key: str) -> bytes | None:
        """The page as it was rendered for this version."""
        with self._lock:
            if version != self._version or key not in self._bodies:
                return None
            self._bodies.move_to_end(key)
            return self._bodies[key]

    def put(self, version: int, key: str, body: bytes) -> None:
        """Keep a page; those of another version and those not asked for lately make room."""
        with self._lock:
            self._begin(version)
            self._held += len(body) - len(self._bodies.pop(key, b""))
            self._bodies[key] = body
            while self._held > self._limit:
                self._held -= len(self._bodies.popitem(last=False)[1])

    def fact(self, version: int, name: str, find: Callable[[], Fact]) -> Fact:
        """What ``find`` finds, asked once for this version."""
        with self._lock:
            if version == self._version and name in self._facts:
                kept: Fact = self._facts[name]
                return kept
        found = find()
        with self._lock:
            self._begin(version)
            self._facts[name] = found
        return found

    def _begin(self, version: int) -> None:
        if version != self._version:
            self._bodies.clear()
            self._facts.clear()
            self._held, self._version = 0, version


def init_app(app: Flask) -> None:
    """Begin with no page kept."""
    app.extensions[_NAME] = Pages(_looks(app))


def _looks(app: Flask) -> str:
    """A digest of all that shapes a page but the database: the version, settings, templates, the stylesheet."""
    digest = hashlib.sha256(__version__.encode())
    for name in ("BASE_URL", "LOCALE", "TIMEZONE"):
        digest.update(f"\0{app.config[name]}".encode())
    templates = Path(app.root_path) / (app.template_folder or "templates")
    for folder in (templates, Path(app.static_folder or "")):
        for path in sorted(folder.rglob("*.html" if folder == templates else "*.css")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def answer(
    render: Callable[[Session], str | bytes], query: Mapping[str, str] | None = None, mimetype: str = "text/html"
) -> Response:
    """The page of the present address and ``query``: none when the reader has it, a kept one, or one rendered now."""
    session, pages = db.session(), _pages()
    version = log.version(session)
    key = _key(query)
    etag = _etag(version, key)
    if request.if_none_match.contains_weak(etag):
        return _with_validators(Response(status=304), etag)
    body = pages.get(version, key)
    if body is None:
        g.log_version = version
        g.publication = fact("publication", publication)
        rendered = render(session)
        body = rendered.encode() if isinstance(rendered, str) else rendered
        pages.put(version, key, body)
    return _with_validators(Response(body, mimetype=mimetype), etag)


def fact(name: str, find: Callable[[], Fact]) -> Fact:
    """What ``find`` finds for a page that is being rendered, which depends on nothing but what is public."""
    return _pages().fact(g.log_version, name, find)


def stream(chunks: Callable[[Session], Iterator[str]], mimetype: str) -> Response:
    """An answer too long to be kept, sent while it is read."""
    etag = _etag(log.version(db.session()), _key(None))
    if request.if_none_match.contains_weak(etag):
        return _with_validators(Response(status=304), etag)

    def body() -> Iterator[str]:
        # The request's own session is gone when the first chunk is asked for; this one is closed after the last.
        yield from chunks(db.session())

    return _with_validators(Response(stream_with_context(body()), mimetype=mimetype), etag)


def _pages() -> Pages:
    pages: Pages = current_app.extensions[_NAME]
    return pages


def _key(query: Mapping[str, str] | None) -> str:
    return f"{request.path}?{urlencode(query or {})}"


def _etag(version: int, key: str) -> str:
    return hashlib.sha256(f"{_pages().looks}\0{version}\0{key}".encode()).hexdigest()[:24]


def _with_validators(response: Response, etag: str) -> Response:
    # Weak: a correction published between reading the number and the entries may be in the page already.
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response
