"""Mail that came in, as the desk shows it: column tuples without the mails' bytes, and counts that end at a limit."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal, select, true, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from corrections.domain import limits
from corrections.domain.errors import NotFound
from corrections.domain.letters import LetterKind, LetterState
from corrections.models import Attachment, BouncedAddress, Erratum, InboxMessage, Report, Way, inbox_report

Line: TypeAlias = Row[*tuple[Any, ...]]

COUNT_UP_TO: Final = 1_000  # beyond, "more than" is enough to know
LARGEST: Final = 2**31 - 1  # what both databases hold as an integer
PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")  # what every browser draws and nothing runs in


class Tray(StrEnum):
    """What of the mail is asked for."""

    ALL = "all"
    REPORTS = "reports"
    REPLIES = "replies"
    AUTOMATIC = "automatic"
    LISTS = "lists"
    SPAM = "spam"
    FAILED = "failed"


KINDS: Final[Mapping[Tray, tuple[LetterKind, ...]]] = {
    Tray.REPORTS: (LetterKind.REPORT,),
    Tray.REPLIES: (LetterKind.REPLY, LetterKind.COMMAND),
    Tray.AUTOMATIC: (LetterKind.BOUNCE, LetterKind.AUTOREPLY, LetterKind.OURS, LetterKind.EMPTY),
    Tray.LISTS: (LetterKind.LIST,),
    Tray.SPAM: (LetterKind.SPAM,),
}
# What was not read has no kind, which an index tells; so those that failed are counted without a look at all mail.
_NOT_READ: Final = InboxMessage.kind.is_(None)
_FAILED: Final = and_(_NOT_READ, InboxMessage.state == LetterState.FAILED)
_WAITING: Final = and_(_NOT_READ, InboxMessage.state == LetterState.WAITING)

ROW: Final[tuple[Any, ...]] = (
    InboxMessage.id,
    InboxMessage.way,
    InboxMessage.state,
    InboxMessage.kind,
    InboxMessage.reason,
    InboxMessage.subject,
    InboxMessage.from_name,
    InboxMessage.from_address,
    InboxMessage.envelope_from,
    InboxMessage.received_at,
    InboxMessage.outcome,
    InboxMessage.erased_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some mails, newest first, with what became of the reports that each led to; ``after`` is where the next begin."""

    lines: Sequence[Line]
    reports: Mapping[int, Sequence[Line]]
    after: int | None


def messages(session: Session, tray: Tray, after: int | None, size: int = limits.PAGE) -> Page:
    """A page of a tray; ``after`` is the id of the last mail seen."""
    past = InboxMessage.id < after if after is not None else true()
    each = [_newest(and_(condition, past), size) for condition in _conditions(tray)]
    found = each[0].subquery() if len(each) == 1 else union_all(*each).subquery()
    wanted = select(*ROW).join(found, found.c.id == InboxMessage.id)
    lines = session.execute(wanted.order_by(InboxMessage.id.desc()).limit(size + 1)).all()
    more = len(lines) > size
    return Page(
        lines=lines[:size],
        reports=reports_from(session, [line.id for line in lines[:size]]),
        after=lines[size - 1].id if more else None,
    )


def _conditions(tray: Tray) -> list[ColumnElement[bool]]:
    if tray is Tray.ALL:
        return [true()]
    if tray is Tray.FAILED:
        return [_FAILED]
    return [InboxMessage.kind == kind for kind in KINDS[tray]]


