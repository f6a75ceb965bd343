"""Articles found or added, their names, their texts, and where errata go when a text changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from conftest import Clock
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.anchors import AnchorState
from corrections.domain.articles import ArticleFacts
from corrections.domain.errors import Rejected
from corrections.domain.states import Status
from corrections.models import Article, ArticleName, Erratum, Event, EventKind, NameKind, Publication, Snapshot
from corrections.queries.articles import by_url
from corrections.services import articles, numbers
from corrections.services.articles import Found, Outcome

URL = "https://tide.example.org/articles/ferry"
FACTS = ArticleFacts(
    title=factories.TITLE,
    url=URL,
    byline="Jo Brandt",
    section="Harbour",
    published_at=datetime(2026, 5, 1, tzinfo=UTC),
    language="en",
    licence="https://creativecommons.example/by/4.0/",
    text=factories.TEXT,
)


def take_in(session: Session, publication: Publication, facts: ArticleFacts = FACTS, **changes: Any) -> Found:
    with transaction():
        return articles.find_or_add(session, publication, replace(facts, **changes), factories.system_act())


def number_of(session: Session, what: type) -> int:
    return session.scalar(select(func.count()).select_from(what)) or 0


def names_of(session: Session, article: Article, kind: NameKind) -> dict[str, bool]:
    rows = session.scalars(select(ArticleName).where(ArticleName.article_id == article.id, ArticleName.kind == kind))
    return {name.text: name.current for name in rows}


def test_a_new_article_is_taken_in_with_all_that_is_known(
    session: Session, publication: Publication, clock: Clock
) -> None:
    found = take_in(session, publication)
    article = found.article
    assert found.outcome is Outcome.NEW
    assert (article.title, article.url, article.slug) == (factories.TITLE, URL, "the-ferry-that-crosses-by-moonlight")
    assert (article.byline, article.section, article.language) == ("Jo Brandt", "Harbour", "en")
    assert (article.published_at, article.added_at) == (FACTS.published_at, clock.at)
    [snapshot] = article.snapshots
    assert (snapshot.number, snapshot.text, snapshot.captured_at) == (1, factories.TEXT, clock.at)


def test_the_same_again_changes_nothing(session: Session, publication: Publication) -> None:
    first = take_in(session, publication)
    again = take_in(session, publication)
    assert (again.outcome, again.article) == (Outcome.UNCHANGED, first.article)
    assert (number_of(session, Article), number_of(session, Snapshot), number_of(session, ArticleName)) == (1, 1, 2)


@pytest.mark.parametrize(
    "address",
    [
        "http://tide.example.org/articles/ferry",
        "https://TIDE.example.org/articles/ferry/",
        "https://tide.example.org/articles/ferry?utm_source=feed#comments",
        "https://www.tide.example.org/articles/ferry",
    ],
)
def test_spellings_of_an_address_are_one_article(session: Session, publication: Publication, address: str) -> None:
    first = take_in(session, publication)
    again = take_in(session, publication, url=address)
    assert (again.article, again.outcome) == (first.article, Outcome.UNCHANGED)
    assert again.article.url == URL


def test_a_new_title_is_a_change_and_the_old_one_still_leads_there(session: Session, publication: Publication) -> None:
    take_in(session, publication)
    found = take_in(session, publication, title="The last ferry")
    assert (found.outcome, found.article.title) == (Outcome.CHANGED, "The last ferry")
    assert names_of(session, found.article, NameKind.TITLE) == {factories.TITLE: False, "The last ferry": True}
    assert found.article.slug == "the-ferry-that-crosses-by-moonlight", "addresses of ours never change"
    take_in(session, publication)
    assert names_of(session, found.article, NameKind.TITLE) == {factories.TITLE: True, "The last ferry": False}


def test_an_article_that_moved_is_found_by_both_addresses(session: Session, publication: Publication) -> None:
    first = take_in(session, publication)
    moved = take_in(session, publication, url="https://tide.example.org/2026/ferry", aliases=(URL,))
    assert (moved.article, moved.outcome) == (first.article, Outcome.CHANGED)
    assert moved.article.url == "https://tide.example.org/2026/ferry"
    assert by_url(session, URL) is by_url(session, "https://tide.example.org/2026/ferry") is first.article
    known = names_of(session, first.article, NameKind.URL)
    assert known == {URL: False, "https://tide.example.org/2026/ferry": True}


def test_what_a_source_does_not_say_is_kept(session: Session, publication: Publication) -> None:
    take_in(session, publication)
    bare = ArticleFacts(title=factories.TITLE, url=URL)
    found = take_in(session, publication, bare)
    assert (found.outcome, found.article.byline) == (Outcome.UNCHANGED, "Jo Brandt")
    assert number_of(session, Snapshot) == 1


def test_a_changed_text_is_a_new_snapshot_and_the_old_one_stays(session: Session, publication: Publication) -> None:
    take_in(session, publication)
    found = take_in(session, publication, text="Quite another text.")
    assert found.outcome is Outcome.CHANGED
    session.expire_all()
    assert [(s.number, s.text) for s in found.article.snapshots] == [(1, factories.TEXT), (2, "Quite another text.")]


def test_articles_without_address_are_known_by_title_and_date(session: Session, publication: Publication) -> None:
    print_only = {"url": None}
    first = take_in(session, publication, **print_only)
    assert first.article.url is None
    assert take_in(session, publication, **print_only).article is first.article
    other_day = take_in(session, publication, **print_only, published_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert other_day.outcome is Outcome.NEW
    assert other_day.article.slug != first.article.slug
    assert take_in(session, publication, title="Another", **print_only).outcome is Outcome.NEW


def test_a_listing_with_an_address_does_not_swallow_one_of_the_same_title(
    session: Session, publication: Publication
) -> None:
    first = take_in(session, publication)
    other = take_in(session, publication, url="https://tide.example.org/articles/other")
    assert other.outcome is Outcome.NEW
    assert other.article is not first.article


def test_titles_that_make_the_same_slug_get_numbers(session: Session, publication: Publication) -> None:
    slugs = [take_in(session, publication, url=f"{URL}/{n}", title=title).article.slug
             for n, title in enumerate(["Bread!", "Bread?", "bread", "…", "日本"])]  # fmt: skip
    assert slugs[:3] == ["bread", "bread-2", "bread-3"]
    assert len(set(slugs)) == 5
    assert all(slugs)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " \n"}, "title"),
        ({"title": "x" * (limits.TITLE + 1)}, "title"),
        ({"url": "ftp://tide.example.org/"}, "url"),
        ({"url": f"https://tide.example.org/{'x' * limits.URL}"}, "url"),
        ({"text": "x" * (limits.ARTICLE_TEXT + 1)}, "text"),
        ({"byline": "x" * (limits.BYLINE + 1)}, "byline"),
        ({"section": "x" * (limits.SECTION + 1)}, "section"),
        ({"language": "x" * (limits.LANGUAGE + 1)}, "language"),
        ({"licence": "x" * (limits.URL + 1)}, "licence"),
    ],
)
def test_what_cannot_be_taken_in(
    session: Session, publication: Publication, changes: dict[str, str], field: str
) -> None:
    with pytest.raises(Rejected) as refusal:
        take_in(session, publication, **changes)
    assert list(refusal.value.fields) == [field]
    assert number_of(session, Article) == 0


def test_the_public_log_moves_on_only_if_it_shows_what_changed(session: Session, publication: Publication) -> None:
    article = take_in(session, publication).article
    before = numbers.current(session, numbers.Name.LOG)
    take_in(session, publication, title="Nobody sees this yet")
    assert numbers.current(session, numbers.Name.LOG) == before
    with transaction():
        erratum = factories.fix(session, factories.make_erratum(session, article=article.url))
        factories.publish(session, erratum)
    before = numbers.current(session, numbers.Name.LOG)
    take_in(session, publication, title="The last ferry")
    assert numbers.current(session, numbers.Name.LOG) == before + 1


# Where errata go


@pytest.fixture
def erratum(session: Session, publication: Publication) -> Erratum:
    take_in(session, publication)
    with transaction():
        return factories.make_erratum(session, article=URL)


def states_told(session: Session, erratum: Erratum) -> list[str]:
    told = select(Event.note).where(Event.erratum_id == erratum.id, Event.kind == EventKind.TEXT_CHANGED)
    return list(session.scalars(told.order_by(Event.id)))


def test_an_erratum_moves_with_its_words(session: Session, publication: Publication, erratum: Erratum) -> None:
    take_in(session, publication, text="A new beginning.\n\n" + factories.TEXT)
    assert erratum.snapshot is not None
    assert erratum.snapshot.number == 2
    assert erratum.snapshot.text[erratum.start : erratum.end] == "recieves"
    assert states_told(session, erratum) == []


def test_an_erratum_whose_words_are_gone_says_so_and_comes_back_with_them(
    session: Session, publication: Publication, erratum: Erratum
) -> None:
    take_in(session, publication, text="A wholly new text about bread.")
    assert (erratum.anchor_state, erratum.start, erratum.original_text) == (AnchorState.ORPHANED, None, "recieves")
    take_in(session, publication, text="New: " + factories.TEXT)
    assert (erratum.anchor_state, erratum.original_text) == (AnchorState.ANCHORED, "recieves")
    assert states_told(session, erratum) == ["anchored → orphaned", "orphaned → anchored"]


def test_an_erratum_that_was_mended_in_silence_is_noticed(
    session: Session, publication: Publication, erratum: Erratum
) -> None:
    take_in(session, publication, text=factories.TEXT.replace("recieves", "receives"))
    assert (erratum.anchor_state, erratum.status) == (AnchorState.ALREADY_FIXED, Status.REPORTED)
    assert erratum.original_text == "recieves", "what was reported, not what stands there now"
    assert erratum.live_at is None


def test_a_fix_is_confirmed_when_it_is_seen(
    session: Session, publication: Publication, erratum: Erratum, clock: Clock
) -> None:
    with transaction():
        factories.fix(session, erratum)
    take_in(session, publication)
    assert erratum.live_at is None, "the error still stands there"
    clock.advance(hours=1)
    take_in(session, publication, text=factories.TEXT.replace("recieves", "receives"))
    assert erratum.live_at == clock.at
    clock.advance(hours=1)
    take_in(session, publication, text=factories.TEXT.replace("recieves", "receives") + " More.")
    assert erratum.live_at == clock.at.replace(hour=clock.at.hour - 1), "the first time counts"
    seen = select(func.count()).where(Event.kind == EventKind.SEEN_LIVE)
    assert session.scalar(seen) == 1


def test_a_fix_that_was_there_before_the_editor_said_so_is_seen_too(
    session: Session, publication: Publication, erratum: Erratum, clock: Clock
) -> None:
    mended = factories.TEXT.replace("recieves", "receives")
    take_in(session, publication, text=mended)
    with transaction():
        factories.fix(session, erratum)
    clock.advance(hours=1)
    assert take_in(session, publication, text=mended).outcome is Outcome.UNCHANGED
    assert erratum.live_at == clock.at


def test_what_was_rejected_is_left_alone(session: Session, publication: Publication, erratum: Erratum) -> None:
    with transaction():
        factories.reject(session, erratum)
    take_in(session, publication, text="A wholly new text about bread.")
    assert erratum.anchor_state is AnchorState.ANCHORED
