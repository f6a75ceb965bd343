"""The search words of the desk: ``is:verified on:"The ferry" kind:typo from:mail by:me`` and free text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.actors import Channel
from corrections.domain.anchors import AnchorState
from corrections.domain.errors import Rejected
from corrections.domain.matching import Certainty, title_key
from corrections.domain.policy import Kind
from corrections.domain.states import OPEN, Status
from corrections.domain.text import clean, folded
from corrections.models import ArticleName, Editor, Erratum, NameKind, Report
from corrections.queries import search

Member = TypeVar("Member", bound=StrEnum)

LARGEST: Final = 2**31 - 1  # what both databases hold as an integer
FEW: Final = 1_000  # as many as are quickly read and sorted
DECIDED: Final = (Status.FIXED, Status.REJECTED)
GROUPS: Final[Mapping[str, tuple[Status, ...]]] = {
    "open": tuple(status for status in Status if status in OPEN),
    "decided": DECIDED,
    "any": tuple(Status),
}
_TOKEN: Final = re.compile(r'([A-Za-z]+):("[^"]*"|[^\s"/][^\s"]*)|"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Asked:
    """What was searched for: ``statuses`` is None where no ``is:`` word names one; all conditions must hold.

    Where few errata have the free text they are named by their ids, and where many do it is one of the conditions.
    """

    statuses: tuple[Status, ...] | None
    conditions: tuple[ColumnElement[bool], ...]
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Asker:
    session: Session
    editor_id: int


def parse(session: Session, typed: str, editor_id: int) -> Asked:
    """Read what was typed; ``editor_id`` is who ``by:me`` means. Raises Rejected for the field ``q``."""
    statuses: tuple[Status, ...] | None = None
    conditions: list[ColumnElement[bool]] = []
    free: list[str] = []
    asker = _Asker(session, editor_id)
    for word, value, quoted, plain in _TOKEN.findall(clean(typed, limits.SEARCH)):
        if not word:
            free.append(quoted or plain)
            continue
        name, wanted = word.lower(), value.strip('"').strip()
        if name == "is" and (named := _statuses(wanted)) is not None:
            statuses = named if statuses is None else tuple(status for status in statuses if status in named)
        elif name in WORDS:
            conditions.append(WORDS[name](asker, wanted))
        else:
            raise _unknown(
                "There is no search word “%(word)s:”. There are: %(known)s.",
                word=word,
                known=_list(f"{w}:" for w in WORDS),
            )
    text = " ".join(free).strip()
    if not text:
        return Asked(statuses, tuple(conditions))
    number = _number(text)
    if (ids := search.few_errata(session, text, number, FEW)) is not None:
        return Asked(statuses, tuple(conditions), tuple(ids))
    found = search.erratum_matches(session, text)
    return Asked(statuses, (*conditions, or_(Erratum.number == number, found) if number is not None else found))


def _unknown(sentence: str, **values: str) -> Rejected:
    return Rejected(sentence, {"q": sentence}, **values)


def _list(words: object) -> str:
    return ", ".join(map(str, words))  # type: ignore[call-overload] # any iterable of words


def _statuses(value: str) -> tuple[Status, ...] | None:
    plain = value.lower().replace("-", "_").replace(" ", "_")
    if plain in GROUPS:
        return GROUPS[plain]
    return (Status(plain),) if plain in set(Status) else None


def _member(word: str, value: str, enumeration: type[Member], more: tuple[str, ...] = ()) -> Member:
    plain = value.lower().replace("-", "_").replace(" ", "_")
    if plain not in set(enumeration):
        known = _list((*enumeration, *more))
        raise _unknown(
            "“%(word)s:” does not know “%(value)s”. It knows: %(known)s.", word=word, value=value, known=known
        )
    return enumeration(plain)


def _is(asker: _Asker, value: str) -> ColumnElement[bool]:  # noqa: ARG001 - all words have one signature
    plain = value.lower()
    if plain in set(Certainty):
        return Erratum.certainty == Certainty(plain)
    return Erratum.anchor_state == _member("is", value, AnchorState, (*Certainty, *Status, *GROUPS))


def _on(asker: _Asker, value: str) -> ColumnElement[bool]:  # noqa: ARG001 - all words have one signature
    """Of an article with a title or an address, present or earlier, that has this in it."""
    titled = (ArticleName.kind == NameKind.TITLE) & ArticleName.key.contains(title_key(value), autoescape=True)
    addressed = (ArticleName.kind == NameKind.URL) & ArticleName.text.icontains(value, autoescape=True)
    articles = select(ArticleName.article_id).where(titled | addressed)
    unplaced = Erratum.article_id.is_(None) & Erratum.article_as_given.icontains(value, autoescape=True)
    return Erratum.article_id.in_(articles) | unplaced


def _kind(asker: _Asker, value: str) -> ColumnElement[bool]:  # noqa: ARG001 - all words have one signature
    return Erratum.kind == _member("kind", value, Kind)


def _from(asker: _Asker, value: str) -> ColumnElement[bool]:  # noqa: ARG001 - all words have one signature
    channel = _member("from", value, Channel)
    return exists().where(Report.erratum_id == Erratum.id, Report.channel == channel)


def _by(asker: _Asker, value: str) -> ColumnElement[bool]:
    plain = folded(value)
    if plain == "me":
        return Erratum.assignee_id == asker.editor_id
    if plain == "nobody":
        return Erratum.assignee_id.is_(None)
    people = asker.session.execute(select(Editor.id, Editor.name, Editor.email)).all()
    found = [person.id for person in people if plain in folded(person.name) or person.email.startswith(plain)]
    if not found:
        raise _unknown("No editor is called “%(value)s”. Say by:me, by:nobody or a name.", value=value)
    return Erratum.assignee_id.in_(found)


def _number(text: str) -> int | None:
    """The number of an erratum that the text may be, written 12 or #12."""
    digits = text.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() and int(digits) <= LARGEST else None


WORDS: Final[Mapping[str, Callable[[_Asker, str], ColumnElement[bool]]]] = {
    "is": _is,
    "on": _on,
    "kind": _kind,
    "from": _from,
    "by": _by,
}
