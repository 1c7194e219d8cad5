"""Split a body into prose and ``:::`` blocks, and report malformed blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lms.content.code_fences import find_code_lines
from lms.content.fuzzy_matching import Vocabulary, word_distance
from lms.content.source import Diagnostics, ascii_punctuation

BLOCK_NAMES = Vocabulary(
    {
        "tip": ("mẹo", "tip"),
        "warning": ("cảnh báo", "warning"),
        "facilitator": ("người đứng lớp", "facilitator"),
        "try": ("chạm thử", "try out"),
        "question": ("hỏi", "question"),
        "order": ("sắp xếp", "order"),
        "match": ("ghép", "match"),
        "poll": ("thăm dò", "poll"),
    },
    meanings={
        "tip": ("ghi nhớ", "nhớ", "mách nhỏ", "bí quyết", "gợi ý", "nên"),
        "warning": ("lưu ý", "chú ý", "coi chừng", "cẩn thận", "nguy hiểm", "quan trọng"),
        "facilitator": ("ghi chú", "giáo viên", "giảng viên", "người dạy", "tình nguyện viên", "hướng dẫn viên"),
        "try": ("thử", "bấm thử", "làm thử"),
        "question": ("câu hỏi", "trắc nghiệm", "đố", "quiz"),
        "order": ("thứ tự", "xếp", "xếp thứ tự"),
        "match": ("nối", "ghép cặp", "ghép đôi"),
        "poll": ("khảo sát", "bình chọn", "ý kiến", "bỏ phiếu"),
    },
)
BLOCK_OPTIONS = Vocabulary(
    {
        "keep-order": ("giữ thứ tự", "keep order"),
        "exact-marks": ("đúng dấu", "exact marks"),
        "unaided": ("tự tìm", "unaided"),
    }
)
UNCLEAR = "unclear"  # a pseudo-option: unknown text after the block's name was reported
_OPTIONS_OF_BLOCK = {"question": ("keep-order", "exact-marks"), "poll": ("keep-order",), "try": ("unaided",)}

_MAX_GUESS_DISTANCE = 0.4  # up to this word_distance a misspelt name is read as the nearest one

_FENCE = re.compile(r"(?P<indent>\s*)(?P<colons>:{2,})(?P<rest>.*)\Z")
_MISTYPED_CLOSING = re.compile(r"\s*(?!:::\s*\Z)[:;](?:\s?[:;.,]){1,3}\s*\Z")  # typing errors for a closing fence
_MISTYPED_OPENING = re.compile(
    r"\s*(?P<colons>(?:\*\*|[>*+-] +)?[:;](?:\s?[:;.]){1,3})\s*(?P<rest>[^\s:;.].*?)(?:\*\*)?\Z"
)
_LIST_ITEM = re.compile(r"\s*(?:[-*+=>?]|\d+[.)])")
_HEADING = re.compile(r" {0,3}#{1,2}\s")  # starts a section
_SMALL_HEADING = re.compile(r" {0,3}#{3,6}\s+(?P<title>.*?)\s*#*\s*\Z")


@dataclass(frozen=True, slots=True)
class ProseRange:
    """Lines of prose between blocks, from ``start`` up to ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block; its body is the lines from ``start`` up to ``end``. ``name`` is None if it is unknown."""

    opening: int
    start: int
    end: int
    name: str | None
    options: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Fence:
    line: int
    column: int
    words: str  # the text after the colons; "" for a closing fence


def split_blocks(diagnostics: Diagnostics, start: int) -> list[ProseRange | Block]:
    """Split the lines from ``start`` to the end of the file into prose and blocks, in order."""
    lines = diagnostics.source.lines
    code = _code_lines(diagnostics, start)
    fences = [
        fence for index in range(start, len(lines)) if index not in code and (fence := _read_fence(diagnostics, index))
    ]
    parts: list[ProseRange | Block] = []
    position = start
    while fences:
        fence = fences.pop(0)
        if fence.line > position:
            parts.append(ProseRange(position, fence.line))
        if not fence.words:
            diagnostics.error("block-stray", "Bỏ dấu ::: này: không có khối nào đang mở.", fence.line, fence.column)
            position = fence.line + 1
            continue
        end, position = _end_of_block(diagnostics, fence, fences, code)
        name, options = _read_name(diagnostics, fence)
        if position == end and not any(line.strip() for line in lines[fence.line + 1 : end]):
            name = None  # an empty, unclosed block: report nothing else about it
        parts.append(Block(fence.line, fence.line + 1, end, name, options))
    if position < len(lines):
        parts.append(ProseRange(position, len(lines)))
    return parts


def _read_fence(diagnostics: Diagnostics, index: int) -> _Fence | None:
    line = diagnostics.source.lines[index]
    meant = ascii_punctuation(line)
    if ":" not in meant and ";" not in meant:
        return None
    match = _FENCE.match(meant)
    if not match or (match["colons"] == "::" and not _is_block_name(match["rest"])):
        match = _mistyped_opening(meant)
    if not match:
        return None
    if match["colons"] == ":::":
        diagnostics.check_punctuation(index, match.start("colons"), match.end("colons"))
    else:
        message = "Gõ đúng ba dấu hai chấm ::: để mở hay khép một khối."
        diagnostics.error("block-colons", message, index, match.start("colons"), f"::: {match['rest'].strip()}".strip())
    return _Fence(index, match.start("colons"), line[slice(*match.span("rest"))].strip())


def _mistyped_opening(meant: str) -> re.Match[str] | None:
    """Match a line that is little more than a block's name, after punctuation that was meant as three colons."""
    match = _MISTYPED_OPENING.match(meant)
    if not match:
        return None
    words = match["rest"].split()
    _, count = BLOCK_NAMES.match_prefix(words)
    rest = words[count:]
    return match if count and (not rest or BLOCK_OPTIONS.match_prefix(rest)[0]) else None


