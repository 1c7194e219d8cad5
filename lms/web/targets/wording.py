"""What is said of targets and of figures that were counted by hand."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lms.learning.targets.hand_counted_figures import MAX_NOTE_LENGTH
from lms.learning.targets.indicators import all_indicators
from lms.learning.targets.target_admin import MAX_NUMBER
from lms.learning.targets.target_progress import TargetProgress
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web.language import page_language, translate
from lms.web.page_formats import grouped

ORIGIN_NAMES = MappingProxyType(
    {"registered": mark_for_translation("Đăng ký"), "given": mark_for_translation("Được giao")}
)
# By field of the services: its name in the form, in the order of the form.
FIELDS = MappingProxyType(
    {
        "unit_id": "don-vi", "indicator": "chi-so", "period": "ky", "origin": "nguon", "day": "ngay",
        "number": "so", "note": "ghi-chu",
    }
)  # fmt: skip
PROBLEMS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("unit_id", "missing"): mark_for_translation("Chọn một đơn vị nhé."),
        ("unit_id", "unknown"): mark_for_translation("Đơn vị này đang ngừng hoặc không ở đây. Chọn đơn vị khác nhé."),
        ("indicator", "missing"): mark_for_translation("Chọn đếm gì nhé."),
        ("period", "missing"): mark_for_translation("Chọn kỳ nhé."),
        ("number", "range"): mark_for_translation("Ghi một số từ 1 tới {most}."),
        ("origin", "nobody_above"): mark_for_translation("Trên thành phố không có nơi nào giao. Chọn “Đăng ký” nhé."),
        ("day", "missing"): mark_for_translation("Ghi ngày nhé."),
        ("day", "future"): mark_for_translation("Ngày này chưa tới. Xem lại ngày nhé."),
        ("day", "past"): mark_for_translation("Ngày này đã hơn hai năm. Xem lại năm nhé."),
        ("note", "too_long"): mark_for_translation("Ghi chú dài quá {most} chữ. Viết gọn lại nhé."),
        ("note", "number"): mark_for_translation("Ghi chú có dãy số dài như số điện thoại. Bỏ số ấy nhé."),
    }
)
UNKNOWN_CHOICE = mark_for_translation("Máy chưa nhận ra điều vừa chọn. Chọn lại nhé.")


def errors_by_field(problems: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each wrong field, by its name in the form, in the order of the form."""
    return {name: _problem(field, problems[field]) for field, name in FIELDS.items() if field in problems}


def _problem(field: str, why: str) -> str:
    most = MAX_NUMBER if field == "number" else MAX_NOTE_LENGTH
    return translate(PROBLEMS.get((field, why), UNKNOWN_CHOICE)).format(most=grouped(most))


def reached_in_words(reached: TargetProgress) -> str:
    """ "Đã có 120, trong đó 20 ghi tay" """
    total, by_hand = grouped(reached.total), grouped(reached.by_hand)
    if not reached.total:
        return translate("Chưa có số") if reached.by_site is None else translate("Đã có {}").format(0)
    if not reached.by_site:
        return translate("Đã có {}, ghi tay").format(total)
    if reached.by_hand:
        return translate("Đã có {}, trong đó {} ghi tay").format(total, by_hand)
    return translate("Đã có {}").format(total)


def indicator_name(key: str) -> str:
    """ "lớp đã mở"; of an indicator that is no longer known, its key."""
    indicator = all_indicators().get(key)
    if indicator is None:
        return key
    return indicator.name if page_language() == SOURCE_LANGUAGE else indicator.name_en


def indicator_meaning(key: str) -> str:
    """How an indicator is counted; "" of one that is no longer known."""
    indicator = all_indicators().get(key)
    if indicator is None:
        return ""
    return indicator.what if page_language() == SOURCE_LANGUAGE else indicator.what_en
