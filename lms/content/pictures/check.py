"""Look into the picture files that a course shows: broken, of another kind, too large to open, or heavy for a phone."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from xml.parsers import expat

from lms.content.image_size import BITMAP_FORMATS, SVG
from lms.content.links import PICTURE_KINDS, BrokenLink, LinkResolver
from lms.content.source import Diagnostics
from lms.lru_cache import LruCache

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 40_000_000  # 160 MB while it is being opened
MAX_FILE_BYTES = 20_000_000
HEAVY_BYTES = 200_000  # a bitmap above this is served reduced; what cannot be reduced is reported
_HALL_BYTES_PER_SECOND = 2_500_000  # what the phones of a hall share
_HALL_PHONES = 60
_HEIC_BRANDS = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1")
_animations: LruCache[tuple[str, int, bytes], bool] = LruCache(2048)  # by content: whether it is one; sound ones only


class BadPicture(ValueError):
    """A file is no picture that the site can show; the message is a Vietnamese sentence that says what to do."""


def report_picture(diagnostics: Diagnostics, links: LinkResolver, address: str, line: int, column: int) -> None:
    """Report what is wrong with a picture that a course shows."""
    try:
        links.check_picture(address)
    except BrokenLink as error:
        diagnostics.error("picture", error.message, line, column, error.suggestion)
        return
    path = links.picture_path(address)
    if path is None:
        return
    try:
        stat = path.stat()
        heavy = describe_heavy_picture(path, stat.st_mtime_ns, stat.st_size)
    except BadPicture as error:
        diagnostics.error("picture-broken", str(error), line, column)
    except OSError:
        diagnostics.error("picture-broken", f"Không mở được “{path.name}”; bác xem quyền đọc của nó.", line, column)
    else:
        if heavy:
            diagnostics.warning("picture-heavy", heavy, line, column)


@lru_cache(maxsize=2048)
def describe_heavy_picture(path: Path, _modified: int, size: int) -> str | None:
    """What to say about the weight of a picture; None if it is light, or is served reduced.

    Raises:
        BadPicture: it cannot be shown.
        OSError: it cannot be read.
    """
    if size == 0:
        raise BadPicture(f"Tệp hình “{path.name}” trống; bác chép lại hình vào.")
    if size > MAX_FILE_BYTES:
        raise BadPicture(f"Hình “{path.name}” nặng {size // 1_000_000} MB; bác thu nhỏ còn dưới 20 MB.")
    can_be_reduced = False
    if path.suffix.lower() == ".svg":
        _check_svg(path)
    else:
        can_be_reduced = not _is_animation(path, size)
    if size <= HEAVY_BYTES or can_be_reduced:
        return None
    seconds = max(1, round(_HALL_PHONES * size / _HALL_BYTES_PER_SECOND))
    return (
        f"Hình này nặng {size // 1000} KB: {_HALL_PHONES} máy cùng mở trong hội trường thì đợi chừng {seconds} giây. "
        f"Bác thu nhỏ, hay đổi sang .png, .jpg để trang tự thu nhỏ; nên dưới {HEAVY_BYTES // 1000} KB."
    )


def open_raster_image(source: Path | BytesIO, name: str) -> Image:
    """Open a bitmap, a file or its content, without decoding it. ``name``: what the file is called in the sentences.

    Raises:
        BadPicture: it is none, or has too many pixels.
        OSError: it cannot be read.
    """
    from PIL import Image, UnidentifiedImageError  # lazily: takes 50 ms

    try:
        image = Image.open(source, formats=BITMAP_FORMATS)
    except Image.DecompressionBombError as error:
        message = f"Hình “{name}” có quá nhiều điểm; bác thu nhỏ còn dưới {MAX_PIXELS // 1_000_000} triệu điểm."
        raise BadPicture(message) from error
    except (UnidentifiedImageError, SyntaxError, ValueError) as error:
        raise BadPicture(_not_a_picture_sentence(source, name)) from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        image.close()
        millions = width * height / 1_000_000
        raise BadPicture(
            f"Hình “{name}” có {millions:.0f} triệu điểm ({width} × {height}); bác thu nhỏ còn dưới "
            f"{MAX_PIXELS // 1_000_000} triệu."
        )
    return image


def is_animated(image: Image) -> bool:
    """Whether a picture moves. A camera's MPO does not: a JPEG with smaller pictures behind it."""
    return getattr(image, "is_animated", False) and image.format != "MPO"


def _is_animation(path: Path, size: int) -> bool:
    """Check a bitmap; returns whether it is an animation, which is served as it is.

    While a lesson is being written, each check finds the same pictures in another temporary folder.
    """
    key = (path.name, size, hashlib.sha256(path.read_bytes()).digest())
    found = _animations.get(key)
    if found is None:
        found = _decode(path)
        _animations.put(key, found)
    return found


def _decode(path: Path) -> bool:
    with open_raster_image(path, path.name) as image:
        try:
            if image.format == "JPEG":
                image.draft("RGB", (64, 64))  # all of the file is read, few of its pixels are made
            image.load()
        except Exception as error:  # decoders raise undocumented errors for damaged files
            raise BadPicture(
                f"Hình “{path.name}” hỏng giữa chừng, mở ra thiếu một phần; bác chép lại từ máy chụp."
            ) from error
        return is_animated(image)


def _not_a_picture_sentence(source: Path | BytesIO, name: str) -> str:
    with source.open("rb") if isinstance(source, Path) else BytesIO(source.getvalue()) as file:
        start = file.read(64)
    if any(brand in start[:16] for brand in _HEIC_BRANDS):
        return (
            f"“{name}” là hình HEIC của iPhone, trình duyệt không mở được; bác lưu lại thành .jpg (trên iPhone: "
            "Cài đặt, Camera, Định dạng, Tương thích nhất)."
        )
    if PurePath(name).suffix.lower() not in PICTURE_KINDS:
        return f"“{name}” không phải hình; bác chọn một hình .png hay .jpg."
    return f"“{name}” mang tên tệp hình mà bên trong không phải hình, hay đã hỏng; bác chép lại hình vào."


def _check_svg(path: Path) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("an SVG that defines entities")

    names: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: names.append(name) if not names else None
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(path.read_bytes(), True)
    except (expat.ExpatError, ValueError) as error:
        raise BadPicture(f"Hình vẽ “{path.name}” hỏng: trình duyệt không vẽ được; bác xuất lại tệp .svg.") from error
    if names[0] != SVG:  # without its namespace no browser draws it
        raise BadPicture(f"“{path.name}” không phải hình vẽ .svg; bác xuất lại tệp ấy.")
