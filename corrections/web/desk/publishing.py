"""Publishing corrections, and the ones that were published: amend, withdraw."""

from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from corrections.db import db, transaction
from corrections.domain.actors import Act, Role
from corrections.domain.drafts import Draft
from corrections.domain.errors import CorrectionsError, NotFound, Rejected
from corrections.domain.states import Move, Status
from corrections.models import CorrectionState, Erratum
from corrections.queries import errata, log
from corrections.services import publishing, triage
from corrections.services.triage import Said
from corrections.web import wording
from corrections.web.auth import current_act, current_editor
from corrections.web.desk import bp, dossier, lines
from corrections.web.desk.errata import decide
from corrections.web.desk_forms import AmendForm, DeskForm, PublishForm, WithdrawForm
from corrections.web.filters import query_of, wanted

GAPS = "Fill the gaps that the suggested note leaves."


@bp.post("/errata/<int:number>/publish")
def publish(number: int) -> ResponseReturnValue:
    """Fix it, if that is not done yet, and publish the correction: one transaction. Or only show what it would say."""
    form = PublishForm()
    if form.validate() and (_other_suggestion(form) or request.form.get("do") == "preview"):
        return dossier.of(number, form, preview=form.draft())

    def verb(session: Session, found: Erratum, act: Act) -> None:
        draft = form.draft()
        if draft.note == form.suggested.data and wording.is_unfinished(draft.note):
            raise Rejected(GAPS, {"note": GAPS})
        if found.status is not Status.FIXED:
            said = Said(corrected_text=draft.corrected_text, reason=draft.note)
            triage.move(session, found, Move.FIX, act, said, quiet=True)
        publishing.publish(session, [found], draft, act)

    return decide(number, form, verb, gettext("Published. Those who reported it and left an address are told."))


def _other_suggestion(form: PublishForm) -> bool:
    """Whether the kind or the words changed under an untouched suggestion: then a new one is to be looked at first."""
    if form.note.data != form.suggested.data:
        return False
    suggested = wording.note(form.kind.data, form.original_text.data, form.corrected_text.data)
    if suggested == form.suggested.data:
        return False
    form.note.data = form.suggested.data = suggested
    form.note.description = gettext("Suggested for this kind and these words. Read it, then publish.")
    return True


# What was published ---------------------------------------------------------------------------------------------------


@bp.get("/corrections")
def corrections() -> ResponseReturnValue:
    """The entries in force, newest first."""
    asked = wanted()
    found = log.page(db.session(), asked)
    return render_template(
        "desk/corrections.html",
        asked=asked,
        found=found,
        kinds=wording.KINDS,
        change=lines.Lines().change,
        query=query_of(asked),
        next_query=query_of(asked, before=found.next_before) if found.next_before else None,
        withdrawn=CorrectionState.WITHDRAWN,
    )


@bp.get("/corrections/<int:number>")
def correction(number: int) -> ResponseReturnValue:
    """One entry with what it superseded and what supersedes it."""
    return _correction_page(number)


def _correction_page(
    number: int, sent: DeskForm | None = None, problem: CorrectionsError | None = None, preview: Draft | None = None
) -> str:
    session = db.session()
    history = log.history(session, number)
    line = next(entry for entry in history if entry.number == number)
    amend = AmendForm(formdata=None, data={name: getattr(line, name) for name in ("kind", *dossier.TEXTS, "note")})
    may = line.current and line.state is CorrectionState.PUBLISHED and current_editor().role.reaches(Role.EDITOR)
    return render_template(
        "desk/correction.html",
        line=line,
        newest=history[-1],
        history=history,
        errata=errata.errata_of(session, number),
        pieces=lines.pieces_of(line.original_text, line.corrected_text),
        amend=(sent if isinstance(sent, AmendForm) else amend) if may else None,
        withdraw=(sent if isinstance(sent, WithdrawForm) else WithdrawForm(formdata=None)) if may else None,
        typed=sent if not may else None,
        problem=gettext(problem.message, **problem.values) if problem is not None else "",
        preview=dossier.previewed(preview, (line.prefix, line.suffix)) if preview is not None else None,
        wording=wording,
        withdrawn=CorrectionState.WITHDRAWN,
    )


@bp.post("/corrections/<int:number>/amend")
def amend(number: int) -> ResponseReturnValue:
    """Publish better wording."""
    form = AmendForm()
    if form.validate() and request.form.get("do") == "preview":
        return _correction_page(number, form, preview=form.draft())

    def verb(session: Session, act: Act) -> Any:
        return publishing.amend(session, errata.correction(session, number), form.draft(), act).number

    return _supersede(
        number, form, verb, gettext("Amended. The earlier wording stays under its number and points here.")
    )


@bp.post("/corrections/<int:number>/withdraw")
def withdraw(number: int) -> ResponseReturnValue:
    """Take it back, in public."""
    form = WithdrawForm()

    def verb(session: Session, act: Act) -> Any:
        return publishing.withdraw(session, errata.correction(session, number), form.reason.data, act).number

    return _supersede(number, form, verb, gettext("Withdrawn, and the log says why."))


def _supersede(number: int, form: DeskForm, verb: Any, done: str) -> ResponseReturnValue:
    if not form.validate():
        return _correction_page(number, form), HTTPStatus.UNPROCESSABLE_ENTITY
    act = current_act()
    try:
        with transaction() as session:
            newer = verb(session, act)
    except NotFound:
        raise
    except Rejected as refusal:
        form.refuse(refusal)
        return _correction_page(number, form), refusal.status
    except CorrectionsError as refusal:
        return _correction_page(number, form, refusal), refusal.status
    flash(done, "done")
    return redirect(url_for(".correction", number=newer), HTTPStatus.SEE_OTHER)
