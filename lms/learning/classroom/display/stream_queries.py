"""What a streaming worker asks of the store again and again: which seats have changed, which tickets are taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, and_, bindparam, or_, select, tuple_

from lms.learning.classroom.session.queries import SEAT_COLUMNS, Seat, seat_of
from lms.learning.classroom.session.stream_tokens import Ticket
from lms.learning.store.models import AccountRow, ClassHelper, ClassProjector, ClassRow, ClassSeat

_AT_ONCE = 400  # seats read by number in one statement


def changed_seats(
    connection: Connection, class_ids: Collection[str], since: int, known: Mapping[tuple[str, int], int]
) -> list[Seat]:
    """Seats whose version is another than in ``known``, by (class, number), among those touched since ``since``.

    ``since``, in milliseconds since 1970, reaches some seconds back, because a transaction may commit after another
    whose stamp is later. So most rows it finds are known, and of those only the version is fetched.
    """
    found = connection.execute(_VERSIONS, {"ids": sorted(class_ids), "since": since})
    changed = [(class_id, number) for class_id, number, version in found if known.get((class_id, number)) != version]
    seats: list[Seat] = []
    for begin in range(0, len(changed), _AT_ONCE):
        seats += map(seat_of, connection.execute(_BY_NUMBER, {"places": changed[begin : begin + _AT_ONCE]}))
    return seats


def withdrawn(connection: Connection, tickets: Iterable[Ticket]) -> set[Ticket]:
    """Those that hold no more: a disabled account or one that was put out, a helper sent away, a projector let go."""
    held = [ticket for ticket in tickets if ticket.role != "phone"]
    good = _good_projectors(connection, held) | _good_helpers(connection, held) | _good_accounts(connection, held)
    return {ticket for ticket in held if ticket not in good}


def _good_projectors(connection: Connection, tickets: Iterable[Ticket]) -> set[Ticket]:
    asked = [ticket for ticket in tickets if ticket.role == "wall"]
    rows = _found(connection, _PROJECTORS, {ticket.who for ticket in asked})
    return {ticket for ticket in asked if (ticket.who, ticket.class_id) in rows}


def _good_helpers(connection: Connection, tickets: Iterable[Ticket]) -> set[Ticket]:
    asked = [ticket for ticket in tickets if ticket.role == "helper"]
    rows = _found(connection, _HELPERS, {ticket.who for ticket in asked})
    return {ticket for ticket in asked if (ticket.who, ticket.class_id) in rows}


def _good_accounts(connection: Connection, tickets: Iterable[Ticket]) -> set[Ticket]:
    """Desks; and helpers who have an account, because they are of the class's ward."""
    asked = [ticket for ticket in tickets if ticket.role in ("desk", "helper")]
    if not asked:
        return set()
    places = {"ids": sorted({one.who for one in asked}), "class_ids": sorted({one.class_id for one in asked})}
    rows = {tuple(row) for row in connection.execute(_ACCOUNTS, places)}
    return {ticket for ticket in asked if (ticket.who, ticket.class_id, ticket.since) in rows}


def _found(connection: Connection, statement: object, ids: Collection[str]) -> set[tuple[str, str]]:
    return {tuple(row) for row in connection.execute(statement, {"ids": sorted(ids)})} if ids else set()


_VERSIONS = select(ClassSeat.class_id, ClassSeat.number, ClassSeat.version).where(
    ClassSeat.class_id.in_(bindparam("ids", expanding=True)), ClassSeat.changed_at >= bindparam("since")
)
_BY_NUMBER = select(*SEAT_COLUMNS).where(
    tuple_(ClassSeat.class_id, ClassSeat.number).in_(bindparam("places", expanding=True))
)
_PROJECTORS = select(ClassProjector.id, ClassProjector.class_id).where(
    ClassProjector.id.in_(bindparam("ids", expanding=True))
)
_HELPERS = select(ClassHelper.id, ClassHelper.class_id).where(
    ClassHelper.id.in_(bindparam("ids", expanding=True)), ClassHelper.revoked_at.is_(None)
)
_ACCOUNTS = (
    select(AccountRow.id, ClassRow.id, AccountRow.session_version)
    .join(ClassRow, or_(ClassRow.ward == AccountRow.ward, AccountRow.ward == ""))
    .where(
        and_(
            AccountRow.id.in_(bindparam("ids", expanding=True)),
            ClassRow.id.in_(bindparam("class_ids", expanding=True)),
            AccountRow.disabled_at.is_(None),
        )
    )
)
