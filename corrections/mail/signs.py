"""What gives away a mail that no person wrote: words of mail systems, of absence notes, of lists and of spam."""
# ruff: noqa: E501, RUF001 - tables of words in many languages and scripts

import re
from typing import Final


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# The part before the @ of addresses behind which nobody sits.
DAEMONS: Final = re.compile(
    r"^(?:mailer[-_.]?daemon|postmaster\\.*|mail[-_.]?daemon|daemon|mdaemon|postmaster|poostmaster|post_?master|mail[-_.]?delivery[\w.-]*|mailadm(?:in)?|"
    r"bounces?|bounce[-+=_].*|.*[-+_.]bounces?|ndr|double-bounce|e500_smtp_mail_service|imss|symantec_antivirus\w*|mailsystem|mail[-_.]?system)$",
    re.IGNORECASE,
)
DAEMON_NAMES: Final = _any(
    r"mail(?:er)?[ -]?daemon",
    r"mail delivery (?:sub)?system",
    r"(?:internet )?mail delivery(?: service)?$",
    r"^postmaster",
    r"mail administrator",
    r"delivery subsystem",
    r"mail system",
    r"content-?filter",
)
ROBOTS: Final = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|dont[-_.]?reply|donotreply|nobody|noreply[-_+.].*|.*[-_+.]no-?reply|auto[-_.]?(?:reply|responder|mailer|notify)"
    r"|notify|notifications?|alerts?|robot|bot|cron|automated|automailer|autoresponse|unattended|nicht[-_.]?antworten|keine[-_.]?antwort|ne[-_.]?pas[-_.]?repondre"
    r"|no[-_.]?responder|naoresponda|nao[-_.]?responda|noresponder|nonrispondere|www-?data|apache|root|listserv|majordomo|mailman|.*-(?:request|owner|errors?)|owner-.*)$",
    re.IGNORECASE,
)

# Senders of the envelope as list and newsletter programs set them, to learn which address bounces.
LIST_SENDERS: Final = re.compile(
    r"^<?(?:owner-.+|.+-owner|.+[-+.]bounces?(?:[-+=].*)?|bounces?[-+=._].*|.+-(?:return|errors?|request)(?:-.*)?|.+-return-\d+-.*|(?:sentto|msprvs1|bounce|newsletter|mailing)[-=+]\S{8,})@",
    re.IGNORECASE,
)

