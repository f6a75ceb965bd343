"""Does a mail look like spam, or like a newsletter that does not say so in its header? Signs are added up."""

# ruff: noqa: E501, RUF001 - tables of words in many languages and scripts

import re
from typing import Final

from rapidfuzz import fuzz

from corrections.domain import prose
from corrections.mail import signs
from corrections.mail.parse import Parsed

HOLD_FROM: Final = 3
ABOUT_AN_ERROR: Final = 2
_ON_A_LIST: Final = 3
_OF_WORDS: Final = 4
_MANY_LINKS: Final = 4
_LINKS_OF_A_NEWSLETTER: Final = 13
_READ: Final = 20_000
_SHORT: Final = 1_200
_A_WORD: Final = 4  # letters
_ALIKE: Final = 75.0  # per cent of likeness of an error and its correction
_CAPITALS: Final = 8  # letters of a subject from which on capitals are shouting

SPAM_WORDS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:viagra|cialis|levitra|penis|enlarge(?:ment)?|phentermine|xanax|valium|vicodin|hgh|human growth hormone|weight[- ]loss|lose (?:fat|weight|\d+ (?:pounds|lbs))|diet pills?|herbal|sexual|libido|viagr\w*|endowed|your (?:size|manhood)|inches)\b",
        r"\b(?:xxx|porn\w*|cam ?(?:girls?|sluts?)|sluts?|horny|nude|naked|hardcore|erotic?\w*|teens?|sex(?:y)?|adult (?:site|content|dating)|pictures!!)\b",
        r"\b(?:casino|lottery|jackpot|you (?:have )?(?:won|are a winner)|winning (?:number|notification)|prize|sweepstakes|gambling|bet(?:ting)? bonus)\b",
        r"\b(?:mortgage|refinanc\w*|lowest rates?|interest rates?|debts?|owe|credit (?:card|report|repair|score)|loans?|consolidat\w*|back taxes|annuit\w*|life insurance|insurance (?:quotes?|rates?)|term life)\b",
        r"\b(?:work (?:from|at) home|home[- ]based business|make (?:money|cash|\$)|earn (?:money|cash|\$|up to|thousands)|extra income|financial freedom|be your own boss|business opportunity|mlm|multi[- ]?level|get rich|(?:residual|monthly|weekly|extra|passive|second) income|income (?:makers?|transfer|opportunit\w*)|money making|work-at-home|money[- ]making)\b",
        r"\bus ?\$ ?\d|\$ ?\d+(?:\.\d+)? ?m(?:illion)?\b|\b(?:million (?:us )?(?:dollars|usd|united states|pounds|euros?)|next of kin|late (?:husband|father|president|general|dr|mr|engr)|former (?:president|head of state|minister)|foreign (?:partner|account|bank)|bank of nigeria|nigeria\w*|urgent (?:assistance|business|response)|confidential(?:ity)? (?:business|transaction|proposal))\b",
        r"\b(?:(?:got|obtained|found|received) your (?:contact|e-?mail address|name|address)|your contact (?:was|through)|(?:this|my|following|business|a) (?:proposal|transaction)|sincerely seek\w*|self-exile|invest(?:ment)? (?:of )?(?:these|this|the)? ?funds?|compensate you|you (?:do not|don['’]t) know me|i am (?:the )?(?:first )?(?:son|wife|widow|daughter|captain|capt|col|dr|mr|mrs|barr)|(?:this|the) funds?\b.{0,80}\b(?:account|abroad|country)|your (?:kind )?assistance|(?:utmost|absolute) (?:good faith|confidence|secrecy))\b",
        r"\b(?:transfer (?:of )?(?:the|this|these|such)? ?(?:sum|funds?|money)|inheritance|barrister|beneficiary|deposited|security company|diplomat\w*|abacha|kabila|mobutu|savimbi|sierra leone|congo|zaire|liberia|ivory coast|cote d['’]ivoire|burkina faso|consignment|mutual (?:benefit|transaction|business)|large (?:amount|sum) of money|\d+ ?(?:%|percent|per cent) of (?:the|this|total)? ?(?:fund|money|sum|amount)|strictly (?:confidential|private)|political (?:refugee|asylum|crisis)|(?:dear|my good) (?:friend|sir|beloved)|god bless|trust ?worthy|business (?:proposal|partner|relationship|transaction))\b",
        r"\b(?:act now|limited time|order now|click here|click below|call now|buy now|free (?:trial|gift|quote|info\w*|access|membership|travel|sample|shipping|consultation)|no (?:obligations?|cost|risk)|absolutely no obligations?|free bonus|bonus offer|all major credit cards|risk[- ]free|money[- ]back|100% (?:free|guaranteed?|satisfaction)|satisfaction guaranteed|special offer|once in a lifetime|don['’]t (?:miss|delay|wait)|guaranteed?|absolutely free|for free|as seen on|special promotion|toll[- ]free|best prices?|lowest prices?|discount\w*|clearance|save (?:up to )?\d+%|only \$ ?\d|\d+% off)\b",
        r"\b(?:this is not spam|not (?:considered )?spam|section 301|s\.? ?1618|bill 1618|one[- ]time (?:mailing|e-?mail|offer)|remove\b.{0,40}subject|(?:to be |be )removed|removal (?:instructions|request|link)|opt[- ]?(?:in|out)|unsubscribe|bulk e-?mail|e-?mail addresses|targeted (?:e-?mail|leads)|adv:|advertisements?|word remove|mass mailing|marketing (?:list|software))\b",
        r"\b(?:replica\w*|rolex|designer (?:watches|bags)|oem software|cheap software|norton systemworks|ink ?(?:jet)?(?: cartridges)?|toners?|cable (?:descrambl\w*|filter)|dvd copy|pirat\w*|cheap (?:domain|tickets)|domain (?:extensions|names?)|printer (?:ink|cartridges)|gadgets?|web ?site (?:design|hosting|traffic)|custom websites?|search engine (?:ranking|submission|optimi[sz]ation)|seo (?:services?|packages?)|backlinks?|guest post|link building|web traffic)\b",
        r"\b(?:bitcoin|crypto(?:currency)?|forex|stock (?:alert|pick|market)|investors?|otc|pink sheets|penny stocks?|trad(?:er|ing) (?:training|signals)|investment (?:opportunity|proposal)|symbol:|strong buy|target price)\b",
        r"\b(?:verify your (?:account|identity|information)|account (?:has been |will be )?(?:suspended|limited|expire\w*)|update your (?:account|billing|payment)|confirm your (?:account|password|identity)|unusual (?:sign[- ]in|activity)|password (?:will )?expires?|about to expire|your mailbox (?:is )?(?:full|quota)|webmail upgrade|security alert)\b",
        r"\b(?:university diploma|degree program|diplomas?|accredited|college degree|hosting reps|telemarket\w*|fortune 500|no experience (?:needed|required)|work ?(?:reps|representatives)|we are hiring|conferenc\w* (?:calls?|easy)|toll|per minute)\b",
        r"\b(?:erotik\w*|kredit(?:e)?\b.{0,30}(?:schufa|sofort)|geld verdienen|gratis|kostenlos(?:e)?|gewinn(?:spiel|er)?|ganar dinero|préstamo|dinero (?:fácil|rápido)|gagn(?:ez|er) (?:de l['’])?argent|crédit|guadagn(?:a|are)|prestito|ganhe dinheiro|empréstimo|заработ\w*|кредит\w*|казино|бесплатно|скидк\w*|распродажа|семинар\w*|рассылк\w*|реклам\w*)\b",
        r"(?:광고|성인광고|무료|대출|카지노|特价|免费|優惠|优惠|发票|代开|廣告|广告|赚钱|賺錢|低价|無料|出会い|副業|広告|未承諾広告|セフレ|人妻|稼げ)",
    )
)
SHOUTED_SUBJECT: Final = re.compile(r"!{2,}|\${2,}|[A-Z]{2,}(?:[ !,.'-]+[A-Z]{2,}){3,}|\*{2,}[A-Za-z]")
SHOUTED_TEXT: Final = re.compile(r"!{3,}|\${3,}|[A-Z]{2,}(?:[ !,.'-]+[A-Z]{2,}){4,}|\*{3,} ?[A-Z]")
# What makes each copy differ, so that filters do not see the same mail: blanks and a word of chance at the end.
_TAIL: Final = re.compile(
    rb" {6,}\S|\t\S{3,}$|\[[a-z0-9]{4,6}\]\s*$|[a-z ]\d{4,5}(?:-\d)?\s*$|\s[A-Z]{5,}\s*$(?<=[^AEIOU ]{5})"
)
_ZONE: Final = re.compile(r"[-+](?:1[5-9]|[2-9]\d)\d\d\b")  # no clock on earth shows it
_CHANCE: Final = re.compile(r"[a-z]\d{3,}|\d[a-z]+\d|^\d+[a-z]|[bcdfghjklmnpqrstvwxz]{6}", re.IGNORECASE)
_BARE_HOST: Final = re.compile(r"https?://\d+[./:]\d+|https?://[^/\s]*@", re.IGNORECASE)
_LINK: Final = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_SURELY_ABOUT_AN_ERROR: Final = re.compile(
    r"\btypos?\b|\btypographical|misspel|mis-spel|spelling|corrigend|\berrat(?:um|a)\b|tippfehler|schreibfehler|rechtschreib|druckfehler|\bcoquille|faute (?:de|d['’])|orthograph|\bortogr|errata\b|refus[oi]\b|ortograf|tikfout|typefout|spelfout"
    r"|gralha|опечатк|орфограф|literówk|překlep|skrivfel|stavfel|kirjoitusvirhe|helyesírás|elírás|yazım hatası|错别字|錯字|誤字|脱字|오타|오탈자",
    re.IGNORECASE,
)
_SAYS_HOW: Final = re.compile(
    r"\bshould (?:be|read|say|have been)\b|\binstead of\b|\bstatt\b|muss es|heißen|au lieu de|\ben (?:vez|lugar) de\b|debería|\binvece di\b|dovrebbe|\bmoet zijn\b|in plaats van|\bem vez de\b|deveria|вместо|правильно|следует|zamiast|místo|i stället för|→|=>|->",
    re.IGNORECASE,
)
_PERHAPS_ABOUT_AN_ERROR: Final = re.compile(
    r"\b(?:error|mistake|incorrect|wrong|correction|correct|article|paragraph|headline|caption|sentence|fehler|artikel|absatz|überschrift|falsch|korrektur|erreur|titre|paragraphe|phrase|error(?:es)?|artículo|párrafo|frase|errore|errori|articolo|paragrafo|fout|alinea"
    r"|erro|artigo|parágrafo|ошибк\w*|стать\w+|абзац\w*|предложени\w*|błąd|artykuł\w*|akapit\w*)\b",
    re.IGNORECASE,
)


