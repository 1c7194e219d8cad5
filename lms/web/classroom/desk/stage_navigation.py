"""The buttons for the stages of the lesson on the desk, and what a jump over steps has left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.model import Stage
from lms.learning.classroom.session.steps import Step, StepKind, step_distance
from lms.message_catalog import mark_for_translation
from lms.web.classroom.class_context import FacilitatorContext
from lms.web.classroom.desk.actions import DeskAction
from lms.web.language import translate, translate_number

STAGE_NAMES = {
    Stage.UNDERSTAND: mark_for_translation("Hiểu"),
    Stage.PRACTICE: mark_for_translation("Làm"),
    Stage.USE: mark_for_translation("Dùng"),
}
# How a jump's sentence counts what was left out, in the order of a lesson.
_PARTS_LEFT_OUT = {
    StepKind.DEMO: mark_for_translation("phần làm mẫu"),
    StepKind.PRACTICE: mark_for_translation("phần cả lớp tập"),
    StepKind.USE: mark_for_translation("phần Dùng liền"),
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
            translate(STAGE_NAMES[stage]),
            _sentence(
                _direction(
                    context, current.key, step.key, on=translate("Sang {where}"), back=translate("Trở về {where}")
                ).format(where=_stage_part(stage)),
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
    went = _direction(context, start, current.key, on=translate("Đã sang {where}"), back=translate("Đã trở về {where}"))
    sentence = _sentence(went.format(where=where), _left_out(context, start, current.key))
    back = DeskAction(
        translate("Về lại: {step}").format(step=step_labels[start]),
        fields=(("to", start), ("from", state.step)),
        icon="back",
    )
    return JumpNote(sentence, back)


def _direction(context: FacilitatorContext, start: str, end: str, *, on: str, back: str) -> str:
    """``back`` for a step that comes before ``start``, else ``on``."""
    return back if step_distance(context.steps, start, end) < 0 else on


def _where(steps: Sequence[Step], step: Step) -> str:
    """The stage that begins with this step; "" within a stage."""
    first = next((other for other in steps if other.stage == step.stage), step)
    return _stage_part(step.stage) if step.stage is not None and first is step else ""


def _stage_part(stage: Stage) -> str:
    return translate("phần {stage}").format(stage=translate(STAGE_NAMES[stage]))


def _left_out(context: FacilitatorContext, start: str, end: str) -> list[str]:
    """What lies between two steps and was never shown, in words."""
    keys = [step.key for step in context.steps]
    between = context.steps[keys.index(start) + 1 : keys.index(end)] if start in keys and end in keys else ()
    visited = context.class_session.state.visited_steps
    counts = Counter(step.kind for step in between if step.key not in visited)
    counted = (
        (StepKind.SLIDE, translate_number("{} trang", "{} trang", counts[StepKind.SLIDE])),
        (StepKind.QUESTION, translate_number("{} câu hỏi", "{} câu hỏi", counts[StepKind.QUESTION])),
        *((kind, translate(words)) for kind, words in _PARTS_LEFT_OUT.items()),
    )
    return [words.format(counts[kind]) for kind, words in counted if counts[kind]]


def _sentence(beginning: str, left_out: list[str]) -> str:
    *others, last = left_out or [""]
    words = translate("{others} và {last}").format(others=", ".join(others), last=last) if others else last
    return (
        translate("{beginning}, bỏ qua {words}.").format(beginning=beginning, words=words) if words else f"{beginning}."
    )
