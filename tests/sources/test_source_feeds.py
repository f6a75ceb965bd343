"""Feeds and sitemaps, well-formed and otherwise."""

from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime
from functools import partial

import pytest

from corrections.domain.articles import ArticleFacts
from corrections.sources import feed, sitemap
from corrections.sources.refusal import Refusal, Refused

packed = partial(gzip.compress, mtime=0)  # the same bytes each time, or the names of the tests differ

SENTENCE = "The harbour of Veld was dredged for the first time in forty years. "
WHOLE = "".join(f"<p>{SENTENCE}</p>" for _ in range(5))


def rss(*items: str, channel: str = "<link>https://veld.example/</link><language>en-gb</language>") -> bytes:
    spaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{channel}{inner}</channel></rss>'.encode()


def read(content: bytes, **how: str) -> list[ArticleFacts | Refusal]:
    return list(feed.articles(content, origin="feed", **how))


def one(content: bytes, **how: str) -> ArticleFacts:
    (found,) = read(content, **how)
    assert isinstance(found, ArticleFacts)
    return found


def test_an_item_of_rss() -> None:
    found = one(
        rss(
            "<title>Ships &amp;amp; &lt;b&gt;ports&lt;/b&gt;</title><link>/a?x=1&amp;y=2</link>"
            "<dc:creator>Ann</dc:creator>"
            f"<category>Harbours</category><pubDate>Mon, 04 May 2026 10:00:00 +0200</pubDate>"
            f"<content:encoded><![CDATA[{WHOLE}]]></content:encoded>"
        ),
        url="https://veld.example/feed",
    )
    assert found.title == "Ships & ports"
    assert found.url == "https://veld.example/a?x=1&y=2"
    assert (found.byline, found.section, found.language) == ("Ann", "Harbours", "en-GB")
    assert found.published_at == datetime(2026, 5, 4, 8, tzinfo=UTC)
    assert (found.text or "").split("\n\n") == [SENTENCE.strip()] * 5
    assert found.origin == "feed, item 1"


def test_an_entry_of_atom() -> None:
    found = one(
        f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl"><title>Courier</title>
        <author><name>Bob</name></author><entry><title type="html">Ships &amp;amp; ports</title><link href="https://veld.example/a"/><id>tag:1</id>
        <published>2026-05-04T08:00:00Z</published><updated>2026-05-05T08:00:00Z</updated>
        <link rel="license" href="https://cc.example/by"/><content type="html">{WHOLE.replace("<", "&lt;")}</content>
        </entry></feed>""".encode()
    )
    assert (found.title, found.url, found.byline, found.licence) == (
        "Ships & ports",
        "https://veld.example/a",
        "Bob",
        "https://cc.example/by",
    )
    assert found.published_at == datetime(2026, 5, 4, 8, tzinfo=UTC)
    assert (found.text or "").count(SENTENCE.strip()) == 5


def test_an_item_of_rdf() -> None:
    content = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
    <item rdf:about="https://veld.example/a"><title>Ships</title><link>https://veld.example/a</link></item></rdf:RDF>"""
    assert (one(content).title, one(content).url, one(content).text) == ("Ships", "https://veld.example/a", None)


def test_items_of_json_feed() -> None:
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "en",
        "authors": [{"name": "Ann"}],
        "items": [
            {
                "id": "https://veld.example/a",
                "title": "Ships",
                "content_html": WHOLE,
                "date_published": "2026-05-04",
                "tags": ["x"],
            },
            {"id": "2", "url": "/b", "content_text": SENTENCE * 5, "author": {"name": "Bob"}},
            {"id": 3, "title": ["x"], "tags": 5, "authors": "x"},
            "nonsense",
        ],
    }
    first, second, third, fourth = read(json.dumps(content).encode(), url="https://veld.example/feed.json")
    assert isinstance(first, ArticleFacts)
    assert isinstance(second, ArticleFacts)
    assert (first.title, first.url, first.byline, first.section) == ("Ships", "https://veld.example/a", "Ann", "x")
    assert (second.url, second.byline, second.text) == ("https://veld.example/b", "Bob", (SENTENCE * 5).strip())
    assert second.title.startswith("The harbour of Veld")
    assert isinstance(third, Refusal)
    assert isinstance(fourth, Refusal)


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (f"<description>{SENTENCE * 40}</description>", True),
        (f"<description>{SENTENCE * 4}</description>", False),
        (f"<content:encoded>{SENTENCE * 5}</content:encoded>", True),
        ("<content:encoded>Read it.</content:encoded>", False),
        (f"<content:encoded>{SENTENCE * 40} [&#8230;]</content:encoded>", False),
        (f"<content:encoded>{SENTENCE * 40} Continue reading this story</content:encoded>", False),
        (f"<description>{SENTENCE * 40}...</description>", False),
        ("", False),
    ],
)
def test_an_announcement_is_not_taken_for_the_text(body: str, whole: bool) -> None:
    assert (one(rss(f"<title>A</title><link>https://veld.example/a</link>{body}")).text is not None) is whole


