from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.domain import clock, limits, matching
from corrections.domain.matching import Certainty, Match, Option, Reason
from corrections.domain.sayings import Change, Saying

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FERRY = Option(
    article_id=1,
    title="Harbour Turns to Ferry, Not Bridge, to Carry Islanders Across",
    url="https://example.org/ferry",
    text="The harbour asked the ferry company for help.\n\nIt spent eight years “moving islanders to work” by boat.",
)
BRIDGE = Option(
    article_id=2,
    title="Why the Bridge Will Never Be Built",
    url="https://example.org/bridge",
    text="Nobody wants the bridge, said the mayor. The goverment does not want to pay for it, and the ferry is cheap.",
)
ISLAND = Option(
    article_id=3, title="An Island Without a Doctor", url=None, text="The ferry takes an hour to the next doctor."
)
ALL = [BRIDGE, ISLAND, FERRY]


def named(option: Option, exact: Reason = Reason.TITLE, **changes: object) -> Option:
    values = {name: getattr(option, name) for name in Option.__slots__}
    return Option(**{**values, "exact": exact, **changes})


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def decide(given: str, original: str, corrected: str, options: Sequence[Option]) -> Match:
    saying = Saying(articles=(given,), changes=(Change(original=original, corrected=corrected),))
    return matching.decide(saying, options)


def outcome(match: Match) -> tuple[Certainty, int | None]:
    return match.certainty, match.article_id


@pytest.mark.parametrize("reason", [Reason.ADDRESS, Reason.ALIAS, Reason.TITLE])
def test_one_article_found_by_its_name_is_certain(reason: Reason) -> None:
    match = decide("as typed", "not in it", "", [named(FERRY, reason)])
    assert outcome(match) == (Certainty.CERTAIN, 1)
    assert match.candidates[0].reasons == (reason,)
    assert match.candidates[0].score == 1


def test_an_earlier_title_is_said_to_be_one() -> None:
    option = named(FERRY, names=(FERRY.title, "Ferry to the rescue"))
    match = decide("ferry to the rescue", "", "", [option])
    assert outcome(match) == (Certainty.CERTAIN, 1)
    assert match.candidates[0].reasons == (Reason.EARLIER_TITLE,)


def test_a_title_shared_by_several_is_decided_by_the_quote() -> None:
    options = [named(FERRY, title="The week"), named(BRIDGE, title="The week"), named(ISLAND, title="The week")]
    assert outcome(decide("The Week", "the goverment", "", options)) == (Certainty.CERTAIN, 2)
    assert outcome(decide("The Week", "the ferry", "", options)) == (Certainty.UNKNOWN, None)
    assert outcome(decide("The Week", "nowhere", "", options)) == (Certainty.UNKNOWN, None)
    assert len(decide("The Week", "", "", options).candidates) == 3


def test_a_quote_cannot_be_sure_while_one_of_them_was_not_read() -> None:
    options = [named(BRIDGE, title="The week"), named(ISLAND, title="The week", text=None)]
    assert outcome(decide("The Week", "the goverment", "", options)) == (Certainty.LIKELY, 2)


def test_one_of_several_where_the_error_is_mended_already_is_likely() -> None:
    options = [named(FERRY, title="The week"), named(BRIDGE, title="The week")]
    match = decide("The Week", "deos not wnat to pay for it", "does not want to pay for it", options)
    assert outcome(match) == (Certainty.LIKELY, 2)
    assert Reason.CORRECTED_FOUND in match.candidates[0].reasons


def test_a_careless_title_with_a_quote_of_its_text_is_certain() -> None:
    match = decide("harbour turns to ferry not bridge to carry across", "moving islanders to work", "", ALL)
    assert outcome(match) == (Certainty.CERTAIN, 1)
    assert match.candidates[0].reasons == (Reason.TITLE_LIKE, Reason.QUOTE_FOUND)


def test_a_careless_title_alone_is_likely() -> None:
    assert outcome(decide("harbor turns to ferry, not bridge, to cary islanders across", "", "", ALL)) == (
        Certainty.LIKELY,
        1,
    )
    assert outcome(decide("why the bridge will nevr be built", "zeppelin", "", ALL)) == (Certainty.LIKELY, 2)


