"""Queries that a streaming worker polls: which seats have changed, and which stream tokens are revoked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from lms.learning.classroom.session.seat_store import SEAT_COLUMNS, Seat, seat_from_row
from lms.learning.classroom.session.stream_tokens import StreamToken
from lms.learning.store.models import AccountRow, ClassSessionRow, HelperRow, ProjectorRow, SeatRow

_SEATS_PER_QUERY = 400


def find_seats_of_classes(session: Session, class_ids: Collection[str]) -> list[Seat]:
    """All seats of these classes, removed ones included."""
    if not class_ids:
        return []
    rows = session.connection().execute(_SEATS, {"ids": sorted(class_ids)})
    return list(map(seat_from_row, rows))


def find_changed_seats(
    session: Session, class_ids: Collection[str], since: int, known: Mapping[tuple[str, int], int]
) -> list[Seat]:
    """Seats changed at or after ``since`` whose version differs from the one in ``known``, by (class id, number).

    ``since`` is in milliseconds since 1970. Overlap the last call by some seconds: of two transactions, the one with
    the earlier time stamp may commit later. Most seats in the overlap are known, so only versions are read first.
    """
    connection = session.connection()
    versions = connection.execute(_SEAT_VERSIONS, {"ids": sorted(class_ids), "since": since})
    changed = [(row.class_id, row.number) for row in versions if known.get((row.class_id, row.number)) != row.version]
    seats: list[Seat] = []
    for start in range(0, len(changed), _SEATS_PER_QUERY):
        rows = connection.execute(_SEATS_BY_NUMBER, {"keys": changed[start : start + _SEATS_PER_QUERY]})
        seats += map(seat_from_row, rows)
    return seats


def find_revoked_tokens(session: Session, tokens: Iterable[StreamToken]) -> set[StreamToken]:
    """Tokens of disabled or signed-out accounts, of helpers sent away and of unpaired projectors.

    Tokens of phones are not checked here: the ``holder`` of the seat's row tells whether they are valid.
    """
    checked = {token for token in tokens if token.role != "phone"}
    projectors = {token for token in checked if token.role == "wall"}
    helpers = {token for token in checked if token.role == "helper"}
    valid = _valid_tokens(session, _PROJECTORS, projectors) | _valid_tokens(session, _HELPERS, helpers)
    # Helpers who have an account are tokens of the same role, so they are looked up in both tables.
    valid |= _valid_account_tokens(session, checked - projectors)
    return checked - valid


def _valid_tokens(
    session: Session, statement: Select[*tuple[Any, ...]], tokens: Collection[StreamToken]
) -> set[StreamToken]:
    if not tokens:
        return set()
    rows = session.connection().execute(statement, {"ids": sorted({token.subject for token in tokens})})
    valid = {(row.id, row.class_id) for row in rows}
    return {token for token in tokens if (token.subject, token.class_id) in valid}


def _valid_account_tokens(session: Session, tokens: Collection[StreamToken]) -> set[StreamToken]:
    if not tokens:
        return set()
    ids = {
        "ids": sorted({token.subject for token in tokens}),
        "class_ids": sorted({token.class_id for token in tokens}),
    }
    valid = {tuple(row) for row in session.connection().execute(_ACCOUNTS, ids)}
    return {token for token in tokens if (token.subject, token.class_id, token.generation) in valid}


_IN_CLASSES = SeatRow.class_id.in_(bindparam("ids", expanding=True))
_SEATS = select(*SEAT_COLUMNS).where(_IN_CLASSES)
_SEAT_VERSIONS = select(SeatRow.class_id, SeatRow.number, SeatRow.version).where(
    _IN_CLASSES, SeatRow.changed_at >= bindparam("since")
)
_SEATS_BY_NUMBER = select(*SEAT_COLUMNS).where(
    tuple_(SeatRow.class_id, SeatRow.number).in_(bindparam("keys", expanding=True))
)
_PROJECTORS = select(ProjectorRow.id, ProjectorRow.class_id).where(
    ProjectorRow.id.in_(bindparam("ids", expanding=True))
)
_HELPERS = select(HelperRow.id, HelperRow.class_id).where(
    HelperRow.id.in_(bindparam("ids", expanding=True)), HelperRow.revoked_at.is_(None)
)
_ACCOUNTS = (
    select(AccountRow.id, ClassSessionRow.id, AccountRow.session_version)
    .join(ClassSessionRow, or_(ClassSessionRow.ward == AccountRow.ward, AccountRow.ward == ""))
    .where(
        AccountRow.id.in_(bindparam("ids", expanding=True)),
        ClassSessionRow.id.in_(bindparam("class_ids", expanding=True)),
        AccountRow.disabled_at.is_(None),
    )
)
