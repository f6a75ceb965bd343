"""Words quoted from an article, with what stands before and after them."""

from sqlalchemy.orm import Mapped

from corrections.domain.anchors import Anchor


class Quoting:
    """Columns of an anchor (W3C TextQuoteSelector), and the anchor that they make."""

    original_text: Mapped[str]
    prefix: Mapped[str]
    suffix: Mapped[str]

    @property
    def anchor(self) -> Anchor:
        """The three columns as one value."""
        return Anchor(exact=self.original_text, prefix=self.prefix, suffix=self.suffix)

    @anchor.setter
    def anchor(self, anchor: Anchor) -> None:
        """Set all three."""
        self.original_text, self.prefix, self.suffix = anchor.exact, anchor.prefix, anchor.suffix
