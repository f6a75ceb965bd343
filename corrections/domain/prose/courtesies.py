"""What a letter has around the matter: greetings, closings, labels, and the words that name an article."""
# ruff: noqa: E501, RUF001 - one phrase a line, in many scripts

from collections.abc import Mapping
from typing import Final

GREETINGS: Final[Mapping[str, str]] = {
    "en": r"hi|hello|hey|dear|greetings|good (?:morning|afternoon|evening|day)|to whom it may concern|to the editors?|ladies and gentlemen|hiya|howdy|ls",
    "de": r"hallo|guten (?:tag|morgen|abend)|sehr geehrte[rs]?|liebe[rs]?|moin|grüezi|servus|grüß gott|werte",
    "fr": r"bonjour|bonsoir|cher|chère|chers|chères|madame|monsieur|mesdames|messieurs|salut",
    "es": r"hola|buenos días|buenas(?: tardes| noches)?|estimad[oa]s?|querid[oa]s?|saludos",
    "it": r"ciao|salve|buongiorno|buonasera|gentil[ei]|egregi[o]?|spett\.?(?:le|abile)?|car[oaie]",
    "nl": r"hallo|hoi|beste|geachte|goede(?:morgen|middag|navond|n ?dag)|goeden? (?:morgen|middag|avond|dag)",
    "pt": r"olá|oi|bom dia|boa (?:tarde|noite)|prezad[oa]s?|car[oa]s?|caros",
    "ru": r"здравствуйте|добрый (?:день|вечер)|доброе утро|уважаем[а-я]+|привет|дорог[а-я]+",
}
CLOSINGS: Final[Mapping[str, str]] = {
    "en": r"(?:many |with |warm |kind |kindest |best |warmest |my )*(?:thanks|regards|wishes|thank you|thx|cheers|best|greetings|respectfully)|sincerely|yours|respectfully|all the best|take care|thank you (?:very |so )?much|keep up the (?:good|great) work|have a (?:nice|good|great) \w+|love (?:the|your) \w+|great \w+|hope (?:this|that|it) helps|ta|best",
    "de": r"(?:mit )?(?:freundlichen|besten|vielen|herzlichen|freundliche|beste|viele|herzliche|liebe|schöne)n? (?:grüßen?|gruß|grüssen?|dank)|mfg|danke|vielen dank|besten dank|gruß|grüße|lg|vg|hochachtungsvoll",
    "fr": r"cordialement|bien cordialement|merci|bien à vous|salutations|sincères salutations|cdlt|amicalement|bonne (?:journée|continuation)",
    "es": r"(?:un )?(?:cordial )?saludos?|atentamente|gracias|muchas gracias|un abrazo|saludos cordiales|cordialmente",
    "it": r"(?:cordiali |distinti )?saluti|grazie|cordialmente|un saluto|buon lavoro|buona giornata",
    "nl": r"(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|groet(?:en|jes)?|bedankt|dank(?: u| je)?|mvg|hoogachtend|alvast bedankt",
    "pt": r"(?:com os melhores )?cumprimentos|atenciosamente|obrigad[oa]|muito obrigad[oa]|abraços?|saudações",
    "ru": r"с уважением|спасибо|благодарю|всего доброго|с наилучшими пожеланиями|удачи",
}

