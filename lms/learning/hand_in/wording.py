"""Why a file is refused, in a sentence for the account that uploads it."""

from __future__ import annotations

from lms.learning.errors import InvalidHandIn
from lms.message_catalog import mark_for_translation

REFUSALS = {
    "foreign": mark_for_translation("Tệp này không phải tệp nộp lớp. Chọn tệp có đuôi .lop đã tải từ máy ở phòng."),
    "cut": mark_for_translation("Tệp này mất một phần lúc chép hay gửi. Tải lại từ máy ở phòng rồi nộp."),
    "altered": mark_for_translation(
        "Tệp này đã bị sửa, không còn khớp chữ ký của máy ở phòng. Tải lại từ máy ấy rồi nộp."
    ),
    "newer": mark_for_translation(
        "Tệp này do bản mới hơn của trang học làm ra. Nâng cấp trang này trước, rồi nộp lại."
    ),
    "large": mark_for_translation("Tệp này lớn quá. Ở máy ở phòng, tải mỗi lần ít lớp hơn rồi nộp."),
    "malformed": mark_for_translation(
        "Tệp này có chữ ký, nhưng bên trong không phải số liệu của một lớp. Tải lại từ máy ở phòng rồi nộp."
    ),
    "other_key": mark_for_translation(
        "Lớp trong tệp này đã được một máy khác nộp. Dùng tệp của đúng máy đã dạy lớp ấy."
    ),
    "other_ward": mark_for_translation(
        "Lớp trong tệp này đã nộp cho nơi khác. Nhờ người của nơi ấy, hoặc của thành phố, nộp tệp này."
    ),
    "own_class": mark_for_translation("Lớp trong tệp này là lớp của chính trang này, không cần nộp."),
}


def refusal_sentence(error: InvalidHandIn) -> str:
    """The sentence for this error, in Vietnamese."""
    return REFUSALS[error.why]
