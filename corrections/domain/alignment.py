"""Words side by side: two wordings token by token, and what changes between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from rapidfuzz.distance import Levenshtein

from corrections.domain.difference import TOKEN
from corrections.domain.occurrences import Span, has_word
from corrections.domain.text import folded


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign; ``gap`` is the white space before it."""

    text: str
    start: int
    end: int
    gap: str

    @property
    def key(self) -> str:
        """The same however it is typed."""
        return folded(self.text)

    @property
    def cased(self) -> tuple[str, bool, bool]:
        """The same however quotes and dashes are typed, but not in other capitals."""
        return folded(self.text), self.text[:1].isupper(), self.text[1:] != self.text[1:].lower()

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number and not a sign."""
        return has_word(self.text)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Tokens of the quote, from and to, and the tokens that take their place."""

    old: tuple[int, int]
    new: tuple[int, int]


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The words and signs of a part of the text."""
    found: list[Token] = []
    gap = ""
    for match in TOKEN.finditer(text, start, end):
        if match.group().isspace():
            gap += match.group()
        else:
            found.append(Token(match.group(), match.start(), match.end(), gap))
            gap = ""
    return found


def hunks_between(old: Sequence[Token], new: Sequence[Token]) -> list[Hunk]:
    """What changes: words, else only their case, else only how quotes and dashes are written."""
    keys, others = [token.cased for token in old], [token.cased for token in new]
    # Who types a few words by hand often begins with a small letter.
    if found := _differences(old, new, _relaxed(old, keys), _relaxed(new, others)):
        return _without_wrapping(old, new, found)
    return _differences(old, new, keys, others) or _differences(
        old, new, [token.text for token in old], [token.text for token in new]
    )


def _relaxed(found: Sequence[Token], keys: Sequence[tuple[str, bool, bool]]) -> list[tuple[str, bool, bool]]:
    """The keys with the capital of the first word left out of account."""
    first = next((i for i, token in enumerate(found) if token.is_word), -1)
    return [(key[0], False, False) if i == first else key for i, key in enumerate(keys)]


def _without_wrapping(old: Sequence[Token], new: Sequence[Token], found: list[Hunk]) -> list[Hunk]:
    """The changes without the signs that a reader put round the words, if words change too."""

    def is_wrapping(hunk: Hunk) -> bool:
        at_edge = 0 in (hunk.old[0], hunk.new[0]) or hunk.old[1] == len(old) or hunk.new[1] == len(new)
        tokens_of = [*old[slice(*hunk.old)], *new[slice(*hunk.new)]]
        return at_edge and not any(token.is_word for token in tokens_of)

    return [hunk for hunk in found if not is_wrapping(hunk)] or found


def _differences(
    old: Sequence[Token], new: Sequence[Token], keys: Sequence[object], others: Sequence[object]
) -> list[Hunk]:
    found: list[Hunk] = []
    for kept, (a, b), (c, d) in aligned(keys, others):
        if not kept:
            found.append(Hunk((a, b), (c, d)))
            continue
        # Words that stay, with or without a blank between them.
        spaced = (i for i in range(1, b - a) if bool(old[a + i].gap) != bool(new[c + i].gap))
        found.extend(Hunk((a + i - 1, a + i + 1), (c + i - 1, c + i + 1)) for i in spaced)
    return found


def aligned(old: Sequence[object], new: Sequence[object]) -> Iterator[tuple[bool, Span, Span]]:
    """(whether it stayed, where in the old, where in the new); the common start and end are taken off first."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    if head:
        yield True, (0, head), (0, head)
    numbers = dict(zip(dict.fromkeys([*old, *new]), count(), strict=False))
    middle = Levenshtein.opcodes(
        [numbers[key] for key in old[head : len(old) - tail]], [numbers[key] for key in new[head : len(new) - tail]]
    )
    changed: tuple[Span, Span] | None = None
    for step in middle:
        a, b = (step.src_start + head, step.src_end + head), (step.dest_start + head, step.dest_end + head)
        if step.tag != "equal":
            changed = (a, b) if changed is None else ((changed[0][0], a[1]), (changed[1][0], b[1]))
            continue
        if changed:
            yield False, *changed
            changed = None
        yield True, a, b
    if changed:
        yield False, *changed
    if tail:
        yield True, (len(old) - tail, len(old)), (len(new) - tail, len(new))
