"""The badge's picture: an oil lamp burning on a blackboard, with the three beads hiểu, làm, dùng."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator
from functools import cache

BOARD, CHALK, PAPER, LAMP = "#0e4a38", "#fbf8ee", "#fffaf0", "#f5b82e"
SIZE = 416  # pixels: 208 on a page, sharp on a good screen
_BOX = 200  # the drawing's own units
_FINER = 4

_FLAME = "M24 31c-4.5-2-6-6-3.6-9.5C22 19 23.4 17 24 14c.6 3 2 5 3.6 7.5C30 25 28.5 29 24 31z"
_GLASS = (
    "M19 33.5c-5.5-5-6.5-11-3.5-16.5 2-3.7 3-7 3-12.5h11c0 5.5 1 8.8 3 12.5 3 5.5 2 11.5-3.5 16.5z"
    "M18 33.5v4h12v-4M14 45c0-5 4-7.5 10-7.5S34 40 34 45s-4 7-10 7-10-2-10-7zM20.5 52l-3 8M27.5 52l3 8M13.5 60h21"
)
_BOOK = "M12 6.5C10 5 7 4.5 3 5v13.5c4-.5 7 0 9 1.5 2-1.5 5-2 9-1.5V5c-4-.5-7 0-9 1.5zM12 6.5V20"
_HAND = (
    "M9 14.5V4.6a1.7 1.7 0 0 1 3.4 0V11m0-.6a1.7 1.7 0 0 1 3.4 0V12m0-.6a1.6 1.6 0 0 1 3.2.3v3.8"
    "c0 3.6-2.3 6-6 6-2.8 0-4.3-1.2-5.6-3.3l-2.9-4.4a1.6 1.6 0 0 1 2.6-1.8L9 14.5"
)
_PHONE = (
    "M9 2.5h6a2.5 2.5 0 0 1 2.5 2.5v14a2.5 2.5 0 0 1-2.5 2.5h-6a2.5 2.5 0 0 1-2.5-2.5v-14"
    "a2.5 2.5 0 0 1 2.5-2.5zM10.7 18.3h2.6"
)
_GLOWS = ((72, 46, 0.16), (70, 30, 0.25))  # height of the middle, radius, strength
_BEADS = (  # middle, colour, where its sign begins, the sign
    ((56, 152), "#1d4f91", (44, 140), _BOOK),
    ((100, 162), "#0b5a32", (88, 150), _HAND),
    ((144, 152), "#6b2a5f", (132, 140), _PHONE),
)


@cache
def svg() -> str:
    """The picture as an SVG document. Title and colours are in it; nothing is loaded from elsewhere."""
    line = 'fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    glows = "".join(
        f'<circle cx="100" cy="{y}" r="{radius}" fill="{LAMP}" opacity="{strength}"/>' for y, radius, strength in _GLOWS
    )
    beads = "".join(
        f'<circle cx="{x}" cy="{y}" r="17" fill="{PAPER}"/>'
        f'<path {line} stroke="{colour}" transform="translate({left} {top})" d="{path}"/>'
        for (x, y), colour, (left, top), path in _BEADS
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="208" height="208" viewBox="0 0 {_BOX} {_BOX}" role="img">'
        "<title>Huy hiệu: ngọn đèn dầu sáng trên bảng, ba hạt hiểu, làm, dùng</title>"
        f'<circle cx="100" cy="100" r="98" fill="{BOARD}"/>'
        f'<circle cx="100" cy="100" r="89" fill="none" stroke="{CHALK}" stroke-width="2" stroke-dasharray="1 7"'
        f' stroke-linecap="round"/>{glows}'
        f'<g transform="translate(62 26) scale(1.6)"><path fill="{LAMP}" d="{_FLAME}"/>'
        f'<path {line} stroke="{CHALK}" d="{_GLASS}"/></g>{beads}</svg>'
    )


@cache
def png() -> bytes:
    """The same picture as a PNG of 416 × 416 pixels, transparent around the disc."""
    from PIL import Image

    brush = _Brush()
    brush.disc(100, 100, 98, BOARD)
    for step in range(70):  # round dots, a stroke of 1 and a gap of 7, as the dashes are in the SVG
        turn = (step * 8 + 0.5) / 89
        brush.disc(100 + 89 * math.cos(turn), 100 + 89 * math.sin(turn), 1.1, CHALK)
    for y, radius, strength in _GLOWS:
        brush.glow(100, y, radius, LAMP, strength)
    brush.fill(_FLAME, LAMP, (62, 26), 1.6)
    brush.stroke(_GLASS, CHALK, (62, 26), 1.6)
    for (x, y), colour, corner, path in _BEADS:
        brush.disc(x, y, 17, PAPER)
        brush.stroke(path, colour, corner, 1)
    out = io.BytesIO()
    # A palette of 128 is a quarter of the bytes, and nobody sees it.
    small = brush.image.reduce(_FINER).quantize(128, method=Image.Quantize.FASTOCTREE)
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Brush:
    """Draws in the SVG's units, a few times too large, so that edges come out smooth when it is made smaller."""

    def __init__(self) -> None:
        from PIL import Image

        self._scale = SIZE * _FINER / _BOX
        self.image = Image.new("RGBA", (SIZE * _FINER, SIZE * _FINER), (0, 0, 0, 0))

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        from PIL import ImageDraw

        ImageDraw.Draw(self.image).ellipse(self._box(x, y, radius), fill=colour)

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float) -> None:
        from PIL import Image, ImageColor, ImageDraw

        layer = Image.new("RGBA", self.image.size, (0, 0, 0, 0))
        ImageDraw.Draw(layer).ellipse(self._box(x, y, radius), fill=(*ImageColor.getrgb(colour), round(255 * strength)))
        self.image.alpha_composite(layer)

    def _box(self, x: float, y: float, radius: float) -> list[float]:
        return [self._scale * edge for edge in (x - radius, y - radius, x + radius, y + radius)]

    def fill(self, path: str, colour: str, corner: tuple[float, float], scale: float) -> None:
        from PIL import ImageDraw

        for line in flatten(path):
            ImageDraw.Draw(self.image).polygon(self._placed(line, corner, scale), fill=colour)

    def stroke(self, path: str, colour: str, corner: tuple[float, float], scale: float) -> None:
        from PIL import ImageDraw

        draw = ImageDraw.Draw(self.image)
        half = scale * self._scale  # of a stroke of 2
        for line in flatten(path):
            points = self._placed(line, corner, scale)
            draw.line(points, fill=colour, width=round(2 * half))
            for x, y in points:  # round joins and ends
                draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)

    def _placed(
        self, line: list[tuple[float, float]], corner: tuple[float, float], scale: float
    ) -> list[tuple[float, float]]:
        return [((corner[0] + x * scale) * self._scale, (corner[1] + y * scale) * self._scale) for x, y in line]


