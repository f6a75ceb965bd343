"""How people name a place in an article, language by language: the parts of it, and which paragraph, as data."""
# ruff: noqa: E501, RUF001 - one phrase a line, in many scripts

from collections.abc import Mapping
from typing import Final

from corrections.domain.sayings import Region

PARAGRAPH: Final[Mapping[str, str]] = {
    "en": r"paragraphs?|paras?\b\.?|pars?\b\.?|pgph\.?|grafs?|graph",
    "de": r"absatz|absatzes|absätze|abs\.|abschnitt",
    "fr": r"paragraphes?|alinéas?|§",
    "es": r"párrafos?|parrafos?",
    "it": r"paragrafo|capoverso|capoversi|paragrafi",
    "nl": r"alinea'?s?|paragraaf",
    "pt": r"parágrafos?|paragrafos?",
    "ru": r"абзац[а-я]*|параграф[а-я]*",
    "zh": r"段落|段",
}

# From the first to the tenth: the beginnings of the words, so that their endings need no list.
ORDINALS: Final[Mapping[str, str]] = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "de": "erste[nrsm]? zweite[nrsm]? dritte[nrsm]? vierte[nrsm]? fünfte[nrsm]? sechste[nrsm]? siebe?n?te[nrsm]? achte[nrsm]? neunte[nrsm]? zehnte[nrsm]?",
    "fr": "premi(?:er|ère) (?:deuxième|seconde?) troisième quatrième cinquième sixième septième huitième neuvième dixième",
    "es": "prime(?:ro?|ra) segund[oa] terce(?:ro?|ra) cuart[oa] quint[oa] sext[oa] s[ée]ptim[oa] octav[oa] noven[oa] décim[oa]",
    "it": "prim[oa] second[oa] terz[oa] quart[oa] quint[oa] sest[oa] settim[oa] ottav[oa] non[oa] decim[oa]",
    "nl": "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende",
    "pt": "primeir[oa] segund[oa] terceir[oa] quart[oa] quint[oa] sext[oa] sétim[oa] oitav[oa] non[oa] décim[oa]",
    "ru": "перв[а-я]+ втор[а-я]+ трет[а-я]+ четв[её]рт[а-я]+ пят[а-я]+ шест[а-я]+ седьм[а-я]+ восьм[а-я]+ девят[а-я]+ десят[а-я]+",
}
NUMBERS: Final[Mapping[str, str]] = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn",
    "fr": "un deux trois quatre cinq six sept huit neuf dix",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez",
    "it": "uno due tre quattro cinque sei sette otto nove dieci",
    "nl": "één twee drie vier vijf zes zeven acht negen tien",
    "pt": "um dois três quatro cinco seis sete oito nove dez",
    "ru": "один два три четыре пять шесть семь восемь девять десять",
}
# What may stand between an ordinal and its paragraph, and behind a digit to make it an ordinal.
BETWEEN: Final = r"(?:(?:full|complete|whole|main|ganzen|vollständigen) )?"
AFTER_DIGIT: Final = r"(?:\.|st|nd|rd|th|er|re|e|è?me|ème|º|ª|°|a|o|de|ste|-?й|-?го|-?м|-?я)?"

LAST: Final[Mapping[str, str]] = {
    "en": r"last|final|closing|concluding|bottom",
    "de": r"letzte[nrsm]?",
    "fr": r"derni(?:er|ère)",
    "es": r"último|última|ultimo",
    "it": r"ultim[oa]",
    "nl": r"laatste",
    "pt": r"último|última|ultimo",
    "ru": r"последн[а-я]+",
}
# Counted from the end: the words before "last" or before the paragraph that make it the second or third from there.
SECOND_LAST: Final[Mapping[str, str]] = {
    "en": r"(?:second|2nd|next)[- ](?:to|from)[- ](?:the[- ])?last|second[- ]last|penultimate|last but one|next[- ]to[- ]last",
    "de": r"vorletzte[nrsm]?|zweitletzte[nrsm]?",
    "fr": r"avant[- ]derni(?:er|ère)",
    "es": r"penúltim[oa]|penultim[oa]",
    "it": r"penultim[oa]",
    "nl": r"voorlaatste|op een na laatste|op één na laatste|een na laatste",
    "pt": r"penúltim[oa]|penultim[oa]",
    "ru": r"предпоследн[а-я]+",
}
THIRD_LAST: Final[Mapping[str, str]] = {
    "en": r"(?:third|3rd)[- ](?:to|from)[- ](?:the[- ])?last|third[- ]last|antepenultimate|last but two",
    "de": r"drittletzte[nrsm]?",
    "fr": r"antépénultième",
    "es": r"antepenúltim[oa]",
    "it": r"terzultim[oa]",
    "nl": r"op twee na laatste|derde van onderen",
    "pt": r"antepenúltim[oa]",
    "ru": r"третий с конца|третьем с конца",
}
FIRST: Final[Mapping[str, str]] = {
    "en": r"opening|introductory|lead|top|initial",
    "de": r"einleitende[nrsm]?|eröffnende[nrsm]?",
    "ru": r"начальн[а-я]+|вводн[а-я]+",
}
# "about 12 paragraphs down", and from the other end.
DOWN: Final[Mapping[str, str]] = {
    "en": r"down|in\b|into|from the (?:top|start|beginning)",
    "de": r"weiter unten|von oben|nach unten",
    "fr": r"plus bas|en partant du haut",
    "es": r"más abajo|desde arriba",
    "it": r"più (?:in basso|sotto)|dall'alto",
    "nl": r"verder|naar beneden|van boven",
    "pt": r"abaixo|mais abaixo|a partir do topo",
    "ru": r"ниже|сверху",
}
UP: Final[Mapping[str, str]] = {
    "en": r"up from the (?:end|bottom)|from the (?:end|bottom)|from (?:end|bottom)",
    "de": r"von unten|vor (?:dem )?ende|vom ende",
    "fr": r"avant la fin|en partant de la fin|depuis la fin",
    "es": r"desde el final|antes del final",
    "it": r"dal fondo|dalla fine",
    "nl": r"van onderen|vanaf het einde|van het einde",
    "pt": r"a partir do fim|antes do fim",
    "ru": r"с конца|от конца|снизу",
}

