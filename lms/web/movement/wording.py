"""What pages call the indicators, and why a class is not counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lms.learning.figures.indicators import MIN_MINUTES, MIN_PEOPLE, MIN_PHONES, Indicator, LeftOut
from lms.learning.figures.published_values import STEP
from lms.web.vietnamese_formats import grouped

INDICATOR_LABELS: Mapping[Indicator, str] = MappingProxyType(
    {
        Indicator.CLASSES: "Lớp",
        Indicator.ATTENDANCES: "Lượt học ở lớp",
        Indicator.WITHOUT_PHONE: "Lượt không cầm máy",
        Indicator.LEARNERS: "Người học",
        Indicator.UNDERSTOOD: "Hiểu",
        Indicator.COULD_DO: "Làm được",
        Indicator.USED: "Đã dùng thật",
    }
)
LEFT_OUT_REASONS: Mapping[str, str] = MappingProxyType(
    {
        LeftOut.EMPTY: "không ai vào",
        LeftOut.FEW: f"dưới {MIN_PHONES} máy hay dưới {MIN_PEOPLE} người",
        LeftOut.SHORT: f"chưa tới {MIN_MINUTES} phút",
        LeftOut.REPEATED: "hầu hết là máy đã tính ở lớp khác cùng ngày",
    }
)


def at_least(value: int) -> str:
    """A published value: "120", or "dưới 5"; thousands are grouped."""
    return grouped(value) if value else f"dưới {STEP}"


def figure_lines(value: Callable[[Indicator], int]) -> list[tuple[str, str]]:
    """Each indicator as pages show it: its label and its published value."""
    return [(label, at_least(value(indicator))) for indicator, label in INDICATOR_LABELS.items()]
