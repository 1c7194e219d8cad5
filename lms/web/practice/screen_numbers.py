"""Where things stand: a practice in the site, and a screen on the way, as a learner says it aloud to a helper."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from lms.content.model import Lesson, Practice, Screen
from lms.content.practice.compiling import path_of


@dataclass(frozen=True, slots=True)
class Places:
    """``numbers`` maps every screen id that can be reached to its number from 1; ``scored`` are those that count."""

    numbers: dict[str, int]
    scored: tuple[str, ...]

    @property
    def total(self) -> int:
        return max(len(self.scored), 1)


def introduction_address(lesson: Lesson, practice_name: str) -> str:
    return f"/{lesson.course}/{lesson.slug}/lam" + (f"/{practice_name}" if practice_name else "")


def right_way(screen: Screen) -> int | None:
    """The place of the first ``=>`` on a screen, or None."""
    return next((place for place, widget in enumerate(screen.widgets) if widget.arrow == "=>"), None)


def find_places(practice: Practice) -> Places:
    """Number the scored screens; every other screen takes the number of the one it was reached from."""
    path = [practice.screen(screen_id) for screen_id in path_of(practice)]
    scored = tuple(screen.id for screen in path if screen.task and screen.kind != "end")
    numbers: dict[str, int] = {}
    number = 0
    for screen in path:
        number += screen.id in scored
        numbers[screen.id] = max(number, 1)
    waiting = deque(path)
    while waiting:
        screen = waiting.popleft()
        for widget in screen.widgets:
            target = practice.screen(widget.target) if widget.target else None
            if target is not None and target.id not in numbers:
                numbers[target.id] = numbers[screen.id]
                waiting.append(target)
    return Places(numbers, scored)
