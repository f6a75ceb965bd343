"""What editors and reporters hear of a report, screening before that, and second thoughts after."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.actors import Role
from corrections.domain.errors import Gone, IllegalMove, NotFound, TooMany
from corrections.domain.screening import Sign
from corrections.domain.states import Resolution, Screening, Status
from corrections.models import Article, Editor, Erratum, Event, EventKind, Notify, Publication, Report
from corrections.services import reports

pytestmark = pytest.mark.usefixtures("publication")

ANN = "ann@example.org"
BOB = "bob@example.org"


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


# Screening


def test_a_doubtful_report_waits_and_nobody_hears_of_it(session: Session, editors: dict[Role, Editor]) -> None:
    report = factories.make_report(session, signs=[Sign.HIDDEN_FIELD, Sign.TOO_QUICK])
    assert (report.screening, report.screening_reason) == (Screening.HELD, "hidden_field too_quick")
    assert report.erratum is None
    assert number_of(session, Erratum) == 0
    assert factories.mails(session, to=editors[Role.ADMIN].email) == []


def test_signs_in_the_words_count_too(session: Session) -> None:
    assert (
        factories.make_report(session, notes="http://a.example http://b.example http://c.example").screening
        is Screening.HELD
    )


@pytest.mark.usefixtures("article")
def test_a_held_report_that_passes_is_placed_like_any_other(session: Session, editors: dict[Role, Editor]) -> None:
    report = factories.make_report(session, signs=[Sign.HIDDEN_FIELD])
    there = factories.make_erratum(session)
    reports.screen(session, report, factories.act(Role.TRIAGER), passed=True)
    assert (report.screening, report.erratum, there.report_count) == (Screening.PASSED, there, 2)
    assert kinds_of(session, report) == [EventKind.SUBMITTED, EventKind.SCREENED, EventKind.SUBMITTED]
    assert len(factories.mails(session, to=editors[Role.EDITOR].email)) == 1


def test_a_held_report_that_is_spam_goes_nowhere(session: Session) -> None:
    report = factories.make_report(session, signs=[Sign.HIDDEN_FIELD])
    reports.screen(session, report, factories.act(Role.TRIAGER), passed=False)
    assert (report.screening, report.erratum) == (Screening.SPAM, None)
    with pytest.raises(IllegalMove):
        reports.screen(session, report, factories.act(Role.TRIAGER), passed=True)


@pytest.mark.usefixtures("article")
def test_who_waited_for_screening_hears_what_was_decided_meanwhile(session: Session) -> None:
    report = factories.make_report(session, signs=[Sign.HIDDEN_FIELD], confirmed=ANN)
    factories.reject(session, factories.make_erratum(session))
    reports.screen(session, report, factories.act(Role.TRIAGER), passed=True)
    assert [m.template for m in factories.mails(session, to=ANN)][-1] == "report_rejected"


# Mail


@pytest.mark.usefixtures("article")
def test_editors_are_told_once_of_each_erratum(session: Session, editors: dict[Role, Editor]) -> None:
    for _ in range(3):
        factories.make_report(session)
    for editor in editors.values():
        [mail] = factories.mails(session, to=editor.email)
        assert mail.template == "editor_new_erratum"
        assert (mail.facts["was"], mail.facts["now"]) == ("recieves", "receives")
        assert mail.facts["before"].endswith("dusk and ")
        assert mail.facts["article"] == factories.TITLE
    assert len({m.thread for m in factories.mails(session)}) == 1
    assert len({m.message_id for m in factories.mails(session)}) == 3


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, True),
        ({"notify": Notify.DAILY}, False),
        ({"notify": Notify.HOURLY}, False),
        ({"notify": Notify.NEVER}, False),
        ({"active": False}, False),
        ({"sections": ["Harbour"]}, True),
        ({"sections": ["Sport"]}, False),
    ],
)
def test_editors_are_told_as_they_wish(
    session: Session, editors: dict[Role, Editor], changes: dict[str, object], *, told: bool
) -> None:
    for name, value in changes.items():
        setattr(editors[Role.EDITOR], name, value)
    factories.make_article(session, section="Harbour")
    factories.make_report(session)
    assert bool(factories.mails(session, to=editors[Role.EDITOR].email)) is told


def test_what_has_no_section_goes_to_all(session: Session, editors: dict[Role, Editor]) -> None:
    editors[Role.EDITOR].sections = ["Sport"]
    factories.make_report(session, article="unknown", quote="zinc")
    assert factories.mails(session, to=editors[Role.EDITOR].email)


def test_only_a_request_to_confirm_goes_to_an_address_that_was_given(session: Session) -> None:
    report = factories.make_report(session, email="Ann@EXAMPLE.org", name="Ann")
    assert (report.reporter_email, report.address) == ("Ann@example.org", None)
    [mail] = factories.mails(session, to="Ann@example.org")
    assert mail.template == "confirm_address"
    assert mail.facts["reference"] == report.reference
    assert report.erratum is not None
    factories.reject(session, report.erratum)
    assert len(factories.mails(session, to="Ann@example.org")) == 1


def test_who_confirms_gets_a_receipt_and_later_the_outcome(session: Session) -> None:
    report = factories.make_report(session, confirmed=ANN)
    assert report.erratum is not None
    factories.reject(session, report.erratum)
    assert [m.template for m in factories.mails(session, to=ANN)] == [
        "confirm_address",
        "report_received",
        "report_rejected",
    ]
    reports.confirm_contact(session, report, ANN, reports.reader())
    assert len(factories.mails(session, to=ANN)) == 3


def test_who_confirms_after_the_outcome_gets_it_then(session: Session) -> None:
    report = factories.make_report(session, email=ANN)
    assert report.erratum is not None
    factories.reject(session, report.erratum, reason="It is spelt so.")
    reports.confirm_contact(session, report, ANN, reports.reader())
    mail = factories.mails(session, to=ANN)[-1]
    assert (mail.template, mail.facts["note"]) == ("report_rejected", "It is spelt so.")


def test_a_link_confirms_only_the_address_it_was_sent_to(session: Session) -> None:
    report = factories.make_report(session, email=ANN)
    reports.add_contact(session, report, BOB, "", reports.reader())
    with pytest.raises(Gone):
        reports.confirm_contact(session, report, ANN, reports.reader())
    reports.confirm_contact(session, report, BOB, reports.reader())
    assert report.address == BOB


def test_another_address_has_to_be_confirmed_anew(session: Session) -> None:
    report = factories.make_report(session, confirmed=ANN)
    reports.add_contact(session, report, ANN, "", reports.reader())
    assert report.address == ANN, "the same one stays confirmed"
    reports.add_contact(session, report, BOB, "", reports.reader())
    assert report.address is None


def test_an_address_is_not_asked_over_and_over(session: Session, clock: Clock) -> None:
    for _ in range(limits.CONFIRMATIONS_PER_ADDRESS):
        factories.make_report(session, email=ANN)
    report = factories.make_report(session, email=ANN)
    assert report.reporter_email is None, "the report is taken all the same"
    with pytest.raises(TooMany):
        reports.add_contact(session, report, ANN, "", reports.reader())
    clock.advance(limits.CONFIRMATION_WINDOW)
    clock.advance(seconds=1)
    reports.add_contact(session, report, ANN, "", reports.reader())
    assert len(factories.mails(session, to=ANN)) == limits.CONFIRMATIONS_PER_ADDRESS + 1


@pytest.mark.parametrize(
    "typed", ["", "ann", "@example.org", "ann@", "ann@host", "a b@example.org", "ann@example.org,bob@example.org",
              "ann@@example.org", "ann@example..org", "<ann@example.org>", "ann@example.org\nBcc: bob@example.org",
              f"{'a' * 250}@example.org", ".ann@example.org", "ann@.example.org", "änn@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_not_written_to(typed: str) -> None:
    assert reports.email_address(typed) is None


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Ann@Example.ORG ", "Ann@example.org"),
        ("a+b_c%d@x.co", "a+b_c%d@x.co"),
        ("o'neil@example.org", "o'neil@example.org"),
    ],
)
def test_addresses_keep_their_local_part(typed: str, address: str) -> None:
    assert reports.email_address(typed) == address


# Second thoughts


def test_a_report_taken_back_closes_what_nobody_else_reported(session: Session) -> None:
    report = factories.make_report(session, confirmed=ANN)
    reports.withdraw(session, report, reports.reader())
    assert report.erratum is not None
    assert (report.erratum.status, report.erratum.resolution) == (Status.REJECTED, Resolution.WITHDRAWN)
    assert report.erratum.closed_at == report.withdrawn_at
    reports.withdraw(session, report, reports.reader())
    assert kinds_of(session, report).count(EventKind.WITHDRAWN) == 1
    assert "report_rejected" not in [m.template for m in factories.mails(session, to=ANN)]


@pytest.mark.usefixtures("article")
def test_what_others_reported_too_stays_open_and_the_one_who_left_hears_no_more(session: Session) -> None:
    first = factories.make_report(session, confirmed=ANN)
    second = factories.make_report(session, confirmed=BOB)
    reports.withdraw(session, first, reports.reader())
    erratum = second.erratum
    assert erratum is not None
    assert erratum.status is Status.REPORTED
    factories.reject(session, erratum)
    assert "report_rejected" not in [m.template for m in factories.mails(session, to=ANN)]
    assert "report_rejected" in [m.template for m in factories.mails(session, to=BOB)]


def test_what_was_decided_cannot_be_taken_back(session: Session) -> None:
    report = factories.make_report(session)
    assert report.erratum is not None
    factories.fix(session, report.erratum)
    with pytest.raises(IllegalMove):
        reports.withdraw(session, report, reports.reader())


def test_a_held_report_can_be_taken_back(session: Session) -> None:
    report = factories.make_report(session, signs=[Sign.HIDDEN_FIELD])
    reports.withdraw(session, report, reports.reader())
    assert report.screening is Screening.SPAM


def test_a_report_is_found_by_its_reference_only(session: Session) -> None:
    report = factories.make_report(session)
    assert reports.by_reference(session, report.reference) is report
    for wrong in ("", report.reference.lower() + "x", str(report.id), "%"):
        with pytest.raises(NotFound):
            reports.by_reference(session, wrong)
