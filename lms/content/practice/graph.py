"""The screens as a graph: what can be reached, from where the goal can, and what comes first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

Edges = Mapping[str, Iterable[str]]


def reachable(edges: Edges, starts: Iterable[str]) -> set[str]:
    """Everything that can be reached from ``starts``, these included."""
    seen = set(starts)
    waiting = deque(seen)
    while waiting:
        for target in edges.get(waiting.popleft(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def reversed_edges(edges: Edges) -> dict[str, set[str]]:
    back: dict[str, set[str]] = {}
    for source, targets in edges.items():
        for target in targets:
            back.setdefault(target, set()).add(source)
    return back


def ways_to(model: dict, goal: str) -> dict[str, int]:
    """For each screen the place of the widget that leads the shortest way to ``goal``; among equals a ``=>``."""
    back: dict[str, list[tuple[str, int]]] = {}
    for screen_id, screen in model["screens"].items():
        if "end" in screen:
            continue
        for place, widget in enumerate(screen["widgets"]):
            if "arrow" in widget:
                back.setdefault(widget["target"], []).append((screen_id, place))
    ways: dict[str, int] = {}
    waiting = deque([goal])
    while waiting:
        for screen_id, place in back.get(waiting.popleft(), ()):
            if screen_id == goal or screen_id in ways:
                continue
            ways[screen_id] = place
            waiting.append(screen_id)
    return {screen_id: _forward_first(model, screen_id, place) for screen_id, place in ways.items()}


def _forward_first(model: dict, screen_id: str, place: int) -> int:
    screen = model["screens"][screen_id]
    forward = screen["next"]
    same = forward >= 0 and screen["widgets"][forward]["target"] == screen["widgets"][place]["target"]
    return forward if same else place


def branching_points(edges: Edges, path: list[str]) -> dict[str, int]:
    """For each screen the place on the path after which it can first be met; a path screen has its own place."""
    points = {screen: place for place, screen in enumerate(path)}
    on_path = set(path)
    aside = {source: [target for target in targets if target not in on_path] for source, targets in edges.items()}
    for place, screen in enumerate(path):
        for met in reachable(aside, [screen]) - on_path:
            points.setdefault(met, place)
    return points
