"""Where a report belongs: which article, which place in it, and on which erratum."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from corrections.domain import anchors, grouping, prose
from corrections.domain.actors import Act
from corrections.domain.anchors import AnchorState, Place
from corrections.domain.finding import Finding, How, find
from corrections.domain.grouping import Claim, Relation
from corrections.domain.matching import Certainty, Match, decide
from corrections.domain.sayings import Change, Hint, Saying
from corrections.domain.states import OPEN, Resolution, Status
from corrections.domain.text import as_corrected, folded
from corrections.domain.variants import is_variant
from corrections.models import Article, Erratum, Event, EventKind, Publication, Report, Snapshot
from corrections.queries import articles
from corrections.services import numbers, trail

_TELLING: Final = 30  # characters of a quote that two reports without any article share only if they mean one error
_SURE: Final = (Certainty.UNKNOWN, Certainty.LIKELY, Certainty.CERTAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What was found for a saying: the article, if one, its newest text, and the place in it.

    ``certainty`` is that of the whole: no surer than the article, and no surer than the place, if there is one.
    """

    saying: Saying
    match: Match
    article: Article | None
    snapshot: Snapshot | None
    finding: Finding

    @property
    def certainty(self) -> Certainty:
        """How sure it is that the report belongs here."""
        sure = self.match.certainty
        if self.finding.place.state is AnchorState.ANCHORED:
            sure = min(sure, self.finding.certainty, key=_SURE.index)
        return sure


def look(session: Session, saying: Saying) -> Spot:
    """Find article and place for what was said; nothing is changed, and nothing is locked."""
    match = decide(saying, articles.options(session, saying))
    article, snapshot = None, None
    if match.article_id is not None and match.certainty is not Certainty.UNKNOWN:
        article, snapshot = articles.with_text(session, match.article_id)
    finding = find_in(saying, article, snapshot)
    return Spot(saying=saying, match=match, article=article, snapshot=snapshot, finding=finding)


def _locked(session: Session, spot: Spot) -> Spot:
    """The spot as it is now, with the article locked: one report at a time looks for its erratum there.

    Reports of one error in an unknown article queue behind the publication instead. SQLite has its write lock for both.
    """
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    if spot.article is None:
        if not on_sqlite:
            session.execute(_LOCK_PUBLICATION)
        return spot
    if not on_sqlite:
        session.execute(_LOCK_ARTICLE, {"article_id": spot.article.id})
    seen = spot.snapshot.id if spot.snapshot is not None else None
    if articles.latest_id(session, spot.article.id) == seen:
        return spot
    snapshot = articles.latest_snapshot(session, spot.article.id)
    return replace(spot, snapshot=snapshot, finding=find_in(spot.saying, spot.article, snapshot))


_LOCK_PUBLICATION: Final = select(Publication.id).order_by(Publication.id).limit(1).with_for_update()
_LOCK_ARTICLE: Final = select(Article.id).where(Article.id == bindparam("article_id")).with_for_update(of=Article)


def find_in(saying: Saying, article: Article | None, snapshot: Snapshot | None) -> Finding:
    """The place in the article's text; orphaned when there is none."""
    text = snapshot.text if snapshot is not None else ""
    return find(saying, text, article.language if article is not None else None)


def saying_of(report: Report) -> Saying:
    """What a stored report says."""
    return prose.read_fields(report.article_as_given, "", report.anchor, report.corrected_text, report.notes)


def find_again(erratum: Erratum, article: Article, snapshot: Snapshot | None) -> Place:
    """Where the erratum stands in another text, by what its first reader said; the editor's correction counts."""
    own = Change(original=erratum.original_text, corrected=erratum.corrected_text)
    saying = saying_of(erratum.reports[0]) if erratum.reports else Saying()
    changes = tuple(dict.fromkeys((own, *saying.changes) if own.original else saying.changes))
    finding = find_in(replace(saying, changes=changes), article, snapshot)
    if finding.place.state is AnchorState.ANCHORED and not erratum.corrected_text:
        erratum.corrected_text = finding.change.corrected
    return finding.place


def spot_in(erratum: Erratum, report: Report) -> Spot:
    """Where the report's own words stand in the article of the erratum."""
    saying = saying_of(report)
    finding = find_in(saying, erratum.article, erratum.snapshot)
    article_id = erratum.article.id if erratum.article is not None else None
    match = Match(certainty=erratum.certainty, article_id=article_id, candidates=())
    return Spot(saying=saying, match=match, article=erratum.article, snapshot=erratum.snapshot, finding=finding)


def place(session: Session, report: Report, act: Act, spot: Spot, *, quiet: bool = False) -> Event:
    """Put the report on the erratum that is there, or on a new one, and record it."""
    spot = _locked(session, spot)
    report.certainty = spot.certainty
    report.read_original, report.read_corrected = spot.finding.change.original, spot.finding.change.corrected
    erratum = known(session, spot, report.article_key) or open_erratum(session, report, spot, act)
    join(erratum, report, act, spot)
    return trail.record(session, EventKind.SUBMITTED, act, report=report, erratum=erratum, quiet=quiet)


def claim_key(
    article: Article | None, article_key: str, change: Change, state: AnchorState, hints: Sequence[Hint] = ()
) -> str:
    """What two reports of one error share that has no place; '' where nothing tells that they mean the same.

    ``article_key`` stands for the article where none was found.
    """
    if state is AnchorState.AMBIGUOUS:
        # Who minds a spelling that is right may mind any of its places.
        minds = is_variant(change.original, change.corrected, None)
        said = "" if minds else grouping.ambiguous_key(change, hints)
    else:
        said = f"{folded(change.original)}\0{folded(change.corrected)}" if change.original else ""
    if article is None and not article_key and len(change.original) < _TELLING:
        said = ""  # a word that is wrong in some article may be wrong in another as well
    where = f"#{article.id}" if article is not None else article_key
    return hashlib.sha256(f"{where}\0{said}".encode()).hexdigest()[:40] if said else ""


