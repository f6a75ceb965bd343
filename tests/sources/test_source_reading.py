"""One entry for every source: what is recognised, what is fetched for it, and what is refused politely."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from corrections.domain.articles import ArticleFacts
from corrections.sources.fetch import Fetcher
from corrections.sources.reading import is_address, read
from corrections.sources.refusal import Refusal
from loopback import Site

NOTHING = io.BytesIO()
SENTENCE = "The harbour of Veld was dredged for the first time in forty years, and the ferries came back. "
PROSE = f"<p>{SENTENCE * 2}</p>" * 4


def page(title: str, head: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{title} | Courier</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{PROSE}</article></body></html>"
    ).encode()


def feed(*items: tuple[str, str]) -> bytes:
    inner = "".join(f"<item><title>{title}</title><link>{link}</link></item>" for title, link in items)
    return f"<rss version='2.0'><channel><title>Courier</title>{inner}</channel></rss>".encode()


def sitemap(*urls: str) -> bytes:
    return ("<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>").encode()


def index(*urls: str) -> bytes:
    inner = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex>{inner}</sitemapindex>".encode()


def parted(found: Iterable[ArticleFacts | Refusal]) -> tuple[list[ArticleFacts], list[Refusal]]:
    everything = list(found)
    return (
        [one for one in everything if isinstance(one, ArticleFacts)],
        [one for one in everything if isinstance(one, Refusal)],
    )


def from_bytes(content: bytes, fetcher: Fetcher) -> tuple[list[ArticleFacts], list[Refusal]]:
    return parted(read("-", fetcher, stdin=io.BytesIO(content)))


def test_what_is_an_address() -> None:
    assert is_address("https://veld.example/a")
    assert is_address("HTTP://veld.example")
    assert not is_address("veld.example/a")
    assert not is_address("-")


def test_a_page_by_its_address(site: Site, fetcher: Fetcher) -> None:
    site.lead("/old", "/a?utm_source=feed")
    site.serve("/a?utm_source=feed", page("Ships", f'<link rel=canonical href="{site.url("/a")}">'))
    (found,), refused = parted(read(site.url("/old"), fetcher, stdin=NOTHING))
    assert refused == []
    assert (found.title, found.url, found.origin) == ("Ships", site.url("/a"), site.url("/old"))
    assert set(found.aliases) == {site.url("/old"), site.url("/a?utm_source=feed")}
    assert (found.text or "").startswith(SENTENCE.strip())


@pytest.mark.parametrize("content_type", ["text/html", "application/rss+xml", "application/octet-stream", "text/plain"])
def test_a_feed_is_known_by_its_content(site: Site, fetcher: Fetcher, content_type: str) -> None:
    site.serve("/index.html", feed(("From the feed", "/a")), Content_Type=content_type)
    site.serve("/a", page("From the page"))
    (found,), refused = parted(read(site.url("/index.html"), fetcher, stdin=NOTHING))
    assert refused == []
    assert (found.title, found.url) == ("From the page", site.url("/a"))
    assert found.text is not None


def test_what_a_listing_knows_fills_the_gaps_of_the_page(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a", page("Ships"))
    content = feed(("Ships", site.url("/a"))).replace(
        b"</item>", b"<pubDate>Mon, 04 May 2026 08:00:00 GMT</pubDate><category>Ports</category></item>"
    )
    (found,), _ = from_bytes(content, fetcher)
    assert (found.section, found.language) == ("Ports", "en")
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-05-04T08:00:00+00:00"


def test_a_page_that_cannot_be_had_is_refused_and_still_announced(site: Site, fetcher: Fetcher) -> None:
    found, refused = from_bytes(
        feed(("Gone", site.url("/gone")), ("Elsewhere", "https://elsewhere.example/a")), fetcher
    )
    assert [(one.title, one.text) for one in found] == [("Gone", None), ("Elsewhere", None)]
    assert [one.origin for one in refused] == [site.url("/gone")]
    assert "404" in refused[0].reason


def test_a_listed_page_is_fetched_once(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a", page("Ships"))
    from_bytes(sitemap(site.url("/a"), site.url("/a")), fetcher)
    assert site.paths().count("/a") == 1


def test_a_listed_file_that_is_no_page_is_refused(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a.pdf", b"%PDF-1.7 ...", Content_Type="application/pdf")
    site.serve("/feed", feed(("A", "/a")))
    found, refused = from_bytes(sitemap(site.url("/a.pdf"), site.url("/feed")), fetcher)
    assert found == []
    assert ["PDF" in refused[0].reason, "HTML" in refused[1].reason] == [True, True]


@pytest.mark.parametrize("pack", [lambda content: content, gzip.compress])
def test_an_index_leads_to_sitemaps_and_these_to_pages(site: Site, fetcher: Fetcher, pack: type) -> None:
    site.serve("/sitemap.xml", index(site.url("/s1.xml.gz"), site.url("/s2.xml"), site.url("/sitemap.xml")))
    site.serve("/s1.xml.gz", pack(sitemap(site.url("/a"))), Content_Type="application/x-gzip")
    site.serve("/s2.xml", b"<urlset><broken")
    site.serve("/a", page("Ships"))
    found, refused = parted(read(site.url("/sitemap.xml"), fetcher, stdin=NOTHING))
    assert [one.title for one in found] == ["Ships"]
    assert [one.origin for one in refused] == [site.url("/s2.xml")]
    assert "damaged" in refused[0].reason


def test_sitemaps_do_not_lead_on_for_ever(site: Site, fetcher: Fetcher) -> None:
    for number in range(10):
        site.serve(f"/{number}", index(site.url(f"/{number + 1}")))
    found, refused = parted(read(site.url("/0"), fetcher, stdin=NOTHING))
    assert found == []
    assert "too many sitemaps" in refused[0].reason
    assert len(site.paths()) < 6


def test_news_that_may_not_be_fetched_is_announced(fetcher: Fetcher) -> None:
    content = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
        "<url><loc>https://veld.example/a</loc><n:news><n:title>Ships</n:title></n:news></url></urlset>"
    )
    (found,), refused = from_bytes(content.encode(), fetcher)
    assert (found.title, found.url, found.text, refused) == ("Ships", "https://veld.example/a", None, [])


def test_pages_of_other_hosts_are_refused_in_one_sentence(fetcher: Fetcher) -> None:
    content = sitemap(*(f"https://veld.example/{n}" for n in range(2000)), "https://other.example/a")
    found, refused = from_bytes(content, fetcher)
    assert found == []
    assert [one.reason for one in refused] == [
        "2,000 listed pages on veld.example not fetched. Allow it with --allow-host veld.example.",
        "One listed page on other.example not fetched. Allow it with --allow-host other.example.",
    ]


def test_other_kinds_are_read_from_an_address_too(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a.jsonl", b'{"title": "A"}\n{"title": "B"}\n', Content_Type="application/octet-stream")
    site.serve("/a.csv", b"title,text\nC,x\n", Content_Type="text/csv")
    site.serve("/a.txt", b"D\n\ntext", Content_Type="text/plain")
    titles = [
        one.title
        for path in ("/a.jsonl", "/a.csv", "/a.txt")
        for one in parted(read(site.url(path), fetcher, stdin=NOTHING))[0]
    ]
    assert titles == ["A", "B", "C", "D"]


def test_an_address_that_may_not_be_fetched_is_refused(fetcher: Fetcher) -> None:
    found, refused = parted(read("https://veld.example/a", fetcher, stdin=NOTHING))
    assert found == []
    assert "--allow-host veld.example" in refused[0].reason


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "b.html": page("Page", '<link rel=canonical href="https://veld.example/page">'),
        "a.HTML.gz": gzip.compress(page("Packed")),
        "c/d.txt": b"Text\n\nIts text",
        "c/e.md": b"# Markdown\n\nIts *text*",
        "f.csv": b"title,text\nRow,text\n",
        "g.jsonl.gz": gzip.compress(json.dumps({"title": "Line", "text": "text"}).encode()),
        "h.json": b'[{"title": "Item", "text": "text"}]',
        "i.xml": feed(("Listed", "https://veld.example/listed")),
        "z.html": b"",
        "z.jpg": b"\xff\xd8",
        ".hidden.txt": b"Hidden",
        ".git/x.txt": b"Hidden",
        "b_files/frame.html": page("Beside"),
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "y.txt").symlink_to(tmp_path / "nowhere")
    return tmp_path


def test_a_folder_is_read_through(folder: Path, fetcher: Fetcher) -> None:
    found, refused = parted(read(str(folder), fetcher, stdin=NOTHING))
    assert [one.title for one in found] == ["Packed", "Page", "Row", "Line", "Item", "Listed", "Text", "Markdown"]
    assert [Path(one.origin).name for one in refused] == ["y.txt", "z.html"]
    assert next(one for one in found if one.title == "Page").url == "https://veld.example/page"


def test_names_of_files_need_not_be_text(tmp_path: Path, fetcher: Fetcher) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text("Ships\n\nText")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xfe.txt")).write_text("")
    found, refused = parted(read(str(tmp_path), fetcher, stdin=NOTHING))
    assert [found[0].origin.encode()[-7:], refused[0].origin.encode()[-7:]] == ["\ufffd.txt".encode()] * 2


def test_every_file_is_also_read_from_standard_input(folder: Path, fetcher: Fetcher) -> None:
    titles = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".jpg"):
        titles += [one.title for one in from_bytes(path.read_bytes(), fetcher)[0]]
    assert {"Packed", "Page", "Row", "Line", "Item", "Listed", "Text", "Markdown"} < set(titles)


@pytest.mark.parametrize("source", ["nowhere.txt", "", "x" * 5000, "a\x00b"])
def test_what_is_not_there_is_refused(
    source: str, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found, refused = parted(read(source, fetcher, stdin=NOTHING))
    assert found == []
    assert [one.origin for one in refused] == [source]


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 100, b"%PDF-1.7", b"\x1f\x8b", b"\x1f\x8b\x08\x00" + bytes(20), b"<", b"{", b"["]
)
def test_rubbish_is_refused(content: bytes, fetcher: Fetcher) -> None:
    found, refused = from_bytes(content, fetcher)
    assert len(refused) == 1 or [one.text for one in found] == [None]
    assert all(one.reason.endswith(".") for one in refused)
