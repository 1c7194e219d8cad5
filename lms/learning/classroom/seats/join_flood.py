"""Whether more phones came into a class than a hall has: its facilitator is told so, and may shut the door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from lms.learning.classroom.session.idle_seats import is_empty
from lms.learning.classroom.session.queries import Seat
from lms.learning.classroom.session.seat_store import MOST_SEATS

Crowd = Literal["", "new", "full"]
A_HALL = 60  # phones: more than these which come together and do nothing may be nobody's
CAME_TOGETHER = timedelta(minutes=10)


def crowd(seats: Sequence[Seat], now: datetime) -> Crowd:
    """Of all seats of a class: "full" while an empty seat makes room for each who comes, "new" when more empty ones
    came in the last minutes than a hall has phones. PURE."""
    if len(seats) <= A_HALL:
        return ""
    present = [one for one in seats if not one.out]
    if len(present) >= MOST_SEATS and any(one.swept_at is not None for one in seats):
        return "full"
    new = sum(one.joined_at > now - CAME_TOGETHER and is_empty(one) for one in present)
    return "new" if new > A_HALL else ""
