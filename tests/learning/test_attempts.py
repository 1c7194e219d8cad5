"""Practice attempts: only what happened in order, by its own learner, earns a mark."""

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
from lms.learning.learners.learner_store import create_learner, new_learner_id
from lms.learning.marks.marks import marks
from lms.learning.practice.attempts import Attempt, find_attempt, find_open_attempt, standing, start_practice
from lms.learning.practice.events import MOST_EVENTS_A_BATCH, Receipt, keep_events
from lms.learning.store.database import writing
from lms.learning.store.models import EventBatch, Learner, PracticeAttempt, PracticeModel
from tests.learning.school import LATER, NOW, practice, walk


@pytest.fixture
def attempt(session: Session, lan: Learner) -> Attempt:
    return begin(session, lan)


def begin(session: Session, learner: Learner, mode: str = "tu-lam", name: str = "") -> Attempt:
    return start_practice(session, learner.id, "vneid", "kich-hoat", practice(name), mode, now=NOW)


def keep(session: Session, attempt: Attempt, events: object, learner_id: str | None = None) -> Receipt:
    whose = learner_id or attempt.learner_id
    return keep_events(session, learner_id=whose, attempt_id=attempt.id, events=events, now=LATER)


def lam_mark(session: Session, learner: Learner) -> bool:
    return "lam" in marks(session, learner.id).get(("vneid", "kich-hoat"), ())


def log(session: Session, attempt: Attempt) -> list:
    rows = session.scalars(select(EventBatch).where(EventBatch.attempt_id == attempt.id).order_by(EventBatch.first_q))
    return [event for row in rows for event in row.events]


def wrong_at(session: Session, attempt: Attempt, screen: str) -> int:
    return find_attempt(session, attempt.learner_id, attempt.id).state["screens"][screen]["wrong"]


def test_an_honest_walk_to_the_goal_earns_the_mark(session, lan, attempt):
    receipt = keep(session, attempt, walk(attempt.data))
    assert (receipt.kept, receipt.ended, receipt.passed, receipt.score) == (4, True, True, 100)
    assert receipt.mark_earned
    assert lam_mark(session, lan)


def test_a_new_attempt_draws_its_own_code(session, lan):
    codes = {begin(session, lan).data["otp"] for _ in range(20)}
    assert len(codes) > 15
    assert all(len(code) == 6 and code.isdecimal() for code in codes)


def test_the_same_batch_sent_twice_counts_once(session, lan, attempt):
    events = walk(attempt.data)[:3]
    first = keep(session, attempt, events)
    assert keep(session, attempt, events) == first
    assert log(session, attempt) == events


def test_batches_that_overlap_are_kept_without_a_seam(session, attempt):
    events = walk(attempt.data)
    keep(session, attempt, events[:2])
    assert keep(session, attempt, events[1:]).passed
    assert log(session, attempt) == events


def test_two_tabs_of_one_attempt_do_not_spoil_each_other(session, lan, attempt):
    events = walk(attempt.data)
    keep(session, attempt, events[:2])
    other_tab = [events[0], [2, 100, "nhap-ma", 4, "tap"], [3, 100, "lac", 0, "tap"]]
    receipt = keep(session, attempt, other_tab)
    assert receipt.kept == 2  # its number 2 came second and is ignored, its number 3 is on another screen
    assert receipt.screen == "nhap-ma"
    assert keep(session, attempt, events).passed


def test_two_attempts_in_two_tabs_stand_side_by_side(session, lan, attempt):
    other = begin(session, lan)
    keep(session, other, walk(other.data)[:1])
    assert keep(session, attempt, walk(attempt.data)).passed
    assert find_attempt(session, lan.id, other.id).kept == 1


def test_a_gap_ends_the_log_and_the_honest_prefix_stays(session, lan, attempt):
    events = walk(attempt.data)
    receipt = keep(session, attempt, [events[0], events[2], events[3]])
    assert (receipt.kept, receipt.screen, receipt.passed) == (1, "nhap-ma", False)
    assert keep(session, attempt, events).passed


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda e: [[1, 0, "nhap-ma", 3, "tap"], *e[1:]], id="skipped screens"),
        pytest.param(lambda e: [e[0], [2, 0, "xong", 0, "tap"]], id="standing at the goal"),
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
    receipt = keep(session, attempt, forge(walk(attempt.data)))
    assert not receipt.passed
    assert not receipt.mark_earned
    assert not lam_mark(session, lan)


def test_another_practices_values_earn_nothing(session, lan, attempt):
    other = begin(session, lan)
    receipt = keep(session, attempt, walk({"otp": str((int(other.data["otp"]) + 1) % 10**6).zfill(6)}))
    assert receipt.kept == 4  # she typed something else, and submitted it
    assert wrong_at(session, attempt, "nhap-ma") == 1
    assert not receipt.mark_earned


