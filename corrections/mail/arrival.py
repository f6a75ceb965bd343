"""A mail that came in, with what is known of who wrote it: what all that is made of it starts from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.domain import clock, limits
from corrections.mail import addresses, outgoing, trust
from corrections.mail.addresses import ReplyTo
from corrections.mail.parse import Parsed
from corrections.mail.trust import Trust
from corrections.models import InboxMessage, OutboxMessage, Way

SEVERAL: Final = 50  # identifiers of one mail that are looked up, the nearest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """``own`` are the addresses that are ours, ``pattern`` is that of answers; ``at`` is now.

    ``is_silent``: nobody is to be written to about it.
    """

    message: InboxMessage
    parsed: Parsed
    trust: Trust
    own: tuple[str, ...]
    pattern: str
    at: datetime
    is_silent: bool = False

    @classmethod
    def of(cls, session: Session, message: InboxMessage, parsed: Parsed) -> Self:
        """What is known before anything is decided."""
        config, sender = current_app.config, outgoing.sender(session)
        named = parsed.headers("authentication-results")
        return cls(
            message=message,
            parsed=parsed,
            trust=trust.of(named, config["MAIL_TRUSTED_AUTHSERV"], parsed.from_address),
            own=tuple(filter(None, (sender.address, sender.reply_address, *config["MAIL_IN_ADDRESSES"]))),
            pattern=sender.answers,
            at=clock.now(),
        )

    @property
    def is_live(self) -> bool:
        """Whether somebody sent it just now; what is imported is of the past, so nobody is written to about it."""
        return self.message.way is not Way.IMPORT

    @property
    def is_answerable(self) -> bool:
        """Whether a machine may write to the sender: a person who is not us, and whom nothing shows to be forged."""
        address = self.parsed.from_address
        sane = bool(address) and not addresses.is_own(address, self.own) and not addresses.is_unanswered(address)
        return self.is_live and not self.is_silent and sane and self.trust is not Trust.FAILED

    @property
    def identifier(self) -> str:
        """Its Message-ID without brackets."""
        return self.parsed.message_id.strip("<>")

    def signed_for(self) -> ReplyTo | None:
        """What the signed address that it was sent to is about."""
        sent_to = [*self.message.envelope_to, *self.parsed.recipients]
        return addresses.meant(sent_to, self.pattern, current_app.config["SECRET_KEY"])

    def answered(self, session: Session) -> OutboxMessage | None:
        """Our mail to this very sender that it answers, by its headers."""
        named = [name for name in (self.parsed.in_reply_to, *reversed(self.parsed.references)) if name]
        known = [name for name in dict.fromkeys(named) if len(name) <= limits.MESSAGE_ID][:SEVERAL]
        if not known:
            return None
        sent = session.scalars(select(OutboxMessage).where(OutboxMessage.message_id.in_(known))).all()
        ours = {message.message_id: message for message in sent}
        found = (ours[name] for name in known if name in ours)
        return next((one for one in found if addresses.same(one.recipient, self.parsed.from_address)), None)
