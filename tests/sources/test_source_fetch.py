"""What the fetcher gets, and all that it must not."""

from __future__ import annotations

import datetime as dt
import gzip
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from corrections.sources.fetch import Fetcher, Refused, telling_name
from loopback import Names, Site, server_of

packed = partial(gzip.compress, mtime=0)  # the same bytes each time, or the names of the tests differ


def test_a_page_comes_with_its_type_and_charset(site: Site, fetcher: Fetcher) -> None:
    site.serve("/a?b=1", b"caf\xe9", Content_Type="text/plain; charset=ISO-8859-1")
    page = fetcher.fetch(site.url("/a?b=1#part"))
    assert (page.url, page.content) == (site.url("/a?b=1"), b"caf\xe9")
    assert (page.content_type, page.charset, page.redirects) == ("text/plain", "iso-8859-1", ())


def test_a_request_says_who_asks_and_nothing_else(site: Site, fetcher: Fetcher) -> None:
    site.serve("/first", b"1", Set_Cookie="a=b")
    site.serve("/second", b"2")
    fetcher.fetch(site.url("/first"))
    fetcher.fetch(site.url("/second"))
    asked = dict(site.seen)["/second"]
    assert asked["User-Agent"] == "Corrections/test (+https://magazine.example/)"
    assert asked["Host"] == f"127.0.0.1:{site.port}"
    assert not {"Cookie", "Authorization", "Referer"} & set(asked)


def test_the_telling_name_cannot_carry_a_header() -> None:
    assert telling_name("1.2", "https://magazine.example/") == "Corrections/1.2 (+https://magazine.example/)"
    assert "\n" not in telling_name("1.2", "https://magazine.example/\r\nX: y")
    assert telling_name("1.2", "not an address") == "Corrections/1.2"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "ftp://magazine.example/",
        "gopher://magazine.example/",
        "javascript:alert(1)",
        "http://",
        "http://magazine.example:99999/",
        "http://user:secret@127.0.0.1/",
        "http://elsewhere.example/",
        "http://magazine.example.evil.example/",
        "http://evil.example/magazine.example",
        "http://magazine.example@evil.example/",
        "http://[::1]/",
        "http://sub.magazine.example/",
    ],
)
def test_only_http_and_only_named_hosts(url: str) -> None:
    names = Names({})
    with pytest.raises(Refused):
        Fetcher(hosts=frozenset({"magazine.example", "127.0.0.1"}), resolve=names).fetch(url)
    assert names.asked == []


def test_a_host_covers_its_www_twin() -> None:
    fetcher = Fetcher(hosts=frozenset({"magazine.example", "www.other.example", "third.example:8443"}))
    assert fetcher.allows("https://www.magazine.example/a")
    assert fetcher.allows("https://OTHER.example:8080/a")
    assert fetcher.allows("https://third.example:8443/")
    assert not fetcher.allows("https://third.example/")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "2001:db8::1",
    ],
)
def test_no_name_leads_into_a_private_network(address: str) -> None:
    fetcher = Fetcher(hosts=frozenset({"magazine.example"}), resolve=Names({"magazine.example": [address]}))
    with pytest.raises(Refused, match="private network"):
        fetcher.fetch("http://magazine.example/")


@pytest.mark.parametrize("typed", ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://127.1/"])
def test_no_spelling_of_loopback_gets_through(typed: str) -> None:
    hosts = frozenset({"127.0.0.1", "2130706433", "0x7f.1", "127.1"})
    with pytest.raises(Refused, match=r"private network|no host"):
        Fetcher(hosts=hosts).fetch(typed)


def test_a_setting_opens_one_private_host(site: Site) -> None:
    names = Names({"cms.example": ["127.0.0.1"], "db.example": ["127.0.0.1"]})
    hosts = frozenset({"cms.example", "db.example"})
    fetcher = Fetcher(hosts=hosts, private_hosts=frozenset({f"cms.example:{site.port}"}), resolve=names)
    site.serve("/", b"here")
    assert fetcher.fetch(site.url(host="cms.example")).content == b"here"
    with pytest.raises(Refused, match="private network"):
        fetcher.fetch(site.url(host="db.example"))


def test_a_connection_goes_to_the_address_that_was_checked(site: Site) -> None:
    """A name that leads elsewhere between check and connection gains nothing: it is not asked for again."""

    class Moving(Names):
        def __call__(self, host: str, port: int, **how: Any) -> list[Any]:
            answer = super().__call__(host, port, **how)
            if len(self.asked) == 2:  # once for the page, once for robots.txt
                self.known = {host: ["127.0.0.2"]}
            return answer

    names, here = Moving({"magazine.example": ["127.0.0.1"]}), frozenset({"magazine.example"})
    site.serve("/", b"here")
    fetcher = Fetcher(hosts=here, private_hosts=here, resolve=names)
    assert fetcher.fetch(site.url(host="magazine.example")).content == b"here"
    assert names.asked == ["magazine.example"] * 2
    with pytest.raises(Refused, match="nothing listens there"):
        fetcher.fetch(site.url(host="magazine.example"))


def test_an_unknown_name_is_told_plainly() -> None:
    with pytest.raises(Refused, match=r"no host named magazine\.example"):
        Fetcher(hosts=frozenset({"magazine.example"}), resolve=Names({})).fetch("http://magazine.example/")


def test_the_next_address_is_tried_when_one_is_dead(site: Site) -> None:
    names = Names({"cms.example": ["::1", "127.0.0.1"]})
    here = frozenset({"cms.example"})
    site.serve("/", b"here")
    assert Fetcher(hosts=here, private_hosts=here, resolve=names).fetch(site.url(host="cms.example")).content == b"here"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_remembered(site: Site, fetcher: Fetcher, status: int) -> None:
    site.lead("/old", "/middle", status)
    site.lead("/middle", site.url("/new"), status)
    site.serve("/new", b"here")
    page = fetcher.fetch(site.url("/old"))
    assert (page.url, page.content) == (site.url("/new"), b"here")
    assert page.redirects == (site.url("/old"), site.url("/middle"))


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/latest/", "http://localhost/", "file:///etc/passwd", "//x"]
)
def test_a_redirect_is_checked_like_an_address(site: Site, fetcher: Fetcher, location: str) -> None:
    site.lead("/", location)
    with pytest.raises(Refused):
        fetcher.fetch(site.url("/"))


