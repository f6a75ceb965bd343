"""The readers' forms: shapes of what is typed, and the first kind word where something is missing."""

from typing import Any, Final

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _
from wtforms import EmailField, Field, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from corrections.domain import limits
from corrections.domain.anchors import Anchor
from corrections.domain.errors import Rejected
from corrections.domain.text import clean
from corrections.services.reports import NewReport, email_address
from corrections.web import shield

TYPED: Final = ("article", "original_text", "corrected_text", "notes", "name", "email")


class Fits:
    """At most so many characters; the browser is not told, because it would cut what is pasted without a word."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 - WTForms' signature
        """Raise ValidationError with both figures."""
        length = len(clean(field.data))
        if length > self.limit:
            figures = {"length": format_decimal(length), "limit": format_decimal(self.limit)}
            raise ValidationError(
                gettext(
                    "This is %(length)s characters long; at most %(limit)s fit. Send the part that matters.", **figures
                )
            )


class ReaderForm(Form):  # type: ignore[misc] # WTForms ships no types
    """A form that can take the refusals of a service to its fields."""

    def refuse(self, refusal: Rejected) -> None:
        """Put each sentence of the refusal at its field, or above the form when it has none here."""
        for name, sentence in refusal.fields.items():
            errors = self[name].errors if name in self else self.form_errors
            errors.append(gettext(sentence))


class ReportForm(ReaderForm):
    """An error in an article, as a reader tells it."""

    article = StringField(
        _("Article"),
        [Fits(limits.ARTICLE_AS_GIVEN)],
        description=_("Its title or its web address, as well as you know it."),
        default="",
    )
    original_text = TextAreaField(
        _("Original text"),
        [Fits(limits.QUOTE)],
        description=_("The words with the error, as they stand in the article."),
        default="",
    )
    corrected_text = TextAreaField(
        _("Corrected text"),
        [Optional(), Fits(limits.QUOTE)],
        description=_("The same words, as they should be."),
        default="",
    )
    notes = TextAreaField(
        _("Notes"),
        [Optional(), Fits(limits.NOTES)],
        description=_("Whatever else helps us: where it stands, or how you know."),
        default="",
    )
    name = StringField(_("Your name"), [Optional(), Fits(limits.NAME)], default="")
    email = EmailField(
        _("Your e-mail address"),
        [Optional()],
        description=_("Only to tell you what becomes of this."),
        default="",
    )
    token = HiddenField(default="")
    website = StringField(_("Leave this field empty"), default="")

    def validate_article(self, field: Field) -> None:
        """An article there must be."""
        if not clean(field.data):
            raise ValidationError(
                gettext("Which article is it in? Its title is enough, even if you are not sure of every word.")
            )

    def validate_original_text(self, field: Field) -> None:
        """At least one of the original text and the notes."""
        if not clean(field.data) and not clean(self.notes.data):
            raise ValidationError(gettext("Copy the words with the error here, or tell us in the notes what is wrong."))

    def validate_email(self, field: Field) -> None:
        """An address has the shape of one."""
        check_address(field.data)

    @property
    def has_contact(self) -> bool:
        """Whether a name or an address was sent along; the page asks for them only afterwards."""
        return bool(self.name.data or self.email.data)

    def to_new_report(self, sender: str) -> NewReport:
        """What the reader said."""
        typed = {name: self[name].data for name in TYPED}
        seal = shield.opened(self.token.data, self.website.data)
        return NewReport(
            submission_key=shield.submission_key(seal, list(typed.values()), sender),
            article=typed["article"],
            anchor=Anchor(exact=typed["original_text"]),
            corrected_text=typed["corrected_text"],
            notes=typed["notes"],
            name=typed["name"],
            email=typed["email"],
            sender=sender,
            signs=seal.signs,
        )


class ContactForm(ReaderForm):
    """Where the reader wants to be told."""

    email = EmailField(_("Your e-mail address"), default="")
    name = StringField(_("Your name"), [Optional(), Fits(limits.NAME)], default="")

    def validate_email(self, field: Field) -> None:
        """An address has the shape of one."""
        check_address(field.data)


def check_address(text: Any) -> None:
    """Raise ValidationError for what is no e-mail address."""
    if email_address(text) is None:
        raise ValidationError(gettext("This does not look like an e-mail address. One looks like: name@example.org"))
