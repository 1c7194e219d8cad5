"""The report of a class: its counts, and the advice for the next class."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete

from lms.learning.classroom.questions import tallies
from lms.learning.classroom.report.advice import AdviceInput, choose_advice
from lms.learning.classroom.report.class_report import ClassCounts, find_class_report
from lms.learning.classroom.report.question_report import RoundCounts
from lms.learning.classroom.seats import seats
from lms.learning.learners.learner_store import find_learner, forget_learner
from lms.learning.store.models import ClassSessionRow, PracticeAttempt
from tests.learning import sample_courses
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import LATER, NOW

SLIPS = [[1, 900, "bat-dau", 0, "tap"], [2, 1800, "nhap-ma", 3, "tap"], [3, 2500, "nhap-ma", 3, "tap"]]


def counts(live_class: LiveClass) -> ClassCounts:
    return find_class_report(live_class.session, live_class.id, live_class.library).counts


def finish_practice(live_class: LiveClass, seat) -> None:
    attempt = live_class.practise(seat)
    live_class.send(attempt, sample_courses.passing_events(attempt.data))


def test_attendance_has_three_sources(live_class):
    live_class.join(people=3)
    live_class.join()
    thrown = live_class.join(people=4)
    seats.remove_seat(live_class.session, live_class.id, thrown.number, account_id=live_class.minh, now=NOW)
    seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, people=2, now=NOW)
    came = counts(live_class).attendance
    assert (came.machines, came.phone_people, came.added_seats, came.added_people, came.people) == (2, 4, 1, 2, 6)


def test_phones_are_counted_by_how_far_they_got(live_class):
    live_class.command(mode="tu-lam")
    alone, begun, _ = (live_class.join() for _ in range(3))
    finish_practice(live_class, alone)
    live_class.practise(begun)
    live_class.command(mode="lam-theo")
    finish_practice(live_class, live_class.join())
    seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, people=2, now=NOW)
    done = counts(live_class).practice
    told = (done.alone, done.helped, done.followed, done.unfinished, done.not_begun, done.machines)
    assert told == (1, 0, 1, 1, 1, 4)


def test_unguided_with_hints_is_not_counted_as_guided(live_class):
    led, hinted, first_led = (live_class.join() for _ in range(3))
    finish_practice(live_class, led)
    finish_practice(live_class, first_led)
    live_class.command(mode="tu-lam")
    for seat in (hinted, first_led):
        attempt = live_class.practise(seat)
        hint = [1, 0, "bat-dau", -1, "hint"]
        live_class.send(attempt, [hint, *([q + 1, *rest] for q, *rest in sample_courses.passing_events(attempt.data))])
    live_class.practise(led)  # started unguided, and not finished
    done = counts(live_class).practice
    assert (done.alone, done.helped, done.followed, done.unfinished) == (0, 2, 1, 0)


def test_screens_are_sorted_by_mistakes(live_class):
    for _ in range(3):
        attempt = live_class.practise(live_class.join())
        live_class.send(attempt, SLIPS)
    [slip] = counts(live_class).mistakes
    assert (slip.screen, slip.title, slip.times, slip.machines) == ("nhap-ma", "Nhập mã", 6, 3)
    assert "làm mẫu màn “Nhập mã”" in counts(live_class).advice


def test_taps_on_traps_are_counted_also_in_follow_mode(live_class):
    trapped = [[1, 900, "bat-dau", 0, "tap"], *([q, 1000 * q, "nhap-ma", 4, "tap"] for q in (2, 3, 4))]
    for _ in range(3):
        live_class.send(live_class.practise(live_class.join()), trapped)
    live_class.command(mode="tu-lam")
    live_class.send(
        live_class.practise(live_class.join()),
        [*trapped[:2], [3, 4000, "lac", 0, "tap"], [4, 5000, "nhap-ma", 3, "tap"]],
    )
    [slip] = counts(live_class).mistakes
    assert (slip.screen, slip.times, slip.machines) == ("nhap-ma", 11, 4)


def test_an_attempt_stored_before_traps_were_counted_counts_one(live_class):
    live_class.command(mode="tu-lam")
    live_class.send(
        live_class.practise(live_class.join()), [[1, 900, "bat-dau", 0, "tap"], [2, 2000, "nhap-ma", 4, "tap"]]
    )
    live_class.session.execute(PracticeAttempt.__table__.update().values(wrong_taps=None))
    [slip] = counts(live_class).mistakes
    assert (slip.screen, slip.times) == ("nhap-ma", 1)


def test_questions_are_reported_by_round_with_counted_hands(live_class):
    first, second = live_class.join(), live_class.join()
    live_class.ask_question("q1")
    live_class.answer(first, "q1", "a")
    live_class.answer(second, "q1", "b")
    tallies.save_hand_counts(
        live_class.session,
        live_class.id,
        "q1",
        1,
        {"a": 1, "b": 4},
        account_id=live_class.minh,
        library=live_class.library,
    )
    live_class.set_phase("locked")
    live_class.command(step="hoi-q1", round=2, phase="open")
    live_class.answer(first, "q1", "b", round=2)
    live_class.ask_question("poll")
    live_class.answer(second, "poll", "x")
    items = counts(live_class).question_counts
    assert [item.question for item in items] == ["q1", "poll"]
    assert items[0].prompt == "Bác làm gì?"
    assert items[0].rounds == (RoundCounts(2, 1, 5, 4), RoundCounts(1, 1, 0, 0))
    assert items[1].rounds == (RoundCounts(1, None, 0, None),)


def test_questions_that_were_not_asked_are_left_out(live_class):
    live_class.join()
    assert counts(live_class).question_counts == ()


def test_asked_questions_are_counted_even_without_answers(live_class, lesson):
    assert (counts(live_class).asked, counts(live_class).questions) == (0, len(lesson.understand.questions))
    live_class.ask_question("q1")
    live_class.answer(live_class.join(), "q1", "a")
    live_class.ask_question("poll")
    assert counts(live_class).asked == 2


def test_attested_seats_are_counted(live_class, lesson):
    seat = live_class.join(people=2)
    live_class.join()
    assert (counts(live_class).attested_seats, counts(live_class).attested_people) == (0, 0)
    tasks = [task.id for task in lesson.use.tasks]
    live_class.attest(seat, tasks, now=LATER)
    assert (counts(live_class).attested_seats, counts(live_class).attested_people) == (1, 2)


def test_counts_survive_json(live_class):
    live_class.command(mode="tu-lam")
    seat = live_class.join(people=2)
    live_class.send(live_class.practise(seat), SLIPS)
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "b")
    made = counts(live_class)
    assert ClassCounts.from_json(json.loads(json.dumps(made.as_json()))) == made
    with pytest.raises(ValueError, match="another shape"):
        ClassCounts.from_json(made.as_json() | {"shape": 2})


def test_counts_contain_no_names_or_learners(live_class):
    seat = live_class.join(name="Nguyễn Thị Lan")
    live_class.send(live_class.practise(seat), SLIPS)
    kept = json.dumps(counts(live_class).as_json(), ensure_ascii=False)
    assert "Lan" not in kept
    assert seat.learner_id not in kept


def test_forgotten_learners_stay_in_the_attendance(live_class):
    seat = live_class.join(people=2)
    forget_learner(live_class.session, find_learner(live_class.session, seat.learner_id), now=LATER)
    assert counts(live_class).attendance.people == 2


def test_a_class_without_any_activity_has_a_report(live_class):
    empty = counts(live_class)
    assert (empty.attendance.people, empty.mistakes, empty.question_counts, empty.attested_seats) == (0, (), (), 0)
    assert "ít máy quá" in empty.advice


def test_a_class_whose_lesson_was_removed_reports_attendance(live_class):
    live_class.join(people=2)
    live_class.session.execute(
        ClassSessionRow.__table__.update().where(ClassSessionRow.id == live_class.id).values(lesson="da-go")
    )
    gone = counts(live_class)
    assert (gone.lesson, gone.attendance.people, gone.question_counts) == ("da-go", 2, ())
    live_class.session.execute(delete(ClassSessionRow).where(ClassSessionRow.id == "khong-co"))


# --- the sentence for the next class -----------------------------------------------------------------------------


def found(**more) -> AdviceInput:
    usual = {"phones": 30, "alone": 25, "helped": 4, "started": 30, "mistakes": (), "answers": ()}
    return AdviceInput(**(usual | more))


def test_nobody_is_told_to_ask_twice_who_did():
    answers = (("Ai hỏi?", 2, 10),)
    once = choose_advice(found(answers=answers), None)
    twice = choose_advice(found(answers=answers, asked_again=frozenset({"Ai hỏi?"})), None)
    assert "hỏi lần hai" in once
    assert "hỏi lần hai" not in twice
    assert "hỏi lại rồi mà nhiều người còn nhầm" in twice


@pytest.mark.parametrize(
    ("counts_", "sentence"),
    [
        (found(phones=2), "chưa đủ để rút ra"),
        (found(mistakes=(("nhap-ma", "Nhập mã", 12),)), "trước khi tập, làm mẫu màn “Nhập mã”"),
        (found(mistakes=(("bat-dau", "Bắt đầu", 9),)), "9 máy vấp ở đó. Nhắc: Ở dưới cùng."),
        (found(mistakes=(("nhap-ma", "Nhập mã", 2),), answers=(("Ai hỏi?", 9, 20),)), "trước khi hỏi “Ai hỏi?”"),
        (found(answers=(("Ai hỏi?", 1, 3),)), "không có chỗ nào nhiều người vấp"),
        (found(alone=10, helped=5), "thêm thời gian tập, vì 15 trong 30 máy chưa tới màn cuối"),
        (found(alone=10, helped=5, minutes=7), "lớp mới có 7 phút"),
        (found(minutes=0), "lớp chưa được một phút"),
        (found(minutes=7, mistakes=(("nhap-ma", "Nhập mã", 12),)), "làm mẫu màn “Nhập mã”"),
        (found(minutes=90, questions=6, asked=1), "mới hỏi 1 trong 6 câu"),
        (found(questions=6), "chưa hỏi câu nào"),
        (found(minutes=90, questions=6, asked=3), "cứ dạy như lần này"),
        (found(alone=2, helped=0, guided=27), "một lượt Tự làm"),
        (found(alone=0, helped=29), "cứ dạy như lần này"),
        (found(alone=0, helped=0, started=0), "chừa giờ cho phần tập"),
        (found(), "cứ dạy như lần này"),
    ],
)
def test_the_advice_follows_from_the_counts(counts_, sentence):
    assert sentence in choose_advice(counts_, sample_courses.practice())
