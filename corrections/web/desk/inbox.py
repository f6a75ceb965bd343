"""The inbox: mail that came in, what it was taken for, what became of it, and each mail with what is attached to it."""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from corrections.db import db, transaction
from corrections.domain.actors import Role
from corrections.domain.errors import NotAllowed, NotFound
from corrections.domain.letters import LetterKind, LetterState
from corrections.mail import addresses
from corrections.models import InboxMessage, Way
from corrections.queries import inbox
from corrections.queries.inbox import COUNT_UP_TO, Counts, Tray
from corrections.services import inbox as letters
from corrections.services import triage
from corrections.web.auth import current_act, current_editor
from corrections.web.desk import asking, bp
from corrections.web.desk_forms import EmptyForm

if TYPE_CHECKING:
    from corrections.mail.parse import Parsed

TRAYS: Final[Mapping[Tray, LazyString]] = {
    Tray.ALL: _("All"),
    Tray.REPORTS: _("Reports"),
    Tray.REPLIES: _("Replies and commands"),
    Tray.AUTOMATIC: _("Bounces and automatic"),
    Tray.LISTS: _("Lists"),
    Tray.SPAM: _("Looks like spam"),
    Tray.FAILED: _("Failed"),
}
EMPTY: Final[Mapping[Tray, LazyString]] = {
    Tray.ALL: _(
        "No mail has come in yet. Readers’ mail appears here once the mailbox is connected: by LMTP, by IMAP, "
        "through a pipe or from a file. “corrections mail --help” tells how."
    ),
    Tray.REPORTS: _("No mail has been taken for a report yet."),
    Tray.REPLIES: _("Nobody has answered our mail yet."),
    Tray.AUTOMATIC: _("No mail has come back, and no automatic reply has come in."),
    Tray.LISTS: _("No newsletter and no list mail has come in."),
    Tray.SPAM: _("Nothing that looks like spam has come in."),
    Tray.FAILED: _("Every mail could be read. One that cannot be read is kept, and appears here."),
}
KINDS: Final[Mapping[LetterKind, LazyString]] = {
    LetterKind.REPORT: _("Report"),
    LetterKind.REPLY: _("Reply"),
    LetterKind.COMMAND: _("Editor’s command"),
    LetterKind.AUTOREPLY: _("Automatic reply"),
    LetterKind.BOUNCE: _("Mail that came back"),
    LetterKind.LIST: _("List or newsletter"),
    LetterKind.SPAM: _("Looks like spam"),
    LetterKind.OURS: _("Our own mail"),
    LetterKind.EMPTY: _("Empty"),
}
STATES: Final[Mapping[LetterState, LazyString]] = {
    LetterState.WAITING: _("Waits to be read"),
    LetterState.READ: _("Read"),
    LetterState.FAILED: _("Could not be read"),
}
WAYS: Final[Mapping[Way, LazyString]] = {
    Way.PIPE: _("through a pipe"),
    Way.LMTP: _("by LMTP or SMTP"),
    Way.IMAP: _("from an IMAP mailbox"),
    Way.IMPORT: _("from a file"),
}
# What a stranger sent is looked at or saved; it can do nothing, whatever it is.
ONLY_LOOKED_AT: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


CLOSED: Final = "Only the editor whose it is and admins may read this mail."
# What the outcome of a reply or a command names.
_REPORT: Final = re.compile(r"\breport ([0-9a-f]{24})\b")
_ERRATUM: Final = re.compile(r"(?<!no )\berratum (\d{1,9})\b")


def naming(session: Session, outcomes: Iterable[str]) -> Callable[[str], list[int]]:
    """A function that gives the numbers of the errata that one of these outcomes names."""
    references = {reference for outcome in outcomes for reference in _REPORT.findall(outcome)}
    known = inbox.errata_of(session, references)

    def named(outcome: str) -> list[int]:
        reports = [known[reference] for reference in _REPORT.findall(outcome) if reference in known]
        return sorted({*reports, *map(int, _ERRATUM.findall(outcome))})

    return named


@bp.context_processor
def failed_mail() -> dict[str, int]:
    """How many mails could not be read, for the frame of the desk; asked once a page, not where the database failed."""
    if "publication" in g:
        return {"failed_mail": 0}
    if "failed_mail" not in g:
        g.failed_mail = inbox.failed(db.session())
    return {"failed_mail": g.failed_mail}


@bp.get("/inbox", endpoint="inbox")
def trays() -> ResponseReturnValue:
    """The mail of one tray."""
    session, after = db.session(), asking.number("after")
    named = request.args.get("tray", "")
    tray = Tray(named) if named in set(Tray) else Tray.ALL
    counts, found = inbox.counts(session), inbox.messages(session, tray, after)
    return render_template(
        "desk/inbox.html",
        tray=tray,
        tabs=[_tab(kind, tray, counts) for kind in TRAYS],
        total=min(counts.trays[tray], COUNT_UP_TO),
        more=counts.trays[tray] > COUNT_UP_TO,
        waiting=counts.waiting,
        found=found,
        named=naming(session, [line.outcome for line in found.lines if line.id not in found.reports]),
        after=after,
        nothing=EMPTY[tray],
        kinds=KINDS,
        states=STATES,
    )


