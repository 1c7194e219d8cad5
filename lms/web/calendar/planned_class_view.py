"""A planned class as pages show it: everything in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lms import vietnam_time
from lms.learning import wards
from lms.learning.calendar.plan import LANGUAGES, OWN_LANGUAGE_NAMES
from lms.learning.calendar.planned_classes import PlannedClass
from lms.web.classroom.lesson_overview import about_line, bring_line
from lms.web.request_context import library

Status = Literal["open", "full", "cancelled", "held", "done", "over"]
STATUS_LABELS: dict[Status, str] = {
    "open": "",
    "full": "Đã đủ chỗ",
    "cancelled": "Hoãn",
    "held": "Đã mở lớp",
    "done": "Lớp đã xong",
    "over": "Đã qua",
}


@dataclass(frozen=True, slots=True)
class PlannedClassView:
    """``facts``: what else is good to know, as (label, text). ``seat``: the number that this phone holds, or None."""

    id: str
    url: str
    title: str  # the lesson's name
    course: str  # its course's name, "" if that is gone
    about: str  # "" without an objective
    day: str  # "Thứ Tư, ngày 2 tháng 12"
    relative_day: str  # "Hôm nay", "Ngày mai" or ""; not for paper
    hours: str  # "8:30 đến 10:00", "22:00 đến 0:30 hôm sau"
    venue: str
    address: str
    ward: str
    ward_url: str  # "" for a class of the city, and of a ward that is no longer in the list
    status: Status
    status_label: str
    change: str  # what was moved or cancelled, and why; "" if nothing was
    seats: str
    facts: tuple[tuple[str, str], ...]
    language: str  # "en"
    own_language_name: str  # "English"; "" for Vietnamese, and where none is known
    map_url: str
    seat: int | None
    version: int


def planned_class_view(planned: PlannedClass, *, now: datetime, seat: int | None = None) -> PlannedClassView:
    """The view of a planned class; when its lesson is gone, its course stands for it."""
    plan = planned.plan
    lesson = library().lesson_or_merged_into(plan.course, plan.lesson)
    course = library().course(lesson.course if lesson else plan.course)
    ward = wards.find_ward(wards.current_code(planned.ward))
    status = _status(planned, now)
    return PlannedClassView(
        id=planned.id,
        url=f"/lich/{planned.id}",
        title=lesson.name if lesson else course.name if course else "Lớp dùng điện thoại",
        course=course.name if course and lesson else "",
        about=about_line(lesson) if lesson else "",
        day=vietnam_time.weekday_and_day(planned.starts_at),
        relative_day=vietnam_time.relative_day(planned.starts_at, now),
        hours=_hours(planned),
        venue=plan.venue,
        address=plan.address,
        ward=wards.ward_label(planned.ward),
        ward_url=f"/phuong/{ward.slug}" if ward else "",
        status=status,
        status_label=STATUS_LABELS[status],
        change=_change(planned),
        seats=_seats(planned),
        facts=tuple(_facts(planned, bring_line(lesson) if lesson else "")),
        language=plan.language,
        own_language_name=OWN_LANGUAGE_NAMES.get(plan.language, ""),
        map_url=plan.map_url,
        seat=seat,
        version=planned.version,
    )


def _hours(planned: PlannedClass) -> str:
    begin, end = (vietnam_time.to_vietnam_time(moment) for moment in (planned.starts_at, planned.ends_at))
    words = f"{vietnam_time.hour_and_minute(begin)} đến {vietnam_time.hour_and_minute(end)}"
    return words if begin.date() == end.date() else f"{words} hôm sau"


def _status(planned: PlannedClass, now: datetime) -> Status:
    if planned.is_cancelled:
        return "cancelled"
    if planned.is_done:
        return "done"
    if planned.is_over(now):
        return "over"
    if planned.is_held:
        return "held"
    return "full" if planned.is_full else "open"


def _change(planned: PlannedClass) -> str:
    """What people who know the first announcement must hear."""
    parts = []
    if planned.is_cancelled:
        parts.append("Lớp này hoãn, không mở.")
    elif planned.moved_from:
        before = (
            f"{vietnam_time.hour_and_minute(planned.moved_from)}, {vietnam_time.weekday_and_day(planned.moved_from)}"
        )
        parts.append(f"Đổi giờ. Trước là {before}.")
    if planned.previous_venue and not planned.is_cancelled:
        parts.append(f"Đổi chỗ. Trước là {planned.previous_venue}.")
    if planned.change_note and parts:
        parts.append(f"Vì: {planned.change_note}.")
    return " ".join(parts)


def _seats(planned: PlannedClass) -> str:
    if planned.plan.seats is None:
        return f"{planned.reserved} người nói sẽ đến" if planned.reserved else "Ai đến cũng có chỗ"
    left = planned.plan.seats - planned.reserved
    return f"Còn {left} trong {planned.plan.seats} chỗ" if left > 0 else f"{planned.plan.seats} chỗ đã giữ hết"


def _facts(planned: PlannedClass, lesson_brings: str) -> Iterator[tuple[str, str]]:
    plan = planned.plan
    if planned.unit_name:
        yield "Đơn vị mở lớp", planned.unit_name
    if plan.floor:
        yield "Tầng", plan.floor
    if plan.parking:
        yield "Gửi xe", plan.parking
    if plan.wheelchair:
        yield "Xe lăn", "vào được" if plan.wheelchair == "yes" else "chưa vào được"
    if plan.language != "vi":
        yield "Dạy bằng", LANGUAGES.get(plan.language, plan.language)
    brings = plan.bring or lesson_brings.removeprefix("Mang theo: ").rstrip(".")
    yield "Mang theo", brings or "điện thoại của bác, sạc đầy"
