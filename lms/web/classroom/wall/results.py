"""The board with a question's result: counts per option, the correct answer and the author's feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lms.content.model import Choice, Poll, Question
from lms.learning.classroom.questions.tallies import RIGHT, Tally
from lms.web.classroom.question_display import Option, correct_answer_lines, feedback_for_everybody, options_of
from lms.web.language import translate

MIN_ALL_RIGHT = 3  # fewer are not "the whole class"


@dataclass(frozen=True, slots=True)
class ResultBar:
    """``width`` in percent of the longest."""

    count: int
    width: int


@dataclass(frozen=True, slots=True)
class OptionResult:
    """One option with its counts and the author's feedback.

    ``before`` is the previous round; None without one, or if the two rounds cannot be compared.
    """

    option: Option
    right: bool
    why: Markup
    now: ResultBar
    before: ResultBar | None


@dataclass(frozen=True, slots=True)
class ResultBoard:
    """The result of one question.

    ``prompt`` is the question, shown above the title; "" where the title is the question. ``shows_legend``: each bar
    has two numbers, and the title does not say which is which. ``all_right``: ``MIN_ALL_RIGHT`` answered or more, and
    nobody wrongly.
    """

    title: str
    rows: tuple[OptionResult, ...]
    correct_lines: tuple[str, ...]  # HTML: the correct answer of a question without options
    is_ordered: bool
    footer: str
    share: int  # percent of correct answers
    prompt: str = ""
    is_poll: bool = False
    all_right: bool = False
    shows_legend: bool = False
    digits: int = 1  # of the largest count
    kind: str = "result"


def result_board(question: Question, tallies: Sequence[Tally], phones: int = 0, *, language: str = "") -> ResultBoard:
    """Build the result. ``tallies`` has one tally per round, the current one last; ``phones`` are in the class.

    ``language``: of the question, "" for Vietnamese.
    """
    if isinstance(question, Choice | Poll):
        return _option_result_board(question, tallies, phones, language)
    correct_lines, answer_count = correct_answer_lines(question), _answer_count(tallies[-1])
    right_counts = [tally.bars.get(RIGHT, 0) for tally in tallies]
    all_right = _all_right(right_counts[-1], answer_count)
    footer = translate("Chưa máy nào trả lời")
    if answer_count:
        right = translate("{right} trong {total} câu trả lời đúng")
        footer = right.format(right=right_counts[-1], total=answer_count)
    if all_right:
        footer = _all_right_title(answer_count, phones)
    if _can_compare(tallies):
        footer += ", " + translate("lần trước {count}").format(count=right_counts[-2])
    return ResultBoard(
        title=Markup(question.prompt).striptags(),  # noqa: S704  (the tags are stripped)
        rows=(),
        correct_lines=correct_lines,
        is_ordered=question.kind == "ordering",
        footer=footer,
        share=_percent(right_counts[-1], answer_count),
        all_right=all_right,
    )


def _option_result_board(question: Choice | Poll, tallies: Sequence[Tally], phones: int, language: str) -> ResultBoard:
    options, by_key = options_of(question), {option.key: option for option in question.options}
    current, previous = tallies[-1], tallies[-2] if _can_compare(tallies) else None
    highest = max(
        (tally.bars.get(option.key, 0) for tally in (current, previous) if tally for option in options), default=0
    )
    rows = tuple(
        OptionResult(
            option,
            right=isinstance(question, Choice) and by_key[option.key].right,
            why=feedback_for_everybody(by_key[option.key], language),
            now=_make_bar(current, option, highest),
            before=_make_bar(previous, option, highest) if previous else None,
        )
        for option in options
    )
    title, compares_rounds = _headline(rows, current)
    answer_count = _answer_count(current)
    all_right = _all_right(sum(row.now.count for row in rows if row.right), answer_count)
    if all_right:
        title, compares_rounds = _all_right_title(answer_count, phones), False
    return ResultBoard(
        title=title,
        rows=rows,
        correct_lines=(),
        is_ordered=False,
        footer="",
        share=0,
        prompt=Markup(question.prompt).striptags(),  # noqa: S704
        is_poll=question.kind == "poll",
        all_right=all_right,
        shows_legend=previous is not None and not compares_rounds,
        digits=len(str(highest)),
    )


def _make_bar(tally: Tally, option: Option, highest: int) -> ResultBar:
    count = tally.bars.get(option.key, 0)
    return ResultBar(count, _percent(count, highest))


def _headline(rows: Sequence[OptionResult], tally: Tally) -> tuple[str, bool]:
    """The headline above the bars, and whether it names the two rounds already."""
    answer_count = _answer_count(tally)
    if not answer_count:
        return translate("Chưa máy nào trả lời"), False
    right_rows = [row for row in rows if row.right]
    if len(right_rows) > 1:
        letters = [row.option.letter for row in right_rows]
        words = translate("Đáp án đúng là {letters} và {last}")
        return words.format(letters=", ".join(letters[:-1]), last=letters[-1]), False
    if not right_rows:
        highest = max(row.now.count for row in rows)
        letters = [row.option.letter for row in rows if row.now.count == highest]
        if len(letters) > 1:
            return translate("{count} câu trả lời").format(count=answer_count), False
        words = translate("Nhiều nhất: {letter}, {count} trong {total}")
        return words.format(letter=letters[0], count=highest, total=answer_count), False
    row = right_rows[0]
    if row.before is None:
        words = translate("{count} trong {total} câu trả lời là {letter}")
        return words.format(count=row.now.count, total=answer_count, letter=row.option.letter), False
    people = translate("Số người chọn {letter}: lần trước {before}, giờ {now}")
    phones = translate("Số máy chọn {letter}: lần trước {before}, giờ {now}")
    words = people if tally.hands else phones
    return words.format(letter=row.option.letter, before=row.before.count, now=row.now.count), True


def _all_right(right_count: int, answer_count: int) -> bool:
    return answer_count >= MIN_ALL_RIGHT and right_count == answer_count


def _all_right_title(answer_count: int, phones: int) -> str:
    if answer_count >= phones:
        return translate("Cả lớp trả lời đúng")
    return translate("Cả {count} câu trả lời đều đúng").format(count=answer_count)


def _can_compare(tallies: Sequence[Tally]) -> bool:
    """Whether there is a previous round and hands were counted in both or in neither."""
    return len(tallies) > 1 and bool(tallies[-1].hands) == bool(tallies[-2].hands)


def _answer_count(tally: Tally) -> int:
    return tally.phones + tally.hands


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
