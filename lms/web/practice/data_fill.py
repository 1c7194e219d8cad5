"""Puts an attempt's drawn data in place of ``{{key}}``, numbers grouped so that an older eye can copy them.

A page that many share keeps a slot for each, see ``data_slots``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from markupsafe import Markup, escape

from lms.content.fuzzy_words import fold
from lms.content.practice.placeholders import PLACEHOLDER, fill
from lms.web.page_cache import slot

# Shorter numbers are read at a glance; longer ones are copied digit by digit.
GROUPED_FROM = 6


class Filler:
    """Fills texts with one attempt's data. ``{{key}}`` ignores case and tone marks, as every fixed word does."""

    def __init__(self, data: Mapping[str, str]) -> None:
        self._data = dict(data)
        self._by_key = {fold(name): value for name, value in data.items()}

    def plain(self, text: str | None) -> str:
        """The text with values as they are, for attributes and comparisons. An unknown key stays as typed."""
        return fill(text or "", self._data)

    def text(self, text: str | None) -> Markup:
        """Plain text, escaped, with long numbers in groups."""
        return self._grouped(str(escape(text or "")))

    def html(self, html: str | None) -> Markup:
        """Sanitised HTML. A value inside a tag's attribute is filled in without groups."""
        return self._grouped(html or "")

    def _grouped(self, html: str) -> Markup:
        def put(found: re.Match[str]) -> str:
            value = self._by_key.get(fold(found[1]))
            if value is None:
                return found[0]
            return escape(value) if _is_in_tag(html, found) else grouped(value)

        return Markup(PLACEHOLDER.sub(put, html))  # noqa: S704  (sanitised or escaped, as the values are)


def data_slots(html: str) -> str:
    """Rendered html with each ``{{key}}`` as a slot, for ``fill_slots`` to fill as ``Filler.html`` would."""

    def put(found: re.Match[str]) -> str:
        kind = "value" if _is_in_tag(html, found) else "data"
        return slot(f"{kind} {fold(found[1])}", Markup(found[0]))  # noqa: S704  (html already)

    return PLACEHOLDER.sub(put, html)


def fill_slots(data: Mapping[str, str]) -> dict[str, str]:
    """The slots that one attempt's data fills."""
    by_key = {fold(name): value for name, value in data.items()}
    return {f"data {key}": grouped(value) for key, value in by_key.items()} | {
        f"value {key}": escape(value) for key, value in by_key.items()
    }


def _is_in_tag(html: str, found: re.Match[str]) -> bool:
    return html.rfind("<", 0, found.start()) > html.rfind(">", 0, found.start())


def grouped(value: str) -> Markup:
    """A number of six digits or more in groups of three from the right, one lone digit joining its neighbour.

    The gaps are drawn, not typed: copied text has none.
    """
    if not (value.isascii() and value.isdigit() and len(value) >= GROUPED_FROM):
        return escape(value)
    first = len(value) % 3
    if first == 1:
        first = 4
    cuts = [0, *range(first or 3, len(value), 3), len(value)]
    groups = (value[start:end] for start, end in pairwise(cuts))
    inner = Markup("").join(Markup('<span class="digits__group">{}</span>').format(group) for group in groups)
    return Markup('<span class="digits">{}</span>').format(inner)
