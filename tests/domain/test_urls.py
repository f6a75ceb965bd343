import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.domain import limits
from corrections.domain.urls import canonical_url, host_of, last_segment, looks_like_url, url_key

STORY = "https://www.example.org/2024/05/the-bridge"
PARTS = st.sampled_from(
    [
        "http://",
        "https://",
        "www.",
        "example.org",
        "é",
        "/",
        "?",
        "#",
        "a=1",
        "&",
        "%2F",
        "%zz",
        ":",
        "80",
        "@",
        "..",
        "[",
        "]",
        " ",
        "\\",
        "\x00",
        "xn--",
    ]
)
ANY = st.one_of(st.text(), st.lists(PARTS).map("".join))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("HTTPS://Example.ORG:443/A/../b/%7euser?B=1&a=%c3%a9#part", "https://example.org/b/~user?B=1&a=%C3%A9"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org:8080/x", "http://example.org:8080/x"),
        (" <https://example.org/a> ", "https://example.org/a"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://ann:secret@example.org/", "https://example.org/"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/a%2Fb%25", "https://example.org/a%2Fb%25"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
    ],
)
def test_addresses_are_kept_in_one_spelling(given: str, expected: str) -> None:
    assert canonical_url(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        *(
            "",
            "example.org/a",
            "ftp://example.org/",
            "javascript:alert(1)",
            "mailto:a@example.org",
            "https://",
            "https:///a",
        ),
        *("https://exa mple.org/", "https://example.org:99999/", "https://example..org/", "https://-a.org/"),
        *("https://a\\@b.org/", "https://example.org/\x07", "https://[::g]/", "https://" + "a" * 64 + ".org/"),
        "https://example.org/" + "a" * limits.URL,
    ],
)
def test_what_is_no_address_of_a_page(given: str) -> None:
    assert canonical_url(given) is None


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/2024/05/the-bridge/",
        "example.org/2024/05/the-bridge",
        "www.example.org/2024/05//the-bridge/index.html",
        "https://m.example.org/2024/05/the-bridge?utm_source=feed&utm_medium=rss",
        "https://amp.example.org/2024/05/the-bridge?amp=1#comments",
        "https://www.example.org/2024/05/the-bridge/amp/?fbclid=IwAR0abc",
        "https://www.example.org/amp/2024/05/the-bridge",
        "https://www.example.org/2024/05/the-bridge/print?ref=home",
        "https://www.EXAMPLE.org/2024/05/the%2Dbridge?view=print",
        "https://www.google.com/amp/s/www.example.org/2024/05/the-bridge/amp/",
        "https://web.archive.org/web/20240601000000/https://www.example.org/2024/05/the-bridge",
        "https://example-org.cdn.ampproject.org/c/s/example.org/2024/05/the-bridge",
    ],
)
def test_addresses_of_one_article_share_a_key(other: str) -> None:
    assert url_key(other) == url_key(STORY)


@pytest.mark.parametrize(
    "other",
    [
        "https://www.example.org/2024/05/the-bridge-2",
        "https://www.example.org/2024/05/The-Bridge",
        "https://www.example.org/2024/05/the-bridge?page=2",
        "https://news.example.org/2024/05/the-bridge",
        "https://www.example.com/2024/05/the-bridge",
        "https://www.example.org:8080/2024/05/the-bridge",
        "https://www.example.org/",
    ],
)
def test_other_articles_have_other_keys(other: str) -> None:
    assert url_key(other) != url_key(STORY)


def test_the_order_of_parameters_does_not_matter_and_their_values_do() -> None:
    assert url_key("https://example.org/?id=7&lang=en") == url_key("http://example.org?lang=en&utm_id=1&id=7")
    assert url_key("https://example.org/?id=7") != url_key("https://example.org/?id=8")
    assert url_key("https://example.org/%C3%A9?q=%C3%A9") == url_key("https://example.org/é?q=é")


def test_an_article_called_print_keeps_its_address() -> None:
    assert url_key("https://example.org/print") != url_key("https://example.org/")


def test_text_that_is_no_address_still_has_a_key() -> None:
    assert url_key("  The Bridge\n of Sighs ") == "the bridge of sighs"


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.org",
        "HTTP://EXAMPLE.ORG/A",
        "www.example.org",
        "example.org/a",
        "example.org",
        "bücher.example/a",
        "<https://example.org/>",
    ],
)
def test_what_people_type_for_an_address(typed: str) -> None:
    assert looks_like_url(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Dr. No",
        "Dr.No",
        "and/or",
        "Node.js",
        "v1.2/3",
        "3.5",
        "e.g./i.e.",
        "ann@example.org",
        "example.org says no",
        "U.S./Mexico",
        "https://",
    ],
)
def test_what_people_type_for_a_title(typed: str) -> None:
    assert not looks_like_url(typed)


def test_hosts() -> None:
    assert host_of("https://WWW.Example.org:8080/a") == "www.example.org"
    assert host_of("bücher.example/a") == "xn--bcher-kva.example"
    assert host_of("The Bridge") is None
    assert host_of("https://exa mple.org") is None


@given(ANY)
def test_any_text_is_taken(text: str) -> None:
    looks_like_url(text)
    host_of(text)
    assert url_key(text) or not text.strip()
    kept = canonical_url(text)
    if kept is not None:
        assert kept.isascii()
        assert canonical_url(kept) == kept
        assert url_key(kept) == url_key(text)
        assert host_of(kept)


@pytest.mark.parametrize(
    ("url", "segment"),
    [
        ("https://example.org/2024/05/a-ferry-for-the-island/", "a-ferry-for-the-island"),
        ("http://m.copies.example.net/x/a-ferry-for-the-island/amp?utm_source=feed", "a-ferry-for-the-island"),
        ("https://example.org/a-ferry-for-the-island.html#top", "a-ferry-for-the-island.html"),
        ("https://example.org/2024/05/", ""),
        ("https://example.org/news", ""),
        ("https://example.org/", ""),
        ("https://example.org/12345678901234", ""),
        ("no address", ""),
    ],
)
def test_the_end_of_an_address_that_copies_share(url: str, segment: str) -> None:
    assert last_segment(url) == segment
