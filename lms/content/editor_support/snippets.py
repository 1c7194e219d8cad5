"""Ready pieces of a lesson, as VS Code snippets. ``PIECES`` names the file in which each piece is whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_FIELD = re.compile(r"\$\{[0-9]+:([^{}]*)\}|\$[0-9]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """``prefix`` is what is typed; ``stem`` the file's; ``body`` with fields as ``${1:text}``."""

    prefix: str
    stem: str
    title: str
    body: str

    @property
    def filled(self) -> str:
        """The body as it stands when nothing is typed over."""
        return _FIELD.sub(lambda field: field[1] or "", self.body)


PIECES = (
    Piece("cauhoi", "hieu", "Câu hỏi chọn", """::: hỏi
${1:Có người gọi xin mã OTP. Bác làm gì?}
- [ ] ${2:Đọc mã cho họ}
  > ${3:Mã là của bác.}
- [x] ${4:Gọi số sau thẻ}
  > ${5:Đúng rồi.}
? ${6:Ai cầm chìa khóa thì vào được nhà.}
:::
$0"""),
    Piece("caugo", "hieu", "Câu hỏi gõ", """::: hỏi
${1:Mã OTP có mấy chữ số?}
= ${2:6}
? ${3:Nhiều hơn bốn.}
:::
$0"""),
    Piece("sapxep", "hieu", "Sắp xếp", """::: sắp xếp
${1:Mở máy thế nào?}
1. ${2:Nhấn nút nguồn}
2. ${3:Đợi hiện chữ}
:::
$0"""),
    Piece("ghep", "hieu", "Ghép", """::: ghép
${1:Cái nào là cái nào?}
- ${2:OTP} = ${3:mã dùng một lần}
- ${4:PIN} = ${5:mã tự đặt}
:::
$0"""),
    Piece("thamdo", "hieu", "Thăm dò", """::: thăm dò
${1:Bác hay gọi bằng gì?}
- ${2:Zalo}
- ${3:Gọi thường}
:::
$0"""),
    Piece("meo", "hieu", "Mẹo", """::: mẹo
${1:Ai xin mã cũng đừng đọc.}
:::
$0"""),
    Piece("manhinh", "lam", "Màn hình", """## ${1:Màn mới}
> Việc: ${2:Bác đi tiếp.}
> Gợi ý: ${3:Nút ở cuối màn hình.}

- [nút] ${4:Tiếp tục} => ${5:Xong}
$0"""),
    Piece("otp", "lam", "Mã OTP kèm tin nhắn", """## ${1:Nhập mã}
> Việc: ${2:Bác nhập mã vừa nhận.}
> Gợi ý: ${3:Mã nằm trong tin nhắn vừa đến.}

- [tin nhắn] ${4:Hệ thống} {giây=3}
  - nội dung: Mã OTP của bác là {{otp}}.
- [ô số] Mã OTP {dài=6} = {{otp}}
  - sai: ${5:Bác xem lại tin nhắn nhé.}
- [nút] ${6:Xác nhận} => ${7:Xong}
$0"""),
    Piece("goilua", "lam", "Cuộc gọi lừa", """## ${1:Có người gọi} {loại="cuộc gọi" hiện="${2:Số lạ}"}
> Việc: ${3:Họ xưng công an, xin mã OTP. Bác làm gì?}
> Nói: ${4:Bác đọc mã cho tôi kiểm tra.}

- [nút] ${5:Gọi số sau thẻ} => ${6:Xong}
- [nút] ${7:Đọc mã cho họ} x> ${8:Mã đã lộ}
  - báo: ${9:Ai có mã là rút được tiền. Gọi số sau thẻ, nhờ khóa.}

## ${8:Mã đã lộ} {loại=lạc}
> Lạc: ${10:Họ đang cầm mã của bác.}

- [quay lại] Chọn lại -> ${1:Có người gọi}
$0"""),
    Piece("goithat", "lam", "Cuộc gọi thật", """## ${1:Phòng khám gọi} {loại="cuộc gọi" hiện="${2:Phòng khám}"}
> Việc: ${3:Họ báo dời lịch khám. Bác làm gì?}
> Nói: ${4:Bác qua khám thứ năm được không?}

- [nút] ${5:Ghi lịch mới} => ${6:Xong}
- [nút] ${7:Tắt máy ngay} x> ${8:Lỡ lịch khám}
  - báo: ${9:Cuộc gọi này thật, không xin mã hay tiền.}

## ${8:Lỡ lịch khám} {loại=lạc}
> Lạc: ${10:Bác chưa biết lịch mới.}

- [quay lại] Nghe lại -> ${1:Phòng khám gọi}
$0"""),
    Piece("viec", "dung", "Việc trên máy thật", """- [ ] ${1:Mở máy của bác}
  > ${2:Máy không lên thì cắm sạc mười phút.}
$0"""),
)  # fmt: skip


def snippets() -> dict[str, Any]:
    return {
        piece.title: {
            "prefix": piece.prefix,
            "scope": "markdown",
            "description": f"{piece.stem}.md: {piece.title}",
            "body": piece.body.split("\n"),
        }
        for piece in PIECES
    }
