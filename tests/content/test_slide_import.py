"""``lms import`` of slides: a draft that passes the check, with light pictures, or one sentence and nothing written."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import ExifTags, Image

from lms.cli import main
from lms.content.model import FacilitatorNote
from lms.content.understand_stage import read_understand
from tests.content.office_files import office_file, part_of, repacked
from tests.content.slide_files import picture, slides


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "courses" / "thu"
    (folder / "01-bai").mkdir(parents=True)
    (folder / "course.md").write_text(
        "---\ntên: Khóa thử\ntóm tắt: Để thử.\nkiểm tra ngày: 2026-11-28\nnguồn:\n  - thử\n---\n\nKhóa để thử.\n",
        "utf-8",
    )
    (folder / "01-bai" / "hieu.md").write_text("---\ntên: Bài\nphút: 3\n---\n\n## Một\n\nMột đoạn.\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LMS_COURSES", "courses")
    return folder


def bring(data: bytes, *options: str, to: str = "thu/bao-ve"):
    Path("tep").write_bytes(data)
    return CliRunner().invoke(main, ["import", "tep", "--to", to, *options], catch_exceptions=False)


def read(course: Path):
    path = course / "02-bao-ve" / "hieu.md"
    understand, problems = read_understand(path.read_text("utf-8"), str(path), folder=path.parent)
    assert understand is not None, problems
    return understand


def test_slides_become_a_draft_with_a_section_for_each_and_their_notes(course):
    result = bring(office_file("trinh-chieu.pptx"))
    assert result.exit_code == 0, result.output
    lesson = read(course)
    assert lesson.is_draft and lesson.name == "Tự bảo vệ trên mạng"
    assert [section.title for section in lesson.sections] == [
        "Tự bảo vệ trên mạng",
        "Ba điều cần nhớ",
        "Hình cuộc gọi lừa",
        "Gọi số nào",
        "Ba điều cần nhớ (trang 5)",
    ]
    text = (course / "02-bao-ve" / "hieu.md").read_text("utf-8")
    assert "- Không đọc mã OTP cho ai\n  - Kể cả người xưng công an\n- Gọi lại số sau thẻ\n- \\* Hỏi con cháu" in text
    assert "| Việc | Số |\n| --- | --- |\n| Công an | 113 |\n" in text
    assert "![Màn hình có cuộc gọi từ số lạ](images/trang-03-1.jpg)" in text
    assert [part for section in lesson.sections for part in section.parts if isinstance(part, FacilitatorNote)]
    assert "Trang đang ẩn không mang sang: 6." in result.stderr
    checked = CliRunner().invoke(main, ["check", str(course), "--today", "2026-11-29"])
    assert checked.exit_code == 0, checked.output


@pytest.mark.slow
def test_pictures_are_reduced_and_lose_what_the_camera_noted(course):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Hang may anh"
    noisy = Image.effect_noise((2000, 1500), 80).convert("RGB")
    output = io.BytesIO()
    noisy.save(output, "JPEG", exif=exif, quality=95)
    assert bring(slides(("Một", "Chữ"), picture=output.getvalue())).exit_code == 0
    [kept] = (course / "02-bao-ve" / "images").iterdir()
    assert kept.stat().st_size < len(output.getvalue()) / 2
    assert b"Hang may anh" not in kept.read_bytes()
    with Image.open(kept) as image:
        assert max(image.size) <= 1280


def test_a_picture_that_is_also_a_page_keeps_only_its_pixels(course):
    polyglot = picture((300, 200), "PNG") + b"<script>alert(1)</script>"
    assert bring(slides(("Một", "Chữ"), picture=polyglot)).exit_code == 0
    [kept] = (course / "02-bao-ve" / "images").iterdir()
    assert b"script" not in kept.read_bytes()


def test_a_logo_on_each_slide_is_kept_once(course):
    assert bring(slides(("Một", "Chữ"), ("Hai", "Chữ"), picture=picture((200, 200)))).exit_code == 0
    assert len(list((course / "02-bao-ve" / "images").iterdir())) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (picture((8000, 6300), "PNG"), "50 triệu điểm"),
        (picture((60, 60), "TIFF"), "không phải hình"),
    ],
)
def test_a_picture_that_browsers_cannot_show_is_left_out_and_told_at_its_slide(course, data, words):
    result = bring(slides(("Một", "Chữ"), picture=data))
    assert result.exit_code == 0, result.output
    assert "tep:trang 1: lưu ý: Một hình không mang sang: " in result.stderr and words in result.stderr
    assert list((course / "02-bao-ve" / "images").iterdir()) == []


def test_markup_in_slides_stays_text(course):
    body = "::: hỏi\v- [x] <script>alert(1)</script>\v---\v# Mục\v= 5\v%% giấu\v{{otp}}"
    result = bring(slides(("<b>*Một*</b> | [x](y)", body), notes=":::\n## Hai\n- [ ] ô"))
    assert result.exit_code == 0, result.output
    lesson = read(course)
    assert len(lesson.sections) == 1 and not lesson.questions
    checked = CliRunner().invoke(main, ["check", str(course), "--today", "2026-11-29"])
    assert checked.exit_code == 0, checked.output


def test_a_dry_run_prints_the_lesson_and_json_names_what_it_is(course):
    result = bring(slides(("Một", "Chữ"), notes="Hỏi lớp."), "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith("---\ntên: Một\n") and "::: người đứng lớp\nHỏi lớp.\n:::\n" in result.stdout
    said = json.loads(bring(slides(("Một", "Chữ")), "--dry-run", "--json").stdout)
    assert (said["kind"], said["written"]) == ("slides", None)
    assert [path.name for path in course.iterdir() if path.is_dir()] == ["01-bai"]


@pytest.mark.parametrize(
    ("to", "words"), [("thu/01-bai", "Đã có bài"), ("thu/bai", "Đã có bài"), ("khong-co/bai", "Không thấy")]
)
def test_slides_never_replace_a_lesson(course, to, words):
    before = (course / "01-bai" / "hieu.md").read_text("utf-8")
    result = bring(slides(("Một", "Chữ")), to=to)
    assert result.exit_code in (1, 2) and words in result.output
    assert (course / "01-bai" / "hieu.md").read_text("utf-8") == before
    assert [path.name for path in course.iterdir() if path.is_dir()] == ["01-bai"]


def harmful() -> dict[str, bytes]:
    good = slides(("Một", "Chữ"))
    slide = part_of(good, "ppt/slides/slide1.xml")
    entity = b"<!DOCTYPE p:sld [<!ENTITY a 'aa'>]>"
    return {
        "an entity": repacked(good, {"ppt/slides/slide1.xml": slide.replace(b"<p:sld ", entity + b"<p:sld ", 1)}),
        "a bomb": repacked(good, {"ppt/slides/slide1.xml": slide + b" " * 31_000_000}),
        "not well formed": repacked(good, {"ppt/slides/slide1.xml": slide[:200]}),
        "cut": good[: len(good) // 2],
        "no slides": slides(),
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", harmful())
def test_harmful_or_broken_slides_are_refused_in_one_sentence(course, name):
    result = bring(harmful()[name])
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1), result.output
    assert [path.name for path in course.iterdir() if path.is_dir()] == ["01-bai"]


def test_a_full_disk_leaves_no_half_lesson(course, monkeypatch):
    def fail(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", fail)
    result = bring(slides(("Một", "Chữ")))
    assert result.exit_code == 2 and "Chưa có gì được tạo" in result.stderr
    assert sorted(os.listdir(course)) == ["01-bai", "course.md"]
