"""Phone, desk and wall show the same number for a screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from lms.content.practice.compiling import main_path
from tests.web.desk_client import Desk, class_session_of, open_desk
from tests.web.every_screen import LESSON, every_screen, write_every_screen
from tests.web.nojs_phone import NoJsPhone
from tests.web.signed_in_clients import signed_in_client


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    """A practice with a waiting screen and screens without a task."""
    return write_every_screen


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = open_desk(signed_in_client(app, "Minh"), LESSON.strip("/"))
    desk.send_command(to="tap")
    return desk


@pytest.fixture
def lan(app: Flask, desk: Desk) -> NoJsPhone:
    """Lan has started the class practice."""
    code, lan = class_session_of(app, desk).code, NoJsPhone(app)
    lan.client.post(f"/lop/{code}", data={"nguoi": "1"})
    lan.open(lan.client.post(f"/lop/{code}/tap").location)
    return lan


def number_on_phone(phone: NoJsPhone) -> tuple[str, str]:
    """ "màn 3 trong 9" as the screen's number and the total."""
    return re.search(r"màn (\d+) trong (\d+)", phone.text).groups()


def desk_rows(desk: Desk) -> list[tuple[str, int]]:
    """The label of each screen on the desk, and the number of learners on it."""
    found = desk.page().xpath("//a[@data-screen-row]")
    return [(row.xpath("string(span[1])"), int(row.xpath("string(span[2])"))) for row in found]


@pytest.mark.slow
def test_a_screen_has_the_same_number_as_on_the_learners_phone(desk, lan):
    way, seen = main_path(every_screen()), []
    for screen, following in pairwise([*way, None]):
        assert lan.screen == screen
        number, total = number_on_phone(lan)
        [here] = [name for name, count in desk_rows(desk) if count]
        seen.append(here)
        if following is not None:
            assert here.partition(".")[0] == number
            lan.follow_expected_path(until=following)
    names = [name for name, _ in desk_rows(desk)]
    assert names == list(dict.fromkeys(seen))
    assert [name.partition(".")[0] for name in names[:-1]] == [str(one) for one in range(1, int(total) + 1)]
    assert names[-1] == every_screen().screen(way[-1]).title


def test_a_learner_on_a_waiting_screen_counts_on_the_screen_before_it(desk, lan):
    way = main_path(every_screen())
    waiting = next(screen for screen in way if every_screen().screen(screen).kind == "loading")
    lan.follow_expected_path(until=waiting)
    assert lan.screen == waiting
    assert "Số 1" in desk.words(f"/man/{way[way.index(waiting) - 1]}")
    assert "Số 1" in desk.words(f"/man/{waiting}")
