"""A class goes on with another lesson, and may return: nothing of a lesson is lost, or counted in another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.learning.classroom.lifecycle import former_lessons
from lms.learning.classroom.lifecycle.lesson_switch import ACTED_BEFORE
from lms.learning.classroom.questions import tallies
from lms.learning.classroom.report.class_report import find_class_report, find_evening_report
from lms.learning.classroom.seats import idle_seats, seat_claims
from lms.learning.classroom.session.class_lessons import find_class_lessons, seats_in_lesson
from lms.learning.classroom.session.commands import parse_command
from lms.learning.classroom.session.seat_store import find_seats
from lms.learning.errors import AnswersLocked, ClassClosed, ClassMovedToOtherLesson, NotAllowed, NotFound
from lms.learning.learners import learner_store
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.store.models import (
    ClassAnswer,
    ClassLessonAnswer,
    ClassLessonHandCount,
    ClassLessonSeat,
    HandCount,
    Response,
)
from tests.learning import sample_courses
from tests.learning.classroom.live_class import LiveClass
from tests.learning.classroom.seat_actions import reload
from tests.learning.sample_courses import LATER, NOW

FIRST, SECOND = ("vneid", "kich-hoat"), ("vneid", "ba-loai-ma")
LATE = NOW + timedelta(minutes=40)


def row_count(live_class: LiveClass, model) -> int:
    return live_class.session.scalar(select(func.count()).select_from(model))


def finish(live_class: LiveClass, attempt) -> None:
    assert live_class.send(attempt, sample_courses.passing_events(attempt.data)).ended


def report(live_class: LiveClass, number: int):
    return find_class_report(live_class.session, live_class.id, live_class.library, number).counts


def responses(live_class: LiveClass, learner_id: str) -> list[tuple[str, str, list[str]]]:
    rows = select(Response.lesson, Response.question_id, Response.given).where(Response.learner_id == learner_id)
    return [tuple(row) for row in live_class.session.execute(rows.order_by(Response.id))]


def test_the_same_class_goes_on_at_the_first_slide_of_the_other_lesson(live_class):
    seat = live_class.join(people=2, name="Lan")
    live_class.command(shut=True, on_phones=True)
    live_class.command(to="ket")
    before = live_class.class_session
    done = live_class.change_lesson(*SECOND, now=LATER)
    after = live_class.class_session
    assert done.changed
    assert (after.course, after.lesson, after.lesson_number, after.version) == (*SECOND, 2, before.version + 1)
    assert (after.code, after.venue, after.is_closed) == (before.code, before.venue, False)
    assert (after.state.door_closed, after.state.mirrored_on_phones) == (True, True)
    view = live_class.view()
    assert view.previous.key == "vao"
    assert view.class_session.state.step == view.step.key
    left = reload(live_class, seat)
    assert (left.number, left.people, left.name, left.holder) == (seat.number, 2, "Lan", seat.holder)
    assert left.version > seat.version


def test_what_passes_is_not_there_when_the_class_returns(live_class):
    live_class.command(to="hoi-q1")
    live_class.command(codes=True, **{"break": 10})
    live_class.change_lesson(*SECOND)
    live_class.change_lesson(*FIRST)
    state = live_class.class_session.state
    assert (state.step, state.break_until, state.join_codes_until) == ("hoi-q1", None, None)


def test_a_second_tap_and_a_late_one_change_nothing(live_class, hanh):
    live_class.change_lesson(*SECOND)
    assert not live_class.change_lesson(*SECOND, from_number=1).changed  # the same button once more
    assert not live_class.change_lesson("etax", "dang-nhap", from_number=1).changed  # another desk, which chose later
    assert live_class.class_session.lesson == "ba-loai-ma"
    assert [lesson.number for lesson in find_class_lessons(live_class.session, live_class.class_session)] == [1, 2]
    with pytest.raises(NotAllowed):
        live_class.change_lesson(*FIRST, by=hanh)
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        live_class.change_lesson(*FIRST)


def test_answers_stay_with_their_lesson_though_the_questions_have_the_same_id(live_class):
    lan, hoa = live_class.join(), live_class.join()
    live_class.ask_question("q1")
    live_class.answer(lan, "q1", "b")
    live_class.change_lesson(*SECOND)
    live_class.ask_question("q1")
    assert live_class.desk()["answers"] == {"given": 0}
    live_class.answer(hoa, "q1", "a")
    live_class.set_phase("shown")
    assert live_class.desk()["tally"] == {"a": 1, "b": 0}
    [first], [second] = report(live_class, 1).question_counts, report(live_class, 2).question_counts
    assert [(one.answered, one.right) for one in (first.rounds[0], second.rounds[0])] == [(1, 1), (1, 0)]
    # Each answer became its learner's own, in its own lesson.
    assert responses(live_class, lan.learner_id) == [("kich-hoat", "q1", ["b"])]
    assert responses(live_class, hoa.learner_id) == [("ba-loai-ma", "q1", ["a"])]


def test_a_late_answer_to_the_lesson_before_is_refused_and_told_what_the_class_has(live_class):
    lan, hoa = live_class.join(), live_class.join()
    live_class.ask_question("q1")
    live_class.answer(lan, "q1", "b")
    live_class.change_lesson(*SECOND)
    live_class.ask_question("q1")
    for seat, kept in ((lan, ("b",)), (hoa, ())):
        with pytest.raises(AnswersLocked) as refused:
            live_class.answer(seat, "q1", "b", lesson=1)
        assert refused.value.given == kept
    assert row_count(live_class, ClassAnswer) == 0
    live_class.answer(lan, "q1", "a")
    with pytest.raises(AnswersLocked) as refused:
        live_class.answer(lan, "q1", "a", lesson=1)
    assert refused.value.given == ("b",)  # not its answer in the second lesson


def test_who_still_practises_the_first_lesson_finishes_it(live_class):
    live_class.command(mode="tu-lam")
    slow, fast, idle = (live_class.join() for _ in range(3))
    finish(live_class, live_class.practise(fast))
    attempt = live_class.practise(slow)
    live_class.change_lesson(*SECOND)
    assert live_class.desk()["screens"] == {}
    finish(live_class, attempt)
    assert (reload(live_class, slow).done, reload(live_class, slow).screen) == ("", None)
    assert live_class.desk()["done"] == {"alone": 0, "helped": 0}
    practice = report(live_class, 1).practice
    assert (practice.alone, practice.unfinished, practice.not_begun) == (2, 0, 1)
    assert report(live_class, 2).practice is None  # that lesson has none
    lesson = live_class.library.lesson(*FIRST)
    assert "lam" in lesson_progress(live_class.session, slow.learner_id, lesson).earned
    with pytest.raises(ClassMovedToOtherLesson):
        live_class.practise(idle, lesson=1)


def test_returning_finds_the_questions_and_seats_as_they_were(live_class):
    lan = live_class.join()
    live_class.ask_question("q2")
    live_class.answer(lan, "q2", "b")
    live_class.set_phase("shown")
    tallies.save_hand_counts(
        live_class.session, live_class.id, "q2", 1, {"a": 3}, account_id=live_class.minh, library=live_class.library
    )
    live_class.command(to="dung")
    live_class.attest(lan, ["mo-vneid"])
    live_class.practise(lan)
    live_class.ask_question("q1")
    before, seat = live_class.state, reload(live_class, lan)
    live_class.change_lesson(*SECOND)
    assert reload(live_class, lan).attested_at is None
    live_class.ask_question("q2")
    live_class.answer(lan, "q2", "a")
    done = live_class.change_lesson(*FIRST, now=LATER)
    assert (done.class_session.lesson, done.class_session.lesson_number) == ("kich-hoat", 1)
    after = live_class.state
    assert (after.step, after.round, after.phase) == ("hoi-q1", 1, "locked")  # it takes answers when opened again
    assert after.question_state("q2") == before.question_state("q2")
    back = reload(live_class, lan)
    same = ("answered", "attempt_id", "screen", "done", "attested_at", "last_at", "visits")
    assert [getattr(back, name) for name in same] == [getattr(seat, name) for name in same]
    [question] = report(live_class, 1).question_counts
    assert (question.rounds[0].right, question.rounds[0].hands) == (1, 3)
    assert (row_count(live_class, ClassAnswer), row_count(live_class, HandCount)) == (1, 1)
    assert (row_count(live_class, ClassLessonAnswer), row_count(live_class, ClassLessonHandCount)) == (1, 0)
    [left] = [one for one in find_class_lessons(live_class.session, live_class.class_session) if one.left_at]
    assert (left.number, left.state.question_state("q2").phase) == (2, "locked")


def test_a_seat_that_did_something_before_is_not_idle(live_class):
    acted, idle = live_class.join(), live_class.join()
    live_class.ask_question("q1")
    live_class.answer(acted, "q1", "b")
    live_class.change_lesson(*SECOND)
    assert reload(live_class, acted).answered == ACTED_BEFORE
    live_class.command(shut=True)
    assert idle_seats.remove_idle_seats(live_class.session, live_class.id, account_id=live_class.minh, now=LATE) == 1
    assert [seat.removed for seat in find_seats(live_class.session, live_class.id)] == [False, True]
    live_class.change_lesson(*FIRST)
    live_class.change_lesson(*SECOND)
    assert reload(live_class, acted).answered == ACTED_BEFORE
    assert reload(live_class, idle).removed


def test_the_evening_counts_who_came_and_who_took_part_in_each_lesson(live_class):
    lan, _ = live_class.join(people=2), live_class.join()
    live_class.ask_question("q1")
    live_class.answer(lan, "q1", "b")
    live_class.change_lesson(*SECOND, now=LATER)
    hoa = live_class.join(people=3, now=LATER)  # came for the second lesson
    live_class.ask_question("q1")
    for seat in (lan, hoa):
        live_class.answer(seat, "q1", "b")
    evening = find_evening_report(live_class.session, live_class.id, live_class.library)
    assert evening.attendance.people == 6
    first, second = [one.counts for one in evening.lessons]
    assert (first.lesson, second.lesson) == ("Ba loại mã",) * 2  # the sample lessons share a name
    assert (first.attendance.people, second.attendance.people) == (3, 6)
    assert (first.participation.people, first.participation.answered) == (2, 1)
    assert (second.participation.people, second.participation.answered) == (5, 2)
    assert [one.started_at for one in evening.lessons] == [NOW, LATER]
    assert evening.lessons[0].ended_at == LATER
    with pytest.raises(NotFound):
        report(live_class, 3)


def test_a_learner_who_asks_to_be_forgotten_leaves_all_lessons(live_class):
    lan = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(lan, "q1", "b")
    live_class.practise(lan)
    live_class.change_lesson(*SECOND)
    learner_store.forget_learner(
        live_class.session, learner_store.find_learner(live_class.session, lan.learner_id), now=LATER
    )
    assert row_count(live_class, ClassLessonAnswer) == 0
    [left] = live_class.session.scalars(select(ClassLessonSeat))
    assert (left.answered, left.attempt_id, left.screen, left.been) == ("", None, None, {})


def test_an_approved_claim_brings_the_answers_of_both_lessons(live_class):
    lan = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(lan, "q1", "b")
    live_class.command(to="dung")
    live_class.attest(lan, ["mo-vneid"])
    attempt = live_class.practise(lan)
    live_class.change_lesson(*SECOND)
    live_class.ask_question("q1")
    live_class.answer(lan, "q1", "a")
    live_class.set_phase("shown")
    new = new_learner_id()
    seat_claims.claim_seat(live_class.session, learner_id=new, code=live_class.code, number=1, now=LATER)
    live_class.resolve_claim(1)
    assert responses(live_class, new) == [("kich-hoat", "q1", ["b"]), ("ba-loai-ma", "q1", ["a"])]
    progress = lesson_progress(live_class.session, new, live_class.library.lesson(*FIRST))
    assert progress.ticked["mo-vneid"].witness == "Minh"
    # The old phone goes on with its attempt, which is not the seat's any more.
    live_class.send(attempt, sample_courses.passing_events(attempt.data))
    lessons = find_class_lessons(live_class.session, live_class.class_session)
    [left] = seats_in_lesson(live_class.session, lessons[0], find_seats(live_class.session, live_class.id))
    assert left.done == ""


def test_a_left_lesson_that_was_merged_goes_on_with_its_successor(live_class, monkeypatch):
    live_class.change_lesson(*SECOND)
    target = live_class.library.lesson("etax", "dang-nhap")
    library = live_class.library
    monkeypatch.setattr(type(library), "lesson", lambda _self, *lesson: None if lesson == FIRST else target)
    monkeypatch.setattr(type(library), "merged_into", lambda _self, *_lesson: target)
    former_lessons.move_class_sessions(live_class.session, library)
    first, second = find_class_lessons(live_class.session, live_class.class_session)
    assert (first.course, first.lesson, second.lesson) == ("etax", "dang-nhap", "ba-loai-ma")


def test_a_command_from_a_page_of_the_lesson_before_changes_nothing(live_class):
    live_class.ask_question("q1")
    live_class.change_lesson(*SECOND)
    live_class.command(to="hoi-q1")
    before = live_class.class_session
    late = live_class.command(step="hoi-q1", phase="open", lesson="1")
    assert not late.changed
    assert not live_class.command(to="tap", lesson="1").changed  # a step that the other lesson does not have
    assert live_class.class_session == before
    assert live_class.command(step="hoi-q1", phase="open", lesson="2").changed
    assert parse_command({"to": "vao", "lesson": "2"}).lesson_number == 2
