"""What the desk calls things, and the public wording it suggests by kind and by resolution."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from corrections.domain.actors import Channel, Role
from corrections.domain.anchors import AnchorState
from corrections.domain.matching import Certainty, Reason
from corrections.domain.policy import Kind
from corrections.domain.states import Move, Resolution, Severity, Status
from corrections.models import EventKind, Notify

STATUSES: Final[Mapping[Status, LazyString]] = {
    Status.REPORTED: _("Reported"),
    Status.NEEDS_INFO: _("Asked the reader"),
    Status.VERIFIED: _("Verified"),
    Status.HELD: _("Held"),
    Status.FIXED: _("Fixed"),
    Status.REJECTED: _("Not changed"),
    Status.MERGED: _("Merged"),
}
KINDS: Final[Mapping[Kind, LazyString]] = {
    Kind.TYPO: _("Typo"),
    Kind.CORRECTION: _("Correction"),
    Kind.CLARIFICATION: _("Clarification"),
    Kind.EDITORS_NOTE: _("Editors’ note"),
    Kind.RETRACTION: _("Retraction"),
}
SEVERITIES: Final[Mapping[Severity, LazyString]] = {
    Severity.MINOR: _("Minor"),
    Severity.NORMAL: _("Normal"),
    Severity.SERIOUS: _("Serious"),
}
ANCHORS: Final[Mapping[AnchorState, LazyString]] = {
    AnchorState.ANCHORED: _("Found"),
    AnchorState.AMBIGUOUS: _("In several places"),
    AnchorState.ORPHANED: _("Not found"),
    AnchorState.ALREADY_FIXED: _("Already reads so"),
}
CERTAINTIES: Final[Mapping[Certainty, LazyString]] = {
    Certainty.CERTAIN: _("certain"),
    Certainty.LIKELY: _("likely"),
    Certainty.UNKNOWN: _("unknown"),
}
RESOLUTIONS: Final[Mapping[Resolution, LazyString]] = {
    Resolution.NOT_AN_ERROR: _("Not an error"),
    Resolution.WONT_FIX: _("Will not be changed"),
    Resolution.OUT_OF_SCOPE: _("Not ours to change"),
    Resolution.WITHDRAWN: _("Withdrawn by the reader"),
    Resolution.SPAM: _("Spam"),
}
CHANNELS: Final[Mapping[Channel, LazyString]] = {
    Channel.WEB: _("the form"),
    Channel.WIDGET: _("the article page"),
    Channel.API: _("the API"),
    Channel.MAIL: _("e-mail"),
    Channel.CLI: _("the command line"),
    Channel.IMPORT: _("an import"),
    Channel.SYSTEM: _("the system"),
}
ROLES: Final[Mapping[Role, LazyString]] = {
    Role.TRIAGER: _("Triager"),
    Role.EDITOR: _("Editor"),
    Role.ADMIN: _("Admin"),
}
NOTICES: Final[Mapping[Notify, LazyString]] = {
    Notify.AT_ONCE: _("At once"),
    Notify.HOURLY: _("Every hour, together"),
    Notify.DAILY: _("Every day, together"),
    Notify.NEVER: _("Never"),
}
REASONS: Final[Mapping[Reason, LazyString]] = {
    Reason.ADDRESS: _("the address given is its address"),
    Reason.ALIAS: _("the address given led here once"),
    Reason.TITLE: _("the title given is its title"),
    Reason.EARLIER_TITLE: _("the title given was its title once"),
    Reason.TITLE_LIKE: _("the title given resembles its title"),
    Reason.TITLE_PART: _("the words given stand in its title"),
    Reason.COPIED_ADDRESS: _("the address given ends like its address"),
    Reason.AUTHOR: _("the author given wrote it"),
    Reason.QUOTE_FOUND: _("the quoted words stand in its text"),
    Reason.QUOTE_NEARLY: _("the quoted words stand in its text, but for a slip"),
    Reason.CORRECTED_FOUND: _("the corrected words stand in its text"),
    Reason.RECENT: _("it is recent"),
}
MOVES: Final[Mapping[Move, LazyString]] = {
    Move.VERIFY: _("Verify"),
    Move.ASK: _("Ask the reader"),
    Move.HOLD: _("Hold"),
    Move.REJECT: _("Do not change"),
    Move.FIX: _("Fix only"),
    Move.REOPEN: _("Reopen"),
}
HAPPENED: Final[Mapping[EventKind, LazyString]] = {
    EventKind.SUBMITTED: _("reported it"),
    EventKind.PLACED: _("set the place"),
    EventKind.SCREENED: _("screened a report"),
    EventKind.CONTACT_ADDED: _("left an address, to be confirmed"),
    EventKind.CONTACT_CONFIRMED: _("confirmed the address"),
    EventKind.WITHDRAWN: _("withdrew a report"),
    EventKind.ERASED: _("had name and address erased"),
    EventKind.NOTED: _("noted"),
    EventKind.ASSIGNED: _("assigned it"),
    EventKind.EDITED: _("edited it"),
    EventKind.VERIFIED: _("verified it"),
    EventKind.ASKED: _("asked the reader"),
    EventKind.HELD: _("put it on hold"),
    EventKind.REJECTED: _("decided not to change it"),
    EventKind.FIXED: _("marked it fixed"),
    EventKind.REOPENED: _("opened it again"),
    EventKind.MERGED: _("merged it into another"),
    EventKind.UNMERGED: _("undid the merge"),
    EventKind.SPLIT: _("split it off"),
    EventKind.PUBLISHED: _("published a correction"),
    EventKind.AMENDED: _("amended the correction"),
    EventKind.TAKEN_BACK: _("withdrew the correction"),
    EventKind.TEXT_CHANGED: _("saw the article’s text change"),
    EventKind.SEEN_LIVE: _("saw the fix in the article"),
}
MAILS: Final[Mapping[str, LazyString]] = {
    "confirm_address": _("Please confirm your address"),
    "report_received": _("Receipt"),
    "mail_received": _("Receipt for a mail"),
    "report_question": _("A question to the reader"),
    "report_fixed": _("Told: fixed"),
    "report_rejected": _("Told: not changed, and why"),
    "report_published": _("Told: corrected and published"),
    "editor_new_erratum": _("A new erratum, to an editor"),
    "editor_assigned": _("An erratum assigned, to an editor"),
    "editor_digest": _("A digest, to an editor"),
    "editor_answer": _("A reader’s answer, to an editor"),
    "command_done": _("A command by mail: carried out"),
    "command_refused": _("A command by mail: not carried out"),
}


def outcome(resolution: Resolution) -> str:
    """The public wording suggested for a rejection; '' where nobody is told."""
    return str(_OUTCOMES.get(resolution, ""))


_OUTCOMES: Final[Mapping[Resolution, LazyString]] = {
    Resolution.NOT_AN_ERROR: _(
        "We looked at this again, and it stands as it is meant to. Thank you for reading so closely."
    ),
    Resolution.WONT_FIX: _("You are right to notice. We have decided to leave it as it is; thank you for telling us."),
    Resolution.OUT_OF_SCOPE: _("This is not something we can change in this article. Thank you for telling us."),
    Resolution.WITHDRAWN: _("The report was withdrawn."),
}


def note(kind: Kind, was: str, now: str) -> str:
    """The public note suggested for a correction, with “…” where the editor has to fill in; '' for a typo."""
    if kind is Kind.CORRECTION and was and now:
        sentence = gettext(
            "An earlier version of this article said “%(was)s”. It should have said “%(now)s”.", was=was, now=now
        )
    elif kind is Kind.CLARIFICATION and now:
        sentence = gettext("This article has been made clearer. It now says “%(now)s”.", now=now)
    else:
        sentence = _WITH_GAPS.get(kind, "")
    return str(sentence)


_WITH_GAPS: Final[Mapping[Kind, LazyString]] = {
    Kind.CORRECTION: _("An earlier version of this article was wrong about … It should have said that …"),
    Kind.CLARIFICATION: _("This article has been made clearer: …"),
    Kind.EDITORS_NOTE: _("Editors’ note: after publication we learned that …"),
    Kind.RETRACTION: _("We have retracted this article, because … We apologise to our readers."),
}


def note_of(event: Any) -> str:
    """What the history says beside an event, in words; numbers are of other errata or corrections."""
    if event.kind in {EventKind.MERGED, EventKind.UNMERGED, EventKind.SPLIT}:
        return str(gettext("Erratum %(number)s", number=event.note))
    if event.kind in {EventKind.PUBLISHED, EventKind.AMENDED}:
        return str(gettext("Correction no. %(number)s", number=event.note))
    return str(event.note)


def is_unfinished(words: str) -> bool:
    """Whether a suggested wording still has the gaps that the editor is to fill."""
    return "…" in words
