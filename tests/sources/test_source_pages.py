"""Pages of HTML: which title, which names, which date, which address, which text."""

from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime
from html import escape

import pytest

from corrections.domain.articles import ArticleFacts
from corrections.sources import extract, markup
from corrections.sources.refusal import Refused

PROSE = (
    "The harbour of Veld was dredged for the first time in forty years, and the ferries came back within a week.",
    "Nobody on the council had expected it, least of all the harbour master, who had sold his boat the winter before.",
    "“We measured twice,” she said, and pointed at the chart on the wall, where the channel was drawn in red.",
    "The work cost four million crowns, a third of it paid by the shipping company and the rest by the town.",
)


def page(head: str = "", heading: str = "", body: str = "", attributes: str = 'lang="en"', above: str = "") -> bytes:
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in PROSE * 2)
    return (
        f"<!DOCTYPE html><html {attributes}><head><meta charset=utf-8>{head}</head><body>"
        f"{above}<nav><a href=/>Home</a> <a href=/n>News</a></nav>"
        f"<main><article>{heading}{body}{paragraphs}</article></main>"
        "<footer>Copyright The Veld Courier. All rights reserved.</footer></body></html>"
    ).encode()


def linked(**said: object) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **said}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def meta(**said: str) -> str:
    return "".join(
        f'<meta property="{name.replace("_", ":", 1)}" content="{escape(value)}">' for name, value in said.items()
    )


def read(content: bytes, url: str | None = None, hint: str | None = None) -> ArticleFacts:
    return extract.article(content, url=url, hint=hint)


HARBOUR = "Harbour of Veld dredged at last"


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        (f"<title>{HARBOUR} | The Veld Courier</title>{meta(og_site_name='The Veld Courier')}", "", HARBOUR),
        (f"<title>{HARBOUR} - Veld Courier</title>", f"<h1>{HARBOUR}</h1>", HARBOUR),
        (f"<title>The Veld Courier: {HARBOUR}</title>", f"<h1>{HARBOUR}</h1>", HARBOUR),
        (f"<title>{HARBOUR} – News – The Veld Courier</title>", "", HARBOUR),
        (
            f"<title>Courier</title>{linked(headline=HARBOUR + ' - Courier', publisher={'name': 'Courier'})}",
            "",
            HARBOUR,
        ),
        (
            f"<title>Short</title>{linked(headline=HARBOUR)}{meta(og_title='Share me', twitter_title='Share me')}",
            "",
            HARBOUR,
        ),
        (
            f"<title>Ferries return to Veld | Courier</title>{meta(og_title='Ferries return to Veld')}",
            "<h1>Ferries return to the town of Veld after forty years</h1>",
            "Ferries return to the town of Veld after forty years",
        ),
        (meta(og_title=f"{HARBOUR} | Courier", og_site_name="Courier"), "<h1>Courier</h1>", HARBOUR),
        (f'<title>x</title><meta name=title value="{HARBOUR}">', f"<h1>{HARBOUR}¶</h1>", HARBOUR),
        (f"<title>{HARBOUR}: a\u00adtest &amp; more</title>", "", f"{HARBOUR}: atest & more"),
        (linked(headline="Q&amp;A: <em>the</em> harbour"), "", "Q&A: the harbour"),
        (
            "<title>港の浚渫が四十年ぶりに終わる_社会_ベルド新聞</title>",
            "<h1>ベルド新聞</h1>",
            "港の浚渫が四十年ぶりに終わる",
        ),
        (
            linked(headline="Wrong", **{"@type": "ItemList", "itemListElement": [{"headline": "Other"}]}),
            f"<h1>{HARBOUR}</h1>",
            HARBOUR,
        ),
        ("<svg><title>Logo</title></svg>", f"<h1><a href=/>{HARBOUR}</a></h1>", HARBOUR),
        ("<title></title>", f"<h1><span>Kommentar</span><span>{HARBOUR}</span></h1>", f"Kommentar {HARBOUR}"),
    ],
)
def test_the_title_is_the_articles_without_the_sites_name(head: str, heading: str, title: str) -> None:
    assert read(page(head, heading)).title == title


