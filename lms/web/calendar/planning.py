"""/quan-ly/lich: where an organiser plans, moves and cancels the classes of a ward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from lms.learning import wards
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.calendar import planned_classes, planning
from lms.learning.calendar.class_plan import LANGUAGES
from lms.learning.calendar.planned_classes import PlannedClass
from lms.learning.errors import InvalidPlannedClass, PlannedClassChanged
from lms.learning.org_units.unit_store import find_units, unit_label
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.accounts.chosen_ward import WHOLE_CITY, chosen_ward
from lms.web.accounts.signed_in import require_account, require_permission
from lms.web.calendar.blueprint import bp
from lms.web.calendar.plan_form import (
    FIELDS,
    FOLDED_FIELDS,
    MAX_TYPED,
    TOO_LONG,
    VENUE_FIELDS,
    PlanForm,
    filled_form,
    new_form,
    problem_in_words,
    read_plan,
)
from lms.web.calendar.planned_class_view import planned_class_view
from lms.web.calendar.posters import POSTER_DAYS, is_announced, printed_posters
from lms.web.database import session
from lms.web.language import translate
from lms.web.lesson_language import course_library_in_page_language
from lms.web.page_cache import no_store_page
from lms.web.request_context import library
from lms.web.vietnamese_formats import read_number

PAST = frozenset({"done", "over"})
LISTED_PAST, LISTED_AHEAD = timedelta(days=14), timedelta(days=400)
MAX_LISTED_OF_CITY = 60  # on the list of the whole city, which has thousands
CHANGED_MEANWHILE = mark_for_translation(
    "Có người vừa sửa lịch này. Bản mới ở trang này; những gì vừa gõ vẫn còn trong ô. Xem lại rồi lưu."
)
MESSAGES = MappingProxyType(
    {
        "them": mark_for_translation("Đã ghi vào lịch. Bà con xem được rồi."),
        "sua": mark_for_translation("Đã lưu."),
        "hoan": mark_for_translation("Đã báo hoãn."),
        "lai": mark_for_translation("Đã mở lại."),
    }
)


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """An option of the select of who holds the class."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LessonChoice:
    """An option of the select of lessons, under the name of its course."""

    key: str  # "course/lesson"
    name: str


@bp.get("/quan-ly/lich")
def show_plans() -> Response:
    account = _require_planner()
    ward, now = chosen_ward(account, request.values.get("phuong", "")), clock.now()
    is_whole_city = ward == CITY and account.ward == CITY and "phuong" not in request.args
    listed = planned_classes.find_planned_classes(
        session(),
        begin=now if is_whole_city else now - LISTED_PAST,
        end=now + LISTED_AHEAD,
        wards=None if is_whole_city else [ward],
        limit=MAX_LISTED_OF_CITY if is_whole_city else None,
    )
    views = [planned_class_view(planned, now=now) for planned in listed]
    page = render_template(
        "calendar/plans.html",
        account=account,
        ward=ward,
        is_whole_city=is_whole_city,
        is_cut_off=is_whole_city and len(listed) == MAX_LISTED_OF_CITY,
        has_posters=not is_whole_city and any(is_announced(each, now) for each in listed),
        ahead=[view for view in views if view.status not in PAST],
        past=[view for view in reversed(views) if view.status in PAST],
        wards=wards.all_wards() if account.ward == CITY else (),
        message=translate(MESSAGES.get(request.args.get("xong", ""), "")),
    )
    return no_store_page(page)


@bp.get("/quan-ly/lich/to-moi")
def show_posters() -> Response:
    """The posters of the ward's next classes, to be printed at once."""
    account = _require_planner()
    ward, now = chosen_ward(account, request.args.get("phuong", "")), clock.now()
    listed = planned_classes.find_planned_classes(session(), begin=now, end=now + POSTER_DAYS, wards=[ward])
    query = f"?phuong={ward}" if ward else ""
    page = render_template(
        "calendar/posters.html",
        account=account,
        posters=printed_posters([each for each in listed if is_announced(each, now)], now=now),
        plans_url=f"/quan-ly/lich{query}",
        new_plan_url=f"/quan-ly/lich/moi{query}",
    )
    return no_store_page(page)


@bp.get("/quan-ly/lich/moi")
def show_new_plan() -> Response:
    account = _require_planner()
    ward = chosen_ward(account, request.values.get("phuong", ""))
    latest = planned_classes.find_latest_planned_class(session(), ward=ward)
    return _form_page(account, new_form(latest, request.args), ward=ward)


@bp.post("/quan-ly/lich/moi")
def add_plan() -> Response:
    account = _require_planner()
    ward = chosen_ward(account, request.values.get("phuong", ""))
    form = PlanForm(request.form)
    try:
        planned = planning.plan_class(
            session(), read_plan(form), ward=ward, library=library(), by=account, now=clock.now(),
            weeks=read_number(form["so-tuan"] or "1"),
        )  # fmt: skip
    except InvalidPlannedClass as error:
        return _form_page(account, form, ward=ward, problems=error.problems, status=422)
    return redirect(f"/quan-ly/lich/{planned[0].id}?xong=them", 303)


