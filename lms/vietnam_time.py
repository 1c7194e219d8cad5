"""The time zone of Vietnam, whatever that of the server, and dates in Vietnamese words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))  # no daylight saving
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


def today() -> date:
    """The current date in Vietnam, which decides whether a course is out of date."""
    return datetime.now(VIETNAM).date()


def day_in_words(day: date | datetime | str) -> str:
    """The date of a day, a time or a text like YYYY-MM-DD in words: "25 tháng 11 năm 2026"."""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    elif isinstance(day, datetime):
        day = to_vietnam_time(day)
    return f"{day.day} tháng {day.month} năm {day.year}"


def moment_in_words(moment: datetime) -> str:
    """The Vietnamese local time and date of a moment: "9 giờ 05, ngày 25 tháng 11 năm 2026"."""
    local = to_vietnam_time(moment)
    return f"{local.hour} giờ {local.minute:02}, ngày {day_in_words(moment)}"


def weekday_and_day(moment: datetime) -> str:
    """The weekday and the day of a moment without the year: "Thứ Tư, ngày 2 tháng 12"."""
    local = to_vietnam_time(moment)
    return f"{WEEKDAYS[local.weekday()]}, ngày {local.day} tháng {local.month}"


def relative_day(moment: datetime, now: datetime) -> str:
    """ "Hôm nay" or "Ngày mai" for a moment of these days, else ""."""
    days = to_vietnam_time(moment).date() - to_vietnam_time(now).date()
    return {0: "Hôm nay", 1: "Ngày mai"}.get(days.days, "")


def hour_and_minute(moment: datetime) -> str:
    """The Vietnamese local time of a moment: "8:05"."""
    local = to_vietnam_time(moment)
    return f"{local.hour}:{local.minute:02}"


def to_vietnam_time(moment: datetime) -> datetime:
    """The time in Vietnam's time zone; a naive one, as SQLite returns it, is UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(VIETNAM)


def monday_of(day: date) -> date:
    """The first day of the week of a day."""
    return day - timedelta(days=day.weekday())
