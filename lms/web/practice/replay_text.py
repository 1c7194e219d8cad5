"""What was done in an attempt, told again in words."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from lms.content.model import Screen
from lms.content.practice.fields import SATISFIES, is_length_only
from lms.content.practice.replay_steps import Deed
from lms.content.practice.words import ROLES
from lms.web.practice.data_fill import Filler

WITHOUT_PLACE = {
    "hint": Markup("Đã xem gợi ý."),
    "point": Markup("Đã nhờ chỉ chỗ cần chạm."),
    "do": Markup("Đã nhờ máy làm giúp bước này."),
    "miss": Markup("Đã chạm vào chỗ không phải nút."),
}
DONE = {
    "tap": Markup("Đã chạm {}."),
    "hold": Markup("Đã chạm và giữ {}."),
    "wait": Markup("Đã đợi {}."),
    "read": Markup("Đã đọc {}."),
    "choose": Markup("Đã chọn “{value}” ở {}."),
    "switch": Markup("Đã gạt {} sang {value}."),
    "type": Markup("Đã gõ <strong>{value}</strong> vào {}."),
}
EMPTY = Markup("Đã để trống {}.")
OTHER = Markup("Đã gõ chữ khác, dài {length} ký tự, vào {}. Máy không giữ chữ ấy.")
OWN = Markup("Đã gõ chữ của mình vào {}, đúng cách. Máy không giữ chữ ấy.")
FIELD = Markup("ô “{}”")
SWITCH = Markup("công tắc “{}”")
NAMED = Markup("“{}”")
NUMBERED = Markup("{} thứ {} trên màn")


def deed_words(deed: Deed, roles: Sequence[str], screen: Screen | None, filler: Filler) -> Markup:
    """One sentence. ``roles`` are the screen's widgets'; without ``screen`` its texts are unknown and things have
    numbers."""
    if deed.place < 0:
        return WITHOUT_PLACE[deed.action]
    thing = _thing(deed, roles, screen, filler)
    value = deed.value or ""
    if deed.action == "type" and value in ("", "?0"):
        return EMPTY.format(thing)
    if deed.action == "type" and is_length_only(value):
        return OTHER.format(thing, length=value[1:])
    if deed.action == "type" and value == SATISFIES:
        return OWN.format(thing)
    return DONE[deed.action].format(thing, value=filler.text(value))


def _thing(deed: Deed, roles: Sequence[str], screen: Screen | None, filler: Filler) -> Markup:
    role = roles[deed.place]
    if screen is None:
        return NUMBERED.format(ROLES.spelling(role), deed.place + 1)
    shape = SWITCH if role == "switch" else FIELD if deed.value is not None else NAMED
    return shape.format(filler.text(screen.widgets[deed.place].label))
