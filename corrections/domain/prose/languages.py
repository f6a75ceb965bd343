"""What people write when they report an error, language by language: phrases as regular expressions in lower case.

A line is a phrase; a blank stands for any white space, "{adverb}" for one of the words that may stand in between. Every
language is tried on every text, and what all share stands in the row "any".
"""
# ruff: noqa: E501, RUF001 - one phrase a line, in many scripts

from collections.abc import Mapping
from typing import Final

Phrases = Mapping[str, str]

ADVERBS: Final[Phrases] = {
    "en": "actually|probably|really|presumably|of course|surely|instead|rather|simply|just|correctly|also|all|perhaps",
    "de": "es|das|ein|eine|einen|wohl|eigentlich|richtig|wahrscheinlich|natürlich|besser|korrekt|hier|doch|vermutlich|aber",
    "fr": "plutôt|sans doute|bien|probablement|certainement",
    "es": "más bien|probablemente|seguramente",
    "it": "forse|invece|probabilmente|piuttosto",
    "nl": "het|er|dit|dat|waarschijnlijk|eigenlijk|natuurlijk|een|toch|als|hier|wel",
    "pt": "provavelmente|antes|talvez",
    "ru": "наверное|видимо|скорее|скорее всего|конечно",
}

# Between what stands there and how it should read: "X should be Y".
BECOMES: Final[Phrases] = {
    "any": r"""
        [-=–—]{1,3}>+
        [→⇒➡➜⟶➔]️?
        應為|应为|应该是|應該是|應改為|应改为|改为|改為
        の間違い(?:では)?|→
    """,
    "en": r"""
        (?:(?:it|this|that|which|they|these) )?{adverb}?(?:should|must|ought to|needs? to|ha(?:s|ve) to) {adverb}?(?:be|read|say|state|have been|have read|have said|become)(?: (?:changed|corrected|spelled|spelt|written|amended|replaced|fixed|edited) (?:to|as|with|by|into)(?: read)?)?
        (?:(?:it|this|that) )?(?:is|was|were|are) (?:supposed|meant|intended) to (?:be|read|say)
        (?:please )?(?:change|correct|fix|amend|alter|edit|replace)d?(?: (?:it|this|that|them))? (?:to|into|with|by)(?: read)?
        to be (?:changed|corrected|replaced) (?:to|with|by|into)
        (?:(?:it|this|that) )?(?:is|'s) (?:correctly )?(?:spelled|spelt|written)(?! (?:wrong|incorrect|bad|as|like|in|without|correctly|twice|with|by))
        (?:the )?(?:correct|right|proper|accurate) (?:spelling|word|form|version|name|text|wording|one|number|date|term) (?:is|would be|should be|being)
        (?:did|do) you (?:perhaps )?mean|{adverb}?(?:i (?:think|guess|assume) )?(?:you|they) meant
        (?:presumably|probably) means?
        surely (?:that|it|this)(?: is|'s| should be| means)
        make (?:it|that)
        (?:is |was )(?:a |an )?(?:typo|misspelling|misprint|mistake) (?:for|of)
    """,
    "de": r"""
        (?:(?:es|das|dies|dieses|hier) )?(?:sollte|soll|muss|muß|müsste|müßte|dürfte)(?: {adverb}){0,3}
        (?:wird|schreibt man|heißt|heisst)(?: es)? (?:richtig|korrekt|eigentlich|aber)
        gemeint (?:ist|war)(?: wohl)?
        (?:bitte )?(?:ändern|korrigieren|verbessern|berichtigen)(?: sie)? (?:in|zu)
        (?:richtig|korrekt)(?: ist| wäre| heißt es| muss es heißen)(?: jedoch)?
    """,
    "fr": r"""
        (?:(?:il|cela|ça|ce|qui) )?(?:devrait|doit|devraient|aurait dû|devait) {adverb}?(?:être|se lire|s'écrire|dire|lire)(?: (?:corrigée?|remplacée?) (?:en|par))?
        (?:il )?(?:faudrait|faut|fallait) {adverb}?(?:lire|écrire|dire|mettre)
        s'écrit(?! mal)
        (?:à )?(?:corriger|remplacer|changer)(?: cela| le| la)? (?:en|par)
        lire plutôt|lisez(?: plutôt)?|vous vouliez dire|la bonne orthographe est
    """,
    "es": r"""
        (?:(?:esto|eso|que) )?(?:deber[íi]an?|deben?|tendr[íi]an?|tienen?|habría)(?: de| que)? {adverb}?(?:ser|decir|leerse|escribirse|poner|haber sido)
        se escribe(?! mal)
        (?:lo correcto|la forma correcta|lo adecuado) (?:es|sería)
        (?:cambiar|corregir|sustituir|reemplazar)(?:lo|la)? (?:por|a)
        quer[íi]an? decir|léase
    """,
    "it": r"""
        (?:dovrebbe(?:ro)?|deve|devono|doveva) {adverb}?(?:essere|leggersi|dire|scriversi)
        (?:si scrive|va scritto|va corretto in|andrebbe scritto|va letto|leggasi)(?! male)
        (?:la forma corretta|la grafia corretta|quello giusto) (?:è|sarebbe)
        (?:cambiare|correggere|sostituire) (?:in|con)
        volevate dire|si trova in realtà
    """,
    "nl": r"""
        (?:(?:dit|dat|het) )?(?:moet|moest|hoort|dient|zou)(?: {adverb}){0,3}
        (?:wijzigen|veranderen|verbeteren|wijzig|verander|verbeter) in
        (?:correct|juist|goed) is
        bedoeld (?:is|wordt|werd)
        schrijf je(?: als)?
    """,
    "pt": r"""
        (?:(?:isto|isso|que) )?(?:deveriam?|devia|devem?|teria|tem)(?: de| que)? {adverb}?(?:ser|dizer|ler-se|ter sido|escrever-se)
        (?:escreve-se|se escreve|leia-se)(?! mal)
        (?:o correc?to|o certo|a forma correta) (?:é|seria)
        (?:mudar|corrigir|trocar|alterar|substituir) (?:para|por)
        queriam dizer
    """,
    "ru": r"""
        (?:(?:здесь|это) )?(?:должн[оаы]|должен) {adverb}?быть
        (?:следует|надо|нужно)(?: (?:читать|писать|написать|исправить на))?
        правильно(?: писать| будет)?(?! ли)
        пишется
        (?:исправить|заменить|исправьте|замените) на
    """,
}

