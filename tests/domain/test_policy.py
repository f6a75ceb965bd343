"""Which kind of correction is a notice, who must agree, what it cannot do without."""

from __future__ import annotations

from corrections.domain.actors import Role
from corrections.domain.policy import POLICY, Kind


def test_every_kind_has_a_policy() -> None:
    assert set(POLICY) == set(Kind)


def test_only_typos_are_mere_lines_of_the_change_log() -> None:
    assert {kind for kind, policy in POLICY.items() if not policy.notice} == {Kind.TYPO}


def test_a_typo_needs_no_words_and_everything_else_does() -> None:
    assert {kind for kind, policy in POLICY.items() if not policy.needs_note} == {Kind.TYPO}


def test_a_retraction_is_an_admins_and_nothing_is_a_triagers() -> None:
    assert {kind for kind, policy in POLICY.items() if policy.role is Role.ADMIN} == {Kind.RETRACTION}
    assert all(policy.role.reaches(Role.EDITOR) for policy in POLICY.values())


def test_words_change_in_typos_and_corrections() -> None:
    assert {kind for kind, policy in POLICY.items() if policy.needs_change} == {Kind.TYPO, Kind.CORRECTION}
