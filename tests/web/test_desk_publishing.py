"""From a fixed erratum to an entry of the log, and what becomes of it: preview, publish, amend, withdraw."""

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
from corrections.domain.states import Status
from corrections.models import Correction, CorrectionState, Erratum
from corrections.services import publishing

ANN = "ann@example.org"


@pytest.fixture(autouse=True)
def _article(session: Session, publication: Any) -> None:  # noqa: ARG001 - the article's
    with transaction():
        factories.make_article(session)


@pytest.fixture
def editor(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.EDITOR))


def an_erratum(session: Session, **facts: Any) -> str:
    with transaction():
        return f"/desk/errata/{factories.make_erratum(session, **facts).number}"


def published(session: Session) -> list[Correction]:
    session.expire_all()
    return list(session.scalars(select(Correction).order_by(Correction.number)))


def status_of(session: Session, page: str) -> Status:
    session.expire_all()
    return session.scalars(select(Erratum.status).where(Erratum.number == int(page.rsplit("/", 1)[1]))).one()


def test_fix_and_publish_is_one_act_and_one_mail(session: Session, editor: Desk, client: FlaskClient) -> None:
    page = an_erratum(session, confirmed=ANN)
    shown = editor.send(page, "/publish", do="publish")
    assert "Published." in shown.words
    assert status_of(session, page) is Status.FIXED
    [correction] = published(session)
    assert (correction.kind, correction.original_text, correction.corrected_text) == (Kind.TYPO, "recieves", "receives")
    assert [m.template for m in factories.mails(session, to=ANN) if m.template != "report_received"][-1:] == [
        "report_published"
    ]
    assert factories.mails(session, to=ANN, template="report_fixed") == []
    assert "receives" in client.get("/feed.json").text
    assert f"correction no. {correction.number}" in shown.words
    assert not shown.has_form("/publish")