def _is_block_name(words: str) -> bool:
    return BLOCK_NAMES.match_prefix(words.split())[0] is not None


def _end_of_block(diagnostics: Diagnostics, opening: _Fence, fences: list[_Fence], code: set[int]) -> tuple[int, int]:
    """The index after the body, and the index to continue at. Removes the closing fence from ``fences``."""
    lines = diagnostics.source.lines
    following = fences[0] if fences else None
    limit = following.line if following else len(lines)
    heading = next((i for i in range(opening.line + 1, limit) if i not in code and _HEADING.match(lines[i])), None)
    if following is not None and not following.words:
        fences.pop(0)
        if heading is not None:
            message = "Đưa tiêu đề ra ngoài khối: trong khối ::: không có tiêu đề."
            diagnostics.error("block-heading", message, heading, 0)
        for index in range(opening.line + 1, following.line):
            small = _SMALL_HEADING.match(lines[index]) if index not in code else None
            if small:
                meant = f"**{small['title']}**"
                message = f"Trong khối ::: không có tiêu đề; viết thành chữ đậm: “{meant}”."
                diagnostics.error("block-heading", message, index, 0, meant)
        return following.line, following.line + 1
    body = (i for i in range(opening.line + 1, limit) if i not in code)
    mistyped_closing = next((i for i in body if _MISTYPED_CLOSING.match(ascii_punctuation(lines[i]))), None)
    if mistyped_closing is not None:
        message = "Gõ đúng ba dấu hai chấm ::: để mở hay khép một khối."
        diagnostics.error("block-colons", message, mistyped_closing, 0, ":::")
        return mistyped_closing, mistyped_closing + 1
    if following is not None and len(fences) > 2 and not fences[1].words and not fences[2].words:
        message = "Khép khối trên bằng ::: trước khi mở khối này: khối không lồng trong nhau."
        diagnostics.error("block-nested", message, following.line, following.column)
        _drop_closing_of_outer(fences)
        return following.line, following.line
    message = "Khép khối này bằng một dòng :::."
    diagnostics.error("block-open", message, opening.line, opening.column, ":::")
    end = min(heading or limit, _end_of_items(lines, opening.line + 1, limit))
    return end, end


def _end_of_items(lines: tuple[str, ...], start: int, limit: int) -> int:
    """Guess the end of an unclosed block: before the paragraph that follows its items, if it has any."""
    has_item = False
    for index in range(start, limit):
        is_item = bool(_LIST_ITEM.match(lines[index]))
        if has_item and not is_item and lines[index].strip() and not lines[index - 1].strip():
            return index
        has_item = has_item or is_item
    return limit


