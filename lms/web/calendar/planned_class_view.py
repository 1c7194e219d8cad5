"""A planned class as pages show it: everything in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from lms import vietnam_time
from lms.learning import wards
from lms.learning.calendar.class_plan import LANGUAGES, OWN_LANGUAGE_NAMES
from lms.learning.calendar.planned_classes import PlannedClass
from lms.learning.wards import WHOLE_CITY_LABEL
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web.classroom.lesson_summary_lines import about_line, things_to_bring_in_words
from lms.web.language import mark_vietnamese_text, page_language, translate, translate_markup, translate_number
from lms.web.page_formats import relative_day, weekday_and_day
from lms.web.request_context import library

Status = Literal["open", "full", "cancelled", "held", "done", "over"]
STATUS_LABELS: dict[Status, str] = {
    "open": "",
    "full": mark_for_translation("Đã đủ chỗ"),
    "cancelled": mark_for_translation("Hoãn"),
    "held": mark_for_translation("Đã mở lớp"),
    "done": mark_for_translation("Lớp đã xong"),
    "over": mark_for_translation("Đã qua"),
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
    change: Markup  # what was moved or cancelled, and why; "" if nothing was
    seats: str
    facts: tuple[tuple[str, str], ...]
    language: str  # "en"
    own_language_name: str  # "English"; "" for Vietnamese, and where none is known
    map_url: str
    seat: int | None
    version: int

    @property
    def unbroken_day(self) -> str:
        """The day as a line shows it that may break in large text, but not before a number."""
        return re.sub(r" (?=\d)", "\u00a0", self.day)


def planned_class_view(planned: PlannedClass, *, now: datetime, seat: int | None = None) -> PlannedClassView:
    """The view of a planned class; when its lesson is gone, its course is named instead."""
    plan = planned.plan
    lesson = library().lesson_or_merged_into(plan.course, plan.lesson)
    course = library().course(lesson.course if lesson else plan.course)
    if page_language() != SOURCE_LANGUAGE:
        lesson, course = lesson and lesson.in_language(page_language()), course and course.in_language(page_language())
    ward = wards.find_ward(planned.ward)
    status = _status(planned, now)
    return PlannedClassView(
        id=planned.id,
        url=f"/lich/{planned.id}",
        title=lesson.name if lesson else course.name if course else translate("Lớp dùng điện thoại"),
        course=course.name if course and lesson else "",
        about=about_line(lesson) if lesson else "",
        day=weekday_and_day(planned.starts_at),
        relative_day=relative_day(planned.starts_at, now),
        hours=_hours(planned),
        venue=plan.venue,
        address=plan.address,
        ward=wards.ward_label(planned.ward) if planned.ward else translate(WHOLE_CITY_LABEL),
        ward_url=f"/phuong/{ward.slug}" if ward else "",
        status=status,
        status_label=translate(STATUS_LABELS[status]),
        change=_change(planned),
        seats=_seats(planned),
        facts=tuple(_facts(planned, things_to_bring_in_words(lesson) if lesson else "")),
        language=plan.language,
        own_language_name=OWN_LANGUAGE_NAMES.get(plan.language, ""),
        map_url=plan.map_url,
        seat=seat,
        version=planned.version,
    )


def _hours(planned: PlannedClass) -> str:
    begin, end = (vietnam_time.to_vietnam_time(moment) for moment in (planned.starts_at, planned.ends_at))
    sentence = translate("{} đến {}") if begin.date() == end.date() else translate("{} đến {} hôm sau")
    return sentence.format(vietnam_time.hour_and_minute(begin), vietnam_time.hour_and_minute(end))


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


def _change(planned: PlannedClass) -> Markup:
    """What people who know the first announcement must hear."""
    parts: list[Markup] = []
    if planned.is_cancelled:
        parts.append(translate_markup("Lớp này hoãn, không mở."))
    elif planned.moved_from:
        before = f"{vietnam_time.hour_and_minute(planned.moved_from)}, {weekday_and_day(planned.moved_from)}"
        parts.append(translate_markup("Đổi giờ. Trước là {}.").format(before))
    if planned.previous_venue and not planned.is_cancelled:
        parts.append(translate_markup("Đổi chỗ. Trước là {}.").format(mark_vietnamese_text(planned.previous_venue)))
    if planned.change_note and parts:
        parts.append(translate_markup("Vì: {}.").format(mark_vietnamese_text(planned.change_note)))
    return Markup(" ").join(parts)


def _seats(planned: PlannedClass) -> str:
    if planned.plan.seats is None:
        if not planned.reserved:
            return translate("Ai đến cũng có chỗ")
        coming = translate_number("{} người nói sẽ đến", "{} người nói sẽ đến", planned.reserved)
        return coming.format(planned.reserved)
    left = planned.plan.seats - planned.reserved
    if left > 0:
        return translate("Còn {} trong {} chỗ").format(left, planned.plan.seats)
    return translate("{} chỗ đã giữ hết").format(planned.plan.seats)


def _facts(planned: PlannedClass, lesson_brings: str) -> Iterator[tuple[str, str]]:
    plan = planned.plan
    if planned.unit_name:
        yield translate("Đơn vị mở lớp"), planned.unit_name
    if plan.floor:
        yield translate("Tầng"), plan.floor
    if plan.parking:
        yield translate("Gửi xe"), plan.parking
    if plan.wheelchair:
        yield translate("Xe lăn"), translate("vào được") if plan.wheelchair == "yes" else translate("chưa vào được")
    if plan.language != "vi":
        yield translate("Dạy bằng"), translate(LANGUAGES.get(plan.language, plan.language))
    yield translate("Mang theo"), plan.bring or lesson_brings or translate("điện thoại của bác, sạc đầy")
