import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.domain.titles import title_key, title_keys, title_likeness, title_ways

TITLE = "Harbour Turns to Ferry, Not Bridge, to Carry Islanders Across"


@pytest.mark.parametrize(
    "other",
    [
        TITLE.upper(),
        " harbour turns to ferry not bridge to carry islanders across ",
        "“Harbour Turns to Ferry, Not Bridge” – to Carry Islanders Across!",
        "Harbour  Turns to\u00a0Ferry; not bridge: to carry islanders across…",
    ],
)
def test_spellings_of_one_title_share_a_key(other: str) -> None:
    assert title_key(other) == title_key(TITLE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don’t Panic", "Dont panic"),
        ("Not U.S. but U.K.", "not us but uk"),
        ("The 2,500-Year-Old Café", "the 2500 year old cafe"),
        ("Ёлка", "елка"),
    ],
)
def test_signs_that_people_leave_out(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("C++", "C#"), ("Version 2.5", "Version 25"), ("Its War", "It Wars"), ("!", "?")]
)
def test_other_titles_have_other_keys(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


@given(st.text())
def test_no_title_is_without_a_key_but_a_blank_one(title: str) -> None:
    assert title_key(title) or not title.strip()
    assert "\n" not in title_key(title) or not title.strip().isprintable()
    assert title_key(f"  {title}\t") == title_key(title) or not title.strip()


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("The End - The Gazette", ["the end the gazette", "the end"]),
        ("The End | The Gazette", ["the end the gazette", "the end"]),
        ("The Gazette: The End", ["the gazette the end", "the end"]),
        ("A Bridge Too Far | Elsewhere", ["a bridge too far elsewhere", "a bridge too far"]),
        ("Opinion | A Bridge Too Far", ["opinion a bridge too far", "a bridge too far"]),
        ("A Bridge Too Far - Elsewhere", ["a bridge too far elsewhere"]),  # a topic perhaps, and no site
        ("The End | Elsewhere", ["the end elsewhere"]),
        ("", []),
    ],
)
def test_keys_without_the_name_of_the_site(title: str, keys: list[str]) -> None:
    assert title_keys(title, ["The Gazette", ""]) == keys


@pytest.mark.parametrize(
    ("given", "least"),
    [
        (TITLE.lower(), 1.0),
        ("Harbor turns to fery, not bridge, to carry islanders across", 0.9),
        ("harbour turns to ferry not bridge to carry across", 0.85),  # a word left out
        ("Harbour Turns to Ferry, Not…", 0.85),
        ("to carry islanders across, harbour turns to ferry not bridge", 0.9),
        (TITLE + " - The Gazette", 0.9),
        ("your piece on ferry carry islanders", 0.6),
        ("the article about Harbour Turns to Ferry, Not Bridge", 0.85),
    ],
)
def test_what_is_like_the_title(given: str, least: float) -> None:
    assert title_likeness(given, TITLE) >= least


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("The harbour of the city and what to do", TITLE),
        ("Not to the bridge", TITLE),
        ("", TITLE),
        ("Harbour", TITLE),
        ("Budget 2023: What You Need to Know", "Budget 2024: What You Need to Know"),
        ("Police Arrest Man in Leeds", "Police Arrest Man in Luton"),
        ("War in Iran and what comes next", "War in Iraq and what comes next"),
        ("Anna Berg: the harbour and its critics", "Anna Berg: a life in pictures"),
    ],
)
def test_what_is_not_like_enough_to_be_taken_for_it(given: str, title: str) -> None:
    assert title_likeness(given, title) < 0.72


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share(one: str, other: str) -> None:
    assert 0.0 <= title_likeness(one, other) <= 1.0
    assert title_likeness(one, one) == (1.0 if one.strip() and title_key(one) else 0.0)


@pytest.mark.parametrize(
    ("given", "sure", "possible"),
    [
        ("The End", {"the end"}, set()),
        ("Error in the article The End", {"error in the article the end", "the end"}, set()),
        ("your piece on the end", {"your piece on the end", "the end"}, set()),
        ("A Bridge Too Far - Elsewhere", {"a bridge too far elsewhere"}, {"a bridge too far", "elsewhere"}),
        ("", set(), set()),
    ],
)
def test_ways_to_read_a_title(given: str, sure: set[str], possible: set[str]) -> None:
    ways = title_ways(given)
    assert {way.key for way in ways if way.sure} == sure
    assert {way.key for way in ways if not way.sure} == possible


def test_another_number_makes_another_title_and_a_slip_does_not() -> None:
    assert title_likeness("Budget 2023: what you need", "Budget 2024: what you need") < 0.6
    assert title_likeness("Budget 2024: waht you need", "Budget 2024: what you need") > 0.9
