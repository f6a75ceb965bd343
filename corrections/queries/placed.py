"""Every report with where it was placed, and how surely: for scripts and spreadsheets."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections.domain.anchors import AnchorState
from corrections.models import Article, Erratum, Report

AT_ONCE: Final = 500

_report = Report.__table__.c
_COLUMNS: Final[tuple[Any, ...]] = (
    Report.id.label("row"),
    Report.source_id,
    Report.reference,
    Report.channel,
    Report.screening,
    Report.certainty,
    func.coalesce(func.nullif(Report.read_original, ""), _report.original_text).label("original_text"),
    func.coalesce(func.nullif(Report.read_corrected, ""), Report.corrected_text).label("corrected_text"),
    Erratum.number,
    Erratum.anchor_state,
    Erratum.start,
    Erratum.end,
    Erratum.status,
    Article.url,
    Article.title,
)
_PLACED: Final = (
    select(*_COLUMNS)
    .outerjoin(Erratum, Erratum.id == Report.erratum_id)
    .outerjoin(Article, Article.id == Erratum.article_id)
    .order_by(Report.id)
    .limit(AT_ONCE)
)


def reports(session: Session) -> Iterator[dict[str, Any]]:
    """One report after the other, as they came in, with the names of product's report lines.

    ``start`` and ``end`` are characters of the text of the erratum's snapshot, None unless anchored.
    """
    after = 0
    while rows := session.execute(_PLACED.where(Report.id > after)).all():
        for row in rows:
            anchored = row.anchor_state is AnchorState.ANCHORED
            yield {
                "id": row.source_id,
                "reference": row.reference,
                "channel": row.channel.value,
                "screening": row.screening.value,
                "article_url": row.url,
                "article_title": row.title,
                "certainty": row.certainty.value,
                "erratum": row.number,
                "anchor_state": row.anchor_state.value if row.anchor_state is not None else None,
                "start": row.start if anchored else None,
                "end": row.end if anchored else None,
                "original_text": row.original_text,
                "corrected_text": row.corrected_text,
                "status": row.status.value if row.status is not None else None,
            }
        after = rows[-1].row
