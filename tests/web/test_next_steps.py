"""The next activity: home, my page, course, lesson and ends of stages all lead to the same one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests.web.learner_actions import answer, answer_all, earn_all_marks
from tests.web.page_texts import main_button
from tests.web.sample_course import FIRST_DUNG, SECOND_HIEU, write_courses

FIRST, SECOND, THIRD, OTHER = "/vneid/ba-loai-ma", "/vneid/kich-hoat", "/vneid/xuat-trinh", "/etax/tra-cuu"
CLAIM = "/toi/nhan-huy-hieu"
QUESTION, RIGHT = "Mã OTP gửi về đâu", ["Máy có số đã khai"]


class Phone(FlaskClient):
    """A client without the page checks, which other tests do."""

    def page(self, address: str) -> html.HtmlElement:
        response = self.get(address)
        assert response.status_code == 200, address
        return html.fromstring(response.text)


@pytest.fixture
def lan(app: Flask) -> Phone:
    return Phone(app, app.response_class, use_cookies=True)


@pytest.fixture
def hoa(app: Flask) -> Phone:
    return Phone(app, app.response_class, use_cookies=True)


def write_two_courses(courses: Path) -> Path:
    """Two courses: of three lessons, the second of them with all three stages, and of one."""
    folder = write_courses(courses)
    (folder / "vneid/02-kich-hoat/dung.md").write_text(FIRST_DUNG, "utf-8")
    for lesson in ("vneid/03-xuat-trinh", "etax/01-tra-cuu"):
        (folder / lesson).mkdir(parents=True)
        (folder / lesson / "hieu.md").write_text(SECOND_HIEU, "utf-8")
    course = (folder / "vneid/course.md").read_text("utf-8")
    (folder / "vneid/course.md").write_text(course.replace("nguồn:", "thứ tự: 1\nnguồn:"), "utf-8")
    (folder / "etax/course.md").write_text(course.replace("VNeID thử", "eTax thử"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_two_courses


def main_link_on(phone: Phone, address: str) -> str:
    return main_button(phone.page(address)).get("href")


def main_link_everywhere(phone: Phone, *more: str) -> str:
    """Where the main buttons of home, my page and ``more`` lead; they must agree."""
    (href,) = {main_link_on(phone, address) for address in ("/", "/toi", *more)}
    return href


def start_attempt(phone: Phone, mode: str = "tu-lam") -> str:
    return phone.post(f"{SECOND}/lam", data={"mode": mode}).location


def complete_practice(phone: Phone, mode: str = "tu-lam") -> str:
    """Complete the practice; returns the URL of its result."""
    attempt = start_attempt(phone, mode)
    form = html.fromstring(phone.get(attempt).text).xpath("//form[@id='man-hinh']")[0]
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
    assert phone.post(attempt, data={**fields, "tap": "0"}).status_code == 303
    return f"{attempt}/ket-qua"


def tick_tasks(phone: Phone, lesson: str) -> None:
    boxes = phone.page(f"{lesson}/dung").xpath("//input[@name='task']/@value")
    phone.post(f"{lesson}/dung", data={"task": boxes})


def answer_question(phone: Phone, lesson: str) -> None:
    answer(phone, QUESTION, RIGHT, f"{lesson}/hieu")


@pytest.mark.slow
def test_after_a_practice_the_skipped_reading_comes_next_everywhere(lan: Phone) -> None:
    result = complete_practice(lan)
    assert main_link_everywhere(lan, SECOND, result, f"{SECOND}/lam") == f"{SECOND}/hieu"
    answer_question(lan, SECOND)
    assert main_link_everywhere(lan, SECOND, result, f"{SECOND}/lam", f"{SECOND}/hieu") == f"{SECOND}/dung"


def test_every_page_resumes_an_open_attempt(lan: Phone) -> None:
    answer_question(lan, SECOND)
    attempt = start_attempt(lan)
    assert main_link_everywhere(lan, SECOND, f"{SECOND}/hieu", f"{SECOND}/lam") == attempt


def test_home_resumes_a_practice_without_its_mark(lan: Phone) -> None:
    result = complete_practice(lan, "lam-theo")
    assert "Giờ bác tự làm" in main_button(lan.page(result)).text_content()
    assert main_link_everywhere(lan, SECOND) == f"{SECOND}/lam"


def test_the_end_of_a_stage_never_leads_back_to_itself(lan: Phone) -> None:
    answer(lan, "OTP. Bác làm gì", ["Đọc mã cho họ"])
    assert main_link_everywhere(lan, FIRST) == f"{FIRST}/hieu"
    assert main_link_on(lan, f"{FIRST}/hieu") == f"{FIRST}/dung"
    answer_all(lan)
    assert main_link_everywhere(lan, FIRST, f"{FIRST}/hieu") == f"{FIRST}/dung"
    lan.post(f"{FIRST}/dung", data={"task": lan.page(f"{FIRST}/dung").xpath("//input[@name='task']/@value")[:1]})
    assert lan.page(f"{FIRST}/dung").xpath(f"//main//a[@href='{SECOND}' and contains(., 'Sang bài 2')]")


@pytest.mark.slow
def test_an_earned_badge_comes_first_and_the_next_lesson_stays_in_reach(lan: Phone) -> None:
    earn_all_marks(lan)
    ends = (FIRST, f"{FIRST}/hieu", f"{FIRST}/dung", "/vneid")
    assert main_link_everywhere(lan, *ends) == f"{CLAIM}{FIRST}"
    assert lan.page("/").xpath(f"//main//a[@href='{SECOND}'][contains(., 'học bài tiếp theo')]")
    badge = lan.post(f"{CLAIM}{FIRST}", data={"ten": ""}).location
    assert main_link_everywhere(lan, *ends, badge) == SECOND


def test_a_postponed_badge_does_not_come_back_once_another_lesson_is_started(lan: Phone) -> None:
    earn_all_marks(lan)
    start_attempt(lan)
    assert main_link_on(lan, "/").startswith("/toi/luot/")
    assert main_link_on(lan, FIRST) == f"{CLAIM}{FIRST}"


@pytest.mark.slow
def test_a_skipped_lesson_comes_after_those_that_follow(lan: Phone) -> None:
    complete_practice(lan)
    answer_question(lan, SECOND)
    tick_tasks(lan, SECOND)
    badge = lan.post(f"{CLAIM}{SECOND}", data={"ten": ""}).location
    assert main_link_everywhere(lan, SECOND, f"{SECOND}/dung", badge, "/vneid") == THIRD
    answer_question(lan, THIRD)
    lan.post(f"{CLAIM}{THIRD}", data={"ten": ""})
    assert main_link_everywhere(lan, THIRD, "/vneid") == FIRST


@pytest.mark.slow
def test_after_a_course_its_badge_comes_and_then_the_next_course(lan: Phone) -> None:
    earn_all_marks(lan)
    complete_practice(lan)
    tick_tasks(lan, SECOND)
    for lesson in (THIRD, SECOND):
        answer_question(lan, lesson)
    for lesson in (FIRST, SECOND, THIRD):
        lan.post(f"{CLAIM}{lesson}", data={"ten": ""})
    assert main_link_everywhere(lan, SECOND, "/vneid") == f"{CLAIM}/vneid"
    badge = lan.post(f"{CLAIM}/vneid", data={"ten": ""}).location
    assert main_link_everywhere(lan, SECOND, badge, "/vneid") == OTHER
    assert lan.page("/vneid").xpath(f"//a[@href='{badge}']")


@pytest.mark.slow
def test_after_all_courses_home_leads_to_the_badges(lan: Phone) -> None:
    earn_all_marks(lan)
    complete_practice(lan)
    tick_tasks(lan, SECOND)
    for lesson in (SECOND, THIRD, OTHER):
        answer_question(lan, lesson)
    for place in ("/vneid", FIRST, SECOND, THIRD, OTHER, "/etax"):
        lan.post(f"{CLAIM}{place}", data={"ten": ""})
    assert "Bác đã học xong mọi bài" in lan.page("/").text_content()
    assert main_link_on(lan, "/") == "/toi"
    assert {main_link_on(lan, address) for address in ("/toi", OTHER, "/etax", f"{SECOND}/dung")} == {"/"}


def test_a_shared_page_has_no_data_of_its_first_visitor(lan: Phone, hoa: Phone) -> None:
    earn_all_marks(lan)
    lan.post(f"{CLAIM}{FIRST}", data={"ten": ""})
    assert main_link_on(lan, f"{THIRD}/hieu") == SECOND
    assert main_link_on(hoa, f"{THIRD}/hieu") == FIRST
    assert main_link_on(hoa, "/toi") == main_link_on(hoa, "/") == FIRST


def test_the_main_button_of_my_page_stands_below_the_name_of_its_course(lan: Phone) -> None:
    for lesson, course in ((SECOND, "VNeID thử"), (OTHER, "eTax thử"), (THIRD, "VNeID thử")):
        answer_question(lan, lesson)
        heading = main_button(lan.page("/toi")).xpath("preceding::h2[1]")[0]
        assert heading.text_content().startswith(course)
