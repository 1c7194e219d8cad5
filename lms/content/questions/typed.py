"""``::: hỏi`` with ``=`` lines: the learner types a short answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from lms.content.blocks import Block
from lms.content.keystrokes import read_keystrokes
from lms.content.model import Typed
from lms.content.prose import ProseReader
from lms.content.questions.answer_matching import digit_counts, matches_answer, stated_numbers
from lms.content.questions.body import Item, check_hints, check_prompt, read_body
from lms.content.questions.ids import QuestionIds
from lms.content.questions.outcome import Feedback, Outcome, UnknownOption
from lms.content.source import Diagnostics, ascii_punctuation

KEYSTROKES = "Đúng rồi. Bác gõ phím theo kiểu {}. Bật bộ gõ tiếng Việt kiểu ấy thì máy ra chữ có dấu."
PRIVATE_DIGITS = 6  # a number with as many digits that no answer has may be a code or an identity number
_REDACTED = re.compile(r"\?[0-9]{1,8}")
_RANGE = re.compile(r"(?P<low>[^.…]*(?:\.\d+)*)\s*(?P<dots>\.{2,}|…)\s*(?P<high>.*)\Z")
_SPOKEN_RANGE = re.compile(
    r"(?:từ\s+)?(?P<low>[1-9][0-9]{0,3})\s*(?:-|~|đến|tới)\s*(?P<high>[1-9][0-9]{0,3})", re.IGNORECASE
)
_SEVERAL = re.compile(r"\s*[;|]\s*|\s+(?:hoặc|hay)\s+|\s+/\s+|,\s+(?=\D)|(?<=[^\W\d])/(?=[^\W\d])|(?<=\d)/(?=[^\W\d])")
_MAX_WORDS_OF_ONE = 3  # up to this many words a part of a line may be an answer of its own
_BRACKETED_RANGE = re.compile(r"\[\s*(?P<low>\d+)\s*[,;]\s*(?P<high>\d+)\s*\]|(?P<from>\d+)\s*(?:->|→)\s*(?P<to>\d+)")
_NUMERIC = re.compile(r"[-+−\d.,\s]*\Z")
_NUMBER = re.compile(
    r"(?P<sign>[-+−]?)\s*(?P<whole>[0-9]{1,3}(?:(?P<gap>[. \u00a0])[0-9]{3})(?:(?P=gap)[0-9]{3})*|[0-9]{1,15})"
    r"(?:(?P<point>[.,])(?P<decimals>[0-9]{1,9}))?"
)


def parse(prose: ProseReader, block: Block, ids: QuestionIds) -> Typed | None:
    diagnostics = prose.diagnostics
    body = read_body(diagnostics, block, "=")
    prompt = check_prompt(prose, block, body)
    if "keep-order" in block.options:
        message = "Bỏ “giữ thứ tự”: câu hỏi phải gõ câu trả lời không có thứ tự nào để giữ."
        diagnostics.error("block-option", message, block.opening)
    answers: list[str] = []
    ranges: list[tuple[Decimal, Decimal]] = []
    for item in body.items:
        range_match = _match_range(ascii_punctuation(item.text))
        spoken_range = _SPOKEN_RANGE.fullmatch(ascii_punctuation(item.text))
        if not item.text:
            diagnostics.error("empty-answer", "Viết câu trả lời sau dấu =, hoặc xóa dòng này.", item.line, item.column)
        elif spoken_range and int(spoken_range["low"]) < int(spoken_range["high"]):
            meant = f"{spoken_range['low']}..{spoken_range['high']}"
            message = f"Muốn nhận mọi số từ {spoken_range['low']} đến {spoken_range['high']} thì viết “= {meant}”."
            diagnostics.error("bad-range", message, item.line, item.texts[0][2], meant)
            answers.append(item.text)
        elif range_match is None:
            _check_one_answer(diagnostics, item)
            answers.append(item.text)
        elif bounds := _read_range(diagnostics, item, range_match):
            ranges.append(bounds)
    hints = check_hints(prose, body)
    if not answers and not ranges:
        return None
    return Typed(
        id=ids.assign("typed", body.prompt_text, [*answers, *map(str, ranges)]),
        prompt=prompt,
        answers=tuple(answers),
        ranges=tuple(ranges),
        exact_marks="exact-marks" in block.options,
        hints=hints,
        line=diagnostics.source.position(block.opening)[0],
    )


def _check_one_answer(diagnostics: Diagnostics, item: Item) -> None:
    """Warn of a line that holds several answers: typed alone, none of them would be taken."""
    typed = ascii_punctuation(item.text)
    bounds = _BRACKETED_RANGE.fullmatch(typed)
    if bounds:
        meant = f"{bounds['low'] or bounds['from']}..{bounds['high'] or bounds['to']}"
        message = f"Muốn nhận mọi số trong khoảng ấy thì viết “= {meant}”."
        diagnostics.warning("several-answers", message, item.line, item.texts[0][2], meant)
        return
    parts = [part.strip() for part in _SEVERAL.split(typed)]
    numbers = [part for part in re.split(r"\s*,\s+", typed) if part.isdecimal()]
    parts = numbers if len(numbers) > 2 else parts
    if len(parts) > 1 and all(part and len(part.split()) <= _MAX_WORDS_OF_ONE for part in parts):
        lines = ", ".join(f"“= {part}”" for part in parts)
        message = f"Ai chỉ gõ một trong các câu này sẽ bị coi là sai; viết mỗi câu một dòng: {lines}."
        diagnostics.warning("several-answers", message, item.line, item.texts[0][2])


def redundant_accepted_answers(question: Typed) -> list[tuple[str, str]]:
    """The ``=`` lines that say no more than one above them, each with that one."""
    found: list[tuple[str, str]] = []
    for place, answer in enumerate(question.answers):
        above = question.answers[:place]
        covering = next((each for each in above if _matches_line(question, answer, each)), None)
        if covering is not None:
            found.append((answer, covering))
    return found


def arrange(_question: Typed) -> tuple[()]:
    """There are no options: the answer is typed."""
    return ()


def allowed_digit_counts(question: Typed) -> tuple[int, ...]:
    """The numbers of digits, six or more, that an answer to this question may have."""
    counts = {count for answer in question.answers for count in digit_counts(answer, question.prompt)}
    for bounds in question.ranges:
        low, high = (len(str(int(abs(bound)))) for bound in bounds)
        counts.update(range(low, high + 1))
    return tuple(sorted(count for count in counts if count >= PRIVATE_DIGITS))


def redact(given: Sequence[str], outcome: Outcome) -> list[str]:
    """What is kept of an answer: of one that matches nothing, its length."""
    if outcome.right:
        return list(given)
    return [text if is_redacted_answer(text) else f"?{len(unicodedata.normalize('NFC', text))}" for text in given]


def is_redacted_answer(text: str) -> bool:
    """Whether a stored answer is only the length of one: "?6"."""
    return _REDACTED.fullmatch(text) is not None


def _count_digits(text: str) -> int:
    return sum(char.isdecimal() for char in text)


def grade(question: Typed, given: Sequence[str]) -> Outcome:
    """``given`` is the text typed, or the length that was kept of a wrong one.

    See ``answer_matching`` for what says an answer.
    """
    if len(given) > 1:
        raise UnknownOption(given[1])
    typed = given[0] if given else ""
    if not typed.strip() or is_redacted_answer(typed):
        return Outcome(0.0)
    right = any(_matches_line(question, typed, answer) for answer in question.answers)
    right = right or any(low <= number <= high for low, high in question.ranges for number in _numbers(question, typed))
    if not right and (method := _keystroke_method(question, typed)):
        return Outcome(1.0, (Feedback(None, KEYSTROKES.format(method)),))
    digits = _count_digits(typed)
    is_private = not right and digits >= PRIVATE_DIGITS and digits not in allowed_digit_counts(question)
    return Outcome(float(right), is_private=is_private)


def _matches_line(question: Typed, typed: str, answer: str) -> bool:
    return matches_answer(typed, answer, question.prompt, exact=question.exact_marks)


def _keystroke_method(question: Typed, typed: str) -> str:
    """The input method whose keys for an answer were typed, tone marks and all; "" if they are no answer's."""
    for method, text in read_keystrokes(typed):
        if any(matches_answer(text, answer, question.prompt, exact=True) for answer in question.answers):
            return method
    return ""


