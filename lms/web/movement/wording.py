"""What pages call the indicators, and why a class is not counted."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lms.learning.figures.indicators import MIN_MINUTES, MIN_PEOPLE, MIN_PHONES, Indicator, LeftOut

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
