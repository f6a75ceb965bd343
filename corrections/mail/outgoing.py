"""From a row of the outbox to a mail: subject, text, HTML and headers, in the publication's language."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Final

import flask_mail
from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections import links
from corrections.db import db
from corrections.domain import clock, limits
from corrections.domain.text import one_line, word_difference
from corrections.mail import addresses, letterhead, plain
from corrections.mail.letterhead import Letter, Sender
from corrections.models import MessageKind, OutboxMessage, Publication
from corrections.queries import inbox

log = logging.getLogger(__name__)

TITLE_IN_SUBJECT: Final = 100
WAYS_IN: Final = ("MAIL_IN_LMTP", "MAIL_IN_IMAP", "MAIL_IN_ADDRESSES")
# Facts that not every message has; a template asks for them with `if`.
MAY_BE_MISSING: Final = (
    "acts", "after", "anchor_state", "article", "article_url", "before", "correction_note", "correction_url", "moves",
    "note", "now", "reader_notes", "resolution", "status_url", "suggestion", "was",
)  # fmt: skip
FROM_LIBRARY: Final = "security"
BROKEN: Final = "This mail could not be made (%s). It is a mistake of the program; the log has more."
PLAIN_NAME: Final = 60  # characters that fit into the first line of a header
FOLD: Final = "\r\n "
_BREAK: Final = re.compile(r"\r(?!\n )|(?<!\r)\n|\n(?! )")
_PLAIN: Final = re.compile(r"[A-Za-z0-9 .,'&!-]+")


class Unsendable(Exception):
    """Trying again would not help; the sentence is for the desk, ``kind`` for the log."""

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A mail as it is sent. ``headers`` are all but Subject and Date; ``html`` is '' for a mail of text alone."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


def sender(session: Session) -> Sender:
    """The publication as mails show it."""
    row = session.execute(_PUBLICATION).one_or_none()
    name, home_url, reply_address = row if row is not None else ("", "", "")
    config = current_app.config
    shown_name, address = addresses.sender_of(
        config["MAIL_DEFAULT_SENDER"], reply_address, config["BASE_URL"], one_line(name)
    )
    return Sender(
        name=name,
        address=address,
        shown_name=shown_name,
        home_url=home_url,
        reply_address=reply_address,
        locale=config["LOCALE"],
        answers=_answers(session, reply_address or address),
    )


_PUBLICATION: Final = (
    select(Publication.name, Publication.home_url, Publication.reply_address).order_by(Publication.id).limit(1)
)


def _answers(session: Session, address: str) -> str:
    """Where answers go, with a place for the token. Without mail coming in, a signed address might reach nobody."""
    config = current_app.config
    plus = config["MAIL_PLUS_ADDRESSING"] and (any(config[way] for way in WAYS_IN) or inbox.is_used(session))
    return addresses.pattern_of(config["MAIL_REPLY_ADDRESS"], address, plus=plus)


def render(message: OutboxMessage | Letter, *, sealed: bool = True) -> Rendered:
    """What is sent for a row of the outbox. Raises whatever a template raises that does not get what it needs.

    ``sealed``: to be looked at by others, without the links and addresses that act in the name of who gets it.
    """
    letter = message if isinstance(message, Letter) else Letter.of(message, sender(db.session()))
    facts, headers = letter.facts, letterhead.of(letter, sealed=sealed)
    if letter.template == FROM_LIBRARY:
        subject, text, html = letterhead.words(facts["subject"]), str(facts["text"]), str(facts.get("html", ""))
        return Rendered(subject=subject, text=text, html=html, headers=headers)
    environment = current_app.jinja_env
    with force_locale(letter.sender.locale):
        context = _context(letter, sealed=sealed)
        parts = environment.get_template("mail/_parts.html").make_module({"pieces": word_difference})
        macros = {name: getattr(parts, name) for name in ("action", "quote", "change")}
        html = environment.get_template(f"mail/{letter.template}.html").render(context | macros)
    subject, text = plain.read(html)
    return Rendered(subject=letterhead.words(subject), text=text, html=html, headers=headers)


def _context(letter: Letter, *, sealed: bool) -> dict[str, Any]:
    """The facts, the publication, and the addresses that the template may link to."""
    facts, told = letter.facts, dict.fromkeys(MAY_BE_MISSING, "") | dict(letter.facts)
    told |= {"publication": letter.sender, "quote_given": facts.get("quote", ""), "title": _title(facts)}
    told["reports"] = int(facts.get("reports") or 0)
    told |= {"sealed": sealed, "answerable": bool(letterhead.answer_address(letter, sealed=sealed))}
    if reference := facts.get("reference"):
        told["status_url"] = links.absolute("reader.status", reference=reference)
    if letter.template == "confirm_address":
        told["confirm_url"] = links.confirm_address(facts["reference"], letter.recipient)
    if number := facts.get("correction"):
        told["correction_url"] = links.absolute("log.correction", number=number)
    if letter.template in letterhead.TO_EDITORS:
        told |= {"notices_url": links.absolute("desk.account"), "queue_url": links.absolute("desk.queue")}
        told["errata"] = [{**line, "url": _erratum_url(line["number"])} for line in facts.get("errata", ())]
        told["erratum_url"] = _erratum_url(facts["number"]) if facts.get("number") else ""
        told["acts"] = [] if sealed else _acts(facts)
    if sentence := facts.get("refusal"):
        told["refusal"] = gettext(sentence, **facts.get("values", {}))
        told["details"] = [gettext(detail) for detail in facts.get("details", ())]
    if errors := facts.get("errors"):
        told["errors"] = [_with_addresses(error) for error in errors]
    return told


def _with_addresses(error: Mapping[str, Any]) -> dict[str, Any]:
    number = error.get("correction")
    return {
        **error,
        "status_url": links.absolute("reader.status", reference=error["reference"]),
        "correction_url": links.absolute("log.correction", number=number) if number else "",
    }


def _acts(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """The moves that are one link away; the values of a link are those of services.acting.Offer, in its order."""
    seen = [facts.get(name) for name in ("revision", "seen", "print")]
    offers = [(move, [facts.get("number"), facts.get("editor"), move, *seen]) for move in facts.get("moves", ())]
    return [{"move": move, "url": links.act(offer)} for move, offer in offers]


def _title(facts: Mapping[str, Any]) -> str:
    title = letterhead.words(str(facts.get("title", "")))
    return title if len(title) <= TITLE_IN_SUBJECT else f"{title[: TITLE_IN_SUBJECT - 1].rstrip()}…"


def _erratum_url(number: int) -> str:
    return links.absolute("desk.erratum", number=number)


class Policy(EmailPolicy):
    """RFC 5322 for SMTP, in seven bits. Headers of addresses and identifiers are taken as they are made here.

    The library would encode a long identifier as if it were words, and lose the quotation marks of a long name.
    """

    WHOLE: Final = frozenset({"from", "to", "reply-to", "message-id", "in-reply-to", "references", "list-unsubscribe"})

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Refuse a line break that does not fold."""
        if name.lower() not in self.WHOLE:
            return super().header_store_parse(name, value)
        if _BREAK.search(value):
            raise ValueError(f"a line break in {name}")
        return name, value

    def fold(self, name: str, value: Any) -> str:
        """One header, in lines."""
        return f"{name}: {value}{self.linesep}" if name.lower() in self.WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same, in bytes."""
        return self.fold(name, value).encode("ascii")


POLICY: Final = Policy(linesep="\r\n", cte_type="7bit", max_line_length=78)


def mailbox(name: str, address: str) -> str:
    """A name and an address for a header: folded, and encoded (RFC 2047) unless the name is plain."""
    words = letterhead.words(name)[: limits.NAME]
    if not words:
        return address
    if len(words) <= PLAIN_NAME and _PLAIN.fullmatch(words):
        return f'"{words}" <{address}>'
    return f"{Header(words, 'utf-8', header_name='From').encode(linesep=FOLD.strip(' '))}{FOLD}<{address}>"


class Mail(flask_mail.Message):
    """A mail for Flask-Mail's connection, built by the standard library's newer, stricter classes."""

    def __init__(self, letter: Letter, at: datetime) -> None:
        rendered, sender = render(letter, sealed=False), letter.sender
        super().__init__(
            rendered.subject, [letter.recipient], rendered.text, rendered.html or None, sender=sender.address
        )
        self.msgId = rendered.headers["Message-ID"]
        self.envelope_from = sender.address
        self._rendered, self._at = rendered, at
        self._headers = {**rendered.headers, "From": mailbox(sender.shown_name, sender.address)}

    def as_bytes(self) -> bytes:
        """The whole mail: multipart/alternative, or text alone."""
        rendered = self._rendered
        message = EmailMessage(policy=POLICY)
        message["Subject"] = rendered.subject
        message["Date"] = format_datetime(self._at.astimezone(UTC))
        for name, value in self._headers.items():
            message[name] = value
        message.set_content(rendered.text)
        if rendered.html:
            message.add_alternative(rendered.html, subtype="html")
        return message.as_bytes()


def message(letter: Letter) -> Mail:
    """The mail of a letter; raises Unsendable."""
    if letter.kind is not MessageKind.MAIL:
        raise Unsendable(f"This version cannot send a message of the kind {letter.kind.value}.", "unknown kind")
    if not letter.recipient:
        raise Unsendable("The address was erased at its owner's wish.", "no address")
    if addresses.is_invented(letter.recipient):
        raise Unsendable("Not sent: the address is of a domain that exists in examples only.", "invented address")
    try:
        mail = Mail(letter, clock.now())
        mail.as_bytes()
    except Exception as error:
        log.exception("a mail cannot be made", extra={"template": letter.template, "message_id": letter.message_id})
        raise Unsendable(BROKEN % type(error).__name__, "broken") from error
    return mail