def _newest(condition: ColumnElement[bool], size: int) -> Select[Any]:
    """The first ids in the order of an index."""
    some = select(InboxMessage.id).where(condition).order_by(InboxMessage.id.desc()).limit(size + 1)
    return select(some.subquery())


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many mails each tray has, up to COUNT_UP_TO + 1, and how many wait to be read."""

    trays: Mapping[Tray, int]
    waiting: int


def counts(session: Session) -> Counts:
    """All of them in one query, which looks at no more than so many entries of an index for each kind."""
    kinds = {kind.value: InboxMessage.kind == kind for kind in LetterKind}
    parts = {**kinds, LetterState.FAILED.value: _FAILED, LetterState.WAITING.value: _WAITING}
    counted = union_all(*(_up_to(name, condition) for name, condition in parts.items()))
    found: dict[str, int] = {line.name: line.n for line in session.execute(counted)}
    trays = {tray: sum(found[kind.value] for kind in kinds) for tray, kinds in KINDS.items()}
    every = sum(found.values())
    trays |= {Tray.ALL: every, Tray.FAILED: found[LetterState.FAILED.value]}
    return Counts(trays=trays, waiting=found[LetterState.WAITING.value])


def _up_to(name: str, condition: ColumnElement[bool]) -> Select[str, int]:
    some = select(InboxMessage.id).where(condition).limit(COUNT_UP_TO + 1).subquery()
    return select(literal(name).label("name"), func.count().label("n")).select_from(some)


def is_used(session: Session) -> bool:
    """Whether mail comes in by itself, not only from files."""
    return session.scalar(_LIVE) is not None


# Written into the statement, or the index of such mail is not used: it has the same words in its condition.
_LIVE: Final = (
    select(InboxMessage.id).where(InboxMessage.way != bindparam("way", Way.IMPORT, literal_execute=True)).limit(1)
)


_HOW_MANY_FAILED: Final = select(func.count()).select_from(
    select(InboxMessage.id).where(_FAILED).limit(COUNT_UP_TO + 1).subquery()
)


def failed(session: Session) -> int:
    """How many mails could not be read, up to COUNT_UP_TO + 1."""
    return session.scalar(_HOW_MANY_FAILED) or 0


def reports_from(session: Session, messages: Collection[int]) -> Mapping[int, Sequence[Line]]:
    """By mail: ``number`` of the erratum and ``screening`` of its reports; those on one erratum are one."""
    if not messages:
        return {}
    link = inbox_report.c
    wanted = (
        select(link.inbox_message_id.label("mail"), Erratum.number, Report.screening)
        .join(Report, Report.id == link.report_id)
        .outerjoin(Erratum, Erratum.id == Report.erratum_id)
        .where(link.inbox_message_id.in_(messages))
        .distinct()
        .order_by(link.inbox_message_id, Erratum.number)
    )
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for line in session.execute(wanted):
        found[line.mail].append(line)
    return found


def errata_of(session: Session, references: Collection[str]) -> Mapping[str, int]:
    """By the reference of a report, the number of the erratum that it is on."""
    if not references:
        return {}
    wanted = select(Report.reference, Erratum.number).join(Erratum, Erratum.id == Report.erratum_id)
    return {line.reference: line.number for line in session.execute(wanted.where(Report.reference.in_(references)))}


def message(session: Session, key: int) -> InboxMessage:
    """One mail without its bytes, with attachments, reports and their errata. Raises NotFound."""
    loaded = (
        selectinload(InboxMessage.attachments),
        selectinload(InboxMessage.reports).options(joinedload(Report.erratum)),
    )
    wanted = select(InboxMessage).where(InboxMessage.id == key).options(*loaded)
    found = session.scalar(wanted) if key <= LARGEST else None
    if found is None:
        raise NotFound("There is no such mail.")
    return found


def raw(session: Session, key: int) -> bytes:
    """The bytes of a mail as it came. Raises NotFound, also where they were erased."""
    found = session.scalar(select(InboxMessage.raw).where(InboxMessage.id == key)) if key <= LARGEST else None
    if found is None:
        raise NotFound("There is no such mail, or it was erased.")
    return found


def part(session: Session, key: int, number: int) -> Line:
    """Name, media type and ``is_evidence`` of a part of a mail. Raises NotFound."""
    columns = (Attachment.name, Attachment.media_type, Attachment.is_evidence)
    wanted = select(*columns).where(Attachment.message_id == key, Attachment.part == number)
    found = session.execute(wanted).first() if max(key, number) <= LARGEST else None
    if found is None:
        raise NotFound("This mail has no such part.")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The mail that a report came by: its id, and number and name of each picture in it."""

    id: int
    pictures: Sequence[tuple[int, str]]


def letters_of(session: Session, reports: Collection[int]) -> Mapping[int, Letter]:
    """By the id of a report, the mail that it came by."""
    if not reports:
        return {}
    link = inbox_report.c
    shown = and_(
        Attachment.message_id == link.inbox_message_id,
        Attachment.is_evidence,
        Attachment.media_type.in_(PICTURES),
    )
    wanted = (
        select(link.report_id, link.inbox_message_id, Attachment.part, Attachment.name)
        .outerjoin(Attachment, shown)
        .where(link.report_id.in_(reports))
        .order_by(link.report_id, Attachment.part)
    )
    mails: dict[int, int] = {}
    pictures: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for line in session.execute(wanted):
        mails[line.report_id] = line.inbox_message_id
        if line.part is not None:
            pictures[line.report_id].append((line.part, line.name))
    return {report: Letter(id=mail, pictures=pictures[report]) for report, mail in mails.items()}


# Addresses that mail came back from ---------------------------------------------------------------------------------

_STOPPED: Final = BouncedAddress.stopped_at.is_not(None)


def stopped(session: Session, size: int = limits.PAGE) -> Sequence[Line]:
    """Addresses that nothing is sent to any more, with the reason, last stopped first."""
    columns = (
        BouncedAddress.id, BouncedAddress.address, BouncedAddress.bounces, BouncedAddress.reason,
        BouncedAddress.stopped_at,
    )  # fmt: skip
    wanted = select(*columns).where(_STOPPED).order_by(BouncedAddress.stopped_at.desc(), BouncedAddress.id.desc())
    return session.execute(wanted.limit(size)).all()


def stopped_at(session: Session, address: str) -> Line | None:
    """Since when, and why, nothing is sent to this address; None when mail goes there."""
    columns = (BouncedAddress.id, BouncedAddress.stopped_at, BouncedAddress.reason)
    wanted = select(*columns).where(_STOPPED, BouncedAddress.address == address.lower())
    return session.execute(wanted).one_or_none()
