"""Snapshots: what the screens of each role show, and what they never show."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.display import snapshots, stream_queries
from lms.learning.classroom.questions import tallies
from lms.learning.classroom.seats import seat_claims, seats
from lms.learning.classroom.session.seat_store import Seat, find_seat, find_seats
from lms.learning.errors import NotFound
from lms.learning.learners.learner_store import new_learner_id
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import LATER, NOW, passing_events

PHONE = {
    "v", "lesson", "step", "kind", "phase", "round", "paused", "gate", "level", "mode", "demo", "on_phones", "closed",
    "break_until", "last_minute_until",
}  # fmt: skip
SEAT = {"seat", "lost", "out", "swept", "hand", "helping", "agreed", "seen", "done"}


def wall(live_class: LiveClass, now=NOW) -> dict:
    return snapshots.wall_snapshot(live_class.view(), find_seats(live_class.session, live_class.id), now)


def join_and_practise(live_class: LiveClass, count: int, screen_events: int = 1) -> list[Seat]:
    """So many phones in the practice, after so many events."""
    sitting = [live_class.join(name=f"Người {number}") for number in range(count)]
    for seat in sitting:
        attempt = live_class.practise(seat)
        live_class.send(attempt, [[1, 0, "bat-dau", 0, "tap"]][:screen_events])
    return sitting


def test_a_phone_snapshot_tells_where_the_class_is(live_class: LiveClass):
    live_class.ask_question("q1")
    live_class.command(paused=True, level=1)
    snapshot = snapshots.phone_snapshot(live_class.view())
    assert set(snapshot) == PHONE
    assert snapshot == {
        "v": live_class.class_session.version, "step": "hoi-q1", "kind": "question", "phase": "open", "round": 1,
        "paused": True, "gate": None, "level": 1, "mode": "lam-theo", "demo": 0,
        "on_phones": False, "closed": False, "break_until": None, "last_minute_until": None, "lesson": 1,
    }  # fmt: skip


def test_a_seat_snapshot_has_its_own_keys(live_class: LiveClass):
    seat = live_class.join()
    assert set(snapshots.seat_snapshot(seat)) == SEAT
    assert not SEAT & PHONE
    snapshot = snapshots.seat_snapshot(
        seats.set_helper(live_class.session, live_class.id, 1, name="Minh", account_id=live_class.minh, now=NOW)
    )
    assert snapshot == {
        "seat": 1, "out": False, "swept": False, "hand": False, "helping": "Minh", "agreed": True, "seen": False,
        "done": "", "lost": None,
    }  # fmt: skip


def test_most_changes_of_a_seat_leave_its_snapshot_unchanged(live_class: LiveClass):
    seat = live_class.join()
    snapshot = snapshots.seat_snapshot(seat)
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "b")
    attempt = live_class.practise(seat)
    live_class.send(attempt, [[1, 0, "bat-dau", 0, "tap"]])
    assert snapshots.seat_snapshot(find_seat(live_class.session, live_class.id, 1)) == snapshot


def test_the_wall_counts_phones_people_and_screens(live_class: LiveClass):
    live_class.command(to="tap")
    join_and_practise(live_class, 3)
    live_class.join(people=3)
    seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, people=2, now=NOW)
    seats.remove_seat(live_class.session, live_class.id, 1, account_id=live_class.minh, now=NOW)
    snapshot = wall(live_class)
    assert (snapshot["machines"], snapshot["people"], snapshot["screens"]) == (3, 7, {"nhap-ma": 2})
    assert snapshot["newest"] == []  # they are shown while learners join
    live_class.command(to="vao")
    assert wall(live_class)["newest"] == [
        [4, "con rùa", "con-rua"],
        [3, "trái chuối", "trai-chuoi"],
        [2, "hoa sen", "hoa-sen"],
    ]


@pytest.mark.parametrize(("mode", "screens"), [("lam-theo", {"xong": 2}), ("tu-lam", {"bat-dau": 1, "xong": 1})])
def test_who_has_finished_in_the_mode_of_the_class_stays_finished_in_another_attempt(
    live_class: LiveClass, mode: str, screens: dict[str, int]
):
    live_class.command(to="tap")
    for _ in range(2):
        attempt = live_class.practise(seat := live_class.join())
        live_class.send(attempt, passing_events(attempt.data))
    assert snapshots.seat_snapshot(find_seat(live_class.session, live_class.id, 2))["done"] == "helped"
    live_class.command(mode=mode)
    live_class.practise(seat)
    assert wall(live_class)["screens"] == screens


def test_nobodys_name_or_mistake_is_ever_on_the_wall(live_class: LiveClass):
    live_class.command(to="tap")
    live_class.command(mode="tu-lam")
    sitting = join_and_practise(live_class, 2)
    for seat in sitting:
        attempt = live_class.practise(seat)
        live_class.send(attempt, [[q, 0, "nhap-ma", 3, "tap"] for q in (2, 3, 4)])
    seats.set_hand_raised(
        live_class.session, class_id=live_class.id, learner_id=sitting[0].learner_id, raised=True, now=NOW
    )
    snapshot = wall(live_class)
    assert snapshot["stuck"] == "nhap-ma"
    text = json.dumps(snapshot, ensure_ascii=False)
    assert "Người" not in text
    assert not {"stuck_list", "hands", "claims", "tally", "out", "done", "wrong"} & set(snapshot)
    desk = live_class.desk()
    assert [(one["seat"], one["said"], one["screen"], one["name"]) for one in desk["stuck_list"]] == [
        (1, "giơ tay, sai 3 lần", "nhap-ma", "Người 0"), (2, "sai 3 lần", "nhap-ma", "Người 1"),
    ]  # fmt: skip
    assert desk["hands"] == 1


def test_bars_are_on_the_wall_once_shown_and_on_the_desk_once_locked(live_class: LiveClass):
    seat, other = live_class.join(), live_class.join()
    live_class.ask_question("q1")
    assert wall(live_class)["answers"] == {"given": 0}
    live_class.answer(seat, "q1", "a")
    live_class.answer(other, "q1", "b")
    assert wall(live_class)["answers"] == {"given": 2}
    assert live_class.desk()["tally"] is None
    live_class.set_phase("locked")
    tallies.save_hand_counts(
        live_class.session, live_class.id, "q1", 1, {"b": 5}, account_id=live_class.minh, library=live_class.library
    )
    assert wall(live_class)["answers"] == {"given": 2}
    assert live_class.desk()["tally"] == {"a": 1, "b": 6}
    live_class.set_phase("shown")
    assert wall(live_class)["answers"] == {"given": 2, "bars": {"a": 1, "b": 6}}


def test_a_new_round_counts_from_zero(live_class: LiveClass):
    seat = live_class.join()
    live_class.ask_question("q1")
    live_class.answer(seat, "q1", "a")
    live_class.command(step="hoi-q1", round=2)
    assert wall(live_class)["answers"] == {"given": 0}


def test_the_desk_tells_where_tiep_leads(live_class: LiveClass):
    assert live_class.desk()["next"] == {"key": "hoi-q1", "kind": "question", "title": "Câu hỏi 1"}
    assert live_class.desk()["back"] is None
    live_class.command(to="ket")
    assert (live_class.desk()["next"], live_class.desk()["back"]["key"]) == (None, "dung")


def test_the_desk_lists_removed_seats_claims_and_results(live_class: LiveClass):
    live_class.join(name="Lan")
    live_class.join()
    seats.remove_seat(live_class.session, live_class.id, 1, account_id=live_class.minh, now=NOW)
    seat_claims.claim_seat(live_class.session, learner_id=new_learner_id(), code=live_class.code, number=2, now=NOW)
    snapshot = live_class.desk(now=NOW + timedelta(minutes=2))
    assert snapshot["out"] == [{"seat": 1, "picture": "mặt trời", "slug": "mat-troi", "name": "Lan"}]
    assert snapshot["claims"] == [{"seat": 2, "picture": "hoa sen", "slug": "hoa-sen", "name": None, "minutes": 2}]
    assert snapshot["done"] == {"alone": 0, "helped": 0}
    json.dumps(snapshot)


def test_a_helper_snapshot_has_only_who_needs_help(live_class: LiveClass):
    seat = live_class.join()
    seats.set_hand_raised(live_class.session, class_id=live_class.id, learner_id=seat.learner_id, raised=True, now=NOW)
    snapshot = snapshots.helper_snapshot(live_class.view(), find_seats(live_class.session, live_class.id), NOW)
    assert set(snapshot) == {"v", "closed", "machines", "stuck_list"}
    assert snapshot["machines"] == 1
    assert [one["seat"] for one in snapshot["stuck_list"]] == [1]


def test_a_helper_snapshot_is_empty_once_the_class_is_over(live_class: LiveClass):
    seat = live_class.join(name="Lan")
    seats.set_hand_raised(live_class.session, class_id=live_class.id, learner_id=seat.learner_id, raised=True, now=NOW)
    live_class.command(close=True)
    snapshot = snapshots.helper_snapshot(live_class.view(), find_seats(live_class.session, live_class.id), NOW)
    assert (snapshot["closed"], snapshot["stuck_list"]) == (True, [])


def test_during_a_pause_nobody_is_slow(live_class: LiveClass):
    live_class.command(to="tap")
    join_and_practise(live_class, 1)
    later = NOW + timedelta(minutes=5)
    assert [one["reason"] for one in live_class.desk(now=later)["stuck_list"]] == ["silent"]
    for kwargs in ({"paused": True}, {"paused": False, "demo_of": "nhap-ma"}, {"demo_of": None, "gate": "nhap-ma"}):
        live_class.command(**kwargs)
        assert live_class.desk(now=later)["stuck_list"] == []


@pytest.mark.parametrize(
    ("holds", "lets_go"),
    [
        ({"paused": True}, {"paused": False}),
        ({"gate": "nhap-ma"}, {"gate": None}),
        ({"demo_of": "nhap-ma"}, {"demo_of": None}),
        ({"to": "dung"}, {"to": "tap"}),
    ],
)
def test_waiting_phones_are_not_slow_after_the_release(live_class: LiveClass, holds, lets_go):
    live_class.command(to="tap")
    join_and_practise(live_class, 1)
    later = NOW + timedelta(minutes=5)
    live_class.command(**holds)
    live_class.command(**lets_go, now=later)
    assert live_class.desk(now=later)["stuck_list"] == []
    assert [one["reason"] for one in live_class.desk(now=later + timedelta(minutes=2))["stuck_list"]] == ["silent"]


def test_a_pause_keeps_the_screen_with_most_mistakes(live_class: LiveClass):
    live_class.command(to="tap", mode="tu-lam")
    for seat in join_and_practise(live_class, 2):
        live_class.send(live_class.practise(seat), [[q, 0, "nhap-ma", 3, "tap"] for q in (2, 3, 4)])
    before = live_class.desk()
    live_class.command(paused=True)
    paused = live_class.desk()
    assert before["stuck"] is not None
    assert (paused["stuck"], paused["stuck_list"]) == (before["stuck"], before["stuck_list"])


# --- reads -------------------------------------------------------------------------------------------------------


def test_versions_include_open_and_recently_closed_classes(live_class: LiveClass):
    assert snapshots.find_class_versions(live_class.session, NOW)[live_class.id] == 1
    live_class.command(close=True, now=NOW)
    assert snapshots.find_class_versions(live_class.session, NOW + timedelta(minutes=14))[live_class.id] == 2
    assert snapshots.phone_snapshot(live_class.view())["closed"]
    assert live_class.id not in snapshots.find_class_versions(live_class.session, NOW + timedelta(minutes=16))


def test_only_changed_seats_with_unknown_versions_are_found(live_class: LiveClass):
    live_class.join()
    second = live_class.join(now=LATER)
    assert {seat.number for seat in stream_queries.find_seats_of_classes(live_class.session, [live_class.id])} == {1, 2}
    changed = stream_queries.find_changed_seats(live_class.session, [live_class.id], second.changed_at, {})
    assert changed == [second]
    known = {(live_class.id, 2): second.version}
    assert stream_queries.find_changed_seats(live_class.session, [live_class.id], second.changed_at, known) == []
    assert stream_queries.find_seats_of_classes(live_class.session, []) == []


def test_all_classes_are_read_in_a_handful_of_queries(
    session: Session, live_class: LiveClass, library: Library, hanh: str
):
    live_classes = [live_class, *(LiveClass(session, library, hanh, lesson) for lesson in ("kich-hoat", "ba-loai-ma"))]
    for one in live_classes:
        seat = one.join()
        one.ask_question("q1")
        one.answer(seat, "q1", "b")
        one.set_phase("shown")
    connection = session.connection()
    ids = [one.id for one in live_classes]
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    views = snapshots.find_class_views(session, ids, library)
    found = stream_queries.find_seats_of_classes(session, ids)
    assert len(asked) == 4
    assert len(found) == 3
    assert {view.tally.bars["b"] for view in views.values()} == {1}


def test_an_unknown_class_is_not_found(live_class: LiveClass):
    assert snapshots.find_class_views(live_class.session, ["0" * 32], live_class.library) == {}
    with pytest.raises(NotFound):
        snapshots.find_class_view(live_class.session, "0" * 32, live_class.library)
