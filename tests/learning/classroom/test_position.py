"""Where everybody is in the class's practice, and who needs somebody to come by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from lms.learning.classroom.display import snapshots
from lms.learning.classroom.display.stuck import most_stuck_screen, stuck
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import Seat, find_seat
from lms.learning.errors import ClassClosed, NotFound, NotSeated, TooOften
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.marks.marks import marks
from lms.learning.practice.attempts import ended_at_seat, find_attempt, start_practice
from lms.learning.practice.events import keep_event_batches
from tests.learning.classroom.room import Room
from tests.learning.school import LATER, NOW, practice, walk


@pytest.fixture
def seat(room: Room) -> Seat:
    room.say(to="tap")
    room.say(mode="tu-lam")
    return room.join()


def at(room: Room) -> Seat:
    return find_seat(room.session, room.id, 1)


def test_beginning_puts_the_seat_on_the_first_screen(room: Room, seat: Seat):
    attempt = room.practise(seat)
    assert (attempt.mode, attempt.class_id, attempt.seat) == ("tu-lam", room.id, 1)
    now = at(room)
    assert (now.attempt_id, now.screen, now.screen_since, now.visits, now.done) == (attempt.id, "bat-dau", NOW, 1, "")


def test_tapping_twice_goes_on_with_the_same_attempt(room: Room, seat: Seat):
    attempt = room.practise(seat)
    room.send(attempt, walk(attempt.data)[:1])
    assert room.practise(seat).id == attempt.id
    assert at(room).screen == "nhap-ma"


def test_another_mode_or_an_ended_attempt_begins_anew(room: Room, seat: Seat):
    first = room.practise(seat)
    room.say(mode="lam-theo")
    second = room.practise(seat)
    assert (second.id != first.id, second.mode) == (True, "lam-theo")
    room.send(second, walk(second.data))
    third = room.practise(seat)
    assert third.id not in (first.id, second.id)
    assert at(room).screen == "bat-dau"
    assert at(room).done == "helped"  # in làm theo the page showed the way


def test_events_move_the_seat_and_only_the_seat(room: Room, seat: Seat):
    attempt = room.practise(seat)
    version, before = room.klass.version, at(room).version
    receipt = room.send(attempt, walk(attempt.data)[:1], now=LATER)
    assert receipt.kept == 1
    now = at(room)
    assert (now.screen, now.screen_since, now.last_at) == ("nhap-ma", LATER, LATER)
    assert (now.version, now.changed_at) == (before + 1, int(LATER.timestamp() * 1000))
    assert room.klass.version == version
    room.send(attempt, walk(attempt.data)[:1], now=LATER + timedelta(minutes=1))
    assert at(room) == now  # sent again, nothing new


def test_the_goal_alone_or_with_help_and_the_best_stays(room: Room, seat: Seat):
    attempt = room.practise(seat)
    events = [[1, 0, "bat-dau", -1, "hint"], *([q + 1, *rest] for q, *rest in walk(attempt.data))]
    room.send(attempt, events)
    now = at(room)
    assert (now.screen, now.screen_since, now.done) == ("xong", None, "helped")
    second = room.practise(seat)
    assert room.send(second, walk(second.data)).mark_earned
    assert at(room).done == "alone"
    third = room.practise(seat)
    room.send(third, walk(third.data)[:1])
    assert at(room).done == "alone"
    assert "lam" in marks(room.session, seat.learner_id)[("vneid", "kich-hoat")]


def test_wrong_turns_hints_and_coming_back_are_counted_on_the_screen(room: Room, seat: Seat):
    attempt = room.practise(seat)
    wrong = [[q, 0, "nhap-ma", 3, "tap"] for q in (2, 3)]
    room.send(attempt, [[1, 0, "bat-dau", 0, "tap"], *wrong])
    assert (at(room).wrong, at(room).visits, at(room).last_hint) == (2, 1, False)
    lost = [[4, 0, "nhap-ma", 4, "tap"], [5, 0, "lac", 0, "tap"], [6, 0, "nhap-ma", -1, "hint"]]
    room.send(attempt, lost, now=LATER)
    now = at(room)
    assert (now.screen, now.screen_since, now.visits, now.hints, now.last_hint) == ("nhap-ma", LATER, 2, 1, True)


def test_a_batch_that_ends_where_it_began_still_counts_the_round(room: Room, seat: Seat):
    attempt = room.practise(seat)
    room.send(attempt, [[1, 0, "bat-dau", 0, "tap"]])
    room.send(attempt, [[2, 0, "nhap-ma", 4, "tap"], [3, 0, "lac", 0, "tap"]], now=LATER)
    assert (at(room).visits, at(room).screen_since) == (2, LATER)


TRAP, FATAL, BACK = 4, 5, 0  # on the screen "nhap-ma"; the way back from "lac"


def onto_traps(mode: str, times: int, first: int = 2) -> list[list]:
    """Taps on a trap: in làm theo she stays where she is, in the other modes she is led away and comes back."""
    if mode == "lam-theo":
        return [[q, 0, "nhap-ma", TRAP, "tap"] for q in range(first, first + times)]
    events = []
    for q in range(first, first + 2 * times, 2):
        events += [[q, 0, "nhap-ma", TRAP, "tap"], [q + 1, 0, "lac", BACK, "tap"]]
    return events


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_a_tap_on_a_trap_counts_like_a_wrong_field_whether_it_leads_away_or_not(room: Room, seat: Seat, mode: str):
    room.say(mode=mode)
    attempt = room.practise(seat)
    room.send(attempt, [[1, 0, "bat-dau", 0, "tap"], *onto_traps(mode, 2)])
    assert (at(room).screen, at(room).wrong, reasons(at(room))) == ("nhap-ma", 2, reasons_of_visits(at(room)))
    submit = find_attempt(room.session, seat.learner_id, attempt.id).kept + 1
    told = snapshots.seat(at(room))
    room.send(attempt, [[submit, 0, "nhap-ma", 3, "tap"]])
    assert (at(room).wrong, reasons(at(room))) == (3, [(1, "wrong")])
    assert snapshots.seat(at(room)) == told  # her own phone hears nothing of it
    kept = find_attempt(room.session, seat.learner_id, attempt.id)
    assert kept.state["screens"]["nhap-ma"]["wrong"] == 1  # and her score knows fields alone


def reasons_of_visits(seat: Seat) -> list[tuple[int, str]]:
    return [(1, "again")] if seat.visits >= 3 else []


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_a_tap_on_a_button_that_leads_nowhere_is_wrong_and_one_beside_every_button_is_not(
    room: Room, seat: Seat, mode: str
):
    room.say(mode=mode)
    attempt = room.practise(seat)
    room.send(attempt, [[q, 0, "bat-dau", -1, "miss"] for q in (1, 2, 3)])
    assert (at(room).wrong, reasons(at(room))) == (0, [])
    room.send(attempt, [[q, 0, "bat-dau", 1, "tap"] for q in (4, 5, 6)])
    assert (at(room).wrong, reasons(at(room))) == (3, [(1, "wrong")])
    kept = find_attempt(room.session, seat.learner_id, attempt.id)
    assert kept.state["screens"].get("bat-dau", {"wrong": 0})["wrong"] == 0  # her score knows fields alone


def test_a_side_way_is_no_stumble_where_it_leads(room: Room, seat: Seat):
    attempt = room.practise(seat)
    room.send(attempt, [[1, 0, "bat-dau", 0, "tap"], *onto_traps("tu-lam", 1)])
    # Of the way back from the trap's screen, an arrow to the side, nothing is counted there or here.
    assert at(room).wrong == 1
    room.send(attempt, [[4, 0, "nhap-ma", FATAL, "tap"]])
    assert (at(room).screen, at(room).wrong) == ("lac", 0)
    room.send(attempt, [[5, 0, "lac", BACK, "tap"]])
    assert at(room).wrong == 2


def test_after_help_traps_are_counted_anew_and_a_batch_sent_twice_counts_once(room: Room, seat: Seat):
    room.say(mode="lam-theo")
    attempt = room.practise(seat)
    events = [[1, 0, "bat-dau", 0, "tap"], *onto_traps("lam-theo", 3)]
    room.send(attempt, events)
    room.send(attempt, events)
    assert (at(room).wrong, reasons(at(room))) == (3, [(1, "wrong")])
    seats.helped(room.session, room.id, 1, account_id=room.minh, now=SOON)
    room.send(attempt, onto_traps("lam-theo", 2, first=5), now=SOON)
    assert (at(room).wrong, reasons(at(room))) == (2, [])


def test_many_posts_at_once_are_kept_as_one_by_one(room: Room, seat: Seat):
    other = room.join()
    one, two = room.practise(seat), room.practise(other)
    log, hers = walk(one.data), walk(two.data)
    posts = [
        {"learner_id": seat.learner_id, "attempt_id": one.id, "events": log[:2], "now": NOW},
        {"learner_id": other.learner_id, "attempt_id": two.id, "events": hers, "now": NOW},
        {"learner_id": seat.learner_id, "attempt_id": two.id, "events": hers, "now": NOW},
        {"learner_id": seat.learner_id, "attempt_id": one.id, "events": log[1:], "now": LATER},
        {"learner_id": seat.learner_id, "attempt_id": one.id, "events": log, "now": LATER},
    ]
    kept = keep_event_batches(room.session, posts)
    assert [getattr(one, "kept", type(one)) for one in kept] == [2, 4, NotFound, 4, 4]
    assert [one.ended for one in kept if not isinstance(one, Exception)] == [False, True, True, True]
    assert find_attempt(room.session, seat.learner_id, one.id).ended
    assert [find_seat(room.session, room.id, number).done for number in (1, 2)] == ["alone", "alone"]


def test_an_attempt_of_home_moves_no_seat(room: Room, seat: Seat):
    attempt = start_practice(room.session, seat.learner_id, "vneid", "kich-hoat", practice(), "tu-lam", now=NOW)
    room.send(attempt, walk(attempt.data))
    assert (at(room).screen, at(room).done) == (None, "")


def test_after_the_class_practice_goes_on_and_the_seat_stays(room: Room, seat: Seat):
    attempt = room.practise(seat)
    room.say(close=True)
    assert room.send(attempt, walk(attempt.data)).mark_earned
    assert at(room).screen == "bat-dau"


def test_who_may_not_practise_in_class(room: Room, seat: Seat, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(NotSeated):
        room.practise(replace(seat, learner_id=new_learner_id()))
    monkeypatch.setattr(class_attempts, "MOST_ATTEMPTS", 1)
    first = room.practise(seat)
    room.send(first, walk(first.data))
    with pytest.raises(TooOften):
        room.practise(seat)
    room.say(close=True)
    with pytest.raises(ClassClosed):
        room.practise(seat)


def test_only_ended_goes_that_were_begun_at_a_seat_are_its_own(room: Room, seat: Seat):
    ended = room.practise(seat)
    room.send(ended, walk(ended.data))
    room.practise(seat)  # begun anew, and not ended
    other = new_learner_id()
    ask = partial(ended_at_seat, room.session)
    assert ask(seat.learner_id, room.id, seat.number) == (ended.id,)
    assert ask(seat.learner_id, room.id, seat.number + 1) == ask(other, room.id, seat.number) == ()
    assert ask(seat.learner_id, "0" * 32, seat.number) == ()


def test_a_lesson_without_a_practice_has_none_in_class(session: Session, room: Room):
    there = Room(session, room.library, room.minh, lesson="ba-loai-ma")
    with pytest.raises(NotFound):
        there.practise(there.join())


def test_the_classes_help_level_counts_until_it_is_over(room: Room):
    assert room.klass.level is None
    room.say(level=0)
    assert room.klass.level == 0
    room.say(close=True)
    assert room.klass.level is None


# --- who is stuck ------------------------------------------------------------------------------------------------

SOON = NOW + timedelta(minutes=1)
LONG_AFTER = NOW + timedelta(minutes=4)


@pytest.fixture
def busy(room: Room, seat: Seat) -> Seat:
    """Somebody in the middle of the practice who has just done something."""
    room.practise(seat)
    return at(room)


def reasons(*sitting: Seat, now=SOON, **how: object) -> list[tuple[int, str]]:
    return [(one.seat, one.reason) for one in stuck(sitting, now, **how)]


def test_reasons_stand_in_the_order_of_their_urgency(busy: Seat):
    everything = replace(busy, hand_at=NOW, wrong=3, last_hint=True, visits=3)
    fewer = [
        everything, replace(everything, hand_at=None), replace(everything, hand_at=None, wrong=2),
        replace(busy, visits=3), busy,
    ]  # fmt: skip
    numbered = [replace(one, number=number) for number, one in enumerate(fewer, 1)]
    assert reasons(*reversed(numbered)) == [(1, "hand"), (2, "wrong"), (3, "hint"), (4, "again")]


def test_who_does_something_on_one_screen_for_long_and_who_does_nothing(busy: Seat):
    active = replace(busy, last_at=LONG_AFTER - timedelta(seconds=20))
    assert reasons(active, now=LONG_AFTER) == [(1, "long")]
    assert reasons(busy, now=NOW + timedelta(minutes=2)) == [(1, "silent")]
    assert reasons(busy, now=SOON) == []


def test_the_list_says_it_in_words(busy: Seat):
    [found] = stuck([replace(busy, wrong=3, name="Lan", screen_since=NOW - timedelta(minutes=2))], NOW)
    assert (found.picture.name, found.screen, found.said, found.minutes, found.name) == (
        "mặt trời", "bat-dau", "sai 3 lần", 2, "Lan",
    )  # fmt: skip


def test_whoever_is_being_helped_stands_last(busy: Seat):
    hands = [replace(busy, number=1, hand_at=NOW, helping="Minh"), replace(busy, number=2, wrong=3)]
    assert reasons(*hands) == [(2, "wrong"), (1, "hand")]


def test_who_waits_longest_stands_first(busy: Seat):
    hands = [replace(busy, number=1, hand_at=NOW), replace(busy, number=2, hand_at=NOW - timedelta(minutes=3))]
    assert reasons(*hands) == [(2, "hand"), (1, "hand")]


def test_a_raised_hand_says_how_often_something_was_wrong(busy: Seat):
    raised = replace(busy, hand_at=NOW, wrong=2)
    assert [one.said for one in stuck([raised], NOW)] == ["giơ tay, sai 2 lần"]
    assert [one.said for one in stuck([raised], NOW, practising=False)] == ["giơ tay"]


def test_outside_the_practice_and_at_the_gate_only_hands_count(busy: Seat):
    wrong, hand = replace(busy, wrong=3), replace(busy, number=2, hand_at=NOW)
    assert reasons(wrong, hand, practising=False) == [(2, "hand")]
    assert reasons(wrong, hand, gate="bat-dau") == [(2, "hand")]
    assert reasons(wrong, gate="nhap-ma") == [(1, "wrong")]


def test_while_the_class_looks_up_what_went_wrong_stays_in_the_list_and_nobody_is_slow(busy: Seat):
    wrong, slow, hand = replace(busy, wrong=3), replace(busy, number=2), replace(busy, number=3, hand_at=NOW)
    assert reasons(wrong, slow, hand, now=LONG_AFTER) == [(3, "hand"), (1, "wrong"), (2, "silent")]
    assert reasons(wrong, slow, hand, now=LONG_AFTER, paused=True) == [(3, "hand"), (1, "wrong")]


def test_nobody_was_slow_while_the_class_was_held(busy: Seat):
    assert reasons(busy, now=LONG_AFTER) == [(1, "silent")]
    assert reasons(busy, now=LONG_AFTER, freed=LONG_AFTER - timedelta(minutes=1)) == []
    assert reasons(busy, now=LONG_AFTER + timedelta(minutes=2), freed=LONG_AFTER) == [(1, "silent")]
    doing = replace(busy, last_at=LONG_AFTER)
    assert reasons(doing, now=LONG_AFTER) == [(1, "long")]
    assert reasons(doing, now=LONG_AFTER, freed=LONG_AFTER - timedelta(minutes=2)) == []


def test_who_is_out_or_has_finished_is_not_stuck(busy: Seat):
    assert reasons(replace(busy, wrong=5, out=True), replace(busy, screen_since=None, wrong=5), now=LONG_AFTER) == []


def test_the_wall_frames_a_screen_only_when_more_than_one_is_stuck_there(busy: Seat):
    alone = stuck([replace(busy, wrong=3)], SOON)
    assert most_stuck_screen(alone) is None
    both = stuck([replace(busy, number=n, wrong=3) for n in (1, 2)], SOON)
    assert most_stuck_screen(both) == "bat-dau"


def test_after_help_minutes_and_mistakes_begin_anew(room: Room, busy: Seat):
    attempt = find_attempt(room.session, busy.learner_id, busy.attempt_id)
    wrong = [[q, 0, "nhap-ma", 3, "tap"] for q in (2, 3, 4)]
    room.send(attempt, [[1, 0, "bat-dau", 0, "tap"], *wrong, [5, 0, "nhap-ma", -1, "hint"]])
    assert reasons(at(room)) == [(1, "wrong")]
    for _ in range(2):
        seats.helped(room.session, room.id, 1, account_id=room.minh, now=LONG_AFTER)
        assert reasons(at(room), now=LONG_AFTER) == []
    room.send(attempt, [[q, 0, "nhap-ma", 3, "tap"] for q in (6, 7)], now=LONG_AFTER)
    assert (at(room).wrong, at(room).visits, reasons(at(room), now=LONG_AFTER)) == (2, 1, [])
    room.send(attempt, [[8, 0, "nhap-ma", 3, "tap"]], now=LONG_AFTER)
    assert reasons(at(room), now=LONG_AFTER) == [(1, "wrong")]
