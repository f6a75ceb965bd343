"""What the mails say, to whom, in which words and headers."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

import factories
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.states import Move
from corrections.mail import addresses, letterhead, outgoing
from corrections.mail.letterhead import Letter, Sender
from corrections.mail.outgoing import Rendered
from corrections.models import Editor, MessageKind, OutboxMessage, Publication, Way
from corrections.services import digests, triage
from corrections.services.triage import Said
from letters import arrives
from letters import letter as letter_in

ANN = "ann@readers.test"
# What a reader may type, or call a publication: each must arrive as it is, and break nothing.
HOSTILE = [
    "plain",
    "<script>alert(1)</script> & \"quotes\" 'and' <b>tags</b>",
    "{{ 7 * 7 }} {% raise %} %(title)s %s %d ${x}",
    "line one\nBcc: victim@readers.test\n\nline two",
    "a\r\nContent-Type: text/html\r\n\r\n<h1>no</h1>",
    "=?utf-8?q?not_encoded?= =?x",
    "日本語の見出し 😀👩‍👩‍👧 naïve Ærøskøbing",
    "مرحبا بالعالم \u202egnirts",
    "word" * 400,
    "a " * 900,
    "ends in a backslash \\",
    "comma, semicolon; colon: (paren) [bracket] <angle> @at",
    '"quoted" <a href=x id=1> ' * 4,
    "//group: one@x.test, two@x.test;",
    ". \n.\n..\nFrom the start\n-- \n> quoted",
    "-",
    "\u200b\u00a0\u2028x",
]


SIGNED = re.compile(r"(.+)\+e\d+x\d+[a-z2-7]{16}@(.+)")


@pytest.fixture
def editor(session: Session, publication: Publication) -> Editor:  # noqa: ARG001 - sets the host of message ids
    with transaction():
        return factories.make_editor(session, email="ed@newsroom.test", name="Ed")


def sent(message: OutboxMessage) -> EmailMessage:
    """The mail as a mail program reads it."""
    letter = Letter.of(message, outgoing.sender(_session_of(message)))
    parsed = email.message_from_bytes(outgoing.message(letter).as_bytes(), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _session_of(message: OutboxMessage) -> Session:
    found = Session.object_session(message)
    assert found is not None
    return found


def letter(template: str = "report_fixed", facts: dict[str, Any] | None = None, **changes: Any) -> Letter:
    shown = {
        "name": "The Evening Tide", "shown_name": "The Evening Tide", "address": "corrections@newsroom.test",
        "home_url": "https://tide.example.org/", "reply_address": "desk@newsroom.test", "locale": "en",
    }  # fmt: skip
    told = {"reference": "abc", "title": "The ferry", "was": "teh boat", "now": "the boat", "reports": 1, "number": 5}
    return Letter(
        id=1,
        kind=MessageKind.MAIL,
        recipient=changes.pop("recipient", ANN),
        template=template,
        facts=told | (facts or {}),
        message_id=changes.pop("message_id", "<m1@tide.example.org>"),
        thread=changes.pop("thread", "<erratum-5@tide.example.org>"),
        sender=Sender(**(shown | changes)),
    )


def test_an_editor_reads_the_sentence_the_change_the_links_and_how_many(session: Session, editor: Editor) -> None:
    with transaction():
        article = factories.make_article(session)
        erratum = factories.make_erratum(session, article=article.url, notes="I before E!")
        number, url = erratum.number, article.url
    (owed,) = factories.mails(session, template="editor_new_erratum")
    rendered = outgoing.render(owed)
    text = " ".join(rendered.text.replace("\n>", "").split())
    assert rendered.subject == f"Erratum {number}: “{factories.TITLE}”"
    assert "It says: The ferry leaves Abbot's Quay at dusk and *recieves* its last passengers at nine." in text
    assert "It should say: The ferry leaves Abbot's Quay at dusk and *receives* its last passengers at nine." in text
    assert "I before E!" in text
    assert "1 reader has reported it." in text
    assert f"http://localhost/desk/errata/{number}" in rendered.text.splitlines()
    assert url in rendered.text.splitlines()
    assert "<del>" in rendered.html
    assert rendered.headers["List-Unsubscribe"] == "<http://localhost/desk/account>"
    assert rendered.headers["To"] == editor.email


def test_a_reader_hears_of_each_step_in_one_thread(session: Session, publication: Publication) -> None:
    with transaction():
        factories.make_article(session)
        erratum = factories.make_erratum(session, confirmed=ANN)
        act = factories.act(Role.EDITOR)
        triage.move(session, erratum, Move.ASK, act, Said(reason="Which edition?"))
        triage.move(session, erratum, Move.VERIFY, act)
        factories.publish(session, factories.fix(session, erratum))
        reference = erratum.reports[0].reference
    owed = {message.template: message for message in factories.mails(session, to=ANN)}
    assert list(owed) == ["confirm_address", "report_received", "report_question", "report_fixed"]
    threads = {str(sent(message)["References"]) for name, message in owed.items() if name != "confirm_address"}
    assert len(threads) == 1
    status = f"http://localhost/reports/{reference}"
    for name in ("report_received", "report_question", "report_fixed"):
        mail = sent(owed[name])
        assert status in part(mail, "plain").splitlines()
        assert "To get no more mail" in part(mail, "plain")
        assert str(mail["Auto-Submitted"]) == "auto-generated"
        assert "List-Unsubscribe" not in mail
    assert "Which edition?" in part(sent(owed["report_question"]), "plain")
    name, _, host = publication.reply_address.partition("@")
    assert str(sent(owed["report_question"])["Reply-To"]) == f"{name}@{host}"
    assert f"{status}/confirm/" in part(sent(owed["confirm_address"]), "plain").replace("=\n", "")


def told(session: Session) -> EmailMessage:
    """An editor's mail about a new error."""
    (owed,) = factories.mails(session, template="editor_new_erratum")
    return sent(owed)


