"""Contrast of the style sheet's colours, by the formula of WCAG 2.2: text 4.5:1, what is drawn 3:1."""

from __future__ import annotations

import re

import pytest

from traceledger.pages.frame import stylesheet

TEXTS = ("text", "text-quiet", "link", "link-visited")
GROUNDS = ("surface", "surface-raised")
NOTES = ("good", "warning", "bad", "unknown")
DRAWN = (*(f"series-{n}" for n in range(1, 7)), "series-rest", "untraced", "line", "focus", "accent")
FALLBACK = re.compile(r"var\(--([\w-]+), (#[0-9a-f]{6})\)")


def tokens(mode: str) -> dict[str, str]:
    """Colours by name as they are in a mode."""
    sheet = stylesheet()
    blocks = {
        "light": sheet.split(":root {", 1)[1].split("}", 1)[0],
        "dark": sheet.split("prefers-color-scheme: dark", 1)[1].split("}", 1)[0],
        "print": sheet.split("@media print", 1)[1].split("}", 1)[0],
    }
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks["light"]))
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[mode]))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [(text, ground, 4.5) for text in TEXTS for ground in GROUNDS]
PAIRS += [(note, f"{note}-surface", 4.5) for note in NOTES]
PAIRS += [(note, ground, 4.5) for note in NOTES for ground in GROUNDS]
PAIRS += [("on-accent", "accent", 4.5)]
PAIRS += [(drawn, ground, 3) for drawn in DRAWN for ground in GROUNDS]


@pytest.mark.parametrize("mode", ["light", "dark", "print"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(mode: str, front: str, back: str, least: float) -> None:
    known = tokens(mode)
    assert contrast(known[front], known[back]) >= least


def test_the_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_dark_mode_names_every_colour_of_the_light_one() -> None:
    light = set(re.findall(r"--([\w-]+): #", stylesheet().split(":root {", 1)[1].split("}", 1)[0]))
    dark = stylesheet().split("prefers-color-scheme: dark", 1)[1].split("}", 1)[0]
    assert light == set(re.findall(r"--([\w-]+): #", dark))


def test_colours_stand_only_in_tokens() -> None:
    """Or a brand could not replace them."""
    rules = re.sub(r":root \{[^}]*\}", "", stylesheet())
    rules = FALLBACK.sub("", rules)
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(", rules) == []


def test_a_picture_that_stands_alone_has_the_light_colours() -> None:
    light = tokens("light")
    found = FALLBACK.findall(stylesheet())
    assert found
    assert [(name, colour) for name, colour in found if light.get(name) != colour] == []


def test_nothing_comes_from_outside() -> None:
    assert "url(" not in stylesheet()
    assert "@import" not in stylesheet()
