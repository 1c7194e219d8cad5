"""Where a practice's screens and arrows stand in a picture: the right way goes down, all else stands beside it.

Everything is in px. Column 0 holds the expected path, a row each; a screen beside it stands in the row of the path
screen after which it can first be met, one column further for each arrow that it is away. Arrows are runs of
horizontal and vertical lines; between two columns is a channel, in which every vertical line has a lane of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.content.practice.graph import Edges, branching_points

WIDTH = 268  # of a box
BETWEEN = 48  # from one row to the next
STACKED = 28  # between two boxes of one column and row
PORT = 24  # between two arrows at one side of a box
LANE = 14  # between two vertical lines
HEAD = 60  # from the last lane to a box: an arrow's head and its word stand there
MARGIN = 24


@dataclass(frozen=True, slots=True)
class Way:
    """All arrows of one kind from one screen to another."""

    source: str
    target: str
    arrow: str


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    height: float

    @property
    def right(self) -> float:
        return self.x + WIDTH

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Route:
    """The corners of one way; ``word`` is where a word over its end may stand, ``after`` whether it begins there."""

    way: Way
    points: tuple[tuple[float, float], ...]
    word: tuple[float, float]
    after: bool


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    boxes: dict[str, Box]
    routes: tuple[Route, ...]


def lay_out(path: Sequence[str], ways: Sequence[Way], heights: Mapping[str, float]) -> Layout:
    """``heights``: of every screen's box for its own words, in the order of the file; arrows may make it taller."""
    return _Drawing(path, ways, heights).layout()


