"""What a mail is: a person's, or what machines, lists and spammers send."""

# ruff: noqa: E501 - mails stand in one line each, as they come

import time

import pytest

from corrections.domain.letters import LetterKind
from corrections.mail.bounces import bounce_of
from corrections.mail.kinds import Verdict, kind_of
from corrections.mail.parse import parse

TYPO = 'In "The budget" you wrote goverment instead of government.'


def _verdict(header: str, text: str = TYPO, envelope: str | None = "ann@reader.example") -> Verdict:
    return kind_of(parse(f"{header}\n\n{text}".encode()), envelope)


def _kind(header: str, text: str = TYPO, envelope: str | None = "ann@reader.example") -> LetterKind:
    return _verdict(header, text, envelope).kind


ANN = "From: Ann Lee <ann@reader.example>\nTo: desk@paper.example\nSubject: Typo"


def test_a_mail_of_a_person_is_a_report_or_an_answer() -> None:
    assert _kind(ANN) is LetterKind.REPORT
    assert _kind(f"{ANN}\nIn-Reply-To: <a@paper.example>") is LetterKind.REPLY
    assert _kind(ANN.replace("Typo", "Re: Typo")) is LetterKind.REPORT
    assert _kind("From: ann@reader.example", "") is LetterKind.EMPTY


@pytest.mark.parametrize(
    "subject",
    [
        "Out of the office: the headline has a typo",
        "Urlaub in Italien: Tippfehler",
        "Undelivered letters, second paragraph",
        "TYPO IN YOUR ARTICLE!!!",
        "FREE trade: error in the caption",
        "Newsletter of Monday has a mistake",
        "Failure notice in your article: misspelt",
    ],
)
def test_the_subject_of_an_article_makes_no_machine_of_a_reader(subject: str) -> None:
    if subject.startswith("Out of"):
        subject = f"Typo: {subject}"
    assert _kind(ANN.replace("Typo", subject)) is LetterKind.REPORT


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("Auto-Submitted: auto-replied", LetterKind.AUTOREPLY),
        ("Auto-Submitted: auto-generated", LetterKind.AUTOREPLY),
        ("Auto-Submitted: no", LetterKind.REPORT),
        ("X-Autoreply: yes", LetterKind.AUTOREPLY),
        ("X-Auto-Response-Suppress: All", LetterKind.AUTOREPLY),
        ("Precedence: auto_reply", LetterKind.AUTOREPLY),
        ("Precedence: bulk", LetterKind.LIST),
        ("Precedence: list", LetterKind.LIST),
        ("List-Id: <readers.lists.example>", LetterKind.LIST),
        ("List-Unsubscribe: <mailto:off@lists.example>", LetterKind.LIST),
        ("Feedback-ID: 1:2:3", LetterKind.LIST),
        ("X-Failed-Recipients: bob@reader.example", LetterKind.BOUNCE),
        ("X-Spam-Flag: YES", LetterKind.SPAM),
        ("X-Spam-Status: Yes, score=9.1", LetterKind.SPAM),
        ("X-Spam-Status: No, score=0.1", LetterKind.REPORT),
    ],
)
def test_headers_decide_first(field: str, kind: LetterKind) -> None:
    assert _kind(f"{ANN}\n{field}") is kind


@pytest.mark.parametrize("envelope", ["", "<>"])
def test_nothing_with_the_null_sender_is_a_persons(envelope: str) -> None:
    assert _kind(ANN, envelope=envelope) is LetterKind.AUTOREPLY
    assert _kind(ANN, "Your message could not be delivered.", envelope) is LetterKind.BOUNCE


@pytest.mark.parametrize(
    "envelope", ["readers-bounces@lists.example", "bounce+a=b.example@news.example", "owner-readers@lists.example"]
)
def test_an_envelope_that_learns_of_bounces_is_a_lists(envelope: str) -> None:
    assert _kind(ANN, envelope=envelope) is LetterKind.LIST


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON@mx.example",
        "postmaster@mx.example",
    ],
)
def test_a_mail_system_gets_no_answer(sender: str) -> None:
    assert _kind(f"From: {sender}\nSubject: Your order", "It was sent.") not in {LetterKind.REPORT, LetterKind.REPLY}


