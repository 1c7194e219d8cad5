"""Render the desk: its main page, and that of all steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template
from markupsafe import Markup

from lms.learning.classroom.access.projectors import PairedProjectors
from lms.learning.classroom.display import snapshots
from lms.learning.classroom.session.state import ClassState
from lms.learning.classroom.session.steps import step_question_id
from lms.learning.classroom.session.stream_tokens import StreamToken, sign_stream_token
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.class_break import break_end_time
from lms.web.classroom.class_context import FacilitatorContext
from lms.web.classroom.class_header import class_header
from lms.web.classroom.desk.actions import DemoPath, DeskAction, desk_actions
from lms.web.classroom.desk.address_note import HallAddressNote, address_note
from lms.web.classroom.desk.closing_tasks import ClosingTask, closing_tasks
from lms.web.classroom.desk.practice_screen import StuckScreen, stuck_screen
from lms.web.classroom.desk.preview import (
    StepPreview,
    correct_answer,
    demo_path,
    preview_step,
    step_labels,
)
from lms.web.classroom.desk.projector_note import ProjectorNote, projector_note
from lms.web.classroom.desk.room_actions import (
    CLOSE_DOOR,
    END_BREAK,
    OPEN_DOOR,
    PAUSE,
    REMOVE_WAIT_SCREEN,
    RESUME,
    break_actions,
    phones_action,
)
from lms.web.classroom.desk.stage_navigation import jump_note, stage_buttons
from lms.web.classroom.desk.step_list import step_list
from lms.web.classroom.question_display import ROUND_NAMES
from lms.web.classroom.wall.screen_row import ScreenThumb, practice_board
from lms.web.database import session
from lms.web.language import translate
from lms.web.request_context import hall_address, library, settings
from lms.web.urls import site_host

# Reload intervals without JavaScript. The join step reloads less often, because a pairing code may be typed there.
REFRESH_SECONDS, REFRESH_SECONDS_WHILE_JOINING = 10, 30
PHASE_LABELS = {
    "read": mark_for_translation("Câu hỏi đang hiện, chưa nhận câu trả lời"),
    "open": mark_for_translation("Đang nhận câu trả lời"),
    "locked": mark_for_translation("Đã khóa, đáp án còn giấu"),
    "shown": mark_for_translation("Đáp án đang hiện"),
}
OPTIONS_HIDDEN_LABEL = mark_for_translation("Mới hiện câu hỏi. Mở rồi cả phòng mới thấy các câu để chọn")
ITEMS_HIDDEN_LABEL = mark_for_translation("Mới hiện câu hỏi. Mở rồi cả phòng mới thấy các mục")
POLL_PHASE_LABELS = PHASE_LABELS | {
    "locked": mark_for_translation("Đã khóa, kết quả còn giấu"),
    "shown": mark_for_translation("Kết quả đang hiện"),
}  # no answer is right
JOIN_FLOOD_WARNINGS = {
    "": "",
    "new": mark_for_translation("Có nhiều ghế mới mà chưa ai làm gì. Nếu lạ, hãy khép cửa."),
    "full": mark_for_translation(
        "Lớp đã đủ chỗ. Máy mới vẫn vào được: ghế chưa ai làm gì thì nhường chỗ. Nếu lạ, hãy khép cửa."
    ),
    "shut": mark_for_translation(
        "Trong lớp còn nhiều ghế chưa ai làm gì. Dọn đi thì máy nào còn mở trang tự về chỗ cũ."
    ),
}
MESSAGES = {
    "bai-khac": mark_for_translation("Lớp đã sang bài này. Các máy tự theo, mã lớp và số của bà con giữ nguyên."),
    "ghep": mark_for_translation("Máy chiếu đã nối."),
    "tay": mark_for_translation("Đã ghi số tay."),
    "dong-y": mark_for_translation("Máy ấy đã vào lại số cũ."),
    "mo-lai": mark_for_translation("Lớp đã mở lại, đúng bước đang học. Các máy tự về trong vòng một phút."),
    "khong": mark_for_translation("Đã từ chối. Máy ấy vào lớp với số mới được."),
}


@dataclass(frozen=True, slots=True)
class DeskView:
    """What the desk shows. The script re-renders the page when the stream's ``render_key`` differs from this one."""

    id: str
    base_url: str
    step: str
    shown_place: str  # changes with whatever the room sees, and not with numbers
    render_key: str
    join_address: str
    wall_address: str
    message: str
    address_key: str
    address_note: HallAddressNote | None
    projectors: PairedProjectors
    projector_note: ProjectorNote | None
    phase: str
    phase_label: str
    answer_count: int
    paused: bool
    open_door: DeskAction | None  # None while the door is open
    flood_warning: str  # about suspicious new seats; "" for none
    close_door: DeskAction
    wait_screen: str  # title of the screen where everybody waits; "" for none
    mirrored_on_phones: bool
    phones_action: DeskAction | None  # shows on phones what the wall shows, or takes that back
    claims: tuple[Mapping[str, Any], ...]
    stuck: StuckScreen | None
    shows_single_screen: bool  # the wall demonstrates one screen
    screens: tuple[ScreenThumb, ...]
    screen_positions: Mapping[str, str]  # screen id -> id of the row that counts it
    practising: int
    done: int
    help_count: int
    pending_hands: int  # raised, and nobody on the way
    lost_count: int  # phones that cannot follow the present step
    can_pause: bool
    break_until: int | None  # seconds since 1970; None without a break
    break_end: str  # "19:40"; "" without a break
    breaks: tuple[DeskAction, ...]  # which can be begun
    in_last_minute: bool  # the question says that its end is near
    is_steered_by_others: bool  # another account too has steered in the last minutes
    correct_answer: tuple[Markup, ...]
    closing_tasks: tuple[ClosingTask, ...]  # at the last step


