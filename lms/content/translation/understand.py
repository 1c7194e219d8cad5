"""hieu.md in another language: the original's questions with translated texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict

from lms.content.model import (
    Callout,
    Choice,
    InlineScreen,
    Matching,
    Option,
    Ordering,
    Pair,
    Part,
    Poll,
    Prose,
    Question,
    Section,
    Typed,
    Understand,
)
from lms.content.translation.comparison import Comparison, beginning_of

_FixedPart = Callout | InlineScreen | Question


class _Frame(TypedDict):
    prompt: str
    hints: tuple[str, ...]


_NAMES = {
    "prose": "đoạn chữ",
    "callout": "khối mẹo hay cảnh báo",
    "inline-screen": "khối chạm thử",
    "choice": "câu hỏi chọn",
    "typed": "câu hỏi gõ",
    "ordering": "câu sắp xếp",
    "matching": "câu ghép",
    "poll": "câu thăm dò",
}


def translate_understand(original: Understand, translation: Understand, found: Comparison) -> Understand:
    """The original with the translation's texts. What does not fit is reported to ``found``, and is left as it is."""
    found.text(1, "tên bài", original.name, translation.name)
    found.compare_texts(1, "mục tiêu", original.objectives, translation.objectives)
    sections: list[Section] = []
    if found.same_number(1, "mục ##", original.sections, translation.sections):
        for one, other in zip(original.sections, translation.sections, strict=True):
            found.text(other.line, "tên mục", one.title, other.title)
            sections.append(replace(one, title=other.title, parts=_translate_parts(one, other, found)))
    return replace(
        original, name=translation.name, objectives=translation.objectives, sections=tuple(sections), is_draft=False
    )


def with_typed_answers(original: Understand, translated: Understand) -> Understand:
    """The original, which also takes the answers that are typed in the other language."""
    typed = {question.id: question for question in translated.questions if isinstance(question, Typed)}

    def extended(part: Part) -> Part:
        if not isinstance(part, Typed) or part.id not in typed:
            return part
        return replace(part, answers=tuple(dict.fromkeys((*part.answers, *typed[part.id].answers))))

    sections = (replace(section, parts=tuple(map(extended, section.parts))) for section in original.sections)
    return replace(original, sections=tuple(sections))


def _translate_parts(original: Section, translation: Section, found: Comparison) -> tuple[Part, ...]:
    """The translation's parts with the original's ids. Facilitators' notes may lack: a class is held in Vietnamese."""
    expected, given = _fixed_parts(original), _fixed_parts(translation)
    if [_shape(part) for part in expected] != [_shape(part) for part in given]:
        found.differs(translation.line, _order_message(expected, given))
        return translation.parts
    prose = _prose_of(translation)
    if _prose_of(original) and not prose:
        found.differs(translation.line, "Thêm đoạn chữ của mục này: bản gốc có, bản dịch chưa có.")
    for html in set(prose) & set(_prose_of(original)):
        found.text(translation.line, "đoạn chữ", html, html)
    originals = iter(expected)
    return tuple(
        _translate_fixed_part(next(originals), part, translation.line, found)
        if isinstance(part, Callout | InlineScreen | Question)
        else part
        for part in translation.parts
    )


def _fixed_parts(section: Section) -> list[_FixedPart]:
    return [part for part in section.parts if isinstance(part, Callout | InlineScreen | Question)]


def _prose_of(section: Section) -> list[str]:
    return [part.html for part in section.parts if isinstance(part, Prose)]


def _shape(part: _FixedPart) -> str:
    return f"callout {part.tone}" if isinstance(part, Callout) else part.kind


def _order_message(expected: Sequence[_FixedPart], given: Sequence[_FixedPart]) -> str:
    names, mine = (", ".join(_NAMES[part.kind] for part in parts) or "không có khối nào" for parts in (expected, given))
    return f"Xếp các khối của mục này như bản gốc: {names}. Bản dịch đang có: {mine}."


def _translate_fixed_part(original: _FixedPart, part: _FixedPart, line: int, found: Comparison) -> Part:
    match original, part:
        case Callout(), Callout():
            found.text(line, _NAMES["callout"], original.html, part.html)
            return part
        case InlineScreen(), InlineScreen():
            if (original.practice, original.screen) != (part.practice, part.screen):
                found.differs(part.line, "Viết sau dấu => tên màn hình mà bản gốc viết ở chỗ này.")
            found.text(part.line, _NAMES["inline-screen"], original.html, part.html)
            return replace(original, html=part.html)
        case Choice(), Choice():
            if [option.right for option in original.options] != [option.right for option in part.options]:
                found.differs(part.line, "Đánh dấu [x] các lựa chọn mà bản gốc đánh dấu, theo thứ tự của bản gốc.")
            options = _translate_options(original.options, part.options, part.line, found)
            return replace(original, options=options, **_translate_frame(original, part, found))
        case Poll(), Poll():
            options = _translate_options(original.options, part.options, part.line, found)
            return replace(original, options=options, **_translate_frame(original, part, found))
        case Ordering(), Ordering():
            items = _translate_options(original.items, part.items, part.line, found)
            return replace(original, items=items, **_translate_frame(original, part, found))
        case Matching(), Matching():
            sides = [
                _translate_options(
                    [side(pair) for pair in original.pairs], [side(pair) for pair in part.pairs], part.line, found
                )
                for side in (_left, _right)
            ]
            return replace(original, pairs=tuple(map(Pair, *sides)), **_translate_frame(original, part, found))
        case Typed(), Typed():
            answers = tuple(dict.fromkeys((*part.answers, *original.answers)))
            return replace(original, answers=answers, **_translate_frame(original, part, found))
        case _:
            raise AssertionError("the shapes of the parts were compared")


def _left(pair: Pair) -> Option:
    return pair.left


def _right(pair: Pair) -> Option:
    return pair.right


def _translate_frame(original: Question, part: Question, found: Comparison) -> _Frame:
    """What all kinds of questions have: the prompt and the hints."""
    found.text(part.line, "câu hỏi", original.prompt, part.prompt)
    found.compare_texts(part.line, "gợi ý", original.hints, part.hints)
    return {"prompt": part.prompt, "hints": part.hints}


def _translate_options(
    original: Sequence[Option], translation: Sequence[Option], line: int, found: Comparison
) -> tuple[Option, ...]:
    if not found.same_number(line, "lựa chọn", original, translation):
        return tuple(original)
    for one, other in zip(original, translation, strict=True):
        at, words = other.line or line, beginning_of(other.text)
        found.text(at, f"lựa chọn “{words}”", one.text, other.text)
        found.text(at, f"lời giải thích của lựa chọn “{words}”", one.feedback, other.feedback)
    return tuple(
        replace(one, text=other.text, feedback=other.feedback) for one, other in zip(original, translation, strict=True)
    )
