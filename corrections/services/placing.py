"""Where a report belongs: which article, which place in it, and on which erratum."""

import hashlib
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from corrections.domain import anchors, grouping, matching
from corrections.domain.actors import Act
from corrections.domain.anchors import Anchor, AnchorState, Place
from corrections.domain.grouping import Claim, Relation
from corrections.domain.matching import Certainty
from corrections.domain.states import OPEN, Resolution, Status
from corrections.domain.text import as_corrected, folded
from corrections.models import Article, Erratum, EventKind, Publication, Report, Snapshot
from corrections.queries import articles
from corrections.services import numbers, trail


def place(session: Session, report: Report, act: Act) -> Erratum:
    """Put the report on the erratum that is there, or on a new one, and record it."""
    article = _find_article(session, report)
    snapshot = articles.latest_snapshot(session, article.id) if article is not None else None
    found = locate(report.anchor, snapshot, report.corrected_text)
    erratum = _same(session, report, article, snapshot, found)
    if erratum is None:
        erratum = open_erratum(session, report, article, snapshot, found, act)
    join(erratum, report, act)
    event = trail.record(session, EventKind.SUBMITTED, act, report=report, erratum=erratum)
    # It may have waited for screening with a confirmed address while others' reports of it were decided on.
    if (outcome := trail.outcome_again(session, event, report)) is not None:
        session.add(outcome)
    return erratum


def _find_article(session: Session, report: Report) -> Article | None:
    report.certainty, article_id = _which_article(session, report)
    if article_id is None:
        # Two reports of one error in an unknown article must not open two errata: one queues behind the other here.
        session.execute(_LOCK_PUBLICATION)
        return None
    # The lock lets only one report at a time look for its erratum in this article (SQLite has its write lock).
    return session.scalars(_LOCK_ARTICLE, {"article_id": article_id}).one()


_LOCK_PUBLICATION: Final = select(Publication.id).order_by(Publication.id).limit(1).with_for_update()
_LOCK_ARTICLE: Final = select(Article).where(Article.id == bindparam("article_id")).with_for_update(of=Article)


def _which_article(session: Session, report: Report) -> tuple[Certainty, int | None]:
    given = report.article_as_given
    found, _ = articles.named(session, given)
    if len(found) == 1:
        return Certainty.CERTAIN, found[0]
    options = articles.options(session, given)
    match = matching.decide(given, report.original_text, report.corrected_text, options)
    return match.certainty, match.article_id if match.certainty is not Certainty.UNKNOWN else None


def locate(anchor: Anchor, snapshot: Snapshot | None, corrected: str) -> Place:
    """The place of the quote in the snapshot; orphaned when there is no text or no quote."""
    if snapshot is None or not anchor.exact:
        return Place(state=AnchorState.ORPHANED)
    return anchors.locate(anchor, snapshot.text, corrected)


def claim_key(article_id: int | None, article_key: str, original: str, corrected: str) -> str:
    """What two reports of one unplaced error share; '' when there is no quote, for notes alone are never the same."""
    if not original:
        return ""
    where = f"#{article_id}" if article_id is not None else article_key
    return hashlib.sha256(f"{where}\0{folded(original)}\0{folded(corrected)}".encode()).hexdigest()[:40]


def _same(
    session: Session, report: Report, article: Article | None, snapshot: Snapshot | None, found: Place
) -> Erratum | None:
    if found.state is AnchorState.ANCHORED and article is not None and snapshot is not None:
        return _same_place(session, report, article, snapshot, found)
    key = claim_key(article.id if article else None, report.article_key, report.original_text, report.corrected_text)
    if not key:
        return None
    same_claim = select(Erratum).where(Erratum.claim_key == key, *_IN_FORCE)
    return session.scalars(same_claim.order_by(Erratum.id.desc()).limit(1)).one_or_none()


def _same_place(session: Session, report: Report, article: Article, snapshot: Snapshot, found: Place) -> Erratum | None:
    claim = Claim(
        start=found.start, end=found.end, original=report.original_text, corrected=report.corrected_text, anchored=True
    )
    there = {"article_id": article.id, "snapshot_id": snapshot.id, "start": found.start, "end": found.end}
    same, other_suggestion = [], []
    for erratum in session.scalars(_THERE, there):
        kind = grouping.relation(claim_of(erratum), claim, snapshot.text)
        if kind is Relation.SAME:
            same.append(erratum)
        # What was decided about one suggestion does not answer another one.
        elif kind is Relation.SUGGESTS_OTHER and erratum.status in OPEN:
            other_suggestion.append(erratum)
    # A long quote may hold several errata; which of them it is about is the editor's to say.
    if len(same) == 1:
        return same[0]
    return other_suggestion[0] if len(other_suggestion) == 1 and not same else None


# An erratum that its readers took back was never looked at by anybody.
_IN_FORCE: Final = (
    Erratum.status != Status.MERGED,
    Erratum.resolution.is_distinct_from(Resolution.WITHDRAWN),
)
_THERE: Final = (
    select(Erratum)
    .where(
        Erratum.article_id == bindparam("article_id"),
        Erratum.snapshot_id == bindparam("snapshot_id"),
        *_IN_FORCE,
        Erratum.anchor_state == AnchorState.ANCHORED,
        Erratum.start < bindparam("end"),
        Erratum.end > bindparam("start"),
    )
    .order_by(Erratum.id)
)


def claim_of(erratum: Erratum) -> Claim:
    """What the erratum says, for comparing."""
    return Claim(
        start=erratum.start,
        end=erratum.end,
        original=erratum.original_text,
        corrected=erratum.corrected_text,
        anchored=erratum.anchor_state is AnchorState.ANCHORED,
    )


def open_erratum(
    session: Session, report: Report, article: Article | None, snapshot: Snapshot | None, found: Place, act: Act
) -> Erratum:
    """A new erratum at this place, without reports yet."""
    erratum = Erratum(
        number=numbers.take(session, numbers.Name.ERRATUM),
        article_as_given=report.article_as_given,
        certainty=report.certainty,
        corrected_text=suggestion_of(report),
        anchor=report.anchor,
        status=Status.REPORTED,
        report_count=0,
        reported_at=act.at,
        last_reported_at=act.at,
    )
    put(erratum, article, snapshot, found, report.article_key)
    session.add(erratum)
    return erratum


def put(
    erratum: Erratum, article: Article | None, snapshot: Snapshot | None, found: Place, article_key: str = ""
) -> None:
    """Set article and place of an erratum; an anchored one takes the words as they stand in the article."""
    erratum.article = article
    erratum.snapshot = snapshot
    erratum.anchor_state = found.state
    erratum.start, erratum.end = found.start, found.end
    if (
        found.state is AnchorState.ANCHORED
        and found.start is not None
        and found.end is not None
        and snapshot is not None
    ):
        erratum.anchor = anchors.anchor_at(snapshot.text, found.start, found.end)
    erratum.claim_key = claim_key(
        article.id if article is not None else None, article_key, erratum.original_text, erratum.corrected_text
    )


def join(erratum: Erratum, report: Report, act: Act) -> None:
    """Put the report on the erratum."""
    report.erratum = erratum
    erratum.report_count += 1
    erratum.last_reported_at = max(erratum.last_reported_at, act.at)
    if not erratum.corrected_text:
        erratum.corrected_text = suggestion_of(report)


def suggestion_of(report: Report) -> str:
    """How the whole quote should read: a reader may have quoted a sentence and corrected one word of it."""
    original, corrected = report.original_text, report.corrected_text
    return as_corrected(original, corrected) if original and corrected else corrected
