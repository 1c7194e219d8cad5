"""What the scripts of the editor and of the drawing page say, in the page's language.

A text of two forms is (for one, for more); ``{…}`` in a text is filled by the script.
"""

from __future__ import annotations

from lms.web.language import page_language, translate, translate_number
from lms.web.workshop.wording import LEVEL_NAMES, translate_values

Texts = dict[str, object]
_FORMS = (1, 2)  # a number of each form


def editor_texts() -> Texts:
    """For <lesson-editor>. ``phrases``: the editor's own words, by what its authors call them."""
    return {
        "phrases": _phrases(),
        "locale": "vi-VN" if page_language() == "vi" else "en-GB",
        "unsaved": translate("Chưa lưu."),
        "keptAt": translate("lúc {time}"),
        "offline": translate("Chưa nối được với máy chủ. Chữ của bác vẫn còn ở đây."),
        "refused": translate("Máy chủ không nhận: bác mở trang này ở thẻ khác, đăng nhập lại rồi thử lần nữa."),
        "stillHere": translate("Chữ vẫn còn ở đây."),
        "insert": translate("Chèn vào bài"),
        "guideFollows": translate("Hướng dẫn mở theo dòng con trỏ đang đứng."),
        "guideOffline": translate("Chưa nối được với máy chủ. Bác chọn lại thẻ Hướng dẫn nhé."),
        "pictureHere": translate("Ảnh đã ở đây. Bác ghi trong ảnh có gì, rồi bấm “Thêm ảnh”."),
        "pictureTooLarge": translate("Ảnh này nặng quá 8 MB. Bác thu nhỏ rồi thêm lại nhé."),
        "pictureOnItsWay": translate("Đang gửi ảnh…"),
        "pictureOffline": translate("Chưa nối được với máy chủ. Ảnh vẫn còn ở đây, bác thử lại nhé."),
        "levels": translate_values(LEVEL_NAMES),
        "why": translate("Vì sao"),
        "fix": translate("Sửa giúp"),
        "line": translate("Dòng {line}"),
        "elsewhere": translate("{file}, dòng {line}, {level}:"),
        "errors": [translate_number("{count} lỗi", "{count} lỗi", number) for number in _FORMS],
        "warnings": [translate_number("{count} cảnh báo", "{count} cảnh báo", number) for number in _FORMS],
        "places": [
            translate_number("{count} chỗ ở tệp khác của bài", "{count} chỗ ở tệp khác của bài", number)
            for number in _FORMS
        ],
        "found": translate("Có {what}."),
        "lines": translate("dòng {lines}"),
        "nothing": translate("Không có lỗi nào."),
    }


def drawing_texts() -> Texts:
    """For <practice-drawing>."""
    return {
        "offline": translate("Chưa nối được với máy chủ. Bài của bác vẫn còn ở đây."),
        "refused": translate(
            "Máy chủ không nhận: bác mở trang này ở thẻ khác, đăng nhập lại rồi thử lần nữa. Bài vẫn còn ở đây."
        ),
        "hint": translate("Kéo trên ảnh để vẽ một ô, hay chạm vào giữa chỗ ấy. Rồi ghi chữ ở đó và bấm Enter."),
        "newArea": translate("Ô mới"),
        "areaKeys": translate("{label}. Phím mũi tên để dời, Shift và mũi tên để đổi cỡ, Enter để đổi chữ."),
        "noPicture": translate("Tệp “{file}” không phải ảnh máy này mở được. Bác chọn ảnh khác nhé."),
        "shot": translate("Ảnh {number} trong {total}."),
        "covered": [translate_number("Đã che {count} chỗ.", "Đã che {count} chỗ.", number) for number in _FORMS],
    }


def _phrases() -> dict[str, str]:
    return {
        "Find": translate("Tìm"),
        "Replace": translate("Thay bằng"),
        "next": translate("kế tiếp"),
        "previous": translate("trước đó"),
        "all": translate("tất cả"),
        "match case": translate("đúng hoa thường"),
        "by word": translate("trọn từ"),
        "regexp": translate("biểu thức"),
        "replace": translate("thay"),
        "replace all": translate("thay tất cả"),
        "close": translate("đóng"),
        "Fold line": translate("Gập lại"),
        "Unfold line": translate("Mở ra"),
        "folded code": translate("phần đã gập"),
        "unfold": translate("mở ra"),
        "Folded lines": translate("Đã gập các dòng"),
        "Unfolded lines": translate("Đã mở các dòng"),
        "to": translate("tới"),
        "Completions": translate("Chữ gợi ý"),
        "Diagnostics": translate("Các chỗ máy thấy"),
        "No diagnostics": translate("Không có chỗ nào"),
        "Control character": translate("Ký tự ẩn"),
        "current match": translate("chỗ đang tìm"),
        "on line": translate("ở dòng"),
    }
