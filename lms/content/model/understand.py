"""hieu.md: sections, what stands in them, and the stage as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from lms.content.model.questions import Question


@dataclass(frozen=True, slots=True)
class Prose:
    html: str
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True)
class Callout:
    """``::: mẹo`` (tip) or ``::: cảnh báo`` (warning)."""

    html: str
    tone: Literal["tip", "warning"]
    kind: Literal["callout"] = "callout"


@dataclass(frozen=True, slots=True)
class FacilitatorNote:
    """``::: người đứng lớp``: a note for the facilitator, never sent to a learner."""

    html: str
    kind: Literal["facilitator"] = "facilitator"


@dataclass(frozen=True, slots=True)
class InlineScreen:
    """``::: chạm thử``: a screen of the lesson's practice, drawn between paragraphs, with one control to tap."""

    practice: str  # its name; "" is lam.md
    screen: str  # its id
    html: str  # what to do; may contain {{key}}
    unaided: bool  # ``tự tìm``: the control is not pointed at
    line: int
    kind: Literal["inline-screen"] = "inline-screen"


Part = Prose | Callout | FacilitatorNote | InlineScreen | Question


@dataclass(frozen=True, slots=True)
class Section:
    """A ``##`` heading and what follows it; shown as one slide. Text before the first heading has title ""."""

    id: str
    title: str  # text
    parts: tuple[Part, ...]
    line: int


@dataclass(frozen=True, slots=True)
class FormerLesson:
    """A lesson that is no more, since it was merged into the one whose hieu.md names it under ``chuyển từ``."""

    course: str  # a slug
    slug: str
    line: int = 1  # where hieu.md names it
    column: int = 1


@dataclass(frozen=True)  # without slots, for its cached properties: each answer asks for its question
class Understand:
    """hieu.md, the first stage."""

    name: str  # text
    minutes: int
    objectives: tuple[str, ...]  # text
    pass_percent: float  # 0 to 100, an int if it is whole
    sections: tuple[Section, ...]
    digest: str  # hex; changes with anything that a learner sees or is graded by
    path: str
    former_lessons: tuple[FormerLesson, ...] = ()
    is_draft: bool = False  # ``nháp``
    language: str = ""  # of a translation, as in "hieu.en.md"

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in reading order, including polls."""
        return tuple(part for section in self.sections for part in section.parts if isinstance(part, Question))

    @property
    def inline_screens(self) -> tuple[InlineScreen, ...]:
        return tuple(part for section in self.sections for part in section.parts if isinstance(part, InlineScreen))

    @cached_property
    def _questions_by_id(self) -> dict[str, Question]:
        return {question.id: question for question in reversed(self.questions)}  # of equal ids the first one counts

    def question(self, question_id: str) -> Question | None:
        return self._questions_by_id.get(question_id)

    @cached_property
    def graded_questions(self) -> tuple[Question, ...]:
        """The questions that count towards the mark: all but polls."""
        return tuple(question for question in self.questions if question.kind != "poll")