def _words(parsed: Parsed) -> str:
    """Of an answer or a forwarded mail only what is the sender's own."""
    return (parsed.said if parsed.said and parsed.quoted else parsed.text)[:_READ]


def is_about_an_error(parsed: Parsed) -> int:
    """How much the sender's own words speak of an error in a text: 0 to 4. In a long mail common words say nothing."""
    words = f"{parsed.subject}\n{parsed.said[:_READ]}"
    sure = 2 * bool(_SURELY_ABOUT_AN_ERROR.search(words))
    if len(words) > _SHORT:
        return sure
    perhaps = {found.lower() for found in _PERHAPS_ABOUT_AN_ERROR.findall(words)}
    return max(sure, 2 * bool(_SAYS_HOW.search(words))) + min(len(perhaps), 2)


def tells_a_change(parsed: Parsed) -> bool:
    """Whether a short mail says which words should read how, and the two are alike as an error and its correction."""
    words = f"{parsed.subject}\n{parsed.said}"
    if len(words) > _SHORT:
        return False
    told = [change for saying in prose.read_mail(parsed.subject, parsed.said) for change in saying.changes[:1]]
    return any(
        change.original != change.corrected
        and min(len(change.original), len(change.corrected)) >= _A_WORD
        and fuzz.ratio(change.original, change.corrected) >= _ALIKE
        for change in told
    )