class _Drawing:
    def __init__(self, path: Sequence[str], ways: Sequence[Way], heights: Mapping[str, float]) -> None:
        self.ways = [way for way in ways if way.source in heights and way.target in heights]
        edges: dict[str, list[str]] = {}
        for way in self.ways:
            edges.setdefault(way.source, []).append(way.target)
        self.columns = _columns(path, edges, heights)
        points = branching_points(edges, list(path))
        self.rows = {screen: points.get(screen, max(len(path) - 1, 0)) for screen in heights}
        self.gaps: dict[int, float] = {}  # the middle of the space under each row
        self.row_of_path = {screen: row for row, screen in enumerate(path)}
        self.sides = [self._sides(way) for way in self.ways]
        self.heights = {screen: max(height, PORT * (self._busiest(screen) + 1)) for screen, height in heights.items()}

    def layout(self) -> Layout:
        tops = self._tops()
        widest = max(self.columns.values(), default=0)
        lanes = self._lanes(tops)
        widths = [HEAD * 2 + LANE * max((1 + lane for c, lane in lanes.values() if c == channel), default=0)
                  for channel in range(-1, widest)]  # fmt: skip
        lefts = [MARGIN + widths[0] - HEAD]
        for width in widths[1:]:
            lefts.append(lefts[-1] + WIDTH + width)
        boxes = {
            screen: Box(lefts[self.columns[screen]], tops[screen], height) for screen, height in self.heights.items()
        }
        lane_x = {
            index: (lefts[channel + 1] - HEAD if channel < 0 else lefts[channel] + WIDTH + HEAD)
            + (-LANE if channel < 0 else LANE) * lane
            for index, (channel, lane) in lanes.items()
        }
        ports = self._ports(tops)
        routes = tuple(self._route(index, boxes, ports, lane_x) for index in range(len(self.ways)))
        height = max((box.y + box.height for box in boxes.values()), default=0) + MARGIN
        return Layout(lefts[-1] + WIDTH + HEAD + MARGIN, height, boxes, routes)

    # --- which side of its boxes an arrow touches

    def _sides(self, way: Way) -> tuple[str, str]:
        here, there = self.columns[way.source], self.columns[way.target]
        if here == there == 0:
            is_next = self.row_of_path[way.target] == self.row_of_path[way.source] + 1
            return ("bottom", "top") if is_next and way.arrow == "=>" else ("left", "left")
        if here == there:
            return ("left", "left")
        return ("right", "left") if here < there else ("left", "right")

    def _channel(self, index: int) -> int:
        """The channel of a way's vertical line: channel c lies to the right of column c."""
        way = self.ways[index]
        here, there = self.columns[way.source], self.columns[way.target]
        return here - 1 if here == there else min(here, there) if abs(here - there) == 1 else there - (here < there)

    def _is_far(self, index: int) -> bool:
        """Whether whole columns stand between a way's two ends."""
        way = self.ways[index]
        return abs(self.columns[way.source] - self.columns[way.target]) > 1

    def _gap(self, index: int) -> float:
        """The height of the line on which a far way crosses the columns between."""
        return self.gaps[self.rows[self.ways[index].source]] + 5 * (index % 3 - 1)

    def _busiest(self, screen: str) -> int:
        return max(len(self._at(screen, side)) for side in ("left", "right"))

    def _at(self, screen: str, side: str) -> list[tuple[int, int]]:
        """(way, 0 for its beginning or 1 for its end) at one side of a screen."""
        return [
            (index, end)
            for index, way in enumerate(self.ways)
            for end, name in enumerate((way.source, way.target))
            if name == screen and self.sides[index][end] == side
        ]

    # --- where boxes stand

    def _tops(self) -> dict[str, float]:
        """Every screen's upper edge; a path screen stands in the middle of its row."""
        tops: dict[str, float] = {}
        top = float(MARGIN)
        for row in range(max(self.rows.values(), default=-1) + 1):
            stacks: dict[int, list[str]] = {}
            for screen, its_row in self.rows.items():
                if its_row == row:
                    stacks.setdefault(self.columns[screen], []).append(screen)
            tall = {
                column: sum(self.heights[one] for one in stack) + STACKED * (len(stack) - 1)
                for column, stack in stacks.items()
            }
            row_height = max(tall.values(), default=0)
            for column, stack in stacks.items():
                y = top + (row_height - tall[column]) / 2
                for screen in stack:
                    tops[screen] = y
                    y += self.heights[screen] + STACKED
            top += row_height + BETWEEN
            self.gaps[row] = top - BETWEEN / 2
        return tops

    def _ports(self, tops: Mapping[str, float]) -> dict[tuple[int, int], float]:
        """The height at which each way touches its boxes, in the order of where it comes from or goes to."""
        found: dict[tuple[int, int], float] = {}
        for screen, height in self.heights.items():
            for side in ("left", "right"):
                here = self._at(screen, side)
                here.sort(key=lambda one: (self._other(one, tops), one))
                first = tops[screen] + height / 2 - PORT * (len(here) - 1) / 2
                found |= {one: first + PORT * number for number, one in enumerate(here)}
        return found

    def _other(self, one: tuple[int, int], tops: Mapping[str, float]) -> float:
        index, end = one
        screen = self.ways[index].source if end else self.ways[index].target
        return tops[screen] + self.heights[screen] / 2

    def _lanes(self, tops: Mapping[str, float]) -> dict[int, tuple[int, int]]:
        """(channel, lane) of every way that has a vertical line; lines that meet stand in different lanes."""
        ports = self._ports(tops)
        spans = []
        for index in range(len(self.ways)):
            if self.sides[index][0] == "bottom":
                continue
            low, high = sorted((self._gap(index) if self._is_far(index) else ports[index, 0], ports[index, 1]))
            spans.append((high - low, low, high, index))
        lanes: dict[int, tuple[int, int]] = {}
        taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
        for _, low, high, index in sorted(spans):  # the short ones next to the boxes
            channel, lane = self._channel(index), 0
            while any(low < other + LANE and high > one - LANE for one, other in taken.get((channel, lane), ())):
                lane += 1
            taken.setdefault((channel, lane), []).append((low, high))
            lanes[index] = (channel, lane)
        return lanes

    # --- the lines

    def _route(
        self, index: int, boxes: Mapping[str, Box], ports: Mapping[tuple[int, int], float], lane_x: Mapping[int, float]
    ) -> Route:
        way = self.ways[index]
        source, target = boxes[way.source], boxes[way.target]
        leaving, arriving = self.sides[index]
        if leaving == "bottom":
            x = source.x + WIDTH / 2
            points = ((x, source.y + source.height), (x, target.y))
            return Route(way, points, (x + 12, target.y - 12), after=True)
        start = (source.x if leaving == "left" else source.right, ports[index, 0])
        end = (target.x if arriving == "left" else target.right, ports[index, 1])
        x = lane_x[index]
        after = arriving == "right"
        word = (end[0] + (18 if after else -18), end[1] - 6)
        if not self._is_far(index):
            return Route(way, (start, (x, start[1]), (x, end[1]), end), word, after)
        # Over the columns between them it goes in the space under the row, where no box stands.
        beside = start[0] + (-HEAD / 2 if leaving == "left" else HEAD / 2)
        gap = self._gap(index)
        return Route(way, (start, (beside, start[1]), (beside, gap), (x, gap), (x, end[1]), end), word, after)


def _columns(path: Sequence[str], edges: Edges, screens: Iterable[str]) -> dict[str, int]:
    """0 for the path, else how many arrows a screen is away from it; what nothing leads to stands beside it."""
    columns = dict.fromkeys(path, 0)
    waiting = deque(path)
    while waiting:
        here = waiting.popleft()
        for target in edges.get(here, ()):
            if target not in columns:
                columns[target] = columns[here] + 1
                waiting.append(target)
    return {screen: columns.get(screen, 1) for screen in screens}
