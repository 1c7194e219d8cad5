"""Snapshots: what the screens of each role show, as JSON. Always the whole state, so no screen can miss a change.

``minutes`` in the lists of seats grow with time, so snapshots have to be built again now and then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from lms.content.model import Lesson, Library, Question
from lms.learning.classroom.access.projectors import NO_PROJECTORS, PairedProjectors, count_paired_projectors
from lms.learning.classroom.display.stuck_seats import StuckSeat, find_stuck_seats, most_stuck_screen
from lms.learning.classroom.questions.class_answers import question_round_key
from lms.learning.classroom.questions.tallies import Tally, find_tallies
from lms.learning.classroom.seats.idle_seats import detect_join_flood
from lms.learning.classroom.session.queries import (
    CLASS_COLUMNS,
    CLOSED_DISPLAY_TIME,
    ClassSession,
    class_session_from_row,
)
from lms.learning.classroom.session.seat_store import Seat, find_seats
from lms.learning.classroom.session.state import QuestionPhase
from lms.learning.classroom.session.steps import (
    Step,
    StepKind,
    find_step,
    lesson_steps,
    next_step,
    previous_step,
    step_question_id,
)
from lms.learning.errors import NotFound
from lms.learning.store.models import ClassSessionRow

_MAX_NEWEST_SEATS = 60  # that the wall shows while learners join, and at the end


@dataclass(frozen=True, slots=True)
class ClassView:
    """A class together with its present step in the lesson. ``tally`` is there once a question is locked or shown.

    ``practice_goal`` is the last screen of the practice; None without one.
    """

    class_session: ClassSession
    step: Step
    previous: Step | None
    next: Step | None
    question: Question | None
    tally: Tally | None
    practice_goal: str | None


def find_class_versions(session: Session, now: datetime) -> dict[str, int]:
    """The versions of all open classes, and of those closed in the last 15 minutes, by id."""
    rows = session.connection().execute(_CLASS_VERSIONS, {"since": now - CLOSED_DISPLAY_TIME})
    return {row.id: row.version for row in rows}


def find_class_views(session: Session, class_ids: Collection[str], library: Library) -> dict[str, ClassView]:
    """These classes by id, in one query, or three when some of them have answers to show. Skips unknown ids."""
    if not class_ids:
        return {}
    rows = session.connection().execute(_CLASSES, {"ids": sorted(class_ids)})
    classes = [class_session_from_row(row) for row in rows]
    editions = {class_session.id: library.edition(class_session) for class_session in classes}
    lessons = {class_id: edition[1] if edition else None for class_id, edition in editions.items()}
    tallied: dict[tuple[str, str, int], Question] = {}
    for class_session in classes:
        question, state = _current_question(class_session, lessons[class_session.id]), class_session.state
        if question is not None and state.phase in (QuestionPhase.LOCKED, QuestionPhase.SHOWN):
            tallied[class_session.id, question.id, state.round] = question
    tallies = find_tallies(session, tallied)
    return {
        class_session.id: _class_view(class_session, lessons[class_session.id], tallies) for class_session in classes
    }


def find_class_view(session: Session, class_id: str, library: Library) -> ClassView:
    """One class for a page.

    Raises:
        NotFound: no class has this id.
    """
    views = find_class_views(session, [class_id], library)
    if class_id not in views:
        raise NotFound(class_id)
    return views[class_id]


def find_desk_snapshot(session: Session, class_id: str, library: Library, now: datetime) -> dict[str, Any]:
    """The desk's snapshot of one class, for a page.

    Raises:
        NotFound: no class has this id.
    """
    view = find_class_view(session, class_id, library)
    projectors = count_paired_projectors(session, [class_id], now).get(class_id, NO_PROJECTORS)
    return desk_snapshot(view, find_seats(session, class_id), now, projectors)


def phone_snapshot(view: ClassView) -> dict[str, Any]:
    """What all phones of a class have in common."""
    class_session, state = view.class_session, view.class_session.state
    return {
        "v": class_session.version,
        "lesson": class_session.lesson_number,
        "step": view.step.key,
        "kind": view.step.kind,
        "phase": state.phase,
        "round": state.round,
        "paused": state.paused,
        "break_until": state.break_until,
        "last_minute_until": state.last_minute_until,
        "gate": state.wait_screen,
        "level": state.guidance_level,
        "mode": state.mode,
        "demo": state.demo_step,
        "on_phones": state.mirrored_on_phones,
        "closed": class_session.is_closed,
    }


def question_with_answer_shown(view: ClassView) -> Question | None:
    """The question whose right answer the class sees at this moment. No phone may receive it earlier."""
    is_shown = view.class_session.state.phase == QuestionPhase.SHOWN and not view.class_session.is_closed
    return view.question if is_shown else None


def right_answer_key(view: ClassView, seat_number: int) -> str:
    """The shown question and its round, as in ``Seat.answered``, if this seat answered it rightly; else ""."""
    question = question_with_answer_shown(view)
    if question is None or view.tally is None or seat_number not in view.tally.right_seats:
        return ""
    return question_round_key(question.id, view.class_session.state.round)


def seat_snapshot(seat: Seat) -> dict[str, Any]:
    """What only this seat's phone shows. Most changes of a seat's row leave it unchanged."""
    return {
        "seat": seat.number,
        "out": seat.removed,
        "swept": seat.idle_removed_at is not None,
        "hand": seat.hand_raised_at is not None,
        "lost": seat.lost_at_step,
        "helping": seat.helper_name,
        "agreed": seat.claimed_at is None,
        "seen": seat.attested_at is not None,
        "done": seat.done,
    }


def wall_snapshot(view: ClassView, seats: Sequence[Seat], now: datetime) -> dict[str, Any]:
    """What the projector shows: counts only, no names and nobody's mistakes.

    ``seats``: all seats of the class. In the snapshot ``people`` and ``screens`` count people, each once, ``machines``
    phones, and ``given`` the phones that answered. ``bars`` are there once the question is shown: by option key, or by
    "right" and "other", counted hands included.
    """
    active = [seat for seat in seats if not seat.removed]
    return _wall_snapshot(view, active, _stuck_seats(view, active, now))


def desk_snapshot(
    view: ClassView, seats: Sequence[Seat], now: datetime, projectors: PairedProjectors = NO_PROJECTORS
) -> dict[str, Any]:
    """What the facilitator sees: the wall's snapshot, who needs help, open claims, and where "Tiếp" leads.

    ``tally`` has the bars from the phase "locked" on. ``out`` lists the seats that the facilitator removed and may
    readmit; ``swept`` counts those removed as idle, of which there may be hundreds. ``crowd``: see
    ``detect_join_flood``.
    """
    active = [seat for seat in seats if not seat.removed]
    stuck = _stuck_seats(view, active, now)
    return _wall_snapshot(view, active, stuck) | {
        "stuck_list": _stuck_list(stuck),
        "lost": count_lost_seats(view, active),
        "walls": projectors.connected,
        "walls_away": projectors.away,
        "steering": view.class_session.state.steering_accounts(now),
        "hands": sum(seat.hand_raised_at is not None for seat in active),
        "claims": [
            _seat_label(seat) | {"minutes": int((now - seat.claimed_at).total_seconds()) // 60}
            for seat in active
            if seat.claimed_at is not None
        ],
        "out": [_seat_label(seat) for seat in seats if seat.is_removed_by_facilitator],
        "swept": sum(seat.idle_removed_at is not None for seat in seats),
        "crowd": detect_join_flood(seats, now),
        "done": {result: sum(seat.people for seat in active if seat.done == result) for result in ("alone", "helped")},
        "next": _step_label(view.next),
        "back": _step_label(view.previous),
        "tally": dict(view.tally.bars) if view.tally else None,
        "head_count": view.class_session.head_count,
    }


def count_lost_seats(view: ClassView, active: Iterable[Seat]) -> int:
    """How many seats cannot follow the present step; only where the facilitator speaks and shows."""
    if view.step.kind not in (StepKind.SLIDE, StepKind.DEMO) or view.class_session.is_closed:
        return 0
    return sum(seat.lost_at_step == view.class_session.state.step for seat in active)


def helper_snapshot(view: ClassView, seats: Sequence[Seat], now: datetime) -> dict[str, Any]:
    """Who needs help, of how many phones; nobody once the class is over, since a stream token is valid for hours."""
    class_session = view.class_session
    active = [seat for seat in seats if not seat.removed and not class_session.is_closed]
    stuck = _stuck_seats(view, active, now)
    return {
        "v": class_session.version,
        "closed": class_session.is_closed,
        "machines": sum(not seat.added for seat in active),
        "stuck_list": _stuck_list(stuck),
    }


def _class_view(
    class_session: ClassSession, lesson: Lesson | None, tallies: dict[tuple[str, str, int], Tally]
) -> ClassView:
    """Build a view. ``lesson`` is None if it was removed from the site; then the class stays where it is."""
    state = class_session.state
    steps = lesson_steps(lesson) if lesson else (Step(state.step, StepKind.END, "Kết thúc"),)
    question = _current_question(class_session, lesson)
    return ClassView(
        class_session=class_session,
        step=find_step(steps, state.step),
        previous=previous_step(steps, state.step),
        next=next_step(steps, state.step),
        question=question,
        tally=tallies.get((class_session.id, question.id, state.round)) if question else None,
        practice_goal=lesson.practice.goal if lesson and lesson.practice else None,
    )


def _current_question(class_session: ClassSession, lesson: Lesson | None) -> Question | None:
    question_id = step_question_id(class_session.state.step)
    return lesson.understand.question(question_id) if lesson and question_id else None


def _wall_snapshot(view: ClassView, active: Sequence[Seat], stuck: Sequence[StuckSeat]) -> dict[str, Any]:
    state = view.class_session.state
    screens: Counter[str] = Counter()
    for seat in active:
        # Who has finished stays finished, also in another attempt.
        screen = view.practice_goal if seat.has_finished(state.mode) else seat.screen
        if screen is not None:
            screens[screen] += seat.people
    phones = [seat for seat in active if not seat.added]
    shows_seats = view.step.kind in (StepKind.JOIN, StepKind.END) or view.class_session.is_closed
    newest = sorted(phones, key=lambda seat: -seat.number)[:_MAX_NEWEST_SEATS] if shows_seats else []
    return phone_snapshot(view) | {
        "machines": len(phones),
        "people": sum(seat.people for seat in active),
        "newest": [[seat.number, seat.emblem.name, seat.emblem.slug] for seat in newest],
        "shut": state.door_closed,
        "codes": state.join_codes_until,
        "screens": dict(screens),
        "stuck": most_stuck_screen(stuck),
        "answers": _answer_counts(view, active),
        "demo_of": state.demo_screen,
        # Changes with the Wi-Fi, whose name and password are on the page alone.
        "wifi": state.wifi.since if state.wifi else None,
    }


def _answer_counts(view: ClassView, active: Sequence[Seat]) -> dict[str, Any] | None:
    if view.question is None:
        return None
    state = view.class_session.state
    key = question_round_key(view.question.id, state.round)
    answers: dict[str, Any] = {"given": sum(seat.answered == key for seat in active)}
    if state.phase == QuestionPhase.SHOWN and view.tally is not None:
        answers["bars"] = dict(view.tally.bars)
    return answers


def _stuck_seats(view: ClassView, active: Iterable[Seat], now: datetime) -> tuple[StuckSeat, ...]:
    state = view.class_session.state
    is_open = not view.class_session.is_closed
    released = [moment for moment in (state.released_at, state.break_until) if moment is not None]
    return find_stuck_seats(
        active,
        now,
        in_practice=view.step.kind == StepKind.PRACTICE and state.demo_screen is None and is_open,
        paused=state.paused or state.is_on_break(now),
        wait_screen=state.wait_screen,
        released_at=datetime.fromtimestamp(max(released), UTC) if released else None,
    )


def _stuck_list(stuck: Iterable[StuckSeat]) -> list[dict[str, Any]]:
    return [
        {
            "seat": seat.seat,
            "picture": seat.emblem.name,
            "slug": seat.emblem.slug,
            "name": seat.name,
            "screen": seat.screen,
            "reason": seat.reason,
            "said": seat.reason_text,
            "count": seat.count,
            "minutes": seat.minutes,
            "helping": seat.helper_name,
        }
        for seat in stuck
    ]


def _seat_label(seat: Seat) -> dict[str, Any]:
    return {"seat": seat.number, "picture": seat.emblem.name, "slug": seat.emblem.slug, "name": seat.name}


def _step_label(step: Step | None) -> dict[str, str] | None:
    return {"key": step.key, "kind": step.kind, "title": step.title} if step else None


_CLASS_VERSIONS = select(ClassSessionRow.id, ClassSessionRow.version).where(
    or_(ClassSessionRow.closed_at.is_(None), ClassSessionRow.closed_at > bindparam("since"))
)
_CLASSES = select(*CLASS_COLUMNS).where(ClassSessionRow.id.in_(bindparam("ids", expanding=True)))
