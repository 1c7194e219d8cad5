"""What the editor in the browser knows of the language: colours, completions and ready pieces, as one JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from lms.content.blocks import BLOCK_NAMES, BLOCK_OPTIONS
from lms.content.editor_support.grammar import colour_patterns
from lms.content.editor_support.snippets import PIECES
from lms.content.file_keys import KEYS_BY_STEM
from lms.content.fuzzy_matching import Vocabulary
from lms.content.practice.arrows import ARROWS
from lms.content.practice.vocabulary import (
    ATTRIBUTES,
    DEVICES,
    ICONS,
    KINDS_OF_ATTRIBUTE,
    LOOKS,
    PINCH_DIRECTIONS,
    QUOTES,
    ROLES,
    ROLES_OF_ATTRIBUTE,
    RULES,
    SCREEN_KINDS,
    SPEAKERS,
    SUB_LINES,
    SWIPE_DIRECTIONS,
    YES,
)

_VALUES_OF_ATTRIBUTE: dict[str, tuple[Vocabulary[Any], ...]] = {
    "kind": (SCREEN_KINDS,),
    "picture": (ICONS,),
    "direction": (SWIPE_DIRECTIONS, PINCH_DIRECTIONS),
    "speaker": (SPEAKERS,),
    "look": (LOOKS,),
    "scroll": (YES,),
    "current": (YES,),
}
_DATA_KEY = "data"  # the front-matter key whose values ``{{ }}`` names


@cache
def browser_language() -> str:
    """The JSON. Its words are Vietnamese; it is the same until the program changes."""
    return json.dumps(_language(), ensure_ascii=False, separators=(",", ":"))


def _language() -> dict[str, Any]:
    return {
        "patterns": colour_patterns(),
        "arrows": list(ARROWS),
        "roles": _words(ROLES),
        "kinds": _words(SCREEN_KINDS),
        "quotes": _words(QUOTES),
        "subLines": _words(SUB_LINES),
        "blocks": _words(BLOCK_NAMES),
        "blockOptions": _words(BLOCK_OPTIONS),
        "rules": _words(RULES),
        "devices": _words(DEVICES),
        "attributes": [_attribute(code) for code in ATTRIBUTES],
        "keys": {stem: [key.spellings[0] for key in keys] for stem, keys in KEYS_BY_STEM.items()},
        "dataKeys": next(list(key.spellings) for key in KEYS_BY_STEM["lam"] if key.code == _DATA_KEY),
        "pieces": [
            {"title": piece.title, "prefix": piece.prefix, "stem": piece.stem, "body": piece.body} for piece in PIECES
        ],
    }


def _attribute(code: str) -> dict[str, Any]:
    """The word, the values that can be listed, and where it stands: roles of widgets, or "" for a screen's heading."""
    is_of_screen = code in ("kind", "scroll") or code in KINDS_OF_ATTRIBUTE
    return {
        "word": ATTRIBUTES.spelling(code),
        "values": [word for vocabulary in _VALUES_OF_ATTRIBUTE.get(code, ()) for word in _words(vocabulary)],
        "roles": sorted(ROLES.spelling(role) for role in ROLES_OF_ATTRIBUTE.get(code, ())),
        "ofScreen": is_of_screen,
    }


def _words(vocabulary: Vocabulary[Any]) -> list[str]:
    return _listed(vocabulary.spelling(code) for code in vocabulary)


def _listed(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
