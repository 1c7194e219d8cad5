"""What a lesson says to its learners, text by text."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.authoring_advice.plain_words import html_to_text
from lms.content.model import (
    Callout,
    Choice,
    InlineScreen,
    Lesson,
    Matching,
    Ordering,
    Poll,
    Practice,
    Prose,
    Question,
    Typed,
    Use,
)


def lesson_texts(lesson: Lesson) -> Iterator[str]:
    """All texts that a learner reads in a lesson. The facilitator's notes are none of them."""
    yield from (lesson.understand.name, *lesson.understand.objectives)
    for section in lesson.understand.sections:
        yield section.title
        for part in section.parts:
            if isinstance(part, Prose | Callout | InlineScreen):
                yield html_to_text(part.html)
            elif isinstance(part, Choice | Typed | Ordering | Matching | Poll):
                yield from question_texts(part)
    for practice in lesson.practices:
        yield from practice_texts(practice)
    if lesson.use:
        yield from use_texts(lesson.use)


def question_texts(question: Question) -> Iterator[str]:
    yield html_to_text(question.prompt)
    yield from map(html_to_text, question.hints)
    if isinstance(question, Typed):
        yield from question.answers
    elif isinstance(question, Matching):
        yield from (html_to_text(side.text) for pair in question.pairs for side in (pair.left, pair.right))
    else:
        for option in question.items if isinstance(question, Ordering) else question.options:
            yield from (html_to_text(option.text), html_to_text(option.feedback or ""))


def practice_texts(practice: Practice) -> Iterator[str]:
    yield from (practice.title, html_to_text(practice.card or ""), html_to_text(practice.intro))
    yield from (value for _, value in practice.data)
    for screen in practice.screens:
        texts = [screen.shown or screen.title, screen.task, *screen.hints, screen.why, screen.lost, *screen.says]
        yield from (text for text in (*texts, html_to_text(screen.prose)) if text)
        for widget in screen.widgets:
            told = (widget.label, widget.warn, widget.wrong, widget.body, widget.detail, widget.alt)
            yield from (text for text in (*told, *widget.items) if text)


def use_texts(use: Use) -> Iterator[str]:
    yield from (use.name, *use.bring, html_to_text(use.intro))
    for task in use.tasks:
        yield from (html_to_text(task.text), html_to_text(task.help or ""))
