"""Settings: the publication, the editors, how I am told, how I log in."""

import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security.recoverable import send_reset_password_instructions
from sqlalchemy.orm import Session

from corrections.db import db, transaction
from corrections.domain.actors import Role
from corrections.domain.errors import NotAllowed, Rejected
from corrections.domain.urls import host_of
from corrections.models import Editor
from corrections.queries import inbox, newsroom
from corrections.services import editors, publications
from corrections.web import wording
from corrections.web.auth import current_act, current_editor, hashed_password, password_problem
from corrections.web.desk import bp
from corrections.web.desk_forms import AccessForm, DeskForm, EditorForm, EmptyForm, NoticesForm, PublicationForm


def admins_only() -> None:
    """Raises NotAllowed for everybody else."""
    if not current_editor().role.reaches(Role.ADMIN):
        raise NotAllowed("Only an admin may do this.")


def save(
    form: DeskForm, page: Callable[[], str], verb: Callable[[Session], Any], done: str, to: str
) -> ResponseReturnValue:
    """Do it and say so, or show the page again with what was typed and what to change."""
    if not form.validate():
        return page(), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            verb(session)
    except Rejected as refusal:
        form.refuse(refusal)
        return page(), refusal.status
    flash(done, "done")
    return redirect(to, HTTPStatus.SEE_OTHER)


@bp.get("/settings")
def settings() -> ResponseReturnValue:
    """The publication and the editors; to be changed by an admin."""
    return _settings()


def _settings(publication: PublicationForm | None = None, editor: EditorForm | None = None) -> str:
    session = db.session()
    known = publications.get(session)
    values = {
        "name": known.name,
        "home_url": known.home_url,
        "hosts": "\n".join(host for host in known.hosts if host != host_of(known.home_url)),
        "licence": known.licence,
        "reply_address": known.reply_address,
        "policy": known.policy,
    }
    people = newsroom.editors(session)
    return render_template(
        "desk/settings.html",
        admin=current_editor().role.reaches(Role.ADMIN),
        form=publication or PublicationForm(formdata=None, data=values),
        new=editor or EditorForm(formdata=None, data={"role": Role.EDITOR}),
        people=[(line, _access(line)) for line in people],
        roles=wording.ROLES,
    )


def _access(line: Any) -> AccessForm:
    form = AccessForm(formdata=None, data={"role": line.role, "active": line.active})
    for one in form:  # one form a person: their ids must differ
        one.id = one.label.field_id = f"{one.id}-{line.id}"
    return form


@bp.post("/settings/publication")
def publication() -> ResponseReturnValue:
    """Describe the publication."""
    admins_only()
    form = PublicationForm()

    def verb(session: Session) -> None:
        publications.describe(
            session,
            publications.get(session),
            name=form.name.data,
            home_url=form.home_url.data,
            hosts=form.hosts.data.split(),
            licence=form.licence.data,
            reply_address=form.reply_address.data,
            policy=form.policy.data,
        )

    return save(form, lambda: _settings(publication=form), verb, gettext("Saved."), url_for(".settings"))


# Editors --------------------------------------------------------------------------------------------------------------


@bp.post("/settings/editors")
def add_editor() -> ResponseReturnValue:
    """Somebody new, with a password or a link to set one."""
    admins_only()
    form, act = EditorForm(), current_act()
    added: list[str] = []
    given = form.password.data
    if given and (problem := password_problem(given)):
        form.password.errors = [problem]
        return _settings(editor=form), HTTPStatus.UNPROCESSABLE_ENTITY
    # Hashing takes its time, so before the transaction; nobody knows the password of who is invited.
    hashed = hashed_password(given or secrets.token_urlsafe(32))

    def verb(session: Session) -> None:
        added.append(editors.add(session, form.email.data, form.name.data, form.role.data, hashed, act).email)

    done = gettext("Added.") if given else gettext("Added. A link to set a password is on its way.")
    answer = save(form, lambda: _settings(editor=form), verb, done, f"{url_for('.settings')}#editors")
    if added and not given:
        _invite(added[0])
    return answer


def _invite(email: str) -> None:
    """Owe a mail with a link to set a password."""
    editor = current_app.extensions["security"].datastore.find_user(case_insensitive=True, email=email)
    if editor is not None:
        send_reset_password_instructions(editor)  # type: ignore[no-untyped-call] # the library types it not


@bp.post("/settings/editors/<int:key>")
def access(key: int) -> ResponseReturnValue:
    """What somebody may do, and whether they may log in at all."""
    admins_only()
    form, act = AccessForm(), current_act()

    def verb(session: Session) -> None:
        editor = newsroom.editor(session, key)
        if form.role.data is not editor.role:
            editors.set_role(session, editor, form.role.data, act)
        if form.active.data is not editor.active:
            editors.set_active(session, editor, act, active=form.active.data)

    return save(form, _settings, verb, gettext("Saved."), f"{url_for('.settings')}#editors")


@bp.post("/settings/editors/<int:key>/invite")
def invite(key: int) -> ResponseReturnValue:
    """Mail a link to set a password once more."""
    admins_only()
    _invite(newsroom.editor(db.session(), key).email)
    flash(gettext("A link to set a password is on its way."), "done")
    return redirect(f"{url_for('.settings')}#editors", HTTPStatus.SEE_OTHER)


# Myself ---------------------------------------------------------------------------------------------------------------


@bp.get("/account")
def account() -> ResponseReturnValue:
    """How I am told of new reports, and how I log in."""
    return _account()


def _account(form: NoticesForm | None = None) -> str:
    me: Editor = current_editor()
    return render_template(
        "desk/account.html",
        form=form or NoticesForm(formdata=None, data={"notify": me.notify, "sections": "\n".join(me.sections)}),
        sections=newsroom.sections(db.session()),
        roles=wording.ROLES,
        passkeys=len(me.webauthn),
        codes=len(me.mf_recovery_codes or []),
        stopped=inbox.stopped_at(db.session(), me.email),
        button=EmptyForm(formdata=None),
    )


@bp.post("/account")
def notices() -> ResponseReturnValue:
    """Change how I am told."""
    form, act = NoticesForm(), current_act()

    def verb(session: Session) -> None:
        me = newsroom.editor(session, act.editor_id or 0)
        editors.set_notices(me, form.notify.data, form.sections.data.splitlines(), act)

    return save(form, lambda: _account(form), verb, gettext("Saved."), url_for(".account"))
