"""Reports: stored once as received, placed on an erratum, and what their reporter may still do."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ScalarSelect, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from corrections.db import begin_writing
from corrections.domain import limits, prose, screening
from corrections.domain.actors import Act, Channel
from corrections.domain.anchors import Anchor
from corrections.domain.errors import Gone, IllegalMove, NotFound, Rejected, TooMany
from corrections.domain.matching import Certainty, title_key
from corrections.domain.sayings import Saying
from corrections.domain.screening import Sign
from corrections.domain.states import OPEN, Resolution, Screening, Status
from corrections.domain.text import clean, one_line
from corrections.domain.urls import looks_like_url, url_key
from corrections.models import EventKind, OutboxMessage, Report
from corrections.services import erasing, placing, trail
from corrections.services.placing import Spot

REFERENCE_BYTES: Final = 12
REMEDY_EMPTY: Final = "Copy the words with the error here, or tell us in the notes what is wrong."


class Contact(StrEnum):
    """What is done with the address that comes with a report.

    Ask: it is asked for a confirmation. Sender: the report came from it, which is confirmation enough. Silent: it is
    kept, and nothing is sent there.
    """

    ASK = "ask"
    SENDER = "sender"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """What a door made of what it got; ``submission_key`` is the same for one act of sending, however often it arrives.

    ``article`` is a title or an address as typed; ``url`` an address known for sure. ``sender`` is a salted hash.
    ``signs`` are what the door noticed of robots. ``saying`` is what a door that reads prose understood; else the
    fields tell. ``quiet``: nobody is told of it now, as with reports of long ago.
    """

    submission_key: str
    article: str = ""
    url: str = ""
    anchor: Anchor = field(default_factory=lambda: Anchor(exact=""))
    corrected_text: str = ""
    notes: str = ""
    name: str = ""
    email: str = ""
    sender: str = ""
    source_id: str | None = None
    signs: Sequence[Sign] = ()
    saying: Saying | None = None
    contact: Contact = Contact.ASK
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """How many reports within limits.QUOTA_WINDOW."""

    per_sender: int = limits.REPORTS_PER_SENDER
    per_article: int = limits.REPORTS_PER_ARTICLE


def submit(
    session: Session, new: NewReport, act: Act, quotas: Quotas | None = None, spot: Spot | None = None
) -> Report:
    """Store a report and put it where it belongs; the same submission again gives the report that is there.

    Raises Rejected (with fields) for what cannot be taken and TooMany when a quota is used up. Without ``quotas``
    nothing is limited: imports and editors. ``spot`` is where it belongs, if that was looked for already. All that only
    reads is done before the write lock is taken, in a transaction that reads first.
    """
    report = _received(new, act)
    signs = [*new.signs, *screening.signs_in(report.notes, report.corrected_text)]
    if screening.doubtful(signs):
        report.screening = Screening.HELD
        report.screening_reason = " ".join(sorted({sign.value for sign in signs}))
    if (known := _known(session, report, act, quotas)) is not None:
        return known
    with session.no_autoflush:  # what is looked up meanwhile is not what is changed, and each flush takes its time
        if spot is None and report.screening is Screening.PASSED:
            spot = placing.look(session, new.saying or saying_of(new))
        if begin_writing(session) and (known := _known(session, report, act, quotas)) is not None:
            return known
        _store(session, report, new, act, spot)
    session.flush()
    return report


def _store(session: Session, report: Report, new: NewReport, act: Act, spot: Spot | None) -> None:
    session.add(report)
    if new.email.strip() and new.contact is not Contact.ASK:
        _note_sender(report, new, act)
    if spot is None or report.screening is Screening.HELD:
        trail.record(session, EventKind.SUBMITTED, act, report=report)
    else:
        placing.place(session, report, act, spot, quiet=new.quiet)
    if new.email.strip() and new.contact is Contact.ASK:
        with suppress(TooMany):  # what was said counts; the address can be given again another day
            add_contact(session, report, new.email, new.name, act)


def saying_of(new: NewReport) -> Saying:
    """What the fields of a new report say."""
    return prose.read_fields(new.article, new.url, new.anchor, new.corrected_text, new.notes)


def _note_sender(report: Report, new: NewReport, act: Act) -> None:
    report.reporter_email = email_address(new.email)
    if report.reporter_email and new.contact is Contact.SENDER:
        report.email_confirmed_at = act.at


def _received(new: NewReport, act: Act) -> Report:
    exact, corrected = clean(new.anchor.exact), clean(new.corrected_text)
    notes, article = clean(new.notes), one_line(new.url or new.article)
    problems = _too_long(article=article, original_text=exact, corrected_text=corrected, notes=notes)
    if not exact and not notes:
        problems["original_text"] = REMEDY_EMPTY
    # Words marked on a page may lack a letter of the wrong word, and be the right ones then.
    if exact and exact == corrected and not (new.anchor.prefix or new.anchor.suffix):
        problems["corrected_text"] = "This is the same as the original text. Write here how it should read."
    if problems:
        raise Rejected("Please look at the marked fields.", problems)
    return Report(
        reference=secrets.token_hex(REFERENCE_BYTES),
        source_id=new.source_id,
        submission_key=new.submission_key,
        channel=act.channel,
        screening=Screening.PASSED,
        certainty=Certainty.UNKNOWN,
        article_as_given=article,
        article_key=article_key(article),
        anchor=Anchor(
            exact=exact,
            prefix=clean(new.anchor.prefix)[-limits.CONTEXT :],
            suffix=clean(new.anchor.suffix)[: limits.CONTEXT],
        ),
        corrected_text=corrected,
        notes=notes,
        reporter_name=one_line(new.name)[: limits.NAME] or None,
        sender=new.sender,
        received_at=act.at,
    )


def _too_long(**texts: str) -> dict[str, str]:
    allowed = {
        "article": limits.ARTICLE_AS_GIVEN,
        "original_text": limits.QUOTE,
        "corrected_text": limits.QUOTE,
        "notes": limits.NOTES,
    }
    return {
        name: f"This is {len(text):,} characters long; at most {allowed[name]:,} fit. Send the part that matters."
        for name, text in texts.items()
        if len(text) > allowed[name]
    }


def article_key(article: str) -> str:
    """A short key that spellings of the same title or address share, '' for none: for quotas and for grouping."""
    if not article:
        return ""
    key = url_key(article) if looks_like_url(article) else title_key(article)
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _known(session: Session, report: Report, act: Act, quotas: Quotas | None) -> Report | None:
    """The report that this submission has made before; raises TooMany where it is new and one too many."""
    if quotas is None:
        return session.scalar(_BY_KEY, {"key": report.submission_key})
    asked = {"key": report.submission_key, "since": act.at - limits.QUOTA_WINDOW}
    asked |= {"sender": report.sender, "per_sender": quotas.per_sender if report.sender else 0}
    asked |= {"article": report.article_key, "per_article": quotas.per_article if report.article_key else 0}
    known, by_sender, on_article = session.execute(_BEFORE, asked).one()
    if known is not None:
        return session.get_one(Report, known)
    if report.sender and by_sender == quotas.per_sender:
        raise TooMany(
            "You have sent us many reports in the last hour, thank you. Please send the next one a little later.",
            _window(),
        )
    if report.article_key and on_article == quotas.per_article:
        raise TooMany(
            "Many readers have written to us about this article in the last hour. Please try again a little later.",
            _window(),
        )
    return None


def _lately(whose: InstrumentedAttribute[str], name: str) -> ScalarSelect[int]:
    """Reports of one sender or article since a time; no more rows are looked at than the quota allows."""
    rows = select(Report.id).where(whose == bindparam(name), Report.received_at > bindparam("since"))
    return select(func.count()).select_from(rows.limit(bindparam(f"per_{name}")).subquery()).scalar_subquery()


_BY_KEY: Final = select(Report).where(Report.submission_key == bindparam("key"))
_BEFORE: Final = select(
    select(Report.id).where(Report.submission_key == bindparam("key")).scalar_subquery(),
    _lately(Report.sender, "sender"),
    _lately(Report.article_key, "article"),
)


def _window() -> timedelta:
    return limits.QUOTA_WINDOW / 6


def add_contact(session: Session, report: Report, email: str, name: str, act: Act) -> None:
    """Note where the reporter wants to be told; nothing is sent there but a request to confirm it.

    Raises Rejected when it is no address, TooMany when this address was asked too often.
    """
    address = email_address(email)
    if address is None:
        sentence = "This does not look like an e-mail address. One looks like: name@example.org"
        raise Rejected(sentence, {"email": sentence})
    if report.reporter_email == address and report.email_confirmed_at is not None:
        return
    asked = select(OutboxMessage.id).where(
        OutboxMessage.recipient == address,
        OutboxMessage.template == "confirm_address",
        OutboxMessage.owed_at > act.at - limits.CONFIRMATION_WINDOW,
    )
    if len(session.scalars(asked.limit(limits.CONFIRMATIONS_PER_ADDRESS)).all()) == limits.CONFIRMATIONS_PER_ADDRESS:
        raise TooMany(
            "We have written to this address several times today and wait for an answer. Please try again tomorrow.",
            limits.CONFIRMATION_WINDOW,
        )
    report.reporter_email = address
    report.reporter_name = one_line(name)[: limits.NAME] or report.reporter_name
    report.email_confirmed_at = None
    trail.record(session, EventKind.CONTACT_ADDED, act, report=report)


def email_address(text: str) -> str | None:
    """The address in its common form, or None; only its shape is checked."""
    address = one_line(text)
    local, at, host = address.rpartition("@")
    plain = address.isascii() and address.isprintable() and not set(address) & set(' ,;:<>()[]\\"')
    dots = (
        "." in host.strip(".") and ".." not in address and not local.startswith(".") and not host.startswith((".", "-"))
    )
    if not (at and local and plain and dots and len(address) <= limits.EMAIL and "@" not in local):
        return None
    return f"{local}@{host.lower()}"


def must_be(email: str, present: str | None) -> None:
    """Raises Gone when a link is for another address than the report has by now."""
    if present != email:
        raise Gone("This link is for an address that is no longer on this report.")


def confirm_contact(session: Session, report: Report, email: str, act: Act) -> None:
    """The reporter confirmed the address: a receipt is owed, and the outcome if there is one already.

    Raises Gone when the report has another address by now, or none.
    """
    must_be(email, report.reporter_email)
    if report.email_confirmed_at is not None:
        return
    report.email_confirmed_at = act.at
    event = trail.record(session, EventKind.CONTACT_CONFIRMED, act, report=report, erratum=report.erratum)
    outcome = trail.outcome_again(session, event, report)
    if outcome is not None:
        session.add(outcome)


def withdraw(session: Session, report: Report, act: Act) -> None:
    """The reporter takes the report back; an open erratum that nobody else reported is closed with it."""
    if report.withdrawn_at is not None:
        return
    erratum = report.erratum
    if erratum is not None and erratum.status not in OPEN and erratum.status is not Status.MERGED:
        raise IllegalMove("An editor has decided on this already, so it cannot be withdrawn any more.")
    report.withdrawn_at = act.at
    if report.screening is Screening.HELD:
        report.screening = Screening.SPAM
        trail.record(session, EventKind.WITHDRAWN, act, report=report)
        return
    if erratum is not None and all(other.withdrawn_at is not None for other in erratum.reports):
        old, erratum.status, erratum.resolution = erratum.status, Status.REJECTED, Resolution.WITHDRAWN
        erratum.closed_at = act.at
        trail.record(session, EventKind.WITHDRAWN, act, report=report, erratum=erratum, old_status=old)
    else:
        trail.record(session, EventKind.WITHDRAWN, act, report=report, erratum=erratum)


def erase_reporter(session: Session, report: Report, act: Act) -> None:
    """Erase the reporter's name and address, here and in all mail owed, sent or received; what was said stays."""
    if report.reporter_email:
        others = select(func.count()).where(Report.reporter_email == report.reporter_email, Report.id != report.id)
        everywhere = session.scalar(others) == 0
        _erase_from_outbox(session, report, everywhere=everywhere)
        erasing.with_reporter(session, report, act.at, everywhere=everywhere)
    report.reporter_name = report.reporter_email = report.email_confirmed_at = None
    report.erased_at = act.at
    trail.record(session, EventKind.ERASED, act, report=report)


