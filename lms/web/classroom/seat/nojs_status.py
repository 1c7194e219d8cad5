"""Where the class is by now, in a small frame on the page of an open question where no script runs.

Such a page must not load again by itself: what is ticked and not sent yet would be gone. The frame does in its place,
and says what has changed; the page goes there when she taps. Where the network fails it the browser leaves its own
words in the frame, and nothing wakes it: therefore it is small, stands below the form, and the page keeps its button.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template, request
from markupsafe import escape

from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.session.queries import Class, Seat, find_seat_of
from lms.learning.classroom.session.steps import step_at, steps_of
from lms.learning.errors import UnknownCode
from lms.web.classroom.blueprint import bp
from lms.web.classroom.join.routes import number_in
from lms.web.classroom.seat.routes import part_of
from lms.web.current_learner import current_learner_id
from lms.web.database import session
from lms.web.page_cache import private, shared_page
from lms.web.request_context import library
from lms.web.security import let_our_pages_frame

SECONDS = 6
SECONDS_TO_READ = 20  # what is read or about to be tapped does not load again under her eyes


@dataclass(frozen=True, slots=True)
class News:
    """A sentence, and the words of the link to where the class is: none where her page is that place still, for there
    what she ticked would go, and nothing new come."""

    words: str
    link: str = ""
    calm: bool = False

    @property
    def seconds(self) -> int:
        return SECONDS_TO_READ if self.link else SECONDS


STILL = News("Lớp vẫn đang ở câu này.", calm=True)
PAUSED = News("Mời bác nghỉ tay, nhìn lên màn chiếu.")
RESUMED = News("Lớp làm tiếp rồi. Mời bác trả lời câu này.")
LOCKED = News("Câu này đã khóa. Mời bác nhìn lên màn chiếu.", "Xem bước mới")
ASKED_AGAIN = News("Câu này được hỏi thêm một lần nữa.", "Xem bước mới")
MOVED = News("Lớp đã sang bước mới.", "Xem bước mới")
OVER = News("Lớp đã kết thúc.", "Xem dấu và mã học")
OUT = News("Máy này đang ở ngoài lớp. Bác nhờ người đứng lớp cho vào lại.")
SWEPT = News("Bác gửi câu trả lời là vào lại lớp.", "Vào lại lớp")
NO_SEAT = News("Máy này chưa có chỗ trong lớp.", "Xem trang vào lớp")


@bp.get("/lop/<code>/dang-o")
def look_meanwhile(code: str) -> Response:
    """``buoc``, ``pha``, ``lan``, ``nghi``: the part, phase, round and pause that the page around the frame shows;
    ``truoc``: its number."""
    news, way = NO_SEAT, "/lop"
    try:
        klass = opening.find_class_by_code(session(), code)
        news = _news(klass, find_seat_of(session(), klass.id, current_learner_id()))
        way = f"/lop/{klass.code}?truoc={number_in(request.args.get('truoc'), 0)}"
    except UnknownCode:
        pass
    page = shared_page(("class meanwhile", news), lambda: render_template("classroom/seat/meanwhile.html", news=news))
    return let_our_pages_frame(private(page.filled({"way": escape(way)})))


def _news(klass: Class, seat: Seat | None) -> News:
    """What her own page would say now that the one around the frame does not. To nobody else it tells where the class
    is."""
    if seat is None:
        return NO_SEAT
    if klass.closed:
        return OVER
    if seat.swept_at is not None:
        return SWEPT
    if seat.out:
        return OUT
    state, asked = klass.state, request.args
    lesson = library().lesson(klass.course, klass.lesson)
    if lesson is None or part_of(klass, seat, step_at(steps_of(lesson), state.step)) != asked.get("buoc"):
        return MOVED
    if state.round != number_in(asked.get("lan"), 1):
        return ASKED_AGAIN
    if state.phase != asked.get("pha"):
        return LOCKED if state.phase in ("locked", "shown") else MOVED
    was_paused = "nghi" in asked
    if state.paused:
        return STILL if was_paused else PAUSED
    return RESUMED if was_paused else STILL
