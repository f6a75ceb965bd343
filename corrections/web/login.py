"""How the log-in library, Flask-Security, is set and fitted to our editors, our outbox and our words."""

import base64
import hashlib
import hmac
from datetime import timedelta
from enum import Enum
from typing import Any, Final

from flask import Flask, Response, after_this_request
from flask_babel import lazy_gettext as _
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.mail_util import MailUtil
from flask_security.webauthn_util import WebauthnUtil
from webauthn.helpers.structs import UserVerificationRequirement

from corrections.db import db, transaction
from corrections.domain import clock
from corrections.models import Editor, Passkey
from corrections.services import outbox

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
    "MSG_INVALID_PASSWORD": (_("This is not your password."), "error"),
    "MSG_PASSWORD_IS_THE_SAME": (_("This is the password you have. Choose another one."), "error"),
    "MSG_PASSWORD_CHANGE": (_("Your password is changed."), "success"),
    "MSG_REAUTHENTICATION_REQUIRED": (_("Give your password once more to go on."), "info"),
    "MSG_REAUTHENTICATION_SUCCESSFUL": (_("Thank you. Go on."), "info"),
    "MSG_INVALID_CODE": (
        _("This code is not right, or it has run out. Enter the one that the app shows now."),
        "error",
    ),
    "MSG_TWO_FACTOR_INVALID_TOKEN": (
        _("This code is not right, or it has run out. Enter the one that the app shows now."),
        "error",
    ),
    "MSG_TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        _("From now on logging in takes a code from your app. Make recovery codes, for when the phone is lost."),
        "success",
    ),
    "MSG_TWO_FACTOR_DISABLED": (_("Logging in takes no code any more."), "success"),
    "MSG_TWO_FACTOR_SETUP_EXPIRED": (_("That took more than %(within)s. Begin again."), "error"),
    "MSG_TWO_FACTOR_LOGIN_SUCCESSFUL": (_("You are logged in."), "success"),
    "MSG_INVALID_RECOVERY_CODE": (_("This is none of your recovery codes, or it was used already."), "error"),
    "MSG_NO_RECOVERY_CODES_SETUP": (_("You have no recovery codes yet."), "info"),
    "MSG_WEBAUTHN_EXPIRED": (_("That took more than %(within)s. Begin again."), "error"),
    "MSG_WEBAUTHN_NAME_REQUIRED": (_("Give the passkey a name."), "error"),
    "MSG_WEBAUTHN_NAME_INUSE": (_("You have a passkey called “%(name)s” already."), "error"),
    "MSG_WEBAUTHN_NAME_NOT_FOUND": (_("You have no passkey called “%(name)s”."), "error"),
    "MSG_WEBAUTHN_CREDENTIAL_DELETED": (_("The passkey “%(name)s” is removed."), "info"),
    "MSG_WEBAUTHN_REGISTER_SUCCESSFUL": (_("The passkey “%(name)s” is added."), "info"),
    "MSG_WEBAUTHN_CREDENTIAL_ID_INUSE": (_("This passkey was added already."), "error"),
    "MSG_WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (_("We do not know this passkey."), "error"),
    "MSG_WEBAUTHN_CREDENTIAL_WRONG_USAGE": (_("This passkey was added for something else."), "error"),
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

    def create_webauthn(self, user: Any, *facts: Any, **more: Any) -> None:
        """Keep a new passkey: plain values only, and with the moment it was made."""
        plain = {name: value.value if isinstance(value, Enum) else value for name, value in more.items()}
        super().create_webauthn(user, *facts, create_datetime=clock.now(), **plain)


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


class PasskeyRules(WebauthnUtil):
    """Any authenticator will do, a phone or a laptop too; one that stands for the password must know its owner."""

    def authenticator_selection(self, user: Any, usage: str) -> Any:
        """What a new passkey must be able to do."""
        criteria = super().authenticator_selection(user, usage)
        criteria.authenticator_attachment = None
        if usage == "first":
            criteria.user_verification = UserVerificationRequirement.REQUIRED
        return criteria

    def user_verification(self, user: Any, usage: list[str]) -> Any:
        """Whether a finger, a face or a PIN is asked for when a passkey is used."""
        if usage == ["first"]:
            return UserVerificationRequirement.REQUIRED
        return super().user_verification(user, usage)


def plug_in(app: Flask) -> Security:
    """The library, on this application; ``settings`` must be set by then."""
    store = EditorStore(db, Editor, None, Passkey)  # type: ignore[arg-type] # it is content without a table of roles
    return Security(app, store, mail_util_cls=OutboxMail, webauthn_util_cls=PasskeyRules)


def settings(app: Flask) -> dict[str, Any]:
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
