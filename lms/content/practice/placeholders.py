"""``{{key}}`` placeholders in a practice's texts: find them, and fill them with an attempt's data."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lms.content.fuzzy_matching import normalize_word

PLACEHOLDER = re.compile(r"[{｛]{2}([^{}｛｝\n]*)[}｝]{2}")  # or full-width braces
SINGLE_BRACES = re.compile(r"(?<!\{)\{([^{}\n]+)\}")  # often typed in place of a placeholder


def placeholder_names(text: str) -> list[str]:
    """The names of all placeholders, as typed, in order."""
    return [match[1].strip() for match in PLACEHOLDER.finditer(text)]


def are_placeholders_closed(text: str) -> bool:
    """Whether every ``{{`` starts a valid placeholder."""
    start = text.find("{{")
    while start >= 0:
        match = PLACEHOLDER.match(text, start)
        if match is None:
            return False
        start = text.find("{{", match.end())
    return True


def fill_placeholders(text: str, data: Mapping[str, str]) -> str:
    """Replace every ``{{key}}`` by its value; a key that is not in ``data`` stays as typed."""
    if "{{" not in text and "｛" not in text:
        return text

    def value(match: re.Match[str]) -> str:
        if match[1] in data:
            return data[match[1]]
        normalized = normalize_word(match[1])
        return next((data[name] for name in data if normalize_word(name) == normalized), match[0])

    return PLACEHOLDER.sub(value, text)


def with_exact_names(text: str, names: Mapping[str, str]) -> str:
    """Spell every ``{{key}}`` like the data. ``names`` maps normalised names to the data's spelling."""
    return PLACEHOLDER.sub(lambda match: "{{" + names.get(normalize_word(match[1]), match[1]) + "}}", text)


def with_normalized_names(text: str) -> str:
    """The text with normalised placeholder names, for comparison."""
    return PLACEHOLDER.sub(lambda match: "{{" + normalize_word(match[1]) + "}}", text)
