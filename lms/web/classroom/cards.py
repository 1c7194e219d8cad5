"""A question on a learner's phone in class: letters as on the wall, and nothing of what is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from lms.content.model import Lesson, Question
from lms.learning.classroom.steps import question_key
from lms.web.asked import Place, ask
from lms.web.classroom.boards import count_of
from lms.web.classroom.options import Option, answer_lines, letters_of
from lms.web.pages import SharedPage, shared_page


@dataclass(frozen=True, slots=True)
class Card:
    """``kind``: choice, multiple, poll, typed, ordering, matching. ``key`` is the step that asks it."""

    id: str
    key: str
    kind: str
    count: str
    prompt: str  # html
    options: tuple[Option, ...]
    places: tuple[Place, ...]
    given: tuple[str, ...] = ()


def cards(lesson: Lesson, now: str, given: Sequence[str]) -> tuple[Card, ...]:
    """All questions of the lesson, so that the next one needs no network.

    ``given`` is her answer to the question ``now``.
    """
    asked = ask(lesson.understand)
    return tuple(
        _card(lesson, question, asked[question.id].places, tuple(given) if question.id == now else ())
        for question in lesson.understand.questions
    )


def told_page(lesson: Lesson, question: Question) -> SharedPage:
    """What is right and what the author says, the same for all: only for a class that was shown it."""
    key = ("class answer", lesson.course, lesson.slug, question.id)
    return shared_page(key, lambda: told(question))


def told(question: Question, given: Sequence[str] = ()) -> str:
    """The same as html, with what this learner picked marked."""
    by_key = {option.key: option for option in getattr(question, "options", ())}
    return render_template(
        "classroom/seat/told.html",
        poll=question.kind == "poll",
        options=[(option, by_key[option.key]) for option in letters_of(question) if option.letter],
        lines=answer_lines(question),
        ordered=question.kind == "ordering",
        given=given,
    )


def _card(lesson: Lesson, question: Question, places: tuple[Place, ...], given: tuple[str, ...]) -> Card:
    kind = "multiple" if question.kind == "choice" and question.multiple else question.kind
    return Card(
        id=question.id,
        key=question_key(question.id),
        kind=kind,
        count=count_of(lesson, question),
        prompt=question.prompt,
        options=letters_of(question),
        places=tuple(
            Place(place.label, given[number] if number < len(given) else "") for number, place in enumerate(places)
        ),
        given=given,
    )
