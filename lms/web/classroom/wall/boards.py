"""The boards of the wall for slides, questions and tasks, with all their texts.

The server renders a board whenever the class moves on; in between the script only updates numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape

from markupsafe import Markup

from lms.content.model import Callout, InlineScreen, Lesson, Prose, Question, Section, Use
from lms.learning.classroom.report.class_report import ClassCounts
from lms.learning.classroom.session.slides import section_slides
from lms.message_catalog import mark_for_translation
from lms.web.classroom.question_display import Option, listed_options, matching_column, question_number
from lms.web.language import translate, translate_number
from lms.web.practice.inline_screens import InlineScreens, InlineScreenView

TWO_COLUMNS_FROM = 4
LONGEST_WORD_IN_COLUMN = 18  # letters; half a 4:3 wall would break a longer one, and addresses are judged by their end
END_LINES = (mark_for_translation("Ai cũng chạm “Xem dấu và mã học”, chép mã vào sổ."),)
_ALT = re.compile(r'\balt="([^"]*)"')
_PICTURE = re.compile(r"<p>\s*(<img\b[^>]*>)\s*</p>")


@dataclass(frozen=True, slots=True)
class SlideBoard:
    """A slide. ``picture`` is HTML: a single picture stands large beside the text; so does a drawn phone.

    ``caption``: text, what a picture without other text shows.
    """

    title: str
    parts: tuple[Prose | Callout, ...]
    picture: str
    caption: str = ""
    inline_screen: InlineScreenView | None = None
    icons: str = ""  # HTML; of the drawn phone
    kind: str = "slide"


@dataclass(frozen=True, slots=True)
class QuestionBoard:
    """A question in phase read, open or locked."""

    number: str
    prompt: str  # html
    options: tuple[Option, ...]
    matches: tuple[Option, ...]  # the right column of a matching question, with letters
    instruction: str  # what learners do on their phones
    phase: str
    hides_options: bool
    columns: int
    kind: str = "question"


@dataclass(frozen=True, slots=True)
class UseBoard:
    title: str
    bring: str  # shown where no ``intro`` needs the place: whoever has not brought it cannot fetch it now
    intro: str  # html: how to do the tasks safely
    tasks: tuple[str, ...]  # html
    kind: str = "use"


@dataclass(frozen=True, slots=True)
class JoinBoard:
    """The join page. Its content is in ``WallView``."""

    kind: str = "join"


@dataclass(frozen=True, slots=True)
class BreakBoard:
    """A break. ``left`` counts down by script, ``end`` is the time of day at which the class goes on."""

    left: str  # "9:24"
    end: str  # "19:40"
    kind: str = "break"


@dataclass(frozen=True, slots=True)
class EndBoard:
    """The end of a class, which a ward photographs. ``figures``: what the class did, as numbers with their words."""

    title: str
    lines: tuple[str, ...]
    figures: tuple[tuple[int, str], ...] = ()
    place: str = ""  # ward, hall and date
    follow_up: tuple[tuple[str, str], ...] = ()  # next meeting and homework, each with its label
    kind: str = "end"


def slide_board(lesson: Lesson, section: Section, part: int) -> SlideBoard:
    slides = section_slides(section)
    all_parts = slides[min(part, len(slides)) - 1]
    parts, picture = _split_picture([part for part in all_parts if not isinstance(part, InlineScreen)])
    title = section.title or lesson.name
    drawn = next((part for part in all_parts if isinstance(part, InlineScreen)), None)
    if drawn is None:
        return SlideBoard(title, parts, picture, _caption(parts, picture))
    screens = InlineScreens(lesson)
    return SlideBoard(title, parts, picture, inline_screen=screens.view(drawn), icons=screens.icons)


def question_board(lesson: Lesson, question: Question, phase: str, round: int = 1) -> QuestionBoard:
    """Build the board of a question that is not answered yet.

    The options are hidden while the question is read out for the first time; later rounds show them.
    """
    options, matches = listed_options(question), matching_column(question)
    columns = 2 if len(options) >= TWO_COLUMNS_FROM and not matches and _fit_half_a_wall(options) else 1
    hides_options = phase == "read" and (round == 1 or not options)
    return QuestionBoard(
        number=question_number(lesson, question),
        prompt=question.prompt,
        options=() if hides_options else options,
        matches=() if hides_options else matches,
        instruction=translate(_INSTRUCTIONS[question.kind]),
        phase=phase,
        hides_options=hides_options,
        columns=columns,
    )


def _fit_half_a_wall(options: Sequence[Option]) -> bool:
    words = (word for option in options for word in re.split(r"[\s-]+", Markup(option.text).striptags()))  # noqa: S704
    return all(len(word) <= LONGEST_WORD_IN_COLUMN for word in words)


def use_board(use: Use) -> UseBoard:
    needed = f"{translate('Cần có:')} {'; '.join(use.bring)}." if use.bring else ""
    return UseBoard(
        translate("Giờ làm thật trên máy của bác"), needed, use.intro, tuple(task.text for task in use.tasks)
    )


def end_board(counts: ClassCounts, finished: int, head_count: int | None, place: str, *, closed: bool) -> EndBoard:
    """Build the board of the last step, and of a closed class. ``finished``: people who reached the practice's end."""
    people = counts.attendance.people if head_count is None else head_count
    figures = (
        (people, translate_number("bác", "bác", people)),
        (counts.asked, translate_number("câu hỏi", "câu hỏi", counts.asked)),
        (finished, translate_number("bác tập xong", "bác tập xong", finished)),
    )
    title = translate("Lớp xong rồi, cảm ơn các bác") if closed else translate("Hết bài rồi, các bác")
    lines = (translate("Dấu và mã học đang ở trên máy của bác."),) if closed else tuple(map(translate, END_LINES))
    return EndBoard(title, lines, tuple(figure for figure in figures if figure[0]), place)


_INSTRUCTIONS = {
    "choice": mark_for_translation("Bác chọn một câu trên máy"),
    "poll": mark_for_translation("Bác chọn một câu trên máy"),
    "typed": mark_for_translation("Bác gõ câu trả lời trên máy"),
    "ordering": mark_for_translation("Bác chạm lần lượt từng mục trên máy"),
    "matching": mark_for_translation("Bác chọn chữ cho từng số trên máy"),
}


def _caption(parts: Sequence[Prose | Callout], picture: str) -> str:
    has_text = any(Markup(part.html).striptags() for part in parts)  # noqa: S704  (the tags are stripped)
    alt = _ALT.search(picture)
    return unescape(alt[1]) if alt and not has_text else ""


def _split_picture(parts: Sequence[Prose | Callout]) -> tuple[tuple[Prose | Callout, ...], str]:
    """Split a slide's only picture from its text; several pictures stay in the text."""
    pictures = [picture for part in parts for picture in _PICTURE.findall(part.html)]
    if len(pictures) != 1:
        return tuple(parts), ""
    return tuple(replace(part, html=_PICTURE.sub("", part.html)) for part in parts), pictures[0]
