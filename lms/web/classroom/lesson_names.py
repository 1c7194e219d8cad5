"""What a class was about, in one line: the lessons of its evening."""

from __future__ import annotations

from lms.learning.classroom.session.class_lessons import ClassLesson, find_class_lessons
from lms.learning.classroom.session.queries import ClassSession
from lms.web.database import session
from lms.web.lesson_language import lesson_in_page_language
from lms.web.request_context import library


def lesson_names(class_session: ClassSession) -> str:
    """The names of the class's lessons, in the order of beginning; a lesson that the site has lost by its slug."""
    return ", ".join(map(_name, find_class_lessons(session(), class_session)))


def _name(taught: ClassLesson) -> str:
    edition = library().edition_or_merged_into(taught)
    return lesson_in_page_language(edition[1]).name if edition else taught.lesson
