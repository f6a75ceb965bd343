"""The inbox of the desk: mail by kind, each mail with its text, pictures and files, and what can be done with it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import AbstractContextManager
from email.message import EmailMessage
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

import factories
from at_the_desk import Desk, Page
from conftest import NOON, Queries
from corrections.db import transaction
from corrections.domain.actors import Role
from corrections.domain.letters import LetterKind, LetterState
from corrections.mail import receiving
from corrections.models import Attachment, Editor, Erratum, InboxMessage, OutboxMessage, Way
from corrections.services import bounces
from letters import as_sent

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TYPO = f'In "{factories.TITLE}" you wrote recieves instead of receives.'
LISTED = "List-Id: <weekly.readers.test>\nList-Unsubscribe: <https://readers.test/off>\n"
AWAY = "Auto-Submitted: auto-replied\n"


@pytest.fixture(autouse=True)
def _article(session: Session, publication: Any) -> None:  # noqa: ARG001 - the article's
    with transaction():
        factories.make_article(session)


@pytest.fixture
def triager(desk_client: Callable[[Role], FlaskClient]) -> Desk:
    return Desk(desk_client(Role.TRIAGER))


def letter(number: int = 1, *, text: str = TYPO, subject: str = "typo", headers: str = "") -> bytes:
    """A reader's mail, with a Message-ID of its own for each number."""
    return (
        f"From: Ann Reader <ann{number}@readers.test>\nTo: typos@newsroom.test\nSubject: {subject}\n"
        f"Message-ID: <m{number}@readers.test>\nDate: Mon, 4 May 2026 10:00:00 +0000\n{headers}\n{text}\n"
    ).encode()


def came_in(*mails: bytes, way: Way = Way.LMTP) -> None:
    """Mails that came in and were read."""
    for mail in mails:
        receiving.take(mail, way, envelope_from="ann@readers.test", envelope_to=["typos@newsroom.test"])
    receiving.read_waiting()


