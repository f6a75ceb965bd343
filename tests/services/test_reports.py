"""What becomes of a report between the reader's pressing send and the editors' hearing of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.actors import Channel
from corrections.domain.anchors import Anchor, AnchorState
from corrections.domain.errors import Rejected, TooMany
from corrections.domain.matching import Certainty
from corrections.domain.states import Screening, Status
from corrections.models import Article, Erratum, Event, EventKind, Publication, Report
from corrections.services import reports
from corrections.services.reports import Quotas

pytestmark = pytest.mark.usefixtures("publication")


@pytest.fixture
def article(session: Session, publication: Publication) -> Article:  # noqa: ARG001 - comes first
    with transaction():
        return factories.make_article(session)


def number_of(session: Session, what: type) -> int:
    session.flush()
    return session.scalar(select(func.count()).select_from(what)) or 0


def kinds_of(session: Session, report: Report) -> list[EventKind]:
    session.flush()
    return list(session.scalars(select(Event.kind).where(Event.report_id == report.id).order_by(Event.id)))


# Where it goes


def test_a_report_is_kept_as_it_was_said_and_lands_on_an_erratum(
    session: Session, article: Article, clock: Clock
) -> None:
    report = factories.make_report(session, notes="Seen in the first line.", name="Ann Reader")
    erratum = report.erratum
    assert (report.original_text, report.corrected_text) == ("recieves", "receives")
    assert (report.notes, report.reporter_name, report.reporter_email) == (
        "Seen in the first line.",
        "Ann Reader",
        None,
    )
    assert (report.screening, report.channel, report.received_at) == (Screening.PASSED, Channel.WEB, clock.at)
    assert erratum is not None
    assert (erratum.status, erratum.article, erratum.report_count) == (Status.REPORTED, article, 1)
    assert (erratum.anchor_state, erratum.certainty) == (AnchorState.ANCHORED, Certainty.CERTAIN)
    assert factories.TEXT[erratum.start : erratum.end] == "recieves"
    assert kinds_of(session, report) == [EventKind.SUBMITTED]


def test_a_reference_cannot_be_guessed(session: Session) -> None:
    references = {factories.make_report(session, quote=f"word {n}").reference for n in range(20)}
    assert len(references) == 20
    assert all(len(reference) >= 16 for reference in references)


@pytest.mark.usefixtures("article")
def test_one_act_of_sending_is_one_report_however_often_it_arrives(session: Session) -> None:
    first = factories.make_report(session, submission_key="the form's nonce")
    again = factories.make_report(session, submission_key="the form's nonce", notes="sent twice")
    assert again is first
    assert (number_of(session, Report), number_of(session, Erratum), number_of(session, Event)) == (1, 1, 1)


@pytest.mark.usefixtures("article")
def test_all_who_report_one_error_are_on_one_erratum(session: Session) -> None:
    first = factories.make_report(session)
    second = factories.make_report(session, quote="“Recieves”", corrected_text="receives")
    third = factories.make_report(
        session, quote="at dusk and recieves its last", corrected_text="at dusk and receives its last"
    )
    erratum = first.erratum
    assert erratum is not None
    assert second.erratum is erratum
    assert third.erratum is erratum
    assert (erratum.report_count, number_of(session, Erratum)) == (3, 1)


@pytest.mark.usefixtures("article")
def test_two_remedies_of_one_error_are_on_one_erratum_which_keeps_the_first(session: Session) -> None:
    first = factories.make_report(session)
    second = factories.make_report(session, corrected_text="takes on")
    assert second.erratum is first.erratum
    assert first.erratum is not None
    assert first.erratum.corrected_text == "receives"


@pytest.mark.usefixtures("article")
def test_a_remedy_is_taken_from_the_first_who_gives_one(session: Session) -> None:
    erratum = factories.make_report(session, corrected_text="").erratum
    factories.make_report(session)
    assert erratum is not None
    assert (erratum.corrected_text, erratum.report_count) == ("receives", 2)


@pytest.mark.usefixtures("article")
def test_two_errors_of_one_article_are_two_errata(session: Session) -> None:
    first = factories.make_report(session)
    second = factories.make_report(session, quote="the the boat", corrected_text="the boat")
    assert first.erratum is not second.erratum
    assert [e.number for e in session.scalars(select(Erratum).order_by(Erratum.number))] == [1, 2]


@pytest.mark.usefixtures("article")
def test_a_report_of_what_was_decided_joins_it(session: Session) -> None:
    erratum = factories.reject(session, factories.make_erratum(session))
    assert factories.make_report(session).erratum is erratum
    assert (erratum.status, erratum.report_count) == (Status.REJECTED, 2)


def test_the_same_words_in_two_articles_are_two_errata(session: Session) -> None:
    here, there = factories.make_article(session), factories.make_article(session)
    assert (
        factories.make_report(session, article=here.url).erratum
        is not factories.make_report(session, article=there.url).erratum
    )


@pytest.mark.parametrize(
    "typed",
    [
        "the ferry that crosses by moonlight",
        "  The Ferry  That Crosses By Moonlight | The Evening Tide ",
        "“The ferry that crosses by moonlight”",
    ],
)
def test_a_title_may_be_typed_carelessly(session: Session, article: Article, typed: str) -> None:
    report = factories.make_report(session, article=typed)
    assert report.erratum is not None
    assert report.erratum.article is article
    assert report.certainty is Certainty.CERTAIN


def test_an_address_known_for_sure_outranks_what_was_typed(session: Session, article: Article) -> None:
    other = factories.make_article(session, title="Bread")
    report = factories.make_report(session, article="Bread", url=f"{article.url}?utm_source=mail#top")
    assert report.erratum is not None
    assert report.erratum.article is article is not other


@pytest.mark.usefixtures("article")
def test_an_article_nobody_knows_is_not_guessed(session: Session) -> None:
    report = factories.make_report(session, article="How to grow orchids in a bathtub", quote="zinc")
    assert report.erratum is not None
    assert (report.erratum.article, report.certainty) == (None, Certainty.UNKNOWN)
    assert (report.erratum.anchor_state, report.erratum.start) == (AnchorState.ORPHANED, None)
    assert report.erratum.article_as_given == "How to grow orchids in a bathtub"


def test_one_error_of_an_unknown_article_is_one_erratum(session: Session) -> None:
    one = factories.make_report(session, article="Unknown things", quote="zinc", corrected_text="tin")
    same = factories.make_report(session, article="unknown  THINGS", quote="Zinc", corrected_text="tin")
    other = factories.make_report(session, article="Other things", quote="zinc", corrected_text="tin")
    remedy = factories.make_report(session, article="Unknown things", quote="zinc", corrected_text="lead")
    assert same.erratum is one.erratum
    assert len({r.erratum.id for r in (one, other, remedy) if r.erratum}) == 3


@pytest.mark.usefixtures("article")
def test_notes_alone_are_never_the_same(session: Session) -> None:
    said = {"quote": "", "corrected_text": "", "notes": "The second half is muddled."}
    assert factories.make_report(session, **said).erratum is not factories.make_report(session, **said).erratum


@pytest.mark.parametrize(
    ("quote", "corrected", "state"),
    [
        ("recieves", "receives", AnchorState.ANCHORED),
        ("RECIEVES its last", "", AnchorState.ANCHORED),
        ("the", "", AnchorState.AMBIGUOUS),
        ("a sentence that is nowhere in it", "", AnchorState.ORPHANED),
        ("its last pasengers at nine", "its last passengers at nine", AnchorState.ALREADY_FIXED),
        ("", "", AnchorState.ORPHANED),
    ],
)
@pytest.mark.usefixtures("article")
def test_the_place_is_found_or_said_not_to_be(session: Session, quote: str, corrected: str, state: AnchorState) -> None:
    erratum = factories.make_report(session, quote=quote, corrected_text=corrected, notes="see there").erratum
    assert erratum is not None
    assert erratum.anchor_state is state
    assert (erratum.start is not None) >= (state is AnchorState.ANCHORED)
    assert erratum.original_text.lower() in quote.lower()


def test_context_tells_two_places_apart(session: Session, article: Article) -> None:
    anchor = Anchor(exact="its", prefix="recieves ", suffix=" last passengers")
    erratum = factories.make_report(session, anchor=anchor, corrected_text="her").erratum
    assert erratum is not None
    assert erratum.anchor_state is AnchorState.ANCHORED
    assert article.snapshots[0].text[: erratum.start].endswith("recieves ")


# What is refused


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quote": "", "notes": ""}, "original_text"),
        ({"quote": " \u200b\t\n", "notes": "  "}, "original_text"),
        ({"quote": "same", "corrected_text": " same "}, "corrected_text"),
        ({"quote": "x" * (limits.QUOTE + 1)}, "original_text"),
        ({"corrected_text": "x" * (limits.QUOTE + 1)}, "corrected_text"),
        ({"notes": "x" * (limits.NOTES + 1)}, "notes"),
        ({"article": "x" * (limits.ARTICLE_AS_GIVEN + 1)}, "article"),
        ({"email": "not an address"}, "email"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(session: Session, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Rejected) as refusal, transaction():
        factories.make_report(session, **changes)
    assert list(refusal.value.fields) == [field]
    assert number_of(session, Report) == 0


def test_everything_wrong_is_said_at_once(session: Session) -> None:
    with pytest.raises(Rejected) as refusal:
        factories.make_report(session, quote="x" * 6000, corrected_text="y" * 6000, notes="z" * 20_000)
    assert set(refusal.value.fields) == {"original_text", "corrected_text", "notes"}


@pytest.mark.usefixtures("article")
def test_the_longest_that_is_allowed_is_kept_whole(session: Session) -> None:
    words = {"quote": "ä" * limits.QUOTE, "corrected_text": "ö" * limits.QUOTE, "notes": "𝄞" * limits.NOTES}
    report = factories.make_report(session, **words, article="t" * limits.ARTICLE_AS_GIVEN, name="n" * 900)
    session.flush()
    session.expire_all()
    assert (len(report.original_text), len(report.corrected_text)) == (limits.QUOTE, limits.QUOTE)
    assert (len(report.notes), len(report.reporter_name or "")) == (limits.NOTES, limits.NAME)


def test_many_reports_from_one_place_have_to_wait(session: Session, clock: Clock) -> None:
    quotas = Quotas(per_sender=3, per_article=100)

    def send(sender: str = "someone") -> Report:
        return reports.submit(session, factories.new_report(sender=sender), reports.reader(), quotas)

    for _ in range(3):
        send()
        clock.advance(minutes=10)
    with pytest.raises(TooMany) as refusal:
        send()
    assert timedelta(0) < refusal.value.retry_after <= limits.QUOTA_WINDOW
    assert send("somebody else").id
    assert send("").id, "this machine itself is not limited"
    clock.advance(minutes=31)
    assert send().id, "the first of them is more than an hour ago"


def test_many_reports_on_one_article_have_to_wait(session: Session, article: Article) -> None:
    quotas = Quotas(per_sender=100, per_article=2)

    def send(title: str) -> Report:
        return reports.submit(session, factories.new_report(article=title), reports.reader(), quotas)

    send(article.title)
    send(article.title.upper())
    with pytest.raises(TooMany):
        send(f"  {article.title}")
    assert send("Another article").id


def test_editors_and_imports_are_not_limited(session: Session) -> None:
    for _ in range(limits.REPORTS_PER_SENDER + 1):
        factories.make_report(session, sender="the import")
    assert number_of(session, Report) == limits.REPORTS_PER_SENDER + 1
