"""``lms export`` on paper and as a ZIP, by the front door."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from lms.cli import main
from lms.course_delivery.versions import file_digests
from tests.real_courses import library

LESSONS = [lesson for course in library().courses for lesson in course.lessons]
HIEU = """---
tên: Bài thử
phút: 4
mục tiêu:
  - Biết thử
---

## Một

Mời xem [trang chủ](/thu) & hình.

![Ô vuông](images/o-vuong.png)

::: người đứng lớp
Hỏi lớp trước.
:::

::: hỏi
Gọi số nào?
- [ ] Số lạ
  > Số lạ thì không gọi.
- [x] Số sau thẻ
  > Đúng rồi.
:::

::: hỏi
Mã có mấy số?
= 6
:::

::: ghép
Ghép.
- OTP = dùng một lần
- PIN = tự đặt
:::

::: sắp xếp
Xếp.
1. Mở máy
2. Chạm biểu tượng
3. Đăng nhập
:::
"""
LAM = """---
bắt đầu: Một
đích: Xong
dữ liệu:
  mã: "735190"
---

## Một
> Việc: Gõ mã trên thẻ việc.

- [ô số] Mã {dài=6} = {{mã}}
  - sai: Bác so lại mã nhé.
- [nút] Đọc mã cho người lạ x> Nhầm
  - báo: Mã là của riêng bác.
- [nút] Tiếp tục => Xong

## Nhầm {loại=lạc}
> Lạc: Mã đã lộ.

- [quay lại] Về lại -> Một

## Xong {loại=kết}

