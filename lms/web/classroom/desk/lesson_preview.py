"""Route of /dung-lop/bai/<course>/<lesson>: a whole lesson for the facilitator to read before class, on two sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import Response, abort, render_template
from markupsafe import Markup

from lms.content.model import Choice, Lesson, Poll, Practice, Question
from lms.content.practice.compiling import generate_random_data
from lms.learning.accounts import permissions
from lms.learning.accounts.account import Account
from lms.learning.accounts.permissions import PermissionTarget
from lms.learning.classroom.session.steps import Step, StepKind, lesson_steps
from lms.web.accounts.signed_in import require_account
from lms.web.classroom.blueprint import bp
from lms.web.classroom.desk.actions import DemoPath
from lms.web.classroom.desk.preview import StepPreview, correct_answer, preview_step
from lms.web.classroom.lesson_summary_lines import (
    ANSWER_CARDS_URL,
    about_line,
    minutes_line,
    paper_links,
    things_to_bring,
)
from lms.web.classroom.question_display import options_of
from lms.web.lesson_language import in_page_language, lesson_in_page_language
from lms.web.page_cache import no_store_page
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.demo_walkthrough import DEMO, DEMO_SEED, demo_steps
from lms.web.request_context import course_or_404, is_preview, library
from lms.web.urls import practice_url


@dataclass(frozen=True, slots=True)
class AnswerExplanation:
    """An option, whether it is right, and what a learner who picks it is told."""

    letter: str
    text: Markup
    right: bool
    feedback: Markup


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A slide or question as the wall shows it, and what only the facilitator sees."""

    preview: StepPreview
    notes: tuple[Markup, ...]  # only at the first step of a section
    options: tuple[AnswerExplanation, ...] = ()
    answer: tuple[Markup, ...] = ()


@dataclass(frozen=True, slots=True)
class PracticeScreen:
    """A screen on the expected path, and what to do there."""

    title: Markup
    instructions: tuple[Markup, ...]


@bp.get(ANSWER_CARDS_URL)
def print_answer_cards() -> Response:
    """Four letters on one A4, for people without a phone to raise."""
    account = require_account()
    permissions.require_permission(account, "steer_class", PermissionTarget(account.ward))
    return no_store_page(render_template("classroom/desk/answer_cards.html", account=account, letters="ABCD"))


@bp.get("/dung-lop/bai/<course_slug>/<lesson_slug>")
def show_lesson_preview(course_slug: str, lesson_slug: str) -> Response:
    """Show a lesson with its right answers, so only to an account that may steer a class."""
    account = require_account()
    permissions.require_permission(account, "steer_class", PermissionTarget(account.ward))
    lesson = library().lesson_or_merged_into(course_slug, lesson_slug) or abort(404)
    return no_store_page(render_lesson_preview(account, lesson))


def render_lesson_preview(account: Account, lesson: Lesson) -> str:
    """The page in the account's language, and in it the original, which most of the room sees."""
    practice, named = lesson.practice, lesson_in_page_language(lesson)
    return render_template(
        "classroom/desk/lesson_preview.html",
        account=account,
        may_open=not is_preview() and permissions.is_permitted(account, "open_class", PermissionTarget(account.ward)),
        course=in_page_language(course_or_404(lesson.course)),
        lesson=lesson,
        name=named.name,
        minutes=minutes_line(lesson),
        about=about_line(named),
        bring=things_to_bring(named),
        steps=tuple(planned_steps(lesson)),
        practice=practice,
        screens=practice_screens(practice) if practice else (),
        demo_url=f"{practice_url(lesson, '')}?che-do={DEMO}" if practice else "",
        papers=paper_links(lesson),
        use=lesson.use,
        open_url=f"/dung-lop?bai={lesson.course}/{lesson.slug}#mo-lop",
    )


def planned_steps(lesson: Lesson) -> Iterator[PlannedStep]:
    """The slides and questions in order."""
    steps, previous_section = lesson_steps(lesson), ""
    for index, step in enumerate(steps):
        if step.kind not in (StepKind.SLIDE, StepKind.QUESTION):
            continue
        preview = _filled(lesson, step, preview_step(lesson, steps, index, DemoPath()))
        question = preview.question
        yield PlannedStep(
            replace(preview, options=()),
            preview.notes if step.section != previous_section else (),
            _explanations(question) if question is not None else (),
            correct_answer(question) if not isinstance(question, Choice) else (),
        )
        previous_section = step.section


def practice_screens(practice: Practice) -> tuple[PracticeScreen, ...]:
    """The screens on the expected path, with the data of every demonstration."""
    screens: list[PracticeScreen] = []
    for step in demo_steps(practice, generate_random_data(practice, DEMO_SEED)):
        if step.title or not screens:
            screens.append(PracticeScreen(step.title, (step.text,)))
        else:
            screens[-1] = replace(screens[-1], instructions=(*screens[-1].instructions, step.text))
    return tuple(screens)


def _filled(lesson: Lesson, step: Step, preview: StepPreview) -> StepPreview:
    """Fill the drawn data into what is said beside an inline screen."""
    if step.kind != StepKind.SLIDE or lesson.practice is None:
        return preview
    filler = DataFiller(generate_random_data(lesson.practice, DEMO_SEED))
    return replace(preview, parts=tuple(filler.html(part) for part in preview.parts))


def _explanations(question: Question) -> tuple[AnswerExplanation, ...]:
    if not isinstance(question, Choice | Poll):
        return ()
    by_key = {option.key: option for option in question.options}
    return tuple(
        AnswerExplanation(
            shown.letter,
            Markup(shown.text),  # noqa: S704  (sanitised when the course was read)
            by_key[shown.key].right,
            Markup(by_key[shown.key].feedback or ""),  # noqa: S704
        )
        for shown in options_of(question)
    )
