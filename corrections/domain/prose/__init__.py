"""Words of readers turned into sayings: what should change, in which article, and where; no article is looked at.

What does it is imported by the first call: making its hundreds of patterns takes as long as the database's library.
"""

from corrections.domain.anchors import Anchor
from corrections.domain.sayings import Saying

__all__ = ["read_fields", "read_mail"]


def read_fields(article: str, url: str, anchor: Anchor, corrected: str, notes: str) -> Saying:
    """What a form says of one error; its first change is the fields taken literally."""
    from corrections.domain.prose import fields  # as said above

    return fields.read_fields(article, url, anchor, corrected, notes)


def read_mail(subject: str, text: str, quoted: str = "") -> tuple[Saying, ...]:
    """One saying for each error a mail tells of; a single one with notes only when nothing was understood.

    ``text`` is what the person wrote, without signature and reply quotes; ``quoted`` the text that was replied to.
    """
    from corrections.domain.prose import mails  # as said above

    return mails.read_mail(subject, text, quoted)
