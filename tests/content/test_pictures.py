"""Pictures: all kinds have a size, a new one changes the course, and broken or heavy ones are reported."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from lms.content.library import LibraryResult, read_library
from lms.content.links import PICTURE_KINDS
from lms.content.markdown.rendering import sanitise
from lms.content.pictures.check import HEAVY_BYTES
from lms.content.problems import Problem
from tests.content.finished_files import course_text, practice_text, understand_text, use_text

TODAY = date(2026, 11, 25)
SVG = 'xmlns="http://www.w3.org/2000/svg"'
ROTATED = 6  # the Exif orientation of a camera turned by 90°


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "courses" / "vneid" / "01-mot"
    (folder / "images").mkdir(parents=True)
    (folder.parent / "course.md").write_text(course_text("VNeID", TODAY), "utf-8")
    for name, text in (("hieu.md", understand_text), ("lam.md", practice_text), ("dung.md", use_text)):
        (folder / name).write_text(text("Bài"), "utf-8")
    return folder


def read(lesson: Path) -> LibraryResult:
    return read_library(lesson.parents[1], today=TODAY)


def shown_size(lesson: Path, name: str) -> tuple[int, int] | None:
    """The width and height of a picture in the lesson's HTML; None if there are none."""
    (lesson / "hieu.md").write_text(f"{understand_text('Bài')}\n## Hình\n\n![Cái thẻ](images/{name})\n", "utf-8")
    reading = read(lesson)
    assert reading.problems == ()
    html = reading.library.lesson("vneid", "mot").understand.sections[-1].parts[0].html
    written = dict(re.findall(r'(\w+)="([^"]*)"', html))
    assert (written.pop("src"), written.pop("alt")) == (f"/vneid/mot/images/{name}", "Cái thẻ")
    assert written.keys() in (set(), {"width", "height"})
    return (int(written["width"]), int(written["height"])) if written else None


@pytest.mark.parametrize("kind", sorted(PICTURE_KINDS - {".svg"}))
def test_the_size_of_every_kind_of_bitmap_is_read(lesson, kind):
    Image.new("RGB", (120, 80)).save(lesson / "images" / f"the{kind}")
    assert shown_size(lesson, f"the{kind}") == (120, 80)


@pytest.mark.parametrize("kind", [".jpg", ".png", ".webp", ".avif"])
def test_the_size_of_a_rotated_bitmap_is_as_displayed(lesson, kind):
    turned = Image.Exif()  # a new one each time: saving an AVIF removes the orientation from it
    turned[ExifTags.Base.Orientation] = ROTATED
    Image.new("RGB", (120, 80)).save(lesson / "images" / f"the{kind}", exif=turned)
    assert shown_size(lesson, f"the{kind}") == (80, 120)


@pytest.mark.parametrize(
    ("drawing", "size"),
    [
        (f'<svg {SVG} viewBox="0 0 320 200"/>', (2000, 1250)),  # fills the available width
        (f'<svg {SVG} viewBox=" -5,-5, 320.4 199.6 "><rect width="9" height="9"/></svg>', (2000, 1246)),
        (f'<svg {SVG} width="100%" viewBox="0 0 320 200"/>', (2000, 1250)),
        (f'<svg {SVG} width="48" height="24px" viewBox="0 0 1 1"/>', (48, 24)),
        (f'<svg {SVG} width="2.54cm" height="1in"/>', (96, 96)),
        (f'<svg {SVG} width="100%" height="50" viewBox="0 0 200 100"/>', (100, 50)),
        (f'<svg {SVG} width="50" viewBox="0 0 200 100"/>', (50, 25)),
        (f'<?xml version="1.0"?>\n<!DOCTYPE svg>\n<!--{"x" * 9000}-->\n<svg {SVG} viewBox="0 0 32 20"/>', (2000, 1250)),
        ('<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 32 20"/>', (2000, 1250)),
    ],
)
def test_the_size_of_an_svg_is_read_or_derived(lesson, drawing, size):
    (lesson / "images" / "the.svg").write_text(drawing, "utf-8")
    assert shown_size(lesson, "the.svg") == size