@bp.get("/quan-ly/lich/<planned_class_id>")
def show_plan(planned_class_id: str) -> Response:
    account, planned = _planned_or_404(planned_class_id)
    return _form_page(account, filled_form(planned), ward=planned.ward, planned=planned)


@bp.post("/quan-ly/lich/<planned_class_id>")
def change_plan(planned_class_id: str) -> Response:
    account, planned = _planned_or_404(planned_class_id)
    form = PlanForm(request.form)
    try:
        planning.change_plan(
            session(), planned_class_id, read_plan(form), version=read_number(form["ban"]), note=form["vi-sao"],
            library=library(), by=account, now=clock.now(),
        )  # fmt: skip
    except InvalidPlannedClass as error:
        return _form_page(account, form, ward=planned.ward, planned=planned, problems=error.problems, status=422)
    except PlannedClassChanged:
        return _form_page(account, form, ward=planned.ward, planned=planned, conflict=CHANGED_MEANWHILE, status=409)
    return redirect(f"/quan-ly/lich/{planned_class_id}?xong=sua", 303)


@bp.post("/quan-ly/lich/<planned_class_id>/hoan")
def cancel_plan(planned_class_id: str) -> Response:
    account, planned = _planned_or_404(planned_class_id)
    form = PlanForm(request.form)
    try:
        planning.cancel_plan(
            session(), planned_class_id, version=read_number(form["ban"]), note=form["vi-sao"], by=account,
            now=clock.now(), rest="ca-loat" in request.form,
        )  # fmt: skip
    except InvalidPlannedClass:
        return _form_page(
            account, filled_form(planned), ward=planned.ward, planned=planned, cancelling=form, status=422
        )
    except PlannedClassChanged:
        return _form_page(
            account, filled_form(planned), ward=planned.ward, planned=planned, cancelling=form,
            conflict=CHANGED_MEANWHILE, status=409,
        )  # fmt: skip
    return redirect(f"/quan-ly/lich/{planned_class_id}?xong=hoan", 303)


@bp.post("/quan-ly/lich/<planned_class_id>/mo-lai")
def restore_plan(planned_class_id: str) -> Response:
    account, _ = _planned_or_404(planned_class_id)
    version = read_number(request.form.get("ban", ""))
    planning.restore_plan(session(), planned_class_id, version=version, by=account, now=clock.now())
    return redirect(f"/quan-ly/lich/{planned_class_id}?xong=lai", 303)


def _require_planner() -> Account:
    """The signed-in account, if it plans classes in its own ward; the services check each ward again."""
    account = require_account()
    return require_permission("plan_class", PermissionTarget(account.ward))


def _planned_or_404(planned_class_id: str) -> tuple[Account, PlannedClass]:
    require_account()  # a stranger does not learn which ids exist
    planned = planned_classes.find_planned_class(session(), planned_class_id)
    return require_permission("plan_class", PermissionTarget(planned.ward)), planned


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
    errors = {FIELDS[field]: problem_in_words(field, why) for field, why in problems.items()}
    is_fixed = planned is not None and (planned.is_held or planned.is_over(clock.now()))
    done = request.args.get("xong", "")
    page = render_template(
        "calendar/plan_form.html",
        account=account,
        form=form,
        ward=ward,
        ward_key=ward or WHOLE_CITY,
        planned=planned and planned_class_view(planned, now=clock.now()),
        is_fixed=is_fixed,
        in_series=planned is not None and planned.series_id is not None,
        errors=errors,
        first_error=next((name for name in FIELDS.values() if name in errors), ""),
        conflict=translate(conflict) if conflict else "",
        is_unfolded=any(name in errors for name in FOLDED_FIELDS) or any(form[name] for name in VENUE_FIELDS),
        max_typed=MAX_TYPED,
        cancelling=cancelling,
        cancelling_error=translate(TOO_LONG) if cancelling and status == 422 else "",
        courses=[
            (course.name, [LessonChoice(f"{course.slug}/{lesson.slug}", lesson.name) for lesson in course.lessons])
            for course in course_library_in_page_language(library())
            if course.lessons
        ],
        units=_unit_choices(ward, form["don-vi"]),
        languages=[(language, translate(name)) for language, name in LANGUAGES.items()],
        wards=wards.all_wards() if account.ward == CITY and planned is None else (),
        message=translate(MESSAGES.get(done, "")),
        is_added=planned is not None and done == "them" and not (planned.is_cancelled or is_fixed),
    )
    return no_store_page(page, status=status)


def _unit_choices(ward: str, chosen: str) -> list[UnitChoice]:
    """The units of the ward and the organisations of the city; a closed one only while it is chosen."""
    units = {
        unit.id: unit
        for place in dict.fromkeys((ward, CITY))
        for unit in find_units(session(), ward=place, include_closed=True)
    }
    return [
        UnitChoice(
            unit.id, unit_label(unit, units) if unit.ward == ward else f"{unit.name} ({wards.ward_label(unit.ward)})"
        )
        for unit in units.values()
        if not unit.is_closed or unit.id == chosen
    ]
