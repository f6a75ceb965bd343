"""Which of our mails came back, from whom, and whether for good."""

# ruff: noqa: E501 - mails stand in one line each, as they come

import pytest

from corrections.mail.bounces import Bounce, bounce_of
from corrections.mail.parse import parse

RETURNED = "--b\nContent-Type: message/rfc822\n\nMessage-ID: <receipt-1@paper.example>\nIn-Reply-To: <a@reader.example>\nTo: bob@reader.example\nSubject: Thank you\n\nThank you.\n--b--\n"


def _report(*fields: str) -> Bounce | None:
    head = "From: MAILER-DAEMON@mx.example\nTo: desk@paper.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    status = "\n".join(["--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n", *fields, ""])
    return bounce_of(parse((head + status + RETURNED).encode()))


def test_a_delivery_report_names_recipient_and_mail() -> None:
    bounce = _report(
        "Final-Recipient: rfc822; bob@reader.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user"
    )
    assert bounce is not None
    assert bounce.original_message_id == "<receipt-1@paper.example>"
    assert bounce.original_in_reply_to == "<a@reader.example>"
    (failed,) = bounce.recipients
    assert (failed.address, failed.status, failed.action, failed.hard) == (
        "bob@reader.example",
        "5.1.1",
        "failed",
        True,
    )
    assert failed.diagnostic == "smtp; 550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "hard"),
    [
        ("failed", "5.1.1", "", True),
        ("failed", "5.0.0", "550 user unknown", True),
        ("delayed", "4.4.1", "connection timed out", False),
        ("delayed", "5.0.0", "", False),
        ("failed", "4.2.2", "mailbox full", False),
        ("failed", "5.2.2", "552 mailbox over quota", False),
        ("failed", "5.7.1", "550 rejected as spam", False),
        ("failed", "", "550 no such user here", True),
        ("failed", "", "452 try again later", False),
    ],
)
def test_only_what_will_never_arrive_is_hard(action: str, status: str, diagnostic: str, hard: bool) -> None:
    bounce = _report(
        f"Final-Recipient: rfc822;bob@reader.example\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {diagnostic}"
    )
    assert bounce is not None
    assert bounce.recipients[0].hard is hard
    assert bounce.is_hard is hard


def test_several_recipients_are_told_apart_and_delivered_ones_left_out() -> None:
    bounce = _report(
        "Final-Recipient: rfc822; bob@reader.example\nAction: failed\nStatus: 5.1.1\n",
        "Final-Recipient: rfc822; eve@reader.example\nAction: delayed\nStatus: 4.0.0\n",
        "Final-Recipient: rfc822; ann@reader.example\nAction: delivered\nStatus: 2.0.0",
    )
    assert bounce is not None
    assert [(failed.address, failed.hard) for failed in bounce.recipients] == [
        ("bob@reader.example", True),
        ("eve@reader.example", False),
    ]


def test_a_report_of_success_is_no_bounce() -> None:
    assert _report("Final-Recipient: rfc822; bob@reader.example\nAction: delivered\nStatus: 2.0.0") is None


@pytest.mark.parametrize(
    "text",
    [
        "Hi. This is the qmail-send program at mx.example.\n\n<bob@reader.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <desk@paper.example>\nMessage-ID: <receipt-1@paper.example>\nTo: bob@reader.example\n",
        "A message that you sent could not be delivered. The following address(es) failed:\n\n  bob@reader.example\n    550 unknown user\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: <receipt-1@paper.example>\n",
        "This is the mail system at host mx.example.\n\n<bob@reader.example>: host mx.reader.example said: 550 5.1.1\n    User unknown (in reply to RCPT TO command)\n\nReceived: by mx.example\nMessage-ID: <receipt-1@paper.example>\n",
        "Your message\n\n  To: bob@reader.example\n  Subject: Thank you\n\ndid not reach the following recipient(s):\n\nbob@reader.example on Mon, 4 Mar 2024\n    The recipient name is not recognized\n\nMessage-ID: <receipt-1@paper.example>\n",
        "Ihre Nachricht konnte nicht zugestellt werden: bob@reader.example, Empfänger unbekannt.\n\nMessage-ID: <receipt-1@paper.example>\n",
    ],
)  # fmt: skip
def test_reports_in_words_are_read(text: str) -> None:
    bounce = bounce_of(
        parse(f"From: MAILER-DAEMON@mx.example\nTo: desk@paper.example\nSubject: failure notice\n\n{text}".encode())
    )
    assert bounce is not None
    assert [(failed.address, failed.hard) for failed in bounce.recipients] == [("bob@reader.example", True)]
    assert bounce.original_message_id == "<receipt-1@paper.example>"


def test_failed_recipients_may_stand_in_the_header() -> None:
    raw = b"From: MAILER-DAEMON@mx.example\nX-Failed-Recipients: bob@reader.example,\n eve@reader.example\n\nIt has failed permanently."
    bounce = bounce_of(parse(raw))
    assert bounce is not None
    assert [failed.address for failed in bounce.recipients] == ["bob@reader.example", "eve@reader.example"]


def test_a_complaint_ends_our_writing() -> None:
    raw = (
        "From: feedback@mx.example\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: bob@reader.example\n\n"
        + RETURNED
    )
    bounce = bounce_of(parse(raw.encode()))
    assert bounce is not None
    assert [(failed.address, failed.action, failed.hard) for failed in bounce.recipients] == [
        ("bob@reader.example", "complaint", True)
    ]


def test_a_mail_that_tells_of_nothing_is_none() -> None:
    assert bounce_of(parse(b"From: ann@reader.example\n\nIt is wrong.")) is None
