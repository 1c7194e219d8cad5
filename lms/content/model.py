"""What the course language says, as frozen values: a library of courses down to one option or widget.

Every text that a person reads is kept in one of two forms, and the field's comment says which: *text* is plain
Unicode that a template must escape; *html* has been rendered and sanitised and may be marked safe.
A ``{{key}}`` of a practice's data stays in both forms as typed until an attempt's drawn data fills it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

StageName = Literal["hieu", "lam", "dung"]
STAGES: tuple[StageName, ...] = ("hieu", "lam", "dung")


# --- questions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to pick, to put in order, or one side of a pair.

    ``key`` is what a form sends. Keys are dealt from a shuffle seeded by the question's id, so that they tell
    nothing about which option is right or where an item belongs.
    """

    key: str
    text: str  # html, inline
    right: bool = False
    why: str | None = None  # html, inline: what to say to whoever picked it


@dataclass(frozen=True, slots=True)
class Choice:
    """``::: hỏi`` with boxes: a single choice, or a multiple one when several options are right."""

    id: str
    prompt: str  # html
    options: tuple[Option, ...]  # in file order
    keep_order: bool
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["choice"] = "choice"

    @property
    def multiple(self) -> bool:
        return sum(option.right for option in self.options) > 1


@dataclass(frozen=True, slots=True)
class Typed:
    """``::: hỏi`` with ``=`` lines: a short answer that is typed."""

    id: str
    prompt: str  # html
    answers: tuple[str, ...]  # text, the first is shown as the answer
    ranges: tuple[tuple[Decimal, Decimal], ...]  # inclusive
    exact_marks: bool  # ``đúng dấu``: tone marks count
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["typed"] = "typed"


@dataclass(frozen=True, slots=True)
class Ordering:
    """``::: sắp xếp``: items to put in order."""

    id: str
    prompt: str  # html
    items: tuple[Option, ...]  # in the right order
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["ordering"] = "ordering"


@dataclass(frozen=True, slots=True)
class Pair:
    left: Option
    right: Option


@dataclass(frozen=True, slots=True)
class Matching:
    """``::: ghép``: pairs to find."""

    id: str
    prompt: str  # html
    pairs: tuple[Pair, ...]
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["matching"] = "matching"


@dataclass(frozen=True, slots=True)
class Poll:
    """``::: thăm dò``: options without a right answer; it never counts towards a stage."""

    id: str
    prompt: str  # html
    options: tuple[Option, ...]
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["poll"] = "poll"


Question = Choice | Typed | Ordering | Matching | Poll


# --- hieu.md ---------------------------------------------------------------------------------------------------


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
    """``::: người đứng lớp``: for the person in front of the class, never sent to a learner."""

    html: str
    kind: Literal["facilitator"] = "facilitator"


Part = Prose | Callout | FacilitatorNote | Question