def _numbers(question: Typed, typed: str) -> list[Decimal]:
    """The numbers that a text may say, in figures or words."""
    number = read_number(typed.strip(" \t.,;:!?%"))
    return [*([] if number is None else [number]), *stated_numbers(typed, question.prompt)]


def _match_range(text: str) -> re.Match[str] | None:
    """Match ``low..high``, both made of digits and separators."""
    match = _RANGE.match(text)
    if not match or not (_NUMERIC.match(match["low"]) and _NUMERIC.match(match["high"])):
        return None
    return match if (match["low"] + match["high"]).strip() else None


def _read_range(diagnostics: Diagnostics, item: Item, match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    """The bounds of a range; None if they are invalid, which is reported."""
    _, line, column = item.texts[0]
    low, high = read_number(match["low"]), read_number(match["high"])
    if low is None or high is None or (match["dots"] not in ("..", "…")):
        message = "Viết khoảng số theo dạng = 10..12: hai số, ở giữa là hai dấu chấm."
        meant = f"{match['low'].strip()}..{match['high'].strip()}" if low is not None and high is not None else None
        diagnostics.error("bad-range", message, line, column, meant)
        return None
    if match["dots"] == "…":
        message = "Gõ hai dấu chấm .. thay cho dấu ba chấm; lần này đã hiểu."
        diagnostics.warning("punctuation-mended", message, line, column + match.start("dots"), "..")
    if low > high:
        message = "Viết số nhỏ trước, số lớn sau."
        diagnostics.error("bad-range", message, line, column, f"{match['high'].strip()}..{match['low'].strip()}")
        return None
    return low, high


def read_number(text: str) -> Decimal | None:
    """Parse a Vietnamese number: "1.500" is 1500, "1,5" is one and a half. None if ``text`` is no number."""
    match = _NUMBER.fullmatch(text.strip())
    if not match:
        return None
    if match["gap"] == "." and match["point"] == ".":
        return None
    whole = re.sub(r"[^0-9]", "", match["whole"])
    sign = "-" if match["sign"] in ("-", "−") else ""
    return Decimal(f"{sign}{whole}.{match['decimals'] or 0}")
