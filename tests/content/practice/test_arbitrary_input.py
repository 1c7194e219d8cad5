"""Arbitrary storyboards give problems with positions inside the file; arbitrary logs give a state."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.content.model import Mode
from lms.content.practice import action_paths, engine
from lms.content.practice.compiling import compile_model, generate_random_data
from lms.content.practice.storyboard import read_practice
from lms.content.problems import has_errors

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 25)
SOUND = (Path(__file__).parent / "cases" / "every-role.md").read_text("utf-8")
MARKS = ["{", "}", '"', "{{", "}}", "=>", "= >", "x>", "->", "~", "|", "\t", "\r"]
MARKS += ["%%", "?", "- nút:", "- ô số (12):", "(", ")", "):", "nút:", "＋", "：", "- vùng (trái 0,", "- chọn (a | b,"]
PIECES = [*sorted(set(re.findall(r"\S+|\n|  ", SOUND))), *MARKS]
ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
VALUES = st.recursive(ATOMS, lambda inner: st.lists(inner, max_size=7))
EVENTS = VALUES | st.tuples(st.integers(0, 9), VALUES, VALUES, VALUES, VALUES).map(list)

relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck))


def assert_points_into(text: str) -> None:
    practice, problems = read_practice(text, "lam.md", today=TODAY)
    assert (practice is None) == has_errors(problems)
    lines = text.split("\n")
    for problem in problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        json.dumps(problem.as_json())


@relaxed
@given(st.text())
def test_any_text_gives_problems_inside_the_file(text):
    assert_points_into(text)


@relaxed
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))
def test_any_combination_of_keywords_gives_problems_inside_the_file(text):
    assert_points_into(text)
    assert_points_into("---\ntên: A\nbắt đầu: A\nđích: B\n---\n" + text)


@relaxed
@given(st.data())
def test_a_valid_file_with_a_few_changes_gives_problems_inside_the_file(data):
    text = unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), SOUND)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(st.sampled_from(PIECES) | st.text(max_size=3) | st.just("")) + text[end:]
    assert_points_into(text)


@relaxed
@given(events=st.lists(EVENTS, max_size=12), mode=st.sampled_from(Mode))
def test_any_log_gives_a_state(events, mode):
    practice, _ = read_practice(SOUND, "lam.md", today=TODAY)
    model = compile_model(practice)
    replayed = engine.replay(model, generate_random_data(practice, 1), events, mode)
    json.dumps(replayed.state.as_json(), allow_nan=False)
    assert engine.score_report(model, replayed.state, mode)["passed"] is False
    assert 0 <= replayed.accepted == replayed.state.q <= len(events)


@relaxed
@given(seed=st.integers(0, 10**6), cut=st.floats(0, 1), mode=st.sampled_from(Mode))
def test_a_log_sent_in_overlapping_batches_gives_the_same_state(seed, cut, mode):
    practice, _ = read_practice(SOUND, "lam.md", today=TODAY)
    model, data = compile_model(practice), generate_random_data(practice, seed)
    (steps,) = action_paths.random_walks(practice, data, 1, seed, mode)
    events = action_paths.to_events(steps)
    whole = engine.replay(model, data, events, mode)
    assert whole.accepted == len(events) and not whole.impossible
    first = engine.replay(model, data, events[: int(cut * len(events))], mode)
    state = type(first.state).from_json(json.loads(json.dumps(first.state.as_json())))
    rest = engine.replay(model, data, events, mode, state)
    assert rest.state.as_json() == whole.state.as_json()
    assert first.accepted + rest.accepted == whole.accepted


@relaxed
@given(seed=st.integers(0, 10**6), mode=st.sampled_from(Mode))
def test_step_does_not_modify_its_state(seed, mode):
    practice, _ = read_practice(SOUND, "lam.md", today=TODAY)
    model, data = compile_model(practice), generate_random_data(practice, seed)
    (steps,) = action_paths.random_walks(practice, data, 1, seed, mode)
    state = engine.initial_state(model)
    for event in action_paths.to_events(steps):
        before = json.dumps(state.as_json())
        following = engine.step(model, data, state, event, mode)
        assert json.dumps(state.as_json()) == before
        state = following
