"""All practices: the expected path scores 100 in every mode, and any single mistake can be recovered from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lms.content.model import Mode
from lms.content.practice import action_paths, engine
from lms.content.practice.compiling import compile_model, generate_random_data
from lms.content.practice.graph import shortest_paths_to


@pytest.mark.parametrize("mode", Mode)
def test_the_expected_path_scores_100(practices, mode):
    for name, practice in practices.items():
        for seed in range(3):
            data = generate_random_data(practice, seed)
            log = action_paths.to_events(action_paths.expected_path(practice, data))
            model = compile_model(practice)
            replayed = engine.replay(model, data, log, mode)
            report = engine.score_report(model, replayed.state, mode)
            assert (replayed.accepted, report["ended"], report["screen"]) == (len(log), True, practice.goal), name
            assert report["score"] == 100 and report["passed"] == (mode != "lam-theo"), name


@pytest.mark.slow
@pytest.mark.parametrize("mode", Mode)
def test_after_any_single_mistake_the_goal_can_still_be_reached(practices, mode):
    walked = 0
    for name, practice in practices.items():
        model, data = compile_model(practice), generate_random_data(practice, name)
        for number, (where, steps) in enumerate(single_mistakes(practice, model, data, mode)):
            log = action_paths.to_events(steps)
            replayed = engine.replay(model, data, log, mode)
            report = engine.score_report(model, replayed.state, mode)
            assert replayed.accepted == len(log) and not replayed.impossible, (name, where, number)
            assert report["ended"] and report["screen"] == practice.goal, (name, where, number)
            # Of the visited screens only that of the mistake may have lost points.
            met = (screen for screen in model["scored"] if replayed.state.screens[screen].visited)
            lost = {screen for screen in met if report["screens"][screen]["score"] < 100}
            assert lost <= {where}, (name, where, number)
            walked += 1
    assert walked > 20 * len(practices)


def single_mistakes(practice, model, data, mode) -> Iterator[tuple[str, list[action_paths.PathStep]]]:
    """(screen, whole walk) for every single mistake on the expected path."""
    right = action_paths.expected_path(practice, data)
    ways = shortest_paths_to(model, practice.goal)
    for screen_id in dict.fromkeys(step.screen for step in right):
        before = right[: next(at for at, step in enumerate(right) if step.screen == screen_id)]
        for mistake in action_paths.possible_mistakes(practice.screen(screen_id), data):
            if mode == "kiem-tra" and mistake[0].action in action_paths.HELP_ACTIONS:
                continue
            steps = [*before, *mistake]
            here = engine.replay(model, data, action_paths.to_events(steps), mode).state
            if here.ended:  # another end, from which there is no way back
                continue
            following = right[len(before) :] if here.screen == screen_id else _back(practice, ways, here, right, data)
            yield screen_id, [*steps, *following]


def _back(practice, ways, here, right, data) -> list[action_paths.PathStep]:
    """From the screen after the mistake by the shortest path back to the expected one, and on along it."""
    on_path = {step.screen: at for at, step in reversed(list(enumerate(right)))}
    steps, screen = [], here.screen
    while screen not in on_path:
        steps += action_paths.shortest_path(practice, {screen: ways[screen]}, screen, data)
        screen = practice.screen(screen).widgets[ways[screen]].target
    return [*steps, *right[on_path[screen] :]]