# Between two wordings, where the article tells which of them stands in it: "X instead of Y".
INSTEAD: Final[Phrases] = {
    "en": "instead of|rather than|in place of|in lieu of|when it should (?:be|read)|where it should (?:be|read)",
    "de": "anstatt|anstelle von|anstelle|statt",
    "fr": "au lieu de?|à la place de?|plutôt que",
    "es": "en lugar de|en vez de",
    "it": "invece di|invece che|al posto di|anziché",
    "nl": "in plaats van|i\\.p\\.v\\.|ipv",
    "pt": "em vez de|ao invés de|em lugar de",
    "ru": "вместо",
}

# Between how it should read and what stands there: "Y is misspelled as X".
MISTAKEN: Final[Phrases] = {
    "en": "(?:is |was |has been |are )?(?:mis-?spel(?:led|t)|wrongly spelled|wrongly written|mistyped|misprinted) (?:as|to be|like)|(?:is|was) (?:spelled|spelt|written|rendered|printed) (?:as|like)",
    "de": "(?:ist |wurde |wird )?(?:fälschlich |falsch )?als|falsch geschrieben als",
    "fr": "(?:est )?(?:mal )?(?:écrite?|orthographiée?) comme|est devenue?",
    "es": "(?:está )?(?:mal )?escrit[oa] como|aparece como",
    "it": "(?:è )?scritt[oa] come|diventa",
    "nl": "(?:is |wordt )?(?:verkeerd )?(?:gespeld|geschreven) als",
    "pt": "(?:está )?(?:mal )?escrit[oa] como|aparece como",
    "ru": "(?:написано|указано) как",
}

# Before the second of two wordings, which is the wrong one: "it is Y, not X".
NOT: Final[Phrases] = {
    "en": r",? (?:and )?not(?! (?:(?:only|just|be|sure)\b|a\b(?! (?:a\b|\d))|the\b(?! (?:the\b|\d))))",
    "de": ",? (?:und )?nicht",
    "fr": ",? (?:et )?(?:non|pas)(?: pas)?",
    "es": ",? (?:y )?no",
    "it": ",? (?:e )?non",
    "nl": ",? (?:en )?niet",
    "pt": ",? (?:e )?não",
    "ru": ",? а не",
}

