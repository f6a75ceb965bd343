"""The table of moves, written out a second time from the manual: what may follow what, by whom."""

from __future__ import annotations

from itertools import product

import pytest

from corrections.domain.actors import Role
from corrections.domain.errors import IllegalMove, NotAllowed, Rejected
from corrections.domain.states import MISSING, OPEN, RULES, Move, Need, Status, moves_from, require, target_of

TABLE = """
verify: reported needs_info held -> verified by triager
ask: reported verified -> needs_info by triager
hold: reported verified -> held by editor
reject: reported needs_info verified held -> rejected by triager
fix: reported verified -> fixed by editor
reopen: fixed rejected -> verified by editor
"""


def _read(line: str) -> tuple[Move, set[Status], Status, Role]:
    move, rest = line.split(": ")
    sources, rest = rest.split(" -> ")
    target, role = rest.split(" by ")
    return Move(move), {Status(word) for word in sources.split()}, Status(target), Role(role)


MANUAL = {move: (sources, target, role) for move, sources, target, role in map(_read, TABLE.strip().splitlines())}


def test_the_table_is_the_manuals() -> None:
    assert {move: (set(rule.sources), rule.target, rule.role) for move, rule in RULES.items()} == MANUAL


@pytest.mark.parametrize(("move", "status", "role"), list(product(Move, Status, [*Role, None])))
def test_every_move_from_every_status_by_every_role(move: Move, status: Status, role: Role | None) -> None:
    sources, target, least = MANUAL[move]
    if role is not None and not role.reaches(least):
        with pytest.raises(NotAllowed):
            target_of(move, status, role)
    elif status not in sources:
        with pytest.raises(IllegalMove, match=status.value):
            target_of(move, status, role)
    else:
        assert target_of(move, status, role) is target


@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_the_desk_offers_exactly_what_can_be_done(status: Status, role: Role) -> None:
    possible = []
    for move in Move:
        try:
            target_of(move, status, role)
        except (IllegalMove, NotAllowed):
            continue
        possible.append(move)
    assert moves_from(status, role) == possible


def test_nothing_can_be_done_with_what_was_merged_but_to_undo_it() -> None:
    assert moves_from(Status.MERGED, Role.ADMIN) == []


def test_what_is_open_can_be_decided() -> None:
    assert {status for status in Status if Move.REJECT in moves_from(status, Role.TRIAGER)} == OPEN


def test_roles_contain_one_another() -> None:
    assert [[a.reaches(b) for b in Role] for a in Role] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


@pytest.mark.parametrize("move", Move)
def test_what_a_move_needs_is_asked_for_at_its_field(move: Move) -> None:
    require(move, given=True)
    if move is Move.VERIFY:
        require(move, given=False)
        return
    with pytest.raises(Rejected) as refusal:
        require(move, given=False)
    field, sentence = MISSING[RULES[move].needs]
    assert refusal.value.fields == {field: sentence}


def test_every_need_has_its_sentence() -> None:
    assert set(MISSING) == set(Need) - {Need.NOTHING}
