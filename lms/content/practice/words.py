"""The fixed words of a practice, in Vietnamese and English, and what goes with which."""

from __future__ import annotations

from lms.content.fuzzy_words import Words

ROLES = Words(
    {
        "button": ("nút", "button"),
        "icon": ("biểu tượng", "icon"),
        "link": ("liên kết", "link"),
        "back": ("quay lại", "back"),
        "number": ("ô số", "number"),
        "text": ("ô chữ", "text"),
        "password": ("mật khẩu", "password"),
        "select": ("chọn", "select"),
        "switch": ("công tắc", "switch"),
        "scan": ("quét", "scan"),
        "sms": ("tin nhắn", "sms"),
        "wait": ("chờ", "wait"),
        "label": ("chữ", "label"),
        "image": ("ảnh", "image"),
        "area": ("vùng", "area"),
    }
)

KINDS = Words(
    {
        "app": ("ứng dụng", "app"),
        "home": ("trang chủ", "home"),
        "dialog": ("hội thoại", "dialog"),
        "permission": ("quyền", "permission"),
        "call": ("cuộc gọi", "call"),
        "messages": ("tin nhắn", "messages"),
        "scan": ("quét", "scan"),
        "loading": ("chờ", "loading"),
        "wrong": ("lạc", "wrong"),
        "end": ("kết", "end"),
    }
)
TASKLESS_KINDS = frozenset({"loading", "wrong", "end"})

QUOTES = Words(
    {
        "task": ("Việc", "Task"),
        "hint": ("Gợi ý", "Hint"),
        "why": ("Vì sao", "Why"),
        "lost": ("Lạc", "Lost"),
        "say": ("Nói", "Say"),
    }
)

SUBS = Words(
    {
        "wrong": ("sai", "wrong"),
        "warn": ("báo", "warn"),
        "body": ("nội dung", "body"),
        "fatal": ("chí tử", "fatal"),
        "alt": ("mô tả", "alt"),
    }
)

ATTRIBUTES = Words(
    {
        "kind": ("loại", "kind"),
        "length": ("dài", "length"),
        "seconds": ("giây", "seconds"),
        "hold": ("giữ", "hold"),
        "picture": ("hình", "picture"),
        "items": ("mục", "items"),
        "src": ("src",),
        "x": ("x",),
        "y": ("y",),
        "w": ("w",),
        "h": ("h",),
    }
)

RULES = Words({"mat-khau-manh": ("mat-khau-manh",), "6-so": ("6-so",), "co-chu": ("co-chu",)})
SWITCH = Words({"bật": ("bật", "on"), "tắt": ("tắt", "off")})
YES = Words({"yes": ("có", "yes")})
DEVICES = Words({"Android": ("Android",), "iPhone": ("iPhone",)})

ROLES_OF_ATTRIBUTE: dict[str, frozenset[str]] = {
    "length": frozenset({"number", "text", "password"}),
    "seconds": frozenset({"sms", "wait"}),
    "hold": frozenset({"scan"}),
    "picture": frozenset({"button", "icon", "link", "back", "scan", "label", "sms", "wait"}),
    "items": frozenset({"select"}),
    "src": frozenset({"image"}),
    **dict.fromkeys(("x", "y", "w", "h"), frozenset({"area"})),
}
