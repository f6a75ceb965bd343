"""The contrast of every pair of colours that the stylesheet puts together, in both themes (WCAG 2.2, 1.4.3, 1.4.11)."""

import re
from pathlib import Path

import pytest

STYLE = Path(__file__).parent.parent / "corrections" / "static" / "style.css"
TEXT, EDGE = 4.5, 3.0
THEMES = ("light", "dark")

TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "was"),
    ("ink", "now"),
    ("ink", "progress"),
    ("ink", "attention"),
    ("ink", "quiet"),
    ("soft", "paper"),
    ("soft", "surface"),
    ("soft", "progress"),
    ("soft", "quiet"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("accent", "progress"),
    ("accent", "attention"),
    ("accent-ink", "accent"),
    ("attention-edge", "paper"),
    ("attention-edge", "surface"),
]
EDGE_PAIRS = [
    ("edge", "paper"),
    ("edge", "surface"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("attention-edge", "paper"),
    ("attention-edge", "surface"),
]
# Lines that only divide, and shadows, carry no meaning of their own, so they may be as faint as they like.
DECORATION = {"rule", "shade"}


def colours(theme: str) -> dict[str, str]:
    light, dark = re.findall(r"(?<=:root \{)[^}]*--paper[^}]*", STYLE.read_text("utf-8"))[:2]
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", light))
    if theme == "dark":
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def used(properties: str) -> set[str]:
    """The colours that the rules of the stylesheet give to these properties."""
    rules = re.sub(r"/\*.*?\*/", "", STYLE.read_text("utf-8"), flags=re.DOTALL)
    values = re.findall(rf"(?<![\w-])(?:{properties}):\s*([^;}}]+)", rules)
    names = {name for value in values for name in re.findall(r"var\(--([\w-]+)\)", value)}
    return names & set(colours("light"))


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_a_known_grey_fails_on_white_by_a_hair() -> None:
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    known = colours(theme)
    assert contrast(known[text], known[ground]) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edges_of_controls_can_be_seen(theme: str, edge: str, ground: str) -> None:
    known = colours(theme)
    assert contrast(known[edge], known[ground]) >= EDGE


def test_both_themes_know_every_colour() -> None:
    light, dark = re.findall(r"(?<=:root \{)[^}]*--paper[^}]*", STYLE.read_text("utf-8"))[:2]
    names = [set(re.findall(r"--([\w-]+):\s*#", theme)) for theme in (light, dark)]
    assert names[0] == names[1]


def test_every_colour_in_use_has_been_weighed() -> None:
    assert used("color") <= {text for text, _ in TEXT_PAIRS}
    assert used("background|background-color") <= {ground for _, ground in TEXT_PAIRS}
    edges = used(r"border[\w-]*|outline[\w-]*|box-shadow")
    assert edges - DECORATION - {"ink"} <= {edge for edge, _ in EDGE_PAIRS}


def test_no_colour_is_written_outside_the_two_themes() -> None:
    rules = re.sub(r"/\*.*?\*/|:root \{[^}]*\}", "", STYLE.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)\(", rules) == []
