"""QR codes of addresses that differ only at their end, such as the learning codes of a hall of phones.

With one version and one mask, QR is linear: a bit of the text that is flipped flips the same modules in every text. So
the squares for all single bits are drawn once, and that of a text is their exclusive or, in a tenth of the time.
"""

from __future__ import annotations

import functools
import re

from markupsafe import Markup

MASK = 2  # any of QR's eight masks can be read; looking for the prettiest one takes four fifths of the time
_BITS = 7  # of an ASCII character
_ZERO = "\0"
_RUN = re.compile("1+")


def personal_qr_svg(prefix: str, ending: str) -> Markup:
    """The QR code of ``prefix + ending`` as inline SVG, like ``qr_svg``. ``ending`` is ASCII."""
    return _square_family(prefix, len(ending)).draw(ending)


class _SquareFamily:
    """The squares of all texts with one prefix and length."""

    def __init__(self, prefix: str, length: int) -> None:
        zeros = [_ZERO] * length
        self._size, self._zero = _modules(prefix + "".join(zeros))
        self._flips = [
            [_modules(prefix + "".join([*zeros[:place], chr(1 << bit), *zeros[place + 1 :]]))[1] ^ self._zero
             for bit in range(_BITS)]
            for place in range(length)
        ]  # fmt: skip

    def draw(self, ending: str) -> Markup:
        modules = self._zero
        for character, flips in zip(ending.encode("ascii"), self._flips, strict=True):
            for bit, flipped in enumerate(flips):
                if character >> bit & 1:
                    modules ^= flipped
        return _svg(f"{modules:0{self._size * self._size}b}", self._size)


@functools.lru_cache(4)
def _square_family(prefix: str, length: int) -> _SquareFamily:
    return _SquareFamily(prefix, length)


def _modules(text: str) -> tuple[int, int]:
    """The size of a square, and its modules row by row as the bits of a number."""
    import segno

    rows = segno.make(text, error="m", micro=False, mask=MASK, mode="byte").matrix
    return len(rows), int("".join(str(module) for row in rows for module in row), 2)


def _svg(modules: str, size: int) -> Markup:
    """The dark modules of each row as strokes, each from where the last one ended."""
    strokes: list[str] = []
    x = y = 0
    for row in range(size):
        for run in _RUN.finditer(modules, row * size, (row + 1) * size):
            start, end = run.start() - row * size, run.end() - row * size
            strokes.append(f"m{start - x} {row - y}h{end - start}" if strokes else f"M{start} {row}.5h{end - start}")
            x, y = end, row
    drawn = f'<svg viewBox="0 0 {size} {size}" class="qr__square"><path class="qr__ink" stroke="#000" d="{{}}"/></svg>'
    return Markup(drawn.format("".join(strokes)))  # noqa: S704  (numbers alone)
