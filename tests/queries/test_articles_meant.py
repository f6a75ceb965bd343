"""Which article a saying means, from the catalogue to the outcome, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import factories
from corrections.db import transaction
from corrections.domain.matching import Certainty, Match, Reason, decide
from corrections.domain.sayings import Change, Saying
from corrections.models import Article, Publication
from corrections.queries import articles, candidates

FERRY = "Harbour Turns to Ferry, Not Bridge, to Carry Islanders Across"
FERRY_TEXT = (
    "The harbour asked the ferry company for help, and it said yes.\n\n"
    "It spent eight years “moving islanders to work” by boat, said Olaf Brandt, who recieved the first ticket."
)
BRIDGE = "Why the Bridge Will Never Be Built"
BRIDGE_TEXT = (
    "Nobody wants the bridge, said the mayor. The goverment does not want to pay for it, and the ferry is cheap."
)
CATALOGUE = (
    (FERRY, "https://tide.example.org/2025/harbour-turns-to-ferry", "Jane Doe", FERRY_TEXT),
    (BRIDGE, "https://tide.example.org/2025/why-the-bridge?id=7", "Olaf O’Brien and Ann-Marie Lund", BRIDGE_TEXT),
    ("Thirteen", "https://tide.example.org/thirteen", "Jane Doe", "There are thirteen swans, and a goose."),
    ("The Week", "https://tide.example.org/week-1", None, "This week the lighthouse was painted red."),
    ("The Week", "https://tide.example.org/week-2", None, "This week the lighthouse was painted green."),
    ("Budget 2024: What You Need to Know", None, "Jane Doe", "The budget grows. The mayor is glad."),
    ("Łódź ist schön — ein Spaziergang", None, "Żaneta Kowalska", "Die Straße führt ans Wasser, wo Möwen kreischen."),
)


@pytest.fixture
def catalogue(session: Session, publication: Publication) -> Session:  # noqa: ARG001 - it must be there
    with transaction():
        for title, url, byline, text in CATALOGUE:
            factories.make_article(session, title=title, url=url, byline=byline, text=text)
    return session


def meant(session: Session, *given: str, quote: str = "", corrected: str = "", author: str = "") -> Match:
    changes = (Change(original=quote, corrected=corrected),) if quote or corrected else ()
    saying = Saying(articles=given, author=author, changes=changes)
    return decide(saying, articles.options(session, saying))


def title_of(session: Session, match: Match) -> str | None:
    return session.scalars(sa.select(Article.title).where(Article.id == match.article_id)).one_or_none()


@pytest.mark.parametrize(
    "given",
    [
        FERRY,
        FERRY.upper(),
        FERRY.lower(),
        "“Harbour turns to ferry, not bridge” – to carry islanders across",
        f"{FERRY} | Somewhere Else",
        f"{FERRY} :: Somewhere Else",
        f"{FERRY} - The Evening Tide",
        f"{FERRY} – The Evening Tide",
        f"Typo in {FERRY}",
        f"Re: {FERRY}",
        "https://tide.example.org/2025/harbour-turns-to-ferry",
        "http://www.tide.example.org/2025/harbour-turns-to-ferry/?utm_source=mail&fbclid=abc#comments",
        "m.tide.example.org/2025/harbour-turns-to-ferry/amp",
        "https://amp.tide.example.org/2025/harbour-turns-to-ferry/?outputType=amp",
        "https://tide.example.org/2025/harbour-turns-to-ferry/index.html?print=1&mc_cid=9",
        "HTTPS://TIDE.EXAMPLE.ORG/2025/harbour%2Dturns-to-ferry",
        "I read https://tide.example.org/2025/harbour-turns-to-ferry.",
    ],
)
def test_a_name_in_any_spelling_is_certain(catalogue: Session, given: str) -> None:
    match = meant(catalogue, given)
    assert (title_of(catalogue, match), match.certainty) == (FERRY, Certainty.CERTAIN)


@pytest.mark.parametrize(
    "given",
    [
        f"{FERRY} - Somewhere Else",
        "Harbour Turns to Ferry, Not ...",
        "Harbour Turns to Ferry […]",
        "Harbuor Turns to Ferry, Not Bridge, to Carry Islanders Across",
        "your piece on Carry Islanders",
        "the article about islanders across ferry",
        "the one on harbour ferry islanders",
        "Jane Doe's article about Islanders",
        "https://copies.example.net/from-elsewhere/harbour-turns-to-ferry/",
    ],
)
def test_a_name_in_part_or_with_a_slip_is_likely_and_with_a_quote_certain(catalogue: Session, given: str) -> None:
    match = meant(catalogue, given)
    assert (title_of(catalogue, match), match.certainty) == (FERRY, Certainty.LIKELY)
    assert meant(catalogue, given, quote='moving islanders to work"').certainty is Certainty.CERTAIN


@pytest.mark.parametrize(
    ("quote", "title"),
    [
        ("Nobody wants the bridge, said the mayor.", BRIDGE),
        ("Nobody wnats the bridge, said the mayor.", BRIDGE),  # the reader's own slip
        ("Nobody wants ... said the mayor", BRIDGE),
        ("goverment", BRIDGE),  # a word that no other article has
        ('It spent eight years "moving islanders to work" by boat', FERRY),
        ("wo Möwen kreischen", "Łódź ist schön — ein Spaziergang"),
    ],
)
def test_a_quote_without_a_title_is_enough(catalogue: Session, quote: str, title: str) -> None:
    match = meant(catalogue, quote=quote)
    assert (title_of(catalogue, match), match.certainty) == (title, Certainty.LIKELY)


def test_words_that_many_articles_have_name_none_of_them(catalogue: Session) -> None:
    assert meant(catalogue, quote="This week the lighthouse was painted").certainty is Certainty.UNKNOWN
    assert meant(catalogue, quote="the mayor").certainty is Certainty.UNKNOWN
    assert meant(catalogue).candidates == ()


def test_two_of_one_title_are_told_apart_by_the_quote(catalogue: Session) -> None:
    assert meant(catalogue, "The Week").certainty is Certainty.UNKNOWN
    match = meant(catalogue, "The Week", quote="painted green")
    assert match.certainty is Certainty.CERTAIN
    assert match.candidates[0].url == "https://tide.example.org/week-2"


def test_a_title_that_is_a_common_word_gives_way_to_a_quote_of_another_article(catalogue: Session) -> None:
    match = meant(catalogue, "Thirteen", quote="Nobody wants the bridge, said the mayor.")
    assert (title_of(catalogue, match), match.certainty) == (BRIDGE, Certainty.LIKELY)


def test_a_title_that_was_cut_short_is_not_surely_the_shorter_one(catalogue: Session) -> None:
    longer = "Thirteen swans and a heron"
    with transaction():
        factories.make_article(catalogue, title=longer, text="Of herons, said Jon, and of otyer birds.")
    assert meant(catalogue, "Thirteen...").certainty is not Certainty.CERTAIN
    assert title_of(catalogue, meant(catalogue, "Thirteen swans...", quote="otyer")) == longer


def test_a_short_title_stays_certain_beside_words_that_stand_nowhere(catalogue: Session) -> None:
    match = meant(catalogue, "Thirteen", quote="there is a typo, about nine paragraphs down")
    assert (title_of(catalogue, match), match.certainty) == ("Thirteen", Certainty.CERTAIN)


def test_a_wrong_guess_among_the_titles_does_no_harm(catalogue: Session) -> None:
    match = meant(catalogue, "goverment", FERRY, "Typo", quote="who recieved the first")
    assert (title_of(catalogue, match), match.certainty) == (FERRY, Certainty.CERTAIN)


def test_another_number_is_another_article(catalogue: Session) -> None:
    assert meant(catalogue, "Budget 2023: What You Need to Know", quote="budget").certainty is Certainty.UNKNOWN


def test_an_author_with_a_quote_is_certain_and_alone_is_not(catalogue: Session) -> None:
    assert meant(catalogue, author="Jane Doe").certainty is Certainty.UNKNOWN
    match = meant(catalogue, author="Ann-Marie Lund", quote="does not want to pay for it")
    assert (title_of(catalogue, match), match.certainty) == (BRIDGE, Certainty.CERTAIN)
    assert match.candidates[0].reasons == (Reason.AUTHOR, Reason.QUOTE_FOUND)


def test_an_earlier_title_and_an_earlier_text_still_lead_to_the_article(catalogue: Session) -> None:
    url = "https://tide.example.org/thirteen"
    with transaction():
        factories.make_article(catalogue, title="Fourteen swans on the lake", url=url, text="There are fourteen swans.")
    assert meant(catalogue, "Thirteen").candidates[0].reasons[0] is Reason.EARLIER_TITLE
    match = meant(catalogue, "Fourteen swans")
    assert title_of(catalogue, match) == "Fourteen swans on the lake"
    # The words are gone from its newest text, so they speak for nothing.
    assert meant(catalogue, quote="thirteen swans, and a goose").certainty is Certainty.UNKNOWN


def test_a_byline_that_came_later_is_found(catalogue: Session) -> None:
    with transaction():
        url = "https://tide.example.org/week-2"
        factories.make_article(catalogue, title="The Week", url=url, byline="Nils Holm", text=CATALOGUE[4][3])
    assert meant(catalogue, author="Nils Holm").candidates[0].url == "https://tide.example.org/week-2"


@pytest.mark.parametrize(
    "odd",
    [
        "\"'", "'; DROP TABLE article; --", "%_\\", "\x00", "🫨 🫨", "a" * 3000, "(((", "AND OR NOT NEAR", "*",
        "c++ | c#", "हिन्दी", "东京", ":x", "\\", "://", "https://[", "1 2 3", "x’s article about ‘", "\n\n", "\ud800", "http://a.b/%00%ff",
    ],
    ids=range(21),
)  # fmt: skip
def test_whatever_was_typed_does_no_harm(catalogue: Session, odd: str) -> None:
    saying = Saying(
        articles=(odd, f"{odd} {odd}", f"{odd}'s article about {odd}", f"the one on {odd} sea"),
        author=odd,
        changes=(Change(original=odd, corrected=odd, either_way=True), Change(original=f"{odd} the ferry {odd}")),
    )
    match = decide(saying, articles.options(catalogue, saying))
    assert match.certainty is not Certainty.CERTAIN
    articles.suggest(catalogue, odd)


def test_a_text_of_the_greatest_length_is_taken_in(catalogue: Session) -> None:
    # Every word another, in letters of four bytes each: the most that an index of words could have to hold.
    letters = [chr(code) for code in range(0x10400, 0x10450)]
    text = " ".join(a + b + c for a in letters for b in letters for c in letters[:60])[:1_900_000]
    with transaction():
        factories.make_article(catalogue, title="All words there are", text=text)
    assert meant(catalogue, "All words there are").certainty is Certainty.CERTAIN


@pytest.mark.parametrize(
    "title", ["a" * 1000, "𐐀" * 1000, "word " * 199, "!?!", "東" * 999, "x" * 599 + " y"], ids=range(6)
)  # fmt: skip
def test_a_title_of_any_kind_is_taken_in_and_found(catalogue: Session, title: str) -> None:
    with transaction():
        article_id = factories.make_article(catalogue, title=title.strip(), url=None).id
    assert meant(catalogue, title).article_id == article_id


def test_what_is_typed_is_suggested_from_the_beginning_on(catalogue: Session) -> None:
    def suggested(typed: str) -> list[str]:
        return [article.title for article in articles.suggest(catalogue, typed)]

    assert suggested("harb") == suggested("turns fer") == suggested("harbuor trns") == [FERRY]
    assert suggested("Thirten") == ["Thirteen"]
    assert suggested("the week") == ["The Week", "The Week"]
    assert suggested("zzz") == suggested("") == suggested("?") == []


# Few queries, each by an index ------------------------------------------------------------------------------------


MOST_QUERIES = 16


@pytest.mark.parametrize(
    ("saying", "most"),
    [
        (Saying(articles=(FERRY,)), 3),
        (Saying(articles=("https://tide.example.org/thirteen",), changes=(Change(original="goose"),)), 3),
        (Saying(articles=("harbour islanders",), changes=(Change(original="who recieved the first"),)), 6),
        (
            Saying(
                articles=tuple(f"the article about wrong guess {word}" for word in "abcdefgh"),
                author="Nobody Known",
                changes=tuple(Change(original=f"nothing of this kind stands there {word}") for word in "abcdefgh"),
            ),
            MOST_QUERIES,
        ),
    ],
    ids=["title", "address", "words", "nothing"],
)
def test_few_queries_are_enough(catalogue: Session, saying: Saying, most: int) -> None:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = catalogue.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        articles.options(catalogue, saying)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert 1 <= len(statements) <= most, statements


def plans(session: Session, look: Any, *args: Any) -> list[str]:
    """How the database goes about each statement that ``look`` runs."""
    found: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        found.append((statement, values))

    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        look(session, *args)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    connection = session.connection()
    return ["\n".join(str(row) for row in connection.exec_driver_sql(explain + sql, values)) for sql, values in found]


LOOKS: Sequence[tuple[Any, tuple[Any, ...], str, str]] = (
    (candidates.named, (["a", "b"],), "ix_article_name_lookup", "ix_article_name_lookup"),
    (candidates.beginning_with, ("harbour t",), "ix_article_name_lookup", "ix_article_name_search_beginning"),
    (candidates.with_words, ([("ferry", "bridge")],), "title_words_search", "ix_article_name_search_words"),
    (candidates.with_letters, (["islan"],), "title_trigram", "ix_article_name_trigram"),
    (candidates.with_segment, ("harbour-turns-to-ferry",), "address_parts_search", "ix_article_name_search_end"),
    (candidates.by_author, (["jane", "doe"],), "author_search", "ix_article_search_author"),
    (candidates.quoting, ([("goverment", "mayor")],), "snapshot_search", "ix_snapshot_search"),
    (candidates.quoting_literally, (["mayor"], "the mayor"), "snapshot_search", "ix_snapshot_search"),
    (candidates.holding, ([1, 2], "the mayor"), "uq_snapshot_article_id", "uq_snapshot_article_id"),
)


@pytest.mark.parametrize(
    ("look", "args", "on_sqlite", "on_postgresql"), LOOKS, ids=[look[0].__name__ for look in LOOKS]
)
def test_everything_is_looked_up_by_an_index(
    catalogue: Session, look: Any, args: tuple[Any, ...], on_sqlite: str, on_postgresql: str
) -> None:
    if catalogue.get_bind().dialect.name == "sqlite":
        (plan,) = plans(catalogue, look, *args)
        assert on_sqlite in plan or "sqlite_autoindex_snapshot" in plan
        assert not [line for line in plan.splitlines() if "SCAN" in line and "VIRTUAL TABLE INDEX" not in line], plan
        return
    # So many that the planner knows what pays.
    names = (
        "SELECT 1, 'title', n::text, md5(n::text) || ' ' || md5((n + 1)::text), false FROM generate_series(1, 5000) n"
    )
    catalogue.execute(sa.text(f"INSERT INTO article_name (article_id, kind, text, key, current) {names}"))
    for statement in ("ANALYZE article_name", "SET enable_seqscan = off"):
        catalogue.execute(sa.text(statement))
    (plan,) = plans(catalogue, look, *args)
    assert on_postgresql in plan, plan
