"""Tells the demo magazine's story through the services, in the order of time, as it would have happened."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corrections.demo.magazine import Finding, Magazine, Person, Piece, Step, Told, duration, read
from corrections.domain import limits
from corrections.domain.actors import Act, Channel, Role
from corrections.domain.anchors import Anchor, anchor_at
from corrections.domain.articles import ArticleFacts
from corrections.domain.drafts import Draft
from corrections.domain.policy import Kind
from corrections.domain.states import Move, Resolution, Severity
from corrections.models import Article, Correction, Editor, Erratum, Notify, OutboxMessage, Publication, Report
from corrections.services import articles, editors, outbox, publications, publishing, reports, triage
from corrections.services.reports import NewReport
from corrections.services.triage import Said

RENAMED_AFTER: Final = timedelta(hours=3)
CONFIRMED_AFTER: Final = timedelta(minutes=7)
TEXT_CHANGED_AFTER: Final = timedelta(minutes=15)
DELIVERED_AFTER: Final = timedelta(seconds=20)
NO_PASSWORD: Final = "!"  # noqa: S105 - matches no password at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What there is now; ``logins`` are (name, e-mail, role) of the editors, the admin first."""

    publication: str
    articles: int
    reports: int
    errata: int
    corrections: int
    logins: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens at a time."""

    at: datetime
    happens: Callable[[datetime], None]


def tell(session: Session, now: datetime, password_hash: str = NO_PASSWORD) -> Summary:
    """Replay the whole story so that it ends at ``now``; all editors get the same password.

    The caller commits. All its mail counts as delivered, so nothing is ever sent for it.
    """
    teller = Teller(session, now, read(), password_hash)
    for moment in sorted(teller.moments(), key=lambda moment: moment.at):
        moment.happens(moment.at)
    session.flush()
    teller.deliver_mail()
    return teller.summary()


class Teller:
    """Knows who and what the keys of the files stand for while the story is told."""

    def __init__(self, session: Session, now: datetime, magazine: Magazine, password_hash: str) -> None:
        self.session = session
        self.now = now
        self.magazine = magazine
        self.publication = self._found()
        self.editors = {person.key: self._hire(person, password_hash) for person in magazine.people}
        self.texts = {key: piece.text for key, piece in magazine.pieces.items()}
        self.articles: dict[str, Article] = {}
        self.errata: dict[str, Erratum] = {}
        self.corrections: dict[str, Correction] = {}
        self.changes: dict[str, tuple[str, str]] = {}

    def moments(self) -> list[Moment]:
        """All that happens, each thing at its time; what is at the same time stays in this order."""
        found = [moment for piece in self.magazine.pieces.values() for moment in self._publication_of(piece)]
        for finding in self.magazine.findings:
            found += [
                moment for number, told in enumerate(finding.reports) for moment in self._report(finding, number, told)
            ]
            for number in range(len(finding.steps)):
                found += self._steps(finding, number)
        return found

    # The house and its articles ---------------------------------------------------------------------------------------

    def _found(self) -> Publication:
        publication = publications.get(self.session)
        publications.describe(self.session, publication, **self.magazine.publication)
        return publication

    def _hire(self, person: Person, password_hash: str) -> Editor:
        start = max(piece.age for piece in self.magazine.pieces.values()) + timedelta(days=1)
        act = Act(channel=Channel.CLI, label="The demo", at=self.now - start)
        editor = editors.add(self.session, person.email, person.name, person.role, password_hash, act)
        editors.set_notices(editor, Notify(person.notify), [], replace(act, at=self.now))
        return editor

    def _publication_of(self, piece: Piece) -> list[Moment]:
        published = self.now - piece.age
        if piece.earlier_title is None:
            return [Moment(published, lambda at: self._import(piece, at))]
        first_url = piece.aliases[0] if piece.aliases else piece.url
        first = replace(piece, title=piece.earlier_title, url=first_url, aliases=())
        return [
            Moment(published, lambda at: self._import(first, at)),
            Moment(published + RENAMED_AFTER, lambda at: self._import(piece, at)),
        ]

    def _import(self, piece: Piece, at: datetime) -> None:
        facts = ArticleFacts(
            title=piece.title,
            url=piece.url,
            aliases=piece.aliases,
            byline=piece.byline,
            section=piece.section,
            published_at=self.now - piece.age,
            language="en-GB",
            licence=self.magazine.publication["licence"],
            text=self.texts[piece.key],
        )
        act = Act(channel=Channel.IMPORT, label="Import", at=at)
        self.articles[piece.key] = articles.find_or_add(self.session, self.publication, facts, act).article

    # The readers ------------------------------------------------------------------------------------------------------

    def _report(self, finding: Finding, number: int, told: Told) -> list[Moment]:
        kept: list[Report] = []
        arrives = self.now - told.ago
        moments = [Moment(arrives, lambda at: kept.append(self._submit(finding, number, told, at)))]
        if told.email and told.confirmed:
            moments.append(Moment(arrives + CONFIRMED_AFTER, lambda at: self._confirm(kept[0], told, at)))
        if told.withdrawn is not None:
            moments.append(Moment(self.now - told.withdrawn, lambda at: self._withdraw(kept[0], told, at)))
        if told.merged is not None:
            moments.append(Moment(self.now - told.merged, lambda at: self._merge(finding, kept[0], at)))
        return moments

    def _confirm(self, report: Report, told: Told, at: datetime) -> None:
        reports.confirm_contact(self.session, report, told.email, _reader(told, at))

    def _withdraw(self, report: Report, told: Told, at: datetime) -> None:
        reports.withdraw(self.session, report, _reader(told, at))

    def _submit(self, finding: Finding, number: int, told: Told, at: datetime) -> Report:
        piece = self.magazine.pieces.get(finding.article or "")
        knows_address = told.channel in {Channel.WIDGET, Channel.API} and piece is not None and piece.url is not None
        new = NewReport(
            submission_key=f"demo-{finding.key}-{number}",
            article=told.article_as_given or (piece.title if piece is not None else ""),
            url=(piece.url or "") if knows_address and piece is not None else "",
            anchor=self._anchor(finding, told),
            corrected_text=told.corrected,
            notes=told.notes,
            name=told.name,
            email=told.email,
            signs=told.signs,
        )
        report = reports.submit(self.session, new, _reader(told, at))
        if report.erratum is not None:
            self.errata.setdefault(finding.key, report.erratum)
        return report

    def _anchor(self, finding: Finding, told: Told) -> Anchor:
        """The widget knows what stands around the words that were selected; a person who types does not say it."""
        text = self.texts.get(finding.article or "", "")
        start = text.find(told.original)
        if told.channel is Channel.WIDGET and told.original and start >= 0:
            return anchor_at(text, start, start + len(told.original))
        return Anchor(exact=told.original)

    def _merge(self, finding: Finding, report: Report, at: datetime) -> None:
        triager = next(editor for editor in self.editors.values() if editor.role is Role.TRIAGER)
        erratum, first = report.erratum, self.errata[finding.key]
        if erratum is not None and erratum is not first:
            triage.merge(self.session, erratum, first, _editor_act(triager, at))

    # The desk ---------------------------------------------------------------------------------------------------------

    def _steps(self, finding: Finding, number: int) -> list[Moment]:
        step, at = finding.steps[number], self.now - finding.steps[number].ago
        following = finding.steps[number + 1 : number + 2]
        quiet = any(after.does == "publish" and after.ago == step.ago for after in following)
        moments = [Moment(at, lambda at: self._do(finding, step, at, quiet=quiet))]
        if step.does == "fix" or step.said.get("text_again"):
            changed = at + TEXT_CHANGED_AFTER
            moments.append(Moment(changed, lambda at: self._change_text(finding, at, back=step.does != "fix")))
        return moments

    def _do(self, finding: Finding, step: Step, at: datetime, *, quiet: bool) -> None:
        erratum, act = self.errata[finding.key], _editor_act(self.editors[step.by], at)
        match step.does:
            case "assign":
                triage.assign(self.session, erratum, self.editors[step.said["to"]], act)
            case "publish":
                self._publish(finding.key, erratum, step.said, act)
            case "amend":
                correction = self.corrections[finding.key]
                better = replace(_draft_of(correction), note=_dated(step.said["note"], at))
                self.corrections[finding.key] = publishing.amend(self.session, correction, better, act)
            case "take_back":
                note = _dated(step.said["note"], at)
                self.corrections[finding.key] = publishing.withdraw(
                    self.session, self.corrections[finding.key], note, act
                )
            case _:
                self._move(finding.key, erratum, step, act, quiet=quiet)
        if "remark" in step.said:
            triage.note(self.session, erratum, step.said["remark"], act)

    def _move(self, key: str, erratum: Erratum, step: Step, act: Act, *, quiet: bool) -> None:
        given = step.said
        triage.edit(
            self.session,
            erratum,
            act,
            corrected_text=given.get("corrected"),
            kind=Kind(given["kind"]) if "kind" in given else None,
            severity=Severity(given["severity"]) if "severity" in given else None,
        )
        said = Said(
            reason=given.get("reason", ""),
            resolution=Resolution(given["resolution"]) if "resolution" in given else None,
            corrected_text=given.get("corrected", ""),
            until=(self.now + duration(given["until"])).date() if "until" in given else None,
        )
        triage.move(self.session, erratum, Move(step.does), act, said, quiet=quiet)
        if step.does == "fix":
            self.changes[key] = (erratum.original_text, erratum.corrected_text)

    def _publish(self, key: str, erratum: Erratum, said: Any, act: Act) -> None:
        draft = replace(publishing.draft(erratum), note=_dated(said.get("note", ""), act.at))
        if said.get("note_only"):
            draft = replace(draft, original_text="", corrected_text="")
        self.corrections[key] = publishing.publish(self.session, [erratum], draft, act)

    def _change_text(self, finding: Finding, at: datetime, *, back: bool) -> None:
        """What the editor fixed is changed in the article, which is then captured anew."""
        was, now = reversed(self.changes[finding.key]) if back else self.changes[finding.key]
        key = finding.article or ""
        if self.texts[key].count(was) != 1:
            raise ValueError(f"{finding.key}: {was!r} does not stand once in the article")
        self.texts[key] = self.texts[key].replace(was, now)
        act = Act(channel=Channel.SYSTEM, label="Corrections", at=at)
        articles.capture(self.session, self.articles[key], self.texts[key], act)

    # The end ----------------------------------------------------------------------------------------------------------

    def deliver_mail(self) -> None:
        """Mark the mail of the past as sent soon after it was owed, but for what the files say came back."""
        for message in self.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all():
            error = self.magazine.undelivered.get((message.recipient, message.template))
            if error is None:
                outbox.mark_sent(self.session, message.id, message.owed_at + DELIVERED_AFTER)
            else:
                outbox.mark_failed(self.session, message.id, error, message.owed_at + limits.GIVE_UP_AFTER)

    def summary(self) -> Summary:
        """What there is at the end."""
        return Summary(
            publication=self.publication.name,
            articles=self._count(Article),
            reports=self._count(Report),
            errata=self._count(Erratum),
            corrections=self._count(Correction),
            logins=tuple((editor.name, editor.email, editor.role.value) for editor in self.editors.values()),
        )

    def _count(self, table: type[Any]) -> int:
        return self.session.scalar(select(func.count()).select_from(table)) or 0


def _reader(told: Told, at: datetime) -> Act:
    return replace(reports.reader(channel=told.channel), at=at)


def _editor_act(editor: Editor, at: datetime) -> Act:
    return Act(channel=Channel.WEB, label=editor.name, editor_id=editor.id, role=editor.role, at=at)


def _draft_of(correction: Correction) -> Draft:
    return Draft(
        kind=correction.kind,
        original_text=correction.original_text,
        corrected_text=correction.corrected_text,
        note=correction.note,
    )


def _dated(note: str, at: datetime) -> str:
    return note.replace("{date}", f"{at.day} {at:%B %Y}")
