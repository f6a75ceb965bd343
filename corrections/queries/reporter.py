"""What a reader sees of a report and of an article's errors: column tuples, and the same number of queries always."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, case, func, select, union_all
from sqlalchemy.orm import Session

from corrections.domain import anchors
from corrections.domain.anchors import Anchor, AnchorState
from corrections.domain.errors import NotFound
from corrections.domain.states import OPEN
from corrections.domain.text import folded
from corrections.models import (
    Article,
    Correction,
    CorrectionState,
    Erratum,
    Event,
    EventKind,
    Report,
    Snapshot,
    correction_erratum,
)

Line: TypeAlias = Row[*tuple[Any, ...]]

REFERENCE: Final = re.compile(r"[0-9a-f]{24}")
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
    Report.read_original,
    Report.read_corrected,
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
    Erratum.article_id,
    Erratum.closed_at,
    Erratum.live_at,
    _erratum.original_text.label("found_text"),
    _erratum.corrected_text.label("decided_text"),
    func.substr(Snapshot.text, _FROM + 1, Erratum.start - _FROM).label("before"),
    func.substr(Snapshot.text, Erratum.start + 1, Erratum.end - Erratum.start).label("standing"),
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
    line = session.execute(_CASE, {"reference": reference}).one_or_none()
    if line is None:
        raise NotFound(NOWHERE)
    here = {"report_id": line.id, "erratum_id": line.erratum_id}
    earlier, later, first_at = session.execute(_COMPANY, here).one()
    return Case(
        line=line,
        steps=sorted(session.execute(_STEPS, here), key=lambda step: step.id)[-STEPS:],
        earlier=earlier,
        later=later,
        first_at=first_at,
        places=_places(session, line),
        correction=session.execute(_CORRECTION, here).one_or_none() or _made_before(session, line),
    )


def check(reference: str) -> None:
    """Raises NotFound for what cannot be a reference."""
    if not REFERENCE.fullmatch(reference):
        raise NotFound(NOWHERE)


# Built once: a page asks all of them.


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _events(subject: ColumnElement[bool], kinds: frozenset[EventKind]) -> Select[Any]:
    """The newest of one subject, in the order of its index."""
    columns: tuple[Any, ...] = (Event.id, Event.kind, Event.at, Event.note, Event.correction_id)
    newest = select(*columns).where(subject, Event.kind.in_(kinds)).order_by(Event.id.desc()).limit(STEPS)
    return select(newest.subquery())


_OWN, _ITS_ERRATUM = bindparam("report_id", type_=Integer), bindparam("erratum_id", type_=Integer)

_CASE: Final = (
    select(*CASE)
    .outerjoin(Erratum, Erratum.id == Report.erratum_id)
    .outerjoin(Snapshot, Snapshot.id == Erratum.snapshot_id)
    .outerjoin(Article, Article.id == Erratum.article_id)
    .where(Report.reference == bindparam("reference"))
)
_COMPANY: Final = select(_how_many(Report.id < _OWN), _how_many(Report.id > _OWN), func.min(Report.received_at)).where(
    Report.erratum_id == _ITS_ERRATUM, Report.withdrawn_at.is_(None), Report.id != _OWN
)
_TOLD: Final = union_all(
    _events(Event.report_id == _OWN, TOLD_OF_OWN),
    _events(and_(Event.erratum_id == _ITS_ERRATUM, Event.report_id.is_(None)), TOLD),
).subquery()
_STEPS: Final = select(_TOLD.c.id, _TOLD.c.kind, _TOLD.c.at, _TOLD.c.note, Correction.number).outerjoin(
    Correction, Correction.id == _TOLD.c.correction_id
)
_CORRECTION: Final = (
    select(Correction.number, Correction.kind, Correction.state, Correction.note)
    .join(correction_erratum, correction_erratum.c.correction_id == Correction.id)
    .where(correction_erratum.c.erratum_id == _ITS_ERRATUM, Correction.current)
    .order_by(Correction.number.desc())
    .limit(1)
)


_MADE_BEFORE: Final = (
    select(
        Correction.number,
        Correction.kind,
        Correction.state,
        Correction.note,
        Correction.original_text,
        Correction.corrected_text,
    )
    .where(
        Correction.article_id == bindparam("article_id", type_=Integer),
        Correction.current,
        Correction.state == CorrectionState.PUBLISHED,
    )
    .order_by(Correction.number.desc())
    .limit(STEPS)
)


def _made_before(session: Session, line: Line) -> Line | None:
    """The published correction of just this, where the article reads as corrected already and nobody closed it yet."""
    if line.anchor_state is not AnchorState.ALREADY_FIXED or line.status not in OPEN:
        return None
    changes = ((line.original_text, line.corrected_text), (line.read_original, line.read_corrected))
    wanted = {(folded(was), folded(now)) for was, now in changes if was}
    made = session.execute(_MADE_BEFORE, {"article_id": line.article_id})
    return next((one for one in made if (folded(one.original_text), folded(one.corrected_text)) in wanted), None)


def _places(session: Session, line: Line) -> int:
    if line.anchor_state is not AnchorState.AMBIGUOUS:
        return 0
    text = session.scalar(select(Snapshot.text).where(Snapshot.id == line.snapshot_id)) or ""
    anchor = Anchor(exact=line.original_text, prefix=line.prefix, suffix=line.suffix)
    return len(anchors.locate(anchor, text, line.corrected_text).spans)


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
