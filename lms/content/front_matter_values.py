"""Numbers and dates in front matter; the problems of what was typed in their place are reported."""

from __future__ import annotations

import re
from datetime import date

from lms.content.front_matter import FrontMatter, Value
from lms.content.source import Diagnostics, ascii_punctuation

_INTEGER = re.compile(r"0*[0-9]{1,6}$")
_PERCENT = re.compile(r"0*[0-9]{1,3}(?:[.,][0-9]{1,4})?$")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_YEAR_FIRST = re.compile(r"([0-9]{4})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})$")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[-/.]\s*([0-9]{1,2})\s*[-/.]\s*([0-9]{4})$")


def percent(front_matter: FrontMatter, diagnostics: Diagnostics, code: str, default: int) -> int | float:
    """A number from 0 to 100, an int if it is whole; ``default`` if it is missing or invalid, which is reported."""
    value = front_matter.value(code)
    if value is None:
        return default
    typed = ascii_punctuation(value.text)
    number = float(typed.replace(",", ".")) if _PERCENT.match(typed) else -1.0
    if not 0 <= number <= 100:
        message = f"Viết “{front_matter.keys[code].text}” là một số từ 0 đến 100, không kèm dấu hay chữ."
        digits = re.search(r"[0-9]+", typed)
        meant = digits[0] if digits and len(digits[0]) <= 3 and int(digits[0]) <= 100 else str(default)
        diagnostics.error("bad-percent", message, value.line, value.column, meant)
        return default
    _check_punctuation(diagnostics, value)
    return int(number) if number.is_integer() else number


def positive_integer(front_matter: FrontMatter, diagnostics: Diagnostics, code: str) -> int | None:
    """An integer above 0; None if it is missing or invalid, which is reported."""
    value = front_matter.value(code)
    if value is None:
        return None
    typed = ascii_punctuation(value.text)
    number = int(typed) if _INTEGER.match(typed) else 0
    if number > 0:
        _check_punctuation(diagnostics, value)
        return number
    message = f"Viết “{front_matter.keys[code].text}” là một số nguyên lớn hơn 0, không kèm chữ."
    digits = re.search(r"[1-9][0-9]{0,5}", typed)
    diagnostics.error("bad-number", message, value.line, value.column, digits[0] if digits else None)
    return None


def last_check_date(front_matter: FrontMatter, diagnostics: Diagnostics, today: date) -> date | None:
    """The date of the last check, written YYYY-MM-DD; None if missing or invalid. Warns if it is after ``today``."""
    value = front_matter.value("checked")
    if value is None:
        return None
    typed = ascii_punctuation(value.text)
    day = _to_date(typed) if _DATE.match(typed) else None
    if day is None:
        meant = _guess_date(typed)
        shown = f"ở đây là {meant}" if meant else "như 2026-01-31"
        message = f"Viết ngày theo dạng năm-tháng-ngày, {shown}."
        diagnostics.error("bad-date", message, value.line, value.column, meant)
        return None
    _check_punctuation(diagnostics, value)
    if day > today:
        message = f"Ngày này còn ở phía trước (hôm nay là {today.isoformat()}); bác xem lại năm, tháng, ngày."
        diagnostics.warning("date-in-future", message, value.line, value.column)
    return day


def _check_punctuation(diagnostics: Diagnostics, value: Value) -> None:
    diagnostics.check_punctuation(value.line, value.column, value.column + len(value.text))


def _to_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _guess_date(text: str) -> str | None:
    """The date as YYYY-MM-DD if the text is a date in another format, in Vietnam with the day first."""
    year_first, day_first = _YEAR_FIRST.match(text), _DAY_FIRST.match(text)
    if year_first:
        year, month, day = year_first.groups()
    elif day_first:
        day, month, year = day_first.groups()
    else:
        return None
    meant = f"{year}-{month:0>2}-{day:0>2}"
    return meant if _to_date(meant) else None
