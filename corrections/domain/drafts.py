"""What is about to be published, before it has a number."""

from dataclasses import dataclass

from corrections.domain.policy import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The wording of a correction: ``original_text`` was there, ``corrected_text`` is there now, ``note`` explains."""

    kind: Kind
    original_text: str = ""
    corrected_text: str = ""
    note: str = ""
