"""What a source may refuse: as an error inside the sources, as a value for whoever imports."""

from dataclasses import dataclass

from corrections.domain.errors import CorrectionsError


class Refused(CorrectionsError):
    """A page, file or line that is not taken in; the sentence says why and, where it can, what to do."""

    status = 422
    code = "source-refused"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that was not taken in: ``origin`` is its file, line or address, ``reason`` a sentence."""

    origin: str
    reason: str
