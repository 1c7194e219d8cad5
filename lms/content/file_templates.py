"""First versions of course files, for a trainer to write over.

A new lesson is a draft: the checker tells what is left of the sample text, and it is an error once it is published.
"""

from __future__ import annotations

from datetime import date


def course_text(title: str, today: date) -> str:
    return f"""---
tên: {title}
tóm tắt: Bác viết một câu: học xong thì làm được gì.
kiểm tra ngày: {today.isoformat()}
nguồn:
  - Bác ghi nơi lấy thông tin, như trang của cơ quan nhà nước
---

Bác viết vài câu giới thiệu khóa học ở đây.
"""


def understand_text(title: str) -> str:
    return f"""---
tên: {title}
phút: 5
mục tiêu:
  - Bác viết điều người học sẽ hiểu
nháp: có
---

%% Dòng bắt đầu bằng hai dấu phần trăm là ghi chú: người học không thấy.
%% Viết xong cả bài thì xóa dòng “nháp: có” ở trên, bài sẽ hiện ra cho người học.

## Việc này giúp gì

Bác viết vài câu ngắn. Mỗi phần bắt đầu bằng hai dấu thăng là một trang chiếu.

::: mẹo
Bác viết một điều dễ nhớ.
:::

::: người đứng lớp
Bác ghi điều cần nhắc người đứng lớp. Học viên không thấy phần này.
:::

## Thử xem đã hiểu chưa

::: hỏi
Có người gọi, xin mã OTP. Bác làm gì?
- [ ] Đọc mã cho họ
  > Mã OTP chỉ để bác tự gõ. Ai xin mã là kẻ lừa đảo.
- [ ] Đọc nửa mã, không đọc hết
  > Nửa mã cũng là mã. Bác giữ cả sáu số cho mình.
- [x] Ngừng nghe, gọi số sau thẻ
  > Đúng rồi. Số sau thẻ là số thật của ngân hàng.
? Ai cầm chìa khóa thì vào được nhà.
:::
"""


def practice_text(title: str = "") -> str:
    """Return a practice; without a ``title`` it has the lesson's."""
    name = f"tên: {title}\n" if title else ""
    return f"""---
{name}dữ liệu:
  cccd: "099060000123"
  otp: sinh(6)
thẻ việc: Bác đóng vai bác Nguyễn Văn Tập, số định danh **{{{{cccd}}}}**.
---

Bác giới thiệu bài tập bằng một hai câu.

## Nhập thông tin
> Việc: Nhập số định danh trên thẻ việc, rồi chạm "Gửi yêu cầu".
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

## Mã đã lộ
> Lạc: Ai có mã OTP thì vào được tài khoản của bác.

- [quay lại] Quay lại nhập mã => Nhập mã

## Hoàn thành

Bác làm xong rồi.
"""


def use_text() -> str:
    return """---
chuẩn bị:
  - Điện thoại của bác
---

- [ ] Bác viết việc đầu tiên trên điện thoại thật
  > Bác viết cách gỡ khi gặp khó.
- [ ] Bác viết việc tiếp theo
"""


def drawn_practice_text(title: str = "") -> str:
    """Return a practice without screens, which are drawn; without a ``title`` it has the lesson's."""
    name = f"tên: {title}\n" if title else ""
    return f"""---
{name}mô phỏng: ứng dụng trên điện thoại
---

Bác làm thử trên màn hình tập. Chạm nhầm cũng không sao.
"""