# Subjects of mail systems that could not deliver, or not yet.
BOUNCE_SUBJECT: Final = _any(
    r"^(?:re:\s*)?undeliver(?:able|ed)\b",
    r"\bundeliver(?:able|ed)(?: mail| message| email)?\b.{0,30}$|\bundelivered mail returned",
    r"^(?:mail )?delivery (?:has )?(?:fail(?:ed|ure)|status|notification|report|problem|error|delayed|warning)",
    r"delivery (?:status )?notification",
    r"(?:message|mail) delivery (?:fail|problem|error|delay|warning)",
    r"^failure (?:notice|delivery)|^failed (?:mail|delivery|message)|mail failed|failed mail|delivery failure|failure notice",
    r"returned mail|mail returned|returned (?:to|message)|returning (?:message )?to sender",
    r"(?:mail|message|e-?mail)\b.{0,60}\b(?:could not|cannot|can ?not|was not|has not been|not) (?:be )?(?:yet )?(?:been )?delivered|not deliverable|mail not delivered",
    r"non-?delivery|nondeliverable|permanent delivery failure|warning: .* user unknown|mail error$|^processing error$|^mail system error",
    r"^warning: (?:could not send|message .* delayed|message (?:has )?not|mail delay)|message .{0,40}\bdelayed\b|delayed mail|delivery (?:is )?delayed",
    r"message status|message (?:blocked|rejected|undeliverable|bounced)|e?mail (?:blocked|rejected|bounced)|automatically rejected mail",
    r"mta-?blocked|banned (?:file|contents)|virus (?:found|in|detected|alert)|considered unsolicited|apparently from you",
    r"unzustellbar|nicht zugestellt|zustellung(?:s)?(?:fehler|problem)?(?: fehlgeschlagen| gescheitert)|zustellstatus|konnte nicht zugestellt|nachricht nicht zugestellt|verzögerte zustellung",
    r"non remis|non distribu|échec de (?:la )?(?:remise|distribution|livraison)|notification d['’]état|non délivr|courrier non|non recens|retour (?:à|a) l['’]expéditeur",
    r"no (?:se )?(?:ha podido |pudo |puede )?entrega(?:d[oa]|r)?\b|no entregad|devuelto al remitente|error de entrega|correo devuelto|fallo (?:en la|de) entrega|notificación de estado",
    r"mancato recapito|non recapit|impossibile recapitare|errore di consegna|mancata consegna|notifica (?:dello )?stato|mancato invio",
    r"onbestelbaar|niet (?:af)?(?:gele|be)verd|kan niet worden bezorgd|bezorging mislukt|niet bezorgd|afleverfout",
    r"não (?:foi )?entregue|falha na entrega|não (?:pôde|pode) ser entregue|mensagem devolvida|notificação de (?:status|falha)|devolvid[oa]",
    r"не ?доставл|недоставл|не удалось доставить|доставка .{0,20}невозможна|невозможно доставить|ошибка доставки|возвращен|недоставка|не може да бъде доставен",
    r"nie dostarczon|niedostarczon|nie można dostarczyć|zwrot (?:poczty|wiadomości)|błąd dostarcz|nedoruč|nelze doručit|nepodařilo se doručit",
    r"kunde inte levereras|kunne ikke leveres|ikke leveret|olevererbar|levering mislykkedes|leveransfel|toimittamatta|ei voitu toimittaa|kézbesíthetetlen|nem kézbesíthető",
    r"teslim edilemedi|iletilemedi|iletilemeyen|nelivrat|nu a putut fi livrat|αδυναμία παράδοσης|δεν παραδόθηκε|無法傳遞|无法投递|退信|投递失败|无法送达|系统退信|退回",
    r"配信不能|配信できません|配送できません|送信できません|エラーメール|メールシステムエラー|未配信|不達|반송|전송 ?실패|배달 ?(?:실패|되지)|تعذر (?:تسليم|التسليم)|לא (?:נמסר|ניתן למסור)|không (?:gửi|chuyển) được",
)
# Sentences that mail systems write about a mail that did not arrive.
BOUNCE_TEXT: Final = _any(
    r"delivery (?:of|to) .{0,120}(?:postponed|delayed|failed|impossible|unsuccessful)",
    r"this is the (?:qmail|qmail-send|mail system|postfix|ezmlm|mail delivery|mailer)\b",
    r"this message was created automatically by (?:the )?mail",
    r"a message that you sent could not be delivered|a message that you (?:have )?sent (?:has not|was not|had no)",
    r"(?:your|the|following|this) (?:original )?(?:e-?mail|mail|message)s?\b.{0,60}\b(?:could not|couldn['’]t|cannot|can ?not|was not|wasn['’]t|has not been|did not|didn['’]t|were not) (?:be )?(?:successfully )?(?:yet )?(?:been )?"
    r"(?:delivered|reach|sent|deliver|processed)",
    r"(?:i['’]m|we['’]re|i am|we are)? ?(?:sorry|afraid)[^.]{0,40}\b(?:to have to inform you|wasn['’]t able to deliver|i wasn['’]t able|unable to deliver|could not be delivered)",
    r"(?:unable|failed|not able|was not able) to (?:deliver|relay|send)(?: (?:your|the|this|a|following|mail|message))",
    r"(?:delivery|mail) to the following (?:recipient|address)(?:e?s|\(s\)|es\(s\))? ?(?:has |have |was )?(?:failed|been delayed|is delayed|permanently|was)",
    r"did not reach the following recipient|could not be delivered to (?:the following|one or more|some)|undeliverable to the following|following recipients? (?:has|have|did|could|was)",
    r"the following (?:addresses|address|recipients?|destination addresses) (?:had|has|have|were|was|failed)(?: permanent)?|the following address\(?e?s?\)? (?:had|failed)",
    r"permanent (?:fatal )?(?:errors?|failure)|fatal errors|transcript of (?:the )?session follows|unrecoverable error|delivery attempts?|returned to (?:the )?sender|is being returned|has been returned",
    r"\b(?:user|recipient|mailbox|address|account)(?: name)? (?:is )?(?:unknown|not found|unavailable|does not exist|doesn['’]t exist|disabled|not listed|over quota|is full|rejected|invalid|inactive|not allowed)",
    r"no such (?:user|recipient|mailbox|address|person)|unknown (?:user|recipient|local[- ]part|address)|mailbox (?:full|is full|quota|has exceeded)|over(?:drawn)? quota|quota exceeded|unrouteable",
    r"\b[45]\d\d[ -]#?[45]\.\d\.\d{1,3}\b|\bsmtp;\s*[45]\d\d|\bremote host said|\bhost .{3,60} said: [45]\d\d|status: [45]\.\d|diagnostic[- ]code|\b55[0-4] .{0,60}(?:user|mailbox|recipient|unknown|reject)",
    r"non-?delivery (?:report|notification|of your)|ndr\b|delivery failure|delivery (?:has )?failed|nondelivery|delivery status notification|message delayed|mail delivery (?:error|problem)",
    r"konnte(?:n)? (?:leider )?nicht (?:zugestellt|übermittelt|ausgeliefert)|nicht zustellbar|unzustellbar|empfänger (?:ist )?unbekannt|zustellung .{0,60}(?:fehlgeschlagen|gescheitert|nicht möglich)",
    r"n['’]a (?:pas )?pu être (?:remis|délivré|distribué|livré)|n['’]a pas pu etre (?:remis|delivre|distribue)|n['’]ont pas pu être|destinataire (?:inconnu|introuvable)|utilisateur (?:inconnu|non recens)|boîte (?:aux lettres )?pleine|échec de la remise",
    r"no (?:se )?(?:ha podido|pudo|puede|pueden|pudieron) (?:ser )?entrega|destinatario (?:desconocido|no existe)|buzón (?:lleno|de correo lleno)|error (?:en|de) la entrega|no ha podido ser entregado",
    r"non (?:è stato|è stata|può essere|ha potuto) (?:possibile )?(?:essere )?(?:recapitat|consegnat|recapitare|consegnare)|destinatario (?:sconosciuto|inesistente)|casella .{0,20}piena|impossibile recapitare",
    r"kon(?:den)? niet (?:worden )?(?:af)?(?:geleverd|bezorgd)|onbekende (?:gebruiker|ontvanger)|postvak (?:is )?vol|niet (?:worden )?bezorgd",
    r"não (?:foi possível|pôde ser|pode ser|puderam ser) (?:entregar|entregue)|destinatário (?:desconhecido|inexistente|não encontrado)|caixa .{0,20}cheia|falha na entrega",
    r"не (?:может быть|было|был[ао]?|удалось) доставлен|не ?доставлен|недоставлен|пользователь не (?:найден|существует)|ящик переполнен|доставка .{0,40}невозможна|не удалось доставить",
    r"nie (?:mogła|może|można|została|udało się) .{0,20}(?:dostarcz|doręcz)|nieznany (?:użytkownik|odbiorca|adresat)|nelze doručit|nebylo možné doručit|nepodařilo se doručit|nebola doručená",
    r"kunde inte levereras|kunne ikke leveres|ei voitu toimittaa|nem (?:sikerült )?kézbesít|teslim edilemedi|iletilemedi|nu a putut fi livrat|δεν ήταν δυνατή η παράδοση|δεν παραδόθηκε",
    r"无法(?:投递|送达|发送|传递)|無法(?:傳遞|投遞|送達|寄送)|不存在|退信|投递失败|邮箱(?:已满|不存在)|配信できません|配信できなかった|配送できません|届けることができません|送信できません|宛先(?:不明|が見つかりません)",
    r"전달(?:되지|할 수)|배달(?:되지|할 수)|반송|존재하지 않|تعذر (?:تسليم|التسليم)|לא ניתן (?:היה )?למסור|không thể (?:gửi|chuyển)",
)
# Where the mail that came back begins. What may stand before the words has an end, or rules line by line take for ever.
RETURNED: Final = re.compile(
    r"^[ \t\xa0>*#|+=_-]{0,100}(?:below (?:this line )?is (?:a copy of|the)|this is a copy of (?:the|your)|(?:included|attached|enclosed) is (?:a copy of|the)|the attached file"
    r"|(?:(?:the )?(?:first \d+ lines of )?(?:the |your )?(?:original|returned|undelivered|unsent|bounced|rejected|received|failed|offending) (?:message|mail|e-?mail|headers?)(?: (?:headers?|text|body|content))?"
    r"|(?:the )?(?:full |following )?(?:text|headers?|copy|contents?|body) of (?:the |your )?(?:original|undelivered|returned|rejected)? ?(?:message|mail|e-?mail)|message (?:headers?|contents?|text|body)|headers?"
    r"|your (?:original )?(?:message|mail)(?: (?:headers?|text))?|start of returned (?:message|mail))(?: (?:follows?|attached|below|reads?|included|is attached|was|is))*[^\w\n]*(?:\n|\Z))",
    re.IGNORECASE | re.MULTILINE,
)

