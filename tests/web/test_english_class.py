"""A class in which a phone, a desk or a projector has chosen English, beside others that have not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from lms.content.catalog import Catalog
from lms.web import clock
from lms.web.classroom.seat.questions import render_correct_answer
from tests.translated_lesson import write_translated_courses
from tests.web.checking_client import CheckingClient
from tests.web.class_phones import join_class, open_question, post_answer
from tests.web.desk_client import Desk, class_session_of, open_desk
from tests.web.english_pages import assert_english
from tests.web.nojs_phone import NoJsPhone
from tests.web.page_texts import text_of
from tests.web.planned_classes import plan_class
from tests.web.signed_in_clients import signed_in_client
from tests.web.translated_lesson_actions import earn_all_marks
from tests.web.wall.projector import pair_projector, pairing_code

LESSON = "may/mo-may"
DESK_PAGES = ["", "/viec", "/cac-buoc", "/giup", "/dong", "/wifi", "/buoi-sau", "/bai-khac", "/qr-giup", "/chung-kien"]

CLOSED_PAGES = ("/dung-lop/bao-cao", "{desk}/bao-cao", "{desk}/huy-hieu")
OTHER_PAGES = (
    *CLOSED_PAGES,
    *(
        "{desk}/cho/1",
        "{desk}/cho/1/da-thay",
        "{desk}/giup",
        "{desk}/chung-kien?viec=mo-may",
        "/dung-lop/bai/may/mo-may",
    ),
    *(
        "/dung-lop/huong-dan",
        "/dung-lop/the-bo-tui",
        "/dung-lop/phieu-tra-loi",
        "/thu-truoc-gio",
        "/giup",
        "/dung-lop/nop",
    ),
)


@pytest.fixture(scope="module")
def course_writer() -> Callable[[Path], Path]:
    return write_translated_courses


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in_client(app, "Minh"), LESSON)


@pytest.fixture
def code(app: Flask, desk: Desk) -> str:
    return class_session_of(app, desk).code


@pytest.fixture
def phones(app: Flask, code: str) -> tuple[CheckingClient, CheckingClient]:
    """An English phone and a Vietnamese one, at seats 1 and 2."""
    english, vietnamese = app.test_client(), app.test_client()
    assert english.get(f"/lop/{code}?lang=en").status_code == 303
    assert_english(english.page(f"/lop/{code}"))
    for phone in (english, vietnamese):
        assert phone.post(f"/lop/{code}", data={"nguoi": "1"}).status_code == 303
    return english, vietnamese


@pytest.mark.slow
def test_a_facilitator_who_chose_english_steers_in_english(desk: Desk):
    desk.client.get("/dung-lop?lang=en")
    assert_english(desk.client.page("/dung-lop"))
    for path in DESK_PAGES:
        assert_english(desk.page(path))
    while desk.main_action_fields():
        desk.press_next()
        assert_english(desk.page())
    desk.send_command(close="true")
    assert_english(desk.page())
    assert "The class is closed" in desk.words()


@pytest.mark.slow
def test_an_english_desk_tells_of_a_jump_and_why_the_lesson_is_vietnamese(desk: Desk):
    desk.client.get("/dung-lop?lang=en")
    told = "The lesson is shown as the room sees it, in Vietnamese."
    assert told not in desk.words()
    desk.press_next()
    assert told in desk.words()
    [*_, last] = desk.page().xpath("//*[@class='desk-stages']//button/@aria-label")
    assert re.fullmatch(r"On to Use, skipping (1 page, )?\d+ questions?.*\.", last), last
    desk.client.get("/dung-lop?lang=vi")
    assert "bằng tiếng Việt" not in desk.words()


@pytest.mark.parametrize("path", OTHER_PAGES)
def test_the_pages_around_a_class_are_in_english(app: Flask, desk: Desk, code: str, path: str):
    join_class(app, code, ten="Nguyễn Thị Lan", nguoi="2").post(f"/lop/{code}/tay", data={"tay": "len"})
    desk.client.get("/dung-lop?lang=en")
    if path in CLOSED_PAGES:
        desk.send_command(close="true")
    assert_english(desk.client.page(path.format(desk=desk.base)))


def test_an_error_of_the_desk_is_told_in_english(desk: Desk):
    desk.client.get("/dung-lop?lang=en")
    answer = desk.client.post(f"{desk.base}/so-nguoi", data={"csrf_token": desk.token, "nguoi": "many"})
    assert answer.status_code == 422
    assert "Please write a number from 0 to" in answer.text
    assert "There is no such class" in desk.client.get("/dung-lop/khong-co").text


@pytest.mark.slow
def test_a_phone_that_chose_english_has_its_seat_in_english_and_the_others_have_not(desk: Desk, code: str, phones):
    english, vietnamese = phones
    assert "No. 1" in english.page(f"/lop/{code}").findtext(".//title")
    while desk.main_action_fields():
        desk.press_next()
        assert_english(english.page(f"/lop/{code}"))
        assert vietnamese.page(f"/lop/{code}").get("lang") == "vi"
    english.post(f"/lop/{code}/tay", data={"tay": "len"})
    assert "Your hand is raised." in english.get(f"/lop/{code}").text
    assert_english(english.page(f"/lop/{code}/ket"))


@pytest.mark.slow
def test_a_question_and_its_answer_are_in_the_language_of_each_phone(app: Flask, desk: Desk, code: str, phones):
    english, vietnamese = phones
    question = app.extensions["catalog"].library.lesson("may", "mo-may").understand.questions[0]
    step = open_question(desk, question)
    [right] = [option.key for option in question.options if option.right]
    for phone, prompt, learners_answer in (
        (english, "Where is the button?", "Right"),
        (vietnamese, "Nút ở đâu?", "Bên phải"),
    ):
        page = phone.page(f"/lop/{code}").text_content()
        assert prompt in page
        assert learners_answer in page
        assert post_answer(phone, code, question, right).status_code == 303
    desk.send_command(step=step, phase="locked")
    desk.send_command(step=step, phase="shown")
    answers = [phone.get(f"/lop/{code}/dap/{question.id}?lesson=1").get_json() for phone in phones]
    assert all(answer["right"] for answer in answers)
    assert "You are right" in answers[0]["html"]
    assert "Bác trả lời đúng" in answers[1]["html"]
    assert "Cookie" in english.get(f"/lop/{code}/dap/{question.id}?lesson=1").headers["Vary"]
    assert "Bác trả lời đúng" in render_correct_answer(app, question)  # of the stream, for everybody


def test_a_lesson_without_a_translation_stays_vietnamese_in_an_english_seat(
    courses: Path, catalog: Catalog, app: Flask, desk: Desk, code: str, phones
):
    (courses / "may" / "01-mo-may" / "hieu.en.md").unlink()
    catalog.reload()
    question = catalog.library.lesson("may", "mo-may").understand.questions[0]
    open_question(desk, question)
    page = phones[0].page(f"/lop/{code}")
    assert page.xpath("//*[@lang='vi'][contains(., 'Nút ở đâu?')]")
    assert_english(page)


def test_a_wrong_code_is_explained_in_english(app: Flask):
    phone = app.test_client()
    phone.get("/lop?lang=en")
    assert_english(phone.page("/lop"))
    assert "A class code has 6 digits, you typed 3." in phone.get("/lop?ma=123").text


@pytest.mark.slow
def test_a_wall_is_in_the_language_of_its_own_browser(app: Flask, desk: Desk):
    desk.client.get("/dung-lop?lang=en")
    wall = app.test_client()
    wall.post("/chieu")
    pair_projector(desk, pairing_code(wall))
    assert wall.page("/chieu").get("lang") == "vi"
    assert wall.get("/chieu?lang=en").status_code == 303
    assert_english(wall.page("/chieu"))
    while desk.main_action_fields():
        desk.press_next()
        assert_english(wall.page("/chieu"))


PAPERS = (
    ("/wifi", "//section[@class='poster']"),
    ("/bao-cao", "//article"),
)


@pytest.mark.slow
def test_paper_for_others_is_vietnamese_on_an_english_page(desk: Desk):
    def papers() -> list[html.HtmlElement]:
        return [paper for path, place in PAPERS for paper in desk.page(path).xpath(place)]

    vietnamese = [paper.text_content() for paper in papers()]
    desk.client.get("/dung-lop?lang=en")
    assert [paper.get("lang") for paper in papers()] == ["vi"] * len(PAPERS)
    assert [paper.text_content() for paper in papers()] == vietnamese
    assert "Mang theo: thẻ căn cước." in vietnamese[0]
    for path, _ in PAPERS:
        assert_english(desk.page(path))


@pytest.mark.slow
def test_praise_for_the_right_option_is_not_said_to_everybody_in_english(app: Flask, desk: Desk, code: str, phones):
    english, _ = phones
    question = app.extensions["catalog"].library.lesson("may", "mo-may").understand.questions[0]
    wall = app.test_client()
    wall.post("/chieu")
    pair_projector(desk, pairing_code(wall))
    wall.get("/chieu?lang=en")
    step = open_question(desk, question)
    [wrong] = [option.key for option in question.options if not option.right]
    post_answer(english, code, question, wrong)
    for phase in ("locked", "shown"):
        desk.send_command(step=step, phase=phase)
    shown = [english.get(f"/lop/{code}/dap/{question.id}?lesson=1").get_json()["html"], wall.get("/chieu").text]
    for text in shown:
        assert "Left is for the volume." in text
        assert "The button is there." in text
        assert "right. The" not in text


@pytest.mark.slow
def test_badges_are_printed_in_vietnamese_on_an_english_page(app: Flask, desk: Desk, code: str):
    phone = NoJsPhone(app)
    phone.client.get("/may/mo-may?lang=en")
    assert phone.client.post(f"/lop/{code}", data={"nguoi": "1"}).status_code == 303
    earn_all_marks(phone)
    badge = phone.client.post("/toi/nhan-huy-hieu/may/mo-may", data={"ten": "Trần Thị Lan"}).headers["Location"]
    desk.client.get("/dung-lop?lang=en")
    page = desk.page("/huy-hieu")
    assert_english(page)
    [paper] = page.xpath("//article")
    assert paper.get("lang") == "vi"
    assert not paper.xpath(".//*[@lang]")
    words = text_of(paper)
    assert "Trao ngày" in words and "Quét mã bằng máy ảnh" in words and "Xác nhận của nhà nước" in words
    assert page.xpath(f"//a[@href='{badge}']//span[@lang='vi']/text()") == ["Trần Thị Lan"]


def test_the_desk_in_english_names_a_translated_lesson_in_english(app: Flask):
    facilitator = signed_in_client(app, "Minh")
    facilitator.get("/dung-lop?lang=en")
    page = facilitator.page("/dung-lop")
    [lesson] = page.xpath("//label[.//input[@value='may/mo-may']]")
    assert "Turn it on" in lesson.text_content()
    assert "In English" in lesson.text_content()
    [guide] = page.xpath("//a[@href='/dung-lop/huong-dan']")
    assert "(in Vietnamese)" in guide.text_content()
    facilitator.get("/dung-lop?lang=vi")
    page = facilitator.page("/dung-lop")
    assert "Mở máy" in page.xpath("//label[.//input[@value='may/mo-may']]")[0].text_content()
    assert "(tiếng Việt)" not in page.text_content()


@pytest.mark.slow
def test_preview_and_planned_classes_name_a_translated_lesson_in_english(app: Flask):
    plan_class(app, starts_at=clock.now() + timedelta(minutes=30), lesson=LESSON)
    facilitator, organiser = signed_in_client(app, "Minh"), signed_in_client(app, "Hoa", {"organiser"})
    for client, address in ((facilitator, "/dung-lop"), (organiser, "/quan-ly/lich/moi")):
        assert "Mở máy" in client.page(address).text_content()
        client.get("/dung-lop?lang=en")
        page = client.page(address)
        assert_english(page)
        assert "Turn it on" in page.text_content() and "Mở máy" not in page.text_content()
    preview = facilitator.page("/dung-lop/bai/may/mo-may")
    assert_english(preview)
    assert preview.findtext(".//h1") == "Turn it on"
    assert preview.xpath("//h3[@lang='vi'] | //h3/span[@lang='vi']"), "what the room sees stays as it is"


def test_an_english_reader_of_a_report_is_told_why_it_is_in_vietnamese(desk: Desk):
    desk.client.get("/dung-lop?lang=en")
    told = "The report is in Vietnamese, for the ward."
    assert told in desk.words("/bao-cao")
    desk.client.get("/dung-lop?lang=vi")
    assert told not in desk.words("/bao-cao")
