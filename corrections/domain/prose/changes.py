"""What should change, from the words of a report: every way to understand it, likeliest first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from corrections.domain.prose import languages
from corrections.domain.prose.operands import Operand, Operands, is_trail
from corrections.domain.prose.pairing import ALIKE, NOBODY, likeness, pairs
from corrections.domain.prose.patterns import any_of, becomes, compiled, spaced, words
from corrections.domain.prose.report import Piece
from corrections.domain.sayings import Change

MOST: Final = 8  # ways to understand one error
_MATCHES: Final = 40  # of one kind of phrase that are looked at
_ROOM: Final = 60  # characters between a phrase and the quotation it is about
_ARTICLE: Final = re.compile(r"\A(?:the|an?|der|die|das|le|la|les|el|los|il|het|de|o) ", re.IGNORECASE)
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")
_BETWEEN: Final = 300  # characters between the two halves of "replace X with Y"

_SUBSTITUTE: Final = re.compile(r"(?<![^\W_])s([/|#])([^/|#\n]{1,200})\1([^/|#\n]{0,200})(?:\1[gi]*|(?=\s|\Z))")
_BECOMES: Final = re.compile(becomes())
_INSTEAD: Final = compiled(languages.INSTEAD)
_MISTAKEN: Final = compiled(languages.MISTAKEN)
_IN: Final = re.compile(r"\s+(?:in|im|dans|en|nel|em|в)(?:\s+(?:the|der|dem|la|el|de|a)?\s*\w{0,12})?\s*\Z")
_NOT: Final = re.compile(rf"(?:{spaced(any_of(languages.NOT))})(?![^\W_])")
_WROTE: Final = re.compile(
    words("wrote|write|writes|says|said|reads|have|has|used|printed|typed|put|steht|schreiben|schrieben|écrit|écrivez|"
          "dice|escribieron|escrito|pone|scritto|scrivete|staat|schreef|schrijft|escreveram|diz|написано|написали")
)  # fmt: skip
_SHOULD: Final = re.compile(
    words("should|must|ought|use|please|correct|right|richtig|sollte|muss|devrait|doit|faut|debe|debería|dovrebbe|deve|"
          "moet|deveria|должно|надо|следует|правильно")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """Ways to understand one phrase, from where to where it reaches; ``rank`` 0 is the surest.

    ``firm``: it says both what stands there and how it should read, so that two of them are two errors.
    """

    ways: tuple[Change, ...]
    start: int
    end: int
    rank: int
    firm: bool = False


def proposals(piece: Piece, titles: frozenset[int]) -> list[Proposal]:
    """The phrases of the piece that tell a wrong and a right wording, or a right one only; surest first."""
    operands = piece.operands(titles)
    found = [*_substituted(piece), *_around(piece, operands), *_between(piece, operands), *_instead(piece, operands)]
    found += [*_negated(piece, operands), *_mistaken(piece, operands)]
    return sorted(found, key=lambda one: (one.rank, one.start))


def only_phrases(piece: Piece) -> bool:
    """Whether a line holds nothing but a phrase such as "it should read" with its wordings elsewhere."""
    return not _BECOMES.sub("", piece.covered).strip(" \t:.,")


def _substituted(piece: Piece) -> Iterator[Proposal]:
    for match in islice(_SUBSTITUTE.finditer(piece.text), _MATCHES):
        change = Change(original=match.group(2), corrected=match.group(3))
        yield Proposal((change,), match.start(), match.end(), 0, firm=True)


def _between(piece: Piece, operands: Operands) -> Iterator[Proposal]:
    """X should be Y."""
    for match in islice(_BECOMES.finditer(piece.covered), _MATCHES):
        before, behind = operands.before(_begins(piece, match)), operands.behind(match.end())
        if behind is None or _speaks_of_nobody(before, behind):
            continue
        if before and before.quoted and is_trail(behind.ways[0]) and _are_unlike(before, behind):
            yield from _verb_behind(operands, before, match)
            continue
        if (said := _not_but(before, behind, match.start())) is not None:
            yield said
        if before is None:
            ways: tuple[Change, ...] = tuple(Change(corrected=way) for way in behind.ways[:2])
            yield Proposal(ways, match.start(), behind.end, 4)
            continue
        found = _paired(before, behind, match)
        if (inner := _inside(piece, operands, before)) is not None and found.ways:
            right = _replaced(before.ways[0], inner, behind.ways[0])
            found = replace(found, ways=(Change(original=before.ways[0], corrected=right), *found.ways))
        yield found


def _not_but(before: Operand | None, behind: Operand, start: int) -> Proposal | None:
    """It should be Y, not X: what stands before only says what is spoken of."""
    whole = max(behind.ways, key=len)
    negation = _NOT.search(whole.lower())
    if behind.quoted or (before is not None and before.quoted) or negation is None:
        return None
    wrong, right = whole[negation.end() :].strip(" \t.,;:!?"), whole[: negation.start()].strip(" \t,")
    size = len(wrong.split())
    change = Change(original=wrong, corrected=" ".join(right.split()[:size]))
    if not wrong or likeness(change) < ALIKE:
        return None
    rest = " ".join([wrong, *right.split()[size:]])
    ways = [Change(original=rest, corrected=right)] if rest != wrong else []
    shorter = _ARTICLE.sub("", wrong), _ARTICLE.sub("", change.corrected)
    ways += [change, Change(original=shorter[0], corrected=shorter[1])]
    return Proposal(tuple(dict.fromkeys(ways)), before.start if before else start, behind.end, 1, firm=True)


def _begins(piece: Piece, match: re.Match[str]) -> int:
    """Where a phrase begins; behind its pronoun, where that is a word which stands twice: "that that should be"."""
    word = _FIRST_WORD.match(match.group())
    is_twice = word is not None and piece.covered[: match.start()].split()[-1:] == [word.group()]
    return match.start() + (word.end() if word and is_twice else 0)


def _are_unlike(before: Operand, behind: Operand) -> bool:
    return all(likeness(Change(original=before.ways[0], corrected=way)) < ALIKE for way in behind.ways)


def _speaks_of_nobody(before: Operand | None, behind: Operand) -> bool:
    """Whether "there should be" only begins a sentence, and is not the word that is wrong: "there should be their"."""
    if before is None or before.quoted or before.ways[0].lower() not in NOBODY:
        return False
    return _are_unlike(before, behind)


def _verb_behind(operands: Operands, right: Operand, match: re.Match[str]) -> Iterator[Proposal]:
    """X, where Y should stand: the verb is the last word."""
    wrong = operands.before(right.start)
    if wrong is None or not wrong.quoted:
        yield Proposal(tuple(Change(corrected=way) for way in right.ways), right.start, match.end(), 2)
    else:
        yield _paired(wrong, right, match)


def _inside(piece: Piece, operands: Operands, before: Operand) -> str | None:
    """The part of a quotation that is meant: the "a" in "a sentence"."""
    joint = _IN.search(piece.covered[max(0, before.start - _ROOM) : before.start]) if before.quoted else None
    if joint is None:
        return None
    inner = operands.before(before.start - len(joint.group()))
    found = inner is not None and inner.quoted and _replaced(before.ways[0], inner.ways[0], "") != before.ways[0]
    return inner.ways[0] if inner and found else None


def _replaced(whole: str, part: str, other: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", lambda _: other, whole, count=1)


def _mistaken(piece: Piece, operands: Operands) -> Iterator[Proposal]:
    """Y is misspelled as X."""
    for match in islice(_MISTAKEN.finditer(piece.covered), _MATCHES):
        right, wrong = operands.before(match.start()), operands.behind(match.end())
        if right is not None and wrong is not None:
            found = _paired(wrong, right, match, weak=not (right.quoted or wrong.quoted))
            yield replace(found, start=min(right.start, found.start), end=max(wrong.end, match.end()))


def _paired(before: Operand, behind: Operand, match: re.Match[str], *, weak: bool = False) -> Proposal:
    ways = pairs(before, behind)
    likely = likeness(ways[0]) if ways else 0.0
    quoted = before.quoted + behind.quoted
    rank = 2 - quoted if likely >= ALIKE or quoted == 2 else 3 - quoted + weak  # noqa: PLR2004 - both of them
    firm = not weak and (quoted == 2 or likely >= ALIKE)  # noqa: PLR2004 - both of them
    start, end = min(before.start, match.start()), max(behind.end, match.end())
    return Proposal(tuple(ways), start, end, rank, firm=firm and bool(ways))


def _instead(piece: Piece, operands: Operands) -> Iterator[Proposal]:
    """X instead of Y: what stands before was written, unless a word there says that it should be."""
    for match in islice(_INSTEAD.finditer(piece.covered), _MATCHES):
        before, behind = operands.before(match.start()), operands.behind(match.end())
        if before is None or behind is None:
            continue
        lead = piece.covered[max(0, before.start - 60) : before.start + (0 if before.quoted else 30)]
        wrote, should = _last(_WROTE, lead), _last(_SHOULD, lead)
        found = _paired(before, behind, match)
        turned = tuple(replace(way, original=way.corrected, corrected=way.original) for way in found.ways)
        if should > wrote:
            ways = turned
        elif wrote > should:
            ways = found.ways
        else:
            ways = tuple(replace(way, either_way=True) for way in found.ways)
        yield replace(found, ways=ways, rank=max(0, found.rank - 1))


def _negated(piece: Piece, operands: Operands) -> Iterator[Proposal]:
    """Y, not X; and of a quotation: "...": Y, not X."""
    for match in islice(_NOT.finditer(piece.covered), _MATCHES):
        before, behind = operands.before(match.start(), bare_first=True), operands.behind(match.end())
        if before is None or behind is None:
            continue
        found = _paired(behind, before, match, weak=True)
        if not found.ways or (likeness(found.ways[0]) < ALIKE and not (before.quoted and behind.quoted)):
            continue
        ways = [replace(way, either_way=True) for way in found.ways[:2]]
        firm = before.quoted and behind.quoted
        quotation = operands.before(before.start)
        if quotation is not None and quotation.quoted and quotation.start < before.start:
            whole = quotation.ways[0]
            wrong = next((way for way in ways if _replaced(whole, way.original, "") != whole), None)
            if wrong is not None:
                right = _replaced(whole, wrong.original, wrong.corrected)
                ways = [Change(original=whole, corrected=right), replace(wrong, either_way=False)]
                firm = True
        start = min(before.start, quotation.start) if quotation and quotation.quoted else before.start
        yield Proposal(tuple(ways), start, behind.end, 1 if firm else 2, firm=firm)


def _last(expression: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in expression.finditer(text)), default=-1)


_AROUND: Final = [
    (
        re.compile(words(first)),
        re.compile(rf"(?:{spaced(second)})(?![^\W_])[\s:]+"),
        first in {"from", "not", r"(?:shouldn't|should not|should|isn't|must)", "не", "(?:nicht)", "aus", "(?:niet)"},
    )
    for rows in languages.AROUND.values()
    for first, second in rows
]


def _around(piece: Piece, operands: Operands) -> Iterator[Proposal]:
    """Replace X with Y."""
    for first, second, weak in _AROUND:
        for opening in islice(first.finditer(piece.covered), _MATCHES // 2):
            limit = opening.end() + _BETWEEN
            halves = islice(second.finditer(piece.covered, opening.end() + 1, limit), 4)
            options = [option for half in halves if (option := _halved(piece, operands, opening, half)) is not None]
            options = [
                option for option in options if not weak or likeness(option.ways[0]) >= ALIKE or option.rank == 0
            ]
            if options:
                yield max(options, key=_fitness)


def _fitness(option: Proposal) -> tuple[bool, int, float]:
    """A word that stands twice first, then the surest, then what is most alike."""
    likeliest = option.ways[0]
    twice = likeliest.original.split() == 2 * likeliest.corrected.split()
    return twice, -option.rank, likeness(likeliest)


def _halved(piece: Piece, operands: Operands, opening: re.Match[str], half: re.Match[str]) -> Proposal | None:
    if "\n" in piece.covered[opening.end() : half.start()]:
        return None
    inside = [span for span in operands.spans if opening.end() <= span.start and span.end <= half.start()]
    behind = operands.behind(half.end())
    before: Operand | None = None
    if len(inside) == 1 and max(inside[0].start - opening.end(), half.start() - inside[0].end) <= _ROOM:
        before = operands.before(inside[0].end)
    elif not inside:
        start = operands.led_in(opening.end(), half.start())
        ways = [piece.text[at : half.start()].strip(" \t,;:") for at in (start, opening.end())]
        before = Operand(tuple(filter(None, ways)), start, half.start(), quoted=False) if any(ways) else None
    if before is None or behind is None:
        return None
    found = _paired(before, behind, half)
    return replace(found, start=opening.start()) if found.ways else None
