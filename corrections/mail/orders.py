"""An editor's answer to one of our mails: is it an order, may it be believed, and what is answered to it."""

from collections.abc import Sequence
from typing import Any, Final

from flask import current_app
from sqlalchemy.orm import Session

from corrections.domain.actors import Act, Channel
from corrections.domain.errors import CorrectionsError, NotFound, Rejected
from corrections.mail import addresses, commands
from corrections.mail.addresses import ReplyTo
from corrections.mail.arrival import Arrival
from corrections.mail.commands import Order, Seen, Task
from corrections.mail.trust import Trust
from corrections.models import Editor, Erratum, OutboxMessage
from corrections.queries import errata
from corrections.services import outbox, receipts, trail

FIRST_LINE: Final = 200  # characters that a refusal repeats
REFUSALS: Final = 5  # within limits.RECEIPT_WINDOW
UNKNOWN: Final = "This is not one of the words that are understood here."
OTHER_ADDRESS: Final = "It did not come from your address, so it is not known whether it was you."
UNPROVED: Final = "Your mail server did not vouch for it (DKIM or SPF), so it is not known whether it was you."
UNSIGNED: Final = (
    "It was not sent to the address that your mail asks answers to, so it is not known whether it was you."
)
PAST: Final = "an order in imported mail is not carried out"


def about(session: Session, arrival: Arrival) -> ReplyTo | None:
    """The erratum and the editor that the mail is about, if it answers a mail to an editor."""
    signed = arrival.signed_for()
    if signed is not None:
        return signed if signed.editor else None
    answered = arrival.answered(session)
    facts = answered.facts if answered is not None else {}
    editor, number = facts.get("editor") or 0, facts.get("number") or 0
    return ReplyTo(editor=editor, erratum=number) if editor and number else None


def obey(session: Session, arrival: Arrival, told: ReplyTo) -> str | None:
    """Carry out the order, or refuse it; what became of it, in a line. None: it is a stranger's mail, and no order.

    Nothing is ever written to the sender of a mail that is not believed, only to the editor's own address.
    """
    command = commands.parse(arrival.parsed.said)
    editor = session.get(Editor, told.editor)
    if not arrival.is_live:
        return PAST
    if editor is None or not editor.active or not addresses.same(editor.email, arrival.parsed.from_address):
        return _disbelieved(session, arrival, told, editor, OTHER_ADDRESS) if command is not None else None
    if (doubt := _doubt(arrival)) is not None:
        return _disbelieved(session, arrival, told, editor, doubt)
    try:
        erratum = errata.erratum(session, told.erratum)
    except NotFound:
        return f"there is no erratum {told.erratum}"
    if command is None:
        return _not_understood(session, arrival, erratum, editor)
    return _carried_out(session, arrival, Task(
        command=command,
        erratum=erratum,
        editor=editor,
        act=Act(channel=Channel.MAIL, label=editor.name, editor_id=editor.id, role=editor.role, at=arrival.at),
        seen=_seen(arrival.answered(session)),
    ))  # fmt: skip


def _doubt(arrival: Arrival) -> str | None:
    """Why a mail from an editor's address is not believed to be from the editor.

    It takes the signed address or what our mail server found out; where that is known, it is needed.
    """
    if current_app.config["MAIL_TRUSTED_AUTHSERV"]:
        return None if arrival.trust is Trust.PASSED else UNPROVED
    return None if arrival.signed_for() is not None else UNSIGNED


def _seen(answered: OutboxMessage | None) -> Seen | None:
    facts = answered.facts if answered is not None else {}
    return Seen(original=facts["was"], corrected=facts["now"]) if {"was", "now", "seen"} <= facts.keys() else None


def _carried_out(session: Session, arrival: Arrival, task: Task) -> str:
    order = task.command.order
    if order is Order.HELP:
        _refuse(session, arrival, task.erratum, task.editor, {"help": True, "orders": True})
        return "told what an editor may order"
    try:
        commands.run(session, task)
    except CorrectionsError as refusal:
        _refuse(session, arrival, task.erratum, task.editor, _told(refusal))
        return f"refused: {order.value} erratum {task.erratum.number}: {refusal}"
    session.flush()
    facts = _facts(arrival, task.erratum, task.editor)
    facts |= trail.erratum_facts(task.erratum) | {"order": order.value, "into": task.command.number}
    facts["words"] = task.command.words if order is not Order.FIX else ""
    session.add(outbox.owe(session, None, task.editor.email, "command_done", facts, at=arrival.at))
    return f"done: {order.value} erratum {task.erratum.number}"


def _told(refusal: CorrectionsError) -> dict[str, Any]:
    fields: Sequence[str] = list(refusal.fields.values()) if isinstance(refusal, Rejected) else []
    values = {name: str(value) for name, value in refusal.values.items()}
    return {"refusal": refusal.message, "values": values, "details": list(dict.fromkeys(fields))}


def _not_understood(session: Session, arrival: Arrival, erratum: Erratum, editor: Editor) -> str:
    """Say once what would be understood: what answers that with more of the same is no person."""
    answered = arrival.answered(session)
    if answered is None or answered.template != "command_refused":
        _refuse(session, arrival, erratum, editor, {"refusal": UNKNOWN, "orders": True})
    return f"not understood, nothing was done with erratum {erratum.number}"


def _disbelieved(session: Session, arrival: Arrival, told: ReplyTo, editor: Editor | None, why: str) -> str:
    """Tell the editor whose name was used, at most once an hour."""
    if editor is not None and editor.active:
        try:
            erratum = errata.erratum(session, told.erratum)
        except NotFound:
            return "not believed"
        _refuse(session, arrival, erratum, editor, {"refusal": why}, times=1)
    return f"not believed, nothing was done with erratum {told.erratum}"


def _refuse(
    session: Session, arrival: Arrival, erratum: Erratum, editor: Editor, why: dict[str, Any], times: int = REFUSALS
) -> None:
    if receipts.was_sent(session, editor.email, ("command_refused",), arrival.at, times):
        return
    line = next((line.strip() for line in arrival.parsed.said.splitlines() if line.strip()), "")
    facts = _facts(arrival, erratum, editor) | {"words": line[:FIRST_LINE]} | why
    session.add(outbox.owe(session, None, editor.email, "command_refused", facts, at=arrival.at))


def _facts(arrival: Arrival, erratum: Erratum, editor: Editor) -> dict[str, Any]:
    title = erratum.article.title if erratum.article is not None else ""
    return {"number": erratum.number, "title": title, "editor": editor.id, "answers": arrival.identifier}