def with_parts(*parts: tuple[str, str, bytes], text: str = TYPO) -> bytes:
    """A mail with these things attached, each its media type, its name and its content."""
    lines = ["--b\nContent-Type: text/plain\n\n" + text]
    for media_type, name, content in parts:
        head = f'--b\nContent-Type: {media_type}\nContent-Disposition: attachment; filename="{name}"\n'
        lines.append(head + "Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(content).decode())
    body = "\n".join([*lines, "--b--"])
    return letter(1, headers='MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n', text=body)


def more_mail(session: Session, numbers: range, **changes: Any) -> None:
    """So many mails, read, as rows."""
    rows = [
        {
            "key": f"{number:064}", "way": "lmtp", "envelope_to": [], "raw": b"Subject: x\n\nx", "size": 13,
            "received_at": NOON, "state": "read", "attempts": 0, "kind": "list", "reason": "List-Id", "message_id": "",
            "subject": f"Ten boats, part {number}", "from_name": "", "from_address": "news@readers.test",
            "outcome": "nothing was done", **changes,
        }
        for number in numbers
    ]  # fmt: skip
    with transaction():
        session.execute(insert(cast("Table", InboxMessage.__table__)), rows)


def key_of(session: Session, subject: str) -> int:
    return session.scalars(select(InboxMessage.id).where(InboxMessage.subject == subject)).one()


def subjects(page: Page) -> list[str]:
    return page.all("//tbody/tr/td[1]")


def fail(session: Session) -> int:
    """A mail that could not be read."""
    receiving.take(letter(9), Way.LMTP)
    with transaction():
        message = session.scalars(select(InboxMessage).order_by(InboxMessage.id.desc())).first()
        assert message is not None
        message.state, message.attempts = LetterState.FAILED, 3
        return message.id


# The list -------------------------------------------------------------------------------------------------------------


def test_an_empty_inbox_says_how_mail_comes_in(triager: Desk) -> None:
    page = triager.open("/desk/inbox")
    assert "0 mails" in page.words
    assert "by LMTP, by IMAP, through a pipe or from a file" in page.words


def test_mail_stands_newest_first_with_what_it_was_taken_for_and_what_became_of_it(
    session: Session, triager: Desk
) -> None:
    came_in(letter(), letter(2, subject="Ten boats", text="Boats!", headers=LISTED))
    [boats, typo] = triager.open("/desk/inbox").all("//tbody/tr")
    assert boats.startswith("Ten boats Ann Reader ann2@readers.test List or newsletter nothing was done")
    number = session.scalars(select(Erratum.number)).one()
    assert typo.startswith(f"typo Ann Reader ann1@readers.test Report Erratum {number}")


def test_each_tray_has_its_kinds_and_its_count(session: Session, triager: Desk) -> None:
    came_in(letter(), letter(2, subject="Ten boats", headers=LISTED), letter(3, subject="Away", headers=AWAY))
    fail(session)
    page = triager.open("/desk/inbox")
    assert page.all("//nav[@class='tabs']//a") == [
        "All 4", "Reports 1", "Replies and commands 0", "Bounces and automatic 1", "Lists 1", "Looks like spam 0",
        "Failed 1",
    ]  # fmt: skip
    assert subjects(triager.open("/desk/inbox", tray="lists")) == ["Ten boats"]
    assert subjects(triager.open("/desk/inbox", tray="automatic")) == ["Away"]
    assert subjects(triager.open("/desk/inbox", tray="reports")) == ["typo"]
    assert len(subjects(triager.open("/desk/inbox", tray="failed"))) == 1
    assert "Nobody has answered our mail yet." in triager.open("/desk/inbox", tray="replies").words


@pytest.mark.parametrize("tray", ["all", "lists", "automatic"])
def test_pages_of_mail_follow_each_other_without_gap_or_repetition(session: Session, triager: Desk, tray: str) -> None:
    more_mail(session, range(60), kind="bounce" if tray == "automatic" else "list")
    more_mail(session, range(60, 120), kind="autoreply" if tray == "automatic" else "list")
    page, seen = triager.open("/desk/inbox", tray=tray), []
    while True:
        seen += subjects(page)
        following = page.main.xpath("//a[@rel='next']/@href")
        if not following:
            break
        page = triager.open(following[0])
    assert seen == [f"Ten boats, part {number}" for number in reversed(range(120))]


def test_counts_end_at_a_thousand(session: Session, triager: Desk) -> None:
    more_mail(session, range(1_050))
    page = triager.open("/desk/inbox", tray="lists")
    assert "Lists 1,000+" in page.all("//nav[@class='tabs']//a")
    assert "More than 1,000 mails" in page.words


def test_the_list_asks_as_often_for_many_mails_and_never_for_the_mails_themselves(
    session: Session, triager: Desk, count_queries: Callable[[], AbstractContextManager[Queries]]
) -> None:
    counted = []
    for numbers in (range(9), range(100, 1_000)):
        more_mail(session, numbers)
        with count_queries() as queries:
            triager.open("/desk/inbox")
        counted.append(len(queries))
        assert not [statement for statement in queries.statements if "inbox_message.raw" in statement]
    assert counted[0] == counted[1] <= 6


def test_the_frame_of_the_desk_tells_of_mail_that_failed(session: Session, triager: Desk) -> None:
    assert "failed" not in triager.client.get("/desk/").text
    fail(session)
    assert (
        '<a class="badge badge-failed" href="/desk/inbox?tray=failed">1 failed</a>' in triager.client.get("/desk/").text
    )


def test_hostile_words_of_a_mail_are_shown_as_words(session: Session, triager: Desk) -> None:
    came_in(letter(1, subject="<script>alert(1)</script>", text=f"<img src=x onerror=alert(2)> {TYPO}"))
    for address in ("/desk/inbox", f"/desk/inbox/{key_of(session, '<script>alert(1)</script>')}"):
        page = triager.open(address)
        assert "<script>alert(1)</script>" in page.words
        assert not page.main.xpath("//script | //img")


# One mail -------------------------------------------------------------------------------------------------------------


def test_a_mail_shows_what_the_sender_said_first_and_the_rest_folded(session: Session, triager: Desk) -> None:
    came_in(letter(1, text=f"{TYPO}\n\n-- \nAnn Reader\nBoat builder"))
    page = triager.open(f"/desk/inbox/{key_of(session, 'typo')}")
    assert page.all("//div[contains(@class, 'mail-said')]") == [TYPO]
    assert "Boat builder" in page.all("//details")[0]
    for told in ("Ann Reader ann1@readers.test", "typos@newsroom.test", "by LMTP or SMTP", "Report", "Erratum"):
        assert told in page.all("//dl")[0]


def test_no_such_mail_is_not_found(triager: Desk) -> None:
    for address in ("/desk/inbox/77", f"/desk/inbox/{2**40}", f"/desk/inbox/{2**40}/mail.eml", "/desk/inbox/7/parts/1"):
        assert triager.client.get(address).status_code == 404


def test_a_picture_is_shown_where_it_can_do_nothing(session: Session, triager: Desk) -> None:
    came_in(with_parts(("image/png", "page.png", PICTURE)))
    page = triager.open(f"/desk/inbox/{key_of(session, 'typo')}")
    [source] = page.main.xpath("//img/@src")
    answer = triager.client.get(source)
    assert answer.data == PICTURE
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    number = session.scalars(select(Erratum.number)).one()
    assert triager.open(f"/desk/errata/{number}").main.xpath("//article//img/@src") == [source]


@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "application/pdf", "image/tiff"])
def test_what_might_act_is_never_shown_but_saved(session: Session, triager: Desk, media_type: str) -> None:
    came_in(with_parts((media_type, 'a"b.html', b"<script>alert(1)</script>")))
    key = key_of(session, "typo")
    number = session.scalars(select(Attachment.part)).one()
    assert triager.client.get(f"/desk/inbox/{key}/pictures/{number}").status_code == 404
    assert not triager.open(f"/desk/inbox/{key}").main.xpath("//img")
    saved = triager.client.get(f"/desk/inbox/{key}/parts/{number}")
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment; filename=")
    assert saved.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_mail_itself_is_saved_as_it_came(session: Session, triager: Desk) -> None:
    came_in(letter())
    saved = triager.client.get(f"/desk/inbox/{key_of(session, 'typo')}/mail.eml")
    assert saved.data == letter()
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["Content-Disposition"].startswith("attachment;")


