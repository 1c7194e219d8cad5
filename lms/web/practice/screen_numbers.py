"""The number that each screen of a practice has for the learner: "màn 3 trong 8"."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from lms.content.model import Practice
from lms.content.practice.compiling import main_path


@dataclass(frozen=True, slots=True)
class ScreenNumbers:
    """The number of every reachable screen by id, from 1, and the ids of the scored screens."""

    numbers: dict[str, int]
    scored: tuple[str, ...]

    @property
    def total(self) -> int:
        return max(len(self.scored), 1)


def screen_numbers(practice: Practice) -> ScreenNumbers:
    """Number the scored screens; any other screen takes the number of the one that leads to it."""
    path = [practice.screen_by_id(screen_id) for screen_id in main_path(practice)]
    scored = tuple(screen.id for screen in path if screen.task and screen.kind != "end")
    numbers: dict[str, int] = {}
    number = 0
    for screen in path:
        number += screen.id in scored
        numbers[screen.id] = max(number, 1)
    queue = deque(path)
    while queue:
        screen = queue.popleft()
        for widget in screen.widgets:
            target = practice.screen_by_id(widget.target) if widget.target else None
            if target is not None and target.id not in numbers:
                numbers[target.id] = numbers[screen.id]
                queue.append(target)
    return ScreenNumbers(numbers, scored)
