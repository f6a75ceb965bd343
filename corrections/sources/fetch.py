"""Guarded HTTP: only named hosts, only addresses checked beforehand, and an end to everything that could go on."""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin

from corrections.domain import limits
from corrections.domain.urls import canonical_url
from corrections.sources import packed, robots
from corrections.sources.addresses import Guard, Resolver, Target
from corrections.sources.connection import Connection
from corrections.sources.refusal import Refused

__all__ = ["Fetcher", "Page", "Refused", "telling_name"]

ROBOT: Final = "Corrections"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_ROBOTS_KEPT: Final = 600.0
_CHUNK: Final = 65_536
_ACCEPTED: Final = "text/html, application/xhtml+xml, application/xml;q=0.9, application/feed+json;q=0.9, */*;q=0.5"


def telling_name(version: str, home_url: str = "") -> str:
    """The User-Agent by which a site sees who fetches and where to ask about it."""
    home = canonical_url(home_url) or ""
    return f"{ROBOT}/{version}" + (f" (+{home})" if home and not set(home) & set("()") else "")


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched: ``url`` is where it was in the end, ``redirects`` what led there, first to last."""

    url: str
    content: bytes
    content_type: str = ""
    charset: str | None = None
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Message
    content: bytes


@dataclass(slots=True)
class Fetcher:
    """Fetches pages from ``hosts``; not from private networks but for ``private_hosts`` (both as Guard has them).

    One at a time, without cookies, credentials or proxies; ``resolve`` stands in for ``socket.getaddrinfo``.
    """

    hosts: frozenset[str] = frozenset()
    private_hosts: frozenset[str] = frozenset()
    user_agent: str = ROBOT
    resolve: Resolver = socket.getaddrinfo
    seconds: float = limits.FETCH_SECONDS
    most_bytes: int = limits.FETCH_BYTES
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _robots: dict[str, tuple[float, robots.Robots | Refused]] = field(default_factory=dict, repr=False)

    def allows(self, url: str) -> bool:
        """Whether ``url`` is on a host that may be fetched from."""
        return self._guard().allows(url)

    def fetch(self, url: str) -> Page:
        """The page at ``url``, following redirects, each of them checked anew. Raises Refused with the reason."""
        return self._follow(url, self._by_the_rules)

    def _guard(self) -> Guard:
        return Guard(self.hosts, self.private_hosts, self.resolve)

    def _follow(self, url: str, get: Callable[[Target, float], _Answer]) -> Page:
        until = time.monotonic() + self.seconds
        passed: list[str] = []
        while True:
            target = self._guard().target(url)
            answer = get(target, until)
            if answer.status not in _REDIRECTS or not (onward := answer.headers.get("Location")):
                break
            passed.append(target.url)
            if len(passed) > limits.FETCH_REDIRECTS:
                raise Refused(
                    "%(url)s leads through more than %(most)s redirects.", url=passed[0], most=limits.FETCH_REDIRECTS
                )
            url = _onward(target.url, onward)
        if answer.status != HTTPStatus.OK:
            raise Refused("%(url)s answered %(status)s.", url=target.url, status=_spoken_status(answer.status))
        headers = answer.headers
        return Page(
            target.url, answer.content, headers.get_content_type(), headers.get_content_charset(), tuple(passed)
        )

    def _by_the_rules(self, target: Target, until: float) -> _Answer:
        if not self._rules_of(target).allow(target.url):
            raise Refused("%(url)s is closed to programs by the site's robots.txt.", url=target.url)
        return self._get(target, until)

    def _rules_of(self, target: Target) -> robots.Robots:
        origin = f"{target.scheme}://{target.host_header}"
        until, rules = self._robots.get(origin, (0.0, None))
        if rules is None or time.monotonic() >= until:
            try:
                rules = self._fetched_rules(f"{origin}/robots.txt")
            except Refused as refused:
                rules = refused
            self._robots[origin] = time.monotonic() + _ROBOTS_KEPT, rules
        if isinstance(rules, Refused):
            raise rules
        return rules

    def _fetched_rules(self, url: str) -> robots.Robots:
        """Without a robots.txt (4xx) all is open; while the server fails (5xx) all is closed (RFC 9309, 2.3.1)."""
        failing = False

        def get(target: Target, until: float) -> _Answer:
            nonlocal failing
            failing = True
            answer = self._get(target, until)
            failing = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            return answer

        try:
            page = self._follow(url, get)
        except Refused as refused:
            if not failing:
                return robots.Robots()
            raise Refused("%(reason)s Without it nothing is fetched from there.", reason=str(refused)) from refused
        return robots.parse(page.content.decode("utf-8", "replace"), ROBOT)

    def _get(self, target: Target, until: float) -> _Answer:
        connection = Connection(target, until, self.context)
        try:
            connection.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self._headers(target).items():
                connection.putheader(name, value)
            connection.endheaders()
            with connection.getresponse() as response:
                return _Answer(response.status, response.headers, self._body(response, target))
        except TimeoutError as error:
            raise Refused(
                "%(url)s took longer than %(seconds)s seconds.", url=target.url, seconds=f"{self.seconds:g}"
            ) from error
        except ssl.SSLError as error:
            raise Refused(
                "The certificate or encryption of %(host)s is not good: %(reason)s.",
                host=target.host,
                reason=error.reason or error,
            ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Refused(
                "%(url)s could not be fetched: %(reason)s.", url=target.url, reason=_spoken_error(error)
            ) from error
        finally:
            connection.close()

    def _headers(self, target: Target) -> dict[str, str]:
        return {
            "Host": target.host_header,
            "User-Agent": self.user_agent,
            "Accept": _ACCEPTED,
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }

    def _body(self, response: http.client.HTTPResponse, target: Target) -> bytes:
        if response.status != HTTPStatus.OK:
            return b""
        if (response.length or 0) > self.most_bytes:
            raise self._too_long(target)
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packing in {"gzip", "x-gzip", "deflate"}:
            return packed.unpacked(self._chunks(response, target), self.most_bytes)
        if packing not in {"identity", ""}:
            raise Refused(
                "%(url)s is packed with %(packing)s, which was not asked for.", url=target.url, packing=packing[:40]
            )
        return b"".join(self._chunks(response, target))

    def _chunks(self, response: http.client.HTTPResponse, target: Target) -> Iterator[bytes]:
        length = 0
        while chunk := response.read(_CHUNK):
            length += len(chunk)
            if length > self.most_bytes:
                raise self._too_long(target)
            yield chunk
        if response.length:
            raise Refused("%(url)s broke off before its end.", url=target.url)

    def _too_long(self, target: Target) -> Refused:
        return Refused("%(url)s is longer than %(most)s bytes.", url=target.url, most=f"{self.most_bytes:,}")


def _onward(here: str, location: str) -> str:
    try:
        return urljoin(here, location.encode("latin-1", "replace").decode("utf-8", "replace").strip())
    except ValueError as error:
        raise Refused("%(url)s leads to something that is not an address.", url=here) from error


def _spoken_status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _spoken_error(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    return (str(error) or type(error).__name__).strip().rstrip(".")[:200]
