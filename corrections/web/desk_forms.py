"""The forms of the desk and of the first log-in: shapes and lengths; the rules are the services'."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, ClassVar, Final

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from corrections.domain import limits
from corrections.domain.drafts import Draft
from corrections.domain.errors import Rejected
from corrections.domain.states import Resolution
from corrections.domain.text import clean, one_line
from corrections.web.wording import KINDS, NOTICES, RESOLUTIONS, ROLES, SEVERITIES

PASSWORD_MIN: Final = 8
PASSWORD_MAX: Final = 1_000
LARGEST: Final = 2**31 - 1  # what both databases hold as an integer
OFFERED: Final = [resolution for resolution in Resolution if resolution is not Resolution.WITHDRAWN]


def _tidy(value: str | None) -> str:
    return clean(value) if value else ""


def _tidy_line(value: str | None) -> str:
    return one_line(value) if value else ""


def _length(size: int) -> Length:
    return Length(max=size, message=_("At most %(max)d characters fit."))


def text(label: LazyString, size: int, **options: Any) -> TextAreaField:
    """Several lines; whether they are needed is for the services to say."""
    return TextAreaField(label, [_length(size)], filters=[_tidy], **options)


def line(label: LazyString, size: int, needed: LazyString | str = "", kind: type = StringField, **options: Any) -> Any:
    """One line; ``needed`` is what to say when it is missing, without it the line is optional."""
    first: Callable[..., None] = DataRequired(message=needed) if needed else Optional()
    return kind(label, [first, _length(size)], filters=[_tidy_line], **options)


def one_of(label: LazyString, words: Mapping[Any, LazyString], kind: type = SelectField, **options: Any) -> Any:
    """One member of an enumeration."""
    enumeration: type[StrEnum] = type(next(iter(words)))
    return kind(
        label,
        choices=[SelectChoice(member.value, said) for member, said in words.items()],
        coerce=enumeration,
        **options,
    )


def number(label: LazyString | str = "", needed: LazyString | str = "", *, hidden: bool = False) -> IntegerField:
    """A number that a database can hold."""
    first: Callable[..., None] = InputRequired(message=needed) if needed else Optional()
    bounds = NumberRange(0, LARGEST, message=_("There is no such number."))
    return IntegerField(label, [first, bounds], widget=HiddenInput() if hidden else None)


def key(text: str | int) -> int:
    """The key of a row; ValueError for what no database can hold."""
    value = int(text)
    if not 0 <= value <= LARGEST:
        raise ValueError("no key")
    return value


class DeskForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no types
    """A form with the token against forgery. ``slug`` begins the ids of its fields, for a page has several forms.

    ``came_back``: it was sent, and is shown again with what was typed.
    """

    slug: ClassVar[str] = "form"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.came_back = kwargs.get("formdata", True) is not None
        for field in self:
            field.id = f"{self.slug}-{field.short_name}"
            field.label.field_id = field.id

    def refuse(self, refusal: Rejected) -> None:
        """Show what a service refused: at the field it names, or above the form."""
        for name, sentence in refusal.fields.items():
            field = self._fields.get(name)
            if field is not None:
                field.errors = [*field.errors, gettext(sentence)]
            else:
                self.form_errors.append(gettext(sentence))
        if not refusal.fields:
            self.form_errors.append(gettext(refusal.message, **refusal.values))


# Log-in -------------------------------------------------------------------------------------------------------------


class WelcomeForm(DeskForm):
    """The first editor and the publication."""

    slug = "welcome"
    name = line(_("Your name"), limits.NAME, _("Give your name."), render_kw={"autocomplete": "name"})
    email = line(
        _("Your e-mail address"), limits.EMAIL, _("Give your address."), EmailField,
        description=_("You log in with it, and new reports are sent there."), render_kw={"autocomplete": "username"},
    )  # fmt: skip
    password = PasswordField(
        _("A password"),
        [
            InputRequired(message=_("Choose a password.")),
            Length(PASSWORD_MIN, PASSWORD_MAX, _("Between %(min)d and %(max)d characters, please.")),
        ],
        description=_("At least 8 characters; a few unrelated words are easiest to keep in mind."),
        render_kw={"autocomplete": "new-password"},
    )
    publication_name = line(_("Name of the publication"), limits.NAME, _("Give its name."))
    home_url = line(
        _("Its home page"), limits.URL, _("Give its address."), URLField,
        render_kw={"placeholder": "https://example.org/"},
    )  # fmt: skip


# What is decided about an erratum -----------------------------------------------------------------------------------


class Decision(DeskForm):
    """Any form about an erratum: with the state of it that the editor looked at, and the last event shown."""

    revision = number(hidden=True)
    seen = number(hidden=True)


class VerifyForm(Decision):
    """It is an error."""

    slug = "verify"


class FixForm(Decision):
    """The article is right now."""

    slug = "fix"
    corrected_text = text(_("What the article says now"), limits.QUOTE)


class AskForm(Decision):
    """A question to those who reported it."""

    slug = "ask"
    reason = text(_("Your question"), limits.REASON, description=_("Goes to every reporter with a confirmed address."))


class HoldForm(Decision):
    """Real, but not now."""

    slug = "hold"
    until = DateField(_("Until"), [Optional()])
    reason = text(_("For what"), limits.REASON, description=_("For the desk only."))


class RejectForm(Decision):
    """It stays as it is."""

    slug = "reject"
    resolution = one_of(_("Why"), {r: RESOLUTIONS[r] for r in OFFERED}, RadioField, validate_choice=False)
    reason = text(
        _("What the readers are told"),
        limits.REASON,
        description=_("Left empty, the usual words for this reason are sent."),
    )


class ReopenForm(Decision):
    """Decided too soon."""

    slug = "reopen"
    reason = text(_("Why it is opened again"), limits.REASON, description=_("For the desk only."))


class Wording(DeskForm):
    """A correction as it will stand in the log."""

    kind = one_of(_("Kind"), KINDS)
    original_text = text(_("The article said"), limits.QUOTE)
    corrected_text = text(_("It says now"), limits.QUOTE)
    note = text(_("Public note"), limits.PUBLIC_NOTE, description=_("A typo needs none."))

    def draft(self) -> Draft:
        """What was typed."""
        return Draft(
            kind=self.kind.data,
            original_text=self.original_text.data,
            corrected_text=self.corrected_text.data,
            note=self.note.data,
        )


class PublishForm(Wording, Decision):
    """A new one. ``suggested`` is the note that was offered, to see whether it was changed."""

    slug = "publish"
    suggested = StringField(widget=HiddenInput(), filters=[_tidy])


class AmendForm(Wording):
    """Better wording of a published one."""

    slug = "amend"


class AssignForm(Decision):
    """Who looks after it; 0 is nobody."""

    slug = "assign"
    assignee = SelectField(_("Looked after by"), coerce=key)


class MergeForm(Decision):
    """The number of the erratum that takes the reports."""

    slug = "merge"
    into = number(_("Number of the other erratum"), _("Give the number of the other one."))


class SplitForm(Decision):
    """The reports that leave."""

    slug = "split"
    reports = SelectMultipleField(_("Reports that are about something else"), coerce=key, validate_choice=False)


class EditForm(Decision):
    """What the desk knows better than the reader."""

    slug = "edit"
    corrected_text = text(_("Should say"), limits.QUOTE)
    kind = one_of(_("Kind"), KINDS)
    severity = one_of(_("Severity"), SEVERITIES)


class NoteForm(Decision):
    """For the desk only."""

    slug = "note"
    reason = text(_("Note"), limits.REASON)


class PlaceInForm(Decision):
    """The article it is about."""

    slug = "article"
    article = number(hidden=True)


class ConfirmForm(Decision):
    """Article and place are the right ones."""

    slug = "confirm"


class PlaceAtForm(Decision):
    """Where in the article's text it stands."""

    slug = "place"
    start = number(hidden=True)
    end = number(hidden=True)


