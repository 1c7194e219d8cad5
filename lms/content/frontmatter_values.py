"""Numbers and dates of the front matter: read, or reported with what to type instead."""

from __future__ import annotations

import re
from datetime import date

from lms.content.frontmatter import FrontMatter, Value
from lms.content.source import Report, plain

_WHOLE = re.compile(r"0*[0-9]{1,6}$")
_PERCENT = re.compile(r"0*[0-9]{1,3}(?:[.,][0-9]{1,4})?$")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_YEAR_FIRST = re.compile(r"([0-9]{4})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})$")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{4})$")


def percent(front: FrontMatter, report: Report, code: str, default: int) -> int | float:
    """A number from 0 to 100, an int when it is whole; ``default`` when it is not given or cannot be read."""
    value = front.value(code)
    if value is None:
        return default
    typed = plain(value.text)
    number = float(typed.replace(",", ".")) if _PERCENT.match(typed) else -1.0
    if not 0 <= number <= 100:
        message = f"Viết “{front.keys[code].text}” là một số từ 0 đến 100, không kèm dấu hay chữ."
        digits = re.search(r"[0-9]+", typed)
        meant = digits[0] if digits and len(digits[0]) <= 3 and int(digits[0]) <= 100 else str(default)
        report.error("bad-percent", message, value.line, value.column, meant)
        return default
    _mend(report, value)
    return int(number) if number.is_integer() else number


def whole(front: FrontMatter, report: Report, code: str) -> int | None:
    """A whole number above 0; None when it is not given or cannot be read."""
    value = front.value(code)
    if value is None:
        return None
    typed = plain(value.text)
    number = int(typed) if _WHOLE.match(typed) else 0
    if number > 0:
        _mend(report, value)
        return number
    message = f"Viết “{front.keys[code].text}” là một số nguyên lớn hơn 0, không kèm chữ."
    digits = re.search(r"[1-9][0-9]{0,5}", typed)
    report.error("bad-number", message, value.line, value.column, digits[0] if digits else None)
    return None


def past_date(front: FrontMatter, report: Report, code: str, today: date) -> date | None:
    """A date written YYYY-MM-DD, which should not be after ``today``; None when it is not given or cannot be read."""
    value = front.value(code)
    if value is None:
        return None
    typed = plain(value.text)
    day = _day(typed) if _DATE.match(typed) else None
    if day is None:
        meant = _meant_day(typed)
        shown = f"ở đây là {meant}" if meant else "như 2026-01-31"
        message = f"Viết ngày theo dạng năm-tháng-ngày, {shown}."
        report.error("bad-date", message, value.line, value.column, meant)
        return None
    _mend(report, value)
    if day > today:
        message = f"Ngày này còn ở phía trước (hôm nay là {today.isoformat()}); bác xem lại năm, tháng, ngày."
        report.warning("date-in-future", message, value.line, value.column)
    return day


def _mend(report: Report, value: Value) -> None:
    report.mend(value.line, value.column, value.column + len(value.text))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _meant_day(text: str) -> str | None:
    """The date in the wanted form, when the text is one in another; Vietnamese write the day first."""
    year_first, day_first = _YEAR_FIRST.match(text), _DAY_FIRST.match(text)
    if year_first:
        year, month, day = year_first.groups()
    elif day_first:
        day, month, year = day_first.groups()
    else:
        return None
    meant = f"{year}-{month:0>2}-{day:0>2}"
    return meant if _day(meant) else None