def test_a_preview_shows_it_as_in_the_log_and_changes_nothing(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    shown = editor.send(page, "/publish", do="preview", corrected_text="receives (sic)", note="A slip of the pen.")
    assert shown.status == 200
    [preview] = shown.all("//div[@class='preview']")
    assert "A slip of the pen." in preview
    assert "line of the changes" in preview
    assert published(session) == []
    assert status_of(session, page) is Status.REPORTED
    assert shown.form("/publish").fields["corrected_text"].strip() == "receives (sic)"
    editor.send(shown, "/publish", do="publish")
    assert published(session)[0].corrected_text == "receives (sic)"


def test_another_kind_brings_its_suggested_note_to_look_at_first(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    shown = editor.send(page, "/publish", do="publish", kind="correction")
    assert published(session) == []
    assert "An earlier version of this article said “recieves”. It should have said “receives”." in shown.words
    assert "as a notice" in shown.words
    editor.send(shown, "/publish", do="publish")
    [correction] = published(session)
    assert correction.note.startswith("An earlier version of this article said")
    assert correction.listed


def test_a_suggestion_with_gaps_is_not_published(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    shown = editor.send(page, "/publish", do="publish", kind="editors_note")
    refused = editor.send(shown, "/publish", do="publish")
    assert refused.status == 422
    assert "Fill the gaps that the suggested note leaves." in refused.words
    assert published(session) == []
    editor.send(refused, "/publish", do="publish", note="Editors’ note: the photograph was taken in 1988.")
    assert published(session)[0].kind is Kind.EDITORS_NOTE


def test_a_note_can_be_published_where_no_words_were_quoted(session: Session, editor: Desk) -> None:
    page = an_erratum(session, quote="", corrected_text="", notes="The captain did not agree to be named.")
    editor.send(page, "/publish", do="publish", kind="clarification", note="The captain is named with her consent.")
    assert published(session)[0].note == "The captain is named with her consent."
    assert status_of(session, page) is Status.FIXED


def test_what_cannot_be_published_comes_back_as_typed(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    refused = editor.send(page, "/publish", do="publish", corrected_text="recieves", note="my words")
    assert refused.status == 422
    assert "This is the same as what the article said before." in refused.words
    assert refused.form("/publish").fields["note"].strip() == "my words"
    assert status_of(session, page) is Status.REPORTED, "nothing of the one transaction stays"


def test_a_retraction_is_for_admins(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    refused = editor.send(page, "/publish", do="publish", kind="retraction", note="We retract this.")
    assert refused.status == 403
    assert "We retract this." in refused.form("/publish").fields["note"]
    assert published(session) == []
    assert status_of(session, page) is Status.REPORTED


def test_what_was_fixed_only_is_published_later(session: Session, editor: Desk) -> None:
    page = an_erratum(session, confirmed=ANN)
    fixed = editor.send(page, "/fix")
    editor.send(fixed, "/publish", do="publish")
    assert len(published(session)) == 1


def test_publishing_twice_from_two_windows_publishes_once(session: Session, editor: Desk) -> None:
    page = an_erratum(session)
    shown = editor.open(page)
    editor.send(shown, "/publish", do="publish")
    late = editor.send(shown, "/publish", do="publish")
    assert late.status == 409
    assert len(published(session)) == 1


def test_a_triager_cannot_publish(session: Session, desk_client: Callable[[Role], FlaskClient]) -> None:
    triager = Desk(desk_client(Role.TRIAGER))
    page = an_erratum(session)
    token = dict(triager.open(page).form("/verify").form_values())["csrf_token"]
    fields = {"kind": "typo", "original_text": "recieves", "corrected_text": "receives", "csrf_token": token}
    assert triager.post(f"{page}/publish", **fields).status == 403
    assert published(session) == []


# What was published ---------------------------------------------------------------------------------------------------


@pytest.fixture
def entry(session: Session) -> int:
    """The number of a published correction."""
    with transaction():
        return factories.make_correction(session, kind=Kind.CORRECTION, note="The word was misspelt.").number


def test_the_list_shows_entries_in_force(session: Session, entry: int, editor: Desk) -> None:
    page = editor.open("/desk/corrections")
    assert "1 correction" in page.words
    assert page.main.xpath("//a[@class='queue-change']/@href") == [f"/desk/corrections/{entry}"]
    assert "No correction fits this search." in editor.open("/desk/corrections", q="zeppelin").words
    assert session.is_active


def test_amending_supersedes_and_points_on(session: Session, entry: int, editor: Desk, client: FlaskClient) -> None:
    page = f"/desk/corrections/{entry}"
    preview = editor.send(page, "/amend", do="preview", note="The word was misspelt by us.")
    assert "The word was misspelt by us." in preview.all("//div[@class='preview']")[0]
    shown = editor.send(preview, "/amend", do="amend")
    old, new = published(session)
    assert (old.current, new.current, new.note) == (False, True, "The word was misspelt by us.")
    assert shown.answer.request.path == f"/desk/corrections/{new.number}"
    assert "A newer entry has taken the place of this one." in editor.open(page).words
    assert not editor.open(page).has_form("/amend")
    assert "by us" in client.get("/").text


def test_amending_nothing_says_so(session: Session, entry: int, editor: Desk) -> None:
    refused = editor.send(f"/desk/corrections/{entry}", "/amend", do="amend")
    assert refused.status == 422
    assert "This is what the correction says already." in refused.words
    assert len(published(session)) == 1


def test_withdrawing_says_why_in_public(session: Session, entry: int, editor: Desk, client: FlaskClient) -> None:
    page = f"/desk/corrections/{entry}"
    refused = editor.send(page, "/withdraw", reason=" ")
    assert refused.status == 422
    editor.send(page, "/withdraw", reason="The original spelling was right.")
    newest = published(session)[-1]
    assert newest.state is CorrectionState.WITHDRAWN
    assert "The original spelling was right." in client.get(f"/corrections/{newest.number}").text


def test_two_who_amend_do_not_overwrite_each_other(session: Session, entry: int, editor: Desk) -> None:
    seen = editor.open(f"/desk/corrections/{entry}")
    with transaction():
        correction = session.scalars(select(Correction).where(Correction.number == entry)).one()
        publishing.withdraw(session, correction, "Wrong.", factories.act(Role.ADMIN))
    late = editor.send(seen, "/amend", do="amend", note="Much better words")
    assert late.status == 409
    assert "Much better words" in late.words
    assert len(published(session)) == 2


def test_a_triager_reads_but_does_not_change(
    session: Session, entry: int, desk_client: Callable[[Role], FlaskClient]
) -> None:
    triager = Desk(desk_client(Role.TRIAGER))
    page = triager.open(f"/desk/corrections/{entry}")
    assert page.status == 200
    assert not page.has_form("/amend")
    token = dict(triager.open("/desk/account").form("/account").form_values())["csrf_token"]
    assert triager.post(f"/desk/corrections/{entry}/withdraw", csrf_token=token, reason="No.").status == 403
    assert len(published(session)) == 1


@pytest.mark.parametrize("number", ["0", "99999", str(2**40)])
def test_there_is_nothing_under_other_numbers(editor: Desk, number: str) -> None:
    assert editor.open(f"/desk/corrections/{number}").status == 404
    assert editor.open(f"/desk/errata/{number}").status == 404
