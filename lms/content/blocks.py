"""``:::`` blocks: where they open and close, what they are, and every way to get that wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.content.fuzzy_words import Words, strangeness
from lms.content.source import Report, plain

NAMES = Words(
    {
        "tip": ("mẹo", "tip"),
        "warning": ("cảnh báo", "warning"),
        "facilitator": ("người đứng lớp", "facilitator"),
        "question": ("hỏi", "question"),
        "order": ("sắp xếp", "order"),
        "match": ("ghép", "match"),
        "poll": ("thăm dò", "poll"),
    }
)
OPTIONS = Words({"keep-order": ("giữ thứ tự", "keep order"), "exact-marks": ("đúng dấu", "exact marks")})
UNCLEAR = "unclear"  # among a block's options: something beside the name was not understood, and reported
_TAKES = {"question": ("keep-order", "exact-marks"), "poll": ("keep-order",)}

_SURE = 0.4  # a name no stranger than this is read as the nearest one, so that the block's own faults show, too

_FENCE = re.compile(r"(?P<indent>\s*)(?P<colons>:{2,})(?P<rest>.*)\Z")
_MISTYPED = re.compile(r"\s*(?!:::\s*\Z)[:;](?:\s?[:;.,]){1,3}\s*\Z")  # as the closing fence may come out
_MISTYPED_OPENING = re.compile(
    r"\s*(?P<colons>(?:\*\*|[>*+-] +)?[:;](?:\s?[:;.]){1,3})\s*(?P<rest>[^\s:;.].*?)(?:\*\*)?\Z"
)
_CODE_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<rest>.*)\Z")
_ITEM = re.compile(r"\s*(?:[-*+=>?]|\d+[.)])")
_HEADING = re.compile(r" {0,3}#{1,2}\s")  # what begins a section, or would like to


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of prose between blocks, ``end`` excluded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block; its body is the lines from ``start`` up to ``end``. ``name`` None: nobody knows what it is."""

    opening: int
    start: int
    end: int
    name: str | None
    options: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Fence:
    line: int
    column: int
    words: str  # what stands after the colons; "" closes


def read_blocks(report: Report, start: int) -> list[Passage | Block]:
    """Part the lines from ``start`` to the end of the file into prose and blocks, in order."""
    lines = report.source.lines
    code = _code_lines(report, start)
    fences = [fence for index in range(start, len(lines)) if index not in code and (fence := _fence(report, index))]
    parts: list[Passage | Block] = []
    at = start
    while fences:
        fence = fences.pop(0)
        if fence.line > at:
            parts.append(Passage(at, fence.line))
        if not fence.words:
            report.error("block-stray", "Bỏ dấu ::: này: không có khối nào đang mở.", fence.line, fence.column)
            at = fence.line + 1
            continue
        end, at = _end_of_block(report, fence, fences, code)
        name, options = _name(report, fence)
        if at == end and not any(line.strip() for line in lines[fence.line + 1 : end]):
            name = None  # it is not closed, and nothing else is worth saying of it
        parts.append(Block(fence.line, fence.line + 1, end, name, options))
    if at < len(lines):
        parts.append(Passage(at, len(lines)))
    return parts


def _fence(report: Report, index: int) -> _Fence | None:
    line = report.source.lines[index]
    found = _FENCE.match(plain(line))
    if not found or (found["colons"] == "::" and not _known(found["rest"])):
        found = _mistyped_opening(line)
    if not found:
        return None
    if found["colons"] == ":::":
        report.mend(index, found.start("colons"), found.end("colons"))
    else:
        message = "Gõ đúng ba dấu hai chấm ::: để mở hay khép một khối."
        report.error("block-colons", message, index, found.start("colons"), f"::: {found['rest'].strip()}".strip())
    return _Fence(index, found.start("colons"), line[slice(*found.span("rest"))].strip())


def _mistyped_opening(line: str) -> re.Match[str] | None:
    """A line that is a block's name and hardly anything else, with signs before it that were to be three colons."""
    found = _MISTYPED_OPENING.match(plain(line))
    words = found["rest"].split() if found else []
    _, taken = NAMES.find_first(words)
    more = words[taken:]
    return found if taken and (not more or OPTIONS.find_first(more)[0]) else None


def _known(words: str) -> bool:
    return NAMES.find_first(words.split())[0] is not None


