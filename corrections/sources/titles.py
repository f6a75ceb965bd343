"""Which of the titles that a page states is the article's: a vote among the places that state one."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from corrections.sources import linked
from corrections.sources.stated import Stated

# Between an article's title and a site's name; the last ones are too common inside titles to be trusted alone.
_STRONG: Final = r"\s+(?:[|•·»«*]|-{1,2}|–|—|::|>>)\s+|\s*[｜∣]\s*|(?<=\w)_(?=\w)|\s+_(?=\S)|\s+(?=\[[^\]]+\]$)"  # noqa: RUF001 - as printed
_WEAK: Final = r"|\s*[|：·]\s*|:\s+"  # noqa: RUF001 - as printed
_STRONG_SEPARATOR: Final = re.compile(_STRONG)
_SEPARATOR: Final = re.compile(_STRONG + _WEAK)
_UNDIVIDED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_NOT_WORDS: Final = re.compile(r"[\W_]+")
_EMPTY_WORDS: Final = frozenset(["logo", "home", "homepage", "menu", "search", "navigation", "the", "original", "text"])

# How much each place counts, measured on some hundred pages of known title: what is printed on the page before what is
# made for search engines and for sharing.
_PAGE_TITLE: Final = 2.5
_HEADLINE: Final = 7.0
_HINT: Final = 4.0
_PRINTED: Final = 6.5
_PRINTED_SMALL: Final = 4.0
_INSIDE: Final = 5.0
_NAME: Final = 1.5
_ANY_HEADING: Final = 1.0
_MOST_CUTS: Final = 12
_LONGEST_NAME: Final = 60
_LONG_FOR_A_NAME: Final = 25
_ALIKE: Final = 0.4
_META: Final = {
    "og:title": 2.5,
    "headline": 3.0,
    "twitter:title": 1.0,
    "title": 1.5,
    "dc.title": 1.5,
    "dcterms.title": 1.5,
    "citation_title": 3.0,
    "parsely-title": 1.5,
    "sailthru.title": 1.5,
    "cxenseparse:title": 1.5,
    "ob:title": 1.5,
}


@dataclass(frozen=True, slots=True)
class Witness:
    """A title as one place states it; ``alone`` where that place has no room for the site's name."""

    text: str
    weight: float
    alone: bool = False


def title_of(stated: Stated, hint: str | None = None) -> str | None:
    """The title most places agree on, without the site's name; ``hint`` is what a feed called the article."""
    site = _Site(stated)
    heard = [witness for witness in _witnesses(stated, hint) if not site.is_named_by(witness.text)]
    whole = [
        {key(site.trimmed(witness.text)) for witness in heard if witness.alone is alone} for alone in (True, False)
    ]
    votes: dict[str, list[tuple[str, float]]] = {}
    for witness in heard:
        text = site.trimmed(witness.text) if witness.alone else site.taken_off(witness.text, whole)
        votes.setdefault(key(text), []).append((text, witness.weight))
    votes.pop("", None)
    if not votes:
        return None
    best = max(votes.values(), key=lambda group: sum(weight for _, weight in group))
    return _without_last_part(best[0][0]) if len(best) == 1 and best[0][1] == _PAGE_TITLE else best[0][0]


def _witnesses(stated: Stated, hint: str | None) -> list[Witness]:
    """What each place says, in the order in which their spelling is preferred."""
    others = [
        Witness(text, weight) for name, weight in _META.items() for text in dict.fromkeys(stated.meta.get(name, ()))
    ]
    if stated.page_title:
        others.append(Witness(stated.page_title, _PAGE_TITLE))
    if name := linked.first(stated.article, "name"):
        others.append(Witness(name, _NAME))
    told = [Witness(headline, _HEADLINE, alone=True)] if (headline := linked.first(stated.article, "headline")) else []
    if hint:
        told.append(Witness(hint, _HINT, alone=True))
    return [*told, *_from_headings(stated, [*told, *others]), *others]


