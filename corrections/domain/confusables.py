"""Right words of English that are often written for each other: a table, for telling which word was meant."""

from typing import Final

_SETS: Final = """
its it's | their there they're | your you're youre | whose who's | then than | affect effect | lose loose | led lead
| to too two | were where we're | principal principle | accept except | past passed | site sight cite | role roll |
peace piece | weather whether | a an | of off | our are | here hear | by buy bye | know no now | new knew | right
write rite | week weak | break brake | complement compliment | stationary stationery | council counsel | desert
dessert | discreet discrete | elicit illicit | ensure insure assure | farther further | fewer less | forth fourth |
formally formerly | hole whole | lay lie | lightening lightning | moral morale | pair pear pare | patience patients
| pore pour poor | pray prey | precede proceed | quiet quite | rain reign rein | raise raze rise | sail sale | scene
seen | shear sheer | sole soul | some sum | steal steel | tail tale | threw through thorough | throne thrown | vain
vein vane | waist waste | wait weight | waive wave | wander wonder | ware wear | road rode | which witch | wood
would | advice advise | breath breathe | choose chose | cloth clothe clothes | device devise | practice practise |
license licence | adverse averse | allude elude | allusion illusion | altar alter | amoral immoral | appraise
apprise | ascent assent | bare bear | base bass | birth berth | board bored | born borne | canvas canvass | censor
censure sensor | cereal serial | chord cord | climactic climatic | coarse course | core corps | currant current |
dual duel | dyeing dying | economic economical | emigrate immigrate | eminent imminent | envelop envelope | exercise
exorcise | faze phase | flair flare | flaunt flout | flounder founder | foreword forward | gorilla guerrilla |
hangar hanger | historic historical | hoard horde | human humane | idle idol | incite insight | ingenious ingenuous
| loath loathe | mantel mantle | marshal martial | meat meet mete | medal meddle | metal mettle | miner minor |
ordinance ordnance | palate palette pallet | peak peek pique | pedal peddle | personal personnel | plain plane |
pole poll | populace populous | prescribe proscribe | profit prophet | rap wrap | respectful respective | sew so sow
| slight sleight | soar sore | stake steak | storey story | straight strait | suit suite | team teem | tenant tenet
| tort torte | track tract | trooper trouper | venal venial | viscous vicious | yoke yolk | form from | trial trail
| casual causal | martial marital | untied united | lets let's | wont won't | cant can't | ill i'll | hell he'll |
shell she'll | well we'll | wed we'd | id i'd
"""


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in " ".join(_SETS.split()).split(" | "):
        words = frozenset(line.split())
        for word in words:
            found[word] = found.get(word, frozenset()) | words - {word}
    return found


_MIXED_UP: Final = _table()


def are_mixed_up(word: str, other: str) -> bool:
    """Whether the two are often written for each other; case and the shape of an apostrophe do not matter."""
    return _key(other) in _MIXED_UP.get(_key(word), ())


def is_often_mixed_up(word: str) -> bool:
    """Whether there is a word that is often written for this one."""
    return _key(word) in _MIXED_UP


def _key(word: str) -> str:
    return word.casefold().replace("\u2019", "'")
