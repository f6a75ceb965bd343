"""Spellings that are right on one side of the Atlantic: rules and words as data, British first.

Compiled from the general rules in Fowler's Modern English Usage and the Chicago Manual of Style.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

_BRITISH: Final = frozenset({"gb", "uk", "ie", "au", "nz", "za", "in", "sg", "hk"})
_AMERICAN: Final = frozenset({"us", "ph"})


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _any(listed: str) -> str:
    return "|".join(sorted(listed.split(), key=len, reverse=True))


# Verbs and nouns that end in -ise everywhere, and the few that end in -ize everywhere.
_ONLY_ISE: Final = _words(
    """advertise advise apprise arise chastise circumcise comprise compromise concise counterpoise demise despise
    devise disenfranchise disfranchise disguise enfranchise enterprise excise exercise expertise franchise guise
    improvise incise likewise merchandise misadvise mortise otherwise paradise practise precise premise promise
    reprise revise rise sunrise supervise surmise surprise televise treatise unwise uprise wise anise valise
    imprecise clockwise crosswise lengthwise moonrise telemarketise marquise"""
)
_ONLY_IZE: Final = _words(
    "assize capsize downsize maize midsize outsize oversize prize resize rightsize seize size upsize"
)
_ISE: Final = re.compile(
    r"(?P<stem>\w*[^\Waou_])is(?P<end>e|es|ed|ing|ings|er|ers|able|ability|ation|ations|ational|ationally|ement|ements)"
)

_NEGATED: Final = re.compile(r"\A(?:un|dis|re|over|mis|self)")

_OUR: Final = _any(
    """arbour ardour armour behaviour candour clamour colour demeanour dolour enamour endeavour favour fervour flavour
    glamour harbour honour humour labour misdemeanour neighbour odour parlour rancour rigour rumour saviour
    savour splendour succour tumour valour vapour vigour"""
)
_RE: Final = _any(
    """accoutre calibre epicentre centre fibre goitre litre louvre lustre meagre metre mitre nitre ochre piastre
    reconnoitre sabre saltpetre sceptre sepulchre sombre spectre amphitheatre theatre titre"""
)
_PREFIX: Final = rf"\A(?:{_any('centi deca deci femto giga hecto kilo mega micro milli nano pico de self un')})?"
_DOUBLED: Final = _any(
    """apparel barrel bedevil bevel cancel carol cavil channel chisel counsel cudgel dial dishevel drivel duel enamel
    equal flannel fuel funnel gambol gospel grovel imperil initial jewel journal kennel label level libel
    marshal marvel medal metal model panel parcel pedal pencil pommel pummel quarrel ravel refuel remodel revel
    rival rowel shovel shrivel signal snivel snorkel spiral stencil swivel symbol tassel tinsel total towel
    tranquil travel trial trowel tunnel unravel victual weasel wool yodel"""
)
_ONE_L: Final = _any("appal distil enrol enthral fulfil instal instil")
_OGUE: Final = _any("anal catal decal demag dial epil homol ideol monol mystag pedag prol synag theol travel")
_YSE: Final = _any("anal breathal catal dial electrol hydrol paral psychoanal pyrol autol photol")
_AE: Final = (
    ("aeroplane", "airplane"),
    ("aestiv", "estiv"),
    ("aether", "ether"),
    ("aetiolog", "etiolog"),
    ("amoeb", "ameb"),
    ("anaem", "anem"),
    ("anaesthe", "anesthe"),
    ("aesthet", "esthet"),
    ("archaeo", "archeo"),
    ("caecum", "cecum"),
    ("caesarean", "cesarean"),
    ("caesium", "cesium"),
    ("coeliac", "celiac"),
    ("defaec", "defec"),
    ("diarrhoea", "diarrhea"),
    ("dyspnoea", "dyspnea"),
    ("encyclopaedi", "encyclopedi"),
    ("faec", "fec"),
    ("foet", "fet"),
    ("gonorrhoea", "gonorrhea"),
    ("gynaeco", "gyneco"),
    ("haem", "hem"),
    ("homoeo", "homeo"),
    ("hypoglycaem", "hypoglycem"),
    ("leukaem", "leukem"),
    ("leucaem", "leukem"),
    ("manoeuvred", "maneuvered"),
    ("manoeuvre", "maneuver"),
    ("manoeuvr", "maneuver"),
    ("mediaeval", "medieval"),
    ("oedem", "edem"),
    ("oesophag", "esophag"),
    ("oestr", "estr"),
    ("orthopaed", "orthoped"),
    ("paediatr", "pediatr"),
    ("paedo", "pedo"),
    ("palaeo", "paleo"),
    ("praeter", "preter"),
    ("primaeval", "primeval"),
    ("septicaem", "septicem"),
    ("toxaem", "toxem"),
    ("uraem", "urem"),
)
# Words that follow no rule, with what may be written on to them.
_SINGLE: Final = """
abridgement abridgment | acknowledgement acknowledgment | afterwards afterward | ageing aging | aluminium
aluminum | amongst among | anaesthetist anesthesiologist | annexe annex | artefact artifact | axe ax | backwards
backward | burnt burned | callipers calipers | cancellation cancelation | carburettor carburetor | centring
centering | cheque check | chequer checker | chequered checkered | chilli chili | cognisance cognizance |
cognisant cognizant | cosier cozier | cosiness coziness | cosy cozy | counsellor counselor | cypher cipher |
defence defense | defenceless defenseless | disc disk | doughnut donut | downwards downward | draught draft |
draughtsman draftsman | draughty drafty | dreamt dreamed | dyke dike | enquire inquire | enquired inquired |
enquiries inquiries | enquiry inquiry | enrolment enrollment | focussed focused | focusses focuses | focussing
focusing | foetus fetus | forwards forward | fount font | fulfilment fulfillment | furore furor | gaol jail |
glycerine glycerin | gramme gram | grey gray | greyed grayed | greyer grayer | greying graying | greyish grayish
| greyscale grayscale | gruelling grueling | haulier hauler | instalment installment | jewellery jewelry |
judgement judgment | judgemental judgmental | kerb curb | kidnapped kidnaped | kidnapper kidnaper | kidnapping
kidnaping | kilogramme kilogram | lacklustre lackluster | lambast lambaste | leant leaned | leapt leaped |
learnt learned | libellous libelous | licence license | likeable likable | liveable livable | lodgement lodgment
| loveable lovable | mamma mama | marvellous marvelous | maths math | misspelt misspelled | mollusc mollusk |
mould mold | moulded molded | moulding molding | mouldy moldy | moult molt | moulted molted | moulting molting |
moustache mustache | moveable movable | mum mom | mummy mommy | neighbourhood neighborhood | nought naught |
ochreous ocherous | ochrey ochery | offence offense | omelette omelet | pernickety persnickety | phoney phony |
plough plow | ploughed plowed | ploughing plowing | practise practice | practised practiced | practises
practices | practising practicing | pretence pretense | pricey pricy | programme program | programmer programer
| pyjama pajama | rateable ratable | refocussed refocused | routeing routing | saleable salable | sceptic
skeptic | sceptical skeptical | sceptically skeptically | scepticism skepticism | sizeable sizable | skilful
skillful | skilfully skillfully | skilfulness skillfulness | smelt smelled | smoulder smolder | smouldered
smoldered | smouldering smoldering | snowplough snowplow | speciality specialty | spelt spelled | spilt spilled
| spoilt spoiled | storey story | storeys stories | sulphate sulfate | sulphide sulfide | sulphur sulfur |
sulphuric sulfuric | titbit tidbit | tonne ton | towards toward | tranquillity tranquility | tyre tire |
unskilful unskillful | upwards upward | useable usable | vice vise | whilst while | whisky whiskey | wilful
willful | wilfully willfully | wilfulness willfulness | woollen woolen | worshipped worshiped | worshipper
worshiper | worshipping worshiping | yoghurt yogurt
"""


def _singles() -> dict[str, str]:
    pairs = (pair.partition(" ") for pair in " ".join(_SINGLE.split()).split(" | "))
    return {british: american for british, _, american in pairs}


_SINGLES: Final = _singles()
_Change = str | Callable[[re.Match[str]], str]
_RULES: Final[tuple[tuple[re.Pattern[str], _Change], ...]] = (
    (re.compile(rf"({_OUR})(?!ous|ary|ific|ation|ant)"), lambda found: found.group()[:-3] + "or"),
    (re.compile(rf"{_PREFIX}({_RE})(?=s?\Z)"), lambda found: found.group()[:-2] + "er"),
    (re.compile(rf"{_PREFIX}({_RE})(?=d\Z)"), lambda found: found.group()[:-2] + "ere"),
    (re.compile(r"(?<=fib)re(?=(?:glass|board|optic)s?\Z)"), "er"),
    (re.compile(rf"({_DOUBLED})l(?=(?:ed|ing|ings|er|ers|or|ors|ous|ously|ist|ists|ery|able|ably)\Z)"), r"\1"),
    (re.compile(rf"\A({_ONE_L})(?=(?:s|ment|ments)?\Z)"), r"\1l"),
    (re.compile(rf"({_OGUE})ogue(?=s?\Z)"), r"\1og"),
    (re.compile(rf"({_YSE})ys(?=(?:e|es|ed|ing|er|ers|able)\Z)"), r"\1yz"),
)


def is_variant(original: str, corrected: str, language: str | None) -> bool:
    """Whether the two differ only in that one is British and one American, and the original is right as it is.

    Right is what the language says: British for en-GB, American for en-US, either for plain en or none.
    In British English -ize is right beside -ise.
    """
    base, _, region = (language or "en").casefold().replace("_", "-").partition("-")
    if base != "en":
        return False
    was, now = _spelled(original), _spelled(corrected)
    if was == now or len(was) != len(now):
        return False
    pairs = [(a, b) for a, b in zip(was, now, strict=True) if a != b]
    return all(_american(a) == _american(b) and _is_right(a, region) for a, b in pairs)


def _spelled(words: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|[\d]+", words.casefold().replace("per cent", "percent"))


def _is_right(word: str, region: str) -> bool:
    american = _american(word)
    if region in _AMERICAN:
        return word == american
    if region in _BRITISH:
        return word != american or _oxford(word) != word or _ISE.fullmatch(word.replace("iz", "is")) is not None
    return True


@lru_cache(maxsize=4096)
def _american(word: str) -> str:
    """The American spelling of a word in either spelling."""
    for start, short in _AE:
        word = word.replace(start, short)
    for rule, american in _RULES:
        word = rule.sub(american, word)
    word = _oxford(word)
    if word in _SINGLES:
        return _SINGLES[word]
    stem = word.removesuffix("s")
    return _SINGLES[stem] + "s" if stem != word and stem in _SINGLES else word


def _oxford(word: str) -> str:
    """The word with -ize where that is right in both."""
    found = _ISE.fullmatch(word)
    if found is None:
        return word
    stem, end = found.groups()
    bare = _NEGATED.sub("", stem)
    if {stem + "ise", bare + "ise"} & _ONLY_ISE or {stem + "ize", bare + "ize"} & _ONLY_IZE:
        return word
    return f"{stem}iz{end}"
