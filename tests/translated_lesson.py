"""A course of one lesson with a whole English translation."""

from __future__ import annotations

from pathlib import Path

from lms.content.translation.original_digest import original_digest
from tests.content.rule_trees import FRONT

ORIGINAL = {
    "hieu.md": """---
tên: Mở máy
phút: 5
---

## Bật lên

Bấm nút bên phải.

::: người đứng lớp
Chỉ cho cả lớp thấy nút.
:::

::: hỏi
Nút ở đâu?
- [ ] Bên trái
  > Bên trái là nút to nhỏ.
- [x] Bên phải
  > Đúng rồi.
? Nhìn cạnh máy.
:::

::: hỏi
Máy này có mấy nút?
= bốn
:::

::: sắp xếp
Xếp cho đúng.
1. Cầm máy lên
2. Bấm nút
:::

::: ghép
Nối lại.
- Nút to = Mở
- Nút nhỏ = Tắt
:::

::: chạm thử
Chạm thử nhé.
=> Một
:::
""",
    "lam.md": """---
tên: Tập mở máy
bắt đầu: Một
đích: Xong
---

## Một
> Việc: Bác chạm "Tiếp tục".
> Gợi ý: Nút ở dưới cùng.

- [nút] Tiếp tục => Xong
- [nút] Về sau -> Lạc

## Lạc {loại=lạc}
> Lạc: Chưa tới đâu bác.

- [quay lại] Về => Một

## Xong {loại=kết}

Xong rồi.
""",
    "dung.md": """---
tên: Mở máy thật
chuẩn bị:
  - Thẻ căn cước
---

- [ ] Mở máy
  > Bấm nút bên phải.
""",
}
ENGLISH = {
    "hieu.en.md": """---
tên: Turn it on
phút: 5
---

## On

Press the button on the right.

::: hỏi
Where is the button?
- [ ] Left
  > Left is for the volume.
- [x] Right
  > That's right. The button is there.
? Look at the edge.
:::

::: hỏi
How many buttons are there?
= four
:::

::: sắp xếp
Put them in order.
1. Take the phone
2. Press the button
:::

::: ghép
Match them.
- The big button = On
- The small button = Off
:::

::: chạm thử
Try it.
=> Một
:::
""",
    "lam.en.md": """---
tên: Practise turning it on
bắt đầu: One
đích: Done
---

## One
> Việc: Tap "Tiếp tục" (continue).
> Gợi ý: It is at the bottom.

- [nút] Tiếp tục => Done
- [nút] Về sau -> Lost

## Lost {loại=lạc}
> Lạc: This leads nowhere.

- [quay lại] Back => One

## Done {loại=kết}

You are done.
""",
    "dung.en.md": """---
tên: Your own phone
chuẩn bị:
  - Identity card
---

- [ ] Turn it on
  > Press the button on the right.
""",
}


def write_translated_course(folder: Path) -> Path:
    """The folder of the course, with translations that are made of the present originals."""
    lesson = folder / "01-mo-may"
    lesson.mkdir(parents=True)
    (folder / "course.md").write_text(FRONT["course.md"], "utf-8")
    for name, text in ORIGINAL.items():
        (lesson / name).write_text(text, "utf-8")
    for name, text in ENGLISH.items():
        source = original_digest(ORIGINAL[name.replace(".en", "")])
        (lesson / name).write_text(text.replace("\n---\n", f"\nbản gốc: {source}\n---\n", 1), "utf-8")
    return folder


def write_translated_courses(folder: Path) -> Path:
    """A folder of courses with this one alone."""
    write_translated_course(folder / "may")
    return folder
