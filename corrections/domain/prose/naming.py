"""Which article a person means: what titles, addresses and authors the words of a report name."""
# ruff: noqa: RUF001 - quotation marks, dashes and signs of other scripts are what is looked for

import re
from dataclasses import dataclass
from typing import Final

from corrections.domain.prose import courtesies
from corrections.domain.prose.addresses import addresses_in, is_deep
from corrections.domain.prose.patterns import any_of, becomes, spaced, words
from corrections.domain.prose.quotes import FRONT, lowered
from corrections.domain.prose.report import Piece

_LONGEST: Final = 500
_PIECE: Final = f"(?:{any_of(courtesies.PIECE)})"
_ABOUT: Final = f"(?:{spaced(any_of(courtesies.ABOUT))})"
_DETERMINED: Final = (
    r"(?:(?:the|your|this|that|an?|a recent|recent|today's|yesterday's|latest|online|der|die|das|ihr|ihrem|ihren|euer|"
    r"eurem|dem|den|le|la|votre|cet|cette|el|la|su|este|il|lo|la|vostro|vostra|questo|het|uw|jullie|de|o|a|seu|sua|este|esta|"
    r"ваша|вашей|вашу|этой|эта)\s+|l'){0,3}"
)
_NAMING: Final = f"(?:{spaced(any_of(courtesies.NAMING))})"
_READING: Final = f"(?:{any_of(courtesies.READING)})"
_NOTICED: Final = spaced(any_of(courtesies.NOTICED))

# The whole line names the article: "In the article X", "I was reading X and noticed something".
_LINES: Final = [
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rf"\A(?:{_NAMING}\s+)?{_DETERMINED}{_PIECE}(?:\s+{_ABOUT}\s+|\s*[:,]?\s+)(?P<title>[^\n]+?)[\s:,.]*\Z",
        rf"\A(?:.{{0,60}}?\b)?{_READING}\s+(?:{_DETERMINED}{_PIECE}(?:\s+{_ABOUT})?[:,]?\s+)?(?P<title>[^\n]+),?\s+(?:{_NOTICED})(?![^\W_])[^\n]{{0,80}}\Z",
        rf"\A{_NAMING}\s*[:,]?\s+(?P<title>[^\n]+?)\s*[:,]\Z",
    )
]
# The line goes on: "In X you wrote".
_OPENING: Final = re.compile(
    rf"(?:\A|\n|[.!?]\s+){_NAMING}\s+(?:{_DETERMINED}{_PIECE}(?:\s+{_ABOUT})?[:,]?\s+)?(?P<title>[^\n]{{3,200}}?),?\s+(?:{_NOTICED})(?![^\W_])"
)
_INSIDE: Final = re.compile(
    rf"(?:{_DETERMINED}){words(any_of(courtesies.PIECE))}\s+{_ABOUT}\s+(?P<title>[^\n]{{3,200}}?)(?=[,.;:!?](?:\s|\Z)|\n|\Z|\s+(?:{_NOTICED})(?![^\W_]))"
)
_QUOTED_TITLE: Final = re.compile(rf"{_DETERMINED}(?:{_PIECE})(?:\s+{_ABOUT})?[ :,]*\Z")
_NAMING_BEFORE: Final = re.compile(rf"(?:\A|[\n.!?,(]\s*|(?<=\s))(?:{_NAMING})[ :]+{_DETERMINED}\Z")
_CORRECTING: Final = re.compile(rf"(?:{becomes()})[\s:]*\Z")
_LABEL: Final = re.compile(
    rf"\A\W{{0,12}}(?:{spaced(any_of(courtesies.ARTICLE_LABELS))})\s*(?:[:：]|=(?!>)|\s[-–—]\s)\s*(?P<value>.*)\Z",
    re.DOTALL,
)
_ASKED: Final = re.compile(
    rf"\A(?:{_NAMING}\s+)?{_DETERMINED}(?:{_PIECE}\s+(?:{_ABOUT})|{_PIECE}\s*[:,]?|story about)\s+(?P<title>.+)\Z",
    re.DOTALL,
)
_OWNED: Final = re.compile(
    rf"(?P<author>[^\n\"“„,;:]{{2,60}}?)'s?\s+(?:\w+\s+)?{_PIECE}(?:\s+{_ABOUT}\s+(?P<title>[^\n]+))?(?![^\W_])"
)
_WRITTEN_BY: Final = re.compile(
    rf"{words(any_of(courtesies.PIECE))}\s+(?:{spaced(any_of(courtesies.BY))})\s*(?P<author>[^\n\"“„,;:.]{{3,50}}?)"
    rf"(?:\s+{_ABOUT}\s+(?P<title>[^\n]+)|[,;:.\n]|\Z)"
)
_NO_AUTHOR: Final = re.compile(
    r"(?:it|that|today|yesterday|this|last|week|month|morning|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\w*day|let|what|there|here|who|he|she)\Z"
)
_JOINED: Final = re.compile(r"\s+(?:and|when|where|und|et|y|e|en|и)\s*\Z")
_QUOTES: Final = re.compile(rf"(?<![^\W_])(?:{_NOTICED})[^\n{FRONT}]{{0,20}}{FRONT}")
_GOES_ON: Final = re.compile(rf"[\s,:]*(?:\Z|\n|(?:{_NOTICED})(?![^\W_]))|\s*[:,]")
_REPLY: Final = re.compile(rf"\A\s*(?:{courtesies.REPLY_MARKS})+")
_SUBJECT: Final = re.compile(rf"\A\W{{0,12}}(?:{spaced(any_of(courtesies.SUBJECT_LEADS))})\s*")
_NOTHING: Final = frozenset(word for row in courtesies.NOTHING.values() for word in row.split())
_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_EDGES: Final = re.compile(r"\A[\s:,;–—-]+|(?<![\s:,;–—-])[\s:,;–—-]+\Z")
_PAIRS: Final = {
    '"': '"',
    "“": '”"“',
    "„": '“”"',
    "'": "'’",
    "‘": "’'",
    "«": "»",
    "»": "«",
    "*": "*",
    "_": "_",
    "”": "”",
    "《": "》",
    "「": "」",
}


