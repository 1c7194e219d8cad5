"""Forms of an attempt that come twice, too late, malformed or from elsewhere."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.web.every_screen import LAM


def test_the_same_form_twice_counts_once(lan):
    lan.start()
    first = {**lan.form, "tap": "2"}
    assert lan.send(first) == 303
    after = lan.form
    assert lan.send(first) == 303
    assert lan.form == after


def test_the_form_of_an_earlier_screen_changes_nothing(lan):
    lan.start()
    old = {**lan.form, "tap": "5"}
    lan.tap("Kho ứng dụng")
    assert lan.send(old) == 303
    assert (lan.screen, lan.form["q"]) == ("trang-kho", "2")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"q": "1"},
        {"q": "eins", "screen": "man-hinh-chinh", "tap": "0"},
        {"q": "1", "screen": "khac", "tap": "0"},
        {"q": "1", "screen": "man-hinh-chinh", "tap": "99"},
        {"q": "1", "screen": "man-hinh-chinh", "tap": "-5"},
        {"q": "1", "screen": "man-hinh-chinh", "help": "everything"},
        {"q": "1", "screen": "man-hinh-chinh", "fx": "1", "tap": "0"},
        {"q": "99", "screen": "man-hinh-chinh", "tap": "0"},
        {"q": "1", "screen": "man-hinh-chinh", "wait": "0"},
    ],
)
def test_a_malformed_form_gets_the_current_screen(lan, form):
    lan.start()
    assert lan.send(form) == 303
    assert (lan.screen, lan.form["q"]) == ("man-hinh-chinh", "1")


def offered_help(phone):
    buttons = phone.page.xpath("//button[@data-help][not(@hidden)]")
    return [button.text_content().strip() for button in buttons if "button--offered" in button.get("class")]


@pytest.mark.slow
def test_two_wrong_submits_offer_to_point_beside_the_hint(lan):
    lan.start()
    lan.follow_expected_path(until="nhap-thong-tin")
    for offered in ([], ["Gợi ý", "Chỉ chỗ cần chạm"]):
        lan.tap("Gửi yêu cầu", f0="079123456789")
        assert offered_help(lan) == offered
    assert lan.send({**lan.form, "help": "point"}) == 303
    assert lan.page.xpath("//*[contains(@class, 'pointed')]")


def test_a_test_offers_no_help_after_wrong_submits(lan):
    lan.start("kiem-tra")
    lan.follow_expected_path(until="nhap-thong-tin")
    for _ in range(2):
        lan.tap("Gửi yêu cầu", f0="079123456789")
    assert not lan.page.xpath("//button[@data-help]")


def test_a_wrong_value_is_saved_as_its_length_only(lan, engine):
    lan.start()
    lan.follow_expected_path(until="nhap-thong-tin")
    lan.tap("Gửi yêu cầu", f0="079123456789", f2="Trần Thị Thật", f3="Không có", f1="~ok")
    with engine.connect() as connection:
        stored = json.dumps([str(row[0]) for row in connection.execute(text("SELECT events FROM event_batches"))])
    assert "079123456789" not in stored
    assert "Thật" not in stored
    assert "?12" in stored


def test_another_learners_attempt_is_not_found(lan, hoa):
    lan.start()
    address = lan.address
    hoa.start()
    assert hoa.open(address) == 404
    assert hoa.open(f"{address}/ket-qua") == 404
    assert hoa.client.post(address, data={**lan.form, "tap": "0"}).status_code == 404
    lan.open(address)
    assert lan.form["q"] == "1"


def test_without_a_cookie_an_attempt_is_not_found(lan, hoa):
    lan.start()
    assert hoa.open(lan.address) == 404


def test_a_post_from_another_site_is_refused(lan):
    lan.start()
    response = lan.client.post(lan.address, data={**lan.form, "tap": "0"}, headers={"Origin": "http://ke-gian.example"})
    assert response.status_code == 403
    lan.open(lan.address)
    assert lan.form["q"] == "1"


def test_a_practice_edited_during_an_attempt_has_to_be_started_again(lan, app, courses):
    lan.start()
    (courses / "thu" / "01-moi-thu" / "lam.md").write_text(LAM.replace("Đọc tin rồi", "Bác đọc tin rồi"), "utf-8")
    app.extensions["catalog"].reload()
    lan.open(lan.address)
    assert lan.page.findtext(".//h1") == "Bài tập này vừa được sửa"
    assert lan.main_button_text().startswith("Bắt đầu lượt mới")
