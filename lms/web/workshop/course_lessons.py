"""/soan/<course>: the lessons of a course; begin one, copy or move one to another course, delete a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from lms.content.hideable_parts import HideablePart
from lms.content.model import Course, Lesson
from lms.learning.accounts import permissions
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.errors import CourseFileChanged, InvalidCourseFile, NotFound
from lms.learning.workshop.courses import wards_of_courses
from lms.learning.workshop.draft_deletion import delete_draft_lesson
from lms.learning.workshop.file_names import COURSE_FILE, lesson_folder
from lms.learning.workshop.lesson_reordering import move_lesson
from lms.learning.workshop.lessons import (
    MAX_TITLE_LENGTH,
    LessonEntry,
    copy_lesson,
    create_lesson,
    find_lessons,
)
from lms.learning.workshop.revision_review import FileState, find_file_states
from lms.learning.workshop.revisions import find_head
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import permission_required, require_account
from lms.web.database import rollback, session
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import catalog, settings
from lms.web.vietnamese_formats import read_number
from lms.web.workshop.blueprint import bp
from lms.web.workshop.display_names import find_course_and_lesson_names
from lms.web.workshop.file_visibility import (
    HIDDEN_STATE,
    UNSEEN_DRAFT,
    FileVisibility,
    find_file_visibility,
)
from lms.web.workshop.translation_rows import TranslationRow, translation_language, translation_rows
from lms.web.workshop.wording import (
    ERROR_STATE,
    STATE_NAMES,
    error_text,
    first_state,
    history_url,
    publishing_url,
    translate_message_key,
)

MESSAGES = {
    "chep": mark_for_translation("Đã chép. Bài chép là bản nháp, ở dưới đây."),
    "doi": mark_for_translation(
        "Đã dời sang đây thành bản nháp. Lúc đăng: ẩn bài cũ ở trang đăng của khóa cũ, rồi đăng bài này. "
        "Địa chỉ cũ sẽ dẫn tới đây, dấu đã có của người học vẫn giữ."
    ),
    "xoa": mark_for_translation("Đã xóa bài nháp ấy."),
    "xoa-tep": mark_for_translation("Đã xóa tệp nháp ấy."),
    "thu-tu": mark_for_translation(
        "Đã đổi thứ tự, thành bản mới của trang khóa. Người học thấy khi bản ấy được duyệt và đăng."
    ),
}
ORDER_CHANGED = mark_for_translation(
    "Chưa đổi thứ tự: có người vừa lưu bản khác của trang khóa. Dưới đây là thứ tự mới, bác xem rồi đổi lại nhé."
)


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson of the list. ``published``: as learners see it, None if they do not; ``states``: in words.

    Each state stands with where somebody does what it asks for, "" if it asks for nothing. ``moves``: "len" if the
    lesson can change places with the one before it, "xuong" with the one after it.
    """

    entry: LessonEntry
    name: str
    published: Lesson | None
    states: Sequence[tuple[str, str]]
    translations: Sequence[TranslationRow]
    moves: Sequence[str]


@bp.get("/<course_slug>")
@permission_required("see_workshop")
def show_lessons(course_slug: str) -> Response:
    return _page(course_slug, message=translate_message_key(MESSAGES, request.args.get("xong", "")))


@bp.post("/bai-moi/<course_slug>")
def begin_lesson(course_slug: str) -> AnyResponse:
    by, form = require_account(), request.form
    try:
        lesson = create_lesson(
            session(), course_slug, form.get("ten", ""), slug=form.get("thu-muc", ""), by=by,
            folder=settings().courses_dir, now=clock.now(),
        )  # fmt: skip
    except InvalidCourseFile as error:
        rollback()
        return _page(course_slug, error=error_text(error))
    return redirect(f"/soan/{course_slug}/{lesson}/hieu.md", 303)


@bp.post("/chep/<course_slug>/<lesson_folder>")
def copy_or_move_lesson(course_slug: str, lesson_folder: str) -> AnyResponse:
    """``khoa``: the course to copy to; ``viec``: "chep" copies, "doi" moves."""
    by, target = require_account(), request.form.get("khoa", "")
    is_move = request.form.get("viec") == "doi"
    try:
        copy_lesson(
            session(),
            course_slug,
            lesson_folder,
            target,
            replaces_original=is_move,
            by=by,
            folder=settings().courses_dir,
            now=clock.now(),
        )
    except InvalidCourseFile as error:
        rollback()
        return _page(course_slug, refusal=error_text(error))
    return redirect(f"/soan/{target}?xong={'doi' if is_move else 'chep'}", 303)


@bp.post("/xoa-nhap/<course_slug>/<lesson_folder>")
def submit_draft_deletion(course_slug: str, lesson_folder: str) -> AnyResponse:
    by = require_account()
    try:
        delete_draft_lesson(
            session(), course_slug, lesson_folder, by=by, folder=settings().courses_dir, now=clock.now()
        )  # fmt: skip
    except InvalidCourseFile as error:
        rollback()
        return _page(course_slug, refusal=error_text(error))
    return redirect(f"/soan/{course_slug}?xong=xoa", 303)


