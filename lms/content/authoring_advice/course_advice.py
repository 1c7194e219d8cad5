"""All craft advice about a course, by lesson, and what its files answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms.content import course_page, understand_stage, use_stage
from lms.content.authoring_advice.advice import Advice, AdvisedFile
from lms.content.authoring_advice.course_rules import advise_on_course
from lms.content.authoring_advice.learner_decisions import question_decisions, screen_decisions
from lms.content.authoring_advice.lesson_texts import lesson_texts
from lms.content.authoring_advice.option_rules import advise_on_options
from lms.content.authoring_advice.plain_words import content_words
from lms.content.authoring_advice.screen_rules import advise_on_screens
from lms.content.authoring_advice.text_rules import advise_on_dates, advise_on_notes, advise_on_typed_questions
from lms.content.front_matter import read_front_matter
from lms.content.front_matter_keys import Key
from lms.content.fuzzy_matching import nearest
from lms.content.ignored_advice import read_ignored_advice
from lms.content.model import Lesson, Practice
from lms.content.practice import front_matter as practice_front_matter
from lms.content.problems import Problem
from lms.content.source import Diagnostics, Source

_TEXTS = ("objectives", "card", "bring")  # keys of the front matter that learners read


@dataclass(frozen=True, slots=True)
class LessonAdvice:
    """The advice about one lesson, or about the course itself."""

    folder: str  # the lesson's, or the course's
    is_course: bool
    advice: tuple[Problem, ...]  # not answered
    answered: tuple[Problem, ...]


def advise_course(
    folder: str, page: str | None, lessons: Sequence[Lesson], sources: Mapping[str, Source], today: date
) -> list[LessonAdvice]:
    """Advice about each lesson, and about the course itself, whose files' ``sources`` are given by path.

    ``folder`` is the course's and ``page`` the path of its course.md.
    """
    files = {path: AdvisedFile(source) for path, source in sources.items()}
    for lesson in lessons:
        _advise_lesson(lesson, files, today.year)
    if page:
        advise_on_course(files[page], lessons, files)
    results = [_answer(folder, True, {page: course_page.KEYS}, files)] if page else []
    return results + [_answer(lesson.folder, False, _keys_by_file(lesson), files) for lesson in lessons]


def _keys_by_file(lesson: Lesson) -> dict[str, tuple[Key, ...]]:
    keys: dict[str, tuple[Key, ...]] = {lesson.understand.path: understand_stage.KEYS}
    keys |= {practice.path: practice_front_matter.KEYS for practice in lesson.practices}
    return keys | ({lesson.use.path: use_stage.KEYS} if lesson.use else {})


def _advise_lesson(lesson: Lesson, files: Mapping[str, AdvisedFile], year: int) -> None:
    understand = lesson.understand
    told = list(lesson_texts(lesson))
    counts = Counter(word for text in told for word in content_words(text))
    file = files[understand.path]
    for decision in question_decisions(understand, file):
        advise_on_options(file, decision, counts)
    for section in understand.sections:
        advise_on_typed_questions(file, section)
        advise_on_notes(file, section, told)
    headings = {section.line: section.title for section in understand.sections}
    _advise_file(file, understand_stage.KEYS, headings, year)
    for practice in lesson.practices:
        _advise_practice(practice, files[practice.path], counts, year)
    if lesson.use:
        _advise_file(files[lesson.use.path], use_stage.KEYS, {}, year)


def _advise_practice(practice: Practice, file: AdvisedFile, counts: Mapping[str, int], year: int) -> None:
    if not practice.is_tryout:
        for decision in screen_decisions(practice):
            advise_on_options(file, decision, counts)
        advise_on_screens(file, practice)
    _advise_file(file, practice_front_matter.KEYS, {screen.line: screen.title for screen in practice.screens}, year)


def _advise_file(file: AdvisedFile, keys: tuple[Key, ...], headings: Mapping[int, str], year: int) -> None:
    file.headings = tuple(headings.values())
    front_matter = read_front_matter(file.source, Diagnostics(file.source), keys)
    read_aloud = [value.line for code in _TEXTS for value in front_matter.values.get(code, ())]
    advise_on_dates(file, year, [*read_aloud, *range(front_matter.body, len(file.source.lines))], headings)


def _answer(
    folder: str, is_course: bool, keys: Mapping[str, tuple[Key, ...]], files: Mapping[str, AdvisedFile]
) -> LessonAdvice:
    """Tell answered advice from what is left, and report answers to nothing."""
    left: list[Problem] = []
    answered: list[Problem] = []
    for path, keys_of_file in keys.items():
        file = files[path]
        in_file = _left_in_file(file, keys_of_file)
        answered += _sorted(advice.problem for advice in file.advice if advice.problem not in in_file)
        left += _sorted(in_file)
    return LessonAdvice(folder, is_course, tuple(left), tuple(answered))


def _left_in_file(file: AdvisedFile, keys: tuple[Key, ...]) -> list[Problem]:
    unused = Diagnostics(file.source)  # reading the file reported its problems
    ignored = read_ignored_advice(read_front_matter(file.source, unused, keys), unused)
    left = list(file.advice)
    answers_to_nothing: list[Advice] = []
    for one in ignored:
        rest = [advice for advice in left if not one.answers(advice.problem.rule, advice.heading)]
        if len(rest) == len(left):
            line, column = file.source.position(one.value.line, one.value.column)
            heading = one.heading if one.heading is not None and one.heading not in file.headings else None
            near = nearest(heading, file.headings) if heading and file.headings else None
            message = (
                f"Không có mục “{heading}” ở tệp này; có phải bác muốn viết “{near}”?"
                if near
                else f"Bỏ dòng này: ở đây không còn gợi ý “{one.rule}” nào để trả lời."
            )
            problem = Problem(file.source.path, line, column, "advice", "unused-ignore", message, near)
            answers_to_nothing.append(Advice(problem))
        left = rest
    return [advice.problem for advice in (*left, *answers_to_nothing)]


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line, problem.column, problem.rule))
