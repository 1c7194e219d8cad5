"""A practice begun in class, from both sides: the help level that the desk sets, and looking back at a seat."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.web.desks import Desk, found, open_desk
from tests.web.duty import OTHER_WARD, WARD, signed_in
from tests.web.every_screen import write_every_screen
from tests.web.plain_phone import PlainPhone, main_words

LESSON = "thu/moi-thu"
LOOK_BACK = "Xem lại lượt đã tập xong"


@pytest.fixture
def courses(tmp_path):
    return write_every_screen(tmp_path / "courses")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return open_desk(signed_in(app, "Minh"), LESSON)


@pytest.fixture
def lan(app: Flask, desk: Desk) -> PlainPhone:
    """Lan's phone; she sits at number 1."""
    return joined(app, desk)


def joined(app: Flask, desk: Desk) -> PlainPhone:
    phone = PlainPhone(app)
    assert phone.client.post(f"/lop/{found(app, desk).code}", data={"nguoi": "1"}).status_code == 303
    return phone


def practises(app: Flask, desk: Desk, phone: PlainPhone) -> None:
    """The class comes to the practice, and she begins, or goes on, from her class page."""
    desk.sends(to="tap")
    answer = phone.client.post(f"/lop/{found(app, desk).code}/tap")
    assert answer.status_code == 303
    assert phone.opens(answer.location) == 200


def ends(app: Flask, desk: Desk, phone: PlainPhone) -> None:
    practises(app, desk, phone)
    phone.goes_the_expected_way()


def pointed(phone: PlainPhone) -> tuple[int, list[str]]:
    rings = phone.page.xpath("//form[@id='man-hinh']//*[contains(concat(' ', @class, ' '), ' pointed ')]")
    return len(rings), phone.notes()


# --- the help level -----------------------------------------------------------------------------------------------


def test_the_level_that_the_desk_sets_is_how_much_every_phone_points_at(app, desk, lan):
    practises(app, desk, lan)
    lan.goes_the_expected_way(until="co-cuoc-goi-den")
    hint, point = "Cán bộ thật không bao giờ hỏi mã OTP.", "Bác chạm “Không đọc mã và tắt máy”."
    assert pointed(lan) == (1, [point])
    for words, expected in (
        ("Chỉ nói bằng lời", (0, [hint])),
        ("Chỉ nêu việc", (0, [])),
        ("Chỉ rõ chỗ chạm", (1, [point])),
    ):
        level = next(
            one for one in desk.page("/viec").xpath("//form[.//input[@name='level']]") if words in one_line(one)
        )
        sent = {field.get("name"): field.get("value") for field in level.xpath(".//input")}
        assert desk.client.post(level.get("action"), data=sent).status_code == 303
        lan.opens(lan.address)
        assert pointed(lan) == expected


def one_line(element) -> str:
    return " ".join(element.text_content().split())


# --- looking back at a seat ---------------------------------------------------------------------------------------


def test_once_she_is_through_the_seat_leads_to_what_she_did_step_by_step(app, desk, lan):
    practises(app, desk, lan)
    lan.taps("Quảng cáo: nhận quà ngay")
    assert LOOK_BACK not in desk.words("/cho/1")
    lan.goes_the_expected_way()
    (way,) = [link for link in desk.page("/cho/1").xpath("//main//a") if LOOK_BACK in one_line(link)]
    page = desk.client.page(way.get("href"))
    words = one_line(page.find(".//main"))
    assert "Số 1 – mặt trời, lượt 1 trong 1" in words
    assert "Đã chạm “Quảng cáo: nhận quà ngay”." in words
    while "Bước sau" in one_line(page.xpath("//*[contains(@class, 'button--main')]")[0]):
        page = desk.client.page(page.xpath("//*[contains(@class, 'button--main')]/@href")[0])
    assert page.xpath("//*[contains(@class, 'button--main')]/@href") == [f"{desk.base}/cho/1"]


def test_of_what_she_typed_only_its_length_is_told(app, desk, lan):
    practises(app, desk, lan)
    lan.goes_the_expected_way(until="nhap-thong-tin")
    lan.taps("Gửi yêu cầu", f0="079185012345", f1="?10")
    lan.goes_the_expected_way()
    page = desk.client.page(f"{desk.base}/cho/1/xem-lai")
    total = int(re.search(r"bước \d+ trong (\d+)", one_line(page))[1])
    pages = [desk.client.get(f"{desk.base}/cho/1/xem-lai?buoc={number}").text for number in range(1, total + 1)]
    assert not any("079185012345" in text for text in pages)
    assert any("dài 12 ký tự" in text for text in pages)