@bp.post("/thu-tu/<course_slug>/<lesson_folder>")
def change_lesson_order(course_slug: str, lesson_folder: str) -> AnyResponse:
    """``viec``: "len" moves the lesson up, "xuong" down; ``ban``: the revision of course.md that the page showed."""
    by, shown = require_account(), read_number(request.form.get("ban", "")) or 0
    try:
        number = move_lesson(
            session(), course_slug, lesson_folder, up=request.form.get("viec") == "len", latest=shown, by=by,
            folder=settings().courses_dir, now=clock.now(),
        )  # fmt: skip
    except InvalidCourseFile as error:
        rollback()
        return _page(course_slug, refusal=error_text(error))
    except CourseFileChanged:
        rollback()
        return _page(course_slug, refusal=translate(ORDER_CHANGED), status=409)
    done = "?xong=thu-tu" if number != shown else ""  # a first lesson stays first
    return redirect(f"/soan/{course_slug}{done}#{lesson_folder.partition('-')[2]}", 303)


def _page(course: str, *, message: str = "", error: str = "", refusal: str = "", status: int = 422) -> Response:
    """The page, for whoever may see the workshop; what this account may not do with the course is left out.

    ``error``: why no lesson begins, beside its form; ``refusal``: why something else was not done. With one of both
    the page has ``status``.

    Raises:
        NotFound: there is no such course.
    """
    by, wards = require_account(), wards_of_courses(session())
    published = catalog().library.course_or_draft(course)
    if published is None and course not in wards and course not in catalog().folder_names:
        raise NotFound(course)
    own = [
        each
        for each in sorted({*wards, *catalog().folder_names})
        if permissions.is_permitted(by, "author", PermissionTarget(wards.get(each, CITY)))
    ]
    names = find_course_and_lesson_names((each, "") for each in {course, *own})
    ward = wards.get(course, CITY)
    page = render_template(
        "workshop/course_lessons.html",
        account=by,
        course=course,
        title=names[course, ""],
        rows=_lesson_rows(course, published),
        may_write=course in own,
        may_publish=course in own or permissions.is_permitted(by, "publish_courses", PermissionTarget(ward)),
        may_begin=permissions.is_permitted(by, "author", PermissionTarget(by.ward)),
        is_of_city=ward == CITY,
        targets={each: names[each, ""] for each in own},
        max_title=MAX_TITLE_LENGTH,
        message=message,
        page_number=_page_number(course),
        page_url=history_url(course, COURSE_FILE) if request.args.get("xong") == "thu-tu" else "",
        error=error,
        refusal=refusal,
        typed=request.form if error else {},
    )
    return no_store_page(page, status=status if error or refusal else 200)


def _page_number(course: str) -> int:
    """The number of the latest revision of course.md; 0: only the folder has it."""
    head = find_head(session(), course, COURSE_FILE)
    return head.latest if head else 0


def _lesson_rows(course: str, published: Course | None) -> list[LessonRow]:
    lessons = {lesson.folder_name: lesson for lesson in (published.lessons if published else ())}
    found: dict[str, list[FileState]] = {}
    for file in find_file_states(session(), course):
        if not file.follows_a_text:
            found.setdefault(lesson_folder(file.path), []).append(file)
    # Learners may still read a lesson whose folder is gone: they see the last good version.
    entries = find_lessons(session(), course, folder=settings().courses_dir, visible=lessons)
    movable = [each for each in entries if not each.is_gone]
    can_move = {"len": movable[1:], "xuong": movable[:-1]}
    names = find_course_and_lesson_names((course, entry.folder) for entry in entries)
    shown = find_file_visibility(course)
    rows: list[LessonRow] = []
    for entry in entries:
        lesson, files = lessons.get(entry.folder), found.get(entry.folder, [])
        originals = [file for file in files if not translation_language(file.path)]
        moves = [way for way, those in can_move.items() if entry in those]
        states = _states(course, entry, originals, shown, is_published=lesson is not None)
        translations = translation_rows(course, entry.folder, lesson, files, shown)
        rows.append(LessonRow(entry, names[course, entry.folder], lesson, states, translations, moves))
    return rows


def _states(
    course: str, entry: LessonEntry, files: list[FileState], shown: FileVisibility, *, is_published: bool
) -> list[tuple[str, str]]:
    """What the lesson is for learners and how far its texts are, in words, and where to do what that asks for."""
    if catalog().errors(course, entry.slug):
        return [(translate(ERROR_STATE), "")]
    first, states = first_state(files), list[tuple[str, str]]()
    if HideablePart(entry.slug) in shown.hidden:
        states.append((translate(HIDDEN_STATE), publishing_url(course)))
    elif is_published:
        states.append((translate(STATE_NAMES["published"]), ""))
    if first and first.state != "published":
        url = publishing_url(course) if first.state == "approved" else history_url(course, first.path)
        states.append((translate(STATE_NAMES[first.state]), url))
    elif not states and first and entry.folder in shown.drafts:
        states.append((translate(UNSEEN_DRAFT), history_url(course, first.path)))
    return states or [(translate(STATE_NAMES[first.state if first else "draft"]), "")]
