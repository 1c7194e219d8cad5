"""Who needs somebody to come by, and why. PURE: seats and the clock in, a list out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from lms.learning.classroom.session.queries import Seat
from lms.learning.classroom.session.seat_emblems import Picture, picture_of

Reason = Literal["hand", "wrong", "hint", "again", "long", "silent"]
REASONS: tuple[Reason, ...] = ("hand", "wrong", "hint", "again", "long", "silent")  # the most urgent first

MANY_WRONG = 3  # on one screen
MANY_VISITS = 3  # of one screen
LONG = timedelta(minutes=3)  # on one screen, and doing something
SILENT = timedelta(minutes=2)  # without any event
FEWEST_STUCK = 2  # seats at a screen before the wall frames it: one alone would be somebody


@dataclass(frozen=True, slots=True)
class Stuck:
    """One seat that needs help. ``minutes`` since when: the hand was raised, or she has been on this screen."""

    seat: int
    name: str | None  # text
    screen: str | None  # None: not in the practice
    reason: Reason
    count: int  # how often wrong (of a raised hand, too), or how many visits; else 0
    minutes: int
    helping: str | None  # text: who is on the way

    @property
    def picture(self) -> Picture:
        return picture_of(self.seat)

    @property
    def said(self) -> str:
        """The reason in words, for the list."""
        match self.reason:
            case "hand":
                return f"giơ tay, sai {self.count} lần" if self.count else "giơ tay"
            case "wrong":
                return f"sai {self.count} lần"
            case "hint":
                return "hết gợi ý"
            case "again":
                return f"quay lại màn này {self.count} lần"
            case "long":
                return "ở lâu một chỗ"
            case "silent":
                return "chưa thấy làm gì"


def stuck(
    seats: Iterable[Seat],
    now: datetime,
    *,
    practising: bool = True,
    paused: bool = False,
    gate: str | None = None,
    freed: datetime | None = None,
) -> tuple[Stuck, ...]:
    """Seats that need help: those nobody is on the way to first, then by reason, then who has waited longest.

    ``practising``: the class is at its practice; else only hands count. Whoever waits at the ``gate`` is not stuck, and
    neither is who has finished. While the class is ``paused`` nobody is slow, nor was anybody before it was ``freed``
    of a pause, a gate or a screen shown to all; what went wrong stays, for a pause is where one asks for it.
    """
    found = [one for seat in seats if not seat.out and (one := _why(seat, now, practising, paused, gate, freed))]
    found.sort(key=lambda one: (one.helping is not None, REASONS.index(one.reason), -one.minutes, one.seat))
    return tuple(found)


def most_stuck_screen(found: Sequence[Stuck]) -> str | None:
    """The screen where most seats are stuck, if they are at least two: one alone must not be seen on the wall."""
    screens = Counter(one.screen for one in found if one.screen is not None)
    screen, count = max(screens.items(), key=lambda item: (item[1], item[0]), default=(None, 0))
    return screen if count >= FEWEST_STUCK else None


def _why(
    seat: Seat, now: datetime, practising: bool, paused: bool, gate: str | None, freed: datetime | None
) -> Stuck | None:
    reason: Reason | None = None
    count, since = 0, seat.screen_since
    if seat.hand_at is not None:
        reason, since = "hand", seat.hand_at
        count = seat.wrong if practising else 0
    elif practising and since is not None and seat.screen != gate:
        begun = max(since, freed or since)
        if seat.wrong >= MANY_WRONG:
            reason, count = "wrong", seat.wrong
        elif seat.last_hint:
            reason = "hint"
        elif seat.visits >= MANY_VISITS:
            reason, count = "again", seat.visits
        elif paused:
            pass
        elif now - (quiet := max(begun, seat.last_at or begun)) >= SILENT:
            reason, since = "silent", quiet
        elif now - begun >= LONG:
            reason = "long"
    if reason is None or since is None:
        return None
    minutes = max(0, int((now - since).total_seconds()) // 60)
    return Stuck(seat.number, seat.name, seat.screen, reason, count, minutes, seat.helping)
