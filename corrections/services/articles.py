"""Articles: found or added by their address or title, with a new snapshot only when the text changed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.domain import anchors, limits
from corrections.domain.actors import Act
from corrections.domain.anchors import AnchorState
from corrections.domain.articles import ArticleFacts
from corrections.domain.errors import Rejected
from corrections.domain.states import OPEN, Status
from corrections.domain.text import digest, slug
from corrections.domain.urls import canonical_url
from corrections.models import (
    Article,
    ArticleName,
    Erratum,
    EventKind,
    NameKind,
    Publication,
    Snapshot,
)
from corrections.queries import articles
from corrections.services import numbers, placing, trail


class Outcome(StrEnum):
    """What an import did with an article."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Found:
    """The article and what was done with it."""

    article: Article
    outcome: Outcome


FACTS: Final = ("byline", "section", "published_at", "language", "licence")
LONGEST: Final = {
    "title": limits.TITLE,
    "url": limits.URL,
    "text": limits.ARTICLE_TEXT,
    "byline": limits.BYLINE,
    "section": limits.SECTION,
    "language": limits.LANGUAGE,
    "licence": limits.URL,
}


def find_or_add(session: Session, publication: Publication, facts: ArticleFacts, act: Act) -> Found:
    """Take in what a source says of an article: add it, or update what changed; earlier names stay as aliases.

    An article with an address is the same by its address; one without, by title and beginning of the text. Raises
    Rejected when the title is missing or something is too long.
    """
    _check(facts)
    article = _known(session, facts)
    new = article is None
    if article is None:
        article = Article(
            publication=publication,
            slug=_free_slug(session, facts.title),
            url=canonical_url(facts.url) if facts.url else None,
            title=facts.title,
            added_at=act.at,
            **{name: getattr(facts, name) for name in FACTS},
        )
        session.add(article)
        session.flush()
    changed = False if new else _update(article, facts)
    changed |= _name(session, article, facts)
    if facts.text is not None:
        changed |= capture(session, article, facts.text, act) is not None
    if changed and not new and article.corrections_made:
        numbers.take(session, numbers.Name.LOG)  # the public pages show the title and the address
    return Found(article, Outcome.NEW if new else Outcome.CHANGED if changed else Outcome.UNCHANGED)


def _check(facts: ArticleFacts) -> None:
    if not facts.title.strip():
        raise Rejected("There is no title.", {"title": "Give the article a title."})
    if facts.url and canonical_url(facts.url) is None:
        raise Rejected(
            "The address %(url)s is not an http(s) address.", {"url": "Give a whole address."}, url=facts.url[:200]
        )
    for name, allowed in LONGEST.items():
        value = getattr(facts, name)
        if value and (len(value.encode()) if name == "url" else len(value)) > allowed:
            raise Rejected(
                "The %(name)s is longer than %(allowed)s characters.",
                {name: "Too long."},
                name=name,
                allowed=f"{allowed:,}",
            )


def _known(session: Session, facts: ArticleFacts) -> Article | None:
    for address in filter(None, (facts.url, *facts.aliases)):
        article = articles.by_url(session, address)
        if article is not None:
            return article
    if facts.url:
        return None
    same_title = select(ArticleName.article_id).where(
        ArticleName.kind == NameKind.TITLE, ArticleName.key == articles.key_of(NameKind.TITLE, facts.title)
    )
    for article in session.scalars(select(Article).where(Article.id.in_(same_title), Article.url.is_(None))):
        if article.published_at == facts.published_at or facts.published_at is None:
            return article
    return None


def _free_slug(session: Session, title: str) -> str:
    base = slug(title) or "article"
    taken = set(session.scalars(select(Article.slug).where(Article.slug.startswith(base, autoescape=True))))
    number, free = 1, base
    while free in taken:
        number += 1
        free = f"{base}-{number}"
    return free


def _update(article: Article, facts: ArticleFacts) -> bool:
    changed = False
    if article.title != facts.title:
        article.title, changed = facts.title, True
    address = canonical_url(facts.url) if facts.url else None
    if address and _is_better(address, article.url):
        article.url, changed = address, True
    for name in FACTS:
        value = getattr(facts, name)
        if value is not None and getattr(article, name) != value:
            setattr(article, name, value)
            changed = True
    return changed


