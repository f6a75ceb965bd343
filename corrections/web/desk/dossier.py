"""All that the page of one erratum shows, gathered: the place, the reports, the history, and a form for each move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from corrections.db import db
from corrections.domain import anchors
from corrections.domain.actors import Channel, Role
from corrections.domain.anchors import Anchor, AnchorState
from corrections.domain.drafts import Draft
from corrections.domain.errors import CorrectionsError, Stale
from corrections.domain.limits import QUOTE, TITLE
from corrections.domain.matching import Match
from corrections.domain.policy import POLICY
from corrections.domain.states import OPEN, Move, Status, moves_from
from corrections.domain.text import Piece, clean, paragraph_around, sentence_around, word_difference
from corrections.models import Erratum, Report
from corrections.queries import errata, inbox
from corrections.queries.errata import Line
from corrections.services import publishing
from corrections.web import wording
from corrections.web.auth import current_editor
from corrections.web.desk import candidates, lines, proposals
from corrections.web.desk.candidates import Suggested
from corrections.web.desk_forms import (
    AskForm,
    AssignForm,
    ConfirmForm,
    Decision,
    EditForm,
    FixForm,
    HoldForm,
    MergeForm,
    NoteForm,
    PlaceAtForm,
    PlaceInForm,
    PublishForm,
    RejectForm,
    ReopenForm,
    SplitForm,
    VerifyForm,
)

AROUND: Final = 600  # characters of a long paragraph shown on each side
PLACES_SHOWN: Final = 12
TEXTS: Final = ("original_text", "corrected_text")

FORM_OF: Final[dict[Move, type[Decision]]] = {
    Move.VERIFY: VerifyForm,
    Move.ASK: AskForm,
    Move.HOLD: HoldForm,
    Move.REJECT: RejectForm,
    Move.FIX: FixForm,
    Move.REOPEN: ReopenForm,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in the text with its sentence."""

    start: int
    end: int
    before: str
    words: str
    after: str


