"""What a mail says: one saying for each error in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from corrections.domain.prose import naming
from corrections.domain.prose.changes import proposals
from corrections.domain.prose.errors import Error, errors_in
from corrections.domain.prose.forms import lines_of
from corrections.domain.prose.letter import clean, is_personal, paragraphs_of, tells_trouble
from corrections.domain.prose.report import Piece
from corrections.domain.prose.understanding import ordered
from corrections.domain.sayings import Change, Saying

_CLUES: Final = 6
_WEAK: Final = 2  # of them, kept for what the mail answers
_SENTENCE: Final = 5  # words that a sentence of the article has
_TITLE: Final = 300  # characters
_QUOTED_LINES: Final = 8


@dataclass(slots=True)
class _Clues:
    """Names of the article as they are gathered: plain ones, doubtful ones, and what the mail answers."""

    addresses: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    author: str = ""

    def add(self, given: str, *, plainly: bool = True) -> None:
        titles, author = naming.spellings(given)
        titles = tuple(title for title in titles if not naming.says_nothing(title))
        (self.plain if plainly else self.doubtful).extend(titles)
        self.author = self.author or author

    @property
    def all(self) -> tuple[str, ...]:
        answered = list(dict.fromkeys(self.answered))[: _WEAK + 1]
        said = list(dict.fromkeys([*self.addresses[:3], *self.plain, *self.doubtful]))
        said = [clue for clue in said if clue and clue not in self.answered]
        return tuple([*said[: _CLUES - min(len(answered), _WEAK)], *answered][:_CLUES])


def read_mail(subject: str, text: str, quoted: str = "") -> tuple[Saying, ...]:
    """One saying for each error a mail tells of; a single one with notes only when nothing was understood.

    ``text`` is what the person wrote, without signature and reply quotes; ``quoted`` the text that was replied to.
    """
    clues = _Clues(addresses=naming.addresses_in(clean(text)))
    said, bare = _sorted_out(paragraphs_of(text), clues)
    piece = Piece("\n\n".join(said))
    sure, maybe, unmarked = naming.titles_inside(piece)
    errors = errors_in(piece, frozenset([*sure, *maybe])) or errors_in(piece, frozenset(sure))
    if not any(error.changes for error in errors):
        errors = errors_in(piece, frozenset(sure)) or errors
    trouble = tells_trouble(subject) or tells_trouble(piece.covered)
    errors = _completed(errors, subject, bare, trouble=trouble)
    concerned = trouble or bool(errors)
    _name_article(clues, subject, quoted, [*sure.values()], [*maybe.values(), *unmarked], bare if concerned else [])
    if not clues.author:
        clues.author, topics = naming.author_inside("\n".join(said))
        clues.plain += topics
    if not errors:
        return (Saying(articles=clues.all, author=clues.author, notes=text.strip()),)
    whole = len(errors) == 1
    return tuple(
        Saying(
            articles=clues.all, author=clues.author, changes=error.changes, hints=error.hints,
            notes=text.strip() if whole else error.words,
        )
        for error in errors
    )  # fmt: skip


def _sorted_out(paragraphs: Sequence[str], clues: _Clues) -> tuple[list[str], list[str]]:
    """(what is said of the error, lines that may be a title or a sentence of the article)."""
    said: list[str] = []
    bare: list[str] = []
    labelled = False
    for paragraph in paragraphs:
        kept: list[str] = []
        for line in paragraph.split("\n"):
            if labelled:
                clues.add(line)
                labelled = False
            elif (label := naming.of_label(line)) or (
                re.fullmatch(r"[^:]*[:=]\s*", line) and naming._LABEL.match(line.lower())
            ):
                clues.add(label) if label else None
                labelled = not label
            elif not naming.without_addresses(line) or _names_only(line, clues):
                continue
            else:
                kept.append(line)
        rest = "\n".join(kept)
        if not rest:
            continue
        (bare if _is_bare(rest) else said).append(rest)
    return said, bare


def _names_only(line: str, clues: _Clues) -> bool:
    """Whether the line only names the article; it then is a clue."""
    title = naming.of_line(line)
    if not title:
        return False
    piece = Piece(line)
    troubled = tells_trouble(piece.covered) or any(one.firm for one in proposals(piece, frozenset()))
    clues.add(title, plainly=not troubled)
    return not troubled


def _is_bare(paragraph: str) -> bool:
    """Whether a paragraph is a single line that says nothing of an error: a title, or a sentence of the article."""
    if "\n" in paragraph or len(paragraph) > _TITLE:
        return False
    piece = Piece(paragraph)
    if piece.spans or piece.places or tells_trouble(piece.covered):
        return False
    return not proposals(piece, frozenset()) and not any(line.kind for line in lines_of(paragraph))


def _completed(errors: Sequence[Error], subject: str, bare: Sequence[str], *, trouble: bool) -> list[Error]:
    """With what the subject tells, and with a sentence that was pasted without marks."""
    found = list(errors)
    if not any(error.changes for error in found):
        told = [error for error in errors_in(Piece(subject), frozenset(_titles_of(subject))) if error.changes]
        if told:
            return [Error(told[0].changes, (*found[0].hints,) if found else told[0].hints, subject)]
    sentences = [line for line in bare if len(line.split()) >= _SENTENCE and not is_personal(line)]
    if not sentences or not trouble:
        return found
    pasted = [Change(original=line) for line in sentences if re.search(r"[.!?…]\W*\Z", line)]
    if not found:
        return [Error(ordered(pasted), (), "\n".join(sentences))] if pasted else []
    if len(found) == 1 and not any(change.original for change in found[0].changes):
        joined = [replace(change, original=line) for change in found[0].changes for line in sentences]
        return [Error(ordered([*joined, *pasted, *found[0].changes]), found[0].hints, found[0].words)]
    return found


def _titles_of(subject: str) -> list[int]:
    sure, maybe, _ = naming.titles_inside(Piece(subject))
    return [*sure, *maybe]


def _name_article(
    clues: _Clues, subject: str, quoted: str, sure: Sequence[str], maybe: Sequence[str], bare: Sequence[str]
) -> None:
    for title in sure:
        clues.add(title)
    titles = naming.of_subject(subject)
    for title in [*bare, *titles] if bare else titles:
        clues.add(title)
    for title in maybe:
        clues.add(title, plainly=False)
    lines = [re.sub(r"\A[\s>|]+", "", line).strip() for line in clean(quoted).split("\n")]
    lines = [
        line
        for line in lines
        if line
        and not re.search(r"(?:wrote|schrieb|écrit|escribió|scritto|schreef|escreveu|пишет|написал)\s*:?\s*\Z", line)
    ]
    clues.answered += [
        *naming.addresses_in(clean(quoted))[:1],
        *(line[:_TITLE] for line in lines[:_QUOTED_LINES] if not naming.addresses_in(line)),
    ]
