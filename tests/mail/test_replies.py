"""Whose words are whose: answers, forwarded mail, signatures and footers, in many languages."""

# ruff: noqa: E501 - lines of mails stand in one line each, as they come

import pytest

from corrections.mail.parse import Parsed, parse

OWN = "It should be government."
OLD = "Thank you for your report about the budget."


def _mail(text: str, *, subject: str = "Re: Your report", in_thread: bool = True, html: bool = False) -> Parsed:
    thread = "In-Reply-To: <report-1@desk.example>\n" if in_thread else ""
    kind = "html" if html else "plain"
    head = f"From: Ann Lee <ann@reader.example>\nSubject: {subject}\n{thread}"
    return parse(f"{head}Content-Type: text/{kind}; charset=utf-8\n\n{text}".encode())


INTRODUCTIONS = {
    "english": "On Mon, 4 Mar 2024 at 10:12, The Desk <desk@paper.example> wrote:",
    "english without a comma": "On 4 March 2024 10:12 The Desk wrote:",
    "german": "Am 04.03.2024 um 10:12 schrieb The Desk <desk@paper.example>:",
    "german, name first": "The Desk <desk@paper.example> schrieb am Mo., 4. März 2024, 10:12:",
    "french": "Le lun. 4 mars 2024 à 10:12, The Desk <desk@paper.example> a écrit :",
    "spanish": "El lun, 4 mar 2024 a las 10:12, The Desk (<desk@paper.example>) escribió:",
    "italian": "Il giorno lun 4 mar 2024 alle ore 10:12 The Desk <desk@paper.example> ha scritto:",
    "dutch": "Op ma 4 mrt 2024 om 10:12 schreef The Desk <desk@paper.example>:",
    "portuguese": "Em seg., 4 de mar. de 2024 às 10:12, The Desk <desk@paper.example> escreveu:",
    "russian": "пн, 4 мар. 2024 г. в 10:12, The Desk <desk@paper.example>:",
    "russian with a verb": "04.03.2024 10:12, The Desk пишет:",
    "ukrainian": "пн, 4 бер. 2024 р. о 10:12 The Desk <desk@paper.example> пише:",
    "polish": "pon., 4 mar 2024 o 10:12 The Desk <desk@paper.example> napisał(a):",
    "czech": "po 4. 3. 2024 v 10:12 odesílatel The Desk <desk@paper.example> napsal:",
    "swedish": "Den mån 4 mars 2024 kl 10:12 skrev The Desk <desk@paper.example>:",
    "danish": "Den man. 4. mar. 2024 kl. 10.12 skrev The Desk <desk@paper.example>:",
    "finnish": "ma 4. maalisk. 2024 klo 10.12 The Desk (desk@paper.example) kirjoitti:",
    "hungarian": "The Desk <desk@paper.example> ezt írta (időpont: 2024. márc. 4., H, 10:12):",
    "turkish": "The Desk <desk@paper.example>, 4 Mar 2024 Pzt, 10:12 tarihinde şunu yazdı:",
    "greek": "Στις Δευ 4 Μαρ 2024 στις 10:12 π.μ., ο χρήστης The Desk <desk@paper.example> έγραψε:",
    "japanese": "2024年3月4日(月) 10:12 The Desk <desk@paper.example>:",
    "chinese": "The Desk <desk@paper.example> 于2024年3月4日周一 10:12写道：",
    "korean": "2024년 3월 4일 (월) 오전 10:12, The Desk <desk@paper.example>님이 작성:",
    "vietnamese": "Vào Th 2, 4 thg 3, 2024 vào lúc 10:12 The Desk <desk@paper.example> đã viết:",
    "hebrew": "בתאריך יום ב׳, 4 במרץ 2024 ב-10:12 מאת The Desk <desk@paper.example>:",
}


@pytest.mark.parametrize("language", INTRODUCTIONS)
def test_an_answer_above_the_quotation_is_said(language: str) -> None:
    found = _mail(f"{OWN}\n\n{INTRODUCTIONS[language]}\n\n> {OLD}\n> Best wishes\n")
    assert found.said == OWN
    assert OLD in found.quoted


@pytest.mark.parametrize("language", INTRODUCTIONS)
def test_an_introduction_may_be_wrapped_and_the_thread_unmarked(language: str) -> None:
    words = INTRODUCTIONS[language].split(" ")
    middle = len(words) // 2
    wrapped = f"{' '.join(words[:middle])}\n{' '.join(words[middle:])}"
    found = _mail(f"{OWN}\n\n{wrapped}\n> {OLD}\n", in_thread=False)
    assert found.said == OWN