def test_a_heading_outside_the_article_may_be_a_sections() -> None:
    assert read(page(f"<title>{HARBOUR}</title>", above="<h1>Business</h1>")).title == HARBOUR


def test_what_a_feed_called_it_counts() -> None:
    content = page("<title>Courier online</title>")
    assert read(content, hint=HARBOUR).title == HARBOUR


def test_the_site_is_also_known_by_its_host() -> None:
    content = page("<title>Harbour - opinion - veldcourier.example</title>")
    assert read(content, "https://www.veldcourier.example/a").title == "Harbour - opinion"


@pytest.mark.parametrize(
    ("head", "body", "byline"),
    [
        (linked(headline=HARBOUR, author={"@type": "Person", "name": "Ann Writer"}), "", "Ann Writer"),
        (linked(headline=HARBOUR, author=[{"name": "Ann"}, {"name": "Bob"}, {"name": "Ann"}]), "", "Ann, Bob"),
        (linked(headline=HARBOUR, author="By Ann Writer"), "", "Ann Writer"),
        (
            linked(
                **{
                    "@graph": [
                        {"@type": "Article", "headline": HARBOUR, "author": {"@id": "#a"}},
                        {"@id": "#a", "name": "Ann"},
                    ]
                }
            ),
            "",
            "Ann",
        ),
        (
            linked(headline=HARBOUR, author="Courier", publisher={"name": "Courier"}) + meta(article_author="Ann"),
            "",
            "Ann",
        ),
        (linked(headline=HARBOUR, author="Courier", publisher={"name": "Courier"}), "", "Courier"),
        ('<meta name=author content="Ann Writer">', "", "Ann Writer"),
        (meta(article_author="https://social.example/ann"), "<a rel=author href=/ann>Ann Writer</a>", "Ann Writer"),
        ("", '<span class="byline">By <a href=/ann>Ann Writer</a></span>', "Ann Writer"),
        ("", '<div itemprop="author"><span itemprop="name">Ann Writer</span></div>', "Ann Writer"),
        ("", "", None),
    ],
)
def test_the_byline_names_people(head: str, body: str, byline: str | None) -> None:
    assert read(page(f"<title>{HARBOUR}</title>{head}", body=body)).byline == byline


@pytest.mark.parametrize(
    "head",
    [
        linked(headline=HARBOUR, datePublished="2026-05-04T10:00:00+02:00"),
        meta(article_published_time="2026-05-04T08:00:00Z"),
        linked(headline=HARBOUR, datePublished="soon") + meta(article_published_time="2026-05-04T08:00:00Z"),
        '<meta itemprop=datePublished content="Mon, 04 May 2026 08:00:00 GMT">',
    ],
)
def test_the_date_as_stated(head: str) -> None:
    assert read(page(f"<title>{HARBOUR}</title>{head}")).published_at == datetime(2026, 5, 4, 8, tzinfo=UTC)


def test_the_date_as_marked() -> None:
    found = read(page(f"<title>{HARBOUR}</title>", body="<time datetime=2026-05-04>4 May</time>"))
    assert found.published_at == datetime(2026, 5, 4, tzinfo=UTC)


def test_section_language_and_licence() -> None:
    head = (
        linked(headline=HARBOUR, articleSection="Harbours", inLanguage="nl")
        + '<link rel=license href="https://cc.example/by">'
    )
    found = read(page(head, attributes=""))
    assert (found.section, found.language, found.licence) == ("Harbours", "nl", "https://cc.example/by")
    assert read(page(f"<title>{HARBOUR}</title>", attributes='lang="de_AT"')).language == "de-AT"
    reserved = f"<title>{HARBOUR}</title><meta name=dc.rights content='All rights reserved'>"
    assert read(page(reserved), "https://veld.example/a").licence is None


