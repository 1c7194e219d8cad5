"""The class report as a table, in CSV and XLSX."""

from __future__ import annotations

from collections.abc import Sequence

from lms.learning.classroom.report.class_report import Attendance, ClassReport, EveningReport
from lms.web.classroom.question_display import ROUND_NAMES
from lms.web.classroom.report.wording import ReportHeader, count_reached_goal, practice_rows
from lms.web.spreadsheets import write_csv, write_xlsx

HEADINGS = ("Phần", "Mục", "Số", "Trong", "Ghi chú")

Row = tuple[str, str, int | str, int | str, str]


def table_rows(header: ReportHeader, report: ClassReport) -> list[Row]:
    """One row per count: section, item, number, total, remark. No row is about a single person."""
    counts, class_session = report.counts, report.class_session
    rows: list[Row] = [
        ("Lớp", "Bài", "", "", counts.lesson),
        *_place_and_time_rows("Lớp", header),
        *_attendance_rows(counts.attendance, class_session.head_count),
    ]
    if counts.practice is not None:
        practice = counts.practice
        rows += [("Bài tập", label, machines, practice.machines, "máy") for label, machines in practice_rows(practice)]
    rows += [
        ("Màn hay sai", screen.title, screen.times, "", f"lần, ở {screen.machines} máy") for screen in counts.mistakes
    ]
    if counts.questions:
        rows.append(("Câu hỏi", "Số câu đã hỏi", counts.asked, counts.questions, "câu"))
    for item in counts.question_counts:
        for round_number, round in enumerate(item.rounds, 1):
            round_name = ROUND_NAMES[round_number]
            if round.right is None:
                rows.append(("Hỏi ý", item.prompt, round.answered, "", f"câu trả lời, {round_name}"))
            else:
                rows.append(("Câu hỏi", item.prompt, round.right, round.answered, f"đúng, {round_name}"))
            if round.hands:
                rows.append(
                    ("Giơ tay", item.prompt, _blank_if_none(round.hands_right), round.hands, f"đúng, {round_name}")
                )
    if counts.attested_seats is not None:
        rows += [
            ("Dùng liền", "Chỗ đã thấy làm trên máy thật", counts.attested_seats, "", ""),
            ("Dùng liền", "Người ở những chỗ ấy", counts.attested_people, "", ""),
        ]
    rows.append(("Lớp sau", "", "", "", counts.advice))
    return rows


def _place_and_time_rows(section: str, header: ReportHeader) -> list[Row]:
    return [
        (section, "Nơi", "", "", header.where),
        (section, "Ngày", "", "", header.day),
        (section, "Giờ", "", "", header.when),
        (section, "Phút", _blank_if_none(header.minutes), "", ""),
    ]


def _attendance_rows(attendance: Attendance, head_count: int | None) -> list[Row]:
    return [
        ("Có mặt", "Máy", attendance.machines, "", ""),
        ("Có mặt", "Người tự báo trên các máy", attendance.phone_people, "", ""),
        ("Có mặt", "Chỗ thêm, không có máy", attendance.added_seats, "", ""),
        ("Có mặt", "Người ở chỗ thêm", attendance.added_people, "", ""),
        ("Có mặt", "Đếm trong phòng", _blank_if_none(head_count), "", "chưa đếm" if head_count is None else ""),
    ]


def rows_of_all_lessons(header: ReportHeader, evening: EveningReport) -> list[Row]:
    """Who came, a line for each lesson, and below it the rows of each lesson that are its own."""
    attendance, head_count = evening.attendance, evening.class_session.head_count
    rows: list[Row] = [
        ("Buổi", "Số bài", len(evening.lessons), "", ""),
        *_place_and_time_rows("Buổi", header),
        *_attendance_rows(attendance, head_count),
    ]
    for report in evening.lessons:
        counts, part = report.counts, f"Bài {report.class_session.lesson_number}"
        rows.append((part, "Tên bài", "", "", counts.lesson))
        if counts.participation is not None:
            rows += [
                (part, "Máy dự bài này", counts.participation.machines, attendance.machines, "máy"),
                (part, "Người dự bài này", counts.participation.people, attendance.people, "người"),
                (part, "Máy có trả lời", counts.participation.answered, attendance.machines, "máy"),
            ]
        if counts.practice is not None:
            rows.append((part, "Máy tập tới đích", count_reached_goal(counts.practice), attendance.machines, "máy"))
        rows += [
            (f"{part}, {section.lower()}", item, number, total, remark)
            for section, item, number, total, remark in table_rows(header, report)
            if section not in ("Lớp", "Có mặt")
        ]
    return rows


def to_csv(rows: Sequence[Row]) -> bytes:
    return write_csv([HEADINGS, *rows])


def to_xlsx(rows: Sequence[Row]) -> bytes:
    return write_xlsx([HEADINGS, *rows], title="Báo cáo lớp", widths=(16, 46, 10, 10, 60))


def _blank_if_none(count: int | None) -> int | str:
    return "" if count is None else count
