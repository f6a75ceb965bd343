"""Articles and their corrections in the words of schema.org, for search engines and fact checkers."""

from collections.abc import Sequence
from typing import Any

from corrections.queries.log import Line
from corrections.web.entries import Entry
from corrections.web.page import Shown


def linked_data(article: Line, entries: Sequence[Entry], publication: Shown, page: str) -> dict[str, Any]:
    """An ``Article`` with a ``CorrectionComment`` for each entry; ``page`` is our address for the article."""
    known = {
        "headline": article.title,
        "url": article.url or page,
        "author": {"@type": "Person", "name": article.byline} if article.byline else None,
        "articleSection": article.section,
        "inLanguage": article.language,
        "datePublished": article.article_published_at.isoformat() if article.article_published_at else None,
        "publisher": {"@type": "Organization", "name": publication.name, "url": publication.home_url},
        "correction": [_comment(entry) for entry in entries],
    }
    said = {name: value for name, value in known.items() if value}
    return {"@context": "https://schema.org", "@type": "Article"} | said


def _comment(entry: Entry) -> dict[str, str]:
    return {
        "@type": "CorrectionComment",
        "@id": entry.url,
        "url": entry.url,
        "name": entry.kind_name,
        "text": entry.summary,
        "datePublished": entry.published.isoformat(),
        "dateModified": entry.updated.isoformat(),
    }
