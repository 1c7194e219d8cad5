"""Practice attempts: only valid events in order, of the same learner, earn a mark."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from lms.content.model import Lesson
from lms.content.practice import engine as practice_engine
from lms.learning.errors import InvalidEvents, NotFound, TooLarge
from lms.learning.learners.learner_store import new_learner_id
from lms.learning.marks.marks import earned_stages
from lms.learning.practice.attempts import Attempt, find_attempt, find_open_attempt, practice_status, start_attempt
from lms.learning.practice.events import MAX_EVENTS_PER_POST, EventsReceipt, save_events
from lms.learning.store.database import write_sessions
from lms.learning.store.models import EventBatch, Learner, PracticeAttempt, PracticeModel
from tests.learning.sample_courses import LATER, NOW, passing_events, practice
from tests.stored_learner import store_learner


@pytest.fixture
def attempt(session: Session, lan: Learner) -> Attempt:
    return start(session, lan)


def start(session: Session, learner: Learner, mode: str = "tu-lam", name: str = "") -> Attempt:
    return start_attempt(session, learner.id, "vneid", "kich-hoat", practice(name), mode, now=NOW)


def post(session: Session, attempt: Attempt, events: object, learner_id: str | None = None) -> EventsReceipt:
    whose = learner_id or attempt.learner_id
    return save_events(session, learner_id=whose, attempt_id=attempt.id, events=events, now=LATER)


def has_practice_mark(session: Session, learner: Learner) -> bool:
    return "lam" in earned_stages(session, learner.id).get(("vneid", "kich-hoat"), ())


def saved_events(session: Session, attempt: Attempt) -> list:
    rows = session.scalars(select(EventBatch).where(EventBatch.attempt_id == attempt.id).order_by(EventBatch.first_q))
    return [event for row in rows for event in row.events]


def wrong_count(session: Session, attempt: Attempt, screen: str) -> int:
    return find_attempt(session, attempt.learner_id, attempt.id).state["screens"][screen]["wrong"]


def test_an_honest_walk_to_the_goal_earns_the_mark(session, lan, attempt):
    receipt = post(session, attempt, passing_events(attempt.data))
    assert (receipt.last_q, receipt.ended, receipt.passed, receipt.score) == (4, True, True, 100)
    assert receipt.mark_earned
    assert has_practice_mark(session, lan)


def test_a_new_attempt_draws_its_own_code(session, lan):
    codes = {start(session, lan).data["otp"] for _ in range(20)}
    assert len(codes) > 15
    assert all(len(code) == 6 and code.isdecimal() for code in codes)


def test_the_same_batch_sent_twice_counts_once(session, lan, attempt):
    events = passing_events(attempt.data)[:3]
    first = post(session, attempt, events)
    assert post(session, attempt, events) == first
    assert saved_events(session, attempt) == events


def test_overlapping_batches_are_saved_without_a_gap(session, attempt):
    events = passing_events(attempt.data)
    post(session, attempt, events[:2])
    assert post(session, attempt, events[1:]).passed
    assert saved_events(session, attempt) == events


def test_two_tabs_of_one_attempt_do_not_disturb_each_other(session, lan, attempt):
    events = passing_events(attempt.data)
    post(session, attempt, events[:2])
    other_tab = [events[0], [2, 100, "nhap-ma", 4, "tap"], [3, 100, "lac", 0, "tap"]]
    receipt = post(session, attempt, other_tab)
    assert receipt.last_q == 2  # its number 2 came second and is ignored, its number 3 is on another screen
    assert receipt.screen == "nhap-ma"
    assert post(session, attempt, events).passed


def test_two_attempts_in_two_tabs_are_independent(session, lan, attempt):
    other = start(session, lan)
    post(session, other, passing_events(other.data)[:1])
    assert post(session, attempt, passing_events(attempt.data)).passed
    assert find_attempt(session, lan.id, other.id).last_q == 1


def test_saving_stops_at_a_gap_and_keeps_the_valid_events_before_it(session, lan, attempt):
    events = passing_events(attempt.data)
    receipt = post(session, attempt, [events[0], events[2], events[3]])
    assert (receipt.last_q, receipt.screen, receipt.passed) == (1, "nhap-ma", False)
    assert post(session, attempt, events).passed


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda e: [[1, 0, "nhap-ma", 3, "tap"], *e[1:]], id="skipped screens"),
        pytest.param(lambda e: [e[0], [2, 0, "xong", 0, "tap"]], id="jump to the goal"),
        pytest.param(lambda e: [e[1], e[0], e[2], e[3]], id="wrong order"),
        pytest.param(lambda e: [[*e[0][:4], "pass"], *e[1:]], id="an action that is none"),
        pytest.param(lambda e: [[*e[0], "Gửi mã"], *e[1:]], id="a tap with a value"),
        pytest.param(lambda e: [e[0], [2, 0, "nhap-ma", 99, "tap"]], id="a widget that is none"),
        pytest.param(lambda e: [e[0], [2, 0, "nhap-ma", 1, "type", "000000"], *e[2:]], id="another code"),
        pytest.param(lambda e: [e[0], [2, 0, "nhap-ma", 1, "type", "~ok"], *e[2:]], id="a rule that is none"),
        pytest.param(lambda e: [e[0], [2, 0, "nhap-ma", 1, "type", "?6"], *e[2:]], id="a length only"),
        pytest.param(lambda e: [{"score": 100, "passed": True}, *e], id="a claimed score"),
        pytest.param(lambda e: [["passed", True, 100], *e], id="a claimed pass"),
        pytest.param(lambda e: [[1, 0, "bat-dau", -1, "do"], *e[1:]], id="done for her"),
        pytest.param(
            lambda e: (
                [e[0], [2, 0, "nhap-ma", 5, "tap"], [3, 0, "lac", 0, "tap"]]
                + [[q, *rest] for q, (_, *rest) in enumerate(e[1:], 4)]
            ),
            id="a fatal trap",
        ),
        pytest.param(
            lambda e: (
                [e[0], [2, 0, "nhap-ma", 4, "tap"], [3, 0, "lac", 0, "tap"]]
                + [[q, *rest] for q, (_, *rest) in enumerate(e[1:], 4)]
            ),
            id="a trap on half of the screens",
        ),
    ],
)
def test_a_forged_or_failed_log_never_earns_a_mark(session, lan, attempt, forge):
    receipt = post(session, attempt, forge(passing_events(attempt.data)))
    assert not receipt.passed
    assert not receipt.mark_earned
    assert not has_practice_mark(session, lan)


def test_values_of_another_practice_earn_no_mark(session, lan, attempt):
    other = start(session, lan)
    receipt = post(session, attempt, passing_events({"otp": str((int(other.data["otp"]) + 1) % 10**6).zfill(6)}))
    assert receipt.last_q == 4  # another value was typed and submitted
    assert wrong_count(session, attempt, "nhap-ma") == 1
    assert not receipt.mark_earned


def test_events_of_another_learner_earn_no_mark(session, lan, hoa, attempt):
    hers = start(session, hoa)
    post(session, hers, passing_events(hers.data))
    copied = saved_events(session, hers)
    if hers.data == attempt.data:
        copied[1][5] = "000000"
    assert not post(session, attempt, copied).mark_earned
    assert not has_practice_mark(session, lan)


def test_another_learners_attempt_is_not_found(session, hoa, attempt):
    with pytest.raises(NotFound):
        find_attempt(session, hoa.id, attempt.id)
    with pytest.raises(NotFound):
        post(session, attempt, passing_events(attempt.data), learner_id=hoa.id)
    assert saved_events(session, attempt) == []


def test_following_along_never_earns_the_mark(session, lan):
    attempt = start(session, lan, mode="lam-theo")
    receipt = post(session, attempt, passing_events(attempt.data))
    assert (receipt.ended, receipt.passed, receipt.mark_earned) == (True, False, False)
    assert practice_status(session, lan.id, "vneid", "kich-hoat", practice()).has_followed


def test_a_further_practice_is_passed_without_a_mark(session, lan):
    attempt = start(session, lan, name="them")
    receipt = post(session, attempt, passing_events(attempt.data))
    assert (receipt.passed, receipt.mark_earned) == (True, False)


def test_a_finished_attempt_is_never_computed_again(session, lan, attempt):
    post(session, attempt, passing_events(attempt.data))
    # As after an upgrade whose engine judges the same state otherwise.
    row = session.get(PracticeAttempt, attempt.id)
    row.score = 97
    session.flush()
    receipt = post(session, attempt, [[5, 9000, "xong", -1, "miss"], [1, 0, "bat-dau", -1, "do"]])
    assert (receipt.last_q, receipt.ended, receipt.passed, receipt.score) == (4, True, True, 97)
    assert receipt.mark_earned


def test_a_second_pass_keeps_the_evidence_of_the_first(session, lan, attempt):
    from lms.learning.store.models import Mark

    post(session, attempt, passing_events(attempt.data))
    second = start(session, lan)
    assert post(session, second, passing_events(second.data)).mark_earned
    mark = session.scalars(select(Mark).where(Mark.learner_id == lan.id)).one()
    assert mark.evidence["attempt"] == attempt.id
    assert mark.evidence["right"] == mark.evidence["screens"] == 2
    assert mark.content_digest == practice().digest


def test_an_edited_practice_does_not_change_started_attempts(session, lan, attempt):
    edited = practice()
    screens = [replace(one, widgets=one.widgets[:1]) if one.id == "bat-dau" else one for one in edited.screens]
    edited = replace(edited, screens=tuple(screens), digest="e" * 64)
    newer = start_attempt(session, lan.id, "vneid", "kich-hoat", edited, "tu-lam", now=LATER)
    assert session.get(PracticeModel, session.get(PracticeAttempt, newer.id).model_digest)
    assert newer.model != attempt.model
    assert find_attempt(session, lan.id, attempt.id).model == attempt.model
    assert post(session, attempt, passing_events(attempt.data)).passed


def test_equal_practices_share_one_stored_model(session, lan, hoa):
    start(session, lan)
    start(session, hoa)
    assert len(session.scalars(select(PracticeModel)).all()) == 1


def test_a_typed_personal_value_is_never_stored(session, lan, attempt):
    events = passing_events(attempt.data)
    events[1][5], events[2][5] = "012345", "mat-khau-That-1 " * 40
    post(session, attempt, events)
    assert wrong_count(session, attempt, "nhap-ma") == 1
    assert [event[5] for event in saved_events(session, attempt)[1:3]] == ["?6", "?640"]
    assert "That" not in str(find_attempt(session, lan.id, attempt.id).state)


def test_a_value_typed_with_spaces_is_stored_as_its_author_wrote_it(session, attempt):
    events = passing_events(attempt.data)
    otp = attempt.data["otp"]
    events[1][5] = f" {otp[:3]} {otp[3:]} "
    assert post(session, attempt, events).passed
    assert saved_events(session, attempt)[1][5] == otp


def test_odd_times_and_integral_floats_are_stored_as_plain_numbers(session, attempt):
    events = passing_events(attempt.data)
    for event, t in zip(events, (math.nan, math.inf, -5, 10**400), strict=True):
        event[1] = t
    events[0][0] = 1.0
    assert post(session, attempt, events).passed
    assert [event[:2] for event in saved_events(session, attempt)] == [[1, 0], [2, 2**53 - 1], [3, 0], [4, 2**53 - 1]]


def test_the_stored_events_replay_to_the_stored_state(session, lan, attempt):
    events = [*passing_events(attempt.data)[:2], [3, 10, "nhap-ma", 3, "tap"], [4, 20, "nhap-ma", -1, "point"]]
    for event in events:
        post(session, attempt, [event])
    now = find_attempt(session, lan.id, attempt.id)
    replayed = practice_engine.replay(now.model, now.data, saved_events(session, attempt), now.mode)
    assert replayed.state.as_json() == now.state


def test_a_state_that_was_stored_in_full_is_continued(session, lan, attempt):
    events = passing_events(attempt.data)
    post(session, attempt, [*events[:2], [3, 10, "nhap-ma", 3, "tap"]])
    whole = find_attempt(session, lan.id, attempt.id).state
    session.get(PracticeAttempt, attempt.id).state = whole
    session.flush()
    post(session, attempt, [[4, 20, "nhap-ma", -1, "hint"]])
    now = find_attempt(session, lan.id, attempt.id)
    assert (
        now.state
        == practice_engine.replay(now.model, now.data, saved_events(session, attempt), now.mode).state.as_json()
    )
    assert now.state["fields"] == whole["fields"]


def test_a_state_of_an_older_version_is_rebuilt_from_the_events(session, attempt):
    events = passing_events(attempt.data)
    post(session, attempt, events[:3])
    session.get(PracticeAttempt, attempt.id).state = {"version": 0}
    session.flush()
    assert post(session, attempt, events[3:]).passed


@pytest.mark.parametrize("events", [None, {}, "[]", 4])
def test_events_that_are_not_a_list_are_refused(session, attempt, events):
    with pytest.raises(InvalidEvents):
        post(session, attempt, events)


def test_one_batch_has_a_limit(session, attempt):
    misses = [[q, 0, "bat-dau", -1, "miss"] for q in range(1, MAX_EVENTS_PER_POST + 2)]
    with pytest.raises(TooLarge):
        post(session, attempt, misses)
    assert post(session, attempt, misses[:-1]).last_q == MAX_EVENTS_PER_POST


def test_an_attempt_has_a_limit(session, attempt):
    with pytest.raises(TooLarge):
        for start in range(1, 6000, 500):
            post(session, attempt, [[q, 0, "bat-dau", -1, "miss"] for q in range(start, start + 500)])
    assert find_attempt(session, attempt.learner_id, attempt.id).last_q == 5000


def test_the_latest_open_attempt_is_resumed(session, lan, attempt):
    assert find_open_attempt(session, lan.id, "vneid", "kich-hoat", practice()).screens_left == 2
    post(session, attempt, passing_events(attempt.data)[:1])
    assert find_open_attempt(session, lan.id, "vneid", "kich-hoat", practice()).screens_left == 1
    newer = practice_with_other_words()
    assert find_open_attempt(session, lan.id, "vneid", "kich-hoat", newer) is None
    post(session, attempt, passing_events(attempt.data))
    assert find_open_attempt(session, lan.id, "vneid", "kich-hoat", practice()) is None


def practice_with_other_words():
    return replace(practice(), title="Kích hoạt tài khoản", digest="f" * 64)


def test_two_phones_that_finish_concurrently_earn_one_mark(engine: Engine, lesson: Lesson):
    """Through the store itself: each in a transaction of its own, the second waiting for the first."""
    from threading import Thread

    learner_id = new_learner_id()
    sessions = write_sessions(engine)
    with sessions.begin() as session:
        store_learner(session, now=NOW, id=learner_id)
        attempt = start_attempt(session, learner_id, "vneid", "kich-hoat", lesson.practice, "tu-lam", now=NOW)
    receipts = []

    def finish() -> None:
        with sessions.begin() as session:
            receipts.append(post(session, attempt, passing_events(attempt.data)))

    phones = [Thread(target=finish) for _ in range(8)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert len(receipts) == 8
    assert all(receipt.mark_earned and receipt.last_q == 4 for receipt in receipts)
    with sessions() as session:
        assert saved_events(session, attempt) == passing_events(attempt.data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
_NEARLY = st.tuples(
    st.integers(0, 4) | st.sampled_from([1.0, 2.0, True, "1"]),
    st.integers() | st.floats() | _JSON,
    st.sampled_from(["bat-dau", "nhap-ma", "lac", "xong"]) | _JSON,
    st.integers(-2, 6) | _JSON,
    st.sampled_from(["tap", "type", "hold", "do", "point", "hint", "miss", "read"]) | _JSON,
).map(list) | st.tuples(
    st.integers(1, 3), st.just(0), st.just("nhap-ma"), st.integers(0, 5), st.just("type"), st.text() | _JSON
).map(list)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events=st.lists(_NEARLY | _JSON, max_size=8))
def test_any_events_give_a_receipt_and_what_is_stored_replays(session, attempt, events):
    with session.begin_nested() as savepoint:
        before = copy.deepcopy(events)
        receipt = post(session, attempt, events)
        session.expire_all()
        stored = saved_events(session, attempt)
        assert [event[0] for event in stored] == list(range(1, receipt.last_q + 1))
        replayed = practice_engine.replay(attempt.model, attempt.data, stored, "tu-lam")
        assert replayed.state.as_json() == find_attempt(session, attempt.learner_id, attempt.id).state
        assert repr(events) == repr(before)
        savepoint.rollback()
