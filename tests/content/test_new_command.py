"""``lms new``: it creates files without problems, and suggests what was probably meant."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import main
from tests.live.processes import serving


@pytest.fixture
def courses(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LMS_COURSES", "courses")
    return tmp_path / "courses"


def run(*arguments):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def problems(courses):
    return json.loads(run("check", "--json", "--strict", str(courses)).stdout)


def other_problems(courses):
    """All but the notes about sample text."""
    return [one for one in problems(courses) if (one["rule"], one["level"]) != ("sample-left", "warning")]


def test_a_new_course_with_lessons_and_practices_needs_only_its_sample_text_replaced(courses):
    assert run("new", "course", "so-suc-khoe", "Sổ sức khỏe: bắt đầu").exit_code == 0
    assert run("new", "lesson", "so-suc-khoe", "Kích hoạt tài khoản").exit_code == 0
    assert run("new", "lesson", "courses/so-suc-khoe/07-doi-may").exit_code == 0
    assert run("new", "lesson", "courses/so-suc-khoe/quen-mat-khau").exit_code == 0
    assert run("new", "practice", "so-suc-khoe/07-doi-may", "Trên iPhone").exit_code == 0
    assert sorted(path.name for path in (courses / "so-suc-khoe").iterdir()) == [
        "01-bai-dau-tien",
        "02-kich-hoat-tai-khoan",
        "07-doi-may",
        "08-quen-mat-khau",
        "course.md",
    ]
    assert (courses / "so-suc-khoe" / "07-doi-may" / "lam-tren-iphone.md").is_file()
    assert other_problems(courses) == []


def test_a_new_lesson_stands_before_the_review_that_ends_a_course(courses):
    run("new", "course", "so-suc-khoe")
    run("new", "lesson", "so-suc-khoe", "Ôn cả khóa Sổ sức khỏe")
    written = courses / "so-suc-khoe" / "02-on-ca-khoa-so-suc-khoe" / "hieu.md"
    written.write_text(written.read_text() + "\n")
    result = run("new", "lesson", "so-suc-khoe", "Đổi máy")
    assert "nay là “03-on-ca-khoa-so-suc-khoe”" in result.output
    assert sorted(path.name for path in (courses / "so-suc-khoe").iterdir()) == [
        "01-bai-dau-tien",
        "02-doi-may",
        "03-on-ca-khoa-so-suc-khoe",
        "course.md",
    ]
    assert (courses / "so-suc-khoe" / "03-on-ca-khoa-so-suc-khoe" / "hieu.md").read_text().endswith("\n\n")
    assert other_problems(courses) == []


def test_the_url_of_the_page_is_printed(courses, monkeypatch):
    monkeypatch.delenv("LMS_PUBLIC_URL", raising=False)
    monkeypatch.setenv("LMS_PORT", "8123")
    at = "Xem trang: http://127.0.0.1:8123"
    assert f"{at}/so-suc-khoe (khi" in run("new", "course", "so-suc-khoe").output
    assert f"{at}/so-suc-khoe/doi-may (khi" in run("new", "lesson", "so-suc-khoe", "Đổi máy").output
    made = run("new", "practice", "so-suc-khoe/02-doi-may", "Trên iPhone").output
    assert f"{at}/so-suc-khoe/doi-may/lam/tren-iphone (khi" in made
    assert "Xem trang" not in run("new", "course", "elsewhere/so-hoc").output


def test_a_new_course_is_an_example_of_craft(courses):
    run("new", "course", "so-suc-khoe", "Sổ sức khỏe")
    found = json.loads(run("check", "--craft", "--json", str(courses)).stdout)["problems"]
    assert {one["rule"] for one in found} == {"sample-left"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "needed"),
    [(["--watch"], ""), ([], " (sau khi dừng trang đang mở, rồi mở lại bằng lms serve --watch)")],
    ids=["watching", "not watching"],
)
def test_the_url_is_that_of_a_running_site(courses, monkeypatch, options, needed):
    monkeypatch.delenv("LMS_PUBLIC_URL", raising=False)
    monkeypatch.setenv("LMS_PORT", "9")
    courses.mkdir()
    with serving(courses.parent, *options, courses=courses) as server:
        said = run("new", "course", "so-suc-khoe").output
        assert f"Xem trang: {server.url}/so-suc-khoe{needed}\n" in said
        monkeypatch.setenv("LMS_COURSES", "elsewhere")  # which that site does not serve
        assert "Xem trang: http://127.0.0.1:9/so-suc-khoe (khi đang chạy" in run("new", "course", "so-suc-khoe").output
    monkeypatch.setenv("LMS_COURSES", "courses")
    assert "Xem trang: http://127.0.0.1:9/vneid (khi đang chạy" in run("new", "course", "vneid").output


def test_the_suggested_next_commands_work(courses):
    said = run("new", "course", "so-suc-khoe").output
    assert "Tiếp theo: mở các tệp vừa tạo, viết đè lên chữ mẫu" in said
    for begins in ("Kiểm tra: lms ", "Thêm bài nữa: lms "):
        [line] = [line for line in said.splitlines() if line.startswith(begins)]
        assert run(*shlex.split(line.removeprefix(begins))).exit_code == 0
    assert (courses / "so-suc-khoe" / "02-ten-bai" / "hieu.md").is_file()
    lesson = run("new", "lesson", "so-suc-khoe", "Đổi máy").output
    assert f"Kiểm tra: lms check {courses.name}/so-suc-khoe/03-doi-may" in lesson


def test_errors_are_in_vietnamese(courses):
    run("new", "course", "vneid")
    again = run("new", "course", "vneid")
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == "Chưa được. “courses/vneid” đã có rồi; bác chọn tên khác.\n"


def test_existing_files_are_not_overwritten(courses):
    run("new", "course", "vneid")
    kept = (courses / "vneid" / "course.md").read_text("utf-8")
    assert run("new", "course", "vneid", "Khác").exit_code != 0
    assert run("new", "practice", "vneid/01-bai-dau-tien").exit_code != 0
    assert (courses / "vneid" / "course.md").read_text("utf-8") == kept


@pytest.mark.parametrize("name", ["toi", "Sổ sức khỏe", "a_b", "-"])
def test_a_name_that_is_no_slug_is_refused_with_a_suggestion(courses, name):
    result = run("new", "course", "--", name)
    assert result.exit_code != 0
    assert "Chọn tên" in result.output
    assert not courses.exists()


@pytest.fixture
def vneid(courses):
    run("new", "course", "vneid")
    run("new", "lesson", "vneid", "Kích hoạt")
    return courses / "vneid"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["lesson", "vneid"], 'Ghi thêm tên bài, như: lms new lesson vneid "Đổi máy"'),
        (["lesson", "vnied", "Đổi máy"], "Không thấy khóa học “vnied”. Có phải bác muốn gõ 'vneid'?"),
        (["lesson", "VNeIDD", "Đổi máy"], "Không thấy khóa học “VNeIDD”. Có phải bác muốn gõ 'vneid'?"),
        (["lesson", "vnied/07-doi-may"], "Không thấy khóa học “vnied”. Có phải bác muốn gõ 'vneid/07-doi-may'?"),
        (["lesson", "vnied"], "Có phải bác muốn gõ 'vneid'? Ghi thêm tên bài ở sau."),
        (["lesson", "Đổi máy"], 'Ghi khóa học trước tên bài, như: lms new lesson vneid "Đổi máy"'),
        (["lesson", "etax", "Đổi máy"], "Không thấy khóa học “etax”. Bác xem lại đường dẫn."),
        (["practice", "vneid"], "“vneid” là khóa học; bác ghi một bài trong đó, như vneid/01-bai-dau-tien."),
        (
            ["practice", "vneid/2-kich-hoat"],
            "bài “vneid/2-kich-hoat”. Có phải bác muốn gõ 'vneid/02-kich-hoat'?",
        ),
        (["practice", "kích hoạt"], "Không thấy bài “kích hoạt”. Có phải bác muốn gõ 'vneid/02-kich-hoat'?"),
        (["practice", "vneid/kich"], "bài “vneid/kich”. Có phải bác muốn gõ 'vneid/02-kich-hoat'?"),
        (["course", "Họp tổ", "hop-to"], 'Thư mục đứng trước, tên đứng sau: lms new course hop-to "Họp tổ"'),
        (["practice", "nop-thue"], "Không thấy bài “nop-thue”. Bác xem lại đường dẫn."),
    ],
    ids=" ".join,
)
def test_for_a_mistyped_name_the_nearest_is_suggested(vneid, typed, said):
    before = sorted(vneid.parent.rglob("*"))
    done = run("new", *typed)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Chưa được. ")
    assert said in done.stderr
    assert sorted(vneid.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("check vneid", "courses/vneid"),
        ("check courses/vnied", "courses/vneid"),
        ("check vneid/kich-hoat/lan.md", "courses/vneid/02-kich-hoat/lam.md"),
        ("walk 2-kich-hoat/lam.md", "courses/vneid/02-kich-hoat/lam.md"),
        ("replay courses/vneid/02-kich-hoat/lam.nd", "courses/vneid/02-kich-hoat/lam.md"),
        ("check etax", None),
        ("walk xyz.md", None),
    ],
)
def test_for_a_mistyped_path_the_nearest_is_suggested(vneid, typed, meant):
    done = run(*typed.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith(f" Có phải bác muốn gõ '{meant}'?\n") if meant else "Có phải" not in done.stderr


@pytest.mark.parametrize(
    ("folder", "said"),
    [("cuorses", "Có phải bác muốn gõ '{0}/courses'?"), ("courses/vneid", "là một khóa học; bác ghi thư mục chứa nó")],
)
def test_for_a_folder_that_cannot_be_served_another_is_suggested(vneid, tmp_path, monkeypatch, folder, said):
    monkeypatch.setenv("LMS_DATA_DIR", str(tmp_path / "data"))
    done = run("serve", "--port", "0", "--courses", str(tmp_path / folder))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Không mở được trang: ")
    assert said.format(tmp_path) in done.stderr


def test_inside_a_course_a_lesson_needs_only_its_folder_name(vneid, monkeypatch):
    monkeypatch.chdir(vneid)
    assert run("new", "lesson", "07-doi-may").exit_code == 0
    assert (vneid / "07-doi-may" / "hieu.md").is_file()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["course", "vneid/03-doi-may"], "“vneid” là khóa học; tạo bài trong đó thì gõ, như: lms new lesson vneid "),
        (["lesson", "vneid", "Kích hoạt"], "Đã có bài “02-kich-hoat”; bác đặt tên khác."),
        (["lesson", "vneid/2-doi-may"], "Số 2 đã dùng cho bài “02-kich-hoat”; bác đặt số khác."),
        (["practice", "vneid/02-kich-hoat"], 'thì ghi tên nó, như: lms new practice vneid/02-kich-hoat "Trên iPhone"'),
        (["practice", "vneid/02-kich-hoat/lam.md"], "Có phải bác muốn gõ 'vneid/02-kich-hoat'?"),
        (["lesson", "a" * 300, "Đổi máy"], ": tên quá dài."),
        (["practice", "a" * 300], ": tên quá dài."),
    ],
    ids=lambda value: " ".join(value)[:40],
)
def test_conflicts_are_reported_before_anything_is_created(vneid, typed, said):
    before = sorted(vneid.parent.rglob("*"))
    done = run("new", *typed)
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
    assert sorted(vneid.parent.rglob("*")) == before


def test_a_practice_may_be_named_as_its_file_is(vneid):
    assert run("new", "practice", "vneid/02-kich-hoat", "lam-iphone.md").exit_code == 0
    assert (vneid / "02-kich-hoat" / "lam-iphone.md").is_file()


def test_the_next_commands_are_written_as_lms_was_called(courses, monkeypatch):
    monkeypatch.setattr(sys, "argv", [".venv/bin/lms", "new"])
    said = run("new", "course", "vneid").output
    assert "Kiểm tra: .venv/bin/lms check " in said
    assert "Thêm bài nữa: .venv/bin/lms new lesson " in said


def test_the_example_of_the_readme_makes_a_lesson_in_the_courses_as_they_are(courses):
    root = Path(__file__).parents[2]
    shutil.copytree(root / "courses" / "vneid", courses / "vneid")
    before = len(list(courses.glob("vneid/*/hieu.md")))
    examples = re.findall(r"^lms (new lesson .*?)(?: +#.*)?$", (root / "README.md").read_text("utf-8"), re.MULTILINE)
    assert examples
    for example in examples:
        result = run(*shlex.split(example))
        assert result.exit_code == 0, result.output
    assert len(list(courses.glob("vneid/*/hieu.md"))) == before + len(examples)
