"""Every move of the rules' table from the page of an erratum, and what happens when two editors are at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from at_the_desk import Desk
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.policy import Kind
from corrections.domain.states import Move, Resolution, Severity, Status
from corrections.models import Editor, Erratum, Event, EventKind
from corrections.services import triage
from corrections.services.triage import Said

ANN = "ann@example.org"


@pytest.fixture(autouse=True)
def _article(session: Session, publication: Any) -> None:  # noqa: ARG001 - the article's
    with transaction():
        factories.make_article(session)


@pytest.fixture
def editor(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.EDITOR))


@pytest.fixture
def triager(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.TRIAGER))


def an_erratum(session: Session, **facts: Any) -> str:
    """The address of a new erratum's page."""
    with transaction():
        return f"/desk/errata/{factories.make_erratum(session, **facts).number}"


def at(session: Session, page: str) -> Erratum:
    session.expire_all()
    return session.scalars(select(Erratum).where(Erratum.number == int(page.rsplit("/", 1)[1]))).one()


def kinds_of_events(session: Session, page: str) -> list[EventKind]:
    erratum = at(session, page)
    return list(session.scalars(select(Event.kind).where(Event.erratum_id == erratum.id).order_by(Event.id)))


# Moves ----------------------------------------------------------------------------------------------------------------


