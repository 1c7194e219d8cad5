"""A question as the page shows it: what was given, what is said to that, and whether it is done."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lms.content.model import Option, Question, Understand
from lms.content.questions import UnknownOption, arrange, chosen_twice, grade

RIGHT = "Đúng rồi."
THANKS = "Cảm ơn bác. Câu này hỏi ý, chọn câu nào cũng được."
NOT_THIS = "Chưa phải câu này."
NOT_YET = "Chưa đúng đâu bác."
NOT_ALL = "Có ô chưa đúng, hoặc còn thiếu ô. Bác xem lại nhé."
ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")
MISSING = {
    "choice": 'Bác chọn một câu rồi chạm "{}" nhé.',
    "multiple": 'Bác chọn ít nhất một ô rồi chạm "{}" nhé.',
    "poll": 'Bác chọn một câu rồi chạm "{}" nhé.',
    "typed": 'Bác gõ câu trả lời vào ô rồi chạm "{}" nhé.',
}
MISSING_PLACE = 'Ô "{}" còn trống. Bác chọn nốt, rồi chạm nút ở dưới nhé.'
TWICE = 'Mục "{}" đang đứng ở hơn một ô. Mỗi mục chỉ đứng một chỗ: bác chọn lại, rồi chạm nút ở dưới nhé.'


_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Place:
    """One select of an ordering or a matching: its label (html), the key that was put there, and whether that is what
    keeps the answer from being one."""

    label: str
    given: str = ""
    faulty: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """``count`` is "Câu 3 trong 5"; texts are html. Without an answer ``given`` is empty and nothing is said."""

    id: str
    kind: str
    count: str
    prompt: str
    hints: tuple[str, ...]
    multiple: bool
    options: tuple[Option, ...]
    places: tuple[Place, ...] = ()
    given: tuple[str, ...] = ()
    given_list: tuple[str, ...] = ()  # an order or pairs that were right, a line each
    given_words: str = ""  # html: what was picked, quoted
    done: bool = False
    wrong: bool = False
    said: dict[str, str] = field(default_factory=dict)  # by option key
    said_of_all: str = ""
    said_when_done: str = ""
    missing: str = ""


def ask(understand: Understand) -> dict[str, Asked]:
    """Every question of a lesson as nobody has answered it yet, by id; polls are not counted."""
    numbers = {question.id: number for number, question in enumerate(understand.graded, 1)}
    total = len(numbers)
    return {
        question.id: _ask(
            question, f"Câu {numbers[question.id]} trong {total}" if question.id in numbers else "Hỏi ý bác"
        )
        for question in understand.questions
    }


def answered(asked: Asked, question: Question, given: Sequence[str]) -> Asked:
    """The question with an answer to it; unchanged when the lesson no longer has what was picked."""
    try:
        outcome = grade(question, given)
    except UnknownOption:
        return asked
    said = {one.key: one.html for one in outcome.said if one.key and one.html}
    of_all = " ".join(one.html for one in outcome.said if not one.key and one.html)
    done = outcome.score >= 1.0 or question.kind == "poll"
    picked = [option.text for option in asked.options if option.key in given]
    return replace(
        asked,
        given=tuple(given),
        given_words=_quoted(picked),
        given_list=_lines(asked, given) if done else (),
        places=tuple(replace(place, given=key) for place, key in zip(asked.places, given, strict=False)),
        done=done,
        wrong=not done,
        said=said or (dict.fromkeys(given, NOT_THIS) if question.kind == "choice" and not asked.multiple else {}),
        said_of_all=of_all or _not_yet(asked),
        said_when_done=" ".join((*said.values(), of_all)).strip() or (THANKS if question.kind == "poll" else RIGHT),
    )


def missing(asked: Asked, question: Question, given: Sequence[str], button: str = "Trả lời") -> Asked:
    """The question sent off before it was filled in, or with a slip in it; ``button`` is what sends it."""
    given_in_order = [*given, *("" for _ in asked.places)]
    places = tuple(replace(place, given=key) for place, key in zip(asked.places, given_in_order, strict=False))
    empty = next((place for place in places if not place.given), None)
    if empty:
        words = MISSING_PLACE.format(_plain(empty.label))
        places = tuple(replace(place, faulty=place is empty) for place in places)
    elif twice := chosen_twice(question, given):
        words = TWICE.format(_plain(twice.text))
        places = tuple(replace(place, faulty=place.given == twice.key) for place in places)
    else:
        words = MISSING.get("multiple" if asked.multiple else asked.kind, "").format(button)
    return replace(asked, given=tuple(given), places=places, missing=words)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text))


def _not_yet(asked: Asked) -> str:
    """Said of a wrong answer as a whole, where no single option can carry the sentence."""
    if asked.multiple:
        return NOT_ALL
    return "" if asked.kind == "choice" else NOT_YET


def _ask(question: Question, count: str) -> Asked:
    options: tuple[Option, ...] = ()
    places: tuple[Place, ...] = ()
    match question.kind:
        case "choice" | "poll":
            options = arrange(question)
        case "ordering":
            options = arrange(question)
            places = tuple(Place(f"Thứ {_ordinal(number)}") for number in range(1, len(options) + 1))
        case "matching":
            sides = arrange(question)
            options = sides.rights
            places = tuple(Place(left.text) for left in sides.lefts)
    return Asked(
        id=question.id,
        kind=question.kind,
        count=count,
        prompt=question.prompt,
        hints=question.hints,
        multiple=question.kind == "choice" and question.multiple,
        options=options,
        places=places,
    )


def _ordinal(number: int) -> str:
    return ORDINALS[number - 1] if number <= len(ORDINALS) else str(number)


def _lines(asked: Asked, given: Sequence[str]) -> tuple[str, ...]:
    """A right order, or right pairs, to read once more."""
    texts = {option.key: option.text for option in asked.options}
    if asked.kind == "ordering":
        return tuple(texts[key] for key in given)
    return tuple(f"{place.label} – {texts[key]}" for place, key in zip(asked.places, given, strict=False))


def _quoted(texts: Sequence[str]) -> str:
    """Html: the picked options in quotation marks."""
    return ", ".join(f'"{text}"' for text in texts)
