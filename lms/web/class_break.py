"""The break of a class, in words."""

from __future__ import annotations

from datetime import UTC, datetime

from lms import vietnam_time
from lms.learning.classroom.session.queries import ClassSession
from lms.web import clock


def break_end_time(class_session: ClassSession) -> str:
    """The time of day at which a class on a break goes on, "19:40"; "" while it has none."""
    until = class_session.state.break_until
    if until is None or class_session.is_closed or not class_session.state.is_on_break(clock.now()):
        return ""
    return vietnam_time.hour_and_minute(datetime.fromtimestamp(until, UTC))
