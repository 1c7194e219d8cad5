"""The keywords of a storyboard in Vietnamese and English, and the icons that it may use."""

from __future__ import annotations

from typing import Literal

from lms.content.fuzzy_matching import Vocabulary
from lms.content.model import GESTURE_ROLES, Direction, Role, ScreenKind

ROLES: Vocabulary[Role] = Vocabulary(
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
        "swipe": ("vuốt", "swipe"),
        "press": ("nhấn giữ", "press"),
        "pinch": ("chụm", "pinch"),
        "double-tap": ("chạm đúp", "double-tap"),
        "row": ("dòng", "row"),
        "tab": ("tab",),
        "bubble": ("lời", "bubble"),
        "card": ("thẻ", "card"),
    },
    meanings={
        "button": ("bấm", "nhấn", "ấn", "chạm", "phím", "nút bấm", "nút nhấn"),
        "link": ("đường dẫn", "đường link"),
        "back": ("trở về", "trở lại", "về trước", "lui"),
        "number": ("số", "nhập số", "gõ số", "mã"),
        "text": ("nhập", "gõ", "nhập chữ", "gõ chữ", "ô", "ô nhập", "ô gõ", "input"),
        "select": ("danh sách", "lựa chọn", "ô chọn", "mục"),
        "switch": ("bật tắt", "gạt"),
        "label": ("nhãn", "văn bản", "đoạn văn", "câu"),
        "image": ("hình", "hình ảnh", "ảnh chụp", "picture"),
        "wait": ("đợi",),
        "area": ("khung", "khu vực", "ô chạm"),
    },
)

SCREEN_KINDS: Vocabulary[ScreenKind] = Vocabulary(
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
        "lock": ("màn hình khóa", "màn hình khoá", "lock"),
        "browser": ("trình duyệt", "browser"),
        "store": ("kho ứng dụng", "store"),
        "situation": ("tình huống", "situation"),
    },
    meanings={
        "end": ("đích", "cuối", "kết thúc", "hoàn thành", "xong"),
        "wrong": ("sai", "nhầm", "bẫy"),
        "call": ("gọi", "gọi đến"),
        "browser": ("web", "trang web"),
        "loading": ("đợi", "đang tải"),
    },
)
TASKLESS_KINDS: frozenset[ScreenKind] = frozenset({"loading", "wrong", "end"})
SCROLLING_KINDS: frozenset[ScreenKind] = frozenset({"app", "home", "messages"})

QUOTES = Vocabulary(
    {
        "task": ("Việc", "Task"),
        "hint": ("Gợi ý", "Hint"),
        "why": ("Vì sao", "Why"),
        "lost": ("Lạc", "Lost"),
        "say": ("Nói", "Say"),
    },
    meanings={
        "task": ("nhiệm vụ", "yêu cầu", "làm", "việc cần làm"),
        "hint": ("mẹo", "trợ giúp", "nhắc"),
        "why": ("lý do", "lí do", "giải thích", "tại sao"),
        "lost": ("nhầm", "bị lạc", "lạc đường"),
        "say": ("lời", "thoại", "lời thoại"),
    },
)

SUB_LINES = Vocabulary(
    {
        "wrong": ("sai", "wrong"),
        "warn": ("báo", "warn"),
        "body": ("nội dung", "body"),
        "fatal": ("chí tử", "fatal"),
        "alt": ("mô tả", "alt"),
        "detail": ("phụ", "detail"),
        "time": ("giờ", "time"),
    },
    meanings={
        "wrong": ("lỗi", "nhắc", "chưa đúng", "không đúng"),
        "warn": ("cảnh báo", "giải thích", "báo động"),
        "body": ("tin", "chữ", "lời nhắn"),
        "alt": ("miêu tả", "tả"),
        "fatal": ("chết", "nặng"),
    },
)

