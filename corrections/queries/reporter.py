"""What a reader sees of a report and of an article's errors: column tuples, and the same number of queries always."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from corrections.domain import anchors
from corrections.domain.anchors import Anchor, AnchorState
from corrections.domain.errors import NotFound
from corrections.domain.states import OPEN
from corrections.models import Article, Correction, Erratum, Event, EventKind, Report, Snapshot, correction_erratum

Line: TypeAlias = Row[*tuple[Any, ...]]

REFERENCE: Final = re.compile(r"[A-Za-z0-9_-]{8,32}")
NOWHERE: Final = "There is no report under this address. Check that it was copied whole."
AROUND: Final = 300  # characters of the article on each side of the place
STEPS: Final = 100  # events that are shown at most

# What may be told of an erratum to those who reported it. Everything else that happens to one stays at the desk.
TOLD: Final = frozenset(
    {
        EventKind.VERIFIED,
        EventKind.ASKED,
        EventKind.HELD,
        EventKind.REJECTED,
        EventKind.FIXED,
        EventKind.REOPENED,
        EventKind.PUBLISHED,
        EventKind.AMENDED,
        EventKind.TAKEN_BACK,
        EventKind.SEEN_LIVE,
    }
)
# And of the report itself, to the one who sent it.
TOLD_OF_OWN: Final = TOLD | {
    EventKind.SUBMITTED,
    EventKind.SCREENED,
    EventKind.CONTACT_ADDED,
    EventKind.CONTACT_CONFIRMED,
    EventKind.WITHDRAWN,
    EventKind.ERASED,
    EventKind.MERGED,
}

_report, _erratum = Report.__table__.c, Erratum.__table__.c
_FROM: Final = case((Erratum.start > AROUND, Erratum.start - AROUND), else_=0)
CASE: Final[tuple[Any, ...]] = (
    Report.id,
    Report.reference,
    Report.screening,
    Report.article_as_given,
    _report.original_text,
    _report.prefix,
    _report.suffix,
    Report.corrected_text,
    Report.notes,
    Report.received_at,
    Report.withdrawn_at,
    Report.erased_at,
    Report.email_confirmed_at,
    Report.reporter_name.is_not(None).label("named"),
    Report.reporter_email.is_not(None).label("addressed"),
    Report.erratum_id,
    Erratum.status,
    Erratum.resolution,
    Erratum.certainty,
    Erratum.anchor_state,
    Erratum.snapshot_id,
    Erratum.live_at,
    _erratum.original_text.label("found_text"),
    _erratum.corrected_text.label("decided_text"),
    func.substr(Snapshot.text, _FROM + 1, Erratum.start - _FROM).label("before"),
    func.substr(Snapshot.text, Erratum.end + 1, AROUND).label("after"),
    Article.title,
    Article.url,
    Article.slug,
    Article.language,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A report with what became of it.

    ``line`` has the columns of CASE. ``earlier`` and ``later`` count others who reported the same, before and after;
    ``first_at`` is when the first of them did. ``places`` is how many there are to choose from when it is ambiguous.
    ``steps`` have ``kind, at, note, number`` (of the correction), ``correction`` has ``number, kind, state, note``.
    """

    line: Line
    steps: Sequence[Line]
    earlier: int
    later: int
    first_at: Any
    places: int
    correction: Line | None


def case_of(session: Session, reference: str) -> Case:
    """The report under this reference; raises NotFound."""
    check(reference)
    line = session.execute(_lines().where(Report.reference == reference)).one_or_none()
    if line is None:
        raise NotFound(NOWHERE)
    earlier, later, first_at = _company(session, line)
    return Case(
        line=line,
        steps=_steps(session, line),
        earlier=earlier,
        later=later,
        first_at=first_at,
        places=_places(session, line),
        correction=_correction(session, line),
    )


def check(reference: str) -> None:
    """Raises NotFound for what cannot be a reference."""
    if not REFERENCE.fullmatch(reference):
        raise NotFound(NOWHERE)


def _lines() -> Select[Any]:
    return (
        select(*CASE)
        .outerjoin(Erratum, Erratum.id == Report.erratum_id)
        .outerjoin(Snapshot, Snapshot.id == Erratum.snapshot_id)
        .outerjoin(Article, Article.id == Erratum.article_id)
    )


def _company(session: Session, line: Line) -> Line:
    others = and_(Report.erratum_id == line.erratum_id, Report.withdrawn_at.is_(None), Report.id != line.id)
    return session.execute(
        select(_how_many(Report.id < line.id), _how_many(Report.id > line.id), func.min(Report.received_at)).where(
            others
        )
    ).one()


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _steps(session: Session, line: Line) -> Sequence[Line]:
    own = and_(Event.report_id == line.id, Event.kind.in_(TOLD_OF_OWN))
    shared = and_(Event.erratum_id == line.erratum_id, Event.report_id.is_(None), Event.kind.in_(TOLD))
    newest = (
        select(Event.id, Event.kind, Event.at, Event.note, Correction.number)
        .outerjoin(Correction, Correction.id == Event.correction_id)
        .where(or_(own, shared))
        .order_by(Event.id.desc())
        .limit(STEPS)
    )
    return session.execute(newest).all()[::-1]


def _places(session: Session, line: Line) -> int:
    if line.anchor_state is not AnchorState.AMBIGUOUS:
        return 0
    text = session.scalar(select(Snapshot.text).where(Snapshot.id == line.snapshot_id)) or ""
    anchor = Anchor(exact=line.original_text, prefix=line.prefix, suffix=line.suffix)
    return len(anchors.locate(anchor, text, line.corrected_text).spans)


def _correction(session: Session, line: Line) -> Line | None:
    columns: tuple[Any, ...] = (Correction.number, Correction.kind, Correction.state, Correction.note)
    of_erratum = and_(
        correction_erratum.c.correction_id == Correction.id, correction_erratum.c.erratum_id == line.erratum_id
    )
    newest = select(*columns).join(correction_erratum, of_erratum).where(Correction.current)
    return session.execute(newest.order_by(Correction.number.desc()).limit(1)).one_or_none()


def contact(session: Session, reference: str) -> Line:
    """Address and moment of its confirmation, of the report under this reference. Raises NotFound."""
    check(reference)
    columns = select(Report.reporter_email, Report.email_confirmed_at).where(Report.reference == reference)
    line = session.execute(columns).one_or_none()
    if line is None:
        raise NotFound(NOWHERE)
    return line


def stored_as(session: Session, submission_key: str) -> str:
    """The reference of the report that this act of sending made."""
    return session.execute(select(Report.reference).where(Report.submission_key == submission_key)).scalar_one()


def article(session: Session, article_id: int) -> Line:
    """Title, address, slug and language of an article, and how many errors in it are being looked at (``open``)."""
    looked_at = select(func.count()).where(Erratum.article_id == article_id, Erratum.status.in_(OPEN))
    columns: tuple[Any, ...] = (Article.title, Article.url, Article.slug, Article.language)
    shown = select(*columns, looked_at.scalar_subquery().label("open"))
    return session.execute(shown.where(Article.id == article_id)).one()