@dataclass(slots=True)
class Dossier:
    """One erratum as an editor sees it; ``sent`` is a form that came back, ``refusal`` why, ``preview`` a draft."""

    session: Session
    erratum: Erratum
    sent: Decision | None = None
    refusal: CorrectionsError | None = None
    preview: Draft | None = None

    @property
    def role(self) -> Role:
        """What the editor who looks at it may do."""
        return current_editor().role

    @property
    def moves(self) -> list[Move]:
        """What the rules offer from here; nobody is asked where nobody can be."""
        can_ask = any(report.address for report in self.erratum.reports)
        offered = moves_from(self.erratum.status, self.role)
        return [move for move in offered if move is not Move.ASK or can_ask]

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided yet."""
        return self.erratum.status in OPEN

    # The place

    def change(self) -> list[Piece]:
        """The change as it stands, or the words that stand there where they are corrected already."""
        erratum = self.erratum
        if proposals.reads_as_corrected(erratum) and erratum.snapshot is not None and erratum.start is not None:
            return [Piece(erratum.snapshot.text[erratum.start : erratum.end], "same")]
        return lines.pieces_of(self.erratum.original_text, self.erratum.corrected_text)

    def pieces_of(self, report: Report) -> list[Piece]:
        """The change as a reader gave it."""
        return lines.pieces_of(report.original_text, report.corrected_text)

    def context(self) -> tuple[str, str]:
        """The paragraph before and after the place; without a place what the reader quoted around it."""
        erratum = self.erratum
        if erratum.snapshot is None or erratum.start is None or erratum.end is None:
            return erratum.anchor.prefix, erratum.anchor.suffix
        text = erratum.snapshot.text
        start, end = paragraph_around(text, erratum.start, erratum.end)
        before, after = text[start : erratum.start], text[erratum.end : end]
        if len(before) > AROUND:
            before = "…" + before[-AROUND:].partition(" ")[2]
        if len(after) > AROUND:
            after = after[:AROUND].rpartition(" ")[0] + "…"
        return before, after

    def spots(self) -> list[Spot]:
        """Places to pick from: where the quote may stand, or the words that the editor typed to find it."""
        erratum = self.erratum
        if erratum.snapshot is None or not self.is_open:
            return []
        text, words = erratum.snapshot.text, self.words
        if words:
            found = anchors.locate(Anchor(exact=words), text)
        elif erratum.anchor_state is AnchorState.AMBIGUOUS:
            found = anchors.locate(erratum.anchor, text, erratum.corrected_text)
        else:
            return []
        spans = found.spans
        if found.start is not None and found.end is not None:
            spans = ((found.start, found.end),)
        return [_spot(text, start, end) for start, end in spans[:PLACES_SHOWN]]

    @property
    def words(self) -> str:
        """What the editor looks for in the article's text."""
        return clean(request.args.get("words", ""), QUOTE)

    # The article

    @property
    def title_wanted(self) -> str:
        """What the editor looks for among the articles."""
        return clean(request.args.get("title", ""), TITLE)

    def candidates(self, match: Match) -> list[Suggested]:
        """Articles to pick from: those searched for, else those that may be meant."""
        if not self.is_open:
            return []
        if self.title_wanted:
            return list(candidates.searched(self.session, self.title_wanted))
        return list(candidates.ranked(self.session, match))

    # What is proposed

    def proposed(self, match: Match) -> dict[str, Any]:
        """What the page asks the editor to confirm or to close, the first of them with the page's main button."""
        return {
            "doubt": proposals.doubt(self.erratum, match),
            "closing": proposals.reads_as_corrected(self.erratum),
            "both_right": str(proposals.BOTH_RIGHT) if proposals.are_both_right(self.erratum) else "",
        }

    def letters(self) -> Mapping[int, inbox.Letter]:
        """By the id of a report, the mail that it came by."""
        by_mail = (Channel.MAIL, Channel.IMPORT)
        return inbox.letters_of(self.session, [one.id for one in self.erratum.reports if one.channel in by_mail])

    # What happened

    def events(self) -> Sequence[Line]:
        """The history."""
        return errata.history(self.session, self.erratum.id, [report.id for report in self.erratum.reports])

    def news(self, events: Sequence[Line]) -> Sequence[Line]:
        """What happened since the editor loaded the page; nothing unless it was refused as stale."""
        if not isinstance(self.refusal, Stale) or self.sent is None:
            return []
        return [event for event in events if event.id > (self.sent.seen.data or 0)]

    # What can be done

    def form(self, kind: type[Decision], /, **values: Any) -> Decision:
        """An empty form with these values, or the one that was sent with what was typed."""
        if self.sent is not None and type(self.sent) is kind:
            return self.sent
        return kind(formdata=None, data=values)

    def decisions(self) -> dict[str, Decision]:
        """A form for each thing that can be done, by name."""
        erratum = self.erratum
        found = {move.value: self.form(FORM_OF[move], **self._values(move)) for move in self.moves}
        if self._can_publish():
            found["publish"] = self._publish_form()
        found["note"] = self.form(NoteForm)
        found["assign"] = assign_form(self.session, self.form(AssignForm, assignee=erratum.assignee_id or 0))
        if self.is_open:
            found["merge"] = self.form(MergeForm)
            found["edit"] = self.form(
                EditForm, corrected_text=erratum.corrected_text, kind=erratum.kind, severity=erratum.severity
            )
            found["article"], found["place"] = self.form(PlaceInForm), self.form(PlaceAtForm)
            found["confirm"] = self.form(ConfirmForm)
            if len(erratum.reports) > 1:
                found["split"] = self.form(SplitForm)
        return found

    def _stamp(self, forms: dict[str, Decision], seen: int) -> None:
        """Every form says which state of the erratum it was made for."""
        for form in forms.values():
            form.revision.data, form.revision.raw_data = self.erratum.revision, None
            form.seen.data, form.seen.raw_data = seen, None

    def _values(self, move: Move) -> dict[str, Any]:
        return {"corrected_text": self.erratum.corrected_text} if move is Move.FIX else {}

    def _can_publish(self) -> bool:
        erratum = self.erratum
        if erratum.article_id is None or not self.role.reaches(Role.EDITOR):
            return False
        if Move.FIX in self.moves:
            return True
        return erratum.status is Status.FIXED and not errata.corrections_of(self.session, erratum.id)

    def _publish_form(self) -> Decision:
        erratum = self.erratum
        suggested = wording.note(erratum.kind, erratum.original_text, erratum.corrected_text)
        return self.form(
            PublishForm,
            kind=erratum.kind,
            original_text=erratum.original_text,
            corrected_text=erratum.corrected_text,
            note=suggested,
            suggested=suggested,
        )

    def page(self) -> str:
        """The whole page."""
        events = self.events()
        news, forms = self.news(events), self.decisions()
        self._stamp(forms, events[-1].id if events else 0)
        before, after = self.context()
        match = candidates.match_of(self.session, self.erratum)
        near = errata.near(self.session, self.erratum)
        proposed = self.proposed(match)
        return render_template(
            "desk/erratum.html",
            erratum=self.erratum,
            it=self,
            forms=forms,
            typed=self.sent if self.sent is not None and self.sent.slug not in forms else None,
            events=events,
            news=news,
            problem=gettext(self.refusal.message, **self.refusal.values) if self.refusal is not None else "",
            pieces=self.change(),
            before=before,
            after=after,
            spots=self.spots(),
            candidates=self.candidates(match),
            near=near,
            same=proposals.perhaps_the_same(self.erratum, near),
            letters=self.letters(),
            is_answer=proposals.is_answer,
            proposed=proposed,
            suggested=proposals.suggestions(self.erratum),
            main="button-plain" if any(proposed.values()) else "button",
            merged_here=errata.merged_here(self.session, self.erratum.id),
            corrections=errata.corrections_of(self.session, self.erratum.id),
            preview=previewed(self.preview, publishing.context(self.erratum, self.preview)) if self.preview else None,
            wording=wording,
            change=lines.Lines().change,
        )


def of(
    number: int, sent: Decision | None = None, refusal: CorrectionsError | None = None, preview: Draft | None = None
) -> str:
    """The page of the erratum of this number. Raises NotFound."""
    session = db.session()
    return Dossier(session, errata.erratum(session, number), sent, refusal, preview).page()


def previewed(draft: Draft, around: tuple[str, str]) -> dict[str, Any]:
    """A draft as it will stand in the log, with what stands before and after its words in their sentence."""
    before, after = around
    changed = bool(draft.original_text or draft.corrected_text)
    return {
        "kind": wording.KINDS[draft.kind],
        "note": draft.note,
        "pieces": word_difference(draft.original_text, draft.corrected_text) if changed else [],
        "before": before,
        "after": after,
        "notice": POLICY[draft.kind].notice,
    }


def assign_form(session: Session, form: Decision) -> Decision:
    """The form with everybody who can log in to choose from."""
    people = [SelectChoice(str(line.id), line.name) for line in errata.colleagues(session)]
    form.assignee.choices = [SelectChoice("0", gettext("Nobody")), *people]
    return form


def _spot(text: str, start: int, end: int) -> Spot:
    first, last = sentence_around(text, start, end)
    return Spot(start=start, end=end, before=text[first:start], words=text[start:end], after=text[end:last])