# Sentences with which a mail says itself that a machine wrote it, or that it wants a proof that a person wrote ours.
MACHINE_TEXT: Final = _any(
    r"this is an auto(?:mat(?:ed|ic|ically generated))?[- ]?(?:reply|response|responder|message|e-?mail|notification|confirmation)|(?:e-?mail|message|reply|response) (?:was|is|has been) (?:sent |generated |created )?automatically|automatically generated (?:e-?mail|message|reply|response)",
    r"(?:do not|don['’]t) (?:reply|respond) (?:directly )?to this (?:e-?mail|message|mail|address)|this mailbox is (?:not|no longer) monitored|unattended mailbox",
    r"(?:to|please) (?:confirm|verify|prove) (?:that )?you(?: are|['’]re) (?:a )?(?:human|real person|not a (?:robot|spammer))|your (?:message|e-?mail|mail) .{0,60}(?:has been|is being|was) (?:held|quarantined) (?:because|until|pending)|challenge[-/ ]response|to release your (?:message|e-?mail)|(?:deliver|approve|release) your (?:message|e-?mail)[^.]{0,40}click",
    r"automatisch (?:generierte|erzeugte|erstellte|versandte|versendete)|(?:e-?mail|nachricht|mail) wurde automatisch|antworten sie (?:bitte )?nicht auf diese|bitte nicht auf diese .{0,20}antworten",
    r"(?:message|e-?mail|courriel|mail) (?:est|a été) (?:généré|envoyé|émis) automatiquement|ne pas répondre à ce|merci de ne pas répondre|réponse automatique",
    r"(?:mensaje|correo|e-?mail) (?:es|ha sido|fue|generado|enviado|se ha)? ?(?:enviado |generado )?autom[aá]tic|respuesta autom[aá]tica|no responda a este",
    r"(?:messaggio|e-?mail|mail).{0,20}(?:generat|inviat)[oa]? (?:in )?automatic|risposta automatica|(?:si prega di )?non rispondere a quest",
    r"automatisch (?:gegenereerd|verzonden|antwoord)|niet (?:te )?(?:beantwoorden|reageren) op deze|(?:mensagem|e-?mail).{0,25}autom[aá]tic|resposta autom[aá]tica|(?:não responda|favor não responder)",
    r"(?:письмо|сообщение) .{0,30}автоматическ|автоматический ответ|не отвечайте на это|wygenerowana automatycznie|prosimy nie odpowiadać|automaticky (?:generovan|vygenerovan)|automatisk(?:t)? (?:genereret|generert|genererat|skickat)|otomatik olarak|自动(?:回复|发送|生成)|自動(?:返信|送信|応答|配信)",
)

