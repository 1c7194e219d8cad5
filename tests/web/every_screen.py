"""A course whose one practice has a screen of every kind and a widget of every role."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from PIL import Image

from lms.content.model import Practice
from lms.content.practice.storyboard import read_practice

COURSE = """\
---
tên: Khóa thử
tóm tắt: Mọi màn hình và mọi thứ trên đó.
kiểm tra ngày: 2026-11-01
ứng dụng: VNeID
màu:
  - "#1d3f72"
  - "#5b3a12"
nguồn:
  - Tự viết
---

Khóa để thử.
"""

HIEU = """\
---
tên: Mọi thứ
phút: 5
---

## Đọc

Một câu ngắn.

::: hỏi
Đúng hay không?
- [x] Đúng
  > Phải rồi.
- [ ] Không
  > Chưa phải.
:::

::: thăm dò
Bác có thích không?
- Thích
  > Bài sau còn nữa.
- Chưa
:::
"""

DUNG = """\
---
tên: Làm thật
---

- [ ] Mở máy
"""

LAM = """\
---
tên: Mọi thứ trên màn hình
mô phỏng: VNeID trên Android
máy:
  - Android
  - iPhone
bắt đầu: Màn hình chính
đích: Hoàn thành
dữ liệu:
  cccd: "099060000123"
  sđt: "0100000777"
  otp: sinh(6)
thẻ việc: Bác Nguyễn Văn Tập. Số định danh **{{cccd}}**, số điện thoại **{{sđt}}**. Mật khẩu **HocSoMoiNgay@2026**.
---

Bài này có đủ mọi kiểu màn hình.

## Màn hình chính {loại="trang chủ"}
> Việc: Chạm vào biểu tượng "Kho ứng dụng".
> Gợi ý: Biểu tượng có hình cái túi.
> Gợi ý: Nó nằm ở hàng đầu, bên trái.
> Vì sao: Chỉ kho ứng dụng mới có ứng dụng thật.

- [biểu tượng] Kho ứng dụng {hình="kho ứng dụng"} => Trang kho
- [biểu tượng] Tin nhắn {hình="tin nhắn"} -> Hộp tin
- [biểu tượng] Máy ảnh {hình="máy ảnh"}
- [biểu tượng] Cài đặt {hình="cài đặt"}
- [biểu tượng] Thuế {hình=thuế}
- [liên kết] Quảng cáo: nhận quà ngay x> Trang giả
  - báo: Đừng chạm vào quảng cáo nhận quà. Đó là cách kẻ gian dụ mình.

## Hộp tin {loại="tin nhắn"}
> Việc: Đọc tin rồi quay lại.

- [quay lại] Quay lại => Màn hình chính
- [tin nhắn] Tổng đài 8888 {giây=1}
  - nội dung: Mời bác đóng thuế theo đúng hạn.

## Trang giả {loại=lạc}
> Lạc: Trang này không phải của Nhà nước. Ngoài đời, bác tắt trang đi là xong.

- [nút] Về màn hình chính -> Màn hình chính

## Trang kho
> Việc: Chạm vào nút "Cài đặt" trên hình.

- [quay lại] Quay lại -> Màn hình chính
- [ảnh] Hình kho {src=images/kho.png}
  - mô tả: Trang kho ứng dụng, có nút Cài đặt ở giữa.
- [vùng] Cài đặt {x=10 y=60 w=80 h=25} => Đang tải

## Đang tải {loại=chờ}

- [chữ] Ứng dụng đang được tải về.
- [chờ] Đang tải {giây=1} => Xin quyền

## Xin quyền {loại=quyền}
> Việc: Cho ứng dụng dùng máy ảnh khi đang mở.

- [chữ] Ứng dụng muốn chụp ảnh và quay phim.
- [nút] Chỉ khi dùng ứng dụng => Hỏi lại
- [nút] Không cho phép -> Trang kho

## Hỏi lại {loại="hội thoại"}
> Việc: Đồng ý để bắt đầu.

- [nút] Đồng ý => Nhập thông tin
- [nút] Để sau
  - báo: Ngoài đời, bác để sau lúc nào cũng được. Ở đây mình làm tiếp nhé.

## Nhập thông tin
> Việc: Nhập số định danh và số điện thoại trên thẻ việc, rồi chạm "Gửi yêu cầu".
> Gợi ý: Số định danh là 12 chữ số in trên thẻ căn cước.
> Vì sao: Phải đúng số điện thoại đã khai với công an thì mã OTP mới về máy.

