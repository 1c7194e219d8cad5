"""What is said of targets and of figures that were counted by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lms.learning.targets.hand_figures import MAX_NOTE_LENGTH
from lms.learning.targets.reached import Reached
from lms.learning.targets.target_admin import MAX_NUMBER
from lms.web.vietnamese_formats import grouped

ORIGIN_NAMES = MappingProxyType({"registered": "Đăng ký", "given": "Được giao"})
# By field of the services: its name in the form, in the order of the form.
FIELDS = MappingProxyType(
    {
        "unit_id": "don-vi", "indicator": "chi-so", "period": "ky", "origin": "nguon", "day": "ngay",
        "number": "so", "note": "ghi-chu",
    }
)  # fmt: skip
PROBLEMS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("unit_id", "missing"): "Chọn một đơn vị nhé.",
        ("unit_id", "unknown"): "Đơn vị này đang ngừng hoặc không ở đây. Chọn đơn vị khác nhé.",
        ("indicator", "missing"): "Chọn đếm gì nhé.",
        ("period", "missing"): "Chọn kỳ nhé.",
        ("number", "range"): f"Ghi một số từ 1 tới {grouped(MAX_NUMBER)}.",
        ("origin", "nobody_above"): "Trên thành phố không có nơi nào giao. Chọn “Đăng ký” nhé.",
        ("day", "missing"): "Ghi ngày nhé.",
        ("day", "future"): "Ngày này chưa tới. Xem lại ngày nhé.",
        ("day", "past"): "Ngày này đã hơn hai năm. Xem lại năm nhé.",
        ("note", "too_long"): f"Ghi chú dài quá {MAX_NOTE_LENGTH} chữ. Viết gọn lại nhé.",
        ("note", "number"): "Ghi chú có dãy số dài như số điện thoại. Bỏ số ấy nhé.",
    }
)
UNKNOWN_CHOICE = "Máy chưa nhận ra điều vừa chọn. Chọn lại nhé."


def errors_by_field(problems: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each wrong field, by its name in the form, in the order of the form."""
    return {
        name: PROBLEMS.get((field, problems[field]), UNKNOWN_CHOICE)
        for field, name in FIELDS.items()
        if field in problems
    }


def reached_in_words(reached: Reached) -> str:
    """ "Đã có 120, trong đó 20 ghi tay" """
    if not reached.total:
        return "Chưa có số" if reached.by_site is None else "Đã có 0"
    if not reached.by_site:
        return f"Đã có {grouped(reached.total)}, ghi tay"
    by_hand = f", trong đó {grouped(reached.by_hand)} ghi tay" if reached.by_hand else ""
    return f"Đã có {grouped(reached.total)}{by_hand}"
