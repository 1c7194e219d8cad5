"""POST /dung-lop/tu-lich/<id>: open the class that the ward's calendar announces, with one tap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import redirect
from flask.typing import ResponseReturnValue

from lms import vietnam_time
from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import CITY, PermissionTarget
from lms.learning.calendar.planned_classes import PlannedClass, find_classes_to_open, find_planned_class
from lms.learning.calendar.planning import link_opened_class
from lms.learning.classroom.lifecycle import opening
from lms.learning.errors import NotFound
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import record_audit
from lms.web.database import session
from lms.web.language import translate
from lms.web.lesson_language import lesson_in_page_language
from lms.web.request_context import library

MAX_LISTED = 6


@dataclass(frozen=True, slots=True)
class ClassToOpen:
    """A planned class of today on the opening page."""

    url: str
    when: str  # "Theo lịch hôm nay, 8:30"
    lesson: str
    venue: str
    reserved: int
    is_due: bool  # of the account's own ward, and its day has come


def classes_to_open(account: Account) -> list[ClassToOpen]:
    """The planned classes that the account can open now, soonest first."""
    if not permissions.is_permitted(account, "open_class", PermissionTarget(account.ward)):
        return []
    of_wards = None if account.ward == CITY else [account.ward]
    now = clock.now()
    found = find_classes_to_open(session(), wards=of_wards, now=now)
    to_open = [each for planned in found if (each := _class_to_open(planned, account, now))]
    return to_open[:MAX_LISTED]


@bp.post("/dung-lop/tu-lich/<planned_class_id>")
def open_planned_class(planned_class_id: str) -> ResponseReturnValue:
    """Open it; a class that a colleague opened from it already is shown instead."""
    account = require_account()
    planned = find_planned_class(session(), planned_class_id, lock=True)  # the second tap waits, and finds the class
    permissions.require_permission(account, "open_class", PermissionTarget(planned.ward))
    if planned.is_held:
        return redirect(f"/dung-lop/{planned.class_id}", 303)
    lesson = library().lesson_or_merged_into(planned.plan.course, planned.plan.lesson)
    if lesson is None:
        raise NotFound(planned.plan.lesson)
    now = clock.now()
    class_session = opening.open_class_session(
        session(), account_id=account.id, ward=planned.ward, lesson=lesson, place=planned.plan.venue, now=now
    )
    link_opened_class(session(), planned.id, class_session.id, now=now)
    record_audit(account, "class_opened", class_session)
    return redirect(f"/dung-lop/{class_session.id}", 303)


def _class_to_open(planned: PlannedClass, account: Account, now: datetime) -> ClassToOpen | None:
    """None when its lesson is gone: it has to be opened with another one."""
    lesson = library().lesson_or_merged_into(planned.plan.course, planned.plan.lesson)
    if lesson is None:
        return None
    days = vietnam_time.to_vietnam_time(planned.starts_at).date() - vietnam_time.to_vietnam_time(now).date()
    day = {0: translate("hôm nay"), 1: translate("ngày mai")}.get(days.days, translate("hôm qua"))
    return ClassToOpen(
        url=f"/dung-lop/tu-lich/{planned.id}",
        when=translate("Theo lịch {day}, {time}").format(day=day, time=vietnam_time.hour_and_minute(planned.starts_at)),
        lesson=lesson_in_page_language(lesson).name,
        venue=planned.plan.venue,
        reserved=planned.reserved,
        is_due=days.days <= 0 and planned.ward == account.ward,
    )
