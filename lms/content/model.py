"""The domain model: courses, lessons, questions and practices as frozen dataclasses.

Every text that people read has one of two forms, named in the field's comment: *text* is plain Unicode that a template
must escape; *html* is rendered and sanitised and may be marked safe. A ``{{key}}`` of a practice's data stays as typed
in both forms until an attempt's drawn data fills it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from lms.content.digest import digest
from lms.content.lesson_order import place_in_order
from lms.content.recheck_list import RecheckItem


class Stage(StrEnum):
    """One of a lesson's three stages. The values are used in URLs, forms, JSON and the database."""

    UNDERSTAND = "hieu"
    PRACTICE = "lam"
    USE = "dung"


class Mode(StrEnum):
    """How a learner goes through a practice. The values are used in forms, JSON and the database."""

    FOLLOW = "lam-theo"  # every step is shown
    ALONE = "tu-lam"  # hints on request
    TEST = "kiem-tra"  # no hints


# --- questions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """An option to pick, an item to put in order, or one side of a pair.

    ``key`` is what a form sends. Keys are assigned in an order shuffled by the question's id, so that they do not
    reveal which option is right or where an item belongs.
    """

    key: str
    text: str  # html, inline
    right: bool = False
    feedback: str | None = None  # html, inline: shown to a learner who picked this option


@dataclass(frozen=True, slots=True)
class Choice:
    """``::: hỏi`` with checkboxes: a single choice, or a multiple choice if several options are right."""

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
    """``::: hỏi`` with ``=`` lines: the learner types a short answer."""

    id: str
    prompt: str  # html
    answers: tuple[str, ...]  # text; the first is shown as the solution
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
    """``::: ghép``: pairs to match."""

    id: str
    prompt: str  # html
    pairs: tuple[Pair, ...]
    hints: tuple[str, ...]  # html, inline
    line: int
    kind: Literal["matching"] = "matching"


@dataclass(frozen=True, slots=True)
class Poll:
    """``::: thăm dò``: options without a right answer. It never counts towards a mark."""

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


@dataclass(frozen=True, slots=True)
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

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in reading order, including polls."""
        return tuple(part for section in self.sections for part in section.parts if isinstance(part, Question))

    @property
    def inline_screens(self) -> tuple[InlineScreen, ...]:
        return tuple(part for section in self.sections for part in section.parts if isinstance(part, InlineScreen))

    def question(self, question_id: str) -> Question | None:
        return next((question for question in self.questions if question.id == question_id), None)

    @property
    def graded_questions(self) -> tuple[Question, ...]:
        """The questions that count towards the mark: all but polls."""
        return tuple(question for question in self.questions if question.kind != "poll")


QUESTION_KINDS = frozenset({"choice", "typed", "ordering", "matching", "poll"})


# --- lam.md ----------------------------------------------------------------------------------------------------

TRYOUT_NAME = "thu"  # lam-thu.md: the practice of a minute that a first visit begins with

Role = Literal[
    "button", "icon", "link", "back", "number", "text", "password", "select", "switch",
    "scan", "sms", "wait", "label", "image", "area", "swipe", "press", "pinch", "double-tap",
    "row", "tab", "bubble", "card",
]  # fmt: skip
ScreenKind = Literal[
    "app", "home", "dialog", "permission", "call", "messages", "scan", "loading", "wrong", "end",
    "lock", "browser", "store", "situation",
]  # fmt: skip
Arrow = Literal["=>", "->", "x>"]
Direction = Literal["up", "down", "left", "right", "in", "out"]  # of a swipe; of a pinch
CompiledModel = Mapping[str, Any]  # a practice as JSON for both engines, see practice.compiling.compile_model

