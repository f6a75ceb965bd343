"""Every length (in characters), size and quota, said once; columns, forms and services read them here."""

from datetime import timedelta
from typing import Final

# What a reader may send.
ARTICLE_AS_GIVEN: Final = 2_000
QUOTE: Final = 5_000
CONTEXT: Final = 200
NOTES: Final = 10_000
NAME: Final = 200
EMAIL: Final = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets

# What an editor may write.
REASON: Final = 5_000
PUBLIC_NOTE: Final = 5_000
POLICY: Final = 50_000
SEARCH: Final = 500

# Articles.
TITLE: Final = 1_000
URL: Final = 2_000  # bytes, too: PostgreSQL indexes at most 2,704
KEY: Final = 600  # keys are cut to it; four bytes a character at most, for the same reason
BYLINE: Final = 500
SECTION: Final = 200
LANGUAGE: Final = 35  # RFC 5646, section 4.4.1
ARTICLE_TEXT: Final = 2_000_000
SLUG: Final = 80

# Fetching.
FETCH_BYTES: Final = 20_000_000
FETCH_SECONDS: Final = 20.0
FETCH_REDIRECTS: Final = 5

# Lists.
PAGE: Final = 50
CANDIDATES: Final = 8
SUGGESTIONS: Final = 8

# Quotas: how many within which time.
QUOTA_WINDOW: Final = timedelta(hours=1)
REPORTS_PER_SENDER: Final = 30
REPORTS_PER_ARTICLE: Final = 300
CONFIRMATIONS_PER_ADDRESS: Final = 3
CONFIRMATION_WINDOW: Final = timedelta(days=1)

# Signed things.
FORM_AGE: Final = timedelta(days=2)
FORM_MIN_AGE: Final = timedelta(seconds=3)
WELCOME_AGE: Final = timedelta(days=7)
CONFIRM_AGE: Final = timedelta(days=14)

# Mail that is owed: a message is tried again after these pauses, then given up.
RETRY_PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60, 120, 240, 480))
GIVE_UP_AFTER: Final = timedelta(days=3)
LEASE: Final = timedelta(minutes=2)

# Mail that comes in.
MAIL_BYTES: Final = 26_214_400
MAIL_ADDRESS: Final = 320
MESSAGE_ID: Final = 1_000
MAIL_SUBJECT: Final = 1_000
MAIL_REASON: Final = 200
FILE_NAME: Final = 255
MAIL_PARTS: Final = 200  # of one message; what lies deeper is noted, not looked at
EVIDENCE_BYTES: Final = 10_000_000  # a larger picture is noted only
ERRORS_PER_MAIL: Final = 20
READ_ATTEMPTS: Final = 3
RECEIPT_WINDOW: Final = timedelta(hours=1)
ANSWERED_MAILS: Final = 300  # within it; of more, only those are answered whose sender is proved
ACT_LINK_AGE: Final = timedelta(days=14)
HARD_BOUNCES: Final = 3  # after so many nothing is sent to an address any more
