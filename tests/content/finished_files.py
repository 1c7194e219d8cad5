"""The texts of a small sound course, as they are when a trainer has written over all sample text."""

from __future__ import annotations

from datetime import date


def course_text(title: str, today: date) -> str:
    return f"""---
tên: {title}
tóm tắt: Học xong thì gửi được yêu cầu.
kiểm tra ngày: {today.isoformat()}
nguồn:
  - Trang của phường
---

Khóa này ngắn thôi.
"""


def understand_text(title: str) -> str:
    return f"""---
tên: {title}
phút: 5
mục tiêu:
  - Biết ai được xin mã OTP
---

## Việc này giúp gì

Gửi yêu cầu ở nhà thì khỏi ra phường.

::: mẹo
Mã OTP như chìa khóa nhà.
:::

::: người đứng lớp
Hỏi cả lớp ai từng nhận mã OTP.
:::

## Thử xem đã hiểu chưa

::: hỏi
Có người gọi, xin mã OTP. Bác làm gì?
- [ ] Đọc mã cho họ
  > Mã OTP chỉ để bác tự gõ. Ai xin mã là kẻ lừa đảo.
- [ ] Đọc ba số đầu thôi
  > Nửa mã cũng là mã. Bác giữ cả sáu số cho mình.
- [x] Ngừng nghe, gọi số sau thẻ
  > Đúng rồi. Số sau thẻ là số thật của ngân hàng.
? Ai cầm chìa khóa thì vào được nhà.
:::
"""


def practice_text(title: str) -> str:
    return f"""---
tên: {title}
bắt đầu: Nhập thông tin
đích: Hoàn thành
dữ liệu:
  cccd: "099060000123"
  otp: sinh(6)
thẻ việc: Bác đóng vai bác Nguyễn Văn Tập, số định danh **{{{{cccd}}}}**.
---

Bài tập này có một hai câu.

## Nhập thông tin
> Việc: Nhập số định danh trên thẻ việc, rồi gửi đi.
> Gợi ý: Số định danh có 12 chữ số.

- [ô số] Số định danh cá nhân {{dài=12}} = {{{{cccd}}}}
  - sai: Chưa đúng. Bác so lại 12 chữ số trên thẻ việc nhé.
- [nút] Gửi yêu cầu => Nhập mã

## Nhập mã
> Việc: Đọc tin nhắn, gõ mã OTP, rồi chạm "Xác nhận".
> Gợi ý: Mã nằm trong tin nhắn vừa đến.

- [tin nhắn] Hệ thống {{giây=3}}
  - nội dung: Mã OTP của bạn là {{{{otp}}}}.
- [ô số] Mã OTP {{dài=6}} = {{{{otp}}}}
  - sai: Chưa đúng. Bác xem lại tin nhắn nhé.
- [nút] Xác nhận => Hoàn thành
- [nút] Đọc mã cho người gọi đến x> Mã đã lộ
  - báo: Ai có mã là rút được tiền. Ngay bây giờ gọi số sau thẻ ngân hàng, nhờ khóa.

## Mã đã lộ {{loại=lạc}}
> Lạc: Ai có mã OTP thì vào được tài khoản của bác.

- [quay lại] Quay lại nhập mã => Nhập mã

## Hoàn thành {{loại=kết}}

Bác làm xong rồi.
"""


def use_text(title: str) -> str:
    return f"""---
tên: {title}
chuẩn bị:
  - Điện thoại của bác
---

- [ ] Mở ứng dụng trên điện thoại thật
  > Không thấy thì hỏi người đứng lớp.
- [ ] Gửi một yêu cầu
"""
