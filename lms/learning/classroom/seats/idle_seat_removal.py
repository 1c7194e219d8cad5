"""Clearing away seats that never did anything: a stranger who guesses a code can take hundreds in a minute.

Nobody knows here which phones have their page open, since any worker may hold its stream. So a seat that is swept may
come back by itself: an open page does so at once, a phone that slept when it wakes, and whatever is done in a seat
brings it back (``COMING_BACK``). What is left out was nobody. Those who come back may be more than fit into a class.
A class that is full sweeps by itself, one seat for one newcomer (``empty_seats.make_room``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.orm import Session

from lms.learning.classroom.access.membership import require_facilitator
from lms.learning.classroom.session.idle_seats import are_empty, are_untouched
from lms.learning.classroom.session.queries import Class, Seat, find_seat_of, read_class
from lms.learning.classroom.session.seat_store import COMING_BACK, change
from lms.learning.errors import ClassClosed, NotSeated, PutOut
from lms.learning.store.models import ClassSeat
from lms.learning.store.models.classes import stamp

JUST_CAME = timedelta(minutes=2)  # whoever is finding her glasses has done nothing yet either


def empty_seats(session: Session, klass: Class, *, now: datetime) -> int:
    """How many seats ``sweep`` would take out now."""
    statement = select(func.count()).select_from(ClassSeat).where(*_to_sweep(klass, now))
    return session.connection().execute(statement).scalar_one()


def named_seats(session: Session, klass: Class) -> int:
    """How many seats more ``sweep`` with ``named`` would take out: with a name, and nothing done. 0 while the door is
    open, since then they are those who have just come."""
    if not klass.state.shut:
        return 0
    which = (*are_untouched(klass.id), ClassSeat.name.is_not(None), ClassSeat.out.is_(False))
    return session.connection().execute(select(func.count()).select_from(ClassSeat).where(*which)).scalar_one()


def sweep(session: Session, class_id: str, *, account_id: str, now: datetime, named: bool = False) -> int:
    """Take out every phone's seat that has no name and never answered, practised, or asked for help; how many.
    ``named``: behind a shut door those with a name, too; whoever is there comes back all the same.

    Their numbers are not given again. Seats of people without a phone stay, and so does who came two minutes ago; not
    behind a shut door: whoever shut it has seen strangers come, and an open page takes its seat again by itself.

    Raises:
        NotFound, NotAllowed, ClassClosed.
    """
    connection = session.connection()
    klass = _require_open(connection, class_id, account_id)
    return _write(connection, _to_sweep(klass, now, named=named), now, out=True, swept_at=now)


def unsweep(session: Session, class_id: str, *, account_id: str, now: datetime) -> int:
    """Let all in again that were swept; how many.

    Raises:
        NotFound, NotAllowed, ClassClosed.
    """
    connection = session.connection()
    _require_open(connection, class_id, account_id)
    swept = (ClassSeat.class_id == class_id, ClassSeat.swept_at.is_not(None))
    return _write(connection, swept, now, out=False, swept_at=None)


def come_back(session: Session, class_id: str, learner_id: str | None, *, now: datetime) -> Seat:
    """Her seat again, which was taken for an empty one; behind a shut door, too. Who is in stays in.

    Raises:
        ClassClosed: the class is over.
        NotSeated: she never had a seat.
        PutOut: the facilitator put her out.
    """
    connection = session.connection()
    if read_class(connection, class_id).closed:
        raise ClassClosed(class_id)
    seat = find_seat_of(session, class_id, learner_id)
    if seat is None:
        raise NotSeated(class_id)
    if not seat.out:
        return seat
    if not seat.is_put_out:
        seat = change(connection, seat, now, **COMING_BACK)
    if seat.out:  # put out before, or meanwhile
        raise PutOut(class_id)
    return seat


def _to_sweep(klass: Class, now: datetime, *, named: bool = False) -> tuple[ColumnElement[bool], ...]:
    which = are_untouched if named and klass.state.shut else are_empty
    empty = (*which(klass.id), ClassSeat.out.is_(False))
    return empty if klass.state.shut else (*empty, ClassSeat.joined_at < now - JUST_CAME)


def _write(connection: Connection, which: tuple[ColumnElement[bool], ...], now: datetime, **values: Any) -> int:
    """The rows are held first, in one order for everybody. Who has done something before that is not swept, and who
    does something after it comes back with it."""
    held = select(ClassSeat.number).where(*which).order_by(ClassSeat.number).with_for_update()
    numbers = list(connection.scalars(held))
    if numbers:
        connection.execute(
            update(ClassSeat.__table__)
            .where(*which, ClassSeat.number.in_(numbers))
            .values(version=ClassSeat.version + 1, changed_at=stamp(now), **values)
        )
    return len(numbers)


def _require_open(connection: Connection, class_id: str, account_id: str) -> Class:
    require_facilitator(connection, class_id, account_id)
    klass = read_class(connection, class_id)
    if klass.closed:
        raise ClassClosed(class_id)
    return klass
