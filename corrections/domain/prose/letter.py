"""A letter as paragraphs: unwrapped, without greeting and closing."""
# ruff: noqa: RUF001 - quotation marks, dashes and signs of other scripts are what is looked for

import re
from typing import Final

from corrections.domain.prose import courtesies, faults
from corrections.domain.prose.patterns import any_of, compiled, spaced, words
from corrections.domain.prose.quotes import lowered

LONGEST: Final = 5_000  # characters that are read; what stands behind is kept in the notes
MOST_WHITE: Final = 6  # two blanks before an empty line and two behind it
_PARAGRAPHS: Final = 100
_WRAPPED: Final = (60, 80)  # a line shorter than the one and longer than the other was not broken by a program
_SHORT: Final = 60  # characters of a greeting, a closing or a name
_SIGNED: Final = 4  # lines behind a closing that are a name and the like
_UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ue000-\ue002]")
_BLANKS: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
_LINE_ENDS: Final = re.compile("\r\n?|[\u0085\u2028]")
_GREETING: Final = re.compile(
    rf"\A\W{{0,8}}(?:{spaced(any_of(courtesies.GREETINGS))})(?![^\W_])[^\n.:;\"“„«?]{{0,40}}?(?:[,!.:;–—-]+\s*|\Z)"
)
_CLOSING: Final = re.compile(rf"\A\W{{0,8}}(?:{spaced(any_of(courtesies.CLOSINGS))})(?![^\W_])[^\n\"“„«>]{{0,40}}\Z")
_ITEM: Final = re.compile(r"\s*(?:[-*+•·–—]\s|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s|>|[^\W\d_][^\n:]{0,40}:(?:\s|\Z))")
_TROUBLE: Final = compiled(faults.TROUBLE)
_PERSON: Final = re.compile(
    words(
        "i|i'm|i've|i'd|me|my|we|our|you|your|please|thanks|thank|ich|mir|mein|wir|sie|ihr|bitte|danke|je|j'ai|nous|vous|"
        "votre|merci|yo|me|mi|usted|ustedes|su|gracias|io|mi|voi|vostro|vostra|grazie|ik|mij|wij|u|jullie|eu|meu|vocês|я|"
        "мне|мы|вы|ваш|ваша|спасибо|пожалуйста"
    )
)


def clean(text: str) -> str:
    """The text with plain line ends and blanks, without what is not seen; at most ``LONGEST`` characters.

    Nowhere are more than ``MOST_WHITE`` blanks and line ends left in a row: many patterns try each of them in turn.
    """
    lines = _LINE_ENDS.sub("\n", text[: 2 * LONGEST]).replace("\u2029", "\n\n")
    seen = _BLANKS.sub(" ", _UNSEEN.sub("", lines))
    return re.sub(r"\n\s*\n", "\n\n", re.sub(r" {3,}", " ", seen))[:LONGEST].strip()


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a letter between greeting and closing; lines that a mail program broke are joined."""
    found = [_joined(part) for part in re.split(r"\n\s*\n", clean(text)) if part.strip()][:_PARAGRAPHS]
    if found:
        found[0] = _ungreeted(found[0])
    return _unsigned([part for part in found if part.strip()])


def tells_trouble(text: str) -> bool:
    """Whether a word says that something is wrong."""
    return _TROUBLE.search(lowered(text)) is not None


def is_personal(text: str) -> bool:
    """Whether somebody speaks of oneself or to somebody."""
    return _PERSON.search(lowered(text)) is not None


def _joined(part: str) -> str:
    lines = [line.rstrip() for line in part.strip("\n").split("\n")]
    joined = [lines[0].strip()]
    last = lines[0]
    for line in lines[1:]:
        least, most = _WRAPPED
        word = line.split(maxsplit=1)[0] if line.split() else ""
        if least - 10 <= len(last) <= most and len(last) + 1 + len(word) > least and not _ITEM.match(line) and word:
            joined[-1] += " " + line.strip()
        else:
            joined.append(line.strip())
        last = line
    return "\n".join(joined)


def _ungreeted(part: str) -> str:
    first, _, rest = part.partition("\n")
    greeting = _GREETING.match(lowered(first))
    if greeting is None:
        return part
    return "\n".join(line for line in (first[greeting.end() :].strip(), rest) if line)


def _unsigned(parts: list[str]) -> list[str]:
    """Without the closing line and the names below it; a closing is looked for from the end."""
    lines = [(place, line) for place, part in enumerate(parts) for line in part.split("\n")]
    for at in range(len(lines) - 1, max(-1, len(lines) - 2 - _SIGNED), -1):
        place, line = lines[at]
        below = [text for _, text in lines[at + 1 :]]
        if len(line) <= _SHORT and _CLOSING.match(lowered(line)) and all(map(_may_be_name, below)):
            lines = lines[:at]
    kept: dict[int, list[str]] = {}
    for place, line in lines:
        kept.setdefault(place, []).append(line)
    return ["\n".join(part) for part in kept.values()]


def _may_be_name(line: str) -> bool:
    return len(line) <= _SHORT and not re.search(r"[\"“„«>:]|->|https?:|www\.", line)
