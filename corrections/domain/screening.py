"""Is this report a person's? Signs are added up; in doubt it is held back for an editor, never thrown away."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Sign(StrEnum):
    """Something that robots do more often than people."""

    HIDDEN_FIELD = "hidden_field"
    TOO_QUICK = "too_quick"
    NO_FORM = "no_form"
    OLD_FORM = "old_form"
    LINKS = "links"
    MARKUP = "markup"
    SPAM_MAIL = "spam_mail"
    MANY_MAILS = "many_mails"
    PASSED_ON = "passed_on"


WEIGHT: Final = {
    Sign.HIDDEN_FIELD: 2,
    Sign.TOO_QUICK: 1,
    Sign.NO_FORM: 1,
    Sign.OLD_FORM: 0,
    Sign.LINKS: 2,
    Sign.MARKUP: 1,
    Sign.SPAM_MAIL: 2,
    Sign.PASSED_ON: 2,
    Sign.MANY_MAILS: 2,
}
HOLD_FROM: Final = 2
MANY_LINKS: Final = 3

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_MARKUP = re.compile(r"<a\s[^>]*href|\[url[=\]]|\[link[=\]]", re.IGNORECASE)


def signs_in(*texts: str) -> list[Sign]:
    """The signs that the words themselves give."""
    whole = "\n".join(texts)
    found = []
    if len(_LINK.findall(whole)) >= MANY_LINKS:
        found.append(Sign.LINKS)
    if _MARKUP.search(whole):
        found.append(Sign.MARKUP)
    return found


def doubtful(signs: Iterable[Sign]) -> bool:
    """Whether the signs together are enough to hold the report for screening."""
    return sum(WEIGHT[sign] for sign in set(signs)) >= HOLD_FROM