def test_nothing_of_a_mail_is_shown_without_log_in(session: Session, client: FlaskClient) -> None:
    came_in(with_parts(("image/png", "page.png", PICTURE)))
    key = key_of(session, "typo")
    part = session.scalars(select(Attachment.part)).one()
    for address in ("", f"/{key}", f"/{key}/mail.eml", f"/{key}/parts/{part}", f"/{key}/pictures/{part}"):
        answer = client.get(f"/desk/inbox{address}")
        assert answer.status_code == 302
        assert "/login" in answer.headers["Location"]


def test_an_erased_mail_says_so(session: Session, triager: Desk) -> None:
    came_in(letter())
    key = key_of(session, "typo")
    with transaction():
        message = session.get_one(InboxMessage, key)
        message.raw, message.erased_at = None, NOON
    assert "The mail was erased" in triager.open(f"/desk/inbox/{key}").words
    assert triager.client.get(f"/desk/inbox/{key}/mail.eml").status_code == 404


# What can be done -----------------------------------------------------------------------------------------------------


def test_a_mail_that_failed_is_read_again(session: Session, triager: Desk) -> None:
    key = fail(session)
    page = triager.open(f"/desk/inbox/{key}")
    assert "This mail could not be read." in page.words
    assert "It is read again within a minute." in triager.send(page, "/again").words
    assert receiving.read_waiting() == 1
    session.expire_all()
    assert session.get_one(InboxMessage, key).kind is LetterKind.REPORT
    assert not triager.open(f"/desk/inbox/{key}").has_form("/again")
    sent_twice = triager.client.post(page.form("/again").action, data=dict(page.form("/again").form_values()))
    assert sent_twice.status_code == 409