def test_a_redirect_into_a_private_network_is_refused(site: Site) -> None:
    names = Names({"public.example": ["127.0.0.1"], "inner.example": ["127.0.0.1"]})
    hosts = frozenset({"public.example", "inner.example"})
    site.lead("/", site.url("/secret", host="inner.example"))
    site.serve("/secret", b"secret")
    with pytest.raises(Refused, match="private network"):
        Fetcher(hosts=hosts, private_hosts=frozenset({"public.example"}), resolve=names).fetch(
            site.url(host="public.example")
        )
    assert "/secret" not in site.paths()


def test_redirects_end(site: Site, fetcher: Fetcher) -> None:
    site.lead("/", "/")
    with pytest.raises(Refused, match="more than 5 redirects"):
        fetcher.fetch(site.url("/"))
    assert site.paths().count("/") == 6


def test_an_endless_body_is_cut_off(site: Site, fetcher: Fetcher) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65_536)

    site.replies["/"] = endless
    fetcher.most_bytes = 1_000_000
    with pytest.raises(Refused, match="longer than 1,000,000 bytes"):
        fetcher.fetch(site.url("/"))


def test_a_body_that_is_said_to_be_too_long_is_not_begun(site: Site, fetcher: Fetcher) -> None:
    site.serve("/", b"x", Content_Length="99999999999")
    with pytest.raises(Refused, match="longer than"):
        fetcher.fetch(site.url("/"))


def test_a_body_that_breaks_off_is_not_taken_for_whole(site: Site, fetcher: Fetcher) -> None:
    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"x" * 10)
        handler.close_connection = True

    site.replies["/"] = broken
    with pytest.raises(Refused, match="broke off"):
        fetcher.fetch(site.url("/"))


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_server_that_drips_is_cut_off_by_the_total_time(site: Site, fetcher: Fetcher, where: str) -> None:
    stopped = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if where == "body" else b""))
        while not stopped.wait(0.05):
            handler.wfile.write(b"x")

    site.replies["/"] = drip
    fetcher.seconds = 0.5
    begun = time.monotonic()
    try:
        with pytest.raises(Refused, match=r"longer than 0\.5 seconds"):
            fetcher.fetch(site.url("/"))
    finally:
        stopped.set()
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize(("packing", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_packed_answers_are_unpacked(
    site: Site, fetcher: Fetcher, packing: str, pack: Callable[[bytes], bytes]
) -> None:
    site.serve("/", pack(b"here" * 1000), Content_Encoding=packing)
    assert fetcher.fetch(site.url("/")).content == b"here" * 1000


def test_a_bomb_is_stopped_while_it_unpacks(site: Site, fetcher: Fetcher) -> None:
    bomb = packed(packed(bytes(50_000_000)) + bytes(50_000_000))
    site.serve("/", bomb, Content_Encoding="gzip")
    fetcher.most_bytes = 1_000_000
    with pytest.raises(Refused, match="once unpacked"):
        fetcher.fetch(site.url("/"))


@pytest.mark.parametrize("body", [b"not packed at all", packed(b"here" * 100)[:-12], b"\x1f\x8b\x08\x00"])
def test_damaged_packing_is_refused(site: Site, fetcher: Fetcher, body: bytes) -> None:
    site.serve("/", body, Content_Encoding="gzip")
    with pytest.raises(Refused, match="packed"):
        fetcher.fetch(site.url("/"))


def test_packing_that_was_not_asked_for_is_refused(site: Site, fetcher: Fetcher) -> None:
    site.serve("/", b"x", Content_Encoding="br")
    with pytest.raises(Refused, match="packed with br"):
        fetcher.fetch(site.url("/"))


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503, 999])
def test_other_answers_are_refused_with_their_number(site: Site, fetcher: Fetcher, status: int) -> None:
    site.serve("/", b"sorry", status)
    with pytest.raises(Refused, match=f"answered {status}"):
        fetcher.fetch(site.url("/"))


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n"])
def test_what_is_not_http_is_refused(site: Site, fetcher: Fetcher, answer: bytes) -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(answer)
        handler.close_connection = True

    site.replies["/"] = reply
    with pytest.raises(Refused, match="could not be fetched"):
        fetcher.fetch(site.url("/"))