def known(session: Session, spot: Spot, article_key: str) -> Erratum | None:
    """The erratum that is there for this error; ``article_key`` stands for the article where none was found."""
    state, change = spot.finding.place.state, spot.finding.change
    if state is AnchorState.ANCHORED:
        # A word that is only like the right one is no reason to join those who named it.
        return _same_place(session, spot) if spot.finding.how is not How.SPELLING else None
    if state is AnchorState.ALREADY_FIXED and (fixed := _fixed_before(session, spot)) is not None:
        return fixed
    key = claim_key(spot.article, article_key, change, state, spot.saying.hints)
    if not key:
        return None
    same_claim = select(Erratum).where(Erratum.claim_key == key, *_IN_FORCE)
    return session.scalars(same_claim.order_by(Erratum.id.desc()).limit(1)).one_or_none()


def _fixed_before(session: Session, spot: Spot) -> Erratum | None:
    """The erratum by which it was fixed, if just one says so: somebody has read an older copy."""
    if spot.article is None:
        return None
    fixed = select(Erratum).where(Erratum.article_id == spot.article.id, Erratum.status == Status.FIXED)
    change = spot.finding.change
    wanted = folded(change.original), folded(change.corrected)
    found = [
        erratum
        for erratum in session.scalars(fixed.order_by(Erratum.id))
        if (folded(erratum.original_text), folded(erratum.corrected_text)) == wanted
    ]
    return found[0] if len(found) == 1 else None


def _same_place(session: Session, spot: Spot) -> Erratum | None:
    place, change, snapshot = spot.finding.place, spot.finding.change, spot.snapshot
    if spot.article is None or snapshot is None:
        return None
    claim = Claim(start=place.start, end=place.end, original=change.original, corrected=change.corrected, anchored=True)
    there = {"article_id": spot.article.id, "snapshot_id": snapshot.id, "start": place.start, "end": place.end}
    same, other_suggestion = [], []
    for erratum in session.scalars(_THERE, there):
        if _is_guess(erratum):
            continue
        kind = grouping.relation(claim_of(erratum), claim, snapshot.text)
        if kind is Relation.SAME:
            same.append(erratum)
        # What was decided about one suggestion does not answer another one.
        elif kind is Relation.SUGGESTS_OTHER and erratum.status in OPEN:
            other_suggestion.append(erratum)
    sure = [erratum for erratum in same if erratum.certainty is Certainty.CERTAIN]
    # A long quote may hold several errata; which of them it is about is the editor's to say.
    if len(same) == 1 or len(sure) == 1:
        return (sure or same)[0]
    return other_suggestion[0] if len(other_suggestion) == 1 and not same else None


def _is_guess(erratum: Erratum) -> bool:
    """Whether its readers told only how it should read, and no editor has confirmed what was taken for it."""
    if erratum.certainty is not Certainty.LIKELY or not erratum.corrected_text:
        return False
    words = folded(erratum.original_text)
    return not any(words in folded(f"{report.original_text} {report.notes}") for report in erratum.reports)


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


def open_erratum(session: Session, report: Report, spot: Spot, act: Act) -> Erratum:
    """A new erratum at this place, without reports yet."""
    change = spot.finding.change
    erratum = Erratum(
        number=numbers.take(session, numbers.Name.ERRATUM),
        article_as_given=report.article_as_given,
        certainty=report.certainty,
        corrected_text=change.corrected,
        anchor=replace(report.anchor, exact=change.original),
        status=Status.REPORTED,
        report_count=0,
        reported_at=act.at,
        last_reported_at=act.at,
    )
    put(erratum, spot.article, spot.snapshot, spot.finding.place)
    erratum.claim_key = claim_key(spot.article, report.article_key, change, spot.finding.place.state, spot.saying.hints)
    session.add(erratum)
    return erratum


def put(erratum: Erratum, article: Article | None, snapshot: Snapshot | None, found: Place) -> None:
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
    change = Change(original=erratum.original_text, corrected=erratum.corrected_text)
    erratum.claim_key = claim_key(article, "", change, found.state)


def join(erratum: Erratum, report: Report, act: Act, spot: Spot) -> None:
    """Put the report on the erratum, which learns from it what it did not know: how it should read, where exactly."""
    report.erratum = erratum
    erratum.report_count += 1
    erratum.last_reported_at = max(erratum.last_reported_at, act.at)
    if erratum.corrected_text:
        return
    if _is_more_exact(spot, erratum):
        put(erratum, spot.article, spot.snapshot, spot.finding.place)
    suggest(erratum, report)


def _is_more_exact(spot: Spot, erratum: Erratum) -> bool:
    """Whether the report shows which of the words, that an earlier one quoted, are meant."""
    place = spot.finding.place
    if place.start is None or place.end is None or erratum.start is None or erratum.end is None:
        return False
    inside = erratum.start <= place.start and place.end <= erratum.end
    untouched = erratum.status is Status.REPORTED and erratum.snapshot is spot.snapshot
    return inside and untouched and place.state is AnchorState.ANCHORED


def suggest(erratum: Erratum, report: Report) -> None:
    """Take the report's correction over, said of the words that the erratum has, where it has none itself."""
    if erratum.corrected_text or not report.read_corrected:
        return
    same_words = folded(report.read_original) == folded(erratum.original_text)
    corrected = report.read_corrected
    erratum.corrected_text = corrected if same_words else as_corrected(erratum.original_text, corrected)