@pytest.mark.parametrize(
    ("headers", "kind"), [(LISTED, "List or newsletter"), (AWAY, "Automatic reply")], ids=["list", "away"]
)
def test_an_editor_makes_a_report_of_what_was_not_taken_for_one(
    session: Session, triager: Desk, headers: str, kind: str
) -> None:
    came_in(letter(headers=headers))
    page = triager.open(f"/desk/inbox/{key_of(session, 'typo')}")
    done = triager.send(page, "/report")
    assert "It is a report now, and in the queue." in done.words
    erratum = session.scalars(select(Erratum)).one()
    assert f"Erratum {erratum.number}" in done.all("//dl")[0]
    assert (erratum.original_text, erratum.corrected_text) == ("recieves", "receives")
    assert f"had been taken for: {kind}." in triager.open(f"/desk/errata/{erratum.number}").words
    assert "ann1@readers.test" not in session.scalars(select(OutboxMessage.recipient)).all()
    again = triager.client.post(page.form("/report").action, data=dict(page.form("/report").form_values()))
    assert again.status_code == 409


def test_a_report_is_not_made_twice(session: Session, triager: Desk) -> None:
    came_in(letter())
    assert not triager.open(f"/desk/inbox/{key_of(session, 'typo')}").has_form("/report")


def test_buttons_of_a_mail_need_the_token_of_their_page(
    session: Session, settings: dict[str, Any], triager: Desk
) -> None:
    assert settings.get("WTF_CSRF_ENABLED", True)
    key = fail(session)
    assert triager.client.post(f"/desk/inbox/{key}/again").status_code == 400
    session.expire_all()
    assert session.get_one(InboxMessage, key).state is LetterState.FAILED


# Addresses that mail came back from -----------------------------------------------------------------------------------


def stop(session: Session, address: str) -> None:
    with transaction():
        for _ in range(3):
            bounces.count(session, address, "550 5.1.1 user unknown", NOON)


def test_an_address_that_mail_came_back_from_is_written_to_again(session: Session, triager: Desk) -> None:
    assert "Nothing is sent there any more" not in triager.open("/desk/outbox").words
    stop(session, "gone@readers.test")
    page = triager.open("/desk/outbox")
    assert "gone@readers.test 550 5.1.1 user unknown" in page.words
    done = triager.send(page, "/again")
    assert "Mail to gone@readers.test is sent again from now on." in done.words
    assert "550 5.1.1" not in done.words


def test_a_message_that_came_back_says_so(session: Session, triager: Desk) -> None:
    with transaction():
        factories.make_report(session, confirmed="gone@readers.test")
        [message] = factories.mails(session, template="report_received")
        message.sent_at, message.bounced_at, message.last_error = NOON, NOON, "550 5.1.1 user unknown"
        key = message.id
    assert "550 5.1.1 user unknown" in triager.open("/desk/outbox", tray="sent").words
    assert "came back" in triager.open(f"/desk/outbox/{key}").all("//dl")[0]


def test_an_editor_is_told_that_mail_does_not_arrive(session: Session, triager: Desk, editors: Any) -> None:
    address = editors[Role.TRIAGER].email
    assert not triager.open("/desk/account").has_form("/again")
    stop(session, address)
    page = triager.open("/desk/account")
    assert "Mail to your address came back several times" in page.words
    done = triager.send(page, "/again")
    assert f"Mail to {address} is sent again from now on." in done.words
    assert not triager.open("/desk/account").has_form("/again")


# Mail with which an editor acts -------------------------------------------------------------------------------------