@pytest.mark.parametrize("sender", ["noreply@shop.example", "do-not-reply@shop.example", "alerts@shop.example"])
def test_what_a_machine_passes_on_is_for_an_editor_to_look_at(sender: str) -> None:
    verdict = _verdict(f"From: {sender}\nSubject: Your order", "It was sent.")
    assert (verdict.kind, verdict.is_passed_on) == (LetterKind.REPORT, True)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Undelivered Mail Returned to Sender", "This is the mail system at host mx.example.\nI'm sorry to have to inform you that your message could not be delivered to bob@reader.example"),
        ("failure notice", "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n<bob@reader.example>:\nunknown user"),
        ("Unzustellbar: Ihre Meldung", "Ihre Nachricht konnte nicht zugestellt werden an bob@reader.example. Der Empfänger ist unbekannt."),
        ("Non remis : Votre message", "Votre message n'a pas pu être remis à bob@reader.example. Destinataire inconnu."),
        ("No se puede entregar: aviso", "No se pudo entregar el mensaje a bob@reader.example. Destinatario desconocido."),
        ("Mancato recapito: avviso", "Impossibile recapitare il messaggio a bob@reader.example. Destinatario sconosciuto."),
        ("Ваше сообщение не доставлено", "Сообщение не может быть доставлено на bob@reader.example: пользователь не найден."),
        ("配信不能", "bob@reader.example に配信できませんでした。宛先不明"),
    ],
)  # fmt: skip
def test_bounces_are_known_by_their_words_in_many_languages(subject: str, text: str) -> None:
    assert _kind(f"From: Mail <mail@mx.example>\nSubject: {subject}", text, None) is LetterKind.BOUNCE
    assert _kind(f"From: MAILER-DAEMON@mx.example\nSubject: {subject}", text, None) is LetterKind.BOUNCE


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Automatic reply: Your report", "Back on Monday."),
        ("Automatische Antwort: Ihre Meldung", "Zurück am Montag."),
        ("Abwesenheitsnotiz", "Zurück am Montag."),
        ("Réponse automatique : Votre message", "De retour lundi."),
        ("Respuesta automática: Su aviso", "Vuelvo el lunes."),
        ("Risposta automatica: Avviso", "Torno lunedì."),
        ("Automatisch antwoord: Melding", "Maandag terug."),
        ("Resposta automática: Aviso", "Volto na segunda."),
        ("Автоответ: Ваше сообщение", "Вернусь в понедельник."),
        ("Autosvar: Din rapport", "Tillbaka på måndag."),
        ("自动回复：您的报告", "周一回来。"),
        ("Ann Lee is out of the office", "I will be out of the office until Monday."),
    ],
)
def test_notes_of_absence_are_known_in_many_languages(subject: str, text: str) -> None:
    assert (
        _kind(f"From: ann@reader.example\nSubject: {subject}\nIn-Reply-To: <a@paper.example>", text)
        is LetterKind.AUTOREPLY
    )


def test_a_delivery_report_and_a_receipt_are_no_ones_words() -> None:
    report = "From: a@mx.example\nContent-Type: multipart/report; report-type={}; boundary=b"
    part = "--b\nContent-Type: message/{}\n\nReporting-MTA: dns; mx.example\n--b--\n"
    assert _kind(report.format("delivery-status"), part.format("delivery-status")) is LetterKind.BOUNCE
    assert (
        _kind(report.format("disposition-notification"), part.format("disposition-notification"))
        is LetterKind.AUTOREPLY
    )


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("YOU ARE A WINNER!!!", "You have won the lottery. Claim your prize of $1,000,000. Act now, no obligation!!!"),
        ("urgent assistance", "Dear friend, I am the son of the late president. A sum of ten million dollars is deposited with a security company. I got your contact in confidence."),
        ("Best mortgage rate          KXQZT", "Refinance now and save up to 75%. Click here: http://10.1.2.3/x"),
        ("Boost your ranking", "We offer SEO services, link building and guest posts. Guaranteed web traffic at the lowest prices. Special offer!!!"),
    ],
)  # fmt: skip
def test_what_looks_like_spam_is_held(subject: str, text: str) -> None:
    assert _kind(f"From: x@sender.example\nSubject: {subject}", text) is LetterKind.SPAM


def test_a_mail_that_says_which_word_should_read_how_is_not_held() -> None:
    header = "From: ann4711x@reader.example\nSubject: HARBOUR DEPARTMENT REJECTS REQUEST TO NAME ITS PILOTS\nContent-Type: text/html"
    shouted = "<p>Cheers</p>"
    assert _kind(header, shouted) is LetterKind.SPAM
    assert _kind(header, f"<p>replace nervousnss with nervousness</p>{shouted}") is LetterKind.REPORT


def test_a_newsletter_without_a_marked_header_is_a_lists() -> None:
    text = "The week in books\n\nTo unsubscribe, visit https://books.example/off"
    assert _kind("From: Books <hello@books.example>\nSubject: The week in books", text) is LetterKind.LIST


def test_a_form_that_a_robot_passes_on_is_a_readers() -> None:
    header = "From: wordpress-noreply@paper.example\nReply-To: ann@reader.example\nSubject: Form"
    assert _verdict(header) == (LetterKind.REPORT, "passed on by a machine", False)
    assert _verdict(header, "Our new collection is here.").is_passed_on


@pytest.mark.parametrize(
    "text",
    [
        "This is an automated message. Your request was received.",
        "Diese Nachricht wurde automatisch erstellt. Diese E-Mail wurde automatisch versandt.",
        "Ceci est un message. Ce message a été généré automatiquement.",
        "To confirm that you are a human, please follow the link.",
    ],
)
def test_a_mail_that_says_that_a_machine_wrote_it_is_believed(text: str) -> None:
    assert _kind("From: Help <help@shop.example>\nSubject: Re: Your report", text) is LetterKind.AUTOREPLY


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Minister on holiday", 'In "Minister on holiday" you write "he is on holiday in Sapin", it should be Spain.'),
        ("Link", "The unsubscribe link under the article has a typo: unsubcribe"),
        ("Your newsletter", "In the weekly newsletter the headline is misspelt: Nwes instead of News."),
        (
            "Mail",
            'In the article on e-mail you write "your message could not be deliverd to bob@reader.example": a typo.',
        ),
    ],
)
def test_a_reader_may_write_about_what_machines_write(subject: str, text: str) -> None:
    assert _kind(ANN.replace("Typo", subject), text) is LetterKind.REPORT


@pytest.mark.parametrize("piece", ["-- \n", "-", "> \n", "= \n", "a-b.", "\u00e9", "original message "], ids=ascii)
def test_no_words_without_end_keep_the_reader_busy(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.process_time()
    parsed = parse(f"From: ann@reader.example\nSubject: x\n\n{text}".encode())
    kind_of(parsed, "")
    bounce_of(parsed)
    assert time.process_time() - started < 15