# With these a subject begins only when a machine wrote it; a person's answer to it has "Re:" before them.
AUTOMATIC_SUBJECT: Final = re.compile(
    r"^\s*(?:\[[^\]]{1,30}\]\s*)?(?:auto(?:matic(?:ally)?|mated|matisch\w*|matisk\w*|matisch|mátic[ao]|matica|matyczna|matická|maattinen|matikus|mat)?[- ]?(?:generated )?(?:reply|response|responder|respond|answer|antwort|antwoord|svar|vastaus|válasz|odpowiedź|odpověď|odpoveď|acknowledge?ment)\b"
    r"|auto:|vacation (?:reply|response|message)|out[- ]of[- ](?:the[- ])?office\b|ooo\s*[:-]|abwesenheits?(?:notiz|nachricht|meldung|assistent|benachrichtigung)?\b|réponse automatique|reponse automatique|message d['’]absence|absence du bureau"
    r"|respuesta autom[aá]tica|fuera de (?:la )?oficina|risposta automatica|fuori (?:sede|ufficio)|resposta autom[aá]tica|fora do escritório|afwezigheids?(?:melding|bericht|assistent)?\b|autosvar|frånvaro|fravær|poissa:?|автоответ|автоматический ответ|вне офиса"
    r"|автовідповідь|автоматична відповідь|autoodpowiedź|poza biurem|mimo kancelář|otomatik (?:yanıt|cevap)|ofis dışında|răspuns automat|αυτόματη απάντηση|εκτός γραφείου|自动(?:回复|答复|回覆)|自動(?:回覆|返信|応答|回信)|不在通知|자동 ?(?:회신|응답|답장)|부재중|رد تلقائي|מענה אוטומטי|trả lời tự động|balasan otomatis)",
    re.IGNORECASE,
)
ABSENT_SUBJECT: Final = _any(
    r"^(?:re:\s*)?(?:automatic|auto|automated)[- ]?(?:reply|response|responder|answer|generated)",
    r"\bauto[- ]?(?:reply|response|responder)\b|\bautomatic (?:reply|response|answer)\b",
    r"out of (?:the )?office|out[- ]of[- ]office|\booo\b|away from (?:the |my )?(?:office|desk|mail)|on (?:vacation|holiday|leave|annual leave|maternity|parental)|vacation (?:reply|response|message|notice)|i am away|absence\b|i['’]m away",
    r"automatische antwort|abwesenheit|abwesend|urlaub(?:s)?(?:nachricht|meldung|vertretung)?\b|nicht im (?:büro|haus)|außer haus|eingangsbestätigung|empfangsbestätigung|auto-?antwort",
    r"réponse automatique|absence du bureau|absent[e]? (?:du bureau)?|message d['’]absence|en (?:congés?|vacances)|accusé de réception|hors du bureau",
    r"respuesta automática|respuesta automatica|fuera de (?:la )?oficina|ausencia|ausente|de vacaciones|acuse de recibo|autorespuesta",
    r"risposta automatica|fuori (?:sede|ufficio)|assenza|in ferie|conferma di ricezione|assente",
    r"automatisch antwoord|afwezig|niet aanwezig|met vakantie|ontvangstbevestiging|buiten kantoor",
    r"resposta automática|resposta automatica|fora do escritório|ausência|ausente|de férias|em férias|confirmação de recebimento",
    r"автоответ|автоматический ответ|автоматическ|вне офиса|отсутств|в отпуске|отпуск|автовідповідь|автоматична відповідь|автоматичен отговор",
    r"automatyczna odpowiedź|autoodpowiedź|poza biurem|nieobecność|nieobecn|urlop|automatická odpověď|mimo kancelář|automatická odpoveď|neprítomn|nepřítomn|dovolen",
    r"autosvar|automatiskt svar|automatisk svar|frånvaro|frånvarande|fravær|ikke til stede|semester\b|ferie\b|automaattinen vastaus|poissa|lomalla|automatikus válasz|házon kívül|szabadság",
    r"otomatik (?:yanıt|cevap)|ofis dışında|izindeyim|răspuns automat|în concediu|αυτόματη απάντηση|εκτός γραφείου|自动(?:回复|答复|回覆)|自動(?:回覆|返信|応答|回信)|不在(?:通知|です|にし)|外出|休暇|부재중|자동 ?(?:회신|응답|답장)|رد تلقائي|مענה אוטומטי|תשובה אוטומטית|trả lời tự động|balasan otomatis",
)
ABSENT_TEXT: Final = _any(
    r"(?:i am|i['’]m|i will be|i['’]ll be|currently|is) (?:currently )?(?:out of (?:the )?office|away from (?:the office|my|e-?mail)|on (?:vacation|holiday|annual leave|leave|maternity leave|parental leave|sabbatical))",
    r"(?:will|shall) (?:be )?(?:out of the office|respond (?:to (?:your|you) )?.{0,30}(?:when|upon) (?:i|my) return)|limited (?:access|ability) to (?:my )?e-?mail|with (?:no|limited) access to (?:my )?e-?mail",
    r"this is an auto(?:mat(?:ed|ic|ically generated))?[- ]?(?:reply|response|message|generated|e-?mail|confirmation)|this (?:e-?mail|message|reply|response) (?:was|is|has been) (?:sent |generated |created )?automatic(?:ally)?|automatically generated (?:e-?mail|message|reply|response)|do not (?:reply|respond) to this (?:e-?mail|message|mail)|please do not reply",
    r"no longer (?:work(?:s|ing)?|employed|with|at) (?:at |for |with |here|by )?|has left the company|(?:e-?mail )?address (?:is|has been) (?:no longer (?:in use|valid|monitored|active)|changed)|this mailbox is (?:not|no longer) monitored|unattended mailbox|mailbox is unmonitored",
    r"we (?:have )?received your (?:e-?mail|message|request|enquiry|inquiry|support)|thank(?:s| you) for (?:contacting|your (?:e-?mail|message|enquiry|inquiry|request|interest)).{0,200}(?:as soon as|shortly|within|get back|ticket|case number|reference number)|your (?:ticket|request|case) (?:number|id|has been (?:received|created|opened|registered))",
    r"(?:please )?confirm (?:that )?you(?:r| are)[^.]{0,60}(?:human|not a (?:robot|spammer)|real person|delivery of your (?:message|mail)|message)|challenge[-/ ]response|click (?:on )?the (?:following )?link.{0,80}(?:deliver|approve|verify|confirm) (?:your|this) (?:message|mail|e-?mail)|spam (?:arrest|blocker)|tmda\b|has been (?:held|quarantined) (?:because|until|pending)|awaiting (?:your )?confirmation|to release your message|boxbe",
    r"(?:ich bin|bin ich) .{0,80}(?:nicht (?:im (?:büro|haus|hause|dienst)|erreichbar|da)|abwesend|im urlaub|außer haus|in elternzeit|wieder (?:da|zurück|erreichbar|im büro))|automatisch (?:generiert|erzeugt|erstellt|versandt|versendet)|diese (?:e-?mail|nachricht|mail) wurde automatisch|ihre (?:e-?mail|nachricht|mail) wird nicht (?:weitergeleitet|gelesen|bearbeitet)|antworten sie (?:bitte )?nicht auf diese",
    r"je (?:suis|serai) (?:actuellement )?(?:absent|en (?:congé|vacances|déplacement|arrêt)|hors du bureau)|(?:ce|cet) (?:message|e-?mail|courriel|mail) (?:est|a été) (?:généré|envoyé|émis) automatiquement|réponse automatique|ne pas répondre (?:à ce|directement)|merci de ne pas répondre|votre (?:message|demande|courriel) a bien été (?:reçu|enregistré)",
    r"(?:estoy|estaré|me encuentro|estare) (?:actualmente )?(?:fuera de (?:la )?oficina|de vacaciones|ausente)|(?:este|éste) (?:es un )?(?:mensaje|correo|e-?mail) (?:es|ha sido|fue|generado|se ha)? ?(?:enviado |generado )?autom[aá]tic|respuesta autom[aá]tica|no responda a este|hemos recibido su",
    r"(?:sono|sarò) (?:attualmente )?(?:assente|fuori (?:sede|ufficio)|in ferie)|(?:questo|questa) (?:è un )?(?:messaggio|e-?mail|mail).{0,20}(?:generat|inviat)[oa]? (?:in )?automatic|risposta automatica|non rispondere a questa|si prega di non rispondere|abbiamo ricevuto la (?:sua|tua)",
    r"(?:ik ben|ben ik) .{0,60}(?:afwezig|niet (?:aanwezig|op kantoor|bereikbaar)|met (?:vakantie|verlof|zwangerschapsverlof))|automatisch (?:gegenereerd|verzonden|antwoord)|niet (?:te )?(?:beantwoorden|reageren) op deze|wij hebben uw (?:bericht|e-?mail) ontvangen",
    r"(?:estou|estarei|encontro-me) (?:atualmente )?(?:fora do escritório|de férias|em férias|ausente)|(?:esta|este) (?:é uma? )?(?:mensagem|e-?mail).{0,25}autom[aá]tic|resposta autom[aá]tica|não responda a (?:esta|este)|favor não responder|recebemos (?:a )?sua",
    r"(?:я )?(?:сейчас |в настоящее время )?(?:нахожусь )?(?:в отпуске|вне офиса|в командировке|отсутствую|буду отсутствовать)|(?:это|данное|настоящее) (?:письмо|сообщение) .{0,30}автоматическ|автоматический ответ|не отвечайте на это|ваше (?:письмо|сообщение|обращение) (?:получено|принято|зарегистрировано)|подтвердите.{0,40}(?:отправку|доставку|письмо)",
    r"(?:jestem|będę) .{0,30}(?:nieobecn|na urlopie|poza biurem)|wiadomość (?:została )?(?:wygenerowana|wysłana) automatycznie|prosimy nie odpowiadać|jsem .{0,30}(?:mimo kancelář|na dovolené|nepřítom)|tato zpráva byla .{0,20}automaticky|automaticky (?:generovan|vygenerovan)",
    r"jag är .{0,40}(?:på semester|inte på (?:kontoret|plats)|bortrest|ledig|föräldraledig)|(?:jeg er|er jeg) .{0,40}(?:på ferie|ikke på kontoret|bortreist|ikke til stede)|automatisk(?:t)? (?:svar|genereret|generert|genererat|skickat)|olen .{0,20}(?:lomalla|poissa)|nem tartózkodom|szabadságon (?:vagyok|leszek)|automatikus (?:válasz|üzenet)",
    r"(?:ofis dışında|izinde(?:yim)?|yıllık izin)|otomatik olarak (?:gönder|oluştur)|sunt (?:în|in) concediu|mesaj (?:generat|trimis) automat|απουσιάζω|αυτοματοποιημένο|自动(?:回复|发送|生成)|自動(?:回覆|返信|配信|送信|応答)|不在に(?:して|いた)|休暇(?:中|を)|부재 ?중|자동(?:으로)? ?(?:발송|회신|응답)|休假|出差",
)

