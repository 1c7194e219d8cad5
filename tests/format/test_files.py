"""docs/format.md, tested through `lms check`: folders, front matter, and spelling."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from tests.format.commands import COURSE, DUNG, HIEU, LAM, TODAY, check, errors, line_of, pointed, run, warnings


def test_a_clean_course_has_nothing_to_report(lesson):
    assert check(lesson.parent.parent) == []


# --- front matter ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "course",
    [
        COURSE.replace("tóm tắt", "tom tat").replace("kiểm tra ngày", "kiem-tra-ngay").replace("nguồn", "NGUON"),
        COURSE.replace("tên:", "name:").replace("tóm tắt", "summary").replace("kiểm tra ngày", "checked").replace("nguồn", "sources"),
        COURSE.replace("tóm tắt: Định", "tóm tắt: Bài này: định"),
        COURSE.replace("tên: VNeID", "tên: true"),
        COURSE.replace("tên: VNeID", 'tên: "VNeID"'),
    ],
)  # fmt: skip
def test_keys_may_be_spelt_in_several_ways(lesson, course):
    (lesson.parent / "course.md").write_text(course, "utf-8")
    assert check(lesson.parent) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("tóm tắt: Định danh trên điện thoại.\n", "", 1),
        ("nguồn:\n  - Tờ dữ kiện\n", "", 1),
        ("kiểm tra ngày: 2026-11-01", "kiểm tra ngày: 1/11/2026", 4),
        ("kiểm tra ngày: 2026-11-01", "kiểm tra ngày: 2026-13-01", 4),
        ("nguồn:\n", "màu: #aaaaaa\nnguồn:\n", 5),
        ("nguồn:\n", "kiểm lại sau: 0\nnguồn:\n", 5),
        ("nguồn:\n", "kiểm lại sau: mười\nnguồn:\n", 5),
    ],
)
def test_a_bad_or_missing_key_of_the_course_is_an_error(lesson, old, new, line):
    assert old in COURSE
    (lesson.parent / "course.md").write_text(COURSE.replace(old, new), "utf-8")
    assert ("course.md", line) in errors(check(lesson.parent))


def test_an_unknown_key_is_an_error_with_the_nearest_spelling(lesson):
    (lesson.parent / "course.md").write_text(
        COURSE.replace("nguồn:\n", "ứng dung: VNeID\nphiên bảng: 2\nnguồn:\n"), "utf-8"
    )
    found = check(lesson.parent)
    assert errors(found) == [("course.md", 6)]
    assert found[0]["suggestion"] == "phiên bản"


def test_a_date_in_the_future_and_an_old_one_are_warnings(lesson):
    for day in ("2026-12-01", "2026-01-01"):
        (lesson.parent / "course.md").write_text(COURSE.replace("2026-11-01", day), "utf-8")
        assert warnings(check(lesson.parent)) == [("course.md", 4)]


def test_a_reserved_address_is_refused(lesson):
    lesson.parent.rename(lesson.parent.parent / "toi")
    assert errors(check(lesson.parent.parent))


def test_missing_stages_are_warnings(lesson):
    (lesson / "lam.md").unlink()
    (lesson / "dung.md").unlink()
    found = check(lesson)
    assert errors(found) == [] and len(warnings(found)) == 2


def test_with_strict_warnings_fail(lesson):
    (lesson / "dung.md").unlink()
    assert run("check", "--today", TODAY, lesson).exit_code == 0
    assert run("check", "--strict", "--today", TODAY, lesson).exit_code == 1


def test_a_missing_path_exits_with_2(tmp_path):
    assert run("check", tmp_path / "nowhere").exit_code == 2


def test_a_file_alone_can_be_checked(lesson):
    assert check(lesson / "lam.md") == []
    (lesson / "lam.md").write_text(LAM.replace("=> Xong", "=> Đâu"), "utf-8")
    assert ("lam.md", line_of(LAM, "=> Xong")) in errors(check(lesson / "lam.md"))


def test_paths_are_relative_to_the_given_path(lesson, monkeypatch):
    (lesson / "lam.md").write_text(LAM.replace("=> Xong", "=> Đâu"), "utf-8")
    monkeypatch.chdir(lesson.parent.parent)
    for path in ("vneid", "vneid/01-mot", "vneid/01-mot/lam.md", "."):
        found = json.loads(run("check", "--json", "--today", TODAY, path).stdout)
        assert {Path(one["path"]) for one in found} == {Path("vneid/01-mot/lam.md")}


# --- characters ------------------------------------------------------------------------------------------


def test_decomposed_letters_mean_the_same(lesson):
    for name, text in {"hieu.md": HIEU, "lam.md": LAM}.items():
        (lesson / name).write_text(unicodedata.normalize("NFD", text), "utf-8")
    assert errors(check(lesson)) == []


def test_a_bom_crlf_and_tabs_are_warnings(lesson):
    (lesson / "lam.md").write_bytes(b"\xef\xbb\xbf" + LAM.replace("\n", "\r\n").encode())
    found = check(lesson)
    assert errors(found) == [] and warnings(found)
    (lesson / "lam.md").write_text(LAM.replace("  - sai", "\t- sai"), "utf-8")
    found = check(lesson)
    assert errors(found) == [] and warnings(found) == [("lam.md", line_of(LAM, "- sai"))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("> Việc: Gõ", "> Việc： Gõ"),
        ("{dài=12}", "｛dài＝12｝"),
        ("{dài=12}", "{dài=“12”}"),
        ("[ô số]", "［ô số］"),
        ("tên: Bài tập", "tên： Bài tập"),
    ],
)
def test_full_width_and_curly_punctuation_is_a_warning(lesson, old, new):
    assert old in LAM
    (lesson / "lam.md").write_text(LAM.replace(old, new), "utf-8")
    found = check(lesson)
    assert errors(found) == [] and warnings(found) == [("lam.md", line_of(LAM, old))]


# --- spellings of keywords ------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tên: VNeID", "TEN: VNeID"),
        ("tên: VNeID", "tên : VNeID"),
        ("tên: VNeID", "tên: 'true: 1'"),
        ("nguồn:", "dành cho: Bác\nứng dụng: A\nphiên bản: 2.10\nkỹ năng:\n- A\nkiểm lại sau: 90\nthứ tự: 1\nnguồn:"),
        ("nguồn:", "audience: Bác\napp: A\nversion: 2.10\nskills:\n  - A\nrecheck: 90\norder: 1\nnguồn:"),
        ("nguồn:", "màu: #2f4f5f\nnguồn:"),
        ("nguồn:", "Colours: #595959, #143D59\nnguồn:"),
        ("2026-11-01", "2026-11-25"),
        ("2026-11-01", "2026-05-29"),
    ],
)
def test_valid_front_matter_of_a_course(lesson, old, new):
    (lesson.parent / "course.md").write_text(COURSE.replace(old, new, 1), "utf-8")
    assert check(lesson.parent) == []


@pytest.mark.parametrize(
    "line",
    [
        "‸thứ tự: 1.5", "‸thứ tự: 0", "kiểm lại sau: ‸-1", "màu: ‸#5a5a5a", "màu: #2f4f5f, ‸#ffffff", "màu: ‸xanh",
        "‸tên: Lần hai", "‸phút: 3", "‸kỹ năng: một", "‸linh tinh", "‸# ghi chú", "‸kỹ năng:",
    ],
)  # fmt: skip
def test_invalid_front_matter_of_a_course_is_an_error(lesson, line):
    text, (at, _) = pointed(COURSE.replace("nguồn:", line + "\nnguồn:"))
    (lesson.parent / "course.md").write_text(text, "utf-8")
    assert errors(check(lesson.parent)) == [("course.md", at)]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_a_line_feed_counts_as_a_line(lesson, sign):
    (lesson.parent / "course.md").write_text(
        COURSE.replace("VNeID", f"VN{sign}eID").replace("nguồn:", "phiên bảng: 1\nnguồn:"), "utf-8"
    )
    assert ("course.md", 5) in errors(check(lesson.parent))


def test_columns_count_code_points_of_the_file_on_disk(lesson):
    line = unicodedata.normalize("NFD", "- [nút] Về nhà 😀 -> ‸Hái")
    text, place = pointed(
        unicodedata.normalize("NFD", LAM).replace(unicodedata.normalize("NFD", "- [nút] Về nhà -> Hai"), line)
    )
    (lesson / "lam.md").write_text(text, "utf-8", newline="\r\n")
    (found,) = [one for one in check(lesson) if one["level"] == "error"]
    assert ((found["line"], found["column"]), found["suggestion"]) == (place, "Hai")


@pytest.mark.parametrize(
    "address",
    [
        *("lop", "chieu", "dung-lop", "soan", "quan-ly", "toi", "huy-hieu", "kiem-chung"),
        *("static", "healthz", "readyz", "metrics"),
    ],
)
def test_every_reserved_address_is_refused(lesson, address):
    course = lesson.parent.rename(lesson.parent.parent / address)
    assert errors(check(course))


def test_a_translation_is_checked_and_needs_its_source(lesson):
    for name, text in {"hieu.en.md": HIEU, "lam.en.md": LAM, "dung.en.md": DUNG}.items():
        (lesson / name).write_text(text, "utf-8")
    # A copy of the original is a translation in which everything is missing.
    assert {(each["rule"], each["level"]) for each in check(lesson)} == {("translation-missing", "warning")}
    (lesson / "hieu.en.md").write_text(HIEU.replace("phút: 5", "minutes: five"), "utf-8")
    assert errors(check(lesson)) == [("hieu.en.md", 3)]
    (lesson / "hieu.en.md").unlink()
    (lesson / "lam-iphone.en.md").write_text(LAM, "utf-8")
    assert errors(check(lesson)) == [("lam-iphone.en.md", 1)]
    (lesson / "lam-iphone.md").write_text(LAM, "utf-8")
    assert errors(check(lesson)) == []


def test_a_practice_ages_with_its_courses_recheck(lesson):
    (lesson / "lam.md").write_text(LAM.replace("đích: Xong\n", "đích: Xong\nkiểm tra ngày: 2026-01-01\n"), "utf-8")
    assert warnings(check(lesson.parent)) == [("lam.md", 5)]
    (lesson.parent / "course.md").write_text(COURSE.replace("nguồn:", "kiểm lại sau: 400\nnguồn:"), "utf-8")
    assert check(lesson.parent) == []


def test_freshness_is_counted_from_today(lesson):
    result = run("check", "--today", "2027-06-01", lesson.parent)
    assert result.exit_code == 0 and "course.md:4:16: cảnh báo stale: " in result.stdout
