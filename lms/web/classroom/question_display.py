"""How a class sees a question: option letters, the correct answer, its number and its round.

Wall, phones and desk all use this module, so that they show the same letters in the same order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup, escape

from lms.content.model import Lesson, Question
from lms.content.model import Option as WrittenOption
from lms.content.questions import MatchColumns, arrange
from lms.message_catalog import SOURCE_LANGUAGE, mark_for_translation
from lms.web.language import translate
from lms.web.question_view import option_letters

_PRAISE = MappingProxyType(  # by language
    {
        "vi": re.compile(r"\AĐúng(?: rồi)?[.,!](?:\s+|\Z)"),
        "en": re.compile(r"\A(?:That(?:'|’|&#39;|&#x27;)s (?:right|correct)|Right|Correct)[.,!](?:\s+|\Z)"),
    }
)
ROUND_NAMES = {
    1: mark_for_translation("lần đầu"),
    2: mark_for_translation("lần hai"),
    3: mark_for_translation("lần ba"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option. ``text`` is HTML; ``letter`` is "" for question kinds without letters."""

    letter: str
    key: str
    text: str


def options_of(question: Question) -> tuple[Option, ...]:
    """The options that a learner can pick, in display order. The items of an ordering have no letters."""
    arranged = arrange(question)
    options = arranged.rights if isinstance(arranged, MatchColumns) else arranged
    letters = option_letters(question.kind, len(options))
    return tuple(Option(letter, option.key, option.text) for letter, option in zip(letters, options, strict=True))


def listed_options(question: Question) -> tuple[Option, ...]:
    """The options as the wall lists them: for a matching question its left column."""
    arranged = arrange(question)
    if not isinstance(arranged, MatchColumns):
        return options_of(question)
    return tuple(Option("", option.key, option.text) for option in arranged.lefts)


def matching_column(question: Question) -> tuple[Option, ...]:
    """A matching question's right column, which has the letters; () for other kinds."""
    return options_of(question) if question.kind == "matching" else ()


def feedback_for_everybody(option: WrittenOption, language: str) -> Markup:
    """The author's feedback on an option as the whole class reads it after the reveal.

    Authors write "Đúng rồi." to the learner who picked the option; on the wall and on the phone of a learner who picked
    another it would be said to the wrong person. The option itself is marked as correct already. ``language``: of the
    question, "" for Vietnamese.
    """
    words = option.feedback or ""
    if option.right:
        words = _PRAISE[language or SOURCE_LANGUAGE].sub("", words)
    return Markup(words[:1].upper() + words[1:])  # noqa: S704 - the reader made it


def correct_answer_lines(question: Question) -> tuple[str, ...]:
    """HTML lines of the correct answer of a typed, ordering or matching question; () for other kinds."""
    match question.kind:
        case "typed":
            first = question.answers[:1] or tuple(
                translate("từ {low} đến {high}").format(low=low, high=high) for low, high in question.ranges[:1]
            )
            return tuple(str(escape(answer)) for answer in first)
        case "ordering":
            return tuple(item.text for item in question.items)
        case "matching":
            letters = {option.key: option.letter for option in options_of(question)}
            return tuple(
                f"{pair.left.text} – <b>{letters[pair.right.key]}.</b> {pair.right.text}" for pair in question.pairs
            )
    return ()


def question_number(lesson: Lesson, question: Question) -> str:
    """ "Câu 2 trong 4", numbered as on the lesson's own page; a poll has no number."""
    graded = [graded_question.id for graded_question in lesson.understand.graded_questions]
    return (
        translate("Câu {number} trong {total}").format(number=graded.index(question.id) + 1, total=len(graded))
        if question.id in graded
        else translate("Hỏi ý các bác")
    )
