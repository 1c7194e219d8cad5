"""Where errors meet the two JSON answers: a status, and a Vietnamese sentence that a page may show."""

from __future__ import annotations

from lms.content.questions import UnknownOption
from lms.learning import errors
from lms.learning.store.db_errors import is_retryable
from lms.learning.store.writer import WriterBusy


class Malformed(Exception):
    """The body is not what the address takes."""


class CrossSite(Exception):
    """Another site's page sent this."""


_BUSY = (503, "Đang có nhiều người gửi cùng lúc. Bác đợi vài giây rồi gửi lại nhé.")
_BROKEN = (500, "Trang đang trục trặc, không phải lỗi của bác. Bác thử lại sau ít phút nhé.")
_REFUSALS: dict[type[Exception], tuple[int, str]] = {
    CrossSite: (403, "Trang không nhận bài gửi từ một trang khác. Bác tải lại trang này nhé."),
    Malformed: (400, "Trang không đọc được bài vừa gửi. Bác tải lại trang rồi làm tiếp nhé."),
    UnknownOption: (422, "Bài vừa được sửa. Bác tải lại trang rồi trả lời lại nhé."),
    WriterBusy: _BUSY,
    errors.UnknownCode: (404, "Chưa thấy lớp nào có mã này. Bác nhìn lại màn chiếu nhé."),
    errors.ClassClosed: (410, "Lớp này đã kết thúc. Những gì bác đã làm vẫn còn."),
    errors.NotSeated: (409, "Máy này chưa có chỗ trong lớp. Bác tải lại trang rồi chạm “Vào lớp” nhé."),
    errors.PutOut: (403, "Máy này đang ở ngoài lớp. Bác nhờ người đứng lớp cho vào lại nhé."),
    errors.NothingGiven: (422, "Bác chọn hoặc gõ đủ câu trả lời, rồi chạm nút ở dưới nhé."),
    errors.ChosenTwice: (422, "Có mục đang đứng ở hơn một ô. Mỗi mục chỉ đứng một chỗ: bác chọn lại nhé."),
    errors.AnswersLocked: (
        409,
        "Câu trả lời vừa rồi tới khi lớp đã khóa câu ấy, nên chưa được tính. Bác theo tiếp ở đây nhé.",
    ),
    errors.TooOften: (429, "Máy này gửi nhiều quá. Bác nghỉ một phút rồi làm tiếp nhé."),
    errors.NotFound: (404, "Không thấy bài này. Bác về trang đầu rồi mở lại nhé."),
    errors.LearnerForgotten: (410, "Trang đã quên bác như bác yêu cầu. Bác tải lại trang để bắt đầu mới nhé."),
    errors.TooLarge: (413, "Bài gửi lên dài quá. Bác tải lại trang rồi làm tiếp nhé."),
    errors.InvalidEvents: (422, "Trang không đọc được bài vừa gửi. Bác tải lại trang rồi làm tiếp nhé."),
}


def refusal_of(error: Exception) -> tuple[int, str]:
    """The nearest class decides; what has no sentence of its own is our fault."""
    for kind in type(error).__mro__:
        if kind in _REFUSALS:
            return _REFUSALS[kind]
    return _BUSY if is_retryable(error) else _BROKEN
