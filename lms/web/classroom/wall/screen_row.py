"""The row of small phones on the wall: one per screen of the practice, with the number of learners on it.

Screens have the same numbers as on the learners' phones ("màn 5 trong 10"): a screen that only waits counts as part of
the one before it, and the last screen has no number. Only ``MAX_THUMBS`` fit; the rest is summed up at both ends. The
script of the wall chooses the visible part in the same way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.content.model import FIELD_ROLES, Practice, Screen
from lms.content.practice.compiling import main_path
from lms.web.language import translate
from lms.web.practice.screen_numbering import ScreenNumbering, screen_numbers

MAX_THUMBS = 7  # in the row, the summaries at both ends included
MIN_STUCK_TO_HIGHLIGHT = 3  # fewer would single out a person
Thumbnail = Literal["home", "form", "code", "lock", "list", "dialog", "call", "messages", "scan", "loading", "end"]
_BY_KIND: dict[str, Thumbnail] = {
    "home": "home",
    "dialog": "dialog",
    "permission": "dialog",
    "call": "call",
    "messages": "messages",
    "scan": "scan",
    "loading": "loading",
    "end": "end",
    "lock": "lock",
    "situation": "dialog",
}


@dataclass(frozen=True, slots=True)
class ScreenThumb:
    """One screen. ``number`` is None for the last one; ``width`` is in percent of the busiest screen."""

    screen: str
    number: int | None
    title: str
    thumbnail: Thumbnail
    count: int
    width: int
    stuck: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class HiddenScreens:
    """The screens on one side that are not shown: how many have a number, and the learners on them."""

    screens: int
    count: int


@dataclass(frozen=True, slots=True)
class PracticeBoard:
    title: str
    subtitle: str
    before: HiddenScreens
    screens: tuple[ScreenThumb, ...]
    after: HiddenScreens
    row_screens: Mapping[str, str]  # screen id -> id of the thumb that counts it
    kind: str = "practice"


def practice_board(
    practice: Practice, counts: Mapping[str, int], stuck: str | None, wait_screen_id: str | None
) -> PracticeBoard:
    """Build the row. ``counts`` has the number of learners by screen id."""
    numbering = screen_numbers(practice)
    screens = {screen.id: screen for screen in practice.screens}
    row = [screens[screen_id] for screen_id in _row_screen_ids(practice, numbering)]
    positions = row_screens(practice)
    learners = dict.fromkeys((screen.id for screen in row), 0)
    for screen_id, count in counts.items():
        if screen_id in positions:
            learners[positions[screen_id]] += count
    counts_in_row = [learners[screen.id] for screen in row]
    first, last = visible_thumb_range(counts_in_row)
    highest = max([*counts_in_row, 1])
    highlighted = positions.get(stuck) if stuck else None
    highlighted = highlighted if highlighted and learners[highlighted] >= MIN_STUCK_TO_HIGHLIGHT else None
    waiting_at = practice.screen(wait_screen_id) if wait_screen_id else None
    return PracticeBoard(
        title=translate("Đông nhất ở màn “{}”").format(screens[highlighted].title)
        if highlighted
        else translate("Cả lớp cùng tập"),
        subtitle=translate("Tới màn “{title}” thì dừng, chờ cả lớp.").format(title=waiting_at.title)
        if waiting_at
        else translate("Mỗi số là số người đang ở màn ấy."),
        before=_hidden(row[:first], counts_in_row[:first], numbering),
        screens=tuple(
            ScreenThumb(
                screen.id,
                _number(screen, numbering),
                screen.title,
                thumbnail_of(screen),
                count,
                round(100 * count / highest),
                screen.id == highlighted,
                first <= index < last,
            )
            for index, (screen, count) in enumerate(zip(row, counts_in_row, strict=True))
        ),
        after=_hidden(row[last:], counts_in_row[last:], numbering),
        row_screens=positions,
    )


def _row_screen_ids(practice: Practice, numbering: ScreenNumbering) -> list[str]:
    """Ids of the screens in the row: the numbered ones on the expected path, and the last one."""
    path = main_path(practice)
    return [screen_id for screen_id in path if screen_id in numbering.scored or screen_id == path[-1]]


def _number(screen: Screen, numbering: ScreenNumbering) -> int | None:
    return numbering.numbers[screen.id] if screen.id in numbering.scored else None


def _hidden(screens: Sequence[Screen], counts: Sequence[int], numbering: ScreenNumbering) -> HiddenScreens:
    return HiddenScreens(sum(screen.id in numbering.scored for screen in screens), sum(counts))


def visible_thumb_range(numbers: Sequence[int]) -> tuple[int, int]:
    """The visible part of the row as ``(first, end)``: the one with the most learners, the earlier of equals.

    A summary of hidden screens takes the room of one thumb.
    """
    total = len(numbers)
    if total <= MAX_THUMBS:
        return 0, total
    best, best_count = (0, MAX_THUMBS - 1), -1
    for first in range(total):
        room = MAX_THUMBS - (first > 0)
        last = total if total - first <= room else first + room - 1
        count = sum(numbers[first:last])
        if count > best_count:
            best, best_count = (first, last), count
        if last == total:
            break
    return best


def row_screens(practice: Practice) -> dict[str, str]:
    """Map each screen id to the id of the thumb that counts it: its own, or the screen that leads to it."""
    counted = _row_screen_ids(practice, screen_numbers(practice))
    positions, position = {}, counted[0]
    for screen_id in main_path(practice):
        position = screen_id if screen_id in counted else position
        positions[screen_id] = position
    screens = {screen.id: screen for screen in practice.screens}
    queue = deque(positions)
    while queue:
        screen = screens[queue.popleft()]
        for widget in screen.widgets:
            if widget.target and widget.target not in positions:
                positions[widget.target] = positions[screen.id]
                queue.append(widget.target)
    return positions


def thumbnail_of(screen: Screen) -> Thumbnail:
    """The drawing that resembles the screen most."""
    if screen.kind in _BY_KIND:
        return _BY_KIND[screen.kind]
    fields = [widget for widget in screen.widgets if widget.role in FIELD_ROLES]
    if any(widget.role == "password" for widget in fields):
        return "lock"
    if any(widget.role == "number" and widget.length and widget.length <= 8 for widget in fields):
        return "code"
    return "form" if fields else "list"