def _erase_from_outbox(session: Session, report: Report, *, everywhere: bool) -> None:
    messages = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == report.reporter_email))
    for message in messages:
        if not everywhere and message.facts.get("reference") != report.reference:
            continue
        if message.sent_at is None:
            session.delete(message)
        else:
            message.recipient = f"erased-{message.id}"  # one of its own: several may have had the same mail
            message.facts = {**message.facts, "name": "", "email": ""}


def screen(session: Session, report: Report, act: Act, *, passed: bool) -> None:
    """An editor decides on a report that was held back: through to the desk, or spam."""
    if report.screening is not Screening.HELD:
        raise IllegalMove("This report has been screened already.")
    if not passed:
        report.screening = Screening.SPAM
        trail.record(session, EventKind.SCREENED, act, report=report, note="spam")
        return
    report.screening = Screening.PASSED
    trail.record(session, EventKind.SCREENED, act, report=report, note="passed")
    event = placing.place(session, report, act, placing.look(session, placing.saying_of(report)))
    # It may have waited with a confirmed address while others' reports of the same were decided on.
    if (outcome := trail.outcome_again(session, event, report)) is not None:
        session.add(outcome)


def by_reference(session: Session, reference: str) -> Report:
    """The report under this reference; raises NotFound."""
    report = session.scalar(select(Report).where(Report.reference == reference))
    if report is None:
        raise NotFound("There is no report under this address. Check that it was copied whole.")
    return report


def reader(name: str = "", channel: Channel = Channel.WEB) -> Act:
    """The act of a reader, who stays nameless in the history."""
    return Act(channel=channel, label=name or "A reader")
