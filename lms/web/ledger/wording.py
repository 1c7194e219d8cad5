"""What is said of targets, of figures that were counted by hand and of notes."""

from __future__ import annotations

from types import MappingProxyType

from lms.learning.ledger.indicators import all_indicators
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web.language import page_language

KIND_NAMES = MappingProxyType(
    {
        "registered": mark_for_translation("Đăng ký"),
        "given": mark_for_translation("Được giao"),
        "counted": mark_for_translation("Đếm tay"),
    }
)
NOTE_NAMES = MappingProxyType(
    {
        "difficulties": mark_for_translation("Khó khăn"),
        "proposals": mark_for_translation("Kiến nghị"),
        "supplement": mark_for_translation("Ghi thêm sau khi chốt"),
    }
)
PROBLEMS = MappingProxyType(
    {
        "range": mark_for_translation("Ghi một số từ 1 tới {most}."),
        "too_long": mark_for_translation("Viết trong {length} chữ cái, {lines} dòng, để vừa tờ A4. Rút gọn lại nhé."),
        "telephone": mark_for_translation("Trong này có dãy số như số điện thoại hay số căn cước. Bỏ số ấy nhé."),
    }
)


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
