"""How wide words are and how many lines they fill: counted from the letters, so that nothing waits for a browser.

Lengths are in rem, a 25th of the wall's height.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape
from math import ceil

# Widths of letters, of their height, as Noto Sans has them: of the fonts that we name the widest.
SPACE, CAPITAL, DIGIT, OTHER = 0.26, 0.67, 0.575, 0.6
WIDTHS = {
    letter: width
    for letters, width in (
        ("ijl.,:;'|!", 0.27), ("ftr()-\"“”‘’", 0.4), ("cskxvyz", 0.52), ("a e", 0.56), ("mM", 0.93), ("wW", 0.85),
    )
    for letter in letters
}  # fmt: skip
BOLD = 1.08  # bold letters are wider

_TAGS = re.compile(r"<[^>]*>")


def plain(html: str) -> str:
    return " ".join(unescape(_TAGS.sub(" ", html)).split())


def lines(text: str, wide: float) -> int:
    """Words one after the other, as a browser puts them; ``wide`` is how long a line is, in the height of a letter."""
    count, taken = 0, wide + 1.0
    for word in text.split():
        width = _width(word)
        taken += SPACE + width
        if taken > wide:
            count += max(1, ceil(width / wide))
            taken = width
    return count


def is_whole(text: str, wide: float) -> bool:
    """No word is so long that it would be broken in two."""
    return all(_width(word) <= wide for word in text.split())


@lru_cache(maxsize=4096)
def _width(word: str) -> float:
    """A letter with marks is as wide as without."""
    return sum(map(_letter, unicodedata.normalize("NFD", word)))


def _letter(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if letter in WIDTHS:
        return WIDTHS[letter]
    return CAPITAL if letter.isupper() else DIGIT if letter.isdigit() else OTHER
