"""How mail programs all over the world introduce what they quote and forward, and what they put under a mail."""
# ruff: noqa: E501, ISC004, RUF001 - tables of words in many languages and scripts

import re
from typing import Final

SURE: Final = 2
_DAY_AND_TIME: Final = 2

# The verb of the line that introduces a quotation, as the programs and the people of a language write it.
VERBS: Final = (
    "wrote|writes|has written|schrieb|schrieben|hat geschrieben|hat folgendes geschrieben|geschrieben"  # en, de
    "|a écrit|a ecrit|écrit|écrivit|a envoyé"  # fr
    "|escribió|escribio|ha escrito|escribiu|va escriure|ha escrit|escriviu"  # es, gl, ca
    "|ha scritto|scrisse|scriveva|scrive"  # it
    "|schreef|heeft geschreven|schreef het volgende|geschreven|het geskryf|het geskrywe"  # nl, af
    "|escreveu|escreveste|escreveram"  # pt
    "|пишет|написал|написала|написали|написал\\(а\\)|писал|писала|писал\\(а\\)"  # ru
    "|пише|написав|написала|написав\\(-ла\\)|написа|je napisao|je napisala|napisao je|је написао|је написала"  # uk, bg, sr, hr
    "|napisao/la je|je napisal|je napisala|je napisal/a|napísal|napísala|napísal\\(a\\)|píše"  # hr, sl, sk
    "|napisał|napisała|napisał\\(a\\)|napisano|pisze"  # pl
    "|napsal|napsala|napsal\\(a\\)"  # cs
    "|skrev|skrev følgende|skrev följande|har skrevet|skrifaði"  # sv, da, no, is
    "|kirjoitti|kirjoitti seuraavasti|kirjutas|rakstīja|rašė|parašė"  # fi, et, lv, lt
    "|ezt írta|írta|a következőt írta"  # hu
    "|a scris|yazdı|şunu yazdı|şunları yazdı|idatzi du|skribis"  # ro, tr, eu, eo
    "|έγραψε|έγραψαν|كتب|كتبت|כתב|כתבה|כתב/ה|نوشت|ने लिखा"  # el, ar, he, fa, hi
    "|đã viết|viết|menulis|เขียนว่า|ได้เขียน"  # vi, id, th
    "|写道|寫道|写到|のメール|は書きました|さんは書きました|が書きました|작성|님이 작성|님이 씀"  # zh, ja, ko
)
# Words with which nobody but a mail program begins such a line.
_YOU: Final = re.compile(
    r"\b(?:you|u|sie|ihr|du|vous|tu|usted|ustedes|voi|lei|jij|u|você|vocês|вы|ты)\s+(?:\w+\s+)?$", re.IGNORECASE
)

_VERB_AT_END: Final = re.compile(rf"(?:^|[\s>\"”)\],])(?:{VERBS})\s*(?:[:：]|$)[\s*_]*$", re.IGNORECASE)
_CJK_VERB_AT_END: Final = re.compile(r"(?:写道|寫道|写到|のメール|書きました|작성|씀|เขียนว่า)\s*[:：.。]?\s*$")
# "Am 3. Mai 2024 schrieb Ann Lee <ann@example.org>:", "Ann Lee schrieb am 3. Mai:", "El lun, 3 may escribió Ann:".
_VERB_WITHIN: Final = re.compile(rf"\s(?:{VERBS})[\s,:][^:]*(?::\d\d[^:]*){{0,3}}[:：][\s*_]*$", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[\w.+%-]+@[\w-]+\.[\w.-]+|\[mailto:|<[^<>\s]*@[^<>\s]*>", re.IGNORECASE)
_CLOCK: Final = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\d{1,2}[時点시]")
_DATE: Final = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-](?:\d\d|\d{4})\b|\b\d{1,2}\.? (?:de )?\w{3,}\.?,?(?: |$)|\b\w{3,9} \d{1,2}\b|\d年|\d월"
)
_ENDS: Final = re.compile(r"[:：][\s*_]*$")
_THUS: Final = re.compile(
    r"^(?:thus spake|quoting|citando|zitat von|quoting from|citerar|citaat van)\b.*[:：]\s*$", re.IGNORECASE
)
_SHORTEST: Final = 6
_LONGEST: Final = 300
_TAIL: Final = 40  # characters that hold the verb at the end