def _drop_closing_of_outer(fences: list[_Fence]) -> None:
    """Remove the second closing fence after a nested block: it belongs to the outer block."""
    del fences[2]


def _read_name(diagnostics: Diagnostics, fence: _Fence) -> tuple[str | None, frozenset[str]]:
    line = diagnostics.source.lines[fence.line]
    words = list(re.finditer(r"\S+", fence.words))
    start = line.index(fence.words, fence.column)
    name, count = BLOCK_NAMES.match_prefix([word[0] for word in words])
    if name is None:
        bare = [word[0].rstrip(":,.") for word in words]
        name, count = BLOCK_NAMES.match_prefix(bare)
        if name is not None and count < len(words):  # "hỏi: Ai gọi?", which is reported once, as what follows the name
            return name, _read_options(diagnostics, fence, str(name), words[count:], start)
        nearest, count, distance = _nearest_name([word[0] for word in words])
        message = f"Không có khối “{fence.words}”; có phải bác muốn viết “{nearest}”?"
        if not BLOCK_NAMES.resembles(" ".join(bare[:count])):
            message = (
                f"Không có khối “{fence.words}”; có các khối: {', '.join(map(BLOCK_NAMES.spelling, BLOCK_NAMES))}."
            )
        diagnostics.error("unknown-block", message, fence.line, start, nearest)
        if distance > _MAX_GUESS_DISTANCE:
            return None, frozenset()
        name = BLOCK_NAMES.find(nearest)
    return name, _read_options(diagnostics, fence, str(name), words[count:], start)


def _nearest_name(words: list[str]) -> tuple[str, int, float]:
    """The nearest block name to the first words, the number of words that it replaces, and their distance."""
    guesses: list[tuple[float, int, str]] = []
    for count in range(1, min(len(words), 4) + 1):
        typed = " ".join(words[:count])
        nearest = BLOCK_NAMES.nearest(typed)
        distance = 0.0 if BLOCK_NAMES.means(typed) else word_distance(typed, nearest)
        guesses.append((distance, count, nearest))
    distance, count, nearest = min(guesses)
    return nearest, count, distance


def _read_options(
    diagnostics: Diagnostics, fence: _Fence, name: str, words: list[re.Match[str]], start: int
) -> frozenset[str]:
    options: set[str] = set()
    allowed = Vocabulary({code: BLOCK_OPTIONS.spellings(code) for code in _OPTIONS_OF_BLOCK.get(name, ())})
    while words:
        option, count = allowed.match_prefix([word[0] for word in words])
        if option is None:
            typed = " ".join(word[0] for word in words)
            column = start + words[0].start()
            if not _OPTIONS_OF_BLOCK.get(name):
                message = f"Bỏ “{typed}”: sau tên khối “{BLOCK_NAMES.spelling(name)}” không viết gì thêm."
                diagnostics.error("block-option", message, fence.line, column)
            elif allowed.resembles(typed):
                nearest = allowed.nearest(typed)
                message = f"Sau tên khối không viết được “{typed}”; có phải bác muốn viết “{nearest}”?"
                diagnostics.error("block-option", message, fence.line, column, nearest)
            else:
                known = " hay ".join(allowed.spelling(code) for code in allowed)
                message = f"Đưa “{typed}” xuống dòng dưới: sau tên khối chỉ viết được {known}."
                diagnostics.error("block-option", message, fence.line, column)
            options.add(UNCLEAR)
            break
        options.add(option)
        words = words[count:]
    return frozenset(options)


def _code_lines(diagnostics: Diagnostics, start: int) -> set[int]:
    """The lines of fenced code, in which ``:::`` has no meaning. A code fence that is not closed is an error."""
    code, unclosed = find_code_lines(diagnostics.source.lines[start:])
    for index, sign in unclosed:
        message = f"Khép đoạn mã này bằng một dòng {sign}, hoặc bỏ dấu {sign}."
        diagnostics.error("code-open", message, start + index, 0, sign)
    return {start + index for index in code}
