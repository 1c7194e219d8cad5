"""Walks through a practice: the expected path, the way back to it after a mistake, and random ones with wrong turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from lms.content.model import FIELD_ROLES, Mode, Practice, Screen, Widget
from lms.content.practice import engine, fields
from lms.content.practice.compiling import compile_model, draw, path_of
from lms.content.practice.graph import ways_to
from lms.content.practice.placeholders import fill

ACTION_OF_ROLE = {
    **dict.fromkeys(("number", "text", "password"), "type"),
    "select": "choose",
    "switch": "switch",
    "sms": "read",
    "wait": "wait",
}
HELP = ("hint", "point", "do")
_LONGEST_WALK = 200  # events of a random walk that has not ended by then


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done. Help and a missed tap have ``widget`` −1 and ``label`` ""; only fields have a ``value``."""

    screen: str
    widget: int
    label: str
    action: str
    value: str | None = None

    def as_json(self) -> dict:
        return {
            "screen": self.screen,
            "widget": self.widget,
            "label": self.label,
            "action": self.action,
            "value": self.value,
        }

    def as_event(self, q: int, t: float) -> list:
        event = [q, t, self.screen, self.widget, self.action]
        return event if self.value is None else [*event, self.value]


def events_of(steps: list[Step]) -> list[list]:
    """The steps as a log, a second apart."""
    return [step.as_event(q, q * 1000) for q, step in enumerate(steps, 1)]


def expected_path(practice: Practice, data: Mapping[str, str]) -> list[Step]:
    """Screen by screen the fields in file order, then the ``=>``. Messages and ends are no steps."""
    steps: list[Step] = []
    for screen in map(practice.screen, path_of(practice)):
        forward = next((place for place, widget in enumerate(screen.widgets) if widget.arrow == "=>"), None)
        if forward is None or screen.kind == "end":
            break
        steps += _filled(screen, data)
        steps.append(_take(screen, forward, data))
    return steps


def walk(practice: Practice, seed: str | int) -> list[Step]:
    """The expected path with the data that the seed draws."""
    return expected_path(practice, draw(practice, seed))


def way_to_goal(practice: Practice, ways: Mapping[str, int], start: str, data: Mapping[str, str]) -> list[Step]:
    """The shortest way from a screen to the goal, every field filled in rightly. ``ways`` is of graph.ways_to."""
    steps: list[Step] = []
    screens = {screen.id: screen for screen in practice.screens}
    while start in ways and start != practice.goal:
        screen = screens[start]
        steps += _filled(screen, data)
        steps.append(_take(screen, ways[start], data))
        start = screen.widgets[ways[start]].target or ""
    return steps


def mistakes(screen: Screen, data: Mapping[str, str]) -> Iterator[list[Step]]:
    """Every single thing that a learner may do wrong on a screen, each as the steps that do it."""
    yield [Step(screen.id, -1, "", "miss")]
    yield [Step(screen.id, -1, "", "hint")]
    forward = next((place for place, widget in enumerate(screen.widgets) if widget.arrow == "=>"), None)
    for place, widget in enumerate(screen.widgets):
        if widget.role in FIELD_ROLES:
            for value in _wrong_values(widget, data):
                spoilt = Step(screen.id, place, fill(widget.label, data), ACTION_OF_ROLE[widget.role], value)
                yield [spoilt] if forward is None else [spoilt, _take(screen, forward, data)]
        elif ACTION_OF_ROLE.get(widget.role, "tap") != "tap" or widget.role in ("label", "image"):
            continue
        elif widget.arrow != "=>":
            yield [_take(screen, place, data)]


def random_walks(
    practice: Practice, data: Mapping[str, str], count: int, seed: str | int, mode: Mode
) -> list[list[Step]]:
    """Walks that wander: wrong turns, wrong values, help, missed taps, the same thing twice; most reach an end."""
    model = compile_model(practice)
    ways = ways_to(model, practice.goal)
    dice = [Random(f"{seed}/{number}") for number in range(count)]  # noqa: S311  to be walked again, not to be secret
    return [_random_walk(practice, model, ways, data, one, mode) for one in dice]


def _random_walk(
    practice: Practice, model: dict, ways: Mapping[str, int], data: Mapping[str, str], dice: Random, mode: Mode
) -> list[Step]:
    steps: list[Step] = []
    state = engine.begin(model)
    carefulness = dice.choice((0.2, 0.4, 0.6, 0.8))
    stray = dice.randrange(max(len(model["path"]) - 1, 1))  # at least here something else is done
    screens_met = 0
    while not state.ended and len(steps) < _LONGEST_WALK:
        screen = practice.screen(state.screen)
        screens_met += 1
        if dice.random() < carefulness and screen.id in ways and screens_met - 1 != stray:
            taken = [*_filled(screen, data), _take(screen, ways[screen.id], data)]
            if mode == "lam-theo":
                taken[-1] = _take(screen, model["screens"][screen.id]["next"], data)
        else:
            taken = [_wander(screen, model, data, dice, mode)]
            if dice.random() < 0.2:
                taken *= 2
        for step in taken:
            if state.screen != step.screen or state.ended:
                break
            engine.step_on(model, data, state, step.as_event(state.q + 1, state.t + dice.randrange(4000)), mode)
            steps.append(step)
    return steps


def _wander(screen: Screen, model: dict, data: Mapping[str, str], dice: Random, mode: Mode) -> Step:
    choices = [Step(screen.id, -1, "", "miss")]
    if mode != "kiem-tra":
        rungs = HELP if model["screens"][screen.id]["next"] >= 0 else HELP[:1]
        choices.append(Step(screen.id, -1, "", dice.choice(rungs)))
    for place, widget in enumerate(screen.widgets):
        label = fill(widget.label, data)
        if widget.role in FIELD_ROLES:
            values = [*_wrong_values(widget, data), *_right_values(widget, data)]
            choices.append(Step(screen.id, place, label, ACTION_OF_ROLE[widget.role], dice.choice(values)))
        elif widget.role not in ("label", "image"):
            action = ACTION_OF_ROLE.get(widget.role) or dice.choice(("tap", "tap", "tap", "hold"))
            choices.append(Step(screen.id, place, label, action))
    return dice.choice(choices)


def _filled(screen: Screen, data: Mapping[str, str]) -> list[Step]:
    return [
        Step(screen.id, place, fill(widget.label, data), ACTION_OF_ROLE[widget.role], _right_values(widget, data)[0])
        for place, widget in enumerate(screen.widgets)
        if widget.role in FIELD_ROLES
    ]


def _take(screen: Screen, place: int, data: Mapping[str, str]) -> Step:
    widget = screen.widgets[place]
    return Step(screen.id, place, fill(widget.label, data), ACTION_OF_ROLE.get(widget.role, "tap"))


def _right_values(widget: Widget, data: Mapping[str, str]) -> list[str]:
    if widget.rule:
        return [fields.SATISFIES]
    return [fill(value, data) for value in widget.values]


def _wrong_values(widget: Widget, data: Mapping[str, str]) -> list[str]:
    """Values that leave the phone when something else was typed or chosen."""
    right = _right_values(widget, data)
    if widget.role == "switch":
        return [word for word in fields.SWITCH_CHOICES if word not in right]
    if widget.role == "select":
        return [item for item in (fill(item, data) for item in widget.items) if item not in right]
    return ["?0", "?" + str(len(right[0]) if right else 1)]
