"""Visit every screen of a practice: side branches, traps, the expected path, and screens that need another attempt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import pairwise

from lms.content.model import Practice, Screen, Widget
from tests.browser.practice_page import PracticePage

Visit = Callable[[Screen], None]


def visit_every_screen(begin: Callable[[], PracticePage], visit: Visit) -> set[str]:
    """Call ``visit`` once on each screen and return the visited ids. ``begin`` starts a new attempt in mode tu-lam."""
    explorer = PracticeExplorer(begin, visit)
    explorer.visit_all()
    return explorer.seen


class PracticeExplorer:
    def __init__(self, begin: Callable[[], PracticePage], visit: Visit) -> None:
        self.begin, self.visit, self.seen = begin, visit, set()
        self.practice_page = begin()
        self.practice: Practice = self.practice_page.practice

    def visit_all(self) -> None:
        self.explore_from(self.practice.start)
        for screen in self.practice.screens:  # those that no path leads back from
            if screen.id not in self.seen and (path := shortest_path(self.practice, self.practice.start, screen.id)):
                self.practice_page = self.begin()
                self.walk(path)
                self.explore_from(screen.id)

    def explore_from(self, here: str) -> None:
        """Explore all side branches of ``here`` that lead back, then go on along ``=>``."""
        while True:
            self.visit_once(here)
            for target in side_targets(self.practice, here):
                back = shortest_path(self.practice, target, here)
                if target not in self.seen and back:
                    self.walk([here, target])
                    self.explore_branch(target)
                    self.walk(shortest_path(self.practice, self.practice_page.screen, here))
            onward = expected_target(self.practice, here)
            if onward is None or onward in self.seen:
                return
            self.walk([here, onward])
            here = onward

    def explore_branch(self, here: str) -> None:
        self.visit_once(here)
        for target in [*side_targets(self.practice, here), expected_target(self.practice, here)]:
            if target and target not in self.seen and shortest_path(self.practice, target, here):
                self.walk([here, target])
                self.explore_branch(target)
                self.walk(shortest_path(self.practice, self.practice_page.screen, here))

    def visit_once(self, here: str) -> None:
        self.practice_page.expect_screen(here)
        if here not in self.seen:
            self.seen.add(here)
            self.visit(self.practice.screen(here))

    def walk(self, path: list[str]) -> None:
        for here, there in pairwise(path):
            self.practice_page.expect_screen(here)
            number, widget = widget_leading_to(self.practice, here, there)
            if widget.arrow == "=>":
                self.practice_page.fill_all()
            if widget.role == "wait":
                self.practice_page.wait_on(number)
            else:
                self.practice_page.tap(number)
            self.practice_page.expect_screen(there)


def side_targets(practice: Practice, here: str) -> list[str]:
    return [widget.target for widget in practice.screen(here).widgets if widget.arrow in ("->", "x>")]


def expected_target(practice: Practice, here: str) -> str | None:
    return next((widget.target for widget in practice.screen(here).widgets if widget.arrow == "=>"), None)


def widget_leading_to(practice: Practice, here: str, there: str) -> tuple[int, Widget]:
    """Return the index and widget of ``here`` that leads ``there``, preferably one that validates nothing."""
    leading = [
        (number, widget) for number, widget in enumerate(practice.screen(here).widgets) if widget.target == there
    ]
    return min(leading, key=lambda pair: pair[1].arrow == "=>")


def shortest_path(practice: Practice, start: str, goal: str) -> list[str] | None:
    """Return the shortest list of screens from ``start`` to ``goal``, both included, or None if there is no path."""
    before: dict[str, str | None] = {start: None}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == goal:
            path = [here]
            while before[path[0]] is not None:
                path.insert(0, before[path[0]])
            return path
        for widget in practice.screen(here).widgets:
            if widget.target and widget.target not in before:
                before[widget.target] = here
                waiting.append(widget.target)
    return None
