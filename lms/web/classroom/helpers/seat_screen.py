"""One seat from the outside: the screen that stands on her phone, drawn anew from her attempt, and what to do there.

What she typed is not in it: the drawing knows the practice and its drawn data only.
"""

from __future__ import annotations

from pathlib import Path

from flask import render_template
from markupsafe import Markup

from lms.content.links import Home
from lms.content.model import Practice
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.session.queries import Seat
from lms.learning.errors import NotFound
from lms.learning.practice import attempts
from lms.learning.practice.attempts import Attempt
from lms.web import clock
from lms.web.classroom.class_context import Room
from lms.web.classroom.desk.pages import Bar
from lms.web.classroom.helpers.help_list import people_of
from lms.web.classroom.wall.demo import Still
from lms.web.database import session
from lms.web.practice.colours import colours_address
from lms.web.practice.data_fill import Filler
from lms.web.practice.demo_walk import watched_steps
from lms.web.practice.feedback import pointing_words
from lms.web.practice.phone_icons import sheet
from lms.web.practice.screen_numbers import right_way
from lms.web.practice.views import Drawing
from lms.web.request_context import library

NOT_PRACTISING = "Máy này chưa vào bài tập. Bảo bà con chạm nút vào bài tập trên máy mình."
NO_PHONE = "Chỗ này không có máy. Người ở đây xem chung, trả lời bằng giơ tay."
ENDED = "Máy này đã tập xong."
CHANGED = "Bài tập vừa được sửa, nên không vẽ lại được màn trên máy ấy."


def seat_page(room: Room, seat: Seat, *, me: str, steers: bool, said: str) -> str:
    snapshot = snapshots.find_desk(session(), room.found.id, library(), clock.now())
    needs = [one for one in snapshot["stuck_list"] if one["seat"] == seat.number]
    [person] = people_of(needs, room.lesson.practice) or [None]
    attempt = _attempt(seat)
    view = _drawn(room, attempt) if attempt else {"screen": None, "nothing": NO_PHONE if seat.added else NOT_PRACTISING}
    return render_template(
        "classroom/helper_seat.html",
        account=room.account,
        bar=Bar(room.found.code, snapshot["machines"]),
        base=room.base,
        seat=seat,
        said=said,
        out=seat.out,
        why=_why(person),
        sign=person.sign if person else "",
        acts=_acts(seat, me, steers),
        looks_back=_has_ended_attempts(seat),
        **view,
    )


def _why(person) -> str:
    if person is None:
        return ""
    reason = f"{person.helping} đang giúp" if person.helping else person.reason
    return f"{reason}. {person.where}" if person.where else reason


def _acts(seat: Seat, me: str, steers: bool) -> list[tuple[str, str, str, bool]]:
    """What can be done, ``(viec, words, icon, is the main one)``."""
    if seat.out:
        return [("cho-vao", "Cho vào lại", "next", True)] if steers else []
    acts = []
    if seat.helping == me:
        acts += [("xong", "Xong rồi", "tick", True), ("thoi", "Thôi, để người khác", "", False)]
    else:
        acts.append(("toi-den", "Tôi đến" if not seat.helping else "Tôi đến thay", "hand", True))
    if steers and not seat.added:
        acts.append(("moi-ra", "Mời ra khỏi lớp", "cross", False))
    return acts


def _attempt(seat: Seat) -> Attempt | None:
    if seat.attempt_id is None or seat.learner_id is None:
        return None
    try:
        return attempts.find_attempt(session(), seat.learner_id, seat.attempt_id)
    except NotFound:  # she asked to be forgotten
        return None


def _has_ended_attempts(seat: Seat) -> bool:
    hers = seat.learner_id
    return hers is not None and bool(attempts.ended_at_seat(session(), hers, seat.class_id, seat.number))


def _drawn(room: Room, attempt: Attempt) -> dict:
    practice = room.lesson.practice_named(attempt.practice)
    if practice is None or practice.digest != attempt.content_digest:
        return {"screen": None, "nothing": CHANGED}
    drawing = Drawing(practice, "xem-mau", Home(Path(room.lesson.folder)).picture, attempt.data)
    screen = drawing.screen(attempt.state["screen"])
    return {
        "screen": screen,
        "now": Still(right_way(practice.screen(screen.id)), {}, {}),
        "nothing": "",
        "words": (ENDED,) if attempt.ended else _words(practice, attempt),
        "pictures": sheet(drawing.pictures()),
        "colours": colours_address(room.course),
    }


def _words(practice: Practice, attempt: Attempt) -> tuple[Markup, ...]:
    """What is to be done on her screen; off the way, how she finds back."""
    filler, here = Filler(attempt.data), practice.screen(attempt.state["screen"])
    words = tuple(step.words for step in watched_steps(practice, attempt.data) if step.screen == here.id)
    if words:
        return words
    lost = (filler.text(here.lost),) if here.lost else ()
    way = right_way(here)
    return (*lost, pointing_words(here.widgets[way], filler)) if way is not None else lost
