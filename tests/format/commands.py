"""A small valid course, and helpers that run the commands."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from lms.cli import main

TODAY = "2026-11-25"

COURSE = """---
tên: VNeID
tóm tắt: Định danh trên điện thoại.
kiểm tra ngày: 2026-11-01
nguồn:
  - Tờ dữ kiện
---

Bài cho bác.
"""
HIEU = """---
tên: Bài một
phút: 5
---

## Phần một

Bác đọc nhé.

::: hỏi
Bác làm gì?
- [ ] Đọc mã
  > Công an không hỏi mã.
- [x] Cúp máy
  > Đúng rồi.
? Ai cầm chìa khóa thì vào được nhà.
:::
"""
LAM = """---
tên: Bài tập
bắt đầu: Một
đích: Xong
dữ liệu:
  cccd: "099060000123"
  otp: sinh(6)
---

## Một
> Việc: Gõ số rồi chạm "Đi".
> Gợi ý: Số ở trên thẻ.

- [ô số] Số định danh {dài=12} = {{cccd}}
  - sai: Bác so lại 12 chữ số.
- [nút] Đi => Xong
- [nút] Về nhà -> Hai

## Hai
> Việc: Chạm "Quay về".

- [nút] Quay về -> Một

## Xong {loại=kết}
"""
DUNG = """---
tên: Làm ngay
chuẩn bị:
  - Thẻ căn cước
---

- [ ] Mở VNeID thật
  > Hỏi người đứng lớp.
"""


def run(*arguments: object, given: str | None = None):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=given, catch_exceptions=False)


def check(path: Path, *options: str) -> list[dict]:
    result = run("check", "--json", "--today", TODAY, *options, path)
    assert result.exit_code in (0, 1), result.output
    found = json.loads(result.stdout)
    assert result.exit_code == (1 if any(one["level"] == "error" for one in found) else 0)
    for one in found:
        assert set(one) == {"path", "line", "column", "level", "rule", "message", "suggestion"}
        assert one["line"] >= 1 and one["column"] >= 1
    return found


def errors(found: list[dict]) -> list[tuple[str, int]]:
    return [(Path(one["path"]).name, one["line"]) for one in found if one["level"] == "error"]


def warnings(found: list[dict]) -> list[tuple[str, int]]:
    return [(Path(one["path"]).name, one["line"]) for one in found if one["level"] == "warning"]


def line_of(text: str, needle: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if needle in line)


def pointed(text: str) -> tuple[str, tuple[int, int]]:
    """The text without its one ``‸``, and the line and column of that mark."""
    before, _, after = text.partition("‸")
    return before + after, (before.count("\n") + 1, len(before) - before.rfind("\n"))
