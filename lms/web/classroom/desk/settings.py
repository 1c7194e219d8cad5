"""/dung-lop/<class>/viec: what is needed once or twice in a class: the wall, the door, seats, counts."""

from __future__ import annotations

from flask import Response, redirect, render_template, request

from lms.learning.classroom.access import projectors
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.lifecycle import opening
from lms.learning.classroom.lifecycle.opening import MOST_HEADS
from lms.learning.classroom.seats import idle_seat_removal, seats
from lms.learning.classroom.session.class_codes import PAIRING_LENGTH, read_digits
from lms.learning.classroom.session.queries import Class, find_seats
from lms.learning.classroom.session.seat_store import MOST_SEATS
from lms.learning.errors import ClassFull, UnknownPairing
from lms.web import clock
from lms.web.classroom.blueprint import bp
from lms.web.classroom.class_context import Refused, Room, said, steered, steered_open
from lms.web.classroom.desk.actions import NOTHING, Move
from lms.web.classroom.desk.class_index import MODE_WORDS
from lms.web.classroom.desk.closed_page import closed_page
from lms.web.classroom.desk.pages import OPEN_DOOR, SHUT_DOOR, UNGATE, bar_of, pause_of
from lms.web.classroom.helpers.invites import helping_phones
from lms.web.classroom.wall import routes
from lms.web.database import session
from lms.web.learning_code_card import site_host
from lms.web.page_cache import private
from lms.web.request_context import library

# Help for all while they follow: each her own, or the same for everybody. See learning/practice/guidance_level.py.
LEVEL_WORDS = (
    (None, "Tùy từng người"),
    (2, "Chỉ rõ chỗ chạm"),
    (1, "Chỉ nói bằng lời"),
    (0, "Chỉ nêu việc"),
)
SAID = {
    "cho": "Đã thêm chỗ số {}.",
    "so-nguoi": "Đã ghi số người trong phòng.",
    "thoi-chieu": "Máy chiếu ấy không còn hiện lớp này.",
    "di": "Người ấy không còn thấy lớp này.",
    "don": "Đã dọn {} chỗ. Máy nào còn mở trang thì tự về chỗ cũ.",
    "don-lai": "Đã cho {} chỗ vào lại.",
}
# Each is folded into one line; what was just used stays unfolded.
JOBS = ("khong-may", "cach-tap", "cua-lop", "ngoai-lop", "nguoi-phu", "man-chieu", "dem-nguoi")
DONE_AT = {
    "cho": "khong-may", "thoi-chieu": "man-chieu", "di": "nguoi-phu", "don": "cua-lop", "don-lai": "cua-lop",
    "cho-vao": "ngoai-lop",
}  # fmt: skip
NO_PROJECTOR = "Không có máy chiếu nào đang hiện bốn số ấy. Xem lại số trên màn chiếu rồi gõ lại."
NOT_FOUR = "Gõ đủ bốn chữ số đang hiện trên màn chiếu."
NOT_A_COUNT = f"Ghi một số từ 0 đến {MOST_HEADS} nhé."


@bp.get("/dung-lop/<class_id>/viec")
def look_at_jobs(class_id: str) -> Response:
    return private(jobs_page(steered_open(class_id), said=said(SAID)))


@bp.post("/dung-lop/<class_id>/chieu")
def show_on_wall(class_id: str) -> Response:
    """Let a projector show this class: the one with these four digits, or without digits this very browser."""
    room, now = steered_open(class_id), clock.now()
    if "so" not in request.form:
        _, secret = projectors.paired_here(session(), class_id, account_id=room.account.id, now=now)
        return routes.remember(redirect("/chieu", 303), secret)
    digits = request.form["so"]
    if read_digits(digits, PAIRING_LENGTH) is None:
        return private(jobs_page(room, problem=NOT_FOUR, opened="man-chieu"), status=422)
    try:
        projectors.pair(session(), class_id, digits, account_id=room.account.id, now=now)
    except UnknownPairing:
        return private(jobs_page(room, problem=NO_PROJECTOR, opened="man-chieu"), status=404)
    return redirect(f"{room.base}?da=ghep", 303)


@bp.post("/dung-lop/<class_id>/chieu/thoi")
def take_off_wall(class_id: str) -> Response:
    room = steered(class_id)
    if any(one.id == request.form.get("may") for one in projectors.projectors(session(), class_id)):
        projectors.unpair(session(), class_id, request.form["may"], account_id=room.account.id)
    return redirect(f"{room.base}/viec?da=thoi-chieu" if not room.found.closed else room.base, 303)


