"""Labels of a practice that refuse a caller or the sender of a message."""

from __future__ import annotations

import re

# Refusing a person or a message as a whole, rather than one thing that is asked.
_TURNING_AWAY = re.compile(
    r"(?<!\w)(?:cúp|chặn|xóa (?:tin|thư|luôn|đi)|mặc kệ|bỏ qua|rời nhóm|giỏ nghi|(?:là|tin) (?:lừa|giả)"
    r"|(?:khỏi|không) (?:nghe|tin|nói|trả lời|bắt)|thôi,? (?:khỏi|không)|nói không|nói nhầm số)(?!\w)"
    r"|\A(?:không|đừng|thôi|từ chối|xóa|tắt máy|để yên)(?!\w)",
    re.IGNORECASE,
)
_GIVING = re.compile(
    r"(?<!\w)(?<!không )(?<!khỏi )(?<!đừng )(?:đọc|gửi|đưa|điền|chụp|quét|chuyển|lấy tiêu)(?!\w)", re.IGNORECASE
)


def is_refusal(text: str) -> bool:
    """Whether an option refuses everything. "Không cài, đọc số cho họ" gives half of it."""
    return _TURNING_AWAY.search(text) is not None and _GIVING.search(text) is None
