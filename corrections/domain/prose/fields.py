"""What the fields of a form say, which people fill with prose as well."""

from dataclasses import replace
from typing import Final

from corrections.domain.anchors import Anchor
from corrections.domain.prose import naming
from corrections.domain.prose.addresses import addresses_in
from corrections.domain.prose.changes import MOST
from corrections.domain.prose.errors import errors_in
from corrections.domain.prose.hints import hints_in
from corrections.domain.prose.letter import clean
from corrections.domain.prose.operands import Operands
from corrections.domain.prose.report import Piece
from corrections.domain.prose.understanding import ordered
from corrections.domain.sayings import Change, Saying

_CLUES: Final = 6


def read_fields(article: str, url: str, anchor: Anchor, corrected: str, notes: str) -> Saying:
    """What a form says of one error; its first change is the fields taken literally."""
    exact, right = clean(anchor.exact), corrected.strip()
    piece, remark = Piece(exact), Piece(clean(notes))
    clues, author = _articles(article, url, piece, remark)
    literal = Change(original=anchor.exact, corrected=corrected)
    ways = [*_read_from(piece, right), *_remarked(remark, exact, right)]
    return Saying(
        articles=clues,
        author=author,
        changes=_with_literal(literal, ways) if literal.original or literal.corrected or ways else (),
        hints=tuple(dict.fromkeys([*hints_in(remark.covered), *hints_in(piece.covered)])),
        prefix=anchor.prefix,
        suffix=anchor.suffix,
        notes=notes,
    )


def _with_literal(literal: Change, ways: list[Change]) -> tuple[Change, ...]:
    if not literal.original and not literal.corrected:
        return ordered(ways)
    return tuple(dict.fromkeys([literal, *ordered([*ways, literal])]))[:MOST]


def _read_from(piece: Piece, right: str) -> list[Change]:
    """The field of the original text, read as prose; without a correction of its own it has that of the other field."""
    errors = errors_in(piece, frozenset())
    ways = list(errors[0].changes) if len(errors) == 1 else [change for error in errors for change in error.changes[:2]]
    if not right:
        return ways
    found = [
        replace(way, corrected=right) if way.original and not way.corrected else way for way in ways if way.original
    ]
    start = Operands(piece.text, piece.covered, piece.spans, piece.places).led_in(0, len(piece.text))
    if 0 < start < len(piece.text):
        found.append(Change(original=piece.text[start:].strip(), corrected=right))
    return found


def _remarked(remark: Piece, exact: str, right: str) -> list[Change]:
    """What the notes tell of a correction: "should be X"."""
    if not remark.text:
        return []
    told = [change for error in errors_in(remark, frozenset()) for change in error.changes]
    whole = [replace(change, original=exact) for change in told if exact and change.corrected and not change.original]
    complete = [change for change in told if change.original and (change.corrected or not exact)]
    return [*whole, *complete] if not right else complete


def _articles(article: str, url: str, piece: Piece, remark: Piece) -> tuple[tuple[str, ...], str]:
    given = article.strip()
    addresses = [url.strip(), *addresses_in(given)]
    titles, author = naming.spellings(given) if given and given not in addresses else ((), "")
    clues = [*addresses, given, *titles]
    if not any(clues):
        for part in (piece, remark):
            inside = naming.titles_inside(part)
            clues += [*addresses_in(part.text), *inside.sure.values(), *inside.bare, *inside.maybe.values()]
    return tuple(dict.fromkeys(clue for clue in clues if clue))[:_CLUES], author
