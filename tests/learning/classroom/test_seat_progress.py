"""Progress of seats in the class's practice, and which seats need help."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from lms.learning.classroom.display import snapshots
from lms.learning.classroom.display.stuck_seats import find_stuck_seats, most_stuck_screen
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.seat_store import Seat, find_seat
from lms.learning.errors import ClassClosed, NoSeatInClass, NotFound, RateLimited
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.marks.marks import earned_stages
from lms.learning.practice.attempts import ended_attempts_at_seat, find_attempt, start_attempt
from lms.learning.practice.events import save_event_batches
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import LATER, NOW, passing_events, practice


@pytest.fixture
def seat(live_class: LiveClass) -> Seat:
    live_class.command(to="tap")
    live_class.command(mode="tu-lam")
    return live_class.join()


def at(live_class: LiveClass) -> Seat:
    return find_seat(live_class.session, live_class.id, 1)


def test_starting_puts_the_seat_on_the_first_screen(live_class: LiveClass, seat: Seat):
    attempt = live_class.practise(seat)
    assert (attempt.mode, attempt.class_id, attempt.seat) == ("tu-lam", live_class.id, 1)
    now = at(live_class)
    assert (now.attempt_id, now.screen, now.screen_since, now.visits, now.done) == (attempt.id, "bat-dau", NOW, 1, "")


def test_a_second_tap_continues_the_same_attempt(live_class: LiveClass, seat: Seat):
    attempt = live_class.practise(seat)
    live_class.send(attempt, passing_events(attempt.data)[:1])
    assert live_class.practise(seat).id == attempt.id
    assert at(live_class).screen == "nhap-ma"


def test_another_mode_or_an_ended_attempt_starts_a_new_one(live_class: LiveClass, seat: Seat):
    first = live_class.practise(seat)
    live_class.command(mode="lam-theo")
    second = live_class.practise(seat)
    assert (second.id != first.id, second.mode) == (True, "lam-theo")
    live_class.send(second, passing_events(second.data))
    third = live_class.practise(seat)
    assert third.id not in (first.id, second.id)
    assert at(live_class).screen == "bat-dau"
    assert at(live_class).done == "helped"  # in làm theo the page showed the way


def test_events_update_the_seat_and_not_the_class_version(live_class: LiveClass, seat: Seat):
    attempt = live_class.practise(seat)
    version, before = live_class.class_session.version, at(live_class).version
    receipt = live_class.send(attempt, passing_events(attempt.data)[:1], now=LATER)
    assert receipt.last_q == 1
    now = at(live_class)
    assert (now.screen, now.screen_since, now.last_at) == ("nhap-ma", LATER, LATER)
    assert (now.version, now.changed_at) == (before + 1, int(LATER.timestamp() * 1000))
    assert live_class.class_session.version == version
    live_class.send(attempt, passing_events(attempt.data)[:1], now=LATER + timedelta(minutes=1))
    assert at(live_class) == now  # sent again, nothing new


def test_the_best_result_stays(live_class: LiveClass, seat: Seat):
    attempt = live_class.practise(seat)
    events = [[1, 0, "bat-dau", -1, "hint"], *([q + 1, *rest] for q, *rest in passing_events(attempt.data))]
    live_class.send(attempt, events)
    now = at(live_class)
    assert (now.screen, now.screen_since, now.done) == ("xong", None, "helped")
    second = live_class.practise(seat)
    assert live_class.send(second, passing_events(second.data)).mark_earned
    assert at(live_class).done == "alone"
    third = live_class.practise(seat)
    live_class.send(third, passing_events(third.data)[:1])
    assert at(live_class).done == "alone"
    assert "lam" in earned_stages(live_class.session, seat.learner_id)[("vneid", "kich-hoat")]


def test_mistakes_hints_and_visits_are_counted_per_screen(live_class: LiveClass, seat: Seat):
    attempt = live_class.practise(seat)
    wrong = [[q, 0, "nhap-ma", 3, "tap"] for q in (2, 3)]
    live_class.send(attempt, [[1, 0, "bat-dau", 0, "tap"], *wrong])
    assert (at(live_class).wrong, at(live_class).visits, at(live_class).last_hint) == (2, 1, False)
    lost = [[4, 0, "nhap-ma", 4, "tap"], [5, 0, "lac", 0, "tap"], [6, 0, "nhap-ma", -1, "hint"]]
    live_class.send(attempt, lost, now=LATER)
    now = at(live_class)
    assert (now.screen, now.screen_since, now.visits, now.hints, now.last_hint) == ("nhap-ma", LATER, 2, 1, True)


def test_a_batch_that_ends_on_its_first_screen_counts_the_visits(live_class: LiveClass, seat: Seat):
    attempt = live_class.practise(seat)
    live_class.send(attempt, [[1, 0, "bat-dau", 0, "tap"]])
    live_class.send(attempt, [[2, 0, "nhap-ma", 4, "tap"], [3, 0, "lac", 0, "tap"]], now=LATER)
    assert (at(live_class).visits, at(live_class).screen_since) == (2, LATER)


TRAP, FATAL, BACK = 4, 5, 0  # on the screen "nhap-ma"; the way back from "lac"


def taps_on_traps(mode: str, times: int, first: int = 2) -> list[list]:
    """Taps on a trap. In mode FOLLOW it leads nowhere; in the other modes the log also goes back."""
    if mode == "lam-theo":
        return [[q, 0, "nhap-ma", TRAP, "tap"] for q in range(first, first + times)]
    events = []
    for q in range(first, first + 2 * times, 2):
        events += [[q, 0, "nhap-ma", TRAP, "tap"], [q + 1, 0, "lac", BACK, "tap"]]
    return events


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_a_tap_on_a_trap_counts_like_a_wrong_field_in_every_mode(live_class: LiveClass, seat: Seat, mode: str):
    live_class.command(mode=mode)
    attempt = live_class.practise(seat)
    live_class.send(attempt, [[1, 0, "bat-dau", 0, "tap"], *taps_on_traps(mode, 2)])
    assert (at(live_class).screen, at(live_class).wrong, reasons(at(live_class))) == (
        "nhap-ma",
        2,
        reasons_of_visits(at(live_class)),
    )
    submit = find_attempt(live_class.session, seat.learner_id, attempt.id).last_q + 1
    snapshot = snapshots.seat_snapshot(at(live_class))
    live_class.send(attempt, [[submit, 0, "nhap-ma", 3, "tap"]])
    assert (at(live_class).wrong, reasons(at(live_class))) == (3, [(1, "wrong")])
    assert snapshots.seat_snapshot(at(live_class)) == snapshot  # the phone's own snapshot does not change
    kept = find_attempt(live_class.session, seat.learner_id, attempt.id)
    assert kept.state["screens"]["nhap-ma"]["wrong"] == 1  # and the score counts fields only


def reasons_of_visits(seat: Seat) -> list[tuple[int, str]]:
    return [(1, "again")] if seat.visits >= 3 else []


@pytest.mark.parametrize("mode", ["lam-theo", "tu-lam", "kiem-tra"])
def test_a_tap_on_a_button_without_target_is_a_mistake_and_a_tap_beside_buttons_is_not(
    live_class: LiveClass, seat: Seat, mode: str
):
    live_class.command(mode=mode)
    attempt = live_class.practise(seat)
    live_class.send(attempt, [[q, 0, "bat-dau", -1, "miss"] for q in (1, 2, 3)])
    assert (at(live_class).wrong, reasons(at(live_class))) == (0, [])
    live_class.send(attempt, [[q, 0, "bat-dau", 1, "tap"] for q in (4, 5, 6)])
    assert (at(live_class).wrong, reasons(at(live_class))) == (3, [(1, "wrong")])
    kept = find_attempt(live_class.session, seat.learner_id, attempt.id)
    assert kept.state["screens"].get("bat-dau", {"wrong": 0})["wrong"] == 0  # the score counts fields only


def test_a_side_path_is_no_mistake_where_it_is_allowed(live_class: LiveClass, seat: Seat):
    attempt = live_class.practise(seat)
    live_class.send(attempt, [[1, 0, "bat-dau", 0, "tap"], *taps_on_traps("tu-lam", 1)])
    # Of the way back from the trap's screen, an arrow to the side, nothing is counted there or here.
    assert at(live_class).wrong == 1
    live_class.send(attempt, [[4, 0, "nhap-ma", FATAL, "tap"]])
    assert (at(live_class).screen, at(live_class).wrong) == ("lac", 0)
    live_class.send(attempt, [[5, 0, "lac", BACK, "tap"]])
    assert at(live_class).wrong == 2


def test_after_help_mistakes_are_counted_from_zero_and_repeated_batches_once(live_class: LiveClass, seat: Seat):
    live_class.command(mode="lam-theo")
    attempt = live_class.practise(seat)
    events = [[1, 0, "bat-dau", 0, "tap"], *taps_on_traps("lam-theo", 3)]
    live_class.send(attempt, events)
    live_class.send(attempt, events)
    assert (at(live_class).wrong, reasons(at(live_class))) == (3, [(1, "wrong")])
    seats.record_help(live_class.session, live_class.id, 1, account_id=live_class.minh, now=SOON)
    live_class.send(attempt, taps_on_traps("lam-theo", 2, first=5), now=SOON)
    assert (at(live_class).wrong, reasons(at(live_class))) == (2, [])


def test_a_batch_of_posts_is_saved_as_single_calls_are(live_class: LiveClass, seat: Seat):
    other = live_class.join()
    one, two = live_class.practise(seat), live_class.practise(other)
    log, hers = passing_events(one.data), passing_events(two.data)
    posts = [
        {"learner_id": seat.learner_id, "attempt_id": one.id, "events": log[:2], "now": NOW},
        {"learner_id": other.learner_id, "attempt_id": two.id, "events": hers, "now": NOW},
        {"learner_id": seat.learner_id, "attempt_id": two.id, "events": hers, "now": NOW},
        {"learner_id": seat.learner_id, "attempt_id": one.id, "events": log[1:], "now": LATER},
        {"learner_id": seat.learner_id, "attempt_id": one.id, "events": log, "now": LATER},
    ]
    kept = save_event_batches(live_class.session, posts)
    assert [getattr(one, "last_q", type(one)) for one in kept] == [2, 4, NotFound, 4, 4]
    assert [one.ended for one in kept if not isinstance(one, Exception)] == [False, True, True, True]
    assert find_attempt(live_class.session, seat.learner_id, one.id).ended
    assert [find_seat(live_class.session, live_class.id, number).done for number in (1, 2)] == ["alone", "alone"]


def test_an_attempt_outside_a_class_updates_no_seat(live_class: LiveClass, seat: Seat):
    attempt = start_attempt(live_class.session, seat.learner_id, "vneid", "kich-hoat", practice(), "tu-lam", now=NOW)
    live_class.send(attempt, passing_events(attempt.data))
    assert (at(live_class).screen, at(live_class).done) == (None, "")


def test_events_after_the_class_are_saved_without_updating_the_seat(live_class: LiveClass, seat: Seat):
    attempt = live_class.practise(seat)
    live_class.command(close=True)
    assert live_class.send(attempt, passing_events(attempt.data)).mark_earned
    assert at(live_class).screen == "bat-dau"


def test_refused_starts_of_the_practice(live_class: LiveClass, seat: Seat, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(NoSeatInClass):
        live_class.practise(replace(seat, learner_id=new_learner_id()))
    monkeypatch.setattr(class_attempts, "MAX_ATTEMPTS_PER_SEAT", 1)
    first = live_class.practise(seat)
    live_class.send(first, passing_events(first.data))
    with pytest.raises(RateLimited):
        live_class.practise(seat)
    live_class.command(close=True)
    with pytest.raises(ClassClosed):
        live_class.practise(seat)


def test_only_ended_attempts_of_a_seat_are_found_for_it(live_class: LiveClass, seat: Seat):
    ended = live_class.practise(seat)
    live_class.send(ended, passing_events(ended.data))
    live_class.practise(seat)  # begun anew, and not ended
    other = new_learner_id()
    ask = partial(ended_attempts_at_seat, live_class.session)
    assert ask(seat.learner_id, live_class.id, seat.number) == (ended.id,)
    assert ask(seat.learner_id, live_class.id, seat.number + 1) == ask(other, live_class.id, seat.number) == ()
    assert ask(seat.learner_id, "0" * 32, seat.number) == ()


def test_a_lesson_without_a_practice_has_none_in_class(session: Session, live_class: LiveClass):
    there = LiveClass(session, live_class.library, live_class.minh, lesson="ba-loai-ma")
    with pytest.raises(NotFound):
        there.practise(there.join())


def test_the_guidance_level_of_the_class_applies_until_it_closes(live_class: LiveClass):
    assert live_class.class_session.guidance_level is None
    live_class.command(level=0)
    assert live_class.class_session.guidance_level == 0
    live_class.command(close=True)
    assert live_class.class_session.guidance_level is None


# --- who is stuck ------------------------------------------------------------------------------------------------

SOON = NOW + timedelta(minutes=1)
LONG_AFTER = NOW + timedelta(minutes=4)


@pytest.fixture
def busy(live_class: LiveClass, seat: Seat) -> Seat:
    """A seat in the middle of the practice that has just done something."""
    live_class.practise(seat)
    return at(live_class)


def reasons(*sitting: Seat, now=SOON, **how: object) -> list[tuple[int, str]]:
    return [(one.seat, one.reason) for one in find_stuck_seats(sitting, now, **how)]


def test_reasons_are_sorted_by_urgency(busy: Seat):
    everything = replace(busy, hand_raised_at=NOW, wrong=3, last_hint=True, visits=3)
    fewer = [
        everything, replace(everything, hand_raised_at=None), replace(everything, hand_raised_at=None, wrong=2),
        replace(busy, visits=3), busy,
    ]  # fmt: skip
    numbered = [replace(one, number=number) for number, one in enumerate(fewer, 1)]
    assert reasons(*reversed(numbered)) == [(1, "hand"), (2, "wrong"), (3, "hint"), (4, "again")]


def test_long_on_one_screen_and_silent_are_different_reasons(busy: Seat):
    active = replace(busy, last_at=LONG_AFTER - timedelta(seconds=20))
    assert reasons(active, now=LONG_AFTER) == [(1, "long")]
    assert reasons(busy, now=NOW + timedelta(minutes=2)) == [(1, "silent")]
    assert reasons(busy, now=SOON) == []


def test_reasons_have_a_text(busy: Seat):
    [found] = find_stuck_seats([replace(busy, wrong=3, name="Lan", screen_since=NOW - timedelta(minutes=2))], NOW)
    assert (found.emblem.name, found.screen, found.reason_text, found.minutes, found.name) == (
        "mặt trời", "bat-dau", "sai 3 lần", 2, "Lan",
    )  # fmt: skip


def test_seats_with_a_helper_come_last(busy: Seat):
    hands = [replace(busy, number=1, hand_raised_at=NOW, helper_name="Minh"), replace(busy, number=2, wrong=3)]
    assert reasons(*hands) == [(2, "wrong"), (1, "hand")]


def test_the_longest_waiting_comes_first(busy: Seat):
    hands = [
        replace(busy, number=1, hand_raised_at=NOW),
        replace(busy, number=2, hand_raised_at=NOW - timedelta(minutes=3)),
    ]
    assert reasons(*hands) == [(2, "hand"), (1, "hand")]


def test_a_raised_hand_tells_the_number_of_mistakes(busy: Seat):
    raised = replace(busy, hand_raised_at=NOW, wrong=2)
    assert [one.reason_text for one in find_stuck_seats([raised], NOW)] == ["giơ tay, sai 2 lần"]
    assert [one.reason_text for one in find_stuck_seats([raised], NOW, in_practice=False)] == ["giơ tay"]


def test_outside_the_practice_and_at_the_wait_screen_only_hands_count(busy: Seat):
    wrong, hand = replace(busy, wrong=3), replace(busy, number=2, hand_raised_at=NOW)
    assert reasons(wrong, hand, in_practice=False) == [(2, "hand")]
    assert reasons(wrong, hand, wait_screen="bat-dau") == [(2, "hand")]
    assert reasons(wrong, wait_screen="nhap-ma") == [(1, "wrong")]


def test_during_a_pause_mistakes_stay_listed_and_nobody_is_slow(busy: Seat):
    wrong, slow, hand = replace(busy, wrong=3), replace(busy, number=2), replace(busy, number=3, hand_raised_at=NOW)
    assert reasons(wrong, slow, hand, now=LONG_AFTER) == [(3, "hand"), (1, "wrong"), (2, "silent")]
    assert reasons(wrong, slow, hand, now=LONG_AFTER, paused=True) == [(3, "hand"), (1, "wrong")]


def test_time_before_the_release_does_not_count_as_slow(busy: Seat):
    assert reasons(busy, now=LONG_AFTER) == [(1, "silent")]
    assert reasons(busy, now=LONG_AFTER, released_at=LONG_AFTER - timedelta(minutes=1)) == []
    assert reasons(busy, now=LONG_AFTER + timedelta(minutes=2), released_at=LONG_AFTER) == [(1, "silent")]
    doing = replace(busy, last_at=LONG_AFTER)
    assert reasons(doing, now=LONG_AFTER) == [(1, "long")]
    assert reasons(doing, now=LONG_AFTER, released_at=LONG_AFTER - timedelta(minutes=2)) == []


def test_removed_and_finished_seats_are_not_stuck(busy: Seat):
    assert (
        reasons(replace(busy, wrong=5, removed=True), replace(busy, screen_since=None, wrong=5), now=LONG_AFTER) == []
    )


def test_the_wall_highlights_a_screen_only_when_more_than_one_seat_is_stuck(busy: Seat):
    alone = find_stuck_seats([replace(busy, wrong=3)], SOON)
    assert most_stuck_screen(alone) is None
    both = find_stuck_seats([replace(busy, number=n, wrong=3) for n in (1, 2)], SOON)
    assert most_stuck_screen(both) == "bat-dau"


def test_help_restarts_minutes_and_mistakes(live_class: LiveClass, busy: Seat):
    attempt = find_attempt(live_class.session, busy.learner_id, busy.attempt_id)
    wrong = [[q, 0, "nhap-ma", 3, "tap"] for q in (2, 3, 4)]
    live_class.send(attempt, [[1, 0, "bat-dau", 0, "tap"], *wrong, [5, 0, "nhap-ma", -1, "hint"]])
    assert reasons(at(live_class)) == [(1, "wrong")]
    for _ in range(2):
        seats.record_help(live_class.session, live_class.id, 1, account_id=live_class.minh, now=LONG_AFTER)
        assert reasons(at(live_class), now=LONG_AFTER) == []
    live_class.send(attempt, [[q, 0, "nhap-ma", 3, "tap"] for q in (6, 7)], now=LONG_AFTER)
    assert (at(live_class).wrong, at(live_class).visits, reasons(at(live_class), now=LONG_AFTER)) == (2, 1, [])
    live_class.send(attempt, [[8, 0, "nhap-ma", 3, "tap"]], now=LONG_AFTER)
    assert reasons(at(live_class), now=LONG_AFTER) == [(1, "wrong")]
