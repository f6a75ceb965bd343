"""Editors come, change roles and leave; the publication is described."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import factories
from corrections.db import transaction
from corrections.domain import limits
from corrections.domain.actors import Role
from corrections.domain.errors import IllegalMove, NotAllowed, Rejected
from corrections.models import Editor, Passkey, Publication
from corrections.services import editors, numbers, publications

ADMIN = factories.act(Role.ADMIN)


def add(
    session: Session, email: str = "kim@tide.example.org", name: str = "Kim Lee", role: Role = Role.EDITOR
) -> Editor:
    return editors.add(session, email, name, role, "a hash", ADMIN)


def test_there_is_nobody_at_first(session: Session) -> None:
    assert not editors.any_editor(session)
    add(session)
    assert editors.any_editor(session)


def test_an_editor_can_log_in_at_once(session: Session) -> None:
    editor = add(session, email=" Kim@Tide.example.ORG ", name="  Kim \n Lee ")
    assert (editor.email, editor.name, editor.role, editor.active) == (
        "kim@tide.example.org",
        "Kim Lee",
        Role.EDITOR,
        True,
    )
    assert len(editor.fs_uniquifier) == 64


def passkey() -> Passkey:
    return Passkey(
        credential_id=b"id",
        public_key=b"key",
        backup_state=False,
        device_type="single_device",
        create_datetime=ADMIN.at,
        lastuse_datetime=ADMIN.at,
        name="my phone",
        usage="secondary",
    )


def test_who_has_lost_the_second_step_gets_in_with_a_new_password_alone(session: Session) -> None:
    editor = add(session)
    for forget, passkeys in ((False, 1), (True, 0)):
        editor.tf_primary_method, editor.tf_totp_secret, editor.mf_recovery_codes = "authenticator", "secret", ["code"]
        if not editor.webauthn:
            editor.webauthn.append(passkey())
        session.flush()
        editors.set_password(session, editor, "a new hash", ADMIN, forget_second_step=forget)
        session.expire(editor)
        left = (editor.tf_primary_method, editor.tf_totp_secret, editor.mf_recovery_codes)
        assert left == ((None, None, None) if forget else ("authenticator", "secret", ["code"]))
        assert session.scalar(select(func.count()).select_from(Passkey)) == passkeys


@pytest.mark.parametrize(
    ("email", "name", "fields"),
    [
        ("nonsense", "Kim", {"email"}),
        ("KIM@tide.example.org", "Another Kim", {"email"}),
        ("new@tide.example.org", " ", {"name"}),
        ("new@tide.example.org", "x" * (limits.NAME + 1), {"name"}),
        ("", "", {"email", "name"}),
    ],
)
def test_who_cannot_be_added(session: Session, email: str, name: str, fields: set[str]) -> None:
    add(session)
    with pytest.raises(Rejected) as refusal:
        add(session, email=email, name=name)
    assert set(refusal.value.fields) == fields
    assert session.scalar(select(func.count()).select_from(Editor)) == 1


@pytest.mark.parametrize("role", [Role.TRIAGER, Role.EDITOR])
def test_only_admins_decide_on_people(session: Session, role: Role) -> None:
    editor, by = add(session), factories.act(role)
    with pytest.raises(NotAllowed):
        editors.add(session, "x@tide.example.org", "X", Role.TRIAGER, "hash", by)
    with pytest.raises(NotAllowed):
        editors.set_role(session, editor, Role.ADMIN, by)
    with pytest.raises(NotAllowed):
        editors.set_active(session, editor, by, active=False)


def test_somebody_who_leaves_is_logged_out_everywhere_and_can_come_back(session: Session) -> None:
    editor = add(session)
    before = editor.fs_uniquifier
    editors.set_active(session, editor, ADMIN, active=False)
    assert not editor.active
    assert editor.fs_uniquifier != before
    editors.set_active(session, editor, ADMIN, active=True)
    assert editor.active


def test_the_last_admin_stays(session: Session) -> None:
    last = add(session, role=Role.ADMIN)
    gone = add(session, email="gone@tide.example.org", role=Role.ADMIN)
    editors.set_active(session, gone, ADMIN, active=False)
    with pytest.raises(IllegalMove, match="last admin"):
        editors.set_role(session, last, Role.EDITOR, ADMIN)
    with pytest.raises(IllegalMove, match="last admin"):
        editors.set_active(session, last, ADMIN, active=False)
    editors.set_active(session, gone, ADMIN, active=True)
    editors.set_role(session, last, Role.EDITOR, ADMIN)
    assert last.role is Role.EDITOR


# The publication


def test_there_is_always_one_publication(session: Session) -> None:
    first = publications.get(session)
    assert first.name
    assert publications.get(session) is first


def test_a_publication_is_described(session: Session) -> None:
    publication = factories.make_publication(session, hosts=["https://cdn.example.org/x", " Tide.example.org ", ""])
    assert (publication.name, publication.home_url) == ("The Evening Tide", "https://tide.example.org/")
    assert publication.hosts == ["tide.example.org", "cdn.example.org"], "its own first, each once"


def test_what_is_not_said_stays_and_the_log_moves_on(session: Session, publication: Publication) -> None:
    version, revision = numbers.current(session, numbers.Name.LOG), publication.revision
    with transaction():
        publications.describe(session, publication, name="The Morning Tide", home_url=publication.home_url)
    assert (publication.name, publication.reply_address) == ("The Morning Tide", "desk@tide.example.org")
    assert publication.policy == "We correct errors as soon as we learn of them."
    assert numbers.current(session, numbers.Name.LOG) == version + 1
    assert publication.revision > revision


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hosts": ["www.tide.example.org", "[if]"]}, "hosts"),
        ({"hosts": ["<b>"]}, "hosts"),
        ({"name": "\n"}, "name"),
        ({"name": "x" * (limits.NAME + 1)}, "name"),
        ({"home_url": "tide"}, "home_url"),
        ({"home_url": "javascript:alert(1)"}, "home_url"),
        ({"reply_address": "tide"}, "reply_address"),
        ({"policy": "x" * (limits.POLICY + 1)}, "policy"),
        ({"licence": "x" * (limits.URL + 1)}, "licence"),
    ],
)
def test_a_description_that_does_not_do(session: Session, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejected) as refusal:
        factories.make_publication(session, **changes)
    assert list(refusal.value.fields) == [field]
