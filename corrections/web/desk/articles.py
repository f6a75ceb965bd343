"""The articles we know: their names, their texts as captured, their errata."""

from flask import render_template
from flask.typing import ResponseReturnValue

from corrections.db import db
from corrections.models import NameKind
from corrections.queries import newsroom
from corrections.web import wording
from corrections.web.desk import asking, bp, lines


@bp.get("/articles")
def articles() -> ResponseReturnValue:
    """All of them, or those with these words in a title, or the one at this address."""
    session, typed, after = db.session(), asking.words(), asking.number("after")
    return render_template(
        "desk/articles.html",
        typed=typed,
        after=after,
        total=newsroom.article_count(session, typed),
        found=newsroom.article_list(session, typed, after),
    )


@bp.get("/articles/<slug>")
def article(slug: str) -> ResponseReturnValue:
    """One of them."""
    session, after = db.session(), asking.number("after")
    found = newsroom.article(session, slug)
    names = newsroom.names_of(session, found.id)
    return render_template(
        "desk/article.html",
        article=found,
        titles=[line for line in names if line.kind is NameKind.TITLE],
        addresses=[line for line in names if line.kind is NameKind.URL],
        snapshots=newsroom.snapshots_of(session, found.id),
        errata=newsroom.errata_in(session, found.id, after),
        after=after,
        wording=wording,
        change=lines.Lines().change,
    )