def _from_headings(stated: Stated, others: list[Witness]) -> Iterator[Witness]:
    """A heading that resembles what is stated elsewhere is the headline as printed; another may be the site's."""
    parts = _STRONG_SEPARATOR.split(stated.page_title)
    found = False
    for heading in stated.headings:
        if not heading.marked and heading.level > 1:
            continue
        of_site = len(parts) > 1 and _resemble(heading.text, parts[-1]) and not _resemble(heading.text, parts[0])
        if of_site:
            continue
        if any(_resemble(heading.text, other.text) for other in others):
            weight = _ANY_HEADING if found else _PRINTED if heading.level == 1 else _PRINTED_SMALL
            found = True
        else:
            weight = _INSIDE if heading.inside or heading.marked else _ANY_HEADING
        yield Witness(heading.text, weight, alone=True)


def _resemble(one: str, other: str) -> bool:
    a, b = _features(one), _features(other)
    return len(a & b) >= _ALIKE * max(1, min(len(a), len(b))) and len(a & b) >= _ALIKE / 2 * len(b)


def _features(text: str) -> set[str]:
    """The words of a title, or pairs of characters in scripts that do not divide words."""
    words = key(text)
    return {words[i : i + 2] for i in range(len(words) - 1)} if _UNDIVIDED.search(words) else set(words.split())


def _without_last_part(text: str) -> str:
    """``text`` without its short last parts, which on a page that states nothing else are names of section and site."""
    while cuts := list(_STRONG_SEPARATOR.finditer(text)):
        head, tail = text[: cuts[-1].start()], text[cuts[-1].end() :]
        if len(tail) >= len(head) or len(tail.split()) > 5 or len(head) < 10:  # noqa: PLR2004 - a name is short, a title is not
            break
        text = head
    return text


def key(text: str) -> str:
    """What two spellings of one title share: the words, without case, quotes, dashes and spacing."""
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


class _Site:
    """What the page's site is called, to tell its name from an article's title."""

    def __init__(self, stated: Stated) -> None:
        host = urlsplit(stated.url or "").hostname or ""
        labels = [label for label in host.split(".") if label not in {"www", "com", "org", "net", "co"}]
        told = (linked.first(stated.article, "headline"), stated.told("og:title"), stated.page_title)
        titles = {key(title) for title in told if title and len(title) > _LONG_FOR_A_NAME}  # set as names by mistake
        self.names = {key(name) for name in stated.site_names() if len(name) <= _LONGEST_NAME} - titles - {""}
        self.compact = {_compact(name) for name in self.names} | {"".join(labels), *filter(_is_no_country, labels)}
        self.words = {word for name in self.names for word in name.split()} | set(labels) | _EMPTY_WORDS

    def is_named_by(self, text: str) -> bool:
        """Whether ``text`` is nothing but the site's name, or words that stand on every page."""
        words = key(text).split()
        return not words or all(word in self.words for word in words) or _compact(" ".join(words)) in self.compact

    def taken_off(self, text: str, told: list[set[str]]) -> str:
        """The longest part of ``text`` that is ``told``, first set first; or else ``text`` without the site's name."""
        found = [(match.start(), match.end()) for match in _SEPARATOR.finditer(text)]
        cuts = [(0, 0), *found[:_MOST_CUTS], (len(text), len(text))]
        parts = [text[begin:end] for (_, begin) in cuts for (end, _) in cuts if begin < end]
        for keys in told:
            for part in sorted(parts, key=len, reverse=True):
                if key(part) in keys and (part != text or keys is told[0]):
                    return part
        return self.trimmed(text)

    def trimmed(self, text: str) -> str:
        """``text`` without the site's name at its ends."""
        while cuts := list(_SEPARATOR.finditer(text)):
            first, last = cuts[0], cuts[-1]
            if self.is_named_by(text[last.end() :]):
                text = text[: last.start()]
            elif self.is_named_by(text[: first.start()]):
                text = text[first.end() :]
            else:
                break
        return text


def _compact(text: str) -> str:
    return text.replace(" ", "").replace("ß", "ss")


def _is_no_country(label: str) -> bool:
    return len(label) > 2  # noqa: PLR2004 - the letters of a country, such as "uk"
