"""A mail's bytes to what a person said: charsets, encodings, broken forms, attachments."""

# ruff: noqa: E501 - mails stand in one line each, as they come

import base64
import quopri
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.domain import limits
from corrections.mail.bounces import bounce_of
from corrections.mail.kinds import kind_of
from corrections.mail.parse import attachment, parse

HEAD = b"From: Ann Lee <ann@reader.example>\r\nSubject: Typo\r\n"


def _body(data: bytes, charset: str, encoding: str = "8bit") -> str:
    head = (
        HEAD + f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    )
    return parse(head + data).said


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("utf-8", "Größe statt Grösse – naïve"),
        ("iso-8859-1", "Größe statt Grösse"),
        ("windows-1252", "“Größe” statt ‘Grösse’"),
        ("iso-8859-15", "5 €"),
        ("koi8-r", "Правильно: правительство"),
        ("windows-1251", "Правильно: правительство"),
        ("gb2312", "第二段有错字"),
        ("gb18030", "第二段有错字"),
        ("big5", "第二段有錯字"),
        ("euc-kr", "두 번째 단락에 오타"),
        ("shift_jis", "二段落目に誤字があります"),
        ("euc-jp", "二段落目に誤字があります"),
        ("iso-2022-jp", "二段落目に誤字があります"),
        ("utf-7", "Größe statt Grösse"),
        ("windows-1255", "שגיאה בפסקה"),
        ("windows-1256", "خطأ في الفقرة"),
        ("tis-620", "ผิดพลาด"),
    ],
)
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_any_charset_in_any_encoding_is_read(charset: str, words: str, encoding: str) -> None:
    data = words.encode(charset)
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data)
    assert _body(data, charset, encoding) == words


def test_charsets_with_zero_bytes_are_read_from_base64() -> None:
    assert _body(base64.encodebytes("Größe".encode("utf-16")), "utf-16", "base64") == "Größe"


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("us-ascii", "utf-8"),
        ("us-ascii", "windows-1252"),
        ("iso-8859-1", "utf-8"),
        ("utf-8", "windows-1252"),
        ("x-unknown", "utf-8"),
        ("no-such-charset", "windows-1252"),
        ("rot13", "utf-8"),
        ("idna", "utf-8"),
    ],
)
def test_a_charset_declared_wrongly_is_guessed(declared: str, real: str) -> None:
    assert _body("Größe statt “Grösse”".encode(real), declared) == "Größe statt “Grösse”"


def test_what_no_database_can_hold_is_left_out() -> None:
    assert _body(b"gov\x00ern\x07ment", "utf-8") == "government"
    assert _body(b"+2AA-x", "utf-7") == "x"  # half a character


@pytest.mark.parametrize(
    ("given_subject", "subject"),
    [
        ("=?utf-8?B?VGlwcGZlaGxlciDDvA==?=", "Tippfehler ü"),
        ("=?utf-8?Q?Tippfehler_=C3?= =?utf-8?Q?=BC_hier?=", "Tippfehler ü hier"),
        ("Re: =?iso-8859-1?Q?Gr=F6=DFe?= here", "Re: Größe here"),
        ("=?utf-8?Q?Tippfehler im Text?=", "Tippfehler im Text"),
        ("=?utf-8?B?VGlwcGZlaGxlcg", "Tippfehler"),
        ("=?no-such?Q?Tippfehler?=", "Tippfehler"),
        ("=?utf-8*de?Q?Tippfehler?=", "Tippfehler"),
        ("one\r\n two\r\n\tthree", "one two three"),
        ("Größe", "Größe"),
    ],
)
def test_subjects_are_decoded_into_one_line(given_subject: str, subject: str) -> None:
    assert parse(f"Subject: {given_subject}\r\n\r\nx".encode()).subject == subject


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("Ann Lee <ann@reader.example>", "Ann Lee", "ann@reader.example"),
        ('"Lee, Ann" <ann@reader.example>', "Lee, Ann", "ann@reader.example"),
        ("ann@reader.example (Ann Lee)", "Ann Lee", "ann@reader.example"),
        ("=?utf-8?Q?Lee=2C_Ann?= <ann@reader.example>", "Lee, Ann", "ann@reader.example"),
        ('"=?utf-8?Q?J=C3=B6rg?=" <joerg@reader.example>', "Jörg", "joerg@reader.example"),
        ("<ann@reader.example>", "", "ann@reader.example"),
        ("Ann Lee ann@reader.example", "Ann Lee", "ann@reader.example"),
        ("Readers: Ann Lee <ann@reader.example>;", "Ann Lee", "ann@reader.example"),
        ("Ann Lee", "Ann Lee", ""),
        ("Ann <ann@reader.example", "Ann", "ann@reader.example"),
    ],
)
def test_senders_are_read_however_they_are_written(sender: str, name: str, address: str) -> None:
    found = parse(f"From: {sender}\n\nx".encode())
    assert (found.from_name, found.from_address) == (name, address)