def points(parsed: Parsed) -> int:
    """How much speaks for spam."""
    subject, text = parsed.subject, _words(parsed)
    whole = " ".join(f"{subject}\n{text}".split())
    found = min(sum(bool(words.search(whole)) for words in SPAM_WORDS), _OF_WORDS)
    found += 2 * bool(SHOUTED_SUBJECT.search(subject) or (subject.isupper() and len(subject) > _CAPITALS))
    found += bool(SHOUTED_TEXT.search(text)) + (len(_LINK.findall(text)) >= _MANY_LINKS)
    found += 2 * bool(_TAIL.search(parsed.root.header("subject"))) + 2 * bool(_ZONE.search(parsed.header("date")))
    found += bool(_CHANCE.search(parsed.from_address.partition("@")[0])) + 2 * bool(_BARE_HOST.search(text))
    found += parsed.root.media_type == "text/html"
    return found - is_about_an_error(parsed)


def is_newsletter(parsed: Parsed) -> bool:
    """Whether its words are a newsletter's: how to unsubscribe, and either many links or little that speaks for spam."""
    text = _words(parsed)
    if len(text) < _SHORT and is_about_an_error(parsed) >= ABOUT_AN_ERROR:
        return False
    if not signs.LIST_TEXT.search(text):
        return bool(signs.LIST_SUBJECT.search(parsed.subject)) and len(_LINK.findall(text)) >= _LINKS_OF_A_NEWSLETTER
    return len(_LINK.findall(text)) >= _LINKS_OF_A_NEWSLETTER or points(parsed) < HOLD_FROM - 1


def is_spam(parsed: Parsed) -> bool:
    """Whether enough speaks for spam to hold it; words about unsubscribing speak for it, too."""
    limit = HOLD_FROM + 2 * bool(parsed.in_reply_to or parsed.references)
    held = points(parsed) + bool(signs.LIST_TEXT.search(_words(parsed))) >= limit
    return held and not tells_a_change(parsed)


def is_spam_on_a_list(parsed: Parsed) -> bool:
    """Whether a mail that came by a list was not meant for it: then it is no newsletter."""
    if parsed.in_reply_to or parsed.references or parsed.is_answer:
        return False
    return points(parsed) >= _ON_A_LIST and len(_LINK.findall(_words(parsed))) < _LINKS_OF_A_NEWSLETTER