# The labels of forms, each with what its line tells.
ARTICLE_LABELS: Final[Mapping[str, str]] = {
    "en": r"(?:name|title|headline|url|link|address|subject) of (?:the |this )?(?:article|page|story|piece|post|column)|(?:name of )?(?:article|story|page|post|piece|column|content|web ?page|web ?site|blog post)(?: (?:name|title|url|link|headline|address))?|article|headline|title|url|link|web address|source|where|re|regarding|concerning|about|in|correction (?:to|for)|permalink|page",
    "de": r"(?:name|titel|überschrift) des (?:artikels|beitrags|textes)|artikel(?:name|titel|überschrift)?|beitrag|titel|überschrift|schlagzeile|seite|adresse|betrifft|betr\.?|betreff|webseite|im artikel",
    "fr": r"(?:nom|titre) de l'article|article|titre|page|lien|adresse|concerne|objet|dans l'article",
    "es": r"(?:nombre|título|titular) del artículo|artículo|título|titular|página|enlace|dirección|asunto|en el artículo",
    "it": r"(?:nome|titolo) dell'articolo|articolo|titolo|pagina|link|indirizzo|oggetto|nell'articolo",
    "nl": r"(?:naam|titel) van het artikel|artikel|titel|kop|pagina|adres|betreft|onderwerp|in het artikel",
    "pt": r"(?:nome|título) do artigo|artigo|título|manchete|página|ligação|endereço|assunto|no artigo|matéria",
    "ru": r"(?:название|заголовок) статьи|статья|название|заголовок|страница|ссылка|адрес|тема|в статье",
}
ORIGINAL_LABELS: Final[Mapping[str, str]] = {
    "en": r"(?:the )?(?:original|current|existing|incorrect|wrong|printed|published|erroneous|misspelled|old)(?: (?:text|wording|version|phrase|sentence|word|spelling))?|(?:phrase|text|word|sentence|passage|words|quote)(?: in question| concerned| with (?:the )?error)?|error|errors|mistake|typo|was|before|reads|currently|currently reads|now reads|it says|as (?:printed|published|is)|exact text|text with error|misspelling|you (?:wrote|write)|it reads|actual",
    "de": r"(?:original|falsch|fehlerhaft|bisher|alt|aktuell|ist)(?:er? (?:text|wortlaut|satz))?|fehler|tippfehler|stelle|textstelle|originaltext|satz|wort|jetzt|vorher|sie schreiben",
    "fr": r"(?:texte )?(?:original|incorrect|erroné|actuel)|erreur|faute|coquille|phrase|mot|passage|avant|vous écrivez",
    "es": r"(?:texto )?(?:original|incorrecto|erróneo|actual)|error|errata|frase|palabra|pasaje|antes|dice|donde dice",
    "it": r"(?:testo )?(?:originale|errato|sbagliato|attuale)|errore|refuso|frase|parola|passaggio|prima",
    "nl": r"(?:oorspronkelijke?|foute?|huidige?|verkeerde?)(?: tekst| zin| woord)?|fout|typefout|tikfout|zin|woord|nu|er staat",
    "pt": r"(?:texto )?(?:original|incorreto|errado|atual)|erro|gralha|frase|palavra|trecho|antes|onde se lê",
    "ru": r"(?:исходный|неверный|ошибочный)(?: текст)?|ошибка|опечатка|фраза|слово|предложение|было|сейчас|неправильно|напечатано",
}
CORRECTED_LABELS: Final[Mapping[str, str]] = {
    "en": r"(?:suggestion for |suggested |proposed )?(?:the )?(?:corrected|correct|correction|corrections|suggestion|suggested|proposed|right|fixed|new|revised|better|intended)(?: (?:text|wording|version|phrase|sentence|word|spelling|one|change|form|would be|is|correction|fix))?|should (?:be|read|say)|it should (?:be|read|say)|fix|after|now|replacement|change to|must be|expected",
    "de": r"(?:richtig|korrekt|korrigiert|besser|neu|soll|verbessert)(?:er? (?:text|wortlaut|satz|wäre|ist))?|korrektur|berichtigung|verbesserung|vorschlag|sollte (?:heißen|sein|lauten)|richtig (?:ist|wäre|heißt es)",
    "fr": r"(?:texte )?(?:corrigé|correct|proposé)|correction|suggestion|lire|il faut lire|proposition|après",
    "es": r"(?:texto )?(?:corregido|correcto|propuesto)|corrección|sugerencia|debe decir|debería decir|después|lo correcto",
    "it": r"(?:testo )?(?:corretto|giusto|proposto)|correzione|suggerimento|dovrebbe essere|corretta|dopo",
    "nl": r"(?:juiste?|correcte?|goede?|verbeterde?|gecorrigeerde?)(?: tekst| zin| woord| is)?|correctie|verbetering|suggestie|moet zijn|goed|juist|wordt",
    "pt": r"(?:texto )?(?:corrigido|correto|correcto|proposto)|correção|correcção|sugestão|leia-se|deve ser|deveria ser|depois|certo",
    "ru": r"(?:исправленный|правильный|верный)(?: текст)?|правильно|верно|исправление|должно быть|следует читать|надо|нужно|стало|предложение по исправлению",
}
PLACE_LABELS: Final[Mapping[str, str]] = {
    "en": r"location|place|position|where|paragraph|para|section|line|other location identifier.{0,90}",
    "de": r"ort|stelle|absatz|wo",
    "fr": r"emplacement|endroit|lieu|paragraphe|où",
    "es": r"ubicación|lugar|párrafo|dónde",
    "it": r"posizione|luogo|paragrafo|dove",
    "nl": r"plaats|plek|alinea|waar",
    "pt": r"localização|local|parágrafo|onde",
    "ru": r"место|абзац|где",
}
NOTE_LABELS: Final[Mapping[str, str]] = {
    "en": r"notes?|comments?|reason|justification(?: for suggestion)?|explanation|remarks?|name|e-?mail|from|date|author|byline|phone|sent|to|cc|p\.?s",
    "de": r"anmerkung(?:en)?|bemerkung(?:en)?|hinweis|grund|begründung|name|von|datum|autor|an",
    "fr": r"remarques?|commentaires?|raison|nom|de|date|auteur|à",
    "es": r"notas?|comentarios?|motivo|nombre|fecha|autor|de|para",
    "it": r"note|commenti|motivo|nome|data|autore|da|a",
    "nl": r"opmerking(?:en)?|toelichting|reden|naam|datum|auteur|van|aan",
    "pt": r"notas?|comentários?|motivo|nome|data|autor|de|para",
    "ru": r"примечани[ея]|комментари[йи]|причина|имя|дата|автор|от|кому",
}

