"""The class state as JSON, and parsing commands from forms and JSON."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.model import Mode
from lms.learning.classroom.session.commands import Command, parse_command
from lms.learning.classroom.session.state import ClassState, QuestionPhase, QuestionState
from lms.learning.errors import InvalidCommand, LearningError

MOVED = ClassState(
    step="hoi-q1",
    phase=QuestionPhase.LOCKED,
    round=2,
    paused=True,
    wait_screen="otp",
    guidance_level=0,
    mode=Mode.ALONE,
    demo_step=4,
    demo_screen="otp",
    join_codes_until=1_790_000_000,
    question_states={"q2": QuestionState(1, QuestionPhase.SHOWN)},
    started_at=1_790_000_000,
    plan_length=60,
    break_until=1_790_000_600,
    last_minute_until=1_790_000_060,
    steered_at={"a1": 1_790_000_000},
    visited_steps=("vao", "muc-a"),
    jumped_from="muc-a",
    mirrored_on_phones=True,
)


@pytest.mark.parametrize("state", [ClassState(), MOVED], ids=["new", "moved"])
def test_a_state_survives_json(state: ClassState):
    assert ClassState.from_json(json.loads(json.dumps(state.as_json()))) == state


def test_what_a_newer_release_adds_is_left_out():
    assert ClassState.from_json(ClassState().as_json() | {"added later": 1}) == ClassState()


def test_values_that_only_a_newer_release_knows_close_no_class():
    """Its worker serves beside that of this release while a city is upgraded."""
    newer = ClassState().as_json() | {
        "phase": "debated", "round": 4, "mode": "xem-mau", "guidance_level": 3, "plan_length": 120,
        "question_states": {"q": {"round": 5, "phase": "debated"}},
    }  # fmt: skip
    assert ClassState.from_json(newer) == ClassState(
        phase=QuestionPhase.LOCKED, round=3, mode=Mode.FOLLOW, guidance_level=2, plan_length=120,
        question_states={"q": QuestionState(3, QuestionPhase.LOCKED)},
    )  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        None, [], {}, {"step": "vao"},
        ClassState().as_json() | {"phase": 1}, ClassState().as_json() | {"guidance_level": "3"},
        ClassState().as_json() | {"guidance_level": -1},
        ClassState().as_json() | {"question_states": {"q": {"round": 0, "phase": "read"}}},
        ClassState().as_json() | {"question_states": {"q": 1}}, ClassState().as_json() | {"step": None},
        ClassState().as_json() | {"mode": None}, ClassState().as_json() | {"paused": "yes"},
        ClassState().as_json() | {"mirrored_on_phones": 1},
        ClassState().as_json() | {"plan_length": 0}, ClassState().as_json() | {"visited_steps": 3},
        ClassState().as_json() | {"jumped_from": 3},
        ClassState().as_json() | {"last_minute_until": "soon"}, ClassState().as_json() | {"steered_at": 3},
    ],
)  # fmt: skip
def test_another_shape_is_refused(broken: object):
    with pytest.raises(ValueError, match="not a state"):
        ClassState.from_json(broken)


def test_a_question_is_shown_once_the_class_has_seen_the_answer():
    assert MOVED.is_shown("q2")
    assert not MOVED.is_shown("q1")  # locked
    assert not MOVED.is_shown("q3")  # not asked yet
    assert MOVED.question_state("q1") == QuestionState(2, "locked")


@pytest.mark.parametrize(
    ("fields", "command"),
    [
        ({"to": "tap", "from": "mau"}, Command(to="tap", from_step="mau")),
        ({"phase": "open", "step": "hoi-q1", "csrf_token": "x"}, Command(phase="open", step="hoi-q1")),
        ({"round": "2", "step": "hoi-q1"}, Command(round=2, step="hoi-q1")),
        ({"paused": "true"}, Command(paused=True)),
        ({"paused": False}, Command(paused=False)),
        ({"gate": "otp"}, Command(wait_screen="otp")),
        ({"gate": None}, Command(clear=frozenset({"wait_screen"}))),
        ({"gate": ""}, Command(clear=frozenset({"wait_screen"}))),
        ({"level": "null"}, Command(clear=frozenset({"guidance_level"}))),
        ({"level": 0}, Command(guidance_level=0)),
        ({"mode": "kiem-tra"}, Command(mode="kiem-tra")),
        ({"demo_of": "otp", "demo": "7"}, Command(demo_screen="otp", demo_step=7)),
        ({"break": "10"}, Command(break_length=10)),
        ({"break": "null"}, Command(clear=frozenset({"break_length"}))),
        ({"plan": "60"}, Command(plan_length=60)),
        ({"plan": "null"}, Command(clear=frozenset({"plan_length"}))),
        ({"close": "true"}, Command(close=True)),
    ],
)
def test_forms_and_json_parse_to_the_same_command(fields: dict, command: Command):
    assert parse_command(fields) == command


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"csrf_token": "x"}, {"from": "vao"}, {"phase": "open"}, {"round": 2}, {"phase": "later", "step": "hoi-q1"},
        {"paused": "maybe"}, {"level": 3}, {"level": "-1"}, {"level": True}, {"demo": 1.5}, {"demo": "9" * 50},
        {"to": ["vao"]}, {"to": "x" * 1000}, {"mode": "xem-mau"}, {"close": "false"}, {"to": ""},
        {"round": 4, "step": "h"},        {"paused": 2}, {"demo": "٣"}, {"plan": 50}, {"plan": "60 phút"},
        {"break": 7}, {"break": "10:00"},
    ],
)  # fmt: skip
def test_invalid_fields_are_refused(fields: dict):
    with pytest.raises(InvalidCommand):
        parse_command(fields)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


KEYS = [
    "to", "from", "step", "phase", "round", "paused", "gate", "level", "mode", "demo", "demo_of", "plan", "break",
    "close",
]  # fmt: skip


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_json_is_a_command_or_refused(fields: dict):
    with suppress(LearningError):
        assert parse_command(fields) != Command()
