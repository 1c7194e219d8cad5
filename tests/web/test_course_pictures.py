"""Pictures of courses as phones get them: heavy ones reduced, none with a camera's notes, each made once."""

from __future__ import annotations

import io

import pytest
from PIL import ExifTags, Image

from lms.content.pictures import reduction
from lms.lru_cache import LruCache
from lms.web import course_pictures

pytestmark = pytest.mark.slow


@pytest.fixture
def picture(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    return folder / "the.jpg"


def save_noise(path, size, **how):
    Image.effect_noise(size, 90).convert("RGB").save(path, **how)


def served(path, tmp_path) -> Image.Image:
    return Image.open(io.BytesIO(course_pictures.reduced_picture(path, tmp_path).content))


@pytest.mark.parametrize("name", ["the.jpg", "the.png", "the.webp"])
def test_a_heavy_picture_is_served_light_and_as_wide_as_a_phone_needs(picture, tmp_path, name):
    path = picture.with_name(name)
    save_noise(path, (1500, 1000))
    before = path.read_bytes()
    reduced = course_pictures.reduced_picture(path, tmp_path)
    assert len(reduced.content) <= 150_000 < len(before)
    assert reduced.media_type == "image/jpeg"  # Safari 13 has no WebP
    width, height = served(path, tmp_path).size
    assert 640 <= width <= reduction.MAX_SIDE
    assert round(width / height, 1) == 1.5
    assert path.read_bytes() == before


def test_a_transparent_picture_stays_transparent(picture, tmp_path):
    path = picture.with_name("the.png")
    image = Image.new("RGBA", (1400, 700), (0, 0, 0, 0))
    image.paste(Image.effect_noise((600, 500), 90).convert("RGB"), (20, 20))
    image.save(path)
    reduced = course_pictures.reduced_picture(path, tmp_path)
    assert reduced.media_type == "image/png"
    assert served(path, tmp_path).convert("RGBA").getpixel((1200, 600))[3] == 0
    assert len(reduced.content) < path.stat().st_size


def test_where_a_picture_was_taken_is_never_served(picture, tmp_path):
    notes = Image.Exif()
    notes[ExifTags.Base.Orientation] = 6
    notes[ExifTags.Base.Model] = "Máy của bác"
    save_noise(picture, (200, 100), exif=notes)
    assert picture.stat().st_size < 200_000
    shown = served(picture, tmp_path)
    assert not shown.getexif()
    assert shown.size == (100, 200)  # turned as the camera said


@pytest.mark.parametrize("content", [b"", b"xin chao"])
def test_what_is_light_drawn_or_broken_is_served_as_it_is(picture, tmp_path, content):
    Image.new("RGB", (90, 60)).save(picture)
    drawing, broken = picture.with_name("the.svg"), picture.with_name("hong.png")
    drawing.write_text(f"<svg>{'x' * 300_000}</svg>")
    broken.write_bytes(content)
    assert [course_pictures.reduced_picture(path, tmp_path) for path in (picture, drawing, broken)] == [None] * 3


def test_a_picture_is_reduced_once_and_again_when_it_changes(picture, tmp_path, monkeypatch):
    made = []

    def counted(path):
        made.append(path)
        return reduction.reduce(path)

    monkeypatch.setattr(course_pictures, "reduce", counted)
    save_noise(picture, (900, 900))
    first = course_pictures.reduced_picture(picture, tmp_path)
    assert course_pictures.reduced_picture(picture, tmp_path) == first
    monkeypatch.setattr(course_pictures, "_in_memory", LruCache(9_000_000, len))  # after a restart it is on the disk
    assert course_pictures.reduced_picture(picture, tmp_path) == first
    assert len(made) == 1
    save_noise(picture, (900, 800))
    assert course_pictures.reduced_picture(picture, tmp_path).digest != first.digest
    assert len(made) == 2


def test_a_disk_that_takes_nothing_still_serves_it_reduced(picture, tmp_path):
    save_noise(picture, (901, 901))
    (tmp_path / course_pictures.FOLDER).write_text("no folder")
    assert len(course_pictures.reduced_picture(picture, tmp_path).content) <= 150_000
