"""What comes next: home, her page, the course, the lesson and whatever ends say one and the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests.web.hands import answer, answer_all, earn_all, main_button
from tests.web.schoolroom import FIRST_DUNG, SECOND_HIEU, write_courses

FIRST, SECOND, THIRD, OTHER = "/vneid/ba-loai-ma", "/vneid/kich-hoat", "/vneid/xuat-trinh", "/etax/tra-cuu"
CLAIM = "/toi/nhan-huy-hieu"
QUESTION, RIGHT = "Mã OTP gửi về đâu", ["Máy có số đã khai"]


class Phone(FlaskClient):
    """Sees pages; that they are well made is told elsewhere."""

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


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """Two courses: of three lessons, the second of them with all three stages, and of one."""
    folder = write_courses(tmp_path / "courses")
    (folder / "vneid/02-kich-hoat/dung.md").write_text(FIRST_DUNG, "utf-8")
    for lesson in ("vneid/03-xuat-trinh", "etax/01-tra-cuu"):
        (folder / lesson).mkdir(parents=True)
        (folder / lesson / "hieu.md").write_text(SECOND_HIEU, "utf-8")
    course = (folder / "vneid/course.md").read_text("utf-8")
    (folder / "vneid/course.md").write_text(course.replace("nguồn:", "thứ tự: 1\nnguồn:"), "utf-8")
    (folder / "etax/course.md").write_text(course.replace("VNeID thử", "eTax thử"), "utf-8")
    return folder


def leads(phone: Phone, address: str) -> str:
    return main_button(phone.page(address)).get("href")


def said_everywhere(phone: Phone, *more: str) -> str:
    """Where the main buttons of home, of her page and of ``more`` lead: to one place."""
    (href,) = {leads(phone, address) for address in ("/", "/toi", *more)}
    return href


def begin(phone: Phone, mode: str = "tu-lam") -> str:
    return phone.post(f"{SECOND}/lam", data={"mode": mode}).location


def practise(phone: Phone, mode: str = "tu-lam") -> str:
    """Walk the practice to its end; the address of its result."""
    attempt = begin(phone, mode)
    form = html.fromstring(phone.get(attempt).text).xpath("//form[@id='man-hinh']")[0]
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
    assert phone.post(attempt, data={**fields, "tap": "0"}).status_code == 303
    return f"{attempt}/ket-qua"


def use(phone: Phone, lesson: str) -> None:
    boxes = phone.page(f"{lesson}/dung").xpath("//input[@name='task']/@value")
    phone.post(f"{lesson}/dung", data={"task": boxes})


def understand(phone: Phone, lesson: str) -> None:
    answer(phone, QUESTION, RIGHT, f"{lesson}/hieu")


def test_after_a_practice_the_skipped_reading_comes_next_everywhere(lan: Phone) -> None:
    result = practise(lan)
    assert said_everywhere(lan, SECOND, result, f"{SECOND}/lam") == f"{SECOND}/hieu"
    understand(lan, SECOND)
    assert said_everywhere(lan, SECOND, result, f"{SECOND}/lam", f"{SECOND}/hieu") == f"{SECOND}/dung"


def test_a_practice_that_was_begun_goes_on_from_everywhere(lan: Phone) -> None:
    understand(lan, SECOND)
    attempt = begin(lan)
    assert said_everywhere(lan, SECOND, f"{SECOND}/hieu", f"{SECOND}/lam") == attempt


def test_a_practice_without_its_mark_is_what_home_goes_on_with(lan: Phone) -> None:
    result = practise(lan, "lam-theo")
    assert "Giờ bác tự làm" in main_button(lan.page(result)).text_content()
    assert said_everywhere(lan, SECOND) == f"{SECOND}/lam"


def test_the_end_of_a_stage_never_leads_back_to_itself(lan: Phone) -> None:
    answer(lan, "OTP. Bác làm gì", ["Đọc mã cho họ"])
    assert said_everywhere(lan, FIRST) == f"{FIRST}/hieu"
    assert leads(lan, f"{FIRST}/hieu") == f"{FIRST}/dung"
    answer_all(lan)
    assert said_everywhere(lan, FIRST, f"{FIRST}/hieu") == f"{FIRST}/dung"
    lan.post(f"{FIRST}/dung", data={"task": lan.page(f"{FIRST}/dung").xpath("//input[@name='task']/@value")[:1]})
    assert lan.page(f"{FIRST}/dung").xpath(f"//main//a[@href='{SECOND}' and contains(., 'Sang bài 2')]")


def test_an_earned_badge_comes_first_and_the_next_lesson_stays_in_reach(lan: Phone) -> None:
    earn_all(lan)
    ends = (FIRST, f"{FIRST}/hieu", f"{FIRST}/dung", "/vneid")
    assert said_everywhere(lan, *ends) == f"{CLAIM}{FIRST}"
    assert lan.page("/").xpath(f"//main//a[@href='{SECOND}'][contains(., 'học bài tiếp theo')]")
    badge = lan.post(f"{CLAIM}{FIRST}", data={"ten": ""}).location
    assert said_everywhere(lan, *ends, badge) == SECOND


def test_a_badge_left_for_later_does_not_come_back_once_another_lesson_is_begun(lan: Phone) -> None:
    earn_all(lan)
    begin(lan)
    assert leads(lan, "/").startswith("/toi/luot/")
    assert leads(lan, FIRST) == f"{CLAIM}{FIRST}"


def test_what_was_skipped_comes_after_what_follows(lan: Phone) -> None:
    practise(lan)
    understand(lan, SECOND)
    use(lan, SECOND)
    badge = lan.post(f"{CLAIM}{SECOND}", data={"ten": ""}).location
    assert said_everywhere(lan, SECOND, f"{SECOND}/dung", badge, "/vneid") == THIRD
    understand(lan, THIRD)
    lan.post(f"{CLAIM}{THIRD}", data={"ten": ""})
    assert said_everywhere(lan, THIRD, "/vneid") == FIRST


def test_after_a_course_its_badge_comes_and_then_the_next_course(lan: Phone) -> None:
    earn_all(lan)
    practise(lan)
    use(lan, SECOND)
    for lesson in (THIRD, SECOND):
        understand(lan, lesson)
    for lesson in (FIRST, SECOND, THIRD):
        lan.post(f"{CLAIM}{lesson}", data={"ten": ""})
    assert said_everywhere(lan, SECOND, "/vneid") == f"{CLAIM}/vneid"
    badge = lan.post(f"{CLAIM}/vneid", data={"ten": ""}).location
    assert said_everywhere(lan, SECOND, badge, "/vneid") == OTHER
    assert lan.page("/vneid").xpath(f"//a[@href='{badge}']")


def test_whoever_has_done_everything_is_told_so_and_led_to_her_badges(lan: Phone) -> None:
    earn_all(lan)
    practise(lan)
    use(lan, SECOND)
    for lesson in (SECOND, THIRD, OTHER):
        understand(lan, lesson)
    for place in ("/vneid", FIRST, SECOND, THIRD, OTHER, "/etax"):
        lan.post(f"{CLAIM}{place}", data={"ten": ""})
    assert "Bác đã học xong mọi bài" in lan.page("/").text_content()
    assert leads(lan, "/") == "/toi"
    assert {leads(lan, address) for address in ("/toi", OTHER, "/etax", f"{SECOND}/dung")} == {"/"}


def test_the_page_for_everybody_knows_nothing_of_who_asked_first(lan: Phone, hoa: Phone) -> None:
    earn_all(lan)
    lan.post(f"{CLAIM}{FIRST}", data={"ten": ""})
    assert leads(lan, f"{THIRD}/hieu") == SECOND
    assert leads(hoa, f"{THIRD}/hieu") == FIRST
    assert leads(hoa, "/toi") == leads(hoa, "/") == FIRST
