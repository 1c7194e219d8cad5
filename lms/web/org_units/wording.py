"""What is said of the lines of a list of units, and of their names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lms.learning.org_units.unit_list import MAX_LINES, MAX_NAME_LENGTH
from lms.message_catalog import mark_for_translation
from lms.web.language import translate
from lms.web.spreadsheets import SheetProblem

LINE_PROBLEMS: Mapping[str, str] = MappingProxyType(
    {
        "missing": mark_for_translation("thiếu tên."),
        "too_long": mark_for_translation("tên dài quá {most} chữ. Viết gọn lại nhé."),
        "number": mark_for_translation("có dãy số dài như số điện thoại. Ở đây chỉ ghi tên đơn vị."),
        "symbol": mark_for_translation("tên cần có chữ, như “Khu phố 3”."),
        "formula": mark_for_translation("là công thức, hoặc bắt đầu bằng dấu = + - @. Ghi chữ thường nhé."),
        "unknown_kind": mark_for_translation(
            "máy chưa rõ là khu phố, ấp, tổ công nghệ số hay tổ chức. Ghi thêm ở cột “Loại”."
        ),
        "unknown_parent": mark_for_translation(
            "chưa rõ tổ của khu phố, ấp nào. Ghi tên khu phố, ấp ở cột “Thuộc khu phố, ấp”."
        ),
        "needs_ward": mark_for_translation("khu phố, ấp và tổ công nghệ số ghi ở danh sách của phường, xã."),
        "extra": mark_for_translation("có nhiều hơn ba cột."),
        "exists": mark_for_translation("đã có đơn vị khác tên như vậy."),
    }
)
SHEET_PROBLEMS: Mapping[SheetProblem, str] = MappingProxyType(
    {
        "empty": mark_for_translation("Tệp này chưa có dòng nào. Mở lại tệp xem đã lưu chưa nhé."),
        "old_excel": mark_for_translation(
            "Đây là tệp Excel đời cũ (.xls). Mở tệp, chọn “Lưu thành”, kiểu .xlsx, rồi chọn lại nhé."
        ),
        "not_a_sheet": mark_for_translation("Tệp này không phải bảng tính. Chọn tệp .xlsx hoặc .csv nhé."),
        "encoding": mark_for_translation(
            "Chữ trong tệp này máy chưa đọc được. Lưu lại kiểu “CSV UTF-8” hoặc .xlsx nhé."
        ),
        "too_large": mark_for_translation(
            "Tệp này giải nén ra lớn quá nên trang không mở. Chép riêng phần danh sách sang tệp mới nhé."
        ),
        "broken": mark_for_translation(
            "Tệp này hỏng hoặc không đúng kiểu. Mở bằng Excel, lưu lại .xlsx rồi chọn lại nhé."
        ),
        "too_many_lines": mark_for_translation("Một lần nhận nhiều nhất {most} dòng. Chia ra vài tệp nhé."),
    }
)
NOTHING_TYPED = mark_for_translation("Ghi ít nhất một dòng, hoặc chọn một tệp nhé.")


def name_error_sentence(why: str) -> str:
    """What to say of the name of one unit."""
    sentence = line_problem(why)
    return sentence[:1].upper() + sentence[1:]


def line_problem(why: str) -> str:
    """What to say of the name in a line of a list, behind a colon."""
    return translate(LINE_PROBLEMS[why]).format(most=MAX_NAME_LENGTH)


def sheet_problem(why: SheetProblem) -> str:
    """What to say of a file."""
    return translate(SHEET_PROBLEMS[why]).format(most=MAX_LINES)
