"""A course whose one practice asks for each gesture, one screen after the other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lms.content.model import Practice
from lms.content.practice.storyboard import read_practice
from tests.web.every_screen import COURSE, DUNG, HIEU

TRY_IT = """
## Thử

::: chạm thử
=> Khóa máy
:::
"""
GESTURES = """\
---
tên: Mọi cử chỉ
bắt đầu: Khóa máy
đích: Xong
---

## Khóa máy
> Việc: Máy đang khóa. Vuốt lên để mở.
> Gợi ý: Kéo từ dưới lên.

09:15, Thứ Tư

- [vuốt] Vuốt lên để mở {hướng=lên} => Trang hai
- [nút] Gọi khẩn cấp

## Trang hai {loại="trang chủ"}
> Việc: Vuốt sang trái.

- [vuốt] Sang trang sau {hướng=trái} => Danh sách

## Danh sách {cuộn=có}
> Việc: Tìm tin của con gái rồi chạm vào.

- [nút] Số lạ
- [nút] Nhà mạng
- [nút] Tổ dân phố
- [nút] Chợ đầu mối
- [nút] Hội người cao tuổi
- [nút] Con gái => Tấm ảnh

## Tấm ảnh
> Việc: Mở hai ngón tay cho ảnh to ra.

- [chụm] Tấm ảnh của cháu {hướng=ra hình=ảnh} => Thu nhỏ lại

## Thu nhỏ lại
> Việc: Chụm hai ngón tay cho ảnh nhỏ lại.

- [chụm] Tấm ảnh to {hướng=vào} => Giữ lâu

## Giữ lâu
> Việc: Chạm và giữ tin nhắn.

- [nhấn giữ] Tin của con => Chạm hai cái

## Chạm hai cái
> Việc: Chạm hai cái cho chữ to.

- [chạm đúp] Trang chữ nhỏ => Xong

## Xong {loại=kết}
"""


def write_gesture_screens(folder: Path) -> Path:
    """The folder of courses, with this one in it."""
    lesson = folder / "thu" / "01-moi-thu"
    lesson.mkdir(parents=True)
    (folder / "thu" / "course.md").write_text(COURSE, "utf-8")
    for name, text in (("hieu.md", HIEU + TRY_IT), ("lam.md", GESTURES), ("dung.md", DUNG)):
        (lesson / name).write_text(text, "utf-8")
    return folder


def gesture_screens() -> Practice:
    practice, problems = read_practice(GESTURES, "lam.md", today=date(2026, 11, 25))
    assert practice is not None, problems
    return practice
