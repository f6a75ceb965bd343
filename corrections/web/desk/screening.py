"""Screening: reports that were held back, because they may be a robot's."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from corrections.db import db, transaction
from corrections.domain.errors import CorrectionsError
from corrections.domain.limits import PAGE
from corrections.domain.screening import Sign
from corrections.models import Report
from corrections.queries import desk
from corrections.services import reports
from corrections.web.auth import current_act
from corrections.web.desk import asking, bp, lines, queue
from corrections.web.desk_forms import ScreenForm


def sign_words(reason: str) -> list[str]:
    """Why a report was held back, in words."""
    known = {
        Sign.HIDDEN_FIELD: gettext("filled in a field that people do not see"),
        Sign.TOO_QUICK: gettext("sent within seconds"),
        Sign.NO_FORM: gettext("sent without our form"),
        Sign.OLD_FORM: gettext("sent from an old form"),
        Sign.LINKS: gettext("has many links"),
        Sign.MARKUP: gettext("has links in code"),
        Sign.SPAM_MAIL: gettext("a mail that looks like spam"),
        Sign.PASSED_ON: gettext("sent by a machine, perhaps with what a person wrote"),
        Sign.MANY_MAILS: gettext("one of many mails from this address within an hour"),
    }
    return [known[Sign(word)] for word in reason.split() if word in set(Sign)]


@bp.get("/screening")
def screening() -> ResponseReturnValue:
    """What waits for screening, oldest first."""
    return _page(ScreenForm(formdata=None))


def _page(form: ScreenForm) -> str:
    after = asking.number("after")
    found = desk.held_reports(db.session(), after)
    return render_template(
        "desk/screening.html",
        form=form,
        found=found,
        after=after,
        **queue.tabs_elsewhere(),
        change=lines.Lines().change,
        sign_words=sign_words,
        only=request.args.get("only", ""),
    )


@bp.post("/screening")
def screen() -> ResponseReturnValue:
    """Let the chosen ones through to the queue, or put them away as spam."""
    form, passed = ScreenForm(), request.form.get("do") == "pass"
    chosen = sorted(set(form.reports.data or []))[:PAGE]
    if not form.validate() or not chosen:
        form.form_errors.append(gettext("Choose at least one report."))
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    act, done, late = current_act(), 0, 0
    with transaction() as session:
        for key in chosen:
            report = session.get(Report, key, with_for_update=True)
            if report is None:
                continue
            try:
                reports.screen(session, report, act, passed=passed)
                done += 1
            except CorrectionsError:  # somebody else was quicker; the others are still to be done
                late += 1
    flash(_said(done, late, passed=passed), "done")
    return redirect(url_for(".screening"), HTTPStatus.SEE_OTHER)


def _said(done: int, late: int, *, passed: bool) -> str:
    if passed:
        said = ngettext("%(num)d report is in the queue now.", "%(num)d reports are in the queue now.", done)
    else:
        said = ngettext("%(num)d report was put away as spam.", "%(num)d reports were put away as spam.", done)
    if late:
        said += " " + ngettext(
            "%(num)d had been screened by somebody else.", "%(num)d had been screened by somebody else.", late
        )
    return str(said)
