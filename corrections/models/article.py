"""Articles, all the names they go or went by, and their texts as captured."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from corrections.db import Base, Key, enum_type
from corrections.domain import limits
from corrections.models.publication import Publication


class NameKind(StrEnum):
    """What an article can be called by."""

    TITLE = "title"
    URL = "url"


class Article(Base):
    """One article; ``title`` and ``url`` are the present ones, ``names`` holds all there have been."""

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_recent", "published_at", "id"),)

    id: Mapped[Key]
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), index=True)
    slug: Mapped[str] = mapped_column(String(limits.SLUG + 12), unique=True)
    url: Mapped[str | None] = mapped_column(String(limits.URL), unique=True)
    title: Mapped[str] = mapped_column(String(limits.TITLE))
    byline: Mapped[str | None] = mapped_column(String(limits.BYLINE))
    section: Mapped[str | None] = mapped_column(String(limits.SECTION))
    published_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(String(limits.LANGUAGE))
    licence: Mapped[str | None] = mapped_column(String(limits.URL))
    corrections_made: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime]

    publication: Mapped[Publication] = relationship()
    names: Mapped[list["ArticleName"]] = relationship(back_populates="article", order_by="ArticleName.id")
    snapshots: Mapped[list["Snapshot"]] = relationship(back_populates="article", order_by="Snapshot.number")


class ArticleName(Base):
    """A title or an address, present or earlier, with the key it is looked up by."""

    __tablename__ = "article_name"
    __table_args__ = (
        UniqueConstraint("article_id", "kind", "key"),
        Index("ix_article_name_lookup", "kind", "key"),
        CheckConstraint("key <> ''", name="key"),
    )

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    kind: Mapped[NameKind] = mapped_column(enum_type(NameKind))
    text: Mapped[str] = mapped_column(String(limits.URL))
    key: Mapped[str] = mapped_column(String(limits.KEY))
    current: Mapped[bool] = mapped_column(default=True)

    article: Mapped[Article] = relationship(back_populates="names")


class Snapshot(Base):
    """An article's text as captured at a time; never changed."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    text: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    captured_at: Mapped[datetime]

    article: Mapped[Article] = relationship(back_populates="snapshots")
