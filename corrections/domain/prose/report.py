"""One piece of a report, read once: its quotations, the text with them covered, and the places it names."""

from functools import cached_property

from corrections.domain.prose.addresses import addresses_in
from corrections.domain.prose.hints import Named, named_places
from corrections.domain.prose.operands import Operands
from corrections.domain.prose.pointed import pointed_at
from corrections.domain.prose.quotes import HELD, Quotation, cover, lowered, quotations


class Piece:
    """The text of a piece, with all that is found in it by looking at marks only."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def low(self) -> str:
        """The text in lower case."""
        return lowered(self.text)

    @cached_property
    def spans(self) -> list[Quotation]:
        """The quotations, outermost, in order."""
        pointed = pointed_at(self.text, self.low)
        quoted = [span for span in quotations(self.text) if not any(_meet(span, other) for other in pointed)]
        return sorted([*pointed, *quoted], key=lambda span: span.start)

    @cached_property
    def covered(self) -> str:
        """The text in lower case with its quotations covered."""
        covered = cover(self.text, self.spans)
        for url in addresses_in(self.text):
            covered = covered.replace(lowered(url), "\n" + HELD * (len(url) - 2) + "\n")
        return covered

    @cached_property
    def places(self) -> list[Named]:
        """The places that the person's own words name."""
        return named_places(self.covered)

    def operands(self, without: frozenset[int]) -> Operands:
        """A reader of wordings, for which the quotations that start at ``without`` are titles."""
        spans = [span for span in self.spans if span.start not in without]
        return Operands(self.text, self.covered, spans, self.places)


def _meet(one: Quotation, other: Quotation) -> bool:
    return one.start < other.end and other.start < one.end
