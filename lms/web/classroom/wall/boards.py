"""What stands on the wall: one frozen board a step, with every text and number filled in; results are in ``results``.

A board is drawn on the server whenever the class moves; the script only changes the numbers in between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lms.content.model import Callout, Lesson, Prose, Question, Section, Use
from lms.learning.classroom.session.slides import slides_of
from lms.web.classroom.options import Option, left_of, right_of
from lms.web.classroom.wall import font_fit
from lms.web.classroom.wall.font_fit import Fit

MANY_OPTIONS = 4
_PICTURE = re.compile(r"<p>\s*(<img\b[^>]*>)\s*</p>")


@dataclass(frozen=True, slots=True)
class SlideBoard:
    """``picture``: html; a slide's only one stands beside its words where the wall is wide."""

    title: str
    parts: tuple[Prose | Callout, ...]
    picture: str
    heading: Fit
    fit: Fit
    kind: str = "slide"


@dataclass(frozen=True, slots=True)
class AskBoard:
    """``phase``: read, open or locked. ``waits``: the options are not there yet."""

    count: str
    prompt: str  # html
    options: tuple[Option, ...]
    beside: tuple[str, ...]  # html: the second column of a matching
    how: str  # what to do on the phone
    phase: str
    waits: bool
    columns: int
    fit: Fit
    kind: str = "ask"


@dataclass(frozen=True, slots=True)
class UseBoard:
    title: str
    bring: str
    tasks: tuple[str, ...]  # html
    fit: Fit
    kind: str = "use"


@dataclass(frozen=True, slots=True)
class JoinBoard:
    """A board with nothing of its own: letting people in."""

    kind: str = "join"


@dataclass(frozen=True, slots=True)
class OverBoard:
    title: str
    lines: tuple[str, ...]
    kind: str = "over"


def slide_board(lesson: Lesson, section: Section, part: int) -> SlideBoard:
    slides = slides_of(section)
    parts, picture = _apart(slides[min(part, len(slides)) - 1])
    title = section.title or lesson.name
    return SlideBoard(
        title, parts, picture, font_fit.heading_fit(title), font_fit.slide_fit(title, parts, pictured=bool(picture))
    )


def ask_board(lesson: Lesson, question: Question, phase: str, round: int = 1) -> AskBoard:
    """A question on the wall; while it is first read out its options are not there yet, but to talk about it again
    takes all of them. Without options there is nothing but to wait."""
    options, beside = left_of(question), right_of(question)
    columns = 2 if len(options) >= MANY_OPTIONS or beside else 1
    texts = [text for pair in zip(options, beside, strict=False) for text in (pair[0].text, pair[1])]
    is_lettered = any(option.letter for option in options)
    waits = phase == "read" and (round == 1 or not options)
    return AskBoard(
        count=count_of(lesson, question),
        prompt=question.prompt,
        options=() if waits else options,
        beside=() if waits else beside,
        how=_HOW[question.kind],
        phase=phase,
        waits=waits,
        columns=columns,
        fit=font_fit.asked_fit(
            question.prompt, texts or [option.text for option in options], columns=columns, letters=is_lettered
        ),
    )


def count_of(lesson: Lesson, question: Question) -> str:
    """ "Câu 2 trong 4", as on the lesson's own page."""
    graded = [one.id for one in lesson.understand.graded]
    return f"Câu {graded.index(question.id) + 1} trong {len(graded)}" if question.id in graded else "Hỏi ý các bác"


def use_board(use: Use) -> UseBoard:
    bring, tasks = "; ".join(use.bring), tuple(task.text for task in use.tasks)
    needed = f"Cần có: {bring}." if bring else ""
    return UseBoard("Giờ làm thật trên máy của bác", needed, tasks, font_fit.tasks_fit(tasks, needed))


_HOW = {
    "choice": "Bác chọn một câu trên máy",
    "poll": "Bác chọn một câu trên máy",
    "typed": "Bác gõ câu trả lời trên máy",
    "ordering": "Bác xếp lại cho đúng thứ tự trên máy",
    "matching": "Bác ghép từng cặp trên máy",
}


def _apart(parts: Sequence[Prose | Callout]) -> tuple[tuple[Prose | Callout, ...], str]:
    """A slide's words, and its picture when it has one; of several each stays where it is told about."""
    pictures = [found for part in parts for found in _PICTURE.findall(part.html)]
    if len(pictures) != 1:
        return tuple(parts), ""
    return tuple(replace(part, html=_PICTURE.sub("", part.html)) for part in parts), pictures[0]
