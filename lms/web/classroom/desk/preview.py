"""The desk's preview of a step: a small copy of the wall, and the notes for the facilitator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from lms.content.fuzzy_matching import normalize_word
from lms.content.model import Choice, Lesson, Poll, Practice, Question, Section, Use
from lms.content.practice.compiling import generate_random_data, random_digit_count
from lms.content.practice.placeholders import placeholder_names
from lms.learning.classroom.session.slides import section_slides
from lms.learning.classroom.session.steps import CONTINUED, Step
from lms.lru_cache import LruCache
from lms.message_catalog import mark_for_translation
from lms.web.classroom.desk.actions import DemoPath
from lms.web.classroom.question_display import correct_answer_lines, listed_options, options_of, question_number
from lms.web.language import page_language, translate
from lms.web.practice.data_fill import DataFiller
from lms.web.practice.demo_walkthrough import DEMO_SEED, demo_steps

PROMPT_LENGTH = 38  # characters of a question on a button
CODE_IN_MESSAGE = mark_for_translation("mã trong tin nhắn trên máy của bác")
NUMBER_ON_PHONE = mark_for_translation("số hiện trên máy của bác")
# By id(practice), since hashing a practice means reading all of it, and language. The value holds the practice, so that
# its id is not reused.
_demo_paths: LruCache[tuple[int, str], tuple[Practice, DemoPath]] = LruCache(256)
# What bars and hand counts distinguish for questions without options.
RIGHT_OR_OTHER = (("right", mark_for_translation("Trả lời đúng")), ("other", mark_for_translation("Trả lời khác")))


@dataclass(frozen=True, slots=True)
class AnswerOptionPreview:
    """One option. ``count`` is None until answers may be shown; ``share`` is in percent of the largest count."""

    letter: str
    key: str
    text: Markup
    right: bool = False
    count: int | None = None
    share: int = 0


@dataclass(frozen=True, slots=True)
class StepPreview:
    """One step as the desk previews it.

    ``position`` is "trang 4 trong 9", or the number of a question; ``parts`` is the HTML of a slide or prompt;
    ``lines`` are tasks or instructions in order. Of a matching question ``lefts`` is the numbered column and
    ``options`` the lettered one. ``answer`` is the revealed answer of a question without an option to mark, and
    ``totals`` counts who gave it.
    """

    kind: str
    position: str
    title: str
    parts: tuple[Markup, ...] = ()
    options: tuple[AnswerOptionPreview, ...] = ()
    lefts: tuple[Markup, ...] = ()
    answer: tuple[Markup, ...] = ()
    totals: tuple[AnswerOptionPreview, ...] = ()
    lines: tuple[Markup, ...] = ()
    notes: tuple[Markup, ...] = ()
    question: Question | None = None


def preview_step(
    lesson: Lesson,
    steps: Sequence[Step],
    index: int,
    path: DemoPath,
    *,
    demo_step: int = 0,
    single_screen: str | None = None,
    tally: Mapping[str, int] | None = None,
    is_shown: bool = False,
) -> StepPreview:
    """Preview step ``index``.

    ``demo_step`` is how many steps of a demonstration are done, ``single_screen`` the screen that it is limited to,
    ``tally`` the number of answers by option key, ``is_shown`` whether the room sees which answer is right.
    """
    step = steps[index]
    match step.kind:
        case "slide":
            return _slide_preview(lesson, steps, index)
        case "question":
            return _question_preview(lesson, step, tally, is_shown=is_shown)
        case "demo" if lesson.practice:
            return _demo_preview(lesson.practice, path, demo_step)
        case "practice" if lesson.practice and single_screen:
            return _demo_preview(lesson.practice, path, demo_step, single_screen)
        case "use":
            return _use_preview(step, lesson.use)
        case kind:
            return StepPreview(kind, "", step_title(step))


def _use_preview(step: Step, use: Use | None) -> StepPreview:
    """The tasks on the real phone; the notes say what helps where one gets stuck with them."""
    if use is None:
        return StepPreview("use", "", step_title(step))
    needed = [Markup("<p>{} {}.</p>").format(translate("Cần có:"), "; ".join(use.bring))] if use.bring else []
    remedies = [f"<p><strong>{task.text}</strong></p>{task.help}" for task in use.tasks if task.help]
    return StepPreview(
        "use",
        "",
        step_title(step),
        parts=_markup(use.intro) if use.intro else (),
        lines=_markup(*(task.text for task in use.tasks)),
        notes=_markup(*needed, *remedies),
    )


def demo_path(practice: Practice | None) -> DemoPath:
    """The expected path of a practice, with the data of every demonstration; empty without a practice."""
    if practice is None:
        return DemoPath()
    key = id(practice), page_language()
    cached = _demo_paths.get(key)
    if cached is None or cached[0] is not practice:
        steps = demo_steps(practice, generate_random_data(practice, DEMO_SEED))
        cached = practice, DemoPath(tuple(step.text for step in steps), tuple(step.screen for step in steps))
        _demo_paths.put(key, cached)
    return cached[1]


def screen_instructions(practice: Practice, screen_id: str) -> tuple[Markup, ...]:
    """What to do on a screen, worded for any phone.

    Each phone draws its own numbers, so that an instruction says where to read them instead.
    """
    in_messages = {
        normalize_word(name)
        for screen in practice.screens
        for widget in screen.widgets
        for name in placeholder_names(widget.body or "")
    }
    data = {
        name: value
        if random_digit_count(value) is None
        else translate(CODE_IN_MESSAGE)
        if normalize_word(name) in in_messages
        else translate(NUMBER_ON_PHONE)
        for name, value in practice.data
    }
    return tuple(step.text for step in demo_steps(practice, data) if step.screen == screen_id)


def step_title(step: Step) -> str:
    """The title of a step in the page's language; an author's own words stay as they are."""
    if step.pattern:
        return translate(step.pattern).format(number=step.number)
    return step.title.removesuffix(CONTINUED) + translate(CONTINUED) if step.part > 1 else step.title


def step_labels(lesson: Lesson, steps: Sequence[Step]) -> dict[str, str]:
    """Button labels by step key; a question's label has its first words."""
    labels = {}
    for step in steps:
        labels[step.key] = step_title(step)
        question = lesson.understand.question(step.ref) if step.kind == "question" else None
        if question is not None:
            labels[step.key] = f"{step_title(step)}: {_shorten(Markup(question.prompt).striptags())}"  # noqa: S704
    return labels


