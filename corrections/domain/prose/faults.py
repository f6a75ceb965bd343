"""What people write of a wording that is wrong, language by language; written like ``languages``."""
# ruff: noqa: E501, RUF001 - one phrase a line, in many scripts

from typing import Final

from corrections.domain.prose.languages import Phrases

# Before a wording, of which the sentence says that it is wrong: "you misspelled X"; X ends the line.
WRONG_AHEAD: Final[Phrases] = {
    "en": r"""
        (?:you |they |he |she |author )?(?:mis-?spel(?:led|t|ling)s?|mistyped|misquoted|mis-?spell)(?: of| the word| word)?
        (?:the |a )?(?:mis-?spel(?:led|t) |wrong |incorrect )?(?:word|phrase|sentence|term|words|name)
        (?:duplicated?|repeated|doubled) words?
    """,
    "de": "(?:das wort|das falsche wort|der satz|der name|falsch geschrieben)",
    "fr": "(?:le mot|la phrase|le nom|mal écrit|mal orthographié)",
    "es": "(?:la palabra|la frase|el nombre|mal escrito)",
    "it": "(?:la parola|la frase|il nome|scritto male)",
    "nl": "(?:het woord|de zin|de naam|fout gespeld)",
    "pt": "(?:a palavra|a frase|o nome|mal escrito)",
    "ru": "(?:слово|фраза|предложение)",
}
# The same, with a colon behind it: "typo: X".
FAULTS: Final[Phrases] = {
    "en": r"""
        (?:small |minor |little |spelling |grammar |grammatical |factual )*(?:typos?|errors?|mistakes?|misprints?|misspellings?|spelling)(?: here| found)?
        (?:there(?:'s| is) )?(?:a |an |one )?(?:small |minor |spelling )*(?:typo|error|mistake|misprint)
    """,
    "de": "(?:tippfehler|druckfehler|schreibfehler|rechtschreibfehler|fehler|falsch|wort)",
    "fr": "(?:coquille|faute|faute de frappe|faute d'orthographe|erreur|mot)",
    "es": "(?:errata|error|falta|falta de ortografía|error tipográfico|error ortográfico|palabra)",
    "it": "(?:refuso|errore|errore di battitura|errore di ortografia|parola)",
    "nl": "(?:typefout|tikfout|spelfout|fout|schrijffout|woord)",
    "pt": "(?:erro|gralha|erro de digitação|erro de ortografia|palavra)",
    "ru": "(?:опечатка|ошибка|опечатки|ошибки)",
}

# Behind a wording, of which the sentence says that it is wrong: "X is wrong".
WRONG_BEHIND: Final[Phrases] = {
    "en": r"""
        (?:is|are|was|were|looks?|seems?|appears?)(?: to be)?(?: clearly| obviously| surely| simply| also| just)? (?:(?:a |an )?(?:typo|wrong|incorrect|mis-?spel(?:led|t)|misspelling|mistyped|error|mistake|misprint|not a word|not english|not correct|not right|nonsense|ungrammatical|repeated|doubled|duplicated?|missing)|(?:spelled|spelt|written) (?:wrong|wrongly|incorrectly|badly|twice)|not spel(?:led|t) (?:correctly|right))
        (?:has|have|contains?) (?:a |an |two |some )?(?:typos?|errors?|mistakes?|misspellings?|extra|wrong)
        isn't a word|isn't right|isn't correct|wrong\b
    """,
    "de": "(?:ist|sind|wurde|wird|scheint)(?: hier| leider| wohl| wahrscheinlich)? (?:ein (?:tippfehler|fehler|schreibfehler|druckfehler)|falsch(?: geschrieben)?|nicht richtig|kein wort|doppelt)",
    "fr": "(?:est|sont)(?: mal (?:écrite?|orthographiée?s?)| une (?:faute|coquille|erreur)| faux| fausse| incorrecte?| erronée?)",
    "es": "(?:está|están|es|son)(?: mal(?: escrit[oa]s?)?| un(?:a)? (?:error|errata|falta)| incorrect[oa]| repetid[oa])",
    "it": "(?:è|sono)(?: scritt[oaie] male| un (?:errore|refuso)| sbagliat[oaie]| errat[oaie]| ripetut[oa])",
    "nl": "(?:is|zijn)(?: een (?:typefout|tikfout|fout|spelfout)| fout(?: gespeld| geschreven)?| verkeerd(?: gespeld| geschreven)?| onjuist| dubbel)",
    "pt": "(?:está|estão|é|são)(?: mal escrit[oa]s?| errad[oa]s?| um erro| uma gralha| incorret[oa]s?| repetid[oa])",
    "ru": "(?:написано (?:неправильно|с ошибкой)|с ошибкой|неправильно|неверно|это (?:опечатка|ошибка)|не слово)",
}

