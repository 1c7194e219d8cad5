"""A small course: one lesson with every kind of question, one with all three stages."""

from __future__ import annotations

from pathlib import Path

COURSE = """---
tên: VNeID thử
tóm tắt: Giấy tờ trên điện thoại.
kiểm tra ngày: {checked}
nguồn:
  - Tờ rơi của phường
ứng dụng: VNeID
---

Khóa này dành cho người mới.

## Kiểm lại gì

- Ảnh chụp màn hình chào
"""

FIRST_HIEU = """---
tên: Ba loại mã
phút: 5
mục tiêu:
  - Biết mã nào để làm gì
đạt: 60
---

Mã là chìa khóa của bác.

## Ba loại mã

::: cảnh báo
Không đọc mã cho ai.
:::

::: người đứng lớp
Hỏi cả phòng trước khi giảng.
:::

::: hỏi giữ thứ tự
Có người xin mã OTP. Bác làm gì?
- [ ] Đọc mã cho họ
  > Công an không hỏi mã OTP.
- [x] Cúp máy
  > Đúng rồi. Cúp máy rồi báo người nhà.
? Ai cầm chìa khóa thì vào được nhà.
? Cán bộ thật không hỏi mã.
:::

::: hỏi giữ thứ tự
Những mã nào bác tự đặt?
- [x] Mật khẩu
  > Mật khẩu do bác đặt.
- [x] Passcode
  > Passcode do bác đặt.
- [ ] Mã OTP
  > Mã OTP do máy gửi tới.
:::

::: hỏi
Tổng đài VNeID là số nào?
= 1900 0368
:::

::: sắp xếp
Xếp các bước.
1. Mở máy
2. Mở VNeID
3. Gõ mã
:::

::: ghép
Ghép mã với số chữ số.
- Mã OTP = sáu chữ số
- Mật khẩu = tám ký tự trở lên
:::

::: thăm dò
Bác hay dùng mạng nào?
- Wi-Fi
- 4G
:::
"""

FIRST_DUNG = """---
tên: Làm trên máy của bác
chuẩn bị:
  - Thẻ căn cước
---

Bác tự gõ mật khẩu. Người ngồi cạnh quay mặt đi.

- [ ] Mở VNeID thật
  > Chưa cài thì xem bài trước.
- [ ] Đăng nhập
"""

SECOND_HIEU = """---
tên: Kích hoạt
phút: 3
---

## Trước khi làm

Có **thẻ** trong tay.

::: hỏi
Mã OTP gửi về đâu?
- [x] Máy có số đã khai
- [ ] Máy nào cũng được
  > Mã chỉ về số đã khai.
:::
"""

SECOND_LAM = """---
tên: Kích hoạt tài khoản
bắt đầu: Chào
đích: Xong
---

## Chào
> Việc: Chạm "Kích hoạt".

- [nút] Kích hoạt => Xong

## Xong {loại=kết}
"""

UNDERSTAND_URL = "/vneid/ba-loai-ma/hieu"
USE_URL = "/vneid/ba-loai-ma/dung"


def write_courses(folder: Path, *, checked: str = "2026-11-20") -> Path:
    """The folder of courses, made anew."""
    first, second = folder / "vneid/01-ba-loai-ma", folder / "vneid/02-kich-hoat"
    (first / "images").mkdir(parents=True)
    second.mkdir(parents=True)
    (folder / "vneid/course.md").write_text(COURSE.format(checked=checked), "utf-8")
    (first / "hieu.md").write_text(FIRST_HIEU, "utf-8")
    (first / "dung.md").write_text(FIRST_DUNG, "utf-8")
    (first / "images/the.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    (second / "hieu.md").write_text(SECOND_HIEU, "utf-8")
    (second / "lam.md").write_text(SECOND_LAM, "utf-8")
    return folder
