"""Lay out the graph of a practice: boxes for screens in rows and columns, orthogonal lines for arrows.

All lengths are in px. Column 0 holds the main path, one screen a row. Any other screen is in the row of the path screen
from which it is first reached, one column further right for each arrow on the way. Vertical lines run in the channels
between columns; each has its own lane.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.content.practice.graph import Edges, branching_points

BOX_WIDTH = 268
ROW_GAP = 48  # between rows
BOX_GAP = 28  # between boxes in one column and row
PORT_GAP = 24  # between arrows at one side of a box
LANE_GAP = 14  # between vertical lines in a channel
HEAD_LENGTH = 60  # from the nearest lane to a box: room for the arrow head and its label
MARGIN = 24


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """All arrows of one kind from one screen to another, drawn as one line."""

    source: str
    target: str
    kind: str  # "=>", "->" or "x>"


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    height: float

    @property
    def right(self) -> float:
        return self.x + BOX_WIDTH

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Route:
    """The line of an edge. A label at its end is placed at ``label_at``, right of that point if ``label_after``."""

    edge: GraphEdge
    points: tuple[tuple[float, float], ...]
    label_at: tuple[float, float]
    label_after: bool


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    boxes: dict[str, Box]
    routes: tuple[Route, ...]


def lay_out(path: Sequence[str], edges: Sequence[GraphEdge], heights: Mapping[str, float]) -> Layout:
    """Lay out the graph. ``heights`` are the minimum heights of all screens, in file order; arrows may need more."""
    return _LayoutBuilder(path, edges, heights).layout()


class _LayoutBuilder:
    def __init__(self, path: Sequence[str], edges: Sequence[GraphEdge], heights: Mapping[str, float]) -> None:
        self.edges = [edge for edge in edges if edge.source in heights and edge.target in heights]
        targets: dict[str, list[str]] = {}
        for edge in self.edges:
            targets.setdefault(edge.source, []).append(edge.target)
        self.columns = _columns(path, targets, heights)
        points = branching_points(targets, list(path))
        self.rows = {screen: points.get(screen, max(len(path) - 1, 0)) for screen in heights}
        self.gaps: dict[int, float] = {}  # the y of the middle of the gap below each row
        self.row_of_path = {screen: row for row, screen in enumerate(path)}
        self.sides = [self._edge_sides(edge) for edge in self.edges]
        self.heights = {
            screen: max(height, PORT_GAP * (self._max_ports(screen) + 1)) for screen, height in heights.items()
        }

    def layout(self) -> Layout:
        tops = self._tops()
        widest = max(self.columns.values(), default=0)
        lanes = self._lanes(tops)
        widths = [HEAD_LENGTH * 2 + LANE_GAP * max((1 + lane for c, lane in lanes.values() if c == channel), default=0)
                  for channel in range(-1, widest)]  # fmt: skip
        lefts = [MARGIN + widths[0] - HEAD_LENGTH]
        for width in widths[1:]:
            lefts.append(lefts[-1] + BOX_WIDTH + width)
        boxes = {
            screen: Box(lefts[self.columns[screen]], tops[screen], height) for screen, height in self.heights.items()
        }
        lane_x = {
            index: (lefts[channel + 1] - HEAD_LENGTH if channel < 0 else lefts[channel] + BOX_WIDTH + HEAD_LENGTH)
            + (-LANE_GAP if channel < 0 else LANE_GAP) * lane
            for index, (channel, lane) in lanes.items()
        }
        ports = self._ports(tops)
        routes = tuple(self._route(index, boxes, ports, lane_x) for index in range(len(self.edges)))
        height = max((box.y + box.height for box in boxes.values()), default=0) + MARGIN
        return Layout(lefts[-1] + BOX_WIDTH + HEAD_LENGTH + MARGIN, height, boxes, routes)

    # --- sides of boxes

    def _edge_sides(self, edge: GraphEdge) -> tuple[str, str]:
        source_column, target_column = self.columns[edge.source], self.columns[edge.target]
        if source_column == target_column == 0:
            is_next = self.row_of_path[edge.target] == self.row_of_path[edge.source] + 1
            return ("bottom", "top") if is_next and edge.kind == "=>" else ("left", "left")
        if source_column == target_column:
            return ("left", "left")
        return ("right", "left") if source_column < target_column else ("left", "right")

    def _channel(self, index: int) -> int:
        """The channel of an edge's vertical line; channel c is to the right of column c."""
        edge = self.edges[index]
        source_column, target_column = self.columns[edge.source], self.columns[edge.target]
        return (
            source_column - 1
            if source_column == target_column
            else min(source_column, target_column)
            if abs(source_column - target_column) == 1
            else target_column - (source_column < target_column)
        )

    def _is_far(self, index: int) -> bool:
        """Whether there are columns between an edge's two ends."""
        edge = self.edges[index]
        return abs(self.columns[edge.source] - self.columns[edge.target]) > 1

    def _gap(self, index: int) -> float:
        """The y at which a far edge crosses the columns between its ends."""
        return self.gaps[self.rows[self.edges[index].source]] + 5 * (index % 3 - 1)

    def _max_ports(self, screen: str) -> int:
        return max(len(self._ends_at(screen, side)) for side in ("left", "right"))

    def _ends_at(self, screen: str, side: str) -> list[tuple[int, int]]:
        """The (edge index, 0 for its start or 1 for its end) of all edges at one side of a screen."""
        return [
            (index, end)
            for index, edge in enumerate(self.edges)
            for end, name in enumerate((edge.source, edge.target))
            if name == screen and self.sides[index][end] == side
        ]

    # --- positions of boxes

    def _tops(self) -> dict[str, float]:
        """The top of every box; stacks are centred in their row."""
        tops: dict[str, float] = {}
        top = float(MARGIN)
        for row in range(max(self.rows.values(), default=-1) + 1):
            stacks: dict[int, list[str]] = {}
            for screen, its_row in self.rows.items():
                if its_row == row:
                    stacks.setdefault(self.columns[screen], []).append(screen)
            stack_heights = {
                column: sum(self.heights[end_key] for end_key in stack) + BOX_GAP * (len(stack) - 1)
                for column, stack in stacks.items()
            }
            row_height = max(stack_heights.values(), default=0)
            for column, stack in stacks.items():
                y = top + (row_height - stack_heights[column]) / 2
                for screen in stack:
                    tops[screen] = y
                    y += self.heights[screen] + BOX_GAP
            top += row_height + ROW_GAP
            self.gaps[row] = top - ROW_GAP / 2
        return tops

    def _ports(self, tops: Mapping[str, float]) -> dict[tuple[int, int], float]:
        """The y at which each edge touches its boxes, sorted by the y of the other end."""
        ports: dict[tuple[int, int], float] = {}
        for screen, height in self.heights.items():
            for side in ("left", "right"):
                source_column = self._ends_at(screen, side)
                source_column.sort(key=lambda end_key: (self._other_end(end_key, tops), end_key))
                first = tops[screen] + height / 2 - PORT_GAP * (len(source_column) - 1) / 2
                ports |= {end_key: first + PORT_GAP * number for number, end_key in enumerate(source_column)}
        return ports

    def _other_end(self, end_key: tuple[int, int], tops: Mapping[str, float]) -> float:
        index, end = end_key
        screen = self.edges[index].source if end else self.edges[index].target
        return tops[screen] + self.heights[screen] / 2

    def _lanes(self, tops: Mapping[str, float]) -> dict[int, tuple[int, int]]:
        """The (channel, lane) of every edge with a vertical line; overlapping lines get different lanes."""
        ports = self._ports(tops)
        spans: list[tuple[float, float, float, int]] = []
        for index in range(len(self.edges)):
            if self.sides[index][0] == "bottom":
                continue
            low, high = sorted((self._gap(index) if self._is_far(index) else ports[index, 0], ports[index, 1]))
            spans.append((high - low, low, high, index))
        lanes: dict[int, tuple[int, int]] = {}
        taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
        for _, low, high, index in sorted(spans):  # short lines get the lanes next to the boxes
            channel, lane = self._channel(index), 0
            while any(
                low < other + LANE_GAP and high > end_key - LANE_GAP
                for end_key, other in taken.get((channel, lane), ())
            ):
                lane += 1
            taken.setdefault((channel, lane), []).append((low, high))
            lanes[index] = (channel, lane)
        return lanes

    # --- lines

    def _route(
        self, index: int, boxes: Mapping[str, Box], ports: Mapping[tuple[int, int], float], lane_x: Mapping[int, float]
    ) -> Route:
        edge = self.edges[index]
        source, target = boxes[edge.source], boxes[edge.target]
        leaving, arriving = self.sides[index]
        if leaving == "bottom":
            x = source.x + BOX_WIDTH / 2
            points = ((x, source.y + source.height), (x, target.y))
            return Route(edge, points, (x + 12, target.y - 12), label_after=True)
        start = (source.x if leaving == "left" else source.right, ports[index, 0])
        end = (target.x if arriving == "left" else target.right, ports[index, 1])
        x = lane_x[index]
        label_after = arriving == "right"
        label_at = (end[0] + (18 if label_after else -18), end[1] - 6)
        if not self._is_far(index):
            return Route(edge, (start, (x, start[1]), (x, end[1]), end), label_at, label_after)
        # A far edge crosses the columns in the gap below the row, where there are no boxes.
        stub_x = start[0] + (-HEAD_LENGTH / 2 if leaving == "left" else HEAD_LENGTH / 2)
        gap = self._gap(index)
        return Route(
            edge, (start, (stub_x, start[1]), (stub_x, gap), (x, gap), (x, end[1]), end), label_at, label_after
        )


def _columns(path: Sequence[str], targets: Edges, screens: Iterable[str]) -> dict[str, int]:
    """0 for the main path, else a screen's distance from it in arrows; 1 for unreachable screens."""
    columns = dict.fromkeys(path, 0)
    queue = deque(path)
    while queue:
        source_column = queue.popleft()
        for target in targets.get(source_column, ()):
            if target not in columns:
                columns[target] = columns[source_column] + 1
                queue.append(target)
    return {screen: columns.get(screen, 1) for screen in screens}
