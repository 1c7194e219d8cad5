"""Ids of questions and keys of options. They survive edits elsewhere in a file, and reveal nothing about the answer."""

from __future__ import annotations

import string
from collections.abc import Sequence

from lms.content.digest import digest
from lms.content.fuzzy_matching import normalize_word


class QuestionIds:
    """Assigns the question ids of one file, derived from the text: inserting a question leaves other ids unchanged."""

    def __init__(self) -> None:
        self._assigned: set[str] = set()

    def assign(self, kind: str, prompt: str, details: Sequence[str] = ()) -> str:
        """An id, ``[a-z0-9-]{1,40}``, derived from the text. ``details`` distinguish questions with the same prompt."""
        for words in ((kind, normalize_word(prompt)), (kind, normalize_word(prompt), *map(normalize_word, details))):
            base = "q" + digest(*words)[:10]
            if base not in self._assigned:
                break
        number = 1
        unique = base
        while unique in self._assigned:
            number += 1
            unique = f"{base}-{number}"
        self._assigned.add(unique)
        return unique


def assign_keys(seed: str, texts: Sequence[str], *, avoid_file_order: bool = False) -> tuple[str, ...]:
    """A key for each text: "a", "b", … in an order shuffled deterministically by ``seed`` and the texts.

    With ``avoid_file_order`` the order never equals that of the texts, so that no ordering is shown already solved.
    """
    order = sorted(range(len(texts)), key=lambda index: digest(seed, texts[index], str(index)))
    if avoid_file_order and order == sorted(order):
        order = order[1:] + order[:1]
    keys = [""] * len(texts)
    for position, index in enumerate(order):
        keys[index] = _position_to_letters(position)
    return tuple(keys)


def display_order(key: str) -> tuple[int, str]:
    """Sort key for option keys: the order in which options are displayed."""
    return len(key), key


def _position_to_letters(position: int) -> str:
    first, last = divmod(position, 26)
    return (_position_to_letters(first - 1) if first else "") + string.ascii_lowercase[last]