def unwrapped(words_given: str) -> str:
    """A title without marks around it, and blanks and colons at its edges."""
    text = _EDGES.sub("", words_given.strip())[:_LONGEST]
    while len(text) > 2 and text[0] in _PAIRS and text[-1] in _PAIRS[text[0]]:  # noqa: PLR2004 - two marks and a word
        inner = text[1:-1]
        if text[0] in inner and text[0] == text[-1] and inner.count(text[0]) % 2:
            break
        text = _EDGES.sub("", inner)
    return text


def says_nothing(title: str) -> bool:
    """Whether all words are such as stand in any subject line."""
    return all(word in _NOTHING or word.isdigit() for word in _WORD.findall(lowered(title)))


def spellings(given: str) -> tuple[tuple[str, ...], str]:
    """A clue as titles to look for, likeliest first, and the author it names, or ''."""
    title = unwrapped(given)
    low = lowered(title)
    if (owned := _OWNED.match(low)) and (author := _author(title, owned)):
        topic = title[owned.start("title") : owned.end("title")] if owned["title"] else ""
        return tuple(filter(None, (unwrapped(topic), title))), author
    if (written := _WRITTEN_BY.search(low)) and len((author := _author(title, written)).split()) > 1:
        topic = title[written.start("title") : written.end("title")] if written["title"] else ""
        return tuple(filter(None, (unwrapped(topic), title))), author
    if asked := _ASKED.match(low):
        return tuple(dict.fromkeys((unwrapped(title[asked.start("title") :]), title))), ""
    return ((title,) if title else ()), ""


