"""Errors that are not ours to trace: each becomes a sentence that says what happened and what to do."""

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from corrections.config import BadSetting
from corrections.domain.errors import CorrectionsError, Rejected

EXTRAS = {"psycopg": "postgres", "redis": "redis"}


def sentence_of(error: Exception) -> str | None:
    """What to tell the operator; None for a mistake of ours, which deserves its traceback."""
    sentence = None
    if isinstance(error, Rejected) and error.fields:
        sentence = " ".join(dict.fromkeys(error.fields.values()))
    elif isinstance(error, BadSetting | CorrectionsError):
        sentence = str(error)
    elif isinstance(error, DBAPIError):
        sentence = f"The database refused or cannot be reached: {first_line(error)}. `corrections doctor` tells more."
    elif isinstance(error, ArgumentError | NoSuchModuleError):
        sentence = (
            "CORRECTIONS_SQLALCHEMY_DATABASE_URI cannot be read. Example: postgresql+psycopg://user:password@host/name"
        )
    elif isinstance(error, ModuleNotFoundError) and error.name in EXTRAS:
        extra = EXTRAS[error.name]
        sentence = f"The settings ask for {error.name}, which is missing. Install: pip install 'corrections[{extra}]'"
    elif isinstance(error, OSError):
        sentence = f"{error.filename}: {error.strerror}" if error.filename else (error.strerror or str(error))
    return sentence


def first_line(error: DBAPIError) -> str:
    """The first line of what the database said, which names no values."""
    return str(error.orig).strip().partition("\n")[0].rstrip(".") or type(error.orig).__name__
