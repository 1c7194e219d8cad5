"""The buttons for the stages of the lesson on the desk, and what a jump over steps has left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.model import Stage
from lms.learning.classroom.session.steps import Step, StepKind, step_distance
from lms.web.classroom.class_context import FacilitatorContext
from lms.web.classroom.desk.actions import DeskAction

STAGE_NAMES = {Stage.UNDERSTAND: "Hiểu", Stage.PRACTICE: "Làm", Stage.USE: "Dùng"}
# How a jump's sentence counts what was left out, in the order of a lesson.
_LEFT_OUT = {
    StepKind.SLIDE: "{} trang",
    StepKind.QUESTION: "{} câu hỏi",
    StepKind.DEMO: "phần làm mẫu",
    StepKind.PRACTICE: "phần cả lớp tập",
    StepKind.USE: "phần Dùng liền",
}


@dataclass(frozen=True, slots=True)
class StageButton:
    """Goes to the first step of a stage. ``description`` says in full where to and what the tap leaves out."""

    stage: Stage
    name: str
    description: str
    is_current: bool
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JumpNote:
    """The class has just left a step for one that is no neighbour: what that left out, and the way back."""

    sentence: str
    back: DeskAction


def stage_buttons(context: FacilitatorContext) -> tuple[StageButton, ...]:
    """A button for each stage; () before the first step, after the last one, and for a lesson of one stage."""
    current = context.steps[context.step_index]
    first_steps: dict[Stage, Step] = {}
    for step in context.steps:
        if step.stage is not None:
            first_steps.setdefault(step.stage, step)
    if current.stage is None or len(first_steps) < 2:
        return ()
    return tuple(
        StageButton(
            stage,
            STAGE_NAMES[stage],
            _sentence(
                f"{_verb(context, current.key, step.key)} phần {STAGE_NAMES[stage]}",
                _left_out(context, current.key, step.key),
            ),
            is_current=stage == current.stage,
            fields=(("to", step.key), ("from", context.class_session.state.step)),
        )
        for stage, step in first_steps.items()
    )


def jump_note(context: FacilitatorContext, step_labels: dict[str, str]) -> JumpNote | None:
    """The jump that led to the present step; None if the class came from a neighbour, or has gone on since.

    ``step_labels`` are keyed by step key.
    """
    state, current = context.class_session.state, context.steps[context.step_index]
    start = state.jumped_from
    if start is None or start not in step_labels or current.key != state.step:
        return None
    where = _where(context.steps, current) or f"“{step_labels[current.key]}”"
    verb = _verb(context, start, current.key).lower()
    sentence = _sentence(f"Đã {verb} {where}", _left_out(context, start, current.key))
    back = DeskAction(f"Về lại: {step_labels[start]}", fields=(("to", start), ("from", state.step)), icon="back")
    return JumpNote(sentence, back)


def _verb(context: FacilitatorContext, start: str, end: str) -> str:
    return "Trở về" if step_distance(context.steps, start, end) < 0 else "Sang"


def _where(steps: Sequence[Step], step: Step) -> str:
    """The stage that begins with this step; "" within a stage."""
    first = next((other for other in steps if other.stage == step.stage), step)
    return f"phần {STAGE_NAMES[step.stage]}" if step.stage is not None and first is step else ""


def _left_out(context: FacilitatorContext, start: str, end: str) -> list[str]:
    """What lies between two steps and was never shown, in words."""
    keys = [step.key for step in context.steps]
    between = context.steps[keys.index(start) + 1 : keys.index(end)] if start in keys and end in keys else ()
    visited = context.class_session.state.visited_steps
    counts = Counter(step.kind for step in between if step.key not in visited)
    return [words.format(counts[kind]) for kind, words in _LEFT_OUT.items() if counts[kind]]


def _sentence(beginning: str, left_out: list[str]) -> str:
    *others, last = left_out or [""]
    words = f"{', '.join(others)} và {last}" if others else last
    return f"{beginning}, bỏ qua {words}." if words else f"{beginning}."
