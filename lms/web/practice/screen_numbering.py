"""The number that each screen of a practice has for the learner: "màn 3 trong 8"."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.model import Practice
from lms.content.practice.compiling import main_path, scored_screens


@dataclass(frozen=True, slots=True)
class ScreenNumbering:
    """The number of every reachable screen by id, from 1, and the ids of the scored screens."""

    numbers: dict[str, int]
    scored: tuple[str, ...]

    @property
    def total(self) -> int:
        return max(len(self.scored), 1)


def screen_numbers(practice: Practice) -> ScreenNumbering:
    """Number the scored screens; any other screen takes the number of the one that leads to it."""
    scored = tuple(scored_screens(practice))
    on_path: dict[str, int] = {}
    number = 0
    for screen in main_path(practice):
        number += screen in scored
        on_path[screen] = max(number, 1)
    numbers = {screen: on_path[origin] for screen, origin in find_origins(practice, list(on_path)).items()}
    return ScreenNumbering(numbers, scored)


def find_origins(practice: Practice, path: Sequence[str]) -> dict[str, str]:
    """For each screen that is reachable from the screens of ``path``: the one from which the fewest taps lead to it."""
    origins = {screen: screen for screen in path}
    queue = deque(origins)
    while queue:
        screen = practice.screen_by_id(queue.popleft())
        for target in (widget.target for widget in screen.widgets if widget.target):
            if target not in origins:
                origins[target] = origins[screen.id]
                queue.append(target)
    return origins
