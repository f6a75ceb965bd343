"""What every template may use: the publication, versioned addresses of static files, dates, languages."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, url_for
from flask_babel import Babel, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from sqlalchemy import select

from corrections.db import db
from corrections.models import Publication

babel = Babel()


@dataclass(frozen=True, slots=True)
class Shown:
    """What pages show of the publication. ``revision`` changes whenever one of these does."""

    name: str
    home_url: str
    licence: str
    reply_address: str
    policy: str
    tag_authority: str
    locale: str
    direction: str
    revision: int


def init_app(app: Flask) -> None:
    """Plug in translations and what templates use."""
    babel.init_app(app, locale_selector=lambda: current_app.config["LOCALE"])
    app.context_processor(lambda: {"publication": publication()})
    versions: dict[str, str] = {}

    def static_url(name: str) -> str:
        if name not in versions:
            content = (Path(app.static_folder or "") / name).read_bytes()
            versions[name] = hashlib.sha256(content).hexdigest()[:12]
        return url_for("static", filename=name, v=versions[name])

    app.jinja_env.globals.update(static_url=static_url, _=translated)
    app.jinja_env.filters["numberformat"] = lambda number: written(number, get_locale())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


@pass_eval_context
def translated(evaluated: EvalContext, sentence: str, /, **values: Any) -> str:
    """What ``_()`` is in templates: Jinja's new-style gettext without its detours, for a page has thirty sentences."""
    said = _translations().ugettext(sentence)
    return (Markup(said) if evaluated.autoescape else said) % values  # noqa: S704 - sentences are ours, values get escaped


@lru_cache(maxsize=1024)
def written(number: int, language: Locale | None) -> str:
    """A number with the signs between its thousands; pages are full of the same few."""
    return str(format_decimal(number, locale=language))


def _translations() -> Translations | NullTranslations:
    """Those of the present language, looked for once and not for every sentence."""
    language = get_locale()
    if language is None:
        return NullTranslations()
    kept = g.get("translations")
    if kept is None or kept[0] is not language:
        g.translations = kept = (language, get_translations())
    found: Translations | NullTranslations = kept[1]
    return found


def without_database() -> None:
    """Let what is rendered from here on in this request do without the database: it may be what failed."""
    g.publication = _shown("", "", "", "", "", "", 0)


_KEPT: Final = Publication.__table__.c
_PUBLICATION: Final = (
    select(
        _KEPT.name,
        _KEPT.home_url,
        _KEPT.licence,
        _KEPT.reply_address,
        _KEPT.policy,
        _KEPT.tag_authority,
        _KEPT.revision,
    )
    .order_by(_KEPT.id)
    .limit(1)
)


def publication() -> Shown:
    """The publication as it is now, or as this page found it; a nameless one before there is any."""
    if "publication" in g:
        kept: Shown = g.publication
        return kept
    row = db.session.execute(_PUBLICATION).one_or_none()
    return _shown(*(row or ("", "", "", "", "", "", 0)))


def _shown(
    name: str, home_url: str, licence: str, reply_address: str, policy: str, tag_authority: str, revision: int
) -> Shown:
    locale = Locale.parse(current_app.config["LOCALE"].replace("-", "_"))
    return Shown(
        name=name,
        home_url=home_url,
        licence=licence,
        reply_address=reply_address,
        policy=policy,
        tag_authority=tag_authority,
        locale=str(locale).replace("_", "-"),
        direction=locale.text_direction,
        revision=revision,
    )
