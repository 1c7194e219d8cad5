"""Decide which seats need help, and why, from the seats and the time. No database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from lms.learning.classroom.session.seat_emblems import Emblem, emblem_of
from lms.learning.classroom.session.seat_store import Seat
from lms.message_catalog import mark_for_translation

Reason = Literal["hand", "wrong", "hint", "again", "long", "silent"]
REASONS: tuple[Reason, ...] = get_args(Reason)  # the most urgent first

WRONG_LIMIT = 3  # on one screen
VISIT_LIMIT = 3  # of one screen
LONG_ON_SCREEN = timedelta(minutes=3)  # with events
SILENT_FOR = timedelta(minutes=2)  # without any event
_REASON_WORDS: dict[Reason, str] = {
    "hand": mark_for_translation("giơ tay"),
    "wrong": mark_for_translation("sai {count} lần"),
    "hint": mark_for_translation("hết gợi ý"),
    "again": mark_for_translation("quay lại màn này {count} lần"),
    "long": mark_for_translation("ở lâu một chỗ"),
    "silent": mark_for_translation("chưa thấy làm gì"),
}
_HAND_AFTER_MISTAKES = mark_for_translation("giơ tay, sai {count} lần")
MIN_STUCK_SEATS = 2  # at one screen before the wall highlights it: one alone could be identified


@dataclass(frozen=True, slots=True)
class StuckSeat:
    """A seat that needs help. ``minutes``: since the hand was raised, or since the learner came to this screen."""

    seat: int
    name: str | None  # text
    screen: str | None  # None outside the practice
    reason: Reason
    count: int  # of mistakes (also for a raised hand) or of visits; else 0
    minutes: int
    helper_name: str | None  # text: who is on the way

    @property
    def emblem(self) -> Emblem:
        return emblem_of(self.seat)

    @property
    def reason_text(self) -> str:
        """The reason as the list shows it."""
        return reason_words(self.reason, self.count).format(count=self.count)


def reason_words(reason: Reason, count: int) -> str:
    """The reason as the list shows it, marked for translation, with the placeholder "{count}" for ``count``."""
    return _HAND_AFTER_MISTAKES if reason == "hand" and count else _REASON_WORDS[reason]


def find_stuck_seats(
    seats: Iterable[Seat],
    now: datetime,
    *,
    in_practice: bool = True,
    paused: bool = False,
    wait_screen: str | None = None,
    released_at: datetime | None = None,
) -> tuple[StuckSeat, ...]:
    """Seats that need help: first those without a helper on the way, then by reason, then the longest waiting.

    ``in_practice``: the class is at its practice; otherwise only raised hands count. A seat at the ``wait_screen`` is
    not stuck, nor is one that has finished. While the class is ``paused`` no seat is slow, and no time before
    ``released_at`` counts, when the phones last stopped having to wait. Mistakes count also during a pause.
    """
    found: list[StuckSeat] = []
    for seat in seats:
        if seat.removed:
            continue
        stuck = _hand_raised(seat, now, in_practice)
        if stuck is None and in_practice and seat.screen != wait_screen:
            stuck = _stuck_in_practice(seat, now, paused, released_at)
        if stuck is not None:
            found.append(stuck)
    found.sort(key=lambda seat: (seat.helper_name is not None, REASONS.index(seat.reason), -seat.minutes, seat.seat))
    return tuple(found)


def most_stuck_screen(stuck: Sequence[StuckSeat]) -> str | None:
    """The screen where most seats are stuck, if at least two are: one alone must not be shown on the wall."""
    screens = Counter(seat.screen for seat in stuck if seat.screen is not None)
    if not screens:
        return None
    screen, count = max(screens.items(), key=lambda item: (item[1], item[0]))
    return screen if count >= MIN_STUCK_SEATS else None


def _hand_raised(seat: Seat, now: datetime, in_practice: bool) -> StuckSeat | None:
    if seat.hand_raised_at is None:
        return None
    return _stuck_seat(seat, "hand", seat.hand_raised_at, now, count=seat.wrong if in_practice else 0)


def _stuck_in_practice(seat: Seat, now: datetime, paused: bool, released_at: datetime | None) -> StuckSeat | None:
    since = seat.screen_since
    if since is None:
        return None
    if seat.wrong >= WRONG_LIMIT:
        return _stuck_seat(seat, "wrong", since, now, count=seat.wrong)
    if seat.last_hint:
        return _stuck_seat(seat, "hint", since, now)
    if seat.visits >= VISIT_LIMIT:
        return _stuck_seat(seat, "again", since, now, count=seat.visits)
    if paused:
        return None
    working_since = max(since, released_at or since)
    silent_since = max(working_since, seat.last_at or working_since)
    if now - silent_since >= SILENT_FOR:
        return _stuck_seat(seat, "silent", silent_since, now)
    if now - working_since >= LONG_ON_SCREEN:
        return _stuck_seat(seat, "long", since, now)
    return None


def _stuck_seat(seat: Seat, reason: Reason, since: datetime, now: datetime, *, count: int = 0) -> StuckSeat:
    minutes = max(0, int((now - since).total_seconds()) // 60)
    return StuckSeat(seat.number, seat.name, seat.screen, reason, count, minutes, seat.helper_name)
