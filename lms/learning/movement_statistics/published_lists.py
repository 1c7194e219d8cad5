"""Lessons that are practised most: an order, and no small number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from lms.learning.movement_statistics.published_values import STEP, days_of_year, round_published_count
from lms.learning.store.models import ClassSessionRow, CountedClass

LISTED_LESSONS = 3
MIN_LISTED = 2 * STEP  # people in classes of a lesson


@dataclass(frozen=True, slots=True)
class PractisedLesson:
    """A lesson that many people of a ward practised in class."""

    course: str
    lesson: str


def list_practised_lessons(connection: Connection, year: int) -> dict[str, list[list[str]]]:
    """By ward the lessons that most people were taught in counted classes, most first; no numbers."""
    people = func.sum(CountedClass.attendances).label("people")
    rows = connection.execute(
        select(CountedClass.ward, ClassSessionRow.course, ClassSessionRow.lesson, people)
        .join(ClassSessionRow, ClassSessionRow.id == CountedClass.class_id)
        .where(CountedClass.held_on.between(*days_of_year(year)), CountedClass.left_out == "")
        .group_by(CountedClass.ward, ClassSessionRow.course, ClassSessionRow.lesson)
    )
    found: defaultdict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for ward, course, lesson, people in rows:
        count = round_published_count(int(people))
        if count >= MIN_LISTED:
            found[ward].append((-count, course, lesson))
    return {
        ward: [[course, lesson] for _, course, lesson in sorted(lessons)[:LISTED_LESSONS]]
        for ward, lessons in found.items()
    }


def read_practised_lessons(listed: Mapping[str, list[list[str]]]) -> dict[str, tuple[PractisedLesson, ...]]:
    return {ward: tuple(PractisedLesson(*lesson) for lesson in lessons) for ward, lessons in listed.items()}
