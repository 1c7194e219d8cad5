"""The phone's own icons, put from ``static/icons/phone.svg`` into the page: a practice needs no second file."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from markupsafe import Markup

from lms.assets import load_assets
from lms.content.fuzzy_words import fold
from lms.content.model import Screen, Widget
from lms.content.practice.icons import ICONS

SYMBOL = re.compile(r'<symbol id="([a-z-]+)".*?</symbol>', re.DOTALL)
SYMBOL_ID = re.compile(r'id="[a-z-]+"')
PLAIN = "app"  # what an icon without a picture, or with an unknown one, shows
# A picture on a button of a call or of a home screen; elsewhere only where the author asks for one.
PICTURED_ROLES = frozenset({"icon"})
# What a permission may be about, by a folded word of its prompt.
PERMISSIONS = (
    ("mayanh", "may-anh"),
    ("chupanh", "may-anh"),
    ("vitri", "ban-do"),
    ("danhba", "danh-ba"),
    ("tinnhan", "tin-nhan"),
    ("thongbao", "chuong"),
    ("micro", "micro"),
    ("nfc", "nfc"),
    ("cuocgoi", "dien-thoai"),
    ("tronang", "nguoi"),
)
# Icons that the drawing of a screen uses itself.
DRAWN = ("tay", "lui", "mat", "tin-nhan", "nguoi", "ma-qr", "tich", "phim", "phim-lui")
# A symbol that a device draws in its own way.
OWN_WAY = {("android", "lui"): "mui-ten"}


@functools.cache
def symbols() -> dict[str, str]:
    """Symbol markup by id."""
    file = load_assets().files["icons/phone.svg"].plain.decode()
    return {found[1]: found[0] for found in SYMBOL.finditer(file)}


def picture_id(name: str | None) -> str:
    """The symbol for an author's word, as the reader keeps it or as it was typed."""
    found = name if name in symbols() else ICONS.find(name or "")
    return found or PLAIN


def picture_of(widget: Widget) -> str:
    """The symbol that stands on a widget, "" for none."""
    pictured = widget.picture is not None or widget.role in PICTURED_ROLES
    return picture_id(widget.picture) if pictured else ""


def asks_for(screen: Screen) -> str:
    """What a permission prompt is about, as far as its own words say; else a plain question mark."""
    if screen.kind != "permission":
        return ""
    words = fold(
        " ".join([screen.title, screen.task or "", screen.prose or "", *(widget.label for widget in screen.widgets)])
    )
    return next((symbol for word, symbol in PERMISSIONS if word in words), "hoi")


def sheet(names: Iterable[str], device: str = "android") -> Markup:
    """The symbols of these icons as ``device`` draws them, to stand once in the page."""
    wanted = sorted({*names, *DRAWN})
    drawn = ((name, symbols()[OWN_WAY.get((device, name), name)]) for name in wanted)
    return Markup("".join(SYMBOL_ID.sub(f'id="hinh-{name}"', symbol, count=1) for name, symbol in drawn))  # noqa: S704  (our own file)
