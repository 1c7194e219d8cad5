"""The page of /soan/dang: what waits to be published, what is hidden or can be, and the publications of a course.

Publishing and hiding answer with it, too, when they are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

from flask import render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from lms.content import draft_flag
from lms.content.hideable_parts import HideablePart, lesson_slug
from lms.content.model import Course
from lms.content.problems import Problem
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.classroom.session.queries import count_open_classes_by_lesson
from lms.learning.errors import CourseFilesFaulty, NotFound
from lms.learning.workshop.courses import ward_of_course, wards_of_courses
from lms.learning.workshop.draft_lessons import find_draft_lessons
from lms.learning.workshop.file_names import check_course_name, lesson_folder
from lms.learning.workshop.publications import PublicationEntry, find_publications
from lms.learning.workshop.published_revisions import find_hidden_parts
from lms.learning.workshop.revision_review import FileState, find_file_states, find_unpublished_course_page
from lms.learning.workshop.revision_saving import MAX_WHY_LENGTH
from lms.message_catalog import mark_for_translation
from lms.web.accounts.signed_in import current_account
from lms.web.database import rollback, session, use_read_only_session
from lms.web.language import mark_vietnamese, translate, translate_markup
from lms.web.page_cache import no_store_page
from lms.web.request_context import catalog, settings
from lms.web.workshop.display_names import find_course_and_lesson_names, find_file_titles
from lms.web.workshop.wording import STATE_NAMES, language_name, reason_text, translate_values

# By the key of what was done.
MESSAGES = {
    "dang": mark_for_translation("Đã đăng. Trong hai giây người học thấy bản mới."),
    "dang-nhap": mark_for_translation(
        "Đã đăng, mà khóa hay các bài còn là bản nháp nên người học chưa thấy. Bác xóa dòng “{line}” ở đầu trang khóa "
        "hay ở bài nào muốn đưa ra."
    ),
    "dang-het-an": mark_for_translation(
        "Đã đăng, mà người học chưa thấy: khóa chỉ còn bài đang ẩn và bài nháp. Bác hiện lại một bài ở dưới thì khóa "
        "hiện lại."
    ),
    "dang-an": mark_for_translation("Đã đăng. Cái gì đang ẩn thì người học chưa thấy, tới khi bác hiện lại ở dưới."),
    "dang-bai-nhap": mark_for_translation("Đã đăng. Bài nào còn là bản nháp thì người học chưa thấy, ghi ở dưới đây."),
    "duyet-bai": mark_for_translation("Đã duyệt cả bài, mọi phần bác vừa xem."),
    "an": mark_for_translation("Đã ẩn bài. Chữ của bài vẫn còn ở đây."),
    "hien": mark_for_translation("Đã hiện lại bài."),
    "an-dich": mark_for_translation("Đã ẩn bản dịch. Người học đọc bản tiếng Việt. Chữ của bản dịch vẫn còn ở đây."),
    "hien-dich": mark_for_translation("Đã hiện lại bản dịch."),
}
NOT_PUBLISHED = mark_for_translation("Chưa đăng: khóa học còn lỗi. Sửa rồi đăng lại.")
ONLY_LESSON = mark_for_translation(
    "Đây là bài duy nhất của khóa, nên chưa ẩn riêng được. Muốn ẩn cả khóa thì thêm dòng “{line}” vào đầu trang khóa "
    "(course.md), rồi gửi duyệt và đăng. Muốn khóa hiện lại thì xóa dòng ấy."
)
COURSE_PAGE_NOT_APPROVED = mark_for_translation(
    "Trang khóa (course.md) chưa được duyệt, nên chưa đăng bài nào của khóa được."
)
MAX_PROBLEMS = 20


def render_publishing_page(
    course: str,
    chosen: Collection[str] = (),
    *,
    done: str = "",
    error: str = "",
    faulty: CourseFilesFaulty | None = None,
    refused: str = NOT_PUBLISHED,
    status: int = 422,
) -> Response:
    """The page. ``done``: the key of what was done.

    ``error``: why nothing was done; ``faulty``: the errors of the checker under ``refused``. With one of both the page
    has ``status``, and keeps what was typed.

    Nothing is to be stored: a refused POST gives its locks back before the checker reads a course for long.
    """
    check_course_name(course)
    rollback()
    use_read_only_session()
    account, target = current_account(), PermissionTarget(ward_of_course(session(), course))
    may_publish = permissions.is_permitted(account, "publish_courses", target)
    states = find_file_states(session(), course)
    problems = faulty.problems[:MAX_PROBLEMS] if faulty else ()
    published = catalog().library.course_or_draft(course)
    if published is None and course not in {*wards_of_courses(session()), *catalog().folder_names}:
        raise NotFound(course)
    all_hidden = find_hidden_parts(session()).get(course, [])
    # A translation of a hidden lesson is offered when the lesson is shown again.
    hidden = [part for part in all_hidden if not part.language or HideablePart(part.lesson) not in all_hidden]
    in_folder = {path.parent.name for path in (settings().courses_dir / course).glob("*/hieu.md")}
    folders = {lesson_folder(state.path) for state in states} | in_folder
    folders |= {lesson.folder_name for lesson in (published.lessons if published else ())}
    names = {
        folder: name
        for (_, folder), name in find_course_and_lesson_names((course, each) for each in {"", *folders}).items()
    }
    waiting = [state for state in states if state.state != "published" and not state.follows_a_text]
    course_page = find_unpublished_course_page(session(), course, folder=settings().courses_dir)
    has_approved = any(state.state == "approved" for state in waiting)
    publications = find_publications(session(), course)
    shown = [part for part in _shown_parts(published) if part not in hidden]
    lessons = [part for part in shown if not part.language]
    part_names = {part.lesson: part.lesson for part in hidden} | {lesson_slug(each): names[each] for each in names}
    page = render_template(
        "workshop/publishing.html",
        reason_text=reason_text,
        account=account,
        course=course,
        title=names[""],
        waiting=waiting,
        needed_first=course_page if course_page and course_page.state != "approved" and has_approved else None,
        page_not_approved=translate(COURSE_PAGE_NOT_APPROVED),
        file_titles=_file_titles(course, (state.path for state in waiting), publications),
        state_names=translate_values(STATE_NAMES),
        classes_under_way=_classes_under_way(course, waiting),
        chosen=chosen,
        form=request.form,
        max_why=MAX_WHY_LENGTH,
        names=names,
        part_names=part_names,
        shown=shown,
        hidden=hidden,
        languages={part.language: language_name(part.language) for part in (*shown, *hidden) if part.language},
        publications=publications,
        may_publish=may_publish,
        may_write=permissions.is_permitted(account, "author", target),
        message=_message(done),
        is_published=done == "dang",
        error=error,
        problems=problems,
        uneditable_courses=_find_uneditable_courses(problems),
        refused=translate(refused),
        draft_lessons=find_draft_lessons(
            session(), states, folders={each for each in folders if HideablePart(lesson_slug(each)) not in hidden}
        ),
        only_lesson_sentence=only_lesson_sentence(),
        is_last_shown=len(lessons) == 1,
        has_no_other=len(lessons) == 1 and is_only_lesson(course, lessons[0]),
    )
    return no_store_page(page, status=status if error or faulty else 200)


def _message(done: str) -> str:
    """The sentence of a key in the page's language; "" for a key that has none."""
    if done not in MESSAGES:
        return ""
    return translate_markup(MESSAGES[done]).format(line=mark_vietnamese(escape(draft_flag.LINE)))


