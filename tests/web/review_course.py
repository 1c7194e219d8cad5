"""The sample course, whose second lesson has a practice with a scam, an honest call, and a step that is no decision."""

from __future__ import annotations

from pathlib import Path

from tests.web import sample_course

CALL = """---
tên: Cuộc gọi
bắt đầu: Người lạ gọi
đích: Xong
thẻ việc: Bác đóng vai **bà Thử**. Mã của bác là {{mã}}.
dữ liệu:
  mã: sinh(6)
---

## Người lạ gọi {loại="cuộc gọi"}
> Việc: Có người gọi tới, xin mã {{mã}}. Bác làm gì?
> Nói: Đọc mã cho tôi.
> Vì sao: Người thật không hỏi mã.

- [nút] Đọc mã x> Bị lừa
  - báo: Mất tiền trong tài khoản.
- [nút] Hẹn họ mai gọi -> Bị lừa
- [nút] Cúp máy => Bưu tá gọi
- [nút] Bật loa

## Bưu tá gọi {loại="cuộc gọi"}
> Việc: Bưu tá gọi, hẹn giờ giao hàng. Bác làm gì?
> Nói: Chiều nay cháu giao nhé.

- [nút] Hẹn giờ nhận => Bấm tiếp
- [nút] Cúp máy -> Bị lừa

## Bấm tiếp
> Việc: Chạm "Tiếp".

- [nút] Tiếp => Xong
- [nút] Thôi -> Bị lừa

## Bị lừa {loại=lạc}
> Lạc: Bác bị lừa rồi.

- [quay lại] Quay lại -> Người lạ gọi

## Xong {loại=kết}
"""


def write_review_course(folder: Path) -> Path:
    sample_course.write_courses(folder)
    (folder / "vneid/02-kich-hoat/lam.md").write_text(CALL, "utf-8")
    return folder