FIELD_ROLES: frozenset[Role] = frozenset({"number", "text", "password", "select", "switch"})
GESTURE_ROLES: frozenset[Role] = frozenset({"swipe", "press", "pinch", "double-tap"})
TAP_ROLES: frozenset[Role] = frozenset({"button", "icon", "link", "back", "scan", "area", "row", "tab", *GESTURE_ROLES})
# The actions of events that follow a widget's arrow. A widget of TAP_ROLES takes "tap" and one more.
TAP_ACTIONS = frozenset({"tap", "hold", "swipe", "pinch", "double-tap"})
STATIC_ROLES: frozenset[Role] = frozenset({"label", "image", "bubble", "card"})


@dataclass(frozen=True, slots=True)
class Widget:
    """One list item of a screen. Events refer to it by its index in ``Screen.widgets``."""

    role: Role
    label: str  # text; may contain {{key}}
    line: int
    id: str | None = None
    values: tuple[str, ...] = ()  # text; accepted alternatives, the first is shown; may contain {{key}}
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
    direction: Direction | None = None  # of a swipe or a pinch
    detail: str | None = None  # text: ``phụ``, the second line of a row
    time: str | None = None  # text: ``giờ``, of a row or a bubble
    stars: float | None = None  # ``sao``, 0 to 5
    speaker: Literal["them", "me"] | None = None  # ``của``, whose bubble it is
    look: str | None = None  # ``kiểu``: "photo" or "key" of an icon; "identity", "insurance" or "receipt" of a card
    ring: str | None = None  # text: ``khoanh``, the name of the card's line that is ringed
    current: bool = False  # ``đang``, the tab where the learner is


@dataclass(frozen=True, slots=True)
class Screen:
    id: str
    title: str  # text
    kind: ScreenKind
    widgets: tuple[Widget, ...]
    line: int
    task: str | None = None  # text: ``Việc``
    hints: tuple[str, ...] = ()  # text: ``Gợi ý``, shown one after the other
    why: str | None = None  # text: ``Vì sao``
    lost: str | None = None  # text: ``Lạc``
    says: tuple[str, ...] = ()  # text: ``Nói``, speech bubbles
    prose: str = ""  # html; may contain {{key}}
    scrolls: bool = False  # ``cuộn``: of a fixed height, its content scrolls
    shown: str | None = None  # text: ``hiện``, what the phone shows in place of the title
    address: str | None = None  # text: ``địa chỉ``, of a browser
    developer: str | None = None  # text: ``nhà phát triển``, of a store page
    stars: float | None = None  # ``sao``, of a store page, 0 to 5
    time: str | None = None  # text: ``giờ``, on a lock screen
    drawing: str | None = None  # ``hình``, an icon's name: of a store page or a situation


@dataclass(frozen=True, slots=True)
class Practice:
    """lam.md or lam-<name>.md, the second stage: a graph of screens."""

    name: str  # "" for lam.md, else the <name> in the URL
    title: str  # text: ``tên``
    start: str  # a screen's id
    goal: str  # a screen's id
    pass_percent: float  # 0 to 100, an int if it is whole
    data: tuple[tuple[str, str], ...]  # (name, value as typed): "099060000123", or "sinh(6)" to draw 6 digits
    screens: tuple[Screen, ...]  # in file order
    digest: str  # hex; covers everything that the engine and the page use
    path: str
    simulates: str | None = None  # text
    devices: tuple[str, ...] = ()  # "Android", "iPhone"
    card: str | None = None  # html; the task card; may contain {{key}}
    intro: str = ""  # html, the text before the first screen
    checked: date | None = None
    language: str = ""  # of a translation

    @property
    def is_tryout(self) -> bool:
        return self.name == TRYOUT_NAME

    @property
    def has_trap(self) -> bool:
        return any(widget.arrow == "x>" for screen in self.screens for widget in screen.widgets)

    def screen(self, screen_id: str) -> Screen | None:
        return next((screen for screen in self.screens if screen.id == screen_id), None)

    def screen_by_id(self, screen_id: str) -> Screen:
        """The screen with an id that comes from this practice.

        Raises:
            KeyError: there is none.
        """
        screen = self.screen(screen_id)
        if screen is None:
            raise KeyError(screen_id)
        return screen