def test_another_learners_log_earns_nothing_here(session, lan, hoa, attempt):
    hers = begin(session, hoa)
    keep(session, hers, walk(hers.data))
    copied = log(session, hers)
    if hers.data == attempt.data:
        copied[1][5] = "000000"
    assert not keep(session, attempt, copied).mark_earned
    assert not lam_mark(session, lan)


def test_somebody_elses_attempt_is_not_found(session, hoa, attempt):
    with pytest.raises(NotFound):
        find_attempt(session, hoa.id, attempt.id)
    with pytest.raises(NotFound):
        keep(session, attempt, walk(attempt.data), learner_id=hoa.id)
    assert log(session, attempt) == []


def test_following_along_never_earns_the_mark(session, lan):
    attempt = begin(session, lan, mode="lam-theo")
    receipt = keep(session, attempt, walk(attempt.data))
    assert (receipt.ended, receipt.passed, receipt.mark_earned) == (True, False, False)
    assert standing(session, lan.id, "vneid", "kich-hoat", practice()).followed


def test_a_further_practice_passes_but_the_mark_is_not_its_to_give(session, lan):
    attempt = begin(session, lan, name="them")
    receipt = keep(session, attempt, walk(attempt.data))
    assert (receipt.passed, receipt.mark_earned) == (True, False)


def test_a_finished_attempt_is_never_computed_again(session, lan, attempt):
    keep(session, attempt, walk(attempt.data))
    # As if another program had come meanwhile, whose engine judges the same state otherwise.
    row = session.get(PracticeAttempt, attempt.id)
    row.score = 97
    session.flush()
    receipt = keep(session, attempt, [[5, 9000, "xong", -1, "miss"], [1, 0, "bat-dau", -1, "do"]])
    assert (receipt.kept, receipt.ended, receipt.passed, receipt.score) == (4, True, True, 97)
    assert receipt.mark_earned


def test_a_second_pass_leaves_the_first_ones_evidence(session, lan, attempt):
    from lms.learning.store.models import Mark

    keep(session, attempt, walk(attempt.data))
    second = begin(session, lan)
    assert keep(session, second, walk(second.data)).mark_earned
    mark = session.scalars(select(Mark).where(Mark.learner_id == lan.id)).one()
    assert mark.evidence["attempt"] == attempt.id
    assert mark.evidence["right"] == mark.evidence["screens"] == 2
    assert mark.content_digest == practice().digest


def test_an_edited_practice_leaves_attempts_that_have_begun_alone(session, lan, attempt):
    edited = practice()
    screens = [replace(one, widgets=one.widgets[:1]) if one.id == "bat-dau" else one for one in edited.screens]
    edited = replace(edited, screens=tuple(screens), digest="e" * 64)
    newer = start_practice(session, lan.id, "vneid", "kich-hoat", edited, "tu-lam", now=LATER)
    assert session.get(PracticeModel, session.get(PracticeAttempt, newer.id).model_digest)
    assert newer.model != attempt.model
    assert find_attempt(session, lan.id, attempt.id).model == attempt.model
    assert keep(session, attempt, walk(attempt.data)).passed


def test_equal_practices_share_one_stored_model(session, lan, hoa):
    begin(session, lan)
    begin(session, hoa)
    assert len(session.scalars(select(PracticeModel)).all()) == 1


def test_what_somebody_typed_for_real_is_never_stored(session, lan, attempt):
    events = walk(attempt.data)
    events[1][5], events[2][5] = "012345", "mat-khau-That-1 " * 40
    keep(session, attempt, events)
    assert wrong_at(session, attempt, "nhap-ma") == 1
    assert [event[5] for event in log(session, attempt)[1:3]] == ["?6", "?640"]
    assert "That" not in str(find_attempt(session, lan.id, attempt.id).state)


def test_a_value_typed_with_spaces_is_stored_as_its_author_wrote_it(session, attempt):
    events = walk(attempt.data)
    otp = attempt.data["otp"]
    events[1][5] = f" {otp[:3]} {otp[3:]} "
    assert keep(session, attempt, events).passed
    assert log(session, attempt)[1][5] == otp


def test_odd_times_and_whole_floats_are_kept_as_plain_numbers(session, attempt):
    events = walk(attempt.data)
    for event, t in zip(events, (math.nan, math.inf, -5, 10**400), strict=True):
        event[1] = t
    events[0][0] = 1.0
    assert keep(session, attempt, events).passed
    assert [event[:2] for event in log(session, attempt)] == [[1, 0], [2, 2**53 - 1], [3, 0], [4, 2**53 - 1]]