# The word named may be the right one: "please check the spelling of X", "you got X wrong".
CHECK: Final[Phrases] = {
    "en": r"(?:check|correct|verify|look at|fix|review)(?: up)?(?: on)? (?:the |your )?(?:spelling|spellings) (?:of|for)(?: the word| the name)?|(?:you|they) (?:got|spelled|spelt|wrote|have)(?= .{1,80} (?:wrong|incorrectly|wrongly))|(?:how to spell|the spelling of)",
    "de": "(?:prüfen sie|überprüfen sie|prüft)(?: bitte)? die (?:schreibweise|schreibung|rechtschreibung) (?:von|des wortes)|die schreibweise von",
    "fr": "(?:vérifiez|vérifier|revoir|corrigez) l'orthographe (?:de|du mot)",
    "es": "(?:revis[ea]n?|comprueben?|corrijan) la (?:ortografía|escritura) de(?: la palabra)?",
    "it": "(?:controllate|controllare|verificate|correggete) (?:l'ortografia|la grafia) (?:di|della parola)",
    "nl": "(?:controleer|check)(?: aub| svp)? de (?:spelling|schrijfwijze) van(?: het woord)?",
    "pt": "(?:verifi(?:que|quem|car)|confiram?|corrijam) a (?:ortografia|grafia) d[ea](?: palavra)?",
    "ru": "(?:проверьте|проверить) (?:написание|правописание)(?: слова)?",
}

# The words say that something is wrong, without more.
TROUBLE: Final[Phrases] = {
    "en": r"typos?|typographical|errors?|erroneous|mistakes?|mis-?spel\w+|spel(?:led|t|ling)\w*|wrong\w*|incorrect\w*|correct\w*|missing|repeated|duplicate\w*|proof-?read\w*|grammar|grammatical|errat(?:um|a)|misprint\w*|misquot\w+|misattribut\w+|inaccura\w+|fix",
    "de": r"tippfehler\w*|fehler\w*|rechtschreib\w*|falsch\w*|schreibfehler|druckfehler\w*|korrektur\w*|korrigier\w+|vertippt|verschrieben|richtig\w*",
    "fr": r"fautes?|coquilles?|erreurs?|orthograph\w+|incorrecte?s?|corrections?|corriger",
    "es": r"errat?as?|error(?:es)?|faltas?|ortografía|ortográfic\w+|equivocad\w+|incorrect\w+|corrección|corregir",
    "it": r"refus[oi]|error[ei]|ortografi\w+|sbagliat\w+|correzion[ei]|correggere",
    "nl": r"typefout\w*|tikfout\w*|fout\w*|spelfout\w*|spelling|verkeerd\w*|correctie\w*|onjuist\w*",
    "pt": r"erros?|gralhas?|ortografia|incorret\w+|errad\w+|correç\w+|corrigir",
    "ru": r"опечатк\w+|ошибк\w+|неправильн\w+|неверн\w+|исправ\w+|орфограф\w+|правописани\w+",
}

# A word stands there twice, or once too often.
TWICE: Final[Phrases] = {
    "en": r"(?:word )?(?:is |was |are )?(?:repeated|doubled|duplicated?|twice|double)|(?:appears|occurs|stands|written) twice",
    "de": r"(?:steht |ist |kommt )?(?:doppelt|zweimal)(?: vor)?",
    "fr": r"(?:est )?(?:répétée?|en double|deux fois)",
    "es": r"(?:está )?(?:repetid[oa]|duplicad[oa]|dos veces)",
    "it": r"(?:è )?(?:ripetut[oa]|due volte|doppi[oa])",
    "nl": r"(?:staat )?(?:dubbel|twee keer|tweemaal)",
    "pt": r"(?:está )?(?:repetid[oa]|duplicad[oa]|duas vezes)",
    "ru": r"(?:повторяется|дважды|два раза|повтор)",
}
EXTRA: Final[Phrases] = {
    "en": r"(?:additional|extra|superfluous|second|redundant|double|doubled|duplicate|duplicated|repeated|two|consecutive two|unnecessary)(?: word)?",
    "de": r"(?:doppeltes|überflüssiges|zusätzliches|zweimal|doppelt)(?: wort)?",
    "fr": r"(?:deux fois|double)(?: le mot)?",
    "es": r"(?:dos veces|doble)(?: la palabra)?",
    "it": r"(?:due volte|doppio)(?: la parola)?",
    "nl": r"(?:dubbel|twee keer|overbodig)(?: woord)?",
    "pt": r"(?:duas vezes|duplo)(?: a palavra)?",
    "ru": r"(?:лишнее|два раза|дважды)(?: слово)?",
}
REMOVE: Final[Phrases] = {
    "en": r"(?:remove|delete|drop|omit|strike|leave out|take out)(?: the word| the extra| one)?",
    "de": r"(?:streiche|streichen|entfernen|entferne|löschen)(?: sie)?",
    "fr": r"(?:supprimer|supprimez|enlever|enlevez)",
    "es": r"(?:eliminar|eliminen|quitar|quiten|borrar|suprimir)",
    "it": r"(?:togliere|togliete|eliminare|cancellare)",
    "nl": r"(?:verwijder|schrap|haal)",
    "pt": r"(?:remover|retirar|eliminar|apagar|tirar)",
    "ru": r"(?:убрать|уберите|удалить|удалите)",
}
