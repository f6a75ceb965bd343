"""What is known of an article when it comes in from outside."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """One article as a source told it.

    ``text`` is paragraphs divided by one empty line, its characters as published; None where only a listing was seen.
    ``aliases`` are further addresses of the same article; ``origin`` is the file or address it was read from.
    """

    title: str
    url: str | None = None
    aliases: tuple[str, ...] = ()
    byline: str | None = None
    section: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    licence: str | None = None
    text: str | None = None
    origin: str = ""