def introduces(text: str) -> int:
    """How surely a line (put together, if it was wrapped) introduces a quotation: 0 not, 1 it may, 2 certainly.

    Certain is what only a mail program writes: a verb or a colon together with an address, or with a date and a time.
    """
    text = text.strip()
    if not _SHORTEST <= len(text) <= _LONGEST:
        return 0
    has_address = _ADDRESS.search(text) is not None
    when = (_DATE.search(text) is not None) + (_CLOCK.search(text) is not None)
    verb = (
        _VERB_AT_END.search(text, max(0, len(text) - _TAIL))
        or _CJK_VERB_AT_END.search(text, max(0, len(text) - _TAIL))
        or (_VERB_WITHIN.search(text) if _ENDS.search(text) else None)
    )
    if verb is None:
        if _THUS.match(text):
            return SURE if has_address or when else 1
        return SURE if has_address and when == _DAY_AND_TIME and _ENDS.search(text) else 0
    if _YOU.search(text[: verb.start() + 1]):
        return 1 if when else 0
    if has_address or when == _DAY_AND_TIME:
        return SURE
    return 1 if when or _ENDS.search(text) else 0


_BEGINNING: Final = re.compile(
    r"(?:On|Am|Le|El|Il(?: giorno)?|Op|Em|No dia|W dniu|Dnia|Dne|Dňa|Den|På|Pada|Στις|Vào|Kuupäeval|La data de|Dana|Dne|У|В|На|בתאריך|في|در تاریخ)\s(?=\S)"
    r"|[^\W\d]{1,9}[.,]{0,2} \d{1,2}(?![:.h]\d\d)\b|\d{1,4}[./年-]\s?\d{1,2}[./年月-]"
)


def may_introduce(text: str) -> bool:
    """Whether a line can be the end of an introduction: quick, to be asked of every line."""
    tail = text[-_TAIL:]
    return text.endswith((":", "：", ":*", "_")) or bool(_VERB_AT_END.search(tail) or _CJK_VERB_AT_END.search(tail))


def has_date(text: str) -> bool:
    """Whether a line tells a day or a time of day."""
    return _DATE.search(text) is not None or _CLOCK.search(text) is not None


def ends(text: str) -> bool:
    """Whether a line ends as introductions do, with a colon."""
    return _ENDS.search(text) is not None


def begins(text: str) -> bool:
    """Whether an introduction begins with this line, so that what stands above it does not belong to it."""
    return _BEGINNING.match(text) is not None


_FROM: Final = (
    "From|Von|De|Da|Van|От|От кого|Отправитель|Від|Від кого|Од|Från|Fra|Frá|Lähettäjä|Feladó|De la|Expéditeur|Mittente|Remitente|Remetente"
    "|Absender|Afzender|Avsändare|Afsender|Avsender|Nadawca|Od|Odesílatel|Odosielateľ|Pošiljatelj|Pošiljalac|Šalje|Kimden|Gönderen|Από"
    "|Αποστολέας|发件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|من|מאת|От кого|Saatja|Kellelt|No|Nuo|Từ|Người gửi|Dari|จาก|De :"
)
_WHEN: Final = (
    "Sent|Date|Date Sent|Gesendet|Datum|Gesendet am|Envoyé|Envoyé le|Enviado|Enviado el|Enviado em|Enviada em|Enviada|Fecha|Data|Inviato"
    "|Data invio|Verzonden|Verzonden op|Verstuurd|Отправлено|Дата|Отправлен|Надіслано|Изпратено|Skickat|Skickades|Sendt|Dato|Lähetetty"
    "|Päivämäärä|Päiväys|Elküldve|Dátum|Küldve|Trimis|Trimisă|Wysłano|Wysłane|Odesláno|Odoslané|Poslano|Poslato|Gönderildi|Gönderilme|Tarih"
    "|Gönderme Tarihi|Στάλθηκε|Ημερομηνία|Εστάλη|发送时间|发送日期|日期|寄件日期|傳送時間|日付|日時|送信日時|送信|보낸 날짜|날짜|تاريخ|التاريخ|نشלח|נשלח"
    "|תאריך|Saadetud|Kuupäev|Nosūtīts|Išsiųsta|Đã gửi|Ngày|Gửi|Dikirim|Tanggal|ส่ง|วันที่"
)
_TO: Final = (
    "To|An|À|A|Para|Aan|Кому|До|Till|Til|Vastaanottaja|Címzett|Către|Catre|Do|Komu|Pro|Za|Prima|Kime|Alıcı|Προς|收件人|收件者|宛先|받는 사람|받는사람"
    "|إلى|אל|Saaja|Kellele|Kam|Kam|Đến|Tới|Kepada|ถึง|Pour|Destinataire|Destinatario|Destinatário|Empfänger|Ontvanger"
)
_ABOUT: Final = (
    "Subject|Betreff|Objet|Sujet|Asunto|Oggetto|Onderwerp|Assunto|Тема|Ämne|Emne|Efni|Aihe|Tárgy|Subiect|Temat|Předmět|Predmet|Naslov|Zadeva|Konu"
    "|Θέμα|Относно|主题|主題|主旨|件名|제목|الموضوع|נושא|Teema|Temats|Tema|Chủ đề|Perihal|Subjek|เรื่อง|Assumpte|Gaia"
)
_COPY: Final = (
    "Cc|Bcc|Kopie|Copie|Copie à|CC|Копия|Копія|Kopia|Kopi|Kopio|Másolatot kap|Másolat|Copia|Cópia|DW|Kopija|Bilgi|Κοιν|Κοινοποίηση|抄送|副本|참조|نسخة"
    "|עותק|Reply-To|Reply to|Antwort an|Répondre à|Responder a|Rispondi a|Importance|Priority|Wichtigkeit|Attachments|Anlagen|Organization|Message-ID"
)
_KINDS: Final = (("from", _FROM), ("when", _WHEN), ("to", _TO), ("about", _ABOUT), ("copy", _COPY))
_HEADER: Final = re.compile(
    r"^[\s*_|]{0,6}(?:"
    + "|".join(rf"(?P<{kind}>{names})" for kind, names in _KINDS)
    + r")[\s*_]{0,4}[:：][\s*_]*(?P<value>.*)$",
    re.IGNORECASE,
)


