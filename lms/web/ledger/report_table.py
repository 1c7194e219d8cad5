"""A report as rows in sections, of which page, sheet and file are made: so they have the same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from lms.learning.ledger.indicators import all_indicators
from lms.learning.ledger.period_report import PeriodReport, TargetLine
from lms.learning.movement_statistics.indicators import MIN_MINUTES, MIN_PEOPLE, MIN_PHONES, Indicator, LeftOut
from lms.message_catalog import mark_for_translation
from lms.web.ledger.wording import KIND_NAMES
from lms.web.vietnamese_formats import grouped

Section = Literal["counted", "entered", "targets", "left_out", "parts"]
SECTION_TITLES: Mapping[Section, str] = MappingProxyType(
    {
        "counted": "Trang tự đếm",
        "entered": "Đếm tay",
        "targets": "Chỉ tiêu của kỳ",
        "left_out": "Không tính",
        "parts": "Từng nơi",
    }
)
COUNTED_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Indicator.CLASSES: mark_for_translation("Lớp"),
        "facilitators": mark_for_translation("Người đứng các lớp ấy"),
        Indicator.ATTENDANCES: mark_for_translation("Lượt người cầm máy ở lớp"),
        Indicator.WITHOUT_PHONE: mark_for_translation("Lượt người không cầm máy"),
        Indicator.LEARNERS: mark_for_translation("Người học mới"),
        "learners_so_far": mark_for_translation("Người học từ đầu tới hết kỳ"),
        Indicator.UNDERSTOOD: mark_for_translation("Người lần đầu hiểu được một bài"),
        Indicator.COULD_DO: mark_for_translation("Người lần đầu làm được một bài"),
        Indicator.USED: mark_for_translation("Người lần đầu dùng thật một bài"),
    }
)
_LEFT_OUT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        LeftOut.EMPTY: "Lớp không ai vào",
        LeftOut.FEW: f"Lớp dưới {MIN_PHONES} máy hay dưới {MIN_PEOPLE} người",
        LeftOut.SHORT: f"Lớp chưa tới {MIN_MINUTES} phút",
        LeftOut.REPEATED: "Lớp hầu hết là máy đã tính ở lớp khác cùng ngày",
    }
)
HEADINGS = ("Mục", "Nội dung", "Kỳ này", "Kỳ trước", "Chênh", "Chỉ tiêu", "Ghi chú")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A number of a report. ``before``: of the period before; ``target``: how many were wanted; None: there is none."""

    section: Section
    label: str
    now: int
    before: int | None = None
    target: int | None = None
    note: str = ""

    @property
    def difference(self) -> int | None:
        return None if self.before is None else self.now - self.before

    def cells(self) -> tuple[int | str, ...]:
        """The cells of this row in a sheet, in the order of ``HEADINGS``."""
        numbers = (self.now, self.before, self.difference, self.target)
        return SECTION_TITLES[self.section], self.label, *("" if one is None else one for one in numbers), self.note


def report_rows(report: PeriodReport) -> list[ReportRow]:
    """All numbers of a report, in the order of its sections."""
    return [*_rows(report)]


def rows_by_section(report: PeriodReport) -> list[tuple[Section, list[ReportRow]]]:
    """The sections that have rows, for the page."""
    by_section: dict[Section, list[ReportRow]] = {}
    for row in _rows(report):
        by_section.setdefault(row.section, []).append(row)
    return list(by_section.items())


def number_with_sign(difference: int | None) -> str:
    """ "+12", "−3", "0"; a line that has none is a dash."""
    if difference is None:
        return "–"
    return f"{'+' if difference > 0 else '−' if difference < 0 else ''}{grouped(abs(difference))}"


def _rows(report: PeriodReport) -> Iterator[ReportRow]:
    for line in report.counted:
        yield ReportRow("counted", COUNTED_LABELS[line.key], line.now, line.before)
    for line in report.entered:
        yield ReportRow("entered", _indicator_name(line.key), line.now, line.before)
    for line in report.targets:
        yield ReportRow("targets", _indicator_name(line.indicator), line.reached, target=line.number, note=_note(line))
    for left_out in report.left_out:
        note = f"{grouped(left_out.people)} người" if left_out.people else ""
        yield ReportRow("left_out", _LEFT_OUT_LABELS.get(left_out.reason, left_out.reason), left_out.classes, note=note)
    if report.repeated:
        yield ReportRow("left_out", "Lượt của máy đã tính ở lớp khác cùng ngày", report.repeated)
    for part in report.parts:
        for line in part.lines:
            yield ReportRow("parts", f"{part.name}: {COUNTED_LABELS[line.key].lower()}", line.now, line.before)


def _note(line: TargetLine) -> str:
    missing = line.number - line.reached
    if missing > 0:
        how_far = f"còn {grouped(missing)}"
    else:
        how_far = f"vượt {grouped(-missing)}" if missing else "vừa đủ"
    by_hand = f", {grouped(line.by_hand)} đếm tay" if line.by_hand else ""
    state = "" if line.signed == line.number else ", chưa ký"
    return f"{KIND_NAMES[line.kind]}{state}: {how_far}{by_hand}"


def _indicator_name(key: str) -> str:
    indicator = all_indicators().get(key)
    return indicator.name[0].upper() + indicator.name[1:] if indicator else key
