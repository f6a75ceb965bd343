"""What a reader can look up before sending: which article it is, and what is known of it already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy.orm import Session

import factories
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.policy import Kind
from corrections.domain.screening import Sign


@pytest.fixture(autouse=True)
def _article(session: Session, publication: Any) -> None:  # noqa: ARG001 - the article's
    with transaction():
        factories.make_article(session)


def panel(answer: Any) -> str:
    """The text of what is known, with single blanks."""
    assert answer.status_code == 200
    return " ".join(html.fromstring(answer.data).get_element_by_id("known").text_content().split())


def known_of(client: FlaskClient, article: str) -> str:
    return panel(client.post("/report/known", data={"article": article}))


def test_the_button_stands_at_the_form_and_works_without_a_script(client: FlaskClient) -> None:
    [button] = html.fromstring(client.get("/report").data).xpath("//form//button[@formaction]")
    assert button.get("formaction") == "/report/known#known"
    assert button.get("type") == "submit"


def test_what_was_typed_stays(client: FlaskClient) -> None:
    typed = {
        "article": factories.TITLE,
        "original_text": "recieves\r\nits",
        "corrected_text": "receives",
        "notes": "n" * limits.NOTES * 2,
        "name": "Ann",
        "email": "ann@example",
    }
    answer = client.post("/report/known", data=typed)
    form = next(form for form in html.fromstring(answer.data).forms if "notes" in form.fields)
    assert {name: form.fields[name].strip().replace("\r", "") for name in typed} == {
        name: text.replace("\r", "") for name, text in typed.items()
    }
    assert answer.headers["Cache-Control"] == "private, max-age=0"


def test_published_corrections_are_shown_and_errors_in_hand_are_counted(client: FlaskClient, session: Session) -> None:
    with transaction():
        fixed = factories.make_erratum(session, quote="the the boat", corrected_text="the boat")
        factories.publish(session, factories.fix(session, fixed, corrected_text=fixed.corrected_text))
        factories.make_erratum(session, quote="eleven", corrected_text="UNPUBLISHED-WORD", notes="PRIVATE-NOTE")
        factories.make_erratum(session, quote="tiller", corrected_text="rudder", readers=2)
        factories.make_report(session, signs=[Sign.HIDDEN_FIELD], quote="HELD-WORD")
        factories.reject(session, factories.make_erratum(session, quote="nine", corrected_text="ten"))
    answer = client.post("/report/known", data={"article": factories.TITLE})
    shown = panel(answer)
    assert "In winter the was: the boat stays ashore" in shown
    assert "Readers have told us of 2 errors in it that are being looked at." in shown
    assert 'href="/corrections/1"' in answer.text
    for secret in ("UNPUBLISHED-WORD", "PRIVATE-NOTE", "HELD-WORD", "rudder"):
        assert secret not in answer.text


def test_a_correction_without_a_change_shows_its_note(client: FlaskClient, session: Session) -> None:
    with transaction():
        erratum = factories.fix(session, factories.make_erratum(session))
        note = {"kind": Kind.EDITORS_NOTE, "original_text": "", "corrected_text": "", "note": "The ferry was sold."}
        factories.publish(session, erratum, **note)
    assert "The ferry was sold." in known_of(client, factories.TITLE)


def test_an_article_without_errors(client: FlaskClient) -> None:
    assert "Nothing has been corrected in this article yet." in known_of(client, factories.TITLE)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Write its title or its address above, then ask again."),
        ("  \u200b", "Write its title or its address above, then ask again."),
        ("Zzyzx", "We do not know this article by that name"),
        ("https://tide.example.org/nowhere", "We do not know this article by that name"),
    ],
)
def test_an_article_that_is_not_found(client: FlaskClient, typed: str, said: str) -> None:
    assert said in known_of(client, typed)


def test_one_of_several_is_picked_with_all_that_was_typed(client: FlaskClient, session: Session) -> None:
    with transaction():
        for _ in range(2):
            factories.make_article(session, title="Ferry news", text="Nothing of note.")
    typed = {"article": "ferry news", "notes": "Kept."}
    page = html.fromstring(client.post("/report/known", data=typed).data)
    picks = page.xpath("//button[@name='pick']")
    assert len(picks) >= 2
    answer = client.post("/report/known", data={**typed, "pick": picks[0].get("value")})
    form = next(form for form in html.fromstring(answer.data).forms if "notes" in form.fields)
    assert (form.fields["article"], form.fields["notes"].strip()) == (picks[0].get("value"), "Kept.")
    assert "Nothing has been corrected in this article yet." in panel(answer)


def test_a_link_may_ask_as_well(client: FlaskClient) -> None:
    assert "Nothing has been corrected" in panel(client.get("/report/known", query_string={"article": factories.TITLE}))


def test_a_long_list_costs_as_many_queries_as_a_short_one(
    client: FlaskClient, session: Session, count_queries: Callable[[], Any]
) -> None:
    with transaction():
        article = factories.make_article(session, title="A long list", text=" ".join(f"word{n}" for n in range(40)))

    def publish(numbers: range) -> None:
        with transaction():
            for n in numbers:
                erratum = factories.make_erratum(
                    session, article=article.url, quote=f"word{n}", corrected_text=f"term{n}"
                )
                factories.publish(session, factories.fix(session, erratum, corrected_text=f"term{n}"))

    publish(range(1))
    known_of(client, "A long list")
    with count_queries() as few:
        known_of(client, "A long list")
    publish(range(1, 31))
    with count_queries() as many:
        assert "All 31 corrections to this article" in known_of(client, "A long list")
    assert len(many) == len(few)


# While typing --------------------------------------------------------------------------------------------------------


def test_articles_are_offered_while_typing(client: FlaskClient, session: Session) -> None:
    with transaction():
        article = factories.make_article(session, title="Quince & <b>jam</b>")
    answer = client.get("/report/suggestions", query_string={"q": "quinse and jamm"})
    assert answer.json["items"] == [{"title": article.title, "url": article.url, "value": article.title}]
    assert answer.json["announcement"] == "1 article fits. Choose it with the arrow keys."
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.mimetype == "application/json"


def test_two_of_one_title_are_told_apart_by_their_addresses(client: FlaskClient, session: Session) -> None:
    with transaction():
        twins = [factories.make_article(session, title="Letters to the editor").url for _ in range(2)]
        factories.make_article(session, title="Letters from abroad")
    items = client.get("/report/suggestions?q=letters").json["items"]
    assert {item["value"] for item in items} == {*twins, "Letters from abroad"}


@pytest.mark.parametrize("typed", ["", " ", "q", "Zzyzx", '"* OR', "x" * 5000])
def test_nothing_fits(client: FlaskClient, typed: str) -> None:
    answer = client.get("/report/suggestions", query_string={"q": typed})
    assert answer.status_code == 200
    assert answer.json["items"] == []
    assert answer.json["announcement"]