def header_line(text: str) -> tuple[str, str]:
    """Which header field a line repeats, as ``from``, ``when``, ``to``, ``about`` or ``copy``, and its value; else empty."""
    start = text[:500]
    found = _HEADER.match(start) if ":" in start[:_TAIL] or "：" in start[:_TAIL] else None
    if found is None:
        return "", ""
    return next(kind for kind, _ in _KINDS if found[kind] is not None), found["value"]


_MESSAGES: Final = (
    "Original Message|Original Appointment|Ursprüngliche Nachricht|Originalnachricht|Original-Nachricht|Ursprungliche Nachricht"
    "|Message d'origine|Message original|Message initial|Courriel original|Mensaje original|Missatge original|Mensagem original|Mensagem Original"
    "|Messaggio originale|Messaggio Originale|Oorspronkelijk bericht|Origineel bericht|Исходное сообщение|Оригинальное сообщение|Исходное письмо"
    "|Пересылаемое сообщение|Пересланное сообщение|Перенаправленное сообщение|Початкове повідомлення|Оригінальне повідомлення|Переслане повідомлення"
    "|Originalmeddelande|Ursprungligt meddelande|Oprindelig meddelelse|Oprindelig besked|Original besked|Opprinnelig melding|Alkuperäinen viesti"
    "|Eredeti üzenet|Mesaj original|Mesajul original|Wiadomość oryginalna|Oryginalna wiadomość|Původní zpráva|Pôvodná správa|Izvorna poruka"
    "|Originalna poruka|Izvirno sporočilo|Orijinal İleti|Özgün ileti|Özgün İleti|Orijinal Mesaj|Αρχικό μήνυμα|Оригинално съобщение"
    "|原始邮件|邮件原件|原始郵件|原始信件|元のメッセージ|원본 메시지|원본 메일|الرسالة الأصلية|הודעה מקורית|Algkiri|Sākotnējais ziņojums|Originalus laiškas"
    "|Thư gốc|Pesan Asli|Reply Message|Reply Separator|Vorige bericht|Letsatsi"
)
_FORWARDED: Final = (
    "Forwarded message|Forwarded Message|Forwarded by[^-]*|Forwarded mail|Weitergeleitete Nachricht|Weitergeleitete Mail|Weitergeleitet von[^-]*"
    "|Message transféré|Message transmis|Courriel transféré|Mensaje reenviado|Mensaje remitido|Missatge reenviat|Mensagem encaminhada|Mensagem reencaminhada"
    "|Messaggio inoltrato|Inoltrato da[^-]*|Doorgestuurd bericht|Vidarebefordrat meddelande|Vidarebefordrat brev|Videresendt besked|Videresendt meddelelse"
    "|Videresendt melding|Välitetty viesti|Edelleenlähetetty viesti|Továbbított üzenet|Mesaj redirecționat|Mesaj redirectionat|Wiadomość przekazana"
    "|Przekazana wiadomość|Treść przekazanej wiadomości|Přeposlaná zpráva|Preposlaná správa|Proslijeđena poruka|Prosleđena poruka|Posredovano sporočilo"
    "|İletilmiş mesaj|Yönlendirilmiş ileti|Yönlendirilen İleti|Iletilen mesaj|Προωθημένο μήνυμα|Προώθηση μηνύματος|Препратено съобщение"
    "|转发邮件信息|转发的邮件|轉寄郵件|已轉寄郵件|转发邮件|転送されたメッセージ|転送メッセージ|전달된 메시지|전달된 메일|رسالة معاد توجيهها|הודעה שהועברה"
    "|Edastatud kiri|Pārsūtītais ziņojums|Persiųstas laiškas|Chuyển tiếp tin nhắn|Pesan terusan|Pesan yang diteruskan"
)
_DASHED: Final = re.compile(rf"^[\s>*]*[-_=—–*]{{2,}}\s*(?:{_MESSAGES}|{_FORWARDED})\s*[-_=—–*:]*\s*$", re.IGNORECASE)
_DASHED_ANY: Final = re.compile(r"^\s*-{4,}\s?[^\W\d_][^-]{3,60}?\s?-{4,}\s*$")
_BEGINS: Final = re.compile(
    r"^(?:Begin forwarded message|Anfang der weitergeleiteten (?:Nachricht|E-Mail)|Début du (?:message (?:réexpédié|transféré)|courriel transféré)"
    r"|Inicio del mensaje reenviado|Inizio messaggio inoltrato|Begin doorgestuurd bericht|Início da mensagem (?:encaminhada|reencaminhada)"
    r"|Начало переадресованного (?:сообщения|письма)|Начало переадресуемого сообщения|Vidarebefordrat (?:mejl|brev)|Start på videresendt (?:besked|melding)"
    r"|Videresendt (?:melding|besked)|Välitetty viesti alkaa|Továbbított levél kezdete|Początek przekazywanej wiadomości|Začátek přeposílané zprávy"
    r"|Başlangıç iletilen mesaj|İletilen mesajın başlangıcı|Αρχή προωθημένου μηνύματος|以下是转发的邮件|开始转发的邮件|開始轉寄郵件|転送されたメッセージ"
    r"|전달된 메시지 시작|Inici del missatge reenviat)\s*[:：]?\s*$",
    re.IGNORECASE,
)
RULE: Final = re.compile(r"^[\s*]*(?:[-_=*~—–─━]\s?){5,}[\s*]*$")


