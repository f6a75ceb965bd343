import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrections.domain.variants import is_variant

PAIRS = [
    ("colour", "color"),
    ("neighbouring", "neighboring"),
    ("theatre", "theater"),
    ("kilometres", "kilometers"),
    ("centred", "centered"),
    ("travelled", "traveled"),
    ("fulfil", "fulfill"),
    ("dialogue", "dialog"),
    ("analysed", "analyzed"),
    ("paediatric", "pediatric"),
    ("foetus", "fetus"),
    ("defence", "defense"),
    ("grey", "gray"),
    ("programmes", "programs"),
    ("cheque", "check"),
    ("Labour’s", "Labor's"),
    ("the grey harbour", "the gray harbor"),
]


@pytest.mark.parametrize(("british", "american"), PAIRS)
def test_each_spelling_is_right_on_its_side(british: str, american: str) -> None:
    assert is_variant(british, american, "en-GB")
    assert is_variant(american, british, "en-US")
    assert is_variant(british, american, "en")
    assert is_variant(american, british, None)
    assert not is_variant(british, american, "en-US")
    assert not is_variant(american, british, "en_GB")
    assert not is_variant(british, american, "de")


@pytest.mark.parametrize(("ise", "ize"), [("organise", "organize"), ("realisation", "realization")])
def test_british_spelling_has_both_ise_and_ize(ise: str, ize: str) -> None:
    assert is_variant(ise, ize, "en-GB")
    assert is_variant(ize, ise, "en-GB")
    assert not is_variant(ise, ize, "en-US")


@pytest.mark.parametrize(
    ("original", "corrected"),
    [
        ("goverment", "government"),
        ("advertize", "advertise"),
        ("surprize", "surprise"),
        ("capsise", "capsize"),
        ("perimetre", "perimeter"),
        ("rigourous", "rigorous"),
        ("totaly", "totally"),
        ("lettre", "letter"),
        ("colour", "colour"),
        ("the grey harbor", "the gray port"),
        ("", ""),
        ("colour", ""),
    ],
)
def test_a_misspelling_is_no_variant(original: str, corrected: str) -> None:
    assert not is_variant(original, corrected, "en")


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from([None, "", "en", "en-GB", "x-y-z"]))
def test_any_words_are_judged(original: str, corrected: str, language: str | None) -> None:
    assert isinstance(is_variant(original, corrected, language), bool)
    assert not is_variant(original, original, language)
