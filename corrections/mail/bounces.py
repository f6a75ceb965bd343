"""Which of our mails came back, from whom, and whether for good: by RFC 3464 or in the words of a mail system."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from corrections.mail import charsets, fields, mime, signs
from corrections.mail.mime import Node
from corrections.mail.parse import Parsed

_REPORTS: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_COMPLAINT: Final = "message/feedback-report"
_RETURNED: Final = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/rfc822-headers"}
)
_MOST: Final = 200  # recipients of one report
_LONGEST: Final = 20_000  # characters of a report in words
_DIAGNOSTIC: Final = 500
_REPORT: Final = 200_000  # bytes
_LETTER: Final = r"[\w.!#$%&'*+/=?^`{|}~-]"
_ADDRESS: Final = re.compile(rf"(?<!{_LETTER}){_LETTER}+@[\w-]+(?:\.[\w-]+)+")
_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY: Final = re.compile(r"(?<![\d.:])([45])\d\d(?=[ -])")
_IDENTIFIER: Final = re.compile(r"^[ \t>|]*message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_ANSWERED: Final = re.compile(r"^[ \t>|]*in-reply-to:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_HEADER: Final = re.compile(
    r"^(?:[>|] ?)?(?:received|return-path|message-id|mime-version|x-mailer):\s", re.IGNORECASE | re.MULTILINE
)
_SENT_TO: Final = re.compile(r"^[ \t>|]*(?:to|rcpt to):(.*)$", re.IGNORECASE | re.MULTILINE)
_IN_TEXT: Final = re.compile(r"^(?:original|final)-recipient:.*(?:\n\S.*)*", re.IGNORECASE | re.MULTILINE)
_BEFORE_RETURNED: Final = 40  # characters of a report, before which it does not repeat the mail yet
_SOFT: Final = re.compile(
    r"delayed|has not yet been|still being retried|will (?:be )?(?:retr|continue|keep trying)"
    r"|do not need to (?:resend|do anything)|warning(?: only|: (?:could not|message))|temporar|quota"
    r"|mailbox (?:is )?full|full mailbox"
    r"|over(?:drawn)? (?:its )?(?:storage|quota)|try again|greylist|too (?:many|large|big)|insufficient"
    r"|timed? ?out|exceed|busy|spam|content|virus|policy|blocked|black ?list|reputation"
    r"|verzögert|vorübergehend|retard|temporaire|retrasad|temporal|temporanea|vertraagd|tijdelijk|temporári|временн|переполнен",
    re.IGNORECASE,
)
_HARD: Final = re.compile(
    r"unknown|no such|not (?:exist|found|listed|known)|does(?:n['’]t| not) (?:exist|have)"
    r"|invalid (?:recipient|address|mailbox)"
    r"|unrouteable|disabled|inactive|no longer|permanent|fatal|not our customer"
    r"|unbekannt|inconnu|desconocid|sconosciut"
    r"|onbekend|desconhecid|неизвест|не существует|не найден|不存在|存在しません"
    r"|no mailbox|bad destination|user unknown|undeliverable to|gave up",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Failed:
    """A recipient whom a mail did not reach. ``hard``: it never will; otherwise it may later, or another mail may."""

    address: str
    status: str
    action: str
    diagnostic: str
    hard: bool


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back. The identifiers are those of the mail that was sent, or empty."""

    recipients: tuple[Failed, ...]
    original_message_id: str
    original_in_reply_to: str

    @property
    def is_hard(self) -> bool:
        """Whether at least one recipient will never be reached."""
        return any(failed.hard for failed in self.recipients)


def bounce_of(parsed: Parsed) -> Bounce | None:
    """What a mail system tells of a mail that did not arrive; nothing when the mail tells of no failure.

    Ask only of mail that was recognised as a bounce: a person may quote the words of one.
    """
    groups = _groups_of(parsed)
    recipients = _unique([*_reported(groups), *_complaints(groups)])
    if _all_delivered(groups):
        return None
    recipients = recipients or _unique(_in_words(parsed))
    message_id, in_reply_to = _original(parsed)
    return Bounce(recipients, message_id, in_reply_to) if recipients or message_id else None


def has_report(root: Node) -> bool:
    """Whether a part of the mail is a delivery report or a complaint by RFC 3464 or RFC 5965."""
    return any(node.media_type in _REPORTS or node.media_type == _COMPLAINT for node in root.walk())


def _unique(found: list[Failed]) -> tuple[Failed, ...]:
    """Each address once; a certain failure says more than a delay."""
    kept: dict[str, Failed] = {}
    for failed in found[:_MOST]:
        known = kept.get(failed.address.lower())
        if known is None or (failed.hard and not known.hard):
            kept[failed.address.lower()] = failed
    return tuple(kept.values())


def _groups_of(parsed: Parsed) -> list[dict[str, str]]:
    """The groups of all reports; of a report within the mail that came back only when there is no other."""
    for nodes in (parsed.root.walk(), parsed.root.walk(into_mail=True)):
        found = [
            group
            for node in nodes
            if node.media_type in {*_REPORTS, _COMPLAINT}
            for group in _groups(node.content(_REPORT))
        ]
        if found:
            return found
    return [group for found in _IN_TEXT.findall(parsed.text[:_LONGEST]) for group in _groups(found.encode("utf-8"))]


