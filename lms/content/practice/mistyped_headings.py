"""Headings of screens that are typed otherwise: underlined, with another number of ``#``, or as a plain line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from lms.content.fuzzy_matching import normalize_word
from lms.content.practice.arrows import find_arrow
from lms.content.practice.line_patterns import HEADING, ITEM, ROLE, TIGHT_HEADING, UNDERLINE
from lms.content.practice.syntax_tree import DraftScreen
from lms.content.practice.vocabulary import QUOTES
from lms.content.practice.widget_syntax import mask_of_quoted_characters
from lms.content.source import Diagnostics

_TITLE_MARKS = re.compile(r"(?:\\?#+|\*\*|=+|[Mm]àn(?: hình)?(?: \d+)?\s*[:.–-])\s*")


class MistypedHeadings:
    """Finds and reports lines that are meant as headings.

    ``meant``: all lines with ASCII punctuation. ``first``: the first line of the storyboard. ``end_titles``: the titles
    of the start and the goal in the front matter.
    """

    def __init__(self, diagnostics: Diagnostics, meant: Sequence[str], first: int, end_titles: Iterable[str]) -> None:
        self._diagnostics = diagnostics
        self._meant = meant
        self._first = first
        self._end_titles = end_titles

    def is_target(self, title: str) -> bool:
        """Whether arrows look for a screen of this title, which no ``##`` heading has."""
        return _normalized_title(title) in self._target_titles

    def is_note(self, index: int, title: str, screen: DraftScreen | None) -> bool:
        """Whether a line with one # is no screen: no arrow looks for it, and it begins none."""
        following = self._diagnostics.source.lines[index + 1 : index + 2]
        opens_screen = any(QUOTES.find(line.lstrip("＞> ").partition(":")[0]) == "task" for line in following)
        is_first = screen is not None and not screen.quotes and not screen.widgets
        return is_first or (not opens_screen and not self.is_target(title))

    def is_underlined(self, index: int) -> bool:
        following = self._diagnostics.source.lines[index + 1 : index + 2]
        return any(map(UNDERLINE.match, following))

    def report_underlined(self, index: int) -> None:
        """Report a heading in Setext style."""
        title = self._diagnostics.source.lines[index].strip()
        message = "Bắt đầu tên màn hình bằng ## ở đầu dòng, không gạch chân bằng dấu - hay dấu =."
        self._diagnostics.error("heading-underlined", message, index, 0, f"## {title}")

    def find_lost_title(self, typed: str) -> str | None:
        """The title of a screen that arrows look for, typed as a line without ``##``: bare, bold, or with a number."""
        bare = _TITLE_MARKS.sub("", typed.strip()).rstrip("*=: ").strip('“”"')
        return next((title for title in (typed.strip(), bare) if self.is_target(title)), None)

    @cached_property
    def _target_titles(self) -> frozenset[str]:
        """Normalised titles of targets that no ``##`` heading has. Another heading with one is meant as a screen."""
        wanted = {normalize_word(title) for title in self._end_titles}
        titles: set[str] = set()
        for typed, meant in zip(self._diagnostics.source.lines[self._first :], self._meant[self._first :], strict=True):
            is_heading = meant.lstrip().startswith("#")
            heading = (HEADING.match(meant) or TIGHT_HEADING.match(meant)) if is_heading else None
            item = ITEM.match(meant) if not is_heading else None
            if item and ROLE.match(meant, item.end()):
                arrow = find_arrow(typed, mask_of_quoted_characters(typed), item.end())
                if arrow:
                    wanted.add(normalize_word(typed[arrow.end :]))
            elif heading and len(heading[2]) == 2:
                titles.add(_normalized_title(meant[heading.end() :]))
        return frozenset(wanted - titles - {""})


def _normalized_title(typed: str) -> str:
    return normalize_word(typed.partition(" {")[0].strip("# "))
