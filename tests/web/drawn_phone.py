"""A course whose practice has what makes a phone look like one: rows, bubbles, cards, tabs, photos and keys."""

from __future__ import annotations

from pathlib import Path

from tests.web.every_screen import COURSE, DUNG, HIEU

LAM = """\
---
tên: Máy như máy thật
máy:
  - Android
  - iPhone
bắt đầu: Máy đang khóa
đích: Xong
dữ liệu:
  cccd: "099060000123"
thẻ việc: Bác đóng vai bác **Nguyễn Văn Tập**, số định danh **{{cccd}}**.
---

## Máy đang khóa {loại="màn hình khoá" giờ=9:15 hiện="Thứ Tư, 25 tháng 11"}
> Việc: Chạm tin của con gái.
> Gợi ý: Tin nằm giữa màn hình.

- [dòng] Con gái {hình="tin nhắn"} => Danh sách tin
  - phụ: Má khỏe không ba?
  - giờ: 09:10
- [dòng] Số lạ {hình="tin nhắn"} x> Trang quà
  - phụ: Chạm đây nhận quà 5 triệu
  - báo: Trang ấy xin số tài khoản rồi rút tiền.

## Danh sách tin {hiện="Tin nhắn"}
> Việc: Mở tin của con gái.
> Gợi ý: Dòng ấy ở giữa.

- [quay lại] Quay lại -> Máy đang khóa
- [dòng] Nhà mạng {hình="điện thoại"}
  - phụ: Gói cước tháng này của bác còn 3 ngày
  - giờ: Hôm qua
- [dòng] Con gái {hình=người} => Tin của con
  - phụ: Má khỏe không ba?
  - giờ: 09:10
- [dòng] Tổ dân phố {hình=nhà} -> Ngoài tổ
  - phụ: Mời họp tối thứ Sáu
- [tab] Tin nhắn {hình="tin nhắn" đang=có}
- [tab] Danh bạ {hình="danh bạ"}
- [tab] Thêm {hình=cộng} -> Ngoài tổ

## Tin của con {loại="tin nhắn" hiện="Con gái"}
> Việc: Mở ảnh con gửi.

- [quay lại] Quay lại -> Danh sách tin
- [lời] Má khỏe không ba? Mai con về. {của=họ}
  - giờ: 09:10
- [lời] Má khỏe. {của=bác}
  - giờ: 09:12
- [nút] Xem ảnh => Ảnh con gửi

## Ảnh con gửi {hiện="Ảnh"}
> Việc: Chọn ảnh trạm xe.

- [biểu tượng] Cột đèn, thấy rõ số 4 {kiểu=ảnh hình="đèn pin"}
- [biểu tượng] Trạm xe trước nhà {kiểu=ảnh hình=xe} => Bàn phím
- [biểu tượng] Nhà văn hóa {kiểu=ảnh hình=nhà}

## Bàn phím {hiện="Viết tin"}
> Việc: Chạm quả địa cầu.

- [lời] Má khỏe không ba? {của=họ}
- [biểu tượng] Mặt cười {kiểu=phím hình="khuôn mặt"}
- [biểu tượng] Quả địa cầu {kiểu=phím hình="trình duyệt"} => Trang ứng dụng
- [biểu tượng] Nói thay gõ {kiểu=phím hình=micro}

## Trang ứng dụng {loại="kho ứng dụng" hiện="Xe buýt Mẫu" nhà phát triển="Trung tâm Xe buýt" sao=4,5 hình=xe}
> Việc: Đọc tên người làm, rồi chạm "Cài đặt".

- [quay lại] Quay lại -> Danh sách tin
- [nút] Cài đặt => Kết quả tìm

## Kết quả tìm {loại="kho ứng dụng" hiện="Kết quả tìm"}
> Việc: Chạm dòng đúng tên.

- [dòng] Xe buýt Mẫu {hình=xe sao=4,5} => Trang lạ
  - phụ: Trung tâm Xe buýt
- [dòng] Xe buýt Mẫu 2026 {hình=xe sao=3}
  - phụ: Nguyen Dev Mau

## Trang lạ {loại="trình duyệt" địa chỉ="https://nhan-qua-nhanh-hom-nay.example/vao" hiện="Nhận quà 5 triệu"}
> Việc: Đóng trang.

Điền số thẻ và mã OTP để nhận.

- [quay lại] Đóng trang => Người lạ gọi
- [nút] Điền x> Trang quà
  - báo: Trang ấy lấy mã OTP.

## Người lạ gọi {loại="cuộc gọi" người gọi="0283… – không có trong danh bạ"}
> Việc: Có người gọi. Bác làm gì?
> Nói: Tôi ở bảo hiểm, bác đọc mã cho tôi.

- [chữ] Đang nói chuyện
- [nút] Tắt máy => Ở quầy
- [nút] Đọc mã x> Trang quà
  - báo: Có mã là họ rút được tiền.

## Ở quầy {loại="tình huống" hình=người}
> Việc: Cán bộ hỏi số định danh. Tìm số trên thẻ.

Bác tới quầy của công an phường.

- [thẻ] Căn cước {kiểu="căn cước" mục="Số: {{cccd}} | Họ và tên: Nguyễn Văn Tập" khoanh=Số}
- [nút] Đọc số cho cán bộ => Giấy tờ
- [nút] Ra về -> Ngoài tổ

## Giấy tờ {hiện="Ví giấy tờ"}
> Việc: Xem giấy tờ rồi chạm "Xong".

- [thẻ] Thẻ bảo hiểm y tế {kiểu="bảo hiểm" mục="Mã số: {{cccd}} | Giá trị đến: 31/12/2027"}
- [thẻ] Biên lai {kiểu="biên lai" mục="Người nhận: PHO BA MAU | Số tiền: 45.000 đồng | Đã chuyển"}
- [nút] Xong => Xong

## Ngoài tổ {loại=lạc}
> Lạc: Chưa phải lúc này.

- [nút] Về danh sách -> Danh sách tin

## Trang quà {loại=lạc}
> Lạc: Đóng trang là xong.

- [nút] Về danh sách tin -> Danh sách tin

## Xong {loại=kết}

Bác đã đi qua mọi màn hình.
"""

LESSON = "/thu/nhu-that"
PRACTICE = f"{LESSON}/lam"


def write_drawn_phone(folder: Path) -> Path:
    """The folder of courses, with this one in it."""
    lesson = folder / "thu" / "01-nhu-that"
    lesson.mkdir(parents=True)
    (folder / "thu" / "course.md").write_text(COURSE, "utf-8")
    for name, text in (("hieu.md", HIEU), ("lam.md", LAM), ("dung.md", DUNG)):
        (lesson / name).write_text(text, "utf-8")
    return folder
