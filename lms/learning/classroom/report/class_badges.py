"""The badges that a class can take home on paper."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from lms.learning.badges.awarding import BadgePage, find_valid_badges
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import find_seats

CLAIM_TIME = timedelta(hours=1)  # after the end, while people are still in the hall


def find_class_badges(session: Session, class_session: ClassSession) -> tuple[BadgePage, ...]:
    """The valid badges for the class's lesson that people claimed during the class, in the order of the seats.

    Nothing of what a learner earned elsewhere or claims at home is in it.
    """
    seats = find_seats(session, class_session.id)
    numbers = {seat.learner_id: seat.number for seat in seats if seat.learner_id and not seat.removed}
    badges = find_valid_badges(
        session,
        list(numbers),
        class_session.course,
        class_session.lesson,
        since=class_session.opened_at,
        until=class_session.closed_at + CLAIM_TIME if class_session.closed_at else None,
    )
    return tuple(sorted(badges, key=lambda badge: numbers[badge.learner_id]))
