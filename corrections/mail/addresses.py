"""Which addresses mail may go to, and from which it comes."""

from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit

# RFC 2606 and 6761: these belong to nobody, so they are invented. `.test` and `localhost` are for tests that mean it.
RESERVED: Final = frozenset({"example", "invalid", "example.com", "example.net", "example.org"})
NAME_AT_LAST: Final = "corrections"


def is_invented(address: str) -> bool:
    """Whether the address is of a domain that exists in examples only."""
    host = address.rpartition("@")[2].lower().rstrip(".")
    labels = host.split(".")
    return ".".join(labels[-2:]) in RESERVED or labels[-1] in RESERVED


def sender_of(default: str | None, reply_address: str, base_url: str, name: str) -> tuple[str, str]:
    """Name and address that mail comes from: the setting, else the publication's, else one of this host."""
    set_name, address = parseaddr(default or "")
    host = urlsplit(base_url).hostname or "localhost"
    at_last = f"{NAME_AT_LAST}@{host if not host.replace('.', '').isdigit() and ':' not in host else 'localhost'}"
    return set_name or name, address or reply_address or at_last
