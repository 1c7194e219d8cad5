"""A small course without a fault, and the same course with one mistake: what the checker says about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PIL import Image

from lms.content.library import check_path
from lms.content.problems import Problem

TODAY = date(2026, 11, 25)
LESSON = "01-goi-video"

COURSE = """---
tên: Gọi video
tóm tắt: Học xong thì gọi được cho con.
kiểm tra ngày: 2026-11-01
nguồn:
  - Tờ hướng dẫn của phường
màu: #0051c6
---

Khóa học ngắn cho người mới dùng điện thoại.
"""

UNDERSTAND = """---
tên: Gọi video cho con
phút: 10
mục tiêu:
  - Biết gọi video là gì
---

## Gọi video là gì

Gọi video là **vừa nghe vừa thấy** mặt nhau. Xem thêm ở [trang này](https://phuong.example/goi).

![Màn hình đang gọi](images/zalo.png)

| Cách gọi | Tốn tiền |
| --- | --- |
| Gọi thường | Có |
| Gọi video | Không |

::: cảnh báo
Không gọi lại số lạ.
:::

## Thử xem

::: hỏi
Có người lạ gọi video, xin mã OTP. Bác làm gì?
- [ ] Đọc mã cho họ
  > Mã chỉ để bác tự gõ.
- [x] Cúp máy
  > Đúng rồi. Cúp máy là xong.
? Ai cầm chìa khóa thì vào được nhà.
:::

::: hỏi
Mã OTP có mấy chữ số?
= 6
:::

::: hỏi
Một cuộc gọi được mấy người?
= 6..8
:::

::: sắp xếp
Gọi video gồm những bước nào?
1. Mở danh bạ
2. Chọn tên con
3. Chạm hình máy quay
:::

::: ghép
- OTP = mã dùng một lần
- PIN = mã tự đặt
:::
"""

PRACTICE = """---
tên: Gọi video cho con
bắt đầu: Màn hình chính
đích: Hoàn thành
dữ liệu:
  sđt: "0100000777"
  otp: sinh(6)
thẻ việc: Bác đóng vai bác Tập, số điện thoại **{{sđt}}**.
---

Bài tập này gọi video cho con.

## Màn hình chính
> Việc: Mở ứng dụng gọi video.
> Gợi ý: Chạm hình máy quay.

- [ảnh] Màn hình điện thoại {src=images/zalo.png}
  - mô tả: Màn hình có bốn biểu tượng.
- [vùng] Gọi video {x=0 y=10 w=50 h=12} => Nhập thông tin

## Nhập thông tin
> Việc: Gõ số điện thoại trên thẻ việc, chọn nước, rồi gửi.
> Gợi ý: Số điện thoại có 10 chữ số.

- [ô số] Số điện thoại {dài=10} = {{sđt}}
  - sai: Chưa đúng. Bác so lại với thẻ việc nhé.
- [chọn] Nước {mục="Việt Nam | Lào"} = Việt Nam
  - sai: Bác chọn lại nhé.
- [công tắc] Nhớ số này = bật
  - sai: Bác bật lên nhé.
- [nút] Gửi yêu cầu => Nhập mã
- [quay lại] Quay lại -> Màn hình chính

## Nhập mã
> Việc: Đọc tin nhắn, gõ mã OTP, rồi xác nhận.
> Gợi ý: Mã nằm trong tin nhắn vừa đến.

- [tin nhắn] Hệ thống {giây=3}
  - nội dung: Mã OTP của bác là {{otp}}.
- [ô số] Mã OTP {dài=6} = {{otp}}
  - sai: Chưa đúng. Bác xem lại tin nhắn nhé.
- [nút] Xác nhận => Có người gọi

## Có người gọi {loại="cuộc gọi"}
> Việc: Có người xin mã OTP. Bác làm gì?

- [nút] Cúp máy => Hoàn thành
- [nút] Đọc mã cho người lạ x> Mã đã lộ
  - báo: Có mã là vào được tài khoản. Gọi ngay số sau thẻ.

## Mã đã lộ {loại=lạc}
> Lạc: Mã đã lọt ra ngoài.

- [quay lại] Quay lại cuộc gọi -> Có người gọi

## Hoàn thành {loại=kết}

Bác làm xong rồi.
"""

USE = """---
tên: Gọi cho con trên máy thật
chuẩn bị:
  - Điện thoại của bác
---

- [ ] Mở ứng dụng gọi video
  > Không thấy thì hỏi người đứng lớp.
- [ ] Gọi cho con
"""

TEXTS = {"course": COURSE, "hieu": UNDERSTAND, "lam": PRACTICE, "dung": USE}


def write_course(folder: Path, **texts: str) -> Path:
    """Write the course below ``folder``, with some of its four texts replaced; returns its lesson's folder."""
    lesson = folder / "goi-video" / LESSON
    (lesson / "images").mkdir(parents=True)
    Image.new("RGB", (360, 640), "#dde4ee").save(lesson / "images" / "zalo.png")
    written = {**TEXTS, **texts}
    (lesson.parent / "course.md").write_text(written["course"], "utf-8")
    for stage in ("hieu", "lam", "dung"):
        (lesson / f"{stage}.md").write_text(written[stage], "utf-8")
    return lesson


def with_mistake(stage: str, old: str, new: str) -> str:
    """One of the four texts with its first ``old`` replaced."""
    assert old in TEXTS[stage], old
    return TEXTS[stage].replace(old, new, 1)


def problems_of(lesson: Path) -> list[Problem]:
    return check_path(lesson.parent, today=TODAY)
