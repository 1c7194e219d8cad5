"""The icons that ``hình`` may name; each code is a symbol's id in static/icons/phone.svg."""

from __future__ import annotations

from lms.content.words import Words

ICONS = Words(
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
        "khoa": ("khoá", "khóa", "lock"),
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
    }
)
