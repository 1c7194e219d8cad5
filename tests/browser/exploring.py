"""Visiting every screen of a practice: its side ways and traps, the right way, and what only another attempt sees."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import pairwise

from lms.content.model import Practice, Screen, Widget
from tests.browser.practising import Practising

Visit = Callable[[Screen], None]


def explores(begin: Callable[[], Practising], visit: Visit) -> set[str]:
    """Call ``visit`` on each screen once; the ids of the visited. ``begin`` starts a fresh attempt in tự làm."""
    explorer = Explorer(begin, visit)
    explorer.goes_everywhere()
    return explorer.seen


class Explorer:
    def __init__(self, begin: Callable[[], Practising], visit: Visit) -> None:
        self.begin, self.visit, self.seen = begin, visit, set()
        self.practising = begin()
        self.practice: Practice = self.practising.practice

    def goes_everywhere(self) -> None:
        self.looks_around(self.practice.start)
        for screen in self.practice.screens:  # what no way leads back from
            if screen.id not in self.seen and (way := route(self.practice, self.practice.start, screen.id)):
                self.practising = self.begin()
                self.walks(way)
                self.looks_around(screen.id)

    def looks_around(self, here: str) -> None:
        """Every way out of ``here`` that leads back first, then on along ``=>``."""
        while True:
            self.sees(here)
            for target in side_ways(self.practice, here):
                back = route(self.practice, target, here)
                if target not in self.seen and back:
                    self.walks([here, target])
                    self.looks_aside(target)
                    self.walks(route(self.practice, self.practising.screen, here))
            onward = right_way(self.practice, here)
            if onward is None or onward in self.seen:
                return
            self.walks([here, onward])
            here = onward

    def looks_aside(self, here: str) -> None:
        self.sees(here)
        for target in [*side_ways(self.practice, here), right_way(self.practice, here)]:
            if target and target not in self.seen and route(self.practice, target, here):
                self.walks([here, target])
                self.looks_aside(target)
                self.walks(route(self.practice, self.practising.screen, here))

    def sees(self, here: str) -> None:
        self.practising.is_on(here)
        if here not in self.seen:
            self.seen.add(here)
            self.visit(self.practice.screen(here))

    def walks(self, way: list[str]) -> None:
        for here, there in pairwise(way):
            self.practising.is_on(here)
            number, widget = arrow_to(self.practice, here, there)
            if widget.arrow == "=>":
                self.practising.fills_everything()
            if widget.role == "wait":
                self.practising.waits(number)
            else:
                self.practising.taps(number)
            self.practising.is_on(there)


def side_ways(practice: Practice, here: str) -> list[str]:
    return [widget.target for widget in practice.screen(here).widgets if widget.arrow in ("->", "x>")]


def right_way(practice: Practice, here: str) -> str | None:
    return next((widget.target for widget in practice.screen(here).widgets if widget.arrow == "=>"), None)


def arrow_to(practice: Practice, here: str, there: str) -> tuple[int, Widget]:
    """The first widget of ``here`` that leads ``there``, and its place; one that checks nothing is preferred."""
    ways = [(number, widget) for number, widget in enumerate(practice.screen(here).widgets) if widget.target == there]
    return min(ways, key=lambda way: way[1].arrow == "=>")


def route(practice: Practice, start: str, goal: str) -> list[str] | None:
    """The fewest screens from ``start`` to ``goal``, both included; None when no arrow leads there."""
    before: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == goal:
            way = [here]
            while before[way[0]] is not None:
                way.insert(0, before[way[0]])
            return way
        for widget in practice.screen(here).widgets:
            if widget.target and widget.target not in before:
                before[widget.target] = here
                waiting.append(widget.target)
    return None
