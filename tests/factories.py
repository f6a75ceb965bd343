"""Plain makers of test data, by the same verbs as in life. None of them commits but those that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import argon2
from sqlalchemy import select
from sqlalchemy.orm import Session

from corrections.db import transaction
from corrections.domain.actors import Act, Channel, Role
from corrections.domain.anchors import Anchor
from corrections.domain.articles import ArticleFacts
from corrections.domain.policy import Kind
from corrections.domain.states import Move, Resolution
from corrections.models import Article, Correction, Editor, Erratum, OutboxMessage, Publication, Report
from corrections.services import articles, editors, publications, publishing, reports, triage
from corrections.services.reports import NewReport
from corrections.services.triage import Said

PASSWORD = "a long password for tests"
PASSWORD_HASH = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
TITLE = "The ferry that crosses by moonlight"
TEXT = (
    "The ferry leaves Abbot's Quay at dusk and recieves its last passengers at nine.\n\n"
    "Its captain, Marta Lund, has held the tiller since 1987. The crossing takes eleven minutes.\n\n"
    "In winter the the boat stays ashore, and the island waits."
)

_numbers = count(1)


def act(
    role: Role | None = None,
    *,
    editor: Editor | None = None,
    at: datetime | None = None,
    channel: Channel = Channel.WEB,
) -> Act:
    """The act of an editor of this role, of this very editor, or (with neither) of a reader."""
    moment = {} if at is None else {"at": at}
    if editor is not None:
        return Act(channel=channel, label=editor.name, editor_id=editor.id, role=editor.role, **moment)
    return Act(channel=channel, label=role.value.title() if role is not None else "A reader", role=role, **moment)


def system_act(at: datetime | None = None) -> Act:
    """An act of the system itself, which may do all."""
    return act(channel=Channel.SYSTEM, at=at)


def make_publication(session: Session, **changes: Any) -> Publication:
    """The publication, described and committed."""
    facts = {
        "name": "The Evening Tide",
        "home_url": "https://tide.example.org/",
        "reply_address": "desk@tide.example.org",
        "policy": "We correct errors as soon as we learn of them.",
    }
    with transaction():
        publication = publications.get(session)
        publications.describe(session, publication, **{**facts, **changes})
    return publication


def make_editor(session: Session, role: Role = Role.EDITOR, **changes: Any) -> Editor:
    """An editor who can log in with PASSWORD."""
    number = next(_numbers)
    facts = {"email": f"{role.value}{number}@newsroom.test", "name": f"{role.value.title()} {number}"} | changes
    return editors.add(session, facts["email"], facts["name"], role, PASSWORD_HASH, system_act())


def make_editors(session: Session) -> dict[Role, Editor]:
    """One editor of each role, committed."""
    with transaction():
        return {
            role: make_editor(session, role, email=f"{role}@newsroom.test", name=f"Ed {role.title()}") for role in Role
        }


def make_article(session: Session, *, by: Act | None = None, **changes: Any) -> Article:
    """An article with a text; ``url=None`` for one without an address."""
    number = next(_numbers)
    facts = ArticleFacts(title=TITLE, url=f"https://tide.example.org/articles/{number}", text=TEXT)
    publication = publications.get(session)
    return articles.find_or_add(session, publication, replace(facts, **changes), by or system_act()).article


def new_report(**changes: Any) -> NewReport:
    """A report as a door makes it, about “recieves” in TEXT; ``quote`` is short for an anchor of these words."""
    quote = changes.pop("quote", "recieves")
    facts = NewReport(
        submission_key=f"key-{next(_numbers)}", article=TITLE, anchor=Anchor(exact=quote), corrected_text="receives"
    )
    return replace(facts, **changes)


def make_report(session: Session, *, by: Act | None = None, **changes: Any) -> Report:
    """A report of a reader, submitted; ``confirmed="ann@example.org"`` gives it an address that was confirmed."""
    confirmed = changes.pop("confirmed", "")
    by = by or reports.reader()
    report = reports.submit(session, new_report(email=confirmed or changes.pop("email", ""), **changes), by)
    if confirmed:
        reports.confirm_contact(session, report, confirmed, by)
    session.flush()
    return report


def make_erratum(session: Session, *, readers: int = 1, by: Act | None = None, **changes: Any) -> Erratum:
    """An erratum that so many readers reported in the same words."""
    made = [make_report(session, by=by, **changes) for _ in range(readers)]
    erratum = made[0].erratum
    assert erratum is not None
    session.flush()
    return erratum


def fix(session: Session, erratum: Erratum, *, corrected_text: str = "receives", by: Act | None = None) -> Erratum:
    """The erratum, fixed."""
    triage.move(session, erratum, Move.FIX, by or act(Role.EDITOR), Said(corrected_text=corrected_text))
    session.flush()
    return erratum


def reject(
    session: Session, erratum: Erratum, *, reason: str = "That is how it is spelt here.", by: Act | None = None
) -> Erratum:
    """The erratum, rejected as no error."""
    said = Said(resolution=Resolution.NOT_AN_ERROR, reason=reason)
    triage.move(session, erratum, Move.REJECT, by or act(Role.EDITOR), said)
    session.flush()
    return erratum


def publish(
    session: Session, errata: Erratum | Sequence[Erratum], *, by: Act | None = None, **changes: Any
) -> Correction:
    """A correction of fixed errata, published as a typo unless told otherwise."""
    chosen = [errata] if isinstance(errata, Erratum) else list(errata)
    draft = replace(publishing.draft(chosen[0]), **{"kind": Kind.TYPO, **changes})
    correction = publishing.publish(session, chosen, draft, by or act(Role.ADMIN))
    session.flush()
    return correction


def make_correction(session: Session, *, by: Act | None = None, **changes: Any) -> Correction:
    """A published correction with all that came before it: article, report, erratum, fix."""
    article = make_article(session, by=by)
    erratum = make_erratum(session, article=article.url, by=by)
    fix(session, erratum, by=by)
    return publish(session, erratum, by=by, **changes)


def mails(session: Session, *, to: str | None = None, template: str | None = None) -> list[OutboxMessage]:
    """The messages owed or sent, oldest first."""
    session.flush()
    found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [m for m in found if to in (None, m.recipient) and template in (None, m.template)]
