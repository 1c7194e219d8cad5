"""Questions on a learner's phone in class: rendered without the correct answer until the class sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Flask, render_template
from markupsafe import escape

from lms.content.model import Lesson, Question
from lms.content.questions.typed import allowed_digit_counts, is_redacted_answer
from lms.learning.classroom.session.steps import question_step_key
from lms.message_catalog import mark_for_translation
from lms.web.classroom.question_display import (
    Option,
    correct_answer_lines,
    feedback_for_everybody,
    options_of,
    question_number,
)
from lms.web.language import translate
from lms.web.page_cache import SharedPage, shared_page
from lms.web.question_view import AnswerSelect, question_views

NO_TEXT_KEPT = mark_for_translation("Bác đã trả lời. Chữ bác gõ, máy không giữ lại.")


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question. ``kind`` is choice, multiple, poll, typed, ordering or matching; ``key`` is its step's key."""

    id: str
    key: str
    kind: str
    count: str
    prompt: str  # html
    options: tuple[Option, ...]
    places: tuple[AnswerSelect, ...]
    given: tuple[str, ...] = ()
    given_lines: tuple[str, ...] = ()  # HTML of ``given``, a line per item
    language: str = ""  # of the prompt and the options, as ``lang_attribute`` reads it
    allowed_digit_counts: tuple[int, ...] = ()  # the numbers of digits that a long number may have as an answer


def question_cards(lesson: Lesson, current_id: str, given: Sequence[str]) -> tuple[QuestionCard, ...]:
    """All questions of the lesson, so that the next one needs no network.

    ``given`` is the learner's answer to the question ``current_id``.
    """
    views = question_views(lesson.understand)
    return tuple(
        _question_card(lesson, question, views[question.id].selects, tuple(given) if question.id == current_id else ())
        for question in lesson.understand.questions
    )


def correct_answer_page(lesson: Lesson, question: Question) -> SharedPage:
    """The cached correct answer with the author's feedback, for a class that has been shown it."""
    key = ("class answer", lesson.course, lesson.slug, lesson.digest, question.id)
    return shared_page(key, lambda: correct_answer_html(question, language=lesson.understand.language))


def render_correct_answer(app: Flask, question: Question) -> str:
    """HTML of the correct answer in Vietnamese, outside of a request: a class's stream sends it to all phones."""
    with app.app_context():
        return correct_answer_html(question)


def correct_answer_html(
    question: Question, given: Sequence[str] = (), *, is_right: bool = False, language: str = ""
) -> str:
    """HTML of the correct answer and the author's feedback, with the learner's own choice marked.

    ``is_right``: the learner's answer is; of another nothing is said. ``language``: of the question, "" for Vietnamese.
    """
    by_key = {option.key: option for option in getattr(question, "options", ())}
    is_poll = question.kind == "poll"
    return render_template(
        "classroom/seat/correct_answer.html",
        poll=is_poll,
        options=[
            (option, by_key[option.key].right and not is_poll, feedback_for_everybody(by_key[option.key], language))
            for option in options_of(question)
            if option.key in by_key
        ],
        lines=correct_answer_lines(question),
        ordered=question.kind == "ordering",
        given=given,
        is_right=is_right,
        language=language,
    )


def _question_card(
    lesson: Lesson, question: Question, places: tuple[AnswerSelect, ...], given: tuple[str, ...]
) -> QuestionCard:
    kind = "multiple" if question.kind == "choice" and question.multiple else question.kind
    options = options_of(question)
    # Of a typed answer that matches nothing there is only the length.
    is_redacted = question.kind == "typed" and is_redacted_answer("".join(given))
    return QuestionCard(
        id=question.id,
        key=question_step_key(question.id),
        kind=kind,
        count=question_number(lesson, question),
        prompt=question.prompt,
        options=options,
        places=tuple(
            AnswerSelect(place.label, given[number] if number < len(given) else "")
            for number, place in enumerate(places)
        ),
        given=() if is_redacted else given,
        given_lines=(translate(NO_TEXT_KEPT),) if is_redacted else tuple(_answer_lines(options, places, given)),
        language=lesson.understand.language,
        allowed_digit_counts=allowed_digit_counts(question) if question.kind == "typed" else (),
    )


def _answer_lines(
    options: tuple[Option, ...], places: tuple[AnswerSelect, ...], given: tuple[str, ...]
) -> Iterator[str]:
    """An answer as HTML lines. A key that the lesson no longer has is left out."""
    texts = {option.key: f"{option.letter}. {option.text}" if option.letter else option.text for option in options}
    if not options:
        yield from (str(escape(text)) for text in given)
    elif places:
        pairs = zip(places, given, strict=False)
        yield from (f"{place.label}: {texts[key]}" for place, key in pairs if key in texts)
    else:
        yield from (text for key, text in texts.items() if key in given)
