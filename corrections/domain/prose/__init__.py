"""What people write about an error, understood: which article, what is wrong, how it should read, where to look."""

from corrections.domain.anchors import Anchor
from corrections.domain.sayings import Change, Saying


def read_fields(article: str, url: str, anchor: Anchor, corrected: str, notes: str) -> Saying:
    """What the fields of a form say; the first change is the fields taken literally."""
    changes = (Change(original=anchor.exact, corrected=corrected),) if anchor.exact or corrected else ()
    return Saying(
        articles=tuple(dict.fromkeys(clue for clue in (url, article) if clue)),
        changes=changes,
        prefix=anchor.prefix,
        suffix=anchor.suffix,
        notes=notes,
    )


def read_mail(subject: str, text: str, quoted: str = "") -> tuple[Saying, ...]:  # noqa: ARG001 - to come
    """What a mail says, one saying an error; never empty."""
    return (Saying(notes=text),)
