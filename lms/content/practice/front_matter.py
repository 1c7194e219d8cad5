"""The front matter of lam.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lms.content import draft_flag, ignored_advice
from lms.content.front_matter import FrontMatter, Value, read_front_matter
from lms.content.front_matter_keys import Key
from lms.content.front_matter_values import last_check_date, percent
from lms.content.fuzzy_matching import normalize_word
from lms.content.practice.compiling import random_digit_count
from lms.content.practice.vocabulary import DEVICES
from lms.content.source import Diagnostics, Source, ascii_punctuation
from lms.content.translation import original_digest

KEYS = (
    Key("name", ("tên", "name"), required=True, has_default=True),
    Key("start", ("bắt đầu", "start"), required=True, has_default=True),
    Key("goal", ("đích", "goal"), required=True, has_default=True),
    Key("simulates", ("mô phỏng", "simulates")),
    Key("device", ("máy", "device"), kind="words"),
    Key("pass", ("đạt", "pass")),
    Key("data", ("dữ liệu", "data"), kind="map"),
    Key("card", ("thẻ việc", "card")),
    Key("checked", ("kiểm tra ngày", "checked")),
    ignored_advice.KEY,
    draft_flag.KEY,
    original_digest.KEY,
)
DEFAULT_PASS_PERCENT = 80  # percent
RECHECK_AFTER = 180  # days, unless the course sets its own
_MAX_DRAWN_DIGITS = 32  # digits

_MEANT_DRAW = re.compile(r"(?:random|rand|ngẫu nhiên|rút)\b.*|\d{1,2} (?:chữ )?số(?: ngẫu nhiên)?", re.IGNORECASE)
_MISSPELT_DRAW = re.compile(r"s[iy]nh*\s*(?:[(\[].*|[0-9]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PracticeFrontMatter:
    """Parsed front matter; ``data`` has the valid entries."""

    matter: FrontMatter
    pass_percent: float
    devices: tuple[str, ...]
    data: tuple[tuple[str, str], ...]
    checked: date | None

    @property
    def names(self) -> frozenset[str]:
        """The normalised names of all data, valid or not."""
        return frozenset(normalize_word(name.text) for name, _ in self.matter.mapping("data"))


def read_practice_front_matter(
    source: Source, diagnostics: Diagnostics, today: date, recheck_after: int
) -> PracticeFrontMatter:
    matter = read_front_matter(source, diagnostics, KEYS)
    checked = last_check_date(matter, diagnostics, today)
    typed = matter.value("checked")
    if checked and typed and (today - checked).days > recheck_after:
        message = f"Bài tập đã quá {recheck_after} ngày chưa được xem lại; bác so với ứng dụng thật rồi sửa ngày này."
        diagnostics.warning("stale", message, typed.line, typed.column)
    ignored_advice.read_ignored_advice(matter, diagnostics)
    draft_flag.report_misplaced_draft_flag(matter, diagnostics)
    data = tuple(
        (name.text, value.text) for name, value in matter.mapping("data") if _is_valid_data(diagnostics, name, value)
    )
    return PracticeFrontMatter(
        matter, percent(matter, diagnostics, "pass", DEFAULT_PASS_PERCENT), _devices(matter, diagnostics), data, checked
    )


def _devices(matter: FrontMatter, diagnostics: Diagnostics) -> tuple[str, ...]:
    devices: list[str] = []
    for value in matter.values.get("device", ()):
        code = DEVICES.find(value.text)
        if code is None:
            near = DEVICES.nearest(value.text)
            message = f"“máy” là Android hoặc iPhone; có phải bác muốn viết “{near}”?"
            diagnostics.error("unknown-device", message, value.line, value.column, near)
        elif code not in devices:
            devices.append(code)
    return tuple(devices)


def _is_valid_data(diagnostics: Diagnostics, name: Value, value: Value) -> bool:
    if any(char in '{}|"' for char in name.text):
        message = f"Đặt tên dữ liệu bằng chữ và số, không có dấu ngoặc: “{name.text}”."
        diagnostics.error("data-name", message, name.line, name.column)
        return False
    if "{{" in value.text:
        message = "Giá trị trong “dữ liệu” viết thẳng ra, không dùng {{ }}."
        diagnostics.error("data-value", message, value.line, value.column)
        return False
    length = random_digit_count(value.text)
    if length is None and _MEANT_DRAW.fullmatch(value.text):
        message = "Chữ này hiện ra y như bác gõ; muốn máy rút số thì viết sinh(n), n là số chữ số, như sinh(6)."
        diagnostics.warning("data-drawn", message, value.line, value.column, "sinh(6)")
    if length is None and not _MISSPELT_DRAW.fullmatch(ascii_punctuation(value.text)):
        return True
    if length is None or not 1 <= length <= _MAX_DRAWN_DIGITS:
        message = f"Viết sinh(n) với n là số chữ số cần rút, từ 1 đến {_MAX_DRAWN_DIGITS}, như sinh(6)."
        diagnostics.error("data-drawn", message, value.line, value.column, "sinh(6)")
        return False
    diagnostics.check_punctuation(value.line, value.column, value.column + len(value.text))
    return True
