"""One erratum: its page, and a route for each thing an editor can do with it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from corrections.db import db, transaction
from corrections.domain.actors import Act
from corrections.domain.errors import CorrectionsError, NotFound, Rejected
from corrections.domain.states import Move, Resolution
from corrections.models import Article, Editor, Erratum
from corrections.queries import errata
from corrections.services import triage
from corrections.services.triage import Said
from corrections.web import wording
from corrections.web.auth import current_act, current_editor
from corrections.web.desk import bp, dossier
from corrections.web.desk_forms import (
    AssignForm,
    ConfirmForm,
    Decision,
    EditForm,
    MergeForm,
    NoteForm,
    PlaceAtForm,
    PlaceInForm,
    SplitForm,
)

Verb: TypeAlias = Callable[[Session, Erratum, Act], Any]


@bp.get("/errata/<int:number>")
def erratum(number: int) -> ResponseReturnValue:
    """Everything about one erratum, and everything that can be done with it."""
    return dossier.of(number)


def decide(number: int, form: Decision, verb: Verb, done: str | Markup) -> ResponseReturnValue:
    """Do it to the erratum as the editor saw it, and say so; or show the page again with what was typed and why not."""
    if not form.validate():
        return dossier.of(number, form), HTTPStatus.UNPROCESSABLE_ENTITY
    act = current_act()
    try:
        with transaction() as session:
            found = errata.erratum(session, number)
            triage.expect(found, form.revision.data)
            verb(session, found, act)
    except NotFound:
        raise
    except Rejected as refusal:
        form.refuse(refusal)
        return dossier.of(number, form), refusal.status
    except CorrectionsError as refusal:
        return dossier.of(number, form, refusal), refusal.status
    flash(done, "done")
    return redirect(_back() or url_for(".erratum", number=number), HTTPStatus.SEE_OTHER)


def _back() -> str:
    """The list that a button was pressed in, if it was one of ours."""
    wanted, queue = request.form.get("back", ""), url_for(".queue")
    ours = wanted.startswith(queue) and urlsplit(wanted).path == queue and "\\" not in wanted
    return wanted if ours and wanted.isprintable() else ""


# Moves --------------------------------------------------------------------------------------------------------------


@bp.post("/errata/<int:number>/<any(verify, ask, hold, reject, fix, reopen):move>")
def move(number: int, move: str) -> ResponseReturnValue:
    """Any move of the rules' table."""
    chosen = Move(move)
    form = dossier.FORM_OF[chosen]()
    said = _said(form)
    # Nobody is told that they are taken for a robot.
    quiet = said.resolution is Resolution.SPAM

    def verb(session: Session, found: Erratum, act: Act) -> None:
        triage.move(session, found, chosen, act, said, quiet=quiet)

    return decide(number, form, verb, _done(chosen))


def _said(form: Decision) -> Said:
    given = form.data
    resolution, reason = given.get("resolution"), given.get("reason") or ""
    if resolution is not None and not reason:
        reason = wording.outcome(resolution)
    return Said(
        reason=reason,
        resolution=resolution,
        corrected_text=given.get("corrected_text") or "",
        until=given.get("until"),
    )


def _done(move: Move) -> str:
    sentences = {
        Move.VERIFY: gettext("Verified. It waits to be fixed."),
        Move.ASK: gettext("The question is on its way to those who reported it."),
        Move.HOLD: gettext("On hold."),
        Move.REJECT: gettext("Closed without a change. If that was too soon, reopen it."),
        Move.FIX: gettext("Fixed. Publish a correction when the public should know."),
        Move.REOPEN: gettext("Open again."),
    }
    return str(sentences[move])


# Belonging together ---------------------------------------------------------------------------------------------------


@bp.post("/errata/<int:number>/merge")
def merge(number: int) -> ResponseReturnValue:
    """Its reports go to another erratum."""
    form = MergeForm()

    def verb(session: Session, found: Erratum, act: Act) -> None:
        triage.merge(session, found, _other(session, form), act)

    return decide(
        number, form, verb, gettext("Merged. Its reports are with the other one now; this can be undone here.")
    )


def _other(session: Session, form: MergeForm) -> Erratum:
    try:
        return errata.erratum(session, form.into.data)
    except NotFound as missing:
        raise Rejected(missing.message, {"into": missing.message}) from missing


@bp.post("/errata/<int:number>/unmerge")
def unmerge(number: int) -> ResponseReturnValue:
    """Undo that."""
    return decide(number, Decision(), triage.unmerge, gettext("The merge is undone; its reports are back."))


@bp.post("/errata/<int:number>/split")
def split(number: int) -> ResponseReturnValue:
    """Some reports are about something else."""
    form = SplitForm()

    def verb(session: Session, found: Erratum, act: Act) -> None:
        triage.split(session, found, errata.reports_of(found, form.reports.data or []), act)

    return decide(
        number, form, verb, gettext("Split. The reports that left have an erratum of their own; see the history.")
    )


# The article and the place --------------------------------------------------------------------------------------------


@bp.post("/errata/<int:number>/confirm")
def confirm(number: int) -> ResponseReturnValue:
    """The likely article and place are the right ones."""
    return decide(number, ConfirmForm(), triage.confirm, gettext("Confirmed: this is the article and the place."))


@bp.post("/errata/<int:number>/article")
def place_in(number: int) -> ResponseReturnValue:
    """It is about this article."""
    form = PlaceInForm()

    def verb(session: Session, found: Erratum, act: Act) -> None:
        article = session.get(Article, form.article.data or 0)
        if article is None:
            raise NotFound("There is no such article any more.")
        triage.place_in(session, found, article, act)

    return decide(number, form, verb, gettext("The article is set, and its text was searched for the words."))


@bp.post("/errata/<int:number>/place")
def place_at(number: int) -> ResponseReturnValue:
    """It stands here."""
    form = PlaceAtForm()

    def verb(session: Session, found: Erratum, act: Act) -> None:
        triage.place_at(session, found, form.start.data or 0, form.end.data or 0, act)

    return decide(number, form, verb, gettext("The place is set."))


# The desk's own -------------------------------------------------------------------------------------------------------


@bp.post("/errata/<int:number>/assign")
def assign(number: int) -> ResponseReturnValue:
    """Somebody looks after it, or nobody."""
    form = dossier.assign_form(db.session(), AssignForm())

    def verb(session: Session, found: Erratum, act: Act) -> None:
        triage.assign(session, found, session.get(Editor, form.assignee.data or 0), act)

    mine = form.assignee.data == current_editor().id
    return decide(number, form, verb, gettext("It is yours.") if mine else gettext("Assigned."))


@bp.post("/errata/<int:number>/edit")
def edit(number: int) -> ResponseReturnValue:
    """What it should say, what kind it is, how much it matters."""
    form = EditForm()

    def verb(session: Session, found: Erratum, act: Act) -> None:
        triage.edit(
            session,
            found,
            act,
            corrected_text=form.corrected_text.data,
            kind=form.kind.data,
            severity=form.severity.data,
        )

    return decide(number, form, verb, gettext("Changed."))


@bp.post("/errata/<int:number>/note")
def note(number: int) -> ResponseReturnValue:
    """A note for the desk."""
    form = NoteForm()

    def verb(session: Session, found: Erratum, act: Act) -> None:
        triage.note(session, found, form.reason.data, act)

    return decide(number, form, verb, gettext("Noted, for the desk only."))