def test_verifying_moves_it_and_says_who_did(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    shown = editor.send(page, "/verify")
    assert at(session, page).status is Status.VERIFIED
    assert "Verified. It waits to be fixed." in shown.words
    assert "Ed Editor verified it" in shown.words


def test_a_question_goes_to_the_reader_who_left_an_address(session: Session, editor: Desk) -> None:
    page = an_erratum(session, confirmed=ANN)
    editor.send(page, "/ask", reason="Which edition do you mean?")
    assert at(session, page).status is Status.NEEDS_INFO
    [mail] = factories.mails(session, to=ANN, template="report_question")
    assert mail.facts["note"] == "Which edition do you mean?"


def test_nobody_is_asked_where_nobody_can_be(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    seen = editor.open(page)
    assert not seen.has_form("/ask")
    # The last address may be erased while the form is open.
    refused = editor.post(f"{page}/ask", **dict(seen.form("/hold").form_values()) | {"reason": "Which edition?"})
    assert refused.status == 422
    assert "There is nobody to ask" in refused.words
    assert "Which edition?" in refused.words


def test_holding_needs_a_date_or_a_reason(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    refused = editor.send(page, "/hold")
    assert refused.status == 422
    assert "Say until when it waits, or for what." in refused.words
    assert refused.main.xpath("//*[@autofocus]/@name") == ["reason"], "the focus is where the error is"
    editor.send(page, "/hold", until="2026-12-24")
    held = at(session, page)
    assert (held.status, str(held.held_until)) == (Status.HELD, "2026-12-24")


def test_a_rejection_without_words_sends_the_usual_ones(session: Session, triager: Desk) -> None:
    page = an_erratum(session, confirmed=ANN)
    triager.send(page, "/reject", resolution="not_an_error")
    rejected = at(session, page)
    assert (rejected.status, rejected.resolution) == (Status.REJECTED, Resolution.NOT_AN_ERROR)
    [mail] = factories.mails(session, to=ANN, template="report_rejected")
    assert "it stands as it is meant to" in mail.facts["note"]


def test_a_rejection_says_what_the_editor_wrote_instead(session: Session, triager: Desk) -> None:
    page = an_erratum(session, confirmed=ANN)
    triager.send(page, "/reject", resolution="wont_fix", reason="He said it so.")
    [mail] = factories.mails(session, to=ANN, template="report_rejected")
    assert mail.facts["note"] == "He said it so."


def test_a_rejection_without_a_reason_keeps_what_was_typed(session: Session, triager: Desk) -> None:
    page = an_erratum(session)
    refused = triager.send(page, "/reject", reason="Some words of mine")
    assert refused.status == 422
    assert at(session, page).status is Status.REPORTED
    assert refused.form("/reject").fields["reason"].strip() == "Some words of mine"
    assert "Choose why this is not going to be changed." in refused.words
    assert refused.main.xpath("//*[@autofocus]/@name") == ["resolution"]


def test_who_is_taken_for_a_robot_is_not_told(session: Session, triager: Desk) -> None:
    page = an_erratum(session, confirmed=ANN)
    triager.send(page, "/reject", resolution="spam")
    assert at(session, page).resolution is Resolution.SPAM
    assert factories.mails(session, to=ANN, template="report_rejected") == []


def test_fixing_and_reopening(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    editor.send(page, "/fix", corrected_text="receives")
    assert at(session, page).status is Status.FIXED
    editor.send(page, "/reopen", reason="It came back with the next edition.")
    assert at(session, page).status is Status.VERIFIED
    assert kinds_of_events(session, page)[-2:] == [EventKind.FIXED, EventKind.REOPENED]


def test_a_triager_is_offered_what_a_triager_may_do(session: Session, triager: Desk) -> None:
    shown = triager.open(an_erratum(session, confirmed=ANN))
    offered = [move for move in ("verify", "ask", "hold", "reject", "fix", "reopen") if shown.has_form(f"/{move}")]
    assert offered == ["verify", "ask", "reject"]
    assert not shown.has_form("/publish")


def test_a_triager_who_fixes_all_the_same_is_refused(session: Session, triager: Desk) -> None:
    page = an_erratum(session)
    token = dict(triager.open(page).form("/verify").form_values())["csrf_token"]
    refused = triager.post(f"{page}/fix", csrf_token=token, corrected_text="receives it")
    assert refused.status == 403
    assert at(session, page).status is Status.REPORTED
    assert "receives it" in refused.words, "what was typed is shown, though its form is not offered"


def test_a_form_without_its_token_does_nothing(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    assert editor.post(f"{page}/verify").status == 400
    assert at(session, page).status is Status.REPORTED


# Two editors ----------------------------------------------------------------------------------------------------------


def test_a_stale_page_shows_what_changed_and_keeps_what_was_typed(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    seen = editor.open(page)
    with transaction():
        triage.move(session, at(session, page), Move.VERIFY, factories.act(Role.EDITOR))
    late = editor.send(seen, "/hold", reason="Until the author is back")
    assert late.status == 409
    assert at(session, page).status is Status.VERIFIED
    news = late.all("//div[@role='alert']//li")
    assert len(news) == 1
    assert news[0].startswith("Editor verified it")
    assert late.form("/hold").fields["reason"].strip() == "Until the author is back"
    assert late.main.xpath("//details[@open]/@id") == ["hold"]
    assert editor.send(late, "/hold").status == 200, "the form that came back can be sent at once"
    assert at(session, page).status is Status.HELD


def test_what_was_typed_is_shown_when_its_form_is_gone(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    seen = editor.open(page)
    with transaction():
        triage.move(
            session, at(session, page), Move.REJECT, factories.act(Role.EDITOR), Said(resolution=Resolution.SPAM)
        )
    late = editor.send(seen, "/hold", reason="Until the author is back")
    assert late.status == 409
    assert not late.has_form("/hold")
    assert "What you had typed" in late.words
    assert "Until the author is back" in late.words


def test_a_new_report_meanwhile_is_news_too(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    seen = editor.open(page)
    with transaction():
        factories.make_report(session)
    late = editor.send(seen, "/verify")
    assert late.status == 409
    assert "A reader reported it" in late.all("//div[@role='alert']//li")[0]


# Belonging together ---------------------------------------------------------------------------------------------------


def test_merging_moves_the_reports_and_can_be_undone(session: Session, editor: Desk) -> None:
    into = an_erratum(session)
    page = an_erratum(session, quote="the the", corrected_text="the")
    editor.send(page, "/merge", into=into.rsplit("/", 1)[1])
    assert at(session, page).status is Status.MERGED
    assert at(session, into).report_count == 2
    editor.send(page, "/unmerge")
    assert at(session, page).status is Status.REPORTED
    assert (at(session, page).report_count, at(session, into).report_count) == (1, 1)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("4711", "There is no erratum with this number."),
        ("", "Give the number of the other one."),
        ("12x", "Not a valid integer value."),
        (str(2**40), "There is no such number."),
        ("-1", "There is no such number."),
    ],
)
def test_a_merge_into_nothing_says_so_at_its_field(session: Session, editor: Desk, number: str, sentence: str) -> None:
    page = an_erratum(session)
    refused = editor.send(page, "/merge", into=number)
    assert refused.status == 422
    assert sentence in refused.words
    assert at(session, page).status is Status.REPORTED


def test_chosen_reports_are_split_off(session: Session, editor: Desk) -> None:
    page = an_erratum(session, readers=3)
    shown = editor.open(page)
    boxes = shown.main.xpath("//input[@type='checkbox'][@name='reports']")
    assert [box.get("form") for box in boxes] == ["split-form"] * 3
    editor.send(shown, "/split", reports=[boxes[1].get("value"), boxes[2].get("value")])
    assert at(session, page).report_count == 1
    assert [e.report_count for e in session.scalars(select(Erratum).order_by(Erratum.number))] == [1, 2]


def test_splitting_off_all_or_none_is_refused(session: Session, editor: Desk) -> None:
    page = an_erratum(session, readers=2)
    assert editor.send(page, "/split").status == 422
    ids = [box.get("value") for box in editor.open(page).main.xpath("//input[@name='reports']")]
    refused = editor.send(page, "/split", reports=ids)
    assert refused.status == 422
    assert "Choose some of the reports to leave; at least one stays." in refused.words
    assert at(session, page).report_count == 2


# The article and the place --------------------------------------------------------------------------------------------


def test_an_erratum_without_an_article_shows_candidates_to_pick_from(session: Session, editor: Desk) -> None:
    page = an_erratum(session, article="The fairy that crosses in the moonlight")
    assert at(session, page).article_id is None
    shown = editor.open(page)
    assert factories.TITLE in shown.all("//ul[@class='picks']//a")
    editor.send(shown, "/article")
    placed = at(session, page)
    assert placed.article is not None
    assert placed.anchor_state == "anchored"


def test_another_article_can_be_searched_for(session: Session, editor: Desk) -> None:
    with transaction():
        factories.make_article(session, title="A winter of whistling kettles")
    page = an_erratum(session, article="no such thing at all")
    shown = editor.open(page, title="whistling kettle")
    assert shown.all("//ul[@class='picks']//a") == ["A winter of whistling kettles"]
    assert "No article resembles" in editor.open(page, title="xylophone").words


def test_the_editor_picks_among_several_places(session: Session, editor: Desk) -> None:
    page = an_erratum(session, quote="the", corrected_text="teh")
    assert at(session, page).anchor_state == "ambiguous"
    shown = editor.open(page)
    spots = shown.all("//ol[@class='picks']//p")
    assert any("Marta Lund, has held the tiller" in spot for spot in spots)
    editor.send(shown, "/place")
    placed = at(session, page)
    assert placed.anchor_state == "anchored"
    assert factories.TEXT[placed.start : placed.end].lower() == "the"


def test_words_that_were_not_found_can_be_looked_for_anew(session: Session, editor: Desk) -> None:
    page = an_erratum(session, quote="he has steered since 1978", corrected_text="1987")
    assert at(session, page).anchor_state == "orphaned"
    shown = editor.open(page, words="held the tiller since 1987")
    editor.send(shown, "/place")
    assert at(session, page).original_text == "held the tiller since 1987"
    assert "does not stand in the article’s text" in editor.open(page, words="zeppelins").words


def test_a_place_outside_of_the_text_is_refused(session: Session, editor: Desk) -> None:
    page = an_erratum(session, quote="the", corrected_text="teh")
    refused = editor.send(page, "/place", start="5", end="999999")
    assert refused.status == 422
    assert at(session, page).anchor_state == "ambiguous"


# The desk's own -------------------------------------------------------------------------------------------------------


def test_assigning_to_a_colleague_writes_to_them_and_taking_it_does_not(
    session: Session, editor: Desk, editors: dict[Role, Editor]
) -> None:
    page = an_erratum(session)
    admin, me = editors[Role.ADMIN], editors[Role.EDITOR]
    editor.send(page, "/assign", assignee=str(admin.id))
    assert at(session, page).assignee_id == admin.id
    assert [m.recipient for m in factories.mails(session, template="editor_assigned")] == [admin.email]
    shown = editor.send(page, "/assign", assignee=str(me.id))
    assert "It is yours." in shown.words
    editor.send(page, "/assign", assignee="0")
    assert at(session, page).assignee_id is None
    assert len(factories.mails(session, template="editor_assigned")) == 1


def test_wording_kind_and_severity_are_edited(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    editor.send(page, "/edit", corrected_text="takes in", kind="correction", severity="serious")
    edited = at(session, page)
    assert (edited.corrected_text, edited.kind, edited.severity) == ("takes in", Kind.CORRECTION, Severity.SERIOUS)


def test_a_note_stays_at_the_desk(session: Session, editor: Desk) -> None:
    page = an_erratum(session, confirmed=ANN)
    shown = editor.send(page, "/note", reason="Ask Marta about this.")
    assert "Ask Marta about this." in shown.all("//ol[@class='timeline']//blockquote")
    assert not [m for m in factories.mails(session, to=ANN) if "Marta" in str(m.facts)]
    refused = editor.send(page, "/note", reason="  ")
    assert refused.status == 422


def test_a_move_from_the_queue_returns_to_the_queue(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    queue = editor.open("/desk/", sort="newest")
    [button] = queue.main.xpath(f"//button[@formaction='{page}/verify']")
    fields = dict(queue.rows.form_values()) | {"revision": button.get("value")}
    shown = editor.post(f"{page}/verify", **fields)
    assert shown.answer.request.path == "/desk/"
    assert shown.answer.request.args["sort"] == "newest"
    assert at(session, page).status is Status.VERIFIED


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/desk/", "//[", "/report", "\\\\example.org"]
)
def test_a_move_never_leads_elsewhere(session: Session, editor: Desk, elsewhere: str) -> None:
    page = an_erratum(session)
    shown = editor.send(page, "/verify", back=elsewhere)
    assert shown.answer.request.path == page
