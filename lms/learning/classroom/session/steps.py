"""The steps of a lesson in class: what the wall shows, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lms.content.model import QUESTION_KINDS, Callout, FacilitatorNote, InlineScreen, Lesson, Prose, Section, Stage
from lms.learning.classroom.session.slides import section_slides
from lms.message_catalog import mark_for_translation


class StepKind(StrEnum):
    """What a step shows."""

    JOIN = "join"
    SLIDE = "slide"
    QUESTION = "question"
    DEMO = "demo"
    PRACTICE = "practice"
    USE = "use"
    END = "end"


class FixedStepKey(StrEnum):
    """Keys of the steps that a lesson has at most once. Slides and questions have keys of their own, see ``Step``."""

    JOIN = "vao"
    DEMO = "mau"
    PRACTICE = "tap"
    USE = "dung"
    END = "ket"


_STAGES = {
    StepKind.SLIDE: Stage.UNDERSTAND,
    StepKind.QUESTION: Stage.UNDERSTAND,
    StepKind.DEMO: Stage.PRACTICE,
    StepKind.PRACTICE: Stage.PRACTICE,
    StepKind.USE: Stage.USE,
}
CONTINUED = mark_for_translation(" (tiếp)")  # after the title of a section's second and later slides
_SLIDE_PREFIX, _QUESTION_PREFIX = "muc-", "hoi-"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the wall shows. ``key`` stays the same while an author edits the lesson."""

    key: str  # a FixedStepKey, "muc-<section id>", "muc-<section id>.2" or "hoi-<question id>"
    kind: StepKind
    title: str  # text, short enough for a button
    ref: str = ""  # the section id of a slide, the id of a question
    section: str = ""  # the id of the section with a slide or question: its notes are for this step too
    part: int = 1  # which slide of a section that fills several (see slides.py)
    pattern: str = ""  # of ``title``, marked for translation, with the place "{number}"; "" for an author's own words
    number: int = 0  # of a question among the questions, of a poll among the polls

    @property
    def stage(self) -> Stage | None:
        """The stage of the lesson that the step belongs to; None while joining and at the end."""
        return _STAGES.get(self.kind)


def lesson_steps(lesson: Lesson) -> tuple[Step, ...]:
    """All steps in order: join, slides and their questions, the practice, real phones, the end."""
    cached = _cache.get(id(lesson))
    if cached is None or cached[0] is not lesson:
        if len(_cache) >= _CACHE_SIZE:
            _cache.clear()
        cached = _cache[id(lesson)] = (lesson, tuple(_steps(lesson)))
    return cached[1]


def find_step(steps: Sequence[Step], key: str) -> Step:
    """The step with this key, or the first step when the lesson no longer has it."""
    return next((step for step in steps if step.key == key), steps[0])


def next_step(steps: Sequence[Step], key: str) -> Step | None:
    """The step that "Tiếp" leads to; None at the end."""
    return _neighbour(steps, key, 1)


def previous_step(steps: Sequence[Step], key: str) -> Step | None:
    """The step that "Lùi" leads to; None at the start."""
    return _neighbour(steps, key, -1)


def step_distance(steps: Sequence[Step], start: str, end: str) -> int:
    """How many steps ``end`` comes after ``start``, negative for one before it; 0 where the lesson lacks either."""
    indexes = {step.key: index for index, step in enumerate(steps)}
    return indexes[end] - indexes[start] if start in indexes and end in indexes else 0


def question_step_key(question_id: str) -> str:
    """The key of the step that asks this question."""
    return _QUESTION_PREFIX + question_id


def step_question_id(key: str) -> str | None:
    """The id of the question that the step with this key asks; None for other steps."""
    return key.removeprefix(_QUESTION_PREFIX) if key.startswith(_QUESTION_PREFIX) else None


def _steps(lesson: Lesson) -> Iterator[Step]:
    yield _named_step(FixedStepKey.JOIN, StepKind.JOIN, mark_for_translation("Vào lớp"))
    questions = polls = 0
    for section in lesson.understand.sections:
        yield from _slide_steps(section, lesson)
        for part in section.parts:
            if isinstance(part, Prose | Callout | FacilitatorNote | InlineScreen):
                continue
            if part.kind == "poll":
                polls += 1
                pattern, number = mark_for_translation("Thăm dò {number}"), polls
            else:
                questions += 1
                pattern, number = mark_for_translation("Câu hỏi {number}"), questions
            key = question_step_key(part.id)
            yield _named_step(key, StepKind.QUESTION, pattern, part.id, section.id, number=number)
    if lesson.practice is not None:
        yield _named_step(FixedStepKey.DEMO, StepKind.DEMO, mark_for_translation("Làm mẫu"))
        yield _named_step(FixedStepKey.PRACTICE, StepKind.PRACTICE, mark_for_translation("Cả lớp tập"))
    if lesson.use is not None and lesson.use.tasks:
        yield _named_step(FixedStepKey.USE, StepKind.USE, mark_for_translation("Dùng liền"))
    yield _named_step(FixedStepKey.END, StepKind.END, mark_for_translation("Kết thúc"))


def _named_step(key: str, kind: StepKind, pattern: str, ref: str = "", section: str = "", *, number: int = 0) -> Step:
    """A step whose title is in our words."""
    return Step(key, kind, pattern.format(number=number), ref, section, pattern=pattern, number=number)


def _slide_steps(section: Section, lesson: Lesson) -> Iterator[Step]:
    """The section's slides; none for a heading with only questions under it, since each question is a step."""
    kinds = {part.kind for part in section.parts}
    if kinds and kinds <= QUESTION_KINDS:
        return
    title = section.title or lesson.name
    for number in range(1, len(section_slides(section)) + 1):
        key, suffix = (f"{section.id}.{number}", CONTINUED) if number > 1 else (section.id, "")
        yield Step(_SLIDE_PREFIX + key, StepKind.SLIDE, title + suffix, section.id, section.id, number)


def _neighbour(steps: Sequence[Step], key: str, distance: int) -> Step | None:
    index = steps.index(find_step(steps, key)) + distance
    return steps[index] if 0 <= index < len(steps) else None


_CACHE_SIZE = 1024
_cache: dict[int, tuple[Lesson, tuple[Step, ...]]] = {}  # by identity: hashing a lesson would read all of it
