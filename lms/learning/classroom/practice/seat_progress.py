"""Track where each seat is in the class's practice: its screen, and the counts that show who needs help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Label, Row, bindparam, exists, select, update

from lms.content.model import Mode
from lms.content.practice.engine import POINT_COST
from lms.content.practice.engine_state import State
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.practice.events import AttemptProgress, PracticeEventListener
from lms.learning.store.bulk_statement import BulkStatement
from lms.learning.store.models import ClassLessonSeat, ClassSessionRow, PracticeAttempt, SeatRow
from lms.learning.store.models.classes import epoch_milliseconds

_RESULTS = ("", "helped", "alone")  # of a practice, the best last
INITIAL_COLUMNS = ("screen", "screen_since", "wrong", "hints", "last_hint", "visits", "been", "settled", "last_at")
_NOT_HELPED: Mapping[str, Any] = {"wrong": 0, "hints": 0, "visits": 0}
_COLUMNS = ("screen", "screen_since", "wrong", "hints", "last_hint", "visits", "been", "done", "last_at")


def initial_progress(model: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The columns of a seat that starts an attempt (``INITIAL_COLUMNS``). ``done`` stays as it was."""
    start = model["start"]
    return {
        "screen": start,
        "screen_since": now,
        "wrong": 0,
        "hints": 0,
        "last_hint": False,
        "visits": 1,
        "been": {start: 1},
        "settled": None,
        "last_at": now,
    }


