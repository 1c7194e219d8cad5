"""Routes of /dung-lop: list the open classes and open a new one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms import vietnam_time
from lms.content.model import Library, Mode
from lms.learning import wards
from lms.learning.accounts import account_store, password_change, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.follow_up import find_latest_handover_note
from lms.learning.classroom.lifecycle.rehearsals import delete_old_rehearsals
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import find_seats
from lms.learning.errors import TooLarge
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import message_from_query, record_audit
from lms.web.classroom.desk.planned_classes import classes_to_open
from lms.web.classroom.lesson_summary_lines import about_line, minutes_line, things_to_bring_line
from lms.web.database import session
from lms.web.language import translate
from lms.web.lesson_language import course_library_in_page_language
from lms.web.page_cache import no_store_page
from lms.web.request_context import library

MODE_LABELS = {
    Mode.FOLLOW: mark_for_translation("Làm theo: máy chỉ từng chỗ cần chạm"),
    Mode.ALONE: mark_for_translation("Tự làm: có gợi ý khi cần, được dấu làm được"),
    Mode.TEST: mark_for_translation("Kiểm tra: không có gợi ý"),
}
DEFAULT_MODE = Mode.FOLLOW
LESSON_REQUIRED = mark_for_translation("Chạm vào tên một bài, rồi chạm “Mở lớp”.")
PLACE_TOO_LONG = mark_for_translation("Tên nơi học dài quá 80 chữ. Viết ngắn lại nhé.")
INVALID_CHOICE = mark_for_translation("Máy chưa nhận ra điều vừa chọn. Chọn lại rồi chạm “Mở lớp”.")
CANNOT_OPEN = mark_for_translation("Tài khoản này chưa được mở lớp. Muốn mở thì hỏi người tổ chức của phường.")
AUTHOR_HINT = mark_for_translation("Tài khoản này để soạn bài. Muốn mở lớp thì hỏi người tổ chức của phường.")
HELPER_HINT = mark_for_translation("Lớp nào của phường đang mở thì hiện ở đây, kèm danh sách ai cần giúp.")
MESSAGES = {"dong": mark_for_translation("Lớp đã đóng.")}


@dataclass(frozen=True, slots=True)
class OpenClass:
    id: str
    code: str
    lesson: str
    place: str
    phones: int
    opened_at: str  # "8:05"
    opened_by: str  # name; "" for the account itself
    is_rehearsal: bool


@dataclass(frozen=True, slots=True)
class LessonChoice:
    slug: str
    number: int
    name: str
    selected: bool
    minutes: str
    about: str  # "" for a lesson without objectives
    bring: str  # "" for nothing
    is_translated: bool  # into the page's language


@dataclass(frozen=True, slots=True)
class CourseChoice:
    slug: str
    name: str
    lessons: tuple[LessonChoice, ...]
    is_open: bool  # the course of the selected lesson


@bp.get("/dung-lop")
def list_classes() -> Response:
    return no_store_page(_render(require_account()))


@bp.post("/dung-lop")
def open_class() -> ResponseReturnValue:
    """Open a class, with ``tap-dung-lop`` a rehearsal.

    Invalid input renders the form again with its values and a message.
    """
    account = require_account()
    ward = request.form.get("phuong", "") if account.ward == CITY else account.ward
    permissions.require_permission(account, "open_class", PermissionTarget(ward))
    course_slug, _, lesson_slug = request.form.get("bai", "").partition("/")
    lesson = library().lesson_or_merged_into(course_slug, lesson_slug)
    mode = _mode(request.form.get("cach"))
    if lesson is None:
        return no_store_page(_render(account, problem=LESSON_REQUIRED), status=422)
    if mode is None or (ward != CITY and wards.find_ward(ward) is None):
        return no_store_page(_render(account, problem=INVALID_CHOICE), status=422)
    now, is_rehearsal = clock.now(), "tap-dung-lop" in request.form
    delete_old_rehearsals(session(), now=now, account_id=account.id)
    try:
        class_session = opening.open_class_session(
            session(),
            account_id=account.id,
            ward=ward,
            lesson=lesson,
            place=request.form.get("noi", ""),
            mode=mode,
            is_rehearsal=is_rehearsal,
            now=now,
        )
    except TooLarge:
        return no_store_page(_render(account, problem=PLACE_TOO_LONG), status=422)
    if class_session.opened_at == now:  # a double tap gets the class that the first tap opened
        record_audit(account, "class_opened", class_session)
    return redirect(f"/dung-lop/{class_session.id}", 303)


def _render(account: Account, *, problem: str = "") -> str:
    may_open = permissions.is_permitted(account, "open_class", PermissionTarget(account.ward))
    ward = None if account.ward == CITY else account.ward
    steers = permissions.is_permitted(account, "steer_class", PermissionTarget(account.ward))
    sees_workshop = permissions.is_permitted(account, "see_workshop", PermissionTarget(account.ward))
    all_courses = library()
    helps = permissions.is_permitted(account, "help", PermissionTarget(account.ward))
    class_sessions = queries.find_steerable_class_sessions(session(), account_id=account.id, ward=ward) if helps else ()
    recent = queries.find_recent_class_sessions(session(), account_id=account.id, most=1) if steers else ()
    selected = request.values.get("bai", "") or (lesson_to_preselect(all_courses, recent[0]) if recent else "")
    courses = course_choices(all_courses, selected)
    planned = classes_to_open(account)
    selected_lesson = next((lesson for course in courses for lesson in course.lessons if lesson.selected), None)
    return render_template(
        "classroom/desk/index.html",
        account=account,
        offers_password=password_change.should_offer_password(account),
        hello=translate("Chào {name}").format(name=account.name),
        problem=translate(problem),
        message=message_from_query(MESSAGES),
        open_classes=[_open_class(class_session, account, all_courses) for class_session in class_sessions],
        may_open=may_open,
        classes_to_open=planned,
        due_class=next((each for each in planned if each.is_due), None),
        handover_note=find_latest_handover_note(session(), ward=account.ward) if steers else None,
        cannot_open=translate(HELPER_HINT if helps else AUTHOR_HINT if sees_workshop else CANNOT_OPEN),
        sees_workshop=sees_workshop,
        steers=steers,
        courses=courses,
        selected=selected_lesson.name if selected_lesson else "",
        chosen=selected_lesson if "bai" in request.args else None,
        chosen_key=selected,
        place=request.form.get("noi", recent[0].venue if recent else ""),
        modes=tuple((mode, translate(label)) for mode, label in MODE_LABELS.items()),
        mode=request.form.get("cach") or DEFAULT_MODE,
        more_open=problem in (PLACE_TOO_LONG, INVALID_CHOICE),
        wards=wards.all_wards() if account.ward == CITY else (),
        selected_ward=request.form.get("phuong", recent[0].ward if recent else ""),
        can_plan_classes=permissions.is_permitted(account, "plan_class", PermissionTarget(account.ward)),
        can_manage_accounts=bool(account.roles & permissions.ROLES_ALLOWED["manage_accounts"]),
    )


def _mode(value: str | None) -> Mode | None:
    """Parse the form's mode: the default if it is empty, None if it is unknown."""
    try:
        return Mode(value) if value else DEFAULT_MODE
    except ValueError:
        return None