HEADERS = {
    "english": ("From", "Sent", "To", "Subject"),
    "german": ("Von", "Gesendet", "An", "Betreff"),
    "french": ("De ", "Envoyé ", "À ", "Objet "),
    "spanish": ("De", "Enviado el", "Para", "Asunto"),
    "italian": ("Da", "Inviato", "A", "Oggetto"),
    "dutch": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "portuguese": ("De", "Enviada em", "Para", "Assunto"),
    "russian": ("От", "Отправлено", "Кому", "Тема"),
    "polish": ("Od", "Wysłano", "Do", "Temat"),
    "swedish": ("Från", "Skickat", "Till", "Ämne"),
    "turkish": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "japanese": ("差出人", "送信日時", "宛先", "件名"),
    "chinese": ("发件人", "发送时间", "收件人", "主题"),
}


@pytest.mark.parametrize("language", HEADERS)
def test_a_repeated_header_begins_what_is_not_said(language: str) -> None:
    sender, when, to, about = HEADERS[language]
    block = f"{sender}: The Desk\n{when}: 2024-03-04 10:12\n{to}: Ann Lee\n{about}: Your report"
    found = _mail(f"{OWN}\n\n________________________________\n{block}\n\n{OLD}\n")
    assert found.said == OWN
    assert OLD in found.quoted


MARKS = [
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Message d'origine --------",
    "---------- Forwarded message ---------",
    "-------- Weitergeleitete Nachricht --------",
    "---------- Mensaje reenviado ----------",
    "Begin forwarded message:",
    "Anfang der weitergeleiteten Nachricht:",
    "Début du message réexpédié :",
    "-------- Пересылаемое сообщение --------",
]


@pytest.mark.parametrize("mark", MARKS)
def test_a_forwarded_mail_is_quoted_even_when_it_is_no_answer(mark: str) -> None:
    found = _mail(
        f"{OWN}\n\n{mark}\nFrom: News <news@paper.example>\nSubject: Budget\n\n{OLD}\n",
        in_thread=False,
        subject="Fwd: Budget",
    )
    assert found.said == OWN
    assert "Subject: Budget" in found.quoted
    assert OLD in found.quoted