@pytest.fixture
def _error(session: Session, editor: Editor) -> None:  # noqa: ARG001 - is told of it
    with transaction():
        factories.make_article(session)
        factories.make_erratum(session)


@pytest.mark.usefixtures("_error")
def test_no_signed_address_is_used_where_no_mail_comes_in(session: Session) -> None:
    assert str(told(session)["Reply-To"]) == "desk@tide.example.org"
    assert "Or answer this mail, and begin" not in part(told(session), "plain"), "an order would not be read"
    arrives(session, letter_in(), way=Way.IMPORT)
    assert str(told(session)["Reply-To"]) == "desk@tide.example.org", "mail of the past shows nothing"


@pytest.mark.parametrize(
    "settings_made",
    [
        {"MAIL_IN_LMTP": "127.0.0.1:8024"},
        {"MAIL_IN_IMAP": "imaps://typos@tide.test@imap.tide.test/INBOX"},
        {"MAIL_IN_ADDRESSES": ["typos@tide.test"]},
        {"MAIL_REPLY_ADDRESS": "desk+{token}@tide.example.org"},
    ],
    ids=lambda made: next(iter(made)),
)
@pytest.mark.usefixtures("_error")
def test_settings_of_mail_that_comes_in_make_addresses_signed(
    session: Session, app: Flask, settings_made: dict[str, Any]
) -> None:
    app.config.update(settings_made)
    assert SIGNED.fullmatch(str(told(session)["Reply-To"]))
    assert "Or answer this mail, and begin" in part(told(session), "plain")


@pytest.mark.usefixtures("_error")
def test_a_mail_that_came_in_makes_addresses_signed(session: Session) -> None:
    arrives(session, letter_in(), way=Way.PIPE)
    assert SIGNED.fullmatch(str(told(session)["Reply-To"]))