def test_an_address_that_items_share_is_no_articles() -> None:
    content = rss(
        "<title>A</title><link>https://veld.example/</link>",
        "<title>B</title><link>https://veld.example/same</link>",
        "<title>C</title><link>https://veld.example/same</link>",
        "<title>D</title><link>https://veld.example/d</link>",
    )
    assert [item.url for item in read(content) if isinstance(item, ArticleFacts)] == [
        None,
        None,
        None,
        "https://veld.example/d",
    ]


def test_an_item_with_nothing_to_call_it_by_is_refused_alone() -> None:
    first, second = read(rss("<link>https://veld.example/a</link>", "<title>B</title>"))
    assert first == Refusal("feed, item 1", "It has no title.")
    assert isinstance(second, ArticleFacts)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<html><body><p>x</p></body></html>", b'{"version": 1}', b"{", b"{" * 100_000, b'{"a":' * 50_000],
)
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        read(content)


def test_broken_feeds_give_what_they_have() -> None:
    content = rss("<title>A</title>", "<title>B &nbsp; & <b>C</title>")[:-20]
    assert "A" in [item.title for item in read(content) if isinstance(item, ArticleFacts)]


def test_feeds_in_other_encodings() -> None:
    content = rss("<title>Größe</title>").decode().replace("?>", ' encoding="ISO-8859-1"?>', 1)
    assert one(content.encode("latin-1")).title == "Größe"
    assert one(rss("<title>Größe</title>").decode().encode("utf-16")).title == "Größe"
    assert one(rss("<title>Größe</title>").decode().encode("latin-1"), charset="iso-8859-1").title == "Größe"


LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "doctype",
    [
        LAUGHS + "]>",
        '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x">',
    ],
)
def test_entities_are_neither_multiplied_nor_fetched(doctype: str) -> None:
    body = rss("<title>A &i; title</title>").replace(b'<?xml version="1.0"?>', doctype.encode())
    begun = time.process_time()
    for item in read(body):
        assert isinstance(item, Refusal) or len(item.title) < 100
    with pytest.raises(Refused, match="document type"):
        sitemap.read(f"{doctype}<urlset><url><loc>https://veld.example/&i;</loc></url></urlset>".encode())
    assert time.process_time() - begun < 20


URLSET = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://veld.example/a?x=1&amp;y=2 </loc><lastmod>2026-05-04</lastmod>
<image:image><image:loc>https://veld.example/a.jpg</image:loc></image:image></url>
<url><loc>https://veld.example/b</loc><n:news><n:publication><n:name>Courier</n:name><n:language>en</n:language>
</n:publication><n:publication_date>2026-05-04T08:00:00Z</n:publication_date>
<n:title>Ships &amp; ports</n:title></n:news></url>
<url><loc>ftp://veld.example/c</loc></url><url></url></urlset>"""


@pytest.mark.parametrize("content", [URLSET, packed(URLSET), b"\xef\xbb\xbf" + URLSET])
def test_a_sitemap_with_news(content: bytes) -> None:
    found = sitemap.read(content)
    assert found.sitemaps == []
    assert [entry.url for entry in found.pages] == ["https://veld.example/a?x=1&y=2", "https://veld.example/b"]
    assert found.pages[1] == sitemap.Entry("https://veld.example/b", "Ships & ports", "2026-05-04T08:00:00Z", "en")


def test_an_index_of_sitemaps() -> None:
    listed = b"<sitemap><loc>/s1.xml</loc></sitemap><sitemap><loc>https://x.example/s2</loc></sitemap>"
    content = b"<sitemapindex>" + listed + b"</sitemapindex>"
    found = sitemap.read(content, url="https://veld.example/sitemap.xml")
    assert (found.pages, found.sitemaps) == ([], ["https://veld.example/s1.xml", "https://x.example/s2"])


def test_a_sitemap_as_a_list() -> None:
    found = sitemap.read(b"https://veld.example/a\r\n\r\nhttps://veld.example/b\r\nnonsense\r\n")
    assert [entry.url for entry in found.pages] == ["https://veld.example/a", "https://veld.example/b"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<urlset><url><loc>a & b</loc></url></urlset>", "damaged in line 1"),
        (b"<urlset><url>", "damaged"),
        (b"<html></html>", "no sitemap"),
        (b'<?xml version="1.0" encoding="bogus"?><urlset/>', "encoding|damaged"),
        (packed(URLSET)[:100], "packed"),
        (packed(b" " * 25_000_000), "once unpacked"),
        (b"<urlset>" + b"<url><loc>https://veld.example/a</loc></url>" * 50_001 + b"</urlset>", "more than 50,000"),
    ],
    ids=range(7),
)
def test_damaged_and_endless_sitemaps_are_refused(content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        sitemap.read(content)