def test_a_slip_in_the_title_with_one_word_of_the_text_is_certain() -> None:
    assert outcome(decide("why the bridge will nevr be built", "goverment", "", ALL)) == (Certainty.CERTAIN, 2)


def test_a_part_of_the_title_needs_a_telling_quote() -> None:
    given = "your piece on islanders and the ferry"
    assert outcome(decide(given, "moving islanders to work", "", ALL)) == (Certainty.CERTAIN, 1)
    assert decide(given, "boat", "", ALL).certainty is not Certainty.CERTAIN


def test_two_titles_alike_are_left_to_the_editor() -> None:
    options = [
        Option(article_id=n, title=f"Harbour council meets, part {part}", url=None, text=None)
        for n, part in enumerate(["one", "two"])
    ]
    match = decide("harbour council meets, part", "", "", options)
    assert outcome(match) == (Certainty.UNKNOWN, None)
    assert len(match.candidates) == 2


def test_the_next_of_a_series_is_not_taken_for_the_one_that_is_not_there() -> None:
    options = [Option(article_id=1, title="Budget 2024: what you need to know", url=None, text="The budget is here.")]
    assert outcome(decide("Budget 2023: what you need to know", "budget", "", options)) == (Certainty.UNKNOWN, None)


def test_a_quote_alone_is_likely_when_it_stands_only_there() -> None:
    assert outcome(decide("", "Nobody wants the bridge, said the mayor.", "", ALL)) == (Certainty.LIKELY, 2)
    assert outcome(decide("", "the ferry", "", ALL)) == (Certainty.UNKNOWN, None)
    assert outcome(decide("", "said the mayor", "", ALL)) == (Certainty.LIKELY, 2)


def test_a_title_of_something_else_is_outweighed_by_a_whole_sentence_only() -> None:
    match = decide("Twelve recipes for pumpkin", "Nobody wants the bridge, said the mayor.", "", ALL)
    assert outcome(match) == (Certainty.LIKELY, 2)
    match = decide("Twelve recipes for pumpkin", "wants the bridge", "", ALL)
    assert outcome(match) == (Certainty.UNKNOWN, None)
    assert match.candidates[0].article_id == 2


def test_a_quote_that_was_taken_for_a_title_is_a_quote() -> None:
    assert outcome(decide("You write “wants the bridge”", "wants the bridge", "", ALL)) == (Certainty.LIKELY, 2)


def test_a_recent_article_says_so() -> None:
    options = [
        named(FERRY, published_at=NOON - timedelta(days=3)),
        named(BRIDGE, published_at=NOON - timedelta(days=30)),
    ]
    told = {candidate.article_id: candidate.reasons for candidate in decide("x", "", "", options).candidates}
    assert Reason.RECENT in told[1]
    assert Reason.RECENT not in told[2]


def test_nothing_to_weigh_is_unknown() -> None:
    assert decide("x", "y", "z", []) == Match(certainty=Certainty.UNKNOWN, article_id=None, candidates=())


def test_no_more_candidates_than_one_can_read() -> None:
    options = [Option(article_id=n, title=f"Ferry number {n}", url=None) for n in range(40)]
    match = decide("ferry number", "", "", options)
    assert len(match.candidates) == limits.CANDIDATES
    assert match.certainty is Certainty.UNKNOWN


@given(
    st.text(max_size=30),
    st.text(max_size=30),
    st.text(max_size=30),
    st.lists(st.sampled_from([*ALL, named(FERRY)]), max_size=4),
)
def test_whatever_is_given_an_article_is_named_only_with_its_certainty(
    title: str, quote: str, corrected: str, options: list[Option]
) -> None:
    match = decide(title, quote, corrected, options)
    assert (match.article_id is None) == (match.certainty is Certainty.UNKNOWN)
    assert match.article_id in {None, *(candidate.article_id for candidate in match.candidates[:1])}
    assert all(0 < candidate.score <= 1 for candidate in match.candidates)
    named_first = [candidate.score for candidate in match.candidates]
    assert named_first == sorted(named_first, reverse=True)
