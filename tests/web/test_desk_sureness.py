"""How sure the desk is: likely places to confirm, suggestions to choose from, what is fixed already, what is right."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories
from at_the_desk import Desk
from conftest import Queries
from corrections.db import transaction
from corrections.domain.actors import Act, Channel, Role
from corrections.domain.anchors import AnchorState
from corrections.domain.errors import IllegalMove
from corrections.domain.matching import Certainty
from corrections.domain.states import Status
from corrections.models import Article, Erratum, Event, EventKind, OutboxMessage
from corrections.services import trail, triage

BRITISH = "The colour of the ferry is grey, and its honour is spotless."


@pytest.fixture(autouse=True)
def article(session: Session, publication: Any) -> Article:  # noqa: ARG001 - the article's
    with transaction():
        return factories.make_article(session)


@pytest.fixture
def editor(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.EDITOR))


@pytest.fixture
def triager(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.TRIAGER))


def likely(session: Session) -> int:
    """The number of an erratum whose article is likely only."""
    with transaction():
        erratum = factories.make_erratum(session)
        erratum.certainty = Certainty.LIKELY
        for report in erratum.reports:
            report.certainty = Certainty.LIKELY
        return erratum.number


def erratum_of(session: Session, number: int) -> Erratum:
    session.expire_all()
    return session.scalars(select(Erratum).where(Erratum.number == number)).one()


def already_fixed(session: Session) -> Erratum:
    """An erratum of words that the article has in their corrected form."""
    changes = {"quote": "has helt the tiller since", "corrected_text": "has held the tiller since"}
    erratum = factories.make_erratum(session, **changes)
    assert erratum.anchor_state is AnchorState.ALREADY_FIXED
    return erratum


# Likely ---------------------------------------------------------------------------------------------------------------


def test_a_likely_place_is_confirmed_with_one_button(session: Session, triager: Desk) -> None:
    number = likely(session)
    assert "Likely" in triager.open("/desk/").all("//li[@class='queue-item']")[0]
    page = triager.open(f"/desk/errata/{number}")
    assert page.all("//button[@accesskey]") == ["Yes, that is it"]
    done = triager.send(page, "/confirm")
    assert "Confirmed: this is the article and the place." in done.words
    assert not done.has_form("/confirm")
    erratum = erratum_of(session, number)
    assert {erratum.certainty, *(report.certainty for report in erratum.reports)} == {Certainty.CERTAIN}
    assert session.scalars(select(Event.kind).order_by(Event.id.desc())).first() is EventKind.PLACED


def test_what_is_certain_or_decided_is_not_confirmed(session: Session) -> None:
    with transaction():
        certain = factories.make_erratum(session)
        with pytest.raises(IllegalMove):
            triage.confirm(session, certain, factories.act(Role.EDITOR))
        certain.certainty = Certainty.LIKELY
        factories.reject(session, certain)
        with pytest.raises(IllegalMove):
            triage.confirm(session, certain, factories.act(Role.EDITOR))


def test_the_candidates_of_a_likely_article_are_shown_with_their_reasons(
    session: Session, article: Article, triager: Desk
) -> None:
    given, other_title = "ferry that crosses by", "The ferry that crosses by daylight"
    with transaction():
        factories.make_article(session, title=other_title, text="Nothing of the kind.")
        erratum = factories.make_erratum(session, article=given, quote="", corrected_text="", notes="It is wrong.")
        triage.place_in(session, erratum, article, factories.act(Role.EDITOR))
        erratum.certainty = Certainty.LIKELY
        number = erratum.number
    page = triager.open(f"/desk/errata/{number}")
    assert f"The reader wrote “{given}”, and we take this article for it." in page.words
    [target] = page.main.xpath("//a[text()='Choose another']/@href")
    chosen, other = sorted(page.all(f"//*[@id='{target.removeprefix('#')}']//li"), reverse=True)
    assert chosen.startswith(factories.TITLE)
    assert chosen.endswith("chosen now")
    assert other.startswith(f"{other_title} likeness")
    assert "the title given resembles its title" in other or "the words given stand in its title" in other
    triager.send(page, "/article")
    erratum = erratum_of(session, number)
    assert erratum.article is not None
    assert (erratum.article.title, erratum.certainty) == (other_title, Certainty.CERTAIN)


def test_what_an_editor_places_by_hand_is_certain(session: Session, triager: Desk) -> None:
    number = likely(session)
    page = triager.open(f"/desk/errata/{number}", words="Marta Lund")
    triager.send(page, "/place")
    erratum = erratum_of(session, number)
    assert erratum.original_text == "Marta Lund"
    assert {erratum.certainty, *(report.certainty for report in erratum.reports)} == {Certainty.CERTAIN}


# Several suggestions --------------------------------------------------------------------------------------------------


def test_an_editor_chooses_among_the_corrections_of_several_readers(session: Session, triager: Desk) -> None:
    with transaction():
        erratum = factories.make_erratum(session, quote="1987", corrected_text="1978")
        other = factories.make_report(session, quote="1987", corrected_text="1985")
        assert other.erratum is erratum
        number = erratum.number
    page = triager.open(f"/desk/errata/{number}")
    assert "Readers suggest different corrections" in page.words
    using = next(form for form in page.main.forms if form.fields.get("corrected_text") == "1985")
    done = triager.post(using.action, **dict(using.form_values()))
    assert erratum_of(session, number).corrected_text == "1985"
    assert [form.fields["corrected_text"].strip() for form in done.main.forms if form.action.endswith("/edit")] == [
        "1978", "1985",
    ]  # fmt: skip


def test_readers_who_agree_leave_nothing_to_choose(session: Session, triager: Desk) -> None:
    with transaction():
        number = factories.make_erratum(session, readers=3).number
    assert "Readers suggest different corrections" not in triager.open(f"/desk/errata/{number}").words


# A reader's answer ----------------------------------------------------------------------------------------------------


def test_a_readers_answer_by_mail_is_not_taken_for_a_note_of_the_desk(session: Session, triager: Desk) -> None:
    with transaction():
        erratum = factories.make_erratum(session)
        by_mail = Act(channel=Channel.MAIL, label="Ann Reader", role=None)
        words = "It is in the caption, <b>below</b>."
        trail.record(session, EventKind.NOTED, by_mail, erratum=erratum, report=erratum.reports[0], note=words)
        triage.note(session, erratum, "She may be right.", factories.act(Role.TRIAGER))
        number = erratum.number
    page = triager.open(f"/desk/errata/{number}")
    [answer] = page.all("//article//div[@class='answer']")
    assert answer.startswith("The reader’s answer, by mail")
    assert answer.endswith("It is in the caption, <b>below</b>.")
    history = page.all("//ol[@class='timeline']/li/p[1]")
    assert history[-2:] == ["Ann Reader answered", "Triager noted"]


# Already fixed --------------------------------------------------------------------------------------------------------


def test_what_reads_as_corrected_by_now_is_proposed_for_closing(session: Session, editor: Desk) -> None:
    with transaction():
        number = already_fixed(session).number
    assert "Already reads so" in editor.open("/desk/", q="is:already_fixed").words
    page = editor.open(f"/desk/errata/{number}")
    assert page.all("//button[contains(concat(' ', @class, ' '), ' button ')]") == ["Mark as fixed"]
    assert (
        "Its captain, Marta Lund, has held the tiller since 1987." in page.all("//p[contains(@class, 'sentence')]")[0]
    )
    done = editor.send(page, "/fix")
    assert "The article reads as corrected by now" not in done.words
    assert erratum_of(session, number).status is Status.FIXED


def test_a_triager_is_told_who_can_close_it(session: Session, triager: Desk) -> None:
    with transaction():
        number = already_fixed(session).number
    page = triager.open(f"/desk/errata/{number}")
    assert "an editor can then mark it as fixed" in page.words
    assert not page.has_form("/fix")


# Both spellings -------------------------------------------------------------------------------------------------------


def in_british(session: Session) -> int:
    """A report against a British spelling in a British article."""
    with transaction():
        article = factories.make_article(session, title="The grey ferry", text=BRITISH, language="en-GB")
        return factories.make_erratum(session, article=article.url, quote="colour", corrected_text="color").number


def test_both_spellings_are_right_and_the_wording_for_it_is_there(session: Session, triager: Desk) -> None:
    number = in_british(session)
    assert "Both spellings are right" in triager.open("/desk/").all("//li[@class='queue-item']")[0]
    page = triager.open(f"/desk/errata/{number}")
    closing = next(form for form in page.main.forms if form.fields.get("resolution") == "not_an_error")
    triager.post(closing.action, **dict(closing.form_values()))
    erratum = erratum_of(session, number)
    assert erratum.status is Status.REJECTED
    told = session.scalars(select(Event.note).where(Event.kind == EventKind.REJECTED)).one()
    assert told.startswith("Both spellings are right, and we keep to the one that stands there.")


def test_an_error_is_not_called_a_spelling(session: Session, triager: Desk) -> None:
    with transaction():
        number = factories.make_erratum(session).number
    for address in ("/desk/", f"/desk/errata/{number}"):
        assert "Both spellings" not in triager.open(address).words


# The same error -------------------------------------------------------------------------------------------------------


def test_errata_of_one_sentence_are_proposed_for_merging(session: Session, triager: Desk) -> None:
    with transaction():
        one = factories.make_erratum(session, quote="recieves", corrected_text="receives").number
        two = factories.make_erratum(session, quote="dusk", corrected_text="dawn").number
        far = factories.make_erratum(session, quote="1987", corrected_text="1978").number
    page = triager.open(f"/desk/errata/{one}")
    [same] = page.all("//section[@aria-labelledby='same-title']")
    assert f"{two} Reported" in same
    assert f"{far} Reported" in page.all("//section[@aria-labelledby='near-title']")[0]
    done = triager.send(page, f"/{one}/merge", into=str(two))
    assert "Merged." in done.words
    assert erratum_of(session, one).merged_into is erratum_of(session, two)


def test_the_page_of_an_erratum_asks_as_often_for_many_reports(
    session: Session, triager: Desk, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    counted = []
    for readers in (2, 20):
        with transaction():
            erratum = factories.make_erratum(session, readers=readers, by=factories.act(channel=Channel.MAIL))
            factories.make_erratum(session, quote=f"{readers}", corrected_text="x")
            number = erratum.number
        with count_queries() as queries:
            triager.open(f"/desk/errata/{number}")
        counted.append(len(queries))
    assert counted[0] == counted[1]


# What the reader is told ----------------------------------------------------------------------------------------------


def words_of(client: FlaskClient, address: str) -> str:
    return " ".join(html.fromstring(client.get(address).data).get_element_by_id("main").text_content().split())


def test_a_report_of_what_was_corrected_before_is_told_so_at_once(session: Session, client: FlaskClient) -> None:
    with transaction():
        fixed = factories.fix(session, factories.make_erratum(session))
        number = factories.publish(session, fixed).number
        late = factories.make_report(session)
        assert late.erratum is fixed
        reference = late.reference
    page = client.get(f"/reports/{reference}").text
    shown = words_of(client, f"/reports/{reference}")
    assert "Corrected already, thank you" in shown
    assert "This was corrected before you told us of it" in shown
    assert f'href="/corrections/{number}"' in page


def test_a_report_of_a_published_correction_that_nobody_closed_leads_to_it(
    session: Session, client: FlaskClient
) -> None:
    with transaction():
        corrected = already_fixed(session)
        number = factories.publish(session, factories.fix(session, corrected, corrected_text=corrected.corrected_text))
        number, late = number.number, already_fixed(session)
        late.status = Status.REPORTED
        late.closed_at = None
        reference = late.reports[-1].reference
    shown = words_of(client, f"/reports/{reference}")
    assert "This has been corrected already: the article reads as you say it should." in shown
    assert f'href="/corrections/{number}"' in client.get(f"/reports/{reference}").text


def test_a_reader_sees_the_article_as_it_reads_by_now(session: Session, client: FlaskClient) -> None:
    with transaction():
        reference = already_fixed(session).reports[0].reference
    page = html.fromstring(client.get(f"/reports/{reference}").data)
    [shown] = page.xpath("//p[contains(@class, 'sentence')]")
    assert shown.text_content() == "Its captain, Marta Lund, has held the tiller since 1987."


def test_a_reader_is_told_calmly_what_was_likely_meant(session: Session, client: FlaskClient) -> None:
    reference = erratum_of(session, likely(session)).reports[0].reference
    told = "We think this is the article and the place you mean. An editor will make sure."
    assert told in words_of(client, f"/reports/{reference}")
    with transaction():
        erratum = session.scalars(select(Erratum)).one()
        triage.confirm(session, erratum, factories.act(Role.EDITOR))
    assert told not in words_of(client, f"/reports/{reference}")


def test_a_reader_who_quotes_more_sees_only_the_words_that_change(session: Session, client: FlaskClient) -> None:
    with transaction():
        longer = {"quote": "recieves its last passengers", "corrected_text": "receives its last passengers"}
        reference = factories.make_report(session, **longer).reference
    page = html.fromstring(client.get(f"/reports/{reference}").data)
    assert page.xpath("//p[contains(@class, 'sentence')]")[0].text_content().count("passengers") == 1


def test_a_reader_is_told_that_both_spellings_are_right(session: Session, client: FlaskClient) -> None:
    reference = erratum_of(session, in_british(session)).reports[0].reference
    assert "As far as we know, both spellings are right." in words_of(client, f"/reports/{reference}")
    assert not session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == "")).all()


def test_the_form_says_at_once_that_just_this_was_corrected(session: Session, client: FlaskClient) -> None:
    with transaction():
        number = factories.publish(session, factories.fix(session, factories.make_erratum(session))).number
    given = {"article": factories.TITLE, "original_text": "recieves", "corrected_text": "receives"}
    answer = client.post("/report/known", data=given).text
    assert "Just this has been corrected already." in answer
    assert answer.count(f'href="/corrections/{number}"') == 1
    longer = {"original_text": "and recieves its last", "corrected_text": "and receives its last"}
    assert "Just this has been corrected already." in client.post("/report/known", data=given | longer).text
    alone = given | {"original_text": "and recieves its last", "corrected_text": ""}
    assert "Just this has been corrected already." in client.post("/report/known", data=alone).text
    other = client.post("/report/known", data=given | {"original_text": "captain", "corrected_text": ""}).text
    assert "Just this has been corrected already." not in other


def test_the_form_says_that_both_spellings_are_right(session: Session, client: FlaskClient) -> None:
    in_british(session)
    given = {"article": "The grey ferry", "original_text": "colour", "corrected_text": "color"}
    assert "As far as we know, both spellings are right." in client.post("/report/known", data=given).text
