"""Dùng liền: the tasks of dung.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from lxml import html

from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import answer_all, tick_all_tasks
from tests.web.page_texts import main_button
from tests.web.sample_course import USE_URL


def test_the_page_asks_for_nothing_but_ticks(lan: CheckingClient) -> None:
    page = lan.page(USE_URL)
    assert {field.get("type") for field in page.xpath("//form//input")} == {"checkbox"}
    assert "Cần có: Thẻ căn cước." in page.text_content()
    assert "Đủ 2 việc thì có dấu dùng liền." in page.text_content(), "what earns the mark, said before the tasks"
    assert "Chưa cài thì xem bài trước." in page.xpath("//details")[0].text_content()


def test_ticks_are_saved_and_can_be_removed(lan: CheckingClient) -> None:
    first, _ = lan.page(USE_URL).xpath("//input[@name='task']/@value")
    lan.post(USE_URL, data={"task": first})
    page = lan.page(USE_URL)
    assert page.xpath("//input[@checked]/@value") == [first]
    assert "Đã ghi 1 việc. Còn 1 việc nữa là có dấu dùng liền." in page.text_content()
    lan.post(USE_URL)
    assert not lan.page(USE_URL).xpath("//input[@checked]")


def test_a_form_without_ticks_is_explained_at_the_button_and_saves_nothing(lan: CheckingClient) -> None:
    (form,) = lan.page(USE_URL).xpath("//form[.//input[@name='task']]")
    response = lan.post(form.get("action"))
    assert (response.status_code, "Set-Cookie" in response.headers) == (422, False)
    (alert,) = html.fromstring(response.text).xpath(
        f"//*[@id='{form.get('action').partition('#')[2]}']//*[@role='alert']"
    )
    assert alert.text_content().strip().startswith("Chưa có việc nào được chọn.")
    assert not lan.page(USE_URL).xpath("//*[@role='alert']")


def test_removing_the_last_tick_does_not_wait_for_a_lock(lan: CheckingClient) -> None:
    lan.post(USE_URL, data={"task": lan.page(USE_URL).xpath("//input[@name='task']/@value")[:1]})
    assert lan.page(USE_URL).xpath("//input[@checked]")
    assert lan.post(USE_URL).status_code == 303
    assert not lan.page(USE_URL).xpath("//input[@checked]")


def test_a_removed_task_does_not_count_as_ticked(app: Flask, lan: CheckingClient, courses: Path) -> None:
    first, _ = lan.page(USE_URL).xpath("//input[@name='task']/@value")
    lan.post(USE_URL, data={"task": first})
    (file,) = courses.glob(f"{USE_URL[1:].split('/')[0]}/*/dung.md")
    text = file.read_text("utf-8")
    (words,) = [line for line in text.splitlines() if line.startswith("- [ ]")][:1]
    file.write_text(text.replace(words, "- [ ] Chép số tổng đài ra giấy"), "utf-8")
    app.extensions["catalog"].reload()
    assert "Còn 2 việc nữa là có dấu dùng liền." in lan.page(USE_URL).text_content()


def test_all_ticks_earn_the_mark_and_lead_to_the_missing_stage(lan: CheckingClient) -> None:
    assert tick_all_tasks(lan).headers["Location"] == f"{USE_URL}#xong"
    page = lan.page(USE_URL)
    assert "Bác có dấu dùng liền" in page.text_content()
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/hieu"


@pytest.mark.slow
def test_the_last_mark_leads_to_the_badge(lan: CheckingClient) -> None:
    answer_all(lan)
    tick_all_tasks(lan)
    assert main_button(lan.page(USE_URL)).get("href") == "/toi/nhan-huy-hieu/vneid/ba-loai-ma"


def test_a_forged_task_is_refused(lan: CheckingClient) -> None:
    assert lan.post(USE_URL, data={"task": "khong-co"}).status_code == 404


def test_ticks_are_private(lan: CheckingClient, hoa: CheckingClient) -> None:
    tick_all_tasks(lan)
    assert not hoa.page(USE_URL).xpath("//input[@checked]")
