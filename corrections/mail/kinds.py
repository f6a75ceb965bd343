"""What a mail is: a person's report or answer, or what machines, lists and spammers send. Headers first, then content."""

import re
from typing import Final, NamedTuple

from corrections.domain.letters import LetterKind
from corrections.mail import bounces, signs
from corrections.mail.parse import Parsed

_HOLD_FROM: Final = 3
_MANY_LINKS: Final = 4
_LINK: Final = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_SCORE: Final = re.compile(r"(?:score|hits)\s*=\s*(-?\d+(?:\.\d+)?)|\[(-?\d+(?:\.\d+)?) /", re.IGNORECASE)
_SPAM_SCORE: Final = 5.0


class Verdict(NamedTuple):
    """What a mail is, and what decided."""

    kind: LetterKind
    reason: str


def kind_of(parsed: Parsed, envelope_from: str | None) -> Verdict:
    """Tell what a mail is. ``envelope_from`` is the sender of the envelope: ``""`` or ``"<>"`` is the null sender, None unknown."""
    null_sender = _is_null_sender(parsed, envelope_from)
    for rule in (_returned, _marked_as_spam, _automatic, _of_list, _absent, _spam):
        verdict = rule(parsed, null_sender)
        if verdict is not None:
            return verdict
    if not (parsed.said or parsed.quoted or parsed.signature or parsed.attachments or parsed.subject):
        return Verdict(LetterKind.EMPTY, "nothing in it")
    if parsed.is_answer:
        return Verdict(LetterKind.REPLY, "an answer to another mail")
    return Verdict(LetterKind.REPORT, "a new mail of a person")


def _is_null_sender(parsed: Parsed, envelope_from: str | None) -> bool:
    given = envelope_from if envelope_from is not None else next(iter(parsed.headers("return-path")), None)
    return given is not None and given.strip() in {"", "<>", "<MAILER-DAEMON>", "MAILER-DAEMON"}


def _returned(parsed: Parsed, null_sender: bool) -> Verdict | None:
    """A bounce: a report by the rules, or a mail system that speaks of a mail that did not arrive."""
    report_type = parsed.root.parameter("report-type").lower()
    if report_type == "disposition-notification" or _has_part(parsed, "message/disposition-notification"):
        return Verdict(LetterKind.AUTOREPLY, "a receipt that it was read (RFC 8098)")
    if bounces.has_report(parsed.root):
        return Verdict(LetterKind.BOUNCE, "a delivery report (RFC 3464)")
    if parsed.root.media_type == "multipart/report":
        return Verdict(LetterKind.BOUNCE, "multipart/report")
    if parsed.header("x-failed-recipients"):
        return Verdict(LetterKind.BOUNCE, "X-Failed-Recipients")
    is_daemon = _is_daemon(parsed)
    subject = bool(signs.BOUNCE_SUBJECT.search(parsed.subject))
    report = bounces.reported_text(parsed)
    text = bool(signs.BOUNCE_TEXT.search(report))
    if is_daemon and (subject or text or null_sender):
        return Verdict(LetterKind.BOUNCE, "a mail system wrote it")
    if null_sender and (subject or text) and not signs.ABSENT_SUBJECT.search(parsed.subject):
        return Verdict(LetterKind.BOUNCE, "the null sender and the words of a bounce")
    if _speaks_of_returned(parsed, subject, report):
        return Verdict(LetterKind.BOUNCE, "the words of a bounce")
    return None


def _has_part(parsed: Parsed, media_type: str) -> bool:
    return any(node.media_type == media_type for node in parsed.root.walk())


def _is_daemon(parsed: Parsed) -> bool:
    local = parsed.from_address.partition("@")[0].strip('"')
    return bool(
        signs.DAEMONS.match(local)
        or signs.DAEMON_NAMES.search(parsed.from_name)
        or signs.DAEMONS.match(parsed.from_name)
    )


def _speaks_of_returned(parsed: Parsed, subject: bool, report: str) -> bool:
    """Without a sender that tells: the words of a bounce, together with a failed address or the mail itself."""
    if not signs.BOUNCE_TEXT.search(report):
        return False
    came_back = (
        bool(signs.RETURNED.search(parsed.text))
        or _has_part(parsed, "message/rfc822")
        or _has_part(parsed, "text/rfc822-headers")
    )
    return (subject and (came_back or "@" in report)) or (came_back and len(signs.BOUNCE_TEXT.findall(report)) > 1)


