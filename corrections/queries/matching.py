"""The articles that a report may mean: gathered by index, the surest ways first, and no further than is needed."""

from collections.abc import Iterable, Iterator
from typing import Final

from rapidfuzz import fuzz
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from corrections.domain import limits
from corrections.domain.clues import Clue, all_but_one, clues_of, halves, literally, pairs, quote_words, quotes_of
from corrections.domain.evidence import is_telling
from corrections.domain.matching import Option, Reason, decide, is_settled
from corrections.domain.sayings import Saying
from corrections.domain.titles import title_keys
from corrections.models import Article, ArticleName, NameKind, Publication, Snapshot
from corrections.queries import candidates

_LOADED: Final = 2 * limits.CANDIDATES  # articles that are read
_CLUES: Final = 3  # of one saying that are looked for among the words of titles
_TELLING: Final = 24  # articles that may have a quote's words for them to say something on their own
_ODD_WORD: Final = 4  # letters of a word that is worth reading texts for
_PAIRED: Final = 4  # words of a title of which two may be wrong
_SLIPPED: Final = 3  # words of a quote of which one may be

_NEWEST: Final = (
    select(Snapshot.text).where(Snapshot.article_id == Article.id).order_by(Snapshot.number.desc()).limit(1)
).scalar_subquery()
_ARTICLES: Final = select(
    Article.id, Article.title, Article.url, Article.byline, Article.published_at, _NEWEST.label("text")
).where(Article.id.in_(bindparam("ids", expanding=True)))
_TITLES: Final = (
    select(ArticleName.article_id, ArticleName.text)
    .where(ArticleName.article_id.in_(bindparam("ids", expanding=True)), ArticleName.kind == NameKind.TITLE)
    .order_by(ArticleName.id)
)
_SITES: Final = select(Publication.name)


def options(session: Session, saying: Saying) -> list[Option]:
    """The articles that ``saying`` could mean, with what is needed to weigh them.

    By names first. Unless that settles it: by beginnings and words of titles, authors and quotes, at last by letters.
    """
    return _Search(session, saying).options()