def only_lesson_sentence() -> Markup:
    return translate_markup(ONLY_LESSON).format(line=mark_vietnamese(escape(draft_flag.LINE)))


def is_only_lesson(course: str, part: HideablePart) -> bool:
    """Whether the course, which the checker refuses without lessons, has no other lesson, not even a draft."""
    published = catalog().library.course_or_draft(course)
    if published is None or part.language:
        return False
    return [each.slug for each in (*published.lessons, *published.drafts)] == [part.lesson]


def _find_uneditable_courses(problems: Iterable[Problem]) -> dict[str, str]:
    """The names of those courses with errors that this account may not write: the checker reads all courses."""
    courses = {PurePosixPath(problem.path).parts[0] for problem in problems}
    account, wards = current_account(), wards_of_courses(session()) if courses else {}
    others = [
        each
        for each in sorted(courses)
        if not permissions.is_permitted(account, "author", PermissionTarget(wards.get(each, CITY)))
    ]
    names = find_course_and_lesson_names((each, "") for each in others)
    return {each: names[each, ""] for each in others}


def _file_titles(course: str, waiting: Iterable[str], publications: Iterable[PublicationEntry]) -> dict[str, Markup]:
    """What all files that the page names are called, by path."""
    paths = {*waiting, *(path for each in publications for path in each.paths)}
    return {path: title for (_, path), title in find_file_titles((course, path) for path in paths).items()}


def _shown_parts(course: Course | None) -> list[HideablePart]:
    """The lessons that learners read, and the translations of the course's page and of its lessons."""
    if course is None:
        return []
    parts = [HideablePart("", each.language) for each in course.translations]
    for lesson in course.lessons:
        parts += [
            HideablePart(lesson.slug),
            *(HideablePart(lesson.slug, each.language) for each in lesson.translations),
        ]
    return parts


def _classes_under_way(course: str, states: Iterable[FileState]) -> dict[str, int]:
    """How many classes go on with the text that what is approved would replace, by the folder of their lesson."""
    folders = {lesson_folder(state.path) for state in states if state.state == "approved"} - {""}
    counts = count_open_classes_by_lesson(session(), course) if folders else {}
    found = {folder: counts.get(folder.partition("-")[2], 0) for folder in sorted(folders)}
    return {folder: count for folder, count in found.items() if count}
