"""The simulated phone's icons, inlined from ``static/icons/phone.svg`` so that a practice needs no second request."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from markupsafe import Markup

from lms.assets import load_assets
from lms.content.fuzzy_matching import normalize_word
from lms.content.model import Screen, Widget
from lms.content.practice.vocabulary import ICONS

SYMBOL = re.compile(r'<symbol id="([a-z-]+)".*?</symbol>', re.DOTALL)
SYMBOL_ID = re.compile(r'id="[a-z-]+"')
DEFAULT_ICON = "app"  # for an icon without a picture or with an unknown one
CARD_ICONS = {"identity": "nguoi", "insurance": "bao-hiem", "receipt": "tich"}  # by look
# These always have an icon; other widgets only if the author names one.
ROLES_WITH_ICON = frozenset({"icon"})
# The icon of a permission prompt, by a normalized word of its text.
PERMISSION_ICONS = (
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
# Icons that the templates use themselves.
ALWAYS_USED = ("tay", "lui", "mat", "tin-nhan", "nguoi", "ma-qr", "tich", "phim", "phim-lui")
DEVICE_VARIANTS = {("android", "lui"): "mui-ten"}  # by device and icon


@functools.cache
def symbols() -> dict[str, str]:
    """Symbol markup by id."""
    file = load_assets().files["icons/phone.svg"].content.decode()
    return {match[1]: match[0] for match in SYMBOL.finditer(file)}


def icon_id(name: str | None) -> str:
    """The symbol for a name, whether it is a symbol's id or what an author typed."""
    if name in symbols():
        return name
    return ICONS.find(name or "") or DEFAULT_ICON


def icon_of_widget(widget: Widget) -> str:
    """The symbol of a widget's icon; "" for none."""
    if widget.role == "card":
        return CARD_ICONS.get(widget.look or "", "")
    has_icon = widget.picture is not None or widget.role in ROLES_WITH_ICON
    return icon_id(widget.picture) if has_icon else ""


def icons_of_screen(screen: Screen) -> tuple[str, ...]:
    """The symbols that the screen itself needs, besides its widgets."""
    drawing = icon_id(screen.drawing) if screen.drawing else ""
    return permission_icon(screen), drawing, "khoa" if screen.kind == "browser" else ""


def permission_icon(screen: Screen) -> str:
    """The symbol of what a permission prompt asks for, by its text; a question mark when unknown."""
    if screen.kind != "permission":
        return ""
    text = normalize_word(
        " ".join([screen.title, screen.task or "", screen.prose or "", *(widget.label for widget in screen.widgets)])
    )
    return next((symbol for word, symbol in PERMISSION_ICONS if word in text), "hoi")


def icon_sheet(names: Iterable[str], device: str = "android") -> Markup:
    """The symbols of these icons as ``device`` draws them; the page needs them once."""
    used = sorted({*names, *ALWAYS_USED})
    drawn = ((name, symbols()[DEVICE_VARIANTS.get((device, name), name)]) for name in used)
    return Markup("".join(SYMBOL_ID.sub(f'id="hinh-{name}"', symbol, count=1) for name, symbol in drawn))  # noqa: S704  (our own file)
