"""The row of small phones: one a screen that learners count, how many stand there, and which part of the row is shown.

A screen has here the number that a phone says of it ("màn 5 trong 10"), so that who calls it across the hall is found:
one that only waits belongs to the screen before it, and the end has none. A hall of phones far along would not fit;
what is passed folds together, and so does what nobody has come to. ``stands.js`` folds the same way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.content.model import FIELD_ROLES, Practice, Screen
from lms.content.practice.compiling import path_of
from lms.web.classroom.wall.font_fit import Fit, names_lines, phones_fit
from lms.web.practice.screen_numbers import Places, find_places

MOST = 7  # phones in the row, folds among them
ENOUGH_TO_RING = 3  # fewer would point at a person
Thumb = Literal["home", "form", "code", "lock", "list", "dialog", "call", "messages", "scan", "loading", "end"]
_BY_KIND: dict[str, Thumb] = {
    "home": "home",
    "dialog": "dialog",
    "permission": "dialog",
    "call": "call",
    "messages": "messages",
    "scan": "scan",
    "loading": "loading",
    "end": "end",
}


@dataclass(frozen=True, slots=True)
class Stand:
    """One screen. ``number`` is None at the end; ``width`` is its bar's, in percent of the fullest."""

    screen: str
    number: int | None
    title: str
    thumb: Thumb
    count: int
    width: int
    stuck: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class Fold:
    """Screens that are not shown: how many of those that have a number, and how many phones are on them."""

    screens: int
    count: int


@dataclass(frozen=True, slots=True)
class PhonesBoard:
    title: str
    more: str  # a second, quieter line
    before: Fold
    stands: tuple[Stand, ...]
    after: Fold
    homes: Mapping[str, str]  # every screen's place in the row
    fit: Fit  # of the title, whichever screen is the fullest
    names: tuple[int, int]  # the most lines of a name under a phone, on 16:9 and on 4:3
    kind: str = "phones"


def phones_board(practice: Practice, counts: Mapping[str, int], stuck: str | None, gate: str | None) -> PhonesBoard:
    """``counts``: phones by the screen they are on, wherever that is."""
    places = find_places(practice)
    way = [practice.screen(screen_id) for screen_id in _counted(practice, places)]
    homes = homes_of(practice)
    gathered = dict.fromkeys((screen.id for screen in way), 0)
    for screen_id, count in counts.items():
        if screen_id in homes:
            gathered[homes[screen_id]] += count
    numbers = [gathered[screen.id] for screen in way]
    first, last = window(numbers)
    most = max([*numbers, 1])
    ringed = homes.get(stuck) if stuck else None
    ringed = ringed if ringed and gathered[ringed] >= ENOUGH_TO_RING else None
    held = practice.screen(gate) if gate else None
    return PhonesBoard(
        title=_fullest(practice.screen(ringed)) if ringed else "Cả lớp cùng tập",
        more=f"Tới màn “{held.title}” thì dừng, chờ cả lớp." if held else "Mỗi số là số người đang ở màn ấy.",
        before=_fold(way[:first], numbers[:first], places),
        stands=tuple(
            Stand(
                screen.id,
                _number(screen, places),
                screen.title,
                thumb_of(screen),
                count,
                round(100 * count / most),
                screen.id == ringed,
                first <= place < last,
            )
            for place, (screen, count) in enumerate(zip(way, numbers, strict=True))
        ),
        after=_fold(way[last:], numbers[last:], places),
        homes=homes,
        fit=phones_fit([_fullest(screen) for screen in way]),
        names=names_lines(screen.title for screen in way),
    )


def _counted(practice: Practice, places: Places) -> list[str]:
    """The screens of the row: those of the right way that have a number of their own, and the end."""
    path = path_of(practice)
    return [screen_id for screen_id in path if screen_id in places.scored or screen_id == path[-1]]


def _number(screen: Screen, places: Places) -> int | None:
    return places.numbers[screen.id] if screen.id in places.scored else None


def _fold(screens: Sequence[Screen], numbers: Sequence[int], places: Places) -> Fold:
    return Fold(sum(screen.id in places.scored for screen in screens), sum(numbers))


def _fullest(screen: Screen) -> str:
    return f"Đông nhất ở màn “{screen.title}”"


def window(numbers: Sequence[int], most: int = MOST) -> tuple[int, int]:
    """From where to where the row is shown, the end left out: the part with the most phones on it, the earlier one of
    two alike. What is left out on a side takes the place of one phone there."""
    total = len(numbers)
    if total <= most:
        return 0, total
    best, best_count = (0, most - 1), -1
    for first in range(total):
        room = most - (first > 0)
        last = total if total - first <= room else first + room - 1
        count = sum(numbers[first:last])
        if count > best_count:
            best, best_count = (first, last), count
        if last == total:
            break
    return best


def homes_of(practice: Practice) -> dict[str, str]:
    """Every screen's place in the row: its own, or the one that it was reached from. Astray is nobody's name."""
    counted = _counted(practice, find_places(practice))
    homes, home = {}, counted[0]
    for screen_id in path_of(practice):
        home = screen_id if screen_id in counted else home
        homes[screen_id] = home
    waiting = deque(homes)
    while waiting:
        screen = practice.screen(waiting.popleft())
        for widget in screen.widgets:
            if widget.target and widget.target not in homes:
                homes[widget.target] = homes[screen.id]
                waiting.append(widget.target)
    return homes


def thumb_of(screen: Screen) -> Thumb:
    """The small drawing that looks most like it from the last row."""
    if screen.kind in _BY_KIND:
        return _BY_KIND[screen.kind]
    fields = [widget for widget in screen.widgets if widget.role in FIELD_ROLES]
    if any(widget.role == "password" for widget in fields):
        return "lock"
    if any(widget.role == "number" and widget.length and widget.length <= 8 for widget in fields):
        return "code"
    return "form" if fields else "list"
