"""The reader's door: report an error, see what became of it, be told, take it back, be forgotten.

No login and no cookie. So there is nothing that another site could make a browser send along, and no token against it:
whoever knows the unguessable reference in a report's address may do what its page offers.
"""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.exc import IntegrityError

from corrections import links
from corrections.db import db, transaction, violates
from corrections.domain import limits, matching
from corrections.domain.errors import Gone, Rejected, TooMany
from corrections.domain.text import one_line
from corrections.queries import articles, log, reporter
from corrections.services import reports
from corrections.web import entries, errors, shield
from corrections.web.forms import ContactForm, ReportForm
from corrections.web.page import publication
from corrections.web.progress import just_that, progress_of
from corrections.web.requests import sender
from corrections.web.spelling import are_both_right

bp = Blueprint("reader", __name__)

KNOWN_SHOWN = 5


@bp.url_value_preprocessor
def check_reference(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """An address that cannot be a report's is not looked up at all."""
    if values and "reference" in values:
        reporter.check(values["reference"])


@bp.after_request
def keep_private(response: Response) -> Response:
    """A report's address is a key: no cache keeps the page, no search engine lists it, no link tells of it.

    The form may be shown again to who goes back to it (RFC 9111, section 4.2.4, leaves that to the browser; some take
    no-cache for a prohibition): sending it again is then the same act of sending, for it is the same copy.
    """
    headers = response.headers
    if "reference" in (request.view_args or {}):
        headers["Cache-Control"] = "private, no-store"
        headers["X-Robots-Tag"] = "noindex"
        headers["Referrer-Policy"] = "no-referrer"
    else:
        headers.setdefault("Cache-Control", "private, max-age=0")
    return response


# The form ------------------------------------------------------------------------------------------------------------


@bp.get("/report")
def form() -> ResponseReturnValue:
    """The empty form, or what a link to it filled in."""
    given = request.args
    sheet = ReportForm(
        data={
            "article": given.get("article") or _named(given.get("url", ""), given.get("title", "")),
            "original_text": given.get("quote", ""),
            "token": shield.token(),
        }
    )
    return _sheet(sheet)


def _named(url: str, title: str) -> str:
    """The address if it tells which article it is, else the title."""
    if not (url and title):
        return url or title
    return url if articles.by_url(db.session(), one_line(url)) is not None else title


def _sheet(sheet: ReportForm, **shown: Any) -> str:
    return render_template("reader/form.html", form=sheet, **shown)


@bp.post("/report")
def send() -> ResponseReturnValue:
    """Store the report, once for one act of sending, and show its page."""
    sheet = ReportForm(request.form)
    if not sheet.validate():
        return _again(sheet), 422
    try:
        reference = _submit(sheet)
    except Rejected as refusal:
        sheet.refuse(refusal)
        return _again(sheet), refusal.status
    except TooMany as refusal:
        sheet.form_errors.append(errors.words_of(refusal))
        return _again(sheet), refusal.status, _later(refusal)
    return redirect(url_for(".status", reference=reference), 303)


def _submit(sheet: ReportForm) -> str:
    new = sheet.to_new_report(sender())
    config = current_app.config
    quotas = reports.Quotas(per_sender=config["REPORTS_PER_SENDER"], per_article=config["REPORTS_PER_ARTICLE"])
    try:
        with transaction(reading_first=True) as session:
            return reports.submit(session, new, reports.reader(), quotas).reference
    except IntegrityError as error:
        # The same sheet was sent twice at the same moment, and the other one was quicker.
        if not violates(error, "uq_report_submission_key"):
            raise
        return reporter.stored_as(db.session(), new.submission_key)


def _again(sheet: ReportForm) -> str:
    """The form with all that was typed, as the same copy of it if it was one of ours."""
    if not shield.opened(sheet.token.data, "").nonce:
        sheet.token.data = shield.token()
    return _sheet(sheet)


def _later(refusal: TooMany) -> dict[str, str]:
    return {"Retry-After": str(int(refusal.retry_after.total_seconds()))}


# What is known already -----------------------------------------------------------------------------------------------


@bp.route("/report/known", methods=["GET", "POST"])
def known() -> ResponseReturnValue:
    """The form again with what is known of the article; a POST, so that what was typed is in no address and no log."""
    sheet = ReportForm(request.values)
    if picked := request.values.get("pick"):
        sheet.article.data = picked
    if not shield.opened(sheet.token.data, "").nonce:
        sheet.token.data = shield.token()
    return _sheet(sheet, known=_known(sheet.article.data, sheet.original_text.data, sheet.corrected_text.data))


def _known(given: str, quote: str, corrected: str) -> dict[str, Any]:
    session = db.session()
    typed, quoted = one_line(given, limits.ARTICLE_AS_GIVEN), one_line(quote, limits.QUOTE)
    saying = articles.saying_of(typed, quoted)
    match = matching.decide(saying, articles.options(session, saying))
    if match.article_id is None:
        return {"article": None, "given": typed, "candidates": match.candidates[: limits.CANDIDATES]}
    article = reporter.article(session, match.article_id)
    found = log.page(session, log.Wanted(article_id=match.article_id), KNOWN_SHOWN)
    made = entries.entries_of(found.lines, publication().tag_authority)
    wanted = one_line(corrected, limits.QUOTE)
    return {
        "article": article,
        "certain": match.certainty is matching.Certainty.CERTAIN,
        "just_that": just_that(made, quoted, wanted),
        "both_right": are_both_right(quoted, wanted, article.language),
        "entries": made,
        "total": found.total,
    }


@bp.get("/report/suggestions")
def suggestions() -> ResponseReturnValue:
    """Articles that fit what was typed so far, and a sentence that says how many."""
    typed = one_line(request.args.get("q", ""), limits.SEARCH)
    found = articles.suggest(db.session(), typed) if typed else []
    titles = [article.title for article in found]
    items = [
        {
            "title": article.title,
            "url": article.url,
            # Two articles may have one title; then only the address says which.
            "value": article.url if article.url and titles.count(article.title) > 1 else article.title,
        }
        for article in found
    ]
    count = ngettext(
        "%(num)s article fits. Choose it with the arrow keys.",
        "%(num)s articles fit. Choose with the arrow keys.",
        len(items),
    )
    response = jsonify(
        items=items,
        announcement=count if items else gettext("No article fits so far. What you typed is fine all the same."),
    )
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


# A report's own page -------------------------------------------------------------------------------------------------


@bp.get("/reports/<reference>")
def status(reference: str) -> ResponseReturnValue:
    """What became of a report."""
    return _page(reference, ContactForm())


def _page(reference: str, contact: ContactForm) -> str:
    case = reporter.case_of(db.session(), reference)
    return render_template("reader/status.html", case=case, line=case.line, progress=progress_of(case), form=contact)


@bp.post("/reports/<reference>/contact")
def contact(reference: str) -> ResponseReturnValue:
    """Note an address to be told at; it is asked for its confirmation first."""
    sheet = ContactForm(request.form)
    if not sheet.validate():
        return _page(reference, sheet), 422
    try:
        with transaction() as session:
            report = reports.by_reference(session, reference)
            reports.add_contact(session, report, sheet.email.data, sheet.name.data, reports.reader())
    except Rejected as refusal:
        sheet.refuse(refusal)
        return _page(reference, sheet), refusal.status
    except TooMany as refusal:
        sheet.form_errors.append(errors.words_of(refusal))
        return _page(reference, sheet), refusal.status, _later(refusal)
    return _back_to(reference, "told")


@bp.post("/reports/<reference>/withdraw")
def withdraw(reference: str) -> ResponseReturnValue:
    """Take the report back."""
    with transaction() as session:
        reports.withdraw(session, reports.by_reference(session, reference), reports.reader())
    return _back_to(reference, "main")


@bp.post("/reports/<reference>/erase")
def erase(reference: str) -> ResponseReturnValue:
    """Erase the reporter's name and address."""
    with transaction() as session:
        reports.erase_reporter(session, reports.by_reference(session, reference), reports.reader())
    return _back_to(reference, "yours")


def _back_to(reference: str, part: str) -> ResponseReturnValue:
    return redirect(url_for(".status", reference=reference, _anchor=part), 303)


@bp.get("/reports/<reference>/confirm/<token>")
def confirm(reference: str, token: str) -> ResponseReturnValue:
    """Ask whether to confirm an address. Looking changes nothing, for mail servers look at every link."""
    try:
        email = links.confirmed_address(reference, token)
        line = reporter.contact(db.session(), reference)
        reports.must_be(email, line.reporter_email)
    except Gone as refusal:
        return _gone(reference, refusal)
    return _back_to(reference, "told") if line.email_confirmed_at else render_template("reader/confirm.html")


@bp.post("/reports/<reference>/confirm/<token>")
def confirmed(reference: str, token: str) -> ResponseReturnValue:
    """Confirm an address."""
    try:
        email = links.confirmed_address(reference, token)
        with transaction() as session:
            reports.confirm_contact(session, reports.by_reference(session, reference), email, reports.reader())
    except Gone as refusal:
        return _gone(reference, refusal)
    return _back_to(reference, "told")


def _gone(reference: str, refusal: Gone) -> ResponseReturnValue:
    return render_template("reader/gone.html", sentence=errors.words_of(refusal), reference=reference), refusal.status
