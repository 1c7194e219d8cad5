"""Read the size of pictures, so that pages reserve the space and do not shift while a picture loads.

Only the beginning of a file is read, once each time its course is read. A damaged picture simply has no size.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from xml.parsers import expat

Size = tuple[int, int]  # width and height in CSS pixels

MAX_PIXELS = 99_999  # the Markdown sanitiser allows five digits
FULL_WIDTH = 2000  # wider than any column; CSS then limits the drawing to the column's width
BITMAP_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
SVG = "http://www.w3.org/2000/svg svg"
_CHUNK_BYTES = 4096  # usually enough for an SVG's root element
_LENGTH = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)(|px|pt|pc|in|cm|mm|q)\s*\Z", re.ASCII | re.IGNORECASE)
_PIXELS_PER_UNIT = {
    "": 1,
    "px": 1,
    "pt": 96 / 72,
    "pc": 16,
    "in": 96,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
}
_ROTATED_ORIENTATIONS = frozenset({5, 6, 7, 8})  # Exif orientations that a browser turns by 90°


_cache: ContextVar[dict[Path, Size | None] | None] = ContextVar("sizes of pictures", default=None)


@contextmanager
def cached_sizes() -> Generator[None, None, None]:
    """Read each picture at most once within this context; a file that changes meanwhile keeps one size."""
    token = _cache.set({})
    try:
        yield
    finally:
        _cache.reset(token)


def read_size(path: Path) -> Size | None:
    """The size of a picture; None if the file does not contain it.

    An SVG with a ``viewBox`` but no width and height fills the available width.
    """
    cache = _cache.get()
    if cache is None:
        return _read_size_from_file(path)
    if path not in cache:
        cache[path] = _read_size_from_file(path)
    return cache[path]


def _read_size_from_file(path: Path) -> Size | None:
    try:
        width, height = _svg_size(path) if path.suffix.lower() == ".svg" else _bitmap_size(path)
        size = max(round(width), 1), max(round(height), 1)
    except Exception:  # parsers raise undocumented errors for damaged files
        return None
    return size if width > 0 and height > 0 and max(size) <= MAX_PIXELS else None


def _bitmap_size(path: Path) -> tuple[float, float]:
    from PIL import ExifTags, Image  # lazy: takes 50 ms, which SVG files do not need

    with Image.open(path, formats=BITMAP_FORMATS) as image:
        # getexif() would read the whole of a PNG that has no "exif" chunk at its beginning.
        orientation = image.getexif().get(ExifTags.Base.Orientation) if "exif" in image.info else None
        width, height = image.size
        return (height, width) if orientation in _ROTATED_ORIENTATIONS else (width, height)


def _svg_size(path: Path) -> tuple[float, float]:
    root = _first_element(path)
    width, height = (_to_pixels(root.get(name, "")) for name in ("width", "height"))
    if width and height:
        return width, height
    if root.get("preserveAspectRatio", "").strip() == "none":
        raise ValueError("an SVG of any aspect ratio")
    _, _, view_width, view_height = map(float, re.split(r"[\s,]+", root["viewBox"].strip()))
    if width:
        return width, width * view_height / view_width
    if height:
        return height * view_width / view_height, height
    return FULL_WIDTH, FULL_WIDTH * view_height / view_width


def _first_element(path: Path) -> dict[str, str]:
    """The attributes of an SVG's root element. No external resource is fetched, and entity definitions are refused."""
    elements: list[tuple[str, dict[str, str]]] = []

    def refuse(*_: object) -> None:
        raise ValueError("an SVG that defines entities")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: elements.append((name, attributes))
    parser.EntityDeclHandler = refuse
    with path.open("rb") as file:
        while not elements:
            chunk = file.read(_CHUNK_BYTES)
            parser.Parse(chunk, not chunk)
    name, attributes = elements[0]
    if name != SVG:
        raise ValueError("not an SVG")
    return attributes


def _to_pixels(length: str) -> float | None:
    """A length in pixels; None if it is relative, such as "100%"."""
    match = _LENGTH.match(length)
    return float(match[1]) * _PIXELS_PER_UNIT[match[2].lower()] if match else None