def progress_after_help(seat: Seat, before: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """The columns of a seat after somebody helped: the counts and the clock of the present screen start again.

    ``before``: the seat's ``settled``, the counts that earlier help on this screen has dealt with.
    """
    if seat.screen is None or seat.screen_since is None:
        return {}
    earlier = before if before and before["screen"] == seat.screen else _NOT_HELPED
    return {
        "settled": {
            "screen": seat.screen,
            "wrong": seat.wrong + earlier["wrong"],
            "hints": seat.hints,
            "visits": seat.visits + earlier["visits"] - 1,  # the present visit counts again
        },
        "screen_since": now,
        "wrong": 0,
        "last_hint": False,
        "visits": 1,
    }


def _move_seats(connection: Connection, attempts: Sequence[AttemptProgress]) -> None:
    """Move the seats of attempts that have new events.

    Only seats in open classes that are still at this attempt move, and what they did in a lesson that the class has
    left.
    """
    in_class = {attempt.attempt_id: attempt for attempt in attempts if attempt.class_id is not None}
    if not in_class:
        return
    at_seats = [attempt for attempt in in_class.values() if attempt.row.seat_done is not None]
    moved = 0
    if at_seats:
        at_seats.sort(key=lambda attempt: (attempt.class_id, attempt.seat))  # the lock order
        moved = _MOVE.execute(connection, [_move(attempt) for attempt in at_seats]).rowcount
    if moved < len(in_class):
        # Somebody finishes the practice of a lesson that the class has left, perhaps only just now.
        left = connection.execute(_LEFT_SEATS, {"attempt_ids": sorted(in_class)}).all()
        if left:
            _MOVE_LEFT.execute(connection, [_move_left(seat, in_class[seat.attempt_id]) for seat in left])


def _move(attempt: AttemptProgress) -> dict[str, Any]:
    """The parameters of ``_MOVE`` for the seat of one attempt."""
    key = {"of_class": attempt.class_id, "of_seat": attempt.seat, "of_attempt": attempt.attempt_id}
    values = _new_values(attempt.row, attempt)
    return values | key | {"at": epoch_milliseconds(values["to_last_at"])}


def _move_left(seat: Row[*tuple[Any, ...]], attempt: AttemptProgress) -> dict[str, Any]:
    """The parameters of ``_MOVE_LEFT`` for one seat."""
    key = {"of_class": seat.class_id, "of_seat": seat.number, "of_attempt": seat.attempt_id}
    return _new_values(seat, attempt) | key | {"of_lesson": seat.lesson_number}


def _new_values(seat: Row[*tuple[Any, ...]], attempt: AttemptProgress) -> dict[str, Any]:
    columns = _columns_after(seat, attempt)
    return {f"to_{name}": columns[name] for name in _COLUMNS}


def _columns_after(seat: Row[*tuple[Any, ...]], attempt: AttemptProgress) -> dict[str, Any]:
    """The columns of a seat after the new events of its attempt. ``seat``: a row with the columns of ``_before``.

    A wrong tap counts like a wrong field. ``screen_since`` is None after the end of the attempt, so that the seat does
    not count as stuck in the practice.
    """
    been, screen, screen_since = dict(seat.seat_been), seat.seat_screen, seat.seat_screen_since
    for post in attempt.posts:
        # An event has the screen where it happened; the last one may have led to another.
        for next_screen in [*(event[2] for event in post.events), post.screen]:
            if next_screen != screen:
                been[next_screen] = been.get(next_screen, 0) + 1
                screen, screen_since = next_screen, post.saved_at
    state = attempt.state
    on_screen = state.screens[state.screen]
    before = seat.seat_settled
    settled = before if before and before["screen"] == state.screen else _NOT_HELPED
    is_new_hint = settled is _NOT_HELPED or on_screen.hints > settled["hints"]
    return {
        "screen": state.screen,
        "screen_since": None if state.ended else screen_since,
        "wrong": on_screen.wrong + (attempt.wrong_taps or {}).get(state.screen, 0) - settled["wrong"],
        "hints": on_screen.hints,
        "last_hint": _is_last_hint(attempt.model, state) and is_new_hint,
        "visits": been.get(state.screen, 1) - settled["visits"],
        "been": been,
        "done": max(seat.seat_done, _alone_or_helped(attempt.model, attempt.mode, state), key=_RESULTS.index),
        "last_at": attempt.posts[-1].saved_at,
    }


def _is_last_hint(model: Mapping[str, Any], state: State) -> bool:
    """Whether this screen has no more hints: all were given, or the place to tap was pointed at."""
    on_screen = state.screens[state.screen]
    hint_count = model["screens"][state.screen].get("hints", 0)
    return on_screen.help >= POINT_COST or 0 < on_screen.hints >= hint_count


def _alone_or_helped(model: Mapping[str, Any], mode: Mode, state: State) -> str:
    """How the goal was reached, or "". An attempt that follows the page, in mode FOLLOW, counts as helped."""
    if not state.ended or state.screen != model["goal"]:
        return ""
    helped = mode == Mode.FOLLOW or any(screen.help for screen in state.screens.values())
    return "helped" if helped else "alone"


def _before(table: type[SeatRow] | type[ClassLessonSeat]) -> list[Label[Any]]:
    """The columns that the new ones depend on, as ``seat_screen`` and so on: they are read beside an attempt's."""
    names = ("screen", "screen_since", "been", "done", "settled")
    return [table.__table__.c[name].label(f"seat_{name}") for name in names]


SEAT_PROGRESS_LISTENER = PracticeEventListener(
    _move_seats,
    _before(SeatRow),
    [
        (
            SeatRow.__table__,
            (SeatRow.class_id == PracticeAttempt.class_id)
            & (SeatRow.number == PracticeAttempt.seat)
            & (SeatRow.attempt_id == PracticeAttempt.id)
            & exists().where(ClassSessionRow.id == SeatRow.class_id, ClassSessionRow.closed_at.is_(None)),
        )
    ],
)
_PROGRESS: dict[str, Any] = {name: bindparam(f"to_{name}") for name in _COLUMNS}
_MOVE = BulkStatement(
    update(SeatRow.__table__)
    .where(
        SeatRow.class_id == bindparam("of_class"),
        SeatRow.number == bindparam("of_seat"),
        SeatRow.attempt_id == bindparam("of_attempt"),
    )
    .values(_PROGRESS | {"changed_at": bindparam("at"), "version": SeatRow.version + 1})
)
_LEFT_SEATS = (
    select(
        ClassLessonSeat.class_id,
        ClassLessonSeat.lesson_number,
        ClassLessonSeat.number,
        ClassLessonSeat.attempt_id,
        *_before(ClassLessonSeat),
    )
    .join(ClassSessionRow, (ClassSessionRow.id == ClassLessonSeat.class_id) & ClassSessionRow.closed_at.is_(None))
    .where(ClassLessonSeat.attempt_id.in_(bindparam("attempt_ids", expanding=True)))
    .order_by(ClassLessonSeat.class_id, ClassLessonSeat.number)
)
_MOVE_LEFT = BulkStatement(
    update(ClassLessonSeat.__table__)
    .where(
        ClassLessonSeat.class_id == bindparam("of_class"),
        ClassLessonSeat.lesson_number == bindparam("of_lesson"),
        ClassLessonSeat.number == bindparam("of_seat"),
        ClassLessonSeat.attempt_id == bindparam("of_attempt"),
    )
    .values(_PROGRESS)
)
