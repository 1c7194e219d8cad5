"""The class's questions: answers change until they are locked, and become the learner's own once they are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from lms.content.model import Library, Option, Ordering, Section, Typed
from lms.content.questions import UnknownOption
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.questions.class_answers import Tally
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import find_seat
from lms.learning.errors import (
    AnswersLocked,
    ClassClosed,
    InvalidCommand,
    NotAllowed,
    NotFound,
    NotSeated,
    PutOut,
    TooLarge,
    UnknownCode,
)
from lms.learning.learners.learner_store import create_learner, forget, new_learner_id
from lms.learning.marks.marks import marks
from lms.learning.store.models import Mark, Response
from lms.learning.understand import answers
from tests.learning.classroom.room import Room
from tests.learning.school import LATER, NOW


def tally(room: Room, question: str, round: int = 1) -> Tally:
    lesson = room.library.lesson("vneid", "kich-hoat")
    return class_answers.tally(room.session, room.id, lesson.understand.question(question), round)


def own_answers(room: Room, learner_id: str) -> list[tuple[str, list[str]]]:
    rows = room.session.execute(
        select(Response.question_id, Response.given).where(Response.learner_id == learner_id).order_by(Response.id)
    )
    return [tuple(row) for row in rows]


def test_an_answer_may_change_until_it_is_locked(room: Room):
    seat = room.join()
    room.ask("q1")
    for given in ("a", "b", "b"):
        kept = room.answer(seat, "q1", given)
        assert (kept.seat, kept.question_id, kept.round, kept.given) == (1, "q1", 1, (given,))
    assert class_answers.find_answer(room.session, room.id, 1, "q1", 1) == ("b",)
    room.phase("locked")
    with pytest.raises(AnswersLocked):
        room.answer(seat, "q1", "a")
    assert class_answers.find_answer(room.session, room.id, 1, "q1", 1) == ("b",)


@pytest.mark.parametrize("phase", ["read", "locked", "shown"])
def test_only_an_open_question_is_answered(room: Room, phase: str):
    seat = room.join()
    room.ask("q1", phase)
    with pytest.raises(AnswersLocked):
        room.answer(seat, "q1", "b")


def test_another_question_or_another_round_is_not_open(room: Room):
    seat = room.join()
    with pytest.raises(AnswersLocked):
        room.answer(seat, "q1", "b")
    room.ask("q1")
    for question, round in (("q2", 1), ("q1", 2), ("q1", 0), ("gone", 1)):
        with pytest.raises(AnswersLocked):
            room.answer(seat, question, "b", round=round)


def test_what_is_wrong_with_an_answer_is_said(room: Room):
    seat = room.join()
    room.ask("q1")
    with pytest.raises(UnknownOption):
        room.answer(seat, "q1", "z")
    with pytest.raises(UnknownOption):
        room.answer(seat, "q1", "a", "b")
    with pytest.raises(TooLarge):
        room.answer(seat, "q1", "x" * 5000)
    with pytest.raises(NotSeated):
        room.answer(replace(seat, learner_id=new_learner_id()), "q1", "b")
    seats.put_out(room.session, room.id, 1, account_id=room.minh, now=NOW)
    with pytest.raises(PutOut):
        room.answer(seat, "q1", "b")
    room.code, code = "123456", room.code
    with pytest.raises(UnknownCode):
        room.answer(seat, "q1", "b")
    room.code = code
    room.say(close=True)
    with pytest.raises(ClassClosed):
        room.answer(seat, "q1", "b")
    assert tally(room, "q1").phones == 0


def test_a_seat_of_another_class_answers_nothing_here(room: Room, hanh: str, library: Library):
    there = Room(room.session, library, hanh)
    stranger = there.join()
    room.ask("q1")
    with pytest.raises(NotSeated):
        room.answer(stranger, "q1", "b")


def test_a_seat_of_another_class_answers_nothing_here_beside_its_own_class_either(room: Room, hanh: str):
    there = Room(room.session, room.library, hanh)
    seated, stranger = room.join(), there.join()  # both are number 1
    for one in (room, there):
        one.ask("q1")
    plain = {"learner_id": stranger.learner_id, "question_id": "q1", "round": 1, "library": room.library, "now": NOW}
    posts = [plain | {"code": there.code, "given": ["a"]}, plain | {"code": room.code, "given": ["b"]}]
    kept = class_answers.keep_class_answers(room.session, posts)
    assert [type(one) for one in kept] == [class_answers.KeptAnswer, NotSeated]
    assert class_answers.find_answer(room.session, room.id, seated.number, "q1", 1) is None


def test_an_answer_says_so_at_its_seat_and_leaves_the_class_alone(room: Room):
    seat = room.join()
    room.ask("q1")
    before = room.klass.version
    room.answer(seat, "q1", "b", now=LATER)
    after = find_seat(room.session, room.id, 1)
    assert (after.answered, after.changed_at) == ("q1/1", int(LATER.timestamp() * 1000))
    assert after.version == seat.version + 1
    assert room.klass.version == before


def test_many_at_once_are_kept_as_one_by_one_and_refusals_stand_where_they_belong(room: Room):
    sitting = [room.join() for _ in range(4)]
    seats.put_out(room.session, room.id, 4, account_id=room.minh, now=NOW)
    room.ask("q1")
    plain = {"code": room.code, "question_id": "q1", "round": 1, "library": room.library, "now": NOW}
    posts = [
        plain | {"learner_id": sitting[0].learner_id, "given": ["a"]},
        plain | {"learner_id": sitting[1].learner_id, "given": ["z"]},
        plain | {"learner_id": sitting[2].learner_id, "given": ["b"]},
        plain | {"learner_id": sitting[3].learner_id, "given": ["b"]},
        plain | {"learner_id": sitting[0].learner_id, "given": ["b"]},  # a change of mind in the same batch
        plain | {"learner_id": sitting[0].learner_id, "given": ["b"], "code": "x"},
    ]
    kept = class_answers.keep_class_answers(room.session, posts)
    assert [type(one) for one in kept] == [
        class_answers.KeptAnswer, UnknownOption, class_answers.KeptAnswer, PutOut, class_answers.KeptAnswer, UnknownCode,
    ]  # fmt: skip
    assert tally(room, "q1") == Tally({"a": 0, "b": 2}, phones=2, hands=0)


# --- bars --------------------------------------------------------------------------------------------------------


def test_bars_count_each_seats_last_answer_and_hands(room: Room):
    for given in ("a", "b", "b"):
        room.ask("q1")
        room.answer(room.join(), "q1", given)
    hands = {"account_id": room.minh, "library": room.library}
    for counts in ({"a": 4}, {"a": 2, "b": 0}):
        class_answers.keep_hands(room.session, room.id, "q1", 1, counts, **hands)
    assert class_answers.hands(room.session, room.id, "q1", 1) == {"a": 2}
    assert tally(room, "q1") == Tally({"a": 3, "b": 2}, phones=3, hands=2)


def test_hands_are_counted_by_who_steers_for_options_that_are_there(room: Room, hanh: str):
    room.ask("q1")
    good = {"account_id": room.minh, "library": room.library}
    for counts, round, how, error in (
        ({"z": 1}, 1, good, UnknownOption),
        ({"a": -1}, 1, good, TooLarge),
        ({"a": 10**6}, 1, good, TooLarge),
        ({"a": 1}, 2, good, InvalidCommand),
        ({"a": 1}, 1, good | {"account_id": hanh}, NotAllowed),
    ):
        with pytest.raises(error):
            class_answers.keep_hands(room.session, room.id, "q1", round, counts, **how)
    with pytest.raises(NotFound):
        class_answers.keep_hands(room.session, room.id, "gone", 1, {"a": 1}, **good)
    room.say(close=True)
    with pytest.raises(ClassClosed):
        class_answers.keep_hands(room.session, room.id, "q1", 1, {"a": 1}, **good)


def test_a_second_round_has_bars_of_its_own(room: Room):
    seat = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "a")
    room.say(step="hoi-q1", round=2, phase="open")
    assert find_seat(room.session, room.id, 1).answered == "q1/1"
    room.answer(seat, "q1", "b", round=2)
    assert tally(room, "q1").bars == {"a": 1, "b": 0}
    assert tally(room, "q1", 2).bars == {"a": 0, "b": 1}


def with_questions(room: Room, *questions: object) -> None:
    lesson = room.library.lesson("vneid", "kich-hoat")
    section = Section("s", "Hỏi", tuple(questions), 1)
    changed = replace(lesson, understand=replace(lesson.understand, sections=(section,)))
    room.library = Library((replace(room.library.course("vneid"), lessons=(changed,)),))


def test_what_people_typed_is_only_right_or_other_on_the_wall(room: Room):
    with_questions(room, Typed("go", "Mấy chữ số?", ("sáu", "6"), (), exact_marks=False, hints=(), line=1))
    room.ask("go")
    for typed in ("Sáu", "6", "năm"):
        room.answer(room.join(), "go", typed)
    assert tally(room, "go").bars == {"right": 2, "other": 1}


def test_an_order_is_only_right_or_other_on_the_wall(room: Room):
    items = (Option("k1", "Mở"), Option("k2", "Nhập"))
    with_questions(room, Ordering("xep", "Xếp", items, hints=(), line=1))
    room.ask("xep")
    room.answer(room.join(), "xep", "k1", "k2")
    room.answer(room.join(), "xep", "k2", "k1")
    assert tally(room, "xep").bars == {"right": 1, "other": 1}


# --- whose answers they become -----------------------------------------------------------------------------------


def test_shown_answers_are_the_learners_own_and_earn_the_mark(room: Room):
    lan, hoa = room.join(), room.join()
    for question in ("q1", "q2", "q3"):
        room.ask(question)
        room.answer(lan, question, "b")
        room.answer(hoa, question, "a")
        assert marks(room.session, lan.learner_id) == {}
        for _ in range(2):
            room.phase("shown")
    assert own_answers(room, lan.learner_id) == [("q1", ["b"]), ("q2", ["b"]), ("q3", ["b"])]
    assert marks(room.session, lan.learner_id) == {("vneid", "kich-hoat"): {"hieu"}}
    assert marks(room.session, hoa.learner_id) == {}
    mark = room.session.scalars(select(Mark).where(Mark.learner_id == lan.learner_id)).one()
    assert mark.evidence == {"right": 3, "total": 3, "responses": 3}


def test_what_was_answered_before_the_class_went_on_or_closed_is_not_lost(room: Room):
    seat = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "b")
    room.say(to="hoi-q2")
    assert own_answers(room, seat.learner_id) == [("q1", ["b"])]
    room.phase("open")
    room.answer(seat, "q2", "a")
    room.say(close=True)
    assert own_answers(room, seat.learner_id) == [("q1", ["b"]), ("q2", ["a"])]


def test_the_last_round_counts(room: Room):
    seat = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "a")
    room.say(step="hoi-q1", round=2, phase="open")
    room.answer(seat, "q1", "b", round=2)
    room.phase("shown")
    assert own_answers(room, seat.learner_id) == [("q1", ["a"]), ("q1", ["b"])]
    lesson = room.library.lesson("vneid", "kich-hoat")
    kept = answers.keep_answer(
        room.session, learner_id=seat.learner_id, course="vneid", lesson="kich-hoat", understand=lesson.understand,
        question_id="q2", given=["a"], now=LATER,
    )  # fmt: skip
    assert kept.progress.right == 1


def test_an_answer_is_copied_once(room: Room):
    seat = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "b")
    room.phase("shown")
    for step in ("hoi-q2", "hoi-q1", "hoi-q3", "hoi-q1"):
        room.say(to=step)
    room.say(close=True)
    assert own_answers(room, seat.learner_id) == [("q1", ["b"])]


def test_whoever_takes_a_seat_over_takes_what_it_answered(room: Room):
    before = room.join()
    room.ask("q1")
    room.answer(before, "q1", "b")
    room.phase("shown")
    room.ask("q2")
    room.answer(before, "q2", "b")
    anew = new_learner_id()
    seats.claim(room.session, learner_id=anew, code=room.code, number=1, now=NOW)
    seats.agree(room.session, room.id, 1, account_id=room.minh, library=room.library, now=NOW)
    assert own_answers(room, anew) == [("q1", ["b"])]
    room.phase("shown")
    assert own_answers(room, anew) == [("q1", ["b"]), ("q2", ["b"])]
    assert own_answers(room, before.learner_id) == [("q1", ["b"])]


def test_whoever_asked_to_be_forgotten_stays_so_when_answers_are_shown(room: Room):
    learner = create_learner(room.session, now=NOW)
    seat = room.join(learner.id)
    other = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "b")
    room.answer(other, "q1", "b")
    forget(room.session, learner, now=NOW)
    room.phase("shown")
    assert own_answers(room, learner.id) == []
    assert own_answers(room, other.learner_id) == [("q1", ["b"])]


def test_an_answer_that_the_edited_lesson_takes_no_more_disturbs_nobody(room: Room):
    seat, other = room.join(), room.join()
    room.ask("q1")
    room.answer(seat, "q1", "a")
    room.answer(other, "q1", "b")
    lesson = room.library.lesson("vneid", "kich-hoat")
    [section] = lesson.understand.sections
    question = replace(section.parts[0], options=section.parts[0].options[1:])
    with_questions(room, question, *section.parts[1:])
    room.phase("shown")
    assert own_answers(room, seat.learner_id) == []
    assert own_answers(room, other.learner_id) == [("q1", ["b"])]
