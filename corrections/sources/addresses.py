"""Where a fetch may go: which hosts, and which addresses of the network."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from corrections.domain.urls import ascii_host, canonical_url
from corrections.sources.refusal import Refused

Resolver = Callable[..., Sequence[tuple[Any, Any, int, str, Any]]]

_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """A checked place to connect to: ``url`` without fragment, and what its name resolved to when asked."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    sockets: tuple[tuple[Any, Any], ...]

    @property
    def host_header(self) -> str:
        """The value of the Host field (RFC 9110, section 7.2)."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules: ``hosts`` that may be fetched from, and ``private_hosts``, those that may be in private networks.

    Each is a host name, which covers all its ports and its ``www.`` twin, or ``host:port``.
    """

    hosts: frozenset[str] = frozenset()
    private_hosts: frozenset[str] = frozenset()
    resolve: Resolver = socket.getaddrinfo

    def allows(self, url: str) -> bool:
        """Whether ``url`` is on a host that may be fetched from, leaving open where that host is."""
        try:
            _, _, host, port, _ = _parts(url)
        except Refused:
            return False
        return _names(self.hosts, host, port)

    def target(self, url: str) -> Target:
        """Check ``url`` and resolve its name, once. Raises Refused when it may not be fetched."""
        whole, scheme, host, port, path = _parts(url)
        if not _names(self.hosts, host, port):
            raise Refused(
                "%(url)s is not on one of the publication's hosts. Allow it with --allow-host %(host)s.",
                url=whole,
                host=host,
            )
        private = _names(self.private_hosts, host, port)
        sockets = tuple(
            (family, address)
            for family, _, _, _, address in self._resolved(host, port)
            if private or _is_public(str(address[0]))
        )
        if not sockets:
            raise Refused(
                "%(host)s is in a private network. If that is right, name it in the setting FETCH_PRIVATE_HOSTS.",
                host=host,
            )
        return Target(whole, scheme, host, port, path, sockets)

    def _resolved(self, host: str, port: int) -> Sequence[tuple[Any, Any, int, str, Any]]:
        try:
            return self.resolve(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Refused("There is no host named %(host)s.", host=host) from error


def _parts(url: str) -> tuple[str, str, str, int, str]:
    whole = canonical_url(url)
    if whole is None:
        raise Refused("%(url)s is not an http or https address.", url=url[:200])
    if "@" in urlsplit(url).netloc:
        raise Refused("%(url)s has a user name in it, and nothing is fetched with one.", url=whole)
    parts = urlsplit(whole)
    host = ascii_host(parts.hostname or "") or ""
    port = parts.port if parts.port is not None else _PORTS[parts.scheme]
    return whole, parts.scheme, host, port, parts.path + (f"?{parts.query}" if parts.query else "")


def _names(named: frozenset[str], host: str, port: int) -> bool:
    twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    return any(name in named for one in (host, twin) for name in (one, f"{one}:{port}"))


def _is_public(text: str) -> bool:
    """Whether an IP address is one of the public internet; one that carries another inside counts as that one."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(str(address.ipv4_mapped))
        if address in _NAT64:  # RFC 6052: how a network without IPv4 reaches the rest
            return _is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        if address.is_site_local or address.sixtofour is not None or address.teredo is not None:
            return False  # all retired, and only good for reaching what the rules below keep out
    return address.is_global and not address.is_multicast and not address.is_reserved
