"""``lms check``: its output and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import main

GOOD = "---\ntên: Bài\nphút: 5\n---\n\nChữ.\n"


@pytest.fixture
def hieu(tmp_path):
    path = tmp_path / "vneid" / "01-mot" / "hieu.md"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD, "utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["check", *map(str, arguments)], catch_exceptions=False)


def test_a_clean_file_prints_nothing_to_standard_output(hieu):
    result = run(hieu)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "Không có lỗi nào.\n"


def test_a_line_has_position_level_rule_and_remedy(hieu):
    hieu.write_text(GOOD + ":::\n<b>\n", "utf-8")
    result = run(hieu)
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first.startswith(f"{hieu}:7:1: lỗi block-stray: Bỏ dấu :::")
    assert second.startswith(f"{hieu}:8:1: cảnh báo raw-html: ")
    assert result.stderr == "1 lỗi, 1 cảnh báo.\nVì sao, và ví dụ: lms check --explain block-stray\n"


def test_json_output_is_always_a_list(hieu):
    assert json.loads(run("--json", hieu).stdout) == []
    hieu.write_text(GOOD.replace("phút", "phut: 5\nphutt"), "utf-8")
    assert json.loads(run("--json", hieu).stdout) == [
        {
            "path": str(hieu),
            "line": 4,
            "column": 1,
            "level": "error",
            "rule": "unknown-key",
            "message": "Không có khóa “phutt” ở tệp này; có phải bác muốn viết “phút”?",
            "suggestion": "phút",
        }
    ]


def test_warnings_fail_only_when_asked_to(hieu):
    hieu.write_text(GOOD + "<b>\n", "utf-8")
    assert run(hieu).exit_code == 0
    assert run("--strict", hieu).exit_code == 1


def test_paths_that_cannot_be_checked_are_reported_on_standard_error(hieu, tmp_path):
    result = run(tmp_path / "nowhere", hieu)
    assert result.exit_code == 2
    assert "Không thấy" in result.stderr
    assert "Không có lỗi nào" not in result.stderr
    assert "tên quá dài" in run(tmp_path / ("a" * 300), hieu).stderr
    assert run("--today", "hôm nay", hieu).exit_code == 2
    result = run("--json", tmp_path / "nowhere")
    assert (result.exit_code, json.loads(result.stdout)) == (2, [])


@pytest.mark.parametrize(("typed", "shown"), [("25/11/2026", "ở đây là 2026-11-25"), ("hôm nay", "như 2026-01-31")])
def test_a_date_in_another_format_is_shown_as_iso(hieu, typed, shown):
    course = hieu.parents[1] / "course.md"
    course.write_text(f"---\ntên: a\ntóm tắt: b\nkiểm tra ngày: {typed}\nnguồn:\n  - c\n---\n", "utf-8")
    assert f"bad-date: Viết ngày theo dạng năm-tháng-ngày, {shown}.\n" in run(course).stdout


def test_several_paths_are_checked_in_one_run(hieu):
    other = hieu.with_name("dung.md")
    other.write_text("---\ntên: a\n---\n", "utf-8")
    hieu.write_text(GOOD + ":::\n", "utf-8")
    assert [Path(one["path"]).name for one in json.loads(run("--json", hieu, other).stdout)] == ["hieu.md", "dung.md"]


def test_a_file_under_two_paths_is_reported_once(hieu):
    hieu.write_text(GOOD + ":::\n", "utf-8")
    assert len(json.loads(run("--json", hieu, hieu).stdout)) == 1


def test_without_a_path_the_served_courses_are_checked(hieu, monkeypatch):
    monkeypatch.setenv("LMS_COURSES", str(hieu.parents[2]))
    assert {Path(one["path"]).name for one in json.loads(run("--json").stdout)} == {"course.md", "lam.md", "dung.md"}


@pytest.mark.slow
def test_checking_imports_neither_flask_nor_a_database():
    script = "import sys, lms.cli.check, lms.content.library; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert not imported & {"flask", "werkzeug", "sqlalchemy", "uvicorn", "PIL", "cryptography"}
    assert not {"lms.web", "lms.learning", "lms.live"} & set(done.stdout.split())


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="file names there are always text")
def test_a_file_name_that_is_not_utf_8_can_be_printed(hieu):
    with open(os.fsencode(hieu.parent) + b"/b\xff.md", "wb") as file:
        file.write(b"x")
    for options in ([], ["--json"]):
        done = subprocess.run([sys.executable, "-m", "lms", "check", *options, hieu.parent], capture_output=True)
        assert (done.returncode, b"unknown-file" in done.stdout, b"Traceback" in done.stderr) == (1, True, False)


@pytest.mark.slow
def test_a_console_without_vietnamese_gets_escapes_and_no_traceback(hieu):
    hieu.write_text(GOOD + ":::\n", "utf-8")
    for options in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "lms", "check", *options, hieu],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
        )
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr
        assert b"block-stray" in done.stdout


def test_for_the_parent_folder_the_courses_folder_is_suggested(hieu, tmp_path, monkeypatch):
    (hieu.parents[1] / "course.md").write_text("---\ntên: a\n---\n", "utf-8")
    (tmp_path / "home" / "courses").mkdir(parents=True)
    (tmp_path / "home" / "empty").mkdir()
    (tmp_path / "vneid").rename(tmp_path / "home" / "courses" / "vneid")
    monkeypatch.chdir(tmp_path / "home")
    result = run(".")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Trong “.” không có khóa học nào. Có phải bác muốn gõ 'courses'?\n"


@pytest.mark.parametrize("data", [b"PK\x03\x04\x14\0", b"\xd0\xcf\x11\xe0\xa1", b"{\\rtf1 ", b"%PDF-1.7"])
def test_a_word_processor_file_is_recognised(hieu, data):
    hieu.write_bytes(data)
    [line] = run(hieu).stdout.splitlines()
    assert line.startswith(f"{hieu}:1:1: lỗi not-utf-8: Lưu lại thành văn bản thường, mã UTF-8: tệp này do Word")


GUESSABLE = GOOD + "\n::: hỏi\nHọ xin mã. Bác làm gì?\n- [ ] Đọc mã\n  > Đừng.\n- [x] Cúp máy\n:::\n"


@pytest.fixture
def guessable(hieu):
    (hieu.parents[1] / "course.md").write_text(
        "---\ntên: a\ntóm tắt: b\nkiểm tra ngày: 2026-11-01\nnguồn:\n  - c\n---\n", "utf-8"
    )
    hieu.write_text(GUESSABLE, "utf-8")
    return hieu


def test_advice_is_given_only_when_asked_for_and_fails_only_when_strict(guessable):
    plain, advised, strict = run(guessable), run("--craft", guessable), run("--craft", "--strict", guessable)
    assert (plain.exit_code, plain.stdout, plain.stderr) == (0, "", "Không có lỗi nào.\n")
    assert run("--strict", guessable).exit_code == 0
    assert advised.stdout.startswith(f"{guessable}:12:1: gợi ý only-refusing-option: Cho một lựa chọn sai cũng từ chối")
    assert advised.stderr.startswith("0 lỗi, 0 cảnh báo, 1 gợi ý.\n")
    assert (advised.exit_code, strict.exit_code) == (0, 1)


def test_answered_advice_is_counted_and_fails_nothing(guessable):
    guessable.write_text(
        GUESSABLE.replace("phút: 5", "phút: 5\nbỏ qua: only-refusing-option vì dạy nói không"), "utf-8"
    )
    result = run("--craft", "--strict", guessable)
    assert (result.exit_code, result.stderr) == (0, "Không có lỗi nào.\n")
    assert result.stdout.splitlines()[1].split() == ["vneid/01-mot", "0", "1"]


def test_the_table_of_advice_lists_every_lesson_in_aligned_columns(guessable):
    other = guessable.parents[1] / "02-mot-bai-ten-that-dai" / "hieu.md"
    other.parent.mkdir()
    other.write_text(GOOD, "utf-8")
    for folder in (guessable.parents[1], guessable.parents[2]):
        table = [line for line in run("--craft", folder).stdout.splitlines() if ": " not in line]
        assert table == [
            "Bài                            Gợi ý  Đã trả lời  Quy tắc",
            "vneid/course.md                    0           0",
            "vneid/01-mot                       1           0  only-refusing-option 1",
            "vneid/02-mot-bai-ten-that-dai      0           0",
            "Cộng                               1           0  only-refusing-option 1",
        ]


def test_json_with_advice_has_the_problems_and_the_table(guessable):
    printed = json.loads(run("--craft", "--json", guessable).stdout)
    assert [(one["level"], one["rule"], one["line"]) for one in printed["problems"]] == [
        ("advice", "only-refusing-option", 12)
    ]
    assert printed["lessons"] == [
        {"lesson": "vneid/01-mot", "advice": 1, "answered": 0, "rules": {"only-refusing-option": 1}}
    ]


def test_a_lesson_or_a_file_is_advised_under_the_path_that_was_typed(guessable, monkeypatch):
    monkeypatch.chdir(guessable.parent)
    assert run("--craft", "hieu.md").stdout.startswith("hieu.md:12:1: gợi ý")
    assert "\nhieu.md:12:1: gợi ý" in run("--craft", ".").stdout
    assert "gợi ý" not in run("--craft", "../course.md").stdout
    monkeypatch.chdir(guessable.parents[2])
    assert "\nvneid/01-mot/hieu.md:12:1: gợi ý" in run("--craft", "vneid/01-mot").stdout


def test_a_draft_outside_a_course_is_advised_as_well(guessable):
    (guessable.parents[1] / "course.md").unlink()
    assert "only-refusing-option" in run("--craft", guessable).stdout
    assert "only-refusing-option" in run("--craft", guessable.parent).stdout


def test_a_lesson_with_an_error_gets_its_errors_and_no_advice(guessable):
    guessable.write_text(GUESSABLE + ":::\n", "utf-8")
    result = run("--craft", guessable)
    assert (result.exit_code, "block-stray" in result.stdout, "gợi ý" in result.stdout) == (1, True, False)
    assert "\nvneid/01-mot      –           –  có lỗi, chưa xem được\n" in result.stdout
    assert json.loads(run("--craft", "--json", guessable).stdout)["lessons"] == [
        {"lesson": "vneid/01-mot", "advice": None, "answered": None, "rules": {}}
    ]
    assert run("--craft", guessable.parent / "nowhere.md").exit_code == 2


def test_a_rule_is_explained_with_its_examples_and_the_checkers_own_sentence():
    result = run("--explain", "near-arrow")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("near-arrow\nMũi tên viết gần giống\n")
    for part in ("    - [nút] Gọi cho con → Xong", "Máy nói, lỗi:", "    - [nút] Gọi cho con => Xong"):
        assert part in result.stdout


def test_a_rule_that_does_not_exist_is_answered_with_the_nearest_one():
    result = run("--explain", "near-arow")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Không có quy tắc “near-arow”; có phải bác muốn gõ: lms check --explain near-arrow\n"