@pytest.mark.parametrize(
    ("url", "canonical", "kept"),
    [
        ("https://veld.example/a?utm_source=x", "https://www.veld.example/a", "https://www.veld.example/a"),
        ("https://veld.example/a", "/b", "https://veld.example/b"),
        ("https://amp.veld.example/a", "https://veld.example/a", "https://veld.example/a"),
        ("https://veld.example/a", "https://veld.example/", "https://veld.example/a"),
        ("https://veld.example/a", "https://elsewhere.example/a", "https://veld.example/a"),
        ("https://veld.example/a", "https://notveld.example/a", "https://veld.example/a"),
        ("https://veld.example/a", "javascript:1", "https://veld.example/a"),
        (None, "https://veld.example/a", "https://veld.example/a"),
        (None, "https://veld.example/", None),
        (None, "/a", None),
    ],
)
def test_the_canonical_address_where_it_can_be_the_pages_own(url: str | None, canonical: str, kept: str | None) -> None:
    found = read(page(f'<title>{HARBOUR}</title><link rel="canonical" href="{canonical}">'), url)
    assert found.url == kept
    assert url in {None, kept} or found.aliases == (url,)


def test_the_text_is_the_articles_paragraphs() -> None:
    found = read(page(f"<title>{HARBOUR}</title>", f"<h1>{HARBOUR}</h1>", "<ul><li>First point of several</li></ul>"))
    assert found.text is not None
    blocks = found.text.split("\n\n")
    assert PROSE[0] in blocks
    assert PROSE[2] in blocks
    assert HARBOUR not in blocks
    assert not any("Copyright" in block or block.startswith("-") for block in blocks)


@pytest.mark.parametrize("content", [b"", b"   ", b"<html></html>", b"<title>A</title>", b"\x00\xff" * 50, b"<" * 5000])
def test_what_is_no_article_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read(content)


@pytest.mark.parametrize(
    "content",
    [
        page("<title>Deep</title>", body="<div>" * 100_000),
        page("<title>Deep</title><script type=application/ld+json>" + "[" * 200_000 + "</script>"),
        page("<title>" + "a | " * 50_000 + "</title>"),
        page("<title>Many</title>" + '<meta property=og:title content="x - y">' * 20_000),
        page('<title>Broken</title><script type=application/ld+json>{"headline": }</script>'),
        page("<title>Odd</title>" + linked(headline=["a", 1, None], author={"name": {"x": 1}}, datePublished=5)),
        page("<title>Odd</title>" + linked(headline={"@value": "x"}, author=[[["x"]]], url=7, mainEntityOfPage=["x"])),
        page("<title>Nul\x00l &#0; &#xD800; &#1114112; &bogus;</title>", attributes='lang="\x01"'),
        b'<?xml version="1.0" encoding="bogus"?>' + page("<title>Declared</title>"),
        page("<title>Entities</title>").replace(
            b"<!DOCTYPE html>", b'<!DOCTYPE html [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'
        ),
    ],
    ids=range(10),
)
def test_odd_pages_are_read_or_refused_in_good_time(content: bytes) -> None:
    begun = time.process_time()
    try:
        found = read(content, "https://veld.example/a")
    except Refused:
        found = None
    assert time.process_time() - begun < 30
    assert found is None or found.title.encode()


def test_damaged_pages_never_raise_anything_else() -> None:
    whole = page(f"<title>{HARBOUR} | Courier</title>" + linked(headline=HARBOUR, author="Ann"), f"<h1>{HARBOUR}</h1>")
    for cut in range(0, len(whole), 97):
        for damaged in (whole[:cut], whole[cut:], whole[:cut] + b"\xff<\x00" + whole[cut:]):
            try:
                read(damaged)
            except Refused:
                continue


def test_encodings_of_pages() -> None:
    for charset in ("utf-8", "iso-8859-1", "utf-16"):
        head = f"<title>Größe &Uuml;ber</title><meta http-equiv=content-type content='text/html; charset={charset}'>"
        content = page(head).decode().replace("<meta charset=utf-8>", "").replace("“", '"').replace("”", '"')
        assert read(content.encode(charset)).title == "Größe Über", charset
    assert read(gzip.decompress(gzip.compress(page("<title>Größe</title>")))).title == "Größe"


def test_pieces_of_html_become_paragraphs() -> None:
    html = "<p>One<br>two</p><div>Three <b>bo</b>ld<ul><li>four</li><li>five</li></ul></div>"
    html += "<script>x</script><!-- y -->six"
    assert markup.paragraphs(html) == "One\ntwo\n\nThree bold\n\nfour\n\nfive\n\nsix"
    assert markup.paragraphs("") == ""
