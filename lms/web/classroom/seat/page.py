"""The page of a seat, /lop/<code> on a learner's phone: what it shows, and when it reloads without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import Response, abort, render_template, request
from markupsafe import escape

from lms.assets import load_assets
from lms.content.model import Course, Lesson, Question
from lms.learning.classroom.questions import class_answers
from lms.learning.classroom.session.queries import ClassSession
from lms.learning.classroom.session.seat_store import Seat
from lms.learning.classroom.session.steps import Step, find_step, lesson_steps, step_question_id
from lms.learning.classroom.session.stream_tokens import sign_stream_token
from lms.message_catalog import mark_for_translation
from lms.web import clock
from lms.web.class_break import break_end_time
from lms.web.classroom.question_display import ROUND_NAMES
from lms.web.classroom.seat.projected import projected_page, wall_key
from lms.web.classroom.seat.questions import correct_answer_html, question_cards
from lms.web.database import session
from lms.web.language import page_language, translate
from lms.web.page_cache import no_store_page, shared_page, uncached_page
from lms.web.question_view import DUPLICATE_CHOICE, PRIVATE_NUMBER, question_views, with_error
from lms.web.request_context import library, settings

SHARED_PHONE = mark_for_translation("Máy này có {} người: bác bàn nhau rồi trả lời chung.")
SEND_LABEL = mark_for_translation("Gửi câu trả lời")
PREVIOUS_ANSWER_KEPT = mark_for_translation("Câu trả lời trước của bác vẫn còn.")
SECONDS_TO_READ = 20
REFRESH_SECONDS = 6


class SeatPart(StrEnum):
    """Parts of the seat page that are no step; their values are in the page's markup."""

    LOOK_AT_WALL = "cho"
    END = "ket"
    REMOVED = "ra"


@dataclass(frozen=True, slots=True)
class SeatView:
    """What the page of a seat without an answer shows. Phones with the same view share one cached page."""

    part: str  # a SeatPart, or the key of a step that needs the phone
    phase: str
    round: int
    paused: bool
    break_end: str  # the time of day at which a break ends; "" without one
    in_last_minute: bool
    mirrored_on_phones: bool
    has_wall_page: bool  # the wall shows something that can be read on the phone
    unfolds: bool  # it is asked for in the address, where it stays unfolded without JavaScript
    projected_key: str  # which page of the wall is unfolded; "" for none
    asks_pace: bool
    is_lost: bool
    practised: bool
    attested: bool
    hand_raised: bool
    just_joined: bool
    is_rehearsal: bool
    refresh_seconds: int | None


def render_seat(
    class_session: ClassSession,
    seat: Seat,
    course: Course,
    lesson: Lesson,
    *,
    rejected: Sequence[str] | None = None,
    is_private: bool = False,
    too_late: str = "",
) -> Response:
    """Render the seat. ``rejected`` is an incomplete answer just sent, ``too_late`` a message about a late one.

    ``is_private``: it was rejected because it looks like a number of the learner's own.
    """
    state, step = class_session.state, find_step(lesson_steps(lesson), class_session.state.step)
    question_id = step_question_id(step.key) or ""
    shown = lesson.in_language(page_language())  # the steps and answers are those of the original
    question = shown.understand.question(question_id) if question_id else None
    given = (
        class_answers.find_class_answer(session(), class_session.id, seat.number, question_id, state.round)
        if question
        else None
    )
    problem = ""
    if question and is_private:
        problem, given = translate(PRIVATE_NUMBER), None
    elif question and rejected is not None:
        problem = with_error(
            question_views(shown.understand)[question.id], question, rejected, translate(SEND_LABEL)
        ).error
        problem = f"{problem} {translate(PREVIOUS_ANSWER_KEPT)}" if given else problem
        given = None
    is_changing = "doi" in request.args
    is_answering = given is None or is_changing
    view = _seat_view(class_session, seat, lesson, step, is_answering=is_answering, has_message=bool(too_late))
    projected = projected_page(course, lesson, state) if view.projected_key else None

    def render() -> str:
        return render_template(
            "classroom/seat/seat.html",
            view=view,
            lesson=shown,
            round_names={number: translate(name) for number, name in ROUND_NAMES.items()},
            projected=projected.plain.decode() if projected else "",
            questions=question_cards(shown, question_id, given or rejected or ()),
            answered=given is not None,
            is_changing=is_changing,
            problem=problem,
            too_late=too_late,
            send_label=translate(SEND_LABEL),
            private_number=translate(PRIVATE_NUMBER),
            duplicate_message=translate(DUPLICATE_CHOICE),
            correct_answer=_own_correct_answer(class_session, seat, shown, question, given or ()),
            helper_name=seat.helper_name,
        )

    is_own = given is not None or rejected is not None or bool(too_late) or bool(seat.helper_name)
    key = ("class", course.slug, lesson.slug, lesson.digest, view)
    page = uncached_page(render) if is_own else shared_page(key, render)
    return no_store_page(
        page.render(_personal_seat_fragments(class_session, seat)), status=422 if problem else 409 if too_late else 200
    )


