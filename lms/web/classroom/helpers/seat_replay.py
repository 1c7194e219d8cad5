"""Going through what was done at a seat, together with whoever sits there: her ended goes, while the class lasts."""

from __future__ import annotations

from flask import Response, request

from lms.learning.practice import attempts
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import Refused
from lms.web.classroom.helpers.routes import helping_in, seat_in
from lms.web.database import session
from lms.web.practice.replay import Looking, look_back_on, replay_page


@bp.get("/dung-lop/<class_id>/cho/<int:number>/xem-lai")
def look_back_at(class_id: str, number: int) -> Response:
    """``luot`` is the go, from 1 in the order in which they ended; else the last. Of goes elsewhere nothing is seen.

    A seat that was given to another phone shows the goes of that phone alone.
    """
    helping = helping_in(class_id)
    seat = seat_in(helping, number)
    at = f"{helping.room.base}/cho/{number}"
    ended = attempts.ended_at_seat(session(), seat.learner_id, class_id, number) if seat.learner_id else ()
    if not ended:
        raise Refused(404, "Chưa có lượt nào để xem lại", "Máy này chưa tập xong lượt nào.", at, f"Về số {number}")
    which = _which(request.args.get("luot", ""), len(ended))
    looking = Looking(
        address=f"{at}/xem-lai?luot={which}&",
        back=at,
        back_words=f"Về số {number}",
        whose=f"Số {number} – {seat.picture.name}, lượt {which} trong {len(ended)}",
        account=helping.account,
        earlier=f"{at}/xem-lai?luot={which - 1}" if which > 1 else "",
    )
    return replay_page(look_back_on(ended[which - 1], seat.learner_id), looking)


def _which(asked: str, total: int) -> int:
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else total
    return min(max(wanted, 1), total)
