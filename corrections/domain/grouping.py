"""Are two reports about one error? By the place and by what would be changed there, not by how much was quoted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from corrections.domain.difference import word_difference
from corrections.domain.fragments import as_corrected
from corrections.domain.occurrences import Span, cuts_word
from corrections.domain.sayings import Change, Hint
from corrections.domain.text import folded, sentence_around

_ONE_SENTENCE: Final = 600  # characters of a quote without correction that may still speak of one error in it
_APART: Final = 20  # characters between two quotes beyond which they cannot mean one change
_SHORT: Final = 40  # characters of a quote that is hardly more than the error itself


class Relation(StrEnum):
    """Same: one error. Suggests other: one error, two ways to mend it. Near: for an editor to look at."""

    SAME = "same"
    SUGGESTS_OTHER = "suggests_other"
    NEAR = "near"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one report says: its span in the text, if it was placed, and its words; ``corrected`` may be ''."""

    start: int | None
    end: int | None
    original: str
    corrected: str
    anchored: bool


@dataclass(frozen=True, slots=True)
class _Change:
    """A claim laid on the text: what it covers, what it would put there, and which spans that would change.

    ``new`` is None where the claim does not say, or does not say clearly, how it should read.
    """

    span: Span
    new: str | None
    spots: tuple[Span, ...]


def relation(a: Claim, b: Claim, text: str | None) -> Relation:
    """How two claims about the same article belong together; the order of the two does not matter.

    Same when both would make the same text of it, wherever their quotes begin and end, or one only names the place.
    ``text`` is the one that the offsets count in; without it, and for claims without a place, the words must agree.
    """
    here, there = _span(a, text), _span(b, text)
    if here is None or there is None:
        return _by_words(a, b, placed=here is not None or there is not None)
    if text is None:
        return _by_spans(a, b, here, there)
    one, other = _change(a, here, text), _change(b, there, text)
    found = _by_change(a, b, one, other, text)
    if found is Relation.DIFFERENT and _in_one_sentence(one, other, text):
        return Relation.NEAR
    return found


def ambiguous_key(change: Change, hints: Sequence[Hint] = ()) -> str:
    """What reports share that name the same error without telling which of several places they mean; '' if nothing.

    Only within one article and one snapshot of it. Both must ask for the same correction: who says no more than that
    some word is wrong means another place of it more often than not.
    """
    original, corrected = folded(change.original), folded(change.corrected)
    if not original or not corrected or (original == corrected and change.original == change.corrected):
        return ""
    cased = f"\0{change.original.strip()}\0{change.corrected.strip()}" if original == corrected else ""
    where = ",".join(sorted(f"{hint.region}{hint.number}" for hint in hints))
    return f"{original}\0{corrected}{cased}\0{where}"


def _span(claim: Claim, text: str | None) -> Span | None:
    if not claim.anchored or claim.start is None or claim.end is None:
        return None
    inside = 0 <= claim.start < claim.end and (text is None or claim.end <= len(text))
    return (claim.start, claim.end) if inside else None


def _by_words(a: Claim, b: Claim, *, placed: bool) -> Relation:
    """At least one has no place: only the very same words, and then only a proposal if the other has one."""
    said, also = folded(a.original), folded(b.original)
    if not said or said != also or folded(a.corrected) != folded(b.corrected):
        return Relation.DIFFERENT
    return Relation.NEAR if placed else Relation.SAME


def _by_spans(a: Claim, b: Claim, here: Span, there: Span) -> Relation:
    if here == there:
        compatible = not a.corrected.strip() or not b.corrected.strip() or folded(a.corrected) == folded(b.corrected)
        return Relation.SAME if compatible else Relation.SUGGESTS_OTHER
    return Relation.NEAR if _overlap(here, there) else Relation.DIFFERENT


def _change(claim: Claim, span: Span, text: str) -> _Change:
    """Lay the claim on the text; white space at the edges belongs to neither the quote nor the correction."""
    start, end = span
    while start < end - 1 and text[start].isspace():
        start += 1
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    given = claim.corrected.strip()
    if not given:
        return _Change((start, end), None, ((start, end),))
    start, end = _as_meant((start, end), given, text)
    quoted = text[start:end]
    new = as_corrected(quoted, given)
    if new == given and len(given.split()) + 1 < len(quoted.split()) and not _rewrites(quoted, given):
        return _Change((start, end), None, ((start, end),))  # a word for a long quote, and not clear for which word
    return _Change((start, end), new, _spots(quoted, new, start, text))


def _as_meant(span: Span, given: str, text: str) -> Span:
    """The whole words, if letters of a word were left out at an edge but the correction has them."""
    whole = _whole_words(span, text)
    if whole == span:
        return span
    cut, full = text[slice(*span)], text[slice(*whole)]
    doubled = folded(full) == folded(f"{given} {given}")
    return whole if doubled or fuzz.ratio(full, given) > fuzz.ratio(cut, given) else span


