"""Log-in: Flask-Security on our editors, its mail through our outbox, and the link that makes the first editor."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any, Final, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    after_this_request,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_login.utils import _user_context_processor
from flask_security import Security, SQLAlchemyUserDatastore, hash_password, login_user
from flask_security.mail_util import MailUtil
from flask_wtf.csrf import CSRFError, CSRFProtect

from corrections import links
from corrections.db import db, transaction
from corrections.domain import clock
from corrections.domain.actors import Act, Channel, Role
from corrections.domain.errors import Gone, NotFound, Rejected
from corrections.models import Editor, Passkey
from corrections.services import editors, outbox, publications
from corrections.web import errors, limiter, page
from corrections.web.desk_forms import PASSWORD_MAX, WelcomeForm

bp = Blueprint("auth", __name__)
csrf = CSRFProtect()

# Where somebody may be logged in. All other pages never look at a cookie, so that they are the same for everybody.
BLUEPRINTS: Final = ("security", "auth", "desk")

SETTINGS: Final[dict[str, Any]] = {
    "PASSWORD_HASH": "argon2",
    # One hash, without a pepper made from the secret key: a restored backup keeps its passwords.
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_CHECK_BREACHED": None,
    "PASSWORD_CONFIRM_REQUIRED": False,
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    "RETURN_GENERIC_RESPONSES": True,
    "JOIN_USER_ROLES": False,
    "API_ENABLED_METHODS": ["session"],
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "RESET_PASSWORD_WITHIN": timedelta(days=1),
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_ALWAYS_VALIDATE": True,
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "TOTP_ISSUER": "Corrections",
    "WEBAUTHN": True,
    "WAN_RP_NAME": "Corrections",
    "WAN_ALLOW_USER_HINTS": False,  # a hint would tell which addresses have an account
    "CACHE_CONTROL": None,  # the library writes it wrongly; see keep_private
    "SCRIPT_NONCE_KEY": "csp_nonce",
    "POST_LOGIN_VIEW": "desk.queue",
    "POST_LOGOUT_VIEW": ".login",
    "POST_RESET_VIEW": ".login",
    "POST_CHANGE_VIEW": "desk.account",
    "POST_VERIFY_VIEW": "desk.account",
    "TWO_FACTOR_POST_SETUP_VIEW": "desk.account",
    "WAN_POST_REGISTER_VIEW": "desk.account",
    "EMAIL_SUBJECT_PASSWORD_RESET": _("Set your password"),
    "EMAIL_SUBJECT_PASSWORD_NOTICE": _("Your password was set"),
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": _("Your password was changed"),
    "MSG_UNAUTHENTICATED": (_("Log in to go on."), "info"),
    "MSG_GENERIC_AUTHN_FAILED": (_("That did not work. Check the address and the password."), "error"),
    "MSG_GENERIC_RECOVERY": (_("If this is an editor’s address, a mail with a link is on its way to it."), "info"),
    "MSG_PASSWORD_RESET_REQUEST": (
        _("If this is an editor’s address, a mail with a link is on its way to it."),
        "info",
    ),
    "MSG_PASSWORD_RESET_EXPIRED": (_("That link has run out. Ask for a new one here."), "error"),
    "MSG_INVALID_RESET_PASSWORD_TOKEN": (
        _("That link was used already or is not complete. Ask for a new one here."),
        "error",
    ),
    "MSG_PASSWORD_RESET_NO_LOGIN": (_("Your password is set. Log in with it."), "success"),
    "MSG_PASSWORD_INVALID_LENGTH": (_("At least %(length)s characters, please."), "error"),
    "MSG_RETYPE_PASSWORD_MISMATCH": (_("The two are not the same."), "error"),
    "MSG_INVALID_REDIRECT": (_("This link leads elsewhere. Log in and go on from the desk."), "error"),
    "MSG_INVALID_EMAIL_ADDRESS": (_("This does not look like an e-mail address."), "error"),
    "MSG_EMAIL_NOT_PROVIDED": (_("Give your e-mail address."), "error"),
    "MSG_PASSWORD_NOT_PROVIDED": (_("Give your password."), "error"),
}
COOKIES: Final = {
    "REMEMBER_COOKIE_NAME": "corrections_remember",
    "REMEMBER_COOKIE_DURATION": timedelta(days=30),
    "REMEMBER_COOKIE_HTTPONLY": True,
    "REMEMBER_COOKIE_SAMESITE": "Lax",
}


class EditorStore(SQLAlchemyUserDatastore):
    """Editors and their passkeys, without a table of roles: a role is a column of ours."""

    def mf_delete_recovery_code(self, user: Any, idx: int) -> bool:
        """Use a recovery code up; a new list, because a change inside of a JSON column would not be seen."""
        codes = list(user.mf_recovery_codes or [])
        if not 0 <= idx < len(codes):
            return False
        del codes[idx]
        user.mf_recovery_codes = codes
        return True


class OutboxMail(MailUtil):
    """Owes the library's mail instead of sending it: a log-in never waits for a mail server."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: str | None, html: str | None, **_: Any
    ) -> None:
        """Write the message to the outbox once the library has committed what the message tells of.

        ``sender`` is the outbox's business.
        """
        del sender
        facts = {"subject": str(subject), "text": body or "", "html": html or "", "kind": template}

        @after_this_request
        def owe(response: Response) -> Response:
            with transaction() as session:
                session.add(outbox.owe(session, None, str(recipient), "security", facts, at=clock.now()))
            return response


