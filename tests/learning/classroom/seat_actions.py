"""What happens to the seats of a live class: they are removed, come back, and are filled."""

from __future__ import annotations

from datetime import datetime, timedelta

from lms.learning.classroom.seats import idle_seats, seats
from lms.learning.classroom.session.seat_store import Seat, find_seat, find_seats
from tests.learning.classroom.live_class import LiveClass
from tests.learning.sample_courses import LATER, NOW


def remove_idle(live_class: LiveClass, now: datetime = LATER) -> int:
    return idle_seats.remove_idle_seats(live_class.session, live_class.id, account_id=live_class.minh, now=now)


def remove(live_class: LiveClass, seat: Seat) -> Seat:
    return seats.remove_seat(live_class.session, live_class.id, seat.number, account_id=live_class.minh, now=LATER)


def reload(live_class: LiveClass, seat: Seat) -> Seat:
    return find_seat(live_class.session, live_class.id, seat.number)


def rejoin(live_class: LiveClass, seat: Seat, now: datetime = LATER) -> Seat:
    return idle_seats.reactivate_idle_seat(live_class.session, live_class.id, seat.learner_id, now=now)


def active_numbers(live_class: LiveClass) -> list[int]:
    return [seat.number for seat in find_seats(live_class.session, live_class.id) if not seat.removed]


def after(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def fill(live_class: LiveClass, count: int = 3) -> list[Seat]:
    """A stranger joins ``count`` times, once a second."""
    return [live_class.join(now=after(second)) for second in range(count)]
