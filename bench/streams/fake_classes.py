"""Fake classes that change all the time, for both servers."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

SEATS = 60


@dataclass(frozen=True, slots=True)
class Seat:
    class_id: str
    number: int
    version: int = 1
    changed_at: int = 0
    holder: int = 0
    removed: bool = False


class FakeClasses:
    """A ``ClassSource`` whose classes each change every ``update_seconds``, one after the other."""

    def __init__(self, count: int, update_seconds: float) -> None:
        self._ids = {f"{number:032x}": number / count for number in range(count)}
        self._update_seconds = update_seconds

    @contextmanager
    def poll(self) -> Iterator[FakeClasses]:
        yield self

    def versions(self) -> dict[str, int]:
        now = time.monotonic() / self._update_seconds
        return {class_id: int(now + shift) for class_id, shift in self._ids.items()}

    def classes(self, class_ids: Collection[str]) -> dict[str, int]:
        versions = self.versions()
        return {class_id: versions[class_id] for class_id in class_ids}

    def seats(self, class_ids: Collection[str]) -> list[Seat]:
        return [Seat(class_id, number) for class_id in class_ids for number in range(1, SEATS + 1)]

    def changed_seats(self, class_ids: Collection[str], since: int, known: Mapping[Any, int]) -> list[Seat]:
        return []

    def revoked_tokens(self, tokens: Iterable[Any]) -> set[Any]:
        return set()

    def projectors(self, class_ids: Collection[str]) -> dict[str, Any]:
        return {}

    def draw(self, role: str, view: int, seats: Sequence[Seat], projectors: Any) -> dict[str, Any]:
        return {
            "v": view, "step": "hoi-mat-khau", "kind": "question", "phase": "open", "round": 1, "paused": False,
            "gate": None, "level": None, "mode": "lam-theo", "closed": False, "drawn": time.monotonic(),
        }  # fmt: skip

    def draw_seat(self, view: int, seat: Seat) -> dict[str, Any]:
        return {"seat": seat.number, "out": False, "hand": False, "helping": None, "agreed": True}

    def seat_basis(self, view: int) -> None:
        return None
