"""The desk as a page: what its template needs of a class, its lesson and the snapshot of this moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template
from markupsafe import Markup

from lms.content.model import Practice
from lms.learning.classroom.access import projectors
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.session.state import ClassState
from lms.learning.classroom.session.steps import question_of
from lms.learning.classroom.session.stream_tokens import Ticket, issue
from lms.web import clock
from lms.web.classroom.class_context import Room
from lms.web.classroom.desk.actions import NOTHING, Move, Walk, moves
from lms.web.classroom.desk.preview import Shown, answer_of, names_of, shown, walk_of
from lms.web.classroom.round_labels import ROUND_NAMES
from lms.web.classroom.wall.screen_row import Stand, homes_of, phones_board
from lms.web.database import session
from lms.web.learning_code_card import site_host
from lms.web.request_context import library, settings

AGAIN, AGAIN_AT_THE_DOOR = 10, 30  # seconds, where no script runs; at the door four digits are being typed
PHASE_WORDS = {
    "read": "Câu hỏi đang hiện, chưa nhận câu trả lời",
    "open": "Đang nhận câu trả lời",
    "locked": "Đã khóa, đáp án còn giấu",
    "shown": "Đáp án đang hiện",
}
UNSEEN_OPTIONS = "Mới hiện câu hỏi. Mở rồi cả phòng mới thấy các câu để chọn"
POLL_WORDS = PHASE_WORDS | {"locked": "Đã khóa, kết quả còn giấu", "shown": "Kết quả đang hiện"}  # nothing is right
PAUSE = Move("Mời nhìn lên", fields=(("paused", "true"),), picture="pause")
GO_ON = Move("Mở lại các máy", "Bà con làm tiếp trên máy mình", (("paused", "false"),), picture="next")
SHUT_DOOR = Move("Khép cửa", fields=(("shut", "true"),), picture="lock")
OPEN_DOOR = Move("Mở cửa", fields=(("shut", "false"),), picture="people")
UNGATE = Move("Thôi chờ", "Cả lớp qua màn ấy được", (("gate", NOTHING),), picture="next")
CROWD_WORDS = {
    "": "",
    "new": "Có nhiều ghế mới mà chưa ai làm gì. Nếu lạ, hãy khép cửa.",
    "full": "Lớp đã đủ chỗ. Máy mới vẫn vào được: ghế chưa ai làm gì thì nhường chỗ. Nếu lạ, hãy khép cửa.",
    "shut": "Trong lớp còn nhiều ghế chưa ai làm gì. Dọn đi thì máy nào còn mở trang tự về chỗ cũ.",
}
SAID = {
    "ghep": "Máy chiếu đã nối.",
    "tay": "Đã ghi số tay.",
    "dong-y": "Máy ấy đã vào lại số cũ.",
    "mo-lai": "Lớp đã mở lại, đúng bước đang học. Máy nào chưa tự về thì tải lại trang.",
    "khong": "Đã từ chối. Máy ấy vào lớp với số mới được.",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """What stands on top of every page of a class."""

    code: str
    machines: int


@dataclass(frozen=True, slots=True)
class StuckScreen:
    """The screen of the right way where most are stuck, and the command that shows it to all."""

    id: str
    title: str
    count: int  # how many of the list are stuck on it
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """``drawn`` is the key under which the page was drawn: another one from the stream means drawing anew."""

    id: str
    base: str
    step: str
    drawn: str
    join_address: str
    wall_address: str
    said: str
    on_wall: bool  # a projector shows this class; asked at the door only
    phase: str
    state_words: str
    given: int
    paused: bool
    open_door: Move | None  # while nobody new comes in
    crowd: str  # what to say of phones that nobody may hold, "" for nothing
    shut_door: Move
    gate: str  # the screen's title
    claims: tuple[Mapping[str, Any], ...]
    stuck: StuckScreen | None
    showing_one: bool  # a single screen is shown on the wall
    rows: tuple[Stand, ...]
    homes: Mapping[str, str]  # every screen's place in the rows
    practising: int
    done: int
    helps: int
    can_pause: bool
    can_count: bool
    answer: tuple[Markup, ...]


def desk_page(room: Room, *, said: str = "") -> str:
    snapshot = snapshots.find_desk(session(), room.found.id, library(), clock.now())
    state, here = room.found.state, room.steps[room.at]
    practice = room.lesson.practice
    walk = walk_of(practice)
    bars = snapshot["tally"] if state.phase in ("locked", "shown") else None
    now = shown(room.lesson, room.steps, room.at, walk, demo=state.demo, shows_one=state.demo_of, bars=bars)
    after = _after(room, walk)
    poll = now.question is not None and now.question.kind == "poll"
    opens = [*([GO_ON] if state.paused else ()), *([UNGATE] if practice and practice.screen(state.gate or "") else ())]
    return render_template(
        "classroom/desk.html",
        account=room.account,
        bar=bar_of(room, snapshot),
        live=stream_of(room),
        again=AGAIN_AT_THE_DOOR if here.kind == "join" else AGAIN,
        lesson=room.lesson,
        desk=_desk(room, snapshot, walk, said, answer_of(now.question)),
        shown=now,
        pause=PAUSE,
        after=after,
        moves=moves(
            room.steps,
            state,
            walk,
            names=names_of(room.lesson, room.steps),
            close=f"{room.base}/dong",
            poll=poll,
            opens=opens,
        ),
    )


def _after(room: Room, walk: Walk) -> Shown | None:
    """What comes next, where there is something to be told of it: of a demonstration its next step."""
    at, demo = room.at, room.found.state.demo
    if room.steps[at].kind == "demo" and demo + 1 < len(walk.words):
        step = shown(room.lesson, room.steps, at, walk, demo=demo + 1)
        return replace(step, title=step.place, notes=())
    after = shown(room.lesson, room.steps, at + 1, walk) if at + 1 < len(room.steps) else None
    return after if after and after.kind in ("slide", "question") else None


def stream_of(room: Room) -> str:
    """The address of the class's stream for this account's desk."""
    account = room.account
    ticket = Ticket("desk", room.found.id, account.id, account.session_version)
    return f"/lop/dong?ve={issue(settings().secret_key, ticket)}"


def bar_of(room: Room, snapshot: Mapping[str, Any]) -> Bar:
    return Bar(room.found.code, snapshot["machines"])


def drawn_key(snapshot: Mapping[str, Any]) -> str:
    """Changes when the page must be drawn anew; ``drawnKey`` in desk.js is its sister."""
    claims = "-".join(str(one["seat"]) for one in snapshot["claims"])
    return f"{snapshot['v']}/{claims}/{snapshot['stuck'] or ''}/{snapshot['crowd']}"


def stuck_screen(practice: Practice | None, snapshot: Mapping[str, Any], walk: Walk) -> StuckScreen | None:
    """The screen where most are stuck, by its place on the right way; None when none is, or it lies off the way."""
    homes = homes_of(practice) if practice and snapshot["stuck"] else {}
    home = homes.get(snapshot["stuck"])
    if home is None:
        return None
    screen = practice.screen(home)
    count = sum(homes.get(one["screen"]) == home for one in snapshot["stuck_list"])
    return StuckScreen(screen.id, screen.title, count, show_fields(screen.id, walk))


def show_fields(screen: str, walk: Walk) -> tuple[tuple[str, str], ...]:
    """The command that shows one screen to all, from its first step; () for one off the right way."""
    first, last = walk.span(screen)
    return (("demo_of", screen), ("demo", str(first))) if last >= first else ()


def pause_of(state: ClassState) -> Move:
    """The button that pauses, or ends the pause."""
    return GO_ON if state.paused else PAUSE


def _desk(room: Room, snapshot: Mapping[str, Any], walk: Walk, said: str, answer: tuple[Markup, ...]) -> Desk:
    found, state, practice = room.found, room.found.state, room.lesson.practice
    kind = room.steps[room.at].kind
    rows: tuple[Stand, ...] = ()
    homes: Mapping[str, str] = {}
    stuck = None
    if kind == "practice" and practice is not None:
        board = phones_board(practice, snapshot["screens"], snapshot["stuck"], state.gate)
        rows, homes = board.stands, board.homes
        stuck = stuck_screen(practice, snapshot, walk) if not state.demo_of else None
    gate = practice.screen(state.gate) if practice and state.gate else None
    return Desk(
        id=found.id,
        base=room.base,
        step=state.step,
        drawn=drawn_key(snapshot),
        join_address=f"{site_host()}/lop",
        wall_address=f"{site_host()}/chieu",
        said=said,
        on_wall=kind == "join" and bool(projectors.projectors(session(), found.id)),
        phase=state.phase,
        state_words=_state_words(room),
        given=(snapshot["answers"] or {}).get("given", 0),
        paused=state.paused,
        open_door=OPEN_DOOR if state.shut else None,
        crowd=CROWD_WORDS["shut" if state.shut and snapshot["crowd"] else snapshot["crowd"]],
        shut_door=SHUT_DOOR,
        gate=gate.title if gate else "",
        claims=tuple(snapshot["claims"]),
        stuck=stuck if stuck and stuck.fields else None,
        showing_one=state.demo_of is not None,
        rows=rows,
        homes=homes,
        practising=sum(row.count for row in rows if row.screen != practice.goal),
        done=sum(snapshot["done"].values()),
        helps=len(snapshot["stuck_list"]) + len(snapshot["claims"]),
        can_pause=kind not in ("join", "end") and not state.paused,
        can_count=kind == "question" and state.phase in ("open", "locked"),
        answer=answer,
    )


def _state_words(room: Room) -> str:
    state, kind = room.found.state, room.steps[room.at].kind
    if kind == "question":
        again = f", {ROUND_NAMES[state.round]}" if state.round > 1 else ""
        question = room.lesson.understand.question(question_of(state.step) or "")
        if question is not None and question.kind in ("choice", "poll") and (state.phase, state.round) == ("read", 1):
            return UNSEEN_OPTIONS
        words = POLL_WORDS if question is not None and question.kind == "poll" else PHASE_WORDS
        return words[state.phase] + again
    return ""
