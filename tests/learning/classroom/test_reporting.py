"""The report of a class: counts of what happened, and a sentence for the next one."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete

from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.report.advice import Finding, next_time
from lms.learning.classroom.report.class_report import Counts, report_of
from lms.learning.classroom.report.question_report import Round
from lms.learning.classroom.seats import seats
from lms.learning.classroom.tasks.attestation import witness
from lms.learning.learners.learner_store import find_learner, forget
from lms.learning.store.models import ClassRow, PracticeAttempt
from tests.learning import school
from tests.learning.classroom.room import Room
from tests.learning.school import LATER, NOW

SLIPS = [[1, 900, "bat-dau", 0, "tap"], [2, 1800, "nhap-ma", 3, "tap"], [3, 2500, "nhap-ma", 3, "tap"]]


def counts(room: Room) -> Counts:
    return report_of(room.session, room.id, room.library).counts


def finishes(room: Room, seat) -> None:
    attempt = room.practise(seat)
    room.send(attempt, school.walk(attempt.data))


def test_who_came_is_told_from_three_sources(room):
    room.join(people=3)
    room.join()
    thrown = room.join(people=4)
    seats.put_out(room.session, room.id, thrown.number, account_id=room.minh, now=NOW)
    seats.add_seat(room.session, room.id, account_id=room.minh, people=2, now=NOW)
    came = counts(room).attendance
    assert (came.machines, came.phone_people, came.added_seats, came.added_people, came.people) == (2, 4, 1, 2, 6)


def test_phones_are_told_apart_by_how_far_they_came(room):
    room.say(mode="tu-lam")
    alone, begun, _ = (room.join() for _ in range(3))
    finishes(room, alone)
    room.practise(begun)
    room.say(mode="lam-theo")
    finishes(room, room.join())
    seats.add_seat(room.session, room.id, account_id=room.minh, people=2, now=NOW)
    done = counts(room).practised
    told = (done.alone, done.helped, done.followed, done.unfinished, done.not_begun, done.machines)
    assert told == (1, 0, 1, 1, 1, 4)


def test_whoever_did_it_alone_with_hints_is_not_one_who_was_led(room):
    led, hinted, first_led = (room.join() for _ in range(3))
    finishes(room, led)
    finishes(room, first_led)
    room.say(mode="tu-lam")
    for seat in (hinted, first_led):
        attempt = room.practise(seat)
        hint = [1, 0, "bat-dau", -1, "hint"]
        room.send(attempt, [hint, *([q + 1, *rest] for q, *rest in school.walk(attempt.data))])
    room.practise(led)  # begun by herself, and not ended
    done = counts(room).practised
    assert (done.alone, done.helped, done.followed, done.unfinished) == (0, 2, 1, 0)


def test_counts_kept_before_the_two_were_told_apart_stay_as_they_were(room):
    finishes(room, room.join())
    kept = json.loads(json.dumps(counts(room).as_json()))
    del kept["practised"]["followed"]
    kept["practised"]["helped"] = 1
    done = Counts.from_json(kept).practised
    assert (done.helped, done.followed, done.machines) == (1, None, 1)


def test_screens_are_named_by_how_often_something_was_wrong_there(room):
    for _ in range(3):
        attempt = room.practise(room.join())
        room.send(attempt, SLIPS)
    [slip] = counts(room).slips
    assert (slip.screen, slip.title, slip.times, slip.machines) == ("nhap-ma", "Nhập mã", 6, 3)
    assert "làm mẫu màn “Nhập mã”" in counts(room).advice


def test_taps_on_traps_are_counted_also_where_the_trap_did_not_lead_away(room):
    trapped = [[1, 900, "bat-dau", 0, "tap"], *([q, 1000 * q, "nhap-ma", 4, "tap"] for q in (2, 3, 4))]
    for _ in range(3):
        room.send(room.practise(room.join()), trapped)
    room.say(mode="tu-lam")
    room.send(room.practise(room.join()), [*trapped[:2], [3, 4000, "lac", 0, "tap"], [4, 5000, "nhap-ma", 3, "tap"]])
    [slip] = counts(room).slips
    assert (slip.screen, slip.times, slip.machines) == ("nhap-ma", 11, 4)


def test_a_go_from_before_traps_were_counted_still_says_that_there_was_one(room):
    room.say(mode="tu-lam")
    room.send(room.practise(room.join()), [[1, 900, "bat-dau", 0, "tap"], [2, 2000, "nhap-ma", 4, "tap"]])
    room.session.execute(PracticeAttempt.__table__.update().values(wrong_taps=None))
    [slip] = counts(room).slips
    assert (slip.screen, slip.times) == ("nhap-ma", 1)


def test_questions_are_told_round_by_round_with_the_hands_that_were_counted(room):
    first, second = room.join(), room.join()
    room.ask("q1")
    room.answer(first, "q1", "a")
    room.answer(second, "q1", "b")
    class_answers.keep_hands(
        room.session, room.id, "q1", 1, {"a": 1, "b": 4}, account_id=room.minh, library=room.library
    )
    room.phase("locked")
    room.say(step="hoi-q1", round=2, phase="open")
    room.answer(first, "q1", "b", round=2)
    room.ask("poll")
    room.answer(second, "poll", "x")
    items = counts(room).items
    assert [item.question for item in items] == ["q1", "poll"]
    assert items[0].prompt == "Bác làm gì?"
    assert items[0].rounds == (Round(2, 1, 5, 4), Round(1, 1, 0, 0))
    assert items[1].rounds == (Round(1, None, 0, None),)


def test_what_nobody_was_asked_is_not_in_it(room):
    room.join()
    assert counts(room).items == ()


def test_what_was_asked_is_told_out_of_all_whether_anybody_answered_or_not(room, lesson):
    assert (counts(room).asked, counts(room).questions) == (0, len(lesson.understand.questions))
    room.ask("q1")
    room.answer(room.join(), "q1", "a")
    room.ask("poll")
    assert counts(room).asked == 2


def test_counts_kept_before_questions_were_counted_are_read_back(room):
    kept = json.loads(json.dumps(counts(room).as_json()))
    del kept["questions"], kept["asked"]
    assert Counts.from_json(kept).questions is None


def test_seats_that_were_seen_doing_it_are_counted(room, lesson):
    seat = room.join(people=2)
    room.join()
    assert (counts(room).witnessed, counts(room).witnessed_people) == (0, 0)
    tasks = [task.id for task in lesson.use.tasks]
    witness(room.session, room.id, seat.number, account_id=room.minh, use=lesson.use, task_ids=tasks, now=LATER)
    assert (counts(room).witnessed, counts(room).witnessed_people) == (1, 2)


def test_counts_come_back_from_json_as_they_went(room):
    room.say(mode="tu-lam")
    seat = room.join(people=2)
    room.send(room.practise(seat), SLIPS)
    room.ask("q1")
    room.answer(seat, "q1", "b")
    made = counts(room)
    assert Counts.from_json(json.loads(json.dumps(made.as_json()))) == made
    with pytest.raises(ValueError, match="another shape"):
        Counts.from_json(made.as_json() | {"shape": 2})


def test_no_name_and_no_learner_is_in_the_counts(room):
    seat = room.join(name="Nguyễn Thị Lan")
    room.send(room.practise(seat), SLIPS)
    kept = json.dumps(counts(room).as_json(), ensure_ascii=False)
    assert "Lan" not in kept
    assert seat.learner_id not in kept


def test_whoever_asks_to_be_forgotten_is_still_one_of_those_who_came(room):
    seat = room.join(people=2)
    forget(room.session, find_learner(room.session, seat.learner_id), now=LATER)
    assert counts(room).attendance.people == 2


def test_a_class_where_nothing_happened_has_a_report_too(room):
    empty = counts(room)
    assert (empty.attendance.people, empty.slips, empty.items, empty.witnessed) == (0, (), (), 0)
    assert "ít máy quá" in empty.advice


def test_a_class_whose_lesson_is_gone_still_says_who_came(room):
    room.join(people=2)
    room.session.execute(ClassRow.__table__.update().where(ClassRow.id == room.id).values(lesson="da-go"))
    gone = counts(room)
    assert (gone.lesson, gone.attendance.people, gone.items) == ("da-go", 2, ())
    room.session.execute(delete(ClassRow).where(ClassRow.id == "khong-co"))


# --- the sentence for the next class -----------------------------------------------------------------------------


def found(**more) -> Finding:
    usual = {"machines": 30, "alone": 25, "helped": 4, "begun": 30, "slips": (), "answers": ()}
    return Finding(**(usual | more))


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        (found(machines=2), "chưa đủ để rút ra"),
        (found(slips=(("nhap-ma", "Nhập mã", 12),)), "trước khi tập, làm mẫu màn “Nhập mã”"),
        (found(slips=(("bat-dau", "Bắt đầu", 9),)), "9 máy vấp ở đó. Nhắc: Ở dưới cùng."),
        (found(slips=(("nhap-ma", "Nhập mã", 2),), answers=(("Ai hỏi?", 9, 20),)), "trước khi hỏi “Ai hỏi?”"),
        (found(answers=(("Ai hỏi?", 1, 3),)), "không có chỗ nào nhiều người vấp"),
        (found(alone=10, helped=5), "thêm thời gian tập, vì 15 trong 30 máy chưa tới màn cuối"),
        (found(alone=10, helped=5, minutes=7), "lớp mới có 7 phút"),
        (found(minutes=0), "lớp chưa được một phút"),
        (found(minutes=7, slips=(("nhap-ma", "Nhập mã", 12),)), "làm mẫu màn “Nhập mã”"),
        (found(minutes=90, questions=6, asked=1), "mới hỏi 1 trong 6 câu"),
        (found(questions=6), "chưa hỏi câu nào"),
        (found(minutes=90, questions=6, asked=3), "cứ dạy như lần này"),
        (found(alone=2, helped=0, followed=27), "một lượt Tự làm"),
        (found(alone=0, helped=29), "cứ dạy như lần này"),
        (found(alone=0, helped=0, begun=0), "chừa giờ cho phần tập"),
        (found(), "cứ dạy như lần này"),
    ],
)
def test_the_sentence_follows_from_what_happened(happened, said):
    assert said in next_time(happened, school.practice())
