"""Ready pieces of a lesson. ``PIECES`` names the file in which each piece is whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    Piece("nhieudung", "hieu", "Câu hỏi chọn nhiều", """::: hỏi
${1:Số nào không đọc cho ai?}
- [x] ${2:Mã OTP}
  > ${3:Đúng rồi, mã chỉ để bác tự gõ.}
- [x] ${4:Mã PIN}
  > ${5:Đúng rồi, mã này cũng giữ kín.}
- [ ] ${6:Số nhà của bác}
  > ${7:Người giao hàng cần số này.}
:::
$0"""),
    Piece("khoangso", "hieu", "Câu hỏi gõ số trong khoảng", """::: hỏi
${1:Mật khẩu nên dài mấy chữ?}
= ${2:8}..${3:20}
? ${4:Ngắn quá thì dễ đoán.}
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
    Piece("trangchu", "lam", "Màn hình chính", """## ${1:Màn hình chính} {loại="trang chủ"}
> Việc: ${2:Bác chạm biểu tượng cài đặt.}
> Gợi ý: ${3:Biểu tượng hình bánh răng.}

- [biểu tượng] ${4:Cài đặt} {hình="${5:cài đặt}"} => ${6:Xong}
- [biểu tượng] ${7:Máy ảnh} {hình="${8:máy ảnh}"}
$0"""),
    Piece("hoithoai", "lam", "Hộp hỏi", """## ${1:Máy hỏi lại} {loại="hội thoại"}
> Việc: ${2:Bác đọc câu hỏi rồi đồng ý.}

- [chữ] ${3:Bác muốn lưu thay đổi không?}
- [nút] ${4:Đồng ý} => ${5:Xong}
- [nút] ${6:Để sau}
$0"""),
    Piece("quyen", "lam", "Hộp xin quyền", """## ${1:Ứng dụng xin quyền} {loại=quyền}
> Việc: ${2:Cho ứng dụng dùng máy ảnh khi đang mở.}

- [chữ] ${3:Ứng dụng muốn chụp ảnh.}
- [nút] ${4:Chỉ khi dùng ứng dụng} => ${5:Xong}
- [nút] ${6:Không cho phép}
$0"""),
    Piece("hoptin", "lam", "Hộp tin nhắn", """## ${1:Hộp tin} {loại="tin nhắn"}
> Việc: ${2:Đọc tin rồi quay ra.}

- [tin nhắn] ${3:Phường mình} {giây=1}
  - nội dung: ${4:Mời bà con họp tổ dân phố tối thứ sáu.}
- [quay lại] ${5:Quay ra} => ${6:Xong}
$0"""),
    Piece("quetma", "lam", "Quét mã", """## ${1:Quét mã} {loại=quét}
> Việc: ${2:Đưa máy lại gần mã rồi giữ nút.}

- [quét] ${3:Quét mã trên quầy} {giữ=2 hình="mã QR"} => ${4:Xong}
$0"""),
    Piece("doimay", "lam", "Máy đang chạy", """## ${1:Đang gửi} {loại=chờ}
- [chữ] ${2:Máy đang gửi yêu cầu.}
- [chờ] ${3:Đang gửi} {giây=2} => ${4:Xong}
$0"""),
    Piece("khoamay", "lam", "Màn hình khóa", """## ${1:Màn hình khóa} {loại="màn hình khóa" giờ=09:15}
> Việc: ${2:Vuốt lên để mở máy.}

- [vuốt] ${3:Vuốt lên để mở} {hướng=lên} => ${4:Xong}
$0"""),
    Piece("trangweb", "lam", "Trang web", """## ${1:Trang phường} {loại="trình duyệt" địa chỉ="${2:phuong.example}"}
> Việc: ${3:Xem địa chỉ rồi mở mục hồ sơ.}

- [liên kết] ${4:Hồ sơ của bác} => ${5:Xong}
$0"""),
    Piece("khoapp", "lam", "Kho ứng dụng", """## ${1:Kho} {loại="kho ứng dụng" nhà phát triển="${2:Trung tâm Mẫu}"}
> Việc: ${3:Đọc tên nơi làm ra rồi cài.}

- [nút] ${4:Cài đặt} => ${5:Xong}
$0"""),
    Piece("tinhhuong", "lam", "Tình huống ngoài đời", """## ${1:Ở quầy} {loại="tình huống" hình=tiền}
> Việc: ${2:Cô bán hàng đưa mã. Bác làm gì trước?}

- [nút] ${3:Hỏi lại số tiền} => ${4:Xong}
$0"""),
    Piece("lacduong", "lam", "Màn lạc và lối về", """## ${1:Chọn ứng dụng}
> Việc: ${2:Chạm vào ứng dụng thời tiết.}

- [nút] ${3:Thời tiết} => ${4:Xong}
- [nút] ${5:Máy tính} -> ${6:Nhầm ứng dụng}

## ${6:Nhầm ứng dụng} {loại=lạc}
> Lạc: ${7:Đây là máy tính, chưa phải thời tiết.}

- [quay lại] ${8:Quay về} -> ${1:Chọn ứng dụng}
$0"""),
    Piece("manket", "lam", "Màn kết khác", """## ${1:Trước khi xong}
> Việc: ${2:Bác xem lại rồi kết thúc.}

- [nút] ${3:Kết thúc} => ${4:Xong}
- [nút] ${5:Để hôm khác} -> ${6:Bác dừng ở đây}

## ${6:Bác dừng ở đây} {loại=kết}

${7:Hôm nào rảnh bác làm tiếp.}
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
