"""The colours of tokens.css: both themes hold 7:1, and the two lists of the dark theme are one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[1] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text("utf-8")
TEXTS = ("board", "ink", "ink-soft", "hieu", "lam", "dung", "right", "careful", "trap")
GROUNDS = ("paper", "card", "lamp-wash")
# A wash carries the tone's own text, or ink.
WASHES = {tone: f"{tone}-wash" for tone in ("hieu", "lam", "dung", "right", "careful", "trap")}
FILLS = ("board", "hieu", "lam", "dung", "right")


def declarations(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): ([^;]+);", block))


def blocks() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The tokens of the light theme, of the dark theme by the system, and of the dark theme by choice."""
    light, system = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
    system, chosen = system.split(".dark {")
    return declarations(light), declarations(system), declarations(chosen)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_has_seven_to_one_on_every_ground(theme):
    light, dark, _ = blocks()
    colours = light | (dark if theme == "dark" else {})
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [pair for tone, wash in WASHES.items() for pair in ((tone, wash), ("ink", wash))]
    pairs += [("chalk", fill) for fill in FILLS] + [("lamp-ink", "lamp")]
    low = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(value, 1) for pair, value in low.items() if value < 7} == {}
    assert all(contrast(colours["edge"], colours[ground]) >= 3 for ground in ("paper", "card"))


def test_the_dark_theme_is_the_same_by_system_and_by_choice():
    _, system, chosen = blocks()
    assert system == chosen
    assert len(system) > 20


def test_what_lies_on_the_lamp_has_the_lamps_ink():
    """The other ink is light by night."""
    rules = [rule for file in CSS.rglob("*.css") for rule in re.findall(r"\{([^{}]*)\}", file.read_text("utf-8"))]
    on_lamp = [rule for rule in rules if re.search(r"(background|fill): var\(--lamp\)", rule)]
    assert [rule for rule in on_lamp if "var(--ink)" in rule] == []
    assert [rule for rule in on_lamp if "background" in rule and "color: var(--lamp-ink)" not in rule] == []
    assert len(on_lamp) > 5
