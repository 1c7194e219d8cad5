"""The classes as the watcher reads them: over the store and the library on the air."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from lms.content.catalog import Shelf
from lms.learning.classroom.display import class_queries, snapshots, stream_queries
from lms.learning.classroom.display.class_queries import ClassView
from lms.learning.classroom.session.queries import Seat
from lms.learning.classroom.session.stream_tokens import Role, Ticket
from lms.learning.store.database import reading


class Classes:
    """A ``watcher.Source``."""

    def __init__(self, engine: Engine, shelf: Shelf) -> None:
        self._sessions = reading(engine)
        self._shelf = shelf

    @contextmanager
    def look(self) -> Iterator[ClassLook]:
        with self._sessions() as session:
            yield ClassLook(session.connection(), self._shelf)

    def draw(self, role: Role, view: ClassView, seats: Sequence[Seat]) -> dict[str, Any]:
        if role == "phone":
            return snapshots.phone(view)
        draw = {"wall": snapshots.wall, "desk": snapshots.desk, "helper": snapshots.helper}[role]
        return draw(view, seats, datetime.now(UTC))

    def draw_seat(self, seat: Seat) -> dict[str, Any]:
        return snapshots.seat(seat)


class ClassLook:
    """One transaction, which only reads."""

    def __init__(self, connection: Connection, shelf: Shelf) -> None:
        self._connection = connection
        self._shelf = shelf

    def versions(self) -> Mapping[str, int]:
        return class_queries.open_versions(self._connection, datetime.now(UTC))

    def classes(self, class_ids: Collection[str]) -> Mapping[str, ClassView]:
        return class_queries.read_classes(self._connection, class_ids, self._shelf.library)

    def seats(self, class_ids: Collection[str]) -> list[Seat]:
        return class_queries.read_seats(self._connection, class_ids)

    def changed_seats(self, class_ids: Collection[str], since: int, known: Mapping[tuple[str, int], int]) -> list[Seat]:
        return stream_queries.changed_seats(self._connection, class_ids, since, known)

    def withdrawn(self, tickets: Iterable[Ticket]) -> set[Ticket]:
        return stream_queries.withdrawn(self._connection, tickets)