def test_nobody_listening_is_told_plainly(fetcher: Fetcher) -> None:
    spare = server_of(Site())
    port = spare.server_address[1]
    spare.server_close()
    with pytest.raises(Refused, match="nothing listens there"):
        fetcher.fetch(f"http://127.0.0.1:{port}/")


class TestRobots:
    def test_what_is_closed_is_not_fetched(self, site: Site, fetcher: Fetcher) -> None:
        site.serve("/robots.txt", b"User-agent: *\nDisallow: /drafts/\n")
        site.serve("/drafts/a", b"secret")
        site.serve("/a", b"open")
        assert fetcher.fetch(site.url("/a")).content == b"open"
        with pytest.raises(Refused, match=r"robots\.txt"):
            fetcher.fetch(site.url("/drafts/a"))
        assert site.paths() == ["/robots.txt", "/a"]

    def test_a_redirect_into_what_is_closed_is_not_followed(self, site: Site, fetcher: Fetcher) -> None:
        site.serve("/robots.txt", b"User-agent: corrections\nDisallow: /drafts/\n")
        site.lead("/a", "/drafts/a")
        with pytest.raises(Refused, match=r"robots\.txt"):
            fetcher.fetch(site.url("/a"))

    def test_without_one_all_is_open(self, site: Site, fetcher: Fetcher) -> None:
        site.serve("/a", b"open")
        assert fetcher.fetch(site.url("/a")).content == b"open"

    def test_while_the_server_fails_all_is_closed(self, site: Site, fetcher: Fetcher) -> None:
        site.serve("/robots.txt", status=503)
        site.serve("/a", b"open")
        for _ in range(2):
            with pytest.raises(Refused, match="503"):
                fetcher.fetch(site.url("/a"))
        assert site.paths() == ["/robots.txt"]

    def test_one_that_leads_elsewhere_counts_as_none(self, site: Site, fetcher: Fetcher) -> None:
        site.lead("/robots.txt", "http://elsewhere.example/robots.txt")
        site.serve("/a", b"open")
        assert fetcher.fetch(site.url("/a")).content == b"open"

    def test_it_may_move(self, site: Site, fetcher: Fetcher) -> None:
        site.lead("/robots.txt", "/rules.txt")
        site.serve("/rules.txt", b"User-agent: *\nDisallow: /\n")
        with pytest.raises(Refused, match=r"robots\.txt"):
            fetcher.fetch(site.url("/a"))


class TestEncryption:
    @pytest.fixture
    def certificate(self, tmp_path: Path) -> Path:
        """A certificate of magazine.example, signed by itself, with its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "magazine.example")])
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("magazine.example")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / "certificate.pem"
        plain = serialization.NoEncryption()
        encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        path.write_bytes(encoded + made.public_bytes(serialization.Encoding.PEM))
        return path

    @pytest.fixture
    def encrypted(self, certificate: Path) -> Iterator[tuple[Site, list[str]]]:
        site, asked = Site(), list[str]()
        server = server_of(site)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _socket, name, _context: asked.append(name)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        site.port = server.server_address[1]
        site.serve("/", b"here")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield site, asked
        server.shutdown()
        server.server_close()
        thread.join()

    def fetch(self, name: str, site: Site, trusted: Path | None) -> bytes:
        here = frozenset({name})
        context = ssl.create_default_context(cafile=str(trusted) if trusted else None)
        fetcher = Fetcher(
            hosts=here, private_hosts=here, resolve=Names({name: ["127.0.0.1"]}), context=context, seconds=60
        )
        return fetcher.fetch(f"https://{name}:{site.port}/").content

    def test_the_name_is_sent_and_the_certificate_is_checked_against_it(
        self, encrypted: tuple[Site, list[str]], certificate: Path
    ) -> None:
        site, asked = encrypted
        assert self.fetch("magazine.example", site, certificate) == b"here"
        assert set(asked) == {"magazine.example"}
        assert dict(site.seen)["/"]["Host"] == f"magazine.example:{site.port}"

    def test_a_certificate_of_another_name_is_refused(
        self, encrypted: tuple[Site, list[str]], certificate: Path
    ) -> None:
        with pytest.raises(Refused, match="certificate"):
            self.fetch("other.example", encrypted[0], certificate)
        assert encrypted[0].seen == []

    def test_a_certificate_nobody_vouches_for_is_refused(self, encrypted: tuple[Site, list[str]]) -> None:
        with pytest.raises(Refused, match="certificate"):
            self.fetch("magazine.example", encrypted[0], None)
