"""What the desk's other lists show: articles, the outbox, editors."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, false, func, select, true
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.errors import NotFound
from corrections.domain.states import OPEN, Status
from corrections.domain.urls import looks_like_url
from corrections.models import Article, ArticleName, Editor, Erratum, OutboxMessage, Snapshot
from corrections.queries import articles, search

Line: TypeAlias = Row[*tuple[Any, ...]]

CONFIDENTIAL: Final = "security"  # the template of mail with links that let somebody in


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows, and the id of the last one if there are more."""

    lines: Sequence[Line]
    after: int | None


def _page(lines: Sequence[Line], size: int) -> Page:
    return Page(lines=lines[:size], after=lines[size - 1].id if len(lines) > size else None)


# Articles -------------------------------------------------------------------------------------------------------------


def article_list(session: Session, typed: str, after: int | None, size: int = limits.PAGE) -> Page:
    """Articles, last added first; with words or an address typed, those that have them in a title or go by it."""
    still_open = (
        select(func.count())
        .where(Erratum.article_id == Article.id, Erratum.status.in_(OPEN))
        .correlate(Article)
        .scalar_subquery()
    )
    columns = (
        Article.id, Article.slug, Article.title, Article.url, Article.section, Article.published_at,
        Article.corrections_made, still_open.label("open"),
    )  # fmt: skip
    wanted = select(*columns).where(_matching(session, typed))
    if after is not None:
        wanted = wanted.where(Article.id < after)
    return _page(session.execute(wanted.order_by(Article.id.desc()).limit(size + 1)).all(), size)


def article_count(session: Session, typed: str) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Article).where(_matching(session, typed))) or 0


def _matching(session: Session, typed: str) -> ColumnElement[bool]:
    if not typed:
        return true()
    if looks_like_url(typed):
        article = articles.by_url(session, typed)
        return Article.id == article.id if article is not None else false()
    return search.article_matches(session, typed)


def article(session: Session, slug: str) -> Article:
    """The article. Raises NotFound."""
    found = session.scalar(select(Article).where(Article.slug == slug))
    if found is None:
        raise NotFound("There is no article at this address.")
    return found


def names_of(session: Session, article_id: int) -> Sequence[Line]:
    """All titles and addresses it goes or went by; the present ones first."""
    columns = (ArticleName.kind, ArticleName.text, ArticleName.current)
    named = select(*columns).where(ArticleName.article_id == article_id)
    return session.execute(named.order_by(ArticleName.kind, ArticleName.current.desc(), ArticleName.id)).all()


def snapshots_of(session: Session, article_id: int) -> Sequence[Line]:
    """Number, moment and length in characters of its texts, newest first."""
    columns = (Snapshot.number, Snapshot.captured_at, func.length(Snapshot.text).label("length"))
    taken = select(*columns).where(Snapshot.article_id == article_id)
    return session.execute(taken.order_by(Snapshot.number.desc()).limit(limits.PAGE)).all()


def errata_in(session: Session, article_id: int, after: int | None, size: int = limits.PAGE) -> Page:
    """Its errata, newest first, without the merged ones."""
    texts = Erratum.__table__.c
    columns = (
        Erratum.id, Erratum.number, Erratum.status, Erratum.anchor_state, Erratum.report_count, Erratum.reported_at,
        Erratum.corrected_text, texts.original_text, texts.prefix, texts.suffix,
    )  # fmt: skip
    found = select(*columns).where(Erratum.article_id == article_id, Erratum.status != Status.MERGED)
    if after is not None:
        found = found.where(Erratum.id < after)
    return _page(session.execute(found.order_by(Erratum.id.desc()).limit(size + 1)).all(), size)


# The outbox -----------------------------------------------------------------------------------------------------------


class Tray(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    FAILED = "failed"
    SENT = "sent"


_IN: Final = {
    Tray.WAITING: and_(OutboxMessage.sent_at.is_(None), OutboxMessage.failed_at.is_(None)),
    Tray.FAILED: OutboxMessage.failed_at.is_not(None),
    Tray.SENT: OutboxMessage.sent_at.is_not(None),
}


def messages(session: Session, tray: Tray, after: int | None, *, confidential: bool, size: int = limits.PAGE) -> Page:
    """Messages, last owed first; the confidential ones only for those who may read them."""
    columns = (
        OutboxMessage.id, OutboxMessage.recipient, OutboxMessage.template, OutboxMessage.facts, OutboxMessage.owed_at,
        OutboxMessage.due_at, OutboxMessage.sent_at, OutboxMessage.failed_at, OutboxMessage.attempts,
        OutboxMessage.last_error, OutboxMessage.bounced_at,
    )  # fmt: skip
    wanted = select(*columns).where(_IN[tray], _readable(confidential))
    if after is not None:
        wanted = wanted.where(OutboxMessage.id < after)
    return _page(session.execute(wanted.order_by(OutboxMessage.id.desc()).limit(size + 1)).all(), size)


def message_counts(session: Session, *, confidential: bool) -> dict[Tray, int]:
    """How many wait and how many were given up; what was sent is not counted."""
    trays = (Tray.WAITING, Tray.FAILED)
    counted = (
        select(func.count()).select_from(OutboxMessage).where(_IN[tray], _readable(confidential)).scalar_subquery()
        for tray in trays
    )
    return dict(zip(trays, session.execute(select(*counted)).one(), strict=True))


def message(session: Session, key: int, *, confidential: bool) -> OutboxMessage:
    """One message. Raises NotFound, also for a confidential one that is not to be read."""
    found = session.scalar(select(OutboxMessage).where(OutboxMessage.id == key, _readable(confidential)))
    if found is None:
        raise NotFound("There is no such message.")
    return found


def _readable(confidential: bool) -> ColumnElement[bool]:
    return true() if confidential else OutboxMessage.template != CONFIDENTIAL


# Editors --------------------------------------------------------------------------------------------------------------


def editors(session: Session) -> Sequence[Line]:
    """Everybody with a login, those who may use it first."""
    columns = (Editor.id, Editor.name, Editor.email, Editor.role, Editor.active, Editor.added_at)
    return session.execute(select(*columns).order_by(Editor.active.desc(), Editor.name, Editor.id)).all()


def editor(session: Session, key: int) -> Editor:
    """One of them. Raises NotFound."""
    found = session.get(Editor, key)
    if found is None:
        raise NotFound("There is no such editor.")
    return found


def sections(session: Session) -> Sequence[str]:
    """The sections that articles are in."""
    named = select(Article.section).where(Article.section.is_not(None)).distinct()
    return [name for name in session.scalars(named.order_by(Article.section).limit(limits.PAGE)) if name]
