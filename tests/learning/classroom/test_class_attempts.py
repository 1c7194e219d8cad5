"""Starting the practice of a whole class at once: as single starts do, in a handful of statements."""

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
from lms.learning.classroom.practice.class_attempts import start_class_attempt, start_class_attempts
from lms.learning.classroom.seats import seat_claims, seats
from lms.learning.classroom.session.seat_store import find_seat
from lms.learning.errors import (
    ClassClosed,
    LearnerForgotten,
    LearningError,
    NoSeatInClass,
    NotFound,
    RateLimited,
    RemovedFromClass,
    UnknownClassCode,
)
from lms.learning.learners.learner_store import forget_learner_id, new_learner_id
from lms.learning.practice.attempts import find_attempt, start_attempt
from lms.learning.practice.events import save_event_batches
from lms.learning.store.models import Learner, PracticeAttempt, PracticeModel
from tests.learning.classroom.live_class import LiveClass, account
from tests.learning.sample_courses import LATER, NOW, passing_events, practice
from tests.stored_learner import store_learner

HALL = 60


def post(live_class: LiveClass, learner_id: str | None, **other: Any) -> dict[str, Any]:
    return {"learner_id": learner_id, "code": live_class.code, "library": live_class.library, "now": LATER} | other


def other_class(live_class: LiveClass, library: Library | None = None, lesson: str = "kich-hoat") -> LiveClass:
    """Another class at the same time, of another facilitator."""
    return LiveClass(live_class.session, library or live_class.library, account(live_class.session, "Hạnh"), lesson)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The SQL statements sent in the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield sent
    event.remove(session.get_bind(), "before_cursor_execute", note)


class Cast:
    """Two classes with the same people in the same situations."""

    def __init__(self, live_class: LiveClass) -> None:
        self.live_class = live_class
        self.closed = other_class(live_class)
        self.elsewhere = other_class(live_class, lesson="ba-loai-ma")
        sat = [live_class.join() for _ in range(HALL)]
        out, lost, ended, doing, changed = sat[:5]
        former = {seat.number: live_class.practise(seat) for seat in (ended, doing)}
        live_class.send(former[ended.number], passing_events(former[ended.number].data))
        live_class.send(former[doing.number], passing_events(former[doing.number].data)[:1])
        live_class.command(mode="tu-lam")
        former[changed.number] = live_class.practise(changed)
        live_class.command(mode="lam-theo")
        self.former = {number: attempt.id for number, attempt in former.items()}
        seats.remove_seat(live_class.session, live_class.id, out.number, account_id=live_class.minh, now=NOW)
        self.lost = lost.learner_id
        late = self.closed.join()
        self.closed.command(close=True)
        self.stranger = new_learner_id()
        nobody = find_seat(live_class.session, live_class.id, 6)
        self.posts = [
            post(live_class, seat.learner_id) for seat in sat
        ] + [
            post(live_class, doing.learner_id),
            post(live_class, sat[7].learner_id),  # a second tap
            post(self.closed, late.learner_id),
            post(live_class, nobody.learner_id, code="000000"),
            post(live_class, nobody.learner_id, code="so-ba"),
            post(live_class, self.stranger),
            post(self.elsewhere, self.elsewhere.join().learner_id),
        ]  # fmt: skip

    def results(self, results: list[Any]) -> list[Any]:
        """Errors by their type; an attempt as "of seat n" if it existed before, else as the index of its first post."""
        seen = {attempt_id: f"of seat {number}" for number, attempt_id in self.former.items()}
        return [
            type(result) if isinstance(result, LearningError) else seen.setdefault(result, index)
            for index, result in enumerate(results)
        ]

    def saved_rows(self) -> list[Any]:
        """The seats and attempts, without ids and random data."""
        seen = []
        for number in range(1, HALL + 1):
            seat = find_seat(self.live_class.session, self.live_class.id, number)
            row = self.live_class.session.get(PracticeAttempt, seat.attempt_id) if seat.attempt_id else None
            assert row is None or (row.learner_id, row.class_id, row.seat) == (seat.learner_id, seat.class_id, number)
            go = row and [
                getattr(row, name)
                for name in (
                    "mode", "model_digest", "content_digest", "last_q", "state", "score", "passed", "started_at",
                    "last_at", "completed_at", "wrong_taps", "course", "lesson", "practice",
                )
            ]  # fmt: skip
            seen.append((replace(seat, class_id="", learner_id=None, attempt_id=None), go, row and sorted(row.data)))
        return seen


