"""Where what goes wrong meets HTTP: a status, and one kind Vietnamese sentence that says what to do."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

# status: (title, sentence)
SENTENCES = {
    400: ("Máy chưa đọc được điều bác gửi", "Bác quay lại trang trước rồi thử lần nữa nhé."),
    403: ("Trang này không nhận việc vừa rồi", "Việc đó được gửi từ một trang khác. Bác mở lại trang này rồi làm lần nữa nhé."),
    404: ("Không có trang này", "Địa chỉ có thể đã đổi, hoặc bác gõ thiếu một chữ. Bác về trang đầu để tìm bài nhé."),
    405: ("Trang này không làm được việc đó", "Bác về trang đầu rồi đi lại từ đó nhé."),
    408: ("Mạng chậm quá, chưa nhận đủ", "Chưa có gì bị mất. Bác thử lại nhé."),
    409: ("Bài vừa được sửa", "Bài này mới đổi trong lúc bác đang học. Bác mở lại bài rồi trả lời tiếp nhé."),
    410: ("Trang này đã được xóa", "Người chủ đã nhờ chúng tôi quên hết, nên ở đây không còn gì."),
    413: ("Gửi nhiều quá", "Trang này chỉ nhận tệp nhỏ. Bác chọn tệp khác nhé."),
    422: ("Máy chưa hiểu câu trả lời", "Bác quay lại, chọn hoặc gõ lại rồi gửi lần nữa nhé."),
    429: ("Nhiều lần quá", "Bác nghỉ một phút rồi thử lại nhé."),
    500: ("Máy chủ bị vấp", "Lỗi này của chúng tôi, không phải của bác. Bác đợi một lát rồi thử lại nhé."),
}


def install(app: Flask, rollback) -> None:
    """Answer errors of all kinds; ``rollback`` undoes what the request had begun to keep."""

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        rollback()
        if error.response is not None:
            return error.response
        return answer(error.code or 500, headers=dict(error.get_headers()).get("Allow"))

    @app.errorhandler(Exception)
    def stumble(error: Exception) -> Response:
        rollback()
        current_app.logger.exception("unexpected error", exc_info=error)
        return answer(500)


def answer(status: int, *, headers: str | None = None) -> Response:
    title, sentence = SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    if wants_json():
        response = jsonify(error=sentence)
    else:
        response = make_response(render_template("error.html", title=title, sentence=sentence))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if headers:
        response.headers["Allow"] = headers
    return response


def wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html") == "application/json"
