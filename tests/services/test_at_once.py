"""Readers and editors do things at the same moment: real processes on one database."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
import processes
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.states import Status
from corrections.models import Erratum, ErratumCount, Report

REPORT = """
import factories
for _ in range(8):
    with transaction() as session:
        made = factories.make_report(session, submission_key=f"{ME}-{_}", article=ARTICLE)
        number = made.erratum.number
    print(number)
"""


@pytest.mark.parametrize("article", [factories.TITLE, "An article that nobody knows"])
@pytest.mark.usefixtures("editors", "publication")
def test_readers_at_once_are_on_one_erratum_and_nobody_is_lost(session: Session, database: str, article: str) -> None:
    with transaction():
        factories.make_article(session)
    said = processes.at_once(f"ARTICLE = {article!r}\n{REPORT}", database, times=2)
    assert {number for lines in said for number in lines} == {"1"}
    assert session.scalar(select(func.count()).select_from(Report)) == 16
    erratum = session.scalars(select(Erratum)).one()
    assert erratum.report_count == 16
    kept = session.get_one(ErratumCount, Status.REPORTED)
    assert kept.n == 1
    assert len(factories.mails(session, template="editor_new_erratum")) == len(Role)


NUMBERS = """
from corrections.services import numbers
for _ in range(25):
    with transaction() as session:
        taken = numbers.take(session, numbers.Name.ERRATUM)
    print(taken)
"""


@pytest.mark.usefixtures("session")
def test_numbers_are_given_once_and_without_gaps(database: str) -> None:
    taken = processes.at_once(NUMBERS, database, times=2)
    assert sorted(int(number) for lines in taken for number in lines) == list(range(1, 51))


DECIDE = """
import factories
from corrections.domain.errors import CorrectionsError
from corrections.models import Erratum
from sqlalchemy import select
try:
    with transaction() as session:
        erratum = session.scalars(select(Erratum)).one()
        (factories.fix if ME else factories.reject)(session, erratum)
    print("done")
except CorrectionsError as refusal:
    print(type(refusal).__name__)
"""


@pytest.mark.usefixtures("publication")
def test_two_editors_cannot_both_decide(session: Session, database: str) -> None:
    with transaction():
        factories.make_erratum(session)
    said = sorted(line for lines in processes.at_once(DECIDE, database, times=2) for line in lines)
    assert said in (["Stale", "done"], ["IllegalMove", "done"])
    session.expire_all()
    assert session.scalars(select(Erratum.status)).one() in {Status.FIXED, Status.REJECTED}
