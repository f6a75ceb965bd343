"""What the page of one erratum shows beside the erratum itself."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from corrections.domain.errors import NotFound
from corrections.domain.states import OPEN, Status
from corrections.models import (
    Article,
    Correction,
    CorrectionState,
    Editor,
    Erratum,
    Event,
    Report,
    Snapshot,
    correction_erratum,
)

Line: TypeAlias = Row[*tuple[Any, ...]]

LARGEST: Final = 2**31 - 1  # what both databases hold as an integer
NEAR: Final = 20
NOWHERE: Final = "There is no erratum with this number."

_EVENT: Final[tuple[Any, ...]] = (
    Event.id,
    Event.at,
    Event.kind,
    Event.channel,
    Event.editor_id,
    Event.label,
    Event.old_status,
    Event.new_status,
    Event.note,
    Event.report_id,
    Event.correction_id,
)


def erratum(session: Session, number: int) -> Erratum:
    """The erratum of this number with its article, text, reports and assignee. Raises NotFound."""
    if number > LARGEST:
        raise NotFound(NOWHERE)
    loaded = (
        joinedload(Erratum.article),
        joinedload(Erratum.snapshot),
        joinedload(Erratum.assignee),
        joinedload(Erratum.merged_into),
        selectinload(Erratum.reports),
    )
    found = session.scalar(select(Erratum).where(Erratum.number == number).options(*loaded))
    if found is None:
        raise NotFound(NOWHERE)
    return found


def history(session: Session, erratum_id: int, reports: Iterable[int]) -> Sequence[Line]:
    """What happened to the erratum and to the reports that are on it now, oldest first."""
    about = or_(Event.erratum_id == erratum_id, Event.report_id.in_(list(reports)))
    return session.execute(select(*_EVENT).where(about).order_by(Event.id)).all()


def near(session: Session, erratum: Erratum) -> Sequence[Line]:
    """Other errata in the same article: the open ones first, then those nearest in the text."""
    if erratum.article_id is None:
        return []
    columns = Erratum.__table__.c
    distance = func.abs(func.coalesce(columns.start_offset, 0) - (erratum.start or 0))
    others = (
        select(
            Erratum.number,
            Erratum.status,
            Erratum.report_count,
            Erratum.corrected_text,
            Erratum.reported_at,
            Erratum.anchor_state,
            Erratum.snapshot_id,
            columns.start_offset,
            columns.end_offset,
            columns.original_text,
            columns.prefix,
            columns.suffix,
        )
        .where(Erratum.article_id == erratum.article_id, Erratum.id != erratum.id, Erratum.status != Status.MERGED)
        .order_by(Erratum.status.in_(OPEN).desc(), distance, Erratum.id)
        .limit(NEAR)
    )
    return session.execute(others).all()


def merged_here(session: Session, erratum_id: int) -> Sequence[int]:
    """Numbers of the errata that were merged into this one and still are."""
    merged = select(Erratum.number).where(Erratum.merged_into_id == erratum_id)
    return session.scalars(merged.order_by(Erratum.number)).all()


def corrections_of(session: Session, erratum_id: int) -> Sequence[Line]:
    """Number and kind of the corrections in force that came from this erratum."""
    link = correction_erratum.c
    published = (
        select(Correction.number, Correction.kind, Correction.published_at)
        .join(correction_erratum, link.correction_id == Correction.id)
        .where(link.erratum_id == erratum_id, Correction.current, Correction.state == CorrectionState.PUBLISHED)
    )
    return session.execute(published.order_by(Correction.number)).all()


def errata_of(session: Session, correction_number: int) -> Sequence[int]:
    """Numbers of the errata that a correction came from."""
    link = correction_erratum.c
    found = (
        select(Erratum.number)
        .join(correction_erratum, link.erratum_id == Erratum.id)
        .join(Correction, Correction.id == link.correction_id)
        .where(Correction.number == correction_number)
    )
    return session.scalars(found.order_by(Erratum.number)).all()


def correction(session: Session, number: int) -> Correction:
    """The correction of this number. Raises NotFound."""
    found = session.scalar(select(Correction).where(Correction.number == number)) if number <= LARGEST else None
    if found is None:
        raise NotFound("There is no correction with this number.")
    return found


def colleagues(session: Session) -> Sequence[Line]:
    """Id and name of everybody who can log in."""
    return session.execute(select(Editor.id, Editor.name).where(Editor.active).order_by(Editor.name, Editor.id)).all()


def reports_of(erratum: Erratum, chosen: Iterable[int]) -> list[Report]:
    """Those of the chosen reports that are on the erratum."""
    wanted = set(chosen)
    return [report for report in erratum.reports if report.id in wanted]


def articles(session: Session, ids: Iterable[int]) -> dict[int, Line]:
    """Id, title, address, section, date and slug of articles, and whether their text is known."""
    has_text = select(Snapshot.id).where(Snapshot.article_id == Article.id).exists()
    columns = (Article.id, Article.title, Article.url, Article.section, Article.published_at, Article.slug)
    rows = session.execute(select(*columns, has_text.label("has_text")).where(Article.id.in_(list(ids)))).all()
    return {row.id: row for row in rows}
