"""``{{key}}`` in a practice's texts: finding them, and filling them with an attempt's drawn data."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms.content.fuzzy_words import fold

PLACEHOLDER = re.compile(r"[{｛]{2}([^{}｛｝\n]*)[}｝]{2}")  # a Vietnamese keyboard may have full-width ones
SINGLE_BRACES = re.compile(r"(?<!\{)\{([^{}\n]+)\}")  # no placeholder, but often meant as one


def names_in(text: str) -> list[str]:
    """The names between double braces, as typed, in order."""
    return [match[1].strip() for match in PLACEHOLDER.finditer(text)]


def all_closed(text: str) -> bool:
    """Whether every ``{{`` begins a ``{{key}}``."""
    at = text.find("{{")
    while at >= 0:
        match = PLACEHOLDER.match(text, at)
        if match is None:
            return False
        at = text.find("{{", match.end())
    return True


def fill(text: str, data: Mapping[str, str]) -> str:
    """Put drawn data in place of every ``{{key}}``; a key that ``data`` lacks stays as typed."""
    if "{{" not in text and "｛" not in text:
        return text

    def value(match: re.Match[str]) -> str:
        if match[1] in data:
            return data[match[1]]
        wanted = fold(match[1])
        return next((data[name] for name in data if fold(name) == wanted), match[0])

    return PLACEHOLDER.sub(value, text)


def with_exact_names(text: str, names: Mapping[str, str]) -> str:
    """Spell every ``{{key}}`` as the data does. ``names`` maps compared forms to the data's own spelling."""
    return PLACEHOLDER.sub(lambda match: "{{" + names.get(fold(match[1]), match[1]) + "}}", text)


def with_folded_names(text: str) -> str:
    """The text in a form that is the same however its names are spelt."""
    return PLACEHOLDER.sub(lambda match: "{{" + fold(match[1]) + "}}", text)
