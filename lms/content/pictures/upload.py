"""Pictures that authors upload: opened, cleared of all but their pixels, and written anew as a JPEG or PNG."""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from lms.content.fuzzy_matching import slugify, strip_diacritics
from lms.content.pictures.check import BadPicture, is_animated, open_raster_image
from lms.content.pictures.reduction import MAX_SIDE, encode_for_phones, media_type

MAX_UPLOAD_BYTES = 8_000_000
MAX_NAME_LENGTH = 40
_SHOWN_NAME_LENGTH = 60
_SHARP_FORMATS = frozenset({"PNG", "GIF", "WEBP"})  # of screens, mostly; cameras write the others
# A file that a browser, a reader of documents or an unpacker would take for something else than a picture.
_OTHER_LANGUAGES = (b"<script", b"<?php", b"<html", b"<!doctype", b"%pdf-")
_ZIP_END = b"PK\x05\x06"
_ZIP_END_PLACE = 66_000  # bytes from the end of the file, which contain the end record of a ZIP file
_decoding = threading.Lock()  # 40 million pixels take 160 MB, so one picture at a time


@dataclass(frozen=True, slots=True)
class AcceptedPicture:
    """``body``: the new file. ``name``: a file name of ASCII letters, without a folder: "man-hinh-chinh.png"."""

    body: bytes
    name: str


def accept_picture(body: bytes, typed_name: str, description: str = "") -> AcceptedPicture:
    """Read an uploaded picture and write it anew, at most ``MAX_SIDE`` pixels a side.

    What a camera noted, colour profiles, comments and whatever stood behind the picture are not in the new file.
    ``typed_name``: as the browser tells it. ``description`` names the file if that says nothing.

    Raises:
        BadPicture: nothing of it may be stored.
    """
    shown = _shown_name(typed_name)
    if not body:
        raise BadPicture(f"Tệp hình “{shown}” trống; bác chọn lại hình.")
    if len(body) > MAX_UPLOAD_BYTES:
        raise BadPicture(
            f"Hình “{shown}” nặng {-(-len(body) // 1_000_000)} MB; "
            f"bác thu nhỏ còn dưới {MAX_UPLOAD_BYTES // 1_000_000} MB."
        )
    _refuse_other_languages(body, shown)
    with _decoding:
        new = _reencode(body, shown)
    suffix = ".png" if media_type(new) == "image/png" else ".jpg"
    return AcceptedPicture(new, f"{_stem(typed_name, description)}{suffix}")


def _reencode(body: bytes, shown: str) -> bytes:
    from PIL import ImageOps

    try:
        with open_raster_image(BytesIO(body), shown) as opened:
            if is_animated(opened):
                raise BadPicture(f"“{shown}” là hình động; bác chọn hình đứng yên, như ảnh chụp màn hình.")
            keeps_sharp = opened.format in _SHARP_FORMATS
            if opened.format == "JPEG":
                opened.draft("RGB", (MAX_SIDE, MAX_SIDE))  # fewer pixels are decoded
            image = ImageOps.exif_transpose(opened)
            image.thumbnail((MAX_SIDE, MAX_SIDE), reducing_gap=2.0)
            return encode_for_phones(image, keeps_sharp=keeps_sharp)
    except BadPicture:
        raise
    except Exception as error:  # decoders raise undocumented errors for damaged files
        raise BadPicture(
            f"Hình “{shown}” hỏng giữa chừng, mở ra thiếu một phần; bác chụp hay chép lại hình ấy."
        ) from error


def _refuse_other_languages(body: bytes, shown: str) -> None:
    lowered = body.lower()
    start = lowered[:1024]
    if b"<svg" in start or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise BadPicture(
            f"“{shown}” là hình vẽ SVG, trong đó giấu được mã chạy, nên chưa nhận. "
            "Bác chụp màn hình hình ấy rồi gửi ảnh chụp."
        )
    if any(each in lowered for each in _OTHER_LANGUAGES) or _ZIP_END in body[-_ZIP_END_PLACE:]:
        raise BadPicture(
            f"“{shown}” vừa là hình vừa chứa thứ khác (trang, tài liệu hay tệp nén), nên chưa nhận. "
            "Bác chụp màn hình hình ấy rồi gửi ảnh chụp."
        )


def _stem(typed_name: str, description: str) -> str:
    for words in (PurePosixPath(typed_name.replace("\\", "/")).stem, description, "hinh"):
        ascii_words = strip_diacritics(words).encode("ascii", "replace").decode()
        slug = slugify(ascii_words)[:MAX_NAME_LENGTH].strip("-")
        if any(letter.isalpha() for letter in slug):
            return slug
    return "hinh"


def _shown_name(typed_name: str) -> str:
    """The name for messages: one short line without a folder."""
    name = PurePosixPath(typed_name.replace("\\", "/")).name
    readable = "".join(letter for letter in unicodedata.normalize("NFC", name) if letter.isprintable())
    return readable[:_SHOWN_NAME_LENGTH] or "hình"
