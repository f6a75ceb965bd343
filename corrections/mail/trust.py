"""Whether a mail is from whom it says, as our own mail server found out (RFC 8601, Authentication-Results)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FAILURES: Final = frozenset({"fail", "permerror", "policy"})
_ESCAPED: Final = re.compile(r"\\.")
_RESULT: Final = re.compile(r"\s*([\w-]+)\s*(?:/\s*\d+\s*)?=\s*([\w-]+)(.*)", re.DOTALL)
_REASON: Final = re.compile(r"\breason\s*=\s*(?:\"[^\"]*\"|\S+)", re.IGNORECASE)
_PROPERTY: Final = re.compile(r"\b([\w-]+)\s*\.\s*([\w-]+)\s*=\s*(\"[^\"]*\"|[^\s;]+)")


class Trust(StrEnum):
    """What is known of a mail's sender."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """One finding: ``dkim=pass header.d=example.org`` has the method, the result and the properties by their names."""

    method: str
    result: str
    properties: dict[str, str]


def of(headers: Sequence[str], authserv: str, from_address: str) -> Trust:
    """What the server named ``authserv`` found out about this From address.

    ``headers`` are the Authentication-Results of the mail from top to bottom; only the topmost one of that server is
    looked at, for whatever stands further down may have been written by the sender. Without ``authserv`` nothing is
    believed. DKIM and SPF count only for the domain of the From address or one above it (as in RFC 7489, relaxed).
    """
    domain = from_address.rpartition("@")[2].lower().rstrip(".")
    ours = next((found for found in map(_findings, headers) if _is_of(found, authserv)), None)
    if not authserv or not domain or ours is None:
        return Trust.UNKNOWN
    results = list(_results(ours[1:]))
    if any(_vouches(result, domain) for result in results):
        return Trust.PASSED
    if any(result.method in {"dmarc", "spf", "dkim"} and result.result in FAILURES for result in results):
        return Trust.FAILED
    return Trust.UNKNOWN


def _is_of(findings: Sequence[str], authserv: str) -> bool:
    words = findings[0].split() if findings else []
    return bool(words) and words[0].strip('"').casefold() == authserv.strip().casefold()


def _vouches(result: Result, domain: str) -> bool:
    if result.result != "pass":
        return False
    told = result.properties
    if result.method == "dmarc":
        return told.get("header.from", domain).lower().rstrip(".") == domain
    if result.method == "dkim":
        return _is_aligned(told.get("header.d") or told.get("header.i", ""), domain)
    return result.method == "spf" and _is_aligned(told.get("smtp.mailfrom", ""), domain)


def _is_aligned(name: str, domain: str) -> bool:
    signer = name.rpartition("@")[2].lower().rstrip(".")
    return "." in signer and (domain == signer or domain.endswith(f".{signer}"))


def _results(findings: Sequence[str]) -> Iterator[Result]:
    for finding in findings:
        if (match := _RESULT.match(finding)) is not None:
            method, result, rest = match.groups()
            told: dict[str, str] = {}
            for kind, name, value in _PROPERTY.findall(_REASON.sub(" ", rest)):
                told.setdefault(f"{kind}.{name}".lower(), value.strip('"'))
            yield Result(method.lower(), result.lower(), told)


def _findings(header: str) -> list[str]:
    """The parts between semicolons, without comments; semicolons in quotation marks separate nothing."""
    parts, depth, quoted = [""], 0, False
    for character in _ESCAPED.sub("", header):
        if character == '"' and not depth:
            quoted = not quoted
        if quoted or (character not in "();" and not depth):
            parts[-1] += character
        elif character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif not depth:
            parts.append("")
    return parts
