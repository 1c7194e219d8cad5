"""A room that begins its practice at once: everybody as if she came alone, in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.practice import class_attempts
from lms.learning.classroom.practice.class_attempts import practise_all, practise_in
from lms.learning.classroom.seats import seats
from lms.learning.classroom.session.queries import find_seat
from lms.learning.errors import (
    ClassClosed,
    LearnerForgotten,
    LearningError,
    NotFound,
    NotSeated,
    PutOut,
    TooOften,
    UnknownCode,
)
from lms.learning.learners.learner_store import create_learner, forget_id, new_learner_id
from lms.learning.practice.attempts import find_attempt, start_practice
from lms.learning.practice.events import keep_event_batches
from lms.learning.store.models import Learner, PracticeAttempt, PracticeModel
from tests.learning.classroom.room import Room, account
from tests.learning.school import LATER, NOW, practice, walk

HALL = 60


def post(room: Room, learner_id: str | None, **other: Any) -> dict[str, Any]:
    return {"learner_id": learner_id, "code": room.code, "library": room.library, "now": LATER} | other


def next_door(room: Room, library: Library | None = None, lesson: str = "kich-hoat") -> Room:
    """Another class at the same time, run by somebody else."""
    return Room(room.session, library or room.library, account(room.session, "Hạnh"), lesson)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield sent
    event.remove(session.get_bind(), "before_cursor_execute", note)


class Cast:
    """Two halls of the same people: whatever one of them is, the other is too."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.closed = next_door(room)
        self.elsewhere = next_door(room, lesson="ba-loai-ma")
        sat = [room.join() for _ in range(HALL)]
        out, lost, ended, doing, changed = sat[:5]
        former = {seat.number: room.practise(seat) for seat in (ended, doing)}
        room.send(former[ended.number], walk(former[ended.number].data))
        room.send(former[doing.number], walk(former[doing.number].data)[:1])
        room.say(mode="tu-lam")
        former[changed.number] = room.practise(changed)
        room.say(mode="lam-theo")
        self.former = {number: attempt.id for number, attempt in former.items()}
        seats.put_out(room.session, room.id, out.number, account_id=room.minh, now=NOW)
        self.lost = lost.learner_id
        late = self.closed.join()
        self.closed.say(close=True)
        self.stranger = new_learner_id()
        nobody = find_seat(room.session, room.id, 6)
        self.posts = [
            post(room, seat.learner_id) for seat in sat
        ] + [
            post(room, doing.learner_id),
            post(room, sat[7].learner_id),  # she taps twice
            post(self.closed, late.learner_id),
            post(room, nobody.learner_id, code="000000"),
            post(room, nobody.learner_id, code="so-ba"),
            post(room, self.stranger),
            post(self.elsewhere, self.elsewhere.join().learner_id),
        ]  # fmt: skip

    def said(self, results: list[Any]) -> list[Any]:
        """Refusals by their kind; a go as one that was there before, or as the number of the tap that began it."""
        seen = {attempt_id: f"of seat {number}" for number, attempt_id in self.former.items()}
        told: list[Any] = []
        for place, result in enumerate(results):
            told.append(type(result) if isinstance(result, LearningError) else seen.setdefault(result, place))
        return told

    def stands(self) -> list[Any]:
        """What the room sees, without the ids and the drawn data, which are nobody else's."""
        seen = []
        for number in range(1, HALL + 1):
            seat = find_seat(self.room.session, self.room.id, number)
            row = self.room.session.get(PracticeAttempt, seat.attempt_id) if seat.attempt_id else None
            assert row is None or (row.learner_id, row.class_id, row.seat) == (seat.learner_id, seat.class_id, number)
            go = row and [
                getattr(row, name)
                for name in (
                    "mode", "model_digest", "content_digest", "kept", "state", "score", "passed", "started_at",
                    "last_at", "completed_at", "wrong_taps", "course", "lesson", "practice",
                )
            ]  # fmt: skip
            seen.append((replace(seat, class_id="", learner_id=None, attempt_id=None), go, row and sorted(row.data)))
        return seen


def test_a_room_that_begins_at_once_is_as_if_each_came_alone(session: Session, room: Room):
    together, alone = Cast(room), Cast(next_door(room))
    for cast in (together, alone):
        forget_id(session, cast.lost, now=NOW)
    at_once = practise_all(session, together.posts)
    one_by_one: list[Any] = []
    for each in alone.posts:
        try:
            with session.connection().begin_nested():
                one_by_one.append(practise_in(session, **each))
        except LearningError as refusal:
            one_by_one.append(refusal)
    said = together.said(at_once)
    assert said == alone.said(one_by_one)
    assert said[:8] == [PutOut, LearnerForgotten, 2, "of seat 4", 4, 5, 6, 7]
    assert said[HALL:] == ["of seat 4", 7, ClassClosed, UnknownCode, UnknownCode, NotSeated, NotFound]
    assert together.stands() == alone.stands()


def test_who_is_refused_in_a_crowd_is_not_made_a_learner_by_that(session: Session, room: Room):
    cast = Cast(room)
    practise_all(session, cast.posts)
    assert session.get(Learner, cast.stranger) is None


def test_a_whole_room_takes_as_many_statements_as_two_phones(session: Session, room: Room):
    sat = [room.join() for _ in range(40)]
    room.practise(sat[0])  # the practice's model is kept
    sent = []
    for some in (sat[1:3], sat[3:]):
        with counted(session) as statements:
            practise_all(session, [post(room, seat.learner_id) for seat in some])
        sent.append(len(statements))
    assert sent[0] == sent[1] < 10


