"""Proofs over every practice: the right way gives 100 % in every mode, any single mistake can be mended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lms.content.practice import engine, paths
from lms.content.practice.compiling import compile_model, draw
from lms.content.practice.graph import ways_to


@pytest.mark.parametrize("mode", engine.MODES)
def test_the_right_way_gives_everything(practices, mode):
    for name, practice in practices.items():
        for seed in range(3):
            data = draw(practice, seed)
            log = paths.events_of(paths.expected_path(practice, data))
            model = compile_model(practice)
            replayed = engine.replay(model, data, log, mode)
            report = engine.report(model, replayed.state, mode)
            assert (replayed.kept, report["ended"], report["screen"]) == (len(log), True, practice.goal), name
            assert report["score"] == 100 and report["passed"] == (mode != "lam-theo"), name


@pytest.mark.parametrize("mode", engine.MODES)
def test_after_any_single_mistake_the_goal_can_still_be_reached(practices, mode):
    walked = 0
    for name, practice in practices.items():
        model, data = compile_model(practice), draw(practice, name)
        for number, (where, steps) in enumerate(single_mistakes(practice, model, data, mode)):
            log = paths.events_of(steps)
            replayed = engine.replay(model, data, log, mode)
            report = engine.report(model, replayed.state, mode)
            assert replayed.kept == len(log) and not replayed.impossible, (name, where, number)
            assert report["ended"] and report["screen"] == practice.goal, (name, where, number)
            # Of the screens that were met only that of the mistake can have lost anything.
            met = (screen for screen in model["scored"] if replayed.state.screens[screen].visited)
            lost = {screen for screen in met if report["screens"][screen]["score"] < 100}
            assert lost <= {where}, (name, where, number)
            walked += 1
    assert walked > 20 * len(practices)


def single_mistakes(practice, model, data, mode) -> Iterator[tuple[str, list[paths.Step]]]:
    """(screen, whole walk) for everything that may be done wrong once on the right way."""
    right = paths.expected_path(practice, data)
    ways = ways_to(model, practice.goal)
    for screen_id in dict.fromkeys(step.screen for step in right):
        before = right[: next(at for at, step in enumerate(right) if step.screen == screen_id)]
        for mistake in paths.mistakes(practice.screen(screen_id), data):
            if mode == "kiem-tra" and mistake[0].action in paths.HELP:
                continue
            steps = [*before, *mistake]
            here = engine.replay(model, data, paths.events_of(steps), mode).state
            if here.ended:  # another end: whoever stops there has chosen to
                continue
            following = right[len(before) :] if here.screen == screen_id else _back(practice, ways, here, right, data)
            yield screen_id, [*steps, *following]


def _back(practice, ways, here, right, data) -> list[paths.Step]:
    """From where the mistake led, by the shortest way back to the right one, and on along it."""
    on_path = {step.screen: at for at, step in reversed(list(enumerate(right)))}
    steps, screen = [], here.screen
    while screen not in on_path:
        steps += paths.way_to_goal(practice, {screen: ways[screen]}, screen, data)
        screen = practice.screen(screen).widgets[ways[screen]].target
    return [*steps, *right[on_path[screen] :]]