FOOTERS = [
    "Sent from my iPhone",
    "Sent from my Galaxy S21 Ultra",
    "Get Outlook for Android",
    "Get Outlook for iOS<https://aka.ms/example>",
    "Sent from Mail for Windows",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Diese Nachricht wurde von meinem Android Gerät mit GMX Mail gesendet.",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Отправлено с iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Wysłane z iPhone'a",
    "Odesláno z iPhonu",
    "iPhone'umdan gönderildi",
    "从我的iPhone发送",
    "iPhoneから送信",
    "나의 iPhone에서 보냄",
    "Virus-free. www.avast.com",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_the_footer_of_a_telephone_is_not_said(footer: str) -> None:
    found = _mail(f"{OWN}\n\n{footer}\n", in_thread=False, subject="Typo")
    assert found.said == OWN
    assert footer in found.signature


@pytest.mark.parametrize(
    "last",
    [
        "Sent from my desk, not from a telephone: please answer.",
        "Von meinem Vater weiß ich, dass es Regierung heißen muss.",
        "Get Outlook right: it is spelt with two o's, not one.",
        "- The second paragraph has it, too",
    ],
)
def test_a_last_sentence_that_only_looks_like_a_footer_stays(last: str) -> None:
    assert _mail(f"{OWN}\n\n{last}\n", in_thread=False, subject="Typo").said == f"{OWN}\n\n{last}"


def test_answers_between_the_lines_are_said() -> None:
    found = _mail(
        f"{INTRODUCTIONS['english']}\n> Which paragraph?\n\nThe second one.\n\n> Which word?\n\ngoverment\n\n> Thank you\n"
    )
    assert found.said == "The second one.\n\n\ngoverment"
    assert "Which paragraph?" in found.quoted


def test_an_answer_below_the_quotation_is_said() -> None:
    assert _mail(f"{INTRODUCTIONS['german']}\n> {OLD}\n\n{OWN}\n").said == OWN


def test_a_reader_who_quotes_the_article_in_a_new_mail_says_it() -> None:
    text = f"In your article I read:\n\n>> The goverment fell.\n> on Monday\n\n{OWN}"
    found = _mail(text, in_thread=False, subject="Typo")
    assert found.said == text
    assert found.quoted == ""


def test_what_a_reader_quotes_above_the_answered_newsletter_is_said() -> None:
    found = _mail(f"> The goverment fell.\n\n{OWN}\n\n{INTRODUCTIONS['english']}\n> {OLD}\n")
    assert found.said == f"> The goverment fell.\n\n{OWN}"
    assert OLD in found.quoted


def test_a_new_mail_that_begins_with_re_loses_nothing() -> None:
    text = f"> The goverment fell.\n{OWN}"
    assert _mail(text, in_thread=False, subject="Re: The budget").said == text


def test_a_sentence_of_the_reader_before_the_quotation_is_no_introduction() -> None:
    text = "On page 3 you wrote:\n> The goverment fell.\nIt should be government."
    assert _mail(text, in_thread=False, subject="Typo").said == text


def test_a_form_that_was_mailed_is_no_forwarded_mail() -> None:
    text = "From: Ann Lee\nSubject: The budget\nDate: today\nTo: all\nPhrase in question: goverment"
    assert _mail(text, in_thread=False, subject="Form").said == text


def test_a_signature_is_cut_and_kept_apart() -> None:
    found = _mail(f"{OWN}\n\nBest wishes\nAnn\n\n-- \nAnn Lee\nTel. 555 0100\n", in_thread=False, subject="Typo")
    assert found.said == f"{OWN}\n\nBest wishes\nAnn"
    assert found.signature == "--\nAnn Lee\nTel. 555 0100"


def test_words_below_a_line_of_two_dashes_are_kept_when_there_are_no_others() -> None:
    assert OWN in _mail(f"-- \n{OWN}\n", in_thread=False, subject="Typo").said


def test_the_footer_of_a_mailing_list_is_not_said() -> None:
    footer = "_______________________________________________\nreaders mailing list\nreaders@lists.example\n"
    assert _mail(f"{OWN}\n\n{footer}").said == OWN


@pytest.mark.parametrize(
    "frame",
    [
        '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">Someone, sometime:<br></div><blockquote class="gmail_quote">{}</blockquote></div>',
        '<div class="gmail_extra"><div class="gmail_quote">Am Montag schrieb der Desk:<blockquote class="gmail_quote">{}</blockquote></div></div>',
        '<div class="yahoo_quoted"><p>{}</p></div>',
        '<hr id="stopSpelling"><p>{}</p>',
        '<div id="divRplyFwdMsg"><b>Von:</b> Desk<br></div><div>{}</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Desk<br><b>Sent:</b> Monday<br><b>To:</b> Ann<br><b>Subject:</b> Report</p></div><p>{}</p>',
        '<div style="border:none;border-left:solid blue 1.5pt"><p>{}</p></div>',
        '<div class="moz-cite-prefix">Am 04.03.24 um 10:12 schrieb Desk:<br></div><blockquote type="cite">{}</blockquote>',
        '<blockquote type="cite"><div>On 4 Mar 2024, at 10:12, Desk &lt;desk@paper.example&gt; wrote:</div><div>{}</div></blockquote>',
        '<div class="protonmail_quote"><p>{}</p></div>',
    ],
)
def test_mail_programs_mark_the_answered_mail_in_html(frame: str) -> None:
    found = _mail(f"<html><body><div>{OWN}</div>{frame.format(OLD)}</body></html>", html=True)
    assert found.said == OWN
    assert OLD in found.quoted


def test_a_quotation_in_a_new_html_mail_is_the_readers() -> None:
    found = _mail(
        f"<p>You write:</p><blockquote>The goverment fell.</blockquote><p>{OWN}</p>",
        html=True,
        in_thread=False,
        subject="Typo",
    )
    assert found.said == f"You write:\n\n> The goverment fell.\n\n{OWN}"


def test_telephones_put_the_introduction_into_the_quotation() -> None:
    quotation = f"> On 4 Mar 2024, at 10:12, The Desk <desk@paper.example> wrote:\n> \n> {OLD}"
    found = _mail(f"{OWN}\n\nSent from my iPhone\n\n{quotation}\n", in_thread=False)
    assert (found.said, found.signature) == (OWN, "Sent from my iPhone")
    assert OLD in found.quoted