def _seat_view(
    class_session: ClassSession, seat: Seat, lesson: Lesson, step: Step, *, is_answering: bool, has_message: bool
) -> SeatView:
    """``is_answering``: an open question would show its form. ``has_message``: there is something to read first."""
    state, part = class_session.state, visible_part(class_session, seat, step)
    key, unfolds = wall_key(lesson, state), "xem" in request.args
    projected_key = key if part == SeatPart.LOOK_AT_WALL and (unfolds or state.mirrored_on_phones) else ""
    # There is no form while the seat is removed.
    refresh = refresh_interval(step, state.phase, is_form=part == step.key and is_answering)
    if refresh and (has_message or projected_key):
        refresh = max(refresh, SECONDS_TO_READ)
    return SeatView(
        part=part,
        phase=state.phase,
        round=state.round,
        paused=state.paused,
        break_end=break_end_time(class_session),
        in_last_minute=state.is_in_last_minute(clock.now()) and not class_session.is_closed,
        mirrored_on_phones=state.mirrored_on_phones,
        has_wall_page=bool(key),
        unfolds=unfolds,
        projected_key=projected_key,
        asks_pace=step.kind in ("slide", "demo"),
        is_lost=seat.lost_at_step == step.key,
        practised=seat.has_finished(state.mode),
        attested=seat.attested_at is not None,
        hand_raised=seat.hand_raised_at is not None,
        just_joined="moi" in request.args,
        is_rehearsal=class_session.is_rehearsal,
        refresh_seconds=refresh,
    )


def _own_correct_answer(
    class_session: ClassSession, seat: Seat, lesson: Lesson, question: Question | None, given: Sequence[str]
) -> str:
    """The correct answer with what is to be said of the learner's own; "" until the class has seen it."""
    if question is None or class_session.state.phase != "shown":
        return ""
    is_right = bool(given) and is_right_at_seat(class_session, seat, question)
    return correct_answer_html(question, given, is_right=is_right, language=lesson.understand.language)


def is_right_at_seat(class_session: ClassSession, seat: Seat, question: Question) -> bool:
    """Whether the answer of this seat in the question's present round is right. A poll has no right one."""
    round_ = class_session.state.question_state(question.id).round
    return question.kind != "poll" and class_answers.is_answered_right(
        session(), class_session.id, seat.number, question.id, round_
    )


def _personal_seat_fragments(class_session: ClassSession, seat: Seat) -> dict[str, str]:
    code = class_session.code
    return {
        "code": escape(code),
        "read-code": escape(f"{code[:3]}\u00a0{code[3:]}"),
        "lesson-number": escape(class_session.lesson_number),
        "step": escape(class_session.state.step),  # slides share a page
        "number": escape(seat.number),
        "called": escape(translate(seat.emblem.name)),
        "picture": escape(load_assets().url(f"pictures/seats/{seat.emblem.slug}.svg")),
        "stream": escape(stream_url(seat)),
        "together": _shared_phone(seat),
    }


def _shared_phone(seat: Seat) -> str:
    if seat.people <= 1:
        return ""
    text = translate(SHARED_PHONE).format(seat.people)
    return f'<p class="class-question__shared-phone">{text}</p>'


def stream_url(seat: Seat) -> str:
    """The URL of the class stream for this seat."""
    return f"/lop/dong?ve={sign_stream_token(settings().secret_key, seat.stream_token)}"


def visible_part(class_session: ClassSession, seat: Seat, step: Step) -> str:
    """The visible part of the seat page: a ``SeatPart``, or the key of a step that needs the phone."""
    if seat.removed:
        return SeatPart.REMOVED
    if class_session.is_closed or step.kind == "end":
        return SeatPart.END
    return step.key if step.kind in ("question", "practice", "use") else SeatPart.LOOK_AT_WALL


def refresh_interval(step: Step, phase: str, *, is_form: bool) -> int | None:
    """The reload interval without JavaScript; None while the learner fills in a form.

    A reload would lose what is ticked or typed but not sent. Such a page has a link to the current step instead, and an
    answer that comes too late leads there with a message.
    """
    if step.kind == "question" and phase == "open" and is_form:
        return None
    return SECONDS_TO_READ if step.kind in ("use", "end") else REFRESH_SECONDS


def course_and_lesson(class_session: ClassSession) -> tuple[Course, Lesson]:
    """The course, and the lesson as it was when the class began with it; or 404."""
    return library().edition_or_merged_into(class_session) or abort(404)