def _author(text: str, match: re.Match[str]) -> str:
    author = text[match.start("author") : match.end("author")].strip()
    author = re.sub(
        r"\A(?:in|the|from|by|on|about|reading|read|re|I was reading|I read)\s+", "", author, flags=re.IGNORECASE
    )
    if _NO_AUTHOR.search(author.lower()) or not author or not author[0].isalpha() or len(author.split()) > 6:  # noqa: PLR2004 - a name
        return ""
    return author if author[:1].isupper() or not author.isascii() or len(author.split()) <= 4 else ""  # noqa: PLR2004 - a name


def without_reply_marks(subject: str) -> str:
    """A subject line without "Re:" and its like."""
    plain = " ".join(subject.split())[:_LONGEST]
    return plain[len(found.group()) :] if (found := _REPLY.match(lowered(plain))) else plain


def of_subject(subject: str) -> list[str]:
    """The titles that a subject line may name, likeliest first."""
    bare = without_reply_marks(subject)
    low = lowered(bare)
    clues: list[str] = []
    if (lead := _SUBJECT.match(low)) and lead.end() < len(bare):
        clues.append(bare[lead.end() :])
    piece = Piece(bare)
    clues += [span.text for span in piece.spans if len(span.text.split()) > 1]
    clues.append(bare)
    known = [clue for clue in dict.fromkeys(map(unwrapped, clues)) if clue and not says_nothing(clue)]
    return [clue for clue in known if not any(map(is_deep, addresses_in(clue)))]


def of_label(line: str) -> str | None:
    """The title or address behind a label such as "Article:", '' if it stands on the next line; None without label."""
    found = _LABEL.match(lowered(line))
    return line[found.start("value") :].strip() if found else None


def of_line(line: str) -> str:
    """The title in a line that says nothing but which article is meant, or ''."""
    low = lowered(line)
    for expression in _LINES:
        if found := expression.match(low):
            return unwrapped(_JOINED.sub("", line[found.start("title") : found.end("title")]))
    return ""


def goes_on_to_quote(piece: Piece) -> bool:
    """Whether a line says what the article says: "you write ..."."""
    return _QUOTES.search(piece.covered) is not None


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles within sentences: quotations that are titles and such as may be, by their start, and unmarked ones."""

    sure: dict[int, str]
    maybe: dict[int, str]
    bare: list[str]


def titles_inside(piece: Piece) -> Titles:
    """The titles that the sentences of a piece name."""
    titles = Titles({}, {}, _unmarked(piece))
    for span in piece.spans:
        before, behind = piece.covered[max(0, span.start - 80) : span.start], piece.covered[span.end : span.end + 60]
        if _QUOTED_TITLE.search(before):
            titles.sure[span.start] = span.text
        elif _NAMING_BEFORE.search(before) and not _CORRECTING.search(before):
            sure = _GOES_ON.match(behind) and len(span.text.split()) > 1
            (titles.sure if sure else titles.maybe)[span.start] = span.text
    return titles


def _unmarked(piece: Piece) -> list[str]:
    found = [match for expression in (_OPENING, _INSIDE) for match in expression.finditer(piece.covered)]
    return [
        unwrapped(piece.text[slice(*match.span("title"))])
        for match in found[:3]
        if FRONT not in match["title"]
        and not any(named.start < match.end("title") and match.start("title") < named.end for named in piece.places)
    ]


def author_inside(text: str) -> tuple[str, tuple[str, ...]]:
    """The author of the article as a sentence names it, and its topic."""
    low = lowered(text)
    for expression in (_OWNED, _WRITTEN_BY):
        if (
            (found := expression.search(low))
            and (author := _author(text, found))
            and " " in author
            and author[0].isupper()
        ):
            topic = text[found.start("title") : found.end("title")] if found["title"] else ""
            return author, tuple(filter(None, (unwrapped(topic),)))
    return "", ()
