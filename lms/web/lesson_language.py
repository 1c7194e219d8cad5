"""Lessons and courses in the language of the page: what is translated of them, with the originals where it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from markupsafe import Markup, escape

from lms.content.model import Course, Lesson, Library, Practice, Stage, Understand, Use
from lms.message_catalog import LANGUAGE_NAMES, SOURCE_LANGUAGE
from lms.web.language import (
    chosen_language,
    offer_language_switch,
    page_language,
    translate,
    use_chosen_language,
    use_source_language,
)
from lms.web.request_context import course_and_lesson_or_404

PartOf = Callable[[Lesson], Understand | Practice | Use | None]


def translated_or_404(course_slug: str, lesson_slug: str, part: PartOf) -> tuple[Course, Lesson]:
    """A course and its lesson in the language of this phone, if ``part`` of the lesson is translated into it.

    That is then the page's language. Else the whole page is Vietnamese, and says so.

    Raises:
        CourseUnavailable: see ``course_and_lesson_or_404``.
    """
    return in_chosen_language(*course_and_lesson_or_404(course_slug, lesson_slug), part)


def in_chosen_language(course: Course, lesson: Lesson, part: PartOf) -> tuple[Course, Lesson]:
    """A course and its lesson as ``translated_or_404`` gives them."""
    chosen = chosen_language()
    if chosen == SOURCE_LANGUAGE:
        return course, lesson
    if lesson.translation(chosen) is None:
        offer_language_switch()  # above a lesson that has translations they are offered anyway
    translated = lesson.in_language(chosen)
    shown = part(translated)
    if shown is None or shown.language != chosen:
        use_source_language(says_so=True)
        return course, lesson
    use_chosen_language(offers_others=False)
    return course.in_language(chosen), translated


def understand_of(lesson: Lesson) -> Understand:
    """The part of a lesson that its own page and that of Hiểu ngay show."""
    return lesson.understand


def use_of(lesson: Lesson) -> Use | None:
    return lesson.use


def practice_part(name: str) -> PartOf:
    """The practice with this name."""
    return lambda lesson: lesson.practice_named(name)


def languages_of(lesson: Lesson) -> tuple[str, ...]:
    """The languages into which a lesson's own page is translated."""
    translated = [each.language for each in lesson.translations if each.understand is not None]
    return tuple(language for language in LANGUAGE_NAMES if language in translated)


def lessons_by_language(library: Library) -> dict[str, list[Lesson]]:
    """The lessons whose own page is translated, by language; a language without a lesson is not there."""
    found: dict[str, list[Lesson]] = {}
    for course in library.courses:
        for lesson in course.lessons:
            for language in languages_of(lesson):
                found.setdefault(language, []).append(lesson)
    return found


def first_translated_lesson(library: Library) -> Lesson | None:
    """The first lesson whose own page is translated into the page's language, in it; None on a Vietnamese page."""
    language = page_language()
    lessons = [] if language == SOURCE_LANGUAGE else lessons_by_language(library).get(language, [])
    return lessons[0].in_language(language) if lessons else None


def part_of_stage(lesson: Lesson, stage: Stage) -> Understand | Practice | Use | None:
    """What the first page of a stage shows."""
    return {Stage.UNDERSTAND: lesson.understand, Stage.PRACTICE: lesson.practice, Stage.USE: lesson.use}[stage]


def mark_if_vietnamese(label: str, lesson: Lesson, part: PartOf = understand_of) -> str:
    """The label of a link to a ``part`` of a lesson, which says on a page in another language that it is Vietnamese."""
    shown = part(lesson_in_page_language(lesson))
    if page_language() in (SOURCE_LANGUAGE, shown.language if shown else ""):
        return label
    sentence = translate("{label} (tiếng Việt)")
    return (escape(sentence) if isinstance(label, Markup) else sentence).format(label=label)


def mark_if_stage_is_vietnamese(label: str, lesson: Lesson, stage: Stage) -> str:
    """``mark_if_vietnamese`` for a link to the first page of a stage."""
    return mark_if_vietnamese(label, lesson, lambda shown: part_of_stage(shown, stage))


def is_older(lesson: Lesson, path: str) -> bool:
    """Whether the original at ``path`` was edited after the translation that this page shows."""
    translation = lesson.translation(page_language())
    return translation is not None and path in translation.older_paths


def in_page_language(course: Course) -> Course:
    """The course, and its lessons, with what is translated into the page's language in its place."""
    language = page_language()
    return course if language == SOURCE_LANGUAGE else course.in_language(language)


def lesson_in_page_language(lesson: Lesson) -> Lesson:
    """The lesson with what is translated into the page's language in its place."""
    language = page_language()
    return lesson if language == SOURCE_LANGUAGE else lesson.in_language(language)


def course_library_in_page_language(library: Library) -> Library:
    """All courses as ``in_page_language`` gives them."""
    if page_language() == SOURCE_LANGUAGE:
        return library
    return replace(library, courses=tuple(map(in_page_language, library.courses)))
