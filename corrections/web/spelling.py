"""Spellings that are both right where a publication is written."""

import importlib
import importlib.util

from flask import current_app


def are_both_right(original: str, corrected: str, language: str | None) -> bool:
    """Whether the two are right spellings of one word, in the article's language or else that of the installation."""
    if not (original and corrected) or importlib.util.find_spec("corrections.domain.variants") is None:
        return False
    variants = importlib.import_module("corrections.domain.variants")
    return bool(variants.is_variant(original, corrected, language or str(current_app.config["LOCALE"])))