def test_the_kept_log_replays_to_the_kept_state(session, lan, attempt):
    events = [*walk(attempt.data)[:2], [3, 10, "nhap-ma", 3, "tap"], [4, 20, "nhap-ma", -1, "point"]]
    for event in events:
        keep(session, attempt, [event])
    now = find_attempt(session, lan.id, attempt.id)
    replayed = practice_engine.replay(now.model, now.data, log(session, attempt), now.mode)
    assert replayed.state.as_json() == now.state


def test_a_state_that_was_stored_whole_is_gone_on_with(session, lan, attempt):
    events = walk(attempt.data)
    keep(session, attempt, [*events[:2], [3, 10, "nhap-ma", 3, "tap"]])
    whole = find_attempt(session, lan.id, attempt.id).state
    session.get(PracticeAttempt, attempt.id).state = whole
    session.flush()
    keep(session, attempt, [[4, 20, "nhap-ma", -1, "hint"]])
    now = find_attempt(session, lan.id, attempt.id)
    assert now.state == practice_engine.replay(now.model, now.data, log(session, attempt), now.mode).state.as_json()
    assert now.state["fields"] == whole["fields"]


def test_a_state_of_an_older_program_is_made_again_from_the_log(session, attempt):
    events = walk(attempt.data)
    keep(session, attempt, events[:3])
    session.get(PracticeAttempt, attempt.id).state = {"version": 0}
    session.flush()
    assert keep(session, attempt, events[3:]).passed


@pytest.mark.parametrize("events", [None, {}, "[]", 4])
def test_what_is_no_list_of_events_is_refused(session, attempt, events):
    with pytest.raises(InvalidEvents):
        keep(session, attempt, events)


def test_one_batch_has_a_limit(session, attempt):
    misses = [[q, 0, "bat-dau", -1, "miss"] for q in range(1, MOST_EVENTS_A_BATCH + 2)]
    with pytest.raises(TooLarge):
        keep(session, attempt, misses)
    assert keep(session, attempt, misses[:-1]).kept == MOST_EVENTS_A_BATCH


def test_an_attempt_has_a_limit(session, attempt):
    with pytest.raises(TooLarge):
        for start in range(1, 6000, 500):
            keep(session, attempt, [[q, 0, "bat-dau", -1, "miss"] for q in range(start, start + 500)])
    assert find_attempt(session, attempt.learner_id, attempt.id).kept == 5000


def test_the_latest_open_attempt_is_where_to_go_on(session, lan, attempt):
    assert find_open_attempt(session, lan.id, "vneid", "kich-hoat", practice()).screens_left == 2
    keep(session, attempt, walk(attempt.data)[:1])
    assert find_open_attempt(session, lan.id, "vneid", "kich-hoat", practice()).screens_left == 1
    newer = practice_with_other_words()
    assert find_open_attempt(session, lan.id, "vneid", "kich-hoat", newer) is None
    keep(session, attempt, walk(attempt.data))
    assert find_open_attempt(session, lan.id, "vneid", "kich-hoat", practice()) is None


def practice_with_other_words():
    return replace(practice(), title="Kích hoạt tài khoản", digest="f" * 64)


def test_two_phones_that_finish_at_once_give_one_mark(engine: Engine, lesson: Lesson):
    """Through the store itself: each in a transaction of its own, the second waiting for the first."""
    from threading import Thread

    learner_id = new_learner_id()
    sessions = writing(engine)
    with sessions.begin() as session:
        create_learner(session, now=NOW, id=learner_id)
        attempt = start_practice(session, learner_id, "vneid", "kich-hoat", lesson.practice, "tu-lam", now=NOW)
    receipts = []

    def finish() -> None:
        with sessions.begin() as session:
            receipts.append(keep(session, attempt, walk(attempt.data)))

    phones = [Thread(target=finish) for _ in range(8)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    assert len(receipts) == 8
    assert all(receipt.mark_earned and receipt.kept == 4 for receipt in receipts)
    with sessions() as session:
        assert log(session, attempt) == walk(attempt.data)


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


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events=st.lists(_NEARLY | _JSON, max_size=8))
def test_any_log_gives_a_receipt_and_what_is_stored_replays(session, attempt, events):
    with session.begin_nested() as savepoint:
        before = copy.deepcopy(events)
        receipt = keep(session, attempt, events)
        session.expire_all()
        stored = log(session, attempt)
        assert [event[0] for event in stored] == list(range(1, receipt.kept + 1))
        replayed = practice_engine.replay(attempt.model, attempt.data, stored, "tu-lam")
        assert replayed.state.as_json() == find_attempt(session, attempt.learner_id, attempt.id).state
        assert repr(events) == repr(before)
        savepoint.rollback()
