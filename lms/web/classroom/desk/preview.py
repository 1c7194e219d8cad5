"""What the room sees at a step, as the desk shows it to the volunteer: a small copy of the wall, and her own notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lms.content.fuzzy_words import fold
from lms.content.model import Lesson, Practice, Question, Section
from lms.content.practice.compiling import draw, drawn_length
from lms.content.practice.placeholders import names_in
from lms.learning.classroom.session.slides import slides_of
from lms.learning.classroom.session.steps import Step
from lms.web.classroom.desk.actions import Walk
from lms.web.classroom.options import answer_lines, letters_of
from lms.web.classroom.wall.boards import count_of
from lms.web.practice.data_fill import Filler
from lms.web.practice.demo_walk import SEED, watched_steps

PROMPT = 38  # characters of a question on the button that leads to it
IN_MESSAGE = "mã trong tin nhắn trên máy của bác"
ON_PHONE = "số hiện trên máy của bác"
SIDES = (("right", "Trả lời đúng"), ("other", "Trả lời khác"))  # of a question without options: bars and hands


@dataclass(frozen=True, slots=True)
class Option:
    """One option as wall and phones letter it. ``count`` is None while it is not to be told; ``share`` in percent."""

    letter: str
    key: str
    text: Markup
    right: bool = False
    count: int | None = None
    share: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """``place`` is "trang 4 trong 9", and of a question what the wall says; ``parts`` are html of the slide;
    ``lines`` are read in order."""

    kind: str
    place: str
    title: str
    parts: tuple[Markup, ...] = ()
    options: tuple[Option, ...] = ()
    lines: tuple[Markup, ...] = ()
    notes: tuple[Markup, ...] = ()
    question: Question | None = None


def shown(
    lesson: Lesson,
    steps: Sequence[Step],
    at: int,
    walk: Walk,
    *,
    demo: int = 0,
    shows_one: str | None = None,
    bars: Mapping[str, int] | None = None,
) -> Shown:
    """The step number ``at``. ``demo``: how far a demonstration has come; ``shows_one``: of this screen
    alone, in the practice; ``bars``: how many chose what."""
    step = steps[at]
    match step.kind:
        case "slide":
            return _slide(lesson, steps, at)
        case "question":
            return _question(lesson, steps, at, bars)
        case "demo":
            return _demo(lesson, walk, demo)
        case "practice":
            # One screen of it stands on the wall in between.
            return _demo(lesson, walk, demo, shows_one) if shows_one else Shown("practice", "", step.title)
        case "use":
            use = lesson.use
            return Shown("use", "", step.title, lines=_html(*(task.text for task in use.tasks) if use else ()))
        case kind:
            return Shown(kind, "", step.title)


def walk_of(practice: Practice | None) -> Walk:
    """The expected path in words, with the data that every demonstration has."""
    if practice is None:
        return Walk()
    steps = watched_steps(practice, draw(practice, SEED))
    return Walk(tuple(step.words for step in steps), tuple(step.screen for step in steps))


def words_at(practice: Practice, screen_id: str) -> tuple[Markup, ...]:
    """What is to be done on a screen, for whichever phone: a number that each phone draws for itself is told by where
    it can be read there."""
    in_messages = {
        fold(name) for screen in practice.screens for widget in screen.widgets for name in names_in(widget.body or "")
    }
    told = {
        name: typed if drawn_length(typed) is None else IN_MESSAGE if fold(name) in in_messages else ON_PHONE
        for name, typed in practice.data
    }
    return tuple(step.words for step in watched_steps(practice, told) if step.screen == screen_id)


def names_of(lesson: Lesson, steps: Sequence[Step]) -> dict[str, str]:
    """What a step is called on the button that leads to it, by key: of a question its first words."""
    names = {}
    for step in steps:
        names[step.key] = step.title
        question = lesson.understand.question(step.ref) if step.kind == "question" else None
        if question is not None:
            names[step.key] = f"{step.title}: {_short(Markup(question.prompt).striptags())}"  # noqa: S704
    return names


def answer_of(question: Question | None) -> tuple[Markup, ...]:
    """The right answer, for the volunteer's eyes; () where there is none to give."""
    if question is None or question.kind == "poll":
        return ()
    if question.kind == "choice":
        letters = {option.key: option.letter for option in letters_of(question)}
        right = sorted((letters[option.key], option.text) for option in question.options if option.right)
        return tuple(Markup("{}. {}").format(letter, Markup(text)) for letter, text in right)  # noqa: S704
    return _html(*answer_lines(question))


