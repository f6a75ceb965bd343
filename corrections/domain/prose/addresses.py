"""The web addresses in a report."""

import re
from typing import Final

from corrections.domain import limits
from corrections.domain.urls import looks_like_url

_TOKEN: Final = re.compile(r"\S+")
_WRAPPING: Final = "<>()[]{}\"'“”„«»‘’*_,;|`"  # noqa: RUF001 - marks


def addresses_in(text: str) -> list[str]:
    """The web addresses in a text, in their order."""
    found: list[str] = []
    if "." not in text:
        return found
    for token in _TOKEN.finditer(text):
        if not 3 < token.end() - token.start() <= limits.URL or "." not in token.group():  # noqa: PLR2004 - "a.b" at least
            continue
        given = token.group().strip(_WRAPPING)
        given = re.sub(r"\A.*?(?=https?://)", "", given) if "://" in given else given
        given = re.split(r"[<>\]\"“”»]|\)\(", given, maxsplit=1)[0].rstrip(".,;:!?'’)*_")
        if "." in given and "@" not in given.split("/", maxsplit=1)[0] and looks_like_url(given):
            found.append(given)
    return list(dict.fromkeys(found))


def is_deep(url: str) -> bool:
    """Whether an address goes further than a site's first page."""
    return re.search(r"[^/:]/[^/]", url) is not None


def without_addresses(text: str) -> str:
    """The text with its web addresses taken out."""
    for url in addresses_in(text):
        text = text.replace(url, " ")
    return re.sub(r"<\s*>|\(\s*\)|\[\s*\]", "", text).strip()


def is_address(text: str) -> bool:
    """Whether the text is a web address and nothing else."""
    return addresses_in(text) == [text]