Xong rồi.
"""


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "courses" / "thu"
    (folder / "01-bai" / "images").mkdir(parents=True)
    (folder / "course.md").write_text(
        "---\ntên: Khóa thử\ntóm tắt: Thử.\nkiểm tra ngày: 2026-11-28\nnguồn:\n  - thử\n---\n\nKhóa để thử.\n", "utf-8"
    )
    (folder / "01-bai" / "hieu.md").write_text(HIEU, "utf-8")
    (folder / "01-bai" / "lam.md").write_text(LAM, "utf-8")
    (folder / "01-bai" / "dung.md").write_text(
        "---\nchuẩn bị:\n  - Thẻ căn cước\n---\n\n- [ ] Mở ứng dụng thật\n  > Hỏi người đứng lớp.\n", "utf-8"
    )
    Image.new("RGB", (20, 20), "red").save(folder / "01-bai" / "images" / "o-vuong.png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LMS_COURSES", "courses")
    return folder


def run(*arguments: str):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL).split())


def test_a_handout_has_what_a_learner_needs_and_no_answer(course):
    result = run("export", "thu/01-bai", "--as", "handout")
    assert result.exit_code == 0, result.output
    said = text_of(result.stdout)
    for words in ("Bài thử", "Biết thử", "Gọi số nào?", "Số sau thẻ", "Mở ứng dụng thật", "Thẻ căn cước", "Tiếp tục"):
        assert words in said, words
    for words in ("Hỏi lớp trước", "✓", "Đáp án", "Đúng rồi", "735190", "Số lạ thì không gọi"):
        assert words not in said, words
    assert "Thứ tự đúng: ____ → ____ → ____" in said.replace("\n", " ")
    assert "→ ____ → ____ → ____" not in said, "a blank for each of the three"


def test_a_plan_has_notes_right_answers_and_traps(course):
    result = run("export", "thu/01-bai", "--as", "plan")
    assert result.exit_code == 0, result.output
    said = text_of(result.stdout)
    for words in (
        "Hỏi lớp trước.",
        "Số sau thẻ ✓ đúng",
        "Số lạ thì không gọi.",
        "Đáp án: 6",
        "Mã là của riêng bác.",
        "Hiểu ngay, 4 phút",
    ):
        assert words in said, words
    assert re.search(r"Đáp án: 1-[AB], 2-[AB]", said) and re.search(r"Đáp án: [ABC] → [ABC] → [ABC]", said)
    assert "735190" not in said


def test_the_file_needs_no_site(course):
    page = run("export", "thu/01-bai", "--as", "handout").stdout
    assert 'src="data:image/png;base64,' in page
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"', page) == []
    assert "<script" not in page and "trang chủ" in page


def test_a_site_with_an_address_stands_on_the_paper(course, monkeypatch):
    assert "http" not in text_of(run("export", "thu/01-bai", "--as", "handout").stdout)
    monkeypatch.setenv("LMS_PUBLIC_URL", "https://hoc.example")
    page = run("export", "thu/01-bai", "--as", "handout").stdout
    assert "https://hoc.example/thu/bai/lam" in text_of(page) and "<svg" in page


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS[::9], ids=lambda lesson: f"{lesson.course}/{lesson.slug}")
def test_lessons_of_ours_go_onto_paper(lesson, tmp_path):
    for kind in ("handout", "plan"):
        output = tmp_path / f"{kind}.html"
        result = run("export", lesson.folder, "--as", kind, "-o", str(output))
        assert result.exit_code == 0, result.output
        page = output.read_text("utf-8")
        assert page.startswith("<!doctype html>") and page.rstrip().endswith("</html>") and "{{" not in text_of(page)
        assert re.findall(r'<img[^>]*src="(?!data:)[^"]*"', page) == []


# --- a course for another site ----------------------------------------------------------------------------------------


def test_a_zip_is_pulled_by_another_site_whole(course, monkeypatch, tmp_path):
    (course / "_nhap").mkdir()
    (course / "_nhap" / "ghi-chu.md").write_text("riêng tôi", "utf-8")
    (course / ".DS_Store").write_bytes(b"x")
    result = run("export", "thu", "--as", "zip", "-o", "khoa.zip")
    assert result.exit_code == 0, result.output
    monkeypatch.setenv("LMS_COURSES", str(tmp_path / "noi-khac" / "courses"))
    (tmp_path / "noi-khac").mkdir()
    pulled = run("courses", "pull", "khoa.zip")
    assert pulled.exit_code == 0, pulled.output
    there = tmp_path / "noi-khac" / "courses" / "thu"
    here = {name: digest for name, digest in file_digests(course).items() if not name.startswith("_")}
    assert file_digests(there) == here and "01-bai/images/o-vuong.png" in here


def test_the_same_course_makes_the_same_zip(course):
    for name in ("mot.zip", "hai.zip"):
        assert run("export", "thu", "--as", "zip", "-o", name).exit_code == 0
    assert Path("mot.zip").read_bytes() == Path("hai.zip").read_bytes()
    assert zipfile.ZipFile("mot.zip").namelist()[0].startswith("thu/")


def test_several_courses_go_into_one_zip_and_without_a_name_it_has_the_first(course):
    other = course.parent / "hai"
    other.mkdir()
    for path in course.rglob("*"):
        target = other / path.relative_to(course)
        target.mkdir(exist_ok=True) if path.is_dir() else target.write_bytes(path.read_bytes())
    assert run("export", "thu", "hai", "--as", "zip").exit_code == 0
    assert {name.partition("/")[0] for name in zipfile.ZipFile("thu.zip").namelist()} == {"thu", "hai"}


@pytest.mark.parametrize("kind", ["handout", "plan", "zip"])
def test_a_course_with_an_error_is_not_exported(course, kind):
    (course / "01-bai" / "lam.md").write_text(LAM.replace("=> Xong", "=> Xog"), "utf-8")
    result = run("export", "thu" if kind == "zip" else "thu/01-bai", "--as", kind)
    assert result.exit_code == 1 and "unknown-target" in result.stderr
    assert not Path("thu.zip").exists()


def test_a_link_out_of_the_course_and_a_file_that_exists_are_refused(course, tmp_path):
    Path("co-roi.zip").write_text("của tôi")
    taken = run("export", "thu", "--as", "zip", "-o", "co-roi.zip")
    assert taken.exit_code == 2 and "đã có rồi" in taken.stderr and Path("co-roi.zip").read_text() == "của tôi"
    (tmp_path / "mat").write_text("bí mật")
    (course / "01-bai" / "images" / "mat.txt").symlink_to(tmp_path / "mat")
    result = run("export", "thu", "--as", "zip")
    assert result.exit_code in (1, 2) and not Path("thu.zip").exists()


@pytest.mark.parametrize(
    "arguments", [("thu/01-bai", "thu/01-bai", "--as", "plan"), ("khong-co", "--as", "zip"), ("thu", "--as", "handout")]
)
def test_what_is_no_lesson_or_course_is_refused_in_a_sentence(course, arguments):
    result = run("export", *arguments)
    assert result.exit_code in (1, 2) and result.output.strip() and "Traceback" not in result.output