Point = tuple[float, float]
_STEPS = 16  # straight pieces for a curve
_TOKEN = re.compile(r"[MmLlHhVvCcSsAaZz]|-?(?:\d+\.\d*|\.\d+|\d+)")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7, "Z": 0}


def flatten(path: str) -> Iterator[list[Point]]:
    """The lines of an SVG path as points. Knows the commands that our pictures use; arcs must be of circles."""
    here: Point = (0, 0)
    control: Point | None = None
    line: list[Point] = []
    for command, numbers in _commands(path):
        kind, relative = command.upper(), command.islower()
        base = here if relative else (0.0, 0.0)
        before, control = control, None
        if kind == "M":
            if line:
                yield line
            here = (base[0] + numbers[0], base[1] + numbers[1])
            line = [here]
            continue
        if kind == "Z":
            here = line[0]
            line.append(here)
            continue
        if kind == "H":
            here = (base[0] + numbers[0], here[1])
            line.append(here)
        elif kind == "V":
            here = (here[0], base[1] + numbers[0])
            line.append(here)
        elif kind == "L":
            here = (base[0] + numbers[0], base[1] + numbers[1])
            line.append(here)
        elif kind == "A":
            end = (base[0] + numbers[5], base[1] + numbers[6])
            line.extend(_arc(here, end, numbers[0], sweep=bool(numbers[4])))
            here = end
        else:
            points = [(base[0] + x, base[1] + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
            if kind == "S":
                mirrored = (2 * here[0] - before[0], 2 * here[1] - before[1]) if before else here
                points = [mirrored, *points]
            line.extend(_cubic(here, *points))
            control, here = points[1], points[2]
    if line:
        yield line


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    """Commands with their numbers; a command letter that is left out is the one before, after M an L."""
    tokens = _TOKEN.findall(path)
    position, command = 0, ""
    while position < len(tokens):
        if tokens[position].isalpha():
            command = tokens[position]
            position += 1
        else:
            command = {"M": "L", "m": "l"}.get(command, command)
        count = _TAKES[command.upper()]
        yield command, [float(number) for number in tokens[position : position + count]]
        position += count


def _cubic(start: Point, first: Point, second: Point, end: Point) -> list[Point]:
    points = []
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        x, y = (a * start[i] + b * first[i] + c * second[i] + d * end[i] for i in (0, 1))
        points.append((x, y))
    return points


def _arc(start: Point, end: Point, radius: float, *, sweep: bool) -> list[Point]:
    """The shorter arc of a circle; a radius that is too small grows until it reaches."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    chord = math.hypot(dx, dy)
    radius = max(radius, chord / 2)
    height = math.sqrt(radius * radius - chord * chord / 4) * (1 if sweep else -1)
    middle = (start[0] + dx / 2 - dy / chord * height, start[1] + dy / 2 + dx / chord * height)
    first = math.atan2(start[1] - middle[1], start[0] - middle[0])
    turn = 2 * math.asin(min(1, chord / 2 / radius)) * (1 if sweep else -1)
    turns = (first + turn * step / _STEPS for step in range(1, _STEPS + 1))
    return [(middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle)) for angle in turns]
