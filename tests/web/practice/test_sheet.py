"""Tờ các bước: the content of the sheet; tests/browser/test_sheet.py checks its size."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.web.practice.real_device import has_real_steps, real_device_steps, sheet_steps
from tests.real_courses import library
from tests.web.checking_client import CheckingClient
from tests.web.every_screen import every_screen
from tests.web.nojs_phone import PRACTICE_URL, NoJsPhone
from tests.web.page_texts import text_of

SHEET = f"{PRACTICE_URL}?che-do=to-buoc"
TYPED = ("number", "password")
PUBLIC = "156 vneid.gov.vn"


@pytest.fixture
def lan(app: Flask) -> CheckingClient:
    """A client that checks each page, as the sheet is an ordinary page and no practice."""
    return app.test_client()


@pytest.fixture
def hoa(app: Flask) -> CheckingClient:
    return app.test_client()


def step_texts(page) -> list[str]:
    return [text_of(step) for step in page.xpath("//ol/li")]


def test_the_sheet_has_the_steps_on_the_real_phone(lan):
    steps = step_texts(lan.page(SHEET))
    titles = [step.title for step in real_device_steps(every_screen())]
    starts = [(f"{number}{title}", f"{number}Nếu hiện: {title}") for number, title in enumerate(titles, 1)]
    assert all(step.startswith(start) for step, start in zip(steps, starts, strict=True))
    (form,) = [step for step in steps if "Nhập thông tin" in step]
    assert "Bác gõ số trên thẻ của bác vào ô “Số định danh cá nhân”." in form
    assert "Bác gõ đúng như trên thẻ của bác vào ô “Họ và tên”." in form


def test_there_are_blanks_only_for_what_is_no_secret(lan):
    page = lan.page(SHEET)
    (blank,) = page.xpath("//*[@class='practice-sheet__blank']")
    assert "".join(blank.xpath("preceding-sibling::text()")).endswith("“Số điện thoại”")
    assert "Bác điền ô “Số điện thoại”" in page.text_content()
    assert "Không ghi ở đây." in page.text_content()
    assert "Mật khẩu bác tự nghĩ, không ghi ở đây." in page.text_content()


def test_a_course_without_an_app_has_a_sheet_of_the_exercise(lan, app, courses):
    file = courses / "thu" / "course.md"
    file.write_text(file.read_text("utf-8").replace("ứng dụng: VNeID\n", ""), "utf-8")
    app.extensions["catalog"].reload()
    page = lan.page(SHEET)
    assert "Đây là bài để tập trên màn hình vẽ." in page.text_content()
    (form,) = [step for step in step_texts(page) if "Nhập thông tin" in step]
    assert "Bác gõ phần ghi trên thẻ việc vào các ô “Số định danh cá nhân”, “Số điện thoại”, “Họ và tên”." in form
    assert not page.xpath("//*[@class='practice-sheet__blank']")


def test_the_introduction_leads_to_it(app):
    lan = NoJsPhone(app)
    lan.open(PRACTICE_URL)
    assert lan.page.xpath("//main//a[@href='?che-do=to-buoc']")


def test_generated_codes_are_not_printed(lan):
    (code,) = [step for step in step_texts(lan.page(SHEET)) if "“Mã OTP”" in step]
    assert "Bác gõ mã trong tin vừa tới vào ô “Mã OTP”." in code
    assert "{{" not in lan.get(SHEET).text


def test_the_sheet_has_the_url_and_qr_code_of_the_practice(lan):
    page = lan.page(SHEET)
    assert page.xpath("//figure[@aria-label='Mã QR mở bài tập này']//svg")
    assert "hoc.example/thu/moi-thu/lam" in page.text_content()


def test_the_sheet_is_the_same_for_everybody_and_saves_nothing(lan, hoa):
    hoa.post(PRACTICE_URL, data={"mode": "tu-lam"})
    assert lan.get(SHEET).data == hoa.get(SHEET).data
    assert "Set-Cookie" not in lan.get(SHEET).headers


def practices() -> list:
    return [
        pytest.param(practice, has_real_steps(course, practice), id=f"{course.slug}-{lesson.slug}{practice.name}")
        for course in library()
        for lesson in course.lessons
        for practice in lesson.practices
    ]


@pytest.mark.parametrize(("practice", "is_real"), practices())
def test_every_practice_in_courses_has_a_sheet_without_a_value_of_the_exercise(practice, is_real):
    steps = sheet_steps(practice, is_real=is_real)
    assert steps
    words = " ".join(f"{step.title} {' '.join(step.actions)}" for step in steps)
    fields = [widget for screen in practice.screens for widget in screen.widgets if widget.role in TYPED]
    own = {value for _, value in practice.data} | {value for field in fields for value in field.values}
    # The app's name and the address of its page are the same for everybody.
    own = {value for value in own if len(value) > 2 and value not in f"{practice.simulates} {PUBLIC}"}
    assert [value for value in own if value in words] == []
    assert "{{" not in words
