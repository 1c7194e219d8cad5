"""Days, hours and numbers in the language of the page; ``lms.vietnam_time`` has the Vietnamese of paper and files."""

from __future__ import annotations

from datetime import date, datetime

from lms import vietnam_time
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.vietnam_time import hour_and_minute, to_vietnam_time
from lms.web import vietnamese_formats
from lms.web.language import page_language, translate

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RELATIVE_DAYS = (mark_for_translation("Hôm nay"), mark_for_translation("Ngày mai"))


def day_in_words(day: date | datetime | str) -> str:
    """The date of a day, a time or a text like YYYY-MM-DD: "25 tháng 11 năm 2026", "25 November 2026"."""
    if _is_vietnamese():
        return vietnam_time.day_in_words(day)
    if isinstance(day, str):
        day = date.fromisoformat(day)
    elif isinstance(day, datetime):
        day = to_vietnam_time(day)
    return f"{_day_and_month(day)} {day.year}"


def moment_in_words(moment: datetime) -> str:
    """Time and date in Vietnam: "9 giờ 05, ngày 25 tháng 11 năm 2026", "9:05 on 25 November 2026"."""
    if _is_vietnamese():
        return vietnam_time.moment_in_words(moment)
    return f"{hour_and_minute(moment)} on {day_in_words(moment)}"


def month_in_words(day: date) -> str:
    """The month of a day: "Tháng 11 năm 2026", "November 2026"."""
    words = month_in_sentence(day)
    return words[0].upper() + words[1:]


def month_in_sentence(day: date) -> str:
    """The month of a day inside a sentence: "tháng 11 năm 2026", "November 2026"."""
    return f"tháng {day.month} năm {day.year}" if _is_vietnamese() else f"{_MONTHS[day.month - 1]} {day.year}"


def weekday_and_day(moment: datetime) -> str:
    """Without the year: "Thứ Tư, ngày 2 tháng 12", "Wednesday, 2 December"."""
    if _is_vietnamese():
        return vietnam_time.weekday_and_day(moment)
    return f"{weekday(to_vietnam_time(moment))}, {_day_and_month(to_vietnam_time(moment))}"


def weekday(day: date) -> str:
    """ "Thứ Tư", "Wednesday" """
    return (vietnam_time.WEEKDAYS if _is_vietnamese() else _WEEKDAYS)[day.weekday()]


def relative_day(moment: datetime, now: datetime) -> str:
    """ "Hôm nay" or "Ngày mai", "Today" or "Tomorrow", for a moment of these days, else ""."""
    days = (to_vietnam_time(moment).date() - to_vietnam_time(now).date()).days
    return translate(_RELATIVE_DAYS[days]) if days in (0, 1) else ""


def grouped(number: int) -> str:
    """ "1.500", "1,500" """
    return vietnamese_formats.grouped(number) if _is_vietnamese() else f"{number:,}"


def _is_vietnamese() -> bool:
    return page_language() == SOURCE_LANGUAGE


def _day_and_month(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"