@pytest.mark.usefixtures("_error")
def test_without_an_address_for_replies_the_one_that_mail_comes_from_is_signed(
    session: Session, app: Flask, publication: Publication
) -> None:
    app.config["MAIL_IN_ADDRESSES"] = ["@newsroom.test"]
    with transaction():
        publication.reply_address = ""
    found = SIGNED.fullmatch(str(told(session)["Reply-To"]))
    assert found is not None
    assert found.groups() == ("corrections", "newsroom.test")


def test_a_rejection_gives_its_reason(session: Session, publication: Publication) -> None:  # noqa: ARG001 - mail names it
    with transaction():
        factories.make_article(session)
        erratum = factories.make_erratum(session, confirmed=ANN)
        factories.reject(session, erratum, reason="That is how the minister said it.")
    (owed,) = factories.mails(session, to=ANN, template="report_rejected")
    text = outgoing.render(owed).text
    assert "> That is how the minister said it." in text
    assert "> It should say: " in text
    assert "Now:" not in text, "nothing has changed"


def test_a_digest_lists_what_came_in_and_what_grew(session: Session, editor: Editor) -> None:
    facts = {
        "errata": [
            {"number": 7, "was": "teh", "now": "the", "reports": 100, "new": False, "article": "The ferry"},
            {"number": 9, "was": "", "now": "", "reports": 1, "new": True, "article": ""},
        ],
        "more": False,
        "pause": "hourly",
    }
    rendered = outgoing.render(letter("editor_digest", facts, recipient=editor.email, thread=""))
    assert rendered.subject == "2 errata were reported"
    assert "- Erratum 7 in “The ferry”:\n  http://localhost/desk/errata/7\n  100 reports, known before" in rendered.text
    assert "References" not in rendered.headers
    assert digests.owe_digests(session, factories.act().at) == 0


def test_the_mail_that_asks_for_a_confirmation_says_nothing_that_a_stranger_typed(
    session: Session,
    publication: Publication,  # noqa: ARG001 - mail names it
) -> None:
    words = "buy-my-pills"
    with transaction():
        factories.make_report(
            session, email=ANN, name=words, quote=words, corrected_text=f"{words} now", notes=words, article=words
        )
    (owed,) = factories.mails(session, to=ANN)
    rendered = outgoing.render(owed)
    assert owed.template == "confirm_address"
    assert words not in rendered.subject + rendered.text + rendered.html + "".join(rendered.headers.values())


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_arrive_as_they_are(app: Flask, words: str) -> None:
    told = dict.fromkeys(("title", "was", "before", "after", "reader_notes", "note", "quote", "article", "by"), words)
    with app.app_context():
        for template in ("editor_new_erratum", "editor_assigned", "report_fixed", "report_rejected", "report_received"):
            made = outgoing.message(letter(template, told | {"now": "new"}, name=words, shown_name=words))
            mail = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            assert mail.defects == []
            assert mail.keys().count("To") == 1
            assert {"Bcc", "Cc"}.isdisjoint(mail.keys())
            assert seen(words)[:40] in seen(part(mail, "plain"))
            assert "<script" not in part(mail, "html")
            assert "<h1>" not in part(mail, "html")


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_no_line_is_longer_than_mail_allows_and_all_is_ascii(app: Flask, words: str) -> None:
    with app.app_context():
        made = outgoing.message(letter(facts={"title": words, "was": words}, name=words, shown_name=words)).as_bytes()
    assert made.isascii()
    assert max(map(len, made.split(b"\r\n"))) <= 998  # RFC 5322, section 2.1.1
    assert b"\n" not in made.replace(b"\r\n", b"")


def seen(text: str) -> str:
    """What is seen of a text: neither breaks, marks nor the signs of a quotation."""
    return re.sub(r"[\s>*\u200b\u2028\u202e]", "", text)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_the_publication_may_have_any_name(app: Flask, name: str) -> None:
    with app.app_context():
        shown = letterhead.words(name)
        mail = email.message_from_bytes(
            outgoing.message(letter(shown_name=shown)).as_bytes(), policy=email.policy.default
        )
    (address,) = mail["From"].addresses
    assert address.addr_spec == "corrections@newsroom.test"
    if len(name) < 100:
        assert seen(address.display_name) == seen(shown)