def test_rooms_of_several_lessons_begin_together(session: Session, room: Room):
    lesson = replace(room.library.lesson("vneid", "kich-hoat"), slug="khac", practices=(other_practice(),))
    courses = tuple(replace(one, lessons=(*one.lessons, lesson)) for one in room.library.courses)
    library = replace(room.library, courses=courses)
    other = next_door(room, library, lesson="khac")
    lan, hoa = room.join(), other.join()
    first, second = practise_all(session, [post(room, lan.learner_id, library=library), post(other, hoa.learner_id)])
    assert find_attempt(session, lan.learner_id, first).model["start"] == "bat-dau"
    assert find_attempt(session, hoa.learner_id, second).model["start"] == "nhap-ma"
    assert [find_seat(session, one.id, 1).screen for one in (room, other)] == ["bat-dau", "nhap-ma"]


def test_one_person_in_two_rooms_begins_in_both(session: Session, room: Room):
    other = next_door(room)
    lan = room.join()
    other.join(lan.learner_id)
    first, second = practise_all(session, [post(room, lan.learner_id), post(other, lan.learner_id)])
    assert first != second
    assert [find_seat(session, one.id, 1).attempt_id for one in (room, other)] == [first, second]


def test_a_practice_that_changed_between_two_taps_begins_anew(session: Session, room: Room):
    lan = room.join()
    newer = edited(room.library)
    taps = [post(room, lan.learner_id), post(room, lan.learner_id, library=newer)]
    first, second = practise_all(session, [*taps, taps[1]])[:2]
    assert first != second
    assert find_seat(session, room.id, 1).attempt_id == second
    assert practise_in(session, **taps[1]) == second


def test_goes_are_counted_within_a_crowd_too(session: Session, room: Room, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(class_attempts, "MOST_ATTEMPTS", 2)
    lan, hoa = room.join(), room.join()
    versions = [edited(room.library, digest * 64) for digest in "abc"]
    taps = [post(room, seat.learner_id, library=library) for library in versions for seat in (lan, hoa)]
    done = practise_all(session, taps)
    assert [isinstance(one, TooOften) for one in done] == [False] * 4 + [True] * 2
    assert len(set(done[:4])) == 4


def test_events_and_a_new_beginning_of_one_phone_may_come_together(session: Session, room: Room):
    seat = room.join()
    attempt = room.practise(seat)
    sent = {"learner_id": seat.learner_id, "attempt_id": attempt.id, "events": walk(attempt.data), "now": LATER}
    [kept] = keep_event_batches(session, [sent])
    [again] = practise_all(session, [post(room, seat.learner_id)])
    now = find_seat(session, room.id, seat.number)
    assert kept.ended
    assert again != attempt.id
    assert (now.attempt_id, now.screen, now.done) == (again, "bat-dau", "helped")


def test_the_go_of_a_seat_that_is_anothers_is_not_gone_on_with(session: Session, room: Room):
    lan, hoa = room.join(), new_learner_id()
    first = room.practise(lan)
    seats.claim(session, learner_id=hoa, code=room.code, number=lan.number, now=NOW)
    seats.agree(session, room.id, lan.number, account_id=room.minh, library=room.library, now=NOW)
    hers, old = practise_all(session, [post(room, hoa), post(room, lan.learner_id)])
    assert isinstance(old, NotSeated)
    assert hers != first.id
    assert find_attempt(session, hoa, hers).seat == lan.number


def test_a_beginning_that_was_taken_back_is_not_missed_by_the_next(session: Session, room: Room):
    """What a model was kept with may be undone: the next hall keeps it again."""
    library = edited(room.library, "f" * 64, goal="lac")
    lan = room.join()
    with pytest.raises(LookupError), session.connection().begin_nested():
        practise_in(session, **post(room, lan.learner_id, library=library))
        raise LookupError
    attempt_id = practise_in(session, **post(room, lan.learner_id, library=library))
    row = session.get(PracticeAttempt, attempt_id)
    assert session.get(PracticeModel, row.model_digest).model["goal"] == "lac"


def test_a_part_gone_over_once_more_leaves_the_whole_practice_as_it_is(session: Session, room: Room):
    """A rehearsal has the digest of the whole practice, and another model."""
    lan = create_learner(session, now=NOW)
    whole = room.library.lesson("vneid", "kich-hoat").practice
    part = replace(whole, start="nhap-ma")
    short = start_practice(session, lan.id, "vneid", "kich-hoat", part, "lam-theo", now=NOW)
    seat = room.join(lan.id)
    assert short.model["start"] == "nhap-ma"
    assert room.practise(seat).model["start"] == "bat-dau"
    again = start_practice(session, lan.id, "vneid", "kich-hoat", part, "lam-theo", now=NOW)
    assert again.model == short.model


def other_practice() -> Any:
    return replace(practice(), start="nhap-ma", digest="e" * 64)


def edited(library: Library, digest: str = "e" * 64, **other: Any) -> Library:
    """The same courses with the practice as somebody has just written it."""
    made = replace(practice(), digest=digest, **other)
    lessons = tuple(
        replace(one, practices=(made,)) if one.slug == "kich-hoat" else one for one in library.courses[0].lessons
    )
    return replace(library, courses=(replace(library.courses[0], lessons=lessons), *library.courses[1:]))
