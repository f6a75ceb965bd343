"""Log-in: Flask-Security on our editors, its mail through our outbox, and the link that makes the first editor."""

from typing import Any, Final, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from flask_login.utils import _user_context_processor
from flask_security import hash_password, login_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from corrections import links
from corrections.db import db, transaction
from corrections.domain.actors import Act, Channel, Role
from corrections.domain.errors import Gone, NotFound, Rejected
from corrections.models import Editor
from corrections.services import editors, publications
from corrections.web import errors, limiter, login, page
from corrections.web.desk_forms import PASSWORD_MAX, WelcomeForm

bp = Blueprint("auth", __name__)
csrf = CSRFProtect()

# Where somebody may be logged in. All other pages never look at a cookie, so that they are the same for everybody.
BLUEPRINTS: Final = ("security", "auth", "desk")


def init_app(app: Flask) -> None:
    """Plug in log-in, the protection of forms and the limits on guessing."""
    from corrections.web.desk.acting import bp as acting  # the link is the token
    from corrections.web.reader import bp as reader  # its forms have no cookie, so no token either

    for name, value in login.settings(app).items():
        app.config.setdefault(name, value)
    csrf.init_app(app)
    csrf.exempt(reader)
    csrf.exempt(acting)
    security = login.plug_in(app)
    # Addresses in mail are made from the setting BASE_URL, never from what a request says of its host.
    security.mail_context_processor(lambda: {"absolute": links.absolute})
    app.view_functions["security.two_factor_rescue"] = no_rescue
    app.before_request_funcs.setdefault("security", []).append(no_endless_password)
    app.register_blueprint(bp)
    app.register_error_handler(CSRFError, old_form)
    _keep_cookies_off_other_pages(app)
    limiter.init_app(app)


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
        publication = publications.get(session)
        publications.describe(session, publication, name=form.publication_name.data, home_url=form.home_url.data)
        _must_be_first()  # after the first thing that only one at a time can do
        editor = editors.add(session, form.email.data, form.name.data, Role.ADMIN, password, act)
    login_user(editor, authn_via=["welcome"])
    flash(
        gettext(
            "You are logged in. Next, import your articles (the page Articles says how): reports are placed in them."
        ),
        "done",
    )
    return redirect(url_for("desk.queue"), 303)
