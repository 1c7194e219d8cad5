"""What a lesson has to show in class, one step after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lms.content.model import QUESTION_KINDS, Lesson, Section

StepKind = Literal["join", "slide", "question", "demo", "practice", "use", "end"]

JOIN, DEMO, PRACTICE, USE, END = "vao", "mau", "tap", "dung", "ket"  # keys of the steps that a lesson has once
_SLIDE, _QUESTION = "muc-", "hoi-"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the wall shows. ``key`` stays the same while the lesson is edited elsewhere."""

    key: str  # "vao", "muc-<section id>", "hoi-<question id>", "mau", "tap", "dung", "ket"
    kind: StepKind
    title: str  # text, short enough for a button
    ref: str = ""  # a slide's section id, a question's id
    section: str = ""  # the section that a slide or question stands in: its notes are for this step too


def steps_of(lesson: Lesson) -> tuple[Step, ...]:
    """All steps in order: let people in, slides and their questions, the practice, real phones, the end."""
    steps = [Step(JOIN, "join", "Vào lớp")]
    asked = {"question": 0, "poll": 0}
    for section in lesson.understand.sections:
        if _has_slide(section):
            steps.append(Step(_SLIDE + section.id, "slide", section.title or lesson.name, section.id, section.id))
        for part in section.parts:
            if part.kind in QUESTION_KINDS:
                kind = "poll" if part.kind == "poll" else "question"
                asked[kind] += 1
                title = f"Thăm dò {asked[kind]}" if kind == "poll" else f"Câu hỏi {asked[kind]}"
                steps.append(Step(_QUESTION + part.id, "question", title, part.id, section.id))
    if lesson.practice is not None:
        steps.append(Step(DEMO, "demo", "Làm mẫu"))
        steps.append(Step(PRACTICE, "practice", "Cả lớp tập"))
    if lesson.use is not None and lesson.use.tasks:
        steps.append(Step(USE, "use", "Dùng liền"))
    steps.append(Step(END, "end", "Kết thúc"))
    return tuple(steps)


def step_at(steps: Sequence[Step], key: str) -> Step:
    """The step of this key; the first one when the lesson was edited and has it no more."""
    return next((step for step in steps if step.key == key), steps[0])


def step_after(steps: Sequence[Step], key: str) -> Step | None:
    """The step that "Tiếp" leads to; None at the end."""
    return _beside(steps, key, 1)


def step_before(steps: Sequence[Step], key: str) -> Step | None:
    return _beside(steps, key, -1)


def question_key(question_id: str) -> str:
    return _QUESTION + question_id


def question_of(key: str) -> str | None:
    """The id of the question that a step's key asks; None for other steps."""
    return key.removeprefix(_QUESTION) if key.startswith(_QUESTION) else None


def _has_slide(section: Section) -> bool:
    """A heading with nothing but questions under it is no slide: they come one by one anyway."""
    kinds = {part.kind for part in section.parts}
    return bool(kinds & {"prose", "callout"}) or not kinds & QUESTION_KINDS


def _beside(steps: Sequence[Step], key: str, distance: int) -> Step | None:
    place = steps.index(step_at(steps, key)) + distance
    return steps[place] if 0 <= place < len(steps) else None
