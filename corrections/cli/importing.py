"""The work of ``corrections articles``: from sources into the database, some articles a transaction."""

import io
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click
from flask import current_app
from sqlalchemy import Select, or_, select
from sqlalchemy.exc import DataError, IntegrityError

from corrections import __version__
from corrections.cli import installation
from corrections.db import db, transaction
from corrections.domain.articles import ArticleFacts
from corrections.domain.errors import CorrectionsError
from corrections.domain.urls import ascii_host
from corrections.models import Article
from corrections.services import articles, publications
from corrections.services.articles import Outcome
from corrections.sources.fetch import Fetcher, telling_name
from corrections.sources.reading import is_address, read
from corrections.sources.refusal import Refusal

ARTICLES_AT_ONCE: Final = 50
CHARACTERS_AT_ONCE: Final = 4_000_000
SECONDS_AT_ONCE: Final = 5.0
LISTED_AT_ONCE: Final = 500
ABOUT_THE_ARTICLE: Final = (DataError, IntegrityError)  # other errors of the database are about the database


@dataclass(slots=True)
class Tally:
    """What came of an import."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    without_text: int = 0

    def as_facts(self) -> dict[str, Any]:
        """The counts, and why what was refused was refused."""
        counts = {outcome.value: self.outcomes[outcome] for outcome in Outcome}
        refusals = [{"origin": refusal.origin, "reason": refusal.reason} for refusal in self.refusals]
        return {**counts, "refused": len(refusals), "without_text": self.without_text, "refusals": refusals}


@contextmanager
def begun(folder: Path, allowed: Iterable[str]) -> Iterator["Importer"]:
    """An importer into the installation in ``folder``; it fetches from the publication's hosts and ``allowed`` ones."""
    with _opened(folder):
        publication = publications.get(db.session())
        fetcher = Fetcher(
            hosts=frozenset({*publication.hosts, *map(_host, allowed)}),
            private_hosts=frozenset(map(_host, current_app.config["FETCH_PRIVATE_HOSTS"])),
            user_agent=telling_name(__version__, publication.home_url),
        )
        db.session.remove()
        yield Importer(fetcher)


@contextmanager
def _opened(folder: Path) -> Iterator[None]:
    with installation.opened(folder).app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _host(typed: str) -> str:
    """``host`` or ``host:port`` of what was typed, which may be a whole address."""
    word = typed.strip().lower()
    name, colon, port = (urlsplit(word if "://" in word else f"//{word}").netloc or word).partition(":")
    return f"{ascii_host(name) or name}{colon}{port}"


class Importer:
    """Takes articles in. No transaction is open while a page is fetched or read."""

    def __init__(self, fetcher: Fetcher) -> None:
        self.fetcher = fetcher
        self.tally = Tally()
        self.waiting: list[ArticleFacts] = []
        self.since = time.monotonic()
        self.progress = Progress()

    def ask_for_hosts(self, sources: Iterable[str], *, agreed: bool) -> None:
        """Ask on a terminal whether to fetch from the hosts named in ``sources``; elsewhere they are refused later."""
        for source in filter(is_address, sources):
            host = urlsplit(source).netloc.rpartition("@")[2].lower()
            if self.fetcher.allows(source) or not host:
                continue
            if agreed or (sys.stdin and sys.stdin.isatty() and click.confirm(f"Fetch from {host}?", err=True)):
                self.fetcher.hosts |= {host}

    def take_in(self, sources: Iterable[str]) -> Tally:
        """Everything in ``sources``, stored in batches."""
        stdin = sys.stdin.buffer if sys.stdin else io.BytesIO()  # there is none under some schedulers
        for source in sources:
            for item in read(source, self.fetcher, stdin=stdin):
                if isinstance(item, Refusal):
                    self.tally.refusals.append(item)
                else:
                    self._add(item)
                self.progress.show(self.tally, len(self.waiting))
        self._store()
        self.progress.end()
        return self.tally

    def _add(self, facts: ArticleFacts) -> None:
        if not self.waiting:
            self.since = time.monotonic()
        self.waiting.append(facts)
        characters = sum(len(one.text or "") for one in self.waiting)
        late = time.monotonic() - self.since > SECONDS_AT_ONCE
        if len(self.waiting) >= ARTICLES_AT_ONCE or characters > CHARACTERS_AT_ONCE or late:
            self._store()

    def _store(self) -> None:
        """All that waits in one transaction; should that fail, each in its own, so that none is lost for another."""
        batch, self.waiting = self.waiting, []
        if not batch:
            return
        try:
            outcomes = _stored(batch)
        except (CorrectionsError, *ABOUT_THE_ARTICLE):
            for facts in batch:
                self._store_alone(facts)
        else:
            self._count(batch, outcomes)

    def _store_alone(self, facts: ArticleFacts) -> None:
        try:
            outcomes = _stored([facts])
        except CorrectionsError as refused:
            self.tally.refusals.append(Refusal(facts.origin, str(refused)))
        except ABOUT_THE_ARTICLE as error:
            self.tally.refusals.append(Refusal(facts.origin, f"The database does not take it: {error.orig}."))
        else:
            self._count([facts], outcomes)

    def _count(self, batch: list[ArticleFacts], outcomes: list[Outcome]) -> None:
        self.tally.outcomes.update(outcomes)
        self.tally.without_text += sum(facts.text is None for facts in batch)