def _marked_as_spam(parsed: Parsed, null_sender: bool) -> Verdict | None:
    """What the filter of the mail server found."""
    for name in ("x-spam-flag", "x-spam", "x-rspamd-action", "x-spam-action", "x-spampal"):
        value = parsed.header(name).lower()
        if value.startswith(("yes", "true", "spam")) or value in {
            "add header",
            "reject",
            "rewrite subject",
            "quarantine",
        }:
            return Verdict(LetterKind.SPAM, _named(name))
    for name in ("x-spam-status", "x-spamd-result"):
        value = parsed.header(name)
        if value.lower().startswith(("yes", "default: true")):
            return Verdict(LetterKind.SPAM, _named(name))
    return None


def _named(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def _automatic(parsed: Parsed, null_sender: bool) -> Verdict | None:
    """A machine that says so in the header."""
    submitted = parsed.header("auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return Verdict(LetterKind.AUTOREPLY, "Auto-Submitted")
    for name in (
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply-from",
        "x-mail-autoreply",
        "x-autogenerated",
        "x-vacation",
    ):
        if parsed.header(name) and parsed.header(name).lower() != "no":
            return Verdict(LetterKind.AUTOREPLY, _named(name))
    if parsed.header("precedence").lower().startswith(("auto_reply", "auto-reply")):
        return Verdict(LetterKind.AUTOREPLY, "Precedence: auto_reply")
    return None


def _of_list(parsed: Parsed, null_sender: bool) -> Verdict | None:
    """A list, a newsletter or a shop, by its header; a note of absence sent to a list is still one."""
    precedence = parsed.header("precedence").lower().strip()
    named = next((name for name in signs.BULK_HEADERS if parsed.header(name)), "")
    if not named and precedence not in {"bulk", "list", "junk"}:
        return None
    if signs.ABSENT_SUBJECT.search(parsed.subject) and not parsed.is_answer:
        return Verdict(LetterKind.AUTOREPLY, "a subject as notes of absence have it")
    return Verdict(LetterKind.LIST, _named(named) if named else f"Precedence: {precedence}")


def _absent(parsed: Parsed, null_sender: bool) -> Verdict | None:
    """Notes of absence, confirmations and challenges that nothing in the header marks."""
    text = parsed.said[:3000]
    words = bool(signs.ABSENT_TEXT.search(text))
    suppress = parsed.header("x-auto-response-suppress").lower()
    if signs.ABSENT_SUBJECT.search(parsed.subject) and (words or null_sender or not parsed.is_answer or suppress):
        return Verdict(LetterKind.AUTOREPLY, "a subject as notes of absence have it")
    if words and (null_sender or _is_robot(parsed) or suppress):
        return Verdict(LetterKind.AUTOREPLY, "the words of an automatic answer")
    if null_sender:
        return Verdict(LetterKind.AUTOREPLY, "the null sender")
    if _is_daemon(parsed):
        return Verdict(LetterKind.AUTOREPLY, "a mail system wrote it")
    if _is_robot(parsed):
        return Verdict(LetterKind.LIST, "an address that nobody reads")
    return None


def _is_robot(parsed: Parsed) -> bool:
    return bool(signs.ROBOTS.match(parsed.from_address.partition("@")[0]))


def _spam(parsed: Parsed, null_sender: bool) -> Verdict | None:
    """Signs of spam and of newsletters without a marked header, added up; held for screening, never thrown away."""
    text = parsed.text[:20_000]
    found = {number for number, words in enumerate(signs.SPAM_WORDS) if words.search(f"{parsed.subject}\n{text}")}
    points = min(len(found), 4)
    points += bool(signs.SHOUTING.search(parsed.subject)) + bool(signs.SHOUTING.search(text))
    points += bool(signs.RANDOM_TAIL.search(parsed.subject))
    points += len(_LINK.findall(text)) >= _MANY_LINKS
    bulk = bool(signs.LIST_SUBJECT.search(parsed.subject)) + 2 * bool(signs.LIST_TEXT.search(text))
    if parsed.is_answer and parsed.quoted:
        return None
    if bulk >= 2 and points < _HOLD_FROM + 1:
        return Verdict(LetterKind.LIST, "the words of a newsletter")
    if points + bulk >= _HOLD_FROM:
        return Verdict(LetterKind.SPAM, "signs of spam in its words")
    return None
