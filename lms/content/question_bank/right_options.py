"""Which options of a written test are right. What is not certain is refused: no guess ever becomes an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.question_bank.marked_text import MarkedText

LETTERS = "ABCDEFGHIJ"
_JOINED = re.compile(rf"[{LETTERS}](?:\s*(?:,|;|&|\+|và)\s*[{LETTERS}])*\Z", re.IGNORECASE)
_RUN = re.compile(rf"[{LETTERS}]{{2,}}\Z")  # "AC"; in small letters it would be a word
_WITH_TEXT = re.compile(rf"(?P<letter>[{LETTERS}])\s*[.):/–-]\s*(?P<text>\S.*)\Z", re.IGNORECASE)
_SIGNS = "*✓✔√☑☒"
_SIGN_BEFORE = re.compile(rf"(?:[{_SIGNS}]|\[[xX]\]|\([xX]\))\s*(?=\S)")
_SIGN_AFTER = re.compile(rf"(?<=\S)\s*(?:[{_SIGNS}]|\((?:x|X|đúng|Đúng|ĐÚNG|đ|Đ)\))\Z")
_EMPTY_BOX = re.compile(r"(?:☐|\[ ?\])\s*(?=\S)")


NO_LABEL = MarkedText("")


class RightOptionUnknown(Exception):
    """Nobody could say which options are right; the message is a Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class MarkedOption:
    """``letter`` is "" for an option of a bulleted list. ``label`` is the letter as it was typed."""

    letter: str
    text: MarkedText
    label: MarkedText = NO_LABEL
    is_signed: bool = False


def strip_right_mark(text: MarkedText) -> tuple[MarkedText, bool]:
    """The text without the sign that says it is right (``*``, ``[x]``, ``(đúng)``, a tick), and whether it had one."""
    if match := _EMPTY_BOX.match(text.text):
        return text.slice(match.end()), False
    if match := _SIGN_BEFORE.match(text.text):
        return text.slice(match.end()), True
    if match := _SIGN_AFTER.search(text.text):
        return text.slice(0, match.start()), True
    return text, False


def find_right_options(options: Sequence[MarkedOption], answer: str | None) -> frozenset[int]:
    """The indexes of the right options. ``answer`` is what stands after "Đáp án:", None if there is no such line.

    Raises:
        RightOptionUnknown: nothing tells it, or two marks tell different things.
    """
    said: dict[str, frozenset[int]] = {}
    if answer is not None:
        said["đáp án"] = _read_answer(answer, options)
    signed = frozenset(index for index, option in enumerate(options) if option.is_signed)
    if 0 < len(signed) < len(options):  # what stands before all of them is a bullet
        said["dấu"] = signed
    if not said and (partly := next((option for option in options if option.text.is_partly_marked), None)):
        raise RightOptionUnknown(
            f"Lựa chọn “{partly.text.text[:30]}” tô đậm hay gạch chân chỉ ở một phần, nên chưa rõ có đúng không. Bác "
            "thêm dòng “Đáp án: A” ở dưới."
        )
    for kind, texts in (
        ("chữ đậm, gạch chân hay tô nền", [option.text for option in options]),
        ("chữ cái tô đậm hay gạch chân", [option.label for option in options]),
    ):
        marked = frozenset(index for index, text in enumerate(texts) if text.is_marked)
        if 0 < len(marked) < len(options):
            said[kind] = marked
    if not said:
        raise RightOptionUnknown(
            "Chưa thấy lựa chọn nào đúng: bác tô đậm lựa chọn ấy, hoặc thêm dòng “Đáp án: A” ở dưới."
        )
    if len(set(said.values())) > 1:
        raise RightOptionUnknown(f"Các dấu không chỉ cùng một chỗ ({'; '.join(said)}), nên chưa rõ câu nào đúng.")
    return next(iter(said.values()))


def _read_answer(answer: str, options: Sequence[MarkedOption]) -> frozenset[int]:
    typed = answer.strip().rstrip(".").strip()
    by_letter = {option.letter: index for index, option in enumerate(options) if option.letter}
    equal = [index for index, option in enumerate(options) if _plain(option.text.text) == _plain(typed)]
    if _JOINED.match(typed) or _RUN.match(typed):
        letters = [letter for letter in re.sub("và", ",", typed, flags=re.IGNORECASE).upper() if letter in LETTERS]
        missing = next((letter for letter in letters if letter not in by_letter), None)
        if missing is None and not [index for index in equal if index not in {by_letter[each] for each in letters}]:
            return frozenset(by_letter[letter] for letter in letters)
        if missing and not equal:
            raise RightOptionUnknown(f"Đáp án ghi {missing}, mà câu này không có lựa chọn {missing}.")
    elif match := _WITH_TEXT.match(typed):
        index = by_letter.get(match["letter"].upper())
        if index is not None and _plain(options[index].text.text) == _plain(match["text"]):
            return frozenset({index})
    if len(equal) == 1:
        return frozenset(equal)
    raise RightOptionUnknown(f"Đáp án ghi “{typed[:60]}”; bác ghi chữ cái của lựa chọn đúng, như “Đáp án: A”.")


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()
