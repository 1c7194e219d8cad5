"""Uploaded pictures: what is stored has the pixels and nothing else, and what is no plain picture is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from lms.content.pictures.check import BadPicture
from lms.content.pictures.upload import MAX_UPLOAD_BYTES, accept_picture

SECRET = b"Nguyen Thi Mau 10.7769,106.7009"


def screenshot(size: tuple[int, int] = (1080, 2400)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    image.paste((20, 90, 60), (0, 0, size[0], size[1] // 10))
    return image


def written(image: Image.Image, kind: str, **more: object) -> bytes:
    output = io.BytesIO()
    image.save(output, kind, **more)
    return output.getvalue()


def camera_notes() -> Image.Exif:
    notes = Image.Exif()
    notes[ExifTags.Base.Orientation] = 6
    notes[ExifTags.Base.Artist] = SECRET.decode()
    notes.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (10.0, 46.0, 37.0)
    return notes


def with_notes(kind: str) -> bytes:
    more: dict[str, object] = {"exif": camera_notes(), "icc_profile": b"profile of " + SECRET, "comment": SECRET}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        more = {"exif": camera_notes(), "icc_profile": b"profile of " + SECRET, "pnginfo": text}
    return written(screenshot((300, 200)), kind, **more)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_place_person_and_profile_are_gone_and_the_picture_stands_upright(kind):
    accepted = accept_picture(with_notes(kind), "a.jpg")
    stored = Image.open(io.BytesIO(accepted.body))
    assert stored.size == (200, 300)
    assert not stored.getexif() and not {"exif", "icc_profile", "comment", "xmp"} & set(stored.info)
    assert SECRET not in accepted.body and b"GPS" not in accepted.body


def test_a_file_that_does_not_even_claim_to_be_a_picture_is_told_so():
    with pytest.raises(BadPicture, match=r"“thu\.docx” không phải hình"):
        accept_picture(b"PK" + b"0" * 100, "thu.docx")


def test_a_see_through_picture_loses_its_notes_and_stays_see_through():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    accepted = accept_picture(written(Image.new("RGBA", (60, 40), (9, 9, 9, 40)), "PNG", pnginfo=text), "x.png")
    stored = Image.open(io.BytesIO(accepted.body))
    assert stored.convert("RGBA").getpixel((5, 5))[3] < 60 and SECRET not in accepted.body


def test_what_stands_behind_a_cameras_picture_is_gone():
    accepted = accept_picture(written(screenshot((300, 200)), "JPEG") + b"\0moving part " + SECRET, "x.jpg")
    assert SECRET not in accepted.body


@pytest.mark.slow
def test_a_large_screen_becomes_small_and_the_name_tells_its_content():
    accepted = accept_picture(written(screenshot(), "PNG"), "Ảnh chụp màn hình.png")
    assert accepted.name == "anh-chup-man-hinh.png"
    assert max(Image.open(io.BytesIO(accepted.body)).size) == 1280 and len(accepted.body) < 200_000


@pytest.mark.parametrize(
    ("typed", "described", "name"),
    [
        ("../../etc/passwd.png", "", "passwd.png"),
        ("C:\\fakepath\\Màn hình.PNG", "", "man-hinh.png"),
        ("Đăng nhập.webp", "", "dang-nhap.png"),  # typed with combining marks
        ("图片.png", "Nút Đồng ý", "nut-dong-y.png"),
        ("20261129_103000.jpg", "Trang chính", "trang-chinh.png"),
        (".png", "", "png.png"),
        ("", "", "hinh.png"),
        ("a\0b\n<script>.png", "", "a-b-script.png"),
        ("x" * 300 + ".png", "", "x" * 40 + ".png"),
    ],
)
def test_the_name_is_a_plain_one_whatever_was_typed(typed, described, name):
    assert accept_picture(written(screenshot((40, 40)), "PNG"), typed, described).name == name


def test_the_kind_of_file_follows_its_content_not_its_name():
    assert accept_picture(written(screenshot((40, 40)), "PNG"), "man-hinh.jpg").name == "man-hinh.png"


def png_of(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zipped() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("x.html", "<p>")
    return output.getvalue()


PICTURE = written(screenshot((40, 40)), "PNG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
FRAMES = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green")]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "trống"),
        (b"x" * (MAX_UPLOAD_BYTES + 1), "nặng 9 MB"),
        (SVG, "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE svg>" + SVG, "SVG"),
        (b"<!doctype html><script>alert(1)</script>", "chứa thứ khác"),
        (PICTURE + b"<script>alert(1)</script>", "chứa thứ khác"),
        (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "không phải hình"),
        (PICTURE + zipped(), "tệp nén"),
        (PICTURE + b"%PDF-1.7", "tài liệu"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 60, "HEIC"),
        (b"MZ\x90\0" + b"\0" * 100, "không phải hình"),
        (PICTURE[:60], "hỏng"),
        (png_of(40, 40, b"not deflated"), "hỏng giữa chừng"),
        (written(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]), "hình động"),
    ],
)
def test_what_is_no_plain_picture_is_refused_in_a_sentence(body, why):
    with pytest.raises(BadPicture, match=why):
        accept_picture(body, "man-hinh.png")


@pytest.mark.parametrize(("width", "height"), [(10_000, 5_000), (60_000, 60_000), (2_000_000_000, 1)])
def test_fifty_megapixels_are_refused_before_they_are_decoded(width, height, monkeypatch):
    bomb = png_of(width, height, zlib.compress(b"\0" * 10_000_000, 9))
    assert len(bomb) < 20_000
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded"))
    with pytest.raises(BadPicture, match="điểm"):
        accept_picture(bomb, "bom.png")


def test_a_cameras_file_of_several_pictures_counts_as_its_first():
    body = written(screenshot((300, 200)), "MPO", save_all=True, append_images=[screenshot((30, 20))])
    assert Image.open(io.BytesIO(accept_picture(body, "IMG.jpg").body)).size == (300, 200)