def test_the_header_is_read() -> None:
    found = parse(
        b"From: ann@reader.example\nTo: desk@paper.example, Bob <bob@paper.example>\nCc: eve@paper.example\n"
        b"Delivered-To: desk+abc@paper.example\nReply-To: ann2@reader.example\nDate: Mon, 4 Mar 2024 10:12:00 +0200\n"
        b"Message-ID: <a@reader.example>\nIn-Reply-To: <b@paper.example>\nReferences: <c@paper.example>\n <b@paper.example>\n"
        b"X-Note: one\nX-Note: two\n\nx"
    )
    assert found.message_id == "<a@reader.example>"
    assert found.in_reply_to == "<b@paper.example>"
    assert found.references == ("<c@paper.example>", "<b@paper.example>")
    assert found.reply_to == "ann2@reader.example"
    assert found.recipients == (
        "desk@paper.example",
        "bob@paper.example",
        "eve@paper.example",
        "desk+abc@paper.example",
    )
    assert found.date == datetime(2024, 3, 4, 8, 12, tzinfo=UTC)
    assert found.headers("X-NOTE") == ["one", "two"]
    assert found.header("x-none") == ""


@pytest.mark.parametrize("raw", [HEAD + b"\r\nIt is wrong.", HEAD.replace(b"\r\n", b"\n") + b"\nIt is wrong.",
                                 HEAD.replace(b"\r\n", b"\r") + b"\rIt is wrong.", b"\r\n\r\n" + HEAD + b"\r\nIt is wrong.",
                                 b"From ann Mon Mar  4 10:12:00 2024\n" + HEAD + b"\r\nIt is wrong.", HEAD + b"It is wrong."])  # fmt: skip
def test_line_ends_and_missing_blank_lines_do_not_matter(raw: bytes) -> None:
    found = parse(raw)
    assert (found.subject, found.said) == ("Typo", "It is wrong.")


def test_a_mail_without_a_header_is_all_text() -> None:
    found = parse("Grüße,\nes ist falsch.".encode())
    assert found.said == "Grüße,\nes ist falsch."
    assert "no header" in found.defects