def render_desk(context: FacilitatorContext, *, message: str = "", pairing_problem: str = "") -> str:
    """Render the desk. ``pairing_problem``: why a projector's digits were not taken, in the page's language."""
    snapshot = snapshots.find_desk_snapshot(session(), context.class_session.id, library(), clock.now())
    state, step = context.class_session.state, context.steps[context.step_index]
    practice = context.lesson.practice
    path = demo_path(practice)
    tally = snapshot["tally"] if state.phase in ("locked", "shown") else None
    current = preview_step(
        context.lesson,
        context.steps,
        context.step_index,
        path,
        demo_step=state.demo_step,
        single_screen=state.demo_screen,
        tally=tally,
        is_shown=state.phase == "shown",
    )
    next_preview = _next_preview(context, path)
    is_poll = current.question is not None and current.question.kind == "poll"
    resume_actions = [
        *([END_BREAK] if break_end_time(context.class_session) else ()),
        *([RESUME] if state.paused else ()),
        *([REMOVE_WAIT_SCREEN] if practice and practice.screen(state.wait_screen or "") else ()),
    ]
    labels = step_labels(context.lesson, context.steps)
    actions = desk_actions(
        context.steps,
        state,
        path,
        step_labels=labels,
        close_url=f"{context.base_url}/dong",
        is_poll=is_poll,
        in_last_minute=state.is_in_last_minute(clock.now()),
        resume_actions=resume_actions,
    )
    return render_template(
        "classroom/desk/desk.html",
        account=context.account,
        class_header=class_header(context.class_session, snapshot["machines"]),
        stream_url=stream_url(context),
        refresh_seconds=0
        if pairing_problem
        else REFRESH_SECONDS_WHILE_JOINING
        if step.kind == "join"
        else REFRESH_SECONDS,
        pairing_problem=pairing_problem,
        lesson=context.lesson,
        desk=_desk_view(context, snapshot, path, message, correct_answer(current.question)),
        preview=current,
        stages=stage_buttons(context),
        jump_note=jump_note(context, labels),
        step_list=step_list(context),
        pause_action=PAUSE,
        next_preview=next_preview,
        actions=replace(actions, urgent=(*actions.urgent, *_urgent_links(context))),
    )


def _urgent_links(context: FacilitatorContext) -> tuple[DeskAction, ...]:
    """Links of the present step to pages that are needed at once."""
    kind, state = context.steps[context.step_index].kind, context.class_session.state
    if kind == "question" and state.phase in ("open", "locked"):
        return (DeskAction(translate("Đếm tay"), href=f"{context.base_url}/dem-tay", icon="raised"),)
    if kind == "end":
        more = DeskAction(translate("Học tiếp bài khác"), href=f"{context.base_url}/bai-khac", icon="next")
        follow_up = DeskAction(translate("Buổi sau, việc ở nhà"), href=f"{context.base_url}/buoi-sau", icon="pen")
        # A rehearsal has no checklist, whose first line leads there.
        return (more, follow_up) if context.class_session.is_rehearsal else (more,)
    if kind == "use":
        return (DeskAction(translate("Đã thấy ai làm"), href=f"{context.base_url}/chung-kien", icon="tick"),)
    return ()


def render_step_list(context: FacilitatorContext) -> str:
    """Render the page of all steps with the plan of their minutes."""
    snapshot = snapshots.find_desk_snapshot(session(), context.class_session.id, library(), clock.now())
    return render_template(
        "classroom/desk/step_list.html",
        account=context.account,
        class_header=class_header(context.class_session, snapshot["machines"]),
        stream_url=stream_url(context),
        base_url=context.base_url,
        step_list=step_list(context),
    )


def _next_preview(context: FacilitatorContext, path: DemoPath) -> StepPreview | None:
    """The preview of what "Tiếp" leads to, if it is a slide, a question or a demo step."""
    index, demo = context.step_index, context.class_session.state.demo_step
    if context.steps[index].kind == "demo" and demo + 1 < len(path.instructions):
        next_step = preview_step(context.lesson, context.steps, index, path, demo_step=demo + 1)
        return replace(next_step, title=next_step.position, notes=())
    upcoming = preview_step(context.lesson, context.steps, index + 1, path) if index + 1 < len(context.steps) else None
    return upcoming if upcoming and upcoming.kind in ("slide", "question") else None


