"""The typed questions of our courses take polite answers, and no near miss of any of their answers."""

from __future__ import annotations

import re

import pytest

from lms.content.model import Typed
from lms.content.questions import grade
from lms.content.questions.numerals import NUMERAL_WORDS
from tests.real_courses import library

NOT_MEANT = [
    "không phải {}", "không {}", "chưa tới {}", "khoảng {}", "hơn {}", "{} hay 97", "{} hoặc là không", "97 hay {}",
    "{} con gà", "{} giả", "đừng {}", "{} 97", "ngoài {}", "{} nghìn tỷ đô",
]  # fmt: skip
POLITE = ["{}", "dạ {}", "{} ạ", "Dạ, {} ạ.", "là {}", "dạ thưa cô {} ạ", "{} nha con"]


def typed_questions() -> list:
    lessons = [lesson for course in library() for lesson in course.lessons]
    return [
        pytest.param(question, id=f"{lesson.course}/{lesson.slug}:{question.line}")
        for lesson in lessons
        for question in lesson.understand.questions
        if isinstance(question, Typed)
    ]


@pytest.mark.parametrize("question", typed_questions())
def test_polite_answers_are_right(question: Typed):
    for answer in question.answers:
        for said in POLITE:
            assert grade(question, [said.format(answer)]).right, said.format(answer)


@pytest.mark.parametrize("question", typed_questions())
def test_near_misses_are_wrong(question: Typed):
    for answer in question.answers:
        for said in NOT_MEANT:
            if said.split()[0] in re.findall(r"\w+", question.prompt.casefold()):
                continue  # "Khoảng mấy tuần?" asks for "khoảng 2"
            assert not grade(question, [said.format(answer)]).right, said.format(answer)
        for near in near_numbers(answer):
            assert not grade(question, [near]).right, near
        words = answer.split()
        if len(words) > 1 and not re.search(r"\d", answer) and not NUMERAL_WORDS & set(words):
            rest = " ".join(words[:-1])
            assert rest in question.answers or not grade(question, [rest]).right, rest


def near_numbers(answer: str) -> list[str]:
    """The answer with each of its digits changed, with one digit too many, and with one too few."""
    places = [place for place, char in enumerate(answer) if char.isdecimal()]
    if not places:
        return []
    changed = [answer[:place] + str((int(answer[place]) + 1) % 10) + answer[place + 1 :] for place in places]
    last = places[-1]
    return [*changed, answer[: last + 1] + "7" + answer[last + 1 :], answer[:last] + answer[last + 1 :]]
