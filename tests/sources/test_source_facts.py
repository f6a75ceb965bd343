"""What a source found, cleaned and held to the limits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corrections.domain import limits
from corrections.sources import facts
from corrections.sources.moments import moment
from corrections.sources.refusal import Refused


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-08 13:14:14+00:00", datetime(2026, 1, 8, 13, 14, 14, tzinfo=UTC)),
        ("2018-06-12T23:00:00.000Z", datetime(2018, 6, 12, 23, tzinfo=UTC)),
        ("2021-11-01T10:52:50+0100", datetime(2021, 11, 1, 9, 52, 50, tzinfo=UTC)),
        ("2017-03-10", datetime(2017, 3, 10, tzinfo=UTC)),
        ("20170310", datetime(2017, 3, 10, tzinfo=UTC)),
        ("Tue, 03 Jan 2017 10:00:00 GMT", datetime(2017, 1, 3, 10, tzinfo=UTC)),
        ("Tue, 03 Jan 2017 10:00:00 -0500", datetime(2017, 1, 3, 15, tzinfo=UTC)),
        ("March 3, 2017", datetime(2017, 3, 3, tzinfo=UTC)),
        ("3 mars 2017", datetime(2017, 3, 3, tzinfo=UTC)),
        ("5. April 2019, 14:00 Uhr", datetime(2019, 4, 5, 14, tzinfo=UTC)),
        ("2019年3月5日", datetime(2019, 3, 5, tzinfo=UTC)),
        ("1552222222", datetime(2019, 3, 10, 12, 50, 22, tzinfo=UTC)),
        (1552222222, datetime(2019, 3, 10, 12, 50, 22, tzinfo=UTC)),
        (1552222222000.0, datetime(2019, 3, 10, 12, 50, 22, tzinfo=UTC)),
        (datetime(2019, 3, 5), datetime(2019, 3, 5, tzinfo=UTC)),  # noqa: DTZ001 - a naive one is what is tested
    ],
)
def test_dates_of_many_kinds(written: object, meant: datetime) -> None:
    assert moment(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2019",
        "13/13/2019",
        "2017-02-30",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31",
        "x" * 500,
        "9" * 90,
        None,
        True,
        [],
        {},
        float("nan"),
        float("inf"),
        10**40,
        -1,
        "Mon, 99 Jan 2017 10:00:00 +9999",
    ],
)
def test_an_unreadable_date_is_no_date(written: object) -> None:
    assert moment(written) is None


def test_an_article_is_cleaned() -> None:
    made = facts.article(
        "  A \u202e\x00title\n of  two lines ",
        "here",
        url=" HTTPS://Magazine.Example:443/a/../b?x=1#part ",
        aliases=(
            "https://magazine.example/b?x=1",
            "https://magazine.example/c",
            "https://magazine.example/c",
            "x",
            None,
        ),
        byline="By Ann  Writer <ann@magazine.example>",
        section=" News ",
        published="2026-05-04",
        language="EN_us",
        text="\r\nCafe\u0301\r\n\r\nTwo\x0b\n",
    )
    assert made.title.endswith("title of two lines")
    assert "\x00" not in made.title
    assert made.url == "https://magazine.example/b?x=1"
    assert made.aliases == ("https://magazine.example/c",)
    assert (made.byline, made.section, made.language) == ("Ann Writer", "News", "en-US")
    assert made.text == "Cafe\u0301\n\nTwo", "letters and marks stay as they are"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("By Ann Writer", "Ann Writer"),
        ("by: Ann Writer", "Ann Writer"),
        ("Written by Ann Writer and Bob", "Ann Writer and Bob"),
        ("Byron Writer", "Byron Writer"),
        ("Ann Writer | ann@magazine.example", "Ann Writer"),
        ("Ann (https://ann.example/)", "Ann"),
        ("著者：山田", "山田"),
        ("", None),
        ("ann@magazine.example", None),
        (None, None),
    ],
)
def test_bylines_lose_their_by_and_their_addresses(told: str | None, kept: str | None) -> None:
    assert facts.byline_of(told) == kept


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("en", "en"),
        ("pt_BR", "pt-BR"),
        ("zh-hans-cn", "zh-hans-CN"),
        ("de, en", "de"),
        ("English!", None),
        ("", None),
        ("x" * 99, None),
    ],
)
def test_languages_are_tags(told: str, kept: str | None) -> None:
    assert facts.language_of(told) == kept


@pytest.mark.parametrize("title", ["", "  \n ", None, "\x00\u200b"])
def test_nothing_is_taken_in_without_a_title(title: str | None) -> None:
    with pytest.raises(Refused, match="no title"):
        facts.article(title, "here", text="text")


def test_what_is_too_long_is_cut_or_refused() -> None:
    made = facts.article("t" * 5000, "here", url="https://magazine.example/" + "u" * 5000, byline="b" * 5000)
    assert (len(made.title), made.url, len(made.byline or "")) == (limits.TITLE, None, limits.BYLINE)
    with pytest.raises(Refused, match="2,000,001 characters"):
        facts.article("t", "here", text="x" * (limits.ARTICLE_TEXT + 1))
