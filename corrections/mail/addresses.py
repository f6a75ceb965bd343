"""Which addresses mail may go to, from which it comes, and the signed ones that answers to it come back to."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit

# RFC 2606 and 6761: these belong to nobody, so they are invented. `.test` and `localhost` are for tests that mean it.
RESERVED: Final = frozenset({"example", "invalid", "example.com", "example.net", "example.org"})
NAME_AT_LAST: Final = "corrections"

PLACE: Final = "{token}"
LOCAL_PART: Final = 64  # RFC 5321, section 4.5.3.1.1
LONGEST_TOKEN: Final = 40
SIGNATURE: Final = 16  # letters of base32: 80 bits, which nobody guesses one mail at a time
PURPOSE: Final = b"corrections.reply\0"
_REFERENCE: Final = re.compile(r"[0-9a-f]{24}")
# A report's reference is 12 bytes, which are 20 letters of base32.
_TOKEN: Final = re.compile(r"(?:r([a-z2-7]{20})|e([1-9]\d{0,9})x([1-9]\d{0,9}))([a-z2-7]{16})")
_SEPARATORS: Final = re.compile(r"[^a-z0-9]+")

# Nobody reads what is sent there (RFC 2142 and custom).
UNANSWERED: Final = re.compile(
    r"(?:no|do-?not|never)[-_.]?reply.*|.*[-_.+](?:no|do-?not)[-_.]?reply|mailer-daemon|mail-daemon|postmaster|bounces?|"
    r"abuse|root|nobody|daemon|listserv|majordomo|.*-(?:bounces?|request|owner)|owner-.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTo:
    """What an answer is about: a report, by its reference, or an erratum that an editor was told of."""

    report: str = ""
    erratum: int = 0
    editor: int = 0


def is_invented(address: str) -> bool:
    """Whether the address is of a domain that exists in examples only."""
    host = address.rpartition("@")[2].lower().rstrip(".")
    labels = host.split(".")
    return ".".join(labels[-2:]) in RESERVED or labels[-1] in RESERVED


def is_unanswered(address: str) -> bool:
    """Whether the name says that no person reads what is sent there."""
    return bool(UNANSWERED.fullmatch(address.rpartition("@")[0]))


def same(one: str, other: str) -> bool:
    """Whether two addresses are one: no mail system of today tells capitals from small letters."""
    return bool(one) and one.strip().casefold() == other.strip().casefold()


def sender_of(default: str | None, reply_address: str, base_url: str, name: str) -> tuple[str, str]:
    """Name and address that mail comes from: the setting, else the publication's, else one of this host."""
    set_name, address = parseaddr(default or "")
    host = urlsplit(base_url).hostname or "localhost"
    at_last = f"{NAME_AT_LAST}@{host if not host.replace('.', '').isdigit() and ':' not in host else 'localhost'}"
    return set_name or name, address or reply_address or at_last


def pattern_of(setting: str, reply_address: str, *, plus: bool) -> str:
    """The address that answers come back to, with a place for the token; '' where there is none.

    ``setting`` is the operator's own pattern. Without one the token is put after a plus sign, if ``plus`` says so
    (RFC 5233 calls this subaddressing).
    """
    if setting:
        return setting
    local, at, host = reply_address.rpartition("@")
    return f"{local}+{PLACE}@{host}" if plus and at and len(local) + LONGEST_TOKEN < LOCAL_PART else ""


def token(about: ReplyTo, secret: str) -> str:
    """The signed name of what an answer is about: small letters and digits, at most LONGEST_TOKEN; '' for nothing."""
    if about.report:
        said = f"r{_base32(bytes.fromhex(about.report))}" if _REFERENCE.fullmatch(about.report) else ""
    else:
        said = f"e{about.erratum}x{about.editor}" if about.erratum and about.editor else ""
    return said and said + _signature(said, secret)


def opened(text: str, secret: str) -> ReplyTo | None:
    """What a token stands for, in capitals or not; None when it was not signed by us."""
    match = _TOKEN.fullmatch(text.lower())
    if match is None:
        return None
    report, erratum, editor, signature = match.groups()
    if not hmac.compare_digest(signature, _signature(text.lower()[:-SIGNATURE], secret)):
        return None
    if report:
        return ReplyTo(report=base64.b32decode(f"{report.upper()}====").hex())
    return ReplyTo(erratum=int(erratum), editor=int(editor))


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").lower().rstrip("=")


def _signature(said: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), PURPOSE + said.encode(), hashlib.sha256).digest()
    return _base32(digest)[:SIGNATURE]


def meant(recipients: Iterable[str], pattern: str, secret: str) -> ReplyTo | None:
    """What a mail answers, by the addresses that it was sent to; None when none of them is a signed one of ours.

    The signature says that it is ours, so an address of an earlier pattern is known too.
    """
    before, _, after = pattern.rpartition("@")[0].lower().partition(PLACE)
    for recipient in recipients:
        local = recipient.rpartition("@")[0].lower()[: 4 * LOCAL_PART]
        tokens = [local, *_SEPARATORS.split(local)]
        if before + after and local.startswith(before) and local.endswith(after):
            tokens.append(local[len(before) : len(local) - len(after)])
        for text in tokens:
            if (found := opened(text, secret)) is not None:
                return found
    return None


def is_own(address: str, own: Iterable[str]) -> bool:
    """Whether the address is one of ``own``, with or without something after a plus; ``@host`` means the whole host."""
    local, _, host = address.strip().casefold().rpartition("@")
    spellings = {f"{local}@{host}", f"{local.partition('+')[0]}@{host}", f"@{host}"}
    return bool(host) and not spellings.isdisjoint(one.strip().casefold() for one in own)