def init_app(app: Flask) -> None:
    """Plug in log-in, the protection of forms and the limits on guessing."""
    from corrections.web.reader import bp as reader  # its forms have no cookie, so no token either

    for name, value in _settings(app).items():
        app.config.setdefault(name, value)
    csrf.init_app(app)
    csrf.exempt(reader)
    store = EditorStore(db, Editor, None, Passkey)  # type: ignore[arg-type] # it is content without a table of roles
    security = Security(app, store, mail_util_cls=OutboxMail)
    # Addresses in mail are made from the setting BASE_URL, never from what a request says of its host.
    security.mail_context_processor(lambda: {"absolute": links.absolute})
    app.view_functions["security.two_factor_rescue"] = no_rescue
    app.before_request_funcs.setdefault("security", []).append(no_endless_password)
    app.register_blueprint(bp)
    app.register_error_handler(CSRFError, old_form)
    _keep_cookies_off_other_pages(app)
    limiter.init_app(app)


def _settings(app: Flask) -> dict[str, Any]:
    """What is set unless the installation says otherwise, with what depends on its secret key and its address."""
    secure = app.config["SESSION_COOKIE_SECURE"]
    own = {
        "DATETIME_FACTORY": lambda: clock.now(),  # noqa: PLW0108 - looked up anew, so a test can set the clock
        "TOTP_SECRETS": {"1": _derived(app, "totp").hex()},
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(_derived(app, "recovery"))],
        "TWO_FACTOR_VALIDITY_COOKIE": {"httponly": True, "secure": secure, "samesite": "Strict"},
    }
    cookies = COOKIES | {"REMEMBER_COOKIE_SECURE": secure}
    return {f"SECURITY_{name}": value for name, value in (SETTINGS | own).items()} | cookies


def _derived(app: Flask, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, made from the secret key."""
    return hmac.new(app.config["SECRET_KEY"].encode(), purpose.encode(), hashlib.sha256).digest()


def _keep_cookies_off_other_pages(app: Flask) -> None:
    """Let the libraries look at the session on the pages of BLUEPRINTS only, and no cache keep these.

    They ask on every page who is there; that would cost a query and make each public answer vary by cookie.
    """
    principal = app.extensions["security"].principal
    remember = app.login_manager._update_remember_cookie  # type: ignore[attr-defined] # noqa: SLF001 - set by Flask-Login; there is no public name
    app.before_request_funcs[None].remove(principal._on_before_request)  # noqa: SLF001 - there is no public name
    app.after_request_funcs[None].remove(remember)
    app.template_context_processors[None].remove(_user_context_processor)
    for name in BLUEPRINTS:
        app.before_request_funcs.setdefault(name, []).insert(0, principal._on_before_request)  # noqa: SLF001 - as above
        app.after_request_funcs.setdefault(name, []).extend([remember, keep_private])
        app.template_context_processors.setdefault(name, []).extend([_user_context_processor, _current_editor])


def _current_editor() -> dict[str, Any]:
    return {"current_editor": current_user}


def keep_private(response: Response) -> Response:
    """No cache keeps a page about log-in."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def no_endless_password() -> None:
    """Refuse what nobody types before it is hashed: the library would fail on it."""
    for name, value in request.form.items(multi=True):
        if "password" in name and len(value) > PASSWORD_MAX:
            raise Rejected("A password has at most %(most)s characters.", most=PASSWORD_MAX)


def no_rescue() -> ResponseReturnValue:
    """The library would mail a stranger for help; here recovery codes and the admins help."""
    raise NotFound(NotFound.__doc__ or "")


def old_form(error: CSRFError) -> ResponseReturnValue:  # noqa: ARG001 - Flask hands it in
    """A form from before a log-in, or from another site."""
    sentence = gettext(
        "This page was open for too long, or you were logged out meanwhile. Go back: what you typed is still there."
        " Log in in another window, load the page again and send it once more."
    )
    return errors.page(400, sentence), 400


def current_editor() -> Editor:
    """Who is logged in; only where nobody else comes."""
    return cast("Editor", current_user._get_current_object())  # noqa: SLF001 - Flask-Login's proxy has no public way


def current_act() -> Act:
    """The act of who is logged in, now, on the web."""
    editor = current_editor()
    return Act(channel=Channel.WEB, editor_id=editor.id, role=editor.role, label=editor.name)


def password_problem(password: str) -> str:
    """Why a new password does not do; '' when it does."""
    problems, _normal = current_app.extensions["security"].password_util.validate(password, is_register=True)
    return " ".join(map(str, problems or []))


def hashed_password(password: str) -> str:
    """The hash of a password in the form that the log-in page makes of it. Takes 150 ms: never in a transaction."""
    return str(hash_password(current_app.extensions["security"].password_util.normalize(password)))


@bp.route("/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> ResponseReturnValue:
    """The first editor sets name, address and password, becomes admin and is logged in."""
    links.check_welcome(token)
    _must_be_first()
    form = WelcomeForm()
    if form.is_submitted():
        if form.validate():
            try:
                return _first_editor(form)
            except Rejected as refusal:
                form.refuse(refusal)
        return render_template("security/welcome.html", form=form), 422
    shown = page.publication()
    if shown.home_url != publications.HOME_AT_FIRST:
        form.publication_name.data, form.home_url.data = shown.name, shown.home_url
    return render_template("security/welcome.html", form=form)


def _must_be_first() -> None:
    if editors.any_editor(db.session()):
        raise Gone("This link has been used: there is an editor already. Log in instead.")


def _first_editor(form: WelcomeForm) -> ResponseReturnValue:
    password = hashed_password(form.password.data)
    act = Act(channel=Channel.WEB, role=None, label=form.name.data)
    with transaction() as session:
        _must_be_first()
        editor = editors.add(session, form.email.data, form.name.data, Role.ADMIN, password, act)
        publication = publications.get(session)
        publications.describe(session, publication, name=form.publication_name.data, home_url=form.home_url.data)
    login_user(editor, authn_via=["welcome"])
    return redirect(url_for("desk.queue"), 303)