def forwards(text: str) -> int:
    """How surely a line stands before a mail repeated in full: 0 not, 1 if header fields follow, 2 certainly."""
    text = text.strip()
    if not _SHORTEST <= len(text) <= _LONGEST:
        return 0
    if text[0] in "-_=—–*>":
        return SURE if _DASHED.match(text) else int(_DASHED_ANY.match(text) is not None)
    return SURE if text.endswith((":", "：")) and _BEGINS.match(text) else 0


_DEVICE: Final = r"[\w’'®™.+/-]+(?:[ \xa0][\w’'®™.+/-]+){0,5}"
FOOTERS: Final = tuple(
    re.compile(rf"^[\s*_<(\[]*(?:{pattern})[\s*_>)\].!]*(?:<?https?://\S+>?)?[\s>)\]]*$", re.IGNORECASE)
    for pattern in (
        rf"Sent from (?:my|the|an?) {_DEVICE}",
        r"Sent (?:from|with|via|by|using) (?:the )?(?:all[ -]new )?(?:AOL|Yahoo|Outlook|Mail|Gmail|Proton ?Mail|Proton|Spark|Sparrow|Samsung|Nine|BlackBerry"
        r"|Windows|Mailbird|Airmail|Hotmail|MSN|iPhone|iPad|Android|Galaxy|Tutanota|Tuta|Fastmail|Superhuman|Mailspring|eM Client|Canary|Edison|Newton"
        r"|TypeApp|BlueMail|K-9|myMail|Mail\.ru|Yandex|GMX|WEB\.DE|Zoho|Front|Shortwave|Missive|Polymail|Unibox|Boxer|Aqua Mail|MailDroid|HEY|Thunderbird"
        r"|Sky|Verizon|AT&T|T-Mobile|Vodafone|Samsung Mobile|Telstra|Skiff)\b[^,;:]{0,60}",
        rf"Sent (?:via|on|over) (?:my|the) {_DEVICE}",
        r"Get Outlook for (?:iOS|Android|Mac|Windows)[^,;:]{0,30}",
        r"Get the (?:new )?Outlook app[^,;:]{0,30}",
        r"Sent from a (?:mobile|phone|tablet|handheld|cell)[\w ]{0,30}(?:[.,;] ?(?:please )?(?:excuse|forgive|pardon)[^:]{0,80})?",
        r"(?:Please )?(?:excuse|forgive|pardon) (?:my |the |any )?(?:brevity|typos|typing|errors|spelling)[^:]{0,60}",
        rf"(?:Diese (?:Nachricht|E-?Mail|Mail) wurde )?(?:Gesendet |Versendet |Verschickt )?(?:Von|mit|über|aus|von) (?:meinem|meiner|mein|der|dem|einem|unterwegs) {_DEVICE}"
        r"(?: (?:gesendet|versendet|verschickt|geschickt))?",
        rf"(?:Gesendet|Versendet|Verschickt) (?:von|mit|über|aus|via|vom) {_DEVICE}",
        r"Outlook für (?:iOS|Android) (?:herunterladen|beziehen|abrufen|erhalten)|Holen Sie sich Outlook für (?:iOS|Android)|Laden Sie Outlook für (?:iOS|Android) herunter",
        r"Diese Nachricht wurde von meinem [^,:;]{3,50} (?:mit [^,:;]{3,30} )?(?:gesendet|verschickt|versendet)",
        rf"Envoyé (?:de|depuis|à partir de|avec|via|par|du|d['’]un|de l['’]) ?(?:mon |ma |l['’]|un |une )?{_DEVICE}",
        r"(?:Télécharger|Obtenir|Obtenez|Téléchargez) Outlook pour (?:iOS|Android)",
        rf"Enviado (?:desde|con|por|vía|via|de|do|a partir do|através do|pelo|com) (?:mi |el |un |una |o |meu |minha |a |meus? )?{_DEVICE}",
        r"(?:Obtener|Obtén|Descargar|Obter|Obtenha o|Baixar|Baixe o) ?(?:o )?Outlook para (?:iOS|Android)",
        rf"(?:Inviato|Spedito|Scaricato) (?:da|dal|dall['’]|con|tramite|via|dalla) ?(?:il |la |l['’]|mio |mia )?{_DEVICE}",
        r"(?:Ottieni|Scarica|Scaricare) Outlook per (?:iOS|Android)",
        rf"(?:Verzonden|Verstuurd|Gestuurd) (?:vanaf|van|vanuit|met|via|door) (?:mijn |een |de )?{_DEVICE}",
        r"(?:Outlook voor (?:iOS|Android) (?:downloaden|ophalen)|Download Outlook voor (?:iOS|Android)|Outlook downloaden voor (?:iOS|Android))",
        rf"(?:Отправлено|Послано|Отправлен[оа]?) (?:с|из|через|от|с моего|с помощью|со) ?{_DEVICE}",
        r"(?:Скачайте|Получите|Загрузить|Скачать|Получить|Загрузите) Outlook для (?:iOS|Android)",
        rf"(?:Надіслано|Відправлено|Изпратено) (?:з|із|від|от|с) {_DEVICE}",
        rf"(?:Skickat|Sendt|Skickades|Sent) (?:från|fra|frå|med|via) (?:min |mitt |mit |en |ett )?{_DEVICE}",
        r"(?:Hämta|Hent|Skaffa|Få|Last ned) Outlook (?:för|til|for) (?:iOS|Android)",
        rf"(?:Lähetetty|Lähetin tämän) {_DEVICE}",
        r"(?:Hanki|Hae) Outlook for (?:iOS|Android)|Hanki Outlook (?:iOS|Android)\S*",
        rf"(?:Wysłane|Wysłano) (?:z|ze|za pomocą|przez) {_DEVICE}",
        r"Pobierz (?:aplikację )?Outlook dla (?:systemu )?(?:iOS|Android)\w*",
        rf"(?:Odesláno|Odoslané|Poslano|Poslato|Posláno) (?:z|ze|s|sa|iz|pomocí) {_DEVICE}",
        rf"(?:{_DEVICE} )?(?:iPhone|iPad|Android|Samsung|Telefon|okostelefon)\S*(?: \S+)? (?:küldve|gönderildi|küldtem|küldött)",
        rf"Trimis (?:de pe|din|de la|cu) {_DEVICE}",
        rf"Στάλθηκε από (?:το |την |τον )?{_DEVICE}",
        rf"{_DEVICE} (?:cihazımdan|telefonumdan|tarafından) gönderildi|{_DEVICE} ?(?:'?[ıiuü]?m?dan|'?[ea]?den) gönderildi",
        r"(?:从|從|自|来自|發自|发自|寄自|通过|透過|使用)\s?(?:我的|我)?.{2,30}?(?:发送|發送|傳送|寄出|发出)?",
        r"(?:発信元|iPhone|iPad|Android|私の).{0,20}(?:から|より|で)(?:送信|発信)(?:しました|済み)?",
        r"(?:나의|내)\s?.{2,20}에서 보(?:냄|낸 메일입니다)|.{0,10}(?:iPhone|iPad|스마트폰|휴대폰)에서 보(?:냄|냈습니다)",
        r"(?:أرسلت|أُرسلت|مرسل|تم الإرسال|أرسل) من .{2,40}|נשלח מה?-?.{2,40}|ارسال شده از .{2,40}",
        rf"(?:Được gửi|Gửi|Đã gửi) từ {_DEVICE}|Dikirim dari {_DEVICE}|ส่งจาก .{{2,40}}|मेरे .{{2,30}} से भेजा गया",
        r"(?:This (?:e-?mail|message) (?:was|has been) )(?:sent|written|typed|checked|scanned)\b.{0,120}",
        r"(?:Virus-free|Virenfrei|Sans virus|Libre de virus|Privo di virus|Virusvrij|Sem v[ií]rus|Без вирусов|Не содержит вирусов|Wolny od wirusów)\.?(?:[ \xa0]?(?:www\.)?avast\.com)?",
        r"(?:Diese E-Mail wurde von Avast|L['’]absence de virus dans ce courrier|El software de antivirus Avast|Questa e-?mail è stata controllata).{0,150}",
        r"(?:Yahoo Mail|Yahoo! Mail|AOL Mail|Outlook)(?: on| für| pour| para| per| for| voor| для)? ?(?:Android|iPhone|iPad|iOS)",
    )
)
_LIST_FOOTER: Final = re.compile(
    r"mailing list|mailman/(?:listinfo|options)|/listinfo/|list-?info|unsubscribe|abbestellen|désabonner|desuscribir|cancellarsi|google groups"
    r"|yahoo! groups|mailinglist|mailliste|listserv|to post (?:to|a)|archives?:",
    re.IGNORECASE,
)


