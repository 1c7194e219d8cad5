"""What a facilitator may send to the class's chat group after it: in Vietnamese, whatever the page's language."""

from __future__ import annotations

from lms.content.model import Lesson
from lms.learning.classroom.session.queries import ClassSession
from lms.web.request_context import settings
from lms.web.template_context import url_scope


def group_message(class_session: ClassSession, lesson: Lesson) -> str:
    """The text; "" while there is nothing to say."""
    if not (class_session.next_meeting or class_session.homework):
        return ""
    lines = [f"Các bác vừa học xong bài “{lesson.name}”."]
    if class_session.next_meeting:
        lines.append(_with_full_stop(f"Buổi sau: {class_session.next_meeting}"))
    if class_session.homework:
        lines.append(_with_full_stop(f"Việc ở nhà: {class_session.homework}"))
    home = settings().city_url or (settings().public_url if url_scope(settings().public_url) == "everywhere" else "")
    if home:
        lines.append(f"Học lại lúc nào cũng được: {home}/{lesson.course}/{lesson.slug}")
    return "\n".join(lines)


def _with_full_stop(line: str) -> str:
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."
