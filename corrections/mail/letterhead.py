"""The head of a mail that goes out: from whom, to whom, what it answers and where an answer to it comes back to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from babel import Locale
from flask import current_app

from corrections import links
from corrections.domain.text import one_line
from corrections.mail import addresses
from corrections.mail.addresses import ReplyTo
from corrections.models import MessageKind, OutboxMessage

DIRECTIONS: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C))
TO_EDITORS: Final = frozenset(
    {"editor_new_erratum", "editor_assigned", "editor_digest", "editor_answer", "command_done", "command_refused"}
)
# Answers of a machine to one mail (RFC 3834); all other mail of ours was asked for in some other way.
ANSWERS: Final = frozenset({"mail_received", "command_done", "command_refused"})
LISTS: Final = frozenset({"editor_new_erratum", "editor_digest"})
MARK: Final = "X-Corrections"  # says that a mail is ours, so that no two machines answer each other
REPEATED: Final = 250  # characters of an identifier of others
HIDDEN: Final = "…"
_NOT_IN_ID: Final = re.compile(r"[^!-~]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What mails say of the publication, as templates read it; ``address`` is the From address, ``name`` its name.

    ``answers`` is where answers go, with a place for the token; '' where there are no signed addresses.
    """

    name: str
    address: str
    shown_name: str
    home_url: str
    reply_address: str
    locale: str
    answers: str = ""

    @property
    def direction(self) -> str:
        """Ltr or rtl."""
        return str(Locale.parse(self.locale, sep="-" if "-" in self.locale else "_").text_direction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A row of the outbox, frozen: what is needed to send it once no transaction is open."""

    id: int
    kind: MessageKind
    recipient: str
    template: str
    facts: Mapping[str, Any]
    message_id: str
    thread: str
    sender: Sender

    @classmethod
    def of(cls, message: OutboxMessage, sender: Sender) -> Self:
        """The copy."""
        return cls(
            id=message.id,
            kind=message.kind,
            recipient=message.recipient,
            template=message.template,
            facts=message.facts,
            message_id=message.message_id,
            thread=message.thread,
            sender=sender,
        )


def of(letter: Letter, *, sealed: bool) -> dict[str, str]:
    """All headers but Subject and Date. No word of a reader gets into them, only the identifier of their mail.

    ``sealed``: to be looked at by others, without the signed address.
    """
    sender, answers = letter.sender, letter.template in ANSWERS
    headers = {
        "From": f"{sender.shown_name} <{sender.address}>" if sender.shown_name else sender.address,
        "To": letter.recipient,
        "Message-ID": _NOT_IN_ID.sub("", letter.message_id),
        "Auto-Submitted": "auto-replied" if answers else "auto-generated",  # RFC 3834
        "X-Auto-Response-Suppress": "All",  # what Exchange understands of it
        MARK: letter.template,
    }
    address = answer_address(letter, sealed=sealed) or sender.reply_address
    if address and address != sender.address:
        headers["Reply-To"] = address
    thread = [name for name in (_answered(letter.facts), _NOT_IN_ID.sub("", letter.thread)) if name]
    if thread:
        headers |= {"In-Reply-To": thread[0] if answers else thread[-1], "References": " ".join(thread)}
    if letter.template in LISTS:
        notices = links.absolute("desk.account")
        headers["List-Unsubscribe"] = f"<{notices}>"  # RFC 2369; one has to log in, so it is not one-click
    return headers


def _answered(facts: Mapping[str, Any]) -> str:
    """The Message-ID of the mail that this one goes with, made safe; '' for one too long to be repeated."""
    name = _NOT_IN_ID.sub("", str(facts.get("answers") or "")).strip("<>")
    return f"<{name}>" if name and len(name) <= REPEATED and not set(name) & set("<>") else ""


def answer_address(letter: Letter, *, sealed: bool) -> str:
    """The signed address that an answer to this mail comes back to; '' without one."""
    signed = token(letter)
    return letter.sender.answers.replace(addresses.PLACE, HIDDEN if sealed else signed) if signed else ""


def token(letter: Letter) -> str:
    """What an answer to this mail is about, signed; '' where none is expected."""
    facts = letter.facts
    if letter.template in TO_EDITORS:
        about = ReplyTo(erratum=facts.get("number") or 0, editor=facts.get("editor") or 0)
    else:
        about = ReplyTo(report=facts.get("reference") or "")
    return addresses.token(about, current_app.config["SECRET_KEY"])


def words(text: str) -> str:
    """Words fit for a header: one line, no signs that turn the reading direction, nothing that looks encoded."""
    return one_line(text).translate(DIRECTIONS).replace("=?", "= ?")
