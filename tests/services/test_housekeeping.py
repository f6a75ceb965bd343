"""What time brings: hashes of senders go, what was held comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

import factories
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.states import Move, Status
from corrections.models import Event, EventKind
from corrections.services import housekeeping, triage
from corrections.services.triage import Said

pytestmark = pytest.mark.usefixtures("publication")


def test_the_hash_of_a_sender_goes_when_no_quota_needs_it(session: Session) -> None:
    with transaction():
        report = factories.make_report(session, sender="5e4de7")
    kept = report.received_at + limits.QUOTA_WINDOW
    with transaction():
        housekeeping.forget_senders(session, kept)
    session.expire_all()
    assert report.sender == "5e4de7"
    with transaction():
        housekeeping.forget_senders(session, kept + timedelta(seconds=1))
    session.expire_all()
    assert report.sender == ""


def test_what_was_held_comes_back_on_its_day(session: Session) -> None:
    with transaction():
        erratum = factories.make_report(session).erratum
        assert erratum is not None
        editor = factories.act(editor=factories.make_editor(session))
        triage.move(session, erratum, Move.HOLD, editor, Said(until=date(2026, 5, 10)))
        assert housekeeping.wake_held(session, editor.at, date(2026, 5, 9)) == 0
        assert erratum.status is Status.HELD
        assert housekeeping.wake_held(session, editor.at, date(2026, 5, 10)) == 1
        session.flush()
    assert erratum.status is Status.VERIFIED
    assert erratum.held_until is None
    last = session.scalars(sa.select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert (last.kind, last.note, last.editor_id) == (EventKind.VERIFIED, "held until 2026-05-10", None)
