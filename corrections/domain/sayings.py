"""What a person said of one error, before anybody looked where it stands."""

from dataclasses import dataclass
from enum import StrEnum


class Region(StrEnum):
    """A part of an article that people name."""

    PARAGRAPH = "paragraph"
    HEADLINE = "headline"
    CAPTION = "caption"
    BEGINNING = "beginning"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Where to look. ``number`` counts paragraphs: 1 is the first, -1 the last, 0 none in particular."""

    region: Region
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One way to understand what should change: ``original`` as the reader quoted it, ``corrected`` as it should read.

    Either may be ''. ``either_way``: the words do not tell which of the two stands in the article, so it decides.
    """

    original: str = ""
    corrected: str = ""
    either_way: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What one report says, understood in as many ways as there are; in each tuple the likeliest comes first.

    ``articles`` are titles and addresses as written, ``author`` is who wrote it, if that was said. ``prefix`` and
    ``suffix`` are what stands around words that were marked on the page.
    """

    articles: tuple[str, ...] = ()
    author: str = ""
    changes: tuple[Change, ...] = ()
    hints: tuple[Hint, ...] = ()
    prefix: str = ""
    suffix: str = ""
    notes: str = ""

    @property
    def first(self) -> Change:
        """The likeliest change; an empty one when none was told."""
        return self.changes[0] if self.changes else Change()
