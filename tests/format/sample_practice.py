"""A practice with every feature, and the events of its expected path."""

from __future__ import annotations

import json
from pathlib import Path

from tests.format.commands import run

REPLAY = """---
tên: Bài tập
bắt đầu: Nhà
đích: Xong
đạt: 60
dữ liệu:
  cccd: "099060000123"
  otp: sinh(6)
  mk: HocSo@2026
---

## Nhà
> Việc: Mở ứng dụng.
> Gợi ý: Ở góc trái.

- [biểu tượng] Khác -> Lạc
- [biểu tượng] VNeID => Nhập
- [chữ] Chào
- [nút] Im

## Lạc {loại=lạc}
> Lạc: Bác mở nhầm.

- [quay lại] Quay lại -> Nhà

## Nhập
> Việc: Gõ số và tên, rồi chạm "Gửi".

- [ô số] Số {dài=12} = {{cccd}}
  - sai: Bác so lại.
- [ô chữ] Tên = Nguyễn Văn Tập | Tập
  - sai: Bác gõ lại.
- [chọn] Tỉnh {mục="Huế | Hà Nội"} = Huế
  - sai: Bác chọn lại.
- [công tắc] Đồng ý = bật
  - sai: Bác bật lên.
- [nút] Gửi => Chờ
- [nút] Về -> Nhà

## Chờ {loại=chờ}

- [chờ] Đang gửi {giây=2} => Mã

## Mã
> Việc: Gõ mã trong tin nhắn.
> Gợi ý: Xem tin nhắn.
> Gợi ý: Sáu chữ số.

- [tin nhắn] Tin mới {giây=3}
  - nội dung: Mã là {{otp}}.
- [ô số] Mã OTP = {{otp}}
  - sai: Xem lại tin nhắn.
- [mật khẩu] Mật khẩu = {{mk}}
  - sai: Gõ lại.
- [ô chữ] Mật khẩu mới = ~mat-khau-manh
  - sai: Gõ mạnh hơn.
- [nút] Tiếp => Gọi
- [nút] Tiếp tục => Gọi

## Gọi {loại="cuộc gọi"}
> Việc: Trả lời an toàn.

- [nút] Tắt máy => Xong
- [nút] Đọc mã x> Mất
  - báo: Đừng đọc.
- [nút] Chuyển tiền x> Mất
  - báo: Đừng chuyển.
  - chí tử: có
- [nút] Bỏ cuộc -> Bỏ

## Mất {loại=lạc}
> Lạc: Bác vừa mất mã.

- [nút] Quay lại -> Gọi

## Bỏ {loại=kết}

## Xong {loại=kết}
"""
DATA = {"cccd": "099060000123", "otp": "482915", "mk": "HocSo@2026"}


def replay(practice: Path, *events: list, mode: str = "tu-lam", data: dict | None = None) -> dict:
    line = json.dumps({"data": DATA if data is None else data, "events": list(events)})
    result = run("replay", practice, "--mode", mode, given=line + "\n")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def log(*steps: tuple) -> list[list]:
    return [[q, q * 1000, *step] for q, step in enumerate(steps, 1)]


NHA = [("nha", 1, "tap")]
NHAP = [
    ("nhap", 0, "type", "099060000123"),
    ("nhap", 1, "type", "nguyễn  văn tập "),
    ("nhap", 2, "choose", "Huế"),
    ("nhap", 3, "switch", "bật"),
    ("nhap", 4, "tap"),
]
CHO = [("cho", 0, "wait")]
MA = [
    ("ma", 0, "read"),
    ("ma", 1, "type", "482 915"),
    ("ma", 2, "type", "HocSo@2026"),
    ("ma", 3, "type", "~ok"),
    ("ma", 4, "tap"),
]
GOI = [("goi", 0, "tap")]
RIGHT = NHA + NHAP + CHO + MA + GOI
