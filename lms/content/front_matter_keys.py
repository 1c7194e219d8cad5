"""The keys that the front matter of a file may have, and the words that authors write for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Words that authors write for a key.
KEY_SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("tiêu đề", "tựa đề", "tựa", "tên bài", "tên khóa", "title"),
    "summary": ("mô tả", "giới thiệu", "nội dung"),
    "sources": ("tham khảo", "tài liệu", "nguồn tham khảo"),
    "checked": ("ngày kiểm tra", "ngày", "cập nhật", "ngày cập nhật"),
    "audience": ("đối tượng", "cho ai"),
    "minutes": ("thời gian", "thời lượng", "số phút", "time"),
    "objectives": ("mục đích", "yêu cầu"),
    "bring": ("cần có", "mang theo", "đồ dùng"),
    "start": ("màn hình đầu", "khởi đầu", "mở đầu"),
    "goal": ("kết thúc", "màn hình cuối", "điểm đến"),
    "data": ("thông tin", "số liệu"),
    "card": ("thẻ", "tình huống", "vai"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a kind of file may have.

    ``kind``: "text" is one value on the line; "list" ``- item`` lines; "texts" one value on the line, or ``- item``
    lines; "map" indented ``name: value`` lines; "words" one or more words separated by commas, or ``- item`` lines.
    """

    code: str
    spellings: tuple[str, ...]  # Vietnamese first
    kind: Literal["text", "list", "texts", "map", "words"] = "text"
    required: bool = False
    has_default: bool = False  # of a required key: its reader finds the value elsewhere, or reports it as missing
