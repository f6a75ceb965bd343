"""A stored mail, read: what it is, what is done with it, and what became of it. Only a person's mail is answered."""

from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.letters import LetterKind, LetterState
from corrections.domain.screening import Sign
from corrections.mail import addresses, answers, bounces, kinds, letterhead, orders, parse, reporting
from corrections.mail.arrival import Arrival
from corrections.mail.kinds import Verdict
from corrections.mail.parse import Parsed, Part
from corrections.mail.trust import Trust
from corrections.models import Attachment, InboxMessage, OutboxMessage
from corrections.services import bounces as returned

# What was done once is not done again when a mail is read again.
ACTED_ON: Final = frozenset({LetterKind.REPLY, LetterKind.COMMAND})
PERSONS: Final = frozenset({LetterKind.REPORT, LetterKind.REPLY, LetterKind.COMMAND, LetterKind.SPAM})
OUTCOME: Final = 1_000
NOTHING: Final = "nothing was done"
ANSWERS_US: Final = "an answer to a mail of ours"
BY_HAND: Final = "an editor said so"


def read(session: Session, message: InboxMessage, as_kind: LetterKind | None = None) -> None:
    """Do what the mail calls for and fill its row; reading it again does nothing twice. Never commits.

    ``as_kind`` LetterKind.REPORT: an editor says that it is one. It may be a machine's, so nobody is written to.
    """
    if message.raw is None or (message.read_at is not None and message.kind in ACTED_ON):
        message.state = LetterState.READ
        return
    parsed = parse.parse(message.raw)
    _describe(message, parsed)
    arrival = Arrival.of(session, message, parsed)
    by_hand = as_kind is LetterKind.REPORT
    verdict = Verdict(LetterKind.REPORT, BY_HAND) if by_hand else _verdict(session, arrival)
    message.kind, message.reason = verdict.kind, verdict.reason[: limits.MAIL_REASON]
    silent = replace(arrival, is_silent=True)
    outcome = reporting.report(session, silent) if by_hand else _act(session, arrival, verdict)
    message.outcome = outcome[:OUTCOME]
    message.read_at, message.state = arrival.at, LetterState.READ


def _describe(message: InboxMessage, parsed: Parsed) -> None:
    message.message_id, message.subject = parsed.message_id, parsed.subject
    message.from_name, message.from_address = parsed.from_name, parsed.from_address
    if not message.attachments:
        message.attachments = [_attachment(part) for part in parsed.attachments]


def _attachment(part: Part) -> Attachment:
    is_picture = part.media_type.startswith("image/") and part.media_type != "image/svg+xml"  # that may hold a program
    return Attachment(
        part=part.number,
        name=part.name,
        media_type=part.media_type,
        size=part.size,
        is_evidence=is_picture and 0 < part.size <= limits.EVIDENCE_BYTES,
    )


def _verdict(session: Session, arrival: Arrival) -> Verdict:
    if (why := _ours(session, arrival)) is not None:
        return Verdict(LetterKind.OURS, why)
    return kinds.kind_of(arrival.parsed, arrival.message.envelope_from)


def _ours(session: Session, arrival: Arrival) -> str | None:
    """Why a mail is one that we sent, which somebody passed back to us; answering it would go on for ever."""
    parsed = arrival.parsed
    if parsed.header(letterhead.MARK):
        return letterhead.MARK
    submitted = parsed.header("auto-submitted").lower()
    if submitted not in {"", "no"} and addresses.is_own(parsed.from_address, arrival.own):
        return "written by a machine at our own address"
    sent = select(OutboxMessage.id).where(OutboxMessage.message_id == parsed.message_id)
    return "its Message-ID" if parsed.message_id and session.scalar(sent) is not None else None


def _act(session: Session, arrival: Arrival, verdict: Verdict) -> str:
    if verdict.kind is LetterKind.BOUNCE:
        return _bounced(session, arrival)
    if verdict.kind not in PERSONS:
        return NOTHING
    if arrival.is_answerable:
        returned.heard_from(session, arrival.parsed.from_address)
    if (ordered := orders.about(session, arrival)) is not None:
        outcome = orders.obey(session, arrival, ordered)
        if outcome is not None:
            arrival.message.kind, arrival.message.reason = LetterKind.COMMAND, ANSWERS_US
            return outcome
    elif (report := answers.report_of(session, arrival)) is not None:
        arrival.message.kind, arrival.message.reason = LetterKind.REPLY, ANSWERS_US
        return answers.add(session, arrival, report, quiet=not arrival.is_live)
    is_spam = verdict.kind is LetterKind.SPAM
    arrival.message.kind = LetterKind.SPAM if is_spam else LetterKind.REPORT
    signs = {Sign.SPAM_MAIL: is_spam, Sign.PASSED_ON: verdict.is_passed_on}
    return reporting.report(session, arrival, [sign for sign, holds in signs.items() if holds])


def _bounced(session: Session, arrival: Arrival) -> str:
    bounce = bounces.bounce_of(arrival.parsed)
    if bounce is None or arrival.trust is Trust.FAILED:
        return NOTHING
    said = "; ".join(f"{one.address} {one.status} {one.diagnostic}".strip() for one in bounce.recipients)
    marked = returned.note(
        session,
        returned.Returned(
            message_id=bounce.original_message_id,
            recipients=[one.address for one in bounce.recipients],
            permanent=bounce.is_hard,
            complaint=any(one.action == "complaint" for one in bounce.recipients),
            reason=said or arrival.parsed.subject,
        ),
        arrival.at,
    )
    kind = "for good" if bounce.is_hard else "for now"
    return f"our message to {marked[0].recipient} did not arrive, {kind}" if marked else "it is of no mail of ours"
