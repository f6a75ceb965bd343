"""Which editors a mail could be used to act for: whose signed address, or link that decides, stands in it."""

import quopri
import re
from collections.abc import Iterable
from typing import Final

from flask import current_app

from corrections import links
from corrections.domain.errors import Gone
from corrections.mail import addresses
from corrections.mail.mime import Node
from corrections.mail.parse import Parsed

_ADDRESS: Final = re.compile(r"e[1-9]\d{0,9}x[1-9]\d{0,9}[a-z2-7]{16}", re.IGNORECASE)
_LINK: Final = re.compile(r"/desk/act/([\w-]+\.[\w-]+\.[\w-]+)")
_SEVERAL: Final = 100  # of each that are looked at; a reader of the desk gets nothing out of more


def editors_in(parsed: Parsed, envelope_to: Iterable[str] = ()) -> set[int]:
    """The ids of those editors: of all that is readable in a mail, and in one that is in it as text."""
    raw = _readable(parsed.root)
    unwrapped = quopri.decodestring(raw).decode("ascii", "replace") if b"=" in raw else ""
    texts = [*envelope_to, raw.decode("ascii", "replace"), unwrapped, parsed.text]
    tokens = {token.lower() for text in texts for token in _some(_ADDRESS, text)}
    opened = [addresses.opened(token, current_app.config["SECRET_KEY"]) for token in tokens]
    found = {about.editor for about in opened if about is not None}
    return (found | {_editor_of(link) for text in texts for link in set(_some(_LINK, text))}) - {0}


def _readable(root: Node) -> bytes:
    """The bytes of the mail without what is packed in base64, which is nearly all of a large one."""
    kept, at = [], 0
    for node in root.walk(into_mail=True):
        if not node.children and node.encoding == "base64" and node.start >= at and _is_packed(node):
            kept.append(root.raw[at : node.start])
            at = node.end
    return b"".join([*kept, root.raw[at:]]) if kept else root.raw


def _is_packed(node: Node) -> bool:
    """Whether it is what its header says: base64 has neither the dots of a link nor the sign of an address."""
    return all(node.raw.find(mark, node.start, node.end) < 0 for mark in (b".", b"@"))


def _some(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match for match, _ in zip(pattern.findall(text), range(_SEVERAL), strict=False)]


def _editor_of(token: str) -> int:
    """Whose a link is; 0 for one that does nothing (any more)."""
    try:
        _, editor, *_ = links.acted(token)
    except (Gone, TypeError, ValueError):
        return 0
    return editor if isinstance(editor, int) else 0