@pytest.mark.parametrize(
    "drawing",
    [
        f"<svg {SVG}/>",
        f'<svg {SVG} viewBox="0 0 320"/>',
        f'<svg {SVG} viewBox="0 0 0 200"/>',
        f'<svg {SVG} viewBox="0 0 1e999 nan"/>',
        f'<svg {SVG} viewBox="0 0 20 1234567"/>',
        f'<svg {SVG} viewBox="0 0 320 200" preserveAspectRatio="none"/>',
    ],
)
def test_an_svg_of_unknown_size_is_shown_without_one(lesson, drawing):
    (lesson / "images" / "the.svg").write_text(drawing, "utf-8")
    assert shown_size(lesson, "the.svg") is None


def show_picture(lesson: Path, name: str) -> list[Problem]:
    """The problems of a lesson that shows this picture twice."""
    shown = f"\n## Hình\n\n![Cái thẻ](images/{name})\n\n![Cái thẻ](images/{name})\n"
    (lesson / "hieu.md").write_text(understand_text("Bài") + shown, "utf-8")
    return list(read(lesson).problems)


@pytest.mark.parametrize(
    "drawing",
    [
        "",
        "<svg",
        "chữ",
        "<html/>",
        '<svg viewBox="0 0 320 200"/>',
        f"<svg {SVG}><g></svg>",
        f'<!DOCTYPE svg [<!ENTITY a "320"><!ENTITY b "&a;&a;">]><svg {SVG} viewBox="0 0 &b; 200"/>',
        f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]><svg {SVG} viewBox="0 0 320 200">&a;</svg>',
    ],
)
def test_a_drawing_that_no_browser_draws_is_reported_once(lesson, drawing):
    (lesson / "images" / "the.svg").write_text(drawing, "utf-8")
    [problem] = show_picture(lesson, "the.svg")
    assert (problem.rule, problem.level) == ("picture-broken", "error")
    assert "the.svg" in problem.message


HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 50