# Everything else ----------------------------------------------------------------------------------------------------


class ScreenForm(DeskForm):
    """Reports that were held back, and what becomes of them."""

    slug = "screen"
    reports = SelectMultipleField(
        _("Reports"), coerce=key, validate_choice=False, option_widget=CheckboxInput(), widget=ListWidget()
    )


class WithdrawForm(DeskForm):
    """Take a correction back."""

    slug = "withdraw"
    reason = text(_("Why it is withdrawn"), limits.REASON, description=_("Public: it stands in the log from now on."))


class PublicationForm(DeskForm):
    """The site or magazine."""

    slug = "publication"
    name = line(_("Name"), limits.NAME, _("Give its name."))
    home_url = line(_("Home page"), limits.URL, _("Give its address."), URLField)
    hosts = text(
        _("Further hosts"),
        limits.URL,
        description=_("One a line. Articles are fetched from the home page’s host and from these."),
    )
    licence = line(_("Licence of the articles"), limits.URL, description=_("A name or an address, such as CC BY 4.0."))
    reply_address = line(
        _("Address for replies"), limits.EMAIL, "", EmailField, description=_("Readers’ answers to our mail go there.")
    )
    policy = text(
        _("Corrections policy"), limits.POLICY, description=_("Shown at /policy. An empty line begins a paragraph.")
    )


class EditorForm(DeskForm):
    """A new editor; with an empty password a link to set one is mailed."""

    slug = "editor"
    name = line(_("Name"), limits.NAME, _("Give a name."))
    email = line(_("E-mail address"), limits.EMAIL, _("Give an address."), EmailField)
    role = one_of(_("Role"), ROLES)
    password = PasswordField(
        _("Password"),
        [Optional(), Length(PASSWORD_MIN, PASSWORD_MAX, _("Between %(min)d and %(max)d characters, please."))],
        description=_("Left empty, a link to set one is mailed."),
        render_kw={"autocomplete": "new-password"},
    )


class AccessForm(DeskForm):
    """What an editor may do."""

    slug = "access"
    role = one_of(_("Role"), ROLES)
    active = BooleanField(_("May log in"))


class NoticesForm(DeskForm):
    """When and about what an editor is written to."""

    slug = "notices"
    notify = one_of(_("Tell me of new reports"), NOTICES, RadioField)
    sections = text(
        _("Only of these sections"),
        limits.REASON,
        description=_("One a line; left empty, of all. What has no section is told to all."),
    )


class EmptyForm(DeskForm):
    """A button."""

    slug = "button"
