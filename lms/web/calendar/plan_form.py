"""The form of a planned class: its fields, how they are read and filled, and what is wrong in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from types import MappingProxyType

from lms import vietnam_time
from lms.learning.calendar.class_plan import MAX_LENGTHS, MAX_MINUTES, MAX_SEATS, MIN_MINUTES, ClassPlan
from lms.learning.calendar.planned_classes import PlannedClass
from lms.learning.calendar.planning import MAX_NOTE_LENGTH, MAX_WEEKS
from lms.message_catalog import mark_for_translation
from lms.web.language import translate
from lms.web.request_context import library
from lms.web.vietnamese_formats import read_day, read_number

DEFAULT_HOUR, DEFAULT_MINUTES = "08:30", 90
# By field of ``Plan``: its name in the form, and in the order of the form.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "lesson": "bai", "starts_at": "ngay", "minutes": "phut", "venue": "noi", "address": "dia-chi",
        "weeks": "so-tuan", "unit_id": "don-vi", "map_url": "ban-do", "floor": "tang", "parking": "gui-xe",
        "wheelchair": "xe-lan", "seats": "so-cho", "language": "tieng", "bring": "mang-theo", "note": "vi-sao",
    }
)  # fmt: skip
MAX_TYPED: Mapping[str, int] = MappingProxyType(  # characters, by name in the form
    {FIELDS[field]: most for field, most in (*MAX_LENGTHS.items(), ("note", MAX_NOTE_LENGTH))}
)
PROBLEMS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("lesson", "missing"): mark_for_translation("Chọn một bài nhé."),
        ("lesson", "unknown"): mark_for_translation("Bài này không còn trên trang. Chọn bài khác nhé."),
        ("starts_at", "missing"): mark_for_translation("Ghi ngày và giờ bắt đầu nhé."),
        ("starts_at", "past"): mark_for_translation("Ngày giờ này đã qua rồi. Xem lại ngày, giờ nhé."),
        ("starts_at", "too_far"): mark_for_translation("Ngày này còn xa hơn một năm. Xem lại năm nhé."),
        ("minutes", "range"): mark_for_translation("Buổi học dài từ {least} tới {most} phút."),
        ("venue", "missing"): mark_for_translation("Ghi nơi học nhé, để bà con biết đường tới."),
        ("map_url", "not_https"): mark_for_translation(
            "Địa chỉ bản đồ phải bắt đầu bằng https://. Chép từ ứng dụng bản đồ rồi dán vào đây."
        ),
        ("unit_id", "unknown"): mark_for_translation("Đơn vị này đang ngừng hoặc không ở đây. Chọn đơn vị khác nhé."),
        ("seats", "range"): mark_for_translation("Số chỗ từ 1 tới {most}, hoặc để trống."),
        ("weeks", "range"): mark_for_translation("Số tuần từ 1 tới {most}."),
    }
)
_LIMITS = {"minutes": MAX_MINUTES, "seats": MAX_SEATS, "weeks": MAX_WEEKS}  # by field
TOO_LONG = mark_for_translation("Chỗ này dài quá. Viết gọn lại nhé.")
UNKNOWN_CHOICE = mark_for_translation("Máy chưa nhận ra điều vừa chọn. Chọn lại nhé.")
# What stands in the folded part of the form, see plan_form.html.
FOLDED_FIELDS = ("ban-do", "tang", "gui-xe", "xe-lan", "so-cho", "tieng", "mang-theo")
VENUE_FIELDS = ("ban-do", "tang", "gui-xe", "xe-lan", "so-cho")  # folded ones that are wrong when the venue changes
_COPIED_FIELDS = ("noi", "dia-chi", *VENUE_FIELDS, "gio", "phut")  # from the ward's latest plan
_HOUR = re.compile(r"(\d{1,2})(?:\s*(?::|h|giờ)\s*(\d{2})?)?", re.ASCII | re.IGNORECASE)  # "8:30", "8h30", "14 giờ"


@dataclass(frozen=True, slots=True)
class PlanForm:
    """The form's values as typed."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


def new_form(latest: PlannedClass | None, chosen: Mapping[str, str]) -> PlanForm:
    """A form with the place of the ward's latest plan, as most wards teach in the same room.

    ``chosen``: what the link to the form says; it may name a lesson and a day.
    """
    values = {"gio": DEFAULT_HOUR, "phut": str(DEFAULT_MINUTES), "so-tuan": "1", "tieng": "vi"}
    if latest:
        earlier = filled_form(latest)
        values |= {name: earlier[name] for name in _COPIED_FIELDS}
    return PlanForm(values | {name: chosen[name] for name in ("bai", "ngay") if name in chosen})


def filled_form(planned: PlannedClass) -> PlanForm:
    """A form with the values of a planned class."""
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
            "don-vi": plan.unit_id or "",
            "mang-theo": plan.bring,
            "so-cho": "" if plan.seats is None else str(plan.seats),
            "vi-sao": planned.change_note,
        }
    )


def read_plan(form: PlanForm) -> ClassPlan:
    """The plan that was typed. What cannot be read is None or 0, which ``validate_plan`` refuses."""
    course, _, lesson = form["bai"].partition("/")
    seats = form["so-cho"].strip()
    return ClassPlan(
        course=course,
        lesson=lesson,
        starts_at=_read_start(form["ngay"], form["gio"]),
        minutes=read_number(form["phut"]),
        venue=form["noi"],
        address=form["dia-chi"],
        map_url=form["ban-do"],
        floor=form["tang"],
        parking=form["gui-xe"],
        wheelchair=form["xe-lan"],  # type: ignore[arg-type]  # validate_plan refuses others
        language=form["tieng"] or "vi",
        bring=form["mang-theo"],
        seats=read_number(seats) if seats else None,
        unit_id=form["don-vi"] or None,
    )


def _read_start(day: str, hour: str) -> datetime | None:
    """The moment of a day and an hour of Vietnam; None if one of them cannot be read.

    Browsers that know no fields for a day or an hour, such as Safari 13, send what was typed.
    """
    hour, local_day = hour.strip(), read_day(day)
    if local_day is None:
        return None
    try:
        typed_hour = _HOUR.fullmatch(hour)
        local_hour = time(int(typed_hour[1]), int(typed_hour[2] or 0)) if typed_hour else time.fromisoformat(hour)
    except ValueError:
        return None
    local = datetime.combine(local_day, local_hour)
    return local.replace(tzinfo=vietnam_time.VIETNAM) if local.tzinfo is None else None


def problem_in_words(field: str, why: str) -> str:
    """What to say of a field with this ``Problem``."""
    sentence = TOO_LONG if why == "too_long" else PROBLEMS.get((field, why), UNKNOWN_CHOICE)
    return translate(sentence).format(least=MIN_MINUTES, most=_LIMITS.get(field, ""))