@pytest.fixture
def editors_mail(session: Session, app: Flask, desk_client: Callable[[Role], FlaskClient]) -> EmailMessage:
    """What an editor got about a new error: with a signed address and with links that decide."""
    app.config["MAIL_IN_ADDRESSES"] = ["typos@newsroom.test"]
    assert desk_client(Role.EDITOR)
    with transaction():
        factories.make_erratum(session)
        editor = session.scalars(select(Editor).where(Editor.role == Role.EDITOR)).one()
    [owed] = factories.mails(session, to=editor.email, template="editor_new_erratum")
    return as_sent(session, owed)


def holding_secrets(mail: EmailMessage) -> dict[str, bytes]:
    """Mails that show others how to act as that editor."""
    editor, signed = str(mail["To"]), str(mail["Reply-To"])
    head = f"To: {signed}\nMessage-ID: <%s@newsroom.test>\nSubject: %s\n"
    return {
        "order": f"From: {editor}\n{head % ('order', 'order')}\nnote: I ask the harbour.\n".encode(),
        "away": f"From: {editor}\n{head % ('away', 'away')}Auto-Submitted: auto-replied\n\nNot here.\n".encode(),
        "returned": (
            b"From: MAILER-DAEMON@mx.test\nTo: typos@newsroom.test\nSubject: returned\nMessage-ID: <r@mx.test>\n"
            b'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="c"\n\n'
            b"--c\nContent-Type: text/plain\n\nUndelivered.\n--c\nContent-Type: message/delivery-status\n\n"
            + f"Final-Recipient: rfc822; {editor}\nAction: failed\nStatus: 5.1.1\n".encode()
            + b"\n--c\nContent-Type: message/rfc822\n\n"
            + bytes(mail).replace(signed.encode(), b"x@newsroom.test")
            + b"\n--c--\n"
        ),
        "attached": with_attachment(editor, "attached", "iVBORw0KGgoAAAANSUhEUgAA", f"Sent to {signed}"),
        "mislabelled": with_attachment(editor, "mislabelled", f"Sent to {signed}", "No more."),
    }


def with_attachment(editor: str, subject: str, attached: str, below: str) -> bytes:
    """A mail with something attached that is said to be packed in base64."""
    return (
        f"From: {editor}\nTo: typos@newsroom.test\nSubject: {subject}\nMessage-ID: <{subject}@newsroom.test>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="c"\nAuto-Submitted: auto-replied\n\n'
        "--c\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
        f"{attached}\n--c\nContent-Type: application/x-note\n\n{below}\n--c--\n"
    ).encode()


@pytest.mark.parametrize("subject", ["order", "away", "returned", "attached", "mislabelled"])
def test_others_cannot_learn_from_a_mail_how_to_act_as_its_editor(
    session: Session, desk_client: Callable[[Role], FlaskClient], editors_mail: EmailMessage, subject: str
) -> None:
    came_in(holding_secrets(editors_mail)[subject])
    key = key_of(session, subject)
    signed = str(editors_mail["Reply-To"])
    for role in (Role.EDITOR, Role.ADMIN):
        page = Desk(desk_client(role)).open(f"/desk/inbox/{key}")
        assert "so only that editor and admins may read it" not in page.words
        assert page.main.xpath("//h2[@id='said-title']")
    triager = desk_client(Role.TRIAGER)
    page = Desk(triager).open(f"/desk/inbox/{key}")
    assert page.status == 200
    assert "so only that editor and admins may read it" in page.words
    assert signed not in page.answer.text
    assert "/desk/act/" not in page.answer.text
    assert triager.get(f"/desk/inbox/{key}/mail.eml").status_code == 403
    assert signed not in triager.get("/desk/inbox").text


def test_a_readers_own_signed_address_closes_no_mail(session: Session, triager: Desk) -> None:
    came_in(letter())
    [receipt] = factories.mails(session, template="mail_received")
    mail = as_sent(session, receipt)
    answer = (
        f"From: {mail['To']}\nTo: {mail['Reply-To']}\nMessage-ID: <a@readers.test>\nSubject: answer\n\nAlso here.\n"
    )
    came_in(answer.encode())
    assert "Also here." in triager.open(f"/desk/inbox/{key_of(session, 'answer')}").words
