"""Dùng liền: the boxes of dung.md."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from lxml import html
from sqlalchemy import Engine

from lms.config import Settings
from lms.content.catalog import Shelf
from lms.learning.store.writer import Writer
from lms.web import create_app
from tests.web.careful import CarefulClient
from tests.web.conftest import TODAY
from tests.web.hands import answer_all, main_button, tick_all
from tests.web.schoolroom import DUNG


def test_the_page_asks_for_nothing_but_ticks(lan: CarefulClient) -> None:
    page = lan.page(DUNG)
    assert {field.get("type") for field in page.xpath("//form//input")} == {"checkbox"}
    assert "Cần có: Thẻ căn cước." in page.text_content()
    assert "Chưa cài thì xem bài trước." in page.xpath("//details")[0].text_content()


def test_what_is_ticked_is_kept_and_can_be_taken_back(lan: CarefulClient) -> None:
    first, _ = lan.page(DUNG).xpath("//input[@name='task']/@value")
    lan.post(DUNG, data={"task": first})
    page = lan.page(DUNG)
    assert page.xpath("//input[@checked]/@value") == [first]
    assert "Đã ghi 1 việc. Còn 1 việc nữa là có dấu dùng liền." in page.text_content()
    lan.post(DUNG)
    assert not lan.page(DUNG).xpath("//input[@checked]")


def test_nothing_ticked_is_asked_for_kindly_at_the_button_and_keeps_nothing(lan: CarefulClient) -> None:
    (form,) = lan.page(DUNG).xpath("//form[.//input[@name='task']]")
    response = lan.post(form.get("action"))
    assert (response.status_code, "Set-Cookie" in response.headers) == (422, False)
    (said,) = html.fromstring(response.text).xpath(
        f"//*[@id='{form.get('action').partition('#')[2]}']//*[@role='alert']"
    )
    assert said.text_content().strip().startswith("Chưa có việc nào được chọn.")
    assert "Chưa có việc nào được chọn." not in lan.get(DUNG).text


def test_taking_back_the_last_tick_waits_for_nobody_where_a_writer_keeps_it(
    settings: Settings, engine: Engine, courses: Path
) -> None:
    writer = Writer(engine)
    try:
        app = create_app(settings, shelf=Shelf(courses, lambda: TODAY), engine=engine, writer=writer)
        app.test_client_class = CarefulClient
        phone = app.test_client()
        phone.post(DUNG, data={"task": phone.page(DUNG).xpath("//input[@name='task']/@value")[:1]})
        assert phone.page(DUNG).xpath("//input[@checked]")
        assert phone.post(DUNG).status_code == 303
        assert not phone.page(DUNG).xpath("//input[@checked]")
    finally:
        writer.close()


def test_a_task_that_left_the_page_does_not_count_as_one_of_those_that_are_left(
    app: Flask, lan: CarefulClient, courses: Path
) -> None:
    first, _ = lan.page(DUNG).xpath("//input[@name='task']/@value")
    lan.post(DUNG, data={"task": first})
    (file,) = courses.glob(f"{DUNG[1:].split('/')[0]}/*/dung.md")
    text = file.read_text("utf-8")
    (words,) = [line for line in text.splitlines() if line.startswith("- [ ]")][:1]
    file.write_text(text.replace(words, "- [ ] Chép số tổng đài ra giấy"), "utf-8")
    app.extensions["shelf"].reload()
    assert "Còn 2 việc nữa là có dấu dùng liền." in lan.page(DUNG).text_content()


def test_all_boxes_earn_the_mark_and_lead_to_what_is_missing(lan: CarefulClient) -> None:
    assert tick_all(lan).headers["Location"] == f"{DUNG}#xong"
    page = lan.page(DUNG)
    assert "Bác có dấu dùng liền" in page.text_content()
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/hieu"


def test_the_last_mark_leads_to_the_badge(lan: CarefulClient) -> None:
    answer_all(lan)
    tick_all(lan)
    assert main_button(lan.page(DUNG)).get("href") == "/toi/nhan-huy-hieu/vneid/ba-loai-ma"


def test_a_forged_box_is_refused(lan: CarefulClient) -> None:
    assert lan.post(DUNG, data={"task": "khong-co"}).status_code == 404


def test_one_persons_ticks_are_not_anothers(lan: CarefulClient, hoa: CarefulClient) -> None:
    tick_all(lan)
    assert not hoa.page(DUNG).xpath("//input[@checked]")
