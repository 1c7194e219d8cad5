"""Trang của tôi: the learning code, shared phones, names, and deletion."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.web.checking_client import CheckingClient
from tests.web.learner_actions import answer, answer_all, claim_badge, earn_all_marks
from tests.web.page_texts import main_button
from tests.web.sample_course import UNDERSTAND_URL


def learning_code_on(phone: CheckingClient) -> str:
    return "".join(phone.page("/toi").xpath("//*[@class='learning-code__part']/text()"))


def switch_buttons(phone: CheckingClient) -> dict[str, str]:
    """The keys of learners that the phone can switch to, by the label of the button."""
    buttons = phone.page("/toi").xpath("//section[@id='may-chung']//button[@name='nguoi']")
    return {button.text_content().strip(): button.get("value") for button in buttons}


def test_without_progress_my_page_leads_to_the_first_lesson(lan: CheckingClient) -> None:
    page = lan.page("/toi")
    assert "Bác chưa học bài nào trên máy này." in page.text_content()
    assert main_button(page).get("href") == "/vneid/ba-loai-ma"
    assert not page.xpath("//*[@class='learning-code']")


def test_my_page_shows_marks_and_the_next_step(lan: CheckingClient) -> None:
    answer_all(lan)
    page = lan.page("/toi")
    assert "VNeID thử: 1 trong 4 dấu" in page.text_content()
    assert main_button(page).get("href") == "/vneid/ba-loai-ma/dung"


def test_browsers_do_not_store_my_page(lan: CheckingClient) -> None:
    assert lan.get("/toi").headers["Cache-Control"] == "no-store"


@pytest.mark.slow
def test_the_learning_code_resumes_on_another_phone(lan: CheckingClient, hoa: CheckingClient) -> None:
    answer_all(lan)
    code = learning_code_on(lan)
    assert re.fullmatch(r"[0-9A-Z]{12}", code)
    response = hoa.post("/toi/vao", data={"ma": f" {code[:3].lower()}-{code[3:6]} {code[6:]}"})
    assert response.status_code == 303
    assert "Đã nhận phần học của bác." in hoa.page(response.location).text_content()
    assert "Đã nhận" not in hoa.page("/").text_content()
    assert "VNeID thử: 1 trong 4 dấu" in hoa.page("/toi").text_content()
    assert learning_code_on(hoa) == code


@pytest.mark.slow
def test_whoever_loses_the_phone_gets_the_badge_back_by_the_learning_code(lan, hoa) -> None:
    badge = claim_badge(lan)
    code = learning_code_on(lan)
    assert badge not in hoa.get("/toi").text
    hoa.post("/toi/vao", data={"ma": code})
    assert badge in hoa.get("/toi").text
    assert main_button(hoa.page("/toi/nhan-huy-hieu/vneid/ba-loai-ma")).get("href") == badge
    assert "Kiểm chứng" not in main_button(hoa.page(badge)).text_content()  # it is their own: the page leads on


def test_the_link_that_the_code_card_names_is_on_the_home_page_of_a_new_phone(lan, hoa) -> None:
    answer_all(lan)
    [named] = re.findall("chạm “([^”]+)”", lan.page("/toi").xpath("//*[@aria-labelledby='ma-hoc']")[0].text_content())
    [way] = [link.get("href") for link in hoa.page("/").xpath("//main//a") if link.text_content().strip() == named]
    assert hoa.page(way).xpath("//form[@id='go-ma']")


def test_the_qr_code_asks_before_it_switches_the_learner(lan: CheckingClient, hoa: CheckingClient) -> None:
    answer_all(lan)
    address = f"/toi/vao/{learning_code_on(lan)}"
    offered = hoa.get(address)
    assert "Set-Cookie" not in offered.headers
    form = html.fromstring(offered.text).find(".//form")
    assert form.get("action") == "/toi/vao"
    hoa.post("/toi/vao", data={field.get("name"): field.get("value") for field in form.xpath(".//input")})
    assert "1 trong 4 dấu" in hoa.page("/toi").text_content()


@pytest.mark.slow
def test_whoever_came_by_a_code_is_not_told_of_a_first_mark(lan: CheckingClient, hoa: CheckingClient) -> None:
    answer_all(lan)
    assert "Bác vừa có dấu đầu tiên" in lan.page(UNDERSTAND_URL).text_content()
    hoa.post("/toi/vao", data={"ma": learning_code_on(lan)})
    assert "Bác vừa có dấu đầu tiên" not in hoa.page(UNDERSTAND_URL).text_content()


def test_an_unknown_code_is_explained_and_stays_in_the_field(lan: CheckingClient) -> None:
    for typed in ("K7M4HT9WQ2XR", "abc", "<script>alert(1)</script>", "x" * 300):
        response = lan.post("/toi/vao", data={"ma": typed})
        assert response.status_code == 422
        assert "Chưa tìm thấy mã" in response.text
        assert "<script>alert" not in response.text
        assert lan.get(f"/toi/vao/{typed.replace('/', '')}").status_code == 200


def test_an_empty_code_is_reported_at_its_field(lan: CheckingClient) -> None:
    for typed in ("", "  "):
        response = lan.post("/toi/vao", data={"ma": typed})
        assert response.status_code == 422
        page = html.fromstring(response.text)
        [field] = page.xpath("//form[@id='go-ma']//input[@name='ma'][@aria-invalid='true'][@autofocus][not(@required)]")
        [said] = page.xpath("//form[@id='go-ma']//*[@role='alert'][@id=$id]", id=field.get("aria-describedby"))
        assert "Bác gõ mã học vào ô này đã nhé" in said.text_content()
        assert "Chưa tìm thấy" not in said.text_content()


def test_a_new_code_invalidates_the_old_one(lan: CheckingClient, hoa: CheckingClient) -> None:
    answer_all(lan)
    old = learning_code_on(lan)
    assert lan.post("/toi/ma-moi").status_code == 303
    assert learning_code_on(lan) != old
    assert hoa.post("/toi/vao", data={"ma": old}).status_code == 422
    assert "Mã này không còn dùng được" in hoa.page(f"/toi/vao/{old}").text_content()


def test_a_name_is_optional_and_greets(lan: CheckingClient) -> None:
    answer_all(lan)
    lan.post("/toi/ten", data={"ten": "  Lan <b>Trần</b> "})
    assert "Chào bác Lan <b>Trần</b>" in lan.page("/").text_content()
    lan.post("/toi/ten", data={"ten": "Bà Tư Lúa"})
    assert lan.page("/").findtext(".//h1") == "Chào Bà Tư Lúa"
    lan.post("/toi/ten", data={"ten": "Má Năm"})
    assert lan.page("/").findtext(".//h1") == "Chào Má Năm"
    lan.post("/toi/ten", data={"ten": ""})
    assert lan.page("/").findtext(".//h1") == "Chào bác"


def test_a_name_that_is_too_long_is_not_saved(lan: CheckingClient) -> None:
    answer_all(lan)
    assert lan.post("/toi/ten", data={"ten": "a" * 61}).status_code == 422


def test_two_people_share_a_phone_and_see_nothing_of_each_other(lan: CheckingClient) -> None:
    answer(lan, "Tổng đài", ["1900-0368"])  # kept as typed, for it is right
    lan.post("/toi/may-chung", data={"nguoi": "moi", "ten": "Lan"})
    assert "1900-0368" not in lan.get(UNDERSTAND_URL).text
    assert "Bác chưa học bài nào" in lan.page("/toi").text_content()
    assert "Không phải bác?" in lan.page("/").text_content()
    answer(lan, "Tổng đài", ["1900.0368"])
    buttons = switch_buttons(lan)
    assert set(buttons) == {"Đổi sang bác Lan", "Thêm người nữa"}
    lan.post("/toi/may-chung", data={"nguoi": buttons["Đổi sang bác Lan"]})
    page = lan.get(UNDERSTAND_URL).text
    assert "1900-0368" in page
    assert "1900.0368" not in page
    assert "Không phải bác Lan?" in lan.page("/").text_content()


@pytest.mark.slow
def test_a_phone_cannot_switch_to_a_learner_who_does_not_share_it(lan: CheckingClient, hoa: CheckingClient) -> None:
    answer_all(lan)
    lan.post("/toi/may-chung", data={"nguoi": "moi"})
    answer_all(lan)
    strange = switch_buttons(lan)["Đổi sang người chưa đặt tên"]
    answer_all(hoa)
    assert hoa.post("/toi/may-chung", data={"nguoi": strange}).status_code == 404


@pytest.mark.slow
def test_deletion_asks_for_confirmation_and_deletes_everything(lan: CheckingClient, hoa: CheckingClient) -> None:
    badge = claim_badge(lan)
    code = learning_code_on(lan)
    asked = lan.post("/toi/quen")
    assert "Bác chắc chắn muốn xóa hết?" in asked.text
    assert lan.get(badge).status_code == 200
    gone = lan.post("/toi/quen", data={"chac": "co"})
    assert "Đã xóa hết" in gone.text
    assert "Bác chưa học bài nào" in lan.page("/toi").text_content()
    assert hoa.post("/toi/vao", data={"ma": code}).status_code == 422
    assert hoa.get(badge).status_code == 410
    assert hoa.get(f"{badge}.json").status_code == 410


def test_an_old_cookie_does_not_restore_a_deleted_learner(lan: CheckingClient, hoa: CheckingClient) -> None:
    answer_all(lan)
    hoa.post("/toi/vao", data={"ma": learning_code_on(lan)})
    lan.post("/toi/quen", data={"chac": "co"})
    assert "Bác chưa học bài nào" in hoa.page("/toi").text_content()
    assert "Đã học ở máy khác?" in hoa.page("/").text_content()
    assert answer(hoa, "Tổng đài", ["1900-0368"]).status_code == 303
    assert "1900-0368" in hoa.get(UNDERSTAND_URL).text
    assert "Có 1" not in hoa.page("/").text_content()


def test_whoever_leaves_a_shared_phone_is_told_where_the_progress_is(lan: CheckingClient) -> None:
    answer_all(lan)
    assert "Phần của bác vẫn còn. Muốn về: chạm “Đổi người” ở trang đầu." in lan.page("/toi").text_content()
    lan.post("/toi/may-chung", data={"nguoi": "moi", "ten": "Sáu"})
    home = lan.page("/")
    first_card = home.xpath("//section[contains(@class, 'home-header-card')]")[0].text_content().strip()
    assert first_card.startswith("Máy này giờ là của người mới. Phần của bác Sáu vẫn còn. Muốn về: chạm “Đổi người”")
    assert "/toi#may-chung" in [link.get("href") for link in home.xpath("//a[contains(., 'Đổi người')]")]
    lan.post("/toi/may-chung", data={"nguoi": switch_buttons(lan)["Đổi sang bác Sáu"]})
    assert "vẫn còn" not in lan.page("/").text_content()


@pytest.mark.slow
def test_a_forgotten_learner_of_a_shared_phone_names_what_the_browser_removes(lan: CheckingClient) -> None:
    answer_all(lan)
    alone = html.fromstring(lan.post("/toi/quen", data={"chac": "co"}).text)
    assert dict(alone.xpath("//clear-learner-storage")[0].attrib) == {}
    answer_all(lan)
    lan.post("/toi/may-chung", data={"nguoi": "moi"})
    answer_all(lan)
    started = lan.post("/vneid/kich-hoat/lam", data={"mode": "tu-lam"}).headers["Location"]
    shared = html.fromstring(lan.post("/toi/quen", data={"chac": "co"}).text)
    (element,) = shared.xpath("//clear-learner-storage")
    assert element.get("data-attempts") == started.rpartition("/")[2]
    assert re.fullmatch("[0-9a-f]{12}", element.get("data-learner"))


@pytest.mark.slow
def test_deleting_one_learner_of_a_shared_phone_keeps_the_others(lan: CheckingClient) -> None:
    answer_all(lan)
    lan.post("/toi/may-chung", data={"nguoi": "moi", "ten": "Lan"})
    answer_all(lan)
    lan.post("/toi/quen", data={"chac": "co"})
    assert "Bác chưa học bài nào" in lan.page("/toi").text_content()
    lan.post("/toi/may-chung", data={"nguoi": switch_buttons(lan)["Đổi sang bác Lan"]})
    assert "1 trong 4 dấu" in lan.page("/toi").text_content()


def test_without_a_learner_her_forms_are_not_found(lan: CheckingClient) -> None:
    for address in ("/toi/ten", "/toi/ma-moi", "/toi/quen"):
        assert lan.post(address).status_code == 404


def test_my_page_links_to_awarded_and_claimable_badges(lan: CheckingClient) -> None:
    earn_all_marks(lan)
    assert "/toi/nhan-huy-hieu/vneid/ba-loai-ma" in lan.page("/toi").xpath("//a/@href")
    badge = lan.post("/toi/nhan-huy-hieu/vneid/ba-loai-ma", data={"ten": ""}).headers["Location"]
    assert badge in lan.page("/toi").xpath("//a/@href")
