"""The steps of a class on one page: which are done, where the class is, and the minutes that a plan gives them."""

from __future__ import annotations

from dataclasses import dataclass

from lms.learning.classroom.session.state import PLAN_LENGTHS
from lms.learning.classroom.session.steps import StepKind
from lms.learning.classroom.session.time_plan import TimePlan, plan_class
from lms.message_catalog import mark_for_translation
from lms.web.classroom.class_context import FacilitatorContext
from lms.web.classroom.desk.actions import NULL, DeskAction
from lms.web.classroom.desk.preview import step_labels
from lms.web.language import translate, translate_number

SHORTENED = {
    StepKind.USE: mark_for_translation("Dùng liền chỉ làm việc đầu, việc sau để về nhà"),
    StepKind.PRACTICE: mark_for_translation("Cả lớp tập một lượt"),
    StepKind.DEMO: mark_for_translation("Làm mẫu chỉ những màn khó"),
    StepKind.SLIDE: mark_for_translation("Trang nào cũng nói gọn, trang không ghi phút thì lướt qua"),
}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step in the list. ``minutes`` is None without a plan."""

    label: str
    fields: tuple[tuple[str, str], ...]
    is_current: bool
    is_done: bool
    minutes: int | None
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class StepList:
    """``cuts``: sentences about what the plan shortens first; ``lengths``: buttons that choose a plan, and whether it
    is the present one."""

    lines: tuple[StepLine, ...]
    cuts: tuple[str, ...]
    lengths: tuple[tuple[DeskAction, bool], ...]


def step_list(context: FacilitatorContext) -> StepList:
    state = context.class_session.state
    plan = plan_class(context.lesson, state.plan_length) if state.plan_length else None
    labels = step_labels(context.lesson, context.steps)
    lines = tuple(
        StepLine(
            label=labels[step.key],
            fields=(("to", step.key),),
            is_current=index == context.step_index,
            is_done=step.key in state.visited_steps,
            minutes=plan.minutes[step.key] if plan else None,
            is_left_out=plan is not None and step.key in plan.left_out,
        )
        for index, step in enumerate(context.steps)
    )
    return StepList(lines, _cuts(plan) if plan else (), _lengths(state.plan_length))


def _cuts(plan: TimePlan) -> tuple[str, ...]:
    count = len(plan.left_out)
    text = translate_number("Bỏ {count} câu hỏi có ghi “bỏ qua”", "Bỏ {count} câu hỏi có ghi “bỏ qua”", count)
    questions = (text.format(count=count),) if count else ()
    return (*questions, *(translate(SHORTENED[kind]) for kind in plan.shortened))


def _lengths(chosen: int | None) -> tuple[tuple[DeskAction, bool], ...]:
    lengths = [
        (DeskAction(translate("{length} phút").format(length=length), fields=(("plan", str(length)),)), length)
        for length in PLAN_LENGTHS
    ]
    without = (DeskAction(translate("Không xếp giờ"), fields=(("plan", NULL),)), None)
    return tuple((action, length == chosen) for action, length in (*lengths, without))