ATTRIBUTES = Vocabulary(
    {
        "kind": ("loại", "kind"),
        "length": ("dài", "length"),
        "seconds": ("giây", "seconds"),
        "hold": ("giữ", "hold"),
        "picture": ("hình", "picture"),
        "items": ("mục", "items"),
        "src": ("src", "tệp", "file"),
        "x": ("x", "trái", "left"),
        "y": ("y", "trên", "top"),
        "w": ("w", "rộng", "width"),
        "h": ("h", "cao", "height"),
        "direction": ("hướng", "direction"),
        "scroll": ("cuộn", "scroll"),
        "shown": ("hiện", "người gọi", "shown", "caller"),
        "address": ("địa chỉ", "address"),
        "developer": ("nhà phát triển", "developer"),
        "stars": ("sao", "stars"),
        "time": ("giờ", "time"),
        "speaker": ("của", "speaker"),
        "look": ("kiểu", "look"),
        "ring": ("khoanh", "ring"),
        "current": ("đang", "current"),
    },
    meanings={
        "x": ("bên trái",),
        "y": ("bên trên", "phía trên"),
        "w": ("ngang", "bề ngang", "chiều rộng"),
        "h": ("dọc", "bề cao", "chiều cao"),
        "length": ("số chữ",),
    },
)

RULES = Vocabulary({"mat-khau-manh": ("mat-khau-manh",), "6-so": ("6-so",), "co-chu": ("co-chu",)})
SWITCH = Vocabulary({"bật": ("bật", "on"), "tắt": ("tắt", "off")})
YES = Vocabulary({"yes": ("có", "yes")})
SWIPE_DIRECTIONS: Vocabulary[Direction] = Vocabulary(
    {
        "up": ("lên", "up"),
        "down": ("xuống", "down"),
        "left": ("trái", "left", "sang trái"),
        "right": ("phải", "right", "sang phải"),
    }
)
PINCH_DIRECTIONS: Vocabulary[Direction] = Vocabulary({"in": ("vào", "in"), "out": ("ra", "out")})
DIRECTIONS_OF_ROLE: dict[Role, Vocabulary[Direction]] = {"swipe": SWIPE_DIRECTIONS, "pinch": PINCH_DIRECTIONS}
SPEAKERS: Vocabulary[Literal["them", "me"]] = Vocabulary({"them": ("họ", "them"), "me": ("bác", "me")})
LOOKS = Vocabulary(
    {
        "photo": ("ảnh", "photo"),
        "key": ("phím", "key"),
        "identity": ("căn cước", "identity"),
        "insurance": ("bảo hiểm", "insurance"),
        "receipt": ("biên lai", "receipt"),
    }
)
LOOKS_OF_ROLE: dict[Role, tuple[str, ...]] = {"icon": ("photo", "key"), "card": ("identity", "insurance", "receipt")}
DEVICES = Vocabulary({"Android": ("Android",), "iPhone": ("iPhone",)})

ROLES_OF_ATTRIBUTE: dict[str, frozenset[Role]] = {
    "length": frozenset({"number", "text", "password"}),
    "seconds": frozenset({"sms", "wait"}),
    "hold": frozenset({"scan", "press"}),
    "picture": frozenset(
        {"button", "icon", "link", "back", "scan", "label", "sms", "wait", "row", "tab", *GESTURE_ROLES}
    ),
    "items": frozenset({"select", "card"}),
    "stars": frozenset({"row"}),
    "speaker": frozenset({"bubble"}),
    "look": frozenset(LOOKS_OF_ROLE),
    "ring": frozenset({"card"}),
    "current": frozenset({"tab"}),
    "src": frozenset({"image"}),
    **dict.fromkeys(("x", "y", "w", "h"), frozenset({"area"})),
    "direction": frozenset(DIRECTIONS_OF_ROLE),
}
# In the easy form ``- ô số (12): …`` the attribute that needs no name.
DEFAULT_ATTRIBUTE_BY_ROLE: dict[Role, str] = {
    **dict.fromkeys(("number", "text", "password"), "length"),
    **dict.fromkeys(("sms", "wait"), "seconds"),
    **dict.fromkeys(("scan", "press"), "hold"),
    **dict.fromkeys(("swipe", "pinch"), "direction"),
    **dict.fromkeys(("button", "icon", "link", "back", "label", "row", "tab", "double-tap"), "picture"),
    "select": "items",
    "bubble": "speaker",
    "card": "look",
    "image": "src",
}
# Attributes of a screen besides its kind, and the kinds that have them. A screen without a phone shows no title on it.
KINDS_OF_ATTRIBUTE: dict[str, frozenset[ScreenKind]] = {
    "shown": frozenset(SCREEN_KINDS) - {"wrong", "end", "situation"},
    "address": frozenset({"browser"}),
    "developer": frozenset({"store"}),
    "stars": frozenset({"store"}),
    "time": frozenset({"lock"}),
    "picture": frozenset({"store", "situation"}),
}