def test_flowed_lines_are_put_together_again() -> None:
    text = b"You write \r\nthat it is. \r\nso.\r\n> quoted \r\n> words\r\n\r\n-- \r\nAnn"
    found = parse(HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + text)
    assert found.said == "You write that it is. so.\n> quoted words"
    joined = parse(HEAD + b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\ngo \r\nvern \r\nment")
    assert joined.said == "government"


def _parts(kind: str, *parts: str, boundary: str = "b1", end: str = "--b1--\n") -> bytes:
    joined = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return HEAD + f"Content-Type: multipart/{kind}; boundary={boundary}\n\nPreamble\n{joined}{end}".encode()


PLAIN = "Content-Type: text/plain\n\nplain words"
HTML = "Content-Type: text/html\n\n<p>html words</p>"
PICTURE = 'Content-Type: image/png; name="shot.png"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo='


def test_of_alternatives_the_plain_one_is_read() -> None:
    assert parse(_parts("alternative", PLAIN, HTML)).said == "plain words"


@pytest.mark.parametrize(
    "stub", ["", "   ", "Your mail program cannot show HTML.", "If you are reading this, view it online."]
)
def test_the_html_is_read_when_the_plain_alternative_says_nothing(stub: str) -> None:
    assert parse(_parts("alternative", f"Content-Type: text/plain\n\n{stub}", HTML)).said == "html words"


def test_attachments_are_listed_and_can_be_had() -> None:
    raw = _parts("mixed", PLAIN, PICTURE, "Content-Type: text/plain\n\nmore words")
    found = parse(raw)
    assert found.said == "plain words\n\nmore words"
    (part,) = found.attachments
    assert (part.name, part.media_type, part.size) == ("shot.png", "image/png", 8)
    assert attachment(raw, part.number) == b"\x89PNG\r\n\x1a\n"
    with pytest.raises(IndexError):
        attachment(raw, 99)


def test_parts_are_found_without_an_end_and_without_a_boundary() -> None:
    assert parse(_parts("mixed", PLAIN, PICTURE, end="")).attachments[0].name == "shot.png"
    raw = _parts("mixed", PLAIN, PICTURE).replace(b"; boundary=b1", b"")
    assert parse(raw).said == "plain words"
    assert parse(HEAD + b"Content-Type: multipart/mixed; boundary=none\n\nIt is wrong.").said == "It is wrong."


def test_nested_parts_and_boundaries_that_begin_alike_are_told_apart() -> None:
    inner = "Content-Type: multipart/alternative; boundary=b12\n\n--b12\n" + PLAIN + "\n--b12\n" + HTML + "\n--b12--\n"
    found = parse(_parts("mixed", inner, PICTURE))
    assert found.said == "plain words"
    assert [part.name for part in found.attachments] == ["shot.png"]


def test_an_attached_mail_is_listed_and_its_words_are_quoted() -> None:
    found = parse(_parts("mixed", PLAIN, "Content-Type: message/rfc822\n\nSubject: The budget\n\nThe goverment fell."))
    assert found.said == "plain words"
    assert found.quoted == "The budget\n\nThe goverment fell."
    assert found.attachments[0].name == "The budget.eml"


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ('filename="../../etc/passwd"', "passwd"),
        ('filename="C:\\\\Users\\\\ann\\\\shot.png"', "shot.png"),
        ("filename*=utf-8''Gr%C3%B6%C3%9Fe.png", "Größe.png"),
        ('filename*0="long "; filename*1=name.png', "long name.png"),
        ('filename="=?utf-8?Q?Gr=C3=B6=C3=9Fe=2Epng?="', "Größe.png"),
        ('filename="a\u202egnp.exe"', "a_gnp.exe"),
        ('filename="..."', ""),
        (f'filename="{"x" * 400}.png"', "x" * 251 + ".png"),
    ],
)
def test_names_of_files_are_safe_to_show(given_name: str, name: str) -> None:
    part = f"Content-Type: image/png\nContent-Disposition: attachment; {given_name}\n\nx"
    assert parse(_parts("mixed", PLAIN, part)).attachments[0].name == name


def test_a_mail_of_too_many_parts_is_read_up_to_the_limit() -> None:
    found = parse(_parts("mixed", *[PLAIN] * (limits.MAIL_PARTS + 50)))
    assert "too many parts" in found.defects
    assert found.said.startswith("plain words")


def test_parts_within_parts_without_end_do_no_harm() -> None:
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 5_000
    )
    assert parse(raw).subject == "Typo"


def test_signed_text_is_read_without_its_armour() -> None:
    text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt is wrong.\n- -- \nAnn\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
    assert parse(HEAD + b"\r\n" + text.encode()).said == "It is wrong."


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    found = parse(raw)
    assert kind_of(found, None).reason
    bounce_of(found)
    found.said.encode("utf-8")


PIECES = st.sampled_from(
    [b"\n", b"\r\n", b"--b\n", b"--b--", b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/html\n", b"> ", b"<div>", b"<a href=",
     b"Content-Type: message/rfc822\n", b"Content-Transfer-Encoding: base64\n", b"From: =?utf-8?Q?=?= <", b"Subject: =?x?b?=", b"On 1 May 2024 x wrote:\n",
     b"Content-Type: message/delivery-status\n", b"Final-Recipient: ;\n", b"Status: 5.1\n", b"charset=utf-7", b"\xff\xfe", b"\x1b$B", b"begin 644 x\n", b"<blockquote>"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=60).map(b"".join))
def test_any_pieces_of_mail_are_read(raw: bytes) -> None:
    found = parse(raw)
    assert kind_of(found, "").reason
    bounce_of(found)
    for part in found.attachments:
        assert len(attachment(raw, part.number)) == part.size
    (found.said + found.quoted + found.subject + found.from_name + found.from_address).encode("utf-8")
