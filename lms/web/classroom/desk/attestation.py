"""/dung-lop/<class>/chung-kien: whom the facilitator saw do it on the real phone.

Which tasks can be seen in this room she says first, in the open; then it is one tap a seat.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request

from lms.learning.classroom.session.queries import Seat, find_seats
from lms.learning.classroom.tasks.attestation import STAYS_OPEN, last_seen, seen_of_learners, take_back, witness
from lms.learning.errors import AlreadyAwarded, ClassClosed, NotFound, PutOut
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import Refused, Room, steered
from lms.web.classroom.desk.pages import Bar
from lms.web.database import session
from lms.web.page_cache import private

NO_BOX = "Chọn ít nhất một việc thấy được tại lớp."
STALE = "Bài vừa được sửa, hoặc chỗ ấy không còn trong lớp. Xem lại rồi chạm lần nữa."
AWARDED = "Người ấy đã nhận huy hiệu, nên dấu này không bỏ được nữa."


@dataclass(frozen=True, slots=True)
class Watched:
    """One seat. ``who``: the name that was given, or how many people sit there. ``adds``: of the chosen tasks some were
    not seen of her yet; ``tasks``: how many were, of all."""

    number: int
    picture: str
    slug: str
    who: str
    seen: bool
    adds: bool
    tasks: int


@bp.get("/dung-lop/<class_id>/chung-kien")
def look_at_witnessed(class_id: str) -> Response:
    """``viec``: the tasks she has chosen; without them those she saw last. ``chon``: choose, or choose anew."""
    room = _room(class_id)
    chosen = _on_page(room, request.args.getlist("viec") or last_seen(session(), room.found))
    if "xong" in request.args and not request.args.getlist("viec"):
        return private(_choose(room, set(), problem=NO_BOX), status=422)
    if "chon" in request.args or not chosen:
        return private(_choose(room, chosen))
    return private(_page(room, chosen))


@bp.post("/dung-lop/<class_id>/chung-kien")
def keep_witnessed(class_id: str) -> Response:
    """``cho``: the seat that was seen doing the tasks ``viec``; ``thoi``: the seat where that was a mistake."""
    room = _room(class_id)
    use, now, by = room.lesson.use, clock.now(), room.account.id
    seen = set(request.form.getlist("viec"))
    chosen = _on_page(room, seen)
    number = _number(request.form.get("cho") or request.form.get("thoi"))
    try:
        if "thoi" in request.form:
            take_back(session(), class_id, number, account_id=by, use=use, now=now)
        elif not seen:
            return private(_choose(room, set(), problem=NO_BOX), status=422)
        else:
            witness(session(), class_id, number, account_id=by, use=use, task_ids=seen, now=now)
    except ClassClosed as error:
        raise _over(room) from error
    except AlreadyAwarded:
        return private(_page(room, chosen, problem=AWARDED), status=409)
    except (NotFound, PutOut):
        show = _page if chosen == seen and chosen else _choose
        return private(show(room, chosen, problem=STALE), status=409)
    return redirect(f"{_address(room, chosen)}#cho-{number}", 303)


def _room(class_id: str) -> Room:
    room = steered(class_id)
    if room.lesson.use is None or not room.lesson.use.tasks:
        raise Refused(409, "Bài này không có phần Dùng liền", "Không có việc làm trên máy thật.", room.base, "Về lớp")
    if room.found.closed_at is not None and room.found.closed_at + STAYS_OPEN <= clock.now():
        raise _over(room)
    return room


def may_witness(room: Room) -> bool:
    """Whether the lesson has something to see, and it is not too late."""
    closed_at = room.found.closed_at
    is_late = closed_at is not None and closed_at + STAYS_OPEN <= clock.now()
    return room.lesson.use is not None and bool(room.lesson.use.tasks) and not is_late


def _over(room: Room) -> Refused:
    return Refused(
        409, "Lớp đã đóng lâu rồi", "Ghi “Đã thấy” được đến 12 giờ sau khi đóng lớp.", room.base, "Xem lớp đã đóng"
    )


def _on_page(room: Room, task_ids: Collection[str]) -> set[str]:
    return {task.id for task in room.lesson.use.tasks if task.id in task_ids}


def _address(room: Room, chosen: Collection[str], **more: str) -> str:
    """The page with these tasks chosen, in the lesson's order."""
    fields = [("viec", task.id) for task in room.lesson.use.tasks if task.id in chosen] + list(more.items())
    return f"{room.base}/chung-kien{'?' if fields else ''}{urlencode(fields)}"


def _choose(room: Room, chosen: Collection[str], *, problem: str = "") -> str:
    present = [seat for seat in find_seats(session(), room.found.id) if not seat.out]
    return render_template(
        "classroom/desk_witness_tasks.html",
        account=room.account,
        bar=Bar(room.found.code, sum(not seat.added for seat in present)),
        base=room.base,
        problem=problem,
        tasks=[(task, task.id in chosen) for task in room.lesson.use.tasks],
    )


def _page(room: Room, chosen: Collection[str], *, problem: str = "") -> str:
    present = [seat for seat in find_seats(session(), room.found.id) if not seat.out]
    seen_of = seen_of_learners(session(), room.found)
    watched = tuple(_watched(seat, seen_of.get(seat.learner_id, frozenset()), chosen) for seat in present)
    return render_template(
        "classroom/desk_witness.html",
        account=room.account,
        bar=Bar(room.found.code, sum(not seat.added for seat in present)),
        base=room.base,
        problem=problem,
        tasks=[task for task in room.lesson.use.tasks if task.id in chosen],
        choose_again=_address(room, chosen, chon="1"),
        seats=watched,
        seen=sum(one.seen for one in watched),
        adds=any(one.adds for one in watched),
    )


def _watched(seat: Seat, seen_of_her: Collection[str], chosen: Collection[str]) -> Watched:
    seen = seat.witnessed_at is not None
    people = f"{seat.people} người" if seat.people > 1 else ""
    who = seat.name or ("Không có máy" if seat.added else "")
    return Watched(
        seat.number,
        seat.picture.name,
        seat.picture.slug,
        ", ".join(part for part in (who, people) if part),
        seen,
        # Of people without a phone nothing is kept but that they were seen.
        seen and seat.learner_id is not None and not set(chosen) <= set(seen_of_her),
        len(seen_of_her),
    )


def _number(text: str | None) -> int:
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