REGIONS: Final[Mapping[Region, Mapping[str, str]]] = {
    Region.HEADLINE: {
        "en": r"(?:in|of|the|your|page|article|post|story|main) (?:headline|title|heading|subhead|subheading|sub-headline|strapline|standfirst)|headline (?:says|reads|has)|title (?:says|reads|has)",
        "de": r"(?:überschrift|titelzeile|schlagzeile|im titel|zwischentitel|unterzeile)",
        "fr": r"(?:dans le |du |le )(?:titre|sous-titre|chapeau)",
        "es": r"(?:en el |del |el )(?:titular|título|encabezado|subtítulo)",
        "it": r"(?:nel |del |il )(?:titolo|sottotitolo)|nell'occhiello",
        "nl": r"(?:in de |de )(?:kop|koptekst|titel|ondertitel|tussenkop)",
        "pt": r"(?:no |do |na |da |o )(?:título|titulo|manchete|subtítulo)",
        "ru": r"заголов[а-я]+|подзаголов[а-я]+",
    },
    Region.CAPTION: {
        "en": r"captions?|cutline|(?:under|below|beneath) the (?:photo|picture|image|figure|photograph)|(?:photo|picture|image) (?:credit|text|description)",
        "de": r"bildunterschrift(?:en)?|bildtext|bildlegende|unter dem (?:bild|foto)",
        "fr": r"légendes?(?: de la (?:photo|figure))?|sous la photo",
        "es": r"pie de foto|pie de (?:la )?imagen|leyenda",
        "it": r"didascali[ae]|sotto la foto",
        "nl": r"bijschrift(?:en)?|onderschrift|fotobijschrift|onder de foto",
        "pt": r"legendas?|sob a foto",
        "ru": r"подпис[а-я]+(?: (?:к|под) (?:фото|рисунк)[а-я]*)?",
    },
    Region.BEGINNING: {
        "en": r"(?:at|near|in|towards?|from|right at) (?:the )?(?:very )?(?:beginning|start|top|opening)|(?:in the )?(?:intro|introduction|lede|lead|opening (?:line|sentence|words?))|(?:the |very )first (?:sentence|line|words?)",
        "de": r"(?:am|zu) (?:beginn|anfang)|ganz oben|in der einleitung|im vorspann|(?:im )?ersten? (?:satz|zeile)",
        "fr": r"(?:au|vers le) (?:tout )?début|dans l'introduction|première (?:phrase|ligne)",
        "es": r"al (?:principio|comienzo|inicio)|en la introducción|primera (?:frase|línea|oración)",
        "it": r"all'inizio|nell'introduzione|prima (?:frase|riga)",
        "nl": r"(?:aan het|in het) begin|bovenaan|in de inleiding|eerste (?:zin|regel)",
        "pt": r"no (?:início|começo|princípio)|na introdução|primeira (?:frase|linha)",
        "ru": r"в (?:самом )?начале|во введении|(?:в )?перв[а-я]+ (?:предложени|строк)[а-я]+",
    },
    Region.END: {
        "en": r"(?:at|near|towards?|close to|by|before) (?:the )?(?:very )?(?:end|bottom|foot|conclusion|close)\b|(?:the |very )last (?:sentence|line|words?)|last (?:sentence|line)|closing (?:line|sentence)",
        "de": r"(?:am|gegen|zum) (?:ende|schluss|schluß)|ganz unten|(?:im )?letzten? (?:satz|zeile)",
        "fr": r"(?:à|vers) la (?:toute )?fin|dernière (?:phrase|ligne)|en bas",
        "es": r"al final|hacia el final|última (?:frase|línea|oración)",
        "it": r"alla fine|verso la fine|in fondo|ultima (?:frase|riga)",
        "nl": r"(?:aan het|op het|tegen het) (?:einde|eind)|onderaan|laatste (?:zin|regel)",
        "pt": r"no (?:fim|final)|perto do fim|última (?:frase|linha)",
        "ru": r"в (?:самом )?конце|ближе к концу|последн[а-я]+ (?:предложени|строк)[а-я]+",
    },
}