@bp.post("/dung-lop/<class_id>/them-cho")
def add_seat(class_id: str) -> Response:
    """A seat for people without a phone."""
    room = steered_open(class_id)
    people = count_in(request.form.get("nguoi"), 4) or 1
    try:
        seat = seats.add_seat(session(), class_id, account_id=room.account.id, people=people, now=clock.now())
    except ClassFull as error:
        raise Refused(409, "Lớp đã đầy", "Lớp này không thêm chỗ được nữa.", room.base, "Về điều khiển") from error
    return redirect(f"{room.base}/viec?da=cho&so={seat.number}", 303)


@bp.post("/dung-lop/<class_id>/don-ghe")
def sweep_seats(class_id: str) -> Response:
    """Clear away seats that never did anything, with ``ten`` those with a name, too; with ``lai`` let all in again."""
    room, now = steered_open(class_id), clock.now()
    is_undo = "lai" in request.form
    if is_undo:
        count = idle_seat_removal.unsweep(session(), class_id, account_id=room.account.id, now=now)
    else:
        named = "ten" in request.form
        count = idle_seat_removal.sweep(session(), class_id, account_id=room.account.id, now=now, named=named)
    return redirect(f"{room.base}/viec?da={'don-lai' if is_undo else 'don'}&so={count}", 303)


@bp.post("/dung-lop/<class_id>/so-nguoi")
def count_heads(class_id: str) -> Response:
    room = steered(class_id)
    typed = request.form.get("nguoi", "").strip()
    heads = count_in(typed, MOST_HEADS)
    if heads is None and room.found.closed:
        return private(closed_page(room, problem=NOT_A_COUNT, typed=typed[:20]), status=422)
    if heads is None:
        return private(jobs_page(room, problem=NOT_A_COUNT, opened="dem-nguoi"), status=422)
    opening.set_head_count(session(), class_id, heads, account_id=room.account.id)
    return redirect(f"{room.base}/viec?da=so-nguoi" if not room.found.closed else room.base, 303)


def jobs_address(room: Room, opened: str) -> str:
    """The page with one of its jobs unfolded, to which it scrolls."""
    return f"{room.base}/viec?mo={opened}#{opened}" if opened in JOBS else f"{room.base}/viec"


def jobs_page(room: Room, *, said: str = "", problem: str = "", opened: str = "") -> str:
    """``opened``: the job that is unfolded because of its form; else the address says it, or what was done."""
    found, state, practice = room.found, room.found.state, room.lesson.practice
    now = clock.now()
    snapshot = snapshots.find_desk(session(), found.id, library(), now)
    present = [seat for seat in find_seats(session(), found.id) if not seat.out]
    gate = practice.screen(state.gate) if practice and state.gate else None
    is_full = len(present) >= MOST_SEATS
    opened = opened or request.args.get("mo") or DONE_AT.get(request.args.get("da", ""), "")
    return render_template(
        "classroom/desk_jobs.html",
        account=room.account,
        bar=bar_of(room, snapshot),
        base=room.base,
        said=problem or said.format(_number(request.args.get("so", ""))),
        tone="careful" if problem else "tip",
        opened={opened} | ({"cua-lop"} if is_full or snapshot["crowd"] else set()),
        pause=pause_of(state),
        door=OPEN_DOOR if state.shut else SHUT_DOOR,
        is_shut=state.shut,
        is_full=is_full,
        empty=idle_seat_removal.empty_seats(session(), found, now=now),
        named=idle_seat_removal.named_seats(session(), found),
        swept=snapshot["swept"],
        projectors=projectors.projectors(session(), found.id),
        wall_address=f"{site_host()}/chieu",
        out=snapshot["out"],
        added=sum(seat.people for seat in present if seat.added),
        counted=_counted(found, snapshot["machines"], snapshot["people"]),
        head_count=found.head_count,
        practises=practice is not None,
        modes=_modes(state.mode),
        mode=MODE_WORDS[state.mode].partition(":")[0],
        levels=_levels(state.level),
        follows=state.mode == "lam-theo",
        gate=gate.title if gate else "",
        ungate=UNGATE,
        wifi=state.wifi is not None,
        helpers=helping_phones(found.id),
    )


def _modes(mode: str) -> tuple[tuple[Move, bool], ...]:
    return tuple(
        (Move(words.partition(":")[0], words.partition(": ")[2], (("mode", value),)), value == mode)
        for value, words in MODE_WORDS.items()
    )


def _levels(level: int | None) -> tuple[tuple[Move, bool], ...]:
    return tuple(
        (Move(words, fields=(("level", NOTHING if value is None else str(value)),)), value == level)
        for value, words in LEVEL_WORDS
    )


def _counted(found: Class, machines: int, people: int) -> str:
    said = f"{machines} máy, {people} người theo các máy và chỗ đã thêm."
    return said if found.head_count is None else f"{said} Đã đếm được {found.head_count} người."


def _number(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 3 else ""


def count_in(text: str | None, most: int) -> int | None:
    """A number from 0 to ``most`` in what was typed; None when it is none."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= most else None
