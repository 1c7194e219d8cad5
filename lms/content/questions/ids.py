"""Ids of questions and keys of options: stable when a file is edited elsewhere, silent about the answer."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Sequence

from lms.content.fuzzy_words import fold


class Identities:
    """Deals the ids of one file. An id comes from what a question asks, so that a new one above changes no other."""

    def __init__(self) -> None:
        self._dealt: set[str] = set()

    def deal(self, kind: str, prompt: str, details: Sequence[str] = ()) -> str:
        """``[a-z0-9-]{1,40}``, the same for the same words; ``details`` tell questions of one prompt apart."""
        for words in ((kind, fold(prompt)), (kind, fold(prompt), *map(fold, details))):
            short = "q" + digest(*words)[:10]
            if short not in self._dealt:
                break
        number = 1
        unique = short
        while unique in self._dealt:
            number += 1
            unique = f"{short}-{number}"
        self._dealt.add(unique)
        return unique


def digest(*parts: str) -> str:
    """64 hexadecimal digits over the parts, each kept apart from the next."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def deal_keys(seed: str, texts: Sequence[str], *, never_in_order: bool = False) -> tuple[str, ...]:
    """A key for each text: "a", "b", … in a shuffled order that ``seed`` and the texts alone decide.

    With ``never_in_order`` the keys never stand in the order of the texts, so that nothing is shown already solved.
    """
    order = sorted(range(len(texts)), key=lambda index: digest(seed, texts[index], str(index)))
    if never_in_order and order == sorted(order):
        order = order[1:] + order[:1]
    keys = [""] * len(texts)
    for place, index in enumerate(order):
        keys[index] = _letters(place)
    return tuple(keys)


def shown_place(key: str) -> tuple[int, str]:
    """Sorts keys as they were dealt."""
    return len(key), key


def _letters(place: int) -> str:
    first, last = divmod(place, 26)
    return (_letters(first - 1) if first else "") + string.ascii_lowercase[last]
