"""Digests: what came in since the last one, in one mail an editor."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.domain.limits import PAGE
from corrections.domain.states import OPEN
from corrections.models import Article, Editor, Erratum
from corrections.services import outbox

# What is older than this has been committed, so that no report falls between two digests.
SETTLED: Final = timedelta(minutes=1)


def owe_digests(session: Session, now: datetime) -> int:
    """Write the digests that are due; how many there were."""
    due = select(Editor).where(Editor.active, Editor.digest_due_at <= now).order_by(Editor.id)
    owed = 0
    for editor in session.scalars(due.with_for_update(skip_locked=True)).all():
        pause = editor.notify.pause
        if pause is None or editor.digest_due_at is None:
            editor.digest_due_at = None
            continue
        since = editor.digest_due_at - pause
        editor.digest_due_at = now + pause
        if facts := _facts(session, editor, since - SETTLED, now - SETTLED):
            session.add(outbox.owe(session, None, editor.email, "editor_digest", facts, at=now))
            owed += 1
    return owed


def _facts(session: Session, editor: Editor, since: datetime, until: datetime) -> dict[str, object] | None:
    recent = (
        select(
            Erratum.number,
            Erratum.original_text,
            Erratum.corrected_text,
            Erratum.report_count,
            Erratum.reported_at,
            Erratum.article_as_given,
            Article.title,
            Article.section,
        )
        .outerjoin(Article, Erratum.article_id == Article.id)
        .where(Erratum.status.in_(OPEN), Erratum.last_reported_at >= since, Erratum.last_reported_at < until)
        .order_by(Erratum.report_count.desc(), Erratum.id)
    )
    if editor.sections:
        recent = recent.where(Article.section.in_(editor.sections) | Article.section.is_(None))
    rows = session.execute(recent.limit(PAGE + 1)).all()
    if not rows:
        return None
    return {
        "errata": [
            {
                "number": row.number,
                "was": row.original_text,
                "now": row.corrected_text,
                "reports": row.report_count,
                "new": row.reported_at >= since,
                "article": row.title or row.article_as_given,
            }
            for row in rows[:PAGE]
        ],
        "more": len(rows) > PAGE,
        "pause": editor.notify.value,
    }
