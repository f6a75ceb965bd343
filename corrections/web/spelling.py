"""Spellings that are both right where a publication is written."""

from flask import current_app

from corrections.domain import variants


def are_both_right(original: str, corrected: str, language: str | None) -> bool:
    """Whether the two are right spellings of one word, in the article's language or else that of the installation."""
    spoken = language or str(current_app.config["LOCALE"])
    return bool(original and corrected) and variants.is_variant(original, corrected, spoken)