def _is_better(address: str, known: str | None) -> bool:
    """Whether to show this address from now on: another one, or the same by https; not one with tracking added."""
    if known is None or articles.key_of(NameKind.URL, known) != articles.key_of(NameKind.URL, address):
        return True
    return known.startswith("http:") and address.startswith("https:")


def _name(session: Session, article: Article, facts: ArticleFacts) -> bool:
    """Keep every title and address that leads to this article; True when one is new."""
    wanted = [(NameKind.TITLE, articles.key_of(NameKind.TITLE, facts.title), facts.title)]
    addresses = filter(None, (facts.url, *facts.aliases))
    wanted += [(NameKind.URL, articles.key_of(NameKind.URL, address), address) for address in addresses]
    session.flush()
    known = {(name.kind, name.key): name for name in article.names}
    fresh = False
    for kind, key, words in wanted:
        if key and (kind, key) not in known:
            name = ArticleName(article=article, kind=kind, key=key, text=words[: limits.URL])
            known[kind, key] = name
            session.add(name)
            fresh = True
    current = {
        (NameKind.TITLE, articles.key_of(NameKind.TITLE, article.title)),
        (NameKind.URL, articles.key_of(NameKind.URL, article.url or "")),
    }
    for pair, name in known.items():
        name.current = pair in current
    return fresh


def capture(session: Session, article: Article, text: str, act: Act) -> Snapshot | None:
    """Take a new snapshot if the text changed, and look where the errata's quotes went; None when it did not."""
    latest = articles.latest_snapshot(session, article.id)
    fingerprint = digest(text)
    if latest is not None and latest.digest == fingerprint:
        _look_for_fixes(session, article, latest, act)
        return None
    number = latest.number + 1 if latest is not None else 1
    snapshot = Snapshot(article=article, number=number, text=text, digest=fingerprint, captured_at=act.at)
    session.add(snapshot)
    _follow(session, article, snapshot, act)
    return snapshot


def _look_for_fixes(session: Session, article: Article, snapshot: Snapshot, act: Act) -> None:
    """The text may have been mended before the editor said that it was."""
    waiting = (Erratum.article_id == article.id, Erratum.status == Status.FIXED, Erratum.live_at.is_(None))
    for erratum in session.scalars(select(Erratum).where(*waiting)).all():
        _follow_decided(session, erratum, article, snapshot, act)


def _follow(session: Session, article: Article, snapshot: Snapshot, act: Act) -> None:
    errata = session.scalars(
        select(Erratum).where(Erratum.article_id == article.id, Erratum.status != Status.MERGED).order_by(Erratum.id)
    )
    for erratum in errata.all():
        if erratum.status in OPEN:
            _anchor_anew(session, erratum, article, snapshot, act)
        else:
            _follow_decided(session, erratum, article, snapshot, act)


def _follow_decided(session: Session, erratum: Erratum, article: Article, snapshot: Snapshot, act: Act) -> None:
    """A fix may be seen live; words that still stand there are followed, so that later reports of them are known."""
    found = anchors.locate(erratum.anchor, snapshot.text, erratum.corrected_text)
    if found.state is AnchorState.ANCHORED:
        placing.put(erratum, article, snapshot, found)
    elif found.state is AnchorState.ALREADY_FIXED and erratum.status is Status.FIXED and erratum.live_at is None:
        erratum.live_at = act.at
        trail.record(session, EventKind.SEEN_LIVE, act, erratum=erratum)


def _anchor_anew(session: Session, erratum: Erratum, article: Article, snapshot: Snapshot, act: Act) -> None:
    before = erratum.anchor_state
    if before is AnchorState.ANCHORED:
        found = anchors.locate(erratum.anchor, snapshot.text, erratum.corrected_text)
    else:
        found = placing.find_again(erratum, article, snapshot)
    placing.put(erratum, article, snapshot, found)
    if found.state is not before:
        trail.record(
            session, EventKind.TEXT_CHANGED, act, erratum=erratum, note=f"{before.value} → {found.state.value}"
        )
