"""Everything the product may refuse, as types. Each carries an HTTP status and a stable code for the doors."""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar


class CorrectionsError(Exception):
    """A refusal: the sentence says what happened and what to do.

    ``values`` are the named placeholders of ``message``, so that a door can translate the sentence.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class Rejected(CorrectionsError):
    """Input that cannot be taken as it is; ``fields`` names each field and what would help."""

    status = 422
    code = "invalid"

    def __init__(self, message: str, fields: Mapping[str, str] | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.fields = dict(fields or {})


class NotFound(CorrectionsError):
    """There is nothing at this address or under this number."""

    status = 404
    code = "not-found"


class Gone(CorrectionsError):
    """A signed link that has run out or was used."""

    status = 410
    code = "gone"


class NotAllowed(CorrectionsError):
    """The role does not reach so far."""

    status = 403
    code = "not-allowed"


class IllegalMove(CorrectionsError):
    """The move does not exist from this status."""

    status = 409
    code = "illegal-move"


class Stale(CorrectionsError):
    """Somebody else changed the row since it was read."""

    status = 409
    code = "stale"


class TooMany(CorrectionsError):
    """A quota is used up; ``retry_after`` says when to come back."""

    status = 429
    code = "too-many"

    def __init__(self, message: str, retry_after: timedelta, **values: object) -> None:
        super().__init__(message, **values)
        self.retry_after = retry_after
