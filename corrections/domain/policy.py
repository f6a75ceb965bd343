"""Kinds of correction: which are notices and which only lines of the change log, who must agree, suggested wording."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from corrections.domain.actors import Role


class Kind(StrEnum):
    """What sort of correction it is."""

    TYPO = "typo"
    CORRECTION = "correction"
    CLARIFICATION = "clarification"
    EDITORS_NOTE = "editors_note"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True)
class Policy:
    """How a kind is published: as a notice or a line of the change log, by whom, and whether it must have a note."""

    notice: bool
    role: Role
    needs_note: bool
    needs_change: bool


POLICY: Final[Mapping[Kind, Policy]] = {
    Kind.TYPO: Policy(notice=False, role=Role.EDITOR, needs_note=False, needs_change=True),
    Kind.CORRECTION: Policy(notice=True, role=Role.EDITOR, needs_note=True, needs_change=True),
    Kind.CLARIFICATION: Policy(notice=True, role=Role.EDITOR, needs_note=True, needs_change=False),
    Kind.EDITORS_NOTE: Policy(notice=True, role=Role.EDITOR, needs_note=True, needs_change=False),
    Kind.RETRACTION: Policy(notice=True, role=Role.ADMIN, needs_note=True, needs_change=False),
}