# What an article is called, and the words between that and its topic.
PIECE: Final[Mapping[str, str]] = {
    "en": "article|piece|story|column|post|blog post|report|essay|interview|review|feature|editorial|op-ed|opinion piece|news item|page|text|item|write-up|one",
    "de": "artikel|beitrag|text|bericht|kommentar|kolumne|meldung|interview|reportage|essay|geschichte|seite",
    "fr": "article|billet|papier|texte|chronique|reportage|entretien|interview|éditorial|tribune|page",
    "es": "artículo|articulo|nota|noticia|reportaje|columna|entrevista|texto|crónica|página|pieza|entrada",
    "it": "articolo|pezzo|testo|editoriale|intervista|reportage|rubrica|notizia|pagina",
    "nl": "artikel|stuk|verhaal|bericht|column|interview|tekst|pagina|opiniestuk",
    "pt": "artigo|texto|matéria|notícia|reportagem|coluna|entrevista|crónica|crônica|peça|página",
    "ru": "стать[а-я]+|текст[а-я]*|заметк[а-я]+|материал[а-я]*|колонк[а-я]+|интервью|очерк[а-я]*|новост[а-я]+",
}
ABOUT: Final[Mapping[str, str]] = {
    "en": "about|on|titled|called|entitled|headlined|regarding|concerning|named|with the (?:title|headline)|of",
    "de": "über|zu|zum|zur|mit dem titel|namens|von|betreffend",
    "fr": "sur|à propos d[eu]|au sujet d[eu]|intitulée?|titrée?|concernant|consacré à",
    "es": "sobre|acerca de|titulad[oa]|llamad[oa]|de|con el título",
    "it": "su|sul|sulla|sui|sugli|sulle|riguardo|intitolat[oa]|dal titolo|circa",
    "nl": "over|getiteld|met de titel|genaamd|inzake",
    "pt": "sobre|acerca d[eoa]|intitulad[oa]|chamad[oa]|com o título|a respeito de",
    "ru": "о|об|про|под названием|под заголовком|на тему",
}
BY: Final[Mapping[str, str]] = {
    "en": "by|from",
    "de": "von",
    "fr": "de|par|d'",
    "es": "de|por",
    "it": "di|da",
    "nl": "van|door",
    "pt": "de|por",
    "ru": "автора",
}

