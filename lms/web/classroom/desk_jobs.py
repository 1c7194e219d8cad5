"""What is needed once or twice in a class, on one page: the wall, helpers, counts, how the class practises, the end."""

from __future__ import annotations

from flask import render_template, request

from lms.learning.classroom import projectors, snapshots, sweeping
from lms.learning.classroom.records import Class
from lms.learning.classroom.seat_rows import MOST_SEATS
from lms.web import clock
from lms.web.access import library
from lms.web.classroom.desk_page import OPEN_DOOR, SHUT_DOOR, UNGATE, bar_of, pause_of
from lms.web.classroom.invitations import helping_phones
from lms.web.classroom.moves import NOTHING, Move
from lms.web.classroom.openings import MODE_WORDS
from lms.web.classroom.rooms import Room
from lms.web.database import session
from lms.web.keepsake import site_host

# Help for all while they follow: each her own, or the same for everybody. See learning/fading.py.
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


def jobs_page(room: Room, *, said: str = "", tone: str = "tip") -> str:
    found, state, practice = room.found, room.found.state, room.lesson.practice
    now = clock.now()
    snapshot = snapshots.find_desk(session(), found.id, library(), now)
    present = [seat for seat in snapshots.find_seats(session(), found.id) if not seat.out]
    gate = practice.screen(state.gate) if practice and state.gate else None
    return render_template(
        "classroom/desk_jobs.html",
        account=room.account,
        bar=bar_of(room, snapshot),
        base=room.base,
        said=said.format(_number(request.args.get("so", ""))),
        tone=tone,
        pause=pause_of(state),
        door=OPEN_DOOR if state.shut else SHUT_DOOR,
        is_shut=state.shut,
        is_full=len(present) >= MOST_SEATS,
        empty=sweeping.empty_seats(session(), found.id, now=now),
        swept=snapshot["swept"],
        projectors=projectors.projectors(session(), found.id),
        wall_address=f"{site_host()}/chieu",
        out=snapshot["out"],
        added=sum(seat.people for seat in present if seat.added),
        counted=_counted(found, snapshot["machines"], snapshot["people"]),
        head_count=found.head_count,
        practises=practice is not None,
        modes=_modes(state.mode),
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
