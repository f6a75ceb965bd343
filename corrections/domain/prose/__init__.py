"""Words of readers turned into sayings: what should change, in which article, and where; no article is looked at."""

from corrections.domain.prose.fields import read_fields
from corrections.domain.prose.mails import read_mail

__all__ = ["read_fields", "read_mail"]
