"""A class's counts as a table: CSV for any program, XLSX for the one that most offices have."""

from __future__ import annotations

import csv
import io

from lms.learning.classroom.report.class_report import Report
from lms.web.classroom.report.wording import Head, practised_rows
from lms.web.classroom.round_labels import ROUND_NAMES

HEADINGS = ("Phần", "Mục", "Số", "Trong", "Ghi chú")
# What makes a spreadsheet take a text for a formula, when it opens it or when somebody saves and opens it again.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Row = tuple[str, str, int | str, int | str, str]


def rows_of(head: Head, report: Report) -> list[Row]:
    """One row a count: part, item, number, of how many, remark. No row is about a person."""
    counts, klass = report.counts, report.klass
    came = counts.attendance
    rows: list[Row] = [
        ("Lớp", "Bài", "", "", counts.lesson),
        ("Lớp", "Nơi", "", "", head.where),
        ("Lớp", "Ngày", "", "", head.day),
        ("Lớp", "Giờ", "", "", head.when),
        ("Lớp", "Phút", _or_nothing(head.minutes), "", ""),
        ("Có mặt", "Máy", came.machines, "", ""),
        ("Có mặt", "Người tự báo trên các máy", came.phone_people, "", ""),
        ("Có mặt", "Chỗ thêm, không có máy", came.added_seats, "", ""),
        ("Có mặt", "Người ở chỗ thêm", came.added_people, "", ""),
        (
            "Có mặt",
            "Đếm trong phòng",
            _or_nothing(klass.head_count),
            "",
            "chưa đếm" if klass.head_count is None else "",
        ),
    ]
    if counts.practised is not None:
        done = counts.practised
        rows += [("Bài tập", label, machines, done.machines, "máy") for label, machines in practised_rows(done)]
    rows += [("Màn hay sai", one.title, one.times, "", f"lần, ở {one.machines} máy") for one in counts.slips]
    if counts.questions:
        rows.append(("Câu hỏi", "Số câu đã hỏi", counts.asked, counts.questions, "câu"))
    for item in counts.items:
        for number, one in enumerate(item.rounds, 1):
            asked = ROUND_NAMES[number]
            if one.right is None:
                rows.append(("Hỏi ý", item.prompt, one.answered, "", f"câu trả lời, {asked}"))
            else:
                rows.append(("Câu hỏi", item.prompt, one.right, one.answered, f"đúng, {asked}"))
            if one.hands:
                rows.append(("Giơ tay", item.prompt, _or_nothing(one.hands_right), one.hands, f"đúng, {asked}"))
    if counts.witnessed is not None:
        rows += [
            ("Dùng liền", "Chỗ đã thấy làm trên máy thật", counts.witnessed, "", ""),
            ("Dùng liền", "Người ở những chỗ ấy", counts.witnessed_people, "", ""),
        ]
    rows.append(("Lớp sau", "", "", "", counts.advice))
    return rows


def csv_of(head: Head, report: Report) -> bytes:
    """UTF-8 with its mark, without which the usual spreadsheet shows "Lá»›p"."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(HEADINGS)
    table.writerows([guarded(cell) for cell in row] for row in rows_of(head, report))
    return written.getvalue().encode("utf-8-sig")


def xlsx_of(head: Head, report: Report) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = "Báo cáo lớp"
    sheet.append(HEADINGS)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(rows_of(head, report), 2):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = guarded(value)
            if isinstance(value, str):
                cell.data_type = "s"  # whatever it begins with
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDE", (16, 46, 10, 10, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def guarded(value: int | str) -> int | str:
    """A text that no spreadsheet calculates."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_BEGINS_FORMULA) else value


def _or_nothing(count: int | None) -> int | str:
    return "" if count is None else count
