"""``::: chạm thử`` in hieu.md: which screens it may name, and where each fault is reported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lms.content.course_reader import read_course
from lms.content.library import check_path
from lms.content.understand_stage import read_understand

TODAY = date(2026, 11, 25)
COURSE = "---\ntên: Khóa\ntóm tắt: Ngắn.\nkiểm tra ngày: 2026-11-01\nnguồn:\n  - Tờ\n---\n"
HIEU = "---\ntên: Bài\nphút: 5\n---\n\n## Chạm\n\n"
FIRST_LINE = HIEU.count("\n")
LAM = """---
tên: Bài tập
bắt đầu: Màn hình chính
đích: Xong
---

## Màn hình chính
> Việc: Chạm "Hòa giải".

- [nút] Hòa giải => Gõ tên

## Gõ tên
> Việc: Gõ tên, rồi chạm "Gửi".

- [ô chữ] Tên = Tập
  - sai: Bác gõ lại.
- [nút] Gửi => Hòa mạng

## Hòa mạng {#mang}
> Việc: Chạm "Đóng".

- [nút] Đóng => Xong

## Xong {loại=kết}
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "khoa/01-bai"
    folder.mkdir(parents=True)
    (tmp_path / "khoa/course.md").write_text(COURSE, "utf-8")
    for name in ("lam.md", "lam-thu.md"):
        (folder / name).write_text(LAM, "utf-8")
    (folder / "dung.md").write_text("---\ntên: Làm\n---\n\n- [ ] Mở máy\n", "utf-8")
    return folder


def screens_shown(lesson: Path, block: str) -> list[tuple[str, str, bool]]:
    (lesson / "hieu.md").write_text(HIEU + block, "utf-8")
    course, problems = read_course(lesson.parent, today=TODAY)
    assert problems == []
    return [(part.practice, part.screen, part.unaided) for part in course.lessons[0].understand.inline_screens]


def faults(lesson: Path, block: str) -> list[tuple[int, int, str, str | None]]:
    """The problems as line of the block, column, rule and suggestion: alike for the file alone and for the course."""
    path = lesson / "hieu.md"
    path.write_text(HIEU + block, "utf-8")
    alone = check_path(path, today=TODAY)
    assert alone == [problem for problem in check_path(lesson.parent, today=TODAY) if problem.path == str(path)]
    return [(problem.line - FIRST_LINE, problem.column, problem.rule, problem.suggestion) for problem in alone]


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ("::: chạm thử\n=> Màn hình chính\n:::", ("", "man-hinh-chinh", False)),
        ("::: try out unaided\n=> #mang\n:::", ("", "mang", True)),
        ("::: CHAM-THU tu tim\n=> lam-thu: Hòa mạng\n:::", ("thu", "mang", True)),
        ("::: chạm thử\nBác chạm đi.\n=> lam-thu.md: #mang\n:::", ("thu", "mang", False)),
    ],
)
def test_a_screen_is_named_by_title_or_id_in_any_practice_of_the_lesson(lesson, block, shown):
    assert screens_shown(lesson, block) == [shown]


def test_without_words_of_its_own_the_block_says_the_screens_task(lesson):
    assert screens_shown(lesson, "::: chạm thử\n=> #mang\n:::\n\n::: chạm thử\nĐóng **lại**.\n=> #mang\n:::")
    course, _ = read_course(lesson.parent, today=TODAY)
    texts = [part.html for part in course.lessons[0].understand.inline_screens]
    assert texts == ['<p>Chạm "Đóng".</p>', "<p>Đóng <strong>lại</strong>.</p>"]


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ("::: chạm thử\nBác chạm đi.\n:::", (1, 1, "try-target", "=> Tên màn hình")),
        ("::: chạm thử\n:::", (1, 1, "try-target", "=> Tên màn hình")),
        ("::: chạm thử\n=> #mang\n=> Màn hình chính\n:::", (3, 1, "try-target", "=> Tên màn hình")),
        ("::: chạm thử\n=>\n:::", (2, 1, "try-target", "=> Tên màn hình")),
        ("::: chạm thử\n-> Màn hình chính\n:::", (2, 1, "try-target", "=>")),
        ("::: chạm thử\n  → Màn hình chính\n:::", (2, 3, "try-target", "=>")),
        ("::: chạm thử\n=> Màn hình chình\n:::", (2, 4, "unknown-target", "Màn hình chính")),
        ("::: chạm thử\n=> Hoà mạng\n:::", (2, 4, "unknown-target", "Hòa mạng")),
        ("::: chạm thử\n=> #mangg\n:::", (2, 4, "unknown-target", "#mang")),
        ("::: chạm thử\n=> Trời xanh mây trắng\n:::", (2, 4, "unknown-target", "Hòa mạng")),
        ("::: chạm thử\n=> lam-thử: #mang\n:::", (2, 4, "unknown-target", "lam-thu")),
        ("::: chạm thử\n=> Gõ tên\n:::", (2, 4, "try-screen", None)),
        ("::: chạm thử\n=> Xong\n:::", (2, 4, "try-screen", None)),
        ("::: chạm thữ\n=> #mang\n:::", None),  # fixed words ignore tone marks
        ("::: chạm thu\n=> #mang\n:::", None),
        ("::: chạm thửu\n=> #mang\n:::", (1, 5, "unknown-block", "chạm thử")),
        ("::: chạm thử tự tim\n=> #mang\n:::", None),
        ("::: chạm thử tự tìn\n=> #mang\n:::", (1, 14, "block-option", "tự tìm")),
    ],
)
def test_each_fault_is_reported_once_at_its_place(lesson, block, fault):
    assert faults(lesson, block) == ([fault] if fault else [])


def test_a_practice_with_errors_is_not_blamed_on_the_lesson(lesson):
    (lesson / "lam.md").write_text(LAM.replace("## Hòa mạng", "## Hòa bình"), "utf-8")
    assert faults(lesson, "::: chạm thử\n=> Trang nào đó\n:::") == []


def test_a_file_that_is_read_without_its_lesson_is_not_checked_for_targets():
    understand, problems = read_understand(HIEU + "::: chạm thử\n=> Màn hình chính\n:::", "hieu.md")
    assert problems == []
    assert [part.screen for part in understand.inline_screens] == ["man-hinh-chinh"]