def lettered(question: Question, bars: Mapping[str, int] | None = None) -> tuple[Option, ...]:
    """The options of a choice or a poll; for any other question the two sides that can be counted."""
    if question.kind in ("choice", "poll"):
        right = {option.key for option in question.options if option.right}
        found = [(one.letter, one.key, Markup(one.text), one.key in right) for one in letters_of(question)]  # noqa: S704
    else:
        found = [("", key, Markup(words), key == "right") for key, words in SIDES]  # noqa: S704  (our own)
    if bars is None:
        return tuple(Option(*one) for one in found)
    most = max([*bars.values(), 1])
    return tuple(
        Option(*one, count=bars.get(one[1], 0), share=round(100 * bars.get(one[1], 0) / most)) for one in found
    )


def _slide(lesson: Lesson, steps: Sequence[Step], at: int) -> Shown:
    section = _section(lesson, steps[at].section)
    slides = [place for place, step in enumerate(steps) if step.kind == "slide"]
    cut = slides_of(section)
    part = min(getattr(steps[at], "part", 1), len(cut))
    return Shown(
        "slide",
        f"trang {slides.index(at) + 1} trong {len(slides)}",
        section.title or lesson.name,
        parts=_html(*(one.html for one in cut[part - 1])),
        notes=_notes(section),
    )


def _question(lesson: Lesson, steps: Sequence[Step], at: int, bars: Mapping[str, int] | None) -> Shown:
    question = lesson.understand.question(steps[at].ref)
    return Shown(
        "question",
        count_of(lesson, question),
        steps[at].title,
        parts=_html(question.prompt),
        options=lettered(question, bars) if question.kind in ("choice", "poll") or bars is not None else (),
        notes=_notes(_section(lesson, steps[at].section)),
        question=question,
    )


def _demo(lesson: Lesson, walk: Walk, demo: int, only: str | None = None) -> Shown:
    """The screen that the wall's phone shows, and what it will do there next. ``only``: the one screen that is shown,
    whose steps alone are counted."""
    done = demo >= len(walk.words)
    screen = lesson.practice.screen(lesson.practice.goal if done else walk.screens[demo])
    first, last = walk.span(only) if only else (0, len(walk.words) - 1)
    past = not first <= demo <= last
    if past:
        place = "màn kế tiếp" if only else "màn cuối"
    else:
        place = f"bước {demo - first + 1} trong {last - first + 1}" + (" của màn này" if only else "")
    filler = Filler(draw(lesson.practice, SEED))
    said = [filler.text(text) for text in (screen.why, *screen.hints) if text]
    return Shown(
        "demo",
        place,
        f"Làm mẫu: {screen.title}",
        lines=() if past else tuple(walk.words[demo : demo + 1]),
        notes=tuple(said),
    )


def _section(lesson: Lesson, section_id: str) -> Section:
    return next(section for section in lesson.understand.sections if section.id == section_id)


def _notes(section: Section) -> tuple[Markup, ...]:
    """What the author says to whoever stands in front of the class."""
    return _html(*(part.html for part in section.parts if part.kind == "facilitator"))


def _html(*texts: str) -> tuple[Markup, ...]:
    return tuple(Markup(text) for text in texts)  # noqa: S704  (the reader of courses has sanitised it)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= PROMPT else words[:PROMPT].rsplit(" ", 1)[0] + "…"