def _rewrites(quoted: str, given: str) -> bool:
    """Whether the correction is a whole new wording of the quote, only shorter."""
    kept = sum(len(piece.text) for piece in word_difference(quoted, given) if piece.kind == "same")
    return 2 * kept >= len(given) and 3 * len(given) >= len(quoted)


def _spots(quoted: str, new: str, offset: int, text: str) -> tuple[Span, ...]:
    """The spans of the text that change: whole words; an empty span where something is put in."""
    spots: list[Span] = []
    at, changed_from = offset, -1
    for piece in word_difference(quoted, new):
        if piece.kind == "same":
            at += len(piece.text)
            changed_from = -1
            continue
        if changed_from < 0:
            changed_from = at
            spots.append((at, at))
        if piece.kind == "was":
            at += len(piece.text)
            spots[-1] = (changed_from, at)
    return tuple(dict.fromkeys(_whole_words(spot, text) for spot in spots))


def _whole_words(spot: Span, text: str) -> Span:
    start, end = spot
    while cuts_word(text, start):
        start -= 1
    while cuts_word(text, end):
        end += 1
    return start, end


def _by_change(a: Claim, b: Claim, one: _Change, other: _Change, text: str) -> Relation:
    if one.new is not None and other.new is not None:
        if _same_outcome(one, other, text):
            return Relation.SAME
        return Relation.SUGGESTS_OTHER if _meet(one.spots, other.spots) else Relation.DIFFERENT
    if not _overlap(one.span, other.span):
        return Relation.DIFFERENT
    if a.corrected.strip() and b.corrected.strip():
        return _unclear(a, b, one, other, text)
    return _place_only(one, other)


def _same_outcome(one: _Change, other: _Change, text: str) -> bool:
    """Whether the text reads the same after either; letter by letter where it is only about case, quotes or blanks."""
    start, end = min(one.span[0], other.span[0]), max(one.span[1], other.span[1])
    if end - start > one.span[1] - one.span[0] + other.span[1] - other.span[0] + _APART:
        return False
    made, also = (
        text[start : change.span[0]] + (change.new or "") + text[change.span[1] : end] for change in (one, other)
    )
    if folded(made) != folded(also):
        return False
    return folded(made) != folded(text[start:end]) or made.split() == also.split()


def _unclear(a: Claim, b: Claim, one: _Change, other: _Change, text: str) -> Relation:
    """Both give a correction, but at least one of them does not show for which of the words it quotes."""
    if folded(a.corrected) == folded(b.corrected) or _brings(a, other, text) or _brings(b, one, text):
        return Relation.SAME
    return Relation.SUGGESTS_OTHER if one.span == other.span else Relation.NEAR


def _brings(claim: Claim, change: _Change, text: str) -> bool:
    """Whether the change puts the very words there that the claim asks for."""
    wanted, new = f" {folded(claim.corrected)} ", folded(change.new or "")
    return wanted in f" {new} " and wanted not in f" {folded(text[slice(*change.span)])} "


def _place_only(one: _Change, other: _Change) -> Relation:
    """At least one says only where: the same error if it covers what the other would change, and not much more."""
    if one.new is None and other.new is None:
        inner, outer = sorted((one.span, other.span), key=lambda span: span[1] - span[0])
        covers = outer[0] <= inner[0] and inner[1] <= outer[1]
        return Relation.SAME if covers and outer[1] - outer[0] <= _ONE_SENTENCE else Relation.NEAR
    vague, clear = (one, other) if one.new is None else (other, one)
    start, end = vague.span
    if all(start <= spot[0] and spot[1] <= end for spot in clear.spots) and clear.spots:
        return Relation.SAME if end - start <= _ONE_SENTENCE else Relation.NEAR
    within = any(spot[0] <= start and end <= spot[1] for spot in clear.spots)
    if within or (end - start <= _SHORT and _meet((vague.span,), clear.spots)):
        return Relation.SAME
    return Relation.NEAR if _meet((vague.span,), clear.spots) else Relation.DIFFERENT


def _meet(spots: Sequence[Span], others: Sequence[Span]) -> bool:
    return any(_overlap(spot, other) for spot in spots for other in others)


def _overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character; an empty one, where something is missing, meets what holds it inside."""
    if one == other:
        return True
    (start, end), (also_start, also_end) = one, other
    return max(start, also_start) < min(end, also_end) or (
        start < also_start == also_end < end or also_start < start == end < also_end
    )


def _in_one_sentence(one: _Change, other: _Change, text: str) -> bool:
    first, second = sorted((one.spots[0] if one.spots else one.span, other.spots[0] if other.spots else other.span))
    start, end = sentence_around(text, *first)
    return start <= second[0] and second[1] <= end
