"""Answers in class: they may change until the question is locked, and are copied to learners once it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from lms.content.model import Library, Option, Ordering, Section, Typed
from lms.content.questions import UnknownOption
from lms.learning.classroom.questions import class_answers, tallies
from lms.learning.classroom.questions.tallies import Tally
from lms.learning.classroom.seats import seat_claims, seats
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.errors import (
    AnswersLocked,
    ClassClosed,
    InvalidCommand,
    NoSeatInClass,
    NotAllowed,
    NotFound,
    RemovedFromClass,
    TooLarge,
    UnknownClassCode,
)
from lms.learning.learners.learner_store import forget_learner, new_learner_id
from lms.learning.marks.marks import earned_stages
from lms.learning.store.models import Mark, Response
from lms.learning.understand import answers
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import LATER, NOW
from tests.stored_learner import store_learner


def tally(live_class: LiveClass, question: str, round: int = 1) -> Tally:
    lesson = live_class.library.lesson("vneid", "kich-hoat")
    return tallies.find_tally(live_class.session, live_class.id, lesson.understand.question(question), round)


def own_answers(live_class: LiveClass, learner_id: str) -> list[tuple[str, list[str]]]:
    rows = live_class.session.execute(
        select(Response.question_id, Response.given).where(Response.learner_id == learner_id).order_by(Response.id)
    )
    return [tuple(row) for row in rows]


def test_an_answer_may_change_until_it_is_locked(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    for given in ("a", "b", "b"):
        kept = live_class.answer(seat, "q1", given)
        assert (kept.seat, kept.question_id, kept.round, kept.given) == (1, "q1", 1, (given,))
    assert class_answers.find_class_answer(live_class.session, live_class.id, 1, "q1", 1) == ("b",)
    live_class.set_phase("locked")
    with pytest.raises(AnswersLocked):
        live_class.answer(seat, "q1", "a")
    assert class_answers.find_class_answer(live_class.session, live_class.id, 1, "q1", 1) == ("b",)


@pytest.mark.parametrize("phase", ["read", "locked", "shown"])
def test_only_an_open_question_takes_answers(live_class: LiveClass, phase: str):
    seat = live_class.join()
    live_class.ask_question("q1", phase)
    with pytest.raises(AnswersLocked):
        live_class.answer(seat, "q1", "b")


def test_another_question_or_another_round_is_not_open(live_class: LiveClass):
    seat = live_class.join()
    with pytest.raises(AnswersLocked):
        live_class.answer(seat, "q1", "b")
    live_class.ask_question("q1")
    for question, round in (("q2", 1), ("q1", 2), ("q1", 0), ("gone", 1)):
        with pytest.raises(AnswersLocked):
            live_class.answer(seat, question, "b", round=round)


def test_invalid_answers_are_refused_with_the_reason(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    with pytest.raises(UnknownOption):
        live_class.answer(seat, "q1", "z")
    with pytest.raises(UnknownOption):
        live_class.answer(seat, "q1", "a", "b")
    with pytest.raises(TooLarge):
        live_class.answer(seat, "q1", "x" * 5000)
    with pytest.raises(NoSeatInClass):
        live_class.answer(replace(seat, learner_id=new_learner_id()), "q1", "b")
    seats.remove_seat(live_class.session, live_class.id, 1, account_id=live_class.minh, now=NOW)
    with pytest.raises(RemovedFromClass):
        live_class.answer(seat, "q1", "b")
    live_class.code, code = "123456", live_class.code
    with pytest.raises(UnknownClassCode):
        live_class.answer(seat, "q1", "b")
    live_class.code = code
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        live_class.answer(seat, "q1", "b")
    assert tally(live_class, "q1").phones == 0


def test_a_seat_of_another_class_cannot_answer(live_class: LiveClass, hanh: str, library: Library):
    there = LiveClass(live_class.session, library, hanh)
    stranger = there.join()
    live_class.ask_question("q1")
    with pytest.raises(NoSeatInClass):
        live_class.answer(stranger, "q1", "b")


def test_a_seat_of_another_class_cannot_answer_in_the_same_batch(live_class: LiveClass, hanh: str):
    there = LiveClass(live_class.session, live_class.library, hanh)
    seated, stranger = live_class.join(), there.join()  # both are number 1
    for one in (live_class, there):
        one.ask_question("q1")
    kwargs = {
        "learner_id": stranger.learner_id,
        "question_id": "q1",
        "round": 1,
        "library": live_class.library,
        "now": NOW,
    }
    posts = [kwargs | {"code": there.code, "given": ["a"]}, kwargs | {"code": live_class.code, "given": ["b"]}]
    kept = class_answers.save_class_answers(live_class.session, posts)
    assert [type(one) for one in kept] == [class_answers.ClassAnswerReceipt, NoSeatInClass]
    assert class_answers.find_class_answer(live_class.session, live_class.id, seated.number, "q1", 1) is None


def test_an_answer_changes_the_seat_and_not_the_class_version(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    before = live_class.class_session.version
    live_class.answer(seat, "q1", "b", now=LATER)
    after = find_seat(live_class.session, live_class.id, 1)
    assert (after.answered, after.changed_at) == ("q1/1", int(LATER.timestamp() * 1000))
    assert after.version == seat.version + 1
    assert live_class.class_session.version == before


def test_a_batch_saves_answers_as_single_calls_do_with_errors_in_their_places(live_class: LiveClass):
    sitting = [live_class.join() for _ in range(4)]
    seats.remove_seat(live_class.session, live_class.id, 4, account_id=live_class.minh, now=NOW)
    live_class.ask_question("q1")
    kwargs = {"code": live_class.code, "question_id": "q1", "round": 1, "library": live_class.library, "now": NOW}
    posts = [
        kwargs | {"learner_id": sitting[0].learner_id, "given": ["a"]},
        kwargs | {"learner_id": sitting[1].learner_id, "given": ["z"]},
        kwargs | {"learner_id": sitting[2].learner_id, "given": ["b"]},
        kwargs | {"learner_id": sitting[3].learner_id, "given": ["b"]},
        kwargs | {"learner_id": sitting[0].learner_id, "given": ["b"]},  # a change of mind in the same batch
        kwargs | {"learner_id": sitting[0].learner_id, "given": ["b"], "code": "x"},
    ]
    results = class_answers.save_class_answers(live_class.session, posts)
    receipt = class_answers.ClassAnswerReceipt
    assert list(map(type, results)) == [
        receipt, UnknownOption, receipt, RemovedFromClass, receipt, UnknownClassCode,
    ]  # fmt: skip
    assert tally(live_class, "q1") == Tally({"a": 0, "b": 2}, phones=2, hands=0, right_seats=frozenset({1, 3}))


# --- bars --------------------------------------------------------------------------------------------------------


def test_bars_count_the_last_answer_of_each_seat_and_hands(live_class: LiveClass):
    for given in ("a", "b", "b"):
        live_class.ask_question("q1")
        live_class.answer(live_class.join(), "q1", given)
    hands = {"account_id": live_class.minh, "library": live_class.library}
    for counts in ({"a": 4}, {"a": 2, "b": 0}):
        tallies.save_hand_counts(live_class.session, live_class.id, "q1", 1, counts, **hands)
    assert tallies.find_hand_counts(live_class.session, live_class.id, "q1", 1) == {"a": 2}
    assert tally(live_class, "q1") == Tally({"a": 3, "b": 2}, phones=3, hands=2, right_seats=frozenset({2, 3}))


def test_only_facilitators_count_hands_and_only_for_existing_options(live_class: LiveClass, hanh: str):
    live_class.ask_question("q1")
    good = {"account_id": live_class.minh, "library": live_class.library}
    for counts, round, how, error in (
        ({"z": 1}, 1, good, UnknownOption),
        ({"a": -1}, 1, good, TooLarge),
        ({"a": 10**6}, 1, good, TooLarge),
        ({"a": 1}, 2, good, InvalidCommand),
        ({"a": 1}, 1, good | {"account_id": hanh}, NotAllowed),
    ):
        with pytest.raises(error):
            tallies.save_hand_counts(live_class.session, live_class.id, "q1", round, counts, **how)
    with pytest.raises(NotFound):
        tallies.save_hand_counts(live_class.session, live_class.id, "gone", 1, {"a": 1}, **good)
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        tallies.save_hand_counts(live_class.session, live_class.id, "q1", 1, {"a": 1}, **good)


def test_a_second_round_has_its_own_bars(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "a")
    live_class.command(step="hoi-q1", round=2, phase="open")
    assert find_seat(live_class.session, live_class.id, 1).answered == "q1/1"
    live_class.answer(seat, "q1", "b", round=2)
    assert tally(live_class, "q1").bars == {"a": 1, "b": 0}
    assert tally(live_class, "q1", 2).bars == {"a": 0, "b": 1}


def with_questions(live_class: LiveClass, *questions: object) -> None:
    lesson = live_class.library.lesson("vneid", "kich-hoat")
    section = Section("s", "Hỏi", tuple(questions), 1)
    changed = replace(lesson, understand=replace(lesson.understand, sections=(section,)))
    live_class.library = Library((replace(live_class.library.course("vneid"), lessons=(changed,)),))


def test_the_wall_shows_typed_answers_only_as_right_or_other(live_class: LiveClass):
    with_questions(live_class, Typed("go", "Mấy chữ số?", ("sáu", "6"), (), exact_marks=False, hints=(), line=1))
    live_class.ask_question("go")
    for typed in ("Sáu", "6", "năm"):
        live_class.answer(live_class.join(), "go", typed)
    assert tally(live_class, "go").bars == {"right": 2, "other": 1}


def test_of_a_typed_answer_that_matches_nothing_only_the_length_is_kept_and_copied(live_class: LiveClass):
    """Its length, "?6", must not be graded as the answer 6."""
    with_questions(live_class, Typed("go", "Mấy chữ số?", ("sáu", "6"), (), exact_marks=False, hints=(), line=1))
    live_class.ask_question("go")
    seat = live_class.join()
    live_class.answer(seat, "go", "620415")
    assert class_answers.find_class_answer(live_class.session, live_class.id, 1, "go", 1) == ("?6",)
    live_class.set_phase("shown")
    assert own_answers(live_class, seat.learner_id) == [("go", ["?6"])]
    assert live_class.session.scalars(select(Response.score)).all() == [0.0]


def test_the_wall_shows_orderings_only_as_right_or_other(live_class: LiveClass):
    items = (Option("k1", "Mở"), Option("k2", "Nhập"))
    with_questions(live_class, Ordering("xep", "Xếp", items, hints=(), line=1))
    live_class.ask_question("xep")
    live_class.answer(live_class.join(), "xep", "k1", "k2")
    live_class.answer(live_class.join(), "xep", "k2", "k1")
    assert tally(live_class, "xep").bars == {"right": 1, "other": 1}


# --- whose answers they become -----------------------------------------------------------------------------------


def test_shown_answers_are_copied_to_the_learners_and_earn_the_mark(live_class: LiveClass):
    lan, hoa = live_class.join(), live_class.join()
    for question in ("q1", "q2", "q3"):
        live_class.ask_question(question)
        live_class.answer(lan, question, "b")
        live_class.answer(hoa, question, "a")
        assert earned_stages(live_class.session, lan.learner_id) == {}
        for _ in range(2):
            live_class.set_phase("shown")
    assert own_answers(live_class, lan.learner_id) == [("q1", ["b"]), ("q2", ["b"]), ("q3", ["b"])]
    assert earned_stages(live_class.session, lan.learner_id) == {("vneid", "kich-hoat"): {"hieu"}}
    assert earned_stages(live_class.session, hoa.learner_id) == {}
    mark = live_class.session.scalars(select(Mark).where(Mark.learner_id == lan.learner_id)).one()
    assert mark.evidence == {"right": 3, "total": 3, "responses": 3}


def test_answers_are_copied_when_the_class_moves_on_or_closes(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "b")
    live_class.command(to="hoi-q2")
    assert own_answers(live_class, seat.learner_id) == [("q1", ["b"])]
    live_class.set_phase("open")
    live_class.answer(seat, "q2", "a")
    live_class.command(close=True)
    assert own_answers(live_class, seat.learner_id) == [("q1", ["b"]), ("q2", ["a"])]


def test_the_last_round_counts(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "a")
    live_class.command(step="hoi-q1", round=2, phase="open")
    live_class.answer(seat, "q1", "b", round=2)
    live_class.set_phase("shown")
    assert own_answers(live_class, seat.learner_id) == [("q1", ["a"]), ("q1", ["b"])]
    lesson = live_class.library.lesson("vneid", "kich-hoat")
    kept = answers.save_answer(
        live_class.session, learner_id=seat.learner_id, course="vneid", lesson="kich-hoat",
        understand=lesson.understand, question_id="q2", given=["a"], now=LATER,
    )  # fmt: skip
    assert kept.progress.right == 1


def test_an_answer_is_copied_once(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "b")
    live_class.set_phase("shown")
    for step in ("hoi-q2", "hoi-q1", "hoi-q3", "hoi-q1"):
        live_class.command(to=step)
    live_class.command(close=True)
    assert own_answers(live_class, seat.learner_id) == [("q1", ["b"])]


def test_an_approved_claim_copies_the_answers_of_the_seat(live_class: LiveClass):
    before = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(before, "q1", "b")
    live_class.set_phase("shown")
    live_class.ask_question("q2")
    live_class.answer(before, "q2", "b")
    anew = new_learner_id()
    seat_claims.claim_seat(live_class.session, learner_id=anew, code=live_class.code, number=1, now=NOW)
    live_class.resolve_claim(1)
    assert own_answers(live_class, anew) == [("q1", ["b"])]
    live_class.set_phase("shown")
    assert own_answers(live_class, anew) == [("q1", ["b"]), ("q2", ["b"])]
    assert own_answers(live_class, before.learner_id) == [("q1", ["b"])]


def test_answers_of_a_forgotten_learner_are_not_copied(live_class: LiveClass):
    learner = store_learner(live_class.session, now=NOW)
    seat = live_class.join(learner.id)
    other = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "b")
    live_class.answer(other, "q1", "b")
    forget_learner(live_class.session, learner, now=NOW)
    live_class.set_phase("shown")
    assert own_answers(live_class, learner.id) == []
    assert own_answers(live_class, other.learner_id) == [("q1", ["b"])]


def test_an_answer_that_the_edited_lesson_rejects_is_skipped(live_class: LiveClass):
    seat, other = live_class.join(), live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "a")
    live_class.answer(other, "q1", "b")
    lesson = live_class.library.lesson("vneid", "kich-hoat")
    [section] = lesson.understand.sections
    question = replace(section.parts[0], options=section.parts[0].options[1:])
    with_questions(live_class, question, *section.parts[1:])
    live_class.set_phase("shown")
    assert own_answers(live_class, seat.learner_id) == []
    assert own_answers(live_class, other.learner_id) == [("q1", ["b"])]
