"""How large pictures are: every kind tells it, a damaged one harms nobody, and a new size is a new page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from lms.content.library import Reading, read_library
from lms.content.links import PICTURE_KINDS
from lms.content.markdown import sanitise
from lms.content.templates import course_text, practice_text, understand_text, use_text

TODAY = date(2026, 11, 25)
SVG = 'xmlns="http://www.w3.org/2000/svg"'
HELD_UPRIGHT = 6  # so that the camera lay on its side


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "courses" / "vneid" / "01-mot"
    (folder / "images").mkdir(parents=True)
    (folder.parent / "course.md").write_text(course_text("VNeID", TODAY), "utf-8")
    for name, text in (("hieu.md", understand_text), ("lam.md", practice_text), ("dung.md", use_text)):
        (folder / name).write_text(text("Bài"), "utf-8")
    return folder


def read(lesson: Path) -> Reading:
    return read_library(lesson.parents[1], today=TODAY)


def told(lesson: Path, name: str) -> tuple[int, int] | None:
    """The width and height with which a lesson shows the picture; None where it is shown without them."""
    (lesson / "hieu.md").write_text(f"{understand_text('Bài')}\n## Hình\n\n![Cái thẻ](images/{name})\n", "utf-8")
    reading = read(lesson)
    assert reading.problems == ()
    html = reading.library.lesson("vneid", "mot").understand.sections[-1].parts[0].html
    written = dict(re.findall(r'(\w+)="([^"]*)"', html))
    assert (written.pop("src"), written.pop("alt")) == (f"/vneid/mot/images/{name}", "Cái thẻ")
    assert written.keys() in (set(), {"width", "height"})
    return (int(written["width"]), int(written["height"])) if written else None


@pytest.mark.parametrize("kind", sorted(PICTURE_KINDS - {".svg"}))
def test_a_photograph_of_any_kind_tells_its_size(lesson, kind):
    Image.new("RGB", (120, 80)).save(lesson / "images" / f"the{kind}")
    assert told(lesson, f"the{kind}") == (120, 80)


@pytest.mark.parametrize("kind", [".jpg", ".png", ".webp", ".avif"])
def test_a_photograph_that_is_shown_turned_tells_its_size_as_it_is_shown(lesson, kind):
    turned = Image.Exif()  # one for each picture: saving an AVIF takes the orientation out of it
    turned[ExifTags.Base.Orientation] = HELD_UPRIGHT
    Image.new("RGB", (120, 80)).save(lesson / "images" / f"the{kind}", exif=turned)
    assert told(lesson, f"the{kind}") == (80, 120)


@pytest.mark.parametrize(
    ("drawing", "size"),
    [
        (f'<svg {SVG} viewBox="0 0 320 200"/>', (2000, 1250)),  # as wide as there is room
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
def test_a_drawing_tells_its_size_or_the_one_it_is_drawn_in(lesson, drawing, size):
    (lesson / "images" / "the.svg").write_text(drawing, "utf-8")
    assert told(lesson, "the.svg") == size


@pytest.mark.parametrize(
    "drawing",
    [
        "",
        "<svg",
        "chữ",
        "<html/>",
        '<svg viewBox="0 0 320 200"/>',
        f"<svg {SVG}/>",
        f'<svg {SVG} viewBox="0 0 320"/>',
        f'<svg {SVG} viewBox="0 0 0 200"/>',
        f'<svg {SVG} viewBox="0 0 1e999 nan"/>',
        f'<svg {SVG} viewBox="0 0 20 1234567"/>',
        f'<svg {SVG} viewBox="0 0 320 200" preserveAspectRatio="none"/>',
        f'<!DOCTYPE svg [<!ENTITY a "320"><!ENTITY b "&a;&a;">]><svg {SVG} viewBox="0 0 &b; 200"/>',
        f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]><svg {SVG} viewBox="0 0 320 200">&a;</svg>',
    ],
)
def test_a_drawing_that_tells_no_size_is_shown_without_one(lesson, drawing):
    (lesson / "images" / "the.svg").write_text(drawing, "utf-8")
    assert told(lesson, "the.svg") is None


@pytest.mark.parametrize("kind", sorted(PICTURE_KINDS))
@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 ", b"GIF89a", b"\xff\xd8\xff\xe1\0"])
def test_a_damaged_picture_is_shown_without_a_size_and_harms_nothing_else(lesson, kind, data):
    (lesson / "images" / f"the{kind}").write_bytes(data)
    assert told(lesson, f"the{kind}") is None


def test_a_picture_of_another_size_makes_new_pages_and_leaves_what_was_begun(lesson):
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


def test_a_picture_is_read_once_with_its_course_however_often_it_is_shown(lesson, monkeypatch):
    (lesson / "images" / "the.svg").write_text(f'<svg {SVG} width="48" height="24"/>', "utf-8")
    shown = "\n## Hình\n\n![Cái thẻ](images/the.svg)\n\n![Cái thẻ ấy](images/the.svg)\n"
    (lesson / "hieu.md").write_text(understand_text("Bài") + shown, "utf-8")
    opened, open_ = [], Path.open

    def watched(path: Path, *how: object, **also: object):
        opened.append(path.name)
        return open_(path, *how, **also)

    monkeypatch.setattr(Path, "open", watched)
    read(lesson)
    assert opened.count("the.svg") == 1
    read(lesson)
    assert opened.count("the.svg") == 2


@pytest.mark.parametrize(
    ("where", "also"),
    [
        ("**{{cccd}}**.", " ![Cái thẻ](images/kho.png)"),  # on the task card
        ("một hai câu.", "\n\n![Cái thẻ](images/kho.png)"),  # before the first screen
        ("Bác làm xong rồi.", "\n\n![Cái thẻ](images/kho.png)"),  # on a screen
    ],
)
def test_what_was_begun_goes_on_whatever_the_size_of_a_picture_beside_it(lesson, where, also):
    (lesson / "lam.md").write_text(practice_text("Bài").replace(where, where + also), "utf-8")
    picture, seen = lesson / "images" / "kho.png", []
    for width in (120, 240):
        Image.new("RGB", (width, 80)).save(picture)
        seen.append(read(lesson).library.lesson("vneid", "mot").practice)
    picture.write_bytes(b"PNG")  # tells none, as no picture did once
    seen.append(read(lesson).library.lesson("vneid", "mot").practice)
    told = [re.findall(r'<img[^>]* width="([0-9]+)"', f"{one.card}{one.intro}{one.screens[-1].prose}") for one in seen]
    assert told == [["120"], ["240"], []]
    assert len({one.digest for one in seen}) == 1


@pytest.mark.parametrize("typed", ["100%", "4px", "1;x", "-1", "", "٣", "123456", "javascript:1"])
def test_a_width_or_height_is_digits_or_is_not_there(typed):
    assert sanitise(f'<img src="a.png" width="{typed}" height="{typed}">') == '<img src="a.png">'
    assert sanitise(f'<img src="a.png" height="200" width="{typed}">') == '<img src="a.png" height="200">'
