"""Moving a class: absolute, idempotent, by whoever may, and not twice because two tapped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lms.content.model import Library
from lms.learning.classroom.lifecycle.command_handler import PERSONAL_FOR, close_forgotten
from lms.learning.classroom.session.state import Asked
from lms.learning.errors import ClassClosed, InvalidCommand, NotAllowed, NotFound
from tests.learning.classroom.room import Room
from tests.learning.school import LATER, NOW


def test_two_who_tap_tiep_on_the_same_step_move_one_step(room: Room):
    assert room.say(to="hoi-q1", from_="vao").changed
    second = room.say(to="hoi-q2", from_="vao")
    assert not second.changed
    assert second.klass.state.step == "hoi-q1"


def test_the_same_command_twice_is_one_version(room: Room):
    before = room.klass.version
    for _ in range(3):
        room.say(to="hoi-q1")
    assert room.klass.version == before + 1
    for _ in range(3):
        room.phase("open")
        room.say(paused=True)
    assert room.klass.version == before + 3


def test_a_question_goes_from_read_to_shown(room: Room):
    room.say(to="hoi-q1")
    assert room.state.phase == "read"
    for phase in ("open", "locked", "open", "locked", "shown"):
        room.phase(phase)
        assert room.state.phase == phase
    assert not room.phase("open").changed  # whoever has seen the right answer does not give it
    assert room.state.phase == "shown"


def test_a_phase_is_for_the_step_it_was_drawn_on(room: Room):
    room.say(to="hoi-q2")
    assert not room.say(step="hoi-q1", phase="open").changed
    assert room.state.phase == "read"


def test_a_second_round_begins_with_the_neighbour(room: Room):
    room.ask("q1", "locked")
    room.say(step="hoi-q1", round=2)
    assert (room.state.round, room.state.phase) == (2, "read")
    room.say(step="hoi-q1", round=2, phase="open")
    assert (room.state.round, room.state.phase) == (2, "open")
    assert not room.say(step="hoi-q1", round=1, phase="shown").changed  # a late tap of round one
    room.say(step="hoi-q1", round=3, phase="open")
    assert (room.state.round, room.state.phase) == (3, "open")


def test_a_round_is_not_jumped_over(room: Room):
    room.ask("q1")
    assert not room.say(step="hoi-q1", round=3).changed


def test_going_back_finds_a_question_as_it_was_left(room: Room):
    room.ask("q1", "shown")
    room.ask("q2", "open")
    room.say(to="hoi-q1")
    assert room.state.phase == "shown"
    room.say(to="hoi-q2")
    assert room.state.phase == "locked"  # leaving locks it
    room.say(step="hoi-q2", round=2)
    room.say(to="hoi-q1")
    assert room.state.how_asked("q2") == Asked(2, "read")


def test_a_step_takes_pause_gate_and_the_shown_screen_away(room: Room):
    room.say(to="tap")
    room.say(paused=True, gate="nhap-ma", demo_of="nhap-ma", demo=2, level=1, mode="tu-lam")
    state = room.state
    assert (state.paused, state.gate, state.demo_of, state.demo, state.level, state.mode) == (
        True, "nhap-ma", "nhap-ma", 2, 1, "tu-lam",
    )  # fmt: skip
    room.say(to="dung")
    state = room.state
    assert (state.paused, state.gate, state.demo_of, state.level, state.mode) == (False, None, None, 1, "tu-lam")
    room.say(to="mau")
    assert room.state.demo == 0


def test_gate_level_and_shown_screen_can_be_taken_away(room: Room):
    room.say(to="tap")
    room.say(gate="nhap-ma", level=0, demo_of="nhap-ma")
    room.say(gate=None, level="null", demo_of="")
    assert (room.state.gate, room.state.level, room.state.demo_of) == (None, None, None)


@pytest.mark.parametrize(
    "said",
    [{"to": "hoi-gone"}, {"to": "<b>"}, {"gate": "nowhere"}, {"demo_of": "nowhere"}, {"step": "tap", "phase": "open"}],
)
def test_a_step_or_screen_that_the_lesson_lacks_is_refused_and_nothing_moves(room: Room, said: dict):
    before = room.klass
    with pytest.raises(InvalidCommand):
        room.say(**said)
    assert room.klass == before


def test_a_stranger_steers_nothing(room: Room, hanh: str, tam: str):
    for who in (hanh, tam, "0" * 32):
        with pytest.raises(NotAllowed):
            room.say(by=who, to="hoi-q1")
    assert room.klass.version == 1


def test_a_class_that_is_none_is_not_steered(room: Room):
    room.id = "0" * 32
    with pytest.raises((NotFound, NotAllowed)):
        room.say(to="hoi-q1")


def test_closing_twice_is_closing_once_and_then_nothing_moves(room: Room):
    closed = room.say(close=True, now=LATER)
    assert closed.klass.closed_at == LATER
    assert closed.klass.personal_until == LATER + PERSONAL_FOR
    assert not room.say(close=True, now=LATER + timedelta(hours=1)).changed
    assert room.klass.closed_at == LATER
    with pytest.raises(ClassClosed):
        room.say(to="hoi-q1")


def test_a_class_whose_lesson_went_off_the_air_can_be_closed(room: Room):
    room.say(to="hoi-q1")
    room.library = Library()
    assert room.desk()["next"] is None
    with pytest.raises(InvalidCommand):
        room.say(to="hoi-q2")
    assert room.say(close=True).klass.closed


def test_a_step_that_was_edited_away_leads_on_from_the_beginning(room: Room):
    room.say(to="hoi-q1")
    course = room.library.course("vneid")
    edited = [
        replace(lesson, understand=replace(lesson.understand, sections=())) if lesson.slug == "kich-hoat" else lesson
        for lesson in course.lessons
    ]
    room.library = Library((replace(course, lessons=tuple(edited)),))
    assert room.desk()["step"] == "vao"
    room.say(to=room.desk()["next"]["key"])
    assert room.state.step == "mau"


def test_classes_that_nobody_closed_are_closed_for_them(room: Room):
    seat = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "b")
    assert close_forgotten(room.session, opened_before=NOW, library=room.library, now=LATER) == 0
    later = NOW + timedelta(hours=12)
    for closed in (1, 0):
        assert close_forgotten(room.session, opened_before=LATER, library=room.library, now=later) == closed
    assert room.klass.closed_at == later
