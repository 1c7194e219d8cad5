"""What is said of the lines of a list of units, and of their names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lms.learning.units.unit_list import MAX_LINES, MAX_NAME_LENGTH
from lms.web.spreadsheets import SheetProblem

LINE_PROBLEMS: Mapping[str, str] = MappingProxyType(
    {
        "missing": "thiếu tên.",
        "too_long": f"tên dài quá {MAX_NAME_LENGTH} chữ. Viết gọn lại nhé.",
        "number": "có dãy số dài như số điện thoại. Ở đây chỉ ghi tên đơn vị.",
        "symbol": "tên cần có chữ, như “Khu phố 3”.",
        "formula": "là công thức, hoặc bắt đầu bằng dấu = + - @. Ghi chữ thường nhé.",
        "unknown_kind": "máy chưa rõ là khu phố, ấp, tổ công nghệ số hay tổ chức. Ghi thêm ở cột “Loại”.",
        "unknown_parent": "chưa rõ tổ của khu phố, ấp nào. Ghi tên khu phố, ấp ở cột “Thuộc khu phố, ấp”.",
        "needs_ward": "khu phố, ấp và tổ công nghệ số ghi ở danh sách của phường, xã.",
        "extra": "có nhiều hơn ba cột.",
        "exists": "đã có đơn vị khác tên như vậy.",
    }
)
SHEET_PROBLEMS: Mapping[SheetProblem, str] = MappingProxyType(
    {
        "empty": "Tệp này chưa có dòng nào. Mở lại tệp xem đã lưu chưa nhé.",
        "old_excel": "Đây là tệp Excel đời cũ (.xls). Mở tệp, chọn “Lưu thành”, kiểu .xlsx, rồi chọn lại nhé.",
        "not_a_sheet": "Tệp này không phải bảng tính. Chọn tệp .xlsx hoặc .csv nhé.",
        "encoding": "Chữ trong tệp này máy chưa đọc được. Lưu lại kiểu “CSV UTF-8” hoặc .xlsx nhé.",
        "too_large": "Tệp này giải nén ra lớn quá nên trang không mở. Chép riêng phần danh sách sang tệp mới nhé.",
        "broken": "Tệp này hỏng hoặc không đúng kiểu. Mở bằng Excel, lưu lại .xlsx rồi chọn lại nhé.",
        "too_many_lines": f"Một lần nhận nhiều nhất {MAX_LINES} dòng. Chia ra vài tệp nhé.",
    }
)
NOTHING_TYPED = "Ghi ít nhất một dòng, hoặc chọn một tệp nhé."
TOO_MANY_LINES = SHEET_PROBLEMS["too_many_lines"]


def name_error_sentence(why: str) -> str:
    """What to say of the name of one unit."""
    sentence = LINE_PROBLEMS[why]
    return sentence[:1].upper() + sentence[1:]
