"""A screen has one number, whoever says it: the phone that stands there, the desk and the wall."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from lms.content.practice.compiling import path_of
from tests.web.desks import Desk, found, open_desk
from tests.web.duty import signed_in
from tests.web.every_screen import LESSON, every_screen, write_every_screen
from tests.web.plain_phone import PlainPhone


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """A practice that waits on its way, and has screens without a task."""
    return write_every_screen(tmp_path / "courses")


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = open_desk(signed_in(app, "Minh"), LESSON.strip("/"))
    desk.sends(to="tap")
    return desk


@pytest.fixture
def lan(app: Flask, desk: Desk) -> PlainPhone:
    """She has begun the practice in class."""
    code, lan = found(app, desk).code, PlainPhone(app)
    lan.client.post(f"/lop/{code}", data={"nguoi": "1"})
    lan.opens(lan.client.post(f"/lop/{code}/tap").location)
    return lan


def said_by(phone: PlainPhone) -> tuple[str, str]:
    """ "màn 3 trong 9": the number of the screen, and of how many."""
    return re.search(r"màn (\d+) trong (\d+)", phone.words).groups()


def rows(desk: Desk) -> list[tuple[str, int]]:
    """What the desk calls each screen, and how many stand there."""
    found = desk.page().xpath("//a[@data-stand]")
    return [(row.xpath("string(span[1])"), int(row.xpath("string(span[2])"))) for row in found]


def test_a_screen_has_the_number_that_the_phone_at_it_says(desk, lan):
    way, seen = path_of(every_screen()), []
    for screen, following in pairwise([*way, None]):
        assert lan.screen == screen
        number, total = said_by(lan)
        [here] = [name for name, count in rows(desk) if count]
        seen.append(here)
        if following is not None:
            assert here.partition(".")[0] == number
            lan.goes_the_expected_way(until=following)
    names = [name for name, _ in rows(desk)]
    assert names == list(dict.fromkeys(seen))
    assert [name.partition(".")[0] for name in names[:-1]] == [str(one) for one in range(1, int(total) + 1)]
    assert names[-1] == every_screen().screen(way[-1]).title


def test_who_waits_for_her_phone_is_found_at_the_screen_before_it(desk, lan):
    way = path_of(every_screen())
    waiting = next(screen for screen in way if every_screen().screen(screen).kind == "loading")
    lan.goes_the_expected_way(until=waiting)
    assert lan.screen == waiting
    assert "Số 1" in desk.words(f"/man/{way[way.index(waiting) - 1]}")
    assert "Số 1" in desk.words(f"/man/{waiting}")
