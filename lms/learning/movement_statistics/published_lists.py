"""Lessons that are practised most, and screens at which people fail or stay long: an order, and no small number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from lms.learning.movement_statistics.published_values import STEP, days_of_year, round_published_count
from lms.learning.movement_statistics.screen_dwell_times import median_seconds_lower_bound
from lms.learning.store.models import ClassSessionRow, CountedClass, ScreenDwellTimeRow, ScreenFigure

LISTED_LESSONS, LISTED_SCREENS = 3, 8
MIN_LISTED = 2 * STEP  # people in classes of a lesson, phones at a screen
MIN_LISTED_SECONDS = 15  # at a screen; less is not listed


@dataclass(frozen=True, slots=True)
class PractisedLesson:
    """A lesson that many people of a ward practised in class."""

    course: str
    lesson: str


@dataclass(frozen=True, slots=True)
class HardScreen:
    """A screen at which mistakes were made on ``phones`` phones, in classes of the whole city."""

    course: str
    lesson: str
    title: str
    phones: int


@dataclass(frozen=True, slots=True)
class ScreenDwellTime:
    """A screen where more than half of ``phones`` phones stayed ``seconds`` or more, in classes of the whole city."""

    course: str
    lesson: str
    screen: str
    seconds: int
    phones: int


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


def list_hard_screens(connection: Connection, today: date) -> list[list[Any]]:
    rows = connection.execute(
        select(ScreenFigure.course, ScreenFigure.lesson, ScreenFigure.title, ScreenFigure.phones)
        .where(ScreenFigure.year == today.year, ScreenFigure.phones >= MIN_LISTED)
        # By the published counts, so that the order reveals nothing else.
        .order_by((ScreenFigure.phones // STEP).desc(), ScreenFigure.course, ScreenFigure.lesson, ScreenFigure.screen)
        .limit(LISTED_SCREENS)
    )
    return [[row.course, row.lesson, row.title, round_published_count(row.phones)] for row in rows]


def list_screens_by_dwell_time(connection: Connection, year: int) -> list[list[Any]]:
    """The screens at which people stayed longest. Buckets are rounded first: the list reveals nothing else."""
    rows = connection.execute(
        select(
            ScreenDwellTimeRow.course,
            ScreenDwellTimeRow.lesson,
            ScreenDwellTimeRow.screen,
            ScreenDwellTimeRow.seconds,
            ScreenDwellTimeRow.phones,
        ).where(ScreenDwellTimeRow.year == year)
    )
    by_screen: defaultdict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)
    for course, lesson, screen, seconds, phones in rows:
        by_screen[course, lesson, screen][seconds] = round_published_count(phones)
    found = [
        ScreenDwellTime(*screen, median_seconds_lower_bound(phones), sum(phones.values()))
        for screen, phones in by_screen.items()
        if sum(phones.values()) >= MIN_LISTED
    ]
    found.sort(key=lambda each: (-each.seconds, -each.phones, each.course, each.lesson, each.screen))
    return [list(astuple(each)) for each in found if each.seconds >= MIN_LISTED_SECONDS][:LISTED_SCREENS]


def read_practised_lessons(listed: Mapping[str, list[list[str]]]) -> dict[str, tuple[PractisedLesson, ...]]:
    return {ward: tuple(PractisedLesson(*lesson) for lesson in lessons) for ward, lessons in listed.items()}
