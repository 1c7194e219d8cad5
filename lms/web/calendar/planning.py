"""/quan-ly/lich: where an organiser plans, moves and cancels the classes of a ward."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms import vietnam_time
from lms.learning import wards
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, Subject
from lms.learning.calendar import planned_classes, planning
from lms.learning.calendar.plan import LANGUAGES, Plan
from lms.learning.calendar.planned_classes import PlannedClass
from lms.learning.errors import InvalidPlan, NotFound, PlanChanged
from lms.web import clock
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.calendar.blueprint import bp
from lms.web.calendar.planned_class_view import planned_class_view
from lms.web.database import session
from lms.web.page_cache import no_store_page
from lms.web.request_context import library

LISTED_PAST, LISTED_AHEAD = timedelta(days=14), timedelta(days=400)
MAX_OF_CITY = 60  # on the list of the whole city, which has thousands
DEFAULT_HOUR, DEFAULT_MINUTES = "08:30", 90
WHOLE_CITY = "tp"  # stands for CITY in forms, where "" means that nothing was chosen
# By field of ``Plan``: its name in the form, and in the order of the form.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "lesson": "bai", "starts_at": "ngay", "minutes": "phut", "venue": "noi", "address": "dia-chi",
        "weeks": "so-tuan", "map_url": "ban-do", "floor": "tang", "parking": "gui-xe", "wheelchair": "xe-lan",
        "seats": "so-cho", "language": "tieng", "bring": "mang-theo", "note": "vi-sao",
    }
)  # fmt: skip
PROBLEMS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("lesson", "missing"): "Chọn một bài nhé.",
        ("lesson", "unknown"): "Bài này không còn trên trang. Chọn bài khác nhé.",
        ("starts_at", "missing"): "Ghi ngày và giờ bắt đầu nhé.",
        ("starts_at", "past"): "Ngày giờ này đã qua rồi. Xem lại ngày, giờ nhé.",
        ("starts_at", "too_far"): "Ngày này còn xa hơn một năm. Xem lại năm nhé.",
        ("minutes", "range"): "Buổi học dài từ 15 tới 480 phút.",
        ("venue", "missing"): "Ghi nơi học nhé, để bà con biết đường tới.",
        ("map_url", "not_https"): "Địa chỉ bản đồ phải bắt đầu bằng https://. Chép từ ứng dụng bản đồ rồi dán vào đây.",
        ("seats", "range"): "Số chỗ từ 1 tới 2000, hoặc để trống.",
        ("weeks", "range"): "Số tuần từ 1 tới 26.",
    }
)
TOO_LONG = "Chỗ này dài quá. Viết gọn lại nhé."
UNKNOWN_CHOICE = "Máy chưa nhận ra điều vừa chọn. Chọn lại nhé."
CHANGED_MEANWHILE = "Có người vừa sửa lịch này. Bản mới ở trang này; những gì vừa gõ vẫn còn trong ô. Xem lại rồi lưu."
MESSAGES = MappingProxyType(
    {"them": "Đã ghi vào lịch. Bà con xem được rồi.", "sua": "Đã lưu.", "hoan": "Đã báo hoãn.", "lai": "Đã mở lại."}
)
# What stands in the folded part of the form, see plan_form.html.
FOLDED = ("ban-do", "tang", "gui-xe", "xe-lan", "so-cho", "tieng", "mang-theo")
OF_THE_VENUE = ("ban-do", "tang", "gui-xe", "xe-lan")  # what is wrong when the venue changes
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)  # "30/11/2026"
_HOUR = re.compile(r"(\d{1,2})(?:\s*(?::|h|giờ)\s*(\d{2})?)?", re.ASCII | re.IGNORECASE)  # "8:30", "8h30", "14 giờ"


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The form's values as typed."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class LessonChoice:
    """An option of the select of lessons, under the name of its course."""

    key: str  # "course/lesson"
    name: str


@bp.get("/quan-ly/lich")
def show_plans() -> Response:
    account = _require_planner()
    ward, now = _chosen_ward(account), clock.now()
    is_whole_city = ward == CITY and account.ward == CITY and "phuong" not in request.args
    listed = planned_classes.find_planned_classes(
        session(),
        begin=now if is_whole_city else now - LISTED_PAST,
        end=now + LISTED_AHEAD,
        wards=None if is_whole_city else [ward],
        limit=MAX_OF_CITY if is_whole_city else None,
    )
    views = [planned_class_view(planned, now=now) for planned in listed]
    page = render_template(
        "calendar/plans.html",
        account=account,
        ward=ward,
        is_whole_city=is_whole_city,
        is_cut_off=is_whole_city and len(listed) == MAX_OF_CITY,
        ahead=[view for view in views if view.status != "over"],
        past=[view for view in reversed(views) if view.status == "over"],
        wards=wards.all_wards() if account.ward == CITY else (),
        message=MESSAGES.get(request.args.get("xong", ""), ""),
    )
    return no_store_page(page)


@bp.get("/quan-ly/lich/moi")
def show_new_plan() -> Response:
    account = _require_planner()
    ward = _chosen_ward(account)
    return _form_page(account, _new_form(ward), ward=ward)


@bp.post("/quan-ly/lich/moi")
def add_plan() -> Response:
    account = _require_planner()
    ward = _chosen_ward(account)
    form = PlanForm(request.form)
    try:
        planned = planning.plan_class(
            session(), _read_plan(form), ward=ward, library=library(), by=account, now=clock.now(),
            weeks=_number(form["so-tuan"] or "1", 0),
        )  # fmt: skip
    except InvalidPlan as error:
        return _form_page(account, form, ward=ward, problems=error.problems, status=422)
    return redirect(f"/quan-ly/lich/{planned[0].id}?xong=them", 303)


@bp.get("/quan-ly/lich/<planned_class_id>")
def show_plan(planned_class_id: str) -> Response:
    account, planned = _planned_or_404(planned_class_id)
    return _form_page(account, _form_of(planned), ward=planned.ward, planned=planned)


@bp.post("/quan-ly/lich/<planned_class_id>")
def change_plan(planned_class_id: str) -> Response:
    account, planned = _planned_or_404(planned_class_id)
    form = PlanForm(request.form)
    try:
        planning.change_plan(
            session(), planned_class_id, _read_plan(form), version=_number(form["ban"], 0), note=form["vi-sao"],
            library=library(), by=account, now=clock.now(),
        )  # fmt: skip
    except InvalidPlan as error:
        return _form_page(account, form, ward=planned.ward, planned=planned, problems=error.problems, status=422)
    except PlanChanged:
        return _form_page(account, form, ward=planned.ward, planned=planned, conflict=CHANGED_MEANWHILE, status=409)
    return redirect(f"/quan-ly/lich/{planned_class_id}?xong=sua", 303)


@bp.post("/quan-ly/lich/<planned_class_id>/hoan")
def cancel_plan(planned_class_id: str) -> Response:
    account, planned = _planned_or_404(planned_class_id)
    form = PlanForm(request.form)
    try:
        planning.cancel_plan(
            session(), planned_class_id, version=_number(form["ban"], 0), note=form["vi-sao"], by=account,
            now=clock.now(), rest="ca-loat" in request.form,
        )  # fmt: skip
    except InvalidPlan:
        return _form_page(account, _form_of(planned), ward=planned.ward, planned=planned, cancelling=form, status=422)
    except PlanChanged:
        return _form_page(
            account, _form_of(planned), ward=planned.ward, planned=planned, cancelling=form,
            conflict=CHANGED_MEANWHILE, status=409,
        )  # fmt: skip
    return redirect(f"/quan-ly/lich/{planned_class_id}?xong=hoan", 303)


@bp.post("/quan-ly/lich/<planned_class_id>/mo-lai")
def restore_plan(planned_class_id: str) -> Response:
    account, _ = _planned_or_404(planned_class_id)
    version = _number(request.form.get("ban", ""), 0)
    planning.restore_plan(session(), planned_class_id, version=version, by=account, now=clock.now())
    return redirect(f"/quan-ly/lich/{planned_class_id}?xong=lai", 303)


def _require_planner() -> Account:
    """The signed-in account, if it plans classes in its own ward; the services check each ward again."""
    account = require_account()
    return require_permission("plan_class", Subject(account.ward))


def _planned_or_404(planned_class_id: str) -> tuple[Account, PlannedClass]:
    require_account()  # a stranger does not learn which ids exist
    planned = planned_classes.find_planned_class(session(), planned_class_id)
    return require_permission("plan_class", Subject(planned.ward)), planned


def _chosen_ward(account: Account) -> str:
    """The ward in the request for an account of the city, else the account's own.

    Raises:
        NotFound: another ward was requested, or one that does not exist.
    """
    requested = request.values.get("phuong", "")
    if account.ward != CITY:
        if requested not in ("", account.ward):
            raise NotFound(requested)
        return account.ward
    if requested in ("", WHOLE_CITY):
        return CITY
    if all(ward.code != requested for ward in wards.all_wards()):
        raise NotFound(requested)
    return requested


def _read_plan(form: PlanForm) -> Plan:
    course, _, lesson = form["bai"].partition("/")
    seats = form["so-cho"].strip()
    return Plan(
        course=course,
        lesson=lesson,
        starts_at=_read_start(form["ngay"], form["gio"]),
        minutes=_number(form["phut"], 0),
        venue=form["noi"],
        address=form["dia-chi"],
        map_url=form["ban-do"],
        floor=form["tang"],
        parking=form["gui-xe"],
        wheelchair=form["xe-lan"],  # type: ignore[arg-type]  # checked_plan refuses others
        language=form["tieng"] or "vi",
        bring=form["mang-theo"],
        seats=_number(seats, 0) if seats else None,
    )


def _read_start(day: str, hour: str) -> datetime | None:
    """The moment of a day and an hour of Vietnam; None if one of them cannot be read.

    Browsers that know no fields for a day or an hour, such as Safari 13, send what was typed.
    """
    day, hour = day.strip(), hour.strip()
    try:
        typed = _DAY.fullmatch(day)
        local_day = date(int(typed[3]), int(typed[2]), int(typed[1])) if typed else date.fromisoformat(day)
        typed_hour = _HOUR.fullmatch(hour)
        local_hour = time(int(typed_hour[1]), int(typed_hour[2] or 0)) if typed_hour else time.fromisoformat(hour)
    except ValueError:
        return None
    local = datetime.combine(local_day, local_hour)
    return local.replace(tzinfo=vietnam_time.VIETNAM) if local.tzinfo is None else None


def _number(text: str, otherwise: int) -> int:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else otherwise


def _new_form(ward: str) -> PlanForm:
    """An empty form with the place of the ward's latest plan: most wards teach in the same room."""
    now = clock.now()
    earlier = planned_classes.find_planned_classes(
        session(), begin=now - LISTED_AHEAD, end=now + LISTED_AHEAD, wards=[ward]
    )
    values = {"gio": DEFAULT_HOUR, "phut": str(DEFAULT_MINUTES), "so-tuan": "1", "tieng": "vi"}
    if earlier:
        kept = ("noi", "dia-chi", "ban-do", "tang", "gui-xe", "xe-lan", "so-cho", "gio", "phut")
        latest = _form_of(earlier[-1])
        values |= {name: latest[name] for name in kept}
    return PlanForm(values | {name: text for name, text in request.args.items() if name in ("bai", "ngay")})