- [ô số] Số định danh cá nhân {dai=12} = {{cccd}}
  - sai: Chưa đúng. Bác so lại 12 chữ số trên thẻ việc nhé.
- [ô số] Số điện thoại {dai=10} = {{sđt}}
  - sai: Chưa đúng. Số điện thoại có 10 chữ số, bắt đầu bằng 0.
- [ô chữ] Họ và tên = Nguyễn Văn Tập
  - sai: Chưa đúng. Bác gõ đúng tên trên thẻ việc.
- [chọn] Giới tính {mục="Nam | Nữ"} = Nam
  - sai: Bác chọn Nam nhé.
- [công tắc] Tôi đã đọc điều khoản = bật
  - sai: Bác gạt công tắc sang phải nhé.
- [nút] Gửi yêu cầu => Nhập mã OTP
- [nút] Quay lại -> Màn hình chính
- [liên kết] Quên số định danh?

## Nhập mã OTP
> Việc: Gõ mã 6 số trong tin nhắn vừa đến, rồi chạm "Tiếp tục".

- [quay lại] Quay lại -> Nhập thông tin
- [tin nhắn] Tin nhắn mới {giây=2}
  - nội dung: Mã OTP của bác là {{otp}}. Không đọc mã này cho ai.
- [chữ] Mã đã gửi tới số {{sđt}}
- [ô số] Mã OTP {dai=6} = {{otp}}
  - sai: Chưa đúng. Bác xem lại mã trong tin nhắn.
- [nút] Tiếp tục => Có cuộc gọi đến
- [nút] Gửi lại mã

## Có cuộc gọi đến {loai="cuộc gọi"}
> Việc: Có người xưng "cán bộ" hỏi mã OTP. Hãy chọn cách trả lời an toàn.
> Gợi ý: Cán bộ thật không bao giờ hỏi mã OTP.
> Nói: Tôi là công an phường đây. Bác đọc giúp tôi mã vừa gửi vào máy.

- [chữ] 0100 000 888
- [nút] Không đọc mã và tắt máy {hình="tắt máy"} => Quét mã
- [nút] Đọc mã OTP cho họ {hình="tin nhắn"} x> Bạn vừa đọc mã cho kẻ lừa đảo
  - báo: Đừng đọc mã OTP cho bất kỳ ai, kể cả người xưng công an hay ngân hàng.
  - chí tử: có

## Bạn vừa đọc mã cho kẻ lừa đảo {loại=lạc}
> Lạc: Ngoài đời, ai có mã thì vào được tài khoản của bác.

- [nút] Về lại cuộc gọi -> Có cuộc gọi đến

## Quét mã {loại=quét}
> Việc: Đưa máy lại gần thẻ, rồi giữ nút.

- [quay lại] Quay lại -> Nhập mã OTP
- [quét] Quét thẻ {giu=2 hình=nfc} => Đặt mật khẩu

## Đặt mật khẩu
> Việc: Đặt một mật khẩu mạnh và mã 6 số, rồi chạm "Xong".
> Gợi ý: Mật khẩu cần chữ HOA, chữ thường, số và ký tự như @.
> Vì sao: Mật khẩu mạnh thì người khác khó đoán.

- [ô chữ] Mật khẩu mới = ~mat-khau-manh
  - sai: Mật khẩu còn yếu. Bác thêm chữ HOA, số và ký tự như @.
- [ô số] Passcode = ~6-so
  - sai: Bác chọn 6 số không liền nhau.
- [mật khẩu] Mã PIN trên thẻ việc = {{sđt}}
  - sai: Chưa đúng. Bác gõ số điện thoại trên thẻ việc.
- [nút] Xong => Hoàn thành

## Hoàn thành {loại=kết}

Bác đã đi qua mọi kiểu màn hình.
"""

LESSON = "/thu/moi-thu"


def write_every_screen(folder: Path) -> Path:
    """The folder of courses, with this one in it."""
    lesson = folder / "thu" / "01-moi-thu"
    (lesson / "images").mkdir(parents=True)
    Image.new("RGB", (720, 480), "#dde6ee").save(lesson / "images" / "kho.png")
    (folder / "thu" / "course.md").write_text(COURSE, "utf-8")
    for name, text in (("hieu.md", HIEU), ("lam.md", LAM), ("dung.md", DUNG)):
        (lesson / name).write_text(text, "utf-8")
    return folder


@cache
def every_screen() -> Practice:
    practice, problems = read_practice(LAM, "lam.md", today=date(2026, 11, 25))
    assert practice is not None, problems
    return practice
