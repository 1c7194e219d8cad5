"""The class's practice on a phone: begun with one tap, covered while the class is held, and back to class."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.web.desks import PRACTISED, Desk, found, open_desk
from tests.web.duty import signed_in
from tests.web.phones import JSON, joined, practice_page, words


@pytest.fixture
def practising(app: Flask) -> Desk:
    desk = open_desk(signed_in(app, "Minh"), PRACTISED)
    desk.sends(to="tap")
    return desk


def test_the_practice_begins_with_one_button_and_wears_the_class(app, practising):
    code = found(app, practising).code
    phone = joined(app, code)
    assert "Vào tập" in words(phone, f"/lop/{code}")
    began = phone.post(f"/lop/{code}/tap")
    assert re.fullmatch(r"/toi/luot/[0-9a-f]{32}", began.location)
    again = phone.post(f"/lop/{code}/tap", headers=JSON)
    assert again.get_json() == {"address": began.location}
    page = practice_page(phone, began.location)
    assert "Số 1" in page.xpath("string(//*[@data-inclass])")
    covers = page.xpath("//*[@data-cover]")
    assert all("Số 1" in " ".join(cover.text_content().split()) for cover in covers)
    assert len(covers) == 2
    assert page.xpath("//*[@data-inclass]//a/@href")[0] == f"/lop/{code}?truoc=1"
    assert phone.post(f"/lop/{code}/tay", data={"tay": "len", "ve": began.location}).location == began.location


def test_pause_and_gate_cover_the_phone(app, practising):
    code = found(app, practising).code
    phone = joined(app, code)
    address = phone.post(f"/lop/{code}/tap").location

    def covered() -> list[str]:
        return practice_page(phone, address).xpath("//*[@data-cover][not(@hidden)]/@data-cover")

    assert covered() == []
    practising.sends(paused="true")
    assert covered() == ["pause"]
    practising.sends(paused="false")
    practising.sends(gate="chao")
    assert covered() == ["gate"]
    practising.sends(gate="null")
    assert covered() == []


@pytest.mark.parametrize(
    ("held", "freed"), [({"paused": "true"}, {"paused": "false"}), ({"gate": "chao"}, {"gate": "null"})]
)
def test_a_tap_from_a_page_that_could_not_know_of_the_cover_is_neither_kept_nor_counted(app, practising, held, freed):
    phone = joined(app, found(app, practising).code)
    address = phone.post(f"/lop/{found(app, practising).code}/tap").location
    tap = {"q": "1", "screen": "chao", "tap": "0"}
    practising.sends(**held)
    assert phone.post(address, data=tap).location == address
    assert practice_page(phone, address).xpath("//*[@data-cover][not(@hidden)]")
    practising.sends(**freed)
    assert practice_page(phone, address).xpath("//input[@name='q']/@value") == ["1"]
    phone.post(address, data=tap)
    assert phone.page(f"{address}/ket-qua").xpath("//a[contains(@class, 'button--main')]/@href")


def test_without_a_script_the_cover_looks_by_itself_whether_the_class_goes_on(app, practising):
    phone = joined(app, found(app, practising).code)
    address = phone.post(f"/lop/{found(app, practising).code}/tap").location

    def refreshes() -> list[str]:
        return practice_page(phone, address).xpath("//head/noscript/meta[@http-equiv='refresh']/@content")

    assert refreshes() == []
    practising.sends(paused="true")
    assert refreshes() == [f"6; url={address}"]
    practising.sends(paused="false")
    assert refreshes() == []


def test_a_practice_of_her_own_has_nothing_of_a_class(app):
    phone = app.test_client()
    address = phone.post("/vneid/kich-hoat/lam", data={"mode": "lam-theo"}).location
    page = practice_page(phone, address)
    assert not page.xpath("//*[@data-inclass]")
    assert not page.xpath("//script[contains(@src, 'classroom/')]")


def test_from_the_end_of_her_practice_she_goes_back_to_class(app, practising):
    code = found(app, practising).code
    phone = joined(app, code)
    address = phone.post(f"/lop/{code}/tap").location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})
    page = phone.page(f"{address}/ket-qua")
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == [f"/lop/{code}"]


def test_the_result_says_where_the_class_is_and_nothing_of_a_class_once_it_is_over(app, practising):
    code = found(app, practising).code
    phone = joined(app, code)
    address = phone.post(f"/lop/{code}/tap").location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})
    result = f"{address}/ket-qua"

    def said() -> list[str]:
        shown = phone.page(result).xpath("//*[@data-inclass]//*[@data-where][not(@hidden)]")
        return [" ".join(one.text_content().split()) for one in shown]

    assert said() == ["Cả lớp còn đang tập. Lớp đi tiếp thì máy tự về lớp."]
    practising.sends(paused="true")
    assert said() == ["Mời bác nhìn lên màn chiếu."]
    practising.sends(to="ket")
    assert said() == ["Lớp đã sang phần khác. Mời bác chạm “Về lớp”."]
    page = phone.page(result)
    assert not page.xpath("//*[@data-cover] | //*[@data-back]")
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == [f"/lop/{code}"]
    assert phone.post(f"/lop/{code}/tay", data={"tay": "len", "ve": result}).location == result
    practising.sends(close="true")
    page = phone.page(result)
    assert not page.xpath("//*[@data-inclass] | //script[contains(@src, 'classroom/')]")
    assert page.xpath("//a[contains(@class, 'button--main')]/@href") == [f"/lop/{code}/ket"]


def test_a_practice_that_outlasts_its_class_says_where_the_learning_code_is_and_offers_no_hand(app, practising):
    code = found(app, practising).code
    phone = joined(app, code)
    address = phone.post(f"/lop/{code}/tap").location
    phone.post(f"/lop/{code}/tay", data={"tay": "len", "ve": address})
    practising.sends(close="true")
    [bar] = practice_page(phone, address).xpath("//*[@data-inclass]")
    shown = " ".join(one.text_content() for one in bar.xpath(".//*[@role='status'][not(@hidden)]"))
    assert "Mã học của bác ở “Về lớp”" in shown
    assert "giơ tay" not in shown
    assert not bar.xpath(".//*[@data-hand]")
    back = bar.xpath(".//*[@data-back]/@href")[0]
    assert "mã học" in words(phone, phone.get(back).location).lower()


def test_the_result_of_a_go_of_her_own_has_nothing_of_a_class(app):
    phone = app.test_client()
    address = phone.post("/vneid/kich-hoat/lam", data={"mode": "lam-theo"}).location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})
    page = phone.page(f"{address}/ket-qua")
    assert not page.xpath("//*[@data-inclass] | //script[contains(@src, 'classroom/')]")


def test_who_has_come_to_the_end_is_told_so_and_may_wait_or_go_once_more(app, practising):
    code = found(app, practising).code
    phone = joined(app, code)
    address = phone.post(f"/lop/{code}/tap").location
    phone.post(address, data={"q": "1", "screen": "chao", "tap": "0"})
    told = words(phone, f"/lop/{code}")
    assert "Bác tập xong rồi" in told
    assert "Tập thêm một lượt" in told
    assert "Bác đã tập tới đích" not in told
    assert "bác đã tập tới đích. Tự làm thêm một lượt là có dấu" in words(phone, f"/lop/{code}/ket")
    practising.sends(mode="tu-lam")
    assert "Giờ bác tập trên máy" in words(phone, f"/lop/{code}")
