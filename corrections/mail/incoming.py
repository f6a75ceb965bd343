"""A stored mail, read: what it is, what is done with it, and what became of it. Only a person's mail is answered."""

from dataclasses import replace
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.letters import LetterKind, LetterState
from corrections.domain.screening import Sign
from corrections.mail import addresses, answers, bounces, kinds, letterhead, orders, parse, reporting
from corrections.mail.arrival import Arrival
from corrections.mail.kinds import Verdict
from corrections.mail.parse import Part
from corrections.mail.trust import Trust
from corrections.models import Attachment, InboxMessage, OutboxMessage
from corrections.services import bounces as returned
from corrections.services import inbox

# What was done once is not done again when a mail is read again.
ACTED_ON: Final = frozenset({LetterKind.REPLY, LetterKind.COMMAND})
PERSONS: Final = frozenset({LetterKind.REPORT, LetterKind.REPLY, LetterKind.COMMAND, LetterKind.SPAM})
OUTCOME: Final = 1_000
NOTHING: Final = "nothing was done"
ANSWERS_US: Final = "an answer to a mail of ours"
BY_HAND: Final = "an editor said so"


def read(session: Session, message: InboxMessage, as_kind: LetterKind | None = None) -> None:
    """Do what the mail calls for and fill its row; reading it again does nothing twice. Never commits.

    It is understood before anything is written: in a transaction that reads first, the database is locked only then.
    ``as_kind`` LetterKind.REPORT: an editor says that it is one. It may be a machine's, so nobody is written to.
    Raises ReadMeanwhile when somebody else was quicker.
    """
    if message.raw is None or (message.read_at is not None and message.kind in ACTED_ON):
        message.state = LetterState.READ
        return
    arrival = Arrival.of(session, message, parse.parse(message.raw))
    by_hand = as_kind is LetterKind.REPORT
    if by_hand:
        arrival = replace(arrival, is_silent=True)
    verdict = Verdict(LetterKind.REPORT, BY_HAND) if by_hand else _verdict(session, arrival)
    told = reporting.understood(session, arrival) if by_hand else _told(session, arrival, verdict)
    inbox.begin_writing(session, message)
    with session.no_autoflush:  # the row is written once, with all that is found out
        _describe(session, arrival)
        message.kind, message.reason = verdict.kind, verdict.reason[: limits.MAIL_REASON]
    if by_hand and told is not None:
        outcome = reporting.report(session, arrival, told)
    else:
        outcome = _act(session, arrival, verdict, told)
    message.outcome = outcome[:OUTCOME]
    message.read_at, message.state = arrival.at, LetterState.READ


def _told(session: Session, arrival: Arrival, verdict: Verdict) -> reporting.Told | None:
    """What a person's mail says; None where it seems to be about a mail of ours and may be no report."""
    if verdict.kind not in PERSONS or arrival.signed_for() is not None or arrival.answered(session) is not None:
        return None
    return reporting.understood(session, arrival, _signs(verdict))


def _signs(verdict: Verdict) -> list[Sign]:
    signs = {Sign.SPAM_MAIL: verdict.kind is LetterKind.SPAM, Sign.PASSED_ON: verdict.is_passed_on}
    return [sign for sign, holds in signs.items() if holds]


def _describe(session: Session, arrival: Arrival) -> None:
    message, parsed = arrival.message, arrival.parsed
    is_first = message.read_at is None or not message.attachments
    message.message_id, message.subject = parsed.message_id, parsed.subject
    message.from_name, message.from_address = parsed.from_name, parsed.from_address
    if is_first:
        session.add_all(_attachment(message.id, part) for part in parsed.attachments)


def _attachment(message_id: int, part: Part) -> Attachment:
    is_picture = part.media_type.startswith("image/") and part.media_type != "image/svg+xml"  # that may hold a program
    return Attachment(
        message_id=message_id,
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
    sent = parsed.message_id and session.scalar(_SENT, {"message_id": parsed.message_id})
    return "its Message-ID" if sent else None


_SENT: Final = select(OutboxMessage.id).where(OutboxMessage.message_id == bindparam("message_id"))


def _act(session: Session, arrival: Arrival, verdict: Verdict, told: reporting.Told | None) -> str:
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
    arrival.message.kind = LetterKind.SPAM if verdict.kind is LetterKind.SPAM else LetterKind.REPORT
    signs = _signs(verdict)
    return reporting.report(session, arrival, told or reporting.understood(session, arrival, signs), signs)


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