# Before an article's title: "In X", "I was reading X".
NAMING: Final[Mapping[str, str]] = {
    "en": r"in|on|re|regarding|concerning|about|from|reading|read|for|with",
    "de": r"in|im|zu|zum|zur|aus|betrifft|betr\.|las|gelesen|bei|über|unter",
    "fr": r"dans|de|sur|à propos de|concernant|lisant|lu|lisais",
    "es": r"en|sobre|acerca de|leyendo|de",
    "it": r"in|nel|nell'|su|leggendo|da",
    "nl": r"in|over|bij|las|lezen van|betreft",
    "pt": r"em|no|na|sobre|lendo|ler|de",
    "ru": r"в|во|о|об|из|читал[а]?|по поводу",
}
# By which one says how one came to the article: "I was reading X".
READING: Final[Mapping[str, str]] = {
    "en": "reading|read|looking at|enjoyed",
    "de": "las|gelesen|lese",
    "fr": "lisant|lisais|lu",
    "es": "leyendo|leí|leído",
    "it": "leggendo|letto|leggevo",
    "nl": "lezen|las|gelezen",
    "pt": "lendo|li|lido|ler",
    "ru": "читал[аи]?|прочитал[аи]?|читаю",
}
# The line goes on after the title: "... and noticed something".
NOTICED: Final[Mapping[str, str]] = {
    "en": r"(?:and|when|where|, )? ?(?:i )?(?:have |just |also )*(?:noticed|saw|found|spotted|came across|stumbled|see|think|discovered)\b|(?:you|it|there|they|he|she) (?:wrote|writes?|says?|have|has|is|are|was|used?|misspel\w+|spel\w+)\b|(?:has|contains|had|have) (?:a |an |some |several |two )?(?:\w+ )?(?:typo|error|mistake|misspelling)s?|in the \w+ paragraph",
    "de": r"(?:und )?(?:(?:habe|bin|fand|sah|ist|fiel) (?:ich|mir|auf)|steht|schreiben sie|schreibt ihr|heißt es|gibt es|enthält|hat einen|mir ist|ist mir)",
    "fr": r"(?:et )?(?:j'ai (?:remarqué|vu|trouvé)|vous (?:écrivez|avez écrit)|il y a|on lit|il est écrit|contient)",
    "es": r"(?:y )?(?:(?:he )?(?:noté|notado|visto|vi|encontré|encontrado)|dice|hay|se lee|escribieron|contiene|han escrito)",
    "it": r"(?:e )?(?:ho (?:notato|visto|trovato)|c'è|si legge|avete scritto|scrivete|contiene)",
    "nl": r"(?:en )?(?:(?:zag|vond|viel) (?:ik|mij|me)|staat|schrijft u|schrijven jullie|bevat|er staat)",
    "pt": r"(?:e )?(?:(?:reparei|notei|vi|encontrei)|há|diz|escreveram|contém|se lê|lê-se)",
    "ru": r"(?:и )?(?:(?:я )?(?:заметил[а]?|нашёл|нашел|нашла|увидел[а]?)|написано|вы (?:пишете|написали)|есть|содержит)",
}