def test_each_of_her_goes_can_be_looked_at(app, desk, lan):
    ends(app, desk, lan)
    desk.sends(mode="tu-lam")
    ends(app, desk, lan)
    page = desk.client.page(f"{desk.base}/cho/1/xem-lai")
    assert "lượt 2 trong 2" in one_line(page)
    (earlier,) = page.xpath("//a[contains(., 'Xem lượt trước đó')]/@href")
    assert "lượt 1 trong 2" in one_line(desk.client.page(earlier))
    for odd in ("0", "99", "x", "³", "9" * 400):
        assert desk.client.get(f"{desk.base}/cho/1/xem-lai", query_string={"luot": odd}).status_code == 200


def test_a_helper_who_came_by_the_code_sees_it_too(app, desk, lan):
    ends(app, desk, lan)
    invitation = re.search(r"/giup/[\w.-]+", desk.press("Hiện mã cho người phụ", "/viec").text)[0]
    thu = app.test_client()
    thu.post(invitation, data={"ten": "Cô Thu"})
    assert "Số 1 – mặt trời" in one_line(thu.page(f"{desk.base}/cho/1/xem-lai"))
    assert LOOK_BACK in thu.get(f"{desk.base}/cho/1").text


def test_what_she_practises_by_herself_is_nobodys_business(app, desk, lan):
    lan.starts("tu-lam")
    lan.goes_the_expected_way()
    assert LOOK_BACK not in desk.words("/cho/1")
    assert desk.client.get(f"{desk.base}/cho/1/xem-lai").status_code == 404


def test_nobody_else_looks_back(app, desk, lan):
    ends(app, desk, lan)
    address, hers = f"{desk.base}/cho/1/xem-lai", f"{lan.address}/xem-lai"
    assert app.test_client().get(address).location.startswith("/vao")
    for roles, ward in (({"facilitator"}, OTHER_WARD), ({"helper"}, OTHER_WARD), ({"author"}, WARD)):
        other = signed_in(app, "Hoa", roles, ward)
        assert other.get(address).status_code == 403
        assert other.get(hers).status_code == 404
    # At her own address she alone: not the next seat, not even Minh, whose desk has another one.
    hoa = joined(app, desk)
    assert hoa.opens(hers) == 404
    assert hoa.client.get(address).location.startswith("/vao")
    assert desk.client.get(hers).status_code == 404
    assert desk.client.get(f"{desk.base}/cho/2/xem-lai").status_code == 404


def test_it_lasts_as_long_as_the_class(app, desk, lan):
    ends(app, desk, lan)
    desk.sends(close="true")
    answer = desk.client.get(f"{desk.base}/cho/1/xem-lai")
    assert answer.status_code == 409
    assert "lượt" not in answer.text
    assert lan.opens(f"{lan.address}/xem-lai") == 200
    assert main_words(lan) == "Bước sau"


def test_who_asked_to_be_forgotten_is(app, desk, lan):
    ends(app, desk, lan)
    assert lan.client.post("/toi/quen", data={"chac": "co"}).status_code in (200, 303)
    assert LOOK_BACK not in desk.words("/cho/1")
    assert desk.client.get(f"{desk.base}/cho/1/xem-lai").status_code == 404


# --- traps --------------------------------------------------------------------------------------------------------


def test_three_taps_on_a_trap_bring_somebody_to_her_and_the_screen_into_the_report(app, desk, lan):
    practises(app, desk, lan)
    for _ in range(3):
        assert "Chưa ai cần giúp" in desk.words("/giup")
        lan.taps("Quảng cáo: nhận quà ngay")
        assert lan.screen == "man-hinh-chinh"  # in làm theo, the default, a trap explains itself and stays
    assert "Sai 3 lần" in desk.words("/giup")
    desk.sends(close="true")
    said = desk.words("/bao-cao")
    assert "Hay sai nhất ở màn “Màn hình chính”" in said
    assert "3 lần" in said


def test_in_a_test_the_desk_hears_of_traps_and_her_page_does_not(app, desk, lan):
    desk.sends(mode="kiem-tra")
    practises(app, desk, lan)
    for _ in range(3):
        lan.taps("Quảng cáo: nhận quà ngay")
        assert not lan.notes()
        lan.taps("Về màn hình chính")
    assert "Sai 3 lần" in desk.words("/giup")
    assert "Sai" not in lan.words
