"""What an introduction says of the pointing hand: how much of it is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.learning.practice.guidance_level import FULL, Level, is_ready_for_test

LESS = "Ở {less} trong {total} màn bác đã quen, lần này máy chỉ ít hơn."
NONE = "Lần này không có bàn tay chỉ sẵn. Cần thì bác chạm nút trợ giúp."
READY = "Màn nào bác cũng quen rồi, không cần chỉ nữa. Giờ bác thử bài kiểm tra nhé."


@dataclass(frozen=True, slots=True)
class Support:
    """``words`` is "" while everything is pointed at."""

    words: str
    ready: str  # the proposal of a test, "" while some screen still needs pointing


def support_view(levels: Mapping[str, Level]) -> Support:
    less = sum(level < FULL for level in levels.values())
    if is_ready_for_test(levels):
        return Support(NONE, READY)
    return Support(LESS.format(less=less, total=len(levels)) if less else "", "")
