"""Where words stand in a text: found letter by letter, kept only where no longer word is cut."""

import re
import unicodedata

from corrections.domain.text import folded, normalise

Span = tuple[int, int]

# Thai to Burmese, Khmer, Kana, Han, Hangul: no blank divides their words, or particles are written on to them.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
_TRIED = 20_000  # what stands in a text more often than this, mostly inside words, names no place
_COMPARED = 5_000_000  # characters that are compared at places which are none
_WRAPPING = " \n\"'.,;:!?()[]*<>-"
_JOINERS = frozenset("_\u00ad\u200c\u200d")


def as_words(needle: str, text: str, most: int) -> list[Span]:
    """The places of the needle that begin and end where words do, in order, at most ``most`` of them."""
    return _places(needle, text, most, whole=True)


def inside_words(needle: str, text: str, most: int) -> list[Span]:
    """All places of the needle, within longer words too, in order, at most ``most`` of them."""
    return _places(needle, text, most, whole=False)


def has_word(text: str) -> bool:
    """Whether there is a letter or a digit of any script."""
    return any(map(str.isalnum, text))


def is_unspaced(text: str) -> bool:
    """Whether the text has letters of a script that puts no blanks between words."""
    return _UNSPACED.search(text) is not None


def longest_word(quote: str) -> str:
    """The longest word, case folded; '' if there is none."""
    return max(re.findall(r"\w+", quote.casefold()), key=len, default="")


def stands_in(quote: str, text: str) -> bool:
    """Whether the words stand in the text, as they are or normalised."""
    core = quote.strip()
    if not has_word(core):
        return False
    if as_words(core, text, 1):
        return True
    # Cheaper than to normalise a text in vain: its longest word must be there at all.
    if "\u00ad" not in text and longest_word(core) not in text.casefold():
        return False
    hay, needle = normalise(text).text, folded(core)
    return bool(as_words(needle, hay, 1) or as_words(bare(needle), hay, 1))


def bare(quote: str) -> str:
    """A folded quote without what the reader may have put round it: quotation marks, brackets, a full stop."""
    stripped = quote.strip(_WRAPPING)
    return stripped if has_word(stripped) else quote


def cuts_word(text: str, at: int) -> bool:
    """Whether a word goes on over this offset."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if cuts_letter(text, at):
        return True
    return _in_word(left) and _in_word(right) and not _UNSPACED.match(left) and not _UNSPACED.match(right)


def cuts_letter(text: str, at: int) -> bool:
    """Whether a mark that belongs to the letter before follows at this offset."""
    return 0 < at < len(text) and not text[at].isascii() and unicodedata.category(text[at])[0] == "M"


def _in_word(character: str) -> bool:
    return (
        character.isalnum()
        or character in _JOINERS
        or (not character.isascii() and unicodedata.category(character)[0] == "M")
    )


def _places(needle: str, text: str, most: int, *, whole: bool) -> list[Span]:
    cuts = cuts_word if whole else cuts_letter
    found: list[Span] = []
    most_tried = min(_TRIED, _COMPARED // max(len(needle), 1))
    at, tried = text.find(needle) if needle else -1, 0
    while at >= 0 and len(found) < most:
        if not cuts(text, at) and not cuts(text, at + len(needle)):
            found.append((at, at + len(needle)))
        tried += 1
        if tried > most_tried:
            return []
        at = text.find(needle, at + 1)
    return found