# Two phrases around a wording, then another: "replace X with Y". What follows the first is wrong.
AROUND: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "en": (
        (r"(?:replace|substitute|swap)", r"(?:with|by|for)"),
        (r"(?:change|correct|amend|alter|edit|fix|changed|changes|corrected)(?: from)?", r"(?:to|into)"),
        (r"from", r"to"),
        (
            r"(?:mis)?attributed(?: to)?",
            r",? but (?:it )?(?:is|was|comes|seems to be|appears to be) {adverb}?(?:from|by|of)",
        ),
        (
            r"(?:it|this|that|he|she|they)(?:'s| is|'re| are) not",
            r",? ?(?:but )?(?:it|this|that|he|she|they)(?:'s| is|'re| are)",
        ),
        (r"(?:it|this|that) (?:isn't|is not)", r",? ?(?:but )?(?:it|this|that)(?:'s| is)"),
        (r"not", r"but"),
        (r"(?:shouldn't|should not|should|isn't|must)", r"(?:be|read|say|have been)"),
        (
            r"instead of",
            r"(?:,? ?(?:it|you|please|read|write|use|that|this|there)(?: should)?(?: be| read| say| write| use| put)?)",
        ),
    ),
    "de": (
        (r"(?:ersetzen sie|ersetze|ändern sie|ändere|korrigiere)", r"(?:durch|mit|in|zu)"),
        (r"(?:nicht)", r",? ?sondern"),
        (
            r"(?:statt|anstatt|anstelle von)",
            r"(?:,? ?(?:richtig|besser|muss es|müsste es|sollte es|sollte|muss|lieber|heißt es|bitte)(?: heißen| stehen)?:?)",
        ),
        (r"aus", r"wird"),
    ),
    "fr": (
        (r"(?:remplacer|remplacez|changer|changez|corriger|corrigez)", r"(?:par|en)"),
        (
            r"(?:au lieu de|à la place de)",
            r"(?:,? ?(?:il faut|il faudrait|lire|lisez|écrire|écrivez)(?: lire| écrire)?)",
        ),
        (r"(?:ce n'est pas|non pas|pas)", r",? ?mais"),
    ),
    "es": (
        (
            r"(?:reemplazar|reemplace|sustituir|sustituya|sustituyan|cambiar|cambie|cambien|corregir|corrijan)",
            r"(?:por|a)",
        ),
        (r"(?:en lugar de|en vez de)", r"(?:,? ?(?:debe|debería|deben|habría que)(?: decir| poner| ser)?)"),
        (r"no(?: es)?", r",? ?sino"),
    ),
    "it": (
        (r"(?:sostituire|sostituite|cambiare|cambiate|correggere|correggete)", r"(?:con|in)"),
        (r"(?:invece di|al posto di)", r"(?:,? ?(?:dovrebbe|deve|si legga|leggere|scrivere)(?: essere)?)"),
        (r"non(?: è)?", r",? ?(?:ma|bensì)"),
    ),
    "nl": (
        (r"(?:vervang|verander|wijzig)", r"(?:door|in)"),
        (r"(?:in plaats van)", r"(?:,? ?(?:moet het|moet|lees|schrijf)(?: zijn)?)"),
        (r"(?:niet)", r",? ?maar"),
    ),
    "pt": (
        (r"(?:substituir|substitua|substituam|trocar|troque|troquem|mudar|mude|corrigir|corrijam)", r"(?:por|para)"),
        (r"(?:em vez de|ao invés de|em lugar de)", r"(?:,? ?(?:deve|deveria|devia)(?: ser| estar)?)"),
        (r"não(?: é)?", r",? ?(?:mas sim|mas|e sim)"),
    ),
    "ru": (
        (r"(?:заменить|замените|исправить|исправьте|изменить)", r"на"),
        (r"вместо", r"(?:,? ?(?:должно быть|следует|надо|нужно|лучше)(?: читать| писать)?)"),
        (r"не", r",? ?а"),
    ),
}

# Words at the end of a correction that are no part of it: "muss Y heißen".
TRAILING: Final[Phrases] = {
    "en": "please|thanks|thank you|instead|i think|i believe|surely|right|of course|no|or|though|here|i guess|if i am not mistaken",
    "de": "sein|heißen|heissen|lauten|stehen|werden|geschrieben werden|geschrieben|gemeint sein|bitte|danke|oder",
    "fr": "s'il vous plaît|svp|merci|non|plutôt|je crois|je pense",
    "es": "por favor|gracias|creo|verdad|no",
    "it": "per favore|grazie|credo|no|vero",
    "nl": "te zijn|moeten zijn|zijn|te staan|moeten staan|staan|luiden|worden|geschreven worden|wezen|alstublieft|toch|dank",
    "pt": "por favor|obrigad[oa]|creio|certo|não é",
    "ru": "пожалуйста|спасибо|наверное|да",
}

