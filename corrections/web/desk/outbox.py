"""The outbox: what is owed, what failed, what was sent, each message as it goes out."""

import logging
from http import HTTPStatus
from typing import Final

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from corrections.db import db, transaction
from corrections.domain import clock
from corrections.domain.actors import Role
from corrections.domain.errors import NotFound
from corrections.mail import outgoing
from corrections.models import BouncedAddress, OutboxMessage
from corrections.queries import inbox, newsroom
from corrections.queries.newsroom import Tray
from corrections.services import bounces
from corrections.services import outbox as owed
from corrections.web import wording
from corrections.web.auth import current_editor
from corrections.web.desk import asking, bp
from corrections.web.desk_forms import EmptyForm

TRAYS: Final = {Tray.WAITING: _("Waiting"), Tray.FAILED: _("Failed"), Tray.SENT: _("Sent")}
EMPTY: Final = {
    Tray.WAITING: _("Nothing waits to be sent."),
    Tray.FAILED: _("Nothing has failed. What a mail server refuses for three days appears here."),
    Tray.SENT: _("Nothing has been sent yet."),
}
ONLY_LOOKS: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups; frame-ancestors 'none'"
)

log = logging.getLogger(__name__)


def _may_read_all() -> bool:
    """Links that let somebody in are for admins only."""
    return current_editor().role.reaches(Role.ADMIN)


@bp.get("/outbox")
def outbox() -> ResponseReturnValue:
    """The messages of one tray."""
    session, after = db.session(), asking.number("after")
    named = request.args.get("tray", "")
    tray = Tray(named) if named in set(Tray) else Tray.WAITING
    counts = newsroom.message_counts(session, confidential=_may_read_all())
    tabs = [
        {"label": label, "count": counts.get(kind), "url": url_for(".outbox", tray=kind.value), "current": kind is tray}
        for kind, label in TRAYS.items()
    ]
    found = newsroom.messages(session, tray, after, confidential=_may_read_all())
    return render_template(
        "desk/outbox.html",
        tray=tray,
        tabs=tabs,
        found=found,
        after=after,
        total=counts.get(tray),
        mails=wording.MAILS,
        nothing=EMPTY[tray],
        server=current_app.config["MAIL_SERVER"],
        stopped=inbox.stopped(session),
        form=EmptyForm(formdata=None),
    )


@bp.get("/outbox/<int:key>")
def message(key: int) -> ResponseReturnValue:
    """One message as it goes out."""
    found = _message(key)
    return render_template("desk/message.html", message=found, rendered=_rendered(found), form=EmptyForm(formdata=None))


@bp.get("/outbox/<int:key>/html")
def message_html(key: int) -> ResponseReturnValue:
    """The message with its looks, alone in a page that may do nothing but be looked at."""
    rendered = _rendered(_message(key))
    if rendered is None or not rendered.html:
        raise NotFound("This message is text alone.")
    return rendered.html, {"Content-Security-Policy": ONLY_LOOKS}


def _rendered(found: OutboxMessage) -> outgoing.Rendered | None:
    """As it goes out, or None for one whose template fails: the page must open all the same."""
    try:
        return outgoing.render(found)
    except Exception:  # whatever a template raises
        log.exception("a mail cannot be shown", extra={"template": found.template})
        return None


def _message(key: int) -> OutboxMessage:
    return newsroom.message(db.session(), key, confidential=_may_read_all())


@bp.post("/outbox/addresses/<int:key>/again")
def write_again(key: int) -> ResponseReturnValue:
    """Send mail again to an address that nothing was sent to any more."""
    with transaction() as session:
        bounced = session.get(BouncedAddress, key) if key <= inbox.LARGEST else None
        if bounced is None:
            raise NotFound("Mail did not come back from any such address.")
        address = bounced.address
        bounces.heard_from(session, address)
    flash(gettext("Mail to %(address)s is sent again from now on.", address=address), "done")
    mine = request.form.get("back") == "account"
    return redirect(url_for(".account" if mine else ".outbox"), HTTPStatus.SEE_OTHER)


@bp.post("/outbox/<int:key>/again")
def send_again(key: int) -> ResponseReturnValue:
    """Try a message again now."""
    with transaction():
        owed.revive(_message(key), clock.now())
    flash(gettext("It is tried again within a minute."), "done")
    return redirect(url_for(".message", key=key), HTTPStatus.SEE_OTHER)
