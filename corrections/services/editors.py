"""People with a login: added, changed, shown out."""

import secrets

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.actors import Act, Role
from corrections.domain.errors import IllegalMove, NotAllowed, Rejected
from corrections.domain.text import one_line
from corrections.models import Editor, Notify
from corrections.services.reports import email_address


def any_editor(session: Session) -> bool:
    """Whether somebody can log in."""
    return session.scalar(select(Editor.id).where(Editor.active).limit(1)) is not None


def add(session: Session, email: str, name: str, role: Role, password_hash: str, act: Act) -> Editor:
    """A new editor; the door has hashed the password. Raises Rejected with fields, NotAllowed."""
    _admins_only(act)
    problems: dict[str, str] = {}
    address = email_address(email)
    if address is None:
        problems["email"] = "This does not look like an e-mail address. One looks like: name@example.org"
    elif session.scalar(select(Editor.id).where(func.lower(Editor.email) == address.lower())) is not None:
        problems["email"] = "Somebody with this address is an editor already."
    shown = one_line(name)
    if not 0 < len(shown) <= limits.NAME:
        problems["name"] = f"Give a name of at most {limits.NAME} characters."
    if problems or address is None:
        raise Rejected("Please look at the marked fields.", problems)
    editor = Editor(
        name=shown,
        email=address.lower(),
        role=role,
        password=password_hash,
        active=True,
        notify=Notify.AT_ONCE,
        sections=[],
        fs_uniquifier=secrets.token_hex(32),
        added_at=act.at,
    )
    session.add(editor)
    session.flush()
    return editor


def set_role(session: Session, editor: Editor, role: Role, act: Act) -> None:
    """Another role; the last admin stays one."""
    _admins_only(act)
    if editor.role is Role.ADMIN and role is not Role.ADMIN:
        _not_the_last_admin(session, editor)
    editor.role = role


def set_active(session: Session, editor: Editor, act: Act, *, active: bool) -> None:
    """Let an editor log in, or not any more; the history keeps the name."""
    _admins_only(act)
    if not active:
        _not_the_last_admin(session, editor)
        editor.fs_uniquifier = secrets.token_hex(32)  # ends all sessions
    editor.active = active


def set_password(
    session: Session, editor: Editor, password_hash: str, act: Act, *, forget_second_step: bool = False
) -> None:
    """Another password, hashed by the door; whoever is logged in with the old one is shown out.

    ``forget_second_step``: the app, the recovery codes and the passkeys go too, for who has lost them.
    """
    _admins_only(act)
    editor.password = password_hash
    editor.fs_uniquifier = secrets.token_hex(32)
    if forget_second_step:
        editor.tf_primary_method = editor.tf_totp_secret = editor.mf_recovery_codes = None
        editor.webauthn.clear()
    session.flush()


def set_notices(editor: Editor, notify: Notify, sections: list[str], act: Act) -> None:
    """When and about which sections the editor is written to."""
    editor.notify = notify
    editor.sections = [section for section in dict.fromkeys(map(one_line, sections)) if section][:50]
    editor.digest_due_at = act.at + notify.pause if notify.pause is not None else None


def _admins_only(act: Act) -> None:
    if act.role is not None and not act.role.reaches(Role.ADMIN):
        raise NotAllowed("Only an admin may do this.")


def _not_the_last_admin(session: Session, editor: Editor) -> None:
    others = select(func.count()).where(Editor.role == Role.ADMIN, Editor.active, Editor.id != editor.id)
    if editor.role is Role.ADMIN and session.scalar(others) == 0:
        raise IllegalMove("This is the last admin. Make somebody else an admin first.")