@dataclass(frozen=True, slots=True)
class Section:
    """A ``##`` heading and what follows it: also one slide. The text before the first heading has title ""."""

    id: str
    title: str  # text
    parts: tuple[Part, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Understand:
    """hieu.md, the first stage."""

    name: str  # text
    minutes: int
    objectives: tuple[str, ...]  # text
    pass_percent: int
    sections: tuple[Section, ...]
    digest: str  # hex; changes when anything a learner sees or is graded by changes
    path: str

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question in reading order, polls among them."""
        return tuple(part for section in self.sections for part in section.parts if part.kind in QUESTION_KINDS)

    def question(self, question_id: str) -> Question | None:
        parts = (part for section in self.sections for part in section.parts)
        return next((part for part in parts if part.kind in QUESTION_KINDS and part.id == question_id), None)

    @property
    def graded(self) -> tuple[Question, ...]:
        """The questions that count towards the stage."""
        return tuple(question for question in self.questions if question.kind != "poll")


QUESTION_KINDS = frozenset({"choice", "typed", "ordering", "matching", "poll"})


# --- lam.md ----------------------------------------------------------------------------------------------------

Role = Literal[
    "button", "icon", "link", "back", "number", "text", "password", "select", "switch",
    "scan", "sms", "wait", "label", "image", "area",
]  # fmt: skip
ScreenKind = Literal["app", "home", "dialog", "permission", "call", "messages", "scan", "loading", "wrong", "end"]
Arrow = Literal["=>", "->", "x>"]
Mode = Literal["lam-theo", "tu-lam", "kiem-tra"]

FIELD_ROLES = frozenset({"number", "text", "password", "select", "switch"})
TAP_ROLES = frozenset({"button", "icon", "link", "back", "scan", "area"})


@dataclass(frozen=True, slots=True)
class Widget:
    """One list item of a screen. Its number in events is its place in ``Screen.widgets``, from 0."""

    role: Role
    label: str  # text, may hold {{key}}
    line: int
    id: str | None = None
    values: tuple[str, ...] = ()  # text, alternatives, the first is shown; may hold {{key}}
    rule: str | None = None  # "mat-khau-manh", "6-so" or "co-chu"; then ``values`` is empty
    arrow: Arrow | None = None
    target: str | None = None  # a screen's id
    wrong: str | None = None  # text: ``sai``
    warn: str | None = None  # text: ``báo``
    body: str | None = None  # text: ``nội dung``
    alt: str | None = None  # text: ``mô tả``
    fatal: bool = False  # ``chí tử``
    length: int | None = None  # digits
    seconds: float | None = None
    hold: float | None = None  # seconds
    picture: str | None = None  # an icon's name
    items: tuple[str, ...] = ()  # text, the choices of a select
    src: str | None = None
    size: tuple[int, int] | None = None  # of the picture at ``src``, in pixels
    area: tuple[float, float, float, float] | None = None  # x, y, width, height in percent


@dataclass(frozen=True, slots=True)
class Screen:
    id: str
    title: str  # text
    kind: ScreenKind
    widgets: tuple[Widget, ...]
    line: int
    task: str | None = None  # text: ``Việc``
    hints: tuple[str, ...] = ()  # text: ``Gợi ý``, a ladder
    why: str | None = None  # text: ``Vì sao``
    lost: str | None = None  # text: ``Lạc``
    says: tuple[str, ...] = ()  # text: ``Nói``, speech bubbles
    prose: str = ""  # html, may hold {{key}}


@dataclass(frozen=True, slots=True)
class Practice:
    """lam.md or lam-<name>.md, the second stage: a graph of screens."""

    name: str  # "" for lam.md, else the <name> in the address
    title: str  # text: ``tên``
    start: str  # a screen's id
    goal: str  # a screen's id
    pass_percent: int
    data: tuple[tuple[str, str], ...]  # as typed: "099060000123" or "sinh(6)"
    screens: tuple[Screen, ...]  # in file order
    digest: str  # hex, of everything the engine and the page use
    path: str
    simulates: str | None = None  # text
    devices: tuple[str, ...] = ()  # "Android", "iPhone"
    card: str | None = None  # html, the task card; may hold {{key}}
    intro: str = ""  # html, the text before the first screen
    checked: date | None = None

    def screen(self, screen_id: str) -> Screen | None:
        return next((screen for screen in self.screens if screen.id == screen_id), None)


# --- dung.md ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """One box: something the learner does on the real phone and says she did."""

    id: str  # from the text, stable when boxes are reordered
    text: str  # html, inline
    help: str | None  # html: the ``>`` lines under it
    line: int


@dataclass(frozen=True, slots=True)
class Use:
    """dung.md, the third stage."""

    name: str  # text
    bring: tuple[str, ...]  # text: ``chuẩn bị``
    minutes: int | None
    intro: str  # html, the prose before and between the boxes
    tasks: tuple[Task, ...]
    digest: str
    path: str


# --- lesson, course, library -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lesson:
    course: str  # the course's slug
    slug: str
    number: int  # from the folder's name, orders the lessons
    understand: Understand
    practices: tuple[Practice, ...]  # the one named "" first, when it exists
    use: Use | None
    folder: str

    @property
    def name(self) -> str:
        return self.understand.name

    @property
    def practice(self) -> Practice | None:
        """The practice that earns the mark."""
        return self.practice_named("")

    def practice_named(self, name: str) -> Practice | None:
        return next((practice for practice in self.practices if practice.name == name), None)

    @property
    def stages(self) -> tuple[StageName, ...]:
        """The stages that are written. Each gives a mark; all of them make the lesson's badge."""
        written = {"hieu": True, "lam": self.practice is not None, "dung": self.use is not None}
        return tuple(stage for stage in STAGES if written[stage])


@dataclass(frozen=True, slots=True)
class Course:
    slug: str
    name: str  # text
    summary: str  # text
    checked: date
    sources: tuple[str, ...]  # text
    recheck_after: int  # days
    lessons: tuple[Lesson, ...]
    intro: str  # html
    folder: str
    digest: str
    audience: str | None = None  # text
    app: str | None = None  # text
    version: str | None = None  # text, of the app
    skills: tuple[str, ...] = ()  # text
    order: int | None = None
    colours: tuple[str, ...] = ()  # "#2f4f5f"

    def lesson(self, slug: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def stale_since(self, today: date, practice: Practice | None = None) -> date | None:
        """The day of the last look at the real app, where learners must be told that it may look different by now.

        A practice that says when it was looked at itself goes by that.
        """
        checked = (practice and practice.checked) or self.checked
        return checked if (today - checked).days > self.recheck_after else None


@dataclass(frozen=True, slots=True)
class Library:
    """All courses that are on the air, in order."""

    courses: tuple[Course, ...] = ()
    digest: str = ""

    def course(self, slug: str) -> Course | None:
        return next((course for course in self.courses if course.slug == slug), None)

    def lesson(self, course: str, lesson: str) -> Lesson | None:
        found = self.course(course)
        return found.lesson(lesson) if found else None

    def __iter__(self) -> Iterator[Course]:
        return iter(self.courses)
