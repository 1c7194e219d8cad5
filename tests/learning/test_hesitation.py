"""The hesitation map: counts of people, screen by screen, and none that would point at one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from lms.content.practice.rehearsal import rehearsal
from lms.learning.learners.learner_store import create_learner
from lms.learning.practice.analytics import HesitationMap, Slipped, hesitation_map
from lms.learning.practice.attempts import start_practice
from lms.learning.practice.events import keep_events
from tests.learning.school import NOW, practice, walk

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


def goes(session: Session, events: list | None = None, *, learner=None, mode="tu-lam", of=None, begun=NOW):
    """One attempt of a learner, by default a new one; without events the right way."""
    learner = learner or create_learner(session, now=NOW)
    attempt = start_practice(session, learner.id, "vneid", "kich-hoat", of or practice(), mode, now=begun)
    given = walk(attempt.data) if events is None else events
    keep_events(session, learner_id=learner.id, attempt_id=attempt.id, events=given, now=begun)
    return learner


def looks(session: Session, *, later: timedelta = timedelta(), **more) -> HesitationMap:
    return hesitation_map(session, "vneid", "kich-hoat", practice(), now=NOW + later, **more)


def test_of_two_people_nothing_is_told(session):
    for _ in range(2):
        goes(session, TRAPPED)
    assert looks(session) == HesitationMap(None, {}, None)


def test_of_three_people_it_is_told_how_long_they_stood_and_what_they_tapped(session):
    for _ in range(3):
        goes(session, TRAPPED)
    found = looks(session)
    start, code = found.screens["bat-dau"], found.screens["nhap-ma"]
    assert found.people == start.people == 3
    assert (start.middle, start.half, start.hinted) == (9.0, None, 3)
    assert start.slips == (Slipped("idle", 1, 3),)
    assert (code.middle, code.hinted) == (11.0, None)
    assert set(code.slips) == {Slipped("wrong", 1, 3), Slipped("trap", 4, 3)}
    assert found.screens["lac"].slips == (Slipped("miss", -1, 3),)  # its way back is no slip


def test_what_fewer_than_three_did_is_left_out_screen_by_screen(session):
    for _ in range(3):
        goes(session)
    for _ in range(2):
        goes(session, TRAPPED)
    found = looks(session)
    assert found.screens["bat-dau"].people == 5
    assert found.screens["bat-dau"].slips == () and found.screens["bat-dau"].hinted is None
    assert "lac" not in found.screens


def test_one_person_counts_once_however_often_she_practises(session, lan):
    for day in range(5):
        goes(session, TRAPPED, learner=lan, begun=NOW + timedelta(days=day))
    assert looks(session).people is None
    for _ in range(2):
        goes(session, TRAPPED)
    assert looks(session).screens["bat-dau"].slips == (Slipped("idle", 1, 3),)


def test_the_first_go_tells_how_long_she_stood(session):
    slow = [[1, 40000, "bat-dau", 0, "tap"]]
    for _ in range(3):
        learner = goes(session, slow)
        goes(session, learner=learner, begun=NOW + timedelta(hours=1))
    assert looks(session).screens["bat-dau"].middle == 40.0


def test_whoever_laid_the_phone_down_does_not_stretch_it(session):
    for _ in range(3):
        goes(session, [[1, 8 * 3600 * 1000, "bat-dau", 0, "tap"]])
    assert looks(session).screens["bat-dau"].middle == 300.0


def test_from_eight_people_on_the_middle_half_is_told(session):
    for seconds in range(1, 9):
        goes(session, [[1, seconds * 1000, "bat-dau", 0, "tap"]])
    start = looks(session).screens["bat-dau"]
    assert (start.middle, start.half) == (4.5, (2.5, 6.5))


def test_a_day_later_it_is_told_where_people_stopped(session):
    for _ in range(3):
        goes(session, TRAPPED)
    goes(session)
    assert looks(session).screens["nhap-ma"].left is None
    assert looks(session, later=timedelta(days=2)).screens["nhap-ma"].left == 3


def test_each_way_of_practising_can_be_looked_at_alone(session):
    for mode in ("lam-theo", "lam-theo", "lam-theo", "kiem-tra", "kiem-tra"):
        goes(session, mode=mode)
    assert looks(session).people == 5
    assert looks(session, mode="lam-theo").people == 3
    assert looks(session, mode="kiem-tra").people is None


def test_earlier_versions_and_rehearsals_are_not_mixed_in(session):
    changed = replace(practice(), screens=practice().screens[:1] + practice().screens[1:], digest="d9" * 32)
    first = changed.screens[0]
    changed = replace(changed, screens=(replace(first, widgets=first.widgets[::-1]), *changed.screens[1:]))
    for _ in range(3):
        goes(session, [[1, 900, "bat-dau", 1, "tap"]], of=changed)
        goes(session, [[1, 900, "bat-dau", 0, "tap"]], of=rehearsal(practice(), ["bat-dau"]))
    found = looks(session)
    assert (found.people, found.older) == (None, 3)


def test_a_change_of_words_alone_keeps_what_was_counted(session):
    for _ in range(3):
        goes(session, of=replace(practice(), digest="d8" * 32))
    assert looks(session).people == 3