def stream_url(context: FacilitatorContext) -> str:
    """The URL of the class stream for this account's desk."""
    account = context.account
    ticket = StreamToken("desk", context.class_session.id, account.id, account.session_version)
    return f"/lop/dong?ve={sign_stream_token(settings().secret_key, ticket)}"


def render_key(snapshot: Mapping[str, Any]) -> str:
    """A key that changes when the page must be rendered again; class-desk.js computes the same key."""
    claims = "-".join(str(claim["seat"]) for claim in snapshot["claims"])
    return f"{snapshot['v']}/{claims}/{snapshot['stuck'] or ''}/{snapshot['crowd']}"


def _desk_view(
    context: FacilitatorContext, snapshot: Mapping[str, Any], path: DemoPath, message: str, answer: tuple[Markup, ...]
) -> DeskView:
    class_session, state, practice = context.class_session, context.class_session.state, context.lesson.practice
    kind = context.steps[context.step_index].kind
    screens: tuple[ScreenThumb, ...] = ()
    screen_positions: Mapping[str, str] = {}
    stuck = None
    if kind == "practice" and practice is not None:
        board = practice_board(practice, snapshot["screens"], snapshot["stuck"], state.wait_screen)
        screens, screen_positions = board.screens, board.row_screens
        stuck = stuck_screen(practice, snapshot, path) if not state.demo_screen else None
    wait_screen = practice.screen(state.wait_screen) if practice and state.wait_screen else None
    projectors = PairedProjectors(snapshot["walls"], snapshot["walls_away"])
    break_ends_at = break_end_time(class_session)
    return DeskView(
        id=class_session.id,
        base_url=context.base_url,
        step=state.step,
        shown_place=f"{state.step}/{state.phase}/{state.round}/{state.demo_screen or ''}/{state.demo_step}",
        render_key=render_key(snapshot),
        join_address=f"{site_host()}/lop",
        wall_address=f"{site_host()}/chieu",
        message=message,
        address_key=address.key if (address := hall_address()) else "",
        address_note=address_note(class_session, is_joining=kind == "join"),
        projectors=projectors,
        projector_note=projector_note(
            projectors, mirrored_on_phones=state.mirrored_on_phones, is_joining=kind == "join"
        ),
        phase=state.phase,
        phase_label=_phase_label(context),
        answer_count=(snapshot["answers"] or {}).get("given", 0),
        paused=state.paused,
        open_door=OPEN_DOOR if state.door_closed else None,
        flood_warning=_flood_warning(state, snapshot["crowd"]),
        close_door=CLOSE_DOOR,
        wait_screen=wait_screen.title if wait_screen else "",
        mirrored_on_phones=state.mirrored_on_phones,
        phones_action=phones_action(state, kind, projectors),
        claims=tuple(snapshot["claims"]),
        stuck=stuck if stuck and stuck.fields else None,
        shows_single_screen=state.demo_screen is not None,
        screens=screens,
        screen_positions=screen_positions,
        practising=sum(thumb.count for thumb in screens if practice and thumb.screen != practice.goal),
        done=sum(thumb.count for thumb in screens if practice and thumb.screen == practice.goal),
        lost_count=snapshot["lost"],
        pending_hands=sum(seat["reason"] == "hand" and not seat["helping"] for seat in snapshot["stuck_list"]),
        help_count=len(snapshot["stuck_list"]) + len(snapshot["claims"]),
        can_pause=kind not in ("join", "end") and not state.paused and not break_ends_at,
        break_until=state.break_until if break_ends_at else None,
        break_end=break_ends_at,
        breaks=break_actions() if kind not in ("join", "end") and not break_ends_at else (),
        in_last_minute=state.is_in_last_minute(clock.now()),
        is_steered_by_others=snapshot["steering"] > 1,
        correct_answer=answer,
        closing_tasks=closing_tasks(context) if kind == "end" and not class_session.is_rehearsal else (),
    )


def _flood_warning(state: ClassState, crowd: str) -> str:
    warning = JOIN_FLOOD_WARNINGS["shut" if state.door_closed and crowd else crowd]
    return translate(warning) if warning else ""


def _phase_label(context: FacilitatorContext) -> str:
    state, kind = context.class_session.state, context.steps[context.step_index].kind
    if kind == "question":
        round_suffix = f", {translate(ROUND_NAMES[state.round])}" if state.round > 1 else ""
        question = context.lesson.understand.question(step_question_id(state.step) or "")
        if question is not None and question.kind != "typed" and (state.phase, state.round) == ("read", 1):
            return translate(OPTIONS_HIDDEN_LABEL if question.kind in ("choice", "poll") else ITEMS_HIDDEN_LABEL)
        words = POLL_PHASE_LABELS if question is not None and question.kind == "poll" else PHASE_LABELS
        return translate(words[state.phase]) + round_suffix
    return ""
