"""Practice analytics: counts of people for each screen, none of which points at a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from lms.content.practice.screen_drill import make_drill
from lms.learning.practice.analytics import PracticeAnalytics, ScreenMistake, practice_analytics
from lms.learning.practice.attempts import start_attempt
from lms.learning.practice.events import save_events
from tests.learning.sample_courses import NOW, passing_events, practice
from tests.stored_learner import store_learner

TRAPPED = [
    [1, 3000, "bat-dau", -1, "hint"],
    [2, 5000, "bat-dau", 1, "tap"],
    [3, 9000, "bat-dau", 0, "tap"],
    [4, 12000, "nhap-ma", 1, "type", "?4"],
    [5, 13000, "nhap-ma", 3, "tap"],
    [6, 20000, "nhap-ma", 4, "tap"],
    [7, 22000, "lac", -1, "miss"],
    [8, 25000, "lac", 0, "tap"],
]


def make_attempts(
    session: Session, events: list | None = None, *, learner=None, mode="tu-lam", of=None, started_at=NOW
):
    """One attempt of a learner, by default a new one; without events the right way."""
    learner = learner or store_learner(session, now=NOW)
    attempt = start_attempt(session, learner.id, "vneid", "kich-hoat", of or practice(), mode, now=started_at)
    given = passing_events(attempt.data) if events is None else events
    save_events(session, learner_id=learner.id, attempt_id=attempt.id, events=given, now=started_at)
    return learner


def analyse(session: Session, *, later: timedelta = timedelta(), **more) -> PracticeAnalytics:
    return practice_analytics(session, "vneid", "kich-hoat", practice(), now=NOW + later, **more)


def test_two_people_give_no_counts(session):
    for _ in range(2):
        make_attempts(session, TRAPPED)
    assert analyse(session) == PracticeAnalytics(None, {}, None)


def test_three_people_give_times_and_mistakes(session):
    for _ in range(3):
        make_attempts(session, TRAPPED)
    found = analyse(session)
    start, code = found.screens["bat-dau"], found.screens["nhap-ma"]
    assert found.people == start.people == 3
    assert (start.median_seconds, start.middle_half_seconds, start.hinted) == (9.0, None, 3)
    assert start.mistakes == (ScreenMistake("idle", 1, 3),)
    assert (code.median_seconds, code.hinted) == (11.0, None)
    assert set(code.mistakes) == {ScreenMistake("wrong", 1, 3), ScreenMistake("trap", 4, 3)}
    assert found.screens["lac"].mistakes == (ScreenMistake("miss", -1, 3),)  # the arrow back is not a mistake


def test_counts_of_fewer_than_three_are_left_out_on_each_screen(session):
    for _ in range(3):
        make_attempts(session)
    for _ in range(2):
        make_attempts(session, TRAPPED)
    found = analyse(session)
    assert found.screens["bat-dau"].people == 5
    assert found.screens["bat-dau"].mistakes == () and found.screens["bat-dau"].hinted is None
    assert "lac" not in found.screens


def test_a_learner_counts_once_over_all_attempts(session, lan):
    for day in range(5):
        make_attempts(session, TRAPPED, learner=lan, started_at=NOW + timedelta(days=day))
    assert analyse(session).people is None
    for _ in range(2):
        make_attempts(session, TRAPPED)
    assert analyse(session).screens["bat-dau"].mistakes == (ScreenMistake("idle", 1, 3),)


def test_the_time_on_a_screen_comes_from_the_first_attempt(session):
    slow = [[1, 40000, "bat-dau", 0, "tap"]]
    for _ in range(3):
        learner = make_attempts(session, slow)
        make_attempts(session, learner=learner, started_at=NOW + timedelta(hours=1))
    assert analyse(session).screens["bat-dau"].median_seconds == 40.0


def test_long_pauses_are_capped(session):
    for _ in range(3):
        make_attempts(session, [[1, 8 * 3600 * 1000, "bat-dau", 0, "tap"]])
    assert analyse(session).screens["bat-dau"].median_seconds == 300.0


def test_eight_people_give_quartiles(session):
    for seconds in range(1, 9):
        make_attempts(session, [[1, seconds * 1000, "bat-dau", 0, "tap"]])
    start = analyse(session).screens["bat-dau"]
    assert (start.median_seconds, start.middle_half_seconds) == (4.5, (2.5, 6.5))


def test_where_people_gave_up_is_counted_after_a_day(session):
    for _ in range(3):
        make_attempts(session, TRAPPED)
    make_attempts(session)
    assert analyse(session).screens["nhap-ma"].gave_up is None
    assert analyse(session, later=timedelta(days=2)).screens["nhap-ma"].gave_up == 3


def test_each_mode_can_be_counted_alone(session):
    for mode in ("lam-theo", "lam-theo", "lam-theo", "kiem-tra", "kiem-tra"):
        make_attempts(session, mode=mode)
    assert analyse(session).people == 5
    assert analyse(session, mode="lam-theo").people == 3
    assert analyse(session, mode="kiem-tra").people is None


def test_earlier_versions_and_rehearsals_are_not_counted(session):
    changed = replace(practice(), screens=practice().screens[:1] + practice().screens[1:], digest="d9" * 32)
    first = changed.screens[0]
    changed = replace(changed, screens=(replace(first, widgets=first.widgets[::-1]), *changed.screens[1:]))
    for _ in range(3):
        make_attempts(session, [[1, 900, "bat-dau", 1, "tap"]], of=changed)
        make_attempts(session, [[1, 900, "bat-dau", 0, "tap"]], of=make_drill(practice(), ["bat-dau"]))
    found = analyse(session)
    assert (found.people, found.older_attempts) == (None, 3)


def test_a_change_of_texts_alone_keeps_the_counts(session):
    for _ in range(3):
        make_attempts(session, of=replace(practice(), digest="d8" * 32))
    assert analyse(session).people == 3
