"""The thread that reads what has changed in the classes that are watched here, and tells the hub."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from lms.learning.classroom.session.stream_tokens import Role, Ticket
from lms.live.channel import Findings, News, SeatNews
from lms.live.hub import Hub
from lms.live.snapshot import Snapshot, snapshot_of

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5  # between two looks at the versions
SEATS_SECONDS = 1.0  # between two looks at which seats have changed
WHOLE_SECONDS = 10.0  # until a class is read whole again: minutes go by, and one machine's clock is behind another's
TICKETS_SECONDS = 2.0  # until tickets are asked about again
_STORM_SECONDS = 0.05  # the least between two looks, however many wait: those that come together are read together
_OVERLAP = 3_000  # milliseconds that a change may take to be committed, and clocks may differ


class SeatRow(Protocol):
    """``version`` grows with each change of the seat; ``changed_at`` in milliseconds; ``holder`` as in tickets."""

    class_id: str
    number: int
    version: int
    changed_at: int
    out: bool

    @property
    def holder(self) -> int: ...


class Look(Protocol):
    """One look at the store. ``known``: versions of seats by (class, number)."""

    def versions(self) -> Mapping[str, int]: ...
    def classes(self, class_ids: Collection[str]) -> Mapping[str, Any]: ...
    def seats(self, class_ids: Collection[str]) -> Iterable[SeatRow]: ...
    def changed_seats(
        self, class_ids: Collection[str], since: int, known: Mapping[tuple[str, int], int]
    ) -> Iterable[SeatRow]: ...
    def withdrawn(self, tickets: Iterable[Ticket]) -> set[Ticket]: ...


class Source(Protocol):
    """Where classes come from. ``draw`` and ``draw_seat`` say what a role sees, as JSON-able dicts."""

    def look(self) -> AbstractContextManager[Look]: ...
    def draw(self, role: Role, view: Any, seats: Sequence[SeatRow]) -> dict[str, Any]: ...
    def draw_seat(self, seat: SeatRow) -> dict[str, Any]: ...


@dataclass(slots=True)
class _Known:
    """What was found of a class, and what was told of it by role."""

    version: int = -1
    view: Any = None
    whole_at: float = float("-inf")
    seats: dict[int, SeatRow] = field(default_factory=dict)
    stirred: set[int] = field(default_factory=set)  # numbers of seats that have changed since they were drawn
    told: dict[Role, Snapshot] = field(default_factory=dict)
    told_seats: dict[int, SeatNews] = field(default_factory=dict)


class Watcher:
    """``tell`` gets the findings, in the watcher's thread."""

    def __init__(self, source: Source, hub: Hub, tell: Callable[[Findings], None]) -> None:
        self._source = source
        self._hub = hub
        self._tell = tell
        self._known: dict[str, _Known] = {}
        self._seat_versions: dict[tuple[str, int], int] = {}
        self._latest = 0  # the latest change of a seat that was seen, in milliseconds
        self._seats_at = float("-inf")
        self._asked_at: dict[Ticket, float] = {}
        self._woken = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="classes", daemon=True)
        hub.wake = self._woken.set

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        failing = False
        while not self._stopping:
            begun = time.monotonic()
            try:
                self.look(begun)
                failing = False
            except Exception:
                # Streams stay open and silent until the store is back; then everybody gets the state that is then.
                if not failing:
                    log.exception("the classes cannot be read; trying on")
                failing = True
                self._known.clear()
            time.sleep(_STORM_SECONDS)
            self._woken.wait(max(0.0, LOOK_SECONDS - (time.monotonic() - begun)))
            self._woken.clear()

    def look(self, now: float) -> None:
        """One look, at ``now`` on the monotonic clock."""
        wanted, doubted, tickets = self._hub.wanted, self._hub.doubted, self._tickets_due(now)
        self._forget_unwanted(wanted)
        for class_id, role in self._hub.unread:
            self._forget_told(class_id, role)
        if not wanted and not tickets:
            return
        with self._source.look() as look:
            withdrawn = frozenset(look.withdrawn(tickets)) if tickets else frozenset()
            touched = self._read(look, wanted, doubted, now) if wanted else set()
        gone = frozenset(class_id for class_id in touched if self._known[class_id].view is None)
        news = [one for class_id in touched - gone for one in self._draw(class_id, wanted[class_id])]
        self._forget_unwanted(wanted.keys() - gone)
        if news or doubted or gone or tickets:
            self._tell(Findings(tuple(news), doubted, gone, frozenset(tickets) - withdrawn, withdrawn))

    def _forget_unwanted(self, wanted: Collection[str]) -> None:
        unwanted = self._known.keys() - wanted
        for class_id in unwanted:
            del self._known[class_id]
        if unwanted:
            kept = self._seat_versions.items()
            self._seat_versions = {place: version for place, version in kept if place[0] not in unwanted}

    def _tickets_due(self, now: float) -> list[Ticket]:
        guarded = self._hub.guarded
        self._asked_at = {ticket: at for ticket, at in self._asked_at.items() if ticket in guarded}
        due = [ticket for ticket in guarded if now - self._asked_at.get(ticket, float("-inf")) >= TICKETS_SECONDS]
        self._asked_at.update(dict.fromkeys(due, now))
        return due

    def _forget_told(self, class_id: str, role: Role) -> None:
        known = self._known.get(class_id)
        if known is not None and known.told.pop(role, None) and role == "phone":
            known.told_seats.clear()

    def _read(
        self, look: Look, wanted: Mapping[str, frozenset[Role]], doubted: Collection[str], now: float
    ) -> set[str]:
        """Take in what has changed, as the classes to draw anew."""
        # Before the rows: what changes in between is read once more, and never missed. And compared, not ordered:
        # a version that was committed late would be lost.
        versions = look.versions()
        for class_id in wanted:
            self._known.setdefault(class_id, _Known())
        whole = self._to_read_whole(wanted, doubted, now)
        moved = {one for one in wanted.keys() & versions.keys() if versions[one] != self._known[one].version}
        if whole or moved:
            views = look.classes(whole | moved)
            for class_id in whole | moved:
                self._known[class_id].view = views.get(class_id)
                self._known[class_id].version = versions.get(class_id, -1)
        stirred = {seat.class_id for seat in self._changed_seats(look, wanted.keys(), whole, now)}
        return whole | moved | stirred

    def _to_read_whole(self, wanted: Mapping[str, frozenset[Role]], doubted: Collection[str], now: float) -> set[str]:
        new = {one for one, roles in wanted.items() if one in doubted or not roles <= self._known[one].told.keys()}
        due = [one for one in wanted if now - self._known[one].whole_at >= WHOLE_SECONDS and one not in new]
        # A few at each look, or classes that began together would be read together for ever.
        due.sort(key=lambda one: self._known[one].whole_at)
        whole = new.union(due[: 1 + len(wanted) // 16])
        for class_id in whole:
            self._known[class_id].whole_at = now
        return whole

    def _changed_seats(
        self, look: Look, class_ids: Collection[str], whole: Collection[str], now: float
    ) -> list[SeatRow]:
        changed = [seat for seat in look.seats(whole) if self._take_seat(seat)] if whole else []
        if now - self._seats_at >= SEATS_SECONDS:
            self._seats_at = now
            found = look.changed_seats(class_ids, self._latest - _OVERLAP, self._seat_versions)
            changed += [seat for seat in found if self._take_seat(seat)]
        return changed

    def _take_seat(self, seat: SeatRow) -> bool:
        self._latest = max(self._latest, seat.changed_at)
        self._seat_versions[seat.class_id, seat.number] = seat.version
        known = self._known[seat.class_id]
        before = known.seats.get(seat.number)
        known.seats[seat.number] = seat
        if before is not None and before.version == seat.version:
            return False
        known.stirred.add(seat.number)
        return True

    def _draw(self, class_id: str, roles: frozenset[Role]) -> list[News]:
        """What each role has to be told, if it is not what it was told last."""
        known = self._known[class_id]
        seats = [known.seats[number] for number in sorted(known.seats)]
        news = []
        for role in roles:
            drawn = snapshot_of(self._source.draw(role, known.view, seats))
            changed = drawn if drawn != known.told.get(role) else None
            seat_news = self._draw_seats(known) if role == "phone" else ()
            known.told[role] = drawn
            if changed or seat_news:
                news.append(News(class_id, role, changed, seat_news))
        return news

    def _draw_seats(self, known: _Known) -> tuple[SeatNews, ...]:
        """What phones have to be told about their own seats; most changes of a seat are nothing that it is told."""
        changed = []
        for number in known.stirred if known.told_seats else known.seats:
            seat = known.seats[number]
            drawn = SeatNews(number, snapshot_of(self._source.draw_seat(seat)), seat.out, seat.holder)
            if drawn != known.told_seats.get(number):
                known.told_seats[number] = drawn
                changed.append(drawn)
        known.stirred.clear()
        return tuple(changed)
