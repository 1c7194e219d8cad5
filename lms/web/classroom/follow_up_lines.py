"""How next meeting and homework are worded wherever a class ends: wall, phones, desk."""

from __future__ import annotations

from lms.learning.classroom.session.queries import ClassSession
from lms.web.language import translate


def follow_up_lines(class_session: ClassSession) -> tuple[tuple[str, str], ...]:
    """What was filled in, each with its label."""
    lines = ((translate("Buổi sau"), class_session.next_meeting), (translate("Việc ở nhà"), class_session.homework))
    return tuple(line for line in lines if line[1])