# Words by which one says that something is said there, or begins to speak of it; cut off before a wording.
LEADS: Final[Phrases] = {
    "en": r"""
        (?:i )?(?:think|believe|guess|suspect|suppose|noticed|found|saw|spotted|assume)(?: that| the following)?
        (?:in |on |at )?where (?:it|you) (?:says?|reads?|wrote|writes?|have)
        (?:it|you|they|he|she|the (?:text|article|sentence|line|caption|headline|title|author|paragraph)) (?:currently |now |still )?(?:says?|reads?|wrote|writes?|write|have|has|states?|used|use|typed|printed|put|spelled|spelt)(?: that)?
        (?:the |that |this |a |an |extra )?(?:word|words|phrase|sentence|name|term|spelling|quote|text|passage|line|expression|figure|number|date|year|following)(?: of)?
        (?:there(?:'s| is| are) |i (?:found|noticed|saw|spotted) |found |spotted )?(?:a |an |one |another |some |two )?(?:small |minor |little |tiny |slight |possible )?(?:typo|error|mistake|misspelling|misprint|spelling mistake|spelling error)s?(?: here| in this sentence| in the sentence| in| of| at)?(?: the word)?
        (?:also|and|then|but|please|additionally|furthermore|first(?:ly)?|second(?:ly)?|finally|hi|hello|so|btw|just|that|surely|shouldn't|should)
        (?:currently|now) (?:reads|says)|you misspelled|(?:is |are )?(?:wrongly )?attributed to
    """,
    "de": r"""
        (?:ich )?(?:glaube|denke|meine|finde|fand|vermute)(?:,? dass)?
        (?:dort|da|hier|es|bei ihnen|in diesem satz|im text) (?:steht|heißt es|heißt|schreiben sie)|sie schreiben|ihr schreibt|es steht
        (?:das|der|ein|die) (?:markierte |falsche )?(?:wort|worte|wörter|satz|name|begriff|zahl|stelle|markierte|datum)
        (?:da ist |hier ist |es gibt )?(?:ein |einen |kleiner |kleinen )*(?:tippfehler|fehler|schreibfehler|druckfehler|rechtschreibfehler)(?: in| im| bei)?
        (?:auch|und|dann|aber|bitte|außerdem|zudem|ferner|erstens|zweitens|hallo)
    """,
    "fr": r"""
        (?:je )?(?:crois|pense)(?: que)?|vous (?:écrivez|avez écrit)|il est écrit|on (?:peut )?lit|on lit
        (?:le|la|les|un|une) (?:mot|mots|phrase|nom|terme|passage|chiffre|date)
        (?:il y a )?(?:une |un )?(?:petite )?(?:coquille|faute|erreur|faute de frappe|faute d'orthographe)(?: dans| à)?
        aussi|et|puis|mais|de plus|également|bonjour
    """,
    "es": r"""
        creo que|(?:donde )?(?:dice|pone|se lee)|ustedes escribieron|escribieron|han escrito
        (?:la|el|los|las|una) (?:palabra|palabras|frase|nombre|término|cifra|fecha|texto)
        (?:hay )?(?:un |una )?(?:pequeñ[oa] )?(?:error|errata|falta)(?: en| de)?
        también|y|además|pero|hola
    """,
    "it": r"""
        credo che|penso che|(?:dove )?(?:si legge|c'è scritto|scrivete|avete scritto|dice)
        (?:la|il|le|i|una) (?:parola|parole|frase|nome|termine|cifra|data|testo)
        (?:c'è )?(?:un |una )?(?:piccolo )?(?:errore|refuso)(?: in| di| nel)?
        anche|e|inoltre|ma|poi|ciao|salve
    """,
    "nl": r"""
        (?:ik )?(?:denk|geloof|vond)(?: dat)?|(?:er|daar|hier) staat|jullie schrijven|u schrijft|u schreef
        (?:het|de|een) (?:woord|woorden|zin|naam|term|getal|datum|tekst)
        (?:er staat )?(?:een )?(?:kleine )?(?:typefout|tikfout|fout|spelfout)(?: in)?
        ook|en|dan|maar|verder|bovendien|hallo
    """,
    "pt": r"""
        (?:acho|creio|penso) que|(?:onde )?(?:se lê|diz|está escrito)|escreveram|vocês escreveram
        (?:a|o|as|os|uma) (?:palavra|palavras|frase|nome|termo|número|data|texto)
        (?:há |tem )?(?:um |uma )?(?:pequen[oa] )?(?:erro|gralha)(?: em| de| na| no)?
        também|e|além disso|mas|olá
    """,
    "ru": r"""
        (?:я )?(?:думаю|считаю)(?:, что)?|(?:у вас |там |здесь )?(?:написано|стоит)|вы (?:написали|пишете)
        слово|слова|фраза|предложение|имя|число|дата
        (?:есть )?(?:опечатка|ошибка)(?: в)?(?: слове)?
        также|и|ещё|еще|но|затем|здравствуйте
    """,
}