def is_footer(text: str) -> bool:
    """Whether a line is what a telephone, a mail program or a virus scanner puts under a mail."""
    text = text.strip()
    return _SHORTEST <= len(text) <= _LONGEST and any(pattern.match(text) for pattern in FOOTERS)


def is_of_list(text: str) -> bool:
    """Whether a line belongs to what a mailing list puts under every mail."""
    return _LIST_FOOTER.search(text[:300]) is not None


_PREFIX: Final = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|aw|antw|antwort|antwoord|sv|vs|rv|rép|rif|ris|r|res|odp|odg|ynt|cvp|vl|απ|σχετ|отв|на|ответ|答复|回复|回覆|答覆|返信|답장|答|תגובה|رد|hth)"
    r"(?:\s*[\[(^]\d{1,3}[\])]?)?\s*[:：]",
    re.IGNORECASE,
)
_FORWARD_PREFIX: Final = re.compile(
    r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|wg|tr|rv|enc|i|vb|vs|doorst|pd|trans|пересл|转发|轉寄|転送|전달)(?:\s*[\[(]\d{1,3}[\])])?\s*[:：]",
    re.IGNORECASE,
)


def answers(subject: str) -> bool:
    """Whether a subject says, in one of many languages, that the mail is an answer."""
    return _PREFIX.match(subject) is not None


def without_prefixes(subject: str) -> str:
    """A subject without what says that the mail answers or passes on another one."""
    while (prefix := _PREFIX.match(subject) or _FORWARD_PREFIX.match(subject)) is not None:
        subject = subject[prefix.end() :]
    return subject.strip()