# Words of subject lines that name nothing.
NOTHING: Final[Mapping[str, str]] = {
    "en": "a an the typo typos error errors erratum errata mistake mistakes misprint spelling misspelling misspelled grammar correction corrections correct fix wrong word small minor little tiny quick possible in on of at your our my this that to for and with some one two several three multiple article articles piece story page website site web newspaper magazine blog post fyi report reporting question hello hi hey feedback subscription request please help urgent note comment letter editor editors editorial suggestion suggested issue problem found noticed spotted re fw fwd text bug info update content message contact form new no subject none is there have you recent today's today online issue's proofreading copy notice name question about",
    "de": "ein eine einen der die das den dem im in auf zu tippfehler fehler druckfehler schreibfehler rechtschreibfehler rechtschreibung korrektur korrekturen berichtigung hinweis kleiner kleine artikel beitrag text seite webseite website frage rückmeldung leserbrief ihr ihre ihrem ihrer anmerkung und von mit bitte meldung hallo kein betreff",
    "fr": "un une des le la les l de du d dans sur coquille faute fautes erreur erreurs orthographe frappe correction corrections petite petit article texte votre site page signalement question bonjour remarque à et sans objet",
    "es": "un una el la los las de del en errata erratas error errores falta faltas ortografía corrección correcciones pequeño pequeña artículo texto su sitio página web pregunta hola y tipográfico ortográfico aviso sin asunto nota",
    "it": "un una il la lo i gli le di del dell nel nell in refuso refusi errore errori ortografia correzione correzioni piccolo articolo testo vostro sito pagina segnalazione domanda ciao e battitura nessun oggetto",
    "nl": "een de het in op van typefout tikfout spelfout schrijffout fout fouten foutje correctie verbetering kleine artikel tekst uw je jullie site website pagina vraag hallo en geen onderwerp opmerking taalfout",
    "pt": "um uma o a os as de do da em no na gralha gralhas erro erros ortografia correção correcção correções pequeno pequena artigo texto seu site página pergunta olá e digitação sem assunto nota",
    "ru": "опечатка опечатки ошибка ошибки в на исправление статья статье статьи текст тексте сайт сайте вашем вашей ваш маленькая небольшая вопрос привет орфография правописание и замечание без темы",
}
# Before the title in a subject line: "Typo in X", "Correction: X".
SUBJECT_LEADS: Final[Mapping[str, str]] = {
    "en": r"(?:(?:a|an|the|some|one|two|small|minor|little|possible|quick|spelling|grammatical|factual|grammar) )*(?:typos?|errors?|mistakes?|misprints?|misspellings?|corrections?|errat(?:um|a)|fix(?:es)?|spelling|wrong word|problem|issue|question|comment|feedback|report|letter|note|factual error|inaccuracy)(?: (?:found|spotted|noticed|report))?(?: ?[:\-–—] ?| (?:in|on|to|for|about|at|with|of|regarding|re) )(?:(?:the|your|an?|this) (?:article|story|piece|post|column|page|blog post|report)(?: (?:about|on|titled|entitled|called|headlined))?[:,]? )?",
    "de": r"(?:(?:ein|kleiner|möglicher) )*(?:tipp-?fehler|fehler|druckfehler|schreibfehler|rechtschreibfehler|korrekturen?|berichtigung|hinweis|anmerkung|frage|leserbrief)(?: ?[:\-–—] ?| (?:in|im|auf|zu|zum|zur|bei|über) )(?:(?:dem |ihrem |eurem |den )?(?:artikel|beitrag|text|bericht)(?: (?:über|zu|mit dem titel))?[:,]? )?",
    "fr": r"(?:(?:une|petite) )*(?:coquilles?|fautes?(?: de frappe| d'orthographe)?|erreurs?|corrections?|erratum|remarque|question)(?: ?[:\-–—] ?| (?:dans|sur|à|de|pour) )(?:(?:l'|votre )article(?: (?:sur|intitulé))?[:,]? )?",
    "es": r"(?:(?:una?|pequeñ[oa]) )*(?:erratas?|error(?:es)?|faltas?(?: de ortografía)?|correcci(?:ón|ones)|fe de erratas|pregunta)(?: (?:tipográfico|ortográfico))?(?: ?[:\-–—] ?| (?:en|sobre|de|a|para) )(?:(?:el|su) artículo(?: (?:sobre|titulado))?[:,]? )?",
    "it": r"(?:(?:un|piccolo) )*(?:refus[oi]|error[ei](?: di battitura| di ortografia)?|correzion[ei]|errata corrige|segnalazione)(?: ?[:\-–—] ?| (?:in|nel|su|a|per) | nell')(?:(?:vostro |l')?articolo(?: (?:su|intitolato))?[:,]? )?",
    "nl": r"(?:(?:een|kleine) )*(?:type?fout|tikfout|spelfout|fout(?:je)?|schrijffout|correctie|verbetering|vraag|opmerking)(?:en|s)?(?: ?[:\-–—] ?| (?:in|op|bij|over) )(?:(?:het|uw|jullie) artikel(?: over)?[:,]? )?",
    "pt": r"(?:(?:uma?|pequen[oa]) )*(?:gralhas?|erros?(?: de digitação| de ortografia)?|corre(?:ç|cç)(?:ão|ões)|errata|pergunta)(?: ?[:\-–—] ?| (?:em|no|na|sobre|de|a|para) )(?:(?:o |seu )?artigo(?: (?:sobre|intitulado))?[:,]? )?",
    "ru": r"(?:(?:небольшая|маленькая) )?(?:опечатк[аи]|ошибк[аи]|исправлени[ея]|поправка|вопрос|замечание)(?: ?[:\-–—] ?| (?:в|на|к|по|о) )(?:(?:вашей )?статье[:,]? )?",
}
REPLY_MARKS: Final = r"(?:re|aw|antw|antwort|sv|vs|fw|fwd|wg|tr|rv|res|enc|ref|rif|i|r|r[ée]f|ynt|odp|回复|答复|转发|отв|на|пересл)(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*"