def _open_class(class_session: ClassSession, account: Account, all_courses: Library) -> OpenClass:
    edition = all_courses.edition_or_merged_into(class_session)
    opened_by = (
        None
        if class_session.opened_by == account.id
        else account_store.find_account(session(), class_session.opened_by)
    )
    return OpenClass(
        id=class_session.id,
        code=class_session.code,
        lesson=edition[1].name if edition else class_session.lesson,
        place=class_session.venue,
        phones=sum(not seat.added and not seat.removed for seat in find_seats(session(), class_session.id)),
        opened_at=vietnam_time.hour_and_minute(class_session.opened_at),
        opened_by=opened_by.name if opened_by else "",
        is_rehearsal=class_session.is_rehearsal,
    )


def course_choices(all_courses: Library, selected: str) -> tuple[CourseChoice, ...]:
    """All courses that have lessons, in the page's language where they are translated.

    That of the selected lesson is the first.
    """
    courses = [course for course in course_library_in_page_language(all_courses) if course.lessons]
    open_slug = selected.partition("/")[0]
    courses.sort(key=lambda course: course.slug != open_slug)
    return tuple(
        CourseChoice(
            course.slug,
            course.name,
            tuple(
                LessonChoice(
                    slug=lesson.slug,
                    number=lesson.number,
                    name=lesson.name,
                    selected=f"{course.slug}/{lesson.slug}" == selected,
                    minutes=minutes_line(lesson),
                    about=about_line(lesson),
                    bring=things_to_bring_line(lesson),
                    is_translated=bool(lesson.understand.language),
                )
                for lesson in course.lessons
            ),
            course.slug == open_slug,
        )
        for course in courses
    )


def lesson_to_preselect(all_courses: Library, class_session: ClassSession) -> str:
    """The lesson to preselect, as "course/lesson": the one after the class's; "" if that is not in its course."""
    course = all_courses.course(class_session.course)
    if course is None:
        return ""
    slugs = [lesson.slug for lesson in course.lessons]
    if class_session.lesson not in slugs:
        return ""
    index = min(slugs.index(class_session.lesson) + 1, len(slugs) - 1)
    return f"{course.slug}/{slugs[index]}"
