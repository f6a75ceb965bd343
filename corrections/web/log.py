"""The public log: what was corrected, newest first, entry by entry and article by article."""

from typing import Final, cast

from flask import Blueprint, Flask, render_template
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from corrections import links
from corrections.domain.policy import POLICY, Kind
from corrections.queries import log
from corrections.web import entries, moments, public
from corrections.web.filters import query_of, wanted
from corrections.web.linked import linked_data
from corrections.web.page import publication
from corrections.web.wording import KINDS

bp = Blueprint("log", __name__)

MEANINGS: Final = {
    Kind.TYPO: _("A slip that misled nobody, such as a misspelt word."),
    Kind.CORRECTION: _("A fact was wrong."),
    Kind.CLARIFICATION: _("What we wrote could mislead."),
    Kind.EDITORS_NOTE: _("Something that readers of the article should know."),
    Kind.RETRACTION: _("We no longer stand by the article."),
}


@bp.record_once
def plug_in(state: BlueprintSetupState) -> None:
    """Give the application what these pages need of it."""
    app = cast("Flask", state.app)
    public.init_app(app)
    moments.init_app(app)


@bp.get("/")
def index() -> ResponseReturnValue:
    """The log, newest first."""
    asked = wanted()

    def render(session: Session) -> str:
        found = log.page(session, asked)
        return render_template(
            "log/index.html",
            days=entries.by_day(entries.entries_of(found.lines, publication().tag_authority)),
            total=found.total,
            more=found.more,
            asked=asked,
            query=query_of(asked),
            next_query=query_of(asked, before=found.next_before) if found.next_before else None,
            kinds=KINDS.items(),
            years=public.fact("years", lambda: log.years(session, asked.zone)),
            canonical=links.absolute("log.index", **query_of(asked, before=asked.before)),
        )

    return public.answer(render, query_of(asked, before=asked.before))


@bp.get("/corrections/<int:number>")
def correction(number: int) -> ResponseReturnValue:
    """One entry for good, with what it took the place of and what took its place."""

    def render(session: Session) -> str:
        shown = publication()
        lines = log.history(session, number)
        history = entries.entries_of(lines, shown.tag_authority)
        entry = next(found for found in history if found.number == number)
        page = links.absolute("log.article", slug=entry.slug)
        return render_template(
            "log/correction.html",
            entry=entry,
            history=history,
            newest=history[-1],
            linked_data=linked_data(lines[0], [entry], shown, page),
        )

    return public.answer(render)


@bp.get("/articles/<slug>")
def article(slug: str) -> ResponseReturnValue:
    """One article's corrections."""
    asked = wanted()

    def render(session: Session) -> str:
        line = log.article(session, slug)
        found = log.page(session, wanted(line.id))
        shown = publication()
        listed = entries.entries_of(found.lines, shown.tag_authority)
        page = links.absolute("log.article", slug=slug)
        return render_template(
            "log/article.html",
            article=line,
            days=entries.by_day(listed),
            total=found.total,
            more=found.more,
            asked=asked,
            next_query=query_of(asked, before=found.next_before) if found.next_before else None,
            page=page,
            linked_data=linked_data(line, listed, shown, page),
        )

    return public.answer(render, query_of(asked, before=asked.before))


@bp.get("/policy")
def policy() -> ResponseReturnValue:
    """How the publication corrects."""
    kinds = [(KINDS[kind], meaning, POLICY[kind].notice) for kind, meaning in MEANINGS.items()]
    canonical = links.absolute("log.policy")
    return public.answer(lambda __: render_template("log/policy.html", kinds=kinds, canonical=canonical))
