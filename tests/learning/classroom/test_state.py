"""Where a class stands, and the commands that move it, read from forms and from scripts."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.classroom.session.commands import Command, read_command
from lms.learning.classroom.session.state import Asked, ClassState
from lms.learning.errors import InvalidCommand, LearningError

ELSEWHERE = ClassState(
    step="hoi-q1", phase="locked", round=2, paused=True, gate="otp", level=0, mode="tu-lam", demo=4, demo_of="otp",
    asked={"q2": Asked(1, "shown")},
)  # fmt: skip


@pytest.mark.parametrize("state", [ClassState(), ELSEWHERE], ids=["new", "elsewhere"])
def test_a_state_survives_the_database(state: ClassState):
    assert ClassState.from_json(json.loads(json.dumps(state.as_json()))) == state


@pytest.mark.parametrize(
    "broken",
    [
        None, [], {}, {"step": "vao"},
        ClassState().as_json() | {"phase": "later"}, ClassState().as_json() | {"extra": 1},
        ClassState().as_json() | {"level": 3}, ClassState().as_json() | {"asked": {"q": {"round": 0, "phase": "read"}}},
        ClassState().as_json() | {"asked": {"q": 1}}, ClassState().as_json() | {"step": None},
        ClassState().as_json() | {"mode": "xem-mau"}, ClassState().as_json() | {"paused": "yes"},
    ],
)  # fmt: skip
def test_another_shape_is_refused(broken: object):
    with pytest.raises(ValueError, match="not a state"):
        ClassState.from_json(broken)


def test_the_right_answer_is_told_once_the_class_has_seen_it():
    assert ELSEWHERE.is_shown("q2")
    assert not ELSEWHERE.is_shown("q1")  # locked
    assert not ELSEWHERE.is_shown("q3")  # not asked yet
    assert ELSEWHERE.how_asked("q1") == Asked(2, "locked")


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ({"to": "tap", "from": "mau"}, Command(to="tap", from_step="mau")),
        ({"phase": "open", "step": "hoi-q1", "csrf_token": "x"}, Command(phase="open", step="hoi-q1")),
        ({"round": "2", "step": "hoi-q1"}, Command(round=2, step="hoi-q1")),
        ({"paused": "true"}, Command(paused=True)),
        ({"paused": False}, Command(paused=False)),
        ({"gate": "otp"}, Command(gate="otp")),
        ({"gate": None}, Command(clear=frozenset({"gate"}))),
        ({"gate": ""}, Command(clear=frozenset({"gate"}))),
        ({"level": "null"}, Command(clear=frozenset({"level"}))),
        ({"level": 0}, Command(level=0)),
        ({"mode": "kiem-tra"}, Command(mode="kiem-tra")),
        ({"demo_of": "otp", "demo": "7"}, Command(demo_of="otp", demo=7)),
        ({"close": "true"}, Command(close=True)),
    ],
)
def test_a_form_and_a_script_say_the_same(said: dict, command: Command):
    assert read_command(said) == command


@pytest.mark.parametrize(
    "said",
    [
        {}, {"csrf_token": "x"}, {"from": "vao"}, {"phase": "open"}, {"round": 2}, {"phase": "later", "step": "hoi-q1"},
        {"paused": "maybe"}, {"level": 3}, {"level": "-1"}, {"level": True}, {"demo": 1.5}, {"demo": "9" * 50},
        {"to": ["vao"]}, {"to": "x" * 1000}, {"mode": "xem-mau"}, {"close": "false"}, {"to": ""},
        {"round": 4, "step": "h"},        {"paused": 2}, {"demo": "٣"},
    ],
)  # fmt: skip
def test_nonsense_is_no_command(said: dict):
    with pytest.raises(InvalidCommand):
        read_command(said)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


KEYS = ["to", "from", "step", "phase", "round", "paused", "gate", "level", "mode", "demo", "demo_of", "close"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_whatever_is_sent_is_a_command_or_refused(said: dict):
    with suppress(LearningError):
        assert read_command(said) != Command()
