"""Graph algorithms on the screens of a practice: reachability, shortest paths, branching points."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from lms.content.model import CompiledModel

Edges = Mapping[str, Iterable[str]]


def reachable(edges: Edges, starts: Iterable[str]) -> set[str]:
    """All nodes reachable from ``starts``, including these."""
    reached = set(starts)
    queue = deque(reached)
    while queue:
        for target in edges.get(queue.popleft(), ()):
            if target not in reached:
                reached.add(target)
                queue.append(target)
    return reached


def reversed_edges(edges: Edges) -> dict[str, set[str]]:
    incoming: dict[str, set[str]] = {}
    for source, targets in edges.items():
        for target in targets:
            incoming.setdefault(target, set()).add(source)
    return incoming


def shortest_paths_to(model: CompiledModel, goal: str) -> dict[str, int]:
    """For each screen the index of the widget on the shortest path to ``goal``, preferably the one with ``=>``."""
    incoming: dict[str, list[tuple[str, int]]] = {}
    for screen_id, screen in model["screens"].items():
        if "end" in screen:
            continue
        for index, widget in enumerate(screen["widgets"]):
            if "arrow" in widget:
                incoming.setdefault(widget["target"], []).append((screen_id, index))
    next_widgets: dict[str, int] = {}
    queue = deque([goal])
    while queue:
        for screen_id, index in incoming.get(queue.popleft(), ()):
            if screen_id == goal or screen_id in next_widgets:
                continue
            next_widgets[screen_id] = index
            queue.append(screen_id)
    return {screen_id: _forward_first(model, screen_id, index) for screen_id, index in next_widgets.items()}


def _forward_first(model: CompiledModel, screen_id: str, index: int) -> int:
    screen = model["screens"][screen_id]
    forward = screen["next"]
    is_same = forward >= 0 and screen["widgets"][forward]["target"] == screen["widgets"][index]["target"]
    return forward if is_same else index


def branching_points(edges: Edges, path: list[str]) -> dict[str, int]:
    """For each screen the index in ``path`` of the first screen from which it can be reached off the path.

    A screen on the path has its own index.
    """
    branches = {screen: index for index, screen in enumerate(path)}
    on_path = set(path)
    off_path_edges = {
        source: [target for target in targets if target not in on_path] for source, targets in edges.items()
    }
    for index, screen in enumerate(path):
        for side_screen in reachable(off_path_edges, [screen]) - on_path:
            branches.setdefault(side_screen, index)
    return branches
