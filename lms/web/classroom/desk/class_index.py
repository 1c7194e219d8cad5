"""/dung-lop: the classes that are open, and the lessons to open one with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, render_template, request

from lms.content.model import Library
from lms.learning import wards
from lms.learning.accounts import account_store, permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, Subject
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.session.queries import Class, find_seats
from lms.learning.classroom.session.state import MODES
from lms.learning.errors import TooLarge
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.audit import note
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import said
from lms.web.database import session
from lms.web.page_cache import private
from lms.web.request_context import library

MODE_WORDS = {
    "lam-theo": "Làm theo: máy chỉ từng chỗ cần chạm",
    "tu-lam": "Tự làm: có gợi ý khi cần, được dấu làm được",
    "kiem-tra": "Kiểm tra: không có gợi ý",
}
USUAL_MODE = "lam-theo"
NO_LESSON = "Chạm vào tên một bài, rồi chạm “Mở lớp”."
LONG_PLACE = "Tên nơi học dài quá 80 chữ. Viết ngắn lại nhé."
STRANGE = "Máy chưa nhận ra điều vừa chọn. Chọn lại rồi chạm “Mở lớp”."
MAY_NOT = "Tài khoản này chưa được mở lớp. Muốn mở thì hỏi người tổ chức của phường."
MAY_HELP = "Lớp nào của phường đang mở thì hiện ở đây, kèm danh sách ai cần giúp."
LEFT = {"dong": "Lớp đã đóng."}


@dataclass(frozen=True, slots=True)
class OpenClass:
    id: str
    code: str
    lesson: str
    place: str
    machines: int
    since: str  # "8:05"
    by: str  # who opened it, "" for oneself


@dataclass(frozen=True, slots=True)
class PickedLesson:
    slug: str
    number: int
    name: str
    picked: bool


@dataclass(frozen=True, slots=True)
class PickedCourse:
    slug: str
    name: str
    lessons: tuple[PickedLesson, ...]
    unfolded: bool  # all while nothing is picked; then the one with the picked lesson


@bp.get("/dung-lop")
def choose() -> Response:
    return private(_page(require_account()))


@bp.post("/dung-lop")
def open_one() -> Response:
    """Open a class. What is amiss is said on the same page, with what was filled in."""
    account = require_account()
    ward = request.form.get("phuong", "") if account.ward == CITY else account.ward
    permissions.require(account, "open_class", Subject(ward))
    course, _, slug = request.form.get("bai", "").partition("/")
    lesson = library().lesson(course, slug)
    mode = request.form.get("cach") or USUAL_MODE
    if lesson is None:
        return private(_page(account, problem=NO_LESSON), status=422)
    if mode not in MODES or (ward != CITY and not _is_ward(ward)):
        return private(_page(account, problem=STRANGE), status=422)
    now = clock.now()
    try:
        opened = opening.open_class(
            session(),
            account_id=account.id,
            ward=ward,
            lesson=lesson,
            place=request.form.get("noi", ""),
            mode=mode,
            now=now,
        )
    except TooLarge:
        return private(_page(account, problem=LONG_PLACE), status=422)
    if opened.opened_at == now:  # of two taps the second one finds the class of the first
        note(account, "class_opened", opened)
    return redirect(f"/dung-lop/{opened.id}", 303)


def _is_ward(code: str) -> bool:
    return any(one.code == code for one in wards.all_wards())


def _page(account: Account, *, problem: str = "") -> str:
    may_open = permissions.may(account, "open_class", Subject(account.ward))
    ward = None if account.ward == CITY else account.ward
    steers = permissions.may(account, "steer", Subject(account.ward))
    shelf = library()
    helps = permissions.may(account, "help", Subject(account.ward))
    found = opening.open_classes(session(), account_id=account.id, ward=ward) if helps else ()
    last = opening.last_classes(session(), account_id=account.id, most=1) if steers else ()
    picked = request.form.get("bai", "") or _following(shelf, last)
    name = next((one.name for course in shelf for one in course.lessons if f"{course.slug}/{one.slug}" == picked), "")
    return render_template(
        "classroom/desk_open.html",
        account=account,
        hello=f"Chào {account.name}",
        problem=problem,
        said=said(LEFT),
        open=[_open_class(one, account, shelf) for one in found],
        may_open=may_open,
        may_not=MAY_HELP if helps else MAY_NOT,
        steers=steers,
        courses=_courses(shelf, picked),
        picked=name,
        place=request.form.get("noi", last[0].place if last else ""),
        modes=tuple(MODE_WORDS.items()),
        mode=request.form.get("cach") or USUAL_MODE,
        unfold_more=problem in (LONG_PLACE, STRANGE),
        wards=wards.all_wards() if account.ward == CITY else (),
        picked_ward=request.form.get("phuong", last[0].ward if last else ""),
        manages=bool(account.roles & permissions.ACTIONS["manage_accounts"]),
    )


def _open_class(one: Class, account: Account, shelf: Library) -> OpenClass:
    lesson = shelf.lesson(one.course, one.lesson)
    opener = None if one.opened_by == account.id else account_store.find_account(session(), one.opened_by)
    return OpenClass(
        id=one.id,
        code=one.code,
        lesson=lesson.name if lesson else one.lesson,
        place=one.place,
        machines=sum(not seat.added and not seat.out for seat in find_seats(session(), one.id)),
        since=clock.vietnamese(one.opened_at).strftime("%H:%M").lstrip("0"),
        by=opener.name if opener else "",
    )


def _courses(shelf: Library, picked: str) -> tuple[PickedCourse, ...]:
    return tuple(
        PickedCourse(
            course.slug,
            course.name,
            tuple(
                PickedLesson(one.slug, one.number, one.name, f"{course.slug}/{one.slug}" == picked)
                for one in course.lessons
            ),
            not picked or picked.partition("/")[0] == course.slug,
        )
        for course in shelf
        if course.lessons
    )


def _following(shelf: Library, last: tuple[Class, ...]) -> str:
    """The lesson after the one that was taught last; after the last one of a course, that one again."""
    course = shelf.course(last[0].course) if last else None
    if course is None:
        return ""
    slugs = [one.slug for one in course.lessons]
    if last[0].lesson not in slugs:
        return ""
    place = min(slugs.index(last[0].lesson) + 1, len(slugs) - 1)
    return f"{course.slug}/{slugs[place]}"
