"""The end of a class on a learner's phone: what was done in each stage, and what its mark still needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from lms.content.model import Lesson, Stage
from lms.learning.classroom.lifecycle.opening import can_reopen
from lms.learning.classroom.session import queries
from lms.learning.classroom.session.class_lessons import ClassLesson, find_left_lessons, seats_in_lesson
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.progress.lesson_progress import LessonProgress, lesson_progress
from lms.lru_cache import LruCache
from lms.message_catalog import mark_for_translation
from lms.web import clock, learning_code_card
from lms.web.classroom.blueprint import bp
from lms.web.classroom.follow_up_lines import follow_up_lines
from lms.web.classroom.seat.page import course_and_lesson, stream_url
from lms.web.current_learner import current_learner, current_learner_id
from lms.web.database import session
from lms.web.language import page_language, translate, translate_number
from lms.web.next_steps import next_after_class
from lms.web.page_cache import no_store_page, shared_page
from lms.web.request_context import library

REFRESH_SECONDS = 30  # without JavaScript, while the class can be reopened
LESSON_PARAMETER = "bai"  # of a page that reloads itself until the class goes on with another lesson
AWAIT_PARAMETER = "cho"  # in the address of the page that reloads: a class that was reopened is shown instead
EARNED_TEXT = mark_for_translation("bác đã có dấu")
_lessons: LruCache[tuple[str, int], tuple[ClassLesson, ...]] = LruCache(200)  # by a class and its version


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
        StageSummary(
            stage, stage in progress.earned, translate(EARNED_TEXT) if stage in progress.earned else sentences[stage]
        )
        for stage in lesson.stages
    )


def _understand_sentence(progress: LessonProgress) -> str:
    state = progress.understand
    if not state.total:
        return translate("bác đã xem cùng lớp.")
    if not state.right:
        return translate("trả lời đúng {needed} câu là có dấu.").format(needed=state.needed)
    missing = max(state.needed - state.right, 1)
    return translate("bác đã đúng {right} câu. Đúng thêm {missing} câu là có dấu.").format(
        right=state.right, missing=missing
    )


def _practice_sentence(seat: Seat) -> str:
    if not seat.done:
        return translate("bác tự làm tới đích một lượt là có dấu.")
    return translate("bác đã tập tới đích. Tự làm thêm một lượt là có dấu.")


def _use_sentence(lesson: Lesson, progress: LessonProgress) -> str:
    tasks = {task.id for task in lesson.use.tasks} if lesson.use else set()
    done = tasks & progress.ticked.keys()
    left = len(tasks) - len(done)
    if not done:
        return translate_number(
            "làm đủ {left} việc trên máy thật là có dấu.", "làm đủ {left} việc trên máy thật là có dấu.", left
        ).format(left=left)
    all_attested = all(progress.ticked[task].witness is not None for task in done)
    if all_attested:
        whole = translate("bác đã làm {done} việc, người đứng lớp đã thấy.")
        part = translate("bác đã làm {done} việc, người đứng lớp đã thấy. Còn {left} việc nữa là có dấu.")
    else:
        whole = translate("bác đã làm {done} việc.")
        part = translate("bác đã làm {done} việc. Còn {left} việc nữa là có dấu.")
    return (part if left else whole).format(done=len(done), left=left)


def _earlier_lessons(class_session: ClassSession, seat: Seat, learner_id: str | None) -> tuple[LessonSummary, ...]:
    """The other lessons of the evening, with what their marks still need."""
    summaries: list[LessonSummary] = []
    for class_lesson in _left_lessons(class_session):
        edition = library().edition_or_merged_into(class_lesson)
        seats = seats_in_lesson(session(), class_lesson, [seat])
        if edition is None or not seats:  # removed from the site, or the learner came later
            continue
        lesson = edition[1]
        progress = lesson_progress(session(), learner_id, lesson)
        summaries.append(
            LessonSummary(
                lesson.in_language(page_language()).name,
                f"/{lesson.course}/{lesson.slug}",
                stage_summaries(lesson, progress, seats[0]),
                progress.badge_id,
            )
        )
    return tuple(summaries)


def _left_lessons(class_session: ClassSession) -> tuple[ClassLesson, ...]:
    key = (class_session.id, class_session.version)
    lessons = _lessons.get(key)
    if lessons is None:
        lessons = find_left_lessons(session(), class_session)
        _lessons.put(key, lessons)
    return lessons


@bp.get("/lop/<code>/ket")
def show_class_summary(code: str) -> ResponseReturnValue:
    """Show the learner's marks, learning code and next activity."""
    learner_id = current_learner_id()
    class_session, seat = queries.find_class_session_and_own_seat(session(), code, learner_id)
    course, lesson = course_and_lesson(class_session)
    went_on = LESSON_PARAMETER in request.args and request.args[LESSON_PARAMETER] != str(class_session.lesson_number)
    if seat is None or went_on or (AWAIT_PARAMETER in request.args and not class_session.is_closed):
        return redirect(f"/lop/{code}", 303)
    progress = lesson_progress(session(), learner_id, lesson)
    stages, earlier = stage_summaries(lesson, progress, seat), _earlier_lessons(class_session, seat, learner_id)
    next_step = next_after_class(course, lesson, progress)
    offers_use = Stage.USE not in progress.earned | {progress.next_stage} and lesson.use is not None
    follows = not class_session.is_closed or can_reopen(class_session, clock.now())
    follow_up = follow_up_lines(class_session)
    learner = current_learner()
    card = learning_code_card.code_card(learner) if learner else None

    def render() -> str:
        return render_template(
            "classroom/seat/summary.html",
            is_closed=class_session.is_closed,
            follows=follows,
            lesson=lesson.in_language(page_language()),
            stages=stages,
            earlier=earlier,
            has_badge=progress.badge_id is not None,
            next_label=next_step.label,
            offers_use=offers_use,
            refresh_seconds=REFRESH_SECONDS,
            follow_up=follow_up,
            card=learning_code_card.code_card_with_slots() if card else None,
        )

    # All phones of a hall open it within seconds: those with the same marks share a page.
    key = (
        class_session.is_closed,
        follows,
        stages,
        tuple((replace(each, badge_id=None), each.badge_id is not None) for each in earlier),
        progress.badge_id is not None,
        next_step.label,
        offers_use,
        follow_up,
        learning_code_card.is_in_app_browser() if card else None,
    )
    page = shared_page(("class summary", lesson.course, lesson.slug, lesson.digest, *key), render)
    slots = _personal_summary_fragments(class_session, seat, next_step.href, progress.badge_id, earlier)
    return no_store_page(page.render(slots | (learning_code_card.code_card_slots(card) if card else {})))


def _personal_summary_fragments(
    class_session: ClassSession, seat: Seat, next_href: str, badge_id: str | None, earlier: Sequence[LessonSummary]
) -> dict[str, str]:
    code, number = class_session.code, class_session.lesson_number
    reload_parameter = AWAIT_PARAMETER if class_session.is_closed else f"{LESSON_PARAMETER}={number}"
    badges = {f"badge-{place}": each.badge_id or "" for place, each in enumerate(earlier, 1)}
    return badges | {
        "code": escape(code),
        "read-code": escape(f"{code[:3]}\u00a0{code[3:]}"),
        "lesson-number": escape(number),
        "number": escape(seat.number),
        "called": escape(translate(seat.emblem.name)),
        "stream": escape(stream_url(seat)),
        "reload": escape(f"/lop/{code}/ket?{reload_parameter}"),
        "next": escape(next_href),
        "badge": escape(badge_id or ""),
    }
