"""Attestation: tasks that a facilitator saw are ticked for the learner, with the facilitator as witness."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.learning.badges.awarding import award_badge, find_badge
from lms.learning.classroom.seats import seat_claims, seats
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.classroom.tasks.attestation import (
    ATTESTATION_WINDOW,
    attest_tasks,
    find_attested_tasks,
    find_last_attested_tasks,
    revoke_attestation,
)
from lms.learning.errors import BadgeAlreadyAwarded, ClassClosed, NotAllowed, NotFound, RemovedFromClass
from lms.learning.learners.learner_store import find_learner, forget_learner, new_learner_id
from lms.learning.marks import marks
from lms.learning.progress.lesson_progress import lesson_progress
from lms.learning.store.models import Mark
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import LATER, NOW

BOXES = ("mo-vneid", "xem-the")


@pytest.fixture
def use(lesson):
    return lesson.use


def attest(live_class: LiveClass, seat, use, tasks=BOXES, by=None, now=LATER):
    return attest_tasks(
        live_class.session,
        live_class.id,
        seat.number,
        account_id=by or live_class.minh,
        use=use,
        task_ids=tasks,
        now=now,
    )


def revoke(live_class: LiveClass, seat, use, now=LATER):
    return revoke_attestation(
        live_class.session, live_class.id, seat.number, account_id=live_class.minh, use=use, now=now
    )


def evidence(live_class: LiveClass, learner_id: str) -> dict | None:
    place = {"learner_id": learner_id, "course": "vneid", "lesson": "kich-hoat", "stage": "dung"}
    mark = live_class.session.get(Mark, tuple(place.values()), populate_existing=True)
    return mark.evidence if mark else None


def ticked(live_class: LiveClass, learner_id: str, lesson) -> dict[str, str | None]:
    return {name: one.witness for name, one in lesson_progress(live_class.session, learner_id, lesson).ticked.items()}


def tick_alone(live_class: LiveClass, learner_id: str, use, tasks=BOXES):
    marks.save_ticks(live_class.session, learner_id, "vneid", "kich-hoat", use, tasks, now=NOW)


def test_attested_tasks_are_ticked_and_earn_the_mark(live_class, use, lesson):
    seat = live_class.join()
    assert attest(live_class, seat, use).attested_at == LATER
    assert ticked(live_class, seat.learner_id, lesson) == dict.fromkeys(BOXES, "Minh")
    kwargs = evidence(live_class, seat.learner_id)
    assert (kwargs["tasks"], kwargs["witnessed"], kwargs["said_by"]) == (2, 2, "facilitator")
    assert kwargs["witness"] == {"name": "Minh", "class": live_class.id, "at": LATER.isoformat()}


def test_attesting_lowers_the_hand(live_class, use):
    seat = live_class.join()
    seats.set_hand_raised(live_class.session, class_id=live_class.id, learner_id=seat.learner_id, raised=True, now=NOW)
    assert attest(live_class, seat, use).hand_raised_at is None
    seats.set_hand_raised(live_class.session, class_id=live_class.id, learner_id=seat.learner_id, raised=True, now=NOW)
    assert attest(live_class, seat, use).hand_raised_at is None


def test_attesting_twice_changes_nothing(live_class, use):
    seat = live_class.join()
    first = attest(live_class, seat, use)
    before = evidence(live_class, seat.learner_id)
    assert attest(live_class, seat, use, now=LATER + timedelta(minutes=1)).attested_at == first.attested_at
    assert evidence(live_class, seat.learner_id) == before


def test_some_tasks_are_ticked_without_a_mark(live_class, use, lesson):
    seat = live_class.join()
    attest(live_class, seat, use, tasks=BOXES[:1])
    assert ticked(live_class, seat.learner_id, lesson) == {BOXES[0]: "Minh"}
    assert evidence(live_class, seat.learner_id) is None
    tick_alone(live_class, seat.learner_id, use)
    assert (evidence(live_class, seat.learner_id)["witnessed"], evidence(live_class, seat.learner_id)["said_by"]) == (
        1,
        "learner",
    )


def test_later_attestations_are_added_and_revoked_together(live_class, use, lesson):
    seat, later = live_class.join(), LATER + timedelta(minutes=5)
    attest(live_class, seat, use, tasks=BOXES[:1])
    attest(live_class, seat, use, tasks=BOXES[1:], now=later)
    assert find_attested_tasks(live_class.session, live_class.class_session) == {seat.learner_id: frozenset(BOXES)}
    assert find_last_attested_tasks(live_class.session, live_class.class_session) == frozenset(
        BOXES[1:]
    )  # what was left out does not come back
    assert evidence(live_class, seat.learner_id)["witnessed"] == len(BOXES)
    revoke_attestation(live_class.session, live_class.id, seat.number, account_id=live_class.minh, use=use, now=later)
    assert ticked(live_class, seat.learner_id, lesson) == {}
    assert evidence(live_class, seat.learner_id) is None


def test_tasks_attested_again_with_others_are_the_latest_and_own_ticks_stay(live_class, use, lesson):
    seat, later = live_class.join(), LATER + timedelta(minutes=5)
    tick_alone(live_class, seat.learner_id, use, BOXES[:1])
    attest(live_class, seat, use, tasks=BOXES[:1])
    attest(live_class, seat, use, now=later)
    assert find_last_attested_tasks(live_class.session, live_class.class_session) == frozenset(BOXES)
    revoke_attestation(live_class.session, live_class.id, seat.number, account_id=live_class.minh, use=use, now=later)
    assert ticked(live_class, seat.learner_id, lesson) == {BOXES[0]: None}


def test_a_mark_earned_alone_gets_the_witness(live_class, use):
    seat = live_class.join()
    tick_alone(live_class, seat.learner_id, use)
    assert evidence(live_class, seat.learner_id)["witnessed"] == 0
    attest(live_class, seat, use)
    kwargs = evidence(live_class, seat.learner_id)
    assert (kwargs["witnessed"], kwargs["said_by"], kwargs["witness"]["name"]) == (2, "learner", "Minh")
    revoke(live_class, seat, use)
    kwargs = evidence(live_class, seat.learner_id)
    assert (kwargs["witnessed"], "witness" in kwargs) == (0, False)


def test_revoking_leaves_only_the_learners_own_ticks(live_class, use, lesson):
    seat = live_class.join()
    tick_alone(live_class, seat.learner_id, use, BOXES[:1])
    attest(live_class, seat, use)
    assert revoke(live_class, seat, use).attested_at is None
    assert ticked(live_class, seat.learner_id, lesson) == {BOXES[0]: None}
    assert evidence(live_class, seat.learner_id) is None
    assert revoke(live_class, seat, use).attested_at is None


@pytest.mark.slow
def test_a_badge_prevents_revoking(live_class, use, library, issuer):
    seat = live_class.join()
    for stage in ("hieu", "lam"):
        given = {"right": 3, "total": 3} if stage == "hieu" else {"right": 2, "screens": 2}
        marks.award_mark(
            live_class.session.connection(), seat.learner_id, "vneid", "kich-hoat", stage, given,
            content_digest="0" * 64, now=NOW,
        )  # fmt: skip
    attest(live_class, seat, use)
    learner = find_learner(live_class.session, seat.learner_id)
    badge = award_badge(
        live_class.session, learner, library, "vneid", "kich-hoat", name="Lan", issuer=issuer, now=LATER
    )
    [dung] = [one for one in find_badge(live_class.session, badge.id).evidence if one.stage == "dung"]
    assert (dung.total, dung.witnessed) == (2, 2)
    assert "người đứng lớp đã thấy" in str(badge.document)
    with pytest.raises(BadgeAlreadyAwarded):
        revoke(live_class, seat, use)


def test_people_without_a_phone_are_only_counted(live_class, use):
    seat = seats.add_seat(live_class.session, live_class.id, account_id=live_class.minh, people=3, now=NOW)
    assert attest(live_class, seat, use).attested_at == LATER
    assert revoke(live_class, seat, use).attested_at is None


def test_only_facilitators_attest_and_only_until_12_hours_after_the_class(live_class, use, hanh, tam):
    seat = live_class.join()
    for stranger in (hanh, tam):
        with pytest.raises(NotAllowed):
            attest(live_class, seat, use, by=stranger)
    live_class.command(close=True, now=LATER)
    assert attest(live_class, seat, use, now=LATER + ATTESTATION_WINDOW - timedelta(minutes=1)).attested_at
    with pytest.raises(ClassClosed):
        revoke(live_class, seat, use, now=LATER + ATTESTATION_WINDOW)


def test_unknown_seats_and_tasks_are_refused(live_class, use):
    seat = live_class.join()
    with pytest.raises(NotFound):
        attest_tasks(
            live_class.session, live_class.id, 99, account_id=live_class.minh, use=use, task_ids=BOXES, now=LATER
        )
    for tasks in (("khong-co",), ()):
        with pytest.raises(NotFound):
            attest(live_class, seat, use, tasks=tasks)
    seats.remove_seat(live_class.session, live_class.id, seat.number, account_id=live_class.minh, now=NOW)
    with pytest.raises(RemovedFromClass):
        attest(live_class, seat, use)


def test_a_forgotten_learner_is_counted_and_gets_no_ticks(live_class, use):
    seat = live_class.join()
    forget_learner(live_class.session, find_learner(live_class.session, seat.learner_id), now=LATER)
    assert attest(live_class, seat, use).attested_at == LATER
    assert find_seat(live_class.session, live_class.id, seat.number).learner_id is None


def test_an_approved_claim_transfers_the_attestation(live_class, use, library, lesson):
    seat = live_class.join()
    attest(live_class, seat, use)
    again = new_learner_id()
    seat_claims.claim_seat(live_class.session, learner_id=again, code=live_class.code, number=seat.number, now=LATER)
    live_class.resolve_claim(seat.number, now=LATER)
    assert ticked(live_class, again, lesson) == dict.fromkeys(BOXES, "Minh")
