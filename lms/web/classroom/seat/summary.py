"""The end of a class on a learner's phone: what was done in each stage, and what its mark still needs."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from lms.content.model import Lesson, Stage
from lms.learning.classroom.lifecycle.opening import can_reopen
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.class_lessons import find_left_lessons, seats_in_lesson
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import Seat, find_seat_of_learner
from lms.learning.progress.lesson_progress import LessonProgress, lesson_progress
from lms.web import clock, learning_code_card
from lms.web.classroom.blueprint import bp
from lms.web.classroom.follow_up_lines import follow_up_lines
from lms.web.classroom.seat.routes import course_and_lesson, stream_url
from lms.web.current_learner import current_learner, current_learner_id
from lms.web.database import session
from lms.web.next_steps import next_after_class
from lms.web.page_cache import no_store_page
from lms.web.request_context import library

REFRESH_SECONDS = 30  # without JavaScript, while the class can be reopened
LESSON_PARAMETER = "bai"  # of a page that reloads itself until the class goes on with another lesson
AWAIT_PARAMETER = "cho"  # in the address of the page that reloads: a class that was reopened is shown instead
EARNED_TEXT = "bác đã có dấu"


@dataclass(frozen=True, slots=True)
class StageSummary:
    """One stage. ``sentence`` continues after the stage's name."""

    stage: Stage
    earned: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class LessonSummary:
    """A lesson that the class was taught before the present one."""

    name: str
    href: str
    stages: tuple[StageSummary, ...]
    badge_id: str | None


def stage_summaries(lesson: Lesson, progress: LessonProgress, seat: Seat) -> tuple[StageSummary, ...]:
    """Summaries of the lesson's stages, in order."""
    sentences = {
        Stage.UNDERSTAND: _understand_sentence(progress),
        Stage.PRACTICE: _practice_sentence(seat),
        Stage.USE: _use_sentence(lesson, progress),
    }
    return tuple(
        StageSummary(stage, stage in progress.earned, EARNED_TEXT if stage in progress.earned else sentences[stage])
        for stage in lesson.stages
    )


def _understand_sentence(progress: LessonProgress) -> str:
    state = progress.understand
    if not state.total:
        return "bác đã xem cùng lớp."
    if not state.right:
        return f"trả lời đúng {state.needed} câu là có dấu."
    missing = max(state.needed - state.right, 1)
    return f"bác đã đúng {state.right} câu. Đúng thêm {missing} câu là có dấu."


def _practice_sentence(seat: Seat) -> str:
    if not seat.done:
        return "bác tự làm tới đích một lượt là có dấu."
    return "bác đã tập tới đích. Tự làm thêm một lượt là có dấu."


def _use_sentence(lesson: Lesson, progress: LessonProgress) -> str:
    tasks = {task.id for task in lesson.use.tasks} if lesson.use else set()
    done = tasks & progress.ticked.keys()
    left = len(tasks) - len(done)
    if not done:
        return f"làm đủ {left} việc trên máy thật là có dấu."
    all_attested = all(progress.ticked[task].witness is not None for task in done)
    text = f"bác đã làm {len(done)} việc" + (", người đứng lớp đã thấy" if all_attested else "")
    return f"{text}. Còn {left} việc nữa là có dấu." if left else f"{text}."


def _earlier_lessons(class_session: ClassSession, seat: Seat, learner_id: str | None) -> tuple[LessonSummary, ...]:
    """The other lessons of the evening, with what their marks still need."""
    summaries: list[LessonSummary] = []
    for class_lesson in find_left_lessons(session(), class_session):
        lesson = library().lesson_or_merged_into(class_lesson.course, class_lesson.lesson)
        seats = seats_in_lesson(session(), class_lesson, [seat])
        if lesson is None or not seats:  # removed from the site, or the learner came later
            continue
        progress = lesson_progress(session(), learner_id, lesson)
        summaries.append(
            LessonSummary(
                lesson.name, f"/{lesson.course}/{lesson.slug}", stage_summaries(lesson, progress, seats[0]),
                progress.badge_id,
            )
        )  # fmt: skip
    return tuple(summaries)


@bp.get("/lop/<code>/ket")
def show_class_summary(code: str) -> ResponseReturnValue:
    """Show the learner's marks, learning code and next activity."""
    class_session = queries.find_class_session_by_code(session(), code)
    course, lesson = course_and_lesson(class_session)
    learner_id = current_learner_id()
    went_on = LESSON_PARAMETER in request.args and request.args[LESSON_PARAMETER] != str(class_session.lesson_number)
    seat = find_seat_of_learner(session(), class_session.id, learner_id)
    if seat is None or went_on or (AWAIT_PARAMETER in request.args and not class_session.is_closed):
        return redirect(f"/lop/{code}", 303)
    progress = lesson_progress(session(), learner_id, lesson)
    learner = current_learner()
    return no_store_page(
        render_template(
            "classroom/seat/summary.html",
            code=code,
            class_session=class_session,
            lesson=lesson,
            seat=seat,
            stages=stage_summaries(lesson, progress, seat),
            earlier=_earlier_lessons(class_session, seat, learner_id),
            reload_url=f"/lop/{code}/ket?"
            + (AWAIT_PARAMETER if class_session.is_closed else f"{LESSON_PARAMETER}={class_session.lesson_number}"),
            badge_id=progress.badge_id,
            next_step=next_after_class(course, lesson, progress),
            offers_use=Stage.USE not in progress.earned | {progress.next_stage} and lesson.use is not None,
            stream=stream_url(seat) if not class_session.is_closed or can_reopen(class_session, clock.now()) else "",
            refresh_seconds=REFRESH_SECONDS,
            follow_up=follow_up_lines(class_session),
            card=learning_code_card.code_card(learner) if learner else None,
        )
    )