# Headers that only lists, shops and newsletters set.
BULK_HEADERS: Final = (
    "list-id", "list-post", "list-unsubscribe", "list-unsubscribe-post", "list-subscribe", "list-archive", "list-help", "list-owner", "list-software",
    "mailing-list", "x-mailing-list", "x-list", "x-beenthere", "x-mailman-version", "x-listname", "x-list-id", "x-list-name", "x-list-host", "x-ml-name", "x-mlserver",
    "x-listserver", "x-listmember", "x-listprocessor-version", "x-mailinglist", "x-google-group-id", "x-yahoo-profile", "x-ezmlm", "x-unsubscribe-link",
    "x-campaign", "x-campaignid", "x-campaign-id", "x-campaign_id", "x-mailing-id", "x-mailing", "x-mailer-recptid", "x-mailer-version-id",
    "x-csa-complaints", "x-mcda",
    "x-mailgun-batch-id", "x-jobid", "x-job_id", "x-rpcampaign", "x-roving-id", "x-mailchimp-id",
    "x-messagebus-info", "x-newsletter", "x-newsletter-id", "x-subscriber", "x-subscriberid", "x-emarsys-id", "x-et-message-id", "x-lyris-message-id", "x-lyris-type",
    "x-egroups-return", "x-egroups-from", "x-egroups-msg-info", "x-bulkmail", "x-bulk-signature", "x-topica-id", "x-virtualserver", "x-virtualservergroup",
    "x-sfmc-stack", "x-marketo", "x-eloqua", "x-hubspot", "x-acs-mail", "x-sendinblue", "x-sib-id", "x-mailerlite", "x-drip", "x-klaviyo-message-id", "x-github-reason", "x-github-sender",
    "x-jira-fingerprint", "x-bugzilla-reason", "x-bugzilla-type", "x-cron-env", "x-trac-project", "x-auto-generated",
)  # fmt: skip
LIST_SUBJECT: Final = _any(
    r"\bnewsletter\b|\bnewsbrief\b|\b(?:daily|weekly|monthly) (?:digest|dispatch|update|news|notification|report|summary|headlines|deals?|edition|bulletin|briefing|tips?)\b|\bdigest,? (?:vol|issue|number|#|\d)|\bissue (?:#|no\.? ?)?\d+\b|\bvol(?:ume|\.)? \d+",
    r"\b(?:nyhetsbrev|nyhedsbrev|nieuwsbrief|uutiskirje|hírlevél|boletín|boletim|infolettre|lettre d['’]information|rundbrief|bollettino|рассылка|дайджест|biuletyn|zpravodaj|bülten|メールマガジン|メルマガ|电子报|電子報|뉴스레터)\b",
)
LIST_TEXT: Final = _any(
    r"\bunsubscribe\b|\bun-subscribe\b|opt[- ]?out\b|(?:to|and) (?:be )?removed? (?:yourself )?from (?:our|this|the|my|future|all)|to (?:stop|cease) receiving|remove me from|cancel your subscription|manage (?:your )?(?:subscription|preferences|e-?mail)|(?:change|update|edit|modify) your (?:e-?mail |subscription |account |profile |mail )?(?:preferences|settings|profile|options|address|subscription)",
    r"you (?:are |have |['’]ve )?(?:been )?(?:receiv(?:ing|ed)|getting|sent|subscribed|signed up|registered|opted).{0,60}(?:because|newsletter|mailing|subscri|e-?mail|list|updates)|this (?:e-?mail|message|newsletter|mailing) (?:was|is|has been) (?:being )?sent to (?:you|<?[\w.+-]+@)|view (?:this |it )?(?:e-?mail |message |newsletter )?(?:in (?:a |your )?(?:web )?browser|online|as a web ?page)|(?:forward|send) (?:this )?to a friend",
    r"abbestellen|abmelden|newsletter abbestell|austragen|désabonn|désinscri|se désinscrire|ne plus recevoir|darse de baja|cancelar (?:la |su |tu )?suscripción|no desea (?:seguir )?recib|annulla(?:re)? (?:l['’])?iscrizione|disiscri|cancella(?:rti|zione)|uitschrijven|afmelden|cancelar (?:a |sua )?(?:inscrição|assinatura)|descadastr|deixar de receber|отписаться|отказаться от рассылки|отписка|wypisz|zrezygnować z|odhlásit|avregistrera|avprenumerer|afmeld|avmeld|peruuta tilaus|leiratkoz|abonelikten|listeden çık|dezabon|διαγραφή|退订|退訂|取消订阅|取消訂閱|配信停止|配信解除|購読解除|수신 ?거부|구독 ?(?:취소|해지)|إلغاء الاشتراك|הסר(?:ה)? מרשימ|hủy đăng ký|berhenti berlangganan",
    r"mailing list\b.{0,120}https?://|mailman/listinfo|groups\.(?:google|yahoo)\.com|privacy policy.{0,200}(?:copyright|all rights reserved|©)",
)
