"""What pages call the indicators, and why a class is not counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lms.learning.movement_statistics.indicators import MIN_MINUTES, MIN_PEOPLE, MIN_PHONES, Indicator, LeftOut
from lms.learning.movement_statistics.published_values import STEP
from lms.message_catalog import mark_for_translation, mark_in_context
from lms.web.language import translate, translate_in_context, translate_number
from lms.web.page_formats import grouped

INDICATOR_LABELS: Mapping[Indicator, str] = MappingProxyType(
    {
        Indicator.CLASSES: mark_in_context("indicator", "Lớp"),
        Indicator.ATTENDANCES: mark_in_context("indicator", "Lượt học ở lớp"),
        Indicator.WITHOUT_PHONE: mark_in_context("indicator", "Lượt không cầm máy"),
        Indicator.LEARNERS: mark_in_context("indicator", "Người học"),
        Indicator.UNDERSTOOD: mark_in_context("indicator", "Hiểu"),
        Indicator.COULD_DO: mark_in_context("indicator", "Làm được"),
        Indicator.USED: mark_in_context("indicator", "Đã dùng thật"),
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


def published_number_in_words(value: int) -> str:
    """A published value: "120", or "dưới 5"; thousands are grouped."""
    return grouped(value) if value else translate("dưới {}").format(STEP)


def indicator_label(indicator: Indicator) -> str:
    """What a page calls an indicator, in the page's language."""
    return translate_in_context("indicator", INDICATOR_LABELS[indicator])


def figure_lines(value: Callable[[Indicator], int]) -> list[tuple[str, str]]:
    """Each indicator as pages show it: its label and its published value."""
    return [(indicator_label(indicator), published_number_in_words(value(indicator))) for indicator in INDICATOR_LABELS]


def left_out_reason(reason: str, repeated: int) -> str:
    """Why a class or, where ``reason`` is "", so many of its people are not counted."""
    known = LEFT_OUT_REASONS.get(reason)
    if known is None:
        return translate_number(
            "{} người đã tính ở lớp khác cùng ngày", "{} người đã tính ở lớp khác cùng ngày", repeated
        ).format(repeated)
    return translate(known).format(phones=MIN_PHONES, people=MIN_PEOPLE, minutes=MIN_MINUTES)
