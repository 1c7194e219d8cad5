"""The phone's own icons, put from ``static/icons/phone.svg`` into the page: a practice needs no second file."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from markupsafe import Markup

from lms.assets import load_assets
from lms.content.practice.icons import ICONS

SYMBOL = re.compile(r'<symbol id="([a-z-]+)".*?</symbol>', re.DOTALL)
PLAIN = "app"  # what an icon without a picture, or with an unknown one, shows
# Icons that the drawing of a screen uses itself.
DRAWN = ("tay", "lui", "mat", "tin-nhan", "nguoi", "ma-qr", "tich", "may-anh")


@functools.cache
def symbols() -> dict[str, str]:
    """Symbol markup by id."""
    file = load_assets().files["icons/phone.svg"].plain.decode()
    return {found[1]: found[0] for found in SYMBOL.finditer(file)}


def picture_id(name: str | None) -> str:
    """The symbol for an author's word, as the reader keeps it or as it was typed."""
    found = name if name in symbols() else ICONS.find(name or "")
    return found or PLAIN


def sheet(names: Iterable[str]) -> Markup:
    """The symbols of these icons, to stand once in the page."""
    wanted = sorted({*names, *DRAWN})
    return Markup("".join(symbols()[name].replace('id="', 'id="hinh-', 1) for name in wanted))  # noqa: S704  (our own file)
