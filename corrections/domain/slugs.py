# ruff: noqa: RUF001 - letters of other alphabets are what is translated here
"""A title as part of an address."""

import re
import unicodedata
from typing import Final

from corrections.domain import limits

_IN_ASCII: Final = {
    "ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng",
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "і": "i", "є": "ie",
    "ґ": "g", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "џ": "dz",
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
    "'": "", "\u2018": "", "\u2019": "", "\u02bc": "",
}  # fmt: skip
_LETTERS: Final = str.maketrans(_IN_ASCII)


def slug(title: str) -> str:
    """The title in ASCII letters, digits and hyphens, at most ``limits.SLUG`` of them; '' if none is left.

    Accents go; Cyrillic and Greek letters are written in Latin ones, those of other scripts are left out.
    """
    letters = unicodedata.normalize("NFKD", title[: limits.TITLE]).lower()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    whole = "-".join(re.findall(r"[a-z0-9]+", bare.translate(_LETTERS)))
    if len(whole) <= limits.SLUG:
        return whole
    return whole[: limits.SLUG + 1].rpartition("-")[0] or whole[: limits.SLUG]
