"""Words of Vietnamese texts, compared without case and punctuation, for craft advice."""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<[^>]+>")
_BLOCK_END = re.compile(r"</(?:p|li|h\d|tr|td|th)>|<br ?/?>")
_WORD = re.compile(r"[^\W_]+(?:[@.,/:-][^\W_]+)*")

# Words that say no: a learner may pick an option by them without reading on.
REFUSING = re.compile(
    r"(?<!\w)(?:không|đừng|chẳng|chớ|khỏi|khoan|cúp|tắt|từ chối|chặn|dừng|ngưng|bỏ qua|mặc kệ|kệ|lờ|xóa|hủy)(?!\w)",
    re.IGNORECASE,
)
_YES_NO_QUESTION = re.compile(r"(?<!\w)không\s*[?.…]*\s*\Z", re.IGNORECASE)

# Words without a subject of their own: two texts that share only these are not about the same thing.
_EMPTY = frozenset(
    word
    for line in (
        "là và của có không được cho thì mà các những này ấy đó một hai với ở ra vào lên xuống lại rồi đã đang sẽ cũng",
        "như khi nào gì ai đâu sao bác bà ông mình tôi con họ người ta phải nên hay hoặc trong ngoài trên dưới từ tới",
        "đến đi về để bằng theo còn chỉ mới nữa thôi luôn ngay vì do nếu nhưng mấy nhiều ít cả mọi từng làm xem nói",
        "chữ cái việc thứ lần đúng sai chọn trả lời câu tốt nhất nhé ạ dạ quá rất hơn nhau cùng sau trước",
    )
    for word in line.split()
)


def html_to_text(html: str) -> str:
    """The text of rendered HTML, with a line break after each block."""
    return unescape(_TAG.sub("", _BLOCK_END.sub("\n", html))).strip()


def split_into_words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def content_words(text: str) -> frozenset[str]:
    """The words that say what a text is about."""
    return frozenset(split_into_words(text)) - _EMPTY


def contains_negation(text: str) -> bool:
    """Whether a text says no. The "không" that ends a question does not."""
    return REFUSING.search(_YES_NO_QUESTION.sub("", text)) is not None


def shorten_text(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38].rstrip()}…"