def _groups(content: bytes) -> Iterator[dict[str, str]]:
    """The groups of fields of a report (RFC 3464, section 2.1): one of the message, then one of each recipient."""
    for group in re.split(rb"\r?\n[ \t]*\r?\n", content.strip()):
        found, _ = mime.header_of(group + b"\n", 0, len(group) + 1, is_whole=False)
        if found:
            yield {field.name: fields.decoded(fields.as_text(field.value)) for field in reversed(found)}


def _bare(value: str) -> str:
    """The address of ``rfc822; ann@example.org``."""
    found = _ADDRESS.search(value.partition(";")[2] or value)
    return found.group() if found else ""


def _reported(groups: list[dict[str, str]]) -> Iterator[Failed]:
    for group in groups:
        address = (
            _bare(group.get("original-recipient", ""))
            or _bare(group.get("final-recipient", ""))
            or _bare(group.get("x-actual-recipient", ""))
        )
        final = _bare(group.get("final-recipient", ""))
        action = group.get("action", "").strip(" .").split(" ")[0].lower()
        if not (address or final) or action in {"delivered", "relayed", "expanded"}:
            continue
        diagnostic = group.get("diagnostic-code", "")[:_DIAGNOSTIC]
        found = _STATUS.search(group.get("status", "")) or _STATUS.search(diagnostic)
        status = found.group() if found else ""
        yield Failed(address or final, status, action or "failed", diagnostic, _is_hard(action, status, diagnostic))


def _is_hard(action: str, status: str, text: str) -> bool:
    """A full mailbox or a refused content is no fault of the address, even where the status says permanent."""
    if action == "delayed" or status.startswith("4"):
        return False
    if status.startswith(("5.1.", "5.1.10")) or status in {"5.2.1", "5.4.4"}:
        return True
    if status in {"5.2.2", "5.3.4", "5.2.3"} or status.startswith(("5.6.", "5.7.")):
        return bool(_HARD.search(text) and not _SOFT.search(text))
    if status.startswith("5") or (reply := _REPLY.search(text)) is None:
        return bool(_HARD.search(text)) or not _SOFT.search(text)
    return reply[1] == "5" and (bool(_HARD.search(text)) or not _SOFT.search(text))


def _all_delivered(groups: list[dict[str, str]]) -> bool:
    actions = [group["action"].strip().lower() for group in groups if "action" in group]
    return bool(actions) and all(action.startswith(("delivered", "relayed", "expanded")) for action in actions)


def _complaints(groups: list[dict[str, str]]) -> Iterator[Failed]:
    """Somebody marked our mail as spam (RFC 5965): they are not to be written to again."""
    for group in groups:
        address = _bare(group.get("original-rcpt-to", "")) or _bare(group.get("removal-recipient", ""))
        if address:
            yield Failed(address, "", "complaint", group.get("feedback-type", ""), hard=True)


def _in_words(parsed: Parsed) -> list[Failed]:
    """The recipients that a report in plain words names, else the one to whom the mail that came back was sent."""
    report = reported_text(parsed)
    status = _STATUS.search(report)
    code = status.group() if status else ""
    hard = _is_hard("", code, f"{parsed.subject}\n{report}")
    return [
        Failed(a, code, "failed" if hard else "delayed", _around(report, a), hard)
        for a in dict.fromkeys(_named(parsed, report))
    ]


def _named(parsed: Parsed, report: str) -> list[str]:
    given = [address for value in parsed.headers("x-failed-recipients") for address in _ADDRESS.findall(value)]
    if given:
        return given
    found = [address.strip("'") for address in _ADDRESS.findall(report)]
    ours = {*parsed.recipients, parsed.from_address, parsed.reply_to}
    others = [address for address in found if address not in ours and not _is_ours(address)]
    sent_to = [address for line in _SENT_TO.findall(_returned_text(parsed)) for address in _ADDRESS.findall(line)]
    return others or [a for a in found if a != parsed.from_address] or (sent_to if len(sent_to) == 1 else [])


def _is_ours(address: str) -> bool:
    """Whether an address in a report is the mail system's own."""
    local = address.partition("@")[0]
    return bool(signs.DAEMONS.match(local)) or local.lower() in {
        "abuse",
        "support",
        "hostmaster",
        "helpdesk",
        "webmaster",
    }


def _around(report: str, address: str) -> str:
    at = report.find(address)
    return (
        " ".join(report[at + len(address) : at + len(address) + _DIAGNOSTIC].lstrip(">:, ").split())[:_DIAGNOSTIC]
        if at >= 0
        else ""
    )


def reported_text(parsed: Parsed) -> str:
    """The words of a report up to where it repeats the mail that came back."""
    text = parsed.text[:_LONGEST]
    found = (pattern.search(text, _BEFORE_RETURNED) for pattern in (signs.RETURNED, _HEADER))
    return text[: min((one.start() for one in found if one is not None), default=len(text))]


def _returned_text(parsed: Parsed) -> str:
    """The header, and more, of the mail that came back, as far as the report repeats it."""
    for node in parsed.root.walk():
        if node is not parsed.root and (node.media_type in _RETURNED or node.is_attachment):
            text = charsets.decode(node.content(_REPORT))
            if _IDENTIFIER.search(text) or _SENT_TO.search(text):
                return text
    return parsed.text


def _original(parsed: Parsed) -> tuple[str, str]:
    text = _returned_text(parsed)
    found, answered = _IDENTIFIER.search(text), _ANSWERED.search(text)
    given = [
        i for name in ("x-original-message-id", "original-message-id") for i in fields.identifiers(parsed.header(name))
    ]
    return (found[1] if found else next(iter(given), parsed.in_reply_to)), answered[1] if answered else ""
