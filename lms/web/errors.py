"""Where what goes wrong meets HTTP: a status, and one kind Vietnamese sentence that says what to do."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, jsonify, make_response, redirect, render_template, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from lms.content.questions import UnknownOption
from lms.learning import errors as learning
from lms.learning.store.db_errors import is_retryable
from lms.learning.store.writer import WriterBusy
from lms.web import deadlock_retry
from lms.web.accounts.redirects import sign_in_address
from lms.web.accounts.signed_in import StaleForm
from lms.web.database import rollback

# status: (title, sentence)
SENTENCES = {
    400: ("Máy chưa đọc được điều bác gửi", "Bác quay lại trang trước rồi thử lần nữa nhé."),
    403: ("Trang này không nhận việc vừa rồi", "Việc đó được gửi từ một trang khác. Bác mở lại trang này rồi làm nhé."),
    404: ("Không có trang này", "Địa chỉ có thể đã đổi, hoặc gõ thiếu một chữ. Bác về trang đầu để tìm bài nhé."),
    405: ("Trang này không làm được việc đó", "Bác về trang đầu rồi đi lại từ đó nhé."),
    408: ("Mạng chậm quá, chưa nhận đủ", "Chưa có gì bị mất. Bác thử lại nhé."),
    409: ("Chưa ghi được điều vừa rồi", "Chỗ này vừa thay đổi. Bác mở lại trang rồi làm tiếp nhé."),
    410: ("Trang này đã được xóa", "Người học đã nhờ trang này quên hết, nên ở đây không còn gì."),
    413: ("Gửi nhiều quá", "Trang này chỉ nhận tệp nhỏ. Bác chọn tệp khác nhé."),
    415: ("Máy chưa đọc được điều bác gửi", "Bác quay lại trang trước rồi thử lần nữa nhé."),
    422: ("Máy chưa hiểu câu trả lời", "Bài có thể vừa được sửa. Bác mở lại bài rồi trả lời lần nữa nhé."),
    500: ("Máy chủ bị vấp", "Lỗi này của trang, không phải của bác. Bác đợi một lát rồi thử lại nhé."),
    503: ("Đang có nhiều người gửi cùng lúc", "Chưa có gì bị mất. Bác đợi vài giây rồi gửi lại nhé."),
}

# What cannot be said by its status alone: (status, title, sentence).
TOLD: dict[type[Exception], tuple[int, str, str]] = {
    StaleForm: (400, "Trang đã mở lâu quá", "Chưa có gì thay đổi. Mở lại trang rồi làm lại lần nữa nhé."),
    learning.NotSignedIn: (401, "Cần vào bằng tài khoản", "Quét phiếu vào, hoặc gõ mã trên phiếu, rồi làm tiếp."),
    learning.NotAllowed: (
        403,
        "Tài khoản này không làm được việc đó",
        "Việc này của người khác phụ trách. Cần làm thì hỏi người tổ chức của phường.",
    ),
    learning.Busy: (503, "Đang có nhiều người vào cùng lúc", "Đợi vài giây rồi làm lại lần nữa nhé."),
    learning.UnknownCode: (
        404,
        "Chưa thấy lớp nào có mã này",
        "Bác nhìn lại sáu chữ số trên màn chiếu rồi gõ lại nhé.",
    ),
    learning.ClassClosed: (410, "Lớp này đã kết thúc", "Những gì bác đã làm vẫn còn ở “Trang của tôi”."),
    learning.DoorShut: (409, "Cửa lớp đang khép", "Bác gọi người đứng lớp mở cửa giúp."),
    learning.ClassFull: (409, "Lớp đã đủ chỗ", "Bác báo người đứng lớp giúp nhé."),
    learning.NoSuchSeat: (409, "Lớp không có số ấy", "Bác xem lại số của mình, hoặc vào như người mới."),
    learning.NotSeated: (409, "Máy này chưa có chỗ trong lớp", "Bác gõ mã lớp rồi chạm “Vào lớp” trước nhé."),
    learning.InvalidName: (422, "Tên này dài quá", "Bác viết tên ngắn lại, hoặc để trống cũng được."),
    learning.PutOut: (403, "Máy này đang ở ngoài lớp", "Bác nhờ người đứng lớp cho vào lại nhé."),
    learning.NothingGiven: (
        422,
        "Câu này còn chờ bác trả lời",
        "Bác chọn hoặc gõ đủ câu trả lời, rồi chạm nút ở dưới nhé.",
    ),
    learning.ChosenTwice: (
        422,
        "Có mục đang đứng ở hơn một ô",
        "Mỗi mục chỉ đứng một chỗ. Bác chọn lại, rồi chạm nút ở dưới nhé.",
    ),
    learning.AnswersLocked: (
        409,
        "Câu hỏi này đang khóa",
        "Lớp chưa mở hoặc đã khóa câu này. Bác nhìn lên màn chiếu nhé.",
    ),
    learning.InvalidCommand: (
        422,
        "Lớp chưa làm được việc đó",
        "Bài có thể vừa được sửa. Mở lại trang rồi làm lại nhé.",
    ),
    learning.SeatTaken: (409, "Chỗ này chưa nhận được", "Bác xem lại số của mình, hoặc nhờ người đứng lớp nhé."),
    learning.UnknownPairing: (404, "Chưa thấy màn chiếu nào có bốn số này", "Nhìn lại màn chiếu rồi gõ lần nữa nhé."),
    learning.TooOften: (429, "Máy này gửi nhiều quá", "Bác nghỉ một phút rồi làm tiếp nhé."),
}

REFUSALS: dict[type[Exception], int] = {
    learning.BadgeForgotten: 410,  # before its parent NotFound
    learning.NotFound: 404,
    learning.LearnerForgotten: 410,
    learning.NotEarned: 409,
    learning.BadgeWithdrawn: 409,
    learning.InvalidEvents: 422,
    learning.TooLarge: 413,
    UnknownOption: 422,
    WriterBusy: 503,
    TimeoutError: 503,  # the writer did not answer in time
}


def install(app: Flask) -> None:
    """Answer errors of all kinds, after undoing what the request had begun to keep."""

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        rollback()
        stumbled_over = getattr(error, "original_exception", None)  # where the commit itself did
        deadlock_retry.note(stumbled_over)
        if is_retryable(stumbled_over):
            return _put_off(stumbled_over)
        if error.response is not None or (error.code or 500) < 400:
            return error.get_response()
        response = answer(error.code or 500)
        allowed = dict(error.get_headers()).get("Allow")
        if allowed:
            response.headers["Allow"] = allowed
        return response

    @app.errorhandler(Exception)
    def stumble(error: Exception) -> Response:
        rollback()
        deadlock_retry.note(error)
        if isinstance(error, learning.NotSignedIn) and not isinstance(error, StaleForm) and not wants_json():
            return redirect(sign_in_address(), 303)
        told = next((told for kind, told in TOLD.items() if isinstance(error, kind)), None)
        if told:
            return answer(told[0], told[1:])
        status = next((code for kind, code in REFUSALS.items() if isinstance(error, kind)), None)
        if status is None and is_retryable(error):
            return _put_off(error)
        if status is None:
            current_app.logger.exception("unexpected error")
        return answer(status or 500)


def _put_off(error: DBAPIError) -> Response:
    """Whoever runs the site reads of it: now and then it is nothing, again and again it is the store."""
    current_app.logger.warning("%s was put off: %s", request.endpoint, type(error.orig).__name__)
    return answer(503)


def answer(status: int, told: tuple[str, str] | None = None) -> Response:
    """A refusal as a page, or as ``{"error": sentence}`` for a script. ``told`` is (title, sentence)."""
    title, sentence = told or SENTENCES.get(status) or SENTENCES[400 if status < 500 else 500]
    if wants_json():
        response = jsonify(error=sentence)
    else:
        response = make_response(render_template("error.html", title=title, sentence=sentence, again=_page_before()))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _page_before() -> str:
    """The address of our own page that a refused form came from, to open it again; "" for none."""
    before = urlsplit(request.referrer or "")
    ours = request.method == "POST" and before.netloc == request.host and before.path.startswith("/")
    return before.path if ours and not before.path.startswith("//") else ""


def wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html") == "application/json"
