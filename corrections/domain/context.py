"""Which of several places is the one between the words that were given as its context."""

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from corrections.domain.occurrences import Span
from corrections.domain.text import folded

_ENOUGH: Final = 8  # characters of context that can be weighed
_NEAREST: Final = 5  # characters right beside a place
_AGREES, _DISAGREES = 75.0, 60.0  # per cent of likeness; chance gives 40 to 55
_APART = 20.0  # per cent of likeness that the best place needs before the next


class Context:
    """The words before and after a quote, compared with a folded text in which line feeds are blanks."""

    def __init__(self, prefix: str, suffix: str, text: str) -> None:
        self._before, self._after = (folded(side).replace("\n", " ") for side in (prefix, suffix))
        self._text = text

    def __bool__(self) -> bool:
        return bool(self._before or self._after)

    @property
    def weighs(self) -> bool:
        """Whether there is enough of it to speak against a place."""
        return len(self._before) + len(self._after) >= _ENOUGH

    def fitting(self, spans: Sequence[Span]) -> list[Span]:
        """The places that stand in this very context; none if none was given."""
        return [span for span in spans if self._fits(span)] if self else []

    def agrees_with_any(self, spans: Sequence[Span]) -> bool:
        """Whether a place among these may be meant, the text round it having changed."""
        return max(map(self._agreement, spans), default=0.0) >= _DISAGREES

    def best(self, spans: Sequence[Span], *, surely: bool = False) -> Span | None:
        """The place whose surroundings are most like the context, if they are like enough and no other's are."""
        ranked = sorted(((self._agreement(span), span) for span in spans), reverse=True)
        # The same word a few words further on has nearly the same context: the nearest characters tell them apart.
        if not ranked or not self._touches(ranked[0][1]):
            return None
        best, span = ranked[0]
        if len(ranked) == 1:
            return span if best >= (_AGREES if surely else _DISAGREES) else None
        return span if best >= _AGREES and ranked[1][0] < min(_DISAGREES, best - _APART) else None

    def _around(self, span: Span) -> tuple[str, str]:
        start, end = span
        before = self._text[max(0, start - len(self._before) - 1) : start].rstrip()
        return before, self._text[end : end + len(self._after) + 1].lstrip()

    def _fits(self, span: Span) -> bool:
        before, after = self._around(span)
        return before.endswith(self._before) and after.startswith(self._after)

    def _touches(self, span: Span) -> bool:
        before, after = self._around(span)
        near, next_ = self._before[-_NEAREST:], self._after[:_NEAREST]
        return bool((near and before.endswith(near)) or (next_ and after.startswith(next_)))

    def _agreement(self, span: Span) -> float:
        before, after = self._around(span)
        kept = before[max(0, len(before) - len(self._before)) :]
        return fuzz.ratio(f"{self._before}\0{self._after}", f"{kept}\0{after[: len(self._after)]}")
