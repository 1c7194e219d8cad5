"""What stands on the wall: one frozen board a step, with every text and number filled in.

A board is drawn on the server whenever the class moves; the script only changes the numbers in between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import escape

from lms.content.model import Callout, Choice, Lesson, Poll, Prose, Question, Section, Use
from lms.content.questions import arrange
from lms.learning.classroom.asking import RIGHT, Tally
from lms.learning.classroom.slides import slides_of
from lms.web.classroom import fitting
from lms.web.classroom.fitting import Fit, ResultFit, Row
from lms.web.classroom.lettering import plain
from lms.web.classroom.rounds import ROUND_NAMES

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
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
class Option:
    """One option as wall and phones letter it; ``text`` is html. ``letter`` is "" where options carry none."""

    letter: str
    key: str
    text: str


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
class Bar:
    """``width`` in percent of the longest."""

    round: str  # "lần hai"
    count: int
    width: int


@dataclass(frozen=True, slots=True)
class Got:
    """One option with how many took it, round by round, and what the author says to it."""

    option: Option
    right: bool
    why: str  # html
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class ResultBoard:
    title: str
    rows: tuple[Got, ...]
    lines: tuple[str, ...]  # html: the answer of what has no options
    ordered: bool
    foot: str
    share: int  # percent who had it
    fit: Fit | ResultFit
    kind: str = "result"


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
        title, parts, picture, fitting.heading_fit(title), fitting.slide_fit(title, parts, pictured=bool(picture))
    )


def ask_board(lesson: Lesson, question: Question, phase: str, round: int = 1) -> AskBoard:
    """A question on the wall; while it is first read out its options are not there yet, but to talk about it again
    takes all of them. Without options there is nothing but to wait."""
    options, beside = _shown(question), _rights(question)
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
        fit=fitting.asked_fit(
            question.prompt, texts or [option.text for option in options], columns=columns, letters=is_lettered
        ),
    )


def count_of(lesson: Lesson, question: Question) -> str:
    """ "Câu 2 trong 4", as on the lesson's own page."""
    graded = [one.id for one in lesson.understand.graded]
    return f"Câu {graded.index(question.id) + 1} trong {len(graded)}" if question.id in graded else "Hỏi ý các bác"


def letters_of(question: Question) -> tuple[Option, ...]:
    """What can be picked, in the one order of wall and phones. What is put in order or in pairs has no letters."""
    match question.kind:
        case "choice" | "poll":
            return tuple(
                Option(letter, option.key, option.text)
                for letter, option in zip(LETTERS, arrange(question), strict=False)
            )
        case "ordering":
            return tuple(Option("", option.key, option.text) for option in arrange(question))
        case "matching":
            return tuple(Option("", option.key, option.text) for option in arrange(question).rights)
    return ()


def answer_lines(question: Question) -> tuple[str, ...]:
    """Html: the right answer of what has no options to mark, a line each."""
    match question.kind:
        case "typed":
            first = question.answers[:1] or tuple(f"từ {low} đến {high}" for low, high in question.ranges[:1])
            return tuple(str(escape(one)) for one in first)
        case "ordering":
            return tuple(item.text for item in question.items)
        case "matching":
            return tuple(f"{pair.left.text} – {pair.right.text}" for pair in question.pairs)
    return ()


def result_board(question: Question, tallies: Sequence[Tally]) -> ResultBoard:
    """``tallies`` are those of each round, from the first to the present."""
    if question.kind in ("choice", "poll"):
        return _chosen(question, tallies)
    lines, given = answer_lines(question), _given(tallies[-1])
    right = [tally.bars.get(RIGHT, 0) for tally in tallies]
    foot = f"{right[-1]} trong {given} câu trả lời đúng" if given else "Chưa máy nào trả lời"
    if _comparable(tallies):
        foot += f", lần trước {right[-2]}"
    return ResultBoard(
        title=plain(question.prompt),
        rows=(),
        lines=lines,
        ordered=question.kind == "ordering",
        foot=foot,
        share=_percent(right[-1], given),
        fit=fitting.answer_fit(plain(question.prompt), lines),
    )


def use_board(use: Use) -> UseBoard:
    bring, tasks = "; ".join(use.bring), tuple(task.text for task in use.tasks)
    needed = f"Cần có: {bring}." if bring else ""
    return UseBoard("Giờ làm thật trên máy của bác", needed, tasks, fitting.tasks_fit(tasks, needed))


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


def _chosen(question: Choice | Poll, tallies: Sequence[Tally]) -> ResultBoard:
    options = letters_of(question)
    by_key = {option.key: option for option in question.options}
    most = max((tally.bars.get(option.key, 0) for tally in tallies for option in options), default=0)
    rows = tuple(
        Got(
            option,
            right=question.kind == "choice" and by_key[option.key].right,
            why=by_key[option.key].why or "",
            bars=tuple(
                Bar(ROUND_NAMES[number], tally.bars.get(option.key, 0), _percent(tally.bars.get(option.key, 0), most))
                for number, tally in enumerate(tallies, 1)
            ),
        )
        for option in options
    )
    return ResultBoard(
        title=_sentence(rows, tallies),
        rows=rows,
        lines=(),
        ordered=False,
        foot="",
        share=0,
        fit=fitting.result_fit([Row(row.option.text, row.why, row.right) for row in rows], len(tallies)),
    )


def _sentence(rows: Sequence[Got], tallies: Sequence[Tally]) -> str:
    """What the bars show, in one sentence above them."""
    given = _given(tallies[-1])
    if not given:
        return "Chưa máy nào trả lời"
    right = [row for row in rows if row.right]
    if len(right) > 1:
        letters = [row.option.letter for row in right]
        return f"Đáp án đúng là {', '.join(letters[:-1])} và {letters[-1]}"
    if right:
        row = right[0]
        if _comparable(tallies):
            who = "người" if tallies[-1].hands else "máy"
            return f"Số {who} chọn {row.option.letter}: lần trước {row.bars[-2].count}, giờ {row.bars[-1].count}"
        return f"{row.bars[-1].count} trong {given} câu trả lời là {row.option.letter}"
    return f"{given} câu trả lời"


def _comparable(tallies: Sequence[Tally]) -> bool:
    """There was a round before this one, and hands were counted in both or in neither."""
    return len(tallies) > 1 and bool(tallies[-1].hands) == bool(tallies[-2].hands)


def _given(tally: Tally) -> int:
    return tally.phones + tally.hands


def _shown(question: Question) -> tuple[Option, ...]:
    """The options of a board; of a matching the left sides."""
    if question.kind != "matching":
        return letters_of(question)
    return tuple(Option("", option.key, option.text) for option in arrange(question).lefts)


def _rights(question: Question) -> tuple[str, ...]:
    return tuple(option.text for option in arrange(question).rights) if question.kind == "matching" else ()


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
