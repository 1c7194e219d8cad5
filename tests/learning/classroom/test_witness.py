"""Witnessing: what a facilitator saw on a real phone is the learner's own, and says who saw it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.learning.badges.awarding import claim_badge, find_badge
from lms.learning.classroom.seats import claims, seats
from lms.learning.classroom.session.queries import find_seat
from lms.learning.classroom.tasks.attestation import STAYS_OPEN, last_seen, seen_of_learners, take_back, witness
from lms.learning.errors import AlreadyAwarded, ClassClosed, NotAllowed, NotFound, PutOut
from lms.learning.learners.learner_store import find_learner, forget, new_learner_id
from lms.learning.marks import marks
from lms.learning.progress.learner_progress import lesson_progress
from lms.learning.store.models import Mark
from tests.learning.classroom.room import Room
from tests.learning.school import LATER, NOW

BOXES = ("mo-vneid", "xem-the")


@pytest.fixture
def use(lesson):
    return lesson.use


def sees(room: Room, seat, use, tasks=BOXES, by=None, now=LATER):
    return witness(room.session, room.id, seat.number, account_id=by or room.minh, use=use, task_ids=tasks, now=now)


def undoes(room: Room, seat, use, now=LATER):
    return take_back(room.session, room.id, seat.number, account_id=room.minh, use=use, now=now)


def evidence(room: Room, learner_id: str) -> dict | None:
    place = {"learner_id": learner_id, "course": "vneid", "lesson": "kich-hoat", "stage": "dung"}
    mark = room.session.get(Mark, tuple(place.values()), populate_existing=True)
    return mark.evidence if mark else None


def ticked(room: Room, learner_id: str, lesson) -> dict[str, str | None]:
    return {name: one.witness for name, one in lesson_progress(room.session, learner_id, lesson).ticked.items()}


def says_herself(room: Room, learner_id: str, use, tasks=BOXES):
    marks.tick_tasks(room.session, learner_id, "vneid", "kich-hoat", use, tasks, now=NOW)


def test_what_was_seen_is_ticked_and_earns_the_mark_with_its_witness(room, use, lesson):
    seat = room.join()
    assert sees(room, seat, use).witnessed_at == LATER
    assert ticked(room, seat.learner_id, lesson) == dict.fromkeys(BOXES, "Minh")
    said = evidence(room, seat.learner_id)
    assert (said["tasks"], said["witnessed"], said["said_by"]) == (2, 2, "facilitator")
    assert said["witness"] == {"name": "Minh", "class": room.id, "at": LATER.isoformat()}


def test_seeing_it_twice_is_seeing_it_once(room, use):
    seat = room.join()
    first = sees(room, seat, use)
    before = evidence(room, seat.learner_id)
    assert sees(room, seat, use, now=LATER + timedelta(minutes=1)).witnessed_at == first.witnessed_at
    assert evidence(room, seat.learner_id) == before


def test_of_some_boxes_only_these_are_hers_and_there_is_no_mark_yet(room, use, lesson):
    seat = room.join()
    sees(room, seat, use, tasks=BOXES[:1])
    assert ticked(room, seat.learner_id, lesson) == {BOXES[0]: "Minh"}
    assert evidence(room, seat.learner_id) is None
    says_herself(room, seat.learner_id, use)
    assert (evidence(room, seat.learner_id)["witnessed"], evidence(room, seat.learner_id)["said_by"]) == (1, "learner")


def test_what_is_seen_later_is_added_and_all_of_it_is_taken_back_together(room, use, lesson):
    seat, later = room.join(), LATER + timedelta(minutes=5)
    sees(room, seat, use, tasks=BOXES[:1])
    sees(room, seat, use, tasks=BOXES[1:], now=later)
    assert seen_of_learners(room.session, room.klass) == {seat.learner_id: frozenset(BOXES)}
    assert last_seen(room.session, room.klass) == frozenset(BOXES[1:])  # what was left out does not come back
    assert evidence(room, seat.learner_id)["witnessed"] == len(BOXES)
    take_back(room.session, room.id, seat.number, account_id=room.minh, use=use, now=later)
    assert ticked(room, seat.learner_id, lesson) == {}
    assert evidence(room, seat.learner_id) is None


def test_what_is_said_again_with_more_is_what_was_said_last_and_her_own_ticks_stay_hers(room, use, lesson):
    seat, later = room.join(), LATER + timedelta(minutes=5)
    says_herself(room, seat.learner_id, use, BOXES[:1])
    sees(room, seat, use, tasks=BOXES[:1])
    sees(room, seat, use, now=later)
    assert last_seen(room.session, room.klass) == frozenset(BOXES)
    take_back(room.session, room.id, seat.number, account_id=room.minh, use=use, now=later)
    assert ticked(room, seat.learner_id, lesson) == {BOXES[0]: None}


def test_a_mark_by_her_own_word_says_from_then_on_who_saw_it(room, use):
    seat = room.join()
    says_herself(room, seat.learner_id, use)
    assert evidence(room, seat.learner_id)["witnessed"] == 0
    sees(room, seat, use)
    said = evidence(room, seat.learner_id)
    assert (said["witnessed"], said["said_by"], said["witness"]["name"]) == (2, "learner", "Minh")
    undoes(room, seat, use)
    said = evidence(room, seat.learner_id)
    assert (said["witnessed"], "witness" in said) == (0, False)


def test_taken_back_nothing_of_it_stays_but_her_own_ticks(room, use, lesson):
    seat = room.join()
    says_herself(room, seat.learner_id, use, BOXES[:1])
    sees(room, seat, use)
    assert undoes(room, seat, use).witnessed_at is None
    assert ticked(room, seat.learner_id, lesson) == {BOXES[0]: None}
    assert evidence(room, seat.learner_id) is None
    assert undoes(room, seat, use).witnessed_at is None


def test_a_badge_that_stands_on_it_keeps_it(room, use, library, issuer):
    seat = room.join()
    for stage in ("hieu", "lam"):
        given = {"right": 3, "total": 3} if stage == "hieu" else {"right": 2, "screens": 2}
        marks.award_mark(
            room.session.connection(), seat.learner_id, "vneid", "kich-hoat", stage, given,
            content_digest="0" * 64, now=NOW,
        )  # fmt: skip
    sees(room, seat, use)
    learner = find_learner(room.session, seat.learner_id)
    badge = claim_badge(room.session, learner, library, "vneid", "kich-hoat", name="Lan", issuer=issuer, now=LATER)
    [dung] = [one for one in find_badge(room.session, badge.id).evidence if one.stage == "dung"]
    assert (dung.total, dung.witnessed) == (2, 2)
    assert "người đứng lớp đã thấy" in str(badge.document)
    with pytest.raises(AlreadyAwarded):
        undoes(room, seat, use)


def test_people_without_a_phone_are_only_counted(room, use):
    seat = seats.add_seat(room.session, room.id, account_id=room.minh, people=3, now=NOW)
    assert sees(room, seat, use).witnessed_at == LATER
    assert undoes(room, seat, use).witnessed_at is None


def test_only_who_steers_this_class_may_and_only_while_it_is_fresh(room, use, hanh, tam):
    seat = room.join()
    for stranger in (hanh, tam):
        with pytest.raises(NotAllowed):
            sees(room, seat, use, by=stranger)
    room.say(close=True, now=LATER)
    assert sees(room, seat, use, now=LATER + STAYS_OPEN - timedelta(minutes=1)).witnessed_at
    with pytest.raises(ClassClosed):
        undoes(room, seat, use, now=LATER + STAYS_OPEN)


def test_only_seats_that_are_there_and_boxes_that_the_lesson_has(room, use):
    seat = room.join()
    with pytest.raises(NotFound):
        witness(room.session, room.id, 99, account_id=room.minh, use=use, task_ids=BOXES, now=LATER)
    for tasks in (("khong-co",), ()):
        with pytest.raises(NotFound):
            sees(room, seat, use, tasks=tasks)
    seats.put_out(room.session, room.id, seat.number, account_id=room.minh, now=NOW)
    with pytest.raises(PutOut):
        sees(room, seat, use)


def test_whoever_was_forgotten_meanwhile_is_counted_and_nothing_is_written_for_her(room, use):
    seat = room.join()
    forget(room.session, find_learner(room.session, seat.learner_id), now=LATER)
    assert sees(room, seat, use).witnessed_at == LATER
    assert find_seat(room.session, room.id, seat.number).learner_id is None


def test_a_phone_that_lost_its_cookie_gets_what_was_seen_of_it(room, use, library, lesson):
    seat = room.join()
    sees(room, seat, use)
    again = new_learner_id()
    claims.claim(room.session, learner_id=again, code=room.code, number=seat.number, now=LATER)
    claims.agree(room.session, room.id, seat.number, account_id=room.minh, library=library, now=LATER)
    assert ticked(room, again, lesson) == dict.fromkeys(BOXES, "Minh")