# --- dung.md ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """One checkbox: something to do on a real phone, ticked by the learner."""

    id: str  # derived from the text; stable when tasks are reordered
    text: str  # html, inline
    help: str | None  # html: the ``>`` lines under it
    line: int


@dataclass(frozen=True, slots=True)
class Use:
    """dung.md, the third stage."""

    name: str  # text
    bring: tuple[str, ...]  # text: ``chuẩn bị``
    minutes: int | None
    intro: str  # html; the prose before and between the tasks
    tasks: tuple[Task, ...]
    digest: str
    path: str
    language: str = ""  # of a translation


# --- lesson, course, library -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LessonTranslation:
    """What is translated of a lesson: its files with other texts, and the ids and digests of the originals."""

    language: str  # "en"
    understand: Understand | None
    practices: tuple[Practice, ...]
    use: Use | None
    digest: str  # hex; changes with the texts
    older_paths: frozenset[str] = frozenset()  # of originals that were edited since

    @property
    def practice_names(self) -> frozenset[str]:
        return frozenset(practice.name for practice in self.practices)


@dataclass(frozen=True, slots=True)
class CourseTranslation:
    """What is translated of course.md."""

    language: str
    name: str  # text
    summary: str  # text
    intro: str  # html
    digest: str


@dataclass(frozen=True, slots=True)
class Lesson:
    course: str  # the course's slug
    slug: str
    # From the folder's name, less the drafts before it, so that nobody looks for a missing lesson; counted from 1 in a
    # course with an order of its own.
    number: int
    understand: Understand
    practices: tuple[Practice, ...]  # the one named "" comes first if it exists
    use: Use | None
    folder: str
    translations: tuple[LessonTranslation, ...] = ()

    @property
    def name(self) -> str:
        return self.understand.name

    def translation(self, language: str) -> LessonTranslation | None:
        return next((each for each in self.translations if each.language == language), None)

    def in_language(self, language: str) -> Lesson:
        """The lesson with what is translated in its place; what is not stays Vietnamese."""
        translation = self.translation(language)
        if translation is None:
            return self
        translated = {practice.name: practice for practice in translation.practices}
        return replace(
            self,
            understand=translation.understand or self.understand,
            practices=tuple(translated.get(practice.name, practice) for practice in self.practices),
            use=translation.use or self.use,
        )

    @property
    def folder_number(self) -> int:
        """The number in its folder's name; lessons are sorted by it unless their course has an order of its own."""
        return int(self.folder_name.partition("-")[0])

    @property
    def folder_name(self) -> str:
        """Like "02-kich-hoat"."""
        return os.path.basename(self.folder)

    @property
    def former_keys(self) -> tuple[tuple[str, str], ...]:
        """The lessons that were merged into this one, as (course, lesson)."""
        return tuple((former.course, former.slug) for former in self.understand.former_lessons)

    @property
    def practice(self) -> Practice | None:
        """The practice that earns the mark."""
        return self.practice_named("")

    def practice_named(self, name: str) -> Practice | None:
        return next((practice for practice in self.practices if practice.name == name), None)

    @property
    def files(self) -> tuple[Understand | Practice | Use, ...]:
        """The contents of its files."""
        return (self.understand, *self.practices, *([self.use] if self.use else []))

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that have a file. Each earns a mark; all marks together earn the lesson's badge."""
        written = {Stage.UNDERSTAND: True, Stage.PRACTICE: self.practice is not None, Stage.USE: self.use is not None}
        return tuple(stage for stage in Stage if written[stage])


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
    lesson_order: tuple[str, ...] = ()  # slugs; without it lessons stand by the numbers of their folders
    colours: tuple[str, ...] = ()  # "#2f4f5f"
    files_digest: str = ""  # see lms.content.files_digest
    drafts: tuple[Lesson, ...] = ()  # ``nháp``: lessons that nobody but an author sees
    recheck_items: tuple[RecheckItem, ...] = ()  # what to look at on a real phone
    translations: tuple[CourseTranslation, ...] = ()
    language: str = ""  # of a translation

    def in_language(self, language: str) -> Course:
        """The course and its lessons with what is translated in its place; what is not stays Vietnamese."""
        lessons = tuple(lesson.in_language(language) for lesson in self.lessons)
        page = next((each for each in self.translations if each.language == language), None)
        if page is None:
            return replace(self, lessons=lessons)
        return replace(self, name=page.name, summary=page.summary, intro=page.intro, language=language, lessons=lessons)

    def with_drafts(self) -> Course:
        """The course as its author sees it, and as it will be: drafts are lessons, and have their numbers."""
        lessons = sorted((*self.lessons, *self.drafts), key=self._place)
        numbers = range(1, len(lessons) + 1) if self.lesson_order else [each.folder_number for each in lessons]
        lessons = [replace(lesson, number=number) for lesson, number in zip(lessons, numbers, strict=True)]
        version = digest(self.digest, *(part.digest for lesson in self.drafts for part in lesson.files))[:32]
        return replace(self, lessons=tuple(lessons), drafts=(), digest=version)

    def _place(self, lesson: Lesson) -> tuple[int, int]:
        return place_in_order(self.lesson_order, lesson.slug, lesson.folder_number)

    def lesson(self, slug: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def stale_since(self, today: date, practice: Practice | None = None, *, seen: date | None = None) -> date | None:
        """The date of the last check against the real app if the check is overdue, else None.

        A practice's own check date takes precedence over the course's. ``seen``: when all of ``recheck_items`` had been
        looked at; the later date counts.
        """
        checked = max((practice and practice.checked) or self.checked, seen or date.min)
        return checked if (today - checked).days > self.recheck_after else None


@dataclass(frozen=True, slots=True)
class Library:
    """All published courses, in order."""

    courses: tuple[Course, ...] = ()
    digest: str = ""
    drafts: tuple[Course, ...] = ()  # courses without a lesson that is no draft

    @property
    def all_drafts(self) -> tuple[Lesson, ...]:
        return tuple(draft for course in (*self.courses, *self.drafts) for draft in course.drafts)

    def with_drafts(self, slug: str) -> Library | None:
        """The library as an author sees it who writes this course; None if it has no drafts."""
        course = self.course_or_draft(slug)
        if course is None or not course.drafts:
            return None
        written = course.with_drafts()
        others = [other for other in self.courses if other.slug != slug]
        return Library((*others, written), digest(self.digest, written.digest)[:32])

    def course(self, slug: str) -> Course | None:
        return next((course for course in self.courses if course.slug == slug), None)

    def course_or_draft(self, slug: str) -> Course | None:
        return next((course for course in (*self.courses, *self.drafts) if course.slug == slug), None)

    def lesson(self, course: str, lesson: str) -> Lesson | None:
        in_course = self.course(course)
        return in_course.lesson(lesson) if in_course else None

    def merged_into(self, course: str, lesson: str) -> Lesson | None:
        """The lesson into which a lesson was merged that is no more; None if there is none."""
        lessons = (each for in_course in self.courses for each in in_course.lessons)
        return next((each for each in lessons if (course, lesson) in each.former_keys), None)

    def lesson_or_merged_into(self, course: str, lesson: str) -> Lesson | None:
        return self.lesson(course, lesson) or self.merged_into(course, lesson)

    @property
    def tryout(self) -> tuple[Lesson, Practice] | None:
        """The first practice named ``lam-thu.md``, with its lesson."""
        lessons = (lesson for course in self.courses for lesson in course.lessons)
        tryouts = ((lesson, lesson.practice_named(TRYOUT_NAME)) for lesson in lessons)
        return next(((lesson, practice) for lesson, practice in tryouts if practice), None)

    def __iter__(self) -> Iterator[Course]:
        return iter(self.courses)