@pytest.mark.slow
def test_a_batch_starts_attempts_as_single_calls_do(session: Session, live_class: LiveClass):
    together, alone = Cast(live_class), Cast(other_class(live_class))
    for cast in (together, alone):
        forget_learner_id(session, cast.lost, now=NOW)
    at_once = start_class_attempts(session, together.posts)
    one_by_one: list[Any] = []
    for each in alone.posts:
        try:
            with session.connection().begin_nested():
                one_by_one.append(start_class_attempt(session, **each))
        except LearningError as refusal:
            one_by_one.append(refusal)
    results = together.results(at_once)
    assert results == alone.results(one_by_one)
    assert results[:8] == [RemovedFromClass, LearnerForgotten, 2, "of seat 4", 4, 5, 6, 7]
    assert results[HALL:] == ["of seat 4", 7, ClassClosed, UnknownClassCode, UnknownClassCode, NoSeatInClass, NotFound]
    assert together.saved_rows() == alone.saved_rows()


def test_a_refused_start_inserts_no_learner(session: Session, live_class: LiveClass):
    cast = Cast(live_class)
    start_class_attempts(session, cast.posts)
    assert session.get(Learner, cast.stranger) is None


def test_a_large_batch_takes_as_many_statements_as_two_phones(session: Session, live_class: LiveClass):
    sat = [live_class.join() for _ in range(40)]
    live_class.practise(sat[0])  # the compiled practice is stored
    sent = []
    for some in (sat[1:3], sat[3:]):
        with counted(session) as statements:
            start_class_attempts(session, [post(live_class, seat.learner_id) for seat in some])
        sent.append(len(statements))
    assert sent[0] == sent[1] < 10


def test_classes_of_several_lessons_start_in_one_batch(session: Session, live_class: LiveClass):
    lesson = replace(live_class.library.lesson("vneid", "kich-hoat"), slug="khac", practices=(other_practice(),))
    courses = tuple(replace(one, lessons=(*one.lessons, lesson)) for one in live_class.library.courses)
    library = replace(live_class.library, courses=courses)
    other = other_class(live_class, library, lesson="khac")
    lan, hoa = live_class.join(), other.join()
    first, second = start_class_attempts(
        session, [post(live_class, lan.learner_id, library=library), post(other, hoa.learner_id)]
    )
    assert find_attempt(session, lan.learner_id, first).model["start"] == "bat-dau"
    assert find_attempt(session, hoa.learner_id, second).model["start"] == "nhap-ma"
    assert [find_seat(session, one.id, 1).screen for one in (live_class, other)] == ["bat-dau", "nhap-ma"]


def test_one_learner_in_two_classes_starts_in_both(session: Session, live_class: LiveClass):
    other = other_class(live_class)
    lan = live_class.join()
    other.join(lan.learner_id)
    first, second = start_class_attempts(session, [post(live_class, lan.learner_id), post(other, lan.learner_id)])
    assert first != second
    assert [find_seat(session, one.id, 1).attempt_id for one in (live_class, other)] == [first, second]


def test_a_practice_edited_between_two_taps_starts_a_new_attempt(session: Session, live_class: LiveClass):
    lan = live_class.join()
    newer = edited(live_class.library)
    taps = [post(live_class, lan.learner_id), post(live_class, lan.learner_id, library=newer)]
    first, second = start_class_attempts(session, [*taps, taps[1]])[:2]
    assert first != second
    assert find_seat(session, live_class.id, 1).attempt_id == second
    assert start_class_attempt(session, **taps[1]) == second


