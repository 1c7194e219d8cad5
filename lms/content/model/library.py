"""Courses, what is translated of their pages, and the library of all that are published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from lms.content.digest import digest
from lms.content.lesson_order import lesson_sort_key
from lms.content.model.lesson import Lesson
from lms.content.model.practice import TRYOUT_NAME, Practice
from lms.content.real_phone_checklist import ChecklistItem


@dataclass(frozen=True, slots=True)
class CourseTranslation:
    """What is translated of course.md."""

    language: str
    name: str  # text
    summary: str  # text
    intro: str  # html
    audience: str | None  # text
    digest: str


def number_lessons(lessons: Sequence[Lesson], drafts: Sequence[Lesson], order: Sequence[str]) -> list[Lesson]:
    """Lessons in their order with the numbers that learners see, without gaps where a draft is.

    ``order``: ``Course.lesson_order``.
    """
    if order:
        return [replace(lesson, number=number) for number, lesson in enumerate(lessons, 1)]
    return [
        replace(
            lesson, number=lesson.folder_number - sum(draft.folder_number < lesson.folder_number for draft in drafts)
        )
        for lesson in lessons
    ]


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
    recheck_items: tuple[ChecklistItem, ...] = ()  # what to look at on a real phone
    translations: tuple[CourseTranslation, ...] = ()
    language: str = ""  # of a translation

    def in_language(self, language: str) -> Course:
        """The course and its lessons with what is translated in its place; what is not stays Vietnamese."""
        lessons = tuple(lesson.in_language(language) for lesson in self.lessons)
        page = next((each for each in self.translations if each.language == language), None)
        if page is None:
            return replace(self, lessons=lessons)
        return replace(
            self,
            name=page.name,
            summary=page.summary,
            intro=page.intro,
            audience=page.audience or self.audience,
            language=language,
            lessons=lessons,
        )

    def with_order(self, order: tuple[str, ...]) -> Course:
        """The course as learners will see it once its page says this order of its lessons."""
        ordered = replace(self, lesson_order=order)
        lessons = sorted(self.lessons, key=ordered._place)
        return replace(ordered, lessons=tuple(number_lessons(lessons, self.drafts, order)))

    def with_drafts(self) -> Course:
        """The course as its author sees it, and as it will be: drafts are lessons, and have their numbers."""
        lessons = number_lessons(sorted((*self.lessons, *self.drafts), key=self._place), (), self.lesson_order)
        version = digest(self.digest, *(part.digest for lesson in self.drafts for part in lesson.files))[:32]
        return replace(self, lessons=tuple(lessons), drafts=(), digest=version)

    def with_lesson(self, lesson: Lesson) -> Course:
        """The course with this lesson in place of the one with its slug; a draft or a new one as ``with_drafts``."""
        shown = self.lesson(lesson.slug)
        if shown is None:
            others = (each for each in self.drafts if each.slug != lesson.slug)
            return replace(self, drafts=(*others, lesson)).with_drafts()
        numbered = replace(lesson, number=shown.number)
        return replace(self, lessons=tuple(numbered if each is shown else each for each in self.lessons))

    def _place(self, lesson: Lesson) -> tuple[int, int]:
        return lesson_sort_key(self.lesson_order, lesson.slug, lesson.folder_number)

    def lesson(self, slug: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def stale_since(self, today: date, practice: Practice | None = None, *, seen: date | None = None) -> date | None:
        """The date of the last check against the real app if the check is overdue, else None.

        A practice's own check date takes precedence over the course's. ``seen``: when all of ``recheck_items`` had been
        looked at; the later date counts.
        """
        checked = max((practice and practice.checked) or self.checked, seen or date.min)
        return checked if (today - checked).days > self.recheck_after else None


class LessonInClass(Protocol):
    """A class and the lesson that it is at, or another record of what a class was taught."""

    @property
    def course(self) -> str: ...
    @property
    def lesson(self) -> str: ...
    @property
    def content_digest(self) -> str:
        """``Lesson.digest`` when the class began with the lesson."""
        ...


EditionKey = tuple[str, str, str]  # slugs of course and lesson, and ``Lesson.digest``
Edition = tuple[Course, Lesson]


@dataclass(frozen=True, slots=True)
class Library:
    """All published courses, in order.

    ``former``: editions of lessons that are no longer published, for the classes that began with them.
    """

    courses: tuple[Course, ...] = ()
    digest: str = ""
    drafts: tuple[Course, ...] = ()  # courses without a lesson that is no draft
    former: Mapping[EditionKey, Edition] = field(default_factory=dict[EditionKey, Edition], compare=False, repr=False)

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

    def edition(self, taught: LessonInClass) -> Edition | None:
        """The lesson as it was when a class began with it; as it is now where that edition is not kept."""
        former = self.former.get((taught.course, taught.lesson, taught.content_digest))
        if former is not None:
            return former
        course = self.course(taught.course)
        lesson = course.lesson(taught.lesson) if course else None
        return (course, lesson) if course and lesson else None

    def edition_or_merged_into(self, taught: LessonInClass) -> Edition | None:
        """``edition``; or the lesson into which the class's lesson was merged."""
        edition = self.edition(taught)
        if edition is not None:
            return edition
        lesson = self.merged_into(taught.course, taught.lesson)
        course = self.course(lesson.course) if lesson else None
        return (course, lesson) if course and lesson else None

    def edition_with_practice(self, course: str, lesson: str, practice: str, digest: str) -> Edition | None:
        """The former edition of a lesson whose practice of that name has the digest; None if it is not kept."""
        for key, edition in self.former.items():
            found = edition[1].practice_named(practice) if key[:2] == (course, lesson) else None
            if found is not None and found.digest == digest:
                return edition
        return None

    def editions_gone_from(self, previous: Library) -> dict[EditionKey, Edition]:
        """All editions that a library of before had, by their keys, less those that are published."""
        gone = dict(previous.former)
        for course in previous.courses:
            if self.course(course.slug) is not course:
                gone |= {(course.slug, lesson.slug, lesson.digest): (course, lesson) for lesson in course.lessons}
        return {key: edition for key, edition in gone.items() if not self.has_published_edition(key)}

    def has_published_edition(self, key: EditionKey) -> bool:
        """Whether the lesson as it is now is this edition."""
        lesson = self.lesson(key[0], key[1])
        return lesson is not None and lesson.digest == key[2]

    @property
    def tryout(self) -> tuple[Lesson, Practice] | None:
        """The first practice named ``lam-thu.md``, with its lesson."""
        lessons = (lesson for course in self.courses for lesson in course.lessons)
        tryouts = ((lesson, lesson.practice_named(TRYOUT_NAME)) for lesson in lessons)
        return next(((lesson, practice) for lesson, practice in tryouts if practice), None)

    def __iter__(self) -> Iterator[Course]:
        return iter(self.courses)
