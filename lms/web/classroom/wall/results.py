"""The result of a question on the wall: how many chose what, what is right, and what the author says to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.model import Choice, Poll, Question
from lms.learning.classroom.questions.tallies import RIGHT, Tally
from lms.web.classroom.options import Option, answer_lines, letters_of
from lms.web.classroom.wall.font_fit import Fit, answer_fit
from lms.web.classroom.wall.result_fit import ResultFit, Row, result_fit
from lms.web.classroom.wall.text_metrics import plain


@dataclass(frozen=True, slots=True)
class Bar:
    """``width`` in percent of the longest."""

    count: int
    width: int


@dataclass(frozen=True, slots=True)
class Got:
    """One option, how many took it, and what the author says to it.

    ``before``: how many in the round before; None where there was none, or where the two cannot be compared.
    """

    option: Option
    right: bool
    why: str  # html
    now: Bar
    before: Bar | None


@dataclass(frozen=True, slots=True)
class ResultBoard:
    """``asked``: a poll's question, small over what most chose; nothing under it says what was asked.

    ``compared``: two numbers stand at every bar, and the title does not say which is which."""

    title: str
    rows: tuple[Got, ...]
    lines: tuple[str, ...]  # html: the answer of what has no options
    ordered: bool
    foot: str
    share: int  # percent who had it
    fit: Fit | ResultFit
    asked: str = ""
    compared: bool = False
    digits: int = 1  # of the longest number
    kind: str = "result"


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
        fit=answer_fit(plain(question.prompt), lines),
    )


def _chosen(question: Choice | Poll, tallies: Sequence[Tally]) -> ResultBoard:
    options, by_key = letters_of(question), {option.key: option for option in question.options}
    now, before = tallies[-1], tallies[-2] if _comparable(tallies) else None
    most = max((tally.bars.get(option.key, 0) for tally in (now, before) if tally for option in options), default=0)
    rows = tuple(
        Got(
            option,
            right=question.kind == "choice" and by_key[option.key].right,
            why=by_key[option.key].why or "",
            now=_bar(now, option, most),
            before=_bar(before, option, most) if before else None,
        )
        for option in options
    )
    title, says_both = _sentence(rows, now)
    asked = plain(question.prompt) if question.kind == "poll" else ""
    return ResultBoard(
        title=title,
        rows=rows,
        lines=(),
        ordered=False,
        foot="",
        share=0,
        fit=result_fit([Row(row.option.text, row.why, row.right) for row in rows], asked),
        asked=asked,
        compared=before is not None and not says_both,
        digits=len(str(most)),
    )


def _bar(tally: Tally, option: Option, most: int) -> Bar:
    count = tally.bars.get(option.key, 0)
    return Bar(count, _percent(count, most))


def _sentence(rows: Sequence[Got], now: Tally) -> tuple[str, bool]:
    """What the bars show, in one sentence above them; and whether it tells the round before from this one."""
    given = _given(now)
    if not given:
        return "Chưa máy nào trả lời", False
    right = [row for row in rows if row.right]
    if len(right) > 1:
        letters = [row.option.letter for row in right]
        return f"Đáp án đúng là {', '.join(letters[:-1])} và {letters[-1]}", False
    if not right:
        most = max(row.now.count for row in rows)
        chosen = [row.option.letter for row in rows if row.now.count == most]
        return (f"Nhiều nhất: {chosen[0]}, {most} trong {given}" if len(chosen) == 1 else f"{given} câu trả lời"), False
    row = right[0]
    if row.before is None:
        return f"{row.now.count} trong {given} câu trả lời là {row.option.letter}", False
    who = "người" if now.hands else "máy"
    return f"Số {who} chọn {row.option.letter}: lần trước {row.before.count}, giờ {row.now.count}", True


def _comparable(tallies: Sequence[Tally]) -> bool:
    """There was a round before this one, and hands were counted in both or in neither."""
    return len(tallies) > 1 and bool(tallies[-1].hands) == bool(tallies[-2].hands)


def _given(tally: Tally) -> int:
    return tally.phones + tally.hands


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
