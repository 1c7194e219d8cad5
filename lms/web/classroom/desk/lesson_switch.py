"""Routes of /dung-lop/<class>/bai-khac: go on with another lesson in the same class, or return to one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Lesson
from lms.http.forms import parse_lesson_number
from lms.learning.classroom.lifecycle.lesson_switch import MAX_LESSONS, change_lesson
from lms.learning.classroom.session.class_lessons import find_left_lessons
from lms.learning.errors import ClassClosed, InvalidCommand
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import ClassroomError, FacilitatorContext, class_closed_error, require_open_class
from lms.web.classroom.class_header import class_header, count_phones
from lms.web.classroom.desk.class_index import CourseChoice, course_choices, lesson_to_preselect
from lms.web.database import session
from lms.web.language import translate
from lms.web.lesson_language import lesson_in_page_language
from lms.web.page_cache import no_store_page
from lms.web.request_context import library

LESSON_UNKNOWN = mark_for_translation("Chạm vào tên một bài, rồi chạm “Học tiếp”.")
TOO_MANY = mark_for_translation("Lớp này đã học {count} bài. Muốn học nữa thì đóng lớp rồi mở lớp mới.")


@dataclass(frozen=True, slots=True)
class TaughtLesson:
    """A lesson that the class has left, and may return to."""

    value: str  # "course/lesson"
    name: str


@bp.get("/dung-lop/<class_id>/bai-khac")
def show_lesson_choice(class_id: str) -> Response:
    return no_store_page(_render(require_open_class(class_id)))


@bp.post("/dung-lop/<class_id>/bai-khac")
def go_on_with_lesson(class_id: str) -> ResponseReturnValue:
    """Go on with the chosen lesson. A second tap leads to the desk as the first did."""
    context = require_open_class(class_id)
    course_slug, _, lesson_slug = request.form.get("bai", "").partition("/")
    published = library().lesson_or_merged_into(course_slug, lesson_slug)
    lesson = published or _left_lesson(context, course_slug, lesson_slug)
    if lesson is None:
        return no_store_page(_render(context, problem=LESSON_UNKNOWN), status=422)
    try:
        result = change_lesson(
            session(),
            class_id,
            account_id=context.account.id,
            from_number=parse_lesson_number(request.form.get("lesson", "")),
            lesson=lesson,
            library=library(),
            now=clock.now(),
        )
    except ClassClosed as error:
        raise class_closed_error(context.base_url) from error
    except InvalidCommand as error:
        too_many = translate(TOO_MANY).format(count=MAX_LESSONS)
        raise ClassroomError(
            422, translate("Lớp chưa sang bài được"), too_many, context.base_url, translate("Về điều khiển")
        ) from error
    return redirect(f"{context.base_url}?da=bai-khac" if result.changed else context.base_url, 303)


def _render(context: FacilitatorContext, *, problem: str = "") -> str:
    class_session = context.class_session
    present = f"{context.course.slug}/{context.lesson.slug}"
    selected = request.form.get("bai") or lesson_to_preselect(library(), class_session)
    selected = "" if selected == present else selected
    courses = course_choices(library(), selected or f"{context.course.slug}/")
    return render_template(
        "classroom/desk/next_lesson.html",
        account=context.account,
        class_header=class_header(class_session, count_phones(class_session.id)),
        base_url=context.base_url,
        lesson=lesson_in_page_language(context.lesson).name,
        present=present,
        courses=courses,
        selected=_name(courses, selected),
        taught=_taught_lessons(context),
        problem=translate(problem),
    )


def _name(courses: tuple[CourseChoice, ...], selected: str) -> str:
    return next(
        (lesson.name for course in courses for lesson in course.lessons if f"{course.slug}/{lesson.slug}" == selected),
        "",
    )


def _taught_lessons(context: FacilitatorContext) -> tuple[TaughtLesson, ...]:
    """The lessons that the class has left and that are still on the site, by number."""
    lessons = map(lesson_in_page_language, _left_lessons(context))
    return tuple(TaughtLesson(f"{lesson.course}/{lesson.slug}", lesson.name) for lesson in lessons)


def _left_lesson(context: FacilitatorContext, course: str, slug: str) -> Lesson | None:
    """A lesson that the class has left, as it was then, where the site has it no longer."""
    lessons = _left_lessons(context)
    return next((lesson for lesson in lessons if (lesson.course, lesson.slug) == (course, slug)), None)


def _left_lessons(context: FacilitatorContext) -> list[Lesson]:
    left = find_left_lessons(session(), context.class_session)
    editions = [library().edition_or_merged_into(taught) for taught in left]
    return [edition[1] for edition in editions if edition is not None]