ICONS = Vocabulary(
    {
        "app": ("ứng dụng", "app"),
        "cai-dat": ("cài đặt", "settings"),
        "tin-nhan": ("tin nhắn", "messages", "sms", "message"),
        "dien-thoai": ("điện thoại", "phone", "gọi điện"),
        "danh-ba": ("danh bạ", "contacts"),
        "may-anh": ("máy ảnh", "camera"),
        "anh": ("ảnh", "photos", "photo", "image"),
        "trinh-duyet": ("trình duyệt", "browser"),
        "thu": ("thư", "mail", "email"),
        "ban-do": ("bản đồ", "map", "maps"),
        "lich": ("lịch", "calendar"),
        "dong-ho": ("đồng hồ", "clock"),
        "kho-ung-dung": ("kho ứng dụng", "store", "app store"),
        "giay-to": ("giấy tờ", "document", "documents"),
        "the": ("thẻ", "card"),
        "vi": ("ví", "wallet"),
        "khoa": ("khóa", "khoá", "lock"),
        "van-tay": ("vân tay", "fingerprint"),
        "khuon-mat": ("khuôn mặt", "face"),
        "nguoi": ("người", "person", "user"),
        "chuong": ("chuông", "bell"),
        "ma-qr": ("mã QR", "QR", "qr code"),
        "nfc": ("NFC",),
        "tien": ("tiền", "money"),
        "thue": ("thuế", "tax"),
        "y-te": ("y tế", "health"),
        "bao-hiem": ("bảo hiểm", "insurance", "shield"),
        "nha": ("nhà", "home", "house"),
        "tim-kiem": ("tìm kiếm", "tìm", "search"),
        "tai-ve": ("tải về", "download"),
        "chia-se": ("chia sẻ", "share"),
        "cong": ("cộng", "plus", "thêm", "add"),
        "hoi": ("hỏi", "help", "question"),
        "canh-bao": ("cảnh báo", "warning", "alert"),
        "tich": ("tích", "check"),
        "xoa": ("xoá", "xóa", "delete", "close"),
        "nghe-may": ("nghe máy", "answer"),
        "tat-may": ("tắt máy", "hang up"),
        "lich-su": ("lịch sử", "history"),
        "xe": ("xe", "car"),
        "hoc": ("học", "school", "book"),
        "mat": ("mắt", "eye"),
        "lui": ("lùi", "back"),
        "tay": ("tay", "hand"),
        "mang": ("mạng", "wifi", "wi-fi"),
        "ngan-hang": ("ngân hàng", "bank"),
        "may-tinh": ("máy tính", "calculator"),
        "thoi-tiet": ("thời tiết", "weather"),
        "pin": ("pin", "battery"),
        "man-hinh": ("màn hình", "screen"),
        "den-pin": ("đèn pin", "torch", "flashlight"),
        "nhac": ("nhạc", "music"),
        "micro": ("micro", "microphone", "mic"),
        "ghi-chu": ("ghi chú", "notes"),
        "video": ("video", "phim"),
        "tro-chuyen": ("trò chuyện", "chat"),
    }
)