@pytest.mark.parametrize("kind", sorted(PICTURE_KINDS))
@pytest.mark.parametrize(
    "data",
    [b"", b"xin chao", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 ", b"GIF89a", b"\xff\xd8\xff\xe1\0", HEIC],
)
def test_a_damaged_picture_is_reported_once(lesson, kind, data):
    (lesson / "images" / f"the{kind}").write_bytes(data)
    [problem] = show_picture(lesson, f"the{kind}")
    assert (problem.rule, problem.level) == ("picture-broken", "error")


def test_a_picture_of_an_iphone_is_named(lesson):
    (lesson / "images" / "the.jpg").write_bytes(HEIC)
    [problem] = show_picture(lesson, "the.jpg")
    assert "HEIC của iPhone" in problem.message


@pytest.mark.parametrize("kind", [".jpg", ".png", ".webp"])
def test_a_picture_that_was_copied_in_part_is_reported(lesson, kind):
    path = lesson / "images" / f"the{kind}"
    Image.effect_noise((300, 300), 90).convert("RGB").save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    [problem] = show_picture(lesson, path.name)
    assert problem.rule == "picture-broken"


@pytest.mark.slow
@pytest.mark.parametrize("size", [(9000, 9000), (30_000, 30_000)])
def test_a_picture_with_too_many_pixels_is_refused_unopened(lesson, size):
    Image.new("1", size).save(lesson / "images" / "the.png")
    [problem] = show_picture(lesson, "the.png")
    assert problem.rule == "picture-broken"
    assert "40 triệu" in problem.message


def test_a_heavy_picture_that_the_site_reduces_is_no_problem(lesson):
    path = lesson / "images" / "the.png"
    Image.effect_noise((700, 700), 90).save(path)
    assert path.stat().st_size > HEAVY_BYTES
    assert show_picture(lesson, "the.png") == []


def test_a_heavy_drawing_is_a_warning_with_its_weight_and_the_wait_in_a_hall(lesson):
    drawing = f'<svg {SVG} viewBox="0 0 9 9"><!--{"x" * 900_000}--></svg>'
    (lesson / "images" / "the.svg").write_text(drawing, "utf-8")
    [problem] = show_picture(lesson, "the.svg")
    assert (problem.rule, problem.level) == ("picture-heavy", "warning")
    assert "900 KB" in problem.message
    assert "chừng 22 giây" in problem.message


def test_a_new_picture_size_changes_the_course_digest_but_not_the_practice(lesson):
    picture = lesson / "images" / "kho.png"
    Image.new("RGB", (120, 80)).save(picture)
    shot = "- [ảnh] Kho {src=images/kho.png}\n  - mô tả: Trang kho\n- [ô số] Số định danh"
    (lesson / "lam.md").write_text(practice_text("Bài").replace("- [ô số] Số định danh", shot, 1), "utf-8")
    before = read(lesson).library
    assert read(lesson).library.digest == before.digest
    Image.new("RGB", (240, 80)).save(picture)
    after = read(lesson).library
    assert after.digest != before.digest
    began, now = (library.lesson("vneid", "mot").practice for library in (before, after))
    assert (began.screens[0].widgets[0].size, now.screens[0].widgets[0].size) == ((120, 80), (240, 80))
    assert now.digest == began.digest


def test_a_picture_file_is_read_once_per_course_beside_its_digest(lesson, monkeypatch):
    (lesson / "images" / "the.svg").write_text(f'<svg {SVG} width="48" height="24"/>', "utf-8")
    shown = "\n## Hình\n\n![Cái thẻ](images/the.svg)\n\n![Cái thẻ ấy](images/the.svg)\n"
    (lesson / "hieu.md").write_text(understand_text("Bài") + shown, "utf-8")
    opened, open_ = [], Path.open

    def watched(path: Path, *how: object, **also: object):
        opened.append(path.name)
        return open_(path, *how, **also)

    monkeypatch.setattr(Path, "open", watched)
    read(lesson)
    assert opened.count("the.svg") == 3  # once more to see whether it is whole
    read(lesson)
    assert opened.count("the.svg") == 5


@pytest.mark.parametrize(
    ("where", "also"),
    [
        ("**{{cccd}}**.", " ![Cái thẻ](images/kho.png)"),  # on the task card
        ("một hai câu.", "\n\n![Cái thẻ](images/kho.png)"),  # before the first screen
        ("Bác làm xong rồi.", "\n\n![Cái thẻ](images/kho.png)"),  # on a screen
    ],
)
def test_picture_sizes_do_not_change_the_practice_digest(lesson, where, also):
    (lesson / "lam.md").write_text(practice_text("Bài").replace(where, where + also), "utf-8")
    picture, seen = lesson / "images" / "kho.png", []
    for width in (120, 240):
        Image.new("RGB", (width, 80)).save(picture)
        seen.append(read(lesson).library.lesson("vneid", "mot").practice)
    shown_size = [
        re.findall(r'<img[^>]* width="([0-9]+)"', f"{one.card}{one.intro}{one.screens[-1].prose}") for one in seen
    ]
    assert shown_size == [["120"], ["240"]]
    assert len({one.digest for one in seen}) == 1


@pytest.mark.parametrize("typed", ["100%", "4px", "1;x", "-1", "", "٣", "123456", "javascript:1"])
def test_a_width_or_height_that_is_not_digits_is_removed(typed):
    assert sanitise(f'<img src="a.png" width="{typed}" height="{typed}">') == '<img src="a.png">'
    assert sanitise(f'<img src="a.png" height="200" width="{typed}">') == '<img src="a.png" height="200">'
