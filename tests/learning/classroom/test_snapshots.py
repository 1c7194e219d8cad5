"""What each role's screen is told, and what it is never told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.display import class_queries, snapshots
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import Seat, find_seat, find_seats
from lms.learning.errors import NotFound
from lms.learning.learners.learner_store import new_learner_id
from tests.learning.classroom.room import Room
from tests.learning.school import LATER, NOW

PHONE = {"v", "step", "kind", "phase", "round", "paused", "gate", "level", "mode", "closed"}
SEAT = {"seat", "out", "swept", "hand", "helping", "agreed", "seen"}


def wall(room: Room, now=NOW) -> dict:
    return snapshots.wall(room.view(), find_seats(room.session, room.id), now)


def crowd(room: Room, count: int, screen_events: int = 1) -> list[Seat]:
    """So many phones in the practice, after so many events."""
    sitting = [room.join(name=f"Người {number}") for number in range(count)]
    for seat in sitting:
        attempt = room.practise(seat)
        room.send(attempt, [[1, 0, "bat-dau", 0, "tap"]][:screen_events])
    return sitting


def test_a_phone_is_told_where_the_class_is(room: Room):
    room.ask("q1")
    room.say(paused=True, level=1)
    told = snapshots.phone(room.view())
    assert set(told) == PHONE
    assert told == {
        "v": room.klass.version, "step": "hoi-q1", "kind": "question", "phase": "open", "round": 1, "paused": True,
        "gate": None, "level": 1, "mode": "lam-theo", "closed": False,
    }  # fmt: skip


def test_a_seat_is_told_what_is_its_own_and_keys_never_collide(room: Room):
    seat = room.join()
    assert set(snapshots.seat(seat)) == SEAT
    assert not SEAT & PHONE
    told = snapshots.seat(seats.helping(room.session, room.id, 1, name="Minh", account_id=room.minh, now=NOW))
    assert told == {
        "seat": 1, "out": False, "swept": False, "hand": False, "helping": "Minh", "agreed": True, "seen": False,
    }  # fmt: skip


def test_most_changes_of_a_seat_tell_its_phone_nothing(room: Room):
    seat = room.join()
    told = snapshots.seat(seat)
    room.ask("q1")
    room.answer(seat, "q1", "b")
    attempt = room.practise(seat)
    room.send(attempt, [[1, 0, "bat-dau", 0, "tap"]])
    assert snapshots.seat(find_seat(room.session, room.id, 1)) == told


def test_the_wall_counts_machines_people_and_screens(room: Room):
    room.say(to="tap")
    crowd(room, 3)
    room.join(people=3)
    seats.add_seat(room.session, room.id, account_id=room.minh, people=2, now=NOW)
    seats.put_out(room.session, room.id, 1, account_id=room.minh, now=NOW)
    told = wall(room)
    assert (told["machines"], told["people"], told["screens"]) == (3, 7, {"nhap-ma": 2})
    assert told["newest"] == [[4, "con rùa", "con-rua"], [3, "trái chuối", "trai-chuoi"], [2, "hoa sen", "hoa-sen"]]


def test_nobodys_name_or_mistake_is_ever_on_the_wall(room: Room):
    room.say(to="tap")
    room.say(mode="tu-lam")
    sitting = crowd(room, 2)
    for seat in sitting:
        attempt = room.practise(seat)
        room.send(attempt, [[q, 0, "nhap-ma", 3, "tap"] for q in (2, 3, 4)])
    seats.raise_hand(room.session, class_id=room.id, learner_id=sitting[0].learner_id, up=True, now=NOW)
    told = wall(room)
    assert told["stuck"] == "nhap-ma"
    text = json.dumps(told, ensure_ascii=False)
    assert "Người" not in text
    assert not {"stuck_list", "hands", "claims", "tally", "out", "done", "wrong"} & set(told)
    desk = room.desk()
    assert [(one["seat"], one["said"], one["screen"], one["name"]) for one in desk["stuck_list"]] == [
        (1, "giơ tay, sai 3 lần", "nhap-ma", "Người 0"), (2, "sai 3 lần", "nhap-ma", "Người 1"),
    ]  # fmt: skip
    assert desk["hands"] == 1


def test_bars_stand_on_the_wall_once_the_question_is_shown_and_on_the_desk_once_it_is_locked(room: Room):
    seat, other = room.join(), room.join()
    room.ask("q1")
    assert wall(room)["answers"] == {"given": 0}
    room.answer(seat, "q1", "a")
    room.answer(other, "q1", "b")
    assert wall(room)["answers"] == {"given": 2}
    assert room.desk()["tally"] is None
    room.phase("locked")
    class_answers.keep_hands(room.session, room.id, "q1", 1, {"b": 5}, account_id=room.minh, library=room.library)
    assert wall(room)["answers"] == {"given": 2}
    assert room.desk()["tally"] == {"a": 1, "b": 6}
    room.phase("shown")
    assert wall(room)["answers"] == {"given": 2, "bars": {"a": 1, "b": 6}}


def test_a_new_round_counts_from_nothing(room: Room):
    seat = room.join()
    room.ask("q1")
    room.answer(seat, "q1", "a")
    room.say(step="hoi-q1", round=2)
    assert wall(room)["answers"] == {"given": 0}


def test_the_desk_says_where_tiep_leads(room: Room):
    assert room.desk()["next"] == {"key": "hoi-q1", "kind": "question", "title": "Câu hỏi 1"}
    assert room.desk()["back"] is None
    room.say(to="ket")
    assert (room.desk()["next"], room.desk()["back"]["key"]) == (None, "dung")


def test_the_desk_lists_who_is_out_who_waits_and_who_has_finished(room: Room):
    room.join(name="Lan")
    room.join()
    seats.put_out(room.session, room.id, 1, account_id=room.minh, now=NOW)
    seats.claim(room.session, learner_id=new_learner_id(), code=room.code, number=2, now=NOW)
    told = room.desk(now=NOW + timedelta(minutes=2))
    assert told["out"] == [{"seat": 1, "picture": "mặt trời", "slug": "mat-troi", "name": "Lan"}]
    assert told["claims"] == [{"seat": 2, "picture": "hoa sen", "slug": "hoa-sen", "name": None, "minutes": 2}]
    assert told["done"] == {"alone": 0, "helped": 0}
    json.dumps(told)


def test_a_helper_is_told_only_who_needs_help(room: Room):
    seat = room.join()
    seats.raise_hand(room.session, class_id=room.id, learner_id=seat.learner_id, up=True, now=NOW)
    told = snapshots.helper(room.view(), find_seats(room.session, room.id), NOW)
    assert set(told) == {"v", "closed", "stuck_list"}
    assert [one["seat"] for one in told["stuck_list"]] == [1]


def test_a_helper_is_told_of_nobody_once_the_class_is_over(room: Room):
    seat = room.join(name="Lan")
    seats.raise_hand(room.session, class_id=room.id, learner_id=seat.learner_id, up=True, now=NOW)
    room.say(close=True)
    told = snapshots.helper(room.view(), find_seats(room.session, room.id), NOW)
    assert (told["closed"], told["stuck_list"]) == (True, [])


def test_while_all_look_up_nobody_is_slow(room: Room):
    room.say(to="tap")
    crowd(room, 1)
    later = NOW + timedelta(minutes=5)
    assert [one["reason"] for one in room.desk(now=later)["stuck_list"]] == ["silent"]
    for said in ({"paused": True}, {"paused": False, "demo_of": "nhap-ma"}, {"demo_of": None, "gate": "nhap-ma"}):
        room.say(**said)
        assert room.desk(now=later)["stuck_list"] == []


@pytest.mark.parametrize(
    ("holds", "lets_go"),
    [
        ({"paused": True}, {"paused": False}),
        ({"gate": "nhap-ma"}, {"gate": None}),
        ({"demo_of": "nhap-ma"}, {"demo_of": None}),
        ({"to": "dung"}, {"to": "tap"}),
    ],
)
def test_who_was_held_is_not_called_slow_when_the_class_goes_on(room: Room, holds, lets_go):
    room.say(to="tap")
    crowd(room, 1)
    later = NOW + timedelta(minutes=5)
    room.say(**holds)
    room.say(**lets_go, now=later)
    assert room.desk(now=later)["stuck_list"] == []
    assert [one["reason"] for one in room.desk(now=later + timedelta(minutes=2))["stuck_list"]] == ["silent"]


def test_a_pause_takes_nothing_from_the_screen_where_most_went_wrong(room: Room):
    room.say(to="tap", mode="tu-lam")
    for seat in crowd(room, 2):
        room.send(room.practise(seat), [[q, 0, "nhap-ma", 3, "tap"] for q in (2, 3, 4)])
    before = room.desk()
    room.say(paused=True)
    paused = room.desk()
    assert before["stuck"] is not None
    assert (paused["stuck"], paused["stuck_list"]) == (before["stuck"], before["stuck_list"])


# --- reads -------------------------------------------------------------------------------------------------------


def test_open_classes_have_versions_and_closed_ones_say_so_for_a_while(room: Room):
    connection = room.session.connection()
    assert class_queries.open_versions(connection, NOW)[room.id] == 1
    room.say(close=True, now=NOW)
    assert class_queries.open_versions(connection, NOW + timedelta(minutes=14))[room.id] == 2
    assert snapshots.phone(room.view())["closed"]
    assert room.id not in class_queries.open_versions(connection, NOW + timedelta(minutes=16))


def test_seats_that_changed_since_are_read_with_their_stamps(room: Room):
    room.join()
    second = room.join(now=LATER)
    connection = room.session.connection()
    assert [one.number for one in class_queries.read_seats(connection, [room.id])] == [1, 2]
    assert class_queries.read_seats(connection, [room.id], since=second.changed_at) == [second]
    assert class_queries.read_seats(connection, [], since=0) == []


def test_all_classes_are_read_in_a_handful_of_queries(session: Session, room: Room, library: Library, hanh: str):
    rooms = [room, *(Room(session, library, hanh, lesson) for lesson in ("kich-hoat", "ba-loai-ma"))]
    for one in rooms:
        seat = one.join()
        one.ask("q1")
        one.answer(seat, "q1", "b")
        one.phase("shown")
    connection = session.connection()
    ids = [one.id for one in rooms]
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    views = class_queries.read_classes(connection, ids, library)
    found = class_queries.read_seats(connection, ids)
    assert len(asked) == 4
    assert len(found) == 3
    assert {view.tally.bars["b"] for view in views.values()} == {1}


def test_a_class_that_is_none_is_not_there(room: Room):
    assert class_queries.read_classes(room.session.connection(), ["0" * 32], room.library) == {}
    with pytest.raises(NotFound):
        class_queries.find_view(room.session, "0" * 32, room.library)
