"""Sổ kiểm lại: what to look at on a real phone, what was seen, and what an author has to mend for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from flask import Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Course
from lms.content.real_phone_checklist import MAX_PLACES, ChecklistItem, LabelPlace, find_label_places, quoted_labels
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget, is_permitted, require_permission
from lms.learning.errors import InvalidLabelCheck
from lms.learning.real_phone_checks.label_checks import (
    MAX_NOW_TEXT,
    MAX_PHONE,
    MAX_VERSION,
    OLDEST,
    LabelCheck,
    LabelCheckAnswer,
    LabelVerdict,
    count_mending_tasks,
    find_latest_checks,
    finish_mending_task,
    items_due_for_check,
    save_label_checks,
)
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.database import session
from lms.web.label_check_dates import course_checked_on, forget_cached_dates
from lms.web.language import translate
from lms.web.page_cache import no_store_page
from lms.web.request_context import course_or_404, library
from lms.web.vietnamese_formats import read_day
from lms.web.workshop.blueprint import bp
from lms.web.workshop.wording import translate_values

PATH = "/soan/kiem-lai"
VERDICT_LABELS = {
    LabelVerdict.RIGHT: mark_for_translation("Đúng"),
    LabelVerdict.CHANGED: mark_for_translation("Nay ghi là"),
    LabelVerdict.MISSING: mark_for_translation("Không thấy"),
}
LIMITS = {"phone": MAX_PHONE, "version": MAX_VERSION, "now": MAX_NOW_TEXT}
FIELDS = {"phone": "may", "app_version": "ban", "looked_on": "ngay", "items": "dong"}
SENTENCES = {
    ("phone", "missing"): mark_for_translation("Bác ghi tên máy, như “Samsung A15”."),
    ("phone", "too_long"): mark_for_translation("Tên máy dài quá {phone} chữ, bác ghi gọn lại."),
    ("phone", "number"): mark_for_translation("Đây chỉ ghi tên máy, không ghi số điện thoại hay số máy."),
    ("app_version", "missing"): mark_for_translation("Bác ghi phiên bản của ứng dụng. Không biết thì ghi “chưa rõ”."),
    ("app_version", "too_long"): mark_for_translation("Phiên bản dài quá {version} chữ, bác ghi gọn lại."),
    ("looked_on", "missing"): mark_for_translation("Bác chọn ngày đã dò."),
    ("looked_on", "future"): mark_for_translation("Ngày này chưa tới, bác xem lại."),
    ("looked_on", "past"): mark_for_translation("Ngày này đã quá {days} ngày, bác dò lại rồi ghi."),
    ("items", "missing"): mark_for_translation("Chưa dòng nào được chọn. Bác chọn một dòng rồi lưu."),
}
ITEM_SENTENCES = {
    "missing": mark_for_translation("Bác ghi chữ đang thấy trên máy."),
    "too_long": mark_for_translation("Chữ dài quá {now}, bác ghi gọn lại."),
}


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """A course in the list of checklists."""

    course: Course
    checked: date
    due: int  # lines to look at now
    total: int
    tasks: int


@dataclass(frozen=True, slots=True)
class MendingTask:
    """What an author has to mend, with the places where the label stands."""

    check: LabelCheck
    places: tuple[LabelPlace, ...]
    more_places: int


@bp.get("/kiem-lai")
def show_checklists() -> Response:
    account = _require("check_labels")
    return no_store_page(render_template("workshop/real_phone_checklists.html", account=account, rows=checklist_rows()))


@bp.get("/kiem-lai/<course_slug>")
def show_checklist(course_slug: str) -> Response:
    account = _require("check_labels")
    return _page(account, course_or_404(course_slug), request.args)


@bp.post("/kiem-lai/<course_slug>")
def submit_checks(course_slug: str) -> ResponseReturnValue:
    account = _require("check_labels")
    course, form = course_or_404(course_slug), request.form
    try:
        save_label_checks(
            session(),
            course.slug,
            _read_answers(course, form),
            app_version=form.get("ban", ""),
            phone=form.get("may", ""),
            looked_on=read_day(form.get("ngay", "")),
            by=account,
            now=clock.now(),
        )
    except InvalidLabelCheck as error:
        return _page(account, course, form, errors=_errors(error.problems), status=422)
    forget_cached_dates()
    return redirect(f"{PATH}/{course.slug}?xong=luu", 303)


@bp.post("/kiem-lai/<course_slug>/viec")
def submit_mended_task(course_slug: str) -> ResponseReturnValue:
    account = _require("author")
    course = course_or_404(course_slug)
    finish_mending_task(session(), course.slug, request.form.get("dong", ""), by=account, now=clock.now())
    return redirect(f"{PATH}/{course.slug}?xong=sua#viec", 303)


def _require(action: str) -> Account:
    account = require_account()
    require_permission(account, action, PermissionTarget(account.ward))
    return account


def checklist_rows() -> tuple[ChecklistRow, ...]:
    """The courses that have a list, those with the most lines to look at first."""
    tasks = count_mending_tasks(session())
    rows = [
        ChecklistRow(
            course, course_checked_on(course), len(_due(course)), len(course.recheck_items), tasks.get(course.slug, 0)
        )
        for course in library().courses
        if course.recheck_items
    ]
    return tuple(sorted(rows, key=lambda row: -row.due))


def overdue_rows() -> tuple[ChecklistRow, ...]:
    """The courses of which something is to be looked at, or to be mended."""
    return tuple(row for row in checklist_rows() if row.due or row.tasks)


def _due(course: Course, checks: Mapping[str, LabelCheck] | None = None) -> list[ChecklistItem]:
    checks = find_latest_checks(session(), course.slug) if checks is None else checks
    due_before = clock.today() - timedelta(days=course.recheck_after)
    return items_due_for_check(course.recheck_items, checks, checked=course.checked, due_before=due_before)


def _read_answers(course: Course, form: Mapping[str, str]) -> dict[ChecklistItem, LabelCheckAnswer]:
    verdicts = {item: form.get(f"xem-{item.key}", "") for item in course.recheck_items}
    if not set(verdicts.values()) <= {"", *LabelVerdict}:
        abort(400)
    return {
        item: LabelCheckAnswer(LabelVerdict(verdict), form.get(f"nay-{item.key}", ""))
        for item, verdict in verdicts.items()
        if verdict
    }


def _errors(problems: Mapping[str, str]) -> dict[str, str]:
    """By the name of a field, its sentence."""
    return {
        FIELDS.get(place, f"nay-{place}"): translate(SENTENCES.get((place, problem)) or ITEM_SENTENCES[problem]).format(
            **LIMITS, days=OLDEST.days
        )
        for place, problem in problems.items()
    }


def _tasks(course: Course, checks: Mapping[str, LabelCheck]) -> tuple[MendingTask, ...]:
    tasks = []
    for check in checks.values():
        if check.is_task:
            places = find_label_places(Path(course.folder), quoted_labels(check.item_text))
            tasks.append(MendingTask(check, places[:MAX_PLACES], max(0, len(places) - MAX_PLACES)))
    return tuple(tasks)


def _page(
    account: Account,
    course: Course,
    form: Mapping[str, str],
    *,
    errors: Mapping[str, str] = MappingProxyType({}),
    status: int = 200,
) -> Response:
    checks = find_latest_checks(session(), course.slug)
    due = _due(course, checks)
    own = max(
        (each for each in checks.values() if each.account_name == account.name),
        key=lambda each: each.saved_at,
        default=None,
    )
    html = render_template(
        "workshop/real_phone_checklist.html",
        account=account,
        course=course,
        checks=checks,
        due=due,
        others=[item for item in course.recheck_items if item not in due],
        tasks=_tasks(course, checks),
        verdicts=translate_values(VERDICT_LABELS),
        may_author=is_permitted(account, "author", PermissionTarget(account.ward)),
        form=form,
        phone=form.get("may", own.phone if own else ""),
        app_version=form.get("ban", own.app_version if own else ""),
        looked_on=form.get("ngay", clock.today().isoformat()),
        limits=LIMITS,
        errors=errors,
        first_error=next(iter(errors), ""),
        done=request.args.get("xong", ""),
    )
    return no_store_page(html, status=status)