def test_the_limit_of_attempts_holds_within_a_batch(
    session: Session, live_class: LiveClass, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(class_attempts, "MAX_ATTEMPTS_PER_SEAT", 2)
    lan, hoa = live_class.join(), live_class.join()
    versions = [edited(live_class.library, digest * 64) for digest in "abc"]
    taps = [post(live_class, seat.learner_id, library=library) for library in versions for seat in (lan, hoa)]
    done = start_class_attempts(session, taps)
    assert [isinstance(one, RateLimited) for one in done] == [False] * 4 + [True] * 2
    assert len(set(done[:4])) == 4


def test_events_and_a_new_start_of_one_phone_may_be_in_one_batch(session: Session, live_class: LiveClass):
    seat = live_class.join()
    attempt = live_class.practise(seat)
    events = passing_events(attempt.data)
    sent = {"learner_id": seat.learner_id, "attempt_id": attempt.id, "events": events, "now": LATER}
    [kept] = save_event_batches(session, [sent])
    [again] = start_class_attempts(session, [post(live_class, seat.learner_id)])
    now = find_seat(session, live_class.id, seat.number)
    assert kept.ended
    assert again != attempt.id
    assert (now.attempt_id, now.screen, now.done) == (again, "bat-dau", "helped")


def test_an_attempt_of_another_learner_at_the_seat_is_not_continued(session: Session, live_class: LiveClass):
    lan, hoa = live_class.join(), new_learner_id()
    first = live_class.practise(lan)
    seat_claims.claim_seat(session, learner_id=hoa, code=live_class.code, number=lan.number, now=NOW)
    seat_claims.resolve_claim(
        session, live_class.id, lan.number, account_id=live_class.minh, library=live_class.library, now=NOW
    )
    hers, old = start_class_attempts(session, [post(live_class, hoa), post(live_class, lan.learner_id)])
    assert isinstance(old, NoSeatInClass)
    assert hers != first.id
    assert find_attempt(session, hoa, hers).seat == lan.number


def test_a_rolled_back_start_does_not_lose_the_model_for_the_next(session: Session, live_class: LiveClass):
    """The transaction that stored the compiled practice may be rolled back: the next start stores it again."""
    library = edited(live_class.library, "f" * 64, goal="lac")
    lan = live_class.join()
    with pytest.raises(LookupError), session.connection().begin_nested():
        start_class_attempt(session, **post(live_class, lan.learner_id, library=library))
        raise LookupError
    attempt_id = start_class_attempt(session, **post(live_class, lan.learner_id, library=library))
    row = session.get(PracticeAttempt, attempt_id)
    assert session.get(PracticeModel, row.model_digest).model["goal"] == "lac"


def test_a_rehearsal_does_not_change_the_compiled_practice(session: Session, live_class: LiveClass):
    """A rehearsal has the digest of the whole practice, but another compiled model."""
    lan = store_learner(session, now=NOW)
    whole = live_class.library.lesson("vneid", "kich-hoat").practice
    part = replace(whole, start="nhap-ma")
    short = start_attempt(session, lan.id, "vneid", "kich-hoat", part, "lam-theo", now=NOW)
    seat = live_class.join(lan.id)
    assert short.model["start"] == "nhap-ma"
    assert live_class.practise(seat).model["start"] == "bat-dau"
    again = start_attempt(session, lan.id, "vneid", "kich-hoat", part, "lam-theo", now=NOW)
    assert again.model == short.model


def other_practice() -> Any:
    return replace(practice(), start="nhap-ma", digest="e" * 64)


def edited(library: Library, digest: str = "e" * 64, **other: Any) -> Library:
    """The library after an author edited the practice."""
    made = replace(practice(), digest=digest, **other)
    lessons = tuple(
        replace(one, practices=(made,)) if one.slug == "kich-hoat" else one for one in library.courses[0].lessons
    )
    return replace(library, courses=(replace(library.courses[0], lessons=lessons), *library.courses[1:]))
