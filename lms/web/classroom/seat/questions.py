"""A question on a learner's phone in class: letters as on the wall, and nothing of what is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import render_template
from markupsafe import escape

from lms.content.model import Lesson, Question
from lms.learning.classroom.session.steps import question_key
from lms.web.classroom.options import Option, answer_lines, letters_of
from lms.web.classroom.wall.boards import count_of
from lms.web.page_cache import SharedPage, shared_page
from lms.web.question_view import Place, ask


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
    given_lines: tuple[str, ...] = ()  # html: the same to be read, a line each


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
    options = letters_of(question)
    return Card(
        id=question.id,
        key=question_key(question.id),
        kind=kind,
        count=count_of(lesson, question),
        prompt=question.prompt,
        options=options,
        places=tuple(
            Place(place.label, given[number] if number < len(given) else "") for number, place in enumerate(places)
        ),
        given=given,
        given_lines=tuple(_lines(options, places, given)),
    )


def _lines(options: tuple[Option, ...], places: tuple[Place, ...], given: tuple[str, ...]) -> Iterator[str]:
    """A key that the lesson no longer has is left out."""
    texts = {one.key: f"{one.letter}. {one.text}" if one.letter else one.text for one in options}
    if not options:
        yield from (str(escape(one)) for one in given)
    elif places:
        pairs = zip(places, given, strict=False)
        yield from (f"{place.label}: {texts[key]}" for place, key in pairs if key in texts)
    else:
        yield from (text for key, text in texts.items() if key in given)
