"""How a page calls a learner."""

from __future__ import annotations

import unicodedata

# What people write before their names. "Anh" and "em" are names, too: who is called so is still a "bác" here.
_TITLES = frozenset({"ông", "bà", "bác", "cụ", "cô", "chú", "dì", "cậu", "mợ", "thím", "dượng", "chị"})


def called(name: str) -> str:
    """ "bác Lan Trần"; but a name that brings its own title gets no second one: "Bà Tư", not "bác Bà Tư"."""
    first, _, rest = unicodedata.normalize("NFC", name).strip().partition(" ")
    return name if rest and first.casefold() in _TITLES else f"bác {name}"
