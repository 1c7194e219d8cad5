"""Reduce a picture for phones: fewer pixels, a light format, without what a camera notes about place and person."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from lms.content.pictures.check import HEAVY_BYTES, is_animated, open_raster_image

if TYPE_CHECKING:
    from PIL.Image import Image

VERSION = 2  # of the result: a stored one of another version is not used
MAX_SIDE = 1280  # pixels: sharp on a phone, and fair in a slide's column
_TARGET_BYTES = 150_000
_STEPS = ((1280, 80), (1280, 65), (1080, 60), (800, 60), (640, 50))  # longest side, JPEG quality; Safari 13 has no WebP


def needs_reduction(path: Path) -> bool:
    """Whether a picture is heavy, or carries a camera's notes. Animations and drawings are served as they are.

    Raises:
        BadPicture: it is no bitmap, or has too many pixels.
        OSError: it cannot be read.
    """
    if path.suffix.lower() == ".svg":
        return False
    with open_raster_image(path, path.name) as image:
        if is_animated(image):
            return False
        is_heavy = path.stat().st_size > HEAVY_BYTES
        return is_heavy or any(note in image.info for note in ("exif", "xmp", "XML:com.adobe.xmp", "comment"))


def reduce(path: Path) -> bytes:
    """A JPEG, or a PNG where the picture is transparent.

    Raises:
        BadPicture: it is no bitmap, or has too many pixels.
        OSError: it cannot be read, or is damaged.
    """
    from PIL import ImageOps

    with open_raster_image(path, path.name) as opened:
        if opened.format == "JPEG":
            opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
        image = ImageOps.exif_transpose(opened)
        image.thumbnail((MAX_SIDE, MAX_SIDE), reducing_gap=2.0)
        return encode_for_phones(image)


def encode_for_phones(image: Image, *, keeps_sharp: bool = False) -> bytes:
    """A JPEG of some 150 KB, or a PNG where the picture is transparent; nothing but the pixels.

    ``keeps_sharp``: a PNG without loss, too, where it is not heavier than that, as of screens with plain surfaces.
    """
    if _is_transparent(image):
        return _png(image)
    image = image.convert("RGB")
    image.info.clear()  # or a writer copies a comment or a colour profile from there
    if keeps_sharp:
        output = io.BytesIO()
        image.save(output, "PNG", optimize=True)
        if output.tell() <= _TARGET_BYTES:
            return output.getvalue()
    reduced = b""
    for side, quality in _STEPS:
        if max(image.size) > side:
            image.thumbnail((side, side))
        reduced = _jpeg(image, quality)
        if len(reduced) <= _TARGET_BYTES:
            break
    return reduced


def media_type(reduced: bytes) -> str:
    return "image/png" if reduced.startswith(b"\x89PNG") else "image/jpeg"


def _is_transparent(image: Image) -> bool:
    if "transparency" not in image.info and "A" not in image.getbands():
        return False
    lowest, _ = image.convert("RGBA").getchannel("A").getextrema()
    return isinstance(lowest, int | float) and lowest < 255


def _jpeg(image: Image, quality: int) -> bytes:
    output = io.BytesIO()
    image.save(output, "JPEG", quality=quality, optimize=True, progressive=True)
    return output.getvalue()


def _png(image: Image) -> bytes:
    from PIL.Image import Quantize

    output = io.BytesIO()
    image = image.convert("RGBA")
    image.info.clear()
    image.quantize(256, method=Quantize.FASTOCTREE).save(output, "PNG", optimize=True)
    return output.getvalue()
