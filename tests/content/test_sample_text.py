"""Sample text of ``lms new`` that nobody wrote over: told at its line, and never shown to learners."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from lms.content import file_templates
from lms.content.library import check_path, read_library
from tests.content import finished_files

TODAY = date(2026, 11, 25)
TEXTS = {
    "course.md": file_templates.course_text("Sổ sức khỏe", TODAY),
    "hieu.md": file_templates.understand_text("Mở sổ"),
    "lam.md": file_templates.practice_text(),
    "dung.md": file_templates.use_text(),
}
FINISHED = {
    "course.md": finished_files.course_text("Sổ sức khỏe", TODAY),
    "hieu.md": finished_files.understand_text("Mở sổ"),
    "lam.md": finished_files.practice_text("Mở sổ"),
    "dung.md": finished_files.use_text("Mở sổ"),
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of which a trainer has finished all files."""
    lesson = tmp_path / "courses" / "so-suc-khoe" / "01-mo-so"
    lesson.mkdir(parents=True)
    for name, text in FINISHED.items():
        (lesson.parent if name == "course.md" else lesson).joinpath(name).write_text(text, "utf-8")
    return lesson.parent


def write(course: Path, name: str, text: str) -> Path:
    path = course / name if name == "course.md" else course / "01-mo-so" / name
    path.write_text(text, "utf-8")
    return path


def published(text: str) -> str:
    return text.replace("nháp: có\n", "")


def left(path: Path) -> list[str]:
    """The lines that are told of; each message is at a line that stands in the file."""
    found = check_path(path, today=TODAY)
    assert {problem.rule for problem in found} <= {"sample-left"}
    return [Path(problem.path).read_text("utf-8").split("\n")[problem.line - 1].strip() for problem in found]


@pytest.mark.parametrize("name", TEXTS)
def test_each_sample_sentence_is_told_once_at_its_line(course, name):
    told = left(write(course, name, TEXTS[name]))
    sentences = re.findall(r"^\W*(?:tóm tắt: )?(Bác (?:viết|ghi|giới thiệu) .*)$", TEXTS[name], re.MULTILINE)
    assert len(told) == len(set(told))
    assert sum(any(line.endswith(sentence) for sentence in sentences) for line in told) == len(sentences) > 0
    others = [line for line in told if not line.endswith(tuple(sentences))]
    assert others == {
        "hieu.md": ["Có người gọi, xin mã OTP. Bác làm gì?"],
        "lam.md": ['> Việc: Nhập số định danh trên thẻ việc, rồi chạm "Gửi yêu cầu".'],
    }.get(name, [])


@pytest.mark.parametrize("name", ["hieu.md", "lam.md", "dung.md", "course.md"])
def test_sample_text_is_an_error_where_learners_would_read_it(course, name):
    write(course, name, published(TEXTS[name]))
    reading = read_library(course.parent, today=TODAY)
    assert reading.unavailable == ("so-suc-khoe",)
    [first, *further] = reading.problems
    assert first.level == "error"
    assert "nháp: có" in first.message
    assert all(problem.level == "error" and "nháp" not in problem.message for problem in further)
    assert check_path(Path(first.path), today=TODAY) == [first, *further]


def test_in_a_draft_it_is_a_warning_and_the_course_is_served(course):
    lesson = course / "02-hai"
    lesson.mkdir()
    for name in ("hieu.md", "lam.md", "dung.md"):
        (lesson / name).write_text(TEXTS[name], "utf-8")
    reading = read_library(course.parent, today=TODAY)
    assert {problem.level for problem in reading.problems} == {"warning"}
    assert [each.slug for each in reading.library.course("so-suc-khoe").lessons] == ["mo-so"]
    assert [each.slug for each in reading.library.all_drafts] == ["hai"]
    for path in (lesson, lesson / "lam.md"):
        assert {problem.level for problem in check_path(path, today=TODAY)} == {"warning"}


@pytest.mark.parametrize("where", ["course.md", "hieu.md"])
def test_a_course_that_is_all_drafts_may_have_sample_text_in_every_file(course, where):
    for name, text in TEXTS.items():
        text = published(text)
        write(course, name, text.replace("---\n", "---\nnháp: có\n", 1) if name == where else text)
    assert {problem.level for problem in check_path(course, today=TODAY)} == {"warning"}
    assert check_path(course / "course.md", today=TODAY)[0].level == "warning"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("hieu.md", "Bác viết một điều dễ nhớ.", "Bác viết một điều dễ nhớ: mã OTP là chìa khóa."),
        ("hieu.md", "Bác viết điều người học sẽ hiểu", "Biết cách mở sổ"),
        ("hieu.md", "Đọc nửa mã, không đọc hết", "Đọc ba số đầu"),
        ("lam.md", 'Đọc tin nhắn, gõ mã OTP, rồi chạm "Xác nhận".', "Gõ mã trong tin nhắn."),
        ("dung.md", "Bác viết việc tiếp theo", "Bác viết việc tiếp theo vào sổ tay"),
    ],
)
def test_what_was_written_over_is_not_told(course, name, old, new):
    whole = left(write(course, name, TEXTS[name]))
    assert old in TEXTS[name]
    assert len(left(write(course, name, TEXTS[name].replace(old, new)))) == len(whole) - 1


def test_a_sample_question_typed_with_boxes_is_still_the_sample(course):
    boxed = TEXTS["hieu.md"].replace("\n- Đọc", "\n- [ ] Đọc").replace("\n+ Ngừng", "\n- [x] Ngừng")
    assert left(write(course, "hieu.md", boxed)) == left(write(course, "hieu.md", TEXTS["hieu.md"]))


def test_the_sample_task_card_is_told_where_no_screen_asks_for_its_number(course):
    path = course / "01-mo-so" / "lam.md"
    text = path.read_text("utf-8")
    assert left(path) == []  # the finished practice has the same card, and asks for its number
    without_number = re.sub(r"(?m)^- \[ô số\] Số định danh.*\n  - sai: .*\n", "", text)
    assert without_number != text
    path.write_text(without_number, "utf-8")
    assert left(path) == [next(line for line in text.split("\n") if line.startswith("thẻ việc:"))]