def _form_of(planned: PlannedClass) -> PlanForm:
    plan, start = planned.plan, vietnam_time.to_vietnam_time(planned.starts_at)
    lesson = library().lesson_or_merged_into(plan.course, plan.lesson)
    return PlanForm(
        {
            "bai": f"{lesson.course}/{lesson.slug}" if lesson else "",
            "ngay": start.date().isoformat(),
            "gio": start.strftime("%H:%M"),
            "phut": str(plan.minutes),
            "noi": plan.venue,
            "dia-chi": plan.address,
            "ban-do": plan.map_url,
            "tang": plan.floor,
            "gui-xe": plan.parking,
            "xe-lan": plan.wheelchair,
            "tieng": plan.language,
            "mang-theo": plan.bring,
            "so-cho": "" if plan.seats is None else str(plan.seats),
            "vi-sao": planned.change_note,
        }
    )


def _form_page(
    account: Account,
    form: PlanForm,
    *,
    ward: str,
    planned: PlannedClass | None = None,
    problems: Mapping[str, str] = MappingProxyType({}),
    conflict: str = "",
    cancelling: PlanForm | None = None,
    status: int = 200,
) -> Response:
    """The form; ``cancelling``: what was typed into that of the cancellation, which was refused."""
    errors = {FIELDS[field]: _problem_in_words(field, why) for field, why in problems.items()}
    page = render_template(
        "calendar/plan_form.html",
        account=account,
        form=form,
        ward=ward,
        ward_key=ward or WHOLE_CITY,
        planned=planned and planned_class_view(planned, now=clock.now()),
        is_fixed=planned is not None and (planned.is_held or planned.is_over(clock.now())),
        in_series=planned is not None and planned.series_id is not None,
        errors=errors,
        first_error=next((name for name in FIELDS.values() if name in errors), ""),
        conflict=conflict,
        unfolds=any(name in errors for name in FOLDED) or any(form[name] for name in OF_THE_VENUE),
        cancelling=cancelling,
        cancelling_error=TOO_LONG if cancelling and status == 422 else "",
        courses=[
            (course.name, [LessonChoice(f"{course.slug}/{lesson.slug}", lesson.name) for lesson in course.lessons])
            for course in library()
            if course.lessons
        ],
        languages=tuple(LANGUAGES.items()),
        wards=wards.all_wards() if account.ward == CITY and planned is None else (),
        message=MESSAGES.get(request.args.get("xong", ""), ""),
    )
    return no_store_page(page, status=status)


def _problem_in_words(field: str, why: str) -> str:
    if why == "too_long":
        return TOO_LONG
    return PROBLEMS.get((field, why), UNKNOWN_CHOICE)
