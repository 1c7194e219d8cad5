"""Where a seat is in the class's practice: what of its attempt the room needs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, update

from lms.content.model import Mode
from lms.content.practice.engine import POINT_COST
from lms.content.practice.state import State
from lms.learning.classroom.session.queries import Seat
from lms.learning.store.bulk import ManyRows
from lms.learning.store.models import ClassSeat
from lms.learning.store.models.classes import stamp

_BETTER = ("", "helped", "alone")
PLACE = ("screen", "screen_since", "been", "done")  # what a move changes of a Place
BEGUN = ("screen", "screen_since", "wrong", "hints", "last_hint", "visits", "been", "settled", "last_at")
_TAPS = frozenset({"tap", "hold"})
_WRONG = frozenset({"x>", None})  # arrows; None leads nowhere
_WRONG_FOLLOWING = _WRONG | {"->"}
_NOTHING: Mapping[str, Any] = {"wrong": 0, "hints": 0, "visits": 0}
_COLUMNS = ("screen", "screen_since", "wrong", "hints", "last_hint", "visits", "been", "done", "last_at")


def beginning(model: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The columns ``BEGUN`` of a seat whose attempt begins; ``done`` stays as it was."""
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


def settled(seat: Seat, before: Mapping[str, Any] | None, now: datetime) -> dict[str, Any]:
    """The columns of a seat that somebody has come by to: what was counted on its screen is dealt with."""
    if seat.screen is None or seat.screen_since is None:
        return {}
    earlier = before if before and before["screen"] == seat.screen else _NOTHING
    return {
        "settled": {
            "screen": seat.screen,
            "wrong": seat.wrong + earlier["wrong"],
            "hints": seat.hints,
            "visits": seat.visits + earlier["visits"] - 1,  # she is here, which is one
        },
        "screen_since": now,
        "wrong": 0,
        "last_hint": False,
        "visits": 1,
    }


def with_wrong_taps(
    model: Mapping[str, Any], mode: Mode, events: Sequence[Sequence[Any]], before: Mapping[str, int] | None
) -> dict[str, int] | None:
    """Taps on a wrong button, screen by screen, with these newly kept events; None for none.

    A trap, and a button that leads nowhere: neither costs her anything, and whoever taps there does not know where to.
    A side way is one in *làm theo* only, where the page shows the place and holds her back; elsewhere she may look
    around, and some ways lead over it. Where no button is, nothing is counted: that is a finger beside one.
    """
    taps = dict(before or {})
    wrong = _WRONG_FOLLOWING if mode == "lam-theo" else _WRONG
    screens = model["screens"]
    for _, _, screen, place, action, *_ in events:
        if action in _TAPS and screens[screen]["widgets"][place].get("arrow") in wrong:
            taps[screen] = taps.get(screen, 0) + 1
    return taps or None


@dataclass(frozen=True, slots=True)
class Place:
    """What of a seat's columns decides where it moves to."""

    screen: str | None
    screen_since: datetime | None
    been: Mapping[str, int]
    done: str
    settled: Mapping[str, Any] | None  # counts that somebody who came by has dealt with

    def moved(
        self,
        model: Mapping[str, Any],
        mode: Mode,
        events: Sequence[Sequence[Any]],
        state: State,
        wrong_taps: Mapping[str, int] | None,
        now: datetime,
    ) -> dict[str, Any]:
        """The columns of a seat after these newly kept events, the last of which left the attempt in ``state``.

        ``wrong_taps``: of the whole attempt, see ``with_wrong_taps``; such a tap is as wrong as a field that did not
        hold.
        At an end nobody waits any more: ``screen_since`` is None.
        """
        been = dict(self.been)
        here = self.screen
        # An event says where it happened, and the state where the last one led.
        for screen in [*(event[2] for event in events), state.screen]:
            if screen != here:
                been[screen] = been.get(screen, 0) + 1
                here = screen
        on_screen = state.screens[state.screen]
        stayed = been == self.been
        settled = self.settled if self.settled and self.settled["screen"] == state.screen else _NOTHING
        return {
            "screen": state.screen,
            "screen_since": None if state.ended else self.screen_since if stayed else now,
            "wrong": on_screen.wrong + (wrong_taps or {}).get(state.screen, 0) - settled["wrong"],
            "hints": on_screen.hints,
            "last_hint": _is_last_hint(model, state) and (settled is _NOTHING or on_screen.hints > settled["hints"]),
            "visits": been.get(state.screen, 1) - settled["visits"],
            "been": been,
            "done": max(self.done, _how(model, mode, state), key=_BETTER.index),
            "last_at": now,
        }


def move_seats(connection: Connection, moves: Sequence[Mapping[str, Any]]) -> None:
    """Write positions, each as ``class_id``, ``seat``, ``attempt_id`` and the columns of ``Place.moved``.

    A seat that has another attempt by now, or another learner, stays where it is.
    """
    if not moves:
        return
    # In one order for everybody, as whoever holds several rows.
    ordered = sorted(moves, key=lambda move: (move["class_id"], move["seat"]))
    rows = [
        {f"to_{name}": move[name] for name in _COLUMNS}
        | {"of_class": move["class_id"], "of_seat": move["seat"], "of_attempt": move["attempt_id"]}
        | {"at": stamp(move["last_at"])}
        for move in ordered
    ]
    _MOVE.execute(connection, rows)


def _is_last_hint(model: Mapping[str, Any], state: State) -> bool:
    """Whether this screen has no more to hint at: the ladder is used up, or the place was pointed at."""
    on_screen = state.screens[state.screen]
    ladder = model["screens"][state.screen].get("hints", 0)
    return on_screen.help >= POINT_COST or 0 < on_screen.hints >= ladder


def _how(model: Mapping[str, Any], mode: Mode, state: State) -> str:
    """How the goal was reached; "" when it was not. In *làm theo* the page showed the way."""
    if not state.ended or state.screen != model["goal"]:
        return ""
    helped = mode == "lam-theo" or any(screen.help for screen in state.screens.values())
    return "helped" if helped else "alone"


_MOVE = ManyRows(
    update(ClassSeat.__table__)
    .where(
        ClassSeat.class_id == bindparam("of_class"),
        ClassSeat.number == bindparam("of_seat"),
        ClassSeat.attempt_id == bindparam("of_attempt"),
    )
    .values(
        {name: bindparam(f"to_{name}") for name in _COLUMNS}
        | {"changed_at": bindparam("at"), "version": ClassSeat.version + 1}
    ),
    ("of_class", "of_seat", "of_attempt", "at", *(f"to_{name}" for name in _COLUMNS)),
)
