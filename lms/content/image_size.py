"""How large a picture is: a page that knows it keeps the place free, and nothing moves when the picture comes.

Only the beginning of a file is read, once, when its course is. Whatever is wrong with a picture, the course is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from xml.parsers import expat

Size = tuple[int, int]  # width and height in CSS pixels

LARGEST = 99_999  # what the sanitiser of Markdown lets through
AS_WIDE_AS_THERE_IS_ROOM = 2000  # wider than any column, which then takes the drawing as wide as it is itself
_SVG = "http://www.w3.org/2000/svg svg"
_PIECE = 4096  # bytes; a drawing's first element is among the first of them
_LENGTH = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)(|px|pt|pc|in|cm|mm|q)\s*\Z", re.ASCII | re.IGNORECASE)
_PIXELS = {"": 1, "px": 1, "pt": 96 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
_LYING = frozenset({5, 6, 7, 8})  # orientations of Exif that a browser turns by a quarter


_known: ContextVar[dict[Path, Size | None] | None] = ContextVar("sizes of pictures", default=None)


@contextmanager
def each_read_once() -> Iterator[None]:
    """Meanwhile a picture has one size, however often it is shown, and whoever changes it: its file is read once."""
    before = _known.set({})
    try:
        yield
    finally:
        _known.reset(before)


def size_of(path: Path) -> Size | None:
    """The picture's own size; None where the file does not tell it.

    A drawing that has only a shape, its ``viewBox``, is as wide as there is room.
    """
    known = _known.get()
    if known is None:
        return _size_of(path)
    if path not in known:
        known[path] = _size_of(path)
    return known[path]


def _size_of(path: Path) -> Size | None:
    try:
        width, height = _of_drawing(path) if path.suffix.lower() == ".svg" else _of_photograph(path)
        size = max(round(width), 1), max(round(height), 1)
    except Exception:  # a damaged file makes its reader stumble in ways that no documentation lists
        return None
    return size if width > 0 and height > 0 and max(size) <= LARGEST else None


def _of_photograph(path: Path) -> tuple[float, float]:
    from PIL import ExifTags, Image  # 50 ms that a folder of drawings does not pay

    with Image.open(path, formats=("PNG", "JPEG", "WEBP", "GIF", "AVIF")) as image:
        # Asked for what is not in its beginning, a PNG would be read whole.
        turned = image.getexif().get(ExifTags.Base.Orientation) if "exif" in image.info else None
        return image.size[::-1] if turned in _LYING else image.size


def _of_drawing(path: Path) -> tuple[float, float]:
    root = _first_element(path)
    width, height = (_pixels(root.get(name, "")) for name in ("width", "height"))
    if width and height:
        return width, height
    if root.get("preserveAspectRatio", "").strip() == "none":
        raise ValueError("a drawing that takes any shape")
    _, _, across, down = map(float, re.split(r"[\s,]+", root["viewBox"].strip()))
    if width:
        return width, width * down / across
    if height:
        return height * across / down, height
    return AS_WIDE_AS_THERE_IS_ROOM, AS_WIDE_AS_THERE_IS_ROOM * down / across


def _first_element(path: Path) -> dict[str, str]:
    """The attributes of the drawing's root. Nothing outside the file is fetched, and no entity is defined in it."""
    found: list[tuple[str, dict[str, str]]] = []

    def refuse(*_: object) -> None:
        raise ValueError("a drawing that defines entities")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    parser.EntityDeclHandler = refuse
    with path.open("rb") as file:
        while not found:
            piece = file.read(_PIECE)
            parser.Parse(piece, not piece)
    name, attributes = found[0]
    if name != _SVG:
        raise ValueError("not a drawing")
    return attributes


def _pixels(typed: str) -> float | None:
    """A length in pixels; None for a share of something else, as "100%" is."""
    found = _LENGTH.match(typed)
    return float(found[1]) * _PIXELS[found[2].lower()] if found else None
