"""Commands: idempotent, only by facilitators, and two taps on "Tiếp" move one step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lms.content.model import Library
from lms.learning.classroom.lifecycle.command_handler import (
    JOIN_CODES_SECONDS,
    PERSONAL_DATA_RETENTION,
    close_abandoned_class_sessions,
)
from lms.learning.classroom.session.state import QuestionState
from lms.learning.errors import ClassClosed, InvalidCommand, NotAllowed, NotFound
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import LATER, NOW


def test_two_taps_on_tiep_at_the_same_step_move_one_step(live_class: LiveClass):
    assert live_class.command(to="hoi-q1", from_="vao").changed
    second = live_class.command(to="hoi-q2", from_="vao")
    assert not second.changed
    assert second.class_session.state.step == "hoi-q1"


def test_a_repeated_command_raises_the_version_once(live_class: LiveClass):
    before = live_class.class_session.version
    for _ in range(3):
        live_class.command(to="hoi-q1")
    assert live_class.class_session.version == before + 1
    for _ in range(3):
        live_class.set_phase("open")
        live_class.command(paused=True)
    assert live_class.class_session.version == before + 3


def test_the_codes_are_shown_for_twenty_seconds_and_not_longer_than_the_step(live_class: LiveClass):
    live_class.command(to="hoi-q1")
    assert live_class.command(codes=True).changed
    assert live_class.state.join_codes_until == int(NOW.timestamp()) + JOIN_CODES_SECONDS
    assert not live_class.command(codes=True).changed
    live_class.command(to="hoi-q2")
    assert live_class.state.join_codes_until is None


def test_a_question_goes_through_its_phases(live_class: LiveClass):
    live_class.command(to="hoi-q1")
    assert live_class.state.phase == "read"
    for phase in ("open", "locked", "open", "locked", "shown"):
        live_class.set_phase(phase)
        assert live_class.state.phase == phase
    assert not live_class.set_phase("open").changed  # learners who have seen the right answer cannot give it
    assert live_class.state.phase == "shown"


def test_a_phase_for_another_step_is_ignored(live_class: LiveClass):
    live_class.command(to="hoi-q2")
    assert not live_class.command(step="hoi-q1", phase="open").changed
    assert live_class.state.phase == "read"


def test_a_second_round_starts_in_phase_read(live_class: LiveClass):
    live_class.ask_question("q1", "locked")
    live_class.command(step="hoi-q1", round=2)
    assert (live_class.state.round, live_class.state.phase) == (2, "read")
    live_class.command(step="hoi-q1", round=2, phase="open")
    assert (live_class.state.round, live_class.state.phase) == (2, "open")
    assert not live_class.command(step="hoi-q1", round=1, phase="shown").changed  # a late tap of round one
    live_class.command(step="hoi-q1", round=3, phase="open")
    assert (live_class.state.round, live_class.state.phase) == (3, "open")


def test_rounds_cannot_be_skipped(live_class: LiveClass):
    live_class.ask_question("q1")
    assert not live_class.command(step="hoi-q1", round=3).changed


def test_going_back_finds_a_question_as_it_was_left(live_class: LiveClass):
    live_class.ask_question("q1", "shown")
    live_class.ask_question("q2", "open")
    live_class.command(to="hoi-q1")
    assert live_class.state.phase == "shown"
    live_class.command(to="hoi-q2")
    assert live_class.state.phase == "locked"  # leaving locks it
    live_class.command(step="hoi-q2", round=2)
    live_class.command(to="hoi-q1")
    assert live_class.state.question_state("q2") == QuestionState(2, "read")


def test_a_step_clears_pause_wait_screen_and_demo_screen(live_class: LiveClass):
    live_class.command(to="tap")
    live_class.command(paused=True, gate="nhap-ma", demo_of="nhap-ma", demo=2, level=1, mode="tu-lam")
    state = live_class.state
    assert (state.paused, state.wait_screen, state.demo_screen, state.demo_step, state.guidance_level, state.mode) == (
        True, "nhap-ma", "nhap-ma", 2, 1, "tu-lam",
    )  # fmt: skip
    live_class.command(to="dung")
    state = live_class.state
    assert (state.paused, state.wait_screen, state.demo_screen, state.guidance_level, state.mode) == (
        False,
        None,
        None,
        1,
        "tu-lam",
    )
    live_class.command(to="mau")
    assert live_class.state.demo_step == 0


def test_wait_screen_level_and_demo_screen_can_be_cleared(live_class: LiveClass):
    live_class.command(to="tap")
    live_class.command(gate="nhap-ma", level=0, demo_of="nhap-ma")
    live_class.command(gate=None, level="null", demo_of="")
    assert (live_class.state.wait_screen, live_class.state.guidance_level, live_class.state.demo_screen) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    "fields",
    [{"to": "hoi-gone"}, {"to": "<b>"}, {"gate": "nowhere"}, {"demo_of": "nowhere"}, {"step": "tap", "phase": "open"}],
)
def test_an_unknown_step_or_screen_is_refused(live_class: LiveClass, fields: dict):
    before = live_class.class_session
    with pytest.raises(InvalidCommand):
        live_class.command(**fields)
    assert live_class.class_session == before


def test_only_facilitators_command_a_class(live_class: LiveClass, hanh: str, tam: str):
    for who in (hanh, tam, "0" * 32):
        with pytest.raises(NotAllowed):
            live_class.command(by=who, to="hoi-q1")
    assert live_class.class_session.version == 1


def test_commands_to_an_unknown_class_are_refused(live_class: LiveClass):
    live_class.id = "0" * 32
    with pytest.raises((NotFound, NotAllowed)):
        live_class.command(to="hoi-q1")


def test_closing_twice_is_no_error_and_other_commands_are_refused(live_class: LiveClass):
    closed = live_class.command(close=True, now=LATER)
    assert closed.class_session.closed_at == LATER
    assert closed.class_session.personal_until == LATER + PERSONAL_DATA_RETENTION
    assert not live_class.command(close=True, now=LATER + timedelta(hours=1)).changed
    assert live_class.class_session.closed_at == LATER
    with pytest.raises(ClassClosed):
        live_class.command(to="hoi-q1")


def test_a_class_whose_lesson_was_removed_can_be_closed(live_class: LiveClass):
    live_class.command(to="hoi-q1")
    live_class.library = Library()
    assert live_class.desk()["next"] is None
    with pytest.raises(InvalidCommand):
        live_class.command(to="hoi-q2")
    assert live_class.command(close=True).class_session.is_closed


def test_a_step_that_was_edited_away_counts_as_the_first(live_class: LiveClass):
    live_class.command(to="hoi-q1")
    course = live_class.library.course("vneid")
    edited = [
        replace(lesson, understand=replace(lesson.understand, sections=())) if lesson.slug == "kich-hoat" else lesson
        for lesson in course.lessons
    ]
    live_class.library = Library((replace(course, lessons=tuple(edited)),))
    assert live_class.desk()["step"] == "vao"
    live_class.command(to=live_class.desk()["next"]["key"])
    assert live_class.state.step == "mau"


def test_abandoned_classes_are_closed(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "b")
    assert (
        close_abandoned_class_sessions(live_class.session, opened_before=NOW, library=live_class.library, now=LATER)
        == 0
    )
    later = NOW + timedelta(hours=12)
    for closed in (1, 0):
        assert (
            close_abandoned_class_sessions(
                live_class.session, opened_before=LATER, library=live_class.library, now=later
            )
            == closed
        )
    assert live_class.class_session.closed_at == later