def correct_answer(question: Question | None) -> tuple[Markup, ...]:
    """HTML lines of the correct answer; () for a poll and without a question."""
    if question is None or question.kind == "poll":
        return ()
    if isinstance(question, Choice):
        letters = {option.key: option.letter for option in options_of(question)}
        right = sorted((letters[option.key], option.text) for option in question.options if option.right)
        return tuple(Markup("{}. {}").format(letter, Markup(text)) for letter, text in right)  # noqa: S704
    return _markup(*correct_answer_lines(question))


def preview_options(question: Question, tally: Mapping[str, int] | None = None) -> tuple[AnswerOptionPreview, ...]:
    """The options of a choice or poll; for other kinds "right" and "other", which hands can be counted for."""
    if isinstance(question, Choice | Poll):
        right = {option.key for option in question.options if option.right}
        options = [
            AnswerOptionPreview(option.letter, option.key, _markup(option.text)[0], option.key in right)
            for option in options_of(question)
        ]
    else:
        options = [
            AnswerOptionPreview("", key, _markup(translate(label))[0], key == "right") for key, label in RIGHT_OR_OTHER
        ]
    if tally is None:
        return tuple(options)
    highest = max([*tally.values(), 1])
    return tuple(
        replace(option, count=tally.get(option.key, 0), share=round(100 * tally.get(option.key, 0) / highest))
        for option in options
    )


def _slide_preview(lesson: Lesson, steps: Sequence[Step], index: int) -> StepPreview:
    section = _section(lesson, steps[index].section)
    slides = [step_index for step_index, step in enumerate(steps) if step.kind == "slide"]
    parts = section_slides(section)
    part_number = min(getattr(steps[index], "part", 1), len(parts))
    return StepPreview(
        "slide",
        translate("trang {number} trong {total}").format(number=slides.index(index) + 1, total=len(slides)),
        section.title or lesson.name,
        parts=_markup(*(block.html for block in parts[part_number - 1])),
        notes=_facilitator_notes(section),
    )


def _question_preview(lesson: Lesson, step: Step, tally: Mapping[str, int] | None, *, is_shown: bool) -> StepPreview:
    question = lesson.understand.question(step.ref)
    if question is None:
        return StepPreview("question", "", step_title(step))
    preview = StepPreview(
        "question",
        question_number(lesson, question),
        step_title(step),
        parts=_markup(question.prompt),
        notes=_facilitator_notes(_section(lesson, step.section)),
        question=question,
    )
    if question.kind in ("choice", "poll"):
        options = preview_options(question, tally)
        return replace(preview, options=tuple(replace(one, right=one.right and is_shown) for one in options))
    totals = preview_options(question, tally) if tally is not None else ()
    if is_shown:
        return replace(preview, answer=_markup(*correct_answer_lines(question)), totals=totals)
    return replace(
        preview,
        lefts=_markup(*(option.text for option in listed_options(question))) if question.kind == "matching" else (),
        options=tuple(
            AnswerOptionPreview(option.letter, option.key, _markup(option.text)[0]) for option in options_of(question)
        )
        if question.kind != "typed"
        else (),
        totals=totals,
    )


def _demo_preview(practice: Practice, path: DemoPath, demo_step: int, single_screen: str | None = None) -> StepPreview:
    """The screen on the wall's phone and its next step. With ``single_screen`` only that screen's steps are counted."""
    is_done = demo_step >= len(path.instructions)
    screen_id = practice.goal if is_done else path.screens[demo_step]
    screen = next(screen for screen in practice.screens if screen.id == screen_id)
    first, last = path.step_range(single_screen) if single_screen else (0, len(path.instructions) - 1)
    is_past_screen = not first <= demo_step <= last
    if is_past_screen:
        position = translate("màn kế tiếp") if single_screen else translate("màn cuối")
    else:
        words = (
            translate("bước {number} trong {total} của màn này")
            if single_screen
            else translate("bước {number} trong {total}")
        )
        position = words.format(number=demo_step - first + 1, total=last - first + 1)
    filler = DataFiller(generate_random_data(practice, DEMO_SEED))
    notes = [filler.text(text) for text in (screen.why, *screen.hints) if text]
    return StepPreview(
        "demo",
        position,
        translate("Làm mẫu: {title}").format(title=screen.title),
        lines=() if is_past_screen else tuple(path.instructions[demo_step : demo_step + 1]),
        notes=tuple(notes),
    )


def _section(lesson: Lesson, section_id: str) -> Section:
    return next(section for section in lesson.understand.sections if section.id == section_id)


def _facilitator_notes(section: Section) -> tuple[Markup, ...]:
    """The author's notes for the facilitator."""
    return _markup(*(part.html for part in section.parts if part.kind == "facilitator"))


def _markup(*texts: str) -> tuple[Markup, ...]:
    return tuple(Markup(text) for text in texts)  # noqa: S704  (sanitised when the course was read)


def _shorten(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= PROMPT_LENGTH else words[:PROMPT_LENGTH].rsplit(" ", 1)[0] + "…"