def _end_of_block(report: Report, opening: _Fence, fences: list[_Fence], code: set[int]) -> tuple[int, int]:
    """The index after the body, and where reading goes on. Takes the closing fence from ``fences``."""
    lines = report.source.lines
    following = fences[0] if fences else None
    limit = following.line if following else len(lines)
    heading = next((i for i in range(opening.line + 1, limit) if i not in code and _HEADING.match(lines[i])), None)
    if following is not None and not following.words:
        fences.pop(0)
        if heading is not None:
            message = "Đưa tiêu đề ra ngoài khối: trong khối ::: không có tiêu đề."
            report.error("block-heading", message, heading, 0)
        return following.line, following.line + 1
    mistyped = next(
        (i for i in range(opening.line + 1, limit) if i not in code and _MISTYPED.match(plain(lines[i]))), None
    )
    if mistyped is not None:
        message = "Gõ đúng ba dấu hai chấm ::: để mở hay khép một khối."
        report.error("block-colons", message, mistyped, 0, ":::")
        return mistyped, mistyped + 1
    if following is not None and len(fences) > 2 and not fences[1].words and not fences[2].words:
        message = "Khép khối trên bằng ::: trước khi mở khối này: khối không lồng trong nhau."
        report.error("block-nested", message, following.line, following.column)
        _drop_closing_of_outer(fences)
        return following.line, following.line
    message = "Khép khối này bằng một dòng :::."
    report.error("block-open", message, opening.line, opening.column, ":::")
    end = min(heading or limit, _end_of_items(lines, opening.line + 1, limit))
    return end, end


def _end_of_items(lines: tuple[str, ...], start: int, limit: int) -> int:
    """Where a block that is not closed seems to end: before the paragraph that follows its items, if it has any."""
    seen = False
    for index in range(start, limit):
        item = bool(_ITEM.match(lines[index]))
        if seen and not item and lines[index].strip() and not lines[index - 1].strip():
            return index
        seen = seen or item
    return limit


def _drop_closing_of_outer(fences: list[_Fence]) -> None:
    """The second of two closing fences belongs to the block that the first one's is nested in."""
    del fences[2]


def _name(report: Report, fence: _Fence) -> tuple[str | None, frozenset[str]]:
    line = report.source.lines[fence.line]
    words = list(re.finditer(r"\S+", fence.words))
    start = line.index(fence.words, fence.column)
    name, taken = NAMES.find_first([word[0] for word in words])
    if name is None:
        near, taken, strange = _nearest_name([word[0] for word in words])
        message = f"Không có khối “{fence.words}”; có phải bác muốn viết “{near}”?"
        report.error("unknown-block", message, fence.line, start, near)
        if strange > _SURE:
            return None, frozenset()
        name = NAMES.find(near)
    return name, _options(report, fence, str(name), words[taken:], start)


def _nearest_name(words: list[str]) -> tuple[str, int, float]:
    """The nearest name to the first words, how many of them it stands for, and how strange they are."""
    guesses = []
    for taken in range(1, min(len(words), 4) + 1):
        typed = " ".join(words[:taken])
        near = NAMES.nearest(typed)
        guesses.append((strangeness(typed, near), taken, near))
    strange, taken, near = min(guesses)
    return near, taken, strange


def _options(report: Report, fence: _Fence, name: str, words: list[re.Match[str]], start: int) -> frozenset[str]:
    options = set()
    allowed = Words({code: OPTIONS.spellings(code) for code in _TAKES.get(name, ())})
    while words:
        option, taken = allowed.find_first([word[0] for word in words])
        if option is None:
            typed = " ".join(word[0] for word in words)
            column = start + words[0].start()
            if not _TAKES.get(name):
                message = f"Bỏ “{typed}”: sau tên khối “{NAMES.spelling(name)}” không viết gì thêm."
                report.error("block-option", message, fence.line, column)
            elif allowed.resembles(typed):
                near = allowed.nearest(typed)
                message = f"Sau tên khối không viết được “{typed}”; có phải bác muốn viết “{near}”?"
                report.error("block-option", message, fence.line, column, near)
            else:
                known = " hay ".join(allowed.spelling(code) for code in allowed)
                message = f"Đưa “{typed}” xuống dòng dưới: sau tên khối chỉ viết được {known}."
                report.error("block-option", message, fence.line, column)
            options.add(UNCLEAR)
            break
        options.add(option)
        words = words[taken:]
    return frozenset(options)


def _code_lines(report: Report, start: int) -> set[int]:
    """The lines of fenced code, where a ``:::`` means nothing. A fence that is never closed is none, and an error."""
    lines = report.source.lines
    code: set[int] = set()
    index = start
    while index < len(lines):
        opening = _CODE_FENCE.match(lines[index])
        if not opening or (opening["fence"][0] == "`" and "`" in opening["rest"]):
            index += 1
            continue
        closing = re.compile(rf" {{0,3}}{re.escape(opening['fence'][0])}{{{len(opening['fence'])},}}\s*\Z")
        end = next((i for i in range(index + 1, len(lines)) if closing.match(lines[i])), None)
        if end is None:
            sign = opening["fence"]
            report.error("code-open", f"Khép đoạn mã này bằng một dòng {sign}, hoặc bỏ dấu {sign}.", index, 0, sign)
            index += 1
            continue
        code.update(range(index, end + 1))
        index = end + 1
    return code
