"""What a mail says: one saying for each error in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from corrections.domain.prose import faults, naming
from corrections.domain.prose.addresses import addresses_in, is_address, is_deep, without_addresses
from corrections.domain.prose.changes import only_phrases, proposals
from corrections.domain.prose.errors import Error, errors_in
from corrections.domain.prose.forms import lines_of
from corrections.domain.prose.letter import clean, is_personal, paragraphs_of, tells_trouble
from corrections.domain.prose.patterns import compiled
from corrections.domain.prose.report import Piece
from corrections.domain.prose.understanding import ordered
from corrections.domain.sayings import Change, Saying

_CLUES: Final = 6
_ANSWERED: Final = 2  # of them, kept for what the mail answers
_SENTENCE: Final = 5  # words that a sentence of the article has
_AMONG: Final = 3  # words around a quotation in a title
_TITLE: Final = 300  # characters
_QUOTED_LINES: Final = 8
_WROTE: Final = re.compile(r"(?:wrote|schrieb|écrit|escribió|scritto|schreef|escreveu|пишет|написал[аи]?)\s*:?\s*\Z")
_FAULTY: Final = compiled(faults.WRONG_BEHIND, faults.TWICE, faults.EXTRA, faults.CHECK)
_ENDS_SENTENCE: Final = re.compile(r"[.!?…]\W*\Z")


@dataclass(slots=True)
class _Clues:
    """Names of the article as they are gathered: plain ones, doubtful ones, and what the mail answers."""

    addresses: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    author: str = ""

    def add(self, given: Iterable[str], *, plainly: bool = True) -> None:
        for clue in given:
            titles, author = naming.spellings(clue)
            (self.plain if plainly else self.doubtful).extend(
                title for title in titles if not naming.says_nothing(title) and not is_address(title)
            )
            self.author = self.author or author

    @property
    def all(self) -> tuple[str, ...]:
        answered = list(dict.fromkeys(self.answered))
        said = [clue for clue in dict.fromkeys([*self.addresses[:3], *self.plain, *self.doubtful]) if clue]
        return tuple(dict.fromkeys([*said[: _CLUES - min(len(answered), _ANSWERED)], *answered]))[:_CLUES]


@dataclass(slots=True)
class _Letter:
    """The lines of a letter by what they do: tell of the error, or stand without saying what they are."""

    said: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    named: set[int] = field(default_factory=set)  # those of ``said`` that may name the article


def read_mail(subject: str, text: str, quoted: str = "") -> tuple[Saying, ...]:
    """One saying for each error a mail tells of; a single one with notes only when nothing was understood.

    ``text`` is what the person wrote, without signature and reply quotes; ``quoted`` the text that was replied to.
    """
    addresses = [*addresses_in(clean(text)), *addresses_in(clean(subject))]
    clues = _Clues(addresses=[url for url in addresses if is_deep(url)])
    letter = _sorted_out(paragraphs_of(text), clues)
    piece = Piece("\n\n".join(letter.said))
    titles = naming.titles_inside(piece)
    named_elsewhere = bool(clues.addresses or clues.plain or titles.sure or naming.of_subject(subject))
    errors = _errors(piece, titles, _within_titles(piece, letter), named_elsewhere=named_elsewhere)
    trouble = tells_trouble(subject) or tells_trouble(piece.covered)
    errors = _from_subject(errors, clean(subject)) or _with_pasted(errors, letter.bare, trouble=trouble)
    if (above := _above_answered(quoted)) and not any(error.changes for error in errors):
        pointed = "\n".join(f">> {line}" for line in above.split("\n") if line.strip())
        return read_mail(subject, f"{text}\n\n{pointed}", quoted[len(above) :])
    clues.add(titles.sure.values())
    if errors or trouble:
        clues.add(letter.bare)
    clues.add(naming.of_subject(subject))
    clues.add([*titles.bare, *titles.maybe.values()], plainly=False)
    clues.doubtful += addresses
    _add_author(clues, piece.text)
    _add_answered(clues, clean(quoted))
    return _sayings(errors, clues, text.strip())


def _sayings(errors: Sequence[Error], clues: _Clues, text: str) -> tuple[Saying, ...]:
    whole = Saying(articles=clues.all, author=clues.author, notes=text)
    if not errors:
        return (whole,)
    several = len(errors) > 1
    return tuple(
        replace(whole, changes=error.changes, hints=error.hints, notes=error.words if several else text)
        for error in errors
    )


def _errors(piece: Piece, titles: naming.Titles, within: frozenset[int], *, named_elsewhere: bool) -> list[Error]:
    """The errors of the piece; a quotation that may be a title is one only if nothing else is left to be one.

    Those ``within`` what may be the title are not even then, unless the article is named elsewhere.
    """
    sure, doubtful = frozenset(titles.sure), frozenset(titles.maybe) | within
    found = errors_in(piece, sure, doubtful)
    if doubtful and not any(change.original for error in found for change in error.changes):
        return errors_in(piece, sure, frozenset() if named_elsewhere else within) or found
    return found


def _within_titles(piece: Piece, letter: _Letter) -> frozenset[int]:
    """Where quotations begin that stand among other words in a line that may be the title."""
    found: list[int] = []
    start = 0
    for place, paragraph in enumerate(letter.said):
        end = start + len(paragraph)
        spans = [span for span in piece.spans if start <= span.start and span.end <= end]
        words = sum(map(str.isalnum, (word[0] for word in piece.covered[start:end].split())))
        said = piece.covered[start:end]
        speaks = is_personal(said) or _FAULTY.search(said) or piece.operands(frozenset()).led_in(start, end) > start
        if place in letter.named and words >= _AMONG and not speaks:
            found += [span.start for span in spans]
        start = end + 2
    return frozenset(found)


def _above_answered(quoted: str) -> str:
    """What stands as quoted above the line that says who wrote what is answered: words pointed at with ">"."""
    lines = quoted.split("\n")
    place = next((place for place, line in enumerate(lines) if _WROTE.search(line.lower())), 0)
    return "\n".join(lines[:place])


def _sorted_out(paragraphs: Sequence[str], clues: _Clues) -> _Letter:
    letter = _Letter()
    for paragraph in paragraphs:
        kept = _without_names(paragraph.split("\n"), clues)
        if not kept:
            continue
        rest = "\n".join(kept)
        if _is_bare(rest):
            letter.bare.append(rest)
        else:
            if _may_be_title(rest):
                letter.named.add(len(letter.said))
                clues.doubtful.append(naming.unwrapped(rest))
            letter.said.append(rest)
    return letter


def _without_names(lines: Sequence[str], clues: _Clues) -> list[str]:
    """The lines that do more than name the article; what the others name is added to the clues."""
    kept: list[str] = []
    labelled = False
    for line in lines:
        label = naming.of_label(line)
        if labelled or label:
            clues.add([label or line])
        elif label is None and without_addresses(line) and not _names_only(line, clues):
            kept.append(line)
        labelled = label == "" and not labelled
    return kept


def _names_only(line: str, clues: _Clues) -> bool:
    """Whether the line only names the article; it then is a clue."""
    title = naming.of_line(line)
    if not title:
        return False
    piece = Piece(line)
    if piece.places or naming.goes_on_to_quote(piece):
        return False
    troubled = tells_trouble(piece.covered) or any(one.firm for one in proposals(piece, frozenset()))
    clues.add([title], plainly=not troubled)
    return not troubled


def _is_bare(paragraph: str) -> bool:
    """Whether a paragraph is a single line that says nothing of an error: a title, or a sentence of the article."""
    if not _may_be_title(paragraph):
        return False
    piece = Piece(paragraph)
    return not piece.spans and not proposals(piece, frozenset()) and not only_phrases(piece)


def _may_be_title(paragraph: str) -> bool:
    """The same, though it holds quotations: not all of it is one, and none has a correction."""
    if "\n" in paragraph or len(paragraph) > _TITLE:
        return False
    piece = Piece(paragraph)
    if piece.places or tells_trouble(piece.covered) or any(line.kind for line in lines_of(paragraph)):
        return False
    whole = any(span.end - span.start >= len(paragraph) - 1 for span in piece.spans)
    return not whole and not any(one.firm for one in proposals(piece, frozenset()))


def _from_subject(errors: Sequence[Error], subject: str) -> list[Error]:
    """The error that the subject tells, if the letter tells none; with the hints of the letter."""
    if any(error.changes for error in errors) or addresses_in(subject):
        return []
    piece = Piece(naming.without_reply_marks(subject))
    titles = naming.titles_inside(piece)
    told = [error for error in errors_in(piece, frozenset(titles.sure), frozenset(titles.maybe)) if error.changes]
    if not told:
        return []
    hints = errors[0].hints if errors else told[0].hints
    return [Error(told[0].changes, hints, subject)]


def _with_pasted(errors: Sequence[Error], bare: Sequence[str], *, trouble: bool) -> list[Error]:
    """The errors with a sentence that was pasted without marks, where they lack the wrong words."""
    found = list(errors)
    lines = [line for line in bare if len(line.split()) >= _SENTENCE and not is_personal(line)]
    if (
        not lines
        or not trouble
        or len(found) > 1
        or any(change.original for error in found for change in error.changes)
    ):
        return found
    pasted = [Change(original=line) for line in lines if _ENDS_SENTENCE.search(line)]
    told = found[0].changes if found else ()
    joined = [replace(change, original=line) for change in told for line in lines]
    changes = ordered([*joined, *pasted, *told])
    if not changes:
        return found
    return [Error(changes, found[0].hints if found else (), "\n".join([*lines, *(error.words for error in found)]))]


def _add_author(clues: _Clues, text: str) -> None:
    if not clues.author:
        clues.author, topics = naming.author_inside(text)
        clues.add(topics)


def _add_answered(clues: _Clues, quoted: str) -> None:
    """What the text that was answered names: its address, then its first lines."""
    lines = [re.sub(r"\A[\s>|]+", "", line).strip() for line in quoted.split("\n")]
    lines = [line for line in lines if line and not _WROTE.search(line)][:_QUOTED_LINES]
    clues.answered += addresses_in(quoted)[:1]
    clues.answered += [line[:_TITLE] for line in lines if not addresses_in(line)]
