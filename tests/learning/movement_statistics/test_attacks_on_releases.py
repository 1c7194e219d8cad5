"""Whoever keeps all releases cannot solve for a few people; and the same attacks succeed where one rule is missing."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import Engine, delete

from lms.learning.movement_statistics import figure_releases
from lms.learning.movement_statistics.figure_releases import release_figures
from lms.learning.movement_statistics.indicators import Indicator
from lms.learning.movement_statistics.published_values import STEP
from lms.learning.store.database import write_sessions
from lms.learning.store.models import (
    DailyFigure,
    FigureRelease,
    ReleasedFigure,
    UnitFigure,
)
from tests.learning.movement_statistics.movement import OPENED, OTHER_WARD, WARD, Movement
from tests.learning.movement_statistics.release_solver import (
    CELLS,
    DAYS,
    Bounds,
    counts_of,
    publish,
    random_history,
    solve,
)

LEARNERS = Indicator.LEARNERS


@pytest.fixture
def movement(engine: Engine) -> Movement:
    return Movement(engine)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_who_keeps_all_releases_cannot_solve_for_fewer_than_five_people(movement: Movement, seed: int):
    history = random_history(random.Random(seed))
    published = publish(movement.engine, history)
    solved = solve(published, low=lambda value: value, high=lambda value: value + STEP - 1)
    truth = counts_of(history)
    assert all(solved[number].low <= value <= solved[number].high for number, value in truth.items())
    assert [number for number, bounds in solved.items() if bounds.reveals_few_people] == []


@pytest.mark.slow
def test_the_attack_succeeds_on_exact_numbers(movement: Movement, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(figure_releases, "round_published_count", lambda count: count)
    published = publish(movement.engine, random_history(random.Random(1)))
    solved = solve(published, low=lambda value: value, high=lambda value: value)
    assert any(bounds.reveals_few_people for bounds in solved.values())


def test_the_attack_succeeds_on_numbers_that_only_hide_a_few(movement: Movement, monkeypatch: pytest.MonkeyPatch):
    """ "dưới 5" alone is not enough: the difference of two days tells who came between them."""
    monkeypatch.setattr(figure_releases, "round_published_count", lambda count: count if count >= STEP else 0)
    published = publish(movement.engine, random_history(random.Random(1)))
    solved = solve(published, low=lambda value: value, high=lambda value: value or STEP - 1)
    assert any(bounds.reveals_few_people for bounds in solved.values())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_releases_are_the_same_whatever_the_hidden_people_did(movement: Movement, seed: int):
    """No cleverness helps an attacker: in another city, with another number of people, the releases are the same."""
    rng = random.Random(100 + seed)
    history = random_history(rng)
    published = publish(movement.engine, history)
    truth = counts_of(history)
    other = dict(truth)
    for cell in CELLS:
        rest = 0
        for day in range(DAYS):  # any other numbers that only ever grow and reach the same fives
            floor = truth[day, cell] // STEP
            rest = (
                max(rest, rng.randrange(STEP)) if day and floor == truth[day - 1, cell] // STEP else rng.randrange(STEP)
            )
            other[day, cell] = floor * STEP + rest
    assert other != truth
    before = {(day + 1, cell): value for (day, cell), value in other.items()}
    grown = {key: value - before.get(key, 0) for key, value in other.items()}
    assert publish(movement.engine, grown) == published


# What a ward may add to a number in a day, as every attacker knows. A class of under five people is not counted.
ADDED = {Indicator.ATTENDANCES: (0, *range(5, 15)), Indicator.LEARNERS: tuple(range(15))}


@pytest.mark.parametrize("seed", range(4))
def test_an_organisation_does_not_tell_who_came_to_one_of_its_units(movement: Movement, seed: int):
    """All classes of two wards are of it: what it has is the sum of theirs, counted before it is rounded."""
    rng = random.Random(seed)
    for indicator in ADDED:
        added = tuple(rng.choice([count for count in ADDED[indicator] if count < 10]) for _ in range(4))
        assert bounds_of_few_people_in_organisation(movement, indicator, added) == []


def test_that_attack_succeeds_where_the_people_of_an_organisation_are_told(movement, monkeypatch):
    monkeypatch.setattr(figure_releases, "PUBLIC_UNIT_INDICATORS", tuple(ADDED))
    assert bounds_of_few_people_in_organisation(movement, Indicator.LEARNERS, (9, 1, 0, 0)) != []


def bounds_of_few_people_in_organisation(
    movement: Movement, indicator: Indicator, added: tuple[int, ...]
) -> list[Bounds]:
    """What is certain of fewer than five people, by trying every city. ``added``: by two wards on each of two days."""
    wards, organisation = (WARD, OTHER_WARD), "hoi-phu-nu"
    units = [movement.unit(f"Hội Phụ nữ {ward}", organisation=organisation, ward=ward) for ward in wards]
    with write_sessions(movement.engine).begin() as session:
        for model in (DailyFigure, ReleasedFigure, UnitFigure, FigureRelease):
            session.execute(delete(model))
    published: list[tuple[int, ...]] = []
    for day in (0, 1):
        of_day, on = added[2 * day : 2 * day + 2], date(2026, 3, 4) + timedelta(days=day)
        with write_sessions(movement.engine).begin() as session:
            for ward, unit, count in zip(wards, units, of_day, strict=True):
                session.add(DailyFigure(day=on, ward=ward, indicator=indicator, count=count))
                session.add(UnitFigure(day=on, unit_id=unit, indicator=indicator, count=count))
        release_figures(movement.engine, now=OPENED + timedelta(days=day))
        release = movement.latest()
        of_wards = (release.value(ward, indicator) for ward in wards)
        published.append((release.organisation_value(organisation, indicator), *of_wards))
    is_told = indicator in figure_releases.PUBLIC_UNIT_INDICATORS

    def published_of(city: tuple[int, ...]) -> list[tuple[int, ...]]:
        up_to = [(city[0], city[1]), (city[0] + city[2], city[1] + city[3])]
        return [(sum(counts) // STEP * STEP * is_told, *(count // STEP * STEP for count in counts)) for counts in up_to]

    cities = [city for city in product(ADDED[indicator], repeat=4) if published_of(city) == published]
    assert added in cities
    sums = ((0,), (1,), (2,), (3,), (0, 2), (1, 3), (0, 1), (2, 3), (0, 1, 2, 3))
    certain = [{sum(city[place] for place in places) for city in cities} for places in sums]
    return [
        bounds for found in certain if (bounds := Bounds(min(found), max(found))).reveals_few_people and bounds.high
    ]


# What a ward may add in a day, as (classes, people in them): a class has five people at least.
ADDED_BY_WARD = [(classes, people) for classes in range(4) for people in range(5 * classes, 6 * classes + 1)]


@pytest.mark.parametrize("seed", range(4))
def test_the_classes_of_the_city_do_not_tell_who_came_in_a_ward(movement: Movement, seed: int):
    """They are counted before they are rounded: what a ward hides can be solved for, and is classes of five people."""
    rng = random.Random(seed)
    added = tuple(rng.choice(ADDED_BY_WARD) for _ in range(4))
    assert bounds_of_few_people_in_wards(movement, added, figure_releases.PUBLIC_CITY_INDICATORS) == []


def test_that_attack_succeeds_where_the_city_counts_people_who_come_one_by_one(movement: Movement, monkeypatch):
    """Two wards hide up to four learners each, and the city has five: each of them has one."""
    monkeypatch.setattr(figure_releases, "PUBLIC_CITY_INDICATORS", (Indicator.LEARNERS,))
    monkeypatch.setattr(
        "tests.learning.movement_statistics.test_attacks_on_releases.ADDED_BY_WARD",
        [(0, people) for people in range(7)],
    )
    assert bounds_of_few_people_in_wards(movement, ((0, 4), (0, 4), (0, 0), (0, 0)), (Indicator.LEARNERS,)) != []


def bounds_of_few_people_in_wards(
    movement: Movement, added: tuple[tuple[int, int], ...], of_city: tuple[Indicator, ...]
) -> list[Bounds]:
    """What is certain of fewer than five people, by trying every city. ``added``: by two wards on each of two days.

    ``of_city``: what the city counts for itself.
    """
    people = Indicator.LEARNERS if Indicator.LEARNERS in of_city else Indicator.ATTENDANCES
    kinds = (Indicator.CLASSES, people)
    published: list[tuple[int, ...]] = []
    for day in (0, 1):
        on = date(2026, 3, 4) + timedelta(days=day)
        with write_sessions(movement.engine).begin() as session:
            for ward, counts in zip((WARD, OTHER_WARD), added[2 * day : 2 * day + 2], strict=True):
                for indicator, count in zip(kinds, counts, strict=True):
                    session.add(DailyFigure(day=on, ward=ward, indicator=indicator, count=count))
        release_figures(movement.engine, now=OPENED + timedelta(days=day))
        release = movement.latest()
        of_wards = (release.value(ward, indicator) for ward in (WARD, OTHER_WARD) for indicator in kinds)
        assert release.city_values.keys() == set(of_city)
        published.append((*of_wards, *(release.total(indicator) for indicator in kinds)))

    def published_of(city: tuple[tuple[int, int], ...]) -> list[tuple[int, ...]]:
        days = []
        for parts in ((city[:1], city[1:2]), (city[0::2], city[1::2])):
            counts = [[sum(part[kind] for part in of_ward) for kind in (0, 1)] for of_ward in parts]
            rounded = [count // STEP * STEP for of_ward in counts for count in of_ward]
            of_all = [
                sum(of_ward[kind] for of_ward in counts) // STEP * STEP
                if kinds[kind] in of_city
                else sum(rounded[kind::2])
                for kind in (0, 1)
            ]
            days.append((*rounded, *of_all))
        return days

    cities = [city for city in product(ADDED_BY_WARD, repeat=4) if published_of(city) == published]
    assert added in cities
    sums = ((0,), (1,), (2,), (3,), (0, 2), (1, 3), (0, 1), (2, 3), (0, 1, 2, 3))
    certain = [{sum(city[place][1] for place in places) for city in cities} for places in sums]
    return [
        bounds for found in certain if (bounds := Bounds(min(found), max(found))).reveals_few_people and bounds.high
    ]
