"""The one table of HTTP errors: status, title and Vietnamese sentence, for HTML pages and JSON responses alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.content.questions import UnknownOption
from lms.http import errors as http
from lms.learning import errors as learning
from lms.learning.store.db_errors import is_retryable
from lms.learning.store.writer import WriterBusy
from lms.logs.outages import Outage, find_outage
from lms.message_catalog import mark_for_translation as N_

RETRY_AFTER_SECONDS = 3


@dataclass(frozen=True, slots=True)
class ErrorText:
    """An HTTP status and what a person reads.

    ``script_sentence``: what JSON responses say, for scripts that show it without the title; "" for ``sentence``.
    ``retry_seconds``: when to come back; 0: some seconds for a status that means "later".
    """

    status: int
    title: str
    sentence: str
    script_sentence: str = ""
    retry_seconds: int = 0

    @property
    def retry_after(self) -> str | None:
        """The value of the header Retry-After."""
        seconds = self.retry_seconds or (RETRY_AFTER_SECONDS if self.status in (429, 503) else 0)
        return str(seconds) if seconds else None

    @property
    def json_sentence(self) -> str:
        return self.script_sentence or self.sentence


_BY_STATUS: Mapping[int, ErrorText] = {
    text.status: text
    for text in (
        ErrorText(400, N_("Máy chưa đọc được điều bác gửi"), N_("Bác quay lại trang trước rồi thử lần nữa nhé.")),
        ErrorText(
            403,
            N_("Trang này không nhận việc vừa rồi"),
            N_("Việc đó được gửi từ một trang khác. Bác mở lại trang này rồi làm nhé."),
        ),
        ErrorText(
            404,
            N_("Không có trang này"),
            N_("Địa chỉ có thể đã đổi, hoặc gõ thiếu một chữ. Bác về trang đầu để tìm bài nhé."),
        ),
        ErrorText(405, N_("Trang này không làm được việc đó"), N_("Bác về trang đầu rồi đi lại từ đó nhé.")),
        ErrorText(408, N_("Mạng chậm quá, chưa nhận đủ"), N_("Chưa có gì bị mất. Bác thử lại nhé.")),
        ErrorText(
            409, N_("Chưa ghi được điều vừa rồi"), N_("Chỗ này vừa thay đổi. Bác mở lại trang rồi làm tiếp nhé.")
        ),
        ErrorText(410, N_("Trang này đã được xóa"), N_("Người học đã nhờ trang này quên hết, nên ở đây không còn gì.")),
        ErrorText(413, N_("Gửi nhiều quá"), N_("Trang này chỉ nhận tệp nhỏ. Bác chọn tệp khác nhé.")),
        ErrorText(415, N_("Máy chưa đọc được điều bác gửi"), N_("Bác quay lại trang trước rồi thử lần nữa nhé.")),
        ErrorText(
            422, N_("Máy chưa hiểu câu trả lời"), N_("Bài có thể vừa được sửa. Bác mở lại bài rồi trả lời lần nữa nhé.")
        ),
        ErrorText(
            500,
            N_("Máy chủ bị vấp"),
            N_("Lỗi này của trang, không phải của bác. Bác đợi một lát rồi thử lại nhé."),
            N_("Trang đang trục trặc, không phải lỗi của bác. Bác thử lại sau ít phút nhé."),
        ),
        ErrorText(
            503,
            N_("Đang có nhiều người gửi cùng lúc"),
            N_("Chưa có gì bị mất. Bác đợi vài giây rồi gửi lại nhé."),
            N_("Đang có nhiều người gửi cùng lúc. Bác đợi vài giây rồi gửi lại nhé."),
        ),
    )
}


def status_text(status: int) -> ErrorText:
    """The text of an HTTP status without an exception of ours; that of 400 or 500 for a status without a text."""
    known = _BY_STATUS.get(status)
    if known is not None:
        return known
    nearest = _BY_STATUS[400 if status < 500 else 500]
    return ErrorText(status, nearest.title, nearest.sentence, nearest.script_sentence)


def _with_script_sentence(status: int, sentence: str) -> ErrorText:
    text = _BY_STATUS[status]
    return ErrorText(status, text.title, text.sentence, sentence)


DATABASE_AWAY = ErrorText(
    503,
    N_("Kho dữ liệu đang nghỉ"),
    N_("Trang chưa mở được kho dữ liệu. Những gì bác đã lưu vẫn còn. Bác đợi một phút rồi thử lại nhé."),
    N_("Kho dữ liệu đang nghỉ. Bác đợi một phút rồi thử lại nhé."),
    retry_seconds=30,
)
DISK_FULL = ErrorText(
    503,
    N_("Máy chủ hết chỗ ghi"),
    N_(
        "Đĩa của máy chủ đã đầy nên điều vừa rồi chưa ghi được. Những gì bác đã lưu vẫn còn."
        " Bác báo người đứng lớp giúp, rồi thử lại sau ít phút nhé."
    ),
    N_("Đĩa của máy chủ đã đầy nên chưa ghi được. Bác báo người đứng lớp giúp nhé."),
    retry_seconds=60,
)
_BY_OUTAGE = {Outage.DATABASE: DATABASE_AWAY, Outage.DISK: DISK_FULL, Outage.FILES: _BY_STATUS[503]}

_UNREADABLE = N_("Trang không đọc được bài vừa gửi. Bác tải lại trang rồi làm tiếp nhé.")

_BY_ERROR: Mapping[type[BaseException], ErrorText] = {
    http.MalformedRequest: _with_script_sentence(400, _UNREADABLE),
    http.CrossSiteRequest: _with_script_sentence(
        403, N_("Trang không nhận bài gửi từ một trang khác. Bác tải lại trang này nhé.")
    ),
    http.CourseUnavailable: ErrorText(
        503,
        N_("Khóa này đang được sửa"),
        N_("Bác học khóa khác trước nhé. Sửa xong thì khóa này mở lại ở đúng chỗ này."),
        retry_seconds=60,
    ),
    http.InvalidCsrfToken: ErrorText(
        400, N_("Trang đã mở lâu quá"), N_("Chưa có gì thay đổi. Mở lại trang rồi làm lại lần nữa nhé.")
    ),
    http.BodyTooLarge: ErrorText(
        413,
        N_("Gửi lên lớn quá"),
        N_("Nội dung gửi lên lớn quá nên trang không nhận. Bác quay lại và gửi ngắn hơn nhé."),
    ),
    http.PictureTooLarge: ErrorText(
        413,
        N_("Ảnh lớn quá 8 MB"),
        N_(
            "Chưa thêm ảnh nào. Chữ bác đang soạn vẫn ở trang kia: bác đóng thẻ này hay quay lại trang trước. Rồi bác "
            "thu nhỏ ảnh, hoặc cắt lấy chỗ cần, cho nhẹ dưới 8 MB và chọn lại."
        ),
        N_("Ảnh lớn quá 8 MB. Bác thu nhỏ ảnh, hoặc cắt lấy chỗ cần, rồi chọn lại."),
    ),
    http.BodyTimeout: ErrorText(
        408, N_("Mạng đang chậm"), N_("Mạng đang chậm nên trang chưa nhận đủ. Bác quay lại và gửi lần nữa nhé.")
    ),
    http.ServerStopping: ErrorText(
        503, N_("Trang đang khởi động lại"), N_("Trang đang khởi động lại. Bác đợi một phút rồi thử lại nhé.")
    ),
    http.UnknownStaticFile: ErrorText(404, N_("Không thấy trang"), N_("Không có tệp nào ở địa chỉ này.")),
    http.ReadOnlyUrl: ErrorText(405, N_("Không làm được"), N_("Địa chỉ này chỉ để xem.")),
    http.InvalidStreamToken: ErrorText(
        403, N_("Trang đã mở lâu"), N_("Trang này mở đã lâu. Tải lại trang là vào lại được lớp.")
    ),
    http.StreamTokenRevoked: ErrorText(
        403, N_("Trang này không xem lớp nữa"), N_("Trang này không còn được xem lớp. Hỏi người đứng lớp để vào lại.")
    ),
    http.SeatMovedToOtherPhone: ErrorText(403, N_("Số này ở máy khác"), N_("Số của máy này giờ ở máy khác.")),
    http.StreamGone: ErrorText(
        404, N_("Không thấy lớp này"), N_("Không thấy lớp này. Xem lại mã lớp trên màn chiếu rồi vào lại.")
    ),
    http.StreamNotReady: ErrorText(
        503,
        N_("Đang có nhiều người vào cùng lúc"),
        N_("Đang có nhiều người vào cùng lúc. Trang tự thử lại sau vài giây."),
    ),
    learning.NotSignedIn: ErrorText(
        401, N_("Cần vào bằng tài khoản"), N_("Quét phiếu vào, hoặc gõ mã trên phiếu, rồi làm tiếp.")
    ),
    learning.NotAllowed: ErrorText(
        403,
        N_("Tài khoản này không làm được việc đó"),
        N_("Việc này của người khác phụ trách. Cần làm thì hỏi người tổ chức của phường."),
    ),
    learning.ServiceBusy: ErrorText(
        503, N_("Đang có nhiều người vào cùng lúc"), N_("Đợi vài giây rồi làm lại lần nữa nhé.")
    ),
    learning.UnknownClassCode: ErrorText(
        404,
        N_("Chưa thấy lớp nào có mã này"),
        N_("Bác nhìn lại sáu chữ số trên màn chiếu rồi gõ lại nhé."),
        N_("Chưa thấy lớp nào có mã này. Bác nhìn lại màn chiếu nhé."),
    ),
    learning.ClassClosed: ErrorText(
        410,
        N_("Lớp này đã kết thúc"),
        N_("Những gì bác đã làm vẫn còn ở “Trang của tôi”."),
        N_("Lớp này đã kết thúc. Những gì bác đã làm vẫn còn."),
    ),
    learning.ClassNotAdmitting: ErrorText(409, N_("Cửa lớp đang khép"), N_("Bác gọi người đứng lớp mở cửa giúp.")),
    learning.ClassFull: ErrorText(409, N_("Lớp đã đủ chỗ"), N_("Bác báo người đứng lớp giúp nhé.")),
    learning.UnknownSeat: ErrorText(
        409, N_("Lớp không có số ấy"), N_("Bác xem lại số của mình, hoặc vào như người mới.")
    ),
    learning.NoSeatInClass: ErrorText(
        409,
        N_("Máy này chưa có chỗ trong lớp"),
        N_("Bác gõ mã lớp rồi chạm “Vào lớp” trước nhé."),
        N_("Máy này chưa có chỗ trong lớp. Bác tải lại trang rồi chạm “Vào lớp” nhé."),
    ),
    learning.InvalidName: ErrorText(422, N_("Tên này dài quá"), N_("Bác viết tên ngắn lại, hoặc để trống cũng được.")),
    learning.NumberInName: ErrorText(
        422,
        N_("Bác ghi tên thôi nhé"),
        N_("Ô tên đang có dãy số, giống số điện thoại. Ai xem huy hiệu cũng đọc được. Bác ghi tên, hoặc để trống."),
    ),
    learning.PlannedClassChanged: ErrorText(
        409, N_("Có người vừa sửa lịch này"), N_("Mở lại trang để xem bản mới, rồi sửa tiếp nhé.")
    ),
    learning.PlannedClassCancelled: ErrorText(409, N_("Lớp này hoãn rồi"), N_("Bác mở lịch để tìm lớp khác nhé.")),
    learning.PlannedClassOver: ErrorText(409, N_("Lớp này đã qua"), N_("Bác mở lịch để xem lớp sắp tới nhé.")),
    learning.PlannedClassFull: ErrorText(
        409, N_("Lớp này đã đủ chỗ"), N_("Bác cứ tới hỏi, có khi còn ghế. Hoặc mở lịch tìm lớp khác.")
    ),
    learning.OrgUnitChanged: ErrorText(
        409, N_("Có người vừa sửa đơn vị này"), N_("Mở lại trang để xem bản mới, rồi sửa tiếp nhé.")
    ),
    learning.LedgerChanged: ErrorText(409, N_("Có người vừa ghi vào sổ này"), N_("Mở lại trang để xem rồi ghi nhé.")),
    learning.OrgUnitClosed: ErrorText(
        409, N_("Đơn vị này đang ngừng"), N_("Mở lại đơn vị ấy trước, rồi làm tiếp nhé.")
    ),
    learning.InvalidCourseFile: ErrorText(
        400,
        N_("Tên hay chữ của tệp chưa dùng được"),
        N_("Trong khóa chỉ có course.md, hieu.md, lam.md, dung.md và hình."),
    ),
    learning.CourseFileChanged: ErrorText(
        409, N_("Có người vừa lưu bản khác"), N_("Chưa có gì thay đổi. Mở lại trang để xem bản mới, rồi làm tiếp nhé.")
    ),
    learning.ReviewerIsAuthor: ErrorText(
        403, N_("Cần một người khác xem"), N_("Bác đã viết một phần của bản này. Nhờ người khác duyệt giúp nhé.")
    ),
    learning.RevisionNotReviewed: ErrorText(
        409, N_("Chưa có người thứ hai duyệt"), N_("Gửi xem trước, có người duyệt rồi mới đăng.")
    ),
    learning.NothingToPublish: ErrorText(
        409, N_("Không có gì mới để đăng"), N_("Các tệp này đang đăng đúng như vậy rồi.")
    ),
    learning.CourseFilesFaulty: ErrorText(
        422, N_("Khóa học còn lỗi"), N_("Sửa các lỗi mà bộ kiểm tra báo, rồi đăng lại.")
    ),
    learning.RemovedFromClass: ErrorText(
        403,
        N_("Máy này đang ở ngoài lớp"),
        N_("Bác nhờ người đứng lớp cho vào lại nhé."),
        N_("Máy này đang ở ngoài lớp. Bác nhờ người đứng lớp cho vào lại nhé."),
    ),
    learning.EmptyAnswer: ErrorText(
        422, N_("Câu này còn chờ bác trả lời"), N_("Bác chọn hoặc gõ đủ câu trả lời, rồi chạm nút ở dưới nhé.")
    ),
    learning.OptionSubmittedTwice: ErrorText(
        422,
        N_("Có mục đang đứng ở hơn một ô"),
        N_("Mỗi mục chỉ đứng một chỗ. Bác chọn lại, rồi chạm nút ở dưới nhé."),
        N_("Có mục đang đứng ở hơn một ô. Mỗi mục chỉ đứng một chỗ: bác chọn lại nhé."),
    ),
    learning.AnswersLocked: ErrorText(
        409,
        N_("Câu hỏi này đang khóa"),
        N_("Lớp chưa mở hoặc đã khóa câu này. Bác nhìn lên màn chiếu nhé."),
        N_("Câu trả lời vừa rồi tới khi lớp đã khóa câu ấy, nên chưa được tính. Bác theo tiếp ở đây nhé."),
    ),
    learning.ClassMovedToOtherLesson: ErrorText(
        409,
        N_("Lớp đã sang bài khác"),
        N_("Những gì bác đã làm ở bài trước vẫn còn. Bác chạm “Về lớp” để học tiếp nhé."),
        N_("Lớp đã sang bài khác. Bác tải lại trang để học tiếp nhé."),
    ),
    learning.InvalidCommand: ErrorText(
        422, N_("Lớp chưa làm được việc đó"), N_("Bài có thể vừa được sửa. Mở lại trang rồi làm lại nhé.")
    ),
    learning.SeatTaken: ErrorText(
        409, N_("Chỗ này chưa nhận được"), N_("Bác xem lại số của mình, hoặc nhờ người đứng lớp nhé.")
    ),
    learning.UnknownPairingCode: ErrorText(
        404, N_("Chưa thấy màn chiếu nào có bốn số này"), N_("Nhìn lại màn chiếu rồi gõ lần nữa nhé.")
    ),
    learning.RateLimited: ErrorText(
        429,
        N_("Máy này gửi nhiều quá"),
        N_("Bác nghỉ một phút rồi làm tiếp nhé."),
        N_("Máy này gửi nhiều quá. Bác nghỉ một phút rồi làm tiếp nhé."),
    ),
    learning.BadgeForgotten: status_text(410),
    learning.NotFound: _with_script_sentence(404, N_("Không thấy bài này. Bác về trang đầu rồi mở lại nhé.")),
    learning.LessonMerged: ErrorText(
        409,
        N_("Bài này đã gộp vào bài khác"),
        N_("Những gì bác đã làm ở bài cũ vẫn còn. Bác mở lại trang để học tiếp ở bài mới nhé."),
        N_("Bài này đã gộp vào bài khác. Bác tải lại trang để học tiếp nhé. Những gì đã làm vẫn còn."),
    ),
    learning.LearnerForgotten: _with_script_sentence(
        410, N_("Trang đã quên bác như bác yêu cầu. Bác tải lại trang để bắt đầu mới nhé.")
    ),
    learning.BadgeNotEarned: status_text(409),
    learning.BadgeWithdrawn: status_text(409),
    learning.InvalidEvents: _with_script_sentence(422, _UNREADABLE),
    learning.TooLarge: _with_script_sentence(413, N_("Bài gửi lên dài quá. Bác tải lại trang rồi làm tiếp nhé.")),
    UnknownOption: _with_script_sentence(422, N_("Bài vừa được sửa. Bác tải lại trang rồi trả lời lại nhé.")),
    WriterBusy: status_text(503),
    TimeoutError: status_text(503),  # the writer did not answer in time
}


def error_text(error: BaseException) -> ErrorText:
    """The text for an exception, by the nearest class in the table.

    Without one: 503 for an outage or a busy database, else 500.
    """
    for kind in type(error).__mro__:
        if kind in _BY_ERROR:
            return _BY_ERROR[kind]
    if outage := find_outage(error):
        return _BY_OUTAGE[outage]
    return status_text(503 if is_retryable(error) else 500)