class _Search:
    """One search: what was found so far, and in which way."""

    def __init__(self, session: Session, saying: Saying) -> None:
        self.session, self.saying = session, saying
        self.clues = clues_of(saying.articles, saying.author)
        self.titled = [clue for clue in self.clues if clue.core][:_CLUES]
        self.exact: dict[int, tuple[Reason, int]] = {}
        self.copied: set[int] = set()
        self.alike: dict[int, float] = {}
        self.by_author: set[int] = set()
        self.quoting: set[int] = set()
        self.loaded: dict[int, Option] = {}

    def options(self) -> list[Option]:
        for look in (self._names, self._titles, self._quotes, self._letters):
            look()
            found = self._load()
            if found and is_settled(self.saying, decide(self.saying, found)):
                break
        return found

    # The ways to find

    def _names(self) -> None:
        by_key, others = self._keys()
        found = candidates.named(self.session, [*by_key, *others])
        for article_id, kind, key in found:
            reason, _ = by_key.get(key, (None, 0))
            if reason is not None and (reason is Reason.ADDRESS) == (kind == NameKind.URL):
                self._name(article_id, by_key[key])
            elif kind == NameKind.TITLE:
                self.alike[article_id] = 1.0
        if self.alike and not self.exact:
            self._without_sites([(article_id, key) for article_id, kind, key in found if kind == NameKind.TITLE])
        if not self.exact:
            for segment in dict.fromkeys(clue.segment for clue in self.clues if clue.segment):
                self.copied.update(candidates.with_segment(self.session, segment))

    def _keys(self) -> tuple[dict[str, tuple[Reason, int]], set[str]]:
        """The keys that name an article, with the number of the clue; and those that do so if a site was added."""
        by_key: dict[str, tuple[Reason, int]] = {}
        others: set[str] = set()
        for number, clue in enumerate(self.clues):
            if clue.address:
                by_key.setdefault(clue.address[: limits.KEY], (Reason.ADDRESS, number))
            for way in clue.ways:
                if way.sure:
                    by_key.setdefault(way.key[: limits.KEY], (Reason.TITLE, number))
                else:
                    others.add(way.key[: limits.KEY])
        return by_key, others

    def _name(self, article_id: int, how: tuple[Reason, int]) -> None:
        self.exact[article_id] = min(how, self.exact.get(article_id, how), key=lambda one: one[1])

    def _without_sites(self, found: candidates.Found) -> None:
        sites = self.session.scalars(_SITES).all()
        for number, clue in enumerate(self.clues):
            keys = set(title_keys(clue.written, sites) if clue.ways and clue.ways[0].sure else ())
            for article_id, key in found:
                if key in keys:
                    self._name(article_id, (Reason.TITLE, number))

    def _titles(self) -> None:
        for clue in self.titled:
            self._add(candidates.beginning_with(self.session, clue.core), clue)
        groups = list(dict.fromkeys(clue.words for clue in self.titled))
        found = candidates.with_words(self.session, groups)
        if not found:
            found = candidates.with_words(self.session, [g for words in groups for g in all_but_one(words)])
        if not found:
            found = candidates.with_words(
                self.session, [g for words in groups if len(words) >= _PAIRED for g in pairs(words)]
            )
        for clue in self.titled:
            self._add(found, clue)
        for author in dict.fromkeys(clue.author for clue in self.clues if clue.author):
            self.by_author.update(candidates.by_author(self.session, author.split()))

    def _quotes(self) -> None:
        """All the words of a quote; if no text has them, all but one; if many have, the quote letter by letter."""
        quotes = {quote: quote_words(quote) for quote in quotes_of(self.saying)}
        found = {quote: candidates.quoting(self.session, [words]) for quote, words in quotes.items()}
        if not any(found.values()):
            found = {
                quote: candidates.quoting(self.session, all_but_one(words))
                for quote, words in quotes.items()
                if len(words) >= _SLIPPED
            }
        for ids in found.values():
            self.quoting.update(ids if len(ids) <= _TELLING else ())
        common = next((quote for quote, ids in found.items() if len(ids) > _TELLING), "")
        if common:
            self._read_for(common)

    def _read_for(self, quote: str) -> None:
        """Common words: texts have to be read for them, those of articles that may be meant first."""
        literal = literally(quote)
        known = sorted({*self.alike, *self.by_author}, key=lambda article_id: -self._promise(article_id))
        if len(known) > _LOADED and len(literal) >= _ODD_WORD:
            self.quoting.update(candidates.holding(self.session, known, literal))
        elif not known and is_telling(literal):
            self.quoting.update(candidates.quoting_literally(self.session, quote_words(quote), literal))

    def _letters(self) -> None:
        """A last resort, for a title of few words that was misspelt."""
        if any(likeness >= 0.8 for likeness in self.alike.values()) or self.quoting:  # noqa: PLR2004 - alike enough
            return
        for clue in self.titled[:1]:
            self._add(candidates.with_letters(self.session, halves(clue.words[0])), clue)

    def _add(self, found: candidates.Found, clue: Clue) -> None:
        ways = [way.key for way in clue.ways if not way.only_whole]
        for article_id, key in found:
            whole = max(fuzz.token_sort_ratio(way, key) for way in ways)
            likeness = fuzz.token_set_ratio(clue.core, key) / 150 + whole / 300
            self.alike[article_id] = max(self.alike.get(article_id, 0.0), likeness)

    # The articles found

    def _promise(self, article_id: int) -> float:
        return (
            10 * (article_id in self.exact)
            + 4 * (article_id in self.copied)
            + 4 * self.alike.get(article_id, 0.0)
            + 4.5 * (article_id in self.quoting)
            + 2 * (article_id in self.by_author)
        )

    def _load(self) -> list[Option]:
        found = {*self.exact, *self.copied, *self.alike, *self.by_author, *self.quoting}
        best = sorted(found, key=lambda article_id: (-self._promise(article_id), -article_id))[:_LOADED]
        missing = [article_id for article_id in best if article_id not in self.loaded]
        if missing:
            self.loaded |= {option.article_id: option for option in self._read(missing)}
        return [self.loaded[article_id] for article_id in best if article_id in self.loaded]

    def _read(self, ids: Iterable[int]) -> Iterator[Option]:
        wanted = {"ids": list(ids)}
        names: dict[int, list[str]] = {}
        for article_id, title in self.session.execute(_TITLES, wanted):
            names.setdefault(article_id, []).append(title)
        for row in self.session.execute(_ARTICLES, wanted):
            yield self._option(row, names.get(row.id, [row.title]))

    def _option(self, row: Row[tuple[object, ...]], names: list[str]) -> Option:
        exact, clue = self.exact.get(row.id, (None, 0))
        return Option(
            article_id=row.id,
            title=row.title,
            url=row.url,
            names=tuple(names),
            exact=exact,
            clue=clue,
            copied=row.id in self.copied,
            text=row.text,
            byline=row.byline,
            published_at=row.published_at,
        )