def _stored(batch: list[ArticleFacts]) -> list[Outcome]:
    act = installation.operator()
    try:
        with transaction() as session:
            publication = publications.get(session)
            return [articles.find_or_add(session, publication, facts, act).outcome for facts in batch]
    finally:
        db.session.remove()


class Progress:
    """A line on the terminal that counts; nothing where there is no terminal."""

    def __init__(self) -> None:
        self.is_shown = sys.stderr.isatty()
        self.next = 0.0

    def show(self, tally: Tally, waiting: int) -> None:
        """Count, five times a second at most."""
        if not self.is_shown or time.monotonic() < self.next:
            return
        self.next = time.monotonic() + 0.2
        refused = f", {len(tally.refusals):,} refused" if tally.refusals else ""
        click.echo(f"\r{tally.outcomes.total() + waiting:,} articles{refused} ", nl=False, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self.is_shown and self.next:
            click.echo("\r" + " " * 60 + "\r", nl=False, err=True)


def known_addresses() -> Iterator[str]:
    """The addresses of all articles, the newest article first; needs an application context."""
    query = select(Article.published_at, Article.id, Article.url).where(Article.url.is_not(None))
    for row in _newest_first(query):
        yield row.url


def listed(folder: Path) -> Iterator[dict[str, Any]]:
    """All articles of the installation in ``folder``, the newest first."""
    with _opened(folder):
        columns = Article.published_at, Article.id, Article.slug, Article.url, Article.title, Article.byline
        for row in _newest_first(select(*columns, Article.section, Article.language)):
            published = row.published_at.isoformat() if row.published_at else None
            yield {
                "slug": row.slug,
                "url": row.url,
                "title": row.title,
                "byline": row.byline,
                "section": row.section,
                "published": published,
                "lang": row.language,
            }


def _newest_first(query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """The rows of ``query``, some at a time; those without a date last."""
    dated = query.where(Article.published_at.is_not(None)).order_by(Article.published_at.desc(), Article.id.desc())
    undated = query.where(Article.published_at.is_(None)).order_by(Article.id.desc())
    after: Any = None
    while rows := db.session.execute((dated if after is None else dated.where(after)).limit(LISTED_AT_ONCE)).all():
        yield from rows
        at, number = rows[-1].published_at, rows[-1].id
        after = or_(Article.published_at < at, (Article.published_at == at) & (Article.id < number))
    after = None
    while rows := db.session.execute((undated if after is None else undated.where(after)).limit(LISTED_AT_ONCE)).all():
        yield from rows
        after = Article.id < rows[-1].id
