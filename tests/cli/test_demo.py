"""The demo magazine: its story is told through the services and leaves something of everything to see."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import html
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections import create_app
from corrections.cli import main
from corrections.db import db, transaction
from corrections.demo import magazine, story
from corrections.domain import clock
from corrections.domain.anchors import AnchorState
from corrections.domain.policy import Kind
from corrections.domain.states import Resolution, Screening, Status
from corrections.models import (
    Article,
    Correction,
    CorrectionState,
    Editor,
    Erratum,
    Event,
    OutboxMessage,
    Publication,
    Report,
)
from factories import make_article

NEVER_REAL = (".example", "example.org", "example.com", "example.net")  # RFC 2606


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--instance", str(folder), *arguments])


@pytest.fixture(scope="module")
def tale() -> magazine.Magazine:
    return magazine.read()


@pytest.fixture
def told(session: Session) -> story.Summary:
    with transaction():
        return story.tell(session, clock.now())


# The texts -----------------------------------------------------------------------------------------------------------


def test_there_is_enough_to_read(tale: magazine.Magazine) -> None:
    lengths = {key: len(piece.text.split()) for key, piece in tale.pieces.items()}
    assert len(lengths) >= 10
    assert {key: n for key, n in lengths.items() if not 250 <= n <= 600} == {}
    assert len({piece.section for piece in tale.pieces.values()}) >= 4


def test_nobody_in_it_can_be_written_to(tale: magazine.Magazine) -> None:
    addresses = {told.email for finding in tale.findings for told in finding.reports if told.email}
    addresses |= {person.email for person in tale.people} | {str(tale.publication["reply_address"])}
    assert len(addresses) > 10
    assert {address for address in addresses if not address.endswith(NEVER_REAL)} == set()


def test_no_report_comes_before_its_article_and_no_step_before_its_report(tale: magazine.Magazine) -> None:
    for finding in tale.findings:
        age = tale.pieces[finding.article].age if finding.article else timedelta.max
        ends = [told.ago for told in finding.reports] + [timedelta()]
        assert age > max(ends), finding.key
        assert all(step.ago < finding.reports[0].ago for step in finding.steps), finding.key
        later = [step.ago for step in finding.steps]
        assert later == sorted(later, reverse=True), finding.key


def test_a_length_of_time_is_read_whole_or_refused() -> None:
    assert magazine.duration("3d 4h 10m") == timedelta(days=3, hours=4, minutes=10)
    with pytest.raises(ValueError, match="3 weeks"):
        magazine.duration("3 weeks")


# The story -----------------------------------------------------------------------------------------------------------


def test_every_finding_ends_where_its_file_says(session: Session, told: story.Summary, tale: magazine.Magazine) -> None:
    assert told.reports == sum(len(finding.reports) for finding in tale.findings)
    for finding in tale.findings:
        reports = _reports_of(session, finding)
        first = reports[0]
        if finding.place == "screening":
            assert (first.screening, first.erratum) == (Screening.HELD, None), finding.key
            continue
        erratum = first.erratum
        assert erratum is not None
        assert (finding.key, erratum.anchor_state) == (finding.key, AnchorState(finding.place))
        assert (finding.key, erratum.article is not None) == (finding.key, finding.article is not None)
        assert {report.erratum_id for report in reports} == {erratum.id}, finding.key
        assert erratum.report_count == len(reports), finding.key


@pytest.mark.usefixtures("told")
def test_no_correction_says_again_what_stands_beside_it(session: Session) -> None:
    """A correction is of the words that were found, which may be fewer than a reader quoted."""
    for erratum in session.scalars(select(Erratum).where(Erratum.anchor_state == AnchorState.ANCHORED)):
        now = erratum.corrected_text.split()
        before, after = erratum.anchor.prefix.split()[-6:], erratum.anchor.suffix.split()[:6]
        beside = set(pairwise(before)) | set(pairwise(after))
        assert not (set(pairwise(now)) & beside), f"{erratum.number}: {erratum.corrected_text}"
        assert not now or before[-1:] != now[:1], f"{erratum.number}: {erratum.corrected_text}"


def _reports_of(session: Session, finding: magazine.Finding) -> list[Report]:
    keys = [f"demo-{finding.key}-{number}" for number in range(len(finding.reports))]
    return list(session.scalars(select(Report).where(Report.submission_key.in_(keys)).order_by(Report.id)))


def test_there_is_something_of_everything(session: Session, told: story.Summary) -> None:
    statuses = Counter(session.scalars(select(Erratum.status)))
    assert set(statuses) == set(Status)
    assert told.errata >= 28
    assert set(session.scalars(select(Erratum.resolution))) == {None, *Resolution}
    assert set(session.scalars(select(Erratum.anchor_state))) == set(AnchorState)
    assert told.corrections >= 12
    assert set(session.scalars(select(Correction.kind))) == set(Kind)
    assert max(session.scalars(select(Erratum.report_count))) >= 5


def test_the_log_holds_an_amended_and_a_withdrawn_correction(session: Session, told: story.Summary) -> None:
    newer = session.scalars(select(Correction).where(Correction.supersedes_id.is_not(None))).all()
    assert {correction.state for correction in newer} == set(CorrectionState)
    assert all(correction.supersedes and not correction.supersedes.current for correction in newer)
    assert told.corrections == session.scalar(select(func.count()).select_from(Correction))


def test_what_was_fixed_stands_in_the_article_and_was_seen_there(session: Session, told: story.Summary) -> None:
    assert told.articles == 14
    fixed = session.scalars(select(Erratum).where(Erratum.status == Status.FIXED)).all()
    assert {erratum.number for erratum in fixed if erratum.live_at is None} == set()
    bread = session.scalars(select(Article).where(Article.title.contains("sings"))).one()
    assert "oven to 230°C" in bread.snapshots[-1].text
    assert "oven to 2300°C" in bread.snapshots[0].text


@pytest.mark.usefixtures("told")
def test_nothing_in_it_lies_in_the_future_and_its_days_are_spread(session: Session) -> None:
    days = session.scalars(select(Event.at)).all()
    assert max(days) <= clock.now()
    assert len({day.date() for day in days}) > 40


@pytest.mark.usefixtures("told")
def test_none_of_its_mail_waits_to_be_sent(session: Session) -> None:
    messages = session.scalars(select(OutboxMessage)).all()
    assert {message.template for message in messages if message.sent_at is None and message.failed_at is None} == set()
    assert [message.recipient for message in messages if message.failed_at] == ["tamsin@example.net"]
    due = session.scalars(select(Editor.digest_due_at)).all()
    assert all(moment is None or moment > clock.now() for moment in due)


# The command ---------------------------------------------------------------------------------------------------------


def test_one_look_shows_the_product(instance: Path) -> None:
    result = run(instance, "demo", "--json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout)
    assert (facts["publication"], facts["articles"]) == ("The Harbour Review", 14)

    client = create_app(instance=instance).test_client()
    assert "Sargasso" in client.get("/").text
    page = html.fromstring(client.get("/login").data)
    form = next(form for form in page.forms if "password" in form.fields)
    sent = {**dict(form.form_values()), "email": facts["email"], "password": facts["password"]}
    assert client.post(form.action or "/login", data=sent).status_code in {302, 303}
    assert "The bus to everywhere" in client.get("/desk/").text


def test_it_says_how_to_start_and_log_in_and_does_it_once(tmp_path: Path) -> None:
    folder = tmp_path / "made by the command"
    first = run(folder, "demo")
    assert first.exit_code == 0, first.output
    assert "margit@harbour-review.example" in first.output
    assert "serve" in first.output

    second = run(folder, "demo")
    assert second.exit_code == 1
    assert "already" in second.output
    assert "Traceback" not in second.output
    app = create_app(instance=folder)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Article)) == 14


def test_an_installation_in_use_is_left_as_it_is(instance: Path) -> None:
    assert (
        run(instance, "init", "--publication", "The Evening Tide", "--home-url", "https://tide.example").exit_code == 0
    )
    app = create_app(instance=instance)
    with app.app_context(), transaction() as session:
        make_article(session)
    result = run(instance, "demo")
    assert result.exit_code == 1
    assert "new installation" in result.output
    with app.app_context():
        assert db.session.scalars(select(Publication.name)).all() == ["The Evening Tide"]
        assert db.session.scalars(select(Editor.id)).all() == []
