"""A class that was closed by mistake goes on, with one tap on the page that says it is over."""

from __future__ import annotations

from flask import Response, redirect

from lms.learning.classroom.lifecycle.reopening import REOPENS, reopen
from lms.learning.errors import ClassClosed
from lms.web import clock
from lms.web.classroom.audit import note
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import Refused, steered
from lms.web.database import session

MINUTES = int(REOPENS.total_seconds()) // 60


@bp.post("/dung-lop/<class_id>/mo-lai")
def open_again(class_id: str) -> Response:
    room = steered(class_id)
    try:
        done = reopen(session(), class_id, account_id=room.account.id, now=clock.now())
    except ClassClosed as error:
        sentence = f"Chỉ mở lại được trong {MINUTES} phút sau khi đóng. Dấu của bà con còn đó. Học tiếp thì mở lớp mới."
        raise Refused(409, "Lớp đóng đã lâu", sentence, room.base, "Xem lớp đã đóng") from error
    if done.changed:
        note(room.account, "class_reopened", done.klass)
    return redirect(f"{room.base}?da=mo-lai", 303)
