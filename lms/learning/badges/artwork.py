"""The badge's picture: an oil lamp on a blackboard, with three beads for the stages.

``pictures/badge.svg`` is the drawing. ``pictures/badge.png`` is the same, rendered by Chromium at 416 × 416 pixels (for
208 on a page) with a transparent background, and reduced to a palette of 128 colours.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_PICTURES = files("lms.learning.badges").joinpath("pictures")


@cache
def svg() -> str:
    """The picture as an SVG document that loads nothing."""
    return _PICTURES.joinpath("badge.svg").read_text("utf-8")


@cache
def png() -> bytes:
    """The picture as a PNG of 416 × 416 pixels."""
    return _PICTURES.joinpath("badge.png").read_bytes()
