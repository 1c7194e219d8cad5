"""What pages call the indicators, and why a class is not counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lms.learning.figures.indicators import MIN_MINUTES, MIN_PEOPLE, MIN_PHONES, Indicator, LeftOut
from lms.learning.figures.published_values import STEP
from lms.message_catalog import mark_for_translation
from lms.web.language import translate, translate_number
from lms.web.page_formats import grouped

INDICATOR_LABELS: Mapping[Indicator, str] = MappingProxyType(
    {
        Indicator.CLASSES: mark_for_translation("Lớp"),
        Indicator.ATTENDANCES: mark_for_translation("Lượt học ở lớp"),
        Indicator.WITHOUT_PHONE: mark_for_translation("Lượt không cầm máy"),
        Indicator.LEARNERS: mark_for_translation("Người học"),
        Indicator.UNDERSTOOD: mark_for_translation("Hiểu"),
        Indicator.COULD_DO: mark_for_translation("Làm được"),
        Indicator.USED: mark_for_translation("Đã dùng thật"),
    }
)
LEFT_OUT_REASONS: Mapping[str, str] = MappingProxyType(
    {
        LeftOut.EMPTY: mark_for_translation("không ai vào"),
        LeftOut.FEW: mark_for_translation("dưới {phones} máy hay dưới {people} người"),
        LeftOut.SHORT: mark_for_translation("chưa tới {minutes} phút"),
        LeftOut.REPEATED: mark_for_translation("hầu hết là máy đã tính ở lớp khác cùng ngày"),
    }
)


def at_least(value: int) -> str:
    """A published value: "120", or "dưới 5"; thousands are grouped."""
    return grouped(value) if value else translate("dưới {}").format(STEP)


def figure_lines(value: Callable[[Indicator], int]) -> list[tuple[str, str]]:
    """Each indicator as pages show it: its label and its published value."""
    return [(translate(label), at_least(value(indicator))) for indicator, label in INDICATOR_LABELS.items()]


def left_out_reason(reason: str, repeated: int) -> str:
    """Why a class or, where ``reason`` is "", so many of its people are not counted."""
    known = LEFT_OUT_REASONS.get(reason)
    if known is None:
        return translate_number(
            "{} người đã tính ở lớp khác cùng ngày", "{} người đã tính ở lớp khác cùng ngày", repeated
        ).format(repeated)
    return translate(known).format(phones=MIN_PHONES, people=MIN_PEOPLE, minutes=MIN_MINUTES)
