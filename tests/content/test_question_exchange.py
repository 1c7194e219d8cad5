"""``lms import``: questions from other programs, by the front door."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import main
from lms.content.model import Choice
from lms.content.understand_stage import read_understand
from tests.content.question_blocks import right_options

HIEU = """---
tên: Bài thử
phút: 3
---

## Một

::: hỏi
Câu có sẵn?
- [x] Đúng rồi
- [ ] Chưa
  > Bác xem lại.
:::

Đoạn sau câu hỏi.
"""


@pytest.fixture
def hieu(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "courses" / "thu" / "01-bai"
    folder.mkdir(parents=True)
    (folder.parent / "course.md").write_text(
        "---\ntên: Khóa thử\nkiểm tra ngày: 2026-11-28\n---\n\nKhóa để thử.\n", "utf-8"
    )
    (folder / "hieu.md").write_text(HIEU, "utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LMS_COURSES", "courses")
    return folder / "hieu.md"


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def bring(data: str | bytes, *options: str, to: str = "thu/01-bai"):
    Path("cau-hoi").write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return run("import", "cau-hoi", "--to", to, *options)


def read(path: Path):
    understand, problems = read_understand(path.read_text("utf-8"), str(path), folder=path.parent)
    assert understand is not None, problems
    return understand


def without_lines(questions):
    return [replace(question, line=0) for question in questions]


# --- what comes in ----------------------------------------------------------------------------------------------------


def test_questions_come_after_the_present_ones_and_the_lesson_passes_the_check(hieu):
    before = read(hieu).questions
    result = bring("2 + 2 = ? \\{hỏi\\} {~3#Ít quá. =4 ~5#Nhiều quá.}\n")
    assert result.exit_code == 0, result.output
    assert "Đã thêm 1 câu" in result.stdout
    text = hieu.read_text("utf-8")
    assert text.index("Câu có sẵn?") < text.index("2 + 2") < text.index("Đoạn sau câu hỏi.")
    assert text.replace(text[text.index("\n::: hỏi\n2") : text.index("\nĐoạn sau")], "") == HIEU
    assert without_lines(read(hieu).questions[:1]) == without_lines(before)
    assert right_options(read(hieu).questions[1]) == [False, True, False]
    assert not [line for line in run("check", hieu).stdout.splitlines() if "lỗi" in line]


def test_a_lesson_without_questions_gets_them_at_its_end(hieu):
    hieu.write_text("---\ntên: Bài\nphút: 3\n---\n\nMột đoạn.", "utf-8")
    assert bring("Trời mưa? {T}").exit_code == 0
    (question,) = read(hieu).questions
    assert isinstance(question, Choice)
    assert [option.text for option in question.options] == ["Đúng", "Sai"]


def test_a_dry_run_shows_the_markdown_and_writes_nothing(hieu):
    result = bring("Một hay hai? {=Một#Đúng. ~Hai}", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout == "::: hỏi\nMột hay hai?\n- [x] Một\n  > Đúng.\n- [ ] Hai\n:::\n"
    assert hieu.read_text("utf-8") == HIEU


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Kể về bác. {}\n", 1, "tự luận"),
        ("\n\nChỉ là đoạn văn.\n\nMưa? {T}\n", 3, "không có câu trả lời"),
        ("Mưa?\n{T\n", 2, "không có ngoặc }"),
        ("Hai chỗ {=a} và {=b}\n", 1, "hơn một cặp ngoặc"),
        ("Tàu gì?\n{\n=tàu*\n}\n", 3, "Dấu *"),
        ("Ghép. {\n=a -> b\n= -> c\n}\n", 3, "đủ hai vế"),
        ("Chọn. {~a ~b}\n", 1, "đúng trọn vẹn"),
        ("Số? {#ba}\n", 1, "dạng số"),
        ("[html]<p>Xem <img src\\='a.png'></p> {T}\n", 1, "cần hình"),
        ("Một lựa chọn? {~%100%a}\n", 1, "cần ít nhất hai"),
        ("Số nào? {=một ~một}\n", 1, "chưa hợp với trang"),
    ],
)
def test_what_cannot_be_carried_is_refused_at_its_line_and_nothing_is_written(hieu, text, line, words):
    result = bring(text)
    assert result.exit_code == 1
    assert [
        part for part in result.stderr.splitlines() if part.startswith(f"cau-hoi:{line}: không nhận:") and words in part
    ]
    assert hieu.read_text("utf-8") == HIEU


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Gì? {=a#Giỏi.}\n", 1, "Lời giải thích của câu phải gõ"),
        ("Gì? {\n=a\n=%50%b\n}\n", 3, "“b” chỉ được một phần"),
        ("Gì? {\n=a\n~%50%b\n~c\n}\n", 3, "Điểm một phần"),
        ("Gì? {\n=a\n~b\n####Chung\n}\n", 4, "####"),
        ("$CATEGORY: Nhóm\n\nMưa? {T}\n", 1, "Nhóm"),
        ("Mùa? {=xuân =hạ ~Tết}\n", 1, "chọn đủ"),
        ("[html]<b>Mưa</b>? {T}\n", 1, "Chữ đậm"),
    ],
)
def test_what_a_question_loses_is_told_at_its_line(hieu, text, line, words):
    result = bring(text)
    assert result.exit_code == 0, result.output
    assert [part for part in result.stderr.splitlines() if part.startswith(f"cau-hoi:{line}: lưu ý:") and words in part]
    assert len(read(hieu).questions) == 2


def test_the_rest_comes_in_only_if_that_was_asked_for(hieu):
    text = "Mưa? {T}\n\nKể về bác. {}\n"
    assert bring(text).exit_code == 1
    assert hieu.read_text("utf-8") == HIEU
    assert bring(text, "--skip-refused").exit_code == 0
    assert len(read(hieu).questions) == 2


def test_the_same_file_twice_adds_nothing_more(hieu):
    assert bring("Mưa? {T}\n").exit_code == 0
    after_once = hieu.read_text("utf-8")
    result = bring("Mưa? {T}\n")
    assert (result.exit_code, hieu.read_text("utf-8")) == (0, after_once)
    assert "Bài đã có đúng câu này" in result.stderr


def test_json_has_the_blocks_the_findings_and_what_was_written(hieu):
    said = json.loads(bring("Gì? {=a#Giỏi.}\n", "--json").stdout)
    assert said == {
        "kind": "gift",
        "questions": [{"line": 1, "place": "1", "kind": "typed", "markdown": "::: hỏi\nGì?\n= a\n:::"}],
        "findings": [
            {"line": 1, "place": "1", "refused": False, "message": "Lời giải thích của câu phải gõ không mang sang."},
        ],
        "written": str(Path("courses/thu/01-bai/hieu.md")),
    }


def test_numbers_become_ranges_with_a_decimal_comma(hieu):
    assert bring("Năm? {#1822:5}\n\nPi? {#3.141:0.0005}\n\nMấy? {#=7 =9..10}\n").exit_code == 0
    text = hieu.read_text("utf-8")
    assert "= 1817..1827\n" in text and "= 3,1405..3,1415\n" in text and "= 7\n= 9..10\n" in text


# --- files of all kinds -----------------------------------------------------------------------------------------------

QUESTION = "Trời mưa, bác mang gì? {=ô ~dép}\n"


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (QUESTION.encode("utf-8-sig"), ()),
        (QUESTION.replace("\n", "\r\n").encode(), ()),
        (QUESTION.replace("\n", "\r").encode(), ()),
        (QUESTION.encode("utf-16"), ()),
        (QUESTION.encode("utf-16-le"), ("--encoding", "utf-16")),
        ("Tr\u01a1\u0300i m\u01b0a, bác mang gi\u0300? {=ô ~dép}\n".encode("cp1258"), ("--encoding", "windows-1258")),
        ("Tr\u01a1\u0300i m\u01b0a, ba\u0301c mang gi\u0300? {=ô ~de\u0301p}\n".encode(), ()),
    ],
)
def test_a_file_is_read_in_every_encoding_that_it_names(hieu, data, options):
    result = bring(data, *options)
    assert result.exit_code == 0, result.output
    assert read(hieu).questions[1].prompt == "<p>Trời mưa, bác mang gì?</p>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Trời mưa? {T}".encode("cp1258", "replace") + b"\xec", "không phải mã UTF-8"),
        (QUESTION.encode("utf-16-le"), "--encoding utf-16"),
        (b"PK\x03\x04rest", "hỏng"),
        (b"{" * 500_001, "lớn hơn 500 KB"),
        ("Chỉ là thư.\n", "Không thấy câu hỏi nào"),
        ("", "Không thấy câu hỏi nào"),
        ("Mưa? {T}\n\n" * 301, "hơn 300 câu"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_a_sentence(hieu, data, words):
    result = bring(data)
    assert result.exit_code == 2
    assert words in result.stderr
    assert hieu.read_text("utf-8") == HIEU


@pytest.mark.parametrize("lesson", ["../thu/01-bai", "thu/../../ngoai", "thu/khong-co", "thu"])
def test_a_lesson_that_is_none_or_outside_is_refused(hieu, lesson):
    result = bring("Mưa? {T}", to=lesson)
    assert result.exit_code in (1, 2)
    assert hieu.read_text("utf-8") == HIEU


def test_a_link_that_leads_out_of_the_course_is_not_written_to(hieu, tmp_path):
    outside = tmp_path / "ngoai.md"
    hieu.rename(outside)
    hieu.symlink_to(outside)
    result = bring("Mưa? {T}")
    assert result.exit_code == 2
    assert "trỏ ra ngoài" in result.stderr
    assert outside.read_text("utf-8") == HIEU


def test_a_lesson_keeps_its_line_endings_its_mark_and_its_mode(hieu):
    hieu.write_bytes(b"\xef\xbb\xbf" + HIEU.replace("\n", "\r\n").encode())
    hieu.chmod(0o640)
    assert bring("Mưa?\nHay nắng? {T}").exit_code == 0
    data = hieu.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf---\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert hieu.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in hieu.parent.iterdir()] == ["hieu.md"]


def test_a_lesson_with_an_error_is_left_alone(hieu):
    hieu.write_text(HIEU.replace("[x]", "[y]"), "utf-8")
    result = bring("Mưa? {T}")
    assert result.exit_code == 2
    assert "Bài đang có lỗi" in result.stderr


def test_a_disk_that_is_full_leaves_the_lesson_as_it_was(hieu, monkeypatch):
    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    result = bring("Mưa? {T}")
    assert result.exit_code == 2
    assert "Tệp cũ còn nguyên" in result.stderr
    assert [path.name for path in hieu.parent.iterdir()] == ["hieu.md"]
    assert hieu.read_text("utf-8") == HIEU