def test_a_long_title_is_cut_in_the_subject_and_directions_are_taken_out(app: Flask) -> None:
    with app.app_context():
        rendered = outgoing.render(letter(facts={"title": "\u202eabc\u2066 " + "long " * 100}))
    assert rendered.subject.startswith("Corrected, thank you: “abc long")
    assert rendered.subject.endswith("long…”")
    assert len(rendered.subject) < 140
    assert "\u202e" not in rendered.subject


def test_identifiers_are_neither_folded_nor_encoded(app: Flask) -> None:
    host = ".".join(["a-very-long-name-of-a-host"] * 8)
    with app.app_context():
        made = letter("editor_new_erratum", message_id=f"<m.{'0' * 24}@{host}>", thread=f"<erratum-5@{host}>")
        raw = outgoing.message(made).as_bytes().decode()
    assert f"\r\nMessage-ID: <m.{'0' * 24}@{host}>\r\n" in raw
    assert f"\r\nIn-Reply-To: <erratum-5@{host}>\r\n" in raw
    assert f"\r\nReferences: <erratum-5@{host}>\r\n" in raw


def test_no_header_can_be_smuggled_in_by_an_identifier(app: Flask) -> None:
    with app.app_context():
        raw = outgoing.message(letter(message_id="<a@b>\r\nBcc: x@y.test", thread="<c@d>\nX-Evil: 1")).as_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert {"Bcc", "X-Evil"}.isdisjoint(mail.keys())


def test_mail_of_the_log_in_library_goes_as_it_is(app: Flask) -> None:
    facts = {"subject": "Set your\npassword", "text": "Click http://x\n", "html": "<p>Click</p>"}
    with app.app_context():
        rendered = outgoing.render(letter("security", facts, thread=""))
    assert (rendered.subject, rendered.text, rendered.html) == ("Set your password", "Click http://x\n", "<p>Click</p>")


def test_a_mail_of_text_alone_has_one_part(app: Flask) -> None:
    with app.app_context():
        raw = outgoing.message(letter("security", {"subject": "s", "text": "t", "html": ""})).as_bytes()
    assert email.message_from_bytes(raw).get_content_type() == "text/plain"


def test_what_cannot_be_sent_says_why(app: Flask) -> None:
    with app.app_context():
        for wrong, why in (
            ({"recipient": ""}, "erased"),
            ({"recipient": "ann@example.org"}, "examples"),
            ({"template": "nothing_of_the_kind"}, "TemplateNotFound"),
        ):
            with pytest.raises(outgoing.Unsendable, match=why):
                outgoing.message(letter(**wrong))


@pytest.mark.parametrize(
    ("default", "reply", "base", "expected"),
    [
        (None, "", "http://127.0.0.1:8000", ("Tide", "corrections@localhost")),
        (None, "", "https://corrections.tide.test", ("Tide", "corrections@corrections.tide.test")),
        (None, "desk@tide.test", "https://x.test", ("Tide", "desk@tide.test")),
        ("mail@tide.test", "desk@tide.test", "https://x.test", ("Tide", "mail@tide.test")),
        ("Desk <mail@tide.test>", "", "https://x.test", ("Desk", "mail@tide.test")),
    ],
)
def test_where_mail_comes_from(default: str | None, reply: str, base: str, expected: tuple[str, str]) -> None:
    assert addresses.sender_of(default, reply, base, "Tide") == expected


@pytest.mark.parametrize(
    "real", ["a@newsroom.test", "a@localhost", "a@myexample.org", "a@example.de", "a@b.example.de"]
)
def test_real_addresses_are_not_taken_for_invented_ones(real: str) -> None:
    assert not addresses.is_invented(real)


def test_rendered_is_frozen(app: Flask) -> None:
    with app.app_context():
        rendered = outgoing.render(letter())
    assert isinstance(rendered, Rendered)
    assert not rendered.html.startswith("\n")
