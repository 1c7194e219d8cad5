"""The front matter of lam.md: names, start and goal, data, and what the practice simulates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lms.content.frontmatter import FrontMatter, Key, Value, read_front_matter
from lms.content.frontmatter_values import past_date, percent
from lms.content.fuzzy_words import fold
from lms.content.practice.compiling import drawn_length
from lms.content.practice.words import DEVICES
from lms.content.source import Report, Source, plain

KEYS = (
    Key("name", ("tên", "name"), required=True),
    Key("start", ("bắt đầu", "start"), required=True),
    Key("goal", ("đích", "goal"), required=True),
    Key("simulates", ("mô phỏng", "simulates")),
    Key("device", ("máy", "device"), kind="words"),
    Key("pass", ("đạt", "pass")),
    Key("data", ("dữ liệu", "data"), kind="map"),
    Key("card", ("thẻ việc", "card")),
    Key("checked", ("kiểm tra ngày", "checked")),
)
DEFAULT_PASS = 80  # percent
RECHECK_AFTER = 180  # days, where the course does not say
_MOST_DRAWN = 32  # digits

_LIKE_DRAWN = re.compile(r"s[iy]nh*\s*(?:[(\[].*|[0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Front:
    """What the front matter says; ``data`` holds what could be understood."""

    matter: FrontMatter
    pass_percent: int | float
    devices: tuple[str, ...]
    data: tuple[tuple[str, str], ...]
    checked: date | None

    @property
    def names(self) -> frozenset[str]:
        """The names of the data in the form in which they are compared, drawn or not."""
        return frozenset(fold(name.text) for name, _ in self.matter.mapping("data"))


def read_front(source: Source, report: Report, today: date, recheck_after: int) -> Front:
    matter = read_front_matter(source, report, KEYS)
    checked = past_date(matter, report, "checked", today)
    typed = matter.value("checked")
    if checked and typed and (today - checked).days > recheck_after:
        message = f"Bài tập đã quá {recheck_after} ngày chưa được xem lại; bác so với ứng dụng thật rồi sửa ngày này."
        report.warning("stale", message, typed.line, typed.column)
    data = tuple((name.text, value.text) for name, value in matter.mapping("data") if _is_sound(report, name, value))
    return Front(matter, percent(matter, report, "pass", DEFAULT_PASS), _devices(matter, report), data, checked)


def _devices(matter: FrontMatter, report: Report) -> tuple[str, ...]:
    known = []
    for value in matter.values.get("device", ()):
        code = DEVICES.find(value.text)
        if code is None:
            near = DEVICES.nearest(value.text)
            message = f"“máy” là Android hoặc iPhone; có phải bác muốn viết “{near}”?"
            report.error("unknown-device", message, value.line, value.column, near)
        elif code not in known:
            known.append(code)
    return tuple(known)


def _is_sound(report: Report, name: Value, value: Value) -> bool:
    if any(char in '{}|"' for char in name.text):
        message = f"Đặt tên dữ liệu bằng chữ và số, không có dấu ngoặc: “{name.text}”."
        report.error("data-name", message, name.line, name.column)
        return False
    if "{{" in value.text:
        message = "Giá trị trong “dữ liệu” viết thẳng ra, không dùng {{ }}."
        report.error("data-value", message, value.line, value.column)
        return False
    length = drawn_length(value.text)
    if length is None and not _LIKE_DRAWN.fullmatch(plain(value.text)):
        return True
    if length is None or not 1 <= length <= _MOST_DRAWN:
        message = f"Viết sinh(n) với n là số chữ số cần rút, từ 1 đến {_MOST_DRAWN}, như sinh(6)."
        report.error("data-drawn", message, value.line, value.column, "sinh(6)")
        return False
    report.mend(value.line, value.column, value.column + len(value.text))
    return True
