"""Generate walks through a practice: the expected path, shortest paths to the goal, mistakes, and random walks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from lms.content.model import FIELD_ROLES, STATIC_ROLES, TAP_ROLES, CompiledModel, Mode, Practice, Screen, Widget
from lms.content.practice import engine, fields
from lms.content.practice.compiling import compile_model, path_screens
from lms.content.practice.graph import shortest_paths_to
from lms.content.practice.placeholders import fill_placeholders

ACTION_OF_ROLE = {
    **dict.fromkeys(("number", "text", "password"), "type"),
    "select": "choose",
    "switch": "switch",
    "sms": "read",
    "wait": "wait",
    **engine.GESTURE_ACTIONS,
}
HELP_ACTIONS = ("hint", "point", "do")
_MAX_WALK_EVENTS = 200  # of a random walk


class PathStep(NamedTuple):
    """One action. Help and missed taps have ``widget`` −1 and ``label`` ""; only fields have a ``value``."""

    screen: str
    widget: int
    label: str
    action: str
    value: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "screen": self.screen,
            "widget": self.widget,
            "label": self.label,
            "action": self.action,
            "value": self.value,
        }

    def to_event(self, number: int, milliseconds: float) -> list[Any]:
        event: list[Any] = [number, milliseconds, self.screen, self.widget, self.action]
        return event if self.value is None else [*event, self.value]


def to_events(steps: list[PathStep]) -> list[list[Any]]:
    """The steps as a log of events, one second apart."""
    return [step.to_event(q, q * 1000) for q, step in enumerate(steps, 1)]


def expected_path(practice: Practice, data: Mapping[str, str]) -> list[PathStep]:
    """For each screen of the main path the fields in file order, then the tap on ``=>``."""
    steps: list[PathStep] = []
    for screen in path_screens(practice):
        forward = next((index for index, widget in enumerate(screen.widgets) if widget.arrow == "=>"), None)
        if forward is None or screen.kind == "end":
            break
        steps += _fill_fields(screen, data)
        steps.append(_tap(screen, forward, data))
    return steps


def shortest_path(
    practice: Practice, next_widgets: Mapping[str, int], start: str, data: Mapping[str, str]
) -> list[PathStep]:
    """The steps of the shortest path from a screen to the goal, with all fields filled in correctly.

    ``next_widgets`` is the result of graph.shortest_paths_to.
    """
    steps: list[PathStep] = []
    screens = {screen.id: screen for screen in practice.screens}
    while start in next_widgets and start != practice.goal:
        screen = screens[start]
        steps += _fill_fields(screen, data)
        steps.append(_tap(screen, next_widgets[start], data))
        start = screen.widgets[next_widgets[start]].target or ""
    return steps


def possible_mistakes(screen: Screen, data: Mapping[str, str]) -> Iterator[list[PathStep]]:
    """Every single mistake that is possible on a screen, each as the steps that make it."""
    yield [PathStep(screen.id, -1, "", "miss")]
    yield [PathStep(screen.id, -1, "", "hint")]
    forward = next((index for index, widget in enumerate(screen.widgets) if widget.arrow == "=>"), None)
    for index, widget in enumerate(screen.widgets):
        if widget.role in FIELD_ROLES:
            for value in _wrong_values(widget, data):
                wrong_input = PathStep(
                    screen.id, index, fill_placeholders(widget.label, data), ACTION_OF_ROLE[widget.role], value
                )
                yield [wrong_input] if forward is None else [wrong_input, _tap(screen, forward, data)]
        elif widget.role in TAP_ROLES and widget.arrow != "=>":
            yield [_tap(screen, index, data)]


def random_walks(
    practice: Practice, data: Mapping[str, str], count: int, seed: str | int, mode: Mode
) -> list[list[PathStep]]:
    """Random walks with wrong turns, wrong values, help, missed taps and repeated actions; most reach an end."""
    model = compile_model(practice)
    next_widgets = shortest_paths_to(model, practice.goal)
    rngs = [Random(f"{seed}/{number}") for number in range(count)]  # noqa: S311  reproducible, not secret
    return [_random_walk(practice, model, next_widgets, data, rng, mode) for rng in rngs]


def _random_walk(
    practice: Practice,
    model: CompiledModel,
    next_widgets: Mapping[str, int],
    data: Mapping[str, str],
    rng: Random,
    mode: Mode,
) -> list[PathStep]:
    steps: list[PathStep] = []
    screens = {screen.id: screen for screen in practice.screens}
    state = engine.initial_state(model)
    carefulness = rng.choice((0.2, 0.4, 0.6, 0.8))
    detour = rng.randrange(max(len(model["path"]) - 1, 1))  # the screen on which the walk certainly leaves the path
    screens_visited = 0
    while not state.ended and len(steps) < _MAX_WALK_EVENTS:
        screen = screens[state.screen]
        screens_visited += 1
        if rng.random() < carefulness and screen.id in next_widgets and screens_visited - 1 != detour:
            new_steps = [*_fill_fields(screen, data), _tap(screen, next_widgets[screen.id], data)]
            if mode == Mode.FOLLOW:
                new_steps[-1] = _tap(screen, model["screens"][screen.id]["next"], data)
        else:
            new_steps = [_random_step(screen, model, data, rng, mode)]
            if rng.random() < 0.2:
                new_steps *= 2
        for step in new_steps:
            if state.screen != step.screen or state.ended:
                break
            engine.step_in_place(model, data, state, step.to_event(state.q + 1, state.t + rng.randrange(4000)), mode)
            steps.append(step)
    return steps


def _random_step(screen: Screen, model: CompiledModel, data: Mapping[str, str], rng: Random, mode: Mode) -> PathStep:
    choices = [PathStep(screen.id, -1, "", "miss")]
    if mode != Mode.TEST:
        help_actions = HELP_ACTIONS if model["screens"][screen.id]["next"] >= 0 else HELP_ACTIONS[:1]
        choices.append(PathStep(screen.id, -1, "", rng.choice(help_actions)))
    for index, widget in enumerate(screen.widgets):
        label = fill_placeholders(widget.label, data)
        if widget.role in FIELD_ROLES:
            values = [*_wrong_values(widget, data), *_right_values(widget, data)]
            choices.append(PathStep(screen.id, index, label, ACTION_OF_ROLE[widget.role], rng.choice(values)))
        elif widget.role not in STATIC_ROLES:
            other_action = engine.GESTURE_ACTIONS.get(widget.role, "hold")
            is_tapped = widget.role in TAP_ROLES
            action = rng.choice(("tap", "tap", "tap", other_action)) if is_tapped else ACTION_OF_ROLE[widget.role]
            choices.append(PathStep(screen.id, index, label, action))
    return rng.choice(choices)


def _fill_fields(screen: Screen, data: Mapping[str, str]) -> list[PathStep]:
    return [
        PathStep(
            screen.id,
            index,
            fill_placeholders(widget.label, data),
            ACTION_OF_ROLE[widget.role],
            _right_values(widget, data)[0],
        )
        for index, widget in enumerate(screen.widgets)
        if widget.role in FIELD_ROLES
    ]


def _tap(screen: Screen, index: int, data: Mapping[str, str]) -> PathStep:
    widget = screen.widgets[index]
    return PathStep(screen.id, index, fill_placeholders(widget.label, data), ACTION_OF_ROLE.get(widget.role, "tap"))


def _right_values(widget: Widget, data: Mapping[str, str]) -> list[str]:
    if widget.rule:
        return [fields.SATISFIES_RULE]
    return [fill_placeholders(value, data) for value in widget.values]


def _wrong_values(widget: Widget, data: Mapping[str, str]) -> list[str]:
    """Values that are sent if something wrong is typed or chosen."""
    right = _right_values(widget, data)
    if widget.role == "switch":
        return [word for word in fields.SWITCH_CHOICES if word not in right]
    if widget.role == "select":
        return [item for item in (fill_placeholders(item, data) for item in widget.items) if item not in right]
    return ["?0", "?" + str(len(right[0]) if right else 1)]
