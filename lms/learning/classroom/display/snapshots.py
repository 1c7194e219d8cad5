"""What each role's screen is told: always the whole state, never a message. PURE, but for ``find_desk``.

``minutes`` of the lists grow by themselves: build them anew now and then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.classroom.display.class_queries import ClassView, find_view
from lms.learning.classroom.display.stuck import Stuck, most_stuck_screen, stuck
from lms.learning.classroom.questions.class_answers import answered_key
from lms.learning.classroom.seats.join_flood import crowd
from lms.learning.classroom.session.queries import Seat, find_seats
from lms.learning.classroom.session.steps import Step

_NEWEST = 3  # seats that the wall greets


def find_desk(session: Session, class_id: str, library: Library, now: datetime) -> dict[str, Any]:
    """The desk's snapshot of one class, for a page.

    Raises:
        NotFound: there is none with this id.
    """
    return desk(find_view(session, class_id, library), find_seats(session, class_id), now)


def phone(view: ClassView) -> dict[str, Any]:
    """The same for all phones of a class."""
    klass, state = view.klass, view.klass.state
    return {
        "v": klass.version,
        "step": view.step.key,
        "kind": view.step.kind,
        "phase": state.phase,
        "round": state.round,
        "paused": state.paused,
        "gate": state.gate,
        "level": state.level,
        "mode": state.mode,
        "closed": klass.closed,
    }


def seat(one: Seat) -> dict[str, Any]:
    """What only this seat's phone is told; most changes of a seat's row leave it as it was."""
    return {
        "seat": one.number,
        "out": one.out,
        "swept": one.swept_at is not None,
        "hand": one.hand_at is not None,
        "helping": one.helping,
        "agreed": one.claimed_at is None,
        "seen": one.witnessed_at is not None,
    }


def wall(view: ClassView, seats: Sequence[Seat], now: datetime) -> dict[str, Any]:
    """What the projector shows, and nothing about anybody alone: no names, no mistakes.

    ``seats`` are all of the class. ``people``, ``screens`` count people, ``machines`` phones, ``given`` those
    that answered; ``bars`` are there once the question is shown, hands among them, by option key or as "right" and
    "other".
    """
    present = [one for one in seats if not one.out]
    return _wall(view, present, _stuck(view, present, now))


def desk(view: ClassView, seats: Sequence[Seat], now: datetime) -> dict[str, Any]:
    """What the facilitator sees: the wall's, who needs help, who waits for a word, and where "Tiếp" leads.

    ``tally`` has the bars from "locked" on. Seats that were put out are in ``out``, to be let in again; of those that
    were swept there may be hundreds, and ``swept`` says how many. ``crowd`` as in ``crowds.py``.
    """
    present = [one for one in seats if not one.out]
    needy = _stuck(view, present, now)
    return _wall(view, present, needy) | {
        "stuck_list": _list(needy),
        "hands": sum(one.hand_at is not None for one in present),
        "claims": [
            _named(one) | {"minutes": int((now - one.claimed_at).total_seconds()) // 60}
            for one in present
            if one.claimed_at is not None
        ],
        "out": [_named(one) for one in seats if one.out and one.swept_at is None],
        "swept": sum(one.swept_at is not None for one in seats),
        "crowd": crowd(seats, now),
        "done": {how: sum(one.people for one in present if one.done == how) for how in ("alone", "helped")},
        "next": _step(view.next),
        "back": _step(view.before),
        "tally": dict(view.tally.bars) if view.tally else None,
        "head_count": view.klass.head_count,
    }


def helper(view: ClassView, seats: Sequence[Seat], now: datetime) -> dict[str, Any]:
    """Only who needs help, and nobody once the class is over: a ticket outlives it by hours."""
    present = [one for one in seats if not one.out and not view.klass.closed]
    needy = _stuck(view, present, now)
    return {"v": view.klass.version, "closed": view.klass.closed, "stuck_list": _list(needy)}


def _wall(view: ClassView, present: Sequence[Seat], needy: Sequence[Stuck]) -> dict[str, Any]:
    screens: Counter[str] = Counter()
    for one in present:
        if one.screen is not None:
            screens[one.screen] += one.people
    newest = sorted((one for one in present if not one.added), key=lambda one: -one.number)[:_NEWEST]
    return phone(view) | {
        "machines": sum(not one.added for one in present),
        "people": sum(one.people for one in present),
        "newest": [[one.number, one.picture.name, one.picture.slug] for one in newest],
        "shut": view.klass.state.shut,
        "screens": dict(screens),
        "stuck": most_stuck_screen(needy),
        "answers": _answers(view, present),
        "demo": view.klass.state.demo,
        "demo_of": view.klass.state.demo_of,
        # Not the network itself: the page has it, and this tells only that there is another one.
        "wifi": view.klass.state.wifi.since if view.klass.state.wifi else None,
    }


def _answers(view: ClassView, present: Sequence[Seat]) -> dict[str, Any] | None:
    if view.question is None:
        return None
    state = view.klass.state
    key = answered_key(view.question.id, state.round)
    answers: dict[str, Any] = {"given": sum(one.answered == key for one in present)}
    if state.phase == "shown" and view.tally is not None:
        answers["bars"] = dict(view.tally.bars)
    return answers


def _stuck(view: ClassView, present: Iterable[Seat], now: datetime) -> tuple[Stuck, ...]:
    state = view.klass.state
    practising = view.step.kind == "practice" and state.demo_of is None and not view.klass.closed
    freed = datetime.fromtimestamp(state.freed, UTC) if state.freed is not None else None
    return stuck(present, now, practising=practising, paused=state.paused, gate=state.gate, freed=freed)


def _list(needy: Iterable[Stuck]) -> list[dict[str, Any]]:
    return [
        {
            "seat": one.seat,
            "picture": one.picture.name,
            "slug": one.picture.slug,
            "name": one.name,
            "screen": one.screen,
            "reason": one.reason,
            "said": one.said,
            "minutes": one.minutes,
            "helping": one.helping,
        }
        for one in needy
    ]


def _named(one: Seat) -> dict[str, Any]:
    return {"seat": one.number, "picture": one.picture.name, "slug": one.picture.slug, "name": one.name}


def _step(step: Step | None) -> dict[str, str] | None:
    return {"key": step.key, "kind": step.kind, "title": step.title} if step else None
