"""What a lesson has to show in class, one step after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.content.model import QUESTION_KINDS, Lesson, Section
from lms.learning.classroom.session.slides import slides_of

StepKind = Literal["join", "slide", "question", "demo", "practice", "use", "end"]

JOIN, DEMO, PRACTICE, USE, END = "vao", "mau", "tap", "dung", "ket"  # keys of the steps that a lesson has once
_SLIDE, _QUESTION = "muc-", "hoi-"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the wall shows. ``key`` stays the same while the lesson is edited elsewhere."""

    key: str  # "vao", "muc-<section id>", "muc-<section id>.2", "hoi-<question id>", "mau", "tap", "dung", "ket"
    kind: StepKind
    title: str  # text, short enough for a button
    ref: str = ""  # a slide's section id, a question's id
    section: str = ""  # the section that a slide or question stands in: its notes are for this step too
    part: int = 1  # of a section that fills several slides (see slides.py)


def steps_of(lesson: Lesson) -> tuple[Step, ...]:
    """All steps in order: let people in, slides and their questions, the practice, real phones, the end."""
    known = _memory.get(id(lesson))
    if known is None or known[0] is not lesson:
        if len(_memory) >= _MOST_IN_MEMORY:
            _memory.clear()
        known = _memory[id(lesson)] = (lesson, _steps(lesson))
    return known[1]


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


def _steps(lesson: Lesson) -> tuple[Step, ...]:
    steps = [Step(JOIN, "join", "Vào lớp")]
    asked = {"question": 0, "poll": 0}
    for section in lesson.understand.sections:
        steps += _slides(section, lesson)
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


def _slides(section: Section, lesson: Lesson) -> Iterator[Step]:
    """A heading with nothing but questions under it is no slide: they come one by one anyway."""
    kinds = {part.kind for part in section.parts}
    if kinds and kinds <= QUESTION_KINDS:
        return
    title = section.title or lesson.name
    for number in range(1, len(slides_of(section)) + 1):
        more = number > 1
        yield Step(
            f"{_SLIDE}{section.id}" + (f".{number}" if more else ""),
            "slide",
            title + (" (tiếp)" if more else ""),
            section.id,
            section.id,
            number,
        )


def _beside(steps: Sequence[Step], key: str, distance: int) -> Step | None:
    place = steps.index(step_at(steps, key)) + distance
    return steps[place] if 0 <= place < len(steps) else None


_MOST_IN_MEMORY = 1024
_memory: dict[int, tuple[Lesson, tuple[Step, ...]]] = {}  # by identity: comparing lessons would read all of them