def _tab(kind: Tray, tray: Tray, counts: Counts) -> dict[str, Any]:
    count = counts.trays[kind]
    return {
        "label": TRAYS[kind],
        "count": min(count, COUNT_UP_TO),
        "more": count > COUNT_UP_TO,
        "url": url_for(".inbox", tray=kind.value) if kind is not Tray.ALL else url_for(".inbox"),
        "current": kind is tray,
    }


@bp.get("/inbox/<int:key>")
def mail(key: int) -> ResponseReturnValue:
    """One mail: from whom, what it says, what it was taken for and why, what became of it."""
    session = db.session()
    found = inbox.message(session, key)
    raw = inbox.raw(session, key) if found.erased_at is None else b""
    read = _taken_apart(raw) if raw else None
    closed = read is not None and not _may_read(found, read)
    return render_template(
        "desk/mail.html",
        mail=found,
        read=None if closed else read,
        closed=closed,
        pictures=[part for part in found.attachments if part.is_evidence and part.media_type in inbox.PICTURES],
        reports=inbox.reports_from(session, [key]).get(key, []),
        named=naming(session, [found.outcome]),
        offered=letters.can_become_report(found),
        kinds=KINDS,
        states=STATES,
        ways=WAYS,
        form=EmptyForm(formdata=None),
    )


# What is in it --------------------------------------------------------------------------------------------------------


@bp.get("/inbox/<int:key>/mail.eml")
def mail_file(key: int) -> ResponseReturnValue:
    """The mail as it came, to be saved."""
    return _saved(_open_raw(key), f"mail-{key}.eml")


@bp.get("/inbox/<int:key>/parts/<int:number>")
def mail_part(key: int, number: int) -> ResponseReturnValue:
    """Something attached, to be saved."""
    part = inbox.part(db.session(), key, number)
    return _saved(_content(key, number), part.name or f"mail-{key}-part-{number}")


@bp.get("/inbox/<int:key>/pictures/<int:number>")
def mail_picture(key: int, number: int) -> ResponseReturnValue:
    """A picture that a reader attached as evidence, to be looked at."""
    part = inbox.part(db.session(), key, number)
    if not part.is_evidence or part.media_type not in inbox.PICTURES:
        raise NotFound("This is not a picture that can be shown.")
    answer = Response(_content(key, number), mimetype=part.media_type, headers=ONLY_LOOKED_AT)
    answer.headers["Content-Disposition"] = "inline"
    return answer


def _taken_apart(raw: bytes) -> "Parsed":
    from corrections.mail import parse  # its tables take as long to load as all other pages of the desk

    return parse.parse(raw)


def _may_read(found: InboxMessage, read: "Parsed") -> bool:
    """Whether whoever is logged in may: not where another editor's address or link would let them act as that one."""
    from corrections.mail import secrets  # brings the same

    reader, owners = current_editor(), secrets.editors_in(read, found.envelope_to)
    own = reader.id in owners or addresses.same(reader.email, found.from_address)
    return reader.role.reaches(Role.ADMIN) or own or not (owners or found.kind is LetterKind.COMMAND)


def _open_raw(key: int) -> bytes:
    """The bytes of a mail. Raises NotFound and NotAllowed."""
    found, raw = inbox.message(db.session(), key), inbox.raw(db.session(), key)
    if not _may_read(found, _taken_apart(raw)):
        raise NotAllowed(CLOSED)
    return raw


def _content(key: int, number: int) -> bytes:
    from corrections.mail import parse  # as above

    try:
        return parse.attachment(_open_raw(key), number)
    except IndexError as error:
        raise NotFound("This mail has no such part.") from error


def _saved(content: bytes, name: str) -> Response:
    safe = "".join(letter if letter.isprintable() and letter not in '/\\"' else "_" for letter in name)
    answer = send_file(io.BytesIO(content), "application/octet-stream", as_attachment=True, download_name=safe)
    answer.headers.update(ONLY_LOOKED_AT)
    return answer


# What can be done -----------------------------------------------------------------------------------------------------


@bp.post("/inbox/<int:key>/again")
def read_again(key: int) -> ResponseReturnValue:
    """Have a mail that could not be read tried once more."""
    with transaction() as session:
        letters.revive(inbox.message(session, key))
    flash(gettext("It is read again within a minute."), "done")
    return redirect(url_for(".mail", key=key), HTTPStatus.SEE_OTHER)


@bp.post("/inbox/<int:key>/report")
def mail_to_report(key: int) -> ResponseReturnValue:
    """It was not taken for a report, and is one."""
    from corrections.mail import incoming  # only here, for it needs all that reads mail

    act = current_act()
    with transaction(reading_first=True) as session:
        found = letters.hold_for_report(session, key)
        before = KINDS[found.kind] if found.kind else ""
        incoming.read(session, found, as_kind=LetterKind.REPORT)
        session.flush()
        words = gettext("An editor made a report of a mail that had been taken for: %(kind)s.", kind=before)
        for erratum in dict.fromkeys(report.erratum for report in found.reports if report.erratum is not None):
            triage.note(session, erratum, words, act)
    flash(_made(db.session(), found), "done")
    return redirect(url_for(".mail", key=key), HTTPStatus.SEE_OTHER)


def _made(session: Session, found: InboxMessage) -> str:
    if not any(line.number for line in inbox.reports_from(session, [found.id]).get(found.id, [])):
        return str(gettext("It is a report now, and waits for screening."))
    return str(gettext("It is a report now, and in the queue."))
